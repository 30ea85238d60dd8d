// The axis: what is merged at which level, gaps, filters, clocks, and the strip above it.
import { describe, expect, it } from "vitest";
import { coatTimeline, longTimeline } from "../../../backend/fake/coatTimeline";
import type { TimelineItem } from "../../../backend/types";
import {
  ALL,
  entriesOf,
  fitting,
  gapHeight,
  itemFrom,
  LEVELS,
  offsetOf,
  rowOf,
  rowsOf,
  usualOffset,
} from "./axis";
import { itemOf } from "./observe";
import { density, msOf, partOf, ticks } from "./density";

const offset = usualOffset(coatTimeline.items);
const entries = entriesOf(coatTimeline.items, offset);
const like = (at: string, more: Partial<TimelineItem> = {}): TimelineItem => ({
  ...coatTimeline.items[3]!,
  at,
  ...more,
});
const itemsIn = (rows: ReturnType<typeof rowsOf>) =>
  rows.flatMap((row) => (row.kind === "item" ? [row.entry] : row.kind === "group" ? row.entries : []));

describe("the axis", () => {
  it("has every item once at every level, in the order it came in", () => {
    for (const level of LEVELS) {
      const shown = itemsIn(rowsOf(entries, level)).map((entry) => entry.index);
      expect(
        shown.toSorted((a, b) => a - b),
        level,
      ).toEqual(entries.map((_, i) => i));
    }
    expect(itemsIn(rowsOf(entries, "minute")).map((entry) => entry.index)).toEqual(entries.map((_, i) => i));
  });

  it("keeps the recorded order where stamps disagree", () => {
    const items = [
      like("2026-11-02T10:00:00+08:00", { kind: "chat" }),
      like("2026-11-01T09:00:00+08:00", { kind: "chat" }),
      like("2026-11-02T11:00:00+08:00"),
    ];
    const rows = rowsOf(entriesOf(items, 480), "minute");
    expect(
      rows.map((row) => row.kind),
      "one day, and no gap",
    ).toEqual(["head", "item", "item", "gap", "item"]);
    expect(itemsIn(rows).map((entry) => [entry.index, entry.clock.slice(8, 13), entry.behind])).toEqual([
      [0, "02T10", false],
      [1, "02T10", true],
      [2, "02T11", false],
    ]);
    expect(itemsIn(rows)[1]?.stated, "it is shown with the stamp it has").toBe("2026-11-01T09:00:00");
  });

  it("merges more the coarser it is", () => {
    const long = entriesOf(longTimeline(2_000).items, 480);
    const many = LEVELS.map((level) => rowsOf(long, level).filter((row) => row.kind !== "gap").length);
    expect(many).toEqual(many.toSorted((a, b) => a - b));
    expect(rowsOf(long, fitting(long)).length).toBeLessThan(rowsOf(long, "minute").length);
    expect(fitting(entries)).toBe("day");
  });

  it("joins pictures taken together, and opens them again in their place", () => {
    const rows = rowsOf(entries, "day");
    const at = rows.findIndex((row) => row.kind === "group");
    const group = rows[at]!;
    expect(group.kind === "group" && group.entries.map((entry) => entry.item.kind)).toEqual([
      "photo_taken",
      "photo_taken",
    ]);
    const opened = rowsOf(entries, "day", ALL, new Set([group.key]));
    expect(opened).toHaveLength(rows.length + 2);
    expect(opened[at + 1]).toMatchObject({ kind: "item", inside: true });
  });

  it("never merges what was asked for or decided", () => {
    for (const kind of ["claim", "platform_act", "key_date"] as const) {
      const two = [1, 2].map((n) => like(`2026-11-02T10:0${n}:00+08:00`, { kind }));
      expect(rowsOf(entriesOf(two, 480), "year").filter((row) => row.kind === "item")).toHaveLength(2);
    }
  });

  it("draws gaps as gaps, from the end of what was last", () => {
    expect(rowsOf(entries, "day").filter((row) => row.kind === "gap")).toHaveLength(2);
    const run = like("2026-11-02T10:00:00+08:00", { kind: "chat", until: "2026-11-05T10:00:00+08:00" });
    const after = like("2026-11-05T20:00:00+08:00");
    expect(rowsOf(entriesOf([run, after], 480), "day").some((row) => row.kind === "gap")).toBe(false);
    expect(rowsOf(entriesOf([{ ...run, until: null }, after], 480), "day")[2]).toMatchObject({
      kind: "gap",
      seconds: 82 * 3_600,
    });
    expect(gapHeight(300 * 86_400)).toBeGreaterThan(gapHeight(2 * 86_400));
  });

  it("filters by several sides and kinds at once, and by a stretch of time", () => {
    const only = (filter: Partial<typeof ALL>) => itemsIn(rowsOf(entries, "minute", { ...ALL, ...filter }));
    expect(only({ sides: new Set(["seller"]) })).toHaveLength(4);
    expect(only({ sides: new Set(["seller", "platform"]) })).toHaveLength(9);
    expect(only({ kinds: new Set(["scan", "claim"]) })).toHaveLength(3);
    expect(only({ kinds: new Set(["key_date"]) }), "two by themselves, three on their records").toHaveLength(
      5,
    );
    const day = Date.parse("2026-11-08T00:00:00+08:00");
    expect(only({ range: [day, day + 86_400_000] })).toHaveLength(5);
  });

  it("stands by one clock, that of most items", () => {
    expect(offset).toBe(480);
    expect([offsetOf("2026-11-10T03:00:00Z"), offsetOf("2026-11-10T03:00:00-03:30")]).toEqual([0, -210]);
    expect(entries.at(-1)?.clock, "stated as 03:00 UTC").toBe("2026-11-10T11:00:00");
  });

  it("finds items in rows and rows of items", () => {
    for (const level of LEVELS) {
      const rows = rowsOf(entries, level);
      for (const { index } of entries) {
        const row = rows[rowOf(rows, index)]!;
        const there = row.kind === "item" ? [row.entry] : row.kind === "group" ? row.entries : [];
        expect(there.some((entry) => entry.index === index)).toBe(true);
      }
      expect(itemFrom(rows, 0)?.index).toBe(0);
    }
  });
});

