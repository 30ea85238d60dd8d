#!/usr/bin/env node
// The real window under attack: killed while it seals, and while it starts, downloads, sends, takes
// back, gives seats back and donates. At the end the server's own ledger must say what the window
// showed, and nothing of a case may lie in the clear in anything that was ever written.
//   kills.mjs --out DIR [--kills N]
// PINGLI_FAULT_ROUNDS multiplies, PINGLI_FAULT_SEED repeats, PINGLI_FAULT_REPORT names a folder for rows.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Attacked, SeatStory } from "./attack.mjs";
import { makeCanaries, writeCanaryDocket } from "./canary-docket.mjs";
import { compare, readLedger } from "./ledger.mjs";
import { ListeningProxy, proxied } from "./listening-proxy.mjs";
import { donate, finalOutbox, giveBack, readEverything, readIncognito, setPassphrase, startAndKill } from "./kill-scenes.mjs";
import { target } from "./reviewer.mjs";
import { Watch } from "./watch.mjs";

/** Seats of a run: most for sealing, the last two to be given back. */
const SEATS = 10;
const GIVEN_BACK = 2;
/** Runs that a search of everything written has to cover. */
const RUNS = 20;

function readArguments(argv) {
  const rounds = Math.max(1, Number(process.env.PINGLI_FAULT_ROUNDS) || 1);
  const options = { out: join(target, "kills"), kills: 50, rounds };
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === "--out") options.out = resolve(argv[++i]);
    else if (argv[i] === "--kills") options.kills = Number(argv[++i]);
  }
  options.kills *= rounds;
  return options;
}

/** Numbers from 0 to 1 that a seed repeats (mulberry32). */
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Kills one seat's sealing `count` times, then leaves it sealed and sent, sealed, or taken back. */
async function attackSeat(me, story, count, known, end) {
  for (const goal = me.hits + count; me.hits < goal; ) {
    await me.open();
    const shown = await me.look(story);
    if (shown.final || (shown.sealed && !shown.undoable)) {
      story.done = true;
      break;
    }
    if (shown.sealed && me.random() < 0.12) {
      // Killed while it is being taken back: either is true afterwards, and stays so.
      await me.window.run(`document.querySelector('[data-testid="undo"]').click();`);
      story.sealed = undefined;
      await new Promise((done) => setTimeout(done, me.between(0, 40)));
      await me.kill("taking back");
      continue;
    }
    if (shown.sealed && !(await me.takeBack(story, shown))) {
      story.done = true;
      break;
    }
    if (me.random() < 0.6) await me.killAtWrite(story, 1 + (me.opinions % Math.max(1, known.writes)));
    else await me.killAtMoment(story, [known.arrives, known.shown]);
  }
  if (!me.window) await me.open();
  if (!story.done) {
    const shown = await me.look(story);
    if (shown.sealed && end === "taken back") await me.takeBack(story, shown);
    if (!shown.sealed && end !== "taken back") await me.pressSeal(story, await me.write(story));
    if (end === "sent") {
      await me.go("outbox");
      await me.window.click("send-now");
      await new Promise((done) => setTimeout(done, me.between(0, 150)));
    }
  }
  story.done = true;
  await me.kill(end === "sent" ? "sending" : end);
}

async function attack(me, options) {
  await me.open();
  await me.signIn();
  await setPassphrase(me);
  await me.takeAll();
  await me.kill("downloading");
  for (let n = 0; n < 3; n++) await startAndKill(me, me.between(200, 1800));
  await me.open();
  // What was not taken when the window was killed is taken now.
  await me.takeAll();
  const rows = await me.ready(SEATS);
  const stories = rows.map((row) => new SeatStory(row));
  const sealing = stories.slice(0, SEATS - GIVEN_BACK);
  await readEverything(me, sealing[0]);
  const known = await me.measure(sealing[0]);
  console.log(`a seal: the key arrives after ${known.arrives} ms, it is shown after ${known.shown} ms, at most ${known.writes} writes and syncs of a thread`);
  await me.kill("reading", "SIGABRT");
  for (const signal of ["SIGKILL", "SIGABRT"]) await readIncognito(me, sealing[0], signal);

  const given = await giveBack(me, stories.slice(SEATS - GIVEN_BACK));
  const donations = await donate(me);
  const ends = ["sent", "sealed", "taken back"];
  for (const [n, story] of sealing.entries()) {
    const left = Math.max(0, options.kills - me.hits);
    await attackSeat(me, story, Math.ceil(left / (sealing.length - n)), known, ends[n % ends.length]);
    console.log(`${story.case}: ${me.hits} of ${options.kills} kills while sealing, ${Math.round(process.uptime())} s`);
  }
  const end = await finalOutbox(me, stories, given, donations);
  return { hits: me.hits, stories, ...end };
}

