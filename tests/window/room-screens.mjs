// Every viewer of the case room and every state of it, as it is painted in the real window, in both
// languages and themes, at three sizes and at double text: looked at for WCAG 2.2 AA, for a page that
// fits and for controls that nobody can get to, and kept as pictures.
import { cp, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Reviewer } from "./reviewer.mjs";
import { findsLost, wrongs } from "./room-look.mjs";
import { damage, damaged, states } from "./room-states.mjs";
import { WHOLE, writeWholeDocket } from "./whole-docket.mjs";
import { until } from "./window.mjs";

const LOOKS = [
  { language: "zh-Hans", theme: "light", text: "100", width: 1280, height: 800, states: true },
  { language: "en", theme: "dark", text: "100", width: 1920, height: 1080 },
  { language: "zh-Hans", theme: "dark", text: "100", width: 1024, height: 700, states: true },
  { language: "en", theme: "light", text: "200", width: 1280, height: 800, states: true },
];
/** Both languages, both themes, both sizes that the screens are designed for. */
const EVERY_LOOK = ["zh-Hans", "en"].flatMap((language) =>
  ["light", "dark"].flatMap((theme) => [
    { language, theme, text: "100", width: 1280, height: 800, states: true },
    { language, theme, text: "100", width: 1920, height: 1080, states: true },
  ]),
);
const VIEWERS = { timeline: "timeline-item", chat: "chat-message", photos: "photo-tile", order: "order-view", rules: "paragraph" };
const CASE = "orange-crate";
/** Nobody looks at them before they are spoilt, and once only: what was looked at may be shown from memory,
 *  and what is known to be damaged is fetched anew before it is opened. */
const SPOILT = ["tea-cup-crack", "sweater-shrunk", "engraved-pen"];

/** The part of `screens.mjs`; with `every` in the looks that a designer goes through. */
export async function screens(checks, folder, every) {
  const out = join(folder, "screens");
  const docket = join(out, "docket");
  await mkdir(join(docket, "cases"), { recursive: true });
  for (const name of [CASE, ...SPOILT]) await cp(resolve("demo/cases", name), join(docket, "cases", name), { recursive: true });
  await writeWholeDocket(docket, resolve("demo"));
  const me = await Reviewer.ready({ out, dockets: [docket] });
  const w = () => me.window;
  const look = (name, show) =>
    checks.check(`screen: ${name}`, async () => {
      await show();
      await settled(w());
      const wrong = await wrongs(w());
      await w().picture(join(out, `${name.replaceAll(/[^a-zA-Z0-9]+/g, "-")}.png`));
      if (wrong.length) throw new Error(wrong.join("; "));
      return "nothing against WCAG 2.2 AA, nothing lost";
    });
  const dress = async ({ language, theme, text, width, height }) => {
    await me.go("settings");
    await w().resize(width, height);
    for (const [id, value] of [["language", language], ["theme", theme], ["text-size", text]]) await w().choose(id, value, async () => {});
    await until("the settings", () => w().run(`return document.documentElement.lang === arguments[0];`, language));
  };

  try {
    await me.server.start();
    await me.open();
    await me.signIn();
    const [row, whole, ...spoilt] = await me.take([CASE, WHOLE, ...SPOILT]);
    const looks = every ? EVERY_LOOK : LOOKS;
    const nameOf = ({ language, theme, width, text }) => `${language}-${theme}-${width}${text === "100" ? "" : `-${text}`}`;
    for (const one of looks) {
      const name = nameOf(one);
      await dress(one);
      await me.enter(row);
      for (const [tab, shown] of Object.entries(VIEWERS))
        await look(`${tab} ${name}`, async () => {
          await w().click(`tab-${tab}`);
          await w().see(shown);
        });
      await look(`photo ${name}`, async () => {
        await w().click("tab-photos");
        await w().click("photo-tile");
        await w().see("photo-single");
      });
      if (!one.states) continue;
      await me.enter(whole);
      for (const { name: state, show, end } of states(me)) {
        await look(`${state} ${name}`, show);
        await end().catch(() => {});
        if (!(await w().find("room"))) await me.enter(whole);
      }
    }
    await checks.check("screen: a lost control would be found", async () => {
      if (!(await findsLost(w()))) throw new Error("a control that nobody can get to was not found");
    });
    await damage(me);
    for (const one of looks.filter((look) => look.states).slice(0, spoilt.length)) {
      await dress(one);
      await me.enter(spoilt.shift());
      for (const { name: state, show } of damaged(me)) await look(`${state} ${nameOf(one)}`, show);
    }
  } finally {
    await me.close();
  }
}

/** Waits until every picture in sight is there and nothing moves. */
async function settled(window) {
  await until("pictures and motion to settle", () =>
    window.run(`const meets = (a, b) => a.bottom > b.top && a.top < b.bottom && a.right > b.left && a.left < b.right;
      const inSight = (i) => {
        const box = i.getBoundingClientRect();
        for (let p = i.parentElement; p; p = p.parentElement)
          if (getComputedStyle(p).overflow !== "visible" && !meets(box, p.getBoundingClientRect())) return false;
        return meets(box, { left: 0, top: 0, right: innerWidth, bottom: innerHeight });
      };
      return [...document.images].filter(inSight).every((i) => i.complete) && !document.querySelector('[data-testid="loading"]') && document.getAnimations().every((a) => a.playState !== "running");`),
  );
}
