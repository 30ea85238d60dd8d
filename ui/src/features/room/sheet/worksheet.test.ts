// The worksheet: the grid by keys alone, notes that survive, citations that exist.
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { Draft } from "../../../backend/types";
import { expectAccessible, openRoom } from "../../../../tests/window";

const lastDraft = (calls: (verb: string) => unknown[][]) =>
  calls("save_draft").at(-1)?.[1] as Draft | undefined;
const cell = (evidence: string, issue: string) =>
  screen
    .getAllByTestId("matrix-cell")
    .find((one) => one.dataset.evidence === evidence && one.dataset.issue === issue)!;

describe("issues against evidence", () => {
  it("have no finding to begin with, and one tab stop", async () => {
    await openRoom();
    const grid = screen.getByTestId("matrix");
    const issueCells = within(grid)
      .getAllByTestId("matrix-cell")
      .filter((one) => one.dataset.issue !== "");
    expect(issueCells.every((one) => one.dataset.finding === "")).toBe(true);
    expect(grid.querySelectorAll("[tabindex='0']")).toHaveLength(1);
  });

  it("are filled in by keys alone, and saved", async () => {
    const { user, calls } = await openRoom();
    cell("b-1", "i1").focus();
    await fireEvent.mouseDown(cell("b-1", "i1"));
    await user.keyboard("1{ArrowRight}2{ArrowDown}0{ArrowLeft}{Enter}");
    await waitFor(() =>
      expect(lastDraft(calls)?.matrix).toEqual([
        { issue: "i1", evidence: "b-1", finding: { kind: "favours", side: "buyer" } },
        { issue: "i2", evidence: "b-1", finding: { kind: "favours", side: "seller" } },
        { issue: "i2", evidence: "b-2", finding: { kind: "neutral" } },
        { issue: "i1", evidence: "b-2", finding: { kind: "favours", side: "buyer" } },
      ]),
    );
    expect(document.activeElement).toBe(cell("b-2", "i1"));
    await user.keyboard("{Backspace}");
    await waitFor(() => expect(lastDraft(calls)?.matrix).toHaveLength(3));
    expect(screen.getByTestId("tab-chat"), "no key of the grid reached the room").toHaveAttribute(
      "aria-selected",
      "true",
    );
  });

  it("add up per issue as they are set, and the whole stays apart", async () => {
    const { user } = await openRoom();
    await fireEvent.mouseDown(cell("p-3", "i1"));
    cell("p-3", "i1").focus();
    await user.keyboard("2");
    const issue = screen.getAllByTestId("issue")[0]!;
    expect(within(issue).getByTestId("summary")).toHaveTextContent(/证据.*买家 0.*卖家 1.*中性 0.*未标 10/);
    expect(cell("p-3", ""), "the finding on the piece as a whole is another one").toHaveAttribute(
      "data-finding",
      "",
    );
  });

  it("open the piece from its row", async () => {
    const { user } = await openRoom();
    await fireEvent.mouseDown(cell("p-4", "i1"));
    cell("p-4", "i1").focus();
    await user.keyboard("{ArrowLeft}{Enter}");
    expect(screen.getByTestId("tab-rules")).toHaveAttribute("aria-selected", "true");
  });

  it("can be read and not changed once the ballot is sealed", async () => {
    const { user, calls } = await openRoom();
    await user.click(screen.getAllByTestId("option")[0]!);
    await user.click(screen.getByTestId("seal"));
    await screen.findByTestId("undo");
    const before = calls("save_draft").length;
    cell("b-1", "i1").focus();
    await user.keyboard("1");
    expect(cell("b-1", "i1").dataset.finding).toBe("");
    expect(calls("save_draft")).toHaveLength(before);
  });
});

