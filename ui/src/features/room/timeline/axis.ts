// The axis of a case: items by one clock, merged as far as the level asks for, gaps between them, and
// how dense the whole is. Items keep the order they come in. Pure.
import type { Side, TimelineItem, TimelineKind } from "../../../backend/types";

/** How much of time stands on one line, coarse to fine. */
export const LEVELS = ["year", "month", "day", "hour", "minute"] as const;
export type Level = (typeof LEVELS)[number];

export interface Entry {
  item: TimelineItem;
  /** The item's place on the whole axis. */
  index: number;
  /** The place in time, and that of its end, in milliseconds. */
  ms: number;
  end: number;
  /** The place by the axis' clock, `2026-11-02T14:02:17`. */
  clock: string;
  /** What the stamp says by the same clock. */
  stated: string;
  /** The stamp is earlier than the place: a chat keeps its recorded order. */
  behind: boolean;
}

export type Row =
  | { kind: "head"; key: string; clock: string }
  | { kind: "gap"; key: string; seconds: number }
  | { kind: "item"; key: string; entry: Entry; inside: boolean; label: boolean }
  | { kind: "group"; key: string; entries: Entry[]; open: boolean; label: boolean };

export interface Filter {
  /** None of them chosen means all of them. */
  sides: ReadonlySet<Side>;
  kinds: ReadonlySet<TimelineKind>;
  /** Instants in milliseconds. */
  range: readonly [from: number, to: number] | null;
}

export const ALL: Filter = { sides: new Set(), kinds: new Set(), range: null };

const HOUR = 3_600;
const DAY = 86_400;
/** The least time without an item that is drawn as a gap, in seconds. */
const GAP: Record<Level, number> = {
  year: 60 * DAY,
  month: 7 * DAY,
  day: 36 * HOUR,
  hour: 3 * HOUR,
  minute: 30 * 60,
};
/** So many letters of a clock say in which line, and under which heading, something stands. */
const LINE: Record<Level, number> = { year: 7, month: 10, day: 13, hour: 15, minute: 19 };
const HEAD: Record<Level, number> = { year: 4, month: 7, day: 10, hour: 10, minute: 10 };
/** More rows than these do not fit at first. */
const FITTING = 60;

export const sideOf = (item: TimelineItem): Side => item.side ?? "platform";

/** Minutes east of UTC that a stamp was stated with. */
export function offsetOf(stamp: string): number {
  const found = /([+-])(\d{2}):?(\d{2})$/.exec(stamp);
  return found ? (found[1] === "-" ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) : 0;
}

