// An opened case in the window: what is looked at and what is cited. What is written about it stands
// in sheet/writing.
import { getContext, setContext, untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import { asFailure, Failure } from "../../backend";
import type {
  Anchor,
  BodyView,
  CaseRoomView,
  Evidence,
  EvidenceBody,
  OrderPart,
  Side,
  Source,
} from "../../backend/types";
import { Live } from "../../app/live.svelte";
import { numberOf } from "../../app/words";
import { t } from "../../messages/index.svelte";
import { ChatReader } from "./chat/reader.svelte";
import * as citing from "./citations";
import { lineWords } from "./documents/lines";
import { Writing } from "./sheet/writing.svelte";
import { TimelineState } from "./timeline/state.svelte";

export type Tab = "timeline" | "chat" | "photos" | "order" | "rules";
export const TABS: readonly Tab[] = ["timeline", "chat", "photos", "order", "rules"];
export const KEY_OF: Record<Tab, string> = { timeline: "T", chat: "C", photos: "P", order: "O", rules: "R" };

/** A region of a picture or of a page, in ten-thousandths of its upright sides. */
export interface Region {
  page: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A place to jump to inside a viewer. `n` rises, so that the same place can be asked for twice. */
export interface Target {
  evidence: string;
  seq?: number;
  picture?: number;
  /** A region of the picture, or of a page of a PDF. */
  region?: Region;
  paragraph?: string;
  line?: { part: OrderPart; index: number };
  n: number;
}

/** The viewer that shows a piece of evidence. */
export function tabOf(evidence: Evidence): Tab {
  switch (evidence.kind) {
    case "chat_log":
      return "chat";
    case "rule_text":
      return "rules";
    case "image":
    case "video":
    case "brand_mark":
      return "photos";
    default:
      return "order";
  }
}

/**
 * The viewer that shows a place in it: a picture of a chat or of a document is shown large among the
 * photos, a page of a document where the document stands.
 */
function tabAt(evidence: Evidence, { picture }: Pick<Target, "picture">): Tab {
  const media = picture === undefined ? undefined : evidence.media[picture];
  return media && !media.pages ? "photos" : tabOf(evidence);
}

/** The records of a transaction, in the order they are read. */
const RECORDS: readonly Evidence["kind"][] = ["order", "payment_refund", "logistics", "listing_snapshot"];

export class RoomState extends Writing {
  failure = $state.raw<Failure | null>(null);
  opened = $state.raw<ReadonlySet<string>>(new Set());
  tab = $state<Tab>("chat");
  target = $state.raw<Target | null>(null);
  indexOpen = $state(true);
  /** Index and worksheet lie over the viewer instead of beside it. */
  narrow = $state(false);
  /** A picture of a chat, shown large. */
  lightbox = $state.raw<{ evidence: string; index: number } | null>(null);
  /** How the timeline is looked at. */
  readonly timeline = new TimelineState();
  #bodies = new SvelteMap<string, Live<EvidenceBody>>();
  #asked = new Map<string, Live<EvidenceBody>>();
  #asking: { ids: string[]; answers: Promise<BodyView[]> } | null = null;
  #chats = new SvelteMap<string, ChatReader>();
  #readers = new Map<string, ChatReader>();
  #places = new SvelteMap<string, boolean>();
  #placesAsked = new Set<string>();
  #n = 0;
  #opening = 0;
  #insertAt: number | null = null;

  async open(): Promise<void> {
    const opening = ++this.#opening;
    try {
      const view = await this.app.rooms.take(async () =>
        this.closed ? null : this.app.backend.openCase(this.seat),
      );
      // What was asked for before is older than what was asked for since.
      if (!view || this.closed || opening !== this.#opening) return;
      this.app.setClock(view.server_now);
      const first = this.view === null;
      this.view = view;
      this.failure = null;
      this.opened = new Set(first ? view.opened : [...view.opened, ...this.opened]);
      this.takeDraft(view, first);
      if (first) this.#firstLook(view);
    } catch (thrown) {
      if (opening === this.#opening) this.failure = asFailure(thrown);
    }
  }

  protected takeOpened(ids: readonly string[]): void {
    if (ids.some((id) => !this.opened.has(id))) this.opened = new Set([...this.opened, ...ids]);
  }

  #firstLook(view: CaseRoomView): void {
    if (view.first) this.look(view.first);
  }

  // What is looked at.

  get evidence(): readonly Evidence[] {
    return this.view?.document.case.evidence ?? [];
  }

  /** The evidence in the order of the index: the sides as they were drawn, the platform last. */
  get ordered(): Evidence[] {
    const sides = this.sides;
    const rank = (side: Side) =>
      side === "platform" ? 99 : sides.indexOf(side) < 0 ? 50 : sides.indexOf(side);
    return [...this.evidence].sort((a, b) => rank(a.number.side) - rank(b.number.side));
  }

  find(id: string | null): Evidence | undefined {
    return this.evidence.find((e) => e.id === id);
  }

  /** Whether the case has anything for a viewer; a timeline it always has. */
  has(tab: Tab): boolean {
    return (
      tab === "timeline" ||
      this.evidence.some(
        (e) => tabOf(e) === tab || (tab === "photos" && e.media.some((media) => !media.pages)),
      )
    );
  }

  /** The evidence of a viewer. The records of the transaction come before statements and papers. */
  of(tab: Tab): Evidence[] {
    const rank = (e: Evidence) => RECORDS.indexOf(e.kind) + 1 || RECORDS.length + 1;
    return this.ordered.filter((e) => tabOf(e) === tab).sort((a, b) => rank(a) - rank(b));
  }

  /** Opens a piece of evidence in its viewer, at a place in it. */
  look(id: string, place: Omit<Target, "evidence" | "n"> = {}): void {
    const evidence = this.find(id);
    if (!evidence) return;
    if (this.inView?.evidence !== id) this.inView = null;
    if (this.narrow) this.indexOpen = this.sheetOpen = false;
    this.current = id;
    this.tab = tabAt(evidence, place);
    this.target = { evidence: id, n: ++this.#n, ...place };
    // A picture of a chat does not open the chat.
    if (this.tab === tabOf(evidence)) this.markOpened(id);
  }

  lookAt(source: Source): void {
    const place: Omit<Target, "evidence" | "n"> = {};
    if (source.seq != null) place.seq = source.seq;
    if (source.picture != null) place.picture = source.picture;
    this.look(source.evidence, place);
  }

  /** Goes to an item of the timeline, by its place there. */
  lookAtItem(place: number): void {
    if (this.narrow) this.indexOpen = this.sheetOpen = false;
    this.timeline.goTo(place);
    this.tab = "timeline";
  }

  lookAtAnchor(anchor: Anchor): void {
    const place: Omit<Target, "evidence" | "n"> = {};
    if (anchor.kind === "message") place.seq = anchor.seq;
    else if (anchor.kind === "picture" || anchor.kind === "region") place.picture = anchor.index;
    else if (anchor.kind === "paragraph") place.paragraph = anchor.number;
    else if (anchor.kind === "line") place.line = { part: anchor.part, index: anchor.index };
    if (anchor.kind === "region") {
      const { page, x, y, width, height } = anchor;
      place.region = { page, x, y, width, height };
    }
    this.look(anchor.evidence, place);
  }

  /** Opens what a citation cites, at its place. */
  lookAtCited(id: string, cited: string | null): void {
    const evidence = this.find(id);
    if (!evidence) return;
    if (cited === null) return this.look(id);
    const picture = citing.pictureOf(evidence, cited);
    if (picture !== null) return this.look(id, { picture });
    const messages = citing.messagesOf(cited);
    if (evidence.kind === "chat_log") return this.look(id, messages ? { seq: messages[0] } : {});
    const line = citing.lineOf(cited);
    this.look(id, line ? { line } : { paragraph: cited });
  }

  show(tab: Tab): void {
    this.tab = tab;
    const there = this.of(tab);
    const first = there[0];
    if (tab !== "timeline" && first && !there.some((e) => e.id === this.current)) {
      this.current = first.id;
      this.markOpened(first.id);
    }
  }

  step(by: number): void {
    const all = this.ordered;
    const at = all.findIndex((e) => e.id === this.current);
    const next = all[Math.max(0, Math.min(all.length - 1, at + by))];
    if (next) this.look(next.id);
  }

  markOpened(id: string): void {
    if (this.opened.has(id)) return;
    this.opened = new Set([...this.opened, id]);
    this.app.backend.markOpened(this.seat, id).catch(() => undefined);
  }

  /** A body, asked for once. */
  body(id: string): Live<EvidenceBody> {
    let body = this.#asked.get(id);
    if (!body) {
      const asked = new Live(() => this.#ask(id));
      body = asked;
      // Asked for while something is drawn: the map changes after that, and the answer comes later.
      queueMicrotask(() => this.#bodies.set(id, asked));
      this.#asked.set(id, asked);
      untrack(() => void asked.reload());
      // Whoever made it while something was drawn is not told what becomes of it; the map tells them.
      void this.#bodies.get(id);
    }
    return body;
  }

  /** Bodies that are asked for together, as when a viewer opens, are one call. */
  #ask(id: string): Promise<EvidenceBody> {
    const asking = (this.#asking ??= this.#askTogether());
    const at = asking.ids.push(id) - 1;
    return asking.answers.then((answers) => {
      const answer = answers[at];
      if (answer?.kind === "here") return answer.body;
      throw new Failure(answer?.error ?? { code: "not_found", message: "", retry: false });
    });
  }

  #askTogether() {
    const ids: string[] = [];
    const answers = Promise.resolve().then(() => {
      this.#asking = null;
      return this.app.backend.evidenceBodies(this.seat, ids);
    });
    return { ids, answers };
  }

  /** A chat log, opened once and read by pages; it keeps its place and its selection. */
  chat(id: string): ChatReader {
    let reader = this.#readers.get(id);
    if (!reader) {
      const opened = new ChatReader(this.app.backend, this.seat, id);
      reader = opened;
      this.#readers.set(id, opened);
      queueMicrotask(() => this.#chats.set(id, opened));
      const target = untrack(() => this.target);
      untrack(() => void opened.open(target?.evidence === id ? target.seq : undefined));
    }
    return reader;
  }

  /** Messages of a chat log, once it was opened. */
  messageCount(id: string): number {
    return this.#chats.get(id)?.count ?? 0;
  }

  // What is cited.

  /** Where the next citation goes: the caret in the opinion, as stored text. */
  set caret(at: number | null) {
    this.#insertAt = at;
  }

  /**
   * Puts a citation into the opinion, at the caret; of a place where one is given, as citations.ts
   * writes it, and with words after it where the place alone says little or nothing.
   */
  cite(evidence: string, place: string | null = null, words = ""): void {
    this.edit((draft) => {
      const at = Math.min(this.#insertAt ?? draft.opinion.length, draft.opinion.length);
      const mark = citing.stored(evidence, place) + words;
      draft.opinion = draft.opinion.slice(0, at) + mark + draft.opinion.slice(at);
      this.#insertAt = at + mark.length;
    });
    this.opinionRevision++;
    this.#toldCited(evidence, place);
  }

  // Where the worksheet would cover what is being read, a word has to do.
  #toldCited(id: string, place: string | null): void {
    const evidence = this.find(id);
    if (!evidence) return;
    const number = numberOf(evidence.number);
    const shown = place === null ? "" : citing.placeShown(place, t().room.part);
    const said = t().room.citedNow(shown ? `${number} · #${shown}` : number);
    if (this.narrow && !this.sheetOpen) return this.app.toast(said);
    this.sheetOpen = true;
    this.app.say(said);
  }

  /** Cites a place as near as a citation can name it; what a line of an order says stands behind it. */
  citeAnchor(anchor: Anchor): void {
    const { evidence } = anchor;
    switch (anchor.kind) {
      case "message":
        return this.cite(evidence, String(anchor.seq));
      case "picture":
      case "region": {
        const piece = this.find(evidence);
        return piece && this.cite(evidence, citing.picturePlace(piece, anchor.index));
      }
      case "paragraph":
        // Of a form only the whole can be cited.
        return this.find(evidence)?.kind === "rule_text" || this.find(evidence)?.kind === "statement"
          ? this.cite(evidence, anchor.number)
          : this.cite(evidence, null, t().room.citedLine(t().room.paragraphN(anchor.number)));
      case "line": {
        const body = this.body(evidence).value;
        const words = body && lineWords(body, anchor.part, anchor.index);
        return this.cite(evidence, citing.linePlace(anchor), words ? t().room.citedLine(words) : "");
      }
      case "evidence":
        return this.cite(evidence);
    }
  }

  citeInView(): void {
    if (this.inView) this.citeAnchor(this.inView);
    else if (this.current) this.cite(this.current);
  }

  /** Whether the cited evidence and the place in it exist; none as long as that is being looked up. */
  citedExists(id: string, place: string | null): boolean | null {
    const evidence = this.find(id);
    if (!evidence) return false;
    if (place === null) return true;
    const picture = citing.pictureOf(evidence, place);
    if (picture !== null) return picture < evidence.media.length;
    const messages = citing.messagesOf(place);
    if (evidence.kind === "chat_log") return messages ? this.#messagesExist(id, messages) : false;
    if (!evidence.body) return false;
    const body = this.body(id).value;
    const line = citing.lineOf(place);
    return (
      body && (citing.paragraphsOf(body).includes(place) || (line !== null && citing.hasLine(body, line)))
    );
  }

  #messagesExist(id: string, [first, last]: [number, number]): boolean | null {
    const key = `${id}#${first}-${last}`;
    if (!this.#placesAsked.has(key)) {
      this.#placesAsked.add(key);
      const there = (seq: number) =>
        this.app.backend.chatPage(this.seat, id, { kind: "seq", seq }, 1).then((page) => page.found !== null);
      void Promise.all([there(first), there(last)]).then(
        ([a, b]) => this.#places.set(key, a && b && first <= last),
        () => this.#placesAsked.delete(key),
      );
    }
    return this.#places.get(key) ?? null;
  }

  /** Whether the opinion cites something that does not exist. */
  get brokenCitations(): citing.Citation[] {
    return citing
      .citations(this.draft.opinion, this.evidence)
      .filter((one) => this.citedExists(one.id, one.place) === false);
  }
}

const key = Symbol("room");
export const provideRoom = (room: RoomState): RoomState => setContext(key, room);
export const useRoom = (): RoomState => getContext<RoomState>(key);
