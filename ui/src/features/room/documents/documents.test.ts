// The pure parts of orders and documents: sums, waits, differences, rules old and new, listings.
import { describe, expect, it } from "vitest";
import { coatBodies } from "../../../backend/fake/coatBodies";
import type {
  ListingSnapshot,
  Order,
  OrderItem,
  Payment,
  RuleParagraph,
  RuleText,
  Scan,
} from "../../../backend/types";
import { compare, differences, itemOf, likeness, offered, priceDiffers, titleDiffers } from "./compare";
import { diff, tokens } from "./diff";
import { anchorOf, firstScan, lineName, lineWords, targetLine } from "./lines";
import { depthOf, pairsOf, sideOf, tally } from "./rules";
import { between, billCheck, itemsCheck, itemsSum, lineSum, netOf, paidCheck, spanOf, waits } from "./sums";

const order = coatBodies["p-2"] as unknown as Order;
const listing = coatBodies["p-3"] as unknown as ListingSnapshot;
const rule = coatBodies["p-4"] as unknown as RuleText;
const cny = (minor: number) => ({ minor, currency: "CNY" });

describe("sums", () => {
  it("tell whether the bill adds up, and give both sums where it does not", () => {
    expect(billCheck(order.amounts)).toMatchObject({ sum: 68900, agrees: true });
    const wrong = order.amounts.map((line) =>
      line.kind === "discount" ? { ...line, amount: cny(-999) } : line,
    );
    expect(billCheck(wrong)).toEqual({ sum: 68901, stated: 68900, currency: "CNY", agrees: false });
    expect(itemsCheck(order)).toMatchObject({ sum: 69900, agrees: true });
    const twice = { ...order, items: [...order.items, order.items[0]!] };
    expect(itemsCheck(twice)).toMatchObject({ sum: 139800, agrees: false });
  });
  it("take what was taken off a line off that line, and say nothing where it is other money", () => {
    const [coat, buttons] = order.items as [OrderItem, OrderItem];
    expect(lineSum(coat)).toEqual(cny(69900));
    expect(lineSum(buttons), "two at 5.00, given").toEqual(cny(0));
    expect(itemsSum([coat, { ...buttons, discount: cny(-300) }])).toEqual(cny(70600));
    const dollars = { ...buttons, discount: { minor: -1, currency: "USD" } };
    expect(lineSum(dollars)).toBeNull();
    expect(itemsCheck({ ...order, items: [coat, dollars] })).toBeNull();
    expect(itemsSum([])).toBeNull();
  });
  it("compare the payments with what the bill says was paid", () => {
    expect(paidCheck(order)).toMatchObject({ agrees: true });
    const short = [{ ...order.payments[0]!, amount: cny(68000) }];
    expect(paidCheck({ ...order, payments: short })).toMatchObject({ sum: 68000, stated: 68900 });
    expect(paidCheck({ ...order, payments: [] }), "no payment is not a wrong one").toBeNull();
  });
  it("say nothing where currencies differ", () => {
    const usd = { kind: "tax" as const, amount: { minor: 1, currency: "USD" } };
    expect(billCheck([...order.amounts, usd])).toBeNull();
    expect(netOf([...order.payments, { ...order.payments[0]!, amount: usd.amount }])).toBeNull();
  });
  it("say what is left of what was paid, and nothing where no payment is recorded", () => {
    const pay = (kind: Payment["kind"], minor: number): Payment => ({
      at: null,
      kind,
      amount: cny(minor),
      method: "",
    });
    expect(netOf([pay("payment", 100), pay("refund", 100), pay("compensation", 50)])).toMatchObject({
      net: -50,
      refunded: 100,
    });
    expect(netOf([pay("refund", 60), pay("refund", 41)]), "the payment is in another record").toBeNull();
  });
  it("count what lies between stamps of different offsets, and not where one is missing", () => {
    expect(between("2026-11-02T10:00:00+08:00", "2026-11-02T04:00:00+00:00")).toBe(7200);
    expect(between(null, "2026-11-02T04:00:00+00:00")).toBeNull();
    expect(between("2026-11-03T10:00:00+08:00", "2026-11-02T10:00:00+08:00")).toBe(-86400);
  });
  it("show a wait of a day or more, over scans without a stamp", () => {
    const scan = (at: string | null): Scan => ({ at, kind: "in_transit", place: "", text: "" });
    const scans = [
      scan("2026-11-02T10:00:00+08:00"),
      scan(null),
      scan("2026-11-04T11:00:00+08:00"),
      scan("2026-11-05T10:59:59+08:00"),
    ];
    expect(waits(scans)).toEqual([null, null, 2 * 86400 + 3600, null]);
    expect(spanOf(scans)).toBe(3 * 86400 - 0 + 3599);
    expect(spanOf([scan(null)])).toBeNull();
  });
});

