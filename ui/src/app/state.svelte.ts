// What every screen shares: the port, where we are, the settings, the server's clock, what is said
// aloud. One object per window, handed down by context.
import { getContext, setContext } from "svelte";
import { asFailure, type Backend, type Failure } from "../backend";
import type { AppView, Place, Settings, Topic } from "../backend/types";
import { setLang, systemLang } from "../messages/index.svelte";
import { Keys } from "./keys";
import { LastWords } from "./lastWords";
import type { Op } from "./op";
import { Turns } from "./turns";

export type { Place };

/** How often the program is told that the reviewer is here, at most, in milliseconds. */
const STILL_HERE = 10_000;

/** How long before its end a session that keeps nothing warns, in seconds. */
const WARN_BEFORE = 60;

/** Something said at the bottom of the window for a while. */
export interface Toast {
  id: number;
  tone: "calm" | "stop";
  text: string;
  detail: string;
}

export class AppState {
  readonly backend: Backend;
  readonly keys = new Keys();
  /** Opening and leaving cases, in the order in which the reviewer does it: the program must not have left
   *  what is open, nor have open what was left, nor show a draft without its last words. */
  readonly rooms = new Turns();
  readonly lastWords: LastWords;
  view = $state.raw<AppView | null>(null);
  failure = $state.raw<Failure | null>(null);
  settings = $state.raw<Settings | null>(null);
  place = $state.raw<Place>({ at: "docket" });
  closing = $state.raw<number | null>(null);
  toasts = $state.raw<Toast[]>([]);
  said = $state("");
  helpOpen = $state(false);
  #now = $state(Date.now());
  #tickedAt = performance.now();
  #skew = $state(0);
  #savers = new Set<() => Promise<void>>();
  #listeners = new Set<(topics: ReadonlySet<Topic>) => void>();
  #stops: (() => void)[] = [];
  #over = false;
  #toast = 0;
  /** The settings as the program keeps them, the changes that are on their way, and one at a time. */
  #keptSettings: Settings | null = null;
  #changes: Partial<Settings>[] = [];
  readonly #settingsTurns = new Turns();
  #told = 0;
  /** When the reviewer was last seen before this window, in milliseconds. */
  #seen = $state(Date.now());

  constructor(backend: Backend) {
    this.backend = backend;
    this.lastWords = new LastWords(backend, this.rooms);
  }

