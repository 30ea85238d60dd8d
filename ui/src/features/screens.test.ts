// Every screen renders in every state it can be in, without a violation.
import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { LockReason } from "../backend/types";
import { expectAccessible, go, openRoom, openWindow } from "../../tests/window";

const reasons: LockReason[] = [
  "by_reviewer",
  "idle",
  "keyring_locked",
  "keyring_unavailable",
  "key_missing",
  "wrong_key",
  "damaged_header",
  "damaged_store",
  "session_over",
  "store_failed",
];

describe("sign-in", () => {
  it("offers the demo server that answers, and shows the page to open by hand", async () => {
    const { user, calls } = await openWindow({ stage: { kind: "signed_out" } });
    const server = await screen.findByTestId<HTMLInputElement>("sign-in-server");
    await waitFor(() => expect(server.value).toBe("http://127.0.0.1:7420"));
    await expectAccessible();
    await user.click(screen.getByTestId("sign-in-button"));
    expect(await screen.findByTestId("signing-in")).toHaveTextContent("http://127.0.0.1:7420/authorize");
    expect(calls("sign_in")).toEqual([["http://127.0.0.1:7420"]]);
    await user.click(screen.getByTestId("cancel-sign-in"));
    await screen.findByTestId("sign-in-button");
  });

  it("asks for an address it can use", async () => {
    const { user, calls } = await openWindow({ stage: { kind: "signed_out" } });
    const server = await screen.findByTestId("sign-in-server");
    await user.clear(server);
    await user.type(server, "example");
    await user.click(screen.getByTestId("sign-in-button"));
    expect(screen.getByText(/请填写以 http/)).toBeVisible();
    expect(calls("sign_in")).toEqual([]);
  });

  it("keeps the material readable when the session has ended", async () => {
    await openWindow({ stage: { kind: "sign_in_again" } });
    expect(await screen.findByText(/登录已失效。本机上的内容照样可看/)).toBeVisible();
    await screen.findAllByTestId("docket-row");
  });
});

describe("a damaged database", () => {
  const recovery = {
    at: "2026-11-26T05:00:00Z",
    intents_saved: 12,
    intents_asked: 1,
    drafts_saved: 3,
    pages_lost: 2,
    place: "/home/reviewer/.local/share/pingli/quarantine/1",
  };

  it.each(["zh-Hans", "en"] as const)(
    "is told in %s until it was read, and its files can be taken",
    async (language) => {
      const { user, calls } = await openWindow({ recovery, settings: { language } });
      const told = await screen.findByTestId("recovered");
      for (const number of ["12", "3", "2", "1"]) expect(told).toHaveTextContent(number);
      await expectAccessible();
      const [toOutbox, take, read] = within(told).getAllByRole("button");
      await user.click(take!);
      expect(await screen.findByText("/home/reviewer/pingli-set-aside")).toBeVisible();
      await user.click(toOutbox!);
      await user.click(read!);
      await waitFor(() => expect(screen.queryByTestId("recovered")).toBeNull());
      expect(calls("dismiss_recovery")).toEqual([[]]);
    },
  );
});

describe("the lock", () => {
  it.each(reasons)("has its own words and a way out for %s", async (reason) => {
    const { user } = await openWindow({
      stage: { kind: "locked", reason, passphrase: true, may_keep_nothing: false },
    });
    const locked = await screen.findByTestId("locked");
    expect(locked).toHaveAttribute("data-reason", reason);
    expect(within(locked).getByRole("heading")).not.toBeEmptyDOMElement();
    await expectAccessible();
    await user.type(screen.getByTestId("unlock-passphrase"), "wrong{Enter}");
    expect(await screen.findByText(/口令不对/)).toBeVisible();
    await user.type(screen.getByTestId("unlock-passphrase"), "correct horse{Enter}");
    await screen.findAllByTestId("docket-row");
  });
});

