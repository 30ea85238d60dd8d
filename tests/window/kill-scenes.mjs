// Scenes of the attack beside sealing: what else a window may be doing when it is killed.
import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { coloured } from "./screen.mjs";
import { lives, until } from "./window.mjs";

const run = promisify(execFile);

/** In a page: helpers that every scene uses. */
const PAGE = `
  const one = (selector) => document.querySelector(selector);
  const id = (name) => '[data-testid="' + name + '"]';
  const fill = (field, text) => { field.value = text; field.dispatchEvent(new InputEvent("input", { bubbles: true })); };
  const when = (probe, done, end = performance.now() + 20_000) => {
    const seen = probe();
    if (seen) done(seen);
    else if (performance.now() > end) done({ failed: document.body.innerText.slice(0, 300) });
    else setTimeout(when, 10, probe, done, end);
  };`;

/** Runs a scene in the page; its last argument is what it answers to. */
async function scene(me, body, ...args) {
  const seen = await me.window.session.executeAsyncScript(PAGE + body, ...args);
  if (seen?.failed) throw new Error(`not seen in the window: ${seen.failed}`);
  return seen;
}

/** Sets the recovery passphrase, which is a canary too. */
export async function setPassphrase(me) {
  await me.go("settings");
  await scene(me, `
    const [text, done] = arguments;
    when(() => one(id("passphrase")), (button) => {
      button.click();
      when(() => document.querySelectorAll('input[type="password"]').length >= 2, () => {
        for (const field of document.querySelectorAll('input[type="password"]')) fill(field, text);
        when(() => { const save = one('.pass form button[type="submit"]'); return save && !save.disabled && save; }, (save) => {
          save.click();
          when(() => !one('.pass form'), done);
        });
      });
    });`, `口令 ${me.canaries.text}`);
  await me.go("docket");
}

/** Starts the program as a person does, without a driver and incognito, and kills it when `wait` is over. */
async function startAlone(me, how, wait, { signal = "SIGKILL", link = [] } = {}) {
  const { log, own } = me.begins({ trace: true });
  const program = spawn("sh", ["-c", 'ulimit -c unlimited; exec "$@"', "sh", me.program, ...link], {
    env: { ...process.env, ...me.environment(), ...own, WEBKIT_DISABLE_DMABUF_RENDERER: "1" }, cwd: me.options.cwd, stdio: ["ignore", log, log],
  });
  try {
    await wait();
  } finally {
    program.kill(signal);
    await until("the program to be gone", () => !lives(program.pid), 30, 5);
  }
  me.kills[how] = (me.kills[how] ?? 0) + 1;
  await me.options.afterRun?.();
}

/** Starts and kills it after a while. */
export const startAndKill = (me, milliseconds) => startAlone(me, "starting", () => pause(milliseconds));

/** Opens a case by a link in the incognito window that a person has, looks at the screen until its
 *  picture is there, and lets the program crash. */
export async function readIncognito(me, story, signal) {
  const seen = () =>
    until("the picture on the screen", async () => (await coloured()) > 400, 30, 250).catch(async (error) => {
      await run("import", ["-silent", "-window", "root", join(me.out, "incognito.png")]);
      me.violations.push(`read incognito: ${error.message}`);
    });
  await startAlone(me, "reading incognito", seen, { signal, link: [`pingli://case/${story.case}`] });
}

/** Reads a case in every viewer and writes a note, so that everything of it was in the window's memory. */
export async function readEverything(me, story) {
  await me.look(story);
  const read = await scene(me, `
    const [root, done] = arguments;
    const tabs = ["chat", "order", "timeline"];
    const next = () => {
      const tab = tabs.shift();
      if (!tab) return photos();
      one(id("tab-" + tab)).click();
      when(() => one('[id="panel-' + tab + '"]')?.textContent.includes(root), next);
    };
    const photos = () => {
      one(id("tab-photos")).click();
      when(() => [...document.querySelectorAll(id("photo-tile") + " img")].find((img) => img.complete && img.naturalWidth > 100), () => {
        one(id("photo-tile")).click();
        when(() => [...document.querySelectorAll(id("photo-single") + " img")].find((img) => img.complete && img.naturalWidth > 400), (img) => done(img.naturalWidth));
      });
    };
    next();`, me.canaries.text);
  await me.window.fill("note-field", `私下的笔记 ${me.canaries.text}`);
  await until("the note saved", () => me.window.run(`return document.querySelector('[data-testid="saving"]')?.dataset.saving === "saved";`));
  return read;
}

