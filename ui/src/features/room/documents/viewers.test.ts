// Orders, documents and rules in the room: marks, lines by keys, what cannot be read.
import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { expectAccessible, openRoom } from "../../../../tests/window";

const openOrder = async (options: Parameters<typeof openRoom>[0] = {}) => {
  const opened = await openRoom(options);
  await opened.user.click(screen.getByTestId("tab-order"));
  return opened;
};

describe("an order", () => {
  it("gives both sums where lines do not add up and more was refunded than paid", async () => {
    await openOrder({ lines: 80 });
    expect(await screen.findByTestId("bill-check")).toHaveTextContent(/各行相加 ¥.+，实付 ¥.+，差 ¥10\.00/);
    expect(screen.getByTestId("refund-above")).toHaveTextContent(/退款 ¥.+，付款 ¥.+，多退 ¥48\.00/);
    expect(within(screen.getByTestId("order-items")).getAllByRole("row")).toHaveLength(82);
  });

  it("shows every state with its whole stamp and what lies in between", async () => {
    await openOrder();
    const states = within(await screen.findByTestId("order-status")).getAllByRole("listitem");
    expect(states).toHaveLength(5);
    expect(states[2]).toHaveTextContent("2026-11-03 09:12:33");
    expect(states[2]).toHaveTextContent("隔 18 小时 52 分");
  });

  it("marks the one attribute in which the listing differs, in both places", async () => {
    const { user } = await openOrder();
    const marked = await screen.findAllByTestId("listing-differs");
    expect(marked).toHaveLength(1);
    expect(marked[0]).toHaveTextContent(/尺码.*S \/ L.*M.*不同/);
    await user.click(screen.getByRole("button", { name: "与商品页有 1 处不同" }));
    await waitFor(() =>
      expect(screen.getByTestId("order-view").querySelector("section.current")).toHaveAttribute(
        "data-section",
        "p-3",
      ),
    );
  });

  it("is walked line by line with one tab stop, each line with its acts", async () => {
    const { user } = await openOrder();
    await screen.findByTestId("order-items");
    const piece = document.querySelector("[data-section='p-2']")!;
    expect(piece.querySelectorAll("[data-line][tabindex='0']")).toHaveLength(1);
    const first = piece.querySelector<HTMLElement>("[data-line]")!;
    first.focus();
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(document.activeElement).toHaveAttribute("data-line", "status:2");
    await user.keyboard("{End}");
    expect(document.activeElement).toHaveAttribute("data-line", "scan:4");
    const acts = within(document.activeElement as HTMLElement).getAllByRole("button");
    expect(acts.map((one) => [one.getAttribute("aria-label"), one.tabIndex])).toEqual([
      ["记笔记", 0],
      ["引用这一处", 0],
    ]);
    await user.tab();
    expect(acts[0]).toHaveFocus();
  });

  it("says in its place that the body is damaged, and the rest of the room goes on", async () => {
    const { user } = await openOrder({ broken: { "p-2": "pack_damaged" } });
    const place = await screen.findByTestId("unreadable");
    expect(place).toHaveTextContent("文件已损坏：与判定中心签署的指纹不符");
    expect(place).toHaveTextContent("其余的证据照常可看");
    expect(within(place).queryByRole("button"), "nothing to press that could lock the room").toBeNull();
    expect(await screen.findByTestId("listing")).toBeVisible();
    await user.click(screen.getAllByTestId("option")[0]!);
    await expectAccessible();
  });

  it("shows hostile text as text", async () => {
    const bad = '<img src=x onerror="window.hit=1">\u202E\u2066x';
    await openOrder({
      bodies: {
        "p-5": {
          kind: "document",
          title: bad,
          issuer: bad,
          issued_at: null,
          fields: [{ name: bad, value: bad }],
          sections: [{ heading: bad, paragraphs: [bad] }],
          tables: [{ caption: bad, head: [bad], rows: [[bad]] }],
        },
        "b-1": { kind: "statement", side: "buyer", at: null, paragraphs: [bad] },
      },
    });
    const statement = document.querySelector("[data-section='b-1']")!;
    await waitFor(() => expect(statement).toHaveTextContent("<img src=x onerror"));
    expect(statement.querySelector("img, script")).toBeNull();
    expect((window as { hit?: number }).hit).toBeUndefined();
  });
});

describe("a rule", () => {
  const openRule = async () => {
    const opened = await openRoom();
    await opened.user.click(screen.getByTestId("tab-rules"));
    await screen.findByText("商品描述不符争议处理规则");
    return opened;
  };

  it("stands beside the one it replaces, changes marked, and can show only these", async () => {
    const { user } = await openRule();
    expect(screen.getByTestId("rule-tally")).toHaveTextContent("改动 4 条，新增 1 条，删去 1 条");
    const third = screen.getAllByTestId("rule-pair")[2]!;
    expect(third.querySelector("del")).toHaveTextContent("洗涤标");
    expect(third.querySelector("ins")).toHaveTextContent("对买家有利的说明");
    expect(third).toHaveTextContent("本案适用");
    expect(screen.getAllByTestId("rule-pair")).toHaveLength(7);
    await user.click(screen.getByTestId("only-changes"));
    expect(screen.getAllByTestId("rule-pair")).toHaveLength(6);
  });

  it("has contents, what applies first, and the same marked in place", async () => {
    const { user } = await openRule();
    await user.click(screen.getByRole("button", { name: "只看新版" }));
    const numbers = screen.getAllByTestId("paragraph").map((one) => one.dataset.line);
    expect(numbers.slice(0, 3)).toEqual(["paragraph:3", "paragraph:4", "paragraph:1"]);
    expect(numbers).toHaveLength(8);
    const contents = screen.getByRole("navigation", { name: "条目" });
    await user.click(within(contents).getByRole("button", { name: /第 4 条 客服承诺/ }));
    const focused = document.activeElement as HTMLElement;
    expect(focused.dataset.line).toBe("paragraph:4");
    expect(focused.closest("[data-whole]"), "in its place, not the copy above").not.toBeNull();
    await expectAccessible();
  });
});
