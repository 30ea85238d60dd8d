// How many items stand where on the whole axis, for the strip above it. Pure.
import type { Side } from "../../../backend/types";
import { clockAt, sideOf, type Entry } from "./axis";

export interface Column {
  from: number;
  to: number;
  /** By side, in the order they first appear; a run of messages counts every message. */
  bySide: { side: Side; count: number }[];
  total: number;
}

export interface Density {
  /** The stretch of time that is drawn, in milliseconds. */
  from: number;
  to: number;
  columns: Column[];
}

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Equal stretches from the first item to the last. */
export function density(entries: readonly Entry[], columns = 96): Density {
  const from = entries.reduce((least, entry) => Math.min(least, entry.ms), Infinity);
  const last = entries.reduce((most, entry) => Math.max(most, entry.end), -Infinity);
  if (entries.length === 0) return { from: 0, to: 0, columns: [] };
  const step = Math.max(MINUTE, Math.ceil((last - from + 1) / columns));
  const many = Math.max(1, Math.ceil((last - from + 1) / step));
  const out: Column[] = Array.from({ length: many }, (_, i) => ({
    from: from + i * step,
    to: from + (i + 1) * step,
    bySide: [],
    total: 0,
  }));
  for (const { item, ms } of entries) {
    const column = out[Math.min(many - 1, Math.floor((ms - from) / step))]!;
    const side = sideOf(item);
    const weight = item.kind === "chat" ? Math.max(1, item.count) : 1;
    const cell = column.bySide.find((one) => one.side === side);
    if (cell) cell.count += weight;
    else column.bySide.push({ side, count: weight });
    column.total += weight;
  }
  return { from, to: from + many * step, columns: out };
}

export interface Tick {
  ms: number;
  /** The clock up to the unit that is meant: `2026`, `2026-11`, `2026-11-02`, `2026-11-02T14:00`. */
  clock: string;
}

const STEPS = [
  ...[1, 3, 6, 12].map((n) => ({ ms: (n * DAY) / 24, letters: 16 })),
  ...[1, 2, 7, 14].map((n) => ({ ms: n * DAY, letters: 10 })),
];

/** At most so many moments to write below the strip, at round times of the axis' clock. */
export function ticks({ from, to }: Density, offset: number, most = 7): Tick[] {
  const out: Tick[] = [];
  const step = STEPS.find((one) => (to - from) / one.ms <= most);
  if (step) {
    const shift = offset * MINUTE;
    for (let ms = Math.ceil((from + shift) / step.ms) * step.ms - shift; ms <= to; ms += step.ms)
      out.push({ ms, clock: clockAt(ms, offset).slice(0, step.letters) });
    return out;
  }
  const months = (to - from) / (30.4 * DAY);
  const by = [1, 2, 3, 6, 12, 24, 60, 120].find((n) => months / n <= most) ?? 240;
  const first = new Date(from + offset * MINUTE);
  for (let n = first.getUTCFullYear() * 12 + first.getUTCMonth(); ; n++) {
    if (n % by !== 0) continue;
    const ms = Date.UTC(Math.floor(n / 12), n % 12, 1) - offset * MINUTE;
    if (ms > to) break;
    if (ms >= from) out.push({ ms, clock: clockAt(ms, offset).slice(0, by % 12 === 0 ? 4 : 7) });
  }
  return out;
}

/** Where a moment stands on the strip, from 0 to 1. */
export const partOf = ({ from, to }: Density, ms: number): number =>
  to > from ? Math.max(0, Math.min(1, (ms - from) / (to - from))) : 0;

export const msOf = ({ from, to }: Density, part: number): number =>
  Math.round(from + Math.max(0, Math.min(1, part)) * (to - from));
