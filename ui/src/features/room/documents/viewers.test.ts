// Orders, documents and rules in the room: marks, lines by keys, what cannot be read.
import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { coatEvidence } from "../../../backend/fake/coat";
import { coatBodies } from "../../../backend/fake/coatBodies";
import { coatTimeline } from "../../../backend/fake/coatTimeline";
import type { EvidenceBody, Order } from "../../../backend/types";
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

  it("says nothing of a record that has the refund alone, and names the sum of several records", async () => {
    const order = coatBodies["p-2"] as { kind: "order" } & Order;
    const back = { at: null, kind: "refund", amount: { minor: 68900, currency: "CNY" }, method: "" } as const;
    const bodies = { "p-2": { ...order, payments: [back, back] } };
    await openOrder({ bodies });
    expect(
      within(await screen.findByTestId("payments")).getAllByRole("row"),
      "two refunds, no sum",
    ).toHaveLength(2);
    expect(screen.queryByTestId("refund-above")).toBeNull();
    cleanup();
    const source = (evidence: string) => ({ evidence, seq: null, picture: null });
    const finding = { kind: "refund_above_paid", paid: 100, refunded: 137800, currency: "CNY" } as const;
    const found = { id: "o9", finding, sources: [source("p-2"), source("p-3")], leans_on: [] };
    await openOrder({ bodies, timeline: { ...coatTimeline, observations: [found] } });
    expect(await screen.findByTestId("refund-above")).toHaveTextContent(
      "各份记录合计：退款 ¥1,378.00，付款 ¥1.00",
    );
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

  it("marks a listing's title that is another, and counts it", async () => {
    const listing = coatBodies["p-3"] as EvidenceBody & { kind: "listing_snapshot" };
    await openOrder({ bodies: { "p-3": { ...listing, title: `${listing.title} 可机洗` } } });
    const [title] = await screen.findAllByTestId("listing-differs");
    expect(title).toHaveTextContent(/名称.*可机洗.*羊毛混纺大衣.*不同/);
    expect(screen.getByRole("button", { name: "与商品页有 2 处不同" })).toBeVisible();
  });

  it("shows what was taken off a line itself, and the lines after it", async () => {
    await openOrder();
    const table = within(await screen.findByTestId("order-items"));
    expect(table.getByRole("columnheader", { name: "优惠" })).toBeVisible();
    expect(table.getByRole("row", { name: /备用纽扣/ })).toHaveTextContent(/¥5\.002−¥10\.00¥0\.00/);
    expect(table.getAllByRole("row").at(-1)).toHaveTextContent("¥699.00");
    expect(table.queryByTestId("items-check"), "the lines come to the goods of the bill").toBeNull();
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

describe("the pictures of a document", () => {
  const pictures = coatEvidence.find((one) => one.id === "s-2")!.media;

  it("say in their places that one is damaged, and that one cannot be shown", async () => {
    await openOrder({ evidence: { "b-1": { media: pictures } } });
    const [first, second] = await screen.findAllByTestId("piece-picture");
    const partial = "文件有损坏，只能读出一部分";
    expect(first).toHaveAccessibleName("买1-1，买家提交：同批次洗涤标：仅干洗");
    expect(second).toHaveTextContent(partial);
    expect(second).toHaveAccessibleName(`买1-2，买家提交：库存同款，未下水 (${partial})`);
    first!.querySelector("img")!.dispatchEvent(new Event("error"));
    const missing = "图片读不出来：不在本机，或已损坏";
    await waitFor(() => expect(first).toHaveTextContent(missing));
    expect(first!.querySelector("img"), "no broken picture stands beside the words").toBeNull();
    expect(first).toHaveAccessibleName(new RegExp(missing));
    await expectAccessible();
  });
});

describe("a rule", () => {
  const openRule = async () => {
    const opened = await openRoom();
    await opened.user.click(screen.getByTestId("tab-rules"));
    await screen.findByText("商品描述不符争议处理规则");
    return opened;
  };

  const whole = () => document.querySelector<HTMLElement>("[data-whole]")!;
  const pairs = (part: HTMLElement) => within(part).getAllByTestId("rule-pair");

  it("stands beside the one it replaces, changes marked, and can show only these", async () => {
    const { user } = await openRule();
    expect(screen.getByTestId("rule-tally")).toHaveTextContent("改动 4 条，新增 1 条，删去 1 条");
    const third = pairs(whole())[2]!;
    expect(third.querySelector("del")).toHaveTextContent("洗涤标");
    expect(third.querySelector("ins")).toHaveTextContent("对买家有利的说明");
    expect(third).toHaveTextContent("本案适用");
    expect(pairs(whole())).toHaveLength(7);
    await user.click(screen.getByTestId("only-changes"));
    expect(pairs(whole())).toHaveLength(6);
  });

  it("opens beside the old one with contents and with what applies first", async () => {
    const { user } = await openRule();
    const first = pairs(screen.getByTestId("applying"));
    expect(first.map((one) => one.dataset.line)).toEqual(["paragraph:3", "paragraph:4"]);
    expect(screen.getAllByTestId("rule-pair")[0], "before all others").toBe(first[0]);
    expect(screen.getByRole("heading", { name: "全文" })).toBeVisible();
    const contents = within(screen.getByRole("navigation", { name: "条目" }));
    await user.click(contents.getByRole("button", { name: /第 4 条/ }));
    expect(document.activeElement).toHaveAttribute("data-line", "paragraph:4");
    expect(whole(), "in its place, not the copy above").toContainElement(
      document.activeElement as HTMLElement,
    );
    await expectAccessible();
  });

  it("leads to a paragraph that did not change though only changes are shown", async () => {
    const { user } = await openRule();
    const same = pairs(whole()).find((one) => one.dataset.kind === "same")!.dataset.line!;
    await user.click(screen.getByTestId("only-changes"));
    const contents = within(screen.getByRole("navigation", { name: "条目" }));
    await user.click(contents.getByRole("button", { name: new RegExp(`第 ${same.split(":")[1]} 条`) }));
    await waitFor(() => expect(document.activeElement).toHaveAttribute("data-line", same));
  });

  it("keeps a title that writes from right to left to itself", async () => {
    const title = "\u202E则规";
    await openRoom({ evidence: { "p-5": { kind: "rule_text", title }, "p-4": { title } } }).then(({ user }) =>
      user.click(screen.getByTestId("tab-rules")),
    );
    const buttons = await screen.findAllByRole("button", { name: /则规/ });
    const named = buttons.filter((one) => one.closest(".bar"));
    expect(named).toHaveLength(2);
    for (const one of named) expect(one.querySelector(".evidence-text")).toHaveTextContent(title);
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
