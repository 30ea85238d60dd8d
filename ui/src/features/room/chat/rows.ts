// How a message stands in its log: what comes before it, whether it begins a group; and a text in
// pieces, those that match marked. Pure.
import type { ChatDay, ChatMessage } from "../../../backend/types";

/** What stands above a message, and how it follows the one before it. */
export interface Standing {
  /** The day that begins with this message; none within a day. */
  day: string | null;
  /** Days without messages before this one's day. */
  gapDays: number;
  /** How many messages the platform left out before it. */
  omitted: number;
  /** Whether it begins a group of its sender's. */
  first: boolean;
}

const GROUP_SECONDS = 180;
const DAY_MS = 86_400_000;

/**
 * Tells how a message stands after the one before it in the recorded order, which is never that of
 * the time stamps. `dayBefore` is the day the log had reached, where that is known.
 */
export function standing(
  message: ChatMessage,
  before: ChatMessage | null,
  dayBefore: string | null,
): Standing {
  const today = message.at?.slice(0, 10) ?? null;
  const day = today !== null && today !== dayBefore ? today : null;
  const gap = day && dayBefore ? Math.round((Date.parse(day) - Date.parse(dayBefore)) / DAY_MS) - 1 : 0;
  const omitted = message.omitted_before ?? 0;
  const apart = Math.abs(Date.parse(message.at ?? "") - Date.parse(before?.at ?? "")) / 1000;
  const joins =
    before !== null &&
    day === null &&
    omitted === 0 &&
    before.from === message.from &&
    before.kind !== "system" &&
    message.kind !== "system" &&
    apart < GROUP_SECONDS;
  return { day, gapDays: Math.max(0, gap), omitted, first: !joins };
}

/** The place in `days` of the one that has this message; -1 before the first. */
export function dayIndexAt(days: readonly ChatDay[], place: number): number {
  let [low, high] = [-1, days.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (days[middle]!.first <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The first of some rising places that is not before this one. */
export function firstFrom(places: readonly number[], place: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]! < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface Piece {
  text: string;
  hit: boolean;
}

/** A text in pieces, those that match marked. */
export function pieces(text: string, wanted: string): Piece[] {
  const needle = wanted.trim();
  if (!needle) return [{ text, hit: false }];
  const out: Piece[] = [];
  const low = text.toLocaleLowerCase();
  const find = needle.toLocaleLowerCase();
  // Where lower-casing changes lengths, positions would not fit: then nothing is marked.
  if (low.length !== text.length) return [{ text, hit: false }];
  let at = 0;
  for (let hit = low.indexOf(find); hit >= 0; hit = low.indexOf(find, at)) {
    if (hit > at) out.push({ text: text.slice(at, hit), hit: false });
    out.push({ text: text.slice(hit, hit + find.length), hit: true });
    at = hit + find.length;
  }
  if (at < text.length) out.push({ text: text.slice(at), hit: false });
  return out;
}

/** One line of text around the first match: what is before it is shortened. */
export function excerpt(text: string, wanted: string, lead = 14): string {
  const line = text.replace(/\s+/g, " ");
  const at = line.toLocaleLowerCase().indexOf(wanted.trim().toLocaleLowerCase());
  if (at <= lead) return line;
  // Not in the middle of a character that takes two units.
  const from = at - lead;
  const code = line.charCodeAt(from);
  return `…${line.slice(code >= 0xdc00 && code <= 0xdfff ? from - 1 : from)}`;
}
