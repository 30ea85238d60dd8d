// Looks at every screen: builds nothing, opens the fake build in a headless browser and leaves a
// picture of each screen, size, language and theme in tests/shots. For the eye, not for the tests.
//   npm run build:fake && node tests/shots.mjs [filter] [--axe]
// With --axe every screen is also checked as it is painted: contrast, sizes of targets and the rest.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import axe from "axe-core";
import { chromium } from "playwright-core";

const out = new URL("./shots/", import.meta.url).pathname;
mkdirSync(out, { recursive: true });
const port = 5291;
const origin = `http://127.0.0.1:${port}`;
const server = spawn(
  "npx",
  [
    "vite",
    "preview",
    "--mode",
    "fake",
    "--outDir",
    "dist-fake",
    "--port",
    String(port),
    "--strictPort",
    "--host",
    "127.0.0.1",
  ],
  {
    cwd: new URL("..", import.meta.url).pathname,
    stdio: "ignore",
    detached: true,
  },
);
const filter = process.argv[2] ? new RegExp(process.argv[2]) : /./;

const id = (name) => `[data-testid="${name}"]`;
const openRoom = async (page) => {
  await page.locator(`${id("docket-row")}[data-seat="seat-1"] ${id("open-case")}`).click();
  await page.locator(id("chat-message")).first().waitFor();
};
const tab = (name) => async (page) => {
  await openRoom(page);
  await page.locator(id(`tab-${name}`)).click();
  await page.waitForTimeout(500);
};
const nav = (name) => async (page) => {
  await page.locator(id(`nav-${name}`)).click();
  await page.waitForTimeout(250);
};

const screens = {
  docket: async () => undefined,
  chat: openRoom,
  timeline: tab("timeline"),
  tlyear: async (page) => { await tab("timeline")(page); for (let i=0;i<3;i++) await page.keyboard.press("-"); await page.waitForTimeout(400); },
  tlminute: async (page) => { await tab("timeline")(page); for (let i=0;i<3;i++) await page.keyboard.press("+"); await page.keyboard.press("ArrowDown"); await page.keyboard.press("ArrowRight"); await page.waitForTimeout(500); await page.keyboard.press("ArrowDown"); await page.waitForTimeout(300); },
  photos: tab("photos"),
  photo: async (page) => {
    await tab("photos")(page);
    await page.locator(id("photo-tile")).nth(1).click();
    await page.waitForTimeout(600);
  },
  facts: async (page) => {
    await screens.photo(page);
    if (!(await page.locator(id("photo-facts")).count())) await page.keyboard.press("i");
    await page.waitForTimeout(200);
  },
  actual: async (page) => {
    await screens.photo(page);
    await page.keyboard.press("a");
    await page.waitForTimeout(800);
  },
  veiled: async (page) => {
    await tab("photos")(page);
    await page.locator(`${id("photo-tile")}[data-key="b-2/4"]`).click();
    await page.waitForTimeout(400);
  },
  mark: async (page) => {
    await screens.photo(page);
    await page.keyboard.press("n");
    await page.waitForTimeout(200);
  },
  compare: async (page) => {
    await screens.photo(page);
    await page.keyboard.press("b");
    await page.waitForTimeout(600);
  },
  swipe: async (page) => {
    await screens.compare(page);
    await page.keyboard.press("m");
    await page.waitForTimeout(500);
  },
  overlay: async (page) => {
    await screens.swipe(page);
    await page.keyboard.press("m");
    await page.waitForTimeout(500);
  },
  pages: async (page) => {
    await tab("order")(page);
    await page.locator(id("pages")).scrollIntoViewIfNeeded();
    await page.waitForTimeout(600);
  },
  order: tab("order"),
  rules: tab("rules"),
  rule: async (page) => {
    await tab("rules")(page);
    await page.locator(".segments button").first().click();
  },
  worksheet: async (page) => {
    await openRoom(page);
    for (const key of ["m", "1", "ArrowRight", "2", "ArrowDown", "0"]) await page.keyboard.press(key);
  },
  index: async (page) => {
    await tab("order")(page);
    await page.keyboard.press("[");
  },
  cannot: async (page) => {
    await openRoom(page);
    if (!(await page.locator(id("option")).count())) await page.locator(id("toggle-sheet")).click();
    await page.locator(`${id("option")}[data-option="cannot_decide"]`).click();
  },
  sealed: async (page) => {
    await openRoom(page);
    if (!(await page.locator(id("option")).count())) await page.locator(id("toggle-sheet")).click();
    await page.locator(`${id("option")}[data-option="buyer"]`).click();
    await page.locator(id("seal")).click();
    await page.locator(id("undo")).waitFor();
  },
  sealing: async (page) => {
    await openRoom(page);
    if (!(await page.locator(id("option")).count())) await page.locator(id("toggle-sheet")).click();
    await page.locator(`${id("option")}[data-option="buyer"]`).click();
    await page.locator(id("seal")).click();
  },
  outbox: nav("outbox"),
  verdicts: nav("verdicts"),
  verdict: async (page) => {
    await nav("verdicts")(page);
    await page.locator(id("verdict-row")).first().click();
    await page.locator(id("verdict-counts")).waitFor();
  },
  charity: async (page) => {
    await nav("charity")(page);
    await page.locator(`${id("project")}[data-project="lunch"] ${id("project-donate")}`).click();
    await page.locator(id("donate-amount")).fill("800");
  },
  standing: nav("standing"),
  settings: nav("settings"),
  opening: (page) => page.waitForTimeout(1000),
  conflict: async (page) => {
    await page.locator(id("accept-seat")).click();
  },
  leave: async (page) => {
    await page.locator(id("row-menu")).nth(1).click();
    await page.locator(id("recuse-seat")).click();
  },
  keys: async (page) => {
    await page.keyboard.press("?");
  },
  keep: async (page) => {
    await page.locator(id("unkept-keep")).click();
  },
  end: async (page) => {
    await page.locator(id("unkept-end")).click();
  },
  soon: async (page) => {
    // Nobody was there for fourteen and a half minutes.
    await page.evaluate(() => {
      const now = Date.now;
      Date.now = () => now() + 14.5 * 60_000;
    });
    await page.waitForTimeout(1500);
  },
  receipt: async (page) => {
    await screens.verdict(page);
    await page.locator(id("receipt-open")).click();
  },
};
const special = {
  welcome: "stage=signed_out",
  signing: "stage=signing_in",
  locked: "stage=locked&reason=wrong_key",
  "locked-idle": "stage=locked&reason=idle",
  "locked-begin": "stage=locked&reason=keyring_unavailable&slots=none",
  "locked-missing": "stage=locked&reason=key_missing&slots=keyring",
  "locked-header": "stage=locked&reason=damaged_header",
  "locked-newer": "stage=locked&reason=newer_store",
  "locked-begin-200": "stage=locked&reason=keyring_unavailable&slots=none&text=200",
  "locked-over": "stage=locked&reason=session_over&slots=none",
  "welcome-unkept": "stage=signed_out&slots=none&unkept=1",
  "docket-unkept": "slots=none&unkept=1",
  "settings-unkept": "slots=none&unkept=1",
  "sealing-unkept": "slots=none&unkept=1&mute=seal_ballot",
  "keep-unkept": "slots=none&unkept=1",
  "end-unkept": "slots=none&unkept=1",
  "soon-unkept": "slots=none&unkept=1&idle=15",
  "soon-unkept-200": "slots=none&unkept=1&idle=15&text=200",
  opening: "stage=opening",
  again: "stage=sign_in_again&connection=offline",
  empty: "empty=1",
  loading: "mute=docket",
  failed: "fail=docket",
  "docket-200": "text=200",
  "chat-200": "text=200",
  "charity-200": "text=200",
  "order-200": "text=200",
  "rules-200": "text=200",
  "worksheet-200": "text=200",
  "order-lines": "lines=80",
  "order-damaged": "broken=p-2",
  "photos-200": "text=200",
  "photo-200": "text=200",
  "compare-200": "text=200",
  "docket-contrast": "theme=contrast",
  "chat-contrast": "theme=contrast",
};

