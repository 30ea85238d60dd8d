#!/usr/bin/env node
// The guided tour: the main job, once, in the real window against the real server. Leaves a
// screenshot of each step and summary.json, a list of {name, ok, seen, screenshot, ms}.
//   tour.mjs --out DIR --docket DIR… [--large]
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Reviewer, target } from "./reviewer.mjs";
import { Key, until } from "./window.mjs";

function readArguments(argv) {
  const options = { out: join(target, "tour"), dockets: [], extra: [] };
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === "--out") options.out = resolve(argv[++i]);
    else if (argv[i] === "--docket") options.dockets.push(argv[++i]);
    else options.extra.push(argv[i]);
  }
  return options;
}

/** The steps; each answers with what it saw, in one line, or throws. */
class Tour extends Reviewer {
  sealed = [];

  async enterDocket() {
    await this.signIn();
    return `signed in through the server's own page; ${(await this.rows()).length} seats in the docket`;
  }

  /** Takes seats until three packs are ready, the tour's own cases first. */
  async sync() {
    this.chosen = await this.take(["tea-cup-crack", "sweater-shrunk", "presale-late"], 3);
    return `${this.chosen.length} cases accepted, fetched and verified: ${this.chosen.map((row) => row.case).join(", ")}`;
  }

  async offline() {
    await this.goOffline();
    return `the server is gone from ${this.server.url}; the window says: ${await this.window.text("connection")}`;
  }

  async readChat() {
    const w = this.window;
    await this.enter(this.chosen[0]);
    await w.click("tab-chat");
    const message = await w.text("chat-message");
    const shown = (await w.all("chat-message")).length;
    return `a chat offline, ${shown} messages on the screen; the first: ${message.replaceAll("\n", " ").slice(0, 60)}`;
  }

  async readPhotos() {
    const w = this.window;
    await w.click("tab-photos");
    await w.see("photo-tile");
    const tiles = (await w.all("photo-tile")).length;
    await w.click("photo-tile");
    await w.see("photo-single");
    const pixels = await until("the picture's pixels", () =>
      w.run(`const sharp = [...document.querySelectorAll('[data-testid="photo-single"] img')].find((i) => i.complete && Math.max(i.naturalWidth, i.naturalHeight) > 400);
             return sharp ? sharp.naturalWidth + "×" + sharp.naturalHeight : null;`),
    );
    return `${tiles} photos; the one opened has ${pixels} pixels`;
  }

  async readOrder() {
    const w = this.window;
    await w.type(Key.ESCAPE);
    await w.click("tab-order");
    const money = await until("money in the order", async () => (await w.text("order-view")).match(/[¥$£]\s?[\d,]+\.\d\d/));
    return `an order; among its sums ${money[0]}`;
  }

  async timeline() {
    const w = this.window;
    await w.click("tab-timeline");
    await w.see("timeline-item");
    return `${(await w.all("timeline-item")).length} items on one axis are on the screen`;
  }

  async seal(row, opinion) {
    const w = this.window;
    await this.enter(row);
    await w.see("option");
    const options = await w.all("option");
    if (options.length < 2) throw new Error(`expected at least two options, saw ${options.length}`);
    const checked = await w.run(
      `return [...document.querySelectorAll('[data-testid="option"]')].filter((o) => o.ariaChecked === "true" || o.checked).length;`,
    );
    if (checked !== 0) throw new Error("an option was chosen by default");
    await w.press(options[0]);
    const field = await w.see("opinion");
    await w.press(field);
    await field.sendKeys(opinion);
    await w.chord(Key.CONTROL, Key.ENTER);
    await w.see("undo", {}, 20);
    this.sealed.push(row);
  }

  async sealTwo() {
    await this.seal(this.chosen[0], "两边的说法我都对过聊天和照片的时间，承诺写得不够清楚。");
    await this.seal(this.chosen[1], "按规则和物流的时间看，这一方的说法站得住。");
    return `two ballots sealed without a network: ${this.sealed.map((row) => row.case).join(", ")}`;
  }

  async outboxWaiting() {
    const w = this.window;
    await this.go("outbox");
    const rows = await until("two acts in the outbox", async () => {
      const seen = await w.all("outbox-row");
      return seen.length >= 2 && seen;
    });
    const states = await Promise.all(rows.map((row) => row.getAttribute("data-state")));
    return `${rows.length} acts wait: ${states.join(", ")}`;
  }

  async online() {
    await this.server.start();
    await this.window.see("connection", { connection: "online" }, 120);
    return `the server answers again; the window says: ${await this.window.text("connection")}`;
  }

  async receipts() {
    const w = this.window;
    await until("the outbox to empty", async () => (await w.all("outbox-row")).length === 0, 150);
    await this.go("docket");
    await until(
      "both ballots acknowledged",
      async () => {
        const rows = await this.rows();
        return this.sealed.every((row) => ["counted", "recorded"].includes(rows.find((r) => r.seat === row.seat)?.state));
      },
      60,
    );
    await this.enter(this.sealed[0]);
    await w.click("receipt-open", {}, 30);
    const receipt = await w.text("receipt");
    return `both ballots left the outbox and count; a receipt: ${receipt.replaceAll("\n", " ").slice(0, 100)}`;
  }

