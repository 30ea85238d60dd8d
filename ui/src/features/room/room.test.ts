// The case room: what it must never do, and what it must always do.
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { coatBodies } from "../../backend/fake/coatBodies";
import { openRoom, openWindow } from "../../../tests/window";
import type { ChatLog, Draft } from "../../backend/types";

const lastDraft = (calls: (verb: string) => unknown[][]) =>
  calls("save_draft").at(-1)?.[1] as Draft | undefined;

describe("the ballot", () => {
  it("chooses nothing for the reviewer", async () => {
    await openRoom();
    for (const option of screen.getAllByTestId("option"))
      expect(option).toHaveAttribute("aria-checked", "false");
    expect(screen.getByTestId("seal")).toBeDisabled();
  });

  it("shows the sides in the order drawn for the seat, cannot decide last", async () => {
    await openRoom();
    expect(screen.getAllByTestId("option").map((option) => option.dataset.option)).toEqual([
      "buyer",
      "seller",
      "cannot_decide",
    ]);
  });

  it("spells out what cannot decide costs, and asks for a reason", async () => {
    const { user } = await openRoom();
    await user.click(screen.getByText("无法判断", { selector: ".name" }));
    expect(screen.getByTestId("cannot-decide-cost")).toHaveTextContent("积分照给，不影响一致率");
    expect(screen.getByTestId("seal")).toBeDisabled();
    await user.click(screen.getAllByTestId("reason")[0]!);
    expect(screen.getByTestId("seal")).toBeEnabled();
  });

  it("never shows a count, a verdict or another opinion in the room", async () => {
    const { calls } = await openRoom();
    expect(screen.queryByTestId("verdict-counts")).toBeNull();
    expect(screen.queryByText(/多数意见|少数意见|\d+ 票$/)).toBeNull();
    expect(calls("verdicts"), "the room does not even ask").toEqual([]);
    expect(calls("verdict")).toEqual([]);
  });

  it("seals with the same operation id when the first try failed", async () => {
    const { user, calls, fake } = await openRoom();
    await user.click(screen.getAllByTestId("option")[0]!);
    fake.options.failing = { seal_ballot: "timeout" };
    await user.click(screen.getByTestId("seal"));
    await screen.findByTestId("toast");
    fake.options.failing = {};
    await user.click(screen.getByTestId("seal"));
    await screen.findByTestId("undo");
    const ops = calls("seal_ballot").map(([op]) => op);
    expect(ops).toHaveLength(2);
    expect(ops[0], "one act, one id, however often it is pressed").toBe(ops[1]);
  });

  it("seals nothing on an earlier version than the server has, and leads to the newer one", async () => {
    const { user, fake, calls } = await openRoom();
    fake.newerPack = true;
    fake.tell("room");
    await screen.findByText(/判定中心有一份更新的材料/);
    await user.click(screen.getAllByTestId("option")[0]!);
    await user.click(screen.getByTestId("seal"));
    expect(calls("seal_ballot")).toHaveLength(0);
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).queryByRole("button", { name: "按这一版投票" }), "it would be refused").toBeNull();
    await user.click(within(dialog).getByRole("button", { name: "先看新版" }));
    await waitFor(() => expect(calls("make_offline")).toHaveLength(1));
    expect(calls("seal_ballot")).toHaveLength(0);
  });

  it("is final once the server has it, with the receipt to look at", async () => {
    const { user, fake } = await openRoom();
    await user.click(screen.getAllByTestId("option")[0]!);
    await user.click(screen.getByTestId("seal"));
    await screen.findByTestId("undo");
    fake.deliver();
    await waitFor(() => expect(screen.getByTestId("seal-bar")).toHaveAttribute("data-final", "true"));
    expect(screen.queryByTestId("undo")).toBeNull();
    await user.click(screen.getAllByTestId("receipt-open")[0]!);
    expect(await screen.findByTestId("receipt")).toHaveTextContent("签名与登录时记下的密钥相符");
  });

  it("keeps what is not opened as a reminder and lets one seal all the same", async () => {
    const { user } = await openRoom();
    expect(screen.getByTestId("not-opened")).toHaveTextContent(
      "还有 5 份证据没有打开：卖3、平2、平3、平4、平5",
    );
    await user.click(screen.getAllByTestId("option")[0]!);
    expect(screen.getByTestId("seal")).toBeEnabled();
  });
});

