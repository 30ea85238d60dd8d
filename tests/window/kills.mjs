#!/usr/bin/env node
// The real window under attack: killed while it seals, and while it starts, downloads, sends, takes
// back, gives seats back and donates. At the end the server's own ledger must say what the window
// showed, and nothing of a case may lie in the clear in anything that was ever written.
//   kills.mjs --out DIR [--kills N]
// PINGLI_FAULT_ROUNDS multiplies, PINGLI_FAULT_SEED repeats, PINGLI_FAULT_REPORT names a folder for rows.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Attacked, SeatStory } from "./attack.mjs";
import { makeCanaries, writeCanaryDocket } from "./canary-docket.mjs";
import { attemptsIn, compare, readLedger } from "./ledger.mjs";
import { ListeningProxy, proxied } from "./listening-proxy.mjs";
import { donate, finalOutbox, giveBack, readEverything, readIncognito, setPassphrase, startAndKill } from "./kill-scenes.mjs";
import { target } from "./reviewer.mjs";
import { Watch } from "./watch.mjs";
import { until } from "./window.mjs";

/** Kills while sealing in one life of a server, each at a seat of its own. A reviewer has so many seats
 *  open at a time; more come when ballots are counted. */
const KILLS = 50;
const SEATS_AT_ONCE = 40;
/** Seats beside those: to be given back, to be read and measured at, and for kills that came too late. */
const GIVEN_BACK = 2;
const MORE = 12;
/** A seal is so many writes and syncs at least. */
const FEWEST_WRITES = 4;
/** Runs that a search of everything written has to cover. */
const RUNS = 20;

function readArguments(argv) {
  const rounds = Math.max(1, Number(process.env.PINGLI_FAULT_ROUNDS) || 1);
  const options = { out: join(target, "kills"), kills: KILLS, rounds };
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === "--out") options.out = resolve(argv[++i]);
    else if (argv[i] === "--kills") options.kills = Number(argv[++i]);
  }
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

/** A seat that nobody has used yet; more are taken when there is none left. */
async function freshSeat(me, stories) {
  const free = () => stories.find((one) => !one.used);
  if (!free()) {
    await me.go("docket");
    await until("another seat", async () => {
      await me.takeAll();
      for (const row of await me.rows())
        if (row.state === "ready_offline" && !stories.some((one) => one.seat === row.seat)) stories.push(new SeatStory(row));
      return free();
    }, 90, 300);
  }
  const story = free();
  story.used = true;
  return story;
}

/** What happens to a ballot that a kill left sealed: mostly it is left to be sent when its time comes;
 *  some are sent at once, some taken back, and the window killed meanwhile. */
async function goOn(me, story, shown) {
  const chance = me.random();
  if (chance < 0.1 && shown.undoable) {
    // Either is true afterwards, and stays so.
    await me.window.run(`document.querySelector('[data-testid="undo"]').click();`);
    story.sealed = undefined;
    await pause(me.between(0, 40));
    await me.kill("taking back");
  } else if (chance < 0.3) {
    await me.go("outbox");
    await me.window.click("send-now");
    if (chance > 0.2) return;
    await pause(me.between(0, 150));
    await me.kill("sending");
  } else return;
  await me.open();
  await me.look(story);
}

/** Kills the window so many times while it seals, each time at another seat, and looks after each kill
 *  what it came to: one ballot with what was written, or an open room with it as a draft. */
async function attackSeals(me, stories, known, kills) {
  let story = null;
  while (me.attempts.length < kills) {
    await me.open({ trace: me.opinions % 5 === 4 });
    if (story) {
      const shown = await me.look(story);
      if (!shown.sealed && shown.opinion !== story.last) me.wrong(story, "what was written and saved is gone");
      if (shown.sealed) await goOn(me, story, shown);
      // A kill that came before the seal began: once more.
      if (story.attempt !== null || shown.sealed) story = null;
    }
    if (!story) {
      story = await freshSeat(me, stories);
      await me.look(story);
    }
    if (me.random() < 0.6) {
      const n = 1 + (me.opinions % known.writes);
      // There are fewer writes than were measured when something else was written beside them.
      if ((await me.killAtWrite(story, n)) === "sealed") known.writes = Math.max(FEWEST_WRITES, n - 1);
    } else await me.killAtMoment(story, [known.arrives, known.shown]);
    if (me.attempts.length % 10 === 0) console.log(`${me.attempts.length} of ${kills} kills while sealing, ${me.opinions} tries, ${Math.round(process.uptime())} s`);
  }
  await me.open();
  await me.look(story);
  await me.kill("looking");
}

async function attack(me, kills) {
  await me.open({ trace: true });
  await me.signIn();
  await setPassphrase(me);
  await me.takeAll();
  await me.kill("downloading");
  for (let n = 0; n < 3; n++) await startAndKill(me, me.between(200, 1800));
  await me.open({ trace: true });
  // What was not taken when the window was killed is taken now.
  await me.takeAll();
  const rows = await me.ready(Math.min(SEATS_AT_ONCE, kills + GIVEN_BACK + MORE));
  const stories = rows.map((row) => new SeatStory(row));
  const [read, ...others] = stories;
  read.used = true;
  await readEverything(me, read);
  await me.kill("reading", "SIGABRT");
  for (const signal of ["SIGKILL", "SIGABRT"]) await readIncognito(me, read, signal);
  await me.open();
  await me.look(read);
  const known = await me.measure(read);
  console.log(`a seal: the key arrives after ${known.arrives} ms, it is shown after ${known.shown} ms, at most ${known.writes} writes and syncs of a thread`);
  await me.kill("taken back");

  const leaving = others.slice(0, GIVEN_BACK);
  for (const story of leaving) story.used = true;
  const given = await giveBack(me, leaving);
  const donations = await donate(me);
  await attackSeals(me, stories, known, kills);
  const end = await finalOutbox(me, stories, given, donations);
  return { stories, ...end };
}

