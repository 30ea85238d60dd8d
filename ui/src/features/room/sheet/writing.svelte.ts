// What is written about an opened case, and how it is kept: the draft, its findings and notes, the
// sealed ballot and taking it back.
import type {
  Anchor,
  CaseRoomView,
  ChoiceOption,
  Draft,
  Finding,
  Note,
  SealedView,
  Side,
} from "../../../backend/types";
import { asFailure, emptyDraft } from "../../../backend";
import { equal } from "../../../app/equal";
import { makeOp, Op } from "../../../app/op";
import type { AppState } from "../../../app/state.svelte";
import { t } from "../../../messages/index.svelte";
import { same, withCell, withFinding } from "./findings";

export const MAX_OPINION = 4000;
const SAVE_AFTER = 250;

/** Whether a text is being written in this window right now. */
function isWriting(): boolean {
  const on = document.activeElement;
  return document.hasFocus() && on instanceof HTMLTextAreaElement && !on.readOnly;
}

export abstract class Writing {
  readonly app: AppState;
  readonly seat: string;
  view = $state.raw<CaseRoomView | null>(null);
  draft = $state<Draft>(emptyDraft());
  sealed = $state.raw<SealedView | null>(null);
  saving = $state<"saved" | "saving" | "failed">("saved");
  /** The evidence that is looked at. */
  current = $state<string | null>(null);
  sheetOpen = $state(true);
  confirmPack = $state(false);
  /** Where the note being written is anchored. */
  noteAnchor = $state.raw<Note["anchor"]>(null);
  /** The place a viewer stands at: what N notes and Q cites. */
  inView = $state.raw<Anchor | null>(null);
  /** A note that was just deleted, and where it stood. */
  dropped = $state.raw<{ note: Note; at: number } | null>(null);
  /** The opinion was changed by something else than typing. */
  opinionRevision = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Edits so far, those that are saved, and the save under way. */
  #edits = 0;
  #saved = 0;
  #save: Promise<void> | null = null;
  /** The ballot is on its way, and the server's word is waited for. */
  sealing = $state(false);
  readonly #op = new Op();
  /** The draft as it was last read or saved: what differs from it was changed in this window. */
  #base: Draft = emptyDraft();
  /** The other window wrote something that is not taken over yet. */
  #stale = false;
  #reading = 0;
  /** The room was left. */
  protected closed = false;

  constructor(app: AppState, seat: string) {
    this.app = app;
    this.seat = seat;
  }

