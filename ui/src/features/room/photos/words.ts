// What the viewer says about a picture, in sentences: facts, never a judgment.
import type { CaseRoomView, ContentCredentials, TimelineKind } from "../../../backend/types";
import { count, span, statedBeside } from "../../../app/words";
import { t } from "../../../messages/index.svelte";
import type { Picture } from "./album.svelte";
import { around, captured, moments, type Moment } from "./captured";
import type { Scene } from "./zoom";

/** What happened at a moment: 签收, 下单. */
export function momentName({ word }: Moment): string {
  const words = t().evidence.timeline;
  if ("keyDate" in word) return words.keyDate[word.keyDate];
  return word.text ? `${words.kind[word.kind]}${t().common.colon}${word.text}` : words.kind[word.kind];
}

/** What a line has room for: a record's own first words where its kind alone says too little. */
function shortName({ word }: Moment): string {
  const words = t().evidence.timeline;
  if ("keyDate" in word) return words.keyDate[word.keyDate];
  const first = word.text.split(/[,，。;；:：]/)[0]!.trim();
  return SAYS_LITTLE.has(word.kind) && first && first.length <= 16 ? first : words.kind[word.kind];
}
const SAYS_LITTLE: ReadonlySet<TimelineKind> = new Set([
  "scan",
  "order_status",
  "claim",
  "platform_act",
  "party_act",
]);

/** "签收之后 2 天 4 小时". */
export function sentenceOf(moment: Moment, seconds: number, side: "before" | "after"): string {
  const words = t().evidence.photo;
  if (seconds < 1) return words.atEvent(shortName(moment));
  return side === "before"
    ? words.afterEvent(span(seconds), shortName(moment))
    : words.beforeEvent(span(seconds), shortName(moment));
}

/** The capture time in one line, with the nearest events of the case on either side unless it is brief. */
export function takenLine(picture: Picture, room: CaseRoomView, brief = false): string {
  const words = t().evidence.photo;
  if (picture.media.at_ms != null) return words.still((picture.media.at_ms / 1000).toFixed(1));
  const taken = captured(picture.media, picture.evidence.id, picture.index, room);
  if (!taken) return "";
  const stamp = taken.at ?? taken.local;
  const said = stamp ? [words.capturedAt(statedBeside(stamp, picture.evidence.submitted_at))] : [];
  if (taken.at && !brief) {
    const { before, after } = around(taken.at, moments(room));
    if (before) said.push(sentenceOf(before.moment, before.seconds, "before"));
    if (after) said.push(sentenceOf(after.moment, after.seconds, "after"));
  }
  return said.join(" · ");
}

/** What was done to a picture, as its credentials say; a code that has no word stays as it is. */
export function actionName(code: string): string {
  const words: Record<string, string> = t().evidence.photo.action;
  return words[code.replace(/^c2pa\./, "")] ?? code;
}

export function faultName(code: string): string {
  const words = t().evidence.photo.fault;
  if (/hash\.mismatch$/i.test(code)) return words.hash;
  if (/^(claimSignature|timeStamp)\.mismatch$/i.test(code)) return words.signature;
  if (/expired|outsideValidity/i.test(code)) return words.expired;
  if (/revoked/i.test(code)) return words.revoked;
  if (/missing/i.test(code)) return words.missing;
  return words.other;
}

/** Each fault once, in words, with its code for those who want to look it up. */
export function faultsOf(credentials: ContentCredentials): { words: string; codes: string }[] {
  const found = new Map<string, string[]>();
  for (const code of credentials.faults)
    found.set(faultName(code), [...(found.get(faultName(code)) ?? []), code]);
  return [...found].map(([words, codes]) => ({ words, codes: codes.join(", ") }));
}

/** Something that is said over a picture. */
export interface Said {
  text: string;
  /** Whether it asks for attention, as damage does. */
  care: boolean;
}

/** What is said over a picture: what to mind, and that it is shown smaller than its original is. */
export function saidOf(care: string, reduced: Scene | undefined): Said[] {
  const said: Said[] = care ? [{ text: care, care: true }] : [];
  if (reduced) {
    const { width, height } = reduced.picture;
    said.push({ text: t().evidence.photo.reduced(count(width), count(height)), care: false });
  }
  return said;
}