describe("notes", () => {
  it("are in the draft from the first letter, anchored in the line in view, with a way back", async () => {
    const { user, calls } = await openRoom();
    await user.click(screen.getByTestId("tab-order"));
    await screen.findByTestId("parcel");
    const scan = document.querySelector<HTMLElement>("[data-line='scan:4']")!;
    scan.focus();
    await user.keyboard("n");
    const field = screen.getByTestId("note-field");
    await waitFor(() => expect(field).toHaveFocus());
    await user.keyboard("签收在后");
    await waitFor(() =>
      expect(lastDraft(calls)?.notes.at(-1)).toMatchObject({
        text: "签收在后",
        anchor: { kind: "line", evidence: "p-2", part: "scan", index: 4 },
      }),
    );
    await user.keyboard("{Enter}");
    expect(document.activeElement, "back to where reading went on").toBe(scan);
    await user.click(screen.getByTestId("tab-chat"));
    await user.click(screen.getByRole("button", { name: "平2 · 签收 成都武侯 11-06 15:40" }));
    expect(screen.getByTestId("tab-order")).toHaveAttribute("aria-selected", "true");
    await waitFor(() =>
      expect(document.querySelector("[data-line='scan:4']"), "the place is marked").toHaveAttribute(
        "data-pointed",
      ),
    );
  });

  it("say what they stand on, though nobody opened it yet", async () => {
    await openRoom({
      draft: (draft) =>
        draft.notes.push({
          id: "n2",
          text: "签收",
          anchor: { kind: "line", evidence: "p-2", part: "scan", index: 4 },
        }),
    });
    expect(await screen.findByRole("button", { name: "平2 · 签收 成都武侯 11-06 15:40" })).toBeVisible();
  });

  it("are changed in place, deleted, and brought back where they were", async () => {
    const { user, calls } = await openRoom();
    await user.click(screen.getAllByTestId("note-edit")[0]!);
    const field = await screen.findByTestId("note-edit-field");
    await user.clear(field);
    await user.type(field, "改过");
    await user.keyboard("{Enter}");
    await waitFor(() => expect(lastDraft(calls)?.notes[0]?.text).toBe("改过"));
    await user.click(screen.getAllByTestId("note-delete")[0]!);
    await waitFor(() => expect(lastDraft(calls)?.notes).toEqual([]));
    await user.click(within(screen.getByTestId("note-dropped")).getByRole("button", { name: "撤回" }));
    await waitFor(() => expect(lastDraft(calls)?.notes[0]).toMatchObject({ text: "改过" }));
    expect(lastDraft(calls)?.notes[0]?.anchor).toMatchObject({ kind: "message", seq: 6 });
  });

  it("that are emptied while they are written leave nothing behind", async () => {
    const { user, calls } = await openRoom();
    const before = (await openDraft(calls)) ?? 1;
    const field = screen.getByTestId("note-field");
    await user.type(field, "想");
    await waitFor(() => expect(lastDraft(calls)?.notes).toHaveLength(before + 1));
    await user.clear(field);
    await user.keyboard("{Escape}");
    await waitFor(() => expect(lastDraft(calls)?.notes).toHaveLength(before));
    expect(screen.queryByTestId("note-dropped")).toBeNull();
  });
  const openDraft = async (calls: (verb: string) => unknown[][]) => lastDraft(calls)?.notes.length;
});

describe("citations", () => {
  it("of a message, a line, a paragraph go in by one key each", async () => {
    const { user, calls } = await openRoom();
    const opinion = screen.getByTestId<HTMLTextAreaElement>("opinion");
    await user.clear(opinion);
    await user.click(screen.getByTestId("tab-rules"));
    await screen.findByText("商品描述不符争议处理规则");
    document.querySelector<HTMLElement>("[data-line='paragraph:4']")!.focus();
    await user.keyboard("q");
    await user.click(screen.getByTestId("tab-order"));
    await screen.findByTestId("parcel");
    document.querySelector<HTMLElement>("[data-line='payment:0']")!.focus();
    await user.keyboard("q");
    expect(opinion.value).toBe("【平4 · #4】【平2 · #收退款1】（付款 ¥689.00 11-02 14:20）");
    await waitFor(() =>
      expect(lastDraft(calls)?.opinion).toBe("[[p-4#4]][[p-2#payment-1]]（付款 ¥689.00 11-02 14:20）"),
    );
    const chip = screen.getAllByTestId("citation")[0]!;
    expect(chip).toHaveTextContent("平4 · #4");
    await user.click(chip);
    expect(screen.getByTestId("tab-rules")).toHaveAttribute("aria-selected", "true");
    await user.click(screen.getAllByTestId("citation")[1]!);
    expect(screen.getByTestId("tab-order")).toHaveAttribute("aria-selected", "true");
    await waitFor(() => expect(document.activeElement).toHaveAttribute("data-line", "payment:0"));
  });

  it("of a place that does not exist are shown as broken and stop the seal", async () => {
    const { user } = await openRoom();
    await user.click(screen.getAllByTestId("option")[0]!);
    expect(screen.getByTestId("seal")).toBeEnabled();
    const opinion = screen.getByTestId<HTMLTextAreaElement>("opinion");
    await fireEvent.input(opinion, {
      target: { value: "见【平1 · #999】与【平1 · #12】、【买2 · #5】、【买2 · #6】" },
    });
    await waitFor(() =>
      expect(
        screen.getAllByTestId("citation").map((one) => [one.textContent?.split(",")[0], one.dataset.broken]),
      ).toEqual([
        ["平1 · #999", "true"],
        ["平1 · #12", "false"],
        ["买2 · #5", "false"],
        ["买2 · #6", "true"],
      ]),
    );
    expect(screen.getByTestId("seal")).toBeDisabled();
    expect(screen.getByTestId("citations-broken")).toHaveTextContent("有 2 处引用找不到原文");
    await fireEvent.input(opinion, { target: { value: "见【平1 · #12】" } });
    await waitFor(() => expect(screen.getByTestId("seal")).toBeEnabled());
  });

  it("go as a whole by one Backspace", async () => {
    const { user } = await openRoom();
    const opinion = screen.getByTestId<HTMLTextAreaElement>("opinion");
    await user.clear(opinion);
    await user.type(opinion, "见");
    await user.click(screen.getByRole("button", { name: "引用 买2" }));
    opinion.focus();
    opinion.setSelectionRange(opinion.value.length, opinion.value.length);
    await user.keyboard("{Backspace}");
    expect(opinion.value).toBe("见");
  });
});

it("is accessible with everything in it", async () => {
  const { user } = await openRoom();
  await fireEvent.mouseDown(cell("b-1", "i1"));
  cell("b-1", "i1").focus();
  await user.keyboard("1");
  await user.click(screen.getAllByTestId("note-edit")[0]!);
  await expectAccessible();
});
