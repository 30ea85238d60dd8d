#!/usr/bin/env node
// Measures the case room in the real window, rows R1 to R6, each beside its reference in the same run:
// the same list in a headless Chromium, or pyvips on the same pictures. Prints a table and writes room.json.
//   bench-room.mjs --out DIR --python PYTHON [--sizes 1000,20000,100000,1000000] [--pairs 10]
import { execFileSync, spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createRequire } from "node:module";
import { Reviewer, target } from "./reviewer.mjs";
import { freePort, until } from "./window.mjs";

const options = { out: join(target, "bench"), python: "python3", sizes: [1000, 10_000, 100_000, 1_000_000], pairs: 10 };
for (let i = 2; i < process.argv.length; i++) {
  const [name, value] = [process.argv[i], process.argv[++i]];
  if (name === "--out") options.out = resolve(value);
  else if (name === "--python") options.python = value;
  else if (name === "--sizes") options.sizes = value.split(",").map(Number);
  else if (name === "--pairs") options.pairs = Number(value);
  else throw new Error(`unknown argument: ${name}`);
}
/** The chat that rows R1 and R2 are about. */
const LONG = 20_000;

const median = (values) => quantile(values, 0.5);
function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}
/** The slope of the straight line through the logarithms. */
function slope(points) {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(Math.max(y, 0.1))]);
  const mean = (k) => logs.reduce((sum, p) => sum + p[k], 0) / logs.length;
  const [mx, my] = [mean(0), mean(1)];
  return logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}

// What is done and timed inside the page; the same text runs in both browsers.
const INSIDE = `
  const id = (name) => document.querySelector('[data-testid="' + name + '"]');
  const frame = () => new Promise(requestAnimationFrame);
  const painted = async () => { await frame(); await frame(); };
  const rows = () => [...document.querySelectorAll('[data-testid="chat-list"] [data-seq]')];
  const inView = () => {
    const list = id("chat-list"); if (!list) return [];
    const box = list.getBoundingClientRect();
    return rows().filter((row) => { const b = row.getBoundingClientRect(); return b.bottom > box.top + 1 && b.top < box.bottom - 1; });
  };
  const filled = () => inView().length > 2;
  const wait = async (what, test) => { const end = performance.now() + 20000; while (!test()) { if (performance.now() > end) throw new Error("not seen: " + what); await frame(); } };
  // The longest time in which the page's own thread answered nobody.
  const watch = () => {
    let last = performance.now(), worst = 0, on = true;
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { const now = performance.now(); worst = Math.max(worst, now - last); last = now; if (on) setTimeout(() => channel.port2.postMessage(0), 4); };
    channel.port2.postMessage(0);
    return () => { on = false; return worst; };
  };
  const bench = {
    async open() {
      id("tab-order").click(); await wait("the order", () => !id("chat-list")); await painted();
      await new Promise((done) => setTimeout(done, 150));
      const began = performance.now();
      id("tab-chat").click(); await wait("the chat", filled); await painted();
      return performance.now() - began;
    },
    async scroll(frames) {
      const list = id("chat-list"); const deltas = []; const stop = watch();
      list.scrollTop = 0; await painted(); await wait("the top", filled);
      let last = await frame(), empty = 0;
      for (let n = 0; n < frames; n++) { list.scrollTop += 90; const now = await frame(); deltas.push(now - last); last = now; if (!filled()) empty++; }
      return { deltas, empty, blocked: stop() };
    },
    async jump(times) {
      const list = id("chat-list"); const spent = []; const stop = watch();
      for (let n = 0; n < times; n++) {
        const to = ((n * 0.381966) % 1) * (list.scrollHeight - list.clientHeight);
        const before = rows()[0]?.dataset.seq; const began = performance.now();
        list.scrollTop = to; await frame(); await wait("rows after a jump", () => filled() && rows()[0]?.dataset.seq !== before); await painted();
        spent.push(performance.now() - began);
        await new Promise((done) => setTimeout(done, 60));
      }
      return { spent, blocked: stop() };
    },
    async photo(n) {
      id("tab-photos").click(); await wait("the grid", () => document.querySelectorAll('[data-testid="photo-tile"]').length > n); await painted();
      const tile = document.querySelectorAll('[data-testid="photo-tile"]')[n];
      await wait("its thumbnail", () => { const i = tile.querySelector("img"); return !i || i.complete; });
      const stop = watch(); const began = performance.now();
      tile.click();
      const sharp = () => [...document.querySelectorAll('[data-testid="photo-single"] img')].find((i) => i.complete && i.naturalWidth > 1000);
      await wait("the picture", sharp); await sharp().decode().catch(() => {}); await painted();
      return { ms: performance.now() - began, blocked: stop() };
    },
  };
`;

