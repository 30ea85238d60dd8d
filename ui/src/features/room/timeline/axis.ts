// The axis of a case: items by stated day, gaps between them, and how dense each day is. Pure.
import type { Side, TimelineItem, TimelineKind } from "../../../backend/types";
import { seconds } from "../../../app/words";

export interface Entry {
  item: TimelineItem;
  index: number;
}
export type Line =
  | { kind: "day"; key: string; day: string }
  | { kind: "gap"; key: string; seconds: number }
  | { kind: "items"; key: string; entries: Entry[] };

const GAP_SECONDS = 36 * 3600;
const dayOf = (item: TimelineItem): string => item.at.slice(0, 10);

/** Lines for the list. Pictures taken within a few minutes by one side stand on one line. */
export function lines(
  items: readonly TimelineItem[],
  sides: ReadonlySet<Side> | null,
  kinds: ReadonlySet<TimelineKind> | null,
): Line[] {
  const out: Line[] = [];
  let day = "";
  let before: TimelineItem | null = null;
  items.forEach((item, index) => {
    if (sides && !sides.has(item.side ?? "platform")) return;
    if (kinds && !kinds.has(item.kind)) return;
    const apart: number = before ? seconds(item.at) - seconds(before.at) : 0;
    if (before && apart > GAP_SECONDS) out.push({ kind: "gap", key: `g${index}`, seconds: apart });
    if (dayOf(item) !== day) {
      day = dayOf(item);
      out.push({ kind: "day", key: `d${index}`, day });
    }
    const last = out.at(-1);
    const joins =
      last?.kind === "items" &&
      item.kind === "photo_taken" &&
      last.entries[0]!.item.kind === "photo_taken" &&
      last.entries[0]!.item.side === item.side &&
      Math.abs(seconds(item.at) - seconds(last.entries[0]!.item.at)) < 600;
    if (joins && last.kind === "items") last.entries.push({ item, index });
    else out.push({ kind: "items", key: `i${index}`, entries: [{ item, index }] });
    before = item;
  });
  return out;
}

export interface Column {
  /** The day, or the first day of the stretch. */
  day: string;
  bySide: { side: Side; count: number }[];
  total: number;
  /** The first item of the stretch; none where there is none. */
  first: number | null;
}

/** At most so many equal stretches from the first day to the last, with their items by side. */
export function density(items: readonly TimelineItem[], most = 60): Column[] {
  if (!items.length) return [];
  const days = items.map((item) => Date.parse(dayOf(item)) / 86_400_000);
  const from = Math.min(...days);
  const count = Math.max(...days) - from + 1;
  const stretch = Math.max(1, Math.ceil(count / most));
  const columns: Column[] = [];
  for (let at = 0; at < count; at += stretch) {
    const day = new Date((from + at) * 86_400_000).toISOString().slice(0, 10);
    columns.push({ day, bySide: [], total: 0, first: null });
  }
  items.forEach((item, index) => {
    const column = columns[Math.floor((days[index]! - from) / stretch)];
    if (!column) return;
    const side = item.side ?? "platform";
    const weight = item.kind === "chat" ? Math.max(1, item.count) : 1;
    const cell = column.bySide.find((one) => one.side === side);
    if (cell) cell.count += weight;
    else column.bySide.push({ side, count: weight });
    column.total += weight;
    column.first ??= index;
  });
  return columns;
}
