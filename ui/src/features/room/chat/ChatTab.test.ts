// The chat in the window, by keys alone: moving, quotes, searching, selecting, citing, copying, days.
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { expectAccessible, openRoom, type Opened } from "../../../../tests/window";
import { coatEvidence } from "../../../backend/fake/coat";
import { coatBodies } from "../../../backend/fake/coatBodies";
import type { Draft } from "../../../backend/types";

const current = () => (document.activeElement as HTMLElement).dataset;
const reached = (seq: number) => waitFor(() => expect(current().seq).toBe(String(seq)));
const selectedSeqs = () =>
  screen
    .getAllByTestId("chat-message")
    .filter((one) => one.dataset.selected)
    .map((one) => Number(one.dataset.seq));

describe("the chat by keys", () => {
  it("moves from message to message, to the ends, and keeps going where rows were not there yet", async () => {
    const { user } = await openRoom({ messages: 20_000 });
    await user.keyboard("{ArrowDown}");
    await reached(1);
    await user.keyboard("{ArrowDown}{ArrowDown}");
    await reached(3);
    await user.keyboard("{End}");
    await waitFor(() => expect(current().place).toBe("19999"));
    expect(document.activeElement).toHaveAttribute("aria-setsize", "20000");
    expect(document.activeElement).toHaveAttribute("aria-posinset", "20000");
    await user.keyboard("{ArrowUp}");
    await waitFor(() => expect(current().place).toBe("19998"));
    await user.keyboard("{Home}");
    await reached(1);
    expect(screen.getAllByTestId("chat-message").length, "few rows are there").toBeLessThan(120);
  });

  it("follows a quote and comes back, and says which quoted message is missing", async () => {
    const { user } = await openRoom();
    await user.keyboard("{End}{ArrowUp}");
    await reached(128);
    expect(document.activeElement).toHaveTextContent("引用的第 127 条不在记录里");
    expect(document.activeElement).toHaveTextContent("平台未提供 3 条消息");
    screen.getByTestId("chat-list").focus();
    await user.keyboard("{Home}");
    await reached(1);
    for (let i = 0; i < 12; i++) await user.keyboard("{ArrowDown}");
    await reached(13);
    await user.keyboard("{Enter}");
    await reached(12);
    expect(screen.getByTestId("chat-back")).toHaveTextContent("回到第 13 条");
    await user.keyboard("{Backspace}");
    await reached(13);
    expect(screen.queryByTestId("chat-back")).toBeNull();
  });

  it("selects a run, cites it, notes it and copies it with its stamps", async () => {
    const { user, calls } = await openRoom();
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowDown}");
    await reached(3);
    await user.keyboard(" {Shift>}{ArrowDown}{ArrowDown}{/Shift}");
    await waitFor(() => expect(selectedSeqs()).toEqual([3, 4, 5]));
    expect(screen.getByTestId("chat-selection")).toHaveTextContent("已选 3 条");
    await expectAccessible();
    await user.keyboard("{Control>}c{/Control}");
    await waitFor(async () =>
      expect((await navigator.clipboard.readText()).split("\n")).toEqual([
        "买家 林**　2026年11月2日星期一 14:04:51 UTC+8：您好，这件大衣可以机洗吗？商品页写的可以",
        "卖家 客服小暖　2026年11月2日星期一 14:05:08 UTC+8：亲，羊毛的建议干洗哦，轻柔手洗也可以的",
        "买家 林**　2026年11月2日星期一 14:06:25 UTC+8：那就是冷水轻柔没问题对吧",
      ]),
    );
    await user.keyboard("q");
    await waitFor(() => {
      const draft = calls("save_draft").at(-1)?.[1] as Draft | undefined;
      expect(draft?.opinion).toContain("[[p-1#3-5]]");
    });
    await user.keyboard("{Escape}");
    await waitFor(() => expect(selectedSeqs()).toEqual([]));
    expect(screen.getByTestId("room"), "Escape only cleared the selection").toBeVisible();
    screen.getByTestId("chat-list").focus();
    await user.keyboard("x");
    await waitFor(() => expect(selectedSeqs()).toHaveLength(1));
    await user.keyboard("n");
    await waitFor(() => expect(screen.getByTestId("note-field")).toHaveFocus());
  });

  it("finds text, goes through what it found, lists it, and forgets it with Escape", async () => {
    const { user } = await openRoom();
    await user.keyboard("/");
    await waitFor(() => expect(screen.getByTestId("chat-search")).toHaveFocus());
    await user.keyboard("洗涤标");
    await waitFor(() => expect(screen.getByTestId("chat-hits")).toHaveTextContent(/^1 \/ \d+ 处$/));
    await user.keyboard("{F3}");
    expect(screen.getByTestId("chat-hits")).toHaveTextContent(/^2 \//);
    await user.keyboard("{Shift>}{Enter}{/Shift}");
    expect(screen.getByTestId("chat-hits")).toHaveTextContent(/^1 \//);
    await user.click(screen.getByTestId("chat-list-hits"));
    const list = await screen.findByTestId("chat-hit-list");
    await waitFor(() =>
      expect(within(list).getAllByRole("listitem")[0]).toHaveTextContent("洗涤标写了仅干洗"),
    );
    await expectAccessible();
    list.querySelector<HTMLElement>("[aria-current]")!.focus();
    await user.keyboard("{ArrowDown}");
    await waitFor(() =>
      expect(document.activeElement, "the focus goes with the hit").toHaveAttribute("aria-current"),
    );
    await user.keyboard("{Enter}");
    expect(screen.getByTestId("chat-hits"), "and Enter opens that one").toHaveTextContent(/^2 \//);
    await user.click(within(screen.getByRole("search")).getByRole("button", { name: "清除" }));
    expect(screen.getByTestId("chat-search")).toHaveFocus();
    await user.keyboard("洗涤标");
    await user.click(await screen.findByTestId("chat-list-hits"));
    screen.getByTestId("chat-search").focus();
    await user.keyboard("{Escape}");
    expect(screen.queryByTestId("chat-hits")).toBeNull();
    expect(screen.queryByTestId("chat-hit-list")).toBeNull();
    expect(screen.getByTestId("chat-search")).toHaveValue("");
    // What is typed next is a key of the room again, also where nothing was found.
    await user.keyboard("/");
    await waitFor(() => expect(screen.getByTestId("chat-search")).toHaveFocus());
    await user.keyboard("没有这几个字");
    await waitFor(() => expect(screen.getByTestId("chat-hits")).toHaveTextContent("没有找到"));
    await user.keyboard("{Escape}");
    expect(screen.getByTestId("chat-search")).not.toHaveFocus();
    await user.keyboard("o");
    await screen.findByTestId("order-view");
    expect(screen.queryByTestId("chat-search")).toBeNull();
  });

  it("jumps to a day by the calendar of a long log, where other days cannot be chosen", async () => {
    const { user } = await openRoom({ messages: 100_000 });
    await user.click(screen.getByTestId("chat-days"));
    const calendar = await screen.findByRole("dialog", { name: "跳到某天" });
    await waitFor(() => expect(document.activeElement).toHaveAttribute("data-day", "2023-01-03"));
    expect(calendar.querySelector('[data-day="2023-01-01"]'), "no messages then").toBeNull();
    (document.activeElement as HTMLElement).blur();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog"), "Escape shuts it, wherever the focus is").toBeNull();
    expect(screen.getByTestId("chat-days")).toHaveFocus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(document.activeElement).toHaveAttribute("data-day", "2023-01-03"));
    await user.keyboard("{PageDown}{ArrowRight}");
    const day = current().day!;
    expect(day).toMatch(/^2023-02/);
    await user.keyboard("{Enter}");
    await waitFor(() => expect(screen.getByTestId("chat-days")).toHaveTextContent(day.slice(5)));
    await waitFor(() =>
      expect(document.querySelector(`[data-testid=chat-list] time[datetime="${day}"]`)).not.toBeNull(),
    );
  });
});

describe("a page that cannot be read", () => {
  it("says so in its place, and can be asked for again", async () => {
    const { user, fake } = await openRoom({ messages: 20_000 });
    fake.options.failing = { chat_page: "internal" };
    await user.keyboard("{End}");
    await screen.findByText(/这一段消息没能读出来/);
    fake.options.failing = {};
    await user.click(screen.getByRole("button", { name: "再试一次" }));
    await waitFor(() =>
      expect(document.querySelector("[data-testid=chat-list] [data-place='19999']")).not.toBeNull(),
    );
    expect(screen.queryByText(/这一段消息没能读出来/)).toBeNull();
  });
});

describe("an answer that was overtaken", () => {
  const opinion = () => screen.getByTestId<HTMLTextAreaElement>("opinion");
  /** Writes citations of two messages, the first of them far away, and waits until they were looked up. */
  async function cites({ calls }: Opened, first: number, second: number) {
    await fireEvent.input(opinion(), { target: { value: `【平1 · #${first}】【平1 · #${second}】` } });
    const asked = () =>
      calls("chat_page").filter(([, , place]) => (place as { kind: string }).kind === "seq");
    await waitFor(() => expect(asked()).toHaveLength(4));
    return screen.getAllByTestId("citation");
  }
  const settled = () => new Promise((done) => setTimeout(done, 20));

  it("does not move the reviewer back from where they went since", async () => {
    const opened = await openRoom({ messages: 20_000 });
    const [far, near] = await cites(opened, 9_000, 12);
    const letGo = opened.fake.delay("chat_page");
    await opened.user.click(far!);
    await opened.user.click(near!);
    letGo();
    await settled();
    screen.getByTestId("chat-list").focus();
    await opened.user.keyboard("{ArrowDown}");
    await reached(13);
  });

  it("leads to no place in another log, and what is cited is cited from its own", async () => {
    coatEvidence.push({
      ...coatEvidence.find((one) => one.id === "p-1")!,
      id: "p-9",
      number: { side: "platform", n: 9 },
    });
    coatBodies["p-9"] = coatBodies["p-1"]!;
    try {
      const opened = await openRoom({ messages: 20_000 });
      const { fake, user } = opened;
      const [far] = await cites(opened, 9_000, 12);
      const letGo = fake.delay("chat_page");
      await user.click(far!);
      await user.selectOptions(screen.getByRole("combobox", { name: "选择聊天记录" }), "p-9");
      await screen.findAllByTestId("chat-message");
      letGo();
      await settled();
      await fireEvent.input(opinion(), { target: { value: "" } });
      screen.getByTestId("chat-list").focus();
      await user.keyboard("q");
      await settled();
      expect(opinion(), "the log as a whole, and no message that nobody went to").toHaveValue("【平9】");

      await fireEvent.input(opinion(), { target: { value: "" } });
      screen.getByTestId("chat-list").focus();
      const [page, single] = [fake.delay("chat_page"), fake.delay("chat_page")];
      await user.keyboard("{End}");
      screen.getByTestId("chat-list").focus();
      await user.keyboard("q");
      await user.selectOptions(screen.getByRole("combobox", { name: "选择聊天记录" }), "p-1");
      page();
      single();
      await waitFor(() =>
        expect(opinion().value, "from where the key was pressed").toMatch(/^【平9 · #\d+】$/),
      );
    } finally {
      coatEvidence.pop();
      delete coatBodies["p-9"];
    }
  });

  it("is no failure of the search that took its place", async () => {
    const { user, fake } = await openRoom();
    const box = screen.getByTestId<HTMLInputElement>("chat-search");
    const search = async (text: string) => {
      await fireEvent.input(box, { target: { value: text } });
      await fireEvent.keyDown(box, { key: "Enter" });
    };
    await user.click(box);
    const letGo = fake.delay("chat_find");
    await search("洗");
    await search("洗涤");
    await search("洗");
    await waitFor(() => expect(screen.getByTestId("chat-hits")).toHaveTextContent(/^\d+ \/ \d+ 处$/));
    fake.options.failing = { chat_find: "superseded" };
    letGo();
    await settled();
    expect(screen.queryByTestId("toast")).toBeNull();
  });
});
