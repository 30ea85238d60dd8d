// The port between the window and the program: every verb the window may ask for, and the changes
// it is told about. `tauri.ts` implements it in the program.
import type {
  AppView,
  BodyView,
  CaseRoomView,
  ChatHits,
  ChatOpening,
  ChatPage,
  ChatPlace,
  DocketView,
  Draft,
  ErrorView,
  Lead,
  OutboxView,
  Place,
  PointsView,
  ReceiptView,
  RecuseReason,
  SealedView,
  Settings,
  Standing,
  StorageView,
  Topic,
  VerdictsView,
  VerdictView,
  WrittenView,
} from "./types";

/**
 * Which rendition of a picture: 320 px; at most 2,048 px; a page of a PDF from 0, at most 2,048 px; or
 * a region of the original, in its upright pixels, made smaller by halving `halvings` times (0 to 4).
 * A region may have at most 4,096 × 4,096 pixels after halving.
 */
export type Rendition =
  | "thumb"
  | "screen"
  | { kind: "page"; page: number }
  | { kind: "region"; halvings: number; x: number; y: number; width: number; height: number };

/** The last parts of a picture's address: `thumb`, `screen`, `page/0`, `region/HALVINGS/X/Y/WIDTH/HEIGHT`. */
export function renditionPath(rendition: Rendition): (string | number)[] {
  if (typeof rendition === "string") return [rendition];
  if (rendition.kind === "page") return ["page", rendition.page];
  return ["region", rendition.halvings, rendition.x, rendition.y, rendition.width, rendition.height];
}

export interface Backend {
  appStatus(): Promise<AppView>;
  discoverServer(): Promise<string | null>;
  signIn(server: string): Promise<AppView>;
  cancelSignIn(): Promise<AppView>;
  signOut(): Promise<AppView>;
  unlock(passphrase: string | null): Promise<AppView>;
  /** Begins a session that keeps nothing. */
  keepNothing(): Promise<AppView>;
  /** Locks, or ends a session that keeps nothing. */
  lockNow(): Promise<AppView>;
  setPassphrase(passphrase: string | null, current: string | null): Promise<AppView>;
  /** Puts the key into the keyring of this desktop. */
  keepInKeyring(): Promise<AppView>;
  /** The reviewer is before the window: it does not lock for a while. */
  stillHere(): Promise<void>;

  docket(): Promise<DocketView>;
  acceptSeat(op: string, seat: string): Promise<void>;
  returnSeat(op: string, seat: string): Promise<void>;
  recuseSeat(op: string, seat: string, reason: RecuseReason): Promise<void>;
  putLater(seat: string, later: boolean): Promise<void>;
  makeOffline(seats: string[]): Promise<void>;
  /** Tells the server that a seat's pack is damaged; it is fetched anew when the server has answered. */
  reportDamage(op: string, seat: string, evidence: string | null): Promise<void>;
  cancelDownload(seat: string): Promise<void>;

  openCase(seat: string): Promise<CaseRoomView>;
  /** Leaves an open case: nothing of it is shown from now on. */
  closeCase(seat: string): Promise<void>;
  /** Structured bodies, in the order asked for; a chat log is read page by page instead. */
  evidenceBodies(seat: string, evidence: string[]): Promise<BodyView[]>;
  /** A chat log, with at most 200 of its messages. */
  chat(seat: string, evidence: string, place: ChatPlace, length: number): Promise<ChatOpening>;
  /** At most 200 messages. */
  chatPage(seat: string, evidence: string, place: ChatPlace, length: number): Promise<ChatPage>;
  /** The messages whose text has this one, upper and lower case being the same. */
  chatFind(seat: string, evidence: string, text: string): Promise<ChatHits>;
  markOpened(seat: string, evidence: string): Promise<void>;
  /** What was written about a case and opened of it, in whichever window. */
  written(seat: string): Promise<WrittenView>;
  /**
   * Saves what was changed since `base`, the draft as this window last read or saved it. Answers with the
   * draft as it was kept: what the other window wrote meanwhile is in it as well.
   */
  saveDraft(seat: string, draft: Draft, base: Draft): Promise<Draft>;
  addActiveTime(seat: string, seconds: number): Promise<void>;
  sealBallot(op: string, seat: string, draft: Draft, confirmPackChange: boolean): Promise<SealedView>;
  unseal(ballot: string): Promise<Draft>;

  outbox(): Promise<OutboxView>;
  retryIntent(id: string): Promise<void>;
  dropIntent(id: string): Promise<void>;
  sendNow(): Promise<void>;

  verdicts(): Promise<VerdictsView>;
  verdict(caseId: string, round: number): Promise<VerdictView>;
  receipt(ballot: string): Promise<ReceiptView>;

  points(): Promise<PointsView>;
  donate(op: string, project: string, points: number): Promise<void>;
  cancelDonation(op: string, donation: string): Promise<void>;

  standing(): Promise<Standing>;
  syncNow(): Promise<void>;

  settings(): Promise<Settings>;
  saveSettings(settings: Settings): Promise<Settings>;
  storage(): Promise<StorageView>;
  /** The reviewer has read what was saved from a damaged database. */
  dismissRecovery(): Promise<void>;
  /** Copies the damaged files, encrypted as they are, into a folder; answers where, or nothing when it was given up. */
  exportSetAside(): Promise<string | null>;
  exportDiagnostics(): Promise<string | null>;
  exportOriginal(seat: string, evidence: string, index: number): Promise<string | null>;
  quit(send: boolean): Promise<void>;

  /** Whether this is the second window, which shows cases and verdicts alone. */
  readonly second: boolean;
  /** Opens a case in the second window, or brings it to the front with that case. */
  openSecond(seat: string): Promise<void>;
  /** Where the second window begins; nothing in the main one. */
  ledTo(): Promise<Place | null>;
  /** Leads the main window to a place that the second does not have. */
  showInMain(place: Place): Promise<void>;

  /** The address of a picture's rendition. */
  pictureUrl(seat: string, evidence: string, index: number, rendition: Rendition): string;

  /** Tells which views became stale. Answers, once it would be told, a function that stops telling. */
  onChanged(tell: (topics: Topic[]) => void): Promise<() => void>;
  /** Tells where a notification or a link leads. */
  onNavigate(tell: (lead: Lead) => void): Promise<() => void>;
  /** Tells that the window wants to close while so many acts wait. */
  onClosing(tell: (waiting: number) => void): Promise<() => void>;
  /** Asks to save what is being written, because the window goes once that is done. */
  onSaveNow(save: () => Promise<void>): Promise<() => void>;
}

/** An expected failure, as the program names it. */
export class Failure extends Error {
  readonly code: string;
  readonly retry: boolean;

  constructor(view: ErrorView) {
    super(view.message);
    this.code = view.code;
    this.retry = view.retry;
  }
}

/** Takes whatever was thrown as a failure with a code. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  if (typeof thrown === "object" && thrown !== null && "code" in thrown) {
    const view = thrown as Partial<ErrorView>;
    return new Failure({ code: String(view.code), message: view.message ?? "", retry: view.retry ?? false });
  }
  return new Failure({ code: "unexpected", message: String(thrown), retry: true });
}

/** What a reviewer has written before the first word. */
export function emptyDraft(): Draft {
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
