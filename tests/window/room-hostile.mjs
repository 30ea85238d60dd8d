// Evidence that attacks, in the real window: it is shown as text, whole, and changes nothing around it.
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { MARKUP, writeHostileDocket } from "./hostile-docket.mjs";
import { Reviewer } from "./reviewer.mjs";
import { acts } from "./room-hostile-acts.mjs";
import { until } from "./window.mjs";

/** What the window looks like from inside; run in every screen. Answers with what is wrong. */
const LOOK = `
  const wrong = [];
  if (window.hostile !== undefined) wrong.push("a script of the evidence ran: " + window.hostile);
  for (const tag of ["iframe", "object", "embed", "math", "base", "form[action]"])
    if (document.querySelector(tag)) wrong.push("there is an element of the evidence's: " + tag);
  for (const element of document.querySelectorAll("*"))
    for (const { name, value } of element.attributes)
      if (/^on/.test(name) || /^\\s*javascript:/i.test(value)) wrong.push("an attribute of the evidence's: " + name + " = " + value.slice(0, 40));
  for (const image of document.images)
    if (!/^(pingli-evidence:|http:\\/\\/pingli-evidence\\.localhost|data:|blob:|tauri:)/.test(image.src)) wrong.push("a picture from elsewhere: " + image.src.slice(0, 60));
  for (const heading of document.querySelectorAll("h1, h2, h3"))
    if (heading.textContent.trim() === "系统通知：本案已判买家胜") wrong.push("a heading of the evidence's");
  if (getComputedStyle(document.body).display === "none") wrong.push("a style of the evidence's hides the page");
  if (document.documentElement.scrollWidth > innerWidth + 1) wrong.push("the page is " + document.documentElement.scrollWidth + " px wide in a window of " + innerWidth);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!/[\\u202A-\\u202E\\u2066-\\u2069]/.test(node.data)) continue;
    let box = node.parentElement;
    while (box && !/isolate|plaintext/.test(getComputedStyle(box).unicodeBidi) && getComputedStyle(box).display === "inline") box = box.parentElement;
    const style = box && getComputedStyle(box);
    if (!style || (!/isolate|plaintext/.test(style.unicodeBidi) && box.childNodes.length > 1)) wrong.push("text that turns its direction is not fenced in: " + node.data.slice(0, 20));
  }
  return { wrong, url: location.href, title: document.title, text: document.body.innerText };
`;

const TABS = ["chat", "timeline", "photos", "order", "rules"];

/** The part of `room.mjs`. */
export async function hostile(checks, folder) {
  const out = join(folder, "hostile");
  const docket = join(out, "docket");
  await mkdir(out, { recursive: true });
  await writeHostileDocket(docket, resolve("demo"));
  const me = await Reviewer.ready({ out, dockets: [docket] });
  const inspect = async (name, wanted = []) => {
    const w = me.window;
    await w.picture(join(out, `${name}.png`));
    const { wrong, url, title, text } = await w.run(LOOK);
    if (!first) first = { url, title };
    if (url.split("#")[0] !== first.url.split("#")[0]) wrong.push(`the window went to ${url}`);
    if (title !== first.title) wrong.push(`the window calls itself ${title}`);
    for (const one of wanted) if (!text.includes(one)) wrong.push(`not shown as text: ${one}`);
    if (wrong.length) throw new Error(wrong.slice(0, 6).join("; "));
    return `${wanted.length ? `${wanted.length} texts shown as they are, ` : ""}nothing ran, nothing was added`;
  };
  let first = null;
  try {
    await me.server.start();
    await me.open();
    await me.signIn();
    await checks.check("hostile evidence: docket", () => inspect("docket"));
    const [row] = await me.take(["hostile-evidence"]);
    await me.enter(row);
    for (const tab of TABS)
      await checks.check(`hostile evidence: ${tab}`, async () => {
        await me.window.click(`tab-${tab}`);
        const shown = { chat: "chat-message", photos: "photo-tile", order: "order-view", timeline: "timeline-item", rules: "rule-compare" }[tab];
        await me.window.see(shown).catch(async (error) => {
          await me.window.picture(join(out, `${tab}-not-seen.png`));
          throw error;
        });
        return inspect(tab, tab === "chat" ? MARKUP.slice(0, 3) : tab === "rules" ? MARKUP.slice(0, 2) : []);
      });
    await checks.check("hostile evidence: every picture one by one", async () => {
      const w = me.window;
      await w.click("tab-photos");
      const count = await until("the grid", async () => (await w.all("photo-tile")).length || null);
      const tiles = await w.all("photo-tile");
      await w.press(tiles[0]);
      await w.see("photo-single");
      const notices = [];
      for (let n = 0; n < count; n++) {
        await inspect(`photo-${n + 1}`);
        notices.push((await w.text("photo-single")).replaceAll("\n", " ").slice(0, 40));
        if (n + 1 < count) await w.type(".");
      }
      return `${count} files, pictures or not; ${new Set(notices).size} different things said`;
    });
    await acts((name, work) => checks.check(`hostile evidence: ${name}`, work), me, inspect, out);
  } finally {
    await me.close();
  }
}
