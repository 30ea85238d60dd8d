// Every lock: what it says, and every way out of it; the offer of a recovery passphrase; the watch over
// a window before which nobody sits.
import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import type { LockReason } from "../../backend/types";
import { expectAccessible, go, openWindow } from "../../../tests/window";
import { waysOut } from "./waysOut";

const locked = (reason: LockReason, passphrase: boolean, may_keep_nothing = false) => ({
  kind: "locked" as const,
  reason,
  passphrase,
  may_keep_nothing,
});
const none = { keyring: false, passphrase: false };
const keyring = { keyring: true, passphrase: false };
const both = { keyring: true, passphrase: true };

describe("the ways out of a lock", () => {
  it("are the passphrase alone when it was locked on purpose or by itself", () => {
    for (const reason of ["by_reviewer", "idle"] as const)
      expect(waysOut(reason, true, both, false)).toEqual({
        passphrase: true,
        keyring: null,
        begin: false,
        keepNothing: false,
        lost: false,
      });
  });
  it("begin with a first passphrase only where there is nothing yet", () => {
    for (const reason of ["keyring_locked", "keyring_unavailable", "key_missing", "wrong_key"] as const) {
      expect(waysOut(reason, false, none, false).begin, reason).toBe(true);
      expect(waysOut(reason, false, keyring, false).begin, reason).toBe(false);
      expect(waysOut(reason, false, keyring, false).lost, reason).toBe(true);
    }
    for (const reason of ["damaged_header", "damaged_store", "newer_store", "store_failed"] as const)
      expect(waysOut(reason, false, none, false).begin, reason).toBe(false);
  });
  it("never is a passphrase where the data is of a newer program", () => {
    expect(waysOut("newer_store", true, both, false)).toMatchObject({ passphrase: false, keyring: "retry" });
  });
});

describe.each(["zh-Hans", "en"] as const)("the lock in %s", (language) => {
  it.each([
    ["idle", both],
    ["keyring_locked", both],
    ["keyring_unavailable", none],
    ["key_missing", keyring],
    ["wrong_key", both],
    ["damaged_header", both],
    ["newer_store", both],
    ["store_failed", both],
  ] as const)("says why and what can be done: %s", async (reason, slots) => {
    document.documentElement.lang = language;
    await openWindow({ stage: locked(reason, slots.passphrase), slots, settings: { language } });
    const card = await screen.findByTestId("locked");
    const ways = waysOut(reason, slots.passphrase, slots, false);
    expect(within(card).queryByTestId("unlock-passphrase") !== null).toBe(ways.passphrase);
    expect(within(card).queryByTestId("unlock-keyring") !== null).toBe(ways.keyring !== null);
    expect(within(card).queryByTestId("begin-with-passphrase") !== null).toBe(ways.begin);
    expect(within(card).queryByTestId("no-passphrase") !== null).toBe(ways.lost);
    expect(card).toHaveTextContent("/home/reviewer/.local/share/pingli");
    await expectAccessible();
  });
});

describe("the lock", () => {
  it("puts the cursor into the passphrase", async () => {
    await openWindow({ stage: locked("idle", true), slots: both });
    await waitFor(() => expect(screen.getByTestId("unlock-passphrase")).toHaveFocus());
  });
  it("asks the keyring again, and says when that did not help", async () => {
    const { user, fake, calls } = await openWindow({
      stage: locked("keyring_locked", true),
      slots: both,
      failing: { unlock: "keyring_locked" },
    });
    await user.click(await screen.findByTestId("unlock-keyring"));
    await waitFor(() => expect(calls("unlock")).toEqual([[null]]));
    expect(await screen.findByText(/系统钥匙串还锁着：/)).toBeVisible();
    fake.options.failing = {};
    await user.click(screen.getByTestId("unlock-keyring"));
    await screen.findAllByTestId("docket-row");
  });
  it("begins with a passphrase where there is no keyring, written twice", async () => {
    const { user, calls } = await openWindow({ stage: locked("keyring_unavailable", false), slots: none });
    const begin = await screen.findByTestId("begin-with-passphrase");
    await user.type(within(begin).getByLabelText("新口令"), "a good passphrase");
    await user.type(within(begin).getByLabelText("再输一次"), "a good passphrasé");
    expect(within(begin).getByRole("button")).toBeDisabled();
    await user.type(within(begin).getByLabelText("再输一次"), "{Backspace}e");
    await user.click(within(begin).getByRole("button"));
    expect(calls("unlock")).toEqual([["a good passphrase"]]);
    await screen.findAllByTestId("docket-row");
  });
  it("shows nothing of what was open before", async () => {
    const opened = await openWindow({ slots: both, failing: { sync_now: "offline" } });
    await screen.findAllByTestId("docket-row");
    await opened.user.keyboard("{F5}");
    await screen.findByText(/连不上判定中心/);
    opened.fake.lock("idle");
    await screen.findByTestId("locked");
    expect(screen.queryByTestId("docket-row")).toBeNull();
    expect(screen.queryByText(/连不上判定中心/)).toBeNull();
  });
});

