// Citations in an opinion: stored as [[evidence-id]] or [[evidence-id#place]], written and read as
// the evidence's number with the place. A place is a message's seq, a paragraph's number, a line of an
// order such as scan-4, or a picture from 1: its number alone in evidence that is pictures, picture-4
// beside a text. 12-15 is a run of messages. Pure.
import type { Evidence, EvidenceBody, OrderPart } from "../../backend/types";

const STORED = /\[\[\s*([A-Za-z0-9._:-]{1,128})\s*(?:#([^[\]]{0,64}))?\]\]/g;
const PLACE = "[^\\s#·[\\]【】][^#[\\]【】]{0,31}";

export interface Citation {
  /** The id as it is stored; it need not be evidence of this case. */
  id: string;
  place: string | null;
  evidence: Evidence | undefined;
}

/** How a citation is written in the field; brackets and separator are the language's. */
export type Label = (evidence: Evidence, place: string | null) => string;

export const stored = (id: string, place: string | null = null): string =>
  place === null ? `[[${id}]]` : `[[${id}#${place}]]`;

/** The place of a run of messages. */
export const run = (first: number, last: number): string =>
  first === last ? String(first) : `${Math.min(first, last)}-${Math.max(first, last)}`;

/** The messages of a place, first and last; none where it is no message's. */
export function messagesOf(place: string): [number, number] | null {
  const found = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(place);
  if (!found) return null;
  const first = Number(found[1]);
  return [first, found[2] === undefined ? first : Number(found[2])];
}

/** Whether a number alone is a picture's: where there is no text that it could stand for. */
const isPictures = ({ kind, body }: Evidence) =>
  kind === "image" || kind === "video" || kind === "brand_mark" || (kind !== "chat_log" && !body);

/** The place of a picture; the index counts from 0, as anchors do. */
export const picturePlace = (evidence: Evidence, index: number): string =>
  isPictures(evidence) ? String(index + 1) : `picture-${index + 1}`;

/** The picture of a place, from 0; none where it is no picture's. */
export function pictureOf(evidence: Evidence, place: string): number | null {
  const found = /^(picture-)?([1-9]\d{0,5})$/.exec(place);
  return found && (found[1] !== undefined || isPictures(evidence)) ? Number(found[2]) - 1 : null;
}

export interface Line {
  part: OrderPart;
  /** From 0, as anchors count. */
  index: number;
}

/** The place of a line of an order; in it lines count from 1. */
export const linePlace = ({ part, index }: Line): string => `${part}-${index + 1}`;

/** The line of a place; none where it is no line's. */
export function lineOf(place: string): Line | null {
  const found = /^(item|amount|payment|scan|status)-([1-9]\d{0,5})$/.exec(place);
  return found && { part: found[1] as OrderPart, index: Number(found[2]) - 1 };
}

/** The parts of an order, and a picture, in words, as a language writes them. */
export type PlaceWords = Readonly<Record<OrderPart | "picture", string>>;

/** A place as it is shown: what is counted in words. */
export function placeShown(place: string, words: PlaceWords): string {
  const found = /^(item|amount|payment|scan|status|picture)-([1-9]\d{0,5})$/.exec(place);
  return found ? `${words[found[1] as keyof PlaceWords]}${found[2]}` : place;
}

/** A place as it is stored, from how it was shown or typed. */
export function placeStored(place: string, words: PlaceWords): string {
  for (const [part, word] of Object.entries(words)) {
    const rest = place.startsWith(word) ? place.slice(word.length).trim() : "";
    if (/^[1-9]\d{0,5}$/.test(rest)) return `${part}-${rest}`;
  }
  return place;
}

/** The opinion as it is read: every citation of known evidence as its number. */
export function toShown(text: string, evidence: readonly Evidence[], label: Label): string {
  return text.replace(STORED, (whole, id: string, place: string | undefined) => {
    const found = evidence.find((e) => e.id === id);
    return found ? label(found, place?.trim() ?? null) : whole;
  });
}

const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * The opinion as it is stored: every number of known evidence as a citation. The place may be typed
 * by hand, with or without the space and the dot: 【买1#12】.
 */
export function toStored(
  shown: string,
  evidence: readonly Evidence[],
  label: Label,
  placeOf: (shown: string) => string = (place) => place,
): string {
  return evidence.reduce((text, e) => {
    const plain = label(e, null);
    const [open, number, close] = [plain.slice(0, 1), plain.slice(1, -1), plain.slice(-1)];
    const written = new RegExp(
      `(?<!${quoted(open)})${quoted(open)}${quoted(number)}(?:\\s*·?\\s*#(${PLACE}))?${quoted(close)}`,
      "g",
    );
    return text.replace(written, (_, place: string | undefined) =>
      stored(e.id, place === undefined ? null : placeOf(place.trim())),
    );
  }, shown);
}

/** Every citation of an opinion, in the order it is cited, each place once. */
export function citations(text: string, evidence: readonly Evidence[]): Citation[] {
  const seen = new Map<string, Citation>();
  for (const [whole, id, place] of text.matchAll(STORED))
    if (!seen.has(whole))
      seen.set(whole, { id: id!, place: place?.trim() ?? null, evidence: evidence.find((e) => e.id === id) });
  return [...seen.values()];
}

export interface Piece {
  text: string;
  /** The citation that this piece is, in its stored form; none for plain text. */
  cited: string | null;
}

/** The shown opinion cut into plain text and citations, for marking them where they stand. */
export function cut(
  shown: string,
  evidence: readonly Evidence[],
  label: Label,
  placeOf?: (shown: string) => string,
): Piece[] {
  const marked = toStored(shown, evidence, label, placeOf);
  const out: Piece[] = [];
  let at = 0;
  let from = 0;
  for (const match of marked.matchAll(STORED)) {
    const id = match[1]!;
    const plain = marked.slice(at, match.index);
    // What stood there before it was stored has another length; the text around it is the same.
    const begin = from + plain.length;
    const known = evidence.find((e) => e.id === id);
    const close = known ? label(known, null).slice(-1) : "]]";
    const end = shown.startsWith(match[0], begin)
      ? begin + match[0].length
      : shown.indexOf(close, begin) + close.length;
    if (plain) out.push({ text: plain, cited: null });
    out.push({ text: shown.slice(begin, end), cited: match[0] });
    from = end;
    at = match.index + match[0].length;
  }
  if (from < shown.length) out.push({ text: shown.slice(from), cited: null });
  return out;
}

/** The citation that a key would break: the one that ends at the caret, or begins there. */
export function citationBeside(
  pieces: readonly Piece[],
  caret: number,
  key: "Backspace" | "Delete",
): [number, number] | null {
  let from = 0;
  for (const piece of pieces) {
    const to = from + piece.text.length;
    if (piece.cited !== null && (key === "Backspace" ? to === caret : from === caret)) return [from, to];
    from = to;
  }
  return null;
}

/** The numbers of the paragraphs that a body has and that can be cited; of a rule also the old ones. */
export function paragraphsOf(body: EvidenceBody): string[] {
  if (body.kind === "rule_text")
    return [...body.paragraphs, ...(body.replaces?.paragraphs ?? [])].map((paragraph) => paragraph.number);
  if (body.kind === "statement") return body.paragraphs.map((_, i) => String(i + 1));
  return [];
}

/** Whether a body has this line. */
export function hasLine(body: EvidenceBody, { part, index }: Line): boolean {
  if (part === "payment") return "payments" in body && index < body.payments.length;
  if (part === "scan")
    return "shipments" in body && index < body.shipments.reduce((sum, one) => sum + one.scans.length, 0);
  if (body.kind !== "order") return false;
  return index < { item: body.items, amount: body.amounts, status: body.history }[part].length;
}