async function check(page, file) {
  // Evaluated by the browser's debugger, which the page's content security policy does not bind.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  for (const found of violations)
    for (const node of found.nodes.slice(0, 4)) {
      const why = node.any[0]?.message ?? node.failureSummary;
      console.error(`${file}: ${found.id}: ${node.target.join(" ")}: ${why}`.slice(0, 330));
    }
}

/** Screens that are only there where nothing is kept. */
const unkeptOnly = new Set(["keep", "end", "soon", "sealing"]);

const sizes = [
  [1280, 800],
  [1920, 1080],
  [1024, 700],
];
const looks = [
  ["zh-Hans", "light"],
  ["zh-Hans", "dark"],
  ["en", "light"],
  ["en", "dark"],
];

async function main() {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  for (let i = 0; i < 60; i++) {
    if (
      await fetch(origin).then(
        () => true,
        () => false,
      )
    )
      break;
    await new Promise((done) => setTimeout(done, 250));
  }
  for (const [width, height] of sizes)
    for (const [lang, theme] of looks) {
      const context = await browser.newContext({
        viewport: { width, height },
        timezoneId: "Asia/Shanghai",
        locale: lang,
      });
      for (const name of [...Object.keys(screens), ...Object.keys(special)]) {
        const file = `${name}-${width}-${lang.slice(0, 2)}-${theme}`;
        if (!filter.test(file) || (unkeptOnly.has(name) && !special[name])) continue;
        const page = await context.newPage();
        page.on("pageerror", (error) => console.error(file, String(error)));
        page.on("console", (line) => line.type() === "error" && console.error(file, line.text()));
        try {
          await page.goto(`${origin}/?${special[name] ?? ""}&lang=${lang}&theme=${theme}`);
          await page.waitForTimeout(350);
          await screens[name.split("-")[0]]?.(page);
          await page.waitForTimeout(200);
        } catch (error) {
          console.error(file, String(error).split("\n")[0]);
        }
        if (process.argv.includes("--axe")) await check(page, file);
        await page.screenshot({ path: `${out}${file}.png` });
        await page.close();
      }
      await context.close();
    }
  await browser.close();
}
main()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => process.kill(-server.pid));
