// A reviewer whose window is killed: at random moments, or at an exact write of a verb, and then opened
// again on what is left. Notes what the window showed, to be held against the server's ledger.
import { spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Reviewer } from "./reviewer.mjs";
import { Key, Window, lives, until } from "./window.mjs";

/** In the page: opens a seat's case and answers with what the room shows. */
const ENTER = `
  const [seat, done] = arguments;
  const one = (selector) => document.querySelector(selector);
  const end = performance.now() + 30_000;
  (function step() {
    const room = one('[data-testid="room"]');
    const bar = one('[data-testid="seal-bar"]');
    if (performance.now() > end) return done({ failed: document.body.innerText.slice(0, 400) });
    if (room?.dataset.seat === seat) {
      if (bar || one('[data-testid="option"]'))
        return done({ sealed: !!bar, final: bar?.dataset.final === "true", undoable: !!one('[data-testid="undo"]'),
                      opinion: one('[data-testid="opinion"]')?.value ?? "" });
    } else if (room) one('[data-testid="leave-room"]')?.click();
    else (one('[data-testid="docket-row"][data-seat="' + seat + '"] [data-testid="open-case"]') ?? one('[data-testid="nav-docket"]'))?.click();
    setTimeout(step, 10);
  })();`;

/** In the page: writes an opinion and makes sure of a choice. */
const WRITE = `
  const field = document.querySelector('[data-testid="opinion"]');
  field.value = arguments[0];
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  if (!document.querySelector('[data-testid="option"][aria-checked="true"]')) document.querySelector('[data-testid="option"]').click();
  // When the key arrives is noted for the measurement.
  addEventListener("keydown", (event) => event.key === "Enter" && (window.keyAt = Date.now()), true);`;

const SAVED = `return document.querySelector('[data-testid="saving"]')?.dataset.saving === "saved";`;

const SEALED = `return !!document.querySelector('[data-testid="seal-bar"]');`;

/** How the program's log says that a seal begins, right before what is written for it. */
const BEGUN = "a ballot is written";

/** What the window showed of one seat, and what was asked of it. */
export class SeatStory {
  constructor(row) {
    this.seat = row.seat;
    this.case = row.case;
    /** Opinions whose seal was asked for. */
    this.pressed = new Set();
    /** The last of them. */
    this.last = null;
    /** What is known to be true now: sealed with an opinion, open (null), or unknown (undefined). */
    this.sealed = null;
    /** Whether it is somebody's already. */
    this.used = false;
    /** The opinion whose sealing was hit by a kill; none while there was no such kill. */
    this.attempt = null;
  }
}

/** A reviewer under attack. `canaries` are written wherever the reviewer writes. */
export class Attacked extends Reviewer {
  constructor(options, port) {
    super(options, port);
    this.options = options;
    this.canaries = options.canaries;
    this.random = options.random;
    /** How often the window was killed, by what it was doing. */
    this.kills = {};
    /** Stories whose sealing was hit: begun, and not shown as done. */
    this.attempts = [];
    /** Sentences about what must not be. */
    this.violations = [];
    this.opinions = 0;
    this.runs = 0;
  }

  /** What a program of this reviewer is told by its environment. */
  environment() {
    const { home, temporary } = this.options;
    return {
      PINGLI_DATA_DIR: this.data, PINGLI_SERVER: this.server.url, BROWSER: join(import.meta.dirname, "sign-in.mjs"),
      LANG: "zh_CN.UTF-8", HOME: home, TMPDIR: temporary,
    };
  }

  /** What a run of the program says goes into a file of its own. With `trace` it says all that it can. */
  begins({ trace = false } = {}) {
    this.said = join(this.out, `program-${++this.runs}.log`);
    return { log: openSync(this.said, "a"), own: { ...this.more, PINGLI_LOG: trace ? "trace" : "info,pingli_client::outbox=debug" } };
  }

  async open(how) {
    this.window = await Window.open({ program: this.program, environment: this.environment(), ...this.begins(how), cwd: this.options.cwd, cores: true });
  }

  /** Kills the window and waits until it is gone. `how` is what it was doing. */
  async kill(how, signal = "SIGKILL") {
    const { window } = this;
    const { pid } = window;
    process.kill(pid, signal);
    await this.killed(how, pid);
  }

