// What is not as planned has its own words, on its own place: never a bare error, never a false calm.
import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { expectAccessible, go, openRoom, openWindow } from "../../tests/window";
import type { RowState } from "../backend/types";

/** Opens the room of a seat that has come to this state. */
async function roomIn(state: RowState) {
  const opened = await openRoom();
  opened.fake.rows.find((row) => row.seat === "seat-1")!.state = state;
  opened.fake.tell("room");
  return opened;
}

describe("the server is out of reach", () => {
  it("is calm without a network", async () => {
    await openWindow({ connection: "offline" });
    expect(await screen.findByTestId("offline-why")).toHaveTextContent("照常评审，联网后自动上传。");
  });
  it.each([
    ["server_busy", "判定中心忙"],
    ["not_a_judgment_server", "这个地址不是判定中心"],
    ["session_ended", "登录已失效"],
    ["server_keys_changed", "判定中心的密钥变了"],
  ])("says what it is when it is %s", async (code, words) => {
    await openWindow({ connection: "offline", offlineWhy: code });
    const why = await screen.findByTestId("offline-why");
    expect(why).toHaveTextContent(words);
    expect(why, "never just a code").not.toHaveTextContent(code);
  });
});

describe("the clock", () => {
  it("says when this machine's differs from the server's", async () => {
    await openRoom({ skew: -200 });
    expect(screen.getByTestId("skew")).toHaveTextContent("本机时钟快 3 分，倒计时按判定中心");
    await expectAccessible();
  });
  it("says nothing of a few seconds", async () => {
    await openRoom({ skew: 4 });
    expect(screen.queryByTestId("skew")).toBeNull();
  });
});

describe("an end that came first", () => {
  it.each([
    [{ kind: "recorded" }, "recorded", "在您的选票送到之前，本案已经有了结果"],
    [{ kind: "refused", code: "problem_seat_ended" }, "seat_ended", "在您的选票送到之前，这个席位已经结束"],
    [{ kind: "refused", code: "problem_lease_ended" }, "lease_ended", "选票送到时，领取期已过"],
  ] as [RowState, string, string][])("is told kindly: %o", async (state, banner, words) => {
    const { user } = await roomIn(state);
    const told = await waitFor(() => {
      const found = document.querySelector<HTMLElement>(`[data-banner="${banner}"]`);
      expect(found).not.toBeNull();
      return found!;
    });
    expect(told).toHaveTextContent(words);
    await expectAccessible();
    await user.click(within(told).getByRole("button", { name: "去看结果" }));
    expect(await screen.findByTestId("nav-verdicts")).toHaveAttribute("aria-current", "page");
  });

  it("says in the docket how a seat ended", async () => {
    const { fake } = await openWindow();
    await screen.findAllByTestId("docket-row");
    const row = fake.rows.find((one) => one.seat === "seat-2")!;
    row.state = { kind: "ended" };
    row.server_state = "closed_early";
    fake.tell("docket");
    await waitFor(() => expect(screen.getByText("已提前结案")).toBeVisible());
  });
});

describe("a refusal", () => {
  it("is told with its reason, and leads to where it is settled", async () => {
    const { user } = await roomIn({ kind: "refused", code: "problem_invalid_ballot" });
    const told = await waitFor(() => screen.getByText(/选票与案件要求不符/).closest<HTMLElement>(".banner")!);
    await user.click(within(told).getByRole("button", { name: "到“待上传”处理" }));
    await screen.findAllByTestId("outbox-row");
  });

  it("leads to the standing when that is frozen", async () => {
    const { user } = await roomIn({ kind: "refused", code: "problem_frozen" });
    await user.click(await screen.findByRole("button", { name: "去看评审资格" }));
    await screen.findByTestId("standing");
  });
});

describe("a frozen standing", () => {
  it("is told on every screen, with what stays open", async () => {
    const opened = await openWindow();
    opened.fake.account.standing.state = "frozen";
    opened.fake.tell("app");
    const banner = await screen.findByTestId("standing-banner");
    expect(banner).toHaveTextContent("学习、导出、捐赠照常");
    await go(opened, "charity");
    expect(screen.getByTestId("standing-banner")).toBeVisible();
    await expectAccessible();
    await opened.user.click(within(screen.getByTestId("standing-banner")).getByRole("button"));
    await screen.findByTestId("standing");
  });
});

describe("material that changed since it was read", () => {
  it("is told with the rule's versions, and sealing asks first", async () => {
    const { user, fake, calls } = await openRoom();
    fake.change = { from_version: 1, to_version: 2, rule: { from: "2025-03", to: "2026-01" } };
    fake.tell("room");
    const told = await screen.findByText(/材料从第 1 版换成了第 2 版/);
    expect(told).toHaveTextContent("适用的规则也换了版本：2025-03 → 2026-01");
    await user.click(screen.getAllByTestId("option")[0]!);
    await user.click(screen.getByTestId("seal"));
    expect(calls("seal_ballot"), "nothing is sealed before it was asked").toEqual([]);
    const dialog = await screen.findByRole("dialog");
    expect(dialog).toHaveTextContent("您的草稿写在旧的一版上");
    await expectAccessible();
    await user.click(within(dialog).getAllByRole("button").at(-1)!);
    await waitFor(() => expect(calls("seal_ballot")[0]?.[3], "with the reviewer's word").toBe(true));
  });

  it("is told with the refusal that it caused, and leads to the newer version", async () => {
    const refused: RowState = { kind: "refused", code: "problem_pack_changed" };
    const { user, fake, calls } = await roomIn(refused);
    const banner = () => screen.getByText(/材料有了新版/).closest<HTMLElement>(".banner")!;
    fake.change = { from_version: 1, to_version: 2, rule: null };
    fake.tell("room");
    await waitFor(() => expect(banner()).toHaveTextContent("材料从第 1 版换成了第 2 版"));
    fake.newerPack = true;
    fake.tell("room");
    await user.click(await screen.findByRole("button", { name: "先看新版" }));
    expect(calls("make_offline")).toHaveLength(1);
  });
});
