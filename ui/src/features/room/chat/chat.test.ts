// The chat's pure parts: how messages stand, days, texts in pieces, selections; and the reader, which
// asks for pages and keeps few of them.
import { describe, expect, it } from "vitest";
import { FakeBackend } from "../../../backend/fake";
import { coatChat } from "../../../backend/fake/coatChat";
import type { ChatMessage } from "../../../backend/types";
import { monthsOf, weeksOf } from "./days";
import { ChatReader } from "./reader.svelte";
import { dayIndexAt, excerpt, firstFrom, pieces, standing } from "./rows";
import { add, has, NONE, remove, size, toggle } from "./selection";

const said = (seq: number, at: string | null, more: Partial<ChatMessage> = {}): ChatMessage => ({
  seq,
  at,
  from: "b",
  kind: "text",
  text: String(seq),
  ...more,
});

describe("a message", () => {
  const morning = said(1, "2026-11-02T10:00:00+08:00");
  it("joins the group of its sender only when it follows soon, on the same day, with nothing left out", () => {
    const soon = said(2, "2026-11-02T10:01:00+08:00");
    expect(standing(soon, morning, "2026-11-02").first).toBe(false);
    expect(standing({ ...soon, from: "s" }, morning, "2026-11-02").first).toBe(true);
    expect(standing({ ...soon, omitted_before: 3 }, morning, "2026-11-02")).toMatchObject({
      first: true,
      omitted: 3,
    });
    expect(standing(said(2, "2026-11-02T10:09:00+08:00"), morning, "2026-11-02").first).toBe(true);
  });
  it("begins a day, and names the days between that have no messages", () => {
    expect(standing(morning, null, null)).toMatchObject({ day: "2026-11-02", gapDays: 0 });
    expect(standing(said(2, "2026-11-08T10:00:00+08:00"), morning, "2026-11-02")).toMatchObject({
      day: "2026-11-08",
      gapDays: 5,
    });
  });
  it("without a time begins no day, and one that goes back in time counts no days between", () => {
    expect(standing(said(2, null), morning, "2026-11-02").day).toBeNull();
    expect(standing(said(2, "2026-11-01T23:00:00+08:00"), morning, "2026-11-02")).toMatchObject({
      day: "2026-11-01",
      gapDays: 0,
    });
  });
});

describe("places", () => {
  const days = [
    { day: "2026-11-02", first: 0, count: 10 },
    { day: "2026-11-08", first: 10, count: 5 },
  ];
  it("are found among days", () => {
    expect([0, 9, 10, 14].map((place) => dayIndexAt(days, place))).toEqual([0, 0, 1, 1]);
    expect(dayIndexAt([], 3)).toBe(-1);
  });
  it("are found among hits", () => {
    expect([0, 3, 4, 8, 9].map((place) => firstFrom([3, 8], place))).toEqual([0, 0, 1, 1, 2]);
  });
  it("of a month stand in weeks from Monday", () => {
    expect(monthsOf(days)).toEqual(["2026-11"]);
    const weeks = weeksOf("2026-11");
    expect(weeks[0]).toEqual([null, null, null, null, null, null, "2026-11-01"]);
    expect(weeks.flat().filter(Boolean)).toHaveLength(30);
    expect(weeksOf("2024-02").flat().filter(Boolean)).toHaveLength(29);
  });
});

describe("a text", () => {
  it("is marked in any case, at every place, and never changed", () => {
    expect(pieces("abcABC", "b").filter((piece) => piece.hit)).toHaveLength(2);
    expect(pieces("abc", " ").filter((piece) => piece.hit)).toHaveLength(0);
    expect(
      pieces("İx", "x")
        .map((piece) => piece.text)
        .join(""),
    ).toBe("İx");
  });
  it("is shown around its match on one line", () => {
    expect(excerpt("短", "短")).toBe("短");
    expect(excerpt(`${"一".repeat(40)}\n洗涤标`, "洗涤标")).toBe(`…${"一".repeat(13)} 洗涤标`);
    expect(excerpt(`${"😀".repeat(20)}x`, "x", 5), "no half of a character").toBe("…😀😀😀x");
  });
});

describe("a selection", () => {
  it("joins stretches that touch, and splits where one is taken out", () => {
    const two = add(add(NONE, 3, 5), 8);
    expect(two).toEqual([
      [3, 5],
      [8, 8],
    ]);
    expect(add(two, 7, 6)).toEqual([[3, 8]]);
    expect(remove([[3, 8]], 5)).toEqual([
      [3, 4],
      [6, 8],
    ]);
    expect(size(two)).toBe(4);
    expect(has(toggle(two, 4), 4)).toBe(false);
    expect(has(toggle(two, 6), 6)).toBe(true);
  });
  it("of a million messages is one stretch", () => {
    expect(add(NONE, 0, 999_999)).toHaveLength(1);
  });
});

