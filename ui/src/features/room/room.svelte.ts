// An opened case in the window: what is looked at, what was written, and how it is saved.
import { getContext, setContext, untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import { asFailure, type Failure } from "../../backend";
import type {
  Anchor,
  CaseRoomView,
  ChoiceOption,
  Draft,
  Evidence,
  EvidenceBody,
  Finding,
  Note,
  OrderPart,
  SealedView,
  Side,
  Source,
} from "../../backend/types";
import { Live } from "../../app/live.svelte";
import { makeOp } from "../../app/op";
import type { AppState } from "../../app/state.svelte";
import { numberOf } from "../../app/words";
import { t } from "../../messages/index.svelte";
import { ChatReader } from "./chat/reader.svelte";
import * as citing from "./citations";
import { lineWords } from "./documents/lines";
import { same, withCell, withFinding } from "./sheet/findings";
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

/** The records of a transaction, in the order they are read. */
const RECORDS: readonly Evidence["kind"][] = ["order", "payment_refund", "logistics", "listing_snapshot"];

export const MAX_OPINION = 4000;
const SAVE_AFTER = 250;

export class RoomState {
  readonly app: AppState;
  readonly seat: string;
  view = $state.raw<CaseRoomView | null>(null);
  failure = $state.raw<Failure | null>(null);
  draft = $state<Draft>(emptyDraft());
  sealed = $state.raw<SealedView | null>(null);
  opened = $state.raw<ReadonlySet<string>>(new Set());
  tab = $state<Tab>("chat");
  current = $state<string | null>(null);
  target = $state.raw<Target | null>(null);
  saving = $state<"saved" | "saving" | "failed">("saved");
  indexOpen = $state(true);
  sheetOpen = $state(true);
  /** Index and worksheet lie over the viewer instead of beside it. */
  narrow = $state(false);
  confirmPack = $state(false);
  /** Where the note being written is anchored. */
  noteAnchor = $state.raw<Note["anchor"]>(null);
  /** The place a viewer stands at: what N notes and Q cites. */
  inView = $state.raw<Anchor | null>(null);
  /** A note that was just deleted, and where it stood. */
  dropped = $state.raw<{ note: Note; at: number } | null>(null);
  /** A picture of a chat, shown large. */
  lightbox = $state.raw<{ evidence: string; index: number } | null>(null);
  /** The opinion was changed by something else than typing. */
  opinionRevision = $state(0);
  /** How the timeline is looked at. */
  readonly timeline = new TimelineState();
  #bodies = new SvelteMap<string, Live<EvidenceBody>>();
  #asked = new Map<string, Live<EvidenceBody>>();
  #chats = new SvelteMap<string, ChatReader>();
  #readers = new Map<string, ChatReader>();
  #places = new SvelteMap<string, boolean>();
  #placesAsked = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #op: string | null = null;
  #n = 0;
  #insertAt: number | null = null;

  constructor(app: AppState, seat: string) {
    this.app = app;
    this.seat = seat;
  }

  async open(): Promise<void> {
    try {
      const view = await this.app.backend.openCase(this.seat);
      this.app.setClock(view.server_now);
      const first = this.view === null;
      this.view = view;
      this.failure = null;
      this.sealed = view.sealed;
      this.opened = new Set(first ? view.opened : [...view.opened, ...this.opened]);
      if (first) {
        this.draft = structuredClone(view.draft);
        this.opinionRevision++;
        this.#firstLook(view);
      }
    } catch (thrown) {
      this.failure = asFailure(thrown);
    }
  }

  #firstLook(view: CaseRoomView): void {
    const evidence = view.document.case.evidence;
    const chat = evidence.find((e) => e.kind === "chat_log") ?? evidence[0];
    if (chat) this.look(chat.id);
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
    return tab === "timeline" || this.evidence.some((e) => tabOf(e) === tab);
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
    this.tab = tabOf(evidence);
    this.target = { evidence: id, n: ++this.#n, ...place };
    this.markOpened(id);
  }

  lookAt(source: Source): void {
    const place: Omit<Target, "evidence" | "n"> = {};
    if (source.seq != null) place.seq = source.seq;
    if (source.picture != null) place.picture = source.picture;
    this.look(source.evidence, place);
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
    const messages = cited === null ? null : citing.messagesOf(cited);
    if (cited === null) this.look(id);
    else if (evidence.kind === "chat_log") this.look(id, messages ? { seq: messages[0] } : {});
    else if (evidence.media.length && !evidence.body)
      this.look(id, messages ? { picture: messages[0] - 1 } : {});
    else this.look(id, { paragraph: cited });
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
      const asked = new Live(() => this.app.backend.evidenceBody(this.seat, id));
      body = asked;
      // Asked for while something is drawn: the map changes after that, and the answer comes later.
      queueMicrotask(() => this.#bodies.set(id, asked));
      this.#asked.set(id, asked);
      untrack(() => void asked.reload());
    }
    return body;
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

  // The sides and the options, in the order drawn for this seat.

  get sides(): Side[] {
    return this.view?.side_order ?? [];
  }

  get options(): ChoiceOption[] {
    const options = this.view?.document.case_type.options ?? [];
    const rank = (option: ChoiceOption) => {
      if (option.kind.kind === "cannot_decide") return 1000;
      if (option.kind.kind === "grade") return 500 + options.indexOf(option);
      const at = this.sides.indexOf(option.kind.side);
      return at < 0 ? 100 : at;
    };
    return [...options].sort((a, b) => rank(a) - rank(b));
  }

  get choice(): ChoiceOption | undefined {
    return this.options.find((option) => option.id === this.draft.choice);
  }

  /** Why the ballot cannot be sealed yet, if so. */
  get unready(): "choice" | "reason" | "long" | "citation" | null {
    if (!this.choice) return "choice";
    if (this.choice.kind.kind === "cannot_decide" && this.draft.reason_codes.length === 0) return "reason";
    if ([...this.draft.opinion].length > MAX_OPINION) return "long";
    if (this.brokenCitations.length) return "citation";
    return null;
  }

  get editable(): boolean {
    const kind = this.view?.state.kind;
    return (
      this.sealed === null &&
      kind !== "counted" &&
      kind !== "recorded" &&
      kind !== "ended" &&
      kind !== "leaving"
    );
  }

  // What is written. Every change is saved 250 ms after the last one.

  edit(change: (draft: Draft) => void): void {
    if (!this.editable) return;
    change(this.draft);
    this.#op = null;
    this.saving = "saving";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), SAVE_AFTER);
  }

  /** Saves at once what was changed since the last time. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.saving === "saved" || !this.editable) return;
    const draft = $state.snapshot(this.draft) as Draft;
    this.saving = "saved";
    try {
      await this.app.backend.saveDraft(this.seat, draft);
    } catch {
      this.saving = "failed";
      this.#timer = setTimeout(() => void this.flush(), 3000);
    }
  }

  choose(option: ChoiceOption): void {
    const reasons = this.view?.document.case_type.reason_codes ?? [];
    this.edit((draft) => {
      draft.choice = option.id;
      draft.reason_codes = draft.reason_codes.filter((code) => {
        const reason = reasons.find((r) => r.code === code);
        return reason && (reason.options.length === 0 || reason.options.includes(option.id));
      });
    });
  }

  toggleReason(code: string): void {
    this.edit((draft) => {
      draft.reason_codes = draft.reason_codes.includes(code)
        ? draft.reason_codes.filter((one) => one !== code)
        : [...draft.reason_codes, code];
    });
  }

  findIssue(issue: string, finding: Finding | null): void {
    this.edit((draft) => {
      const others = draft.findings.filter((f) => f.issue !== issue);
      draft.findings = finding ? [...others, { issue, finding }] : others;
    });
  }

  /** What the piece shows as a whole. The same finding once more takes it away. */
  findEvidence(evidence: string, finding: Finding): void {
    const before = this.findingOf(evidence);
    this.setFinding(null, evidence, before && same(before, finding) ? null : finding);
  }

  /** Whom a piece favours on an issue, or as a whole where the issue is none. */
  setFinding(issue: string | null, evidence: string, finding: Finding | null): void {
    this.edit((draft) => {
      if (issue === null) draft.evidence_findings = withFinding(draft.evidence_findings, evidence, finding);
      else draft.matrix = withCell(draft.matrix, issue, evidence, finding);
    });
  }

  findingOn(issue: string | null, evidence: string): Finding | undefined {
    if (issue === null) return this.findingOf(evidence);
    return this.draft.matrix.find((cell) => cell.issue === issue && cell.evidence === evidence)?.finding;
  }

  findingOf(evidence: string): Finding | undefined {
    return this.draft.evidence_findings.find((f) => f.evidence === evidence)?.finding;
  }

  /** Key 1, 2 or 0 for the evidence in view. */
  findByKey(key: 0 | 1 | 2): void {
    if (!this.current) return;
    const side = this.sides[key - 1];
    if (key === 0) this.findEvidence(this.current, { kind: "neutral" });
    else if (side) this.findEvidence(this.current, { kind: "favours", side });
  }

  /** Opens the worksheet to write a note about a place. */
  startNote(anchor: Anchor | null): void {
    this.noteAnchor = anchor;
    this.sheetOpen = true;
  }

  /** A note about what is in view. */
  noteInView(): void {
    this.startNote(this.inView ?? (this.current ? { kind: "evidence", evidence: this.current } : null));
  }

  addNote(text: string, anchor: Note["anchor"]): string {
    const id = makeOp();
    this.edit((draft) => draft.notes.push({ id, text, anchor }));
    return id;
  }

  editNote(id: string, text: string): void {
    this.edit((draft) => {
      const note = draft.notes.find((one) => one.id === id);
      if (note) note.text = text;
    });
  }

  anchorNote(id: string, anchor: Note["anchor"]): void {
    this.edit((draft) => {
      const note = draft.notes.find((one) => one.id === id);
      if (note) note.anchor = anchor;
    });
  }

  dropNote(id: string): void {
    const at = this.draft.notes.findIndex((note) => note.id === id);
    const note = this.draft.notes[at];
    if (!note) return;
    this.dropped = note.text.trim() ? { note: $state.snapshot(note) as Note, at } : null;
    this.edit((draft) => draft.notes.splice(at, 1));
  }

  restoreNote(): void {
    const dropped = this.dropped;
    if (!dropped) return;
    this.dropped = null;
    this.edit((draft) => draft.notes.splice(dropped.at, 0, dropped.note));
  }

  dismiss(observation: string): void {
    this.edit((draft) => {
      draft.dismissed = draft.dismissed.includes(observation)
        ? draft.dismissed.filter((id) => id !== observation)
        : [...draft.dismissed, observation];
    });
  }

  /** Where the next citation goes: the caret in the opinion, as stored text. */
  set caret(at: number | null) {
    this.#insertAt = at;
  }

  /**
   * Puts a citation into the opinion, at the caret; of a place where one is given, as citations.ts
   * writes it, and with words after it where no place can name what is meant.
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
    const said = t().room.citedNow(place === null ? number : `${number} · #${place}`);
    if (this.narrow && !this.sheetOpen) return this.app.toast(said);
    this.sheetOpen = true;
    this.app.say(said);
  }

  /** Cites a place as near as a citation can name it; a line of an order in words. */
  citeAnchor(anchor: Anchor): void {
    const { evidence } = anchor;
    switch (anchor.kind) {
      case "message":
        return this.cite(evidence, String(anchor.seq));
      case "picture":
      case "region":
        return this.cite(evidence, String(anchor.index + 1));
      case "paragraph":
        // Of a form only the whole can be cited.
        return this.find(evidence)?.kind === "rule_text" || this.find(evidence)?.kind === "statement"
          ? this.cite(evidence, anchor.number)
          : this.cite(evidence, null, t().room.citedLine(t().room.paragraphN(anchor.number)));
      case "line": {
        const body = this.body(evidence).value;
        const words = body && lineWords(body, anchor.part, anchor.index);
        return this.cite(evidence, null, words ? t().room.citedLine(words) : "");
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
    const messages = citing.messagesOf(place);
    if (evidence.kind === "chat_log") return messages ? this.#messagesExist(id, messages) : false;
    const number = messages && messages[0] === messages[1] ? messages[0] : 0;
    if (number >= 1 && number <= evidence.media.length) return true;
    if (!evidence.body) return false;
    const body = this.body(id).value;
    return body && citing.paragraphsOf(body).includes(place);
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

  // Sealing and taking back.

  async seal(confirmPackChange = false): Promise<boolean> {
    if (!this.editable || this.unready) return false;
    this.#op ??= makeOp();
    if (this.view?.newer_pack && !confirmPackChange) {
      this.confirmPack = true;
      return false;
    }
    this.confirmPack = false;
    clearTimeout(this.#timer);
    const draft = $state.snapshot(this.draft) as Draft;
    try {
      this.sealed = await this.app.backend.sealBallot(this.#op, this.seat, draft, confirmPackChange);
      this.saving = "saved";
      return true;
    } catch (thrown) {
      const failure = this.app.fail(thrown);
      if (failure.code.endsWith("pack_changed")) this.confirmPack = true;
      return false;
    }
  }

  async unseal(): Promise<boolean> {
    const sealed = this.sealed;
    if (!sealed?.undoable) return false;
    try {
      this.draft = await this.app.backend.unseal(sealed.ballot);
      this.sealed = null;
      this.#op = null;
      this.opinionRevision++;
      return true;
    } catch (thrown) {
      this.app.fail(thrown);
      await this.open();
      return false;
    }
  }
}

function emptyDraft(): Draft {
  return {
    choice: null,
    reason_codes: [],
    opinion: "",
    findings: [],
    matrix: [],
    evidence_findings: [],
    notes: [],
    confidence: null,
    dismissed: [],
  };
}

const key = Symbol("room");
export const provideRoom = (room: RoomState): RoomState => setContext(key, room);
export const useRoom = (): RoomState => getContext<RoomState>(key);
