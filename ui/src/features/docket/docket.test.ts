// The docket: what is shown of each seat, and what each act costs before it is pressed.
import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { openWindow } from "../../../tests/window";
import { docketRows } from "../../backend/fake/account";
import { panelSentence, pickFor, sorted } from "./sentences";

const rowOf = (seat: string) => screen.getAllByTestId("docket-row").find((row) => row.dataset.seat === seat)!;

describe("the docket", () => {
  it("says a seat's state in words", async () => {
    await openWindow();
    await screen.findAllByTestId("docket-row");
    expect(rowOf("seat-1")).toHaveTextContent("可离线，已校验");
    expect(rowOf("seat-3")).toHaveTextContent("下载中 63%");
    expect(rowOf("seat-4")).toHaveTextContent("已投票，待上传");
    expect(rowOf("seat-6")).toHaveTextContent("未下载，1.2 MB");
    expect(rowOf("seat-8")).toHaveTextContent("已计票");
    expect(rowOf("seat-1")).toHaveTextContent("聊天 128");
  });

  it("shows the conflict card before a seat is accepted", async () => {
    const { user, calls } = await openWindow();
    await screen.findAllByTestId("docket-row");
    await user.click(screen.getByTestId("accept-seat"));
    const card = await screen.findByTestId("conflict-dialog");
    expect(card).toHaveTextContent("暖冬**旗舰店");
    expect(calls("accept_seat"), "nothing is accepted before the card was answered").toEqual([]);
    await user.click(within(card).getByTestId("conflict-accept"));
    await waitFor(() => expect(calls("accept_seat")).toHaveLength(1));
    expect(calls("accept_seat")[0]![1]).toBe("seat-7");
  });

  it("is read before it is answered by keys: a dialog begins at its words or its first field", async () => {
    const { user, calls } = await openWindow();
    await screen.findAllByTestId("docket-row");
    await user.click(screen.getByTestId("accept-seat"));
    const card = await screen.findByTestId("conflict-dialog");
    expect(within(card).getByRole("heading")).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(calls("accept_seat"), "an Enter too many answers nothing").toEqual([]);
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(calls("accept_seat")).toHaveLength(1));

    await user.click(within(rowOf("seat-5")).getByTestId("row-menu"));
    await user.click(screen.getByTestId("recuse-seat"));
    await screen.findByTestId("leave-confirm");
    expect(document.activeElement).toHaveProperty("type", "radio");
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(calls("recuse_seat"), "without a reason there is nothing to press").toEqual([]);
  });

  it("says what leaving costs, and wants a reason to recuse", async () => {
    const { user, calls } = await openWindow();
    await screen.findAllByTestId("docket-row");
    await user.click(within(rowOf("seat-2")).getByTestId("row-menu"));
    await user.click(screen.getByTestId("return-seat"));
    const cost = await screen.findByTestId("leave-cost");
    expect(cost).toHaveTextContent("额度内不花什么");
    expect(cost).toHaveTextContent("30 天内还可以 4 次，共 5 次");
    await user.click(screen.getByTestId("leave-confirm"));
    await waitFor(() => expect(calls("return_seat")).toHaveLength(1));

    await user.click(within(rowOf("seat-5")).getByTestId("row-menu"));
    await user.click(screen.getByTestId("recuse-seat"));
    expect(await screen.findByTestId("leave-confirm")).toBeDisabled();
    await user.click(screen.getByLabelText("与其中一方交易过"));
    await user.click(screen.getByTestId("leave-confirm"));
    await waitFor(() => expect(calls("recuse_seat")[0]?.slice(1)).toEqual(["seat-5", "traded_with"]));
  });

  it("puts a case off without asking anything of the server", async () => {
    const { user, calls } = await openWindow();
    await screen.findAllByTestId("docket-row");
    await user.keyboard("jl");
    await waitFor(() => expect(calls("put_later")).toEqual([["seat-1", true]]));
    expect(calls("return_seat")).toEqual([]);
  });

  it("makes everything offline at once", async () => {
    const { user, calls } = await openWindow();
    await user.click(await screen.findByTestId("make-all-offline"));
    expect(calls("make_offline")).toEqual([[["seat-6"]]]);
  });

  it.each([
    ["empty", { empty: true }, "现在没有待评案件"],
    [
      "offline and empty",
      { empty: true, connection: "offline" as const },
      "离线中，联网后会再问一次判定中心。",
    ],
    ["failed", { failing: { docket: "internal" } }, "判定中心出了错"],
  ])("has words for the state %s", async (_, options, words) => {
    await openWindow(options);
    expect(await screen.findByText(words)).toBeVisible();
  });

  it("shows the shape of what comes while it is read", async () => {
    await openWindow({ mute: ["docket"] });
    expect(await screen.findByTestId("loading")).toBeInTheDocument();
  });
});

describe("the order of the docket", () => {
  const now = Date.parse("2026-11-21T12:00:00Z");
  it("is by deadline, those put off last", () => {
    const rows = docketRows(now).slice(0, 3);
    rows[0]!.later = true;
    expect(sorted(rows, "deadline").map((row) => row.seat)).toEqual(["seat-2", "seat-3", "seat-1"]);
  });
  it("picks ready cases that fit the time and no more", () => {
    const picked = pickFor(20, docketRows(now));
    expect(picked.map((row) => row.seat)).toEqual(["seat-1", "seat-2", "seat-5"]);
    expect(picked.reduce((sum, row) => sum + row.card.estimated_minutes, 0)).toBeLessThanOrEqual(20);
  });
  it("says the vote system as one sentence", () => {
    expect(panelSentence(docketRows(now)[0]!.card.vote_system)).toBe(
      "31 位评审员，票多的一方胜出，24 小时内",
    );
  });
});