describe("text", () => {
  it("takes single letters and digits in the opinion as text", async () => {
    const { user } = await openRoom();
    const opinion = screen.getByTestId<HTMLTextAreaElement>("opinion");
    await user.clear(opinion);
    await user.type(opinion, "j1 t? v0");
    expect(opinion.value).toBe("j1 t? v0");
    expect(screen.getByTestId("tab-chat"), "T did not change the viewer").toHaveAttribute(
      "aria-selected",
      "true",
    );
    expect(screen.queryByTestId("key-list")).toBeNull();
  });

  it("takes a key while an input method composes as text, wherever the focus is", async () => {
    await openRoom();
    await fireEvent.keyDown(document.body, { key: "t", isComposing: true });
    await fireEvent.keyDown(document.body, { key: "t", keyCode: 229 });
    expect(screen.getByTestId("tab-chat")).toHaveAttribute("aria-selected", "true");
    await fireEvent.keyDown(document.body, { key: "Enter", ctrlKey: true, isComposing: true });
    expect(screen.queryByTestId("undo")).toBeNull();
  });

  it("leaves single-letter keys alone when they are switched off", async () => {
    const { user } = await openRoom({ settings: { single_keys: false } });
    await user.keyboard("t");
    expect(screen.getByTestId("tab-chat")).toHaveAttribute("aria-selected", "true");
  });

  it("shows hostile evidence as text", async () => {
    const log = coatBodies["p-1"] as unknown as ChatLog;
    const before = log.messages[2]!.text;
    log.messages[2]!.text = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>\u202Eevil';
    try {
      await openRoom();
      const message = screen.getAllByTestId("chat-message").find((one) => one.dataset.seq === "3")!;
      expect(message).toHaveTextContent('<img src=x onerror="window.hit=1">');
      expect(message.querySelector("img, script")).toBeNull();
      expect((window as { hit?: number }).hit).toBeUndefined();
    } finally {
      log.messages[2]!.text = before;
    }
  });
});

describe("what is written", () => {
  it("is saved a moment after the last key, and at once when the field is left", async () => {
    const { user, calls } = await openRoom();
    const opinion = screen.getByTestId("opinion");
    await user.clear(opinion);
    await user.type(opinion, "理由");
    await waitFor(() => expect(lastDraft(calls)?.opinion).toBe("理由"));
    await user.type(opinion, "充分");
    await user.tab();
    expect(lastDraft(calls)?.opinion, "leaving the field does not wait").toBe("理由充分");
  });

  it("shows citations as numbers and keeps them as ids", async () => {
    const { user, calls } = await openRoom();
    const opinion = screen.getByTestId<HTMLTextAreaElement>("opinion");
    expect(opinion.value).toContain("【平3】");
    await user.clear(opinion);
    await user.type(opinion, "见 ");
    await user.click(screen.getByRole("button", { name: "引用 买2", hidden: false }));
    expect(opinion.value).toBe("见 【买2】");
    await waitFor(() => expect(lastDraft(calls)?.opinion).toBe("见 [[b-2]]"));
    expect(screen.getAllByTestId("citation").map((one) => one.textContent)).toEqual(["买2"]);
  });

  it("keeps what was written while the mirror changes", async () => {
    const { user, fake } = await openRoom();
    const opinion = screen.getByTestId<HTMLTextAreaElement>("opinion");
    await user.clear(opinion);
    await user.type(opinion, "还没写完");
    fake.tell("room", "docket", "app");
    await waitFor(() =>
      expect(fake.calls.filter((call) => call.verb === "open_case").length).toBeGreaterThan(1),
    );
    expect(opinion.value).toBe("还没写完");
  });
});

