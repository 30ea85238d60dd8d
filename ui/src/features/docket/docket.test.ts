// The docket: what is shown of each seat, and what each act costs before it is pressed.
import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { go, openRoom, openWindow } from "../../../tests/window";
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

describe("keys act on the case under the focus", () => {
  it("whatever came in above it", async () => {
    const { user, calls, fake } = await openWindow();
    await screen.findAllByTestId("docket-row");
    await user.keyboard("j");
    expect(rowOf("seat-1")).toHaveFocus();
    const at = fake.rows.findIndex((row) => row.seat === "seat-1");
    const urgent = {
      ...structuredClone(fake.rows[at]!),
      seat: "seat-new",
      lease_end: fake.rows[at]!.lease_end,
    };
    fake.rows.unshift({ ...urgent, lease_end: "2020-01-01T00:00:00Z" });
    fake.tell("docket");
    await waitFor(() => expect(rowOf("seat-new")).toBeInTheDocument());
    expect(rowOf("seat-1")).toHaveFocus();
    await user.keyboard("l{Control>}n{/Control}");
    expect(calls("put_later")).toEqual([["seat-1", true]]);
    expect(calls("open_second")).toEqual([["seat-1"]]);
    await user.keyboard("{Enter}");
    expect(await screen.findByTestId("room")).toHaveAttribute("data-seat", "seat-1");
  });

  it("and a seat that is taken stays where it was, though its deadline is another now", async () => {
    const { user, fake } = await openWindow();
    await screen.findAllByTestId("docket-row");
    const order = () => screen.getAllByTestId("docket-row").map((row) => row.dataset.seat);
    const before = order();
    await user.keyboard("{Home}{Enter}");
    await screen.findByTestId("conflict-accept");
    await user.keyboard("{Control>}{Enter}{/Control}");
    const row = fake.rows.find(({ seat }) => seat === before[0])!;
    row.lease_end = "2099-01-01T00:00:00Z";
    fake.tell("docket");
    const deadline = () => rowOf(before[0]!).querySelector("time");
    await waitFor(() => expect(deadline()).toHaveAttribute("datetime", row.lease_end));
    expect(order()).toEqual(before);
  });

  it("and on the first that was shown until another is chosen, or on its neighbour once it is gone", async () => {
    const { user, calls, fake } = await openWindow();
    const first = (await screen.findAllByTestId("docket-row"))[0]!.dataset.seat!;
    fake.rows.unshift({
      ...structuredClone(fake.rows[0]!),
      seat: "seat-new",
      lease_end: "2020-01-01T00:00:00Z",
    });
    fake.tell("docket");
    await waitFor(() => expect(rowOf("seat-new")).toBeInTheDocument());
    await user.keyboard("l");
    expect(calls("put_later"), "what was shown as the current one").toEqual([[first, true]]);
    const all = screen.getAllByTestId("docket-row").map((row) => row.dataset.seat!);
    const after = all[all.indexOf(first) + 1] ?? all.at(-2)!;
    fake.rows = fake.rows.filter((row) => row.seat !== first);
    fake.tell("docket");
    await waitFor(() => expect(screen.queryAllByTestId("docket-row")).toHaveLength(all.length - 1));
    expect(rowOf(after), "the one that took its place").toHaveAttribute("tabindex", "0");
  });

  it("in the verdicts as well", async () => {
    const opened = await openWindow();
    await go(opened, "verdicts");
    const rows = () => screen.getAllByTestId("verdict-row");
    await screen.findAllByTestId("verdict-row");
    await opened.user.keyboard("j");
    const [, second, third] = rows().map((row) => row.dataset.case);
    expect(document.activeElement).toHaveAttribute("data-case", second);
    const { fake } = opened;
    const verdicts = fake.verdicts;
    fake.verdicts = async () => {
      const view = await verdicts();
      const above = structuredClone(view.rows[0]!);
      above.verdict.case = "case-above";
      return { ...view, rows: [above, ...view.rows] };
    };
    fake.tell("verdicts");
    await waitFor(() => expect(rows()[0]).toHaveAttribute("data-case", "case-above"));
    await opened.user.keyboard("j");
    expect(document.activeElement, "the next after the one that has the focus").toHaveAttribute(
      "data-case",
      third,
    );
  });
});

describe("an answer that comes late", () => {
  it("leads nobody out of another case", async () => {
    const { user, fake } = await openRoom({ keepsNothing: true });
    const letGo = fake.delay("return_seat");
    await user.click(screen.getByTestId("leave-case"));
    await user.click(await screen.findByRole("menuitem", { name: "放弃本案…" }));
    await user.click(await screen.findByTestId("leave-confirm"));
    screen.getByTestId("leave-dialog").dispatchEvent(new Event("cancel", { cancelable: true }));
    await waitFor(() => expect(screen.queryByTestId("leave-dialog")).toBeNull());
    fake.navigate({ place: { at: "room", seat: "seat-2" }, code: null });
    await waitFor(() => expect(screen.getByTestId("room")).toHaveAttribute("data-seat", "seat-2"));
    letGo();
    await waitFor(() => expect(fake.rows.find((row) => row.seat === "seat-1")?.state.kind).toBe("leaving"));
    await new Promise((done) => setTimeout(done));
    expect(screen.getByTestId("room"), "still where the reviewer went").toHaveAttribute(
      "data-seat",
      "seat-2",
    );
  });

  it("closes no dialog about another seat", async () => {
    const { user, fake } = await openWindow();
    await screen.findAllByTestId("docket-row");
    const letGo = fake.delay("return_seat");
    const ask = async (seat: string) => {
      await user.click(within(rowOf(seat)).getByTestId("row-menu"));
      await user.click(await screen.findByTestId("return-seat"));
      return screen.findByTestId("leave-dialog");
    };
    const first = await ask("seat-2");
    await user.click(screen.getByTestId("leave-confirm"));
    first.dispatchEvent(new Event("cancel", { cancelable: true }));
    await waitFor(() => expect(screen.queryByTestId("leave-dialog")).toBeNull());
    await ask("seat-5");
    letGo();
    await waitFor(() => expect(rowOf("seat-2")).toHaveAttribute("data-state", "leaving"));
    await new Promise((done) => setTimeout(done));
    expect(screen.getByTestId("leave-dialog")).toBeVisible();
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