describe.each(["zh-Hans", "en"] as const)("screens in %s", (language) => {
  const settings = { language };
  it.each(["docket", "outbox", "verdicts", "charity", "standing", "settings"])(
    "%s has no violation, full and empty",
    async (place) => {
      const opened = await openWindow({ settings });
      await screen.findAllByTestId("docket-row");
      await go(opened, place);
      await waitFor(() => expect(screen.queryByTestId("loading")).toBeNull());
      await waitFor(() => expect(document.documentElement.lang).toBe(language));
      await expectAccessible();
    },
  );
  it.each(["outbox", "verdicts", "charity"])("%s is calm when it is empty", async (place) => {
    const opened = await openWindow({ settings, empty: true });
    await go(opened, place);
    await waitFor(() => expect(screen.queryByTestId("loading")).toBeNull());
    await expectAccessible();
  });
  it.each(["outbox", "verdicts", "points", "standing"])(
    "a failure of %s is said in words, with a way to try again",
    async (verb) => {
      const place = verb === "points" ? "charity" : verb;
      const opened = await openWindow({ settings, failing: { [verb]: "internal" } });
      await go(opened, place);
      const notice = await screen.findByTestId("notice");
      expect(notice).toHaveAttribute("data-code", "internal");
      opened.fake.options.failing = {};
      await opened.user.click(within(notice).getByRole("button"));
      await waitFor(() => expect(screen.queryByTestId("notice")).toBeNull());
    },
  );
  it("every viewer of the room has no violation", async () => {
    const { user } = await openRoom({ settings });
    for (const tab of ["timeline", "photos", "order", "rules", "chat"]) {
      await user.click(screen.getByTestId(`tab-${tab}`));
      await waitFor(() => expect(screen.queryByTestId("loading")).toBeNull());
      await expectAccessible();
    }
  });
});

describe("the outbox", () => {
  it("says what became of each act, and what can be done", async () => {
    const opened = await openWindow();
    await go(opened, "outbox");
    const rows = await screen.findAllByTestId("outbox-row");
    expect(rows.map((row) => row.dataset.state)).toEqual(["waiting", "parked"]);
    expect(rows[1]).toHaveTextContent("积分数不合项目的要求");
    await opened.user.click(within(rows[1]!).getByRole("button", { name: "丢弃…" }));
    await opened.user.click(await screen.findByRole("button", { name: "丢弃" }));
    await waitFor(() => expect(opened.calls("drop_intent")).toEqual([["gift-1"]]));
  });
});

describe("verdicts", () => {
  it("show counts, both sorts of opinion, the own ballot and its receipt", async () => {
    const opened = await openWindow();
    await go(opened, "verdicts");
    await opened.user.click((await screen.findAllByTestId("verdict-row"))[0]!);
    expect(await screen.findByTestId("verdict-counts")).toHaveTextContent("18 票");
    expect(screen.getByText("多数意见")).toBeVisible();
    expect(screen.getByText("少数意见")).toBeVisible();
    expect(screen.getByText("与最终结果一致")).toBeVisible();
    await opened.user.click(screen.getByTestId("receipt-open"));
    expect(await screen.findByTestId("receipt")).toHaveTextContent("已计票");
  });
});

describe("the frame", () => {
  it("says when it is offline, calmly", async () => {
    const { fake } = await openWindow();
    await screen.findAllByTestId("docket-row");
    fake.setConnection("offline");
    await waitFor(() =>
      expect(screen.getByTestId("connection")).toHaveAttribute("data-connection", "offline"),
    );
    expect(screen.getByText("照常评审，联网后自动上传。")).toBeVisible();
  });
  it.each([
    ["server_down", "server_down", "判定中心没有应答", "恢复后自动上传"],
    ["portal", "captive_portal", "网络要先登录", "请在浏览器里登录这个网络"],
    ["untrusted", "certificate_expired", "连接不可信", "先看看本机时钟对不对"],
  ] as const)("says what is in the way: %s", async (connection, error, state, note) => {
    await openWindow({ connection, offlineWhy: error });
    await screen.findAllByTestId("docket-row");
    expect(screen.getByTestId("connection")).toHaveTextContent(state);
    expect(screen.getByTestId("offline-why")).toHaveTextContent(note);
  });
  it("asks before it quits while acts wait", async () => {
    const { fake, user, calls } = await openWindow();
    await screen.findAllByTestId("docket-row");
    fake.close(2);
    await user.click(await screen.findByTestId("quit-send"));
    expect(calls("quit")).toEqual([[true]]);
  });
  it("changes language, theme and text size as they are chosen", async () => {
    const opened = await openWindow();
    await go(opened, "settings");
    await opened.user.selectOptions(await screen.findByTestId("language"), "en");
    expect(await screen.findByRole("heading", { name: "Settings" })).toBeVisible();
    await opened.user.selectOptions(screen.getByTestId("theme"), "dark");
    expect(document.documentElement.dataset.theme).toBe("dark");
    await opened.user.selectOptions(screen.getByTestId("text-size"), "200");
    expect(document.documentElement.style.fontSize).toBe("32px");
  });
});