  async killed(how, pid) {
    await this.window.bury(pid);
    this.window = null;
    this.kills[how] = (this.kills[how] ?? 0) + 1;
    await this.options.afterRun?.();
  }

  /** A number from `least` up to `most`. */
  between(least, most) {
    return least + this.random() * (most - least);
  }

  /** Takes every seat that is offered, and waits for the packs unless told not to. */
  async takeAll() {
    await this.window.see("docket-row");
    // A page is asked for so long only; dozens of seats take longer than that on a busy machine.
    const some = () => this.window.session.executeAsyncScript(`
      const [done] = arguments;
      const end = performance.now() + 10_000;
      (function step() {
        const take = document.querySelector('[data-testid="conflict-accept"]') ?? document.querySelector('[data-testid="accept-seat"]');
        if (!take || performance.now() > end) return done(!!take);
        take.click();
        setTimeout(step, 60);
      })();`);
    for (let left = 12; left && (await some()); left--);
  }

  /** Waits until so many cases are ready offline; answers with their rows. */
  ready(count, seconds = 90) {
    return until(`${count} cases ready offline`, async () => {
      const rows = await this.rows();
      const ready = rows.filter((row) => row.state === "ready_offline");
      if (ready.length >= count) return ready;
      throw new Error(`only ${ready.length}; ${rows.map((row) => row.state).join(" ")}`);
    }, seconds);
  }

  /** Opens a seat's case in an open window and holds what is shown against what must be. */
  async look(story) {
    const shown = await this.window.session.executeAsyncScript(ENTER, story.seat);
    if (shown.failed) throw new Error(`${story.case} could not be opened: ${shown.failed}`);
    if (shown.sealed && !story.pressed.has(shown.opinion)) this.wrong(story, "a ballot is sealed that nobody sealed");
    if (typeof story.sealed === "string" && !shown.sealed) this.wrong(story, "a ballot was shown as sealed and is gone");
    if (typeof story.sealed === "string" && shown.sealed && shown.opinion !== story.sealed) this.wrong(story, "another ballot is sealed than was shown");
    if (story.sealed === null && shown.sealed) this.wrong(story, "a ballot is sealed that was shown as taken back");
    if (story.sealed === undefined && shown.sealed && shown.opinion !== story.last) this.wrong(story, "an older ballot is sealed than the last");
    story.sealed = shown.sealed ? shown.opinion : null;
    return shown;
  }

  wrong(story, what) {
    this.violations.push(`${story.case}: ${what} (run ${this.runs})`);
  }

  /** Takes a sealed ballot back; answers false when it is too late for that. */
  async takeBack(story, shown) {
    if (shown.final || !shown.undoable) return false;
    await this.window.run(`document.querySelector('[data-testid="undo"]').click();`);
    story.sealed = undefined;
    const back = await until("the ballot taken back, or gone", async () => {
      const bar = await this.window.run(`const bar = document.querySelector('[data-testid="seal-bar"]');
        return bar ? (document.querySelector('[data-testid="undo"]') ? null : "late") : "back";`);
      return bar;
    }, 20, 5);
    if (back === "late") return false;
    story.sealed = null;
    return true;
  }

  /** Writes an opinion of its own, so that the server's ledger tells which sealing it was, and waits until
   *  it is saved: what is written after that is the seal's. */
  async write() {
    const opinion = `意见 ${this.canaries.text} 第${++this.opinions}次，我看过照片和聊天。`;
    await this.window.run(WRITE, opinion);
    await until("the opinion saved", () => this.window.run(SAVED), 20, 5);
    return opinion;
  }

  /** Presses the key that seals, and watches until the window shows it or `gone()` says that it is over.
   *  Answers when it was shown, in milliseconds after the press; nothing when it was not. */
  async pressSeal(story, opinion, gone = () => false) {
    const began = Date.now();
    const { pid } = this.window;
    story.pressed.add(opinion);
    story.last = opinion;
    story.sealed = undefined;
    try {
      await this.window.chord(Key.CONTROL, Key.ENTER);
      while (!gone()) {
        if (await this.window.run(SEALED)) {
          if (gone()) return null;
          story.sealed = opinion;
          return Date.now() - began;
        }
        if (Date.now() - began > 20_000) throw new Error(`${story.case} could not be sealed`);
      }
    } catch (error) {
      // The window was killed while it was asked.
      await until("the window to be gone", () => gone() || !lives(pid), 5, 5).catch(() => Promise.reject(error));
    }
    return null;
  }

