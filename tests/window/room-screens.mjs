// Every viewer of the case room as it is painted in the real window, in both languages and themes, at
// three sizes and at double text: looked at by axe for WCAG 2.2 AA, and kept as pictures.
import { cp, mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Reviewer } from "./reviewer.mjs";
import { until } from "./window.mjs";

const LOOKS = [
  { language: "zh-Hans", theme: "light", text: "100", width: 1280, height: 800 },
  { language: "en", theme: "dark", text: "100", width: 1920, height: 1080 },
  { language: "zh-Hans", theme: "dark", text: "100", width: 1024, height: 700 },
  { language: "en", theme: "light", text: "200", width: 1280, height: 800 },
];
/** Both languages, both themes, both sizes that the screens are designed for. */
const EVERY_LOOK = ["zh-Hans", "en"].flatMap((language) =>
  ["light", "dark"].flatMap((theme) => [
    { language, theme, text: "100", width: 1280, height: 800 },
    { language, theme, text: "100", width: 1920, height: 1080 },
  ]),
);
const VIEWERS = { timeline: "timeline-item", chat: "chat-message", photos: "photo-tile", order: "order-view", rules: "paragraph" };
const CASES = ["orange-crate", "tea-cup-crack"];

/** The part of `room.mjs`; with `every` in the looks that a designer goes through. */
export async function screens(checks, folder, every) {
  const out = join(folder, "screens");
  const docket = join(out, "docket");
  await mkdir(join(docket, "cases"), { recursive: true });
  for (const name of CASES) await cp(resolve("demo/cases", name), join(docket, "cases", name), { recursive: true });
  const axe = await readFile(new URL("../../ui/node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
  const me = await Reviewer.ready({ out, dockets: [docket] });
  const w = () => me.window;

  /** What axe finds, one line for each rule. */
  const look = async () => {
    await w().run(`${axe}; return true;`);
    return w().session.executeAsyncScript(
      `const done = arguments[arguments.length - 1];
       axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"] })
         .then((r) => done(r.violations.map((v) => v.id + " × " + v.nodes.length + ": " + v.nodes[0].html.slice(0, 120) + " " + (v.nodes[0].any[0]?.message ?? "").slice(0, 120))),
               (e) => done(["axe: " + e]));`,
    );
  };
  const overflow = () =>
    w().run(`const wide = document.documentElement.scrollWidth - innerWidth; return wide > 1 ? ["the page is " + wide + " px too wide"] : [];`);

  try {
    await me.server.start();
    await me.open();
    await me.signIn();
    const [row] = await me.take(CASES);
    for (const { language, theme, text, width, height } of every ? EVERY_LOOK : LOOKS) {
      const name = `${language}-${theme}-${width}${text === "100" ? "" : `-${text}`}`;
      await me.go("settings");
      await w().resize(width, height);
      for (const [id, value] of [["language", language], ["theme", theme], ["text-size", text]]) await w().choose(id, value, async () => {});
      await until("the settings", () => w().run(`return document.documentElement.lang === arguments[0];`, language));
      await me.enter(row);
      for (const [tab, shown] of Object.entries(VIEWERS))
        await checks.check(`screen: ${tab} ${name}`, async () => {
          await w().click(`tab-${tab}`);
          await w().see(shown);
          await settled(w());
          const wrong = [...(await look()), ...(await overflow())];
          await w().picture(join(out, `${tab}-${name}.png`));
          if (wrong.length) throw new Error(wrong.join("; "));
          return "axe finds nothing against WCAG 2.2 AA";
        });
      await checks.check(`screen: photo ${name}`, async () => {
        await w().click("tab-photos");
        await w().click("photo-tile");
        await w().see("photo-single");
        await settled(w());
        const wrong = [...(await look()), ...(await overflow())];
        await w().picture(join(out, `photo-${name}.png`));
        if (wrong.length) throw new Error(wrong.join("; "));
        return "axe finds nothing against WCAG 2.2 AA";
      });
    }
  } finally {
    await me.close();
  }
}

/** Waits until every picture in sight is there and nothing moves. */
async function settled(window) {
  await until("pictures and motion to settle", () =>
    window.run(`const inSight = (i) => { const b = i.getBoundingClientRect(); return b.bottom > 0 && b.top < innerHeight; };
      return [...document.images].filter(inSight).every((i) => i.complete) && !document.querySelector('[data-testid="loading"]') && document.getAnimations().every((a) => a.playState !== "running");`),
  );
}