async function report(id, name, points, violations, wanted) {
  const row = { id, name, ours: violations, reference: 0, ratio: null, unit: "violations", points, target: `0 in ${wanted}`, holds: violations === 0 && points >= wanted };
  if (process.env.PINGLI_FAULT_REPORT) {
    await mkdir(process.env.PINGLI_FAULT_REPORT, { recursive: true });
    await writeFile(join(process.env.PINGLI_FAULT_REPORT, `${id.replaceAll(" ", "-")}.json`), JSON.stringify([row]));
  }
  return row;
}

async function main() {
  const options = readArguments(process.argv.slice(2));
  const seed = Number(process.env.PINGLI_FAULT_SEED) || Date.now() % 2 ** 31;
  console.log(`PINGLI_FAULT_SEED=${seed}`);
  await rm(options.out, { recursive: true, force: true });
  const folders = Object.fromEntries(["home", "temporary", "cwd", "docket"].map((name) => [name, join(options.out, name)]));
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true });
  const canaries = makeCanaries();
  const docket = await writeCanaryDocket(folders.docket, canaries, { count: SEATS, panel: 3 });
  const proxy = await new ListeningProxy().start();
  const watch = await Watch.begin({ out: options.out, folders, canaries, proxy, pieces: docket.pieces });
  const me = await Attacked.ready({
    out: options.out, dockets: [folders.docket], extra: ["--reviewers", "2", "--patience", "86400"],
    ...folders, environment: proxied(proxy), canaries, random: numbers(seed), afterRun: () => watch.search(),
  });
  const summary = [];
  const say = (name, ok, seen) => {
    summary.push({ name, ok, seen });
    console.log(`${ok ? "ok    " : "FAILED"} ${name.padEnd(44)} ${seen}`);
  };
  try {
    await me.server.start();
    const seen = await attack(me, options);
    await watch.plantedReached(join(options.out, "server"));
    const wrong = compare(await readLedger(join(options.out, "server")), { seats: new Map(seen.stories.map((story) => [story.seat, story])), returned: seen.returned, donations: seen.donations });
    for (const one of [...me.violations, ...wrong].slice(0, 40)) console.log(`       ${one}`);
    const kills = Object.entries(me.kills).map(([how, times]) => `${how} ${times}`).join(", ");
    say("kills hit the window while it seals", seen.hits >= options.kills, `${seen.hits} of ${options.kills}; all: ${kills}`);
    say("what is shown as sealed stays", me.violations.length === 0, `${me.violations.length} violations in ${me.runs} starts`);
    say("the server's ledger says the same", wrong.length === 0, `${wrong.length} differences on ${seen.stories.length} seats`);
    const clear = await watch.end();
    for (const hit of clear.hits.slice(0, 40)) console.log(`       ${hit}`);
    say("nothing in the clear, in anything written", clear.hits.length === 0, `${clear.hits.length} found in ${clear.files} files (${clear.megabytes} MB read) after ${me.runs} runs, ${clear.forms} forms`);
    for (const [name, ok, what] of clear.bus) say(name, ok, what);
    const rows = [
      await report("F1 window", "SIGKILL of the real window while it seals", seen.hits, me.violations.length + wrong.length, 50),
      await report("F6 canaries", "runs of the window, crashed ones included, after which everything written was searched", me.runs, clear.hits.length, RUNS),
    ];
    say("the rows hold", rows.every((row) => row.holds), rows.map((row) => `${row.id}: ${row.points} points, ${row.ours} violations`).join("; "));
  } catch (error) {
    say("the attack went to its end", false, error.stack ?? error.message);
  } finally {
    await me.close().catch(() => {});
    proxy.stop();
    await watch.stop();
    await writeFile(join(options.out, "summary.json"), JSON.stringify(summary, null, 2));
  }
  process.exitCode = summary.length > 1 && summary.every((one) => one.ok) ? 0 : 1;
}

await main();