  /** Asks for the case again, unless it was left. */
  abstract open(): Promise<void>;
  /** Takes over what was opened in whichever window. */
  protected abstract takeOpened(ids: readonly string[]): void;
  /** What the opinion cites that does not exist. */
  abstract get brokenCitations(): readonly unknown[];

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
      !this.sealing &&
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
    this.#op.done();
    this.saving = "saving";
    this.#edits++;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), SAVE_AFTER);
  }

  /** Saves at once what was changed since the last time; one save at a time, so that an older draft
   *  never comes after a newer one. Saved is said only when it is. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#save) await this.#save;
    if (this.#saved === this.#edits || !this.editable) {
      if (this.#stale) await this.readWritten();
      return;
    }
    this.#save = this.#saveNow();
    await this.#save;
  }

  /** The room is left: what is not saved yet is saved, and nothing of the case is asked for any more. */
  close(): Promise<void> {
    this.closed = true;
    return this.flush();
  }

  async #saveNow(): Promise<void> {
    const edits = this.#edits;
    const mine = $state.snapshot(this.draft) as Draft;
    try {
      const kept = await this.app.backend.saveDraft(this.seat, mine, this.#base);
      this.#saved = edits;
      if (edits === this.#edits) {
        this.saving = "saved";
        this.#take(kept, mine);
      } else this.#base = mine;
    } catch (thrown) {
      this.saving = "failed";
      const { code } = asFailure(thrown);
      if (this.closed) this.#leaveWords(mine, code);
      else if (code === "already_sealed") void this.open();
      else this.#timer = setTimeout(() => void this.flush(), 3000);
    } finally {
      this.#save = null;
    }
    if (this.#stale && !this.#unsaved) void this.readWritten();
  }

  #leaveWords(draft: Draft, code: string): void {
    if (!this.app.lastWords.leave(this.seat, { draft, base: this.#base }, code)) return;
    const words = t().room.lastWords;
    this.app.toast(words.what(this.view?.document.case.title ?? ""), words.now, "stop");
  }

  /** Goes on with what could not be saved when the case was left the last time. */
  #takeLastWords(): void {
    const words = this.app.lastWords.take(this.seat);
    if (!words || !this.editable) return;
    this.#show(words.draft);
    this.#base = words.base;
    this.#edits++;
    this.saving = "saving";
    void this.flush();
  }

  // What the other window writes. It is taken over when nothing here is unsaved, and never under the
  // hands of who writes: the text that has the focus stays until it is left.

  get #unsaved(): boolean {
    return this.#saved !== this.#edits || this.#save !== null;
  }

  /** Asks for what was written in the other window. */
  async readWritten(): Promise<void> {
    if (this.closed) return;
    const reading = ++this.#reading;
    const edits = this.#edits;
    this.#stale = true;
    // The save under way may have been too early to have it; it is asked for after that.
    if (this.#unsaved) return;
    const written = await this.app.backend.written(this.seat).catch(() => null);
    if (!written || reading !== this.#reading) return;
    this.takeOpened(written.opened);
    if (edits === this.#edits && !this.#unsaved && !this.sealed)
      this.#stale = !this.#take(written.draft, $state.snapshot(this.draft) as Draft);
  }

  /** Takes over a draft as it is kept, where nothing here is unsaved; answers whether it could. */
  #take(kept: Draft, here: Draft): boolean {
    if (!equal(kept, here)) {
      if (isWriting()) {
        this.#base = here;
        this.#stale = true;
        return false;
      }
      this.#show(kept);
    }
    this.#base = kept;
    return true;
  }

  #show(draft: Draft): void {
    this.#base = draft;
    this.draft = structuredClone(draft);
    this.opinionRevision++;
  }

  /** Takes over a case that was read again: for the first time, or sealed or taken back elsewhere. */
  protected takeDraft(view: CaseRoomView, first: boolean): void {
    // Taken back in the other window: the next one is another act.
    if (this.sealed && !view.sealed) this.#op.done();
    const ballot = view.sealed?.ballot;
    const sealedElsewhere = !!ballot && ballot !== this.sealed?.ballot && ballot !== this.#op.id;
    this.sealed = view.sealed;
    if (first || sealedElsewhere) {
      clearTimeout(this.#timer);
      this.#saved = this.#edits;
      this.saving = "saved";
      this.#stale = false;
      if (first || !equal(view.draft, $state.snapshot(this.draft))) this.#show(view.draft);
      if (first) this.#takeLastWords();
    } else if (!this.#unsaved) this.#take(view.draft, $state.snapshot(this.draft) as Draft);
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

  // Sealing and taking back.

  async seal(confirmPackChange = false): Promise<boolean> {
    if (!this.editable || this.unready) return false;
    if ((this.view?.newer_pack || this.view?.change) && !confirmPackChange) {
      this.confirmPack = true;
      return false;
    }
    this.confirmPack = false;
    clearTimeout(this.#timer);
    const draft = $state.snapshot(this.draft) as Draft;
    this.sealing = true;
    try {
      const { backend } = this.app;
      this.sealed = await backend.sealBallot(this.#op.id, this.seat, draft, confirmPackChange);
      this.#saved = this.#edits;
      this.#base = draft;
      this.saving = "saved";
      return true;
    } catch (thrown) {
      const { code } = asFailure(thrown);
      if (code === "already_sealed") {
        // In the other window, in the same moment: that is no fault, and there is one ballot.
        const words = t().problem.of(code);
        this.app.toast(words.what, words.now);
        await this.open();
        return false;
      }
      const failure = this.app.fail(thrown);
      this.#op.failed(failure);
      this.sealing = false;
      if (failure.code.endsWith("pack_changed")) this.confirmPack = true;
      // The ballot may be on its way, or back: the program knows.
      if (this.app.view?.keeps_nothing) await this.open();
      // What was written since the last save is not left to a timer that was stopped.
      void this.flush();
      return false;
    } finally {
      this.sealing = false;
    }
  }

  async unseal(): Promise<boolean> {
    const sealed = this.sealed;
    if (!sealed?.undoable) return false;
    try {
      const draft = await this.app.backend.unseal(sealed.ballot);
      this.sealed = null;
      this.#op.done();
      this.#show(draft);
      return true;
    } catch (thrown) {
      this.app.fail(thrown);
      await this.open();
      return false;
    }
  }
}