/** The offset that most items were stated with: the axis' clock. */
export function usualOffset(items: readonly TimelineItem[]): number {
  const seen = new Map<number, number>();
  for (const item of items) seen.set(offsetOf(item.at), (seen.get(offsetOf(item.at)) ?? 0) + 1);
  return [...seen].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

export const clockAt = (ms: number, offset: number): string =>
  new Date(ms + offset * 60_000).toISOString().slice(0, 19);

/** Items stand in their order, so that none has a place before the one that comes before it. */
export function entriesOf(items: readonly TimelineItem[], offset: number): Entry[] {
  let ms = -Infinity;
  return items.map((item, index) => {
    const stamp = Date.parse(item.at);
    ms = Math.max(ms, stamp);
    const end = item.until ? Math.max(ms, Date.parse(item.until)) : ms;
    const [clock, stated] = [clockAt(ms, offset), clockAt(stamp, offset)];
    return { item, index, ms, end, clock, stated, behind: stamp < ms };
  });
}

/** What an item counts as among the kinds: a record of a date that matters is also that date. */
export const kindsOf = ({ kind, key_dates }: TimelineItem): TimelineKind[] =>
  key_dates.length && kind !== "key_date" ? [kind, "key_date"] : [kind];

export const passes = (entry: Entry, { sides, kinds, range }: Filter): boolean =>
  (sides.size === 0 || sides.has(sideOf(entry.item))) &&
  (kinds.size === 0 || kindsOf(entry.item).some((kind) => kinds.has(kind))) &&
  (range === null || (entry.end >= range[0] && entry.ms <= range[1]));

/**
 * The rows of a level. What one side did of one kind within one line is one row, which can be opened;
 * a gap is measured from the end of what was last to the beginning of what is next.
 */
export function rowsOf(
  entries: readonly Entry[],
  level: Level,
  filter: Filter = ALL,
  open: ReadonlySet<string> = new Set(),
): Row[] {
  const rows: Row[] = [];
  let head = "";
  let line = "";
  let groups: Entry[][] = [];
  let reached: number | null = null;
  const flush = () => {
    groups.forEach((group, i) => {
      const first = group[0]!;
      const label = i === 0;
      if (group.length === 1) {
        rows.push({ kind: "item", key: `i${first.index}`, entry: first, inside: false, label });
        return;
      }
      const key = `${level}${first.index}`;
      const opened = open.has(key);
      rows.push({ kind: "group", key, entries: group, open: opened, label });
      if (opened)
        for (const entry of group)
          rows.push({ kind: "item", key: `i${entry.index}`, entry, inside: true, label: true });
    });
    groups = [];
  };
  for (const entry of entries) {
    if (!passes(entry, filter)) continue;
    const here = level === "minute" ? String(entry.index) : entry.clock.slice(0, LINE[level]);
    if (here !== line) {
      flush();
      line = here;
      const apart = reached === null ? 0 : (entry.ms - reached) / 1000;
      if (apart > GAP[level]) rows.push({ kind: "gap", key: `g${entry.index}`, seconds: apart });
      const heading = entry.clock.slice(0, HEAD[level]);
      if (heading !== head) rows.push({ kind: "head", key: `h${entry.index}`, clock: (head = heading) });
    }
    reached = Math.max(reached ?? entry.end, entry.end);
    const { kind } = entry.item;
    const same = groups.find(
      ([one]) => one!.item.kind === kind && sideOf(one!.item) === sideOf(entry.item) && joins(kind),
    );
    if (same) same.push(entry);
    else groups.push([entry]);
  }
  flush();
  return rows;
}

/** What was decided or asked for, and the dates that matter, always stand by themselves. */
const ALONE: ReadonlySet<TimelineKind> = new Set(["claim", "platform_act", "key_date"]);
const joins = (kind: TimelineKind): boolean => !ALONE.has(kind);

/** The finest level, from days up, at which the whole case fits a few screens. */
export function fitting(entries: readonly Entry[]): Level {
  const coarse = LEVELS.slice(0, LEVELS.indexOf("day") + 1).reverse();
  return coarse.find((level) => rowsOf(entries, level).length <= FITTING) ?? "year";
}

/** The row that has an item; the row before it where it is filtered out. */
export function rowOf(rows: readonly Row[], index: number): number {
  let near = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const first = row.kind === "item" ? row.entry.index : row.kind === "group" ? row.entries[0]!.index : -1;
    if (first < 0) continue;
    if (row.kind === "item" && first === index) return i;
    if (row.kind === "group" && !row.open && row.entries.some((entry) => entry.index === index)) return i;
    if (first <= index) near = i;
  }
  return near;
}

/** The first item of a row or of what comes after it; none at the end. */
export function itemFrom(rows: readonly Row[], at: number): Entry | null {
  for (let i = Math.max(0, at); i < rows.length; i++) {
    const row = rows[i]!;
    if (row.kind === "item") return row.entry;
    if (row.kind === "group") return row.entries[0]!;
  }
  return null;
}

/** How high a gap is drawn, in pixels: longer ones are higher, ten times as long is one step more. */
export const gapHeight = (seconds: number): number =>
  Math.round(Math.min(96, 30 + 18 * Math.max(0, Math.log10(seconds / (6 * HOUR)))));