describe("an observation", () => {
  it("stands beside what its moment, its picture or its message names", () => {
    const beside = coatTimeline.observations.map(
      (one) => coatTimeline.items[itemOf(one, coatTimeline.items)],
    );
    expect(beside.map((item) => item?.kind)).toEqual(["photo_taken", "scan", "chat", "photo_taken"]);
    expect(beside[2]?.source?.seq, "message 128 is in the run that begins with 100").toBe(100);
    const promise = { ...coatTimeline.observations[1]!, sources: [] };
    expect(
      coatTimeline.items[itemOf(promise, coatTimeline.items)]?.key_dates,
      "no record, but a date",
    ).toEqual(["dispatch_promised"]);
    const nowhere = {
      ...coatTimeline.observations[2]!,
      sources: [{ evidence: "x-1", seq: 1, picture: null }],
    };
    expect(itemOf(nowhere, coatTimeline.items)).toBe(-1);
  });
});

describe("the strip", () => {
  it("counts every item and every message once, however long the case", () => {
    for (const items of [coatTimeline.items, longTimeline(5_000).items]) {
      const all = density(entriesOf(items, 480));
      expect(all.columns.length).toBeLessThanOrEqual(96);
      const weight = items.reduce((sum, item) => sum + (item.kind === "chat" ? item.count : 1), 0);
      expect(all.columns.reduce((sum, column) => sum + column.total, 0)).toBe(weight);
    }
  });
  it("finds a moment's place and the moment again", () => {
    const all = density(entries);
    for (const { ms } of entries) expect(msOf(all, partOf(all, ms))).toBe(ms);
    expect(partOf(all, all.from - 1)).toBe(0);
  });
  it("names few round moments, from hours to years", () => {
    const span = (days: number) => ({
      from: Date.UTC(2026, 0, 5, 7, 31),
      to: Date.UTC(2026, 0, 5 + days, 9),
      columns: [],
    });
    expect(ticks(span(0), 0).map((tick) => tick.clock)).toEqual(["2026-01-05T08:00", "2026-01-05T09:00"]);
    expect(ticks(span(6), 480)[0]).toEqual({ ms: Date.UTC(2026, 0, 5, 16), clock: "2026-01-06" });
    for (const days of [0.3, 2, 20, 90, 400, 4_000]) {
      const some = ticks(span(days), 480);
      expect(some.length).toBeGreaterThan(0);
      expect(some.length).toBeLessThanOrEqual(8);
    }
    expect(ticks(span(4_000), 0)[0]?.clock).toMatch(/^\d{4}$/);
  });
  it("has nothing to show without items", () => {
    expect(density([]).columns).toEqual([]);
  });
});
