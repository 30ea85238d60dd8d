#!/usr/bin/env node
// The locks and a session that keeps nothing, in the real window with real keyrings: every reason that
// can be brought about here says what it is, every way out works, and what is not kept leaves nothing.
//   locks.mjs --out DIR [--language zh-Hans|en] [--theme light|dark] [--pictures]
// With --pictures each of them is taken in two sizes.
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { mkdir, open, readdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { checked } from "./checks.mjs";
import { Reviewer } from "./reviewer.mjs";
import { By } from "selenium-webdriver";
import { press, windowsOf } from "./screen.mjs";
import { Key, lives, until } from "./window.mjs";

const CHECKS = 16;
const PASSPHRASE = "a good passphrase";
const NO_BUS = { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent/bus" };
const SIZES = [[1280, 800], [1920, 1080]];

function readArguments(words) {
  const options = { out: "locks", language: "zh-Hans", theme: "light", pictures: false };
  for (let n = 0; n < words.length; n++) {
    const name = words[n].replace(/^--/, "");
    if (name === "pictures") options.pictures = true;
    else options[name] = words[++n];
  }
  return { ...options, out: resolve(options.out) };
}

class Locks extends Reviewer {
  summary = [];

  /** Opens the window over a data folder, on the desktop's bus or on none. */
  async start(folder, own = {}) {
    this.data = folder;
    const lang = this.options.language === "en" ? "en_GB.UTF-8" : "zh_CN.UTF-8";
    const theme = this.options.theme === "dark" ? "Adwaita:dark" : "Adwaita";
    this.more = { LANG: lang, LANGUAGE: lang.slice(0, 5), GTK_THEME: theme, ...own };
    await this.open({ width: 1280, height: 800 });
  }

  async stop() {
    await this.window?.close();
    this.window = null;
  }

  /** Quits in order, as its menu does: what it wrote is in the database when it has ended, and no longer
   *  beside it. */
  async quit() {
    const { pid } = this.window;
    await this.window.run('window.__TAURI_INTERNALS__.invoke("quit", { send: false });').catch(() => {});
    await this.window.bury(pid);
    this.window = null;
  }

  check(name, probe) {
    return checked(this.summary, name, probe, (n) => this.window?.picture(join(this.out, `failed-${n}.png`)));
  }

  /** Leaves pictures where they are wanted. */
  async look(name) {
    if (!this.options.pictures) return;
    for (const [width, height] of SIZES) {
      await this.window.resize(width, height);
      await new Promise((done) => setTimeout(done, 350));
      await this.window.picture(join(this.out, `${name}.${this.options.language}-${this.options.theme}-${width}x${height}.png`));
    }
    await this.window.resize(1280, 800);
  }

  /** A picture of the whole display, with what other programs show on it. */
  async screen(name) {
    if (this.options.pictures) execFileSync("import", ["-window", "root", join(this.out, `${name}.${this.options.language}-${this.options.theme}.png`)]);
  }

  locked(reason, seconds = 30) {
    return this.window.see("locked", { reason }, seconds);
  }

  /** Writes a new passphrase twice, and sends it. */
  async setPassphrase(within, passphrase = PASSPHRASE) {
    await this.window.see(within);
    const fields = await this.window.session.findElements(By.css(`[data-testid="${within}"] input[type="password"]`));
    for (const field of fields) await field.sendKeys(passphrase);
    await this.window.session.findElement(By.css(`[data-testid="${within}"] button[type="submit"]`)).click();
  }

  async unlock(passphrase) {
    await this.window.fill("unlock-passphrase", passphrase);
    await this.window.type(Key.ENTER);
  }

  async chooseLook() {
    const { language, theme } = this.options;
    await this.window.choose("language", language, () => this.go("settings"));
    await this.window.choose("theme", theme, () => this.go("settings"));
    await this.go("docket");
  }
}

/** What is in a data folder, but for the empty file by which a program holds it. */
const exists = async (folder) => (await readdir(folder).catch(() => [])).filter((name) => name !== "in-use.lock").sort();

/** A session that keeps nothing, from its offer to its end. */
async function keepNothing(me) {
  const folder = join(me.out, "unkept");
  await me.start(folder, NO_BUS);
  await me.check("a first start without a keyring offers both ways", async () => {
    await me.locked("keyring_unavailable");
    await me.window.see("begin-with-passphrase");
    await me.window.see("keep-nothing");
    await me.look("first");
  });
  await me.check("a session that keeps nothing says so, and signs in", async () => {
    await me.window.session.findElement(By.css('[data-testid="keep-nothing"] button')).click();
    await me.window.see("unkept");
    await me.look("unkept-welcome");
    await me.signIn(me.options.language);
    await me.chooseLook();
    const made = await exists(folder);
    if (made.length !== 1 || !made[0].startsWith("session-")) throw new Error(`it made ${made}`);
    await me.look("unkept-docket");
    await me.go("settings");
    await me.look("unkept-settings");
    return made[0];
  });
  let rows;
  await me.check("a ballot is at the server when it is sealed", async () => {
    await me.go("docket");
    rows = await me.take([], 2);
    await me.enter(rows[0]);
    await me.window.click("option");
    await me.look("unkept-room");
    await me.window.click("seal");
    await me.window.see("seal-bar", { final: "true" });
    await me.look("unkept-sealed");
  });
  await me.check("without the server nothing is sealed, and nothing waits", async () => {
    await me.enter(rows[1]);
    await me.window.click("option");
    await me.server.stop();
    await me.window.click("seal");
    await until("the refusal in words", async () => (await me.window.all("toast")).length > 0);
    await until("the ballot to be a draft again", async () => (await me.window.find("seal"))?.isEnabled());
    await me.look("unkept-needs-server");
    await me.go("outbox");
    if ((await me.window.all("outbox-row")).length) throw new Error("something waits");
  });
  await me.check("ending it asks, and leaves nothing", async () => {
    await me.window.click("unkept-end");
    await me.window.see("end-dialog");
    await me.look("unkept-end");
    await me.window.click("end-session");
    await me.locked("session_over");
    await me.look("session-over");
    const left = await exists(folder);
    if (left.length) throw new Error(`left: ${left}`);
  });
  await me.stop();
  await me.server.start();
}

/** Without a keyring, with a passphrase. */
async function byPassphrase(me) {
  const folder = join(me.out, "passphrase");
  await me.start(folder, NO_BUS);
  await me.check("a passphrase begins, without a keyring", async () => {
    await me.locked("keyring_unavailable");
    await me.setPassphrase("begin-with-passphrase");
    await me.signIn(me.options.language);
    await me.chooseLook();
    await me.go("settings");
    await me.window.click("lock-now");
    await me.locked("by_reviewer");
    await me.look("locked");
  });
  await me.check("a wrong passphrase opens nothing, the right one does", async () => {
    await me.unlock("not the passphrase");
    await until("the refusal in words", async () => (await me.window.run(`return document.querySelector('[data-testid="locked"] .stop')?.innerText`))?.length);
    await me.look("wrong-passphrase");
    await me.unlock(PASSPHRASE);
    await me.window.see("nav-docket");
  });
  await me.stop();
  await me.start(folder, NO_BUS);
  await me.check("the next start needs it, and offers nothing else", async () => {
    await me.locked("keyring_unavailable");
    if (await me.window.find("keep-nothing")) throw new Error("no second key beside data");
    await me.look("no-keyring");
  });
  await me.stop();
  await writeFile(join(folder, "keys.json"), '{"version": 1,');
  await me.start(folder, NO_BUS);
  await me.check("a damaged header is one, and the passphrase mends it", async () => {
    await me.locked("damaged_header");
    await me.look("damaged-header");
    await me.unlock(PASSPHRASE);
    await me.window.see("nav-docket");
  });
  await me.check("a second program on the same data says so, and ends", () => secondProgram(me, folder));
  await me.stop();
  await me.check("a bus that never answers holds nothing up for long", () => muteBus(me, folder));
  await me.stop();
}

/** Where no bus leads a second start to the first one, the folder's lock keeps it out. */
async function secondProgram(me, folder) {
  const env = { ...process.env, ...me.more, ...NO_BUS, PINGLI_DATA_DIR: folder, WEBKIT_DISABLE_DMABUF_RENDERER: "1" };
  const second = spawn(me.program, [], { env, stdio: ["ignore", me.log, me.log] });
  const ended = new Promise((done) => second.once("exit", done));
  const title = me.options.language === "en" ? "Pingli is open already" : "评理已经打开";
  const [dialog] = await until("its dialog", async () => {
    const found = await windowsOf(title);
    return found.length && found;
  });
  await me.screen("second-program");
  if (!lives(second.pid)) throw new Error("it ended before it was read");
  await press(dialog, "Return");
  const status = await ended;
  if (status !== 1) throw new Error(`it ended with ${status}`);
  await me.go("docket");
  await me.window.see("docket-row");
}

/** A session bus that takes every connection and says nothing. */
async function muteBus(me, folder) {
  const socket = join(me.out, "mute-bus");
  const taken = new Set();
  const bus = createServer((connection) => taken.add(connection.on("error", () => {})));
  await new Promise((done) => bus.listen(socket, done));
  try {
    const began = Date.now();
    await me.start(folder, { DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}` });
    await me.locked("keyring_unavailable");
    const seconds = (Date.now() - began) / 1000;
    if (!taken.size) throw new Error("nobody asked the bus");
    await me.unlock(PASSPHRASE);
    await me.window.see("nav-docket");
    return `${seconds.toFixed(1)} s to the passphrase, ${taken.size} asked`;
  } finally {
    for (const connection of taken) connection.destroy();
    bus.close();
  }
}

/** The process behind a name on the desktop's bus. */
function owner(name) {
  const answer = execFileSync("dbus-send", ["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus",
    "org.freedesktop.DBus.GetConnectionUnixProcessID", `string:${name}`], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return Number(answer.match(/uint32 (\d+)/)[1]);
}

/** With the desktop's keyring: open, mute, locked; and a damaged database. */
async function byKeyring(me) {
  const folder = join(me.out, "keyring");
  await me.start(folder);
  await me.check("a first start with a keyring asks for nothing", async () => {
    await me.window.see("recovery");
    await me.look("recovery-offer");
    await me.signIn(me.options.language);
    await me.chooseLook();
  });
  await me.quit();
  const database = await open(join(folder, "pingli.db"), "r+");
  const byte = Buffer.alloc(1);
  await database.read(byte, 0, 1, 200);
  await database.write(Buffer.from([byte[0] ^ 1]), 0, 1, 200);
  await database.close();
  await me.start(folder);
  await me.check("a damaged database is told, until it was read", async () => {
    await me.window.see("recovered", {}, 60);
    await me.look("recovered");
  });
  await me.stop();
  const keyring = owner("org.freedesktop.secrets");
  process.kill(keyring, "SIGSTOP");
  try {
    await me.start(folder);
    await me.check("a mute keyring is waited for, and then said to be mute", async () => {
      // On a slow machine the window may come when the keyring has been given up already.
      if (await me.window.see("opening", {}, 5).catch(() => null)) await me.look("opening");
      await me.locked("keyring_unavailable");
      await me.look("keyring-mute");
    });
  } finally {
    process.kill(keyring, "SIGCONT");
  }
  await me.check("and asked again it opens", async () => {
    if (!(await me.window.find("nav-docket"))) await me.window.click("unlock-keyring");
    await me.window.see("nav-docket");
  });
  await me.stop();
  execFileSync("dbus-send", ["--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets",
    "org.freedesktop.Secret.Service.Lock", "array:objpath:/org/freedesktop/secrets/collection/login"]);
  await me.start(folder);
  await me.check("a keyring whose prompt is closed is said to be locked", async () => {
    const prompt = await until("the keyring's prompt", () => owner("org.gnome.keyring.SystemPrompter"), 20, 20);
    await me.screen("keyring-prompt");
    process.kill(prompt);
    await me.locked("keyring_locked");
    await me.look("keyring-locked");
  });
  await me.stop();
}

async function main() {
  const options = readArguments(process.argv.slice(2));
  await rm(options.out, { recursive: true, force: true });
  await mkdir(options.out, { recursive: true });
  const me = await Locks.ready({ out: options.out, dockets: ["demo"] });
  me.options = options;
  try {
    await me.server.start();
    for (const part of [keepNothing, byPassphrase, byKeyring]) {
      await part(me).catch((error) => me.check(part.name, () => { throw error; }));
      await me.stop().catch(() => {});
    }
  } finally {
    await me.close().catch(() => {});
    await writeFile(join(options.out, "summary.json"), JSON.stringify(me.summary, null, 2));
  }
  process.exitCode = me.summary.length === CHECKS && me.summary.every((entry) => entry.ok) ? 0 : 1;
}

await main();