async function report(id, name, points, violations, wanted) {
  const row = { id, name, ours: violations, reference: 0, ratio: null, unit: "violations", points, target: `0 in ${wanted}`, holds: violations === 0 && points >= wanted };
  if (process.env.PINGLI_FAULT_REPORT) {
    await mkdir(process.env.PINGLI_FAULT_REPORT, { recursive: true });
    await writeFile(join(process.env.PINGLI_FAULT_REPORT, `${id.replaceAll(" ", "-")}.json`), JSON.stringify([row]));
  }
  return row;
}

/** One server's life: attacked, and held against its ledger. */
async function life(options, out, seed, say) {
  await rm(out, { recursive: true, force: true });
  const folders = Object.fromEntries(["home", "temporary", "cwd", "docket"].map((name) => [name, join(out, name)]));
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true });
  const canaries = makeCanaries();
  const docket = await writeCanaryDocket(folders.docket, canaries, { count: options.kills + GIVEN_BACK + MORE, panel: 3 });
  const proxy = await new ListeningProxy().start();
  const watch = await Watch.begin({ out, folders, canaries, proxy, pieces: docket.pieces });
  const me = await Attacked.ready({
    out, dockets: [folders.docket], extra: ["--reviewers", "2", "--patience", "86400"],
    ...folders, environment: proxied(proxy), canaries, random: numbers(seed), afterRun: () => watch.search(),
  });
  try {
    await me.server.start();
    const seen = await attack(me, options.kills);
    await watch.plantedReached(join(out, "server"));
    const ledger = await readLedger(join(out, "server"));
    const wrong = compare(ledger, { seats: new Map(seen.stories.map((story) => [story.seat, story])), returned: seen.returned, donations: seen.donations });
    const hits = attemptsIn(ledger, me.attempts);
    wrong.push(...hits.wrong);
    for (const one of [...me.violations, ...wrong].slice(0, 40)) console.log(`       ${one}`);
    const kills = Object.entries(me.kills).map(([how, times]) => `${how} ${times}`).join(", ");
    const points = hits.ballots + hits.open;
    say("kills hit the window while it seals", points >= options.kills, `${points} of ${options.kills} in the server's ledger: ${hits.ballots} with one ballot of that opinion, ${hits.open} with none and an open room; all kills: ${kills}`);
    say("either is seen often", hits.ballots * 5 >= points && hits.open * 5 >= points, "a fifth of each at least");
    say("what is shown as sealed stays", me.violations.length === 0, `${me.violations.length} violations in ${me.runs} starts`);
    say("the server's ledger says the same", wrong.length === 0, `${wrong.length} differences on ${seen.stories.length} seats`);
    const clear = await watch.end();
    for (const hit of clear.hits.slice(0, 40)) console.log(`       ${hit}`);
    say("nothing in the clear, in anything written", clear.hits.length === 0, `${clear.hits.length} found in ${clear.files} files (${clear.megabytes} MB read) after ${me.runs} runs, ${clear.forms} forms`);
    for (const [name, ok, what] of clear.bus) say(name, ok, what);
    return { points, runs: me.runs, violations: me.violations.length + wrong.length, clear: clear.hits.length };
  } finally {
    await me.close().catch(() => {});
    proxy.stop();
    await watch.stop();
  }
}

async function main() {
  const options = readArguments(process.argv.slice(2));
  const seed = Number(process.env.PINGLI_FAULT_SEED) || Date.now() % 2 ** 31;
  console.log(`PINGLI_FAULT_SEED=${seed}`);
  const summary = [];
  const say = (name, ok, seen) => {
    summary.push({ name, ok, seen });
    console.log(`${ok ? "ok    " : "FAILED"} ${name.padEnd(44)} ${seen}`);
  };
  try {
    const sum = { points: 0, runs: 0, violations: 0, clear: 0 };
    for (let round = 0; round < options.rounds; round++) {
      const seen = await life(options, options.rounds === 1 ? options.out : join(options.out, `round-${round + 1}`), seed + round, say);
      for (const name of Object.keys(sum)) sum[name] += seen[name];
    }
    const rows = [
      await report("F1 window", "SIGKILL of the real window while it seals, as the server's ledger shows it", sum.points, sum.violations, options.kills),
      await report("F6 canaries", "runs of the window, crashed ones included, after which everything written was searched", sum.runs, sum.clear, RUNS),
    ];
    say("the rows hold", rows.every((row) => row.holds), rows.map((row) => `${row.id}: ${row.points} points, ${row.ours} violations`).join("; "));
  } catch (error) {
    say("the attack went to its end", false, error.stack ?? error.message);
  } finally {
    await writeFile(join(options.out, "summary.json"), JSON.stringify(summary, null, 2));
  }
  process.exitCode = summary.length > 1 && summary.every((one) => one.ok) ? 0 : 1;
}

await main();
