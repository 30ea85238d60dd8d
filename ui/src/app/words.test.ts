// Words and keys: exact amounts, right plurals, text that stays text.
import { afterEach, describe, expect, it } from "vitest";
import { setLang, systemLang, t } from "../messages/index.svelte";
import { nameOf } from "./keys";
import { makeOp } from "./op";
import { bytes, left, moneyOf, numberOf, span, statedFull, statedOffset } from "./words";

afterEach(() => setLang("zh-Hans"));

describe("amounts", () => {
  it("are exact to the smallest unit, beyond what a float could hold in yuan", () => {
    expect(moneyOf(1250)).toBe("¥12.50");
    expect(moneyOf(1)).toBe("¥0.01");
    expect(moneyOf(-68905)).toBe("−¥689.05");
    expect(moneyOf(9_007_199_254_740_991)).toBe("¥90,071,992,547,409.91");
    expect(moneyOf(4299, "USD")).toBe("$42.99");
    expect(moneyOf(500, "JPY")).toMatch(/^.500$/);
  });
  it("of bytes have a unit", () => {
    expect([bytes(512), bytes(1_200_000), bytes(84_000_000)]).toEqual(["512 B", "1.2 MB", "84 MB"]);
  });
});

describe("times", () => {
  it("are spans of two units at most", () => {
    expect(span(18_720)).toBe("5 小时 12 分");
    expect(span(93_600)).toBe("1 天 2 小时");
    expect(left(-1)).toBe("已到期");
    setLang("en");
    expect(span(86_400)).toBe("1 day");
    expect(span(3 * 86_400)).toBe("3 days");
    expect(left(30)).toBe("under a minute left");
  });
  it("that were stated keep the clock they were stated by", () => {
    expect(statedFull("2026-11-02T14:03:27+08:00")).toBe("2026年11月2日星期一 14:03:27 UTC+8");
    expect(statedOffset("2026-11-02T14:03:27-05:30")).toBe("UTC−5:30");
    expect(statedOffset("2026-11-02T14:03:27Z")).toBe("UTC");
  });
});

describe("words", () => {
  it("have right plurals in English", () => {
    setLang("en");
    expect(t().docket.count(1)).toBe("1 case");
    expect(t().docket.count(2)).toBe("2 cases");
    expect(t().evidence.chat.omitted(1)).toBe("1 message not included by the platform");
    expect(t().room.notOpened(1)).toContain("1 piece of evidence is not opened");
  });
  it("number evidence by side", () => {
    expect(numberOf({ side: "buyer", n: 2 })).toBe("买2");
    setLang("en");
    expect(numberOf({ side: "platform", n: 1 })).toBe("P-1");
  });
  it("follow the system's language", () => {
    expect(systemLang(["zh-TW", "en"])).toBe("zh-Hant");
    expect(systemLang(["zh-CN"])).toBe("zh-Hans");
    expect(systemLang(["fr", "en-US"])).toBe("en");
    expect(systemLang(["fr"])).toBe("zh-Hans");
  });
  it("know the server's problems with and without their prefix", () => {
    expect(t().problem.of("problem_seat_ended")).toBe(t().problem.of("seat_ended"));
    expect(t().problem.of("pack_truncated").what).toBe("材料与签名不符");
  });
  it("say what happened when data went back to an earlier state, here or at the server", () => {
    expect(t().problem.of("journal_rolled_back").now).toContain("不会重复计入");
    expect(t().problem.of("server_forgot").now).toContain("自动再送一次");
    setLang("en");
    expect(t().problem.of("journal_rolled_back").now).toContain("never counted twice");
    expect(t().problem.of("server_forgot").now).toContain("by itself");
  });
  it("have an answer for a code nobody knows", () => {
    expect(t().problem.of("brand_new_code").now).toContain("brand_new_code");
  });
});

describe("operation ids", () => {
  it("are UUIDv7 and sort by time", () => {
    const [early, late] = [makeOp(1_700_000_000_000), makeOp(1_800_000_000_000)];
    expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(early < late).toBe(true);
  });
});

describe("keys", () => {
  it("have names with their modifiers", () => {
    expect(nameOf(new KeyboardEvent("keydown", { key: "J" }))).toBe("j");
    expect(nameOf(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true }))).toBe("Ctrl+Enter");
  });
});
