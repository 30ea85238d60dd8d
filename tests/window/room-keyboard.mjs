// Every action of the case room without a mouse, in the real window; then the program is killed and
// everything that was written must still be there.
import { cp, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Reviewer } from "./reviewer.mjs";
import { Key, until } from "./window.mjs";

/** A case with a chat, photographs, an order, scans, a listing and a rule. */
const CASE = "orange-crate";

/** The part of `room.mjs`. */
export async function keyboard(checks, folder) {
  const out = join(folder, "keyboard");
  const docket = join(out, "docket");
  await mkdir(join(docket, "cases"), { recursive: true });
  await cp(resolve("demo/cases", CASE), join(docket, "cases", CASE), { recursive: true });
  const me = await Reviewer.ready({ out, dockets: [docket] });
  const keys = (...pressed) => me.window.type(...pressed);
  const inside = (body, ...args) => me.window.run(body, ...args);
  const focus = () => inside(`const a = document.activeElement; return (a.dataset.testid || a.getAttribute("role") || a.tagName) + " " + (a.getAttribute("aria-label") || a.innerText || a.value || "").slice(0, 60);`);
  /** Presses Tab until the focus is on something with this test id. */
  const tabTo = async (id, key = Key.TAB) => {
    for (let n = 0; n < 150; n++) {
      if (await inside(`return document.activeElement?.dataset.testid === arguments[0];`, id)) return;
      await keys(key);
    }
    throw new Error(`Tab never came to ${id}; it stands on ${await focus()}`);
  };
  const count = (id) => inside(`return document.querySelectorAll('[data-testid="' + arguments[0] + '"]').length;`, id);
  const picture = (name) => me.window.picture(join(out, `${name}.png`));
  const check = (name, work) =>
    checks.check(`by keyboard: ${name}`, async () => {
      const seen = await work();
      await picture(name.replaceAll(/[^a-z]+/g, "-"));
      return seen;
    });
  try {
    await me.server.start();
    await me.open();
    await me.signIn();
    const [row] = await me.take([CASE]);
    await check("open the case", async () => {
      await inside(`document.activeElement.blur();`);
      await keys("j", "k");
      await keys(Key.ENTER);
      await me.window.see("chat-message");
      return focus();
    });
    await check("the viewers", async () => {
      for (const [key, id] of [["o", "order-view"], ["r", "paragraph"], ["t", "timeline-item"], ["p", "photo-tile"], ["c", "chat-message"]]) {
        await keys(key);
        await me.window.see(id);
      }
      return "timeline, chat, photos, order and rules by T C P O R";
    });
    await check("evidence and findings", async () => {
      const at = () => inside(`return document.querySelector('[data-testid="evidence"][aria-current]')?.dataset.evidence;`);
      const before = await at();
      await keys("j");
      await until("another piece of evidence", async () => (await at()) !== before);
      await keys("1");
      await keys("k");
      await keys("2");
      return `from ${before} to the next and back, a finding on each`;
    });
    await check("search in the chat", async () => {
      await keys("/");
      await until("the search field", () => inside(`return document.activeElement?.dataset.testid === "chat-search";`));
      await keys("坏果");
      const hits = await until("hits", async () => (await me.window.text("chat-hits")) || null);
      await keys(Key.ENTER);
      await keys(Key.ESCAPE);
      return hits.replaceAll("\n", " ");
    });
    await check("select messages, cite and copy them", async () => {
      await keys("c");
      await tabTo("chat-list");
      for (let n = 0; n < 3; n++) await keys(Key.ARROW_DOWN);
      await keys("x");
      await me.window.chord(Key.SHIFT, Key.ARROW_DOWN);
      await me.window.see("chat-selection");
      await tabTo("chat-cite");
      await keys(Key.ENTER);
      return until("a citation in the opinion", async () => (await inside(`return [...document.querySelectorAll('[data-testid="citation"]')].map((c) => c.innerText).join(" ");`)) || null);
    });
    await check("a photograph: zoom, rotate, compare, a region", async () => {
      await keys(Key.ESCAPE);
      await me.window.see("room");
      await keys("p");
      await me.window.see("photo-tile");
      await tabTo("photo-tile");
      await keys(Key.ENTER);
      await me.window.see("photo-single");
      const percent = () => me.window.text("zoom-percent");
      const fitted = await percent();
      await keys("a");
      const full = await until("its own size", async () => {
        const now = await percent();
        return now !== fitted && now;
      });
      await keys("+");
      await keys("e");
      await keys("f");
      await keys("b");
      await me.window.see("photo-compare");
      await keys("m");
      await keys("m");
      await keys("b");
      await until("the comparison to end", async () => !(await me.window.find("photo-compare")));
      // What may disgust is covered until it is asked for; nothing is marked on a cover.
      if (await me.window.find("reveal")) {
        await tabTo("reveal");
        await keys(Key.ENTER);
      }
      const notes = await count("photo-mark");
      await keys("n");
      await me.window.see("region-drawn");
      await keys(Key.ARROW_RIGHT);
      await me.window.chord(Key.SHIFT, Key.ARROW_RIGHT);
      await keys(Key.ENTER);
      await keys("压痕在这里", Key.ENTER);
      await until("the region's frame", async () => (await count("photo-mark")) > notes);
      await keys("g");
      await me.window.see("photo-tile");
      return `${fitted} fitted, ${full} in full, turned, compared in three ways, one region noted`;
    });
    await check("a line of the order: note and citation", async () => {
      await keys("o");
      await me.window.see("order-view");
      await tabTo("line-cite");
      await keys(Key.ENTER);
      const cited = await until("two citations", async () => (await count("citation")) >= 2 && count("citation"));
      return `${cited} citations now`;
    });
    await check("issues against evidence", async () => {
      await tabTo("matrix-cell");
      await keys("1");
      await keys(Key.ARROW_DOWN);
      await keys("2");
      await keys(Key.ARROW_DOWN);
      await keys("0");
      const summary = await me.window.text("summary");
      return summary.replaceAll("\n", " ").slice(0, 90);
    });
    await check("the ballot", async () => {
      await keys("v");
      await until("the options", () => inside(`return document.activeElement?.dataset.testid === "option";`));
      await keys(Key.SPACE);
      await tabTo("opinion");
      await keys("按标示的重量算，差一点到线。");
      return focus();
    });
    await checks.check("by keyboard: everything is still there after a kill", async () => {
      const before = await written(inside);
      await until("the draft to be saved", () => inside(`return document.querySelector('[data-testid="saving"]')?.dataset.saving === "saved";`));
      // This one alone: others may be open on other desktops.
      const { pid } = me.window;
      me.window.signal("SIGKILL");
      await me.window.bury(pid);
      await me.open();
      await me.window.see("docket-row", {}, 60);
      await me.enter(row);
      await me.window.see("opinion");
      const after = await until("what was written", async () => {
        const now = await written(inside);
        return now.opinion && now;
      });
      for (const field of Object.keys(before)) if (before[field] !== after[field]) throw new Error(`${field}: ${before[field]} became ${after[field]}`);
      return JSON.stringify(after).slice(0, 140);
    });
    await check("seal and undo", async () => {
      await inside(`document.activeElement.blur();`);
      await me.window.chord(Key.CONTROL, Key.ENTER);
      await me.window.see("undo");
      await me.window.chord(Key.CONTROL, "z");
      await until("the ballot to be open again", async () => !(await me.window.find("undo")));
      return "sealed with Ctrl+Enter, taken back with Ctrl+Z";
    });
  } finally {
    await me.close();
  }
}

/** What the reviewer wrote, as the room shows it. */
function written(inside) {
  return inside(`
    const texts = (id) => [...document.querySelectorAll('[data-testid="' + id + '"]')].map((e) => e.innerText.replace(/\\s+/g, " ").trim()).join(" | ");
    const opinion = document.querySelector('[data-testid="opinion"]');
    return {
      opinion: opinion ? (opinion.value ?? opinion.innerText).replace(/\\s+/g, " ").trim() : "",
      choice: document.querySelector('[data-testid="option"][aria-checked="true"]')?.dataset.option ?? "",
      notes: texts("note"),
      matrix: texts("summary"),
    };`);
}