/** Gives seats back, killed at each press until it is done; answers with the seats that were to go. */
export async function giveBack(me, stories) {
  for (const story of stories) {
    for (let shown = false; ; ) {
      await me.open();
      const state = await scene(me, `
        const [seat, done] = arguments;
        const row = id("docket-row") + '[data-seat="' + seat + '"]';
        when(() => one(id("docket-row")) && (!one(row) || one(row).dataset.state !== "ready_offline" || one(row + " " + id("row-menu"))), () => {
          const here = one(row);
          if (!here || here.dataset.state !== "ready_offline") return done(here?.dataset.state ?? "gone");
          one(row + " " + id("row-menu")).click();
          when(() => one(id("return-seat")), (entry) => {
            entry.click();
            when(() => { const button = one(id("leave-confirm")); return button && !button.disabled && button; }, () => done("asked"));
          });
        });`, story.seat);
      if (state === "asked" && shown) me.wrong(story, "shown as given back, and it is here again");
      if (state !== "asked") {
        story.returned = true;
        await me.kill("looking");
        break;
      }
      await me.window.run(`document.querySelector('[data-testid="leave-confirm"]').click();`);
      await pause(me.between(0, 60));
      shown = await me.window.run(`return !document.querySelector('[data-testid="leave-dialog"]');`).catch(() => false);
      await me.kill("giving back");
    }
  }
  return stories;
}

const DONATIONS = `[...document.querySelectorAll('[data-testid="donation-row"]')].map((row) => row.dataset.donation)`;

/** Donates ten points three times over, killed at each press; answers with the ids that were shown. */
export async function donate(me, times = 3) {
  const seen = new Set();
  for (let n = 0; n < times; n++) {
    await me.open();
    const rows = await scene(me, `
      const [done] = arguments;
      when(() => one(id("nav-charity")), (nav) => {
        nav.click();
        when(() => Number(one(id("balance-available"))?.dataset.points) >= 10 || (one(id("charity")) && one(id("donation-row")) && "poor"), (rich) => {
          const rows = ${DONATIONS};
          if (rich === "poor") return done(rows);
          when(() => [...document.querySelectorAll(id("project-donate"))].find((button) => !button.disabled), (button) => {
            button.click();
            when(() => one(id("donate-amount")), (field) => {
              fill(field, "10");
              when(() => !one(id("donate-confirm")).disabled, () => done(rows));
            });
          });
        });
      });`);
    for (const id of seen) if (!rows.includes(id)) me.violations.push(`a donation that was shown is gone: ${id}`);
    for (const id of rows) seen.add(id);
    await me.window.run(`document.querySelector('[data-testid="donate-confirm"]')?.click();`);
    await pause(me.between(0, 60));
    for (const id of await me.window.run(`return ${DONATIONS};`).catch(() => [])) seen.add(id);
    await me.kill("donating");
  }
  return seen;
}

/** The last start: everything that waits is sent; answers with what the window shows then. */
export async function finalOutbox(me, stories, given, donations) {
  await me.open({ trace: true });
  await me.go("outbox");
  await until("the outbox to empty", async () => {
    const left = await me.window.run(`
      document.querySelector('[data-testid="send-now"]')?.click();
      return document.querySelectorAll('[data-testid="outbox-row"]').length;`);
    return left === 0;
  }, 120);
  await me.go("charity");
  await until("the donations", async () => (await me.window.run(`return ${DONATIONS};`)).length >= donations.size, 20);
  const shown = new Set(await me.window.run(`return ${DONATIONS};`));
  for (const id of donations) if (!shown.has(id)) me.violations.push(`a donation that was shown is gone: ${id}`);
  await me.go("docket");
  const sealed = stories.filter((one) => typeof one.sealed === "string");
  const states = async () => new Map((await me.rows()).map((row) => [row.seat, row.state]));
  await until("every ballot counted", async () => {
    const seen = await states();
    return seen.size && sealed.every((one) => seen.get(one.seat) === "counted");
  }, 30).catch(() => {});
  const last = await states();
  for (const one of sealed) if (last.get(one.seat) !== "counted") me.wrong(one, `shown as sealed and never counted, but ${last.get(one.seat)}`);
  for (const one of stories.filter((story) => story.sealed === null && !story.returned))
    if (last.get(one.seat) !== "ready_offline") me.wrong(one, `not sealed, and its room is not open, but ${last.get(one.seat)}`);
  const open = new Set([...last].filter(([, state]) => state === "ready_offline").map(([seat]) => seat));
  await me.window.close();
  me.window = null;
  return { returned: new Set(given.map((story) => story.seat).filter((seat) => !open.has(seat))), donations: shown };
}