describe("a listing beside the order", () => {
  it("marks an option that the listing does not offer", () => {
    const rows = compare(listing, order.items[0]!);
    expect(rows.filter((row) => row.differs).map((row) => row.name)).toEqual(["尺码"]);
    expect(rows.find((row) => row.name === "颜色")).toMatchObject({ order: "驼色", differs: false });
    expect(rows.find((row) => row.name === "材质")).toMatchObject({ order: null, differs: false });
  });
  it("keeps an option that the listing does not name, without calling it different", () => {
    const item = { ...order.items[0]!, options: [{ name: "刻字", value: "LIN" }] };
    expect(compare(listing, item).at(-1)).toEqual({
      name: "刻字",
      listing: null,
      order: "LIN",
      differs: false,
    });
  });
  it("finds a choice in a list, and no letter in a word", () => {
    expect(offered("S / M / L", "m")).toBe(true);
    expect(offered("S / L", "M")).toBe(false);
    expect(offered("Medium", "M")).toBe(false);
    expect(offered("驼色（现货）", "驼色")).toBe(true);
    expect(offered("1.5 L", "1.5L")).toBe(true);
  });
  it("compares prices of one currency only", () => {
    const item = order.items[0]!;
    expect(priceDiffers(listing, item)).toBeNull();
    expect(priceDiffers({ ...listing, price: cny(65900) }, item)).toEqual([cny(65900), item.price]);
    expect(priceDiffers({ ...listing, price: { minor: 1, currency: "USD" } }, item)).toBeNull();
    expect(differences({ ...listing, price: cny(65900) }, item)).toBe(2);
    expect(titleDiffers({ ...listing, title: listing.title.replaceAll(" ", "　") }, item)).toBe(false);
    expect(titleDiffers({ ...listing, title: `${listing.title} 可机洗` }, item)).toBe(true);
    expect(differences({ ...listing, title: `${listing.title} 可机洗` }, item)).toBe(2);
  });
  it("goes with the item of the same name, or with none", () => {
    expect(itemOf(listing, order)).toBe(0);
    expect(itemOf({ ...listing, title: "备用纽扣" }, order)).toBe(1);
    expect(itemOf({ ...listing, title: "保温杯 500ml" }, order)).toBeNull();
    expect(likeness("a", "a")).toBe(1);
  });
});