  async verdict() {
    const w = this.window;
    await w.type(Key.ESCAPE);
    await until("the receipt to close", async () => !(await w.find("receipt")));
    await this.go("verdicts");
    const row = await until(
      "a verdict on a case sealed here",
      async () => {
        for (const sealed of this.sealed) {
          const found = await w.find("verdict-row", { case: sealed.case });
          if (found) return { found, sealed };
        }
        return null;
      },
      420,
    );
    await row.found.click();
    const counts = await w.text("verdict-counts");
    return `the panel's ballots on ${row.sealed.case}: ${counts.replaceAll("\n", " ").slice(0, 90)}`;
  }

  async points() {
    const w = this.window;
    await this.go("charity");
    const text = await until("points to give", async () => {
      const seen = await w.text("balance-available");
      return Number(seen.replaceAll(/[^\d]/g, "")) > 0 && seen;
    }, 180);
    this.before = Number(text.replaceAll(/[^\d]/g, ""));
    return `available: ${text}`;
  }

  async donate() {
    const w = this.window;
    const before = new Set(await this.donations());
    await until("a project that takes what there is", async () => {
      for (const button of await w.all("project-donate")) if (await button.isEnabled()) return button.click().then(() => true);
      return false;
    });
    await w.fill("donate-amount", String(this.before - (this.before % 10)));
    const preview = await until("the exact preview", async () => (await w.text("donate-preview")) || null);
    await w.click("donate-confirm");
    const made = await until("the donation, acknowledged", async () => (await this.donations()).find((id) => !before.has(id)), 60);
    this.donation = made;
    return `given: ${preview}; ${(await w.text("donation-row", { donation: made })).replaceAll("\n", " ").slice(0, 80)}`;
  }

  /** The ids of the donations in the list. */
  donations() {
    return this.window.run(`return [...document.querySelectorAll('[data-testid="donation-row"]')].map((row) => row.dataset.donation);`);
  }

  async restart() {
    const w = this.window;
    await until("nothing left to send", async () => {
      await this.go("outbox");
      return (await w.all("outbox-row")).length === 0;
    }, 90);
    await w.close();
    await this.open();
    await this.window.see("nav-verdicts", {}, 60);
    await this.window.click("nav-verdicts");
    const rows = await until("verdicts after the restart", async () => {
      const seen = await this.window.all("verdict-row");
      return seen.length > 0 && seen;
    }, 60);
    await this.window.click("nav-charity");
    await this.window.see("donation-row", { donation: this.donation }, 60);
    return `after a restart: signed in, ${rows.length} verdicts, the donation is in the list`;
  }
}

async function main() {
  const options = readArguments(process.argv.slice(2));
  await rm(options.out, { recursive: true, force: true });
  await mkdir(options.out, { recursive: true });
  const tour = await Tour.ready(options);
  const steps = [
    ["sign-in", () => tour.enterDocket()],
    ["sync", () => tour.sync()],
    ["offline", () => tour.offline()],
    ["read-chat", () => tour.readChat()],
    ["read-photos", () => tour.readPhotos()],
    ["read-order", () => tour.readOrder()],
    ["timeline", () => tour.timeline()],
    ["seal-two", () => tour.sealTwo()],
    ["outbox-waiting", () => tour.outboxWaiting()],
    ["online", () => tour.online()],
    ["receipts", () => tour.receipts()],
    ["verdict", () => tour.verdict()],
    ["points", () => tour.points()],
    ["donate", () => tour.donate()],
    ["restart-and-still-there", () => tour.restart()],
  ];
  const summary = [];
  try {
    await tour.server.start();
    await tour.open();
    for (const [name, step] of steps) {
      const began = Date.now();
      const entry = { name, ok: false, seen: "", screenshot: null, ms: 0 };
      try {
        entry.seen = await step();
        entry.ok = true;
      } catch (error) {
        entry.seen = error.message || error.name;
      }
      entry.ms = Date.now() - began;
      const file = `${String(summary.length + 1).padStart(2, "0")}-${name}.png`;
      try {
        await tour.window.picture(join(options.out, file));
        entry.screenshot = file;
      } catch (error) {
        entry.seen += ` (no screenshot: ${error.message})`;
      }
      summary.push(entry);
      console.log(`${entry.ok ? "ok    " : "FAILED"} ${name.padEnd(24)} ${(entry.ms / 1000).toFixed(1).padStart(6)} s  ${entry.seen}`);
      await writeFile(join(options.out, "summary.json"), JSON.stringify(summary, null, 2));
      if (!entry.ok) break;
    }
  } finally {
    await tour.close();
  }
  const failed = steps.length - summary.filter((entry) => entry.ok).length;
  console.log(failed === 0 ? `the tour went through: ${steps.length} steps` : `the tour stopped: ${failed} of ${steps.length} steps not done`);
  process.exitCode = failed === 0 ? 0 : 1;
}

await main();