  /** Takes in that the window was killed after the key was pressed. It was hit while it sealed when the
   *  seal had begun and was not shown yet; answers with what it was doing. */
  async sealingKilled(story, opinion, shown, how, pid) {
    await this.window.bury(pid);
    const hit = shown === null && readFileSync(this.said, "utf8").includes(BEGUN);
    if (hit) {
      story.attempt = opinion;
      this.attempts.push(story);
    }
    const what = hit ? `sealing, ${how}` : shown === null ? "before sealing" : "sealed";
    await this.killed(what, pid);
    return what;
  }

  /** Seals and kills at a moment between the press and the answer; `span` is when that is, in
   *  milliseconds after the press. */
  async killAtMoment(story, [least, most]) {
    const opinion = await this.write();
    const { pid } = this.window;
    let gone = false;
    const killing = pause(this.between(least, most)).then(() => {
      gone = true;
      process.kill(pid, "SIGKILL");
    });
    const shown = await this.pressSeal(story, opinion, () => gone);
    await killing;
    return this.sealingKilled(story, opinion, shown, "at a moment", pid);
  }

  /** Seals and kills before the `n`-th write or sync of a thread from the press on; killed right after the
   *  answer where there are fewer. */
  async killAtWrite(story, n) {
    const opinion = await this.write();
    const { pid } = this.window;
    const tracer = await attach(pid, ["-e", `inject=pwrite64,fdatasync:signal=SIGKILL:when=${n}`]);
    let gone = false;
    tracer.once("exit", () => (gone = true));
    const shown = await this.pressSeal(story, opinion, () => gone);
    if (shown !== null) process.kill(pid, "SIGKILL");
    await until("the tracer to end", () => gone, 20, 5);
    return this.sealingKilled(story, opinion, shown, "at a write", pid);
  }

  /** Seals once and takes the ballot back, to know how long it takes and how many writes it is. */
  async measure(story) {
    const calls = [];
    const traced = await this.write();
    const tracer = await attach(this.window.pid, []);
    tracer.stderr.on("data", (bytes) => calls.push(bytes));
    await this.pressSeal(story, traced);
    tracer.kill("SIGINT");
    await new Promise((resolve) => tracer.once("close", resolve));
    const threads = new Map();
    for (const [, thread] of Buffer.concat(calls).toString().matchAll(/^\[pid\s+(\d+)\] (?:pwrite64|fdatasync)\(/gm)) threads.set(thread, (threads.get(thread) ?? 0) + 1);
    const writes = Math.max(1, ...threads.values());
    const times = [];
    for (let n = 0; n < 3; n++) {
      await this.takeBack(story, await this.look(story));
      const opinion = await this.write();
      const began = Date.now();
      const shown = await this.pressSeal(story, opinion);
      times.push([(await this.window.run("return window.keyAt;")) - began, shown]);
    }
    await this.takeBack(story, await this.look(story));
    return { writes, arrives: Math.min(...times.map(([key]) => key)), shown: Math.max(...times.map(([, shown]) => shown)) };
  }
}

/** Follows a process's writes and syncs; answers when every thread of it is held. */
async function attach(pid, more) {
  const quiet = more.length ? ["-o", "/dev/null"] : [];
  const tracer = spawn("strace", ["-f", ...quiet, "-e", "trace=pwrite64,fdatasync", ...more, "-p", String(pid)], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  const listen = (bytes) => (said += bytes);
  tracer.stderr.on("data", listen);
  await until("the tracer", () => {
    if (tracer.exitCode !== null) throw new Error(`strace: ${said}`);
    return said.includes("attached");
  }, 10, 5);
  tracer.stderr.off("data", listen);
  tracer.stderr.resume();
  return tracer;
}