describe("the viewers", () => {
  it("says side, time, recalled, edited and what is missing for each message", async () => {
    await openRoom();
    const of = (seq: number) =>
      screen.getAllByTestId("chat-message").find((one) => one.dataset.seq === String(seq))!;
    expect(of(6)).toHaveTextContent("已撤回，平台记录");
    expect(of(7)).toHaveTextContent("已编辑");
    expect(of(6)).toHaveAttribute("data-side", "seller");
    expect(within(of(3)).getByText("买家", { selector: "b" })).toBeVisible();
    expect(of(3).querySelector("time")).toHaveAttribute("title", "2026年11月2日星期一 14:04:51 UTC+8");
  });

  it("marks where the bill does not add up, and where it does", async () => {
    const { user } = await openRoom();
    await user.click(screen.getByTestId("tab-order"));
    expect(await screen.findByTestId("bill-check")).toHaveTextContent("合计相符");
  });

  it("keeps the credit snapshot closed and says it is not about this order", async () => {
    const { user } = await openRoom();
    await user.click(screen.getByTestId("tab-order"));
    expect(screen.getByText("与本案订单无关")).toBeVisible();
    expect(screen.queryByText("近六个月评价")).toBeNull();
    await user.click(screen.getByRole("button", { name: "打开" }));
    expect(await screen.findByText("近六个月评价")).toBeVisible();
  });

  it("goes from an item on the timeline to its source, and puts an observation aside", async () => {
    const { user, calls } = await openRoom();
    await user.click(screen.getByTestId("tab-timeline"));
    const aside = () => document.querySelectorAll("details [data-testid='observation']");
    expect(aside()).toHaveLength(0);
    await user.click(screen.getAllByRole("button", { name: "搁置" })[0]!);
    await waitFor(() => expect(lastDraft(calls)?.dismissed).toEqual(["o1"]));
    expect(aside()).toHaveLength(1);
    await user.click(screen.getAllByTestId("timeline-item").find((item) => item.dataset.kind === "scan")!);
    expect(screen.getByTestId("tab-order")).toHaveAttribute("aria-selected", "true");
    await waitFor(() => expect(calls("mark_opened")).toContainEqual(["seat-1", "p-2"]));
  });

  it("locks voting when the material is damaged", async () => {
    const { calls, fake, user } = await openRoom();
    await user.click(screen.getAllByTestId("option")[0]!);
    fake.rows.find((row) => row.seat === "seat-1")!.state = { kind: "damaged", code: "hash" };
    fake.tell("room");
    await screen.findByText(/投票已锁定。重新下载即可恢复/);
    expect(screen.getByTestId("seal")).toBeDisabled();
    await user.click(screen.getByRole("button", { name: "报告损坏并重新下载" }));
    await waitFor(() => expect(calls("report_damage")[0]?.slice(1)).toEqual(["seat-1", null]));
  });

  it("leads from a judged case whose material is gone to its verdict, or to its receipt", async () => {
    for (const decided of [true, false]) {
      const { fake, user, calls } = await openWindow({ failing: { open_case: "pack_not_ready" } });
      await screen.findAllByTestId("docket-row");
      const { rows, undecided } = await fake.verdicts();
      const row = fake.rows.find((one) => one.seat === "seat-1")!;
      row.state = { kind: "counted" };
      if (decided) Object.assign(row, { case: rows[0]!.verdict.case, round: rows[0]!.verdict.round });
      else row.case = undecided[0]!.case;
      fake.navigate({ place: { at: "room", seat: "seat-1" }, code: null });
      await user.click(await screen.findByTestId(decided ? "gone-verdict" : "gone-receipt"));
      await waitFor(() => expect(calls(decided ? "verdict" : "receipt")).toHaveLength(1));
      cleanup();
    }
  });

  it("says of a case that was never fetched that it is not ready", async () => {
    const { fake } = await openWindow({ failing: { open_case: "pack_not_ready" } });
    await screen.findAllByTestId("docket-row");
    fake.navigate({ place: { at: "room", seat: "seat-1" }, code: null });
    expect(await screen.findByTestId("notice")).toHaveAttribute("data-code", "pack_not_ready");
    expect(screen.queryByTestId("gone-verdict")).toBeNull();
  });
});
