// The port in the real program: commands and events of the shell. The only file that knows Tauri.
import { convertFileSrc, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { asFailure, renditionPath, type Backend } from "./index";
import type { Lead, Topic } from "./types";

async function call<T>(command: string, args?: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (thrown) {
    throw asFailure(thrown);
  }
}

/** The label of this window. */
const label = (
  window as unknown as { __TAURI_INTERNALS__: { metadata: { currentWindow: { label: string } } } }
).__TAURI_INTERNALS__.metadata.currentWindow.label;

// What is told to the other window alone is not heard here.
const hear = <T>(event: string, tell: (payload: T) => void): Promise<() => void> =>
  listen<T>(event, ({ payload }) => tell(payload), { target: label });

// Windows serves custom schemes as http://<scheme>.localhost; everywhere else it is <scheme>://.
const evidenceBase = convertFileSrc("", "pingli-evidence").replace(/\/$/, "");

export const tauriBackend: Backend = {
  appStatus: () => call("app_status"),
  discoverServer: () => call("discover_server"),
  signIn: (server) => call("sign_in", { server }),
  cancelSignIn: () => call("cancel_sign_in"),
  signOut: () => call("sign_out"),
  unlock: (passphrase) => call("unlock", { passphrase }),
  keepNothing: () => call("keep_nothing"),
  lockNow: () => call("lock_now"),
  setPassphrase: (passphrase, current) => call("set_passphrase", { passphrase, current }),
  keepInKeyring: () => call("keep_in_keyring"),
  stillHere: () => call("still_here"),

  docket: () => call("docket"),
  acceptSeat: (op, seat) => call("accept_seat", { op, seat }),
  returnSeat: (op, seat) => call("return_seat", { op, seat }),
  recuseSeat: (op, seat, reason) => call("recuse_seat", { op, seat, reason }),
  putLater: (seat, later) => call("put_later", { seat, later }),
  makeOffline: (seats) => call("make_offline", { seats }),
  reportDamage: (op, seat, evidence) => call("report_damage", { op, seat, evidence }),
  cancelDownload: (seat) => call("cancel_download", { seat }),

  openCase: (seat) => call("open_case", { seat }),
  closeCase: (seat) => call("close_case", { seat }),
  evidenceBodies: (seat, evidence) => call("evidence_bodies", { seat, evidence }),
  chat: (seat, evidence, place, length) => call("chat", { seat, evidence, place, length }),
  chatPage: (seat, evidence, place, length) => call("chat_page", { seat, evidence, place, length }),
  chatFind: (seat, evidence, text) => call("chat_find", { seat, evidence, text }),
  markOpened: (seat, evidence) => call("mark_opened", { seat, evidence }),
  written: (seat) => call("written", { seat }),
  saveDraft: (seat, draft, base) => call("save_draft", { seat, draft, base }),
  addActiveTime: (seat, seconds) => call("add_active_time", { seat, seconds }),
  sealBallot: (op, seat, draft, confirmPackChange) =>
    call("seal_ballot", { op, seat, draft, confirmPackChange }),
  unseal: (ballot) => call("unseal", { ballot }),

  outbox: () => call("outbox"),
  retryIntent: (id) => call("retry_intent", { id }),
  dropIntent: (id) => call("drop_intent", { id }),
  sendNow: () => call("send_now"),

  verdicts: () => call("verdicts"),
  verdict: (caseId, round) => call("verdict", { case: caseId, round }),
  receipt: (ballot) => call("receipt", { ballot }),

  points: () => call("points"),
  donate: (op, project, points) => call("donate", { op, project, points }),
  cancelDonation: (op, donation) => call("cancel_donation", { op, donation }),

  standing: () => call("standing"),
  syncNow: () => call("sync_now"),

  settings: () => call("settings"),
  saveSettings: (settings) => call("save_settings", { settings }),
  storage: () => call("storage"),
  dismissRecovery: () => call("dismiss_recovery"),
  exportSetAside: () => call("export_set_aside"),
  exportDiagnostics: () => call("export_diagnostics"),
  exportOriginal: (seat, evidence, index) => call("export_original", { seat, evidence, index }),
  quit: (send) => call("quit", { send }),

  second: label === "second",
  openSecond: (seat) => call("open_second", { seat }),
  ledTo: () => (label === "second" ? call("led_to") : Promise.resolve(null)),
  showInMain: (place) => call("show_in_main", { place }),

  pictureUrl: (seat, evidence, index, rendition) =>
    [evidenceBase, ...[seat, evidence, index, ...renditionPath(rendition)].map(encodeURIComponent)].join("/"),

  onChanged: (tell) => hear<{ topics: Topic[] }>("changed", ({ topics }) => tell(topics)),
  onNavigate: (tell) => hear<Lead>("navigate", tell),
  onClosing: (tell) => hear<{ waiting: number }>("closing", ({ waiting }) => tell(waiting)),
  onSaveNow: (save) =>
    hear("save_now", () => void save().finally(() => call<void>("saved").catch(() => undefined))),
};
