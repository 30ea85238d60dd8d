// A chat log as rows: days, gaps, what the platform left out, and messages. Pure.
import type { ChatLog, ChatMessage } from "../../../backend/types";

export type Row =
  | { kind: "day"; key: string; day: string; gapDays: number }
  | { kind: "omitted"; key: string; count: number }
  | { kind: "message"; key: string; message: ChatMessage; first: boolean };

export interface ChatRows {
  rows: Row[];
  /** Days that have messages, and the row each begins at. */
  days: { day: string; row: number; count: number }[];
  /** The row of each message. */
  rowOf: Map<number, number>;
}

const GROUP_SECONDS = 180;

/** Lays a log out in its recorded order, which is `seq` and never the time stamp. */
export function layOut(log: ChatLog): ChatRows {
  const rows: Row[] = [];
  const days: ChatRows["days"] = [];
  const rowOf = new Map<number, number>();
  let day = "";
  let before: ChatMessage | null = null;
  for (const message of log.messages) {
    if (message.omitted_before)
      rows.push({ kind: "omitted", key: `o${message.seq}`, count: message.omitted_before });
    const today = message.at?.slice(0, 10) ?? day;
    if (today !== day) {
      const gapDays = day && today ? Math.round((Date.parse(today) - Date.parse(day)) / 86_400_000) - 1 : 0;
      if (!days.some((one) => one.day === today)) days.push({ day: today, row: rows.length, count: 0 });
      rows.push({ kind: "day", key: `d${message.seq}`, day: today, gapDays: Math.max(0, gapDays) });
      day = today;
      before = null;
    }
    const counted = days.at(-1);
    if (counted) counted.count++;
    const first = !(
      before &&
      !message.omitted_before &&
      before.from === message.from &&
      before.kind !== "system" &&
      message.kind !== "system" &&
      Math.abs(Date.parse(message.at ?? "") - Date.parse(before.at ?? "")) / 1000 < GROUP_SECONDS
    );
    rowOf.set(message.seq, rows.length);
    rows.push({ kind: "message", key: `m${message.seq}`, message, first });
    before = message;
  }
  return { rows, days, rowOf };
}

/** The messages whose text has what is looked for, by `seq`. */
export function search(log: ChatLog, wanted: string): number[] {
  const needle = wanted.trim().toLocaleLowerCase();
  if (!needle) return [];
  return log.messages.filter((m) => m.text.toLocaleLowerCase().includes(needle)).map((m) => m.seq);
}

/** A text in pieces, those that match marked. */
export function pieces(text: string, wanted: string): { text: string; hit: boolean }[] {
  const needle = wanted.trim();
  if (!needle) return [{ text, hit: false }];
  const out: { text: string; hit: boolean }[] = [];
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
