// The port in memory: for tests, and for looking at screens in a plain browser. Never shipped.
import { emptyDraft, Failure, renditionPath, type Backend, type Rendition } from "../index";
import type {
  AppView,
  BodyView,
  CaseRoomView,
  ChatPlace,
  Connection,
  DocketRow,
  Draft,
  Lead,
  LockReason,
  MaterialChange,
  OutboxRow,
  RecoveryView,
  SealedView,
  Place,
  Settings,
  Stage,
  TimelineView,
  Topic,
  VerdictView,
} from "../types";
import * as account from "./account";
import { coat, coatEvidence, writtenDraft } from "./coat";
import { pointsOf, receiptOf, undecided } from "./answers";
import { chatOf, longChat, type Chat } from "./chats";
import { coatBodies } from "./coatBodies";
import { coatTimeline, longTimeline } from "./coatTimeline";
import type { FakeOptions } from "./options";
import { longOrder, longOrderFound } from "./orders";

const HOLD = 30_000;
const fail = (code: string, retry = false) => new Failure({ code, message: code, retry });

export type { FakeOptions } from "./options";

export class FakeBackend implements Backend {
  readonly calls: { verb: string; args: unknown[] }[] = [];
  readonly options: FakeOptions;
  stage: Stage;
  connection: Connection;
  recovery: RecoveryView | null = null;
  rows: DocketRow[];
  intents: OutboxRow[] = [];
  drafts = new Map<string, Draft>();
  sealed = new Map<string, SealedView>();
  opened = new Set<string>(["b-1", "b-2", "b-3", "s-1", "s-2"]);
  newerPack = false;
  change: MaterialChange | null = null;
  settingsNow: Settings;
  account;
  #verdicts: VerdictView[];
  #views = 0;
  #changed = new Set<(topics: Topic[]) => void>();
  #navigate = new Set<(lead: Lead) => void>();
  #closing = new Set<(waiting: number) => void>();
  #saveNow = new Set<() => Promise<void>>();
  slots = { keyring: true, passphrase: false };
  keepsNothing = false;
  #delays = new Map<string, Promise<void>[]>();
  #long: Chat | null = null;