describe("the reader", () => {
  const settled = async (backend: FakeBackend) => {
    let before = -1;
    while (backend.calls.length !== before) {
      before = backend.calls.length;
      for (let i = 0; i < 20; i++) await Promise.resolve();
    }
  };
  const pages = (backend: FakeBackend) => backend.calls.filter((call) => call.verb === "chat_page");

  it("opens with one question, however long the log is", async () => {
    for (const messages of [undefined, 1_000, 1_000_000]) {
      const backend = new FakeBackend(messages === undefined ? {} : { messages });
      const reader = new ChatReader(backend, "seat-1", "p-1");
      await reader.open();
      await settled(backend);
      reader.want(0, 40);
      await settled(backend);
      expect(backend.calls.map((call) => call.verb).sort()).toEqual(["chat"]);
      expect(reader.line(0)?.message.seq).toBe(1);
    }
  });

  it("asks once for a far place, and once more for each hundred that follow", async () => {
    const backend = new FakeBackend({ messages: 1_000_000 });
    const reader = new ChatReader(backend, "seat-1", "p-1");
    await reader.open();
    await settled(backend);
    reader.want(500_000, 500_040);
    await settled(backend);
    expect(pages(backend)).toHaveLength(1);
    for (let first = 500_000; first < 500_200; first += 5) {
      reader.want(first, first + 40);
      await settled(backend);
      for (let place = first; place < first + 40; place++)
        expect(reader.line(place), `message at ${place}`).toBeDefined();
    }
    expect(pages(backend)).toHaveLength(3);
  });

  it("goes on where a page of long messages ended, forwards and backwards", async () => {
    const backend = new FakeBackend({ messages: 5_000 });
    const whole = backend.chatPage;
    backend.chatPage = async (...asked) => {
      if (pages(backend).length > 200) throw new Error("it asks for ever");
      const page = await whole(...asked);
      return { ...page, lines: page.lines.slice(0, 7) };
    };
    const reader = new ChatReader(backend, "seat-1", "p-1");
    await reader.open();
    for (const [first, end] of [
      [300, 340],
      [230, 270],
      [2_000, 2_040],
      [1_950, 2_010],
    ] as const) {
      const before = pages(backend).length;
      reader.want(first, end);
      await settled(backend);
      for (let place = first; place < end; place++)
        expect(reader.line(place), `message at ${place}`).toBeDefined();
      expect(pages(backend).length - before).toBeLessThan(30);
    }
  });

  it("asks for the last place only, when places go by faster than pages come", async () => {
    const backend = new FakeBackend({ messages: 1_000_000 });
    const reader = new ChatReader(backend, "seat-1", "p-1");
    await reader.open();
    await settled(backend);
    for (let place = 0; place < 900_000; place += 10_000) reader.want(place, place + 40);
    await settled(backend);
    expect(pages(backend).length).toBeLessThanOrEqual(3);
    expect(reader.line(890_000)).toBeDefined();
  });

  it("keeps few pages, and asks again for those it dropped", async () => {
    const backend = new FakeBackend({ messages: 1_000_000 });
    const reader = new ChatReader(backend, "seat-1", "p-1");
    await reader.open();
    await settled(backend);
    for (let place = 10_000; place < 500_000; place += 10_000) {
      reader.want(place, place + 40);
      await settled(backend);
    }
    expect(reader.line(0), "dropped meanwhile").toBeUndefined();
    reader.want(0, 17);
    await settled(backend);
    expect(reader.line(0)?.message.seq).toBe(1);
  });

  it("finds a message by its number, and says so where the log does not have it", async () => {
    const backend = new FakeBackend();
    const reader = new ChatReader(backend, "seat-1", "p-1");
    await reader.open(100);
    await settled(backend);
    expect(pages(backend)).toHaveLength(0);
    expect(await reader.placeOf(128)).toBe(126);
    expect(await reader.placeOf(127)).toBeNull();
  });

  it("knows the day of a message by the one before it, even where that has no time", async () => {
    const backend = new FakeBackend();
    const reader = new ChatReader(backend, "seat-1", "p-1");
    await reader.open();
    reader.want(0, coatChat.length);
    await settled(backend);
    const days = coatChat.flatMap((_, place) => reader.standing(place).day ?? []);
    expect(days).toEqual(["2026-11-02", "2026-11-08", "2026-11-09", "2026-11-10"]);
    expect(reader.standing(13)).toMatchObject({ day: "2026-11-08", gapDays: 5 });
    expect(reader.dayAt(20)).toBe("2026-11-08");
  });

  it("tries a page again that could not be read", async () => {
    const backend = new FakeBackend({ messages: 5_000 });
    const reader = new ChatReader(backend, "seat-1", "p-1");
    await reader.open();
    await settled(backend);
    backend.options.failing = { chat_page: "internal" };
    reader.want(3_000, 3_040);
    await settled(backend);
    expect(reader.pageFailure?.code).toBe("internal");
    expect(reader.line(3_000)).toBeUndefined();
    backend.options.failing = {};
    reader.retry();
    await settled(backend);
    expect(reader.line(3_000)).toBeDefined();
  });

  it("reads a long stretch for copying, in order and without holes", async () => {
    const backend = new FakeBackend({ messages: 5_000 });
    const reader = new ChatReader(backend, "seat-1", "p-1");
    await reader.open();
    const lines = await reader.stretch(90, 690);
    expect(lines).toHaveLength(601);
    lines.forEach((line, i) => expect(line.message.seq).toBe(i + 91));
  });
});