  /** Asks for the first view and listens; answers when there is something to show. */
  async start(): Promise<void> {
    // Before anything is known it looks as the system does: no white window on a dark desktop.
    this.#applyLook();
    const tick = setInterval(() => this.#tick(), 1000);
    this.#stops.push(() => clearInterval(tick));
    const scheme = window.matchMedia?.("(prefers-color-scheme: dark)");
    const follow = () => this.#applyLook();
    scheme?.addEventListener?.("change", follow);
    this.#stops.push(() => scheme?.removeEventListener?.("change", follow));
    for (const input of ["keydown", "pointerdown", "pointermove", "wheel"] as const) {
      window.addEventListener(input, this.#stillHere, { passive: true, capture: true });
      this.#stops.push(() => window.removeEventListener(input, this.#stillHere, { capture: true }));
    }
    try {
      await this.#listen();
    } catch (thrown) {
      this.failure = asFailure(thrown);
      return;
    }
    if (this.#over) return;
    if (this.backend.second) this.place = (await this.backend.ledTo().catch(() => null)) ?? this.place;
    await this.refresh();
    await this.#readSettings();
  }

  /** Answers when everything is heard: the first question lets go of a link that waited for the window. */
  async #listen(): Promise<void> {
    const stops = await Promise.all([
      this.backend.onChanged((topics) => {
        const stale = new Set(topics);
        if (stale.has("app")) void this.refresh();
        if (stale.has("settings")) void this.#readSettings();
        for (const listener of this.#listeners) listener(stale);
      }),
      this.backend.onNavigate(({ place, code }) => {
        if (place) this.go(place);
        if (code) this.#tell(code);
      }),
      this.backend.onClosing((waiting) => (this.closing = waiting)),
      this.backend.onSaveNow(async () => {
        await Promise.allSettled([...this.#savers].map((save) => save()));
        await this.lastWords.saveNow();
      }),
    ]);
    if (this.#over) for (const stop of stops) stop();
    else this.#stops.push(...stops);
  }

  /** Tells the program that the reviewer is here, where it would lock otherwise. */
  #stillHere = (): void => {
    const now = Date.now();
    if (this.endsIn !== null || now - this.#seen > STILL_HERE || now < this.#seen) this.#seen = now;
    if (!this.settings?.lock_after_minutes || this.view?.stage.kind === "locked") return;
    // A clock that was turned back starts over.
    if (now - this.#told < STILL_HERE && now >= this.#told) return;
    this.#told = now;
    this.backend.stillHere().catch(() => undefined);
  };

  stop(): void {
    this.#over = true;
    for (const stop of this.#stops.splice(0)) stop();
  }

  async refresh(): Promise<void> {
    try {
      this.show(await this.backend.appStatus());
    } catch (thrown) {
      this.failure = asFailure(thrown);
    }
  }

  /** Takes a view that a verb answered. One that was begun before the last is out of date: answers
   *  overtake each other, and nothing that was open may come back over a lock. */
  show(view: AppView): void {
    const was = this.view;
    if (was && view.serial < was.serial) return;
    const opened =
      was &&
      ((was.stage.kind !== "ready" && view.stage.kind === "ready") ||
        was.keeps_nothing !== view.keeps_nothing);
    if (opened) this.#seen = Date.now();
    this.view = view;
    this.failure = null;
    // What was said while it was open is not read out over the lock.
    if (view.stage.kind === "locked") {
      this.toasts = [];
      this.said = "";
    }
    if (view.stage.kind === "locked" || view.stage.kind === "signed_out") this.lastWords.forget();
    if (view.server) this.#skew = view.server.skew_seconds * 1000;
    if (opened) void this.#readSettings();
  }

  async #readSettings(): Promise<void> {
    await this.#settingsTurns.take(async () => {
      try {
        this.#keptSettings = await this.backend.settings();
        this.#showSettings();
      } catch {
        // While locked there are no settings to read: the look follows the system.
        this.#applyLook();
      }
    });
  }

  #showSettings(): void {
    if (!this.#keptSettings) return;
    this.settings = Object.assign({}, this.#keptSettings, ...this.#changes) as Settings;
    this.keys.singleKeys = this.settings.single_keys;
    this.#applyLook();
  }

  /** Changes settings. A change is shown at once and saved in its turn, upon what is kept then: the
   *  program is given the whole, and none may carry another's change back or on. */
  async saveSettings(change: Partial<Settings>): Promise<void> {
    if (!this.#keptSettings) return;
    this.#changes.push(change);
    this.#showSettings();
    await this.#settingsTurns.take(async () => {
      try {
        this.#keptSettings = await this.backend.saveSettings({ ...this.#keptSettings!, ...change });
      } catch (thrown) {
        this.fail(thrown);
      }
      this.#changes.splice(this.#changes.indexOf(change), 1);
      this.#showSettings();
    });
  }

  /**
   * Seconds until a session that keeps nothing ends because nobody is there, in its last minute. The
   * program itself decides; this only warns.
   */
  get endsIn(): number | null {
    const minutes = this.settings?.lock_after_minutes ?? 0;
    if (!this.view?.keeps_nothing || !minutes) return null;
    const left = Math.ceil((this.#seen + minutes * 60_000 - this.#now) / 1000);
    return left <= WARN_BEFORE ? Math.max(0, left) : null;
  }

  #applyLook(): void {
    const root = document.documentElement;
    const dark = window.matchMedia?.("(prefers-color-scheme: dark)").matches ?? false;
    const theme = this.settings?.theme ?? "system";
    root.dataset.theme = theme === "system" ? (dark ? "dark" : "light") : theme;
    root.style.setProperty("font-size", `${(16 * (this.settings?.text_percent ?? 100)) / 100}px`);
    setLang(this.settings?.language ?? systemLang());
  }

  /** Goes to a place. The main window has every one; the second has cases and verdicts, and leads the
   *  main window to the others. */
  go(place: Place): void {
    const elsewhere = this.backend.second && !["docket", "room", "verdicts", "verdict"].includes(place.at);
    if (elsewhere) void this.attempt(() => this.backend.showInMain(place));
    else this.place = place;
  }

  /** Opens a case in the second window. */
  openSecond(seat: string): void {
    void this.attempt(() => this.backend.openSecond(seat));
  }

  /** Something to be saved before the window goes. Answers a function that takes that back. */
  onSaveNow(save: () => Promise<void>): () => void {
    this.#savers.add(save);
    return () => this.#savers.delete(save);
  }

  /** A clock that jumped was turned, or the machine slept: the core knows which. */
  #tick(): void {
    const passed = performance.now() - this.#tickedAt;
    this.#tickedAt += passed;
    const now = Date.now();
    if (Math.abs(now - this.#now - passed) > 2000) void this.refresh();
    this.#now = now;
  }

  /** Whether nothing can be sent or fetched now, whatever the reason. */
  get offline(): boolean {
    return ["offline", "server_down", "portal", "untrusted"].includes(this.view?.sync.connection ?? "");
  }

  /** The server's clock, as far as it is known, in milliseconds. Ticks once a second. */
  get now(): number {
    return this.#now + this.#skew;
  }

  /** Sets the clock by an instant that the server's side just gave. */
  setClock(serverNow: string): void {
    const at = Date.parse(serverNow);
    if (Number.isNaN(at)) return;
    this.#now = Date.now();
    this.#skew = at - this.#now;
  }

  onStale(listener: (topics: ReadonlySet<Topic>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells screen readers, politely. */
  say(text: string): void {
    this.said = text;
  }

  toast(text: string, detail = "", tone: Toast["tone"] = "calm"): void {
    const id = ++this.#toast;
    this.toasts = [...this.toasts, { id, tone, text, detail }];
    setTimeout(() => this.dropToast(id), tone === "stop" ? 12_000 : 5_000);
  }

  dropToast(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }

  #words: ((code: string) => { what: string; now: string }) | null = null;
  /** Gives the table that turns codes into sentences. */
  speakWith(words: (code: string) => { what: string; now: string }): void {
    this.#words = words;
  }

  #tell(code: string): void {
    const words = this.#words?.(code) ?? { what: code, now: "" };
    this.toast(words.what, words.now, "stop");
  }

  /** Shows a failure in words. */
  fail(thrown: unknown): Failure {
    const failure = asFailure(thrown);
    this.#tell(failure.code);
    return failure;
  }

  /**
   * Does an act under its id and shows a failure in words; trying again is the same act, unless it was
   * taken back. Answers with the failure.
   */
  async act(op: Op, act: (id: string) => Promise<unknown>): Promise<Failure | null> {
    try {
      await act(op.id);
      return null;
    } catch (thrown) {
      const failure = this.fail(thrown);
      op.failed(failure);
      return failure;
    }
  }

  /** Does something and shows a failure in words; answers whether it went well. */
  async attempt(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (thrown) {
      this.fail(thrown);
      return false;
    }
  }
}

const key = Symbol("app");
export const provideApp = (app: AppState): AppState => setContext(key, app);
export const useApp = (): AppState => getContext<AppState>(key);