  constructor(options: FakeOptions = {}) {
    const now = Date.now();
    this.options = options;
    this.stage = options.stage ?? { kind: "ready" };
    this.connection = options.connection ?? "online";
    this.recovery = options.recovery ?? null;
    this.keepsNothing = options.keepsNothing ?? false;
    this.rows = options.empty ? [] : account.docketRows(now);
    this.slots = options.slots ?? {
      keyring: true,
      passphrase: this.stage.kind === "locked" && this.stage.passphrase,
    };
    this.settingsNow = { ...account.settings, ...options.settings };
    this.#verdicts = options.empty ? [] : account.verdictViews(now);
    this.account = {
      ledger: options.empty ? [] : account.ledger(now),
      donations: options.empty ? [] : account.donations(now),
      standing: account.standing(now),
    };
    this.drafts.set("seat-1", writtenDraft());
    if (!options.empty) {
      const sealedRow = this.rows.find((row) => row.state.kind === "sealed")!;
      this.intents.push(
        this.#intent("ballot-seat-4", "ballot", sealedRow.card.title, {
          case: sealedRow.case,
          due: sealedRow.lease_end,
          undoable: true,
        }),
      );
      this.intents.push({
        ...this.#intent("gift-1", "donate", "大爱", { points: 150 }),
        state: { kind: "parked", code: "amount_not_allowed" },
        tries: 2,
        last_answer: "amount_not_allowed",
      });
    }
  }

  #intent(id: string, kind: OutboxRow["kind"], title: string, change: Partial<OutboxRow> = {}): OutboxRow {
    return {
      id,
      kind,
      title,
      case: null,
      points: null,
      made_at: account.iso(Date.now() - 11 * 60_000),
      due: null,
      state: { kind: "waiting", next_try: null },
      tries: 0,
      last_answer: null,
      undoable: false,
      ...change,
    };
  }

  // For tests: what happens outside the window.

  tell(...topics: Topic[]): void {
    for (const listener of this.#changed) listener(topics);
  }
  navigate(lead: Lead): void {
    for (const listener of this.#navigate) listener(lead);
  }
  close(waiting: number): void {
    for (const listener of this.#closing) listener(waiting);
  }
  /** The next call of a verb that has no delay yet waits, and does nothing until it is let go. */
  delay(verb: string): () => void {
    let letGo = (): void => undefined;
    const delay = new Promise<void>((done) => (letGo = done));
    this.#delays.set(verb, [...(this.#delays.get(verb) ?? []), delay]);
    return letGo;
  }
  /** The window is about to go. */
  async leave(): Promise<void> {
    await Promise.all([...this.#saveNow].map((save) => save()));
  }
  /** The reviewer writes in the other window. */
  writeElsewhere(seat: string, change: (draft: Draft) => void): void {
    const draft = structuredClone(this.drafts.get(seat) ?? emptyDraft());
    change(draft);
    this.drafts.set(seat, draft);
    this.tell("draft");
  }
  /** The reviewer seals in the other window. */
  sealElsewhere(seat: string): void {
    const now = Date.now();
    this.sealed.set(seat, {
      ballot: "ballot-elsewhere",
      sealed_at: account.iso(now),
      held_until: account.iso(now + HOLD),
      undoable: true,
    });
    this.#row(seat).state = { kind: "held", until: account.iso(now + HOLD) };
    this.tell("room", "docket");
  }
  /** The reviewer takes a ballot back in the other window. */
  unsealElsewhere(seat: string): void {
    this.sealed.delete(seat);
    this.#row(seat).state = { kind: "ready_offline" };
    this.tell("room", "docket");
  }
  setConnection(connection: Connection): void {
    this.connection = connection;
    this.tell("app");
  }
  lock(reason: LockReason, passphrase = true): void {
    this.stage = { kind: "locked", reason, passphrase, may_keep_nothing: false };
    this.tell("app");
  }
  /** The server takes everything that waits. */
  deliver(): void {
    for (const intent of this.intents.filter((one) => one.state.kind !== "parked" && one.kind === "ballot")) {
      const seat = [...this.sealed].find(([, sealed]) => sealed.ballot === intent.id)?.[0];
      const row = this.rows.find((one) => one.seat === seat);
      if (row) row.state = { kind: "counted" };
      const sealed = seat && this.sealed.get(seat);
      if (seat && sealed) this.sealed.set(seat, { ...sealed, undoable: false });
    }
    this.intents = this.intents.filter((one) => one.state.kind === "parked");
    this.tell("app", "docket", "outbox", "room", "points");
  }

  async #call<T>(verb: string, args: unknown[], answer: () => T): Promise<T> {
    this.calls.push({ verb, args: structuredClone(args) });
    if (this.options.mute?.includes(verb)) return new Promise(() => undefined);
    const delay = this.#delays.get(verb)?.shift();
    if (delay) await delay;
    const code = this.options.failing?.[verb];
    if (code) throw fail(code, true);
    return structuredClone(answer());
  }

  #view(): AppView {
    const signedIn = !["opening", "signed_out", "signing_in", "locked"].includes(this.stage.kind);
    return {
      serial: ++this.#views,
      stage: this.stage,
      profile: signedIn
        ? { id: "r-1", display_name: "示例评审员", member_since: "2025-03-09T02:00:00Z" }
        : null,
      standing: signedIn ? this.account.standing.state : null,
      server: signedIn
        ? {
            url: "http://127.0.0.1:7420",
            name: { "zh-Hans": "示例判定中心", en: "Demo judgment server" },
            skew_seconds: this.options.skew ?? 0,
          }
        : null,
      sync: {
        connection: this.connection,
        last_complete: account.iso(Date.now() - 90_000),
        error: this.connection === "online" ? null : (this.options.offlineWhy ?? "offline"),
      },
      waiting: this.intents.filter((one) => one.state.kind !== "parked").length,
      parked: this.intents.filter((one) => one.state.kind === "parked").length,
      open_seats: this.rows.filter((row) =>
        ["offered", "ready_offline", "not_downloaded", "downloading", "queued"].includes(row.state.kind),
      ).length,
      new_verdicts: this.#verdicts.length ? 2 : 0,
      offline_cases: this.rows.filter((row) => row.state.kind === "ready_offline").length,
      offline_bytes: 84_000_000,
      version: "0.1.0",
      key_slots: this.slots,
      data_folder: "/home/reviewer/.local/share/pingli",
      recovery: this.recovery,
      keeps_nothing: this.keepsNothing,
    };
  }

  appStatus = () => this.#call("app_status", [], () => this.#view());
  discoverServer = () => this.#call("discover_server", [], () => "http://127.0.0.1:7420" as string | null);
  signIn = (server: string) =>
    this.#call("sign_in", [server], () => {
      this.stage = {
        kind: "signing_in",
        url: `${server}/authorize?client_id=pingli-desktop&code_challenge=…`,
      };
      return this.#view();
    });
  cancelSignIn = () =>
    this.#call("cancel_sign_in", [], () => {
      this.stage = { kind: "signed_out" };
      return this.#view();
    });
  signOut = () =>
    this.#call("sign_out", [], () => {
      if (this.keepsNothing) return this.#over();
      this.stage = { kind: "signed_out" };
      return this.#view();
    });
  unlock = (passphrase: string | null) =>
    this.#call("unlock", [passphrase], () => {
      const first = !this.slots.keyring && !this.slots.passphrase;
      if (passphrase !== null && first) this.slots = { keyring: false, passphrase: true };
      else if (passphrase !== null && passphrase !== "correct horse") throw fail("wrong_passphrase", true);
      this.stage = { kind: "ready" };
      return this.#view();
    });
  keepNothing = () =>
    this.#call("keep_nothing", [], () => {
      this.keepsNothing = true;
      this.stage = { kind: "signed_out" };
      return this.#view();
    });
  /** A session that keeps nothing is over. */
  #over(): AppView {
    this.keepsNothing = false;
    this.stage = { kind: "locked", reason: "session_over", passphrase: false, may_keep_nothing: true };
    return this.#view();
  }
  lockNow = () =>
    this.#call("lock_now", [], () => {
      if (this.keepsNothing) return this.#over();
      if (!this.slots.passphrase) throw fail("lock_needs_passphrase");
      this.stage = { kind: "locked", reason: "by_reviewer", passphrase: true, may_keep_nothing: false };
      return this.#view();
    });
  setPassphrase = (passphrase: string | null, current: string | null) =>
    this.#call("set_passphrase", [passphrase, current], () => {
      this.slots = { ...this.slots, passphrase: passphrase !== null };
      this.keepsNothing = false;
      if (passphrase === null) this.settingsNow.lock_after_minutes = 0;
      return this.#view();
    });
  keepInKeyring = () =>
    this.#call("keep_in_keyring", [], () => {
      this.slots = { ...this.slots, keyring: true };
      return this.#view();
    });
  stillHere = () => this.#call("still_here", [], () => undefined);

  docket = () =>
    this.#call("docket", [], () => ({
      rows: this.rows,
      case_types: account.caseTypes,
      server_now: account.iso(Date.now()),
    }));
  #row(seat: string): DocketRow {
    const row = this.rows.find((one) => one.seat === seat);
    if (!row) throw fail("not_found");
    return row;
  }
  acceptSeat = (op: string, seat: string) =>
    this.#call("accept_seat", [op, seat], () => {
      const row = this.#row(seat);
      row.server_state = "accepted";
      row.state = { kind: "ready_offline" };
      this.tell("docket", "app");
    });
  returnSeat = (op: string, seat: string) => this.#call("return_seat", [op, seat], () => this.#leave(seat));
  recuseSeat = (op: string, seat: string, reason: string) =>
    this.#call("recuse_seat", [op, seat, reason], () => this.#leave(seat));
  #leave(seat: string): void {
    this.#row(seat).state = { kind: "leaving" };
    this.tell("docket", "app", "outbox");
  }
  putLater = (seat: string, later: boolean) =>
    this.#call("put_later", [seat, later], () => {
      this.#row(seat).later = later;
      this.tell("docket");
    });
  makeOffline = (seats: string[]) =>
    this.#call("make_offline", [seats], () => {
      for (const seat of seats) this.#row(seat).state = { kind: "ready_offline" };
      this.tell("docket", "app");
    });
  reportDamage = (op: string, seat: string, evidence: string | null) =>
    this.#call("report_damage", [op, seat, evidence], () => {
      this.#row(seat).state = { kind: "ready_offline" };
      this.tell("docket", "app", "room");
    });
  cancelDownload = (seat: string) =>
    this.#call("cancel_download", [seat], () => {
      this.#row(seat).state = { kind: "not_downloaded" };
      this.tell("docket");
    });

  openCase = (seat: string) =>
    this.#call("open_case", [seat], (): CaseRoomView => {
      const row = this.#row(seat);
      const sealed = this.sealed.get(seat) ?? null;
      return {
        seat,
        state: row.state,
        document: coat,
        side_order: ["buyer", "seller"],
        pack: { version: 1, sha256: "cd".repeat(32), bytes: row.pack_bytes, key: "k1" },
        newer_pack: this.newerPack,
        change: this.change,
        lease_end: row.lease_end,
        server_now: account.iso(Date.now()),
        draft: this.drafts.get(seat) ?? emptyDraft(),
        first: this.#look("p-1"),
        opened: coatEvidence.map((e) => e.id).filter((id) => this.opened.has(id)),
        timeline: this.#timeline(),
        sealed,
      };
    });
  #timeline(): TimelineView {
    const { items, lines, timeline } = this.options;
    const found = timeline ?? (items === undefined ? coatTimeline : longTimeline(items));
    if (lines === undefined) return found;
    return { ...found, observations: [...found.observations, longOrderFound(lines)] };
  }
  #look(first: string): string {
    this.opened.add(first);
    return first;
  }
  closeCase = (seat: string) => this.#call("close_case", [seat], () => undefined);
  evidenceBodies = (seat: string, evidence: string[]) =>
    this.#call("evidence_bodies", [seat, evidence], () => evidence.map((id) => this.#body(id)));
  #body(evidence: string): BodyView {
    const { bodies, broken, lines } = this.options;
    const body =
      lines !== undefined && evidence === "p-2"
        ? longOrder(lines)
        : (bodies?.[evidence] ?? coatBodies[evidence]);
    const code = broken?.[evidence] ?? (body ? undefined : "not_found");
    return code || !body
      ? { kind: "missing", error: { code: code ?? "not_found", message: "", retry: false } }
      : { kind: "here", body };
  }
  chat = (seat: string, evidence: string, place: ChatPlace, length: number) =>
    this.#call("chat", [seat, evidence, place, length], () => {
      const chat = this.#chat(evidence);
      return { chat: chat.view(), page: chat.page(place, length) };
    });
  chatPage = (seat: string, evidence: string, place: ChatPlace, length: number) =>
    this.#call("chat_page", [seat, evidence, place, length], () => this.#chat(evidence).page(place, length));
  chatFind = (seat: string, evidence: string, text: string) =>
    this.#call("chat_find", [seat, evidence, text], () => this.#chat(evidence).find(text));
  #chat(evidence: string): Chat {
    const body = this.options.bodies?.[evidence] ?? coatBodies[evidence];
    if (body?.kind !== "chat_log") throw fail("not_found");
    const messages = this.options.messages;
    if (messages === undefined) return chatOf(body);
    this.#long ??= longChat(
      messages,
      body,
      coatEvidence.find((one) => one.id === evidence)?.media.map((file) => file.original.path),
    );
    return this.#long;
  }
  markOpened = (seat: string, evidence: string) =>
    this.#call("mark_opened", [seat, evidence], () => void this.opened.add(evidence));
  written = (seat: string) =>
    this.#call("written", [seat], () => ({
      draft: this.drafts.get(seat) ?? emptyDraft(),
      opened: coatEvidence.map((e) => e.id).filter((id) => this.opened.has(id)),
    }));
  saveDraft = (seat: string, draft: Draft, base: Draft) =>
    this.#call("save_draft", [seat, draft, base], () => {
      if (this.sealed.has(seat)) throw fail("already_sealed");
      // Field by field; the program itself merges more finely.
      const kept: Record<string, unknown> = structuredClone(this.drafts.get(seat) ?? emptyDraft());
      for (const [field, value] of Object.entries(draft))
        if (JSON.stringify(value) !== JSON.stringify(base[field as keyof Draft])) kept[field] = value;
      this.drafts.set(seat, kept as unknown as Draft);
      return kept as unknown as Draft;
    });
  addActiveTime = (seat: string, seconds: number) =>
    this.#call("add_active_time", [seat, seconds], () => undefined);
  sealBallot = (op: string, seat: string, draft: Draft, confirmPackChange: boolean) =>
    this.#call("seal_ballot", [op, seat, draft, confirmPackChange], () => {
      if (this.sealed.has(seat)) throw fail("already_sealed");
      if (this.newerPack || (this.change && !confirmPackChange)) throw fail("pack_changed");
      const now = Date.now();
      const sealed = {
        ballot: op,
        sealed_at: account.iso(now),
        held_until: account.iso(this.keepsNothing ? now : now + HOLD),
        undoable: !this.keepsNothing,
      };
      this.sealed.set(seat, sealed);
      this.drafts.set(seat, structuredClone(draft));
      const row = this.#row(seat);
      if (this.keepsNothing) {
        row.state = { kind: "counted" };
        this.tell("app", "docket", "outbox", "room");
        return sealed;
      }
      row.state = { kind: "held", until: sealed.held_until };
      this.intents.push({
        ...this.#intent(op, "ballot", row.card.title, { case: row.case, due: row.lease_end, undoable: true }),
        made_at: sealed.sealed_at,
        state: { kind: "held", until: sealed.held_until },
      });
      this.tell("app", "docket", "outbox");
      return sealed;
    });
  unseal = (ballot: string) =>
    this.#call("unseal", [ballot], () => {
      const seat = [...this.sealed].find(([, sealed]) => sealed.ballot === ballot)?.[0];
      this.intents = this.intents.filter((one) => one.id !== ballot);
      if (!seat) return emptyDraft();
      if (!this.sealed.get(seat)!.undoable) throw fail("too_late_to_undo");
      this.sealed.delete(seat);
      this.#row(seat).state = { kind: "ready_offline" };
      this.tell("app", "docket", "outbox");
      return this.drafts.get(seat) ?? emptyDraft();
    });

  outbox = () => this.#call("outbox", [], () => ({ rows: this.intents }));
  retryIntent = (id: string) =>
    this.#call("retry_intent", [id], () => {
      this.intents = this.intents.map((one) =>
        one.id === id ? { ...one, state: { kind: "sending" } } : one,
      );
      this.tell("outbox", "app");
    });
  dropIntent = (id: string) =>
    this.#call("drop_intent", [id], () => {
      this.intents = this.intents.filter((one) => one.id !== id);
      this.tell("outbox", "app");
    });
  sendNow = () => this.#call("send_now", [], () => this.deliver());

  verdicts = () =>
    this.#call("verdicts", [], () => ({
      rows: this.#verdicts.map((view, i) => ({
        verdict: { ...view.verdict, opinions: [] },
        own: view.own,
        is_new: i < 2,
      })),
      undecided: this.options.empty ? [] : undecided(),
    }));
  verdict = (caseId: string, round: number) =>
    this.#call("verdict", [caseId, round], () => {
      const view = this.#verdicts.find((one) => one.verdict.case === caseId);
      if (!view) throw fail("not_found");
      return view;
    });
  receipt = (ballot: string) => this.#call("receipt", [ballot], () => receiptOf(ballot));

  points = () =>
    this.#call("points", [], () => pointsOf(this.account, this.intents, this.options.empty ?? false));
  donate = (op: string, project: string, points: number) =>
    this.#call("donate", [op, project, points], () => {
      const to = account.projects.find((one) => one.id === project);
      this.intents.push({
        ...this.#intent(op, "donate", to?.name["zh-Hans"] ?? project, { points, undoable: true }),
        made_at: account.iso(Date.now()),
      });
      this.tell("app", "outbox", "points");
    });
  cancelDonation = (op: string, donation: string) =>
    this.#call("cancel_donation", [op, donation], () => {
      this.account.donations = this.account.donations.map((one) =>
        one.id === donation ? { ...one, state: "cancelled" } : one,
      );
      this.tell("points");
    });

  standing = () => this.#call("standing", [], () => this.account.standing);
  syncNow = () => this.#call("sync_now", [], () => undefined);
  settings = () => this.#call("settings", [], () => this.settingsNow);
  saveSettings = (settings: Settings) =>
    this.#call("save_settings", [settings], () => (this.settingsNow = structuredClone(settings)));
  storage = () =>
    this.#call("storage", [], () => ({
      folder: "~/.local/share/pingli",
      database_bytes: 6_300_000,
      evidence_bytes: 84_000_000,
      cases: 6,
    }));
  dismissRecovery = () =>
    this.#call("dismiss_recovery", [], () => {
      this.recovery = null;
      this.tell("app");
    });
  exportSetAside = () =>
    this.#call("export_set_aside", [], () => "/home/reviewer/pingli-set-aside" as string | null);
  exportDiagnostics = () => this.#call("export_diagnostics", [], () => null);
  exportOriginal = (seat: string, evidence: string, index: number) =>
    this.#call("export_original", [seat, evidence, index], () => null);
  quit = (send: boolean) => this.#call("quit", [send], () => undefined);
  get second(): boolean {
    return this.options.second !== undefined;
  }
  openSecond = (seat: string) => this.#call("open_second", [seat], () => undefined);
  ledTo = () => this.#call("led_to", [], () => this.options.second ?? null);
  showInMain = (place: Place) => this.#call("show_in_main", [place], () => undefined);

  pictureUrl = (seat: string, evidence: string, index: number, rendition: Rendition) =>
    ["/fake-pictures", ...[seat, evidence, index, ...renditionPath(rendition)].map(encodeURIComponent)].join(
      "/",
    );

  onChanged = (tell: (topics: Topic[]) => void) => hold(this.#changed, tell);
  onNavigate = (tell: (lead: Lead) => void) => hold(this.#navigate, tell);
  onClosing = (tell: (waiting: number) => void) => hold(this.#closing, tell);
  onSaveNow = (save: () => Promise<void>) => hold(this.#saveNow, save);
}

function hold<T>(set: Set<T>, one: T): Promise<() => void> {
  set.add(one);
  return Promise.resolve(() => set.delete(one));
}