describe("a program that waits for its key", () => {
  it("says so after a moment, and asks again", async () => {
    const { calls, fake } = await openWindow({ stage: { kind: "opening" } });
    expect(await screen.findByTestId("opening")).toHaveTextContent("钥匙串");
    await expectAccessible();
    fake.stage = { kind: "ready" };
    await screen.findAllByTestId("docket-row", {}, { timeout: 4000 });
    expect(calls("app_status").length).toBeGreaterThan(1);
  });
});

describe("the recovery passphrase", () => {
  it("is offered before anything is kept, and skipping says what it may cost", async () => {
    const { user, calls } = await openWindow({ stage: { kind: "signed_out" } });
    await user.click(await screen.findByTestId("recovery-skip"));
    expect(screen.getByTestId("recovery")).toHaveTextContent("还没上传的选票就再也打不开");
    await expectAccessible();
    await user.click(within(screen.getByTestId("recovery")).getByRole("button"));
    await user.type(screen.getByLabelText("新口令"), "a good passphrase");
    await user.type(screen.getByLabelText("再输一次"), "a good passphrase{Enter}");
    await waitFor(() => expect(screen.getByTestId("recovery")).toHaveAttribute("data-step", "set"));
    expect(calls("set_passphrase")).toEqual([["a good passphrase", null]]);
  });
});

describe("locking", () => {
  it("asks for a passphrase first where there is none", async () => {
    const opened = await openWindow();
    await go(opened, "settings");
    expect(await screen.findByTestId("lock-after")).toBeDisabled();
    await opened.user.click(screen.getByTestId("lock-now"));
    expect(opened.calls("lock_now")).toEqual([]);
    await opened.user.type(await screen.findByLabelText("新口令"), "a good passphrase");
    await opened.user.type(screen.getByLabelText("再输一次"), "a good passphrase{Enter}");
    await waitFor(() => expect(screen.getByTestId("lock-after")).toBeEnabled());
    await opened.user.click(screen.getByTestId("keep-in-keyring"));
    expect(opened.calls("keep_in_keyring")).toEqual([[]]);
    await opened.user.click(screen.getByTestId("lock-now"));
    expect(await screen.findByTestId("locked")).toHaveAttribute("data-reason", "by_reviewer");
  });
  it("hears that the reviewer is here, now and then and only where it would lock", async () => {
    const idle = await openWindow();
    await screen.findAllByTestId("docket-row");
    await idle.user.keyboard("jjj");
    expect(idle.calls("still_here")).toEqual([]);
  });
  it("is told once in a while, not at every key", async () => {
    const { user, calls, fake } = await openWindow({ slots: both, settings: { lock_after_minutes: 5 } });
    await screen.findAllByTestId("docket-row");
    await user.keyboard("jjjkkk");
    expect(calls("still_here")).toHaveLength(1);
    const now = Date.now();
    vi.spyOn(Date, "now").mockReturnValue(now + 11_000);
    await user.keyboard("j");
    expect(calls("still_here")).toHaveLength(2);
    vi.restoreAllMocks();
    fake.lock("idle");
    await screen.findByTestId("locked");
    await user.keyboard("j");
    expect(calls("still_here")).toHaveLength(2);
  });
});