/** The two browsers, asked the same way. */
const inWindow = (me) => async (call) => {
  const answer = await me.window.session.executeAsyncScript(
    `const done = arguments[arguments.length - 1]; ${INSIDE} (async () => (${call}))().then((ok) => done({ ok }), (e) => done({ error: String(e) }));`,
  );
  if (answer.error) throw new Error(answer.error);
  return answer.ok;
};
const inChromium = (page) => async (call) => page.evaluate(`(async () => { ${INSIDE} return (${call}); })()`);

async function openReference(messages) {
  const require = createRequire(new URL("../../ui/package.json", import.meta.url));
  const { chromium } = require("playwright-core");
  const port = await freePort();
  const ui = new URL("../../ui/", import.meta.url).pathname;
  const server = spawn("npx", ["vite", "preview", "--mode", "fake", "--outDir", "dist-fake", "--port", String(port), "--strictPort", "--host", "127.0.0.1"], { cwd: ui, stdio: "ignore", detached: true });
  await until("the reference page", async () => (await fetch(`http://127.0.0.1:${port}/`)).ok, 30);
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`http://127.0.0.1:${port}/?messages=${messages}`);
  await page.locator(`[data-testid="docket-row"][data-seat="seat-1"] [data-testid="open-case"]`).click();
  await page.locator(`[data-testid="room"]`).waitFor();
  return {
    run: inChromium(page),
    close: async () => {
      await browser.close();
      process.kill(-server.pid);
    },
  };
}

async function openReal(messages, docket) {
  const out = join(options.out, `run-${messages}`);
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const me = await Reviewer.ready({ out, dockets: docket ? [docket] : [], extra: ["--large", String(messages)] });
  await me.server.start(900);
  await me.open();
  await me.window.session.manage().setTimeouts({ script: 120_000 });
  await me.signIn();
  const [row] = await me.take(["large-wholesale"], 1, 900);
  if (row.case !== "large-wholesale") throw new Error(`the large case has no seat; ${row.case} has`);
  await me.enter(row);
  await me.window.see("tab-order");
  return { me, row, run: inWindow(me) };
}

const rows = [];
function report(id, name, ours, reference, unit, wanted, holds, more = {}) {
  const ratio = reference ? ours / reference : null;
  rows.push({ id, name, ours, reference, ratio, unit, target: wanted, holds: holds(ratio ?? ours), ...more });
}

/** `work` on each side, turn by turn. */
async function pairs(times, ours, theirs, call) {
  const spent = { ours: [], theirs: [] };
  for (let n = 0; n < times; n++) {
    spent.ours.push(await ours(call));
    spent.theirs.push(await theirs(call));
  }
  return spent;
}

async function longChat() {
  const real = await openReal(LONG);
  const reference = await openReference(LONG);
  try {
    await real.run("bench.open()");
    await reference.run("bench.open()");
    const open = await pairs(options.pairs, real.run, reference.run, "bench.open()");
    report("R1", "open a chat of 20,000 messages, click to painted", median(open.ours), median(open.theirs), "ms", "≤ 2.0", (r) => r <= 2);
    const scroll = await pairs(3, real.run, reference.run, "bench.scroll(240)");
    const p95 = (side) => quantile(side.flatMap((one) => one.deltas), 0.95);
    report("R2 scroll", "scroll, p95 of a frame", p95(scroll.ours), p95(scroll.theirs), "ms", "≤ 0.8", (r) => r <= 0.8, { empty: scroll.ours.reduce((sum, one) => sum + one.empty, 0) });
    const jump = await pairs(3, real.run, reference.run, "bench.jump(20)");
    report("R2 jump", "jump, p95 to rows on the screen", quantile(jump.ours.flatMap((j) => j.spent), 0.95), quantile(jump.theirs.flatMap((j) => j.spent), 0.95), "ms", "≤ 0.8", (r) => r <= 0.8);
    report("R2 task", "longest time the page answered nobody while scrolling and jumping", Math.max(...[...scroll.ours, ...jump.ours].map((one) => one.blocked)), null, "ms", "≤ 50", (ms) => ms <= 50);
    await calls(real);
  } finally {
    await reference.close();
    await real.me.close();
  }
}