describe("differences", () => {
  const whole = (before: string, after: string) => {
    const changes = diff(before, after);
    const put = (side: "old" | "now") =>
      sideOf(changes, side)
        .map((change) => change.text)
        .join("");
    return [put("old"), put("now")];
  };
  it("are by character in Chinese and by word in English", () => {
    expect(tokens("以 don't 3.5%")).toEqual(["以", " ", "don't", " ", "3.5", "%"]);
    expect(diff("within 7 days", "within 15 days")).toEqual([
      { kind: "same", text: "within " },
      { kind: "removed", text: "7" },
      { kind: "added", text: "15" },
      { kind: "same", text: " days" },
    ]);
    expect(diff("以洗涤标为准", "以商品页为准")).toEqual([
      { kind: "same", text: "以" },
      { kind: "removed", text: "洗涤标" },
      { kind: "added", text: "商品页" },
      { kind: "same", text: "为准" },
    ]);
  });
  it("put both texts together again, whatever they are", () => {
    for (const [a, b] of [
      ["买家应在签收后 7 天内提出申请。", "买家应在签收后 15 天内，以书面提出申请。"],
      ["", "新"],
      ["旧", ""],
      ["same", "same"],
      ["\u202Eabc <b>", "abc </b>👩‍👧"],
      ["a b c d e f", "a x c y e z"],
    ] as const)
      expect(whole(a, b)).toEqual([a, b]);
  });
  it("are by sentence where two long texts have hardly a letter in common", () => {
    const text = (from: number) =>
      Array.from({ length: 3000 }, (_, i) => String.fromCodePoint(from + (i % 900))).join("");
    const [a, b] = [`同一句。${text(0x4e00)}。`, `同一句。${text(0x6000)}。`];
    const started = performance.now();
    expect(diff(a, b).map((change) => change.kind)).toEqual(["same", "removed", "added"]);
    expect(performance.now() - started, "milliseconds").toBeLessThan(3000);
  });
});

describe("a rule and the one it replaces", () => {
  it("pairs paragraphs and counts what happened to them", () => {
    const pairs = pairsOf(rule.replaces!.paragraphs, rule.paragraphs);
    expect(tally(pairs)).toEqual({ same: 1, changed: 4, added: 1, removed: 1 });
    expect(pairs.map((pair) => pair.now?.number ?? `-${pair.old!.number}`)).toEqual([
      "1",
      "2",
      "3",
      "4",
      "5",
      "6",
      "-7",
    ]);
  });
  it("keeps a paragraph together whose number moved", () => {
    const p = (number: string, heading: string, text: string): RuleParagraph => ({ number, heading, text });
    const old = [p("1", "适用", "a"), p("2", "运费", "退货运费由买家承担"), p("3", "", "x")];
    const now = [p("1", "适用", "a"), p("2", "新增", "n"), p("3", "运费", "退货运费由责任方承担")];
    const pairs = pairsOf(old, now);
    expect(pairs.map((pair) => [pair.kind, pair.old?.number ?? null, pair.now?.number ?? null])).toEqual([
      ["same", "1", "1"],
      ["added", null, "2"],
      ["changed", "2", "3"],
      ["removed", "3", null],
    ]);
  });
  it("knows how deep a number is", () => {
    expect([depthOf("4"), depthOf("4.2"), depthOf("4.2.1")]).toEqual([0, 1, 2]);
  });
});

describe("lines", () => {
  it("are named, anchored and found again", () => {
    expect(anchorOf("p-2", lineName("scan", 4))).toEqual({
      kind: "line",
      evidence: "p-2",
      part: "scan",
      index: 4,
    });
    expect(anchorOf("p-4", lineName("paragraph", "4.2"))).toEqual({
      kind: "paragraph",
      evidence: "p-4",
      number: "4.2",
    });
    expect(targetLine({ evidence: "p-2", n: 1, line: { part: "payment", index: 1 } })).toBe("payment:1");
    expect(targetLine({ evidence: "p-2", n: 1, seq: 3 })).toBeNull();
  });
  it("say what they are in a few words, and nothing where there is no such line", () => {
    const body = coatBodies["p-2"]!;
    expect(lineWords(body, "scan", 4)).toBe("签收 成都武侯 11-06 15:40");
    expect(lineWords(body, "payment", 0)).toBe("付款 ¥689.00 11-02 14:20");
    expect(lineWords(body, "amount", 3)).toBe("实付 ¥689.00");
    expect(lineWords(body, "item", 0)).toBe("羊毛混纺大衣 中长款 双面呢 秋冬…");
    expect(lineWords(body, "status", 99)).toBeNull();
  });
  it("count scans through all parcels", () => {
    const two = [order.shipments[0]!, order.shipments[0]!];
    expect(firstScan(two, 1)).toBe(5);
  });
});
