// A session that keeps nothing: it is offered, it says so everywhere, acts need the server's word, and
// it can be kept after all or ended.
import { screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { expectAccessible, go, openRoom, openWindow } from "../../../tests/window";

const none = { keyring: false, passphrase: false };
const offered = {
  kind: "locked" as const,
  reason: "keyring_unavailable" as const,
  passphrase: false,
  may_keep_nothing: true,
};
const unkept = { keepsNothing: true, slots: none };

afterEach(() => vi.restoreAllMocks());

describe.each(["zh-Hans", "en"] as const)("in %s", (language) => {
  const settings = { language };
  it("is offered beside the first passphrase, with what it means", async () => {
    document.documentElement.lang = language;
    const { user, calls } = await openWindow({ stage: offered, slots: none, settings });
    const offer = await screen.findByTestId("keep-nothing");
    expect(screen.getByTestId("begin-with-passphrase")).toBeVisible();
    await expectAccessible();
    await user.click(within(offer).getByRole("button"));
    expect(calls("keep_nothing")).toEqual([[]]);
    expect(await screen.findByTestId("unkept")).toBeVisible();
    expect(screen.queryByTestId("recovery"), "there is nothing to recover").toBeNull();
    await expectAccessible();
  });
  it.each(["docket", "outbox", "charity", "standing", "settings"])("says so above %s", async (place) => {
    const opened = await openWindow({ ...unkept, settings });
    await go(opened, place);
    await waitFor(() => expect(screen.queryByTestId("loading")).toBeNull());
    expect(screen.getByTestId("unkept")).toBeVisible();
    await expectAccessible();
  });
  it("says what its dialogs do", async () => {
    const { user } = await openWindow({ ...unkept, settings });
    await user.click(await screen.findByTestId("unkept-keep"));
    await screen.findByTestId("keep-dialog");
    await expectAccessible();
    await user.keyboard("{Escape}");
    await user.click(screen.getByTestId("unkept-end"));
    await screen.findByTestId("end-dialog");
    await expectAccessible();
  });
});

it("is not offered where the program does not say so", async () => {
  await openWindow({ stage: { ...offered, may_keep_nothing: false }, slots: none });
  await screen.findByTestId("begin-with-passphrase");
  expect(screen.queryByTestId("keep-nothing")).toBeNull();
});

it("has no lock, no recovery passphrase and no keyring in the settings", async () => {
  const opened = await openWindow(unkept);
  await go(opened, "settings");
  expect(await screen.findByTestId("lock-after")).toBeEnabled();
  for (const id of ["lock-now", "passphrase", "keep-in-keyring"])
    expect(screen.queryByTestId(id), id).toBeNull();
});

it("is kept by a passphrase, and says nothing more then", async () => {
  const { user, calls } = await openWindow(unkept);
  await user.click(await screen.findByTestId("unkept-keep"));
  await user.type(screen.getByLabelText("新口令"), "a good passphrase");
  await user.type(screen.getByLabelText("再输一次"), "a good passphrase{Enter}");
  await waitFor(() => expect(screen.queryByTestId("unkept")).toBeNull());
  expect(calls("set_passphrase")).toEqual([["a good passphrase", null]]);
  expect(screen.queryByTestId("keep-dialog")).toBeNull();
});

it("asks before it ends, and says what may be lost from sight", async () => {
  const { user, calls } = await openWindow(unkept);
  await user.click(await screen.findByTestId("unkept-end"));
  expect(screen.getByTestId("end-dialog")).toHaveTextContent("1 项没有等到判定中心的确认");
  await user.click(screen.getByTestId("end-session"));
  expect(calls("lock_now")).toEqual([[]]);
  expect(await screen.findByTestId("locked")).toHaveAttribute("data-reason", "session_over");
  expect(screen.getByTestId("keep-nothing")).toBeVisible();
});

it("warns before it is closed with an act that has no acknowledgement", async () => {
  const { fake, user, calls } = await openWindow(unkept);
  await screen.findByTestId("unkept");
  fake.close(1);
  const dialog = await screen.findByTestId("quit-dialog");
  expect(dialog).toHaveTextContent("可能已经收到，也可能没有");
  await expectAccessible();
  await user.click(screen.getByTestId("quit-send"));
  expect(calls("quit")).toEqual([[true]]);
});

it("warns in the last minute before it ends by itself, until somebody moves", async () => {
  const { user } = await openWindow({ ...unkept, settings: { lock_after_minutes: 15 } });
  const strip = await screen.findByTestId("unkept");
  expect(strip).toHaveTextContent("本机不保存任何内容");
  const now = Date.now();
  vi.spyOn(Date, "now").mockImplementation(() => now + 14.5 * 60_000);
  await waitFor(() => expect(strip).toHaveTextContent("没有人在用吗"), { timeout: 3000 });
  await expectAccessible();
  await user.keyboard("j");
  await waitFor(() => expect(strip).toHaveTextContent("本机不保存任何内容"), { timeout: 3000 });
});

describe("a ballot", () => {
  it("is not sealed without the server; the draft stays, and trying again is another act", async () => {
    const { user, calls, fake } = await openRoom({ ...unkept, failing: { seal_ballot: "server_needed" } });
    await user.click(screen.getAllByTestId("option")[0]!);
    await user.click(screen.getByTestId("seal"));
    expect(await screen.findByText(/现在要连上判定中心才行/)).toBeVisible();
    await waitFor(() => expect(screen.getByTestId("seal")).toBeEnabled());
    expect(screen.getAllByTestId("option")[0]).toHaveAttribute("aria-checked", "true");
    fake.options.failing = {};
    await user.click(screen.getByTestId("seal"));
    await waitFor(() => expect(screen.getByTestId("seal-bar")).toHaveAttribute("data-final", "true"));
    const [first, second] = calls("seal_ballot");
    expect(first![0], "what was taken back is over").not.toBe(second![0]);
  });
  it("keeps its id where the server may have it", async () => {
    const { user, calls, fake } = await openRoom({ ...unkept, failing: { seal_ballot: "answer_awaited" } });
    await user.click(screen.getAllByTestId("option")[0]!);
    await user.click(screen.getByTestId("seal"));
    expect(await screen.findByText(/还没有等到判定中心的确认/)).toBeVisible();
    await waitFor(() => expect(screen.getByTestId("seal")).toBeEnabled());
    fake.options.failing = {};
    await user.click(screen.getByTestId("seal"));
    await screen.findByTestId("seal-bar");
    const [first, second] = calls("seal_ballot");
    expect(first![0], "the same act").toBe(second![0]);
  });
  it("is not changed while the server's word is waited for", async () => {
    const { user } = await openRoom({ ...unkept, mute: ["seal_ballot"] });
    await user.click(screen.getAllByTestId("option")[0]!);
    await user.click(screen.getByTestId("seal"));
    expect(await screen.findByTestId("sealing")).toHaveTextContent("等它确认");
    expect(screen.getAllByTestId("option")[1]).toBeDisabled();
    expect(screen.queryByTestId("seal-bar")).toBeNull();
    await expectAccessible();
  });
});