/** R6: calls from the window to the core, for one action each. */
async function calls(real) {
  const counted = await real.run(`(async () => {
    // A call goes out as a request of the page.
    const asked = [], real = window.fetch;
    window.fetch = (...request) => { asked.push(String(request[0]?.url ?? request[0])); return real.apply(window, request); };
    const count = async (act) => {
      asked.length = 0;
      await act(); await new Promise((done) => setTimeout(done, 400));
      return asked.filter((name) => /^ipc:|ipc\\.localhost/.test(name)).map((name) => name.split("/").pop());
    };
    return {
      open: await count(async () => { id("tab-order").click(); await painted(); asked.length = 0; id("tab-chat").click(); await wait("the chat", filled); }),
      jump: await count(() => bench.jump(1)),
      find: await count(async () => { const i = id("chat-search"); i.value = "补发"; i.dispatchEvent(new Event("input", { bubbles: true })); await new Promise((done) => setTimeout(done, 600)); }),
    };
  })()`);
  for (const [name, list] of Object.entries(counted)) report(`R6 ${name}`, `calls to the core: ${name} (${list.join(", ") || "none seen"})`, list.length, null, "calls", "≤ 2", (n) => n > 0 && n <= 2);
}

/** R3: does it cost more when there is more? */
async function growth() {
  const points = { open: [], jump: [], scroll: [] };
  for (const size of options.sizes) {
    const real = await openReal(size);
    try {
      await real.run("bench.open()");
      const open = [];
      for (let n = 0; n < options.pairs; n++) open.push(await real.run("bench.open()"));
      points.open.push([size, median(open)]);
      points.jump.push([size, median((await real.run("bench.jump(20)")).spent)]);
      points.scroll.push([size, median((await real.run("bench.scroll(120)")).deltas)]);
    } finally {
      await real.me.close();
    }
  }
  for (const [name, list] of Object.entries(points)) {
    const sizes = list.map(([size, ms]) => `${size.toLocaleString("en")}: ${ms.toFixed(1)} ms`).join(", ");
    report(`R3 ${name}`, `growth of ${name}, ${sizes}`, slope(list), null, "slope", "≤ 0.1", (s) => s <= 0.1);
  }
}

/** A docket of one case with photographs of 12 megapixels. */
async function writePhotoDocket(folder) {
  execFileSync(options.python, [new URL("bench-photos.py", import.meta.url).pathname, "make", folder, resolve("demo")], { stdio: ["ignore", "ignore", "inherit"] });
}

async function photos() {
  const docket = join(options.out, "photo-docket");
  await rm(docket, { recursive: true, force: true });
  await writePhotoDocket(docket);
  const out = join(options.out, "run-photos");
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const me = await Reviewer.ready({ out, dockets: [docket] });
  try {
    await me.server.start(300);
    await me.open();
    await me.window.session.manage().setTimeouts({ script: 60_000 });
    await me.signIn();
    const [row] = await me.take(["bench-photos"]);
    await me.enter(row);
    const run = inWindow(me);
    const ours = [];
    const theirs = [];
    let blocked = 0;
    for (let n = 0; n < options.pairs; n++) {
      const seen = await run(`bench.photo(${n})`);
      ours.push(seen.ms);
      blocked = Math.max(blocked, seen.blocked);
      await me.enter(row);
      theirs.push(Number(execFileSync(options.python, [new URL("bench-photos.py", import.meta.url).pathname, "decode", join(docket, `cases/bench-photos/photos/${n}.jpg`)]).toString()));
    }
    report("R4", "12-megapixel JPEG, click to sharp on the screen", median(ours), median(theirs), "ms", "≤ 1.5", (r) => r <= 1.5);
    report("R4 blocked", "longest time the page answered nobody", blocked, null, "ms", "≤ 100", (ms) => ms <= 100);
  } finally {
    await me.close();
  }
  const measured = execFileSync(options.python, [new URL("bench-photos.py", import.meta.url).pathname, "previews", join(options.out, "previews"), join(target, "debug/examples/previews")], { maxBuffer: 1 << 24 });
  for (const { kind, ours, reference } of JSON.parse(measured.toString())) {
    const limit = { jpeg: 0.7, progressive: 0.3, heic: 0.05 }[kind];
    report(`R5 ${kind}`, `a grid preview, per core: ${kind}`, ours, reference, "CPU-ms", `≤ ${limit}`, (r) => r <= limit);
  }
}

await mkdir(options.out, { recursive: true });
for (const part of [longChat, photos, growth]) {
  try {
    await part();
  } catch (error) {
    console.error(`not measured: ${part.name}: ${error.message}`);
    process.exitCode = 1;
  }
}
const number = (value) => (value == null ? "–" : value < 10 ? value.toFixed(2) : value.toFixed(1));
for (const row of rows) console.log(`${row.holds ? "holds" : "MISSED"}\t${row.id}\t${number(row.ours)}\t${number(row.reference)}\t${number(row.ratio)}\t${row.unit}\t${row.target}\t${row.name}`);
await writeFile(join(options.out, "room.json"), JSON.stringify(rows, null, 2));
