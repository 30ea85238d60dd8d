// A chat log read page by page: a bounded number of messages is here, the others are asked for when
// they come near. Also what the reviewer does with it: where they are, what is selected.
import { asFailure, type Backend, type Failure } from "../../../backend";
import type { ChatHits, ChatLine, ChatParticipant, ChatPlace, ChatView } from "../../../backend/types";
import { dayIndexAt, standing, type Standing } from "./rows";
import { NONE, type Selection } from "./selection";

const CHUNK = 100;
const KEPT_CHUNKS = 30;
/** Messages asked for at once where nothing around is here yet: more than a screen of short ones; the port
 *  gives at most 200, and fewer where they are long. */
const FRESH = 64;

export class ChatReader {
  readonly #backend: Backend;
  readonly seat: string;
  readonly evidence: string;
  view = $state.raw<ChatView | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** Why a page could not be read, as long as it could not. */
  pageFailure = $state.raw<Failure | null>(null);
  selection = $state.raw<Selection>(NONE);
  /** The message that keys act on. */
  current = $state<number | null>(null);
  /** The first message in view, to come back to. */
  seen = 0;
  /** The last jump that was asked for and done. */
  answered = 0;
  /** Rises when messages came. */
  #version = $state(0);
  // Chunks in the order of their last use; a chunk may have holes.
  #chunks = new Map<number, (ChatLine | undefined)[]>();
  readonly #standings = new WeakMap<ChatLine, Standing>();
  #wanted: readonly [number, number] | null = null;
  #asking = false;
  #people = $derived(
    new Map((this.view?.participants ?? []).map((p): [string, ChatParticipant] => [p.id, p])),
  );

  constructor(backend: Backend, seat: string, evidence: string) {
    this.#backend = backend;
    this.seat = seat;
    this.evidence = evidence;
  }

  /** Asks for the log and its first messages, or those around a message, in one question. */
  open = async (seq?: number): Promise<void> => {
    this.#asking = true;
    const place: ChatPlace = seq === undefined ? { kind: "index", index: 0 } : { kind: "seq", seq };
    try {
      const length = seq === undefined ? CHUNK : FRESH;
      const { chat, page } = await this.#backend.chat(this.seat, this.evidence, place, length);
      this.#keep(page.from, page.lines);
      this.view = chat;
      this.failure = null;
    } catch (thrown) {
      this.failure = asFailure(thrown);
    } finally {
      this.#asking = false;
      void this.#fill();
    }
  };

  retry = (): void => {
    this.pageFailure = null;
    void this.#fill();
  };

  get count(): number {
    return this.view?.count ?? 0;
  }

  person(id: string | null): ChatParticipant | undefined {
    return id === null ? undefined : this.#people.get(id);
  }

  /** A message, where it is here. */
  line(place: number): ChatLine | undefined {
    // Read so that whoever shows this message is told when it comes.
    void this.#version;
    return this.#peek(place);
  }

  #peek(place: number): ChatLine | undefined {
    return this.#chunks.get(Math.floor(place / CHUNK))?.[place % CHUNK];
  }

  /** How a message that is here stands in the log; the same answer as long as nothing about it changed. */
  standing(place: number): Standing {
    const line = this.line(place)!;
    const known = this.#standings.get(line);
    if (known) return known;
    const before = place > 0 ? (this.#peek(place - 1)?.message ?? null) : null;
    const stands = standing(line.message, before, this.#dayBefore(place));
    // Without the message before it, it may stand otherwise once that is here.
    if (this.view && (before || place === 0)) this.#standings.set(line, stands);
    return stands;
  }

  #dayBefore(place: number): string | null {
    for (let back = 1; back <= 20 && back <= place; back++) {
      const message = this.#peek(place - back)?.message;
      if (!message) break;
      if (message.at) return message.at.slice(0, 10);
    }
    return place > 0 ? (this.view?.days[dayIndexAt(this.view.days, place - 1)]?.day ?? null) : null;
  }

  /** The day that the log has reached at a message. */
  dayAt(place: number): string | null {
    const days = this.view?.days ?? [];
    return days[dayIndexAt(days, place)]?.day ?? days[0]?.day ?? null;
  }

  /** Says which messages are near the viewport; what is missing of them is asked for. */
  want(first: number, end: number): void {
    this.#wanted = [Math.max(0, first - 1), end];
    void this.#fill();
  }

  // One question at a time: while the scroll bar is dragged only the last place counts.
  async #fill(): Promise<void> {
    if (this.#asking || this.pageFailure) return;
    this.#asking = true;
    try {
      for (let next = this.#missing(); next; next = this.#missing()) await this.#read(...next);
    } catch (thrown) {
      this.pageFailure = asFailure(thrown);
    } finally {
      this.#asking = false;
    }
  }

  /** What to ask for next: from a place, so many. */
  #missing(): [number, number] | null {
    if (!this.#wanted || !this.view) return null;
    const [first, end] = this.#wanted;
    let from = first;
    while (from < end && this.#peek(from)) from++;
    if (from >= end) return null;
    if (from > 0 && this.#peek(from - 1)) return [from, CHUNK];
    let after = from;
    while (after < end && !this.#peek(after)) after++;
    if (after < end) {
      const start = this.#firstMissing(Math.max(0, after - CHUNK));
      return [start, after - start];
    }
    const middle = Math.floor((first + end) / 2 - FRESH / 2);
    const start = this.#firstMissing(Math.max(0, from - FRESH + 1, Math.min(from, middle)));
    return [start, FRESH];
  }

  /** The first place from here on whose message is not here: a page of long messages ends early, and the
   *  next one begins there. */
  #firstMissing(place: number): number {
    while (this.#peek(place)) place++;
    return place;
  }

  async #read(from: number, length: number): Promise<void> {
    const page = await this.#backend.chatPage(
      this.seat,
      this.evidence,
      { kind: "index", index: from },
      length,
    );
    this.#keep(page.from, page.lines);
    // A log that is shorter than it said would be asked for the same messages for ever.
    if (page.lines.length === 0) this.#wanted = null;
  }

  #keep(from: number, lines: readonly ChatLine[]): void {
    lines.forEach((line, i) => {
      const place = from + i;
      const key = Math.floor(place / CHUNK);
      let chunk = this.#chunks.get(key);
      if (!chunk) this.#chunks.set(key, (chunk = []));
      chunk[place % CHUNK] = line;
    });
    // Used last, kept longest; what is wanted now is never dropped.
    for (let key = Math.floor(from / CHUNK); key <= Math.floor((from + lines.length) / CHUNK); key++) {
      const chunk = this.#chunks.get(key);
      if (!chunk) continue;
      this.#chunks.delete(key);
      this.#chunks.set(key, chunk);
    }
    for (const key of this.#chunks.keys()) {
      if (this.#chunks.size <= KEPT_CHUNKS) break;
      this.#chunks.delete(key);
    }
    this.#version++;
  }

  /** The place of a message; none where the log does not have it. What is around it comes with it. */
  async placeOf(seq: number): Promise<number | null> {
    for (const [key, chunk] of this.#chunks) {
      const at = chunk.findIndex((line) => line?.message.seq === seq);
      if (at >= 0) return key * CHUNK + at;
    }
    const page = await this.#backend.chatPage(this.seat, this.evidence, { kind: "seq", seq }, FRESH);
    if (page.found === null) return null;
    this.#keep(page.from, page.lines);
    return page.found;
  }

  find(text: string): Promise<ChatHits> {
    return this.#backend.chatFind(this.seat, this.evidence, text);
  }

  /** One message, wherever it is; it is not kept. */
  async single(place: number): Promise<ChatLine | null> {
    const here = this.#peek(place);
    if (here) return here;
    const page = await this.#backend.chatPage(this.seat, this.evidence, { kind: "index", index: place }, 1);
    return page.lines[0] ?? null;
  }

  /** The messages of a stretch, read as often as it takes, and not kept. */
  async stretch(from: number, to: number): Promise<ChatLine[]> {
    const lines: ChatLine[] = [];
    for (let at = from; at <= to;) {
      const here = this.#peek(at);
      if (here) {
        lines.push(here);
        at++;
        continue;
      }
      const place = { kind: "index", index: at } as const;
      const page = await this.#backend.chatPage(this.seat, this.evidence, place, Math.min(200, to - at + 1));
      if (page.lines.length === 0) break;
      lines.push(...page.lines);
      at += page.lines.length;
    }
    return lines;
  }
}
