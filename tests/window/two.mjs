#!/usr/bin/env node
// Two windows of one program, for real: the second is opened and never a third, each sees pictures of its
// own case alone, what is written in one is in the other, both seal the same seat at the same moment and
// the server's ledger has one ballot, one locks both, closing saves. Then the same without a driver, in the
// incognito windows that a person has.
//   two.mjs --out DIR
import { spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { checked } from "./checks.mjs";
import { makeCanaries, writeCanaryDocket } from "./canary-docket.mjs";
import { readLedger } from "./ledger.mjs";
import { Reviewer, target } from "./reviewer.mjs";
import { TITLES, close, coloured, place, press, shot, windowsOf } from "./screen.mjs";
import { lives, until } from "./window.mjs";

const CHECKS = 11;
const PASSPHRASE = "correct horse battery";
/** Enough of the canary picture's colour to say that the picture is there. */
const SEEN = 400;

class Two {
  summary = [];
  constructor(me) {
    this.me = me;
  }

  get window() {
    return this.me.window;
  }

  check(name, probe) {
    return checked(this.summary, name, probe, (n) => shot(join(this.me.out, `${n}.png`)));
  }

  /** Goes on in a window. */
  async into(which) {
    await this.window.session.switchTo().window(this[which]);
  }

  /** Runs a function in a window. */
  async run(which, body, ...args) {
    await this.into(which);
    return this.window.run(body, ...args);
  }

  /** Calls a command in a window; answers with what it said, or why not. */
  async invoke(which, command, args = {}) {
    await this.into(which);
    return this.window.session.executeAsyncScript(
      `const [command, args, done] = arguments;
       window.__TAURI_INTERNALS__.invoke(command, args).then((value) => done({ value }), (why) => done({ why: why?.code ?? String(why) }));`,
      command, args);
  }

  handles() {
    return this.window.session.getAllWindowHandles();
  }

  /** Waits until a window shows a case's room. */
  inRoom(which, { seat }) {
    return until(`the case in the ${which} window`, () =>
      this.run(which, `return !!document.querySelector('[data-testid="room"][data-seat="${seat}"] [data-testid="option"]');`));
  }

  async open([a, b]) {
    this.main = await this.window.session.getWindowHandle();
    await this.me.go("docket");
    await this.window.click("row-menu", {}, 30, this.me.row(a));
    await this.window.click("open-second");
    const both = await until("a second window", async () => (await this.handles()).length === 2 && this.handles());
    this.second = both.find((handle) => handle !== this.main);
    await this.inRoom("second", a);
    for (const row of [b, a, b]) {
      const { why } = await this.invoke("main", "open_second", { seat: row.seat });
      if (why) throw new Error(why);
      await this.inRoom("second", row);
    }
    // Pressed many times at once, as well as before the first is there.
    await this.run("main", `for (let n = 0; n < 12; n++) window.__TAURI_INTERNALS__.invoke("open_second", { seat: arguments[0] });`, a.seat);
    await this.inRoom("second", a);
    const count = (await this.handles()).length;
    if (count !== 2) throw new Error(`${count} windows`);
    const refused = await this.invoke("second", "open_second", { seat: a.seat });
    if (!/not allowed/i.test(refused.why ?? "")) throw new Error("the second may open a window");
    const titles = await Promise.all([TITLES.main, TITLES.second].map(windowsOf));
    if (titles.some((ids) => ids.length !== 1)) throw new Error(`windows by title: ${titles.map((ids) => ids.length)}`);
    return "opened from a row's menu, led from case to case, never a third";
  }

  async commands() {
    const kept = ["discover_server", "sign_in", "cancel_sign_in", "sign_out", "lock_now", "set_passphrase", "keep_in_keyring", "save_settings", "donate",
      "cancel_donation", "outbox", "retry_intent", "drop_intent", "send_now", "points", "standing", "storage", "dismiss_recovery", "export_set_aside", "export_diagnostics", "quit",
      "plugin:window|close", "plugin:webview|create_webview_window", "plugin:event|emit", "plugin:event|emit_to", "plugin:opener|open_url", "plugin:dialog|open"];
    const went = [];
    for (const command of kept) {
      const { why } = await this.invoke("second", command, { send: false, url: "x", path: "x", event: "changed", options: {} });
      if (!/not allowed|command \S+ not found/i.test(why ?? "")) went.push(`${command}: ${why ?? "done"}`);
    }
    for (const command of ["led_to", "show_in_main"]) {
      const { why } = await this.invoke("main", command, { place: { at: "docket" } });
      if (!/not allowed/i.test(why ?? "")) went.push(`${command} in the main window`);
    }
    if (went.length) throw new Error(`these can be called: ${went.join("; ")}`);
    await this.run("second", `window.open("about:blank"); location.href = "https://example.org/";`).catch(() => {});
    const there = await this.run("second", "return location.href;");
    if (!/^tauri:\/\/localhost\/?$/.test(there) || (await this.handles()).length !== 2) throw new Error(`it went to ${there}`);
    return `${kept.length} commands are not for the second window; it goes nowhere else`;
  }

  /** How many of a case's pictures a window is given. */
  async pictures(which, { seat }) {
    await this.into(which);
    return this.window.session.executeAsyncScript(`
      const [seat, done] = arguments;
      const load = (path) => new Promise((end) => { const i = new Image(); i.onload = () => end(1); i.onerror = () => end(0); i.src = "pingli-evidence://localhost/" + seat + "/b-2/0/" + path + "?" + Math.random(); });
      Promise.all(["thumb", "screen", "region/0/0/0/64/64"].map(load)).then((all) => done(all.reduce((a, b) => a + b)));`, seat);
  }

  async apart([a, b]) {
    await this.into("main");
    await this.me.enter(b);
    await this.inRoom("second", a);
    const seen = [await this.pictures("main", b), await this.pictures("main", a), await this.pictures("second", a), await this.pictures("second", b)];
    if (seen.join() !== "3,0,3,0") throw new Error(`main: own ${seen[0]}, other ${seen[1]}; second: own ${seen[2]}, other ${seen[3]}`);
    await this.into("main");
    await this.me.go("docket");
    await until("no picture of the case that was left", async () => (await this.pictures("main", b)) === 0);
    const after = await this.pictures("second", a);
    if (after !== 3) throw new Error(`after one was left the other shows ${after} of 3`);
    return "each window is given pictures of its own case alone, and keeps them when the other leaves";
  }

  opinion(which) {
    return this.run(which, `return document.querySelector('[data-testid="opinion"]').value;`);
  }

  /** Says what happens in both windows at one moment. */
  async atOnce(body, ...args) {
    const at = Date.now() + 1500;
    for (const which of ["main", "second"])
      await this.run(which, `const [which, at, ...args] = arguments; setTimeout(() => { ${body} }, at - Date.now());`, which, at, ...args);
    if (Date.now() > at) throw new Error("this machine is too slow for two things at one moment");
    await new Promise((done) => setTimeout(done, at - Date.now() + 50));
  }

  async writing([a]) {
    await this.into("main");
    await this.me.enter(a);
    await this.window.fill("opinion", "主窗口先写。");
    await until("it in the second window", async () => (await this.opinion("second")) === "主窗口先写。");
    await this.into("main");
    await this.window.click("tab-timeline");
    await this.run("main", "document.activeElement.blur();");
    await this.into("second");
    await this.window.click("option", {}, 30);
    const field = await this.window.see("opinion");
    await field.sendKeys("第二窗口接着写。");
    await until("it in the main window", async () => (await this.opinion("main")).endsWith("第二窗口接着写。"));
    await until("the choice in the main window", () => this.run("main", `return !!document.querySelector('[data-testid="option"][aria-checked="true"]');`));
    await this.run("second", "document.activeElement.blur();");
    await this.atOnce(`
      const field = document.querySelector('[data-testid="opinion"]');
      field.value = which === "main" ? "前。" + field.value : field.value + "后。";
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));`);
    const both = "前。主窗口先写。第二窗口接着写。后。";
    for (const which of ["main", "second"]) await until(`both texts in the ${which} window`, async () => (await this.opinion(which)) === both);
    const opened = await this.run("second", `return document.querySelectorAll('[data-testid="room"]').length;`);
    return `written in one, there in the other, and at the same moment: ${opened && both}`;
  }

  async seal(cases) {
    for (const row of cases) {
      const { why } = await this.invoke("main", "open_second", { seat: row.seat });
      if (why) throw new Error(why);
      await this.into("main");
      await this.me.enter(row);
      await this.inRoom("second", row);
      await this.into("main");
      await this.window.click("option");
      for (const which of ["main", "second"])
        await until(`a ballot to be sealed in the ${which} window`, () => this.run(which, `return document.querySelector('[data-testid="seal"]')?.disabled === false;`), 10);
      await this.atOnce(`document.querySelector('[data-testid="seal"]').click();`);
      for (const which of ["main", "second"]) {
        await this.into(which);
        await this.window.see("undo", {}, 10);
      }
    }
    await this.into("second");
    await this.window.click("undo");
    for (const which of ["main", "second"]) {
      await this.into(which);
      await this.window.see("seal", {}, 10);
    }
    await this.atOnce(`document.querySelector('[data-testid="seal"]').click();`);
    await this.into("main");
    await this.window.see("undo", {}, 10);
    await this.me.go("outbox");
    await this.window.click("send-now");
    const seats = cases.map((row) => row.seat);
    const ledger = await until("the ballots in the ledger", async () => {
      const read = await readLedger(join(this.me.out, "server"));
      return seats.every((seat) => read.ballots.some((ballot) => ballot.seat === seat)) && read;
    }, 20);
    for (const row of cases) {
      const ballots = ledger.ballots.filter((ballot) => ballot.seat === row.seat || ballot.case_id === row.case);
      if (ballots.length !== 1) throw new Error(`${row.case}: ${ballots.length} ballots`);
    }
    const kept = new Set(ledger.ballots.map((ballot) => ballot.id));
    if (ledger.receipts.some((one) => one.kind === "ballot" && !kept.has(one.id))) throw new Error("a second ballot was sent, and refused by the server");
    await this.into("second");
    await until("the seal to be final in the second window", () => this.run("second", `return document.querySelector('[data-testid="seal-bar"]')?.dataset.final === "true";`), 10);
    return `${cases.length} seats sealed in both windows at the same moment, one ballot each; taken back from the other`;
  }

  async leading() {
    await this.into("second");
    await this.window.click("leave-room");
    await this.window.see("docket-row");
    await this.run("second", `window.dispatchEvent(new KeyboardEvent("keydown", { key: ",", ctrlKey: true, bubbles: true }));`);
    await this.into("main");
    await this.window.see("nav-settings", {}, 10);
    await until("the settings in the main window", () => this.run("main", `return document.querySelector('[data-testid="nav-settings"]')?.getAttribute("aria-current") === "page";`), 10);
    if (!(await this.run("second", `return !!document.querySelector('[data-testid="docket-row"]');`))) throw new Error("the second went along");
    return "what the second does not have, the main one shows; nobody else moves";
  }

  async reload([, b]) {
    await this.invoke("main", "open_second", { seat: b.seat });
    await this.inRoom("second", b);
    await this.run("second", "window.here = 1; location.reload();").catch(() => {});
    await until("the page anew", () => this.run("second", "return window.here !== 1;"));
    await this.inRoom("second", b);
    const seen = [await this.pictures("second", b), (await this.handles()).length];
    if (seen.join() !== "3,2") throw new Error(`pictures, windows: ${seen}`);
    return "a reload comes back to its case";
  }

  async locking() {
    const set = await this.invoke("main", "set_passphrase", { passphrase: PASSPHRASE, current: null });
    if (set.why) throw new Error(set.why);
    const locked = await this.invoke("main", "lock_now");
    if (locked.why) throw new Error(locked.why);
    for (const which of ["main", "second"]) {
      await this.into(which);
      await this.window.see("locked");
      const left = await this.window.run("return document.body.innerText.includes('杯子裂了没有');");
      if (left) throw new Error(`the ${which} window still shows something of a case`);
    }
    await this.into("second");
    await this.window.fill("unlock-passphrase", PASSPHRASE);
    await this.window.type("\uE007");
    for (const which of ["second", "main"]) await until(`the ${which} window open`, () => this.run(which, `return !document.querySelector('[data-testid="locked"]');`), 20);
    return "one locks both, the other unlocks both";
  }

  async closing([, b]) {
    await this.invoke("main", "open_second", { seat: b.seat });
    await this.inRoom("second", b);
    // The page's own timer would save it sooner or later; this is about the window that goes before.
    await this.run("second", `
      const real = window.setTimeout;
      window.setTimeout = (act, after, ...more) => real(act, after === 250 ? 60_000 : after, ...more);
      const field = document.querySelector('[data-testid="opinion"]');
      field.value = "刚写下就关窗。";
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));`);
    const [id] = await windowsOf(TITLES.second);
    await close(id);
    await until("the second window gone", async () => (await this.handles()).length === 1, 10, 20);
    await this.into("main");
    const kept = await this.invoke("main", "written", { seat: b.seat });
    if (kept.value?.draft.opinion !== "刚写下就关窗。") throw new Error(`kept was: ${kept.value?.draft.opinion ?? kept.why}`);
    await this.invoke("main", "open_second", { seat: b.seat });
    const both = await until("it again", async () => (await this.handles()).length === 2 && this.handles());
    this.second = both.find((handle) => handle !== this.main);
    await this.inRoom("second", b);
    return "it saves and closes, the main one stays; it can be opened again";
  }

  /** With an act waiting the main window asks; then both go. */
  async ending([, b]) {
    const pid = this.window.pid;
    await this.into("main");
    await this.me.enter(b);
    await this.window.click("option");
    await this.window.click("seal");
    await this.window.see("undo");
    const [id] = await windowsOf(TITLES.main);
    await close(id);
    await this.window.see("quit-dialog", {}, 10);
    if (await this.run("second", `return !!document.querySelector('[data-testid="quit-dialog"]');`)) throw new Error("both windows ask");
    await this.into("main");
    await this.window.click("quit-later").catch(() => {});
    await until("the program's end", () => !lives(pid), 10);
    const ledger = await readLedger(join(this.me.out, "server"));
    if (ledger.ballots.some((ballot) => ballot.seat === b.seat)) throw new Error("it was sent all the same");
    return "the main one asks, alone, and takes the second along";
  }

  /** As a person has it: no driver, incognito, keys and windows of the display. */
  async alone([a]) {
    const { me } = this;
    const program = spawn(me.program, [`pingli://case/${a.case}`], {
      env: { ...process.env, PINGLI_DATA_DIR: me.data, PINGLI_SERVER: me.server.url, LANG: "zh_CN.UTF-8", WEBKIT_DISABLE_DMABUF_RENDERER: "1" },
      stdio: ["ignore", me.log, me.log],
    });
    try {
      const one = (which) => until(`the ${which} window`, async () => (await windowsOf(TITLES[which]))[0], 20);
      const main = await one("main");
      await place(main, 0, 0, 1100, 800);
      await until("the case's picture in the main window", async () => (await coloured(["-crop", "1100x800+0+0"])) > SEEN, 30, 250);
      const opened = [];
      for (let n = 0; n < 3; n++) {
        await press(main, "ctrl+n");
        const second = await one("second");
        await place(second, 1300, 0, 1100, 800);
        await until(`the case's picture in the second window, opened for the ${n + 1}. time`, async () => (await coloured(["-crop", "1100x800+1300+0"])) > SEEN, 20, 250);
        await press(main, "ctrl+n", "ctrl+n");
        opened.push((await windowsOf(TITLES.second)).length);
        if (n === 0) await shot(join(me.out, "both.png"));
        if (n === 2) break;
        await close(second);
        await until("the second window gone", async () => (await windowsOf(TITLES.second)).length === 0, 10);
        if (!lives(program.pid)) throw new Error("the program went with the second window");
      }
      return `the picture in both, opened ${opened.length} times, each time ${Math.max(...opened)} second window`;
    } finally {
      program.kill("SIGKILL");
      await until("the program's end", () => !lives(program.pid), 10);
    }
  }
}

async function main() {
  const out = resolve(process.argv[process.argv.indexOf("--out") + 1] || join(target, "two"));
  await rm(out, { recursive: true, force: true });
  await mkdir(join(out, "docket"), { recursive: true });
  await writeCanaryDocket(join(out, "docket"), makeCanaries(), { count: 5, panel: 3 });
  const me = await Reviewer.ready({ out, dockets: [join(out, "docket")], extra: ["--reviewers", "2", "--patience", "86400"] });
  const two = new Two(me);
  try {
    await me.server.start();
    await me.open({ width: 1280, height: 800 });
    await me.signIn();
    const cases = await me.take([], 5);
    const sealed = [cases[0], cases[2], cases[3]];
    await two.check("opened, and never a third", () => two.open(cases));
    await two.check("what the second may call", () => two.commands());
    await two.check("pictures of its own case alone", () => two.apart(cases));
    await two.check("written in one, there in the other", () => two.writing(cases));
    await two.check("sealed in both at the same moment: one ballot", () => two.seal(sealed));
    await two.check("leads the main window", () => two.leading());
    await two.check("a reload", () => two.reload(cases));
    await two.check("a lock locks both", () => two.locking());
    await two.check("closing the second saves", () => two.closing(cases));
    await two.check("closing the main one ends both", () => two.ending(cases));
    await two.check("the same without a driver, incognito", () => two.alone(cases.slice(4)));
  } catch (error) {
    await two.check("the windows could be tried", () => Promise.reject(error));
  } finally {
    await me.close().catch(() => {});
    await writeFile(join(out, "summary.json"), JSON.stringify(two.summary, null, 2));
  }
  process.exitCode = two.summary.length === CHECKS && two.summary.every((one) => one.ok) ? 0 : 1;
}

await main();
