// What a reviewer does with evidence that attacks: finds it, selects and copies it, cites and notes it,
// compares its pictures. What comes of it is text too, wherever it goes.
import { join } from "node:path";
import { MARKUP } from "./hostile-docket.mjs";
import { Key, until } from "./window.mjs";

/** `inspect` looks at the window and fails when the evidence did anything to it. */
export async function acts(checked, me, inspect, out) {
  const w = me.window;
  /** After one that failed the next begins without what that left behind. */
  const check = async (name, work) => {
    if (await checked(name, work)) return;
    await w.picture(join(out, `failed-${name.replaceAll(/[^a-z]+/g, "-")}.png`));
    if (await w.run(`return document.querySelector("dialog[open]") !== null;`)) await w.type(Key.ESCAPE);
    await w.fill("opinion", Key.BACK_SPACE);
  };
  const texts = (id) => w.run(`return [...document.querySelectorAll('[data-testid="' + arguments[0] + '"]')].map((e) => (e.matches("textarea") ? e.value : e.innerText));`, id);
  const opinion = async () => (await texts("opinion"))[0];
  const toMessage = async (seq) => {
    const message = await until(`message ${seq}`, async () => w.find("chat-message", { seq: String(seq) }));
    await w.press(await message.findElement({ css: ".item" }));
    await until("the message to be the current one", () => w.run(`return document.querySelector('[data-testid="chat-message"].current')?.dataset.seq === arguments[0];`, String(seq)));
  };
  const showChat = async () => {
    await w.click("tab-chat");
    await w.see("chat-message");
    await (await w.see("chat-list")).sendKeys(Key.HOME);
  };

  await check("an opinion that looks like it", async () => {
    await w.click("tab-chat");
    const field = await w.see("opinion");
    await w.press(field);
    await field.sendKeys(MARKUP[0]);
    const seen = await inspect("opinion");
    if ((await opinion()) !== MARKUP[0]) throw new Error(`the opinion reads ${await opinion()}`);
    await w.chord(Key.CONTROL, "a");
    await w.type(Key.BACK_SPACE);
    return seen;
  });
  await check("a search whose hits are markup", async () => {
    await showChat();
    const wanted = "<img src=x onerror=";
    await w.fill("chat-search", wanted);
    const hits = await until("hits", async () => /\d/.test((await texts("chat-hits"))[0]) && (await texts("chat-hits"))[0]);
    const marked = await until("marked hits", () => w.run(`const all = [...document.querySelectorAll('[data-testid="chat-message"] mark')].map((e) => e.textContent); return all.length ? all : null;`));
    if (marked.some((one) => one !== wanted)) throw new Error(`marked is ${marked.join(" | ")}`);
    const seen = await inspect("search", [wanted]);
    await w.type(Key.F3);
    await inspect("search-next");
    return `${hits.replaceAll("\n", " ")}: ${seen}`;
  });
  await check("the list of these hits", async () => {
    await w.click("chat-list-hits");
    const lines = await until("lines with hits", () => w.run(`const all = [...document.querySelectorAll('[data-testid="chat-hit-list"] mark')].map((e) => e.textContent); return all.length > 1 ? all : null;`));
    const seen = await inspect("hit-list", ["<img src=x onerror="]);
    await w.fill("chat-search", "\u202E");
    await until("another list", () => w.run(`return [...document.querySelectorAll('[data-testid="chat-hit-list"] mark')].some((e) => e.textContent === "\\u202E");`));
    await inspect("hit-list-turned");
    await w.fill("chat-search", Key.BACK_SPACE);
    await w.type(Key.ESCAPE);
    return `${lines.length} lines: ${seen}`;
  });
  await check("messages selected, copied and pasted", async () => {
    await showChat();
    await toMessage(1);
    await w.type("x");
    for (let n = 0; n < 3; n++) await w.chord(Key.SHIFT, Key.ARROW_DOWN);
    await w.see("chat-selection");
    await inspect("selection", MARKUP.slice(0, 3));
    await w.click("chat-copy");
    await w.press(await w.see("opinion"));
    await w.chord(Key.CONTROL, "v");
    const text = await until("what was copied", opinion);
    for (const one of MARKUP.slice(0, 4)) if (!text.includes(one)) throw new Error(`not copied as it is: ${one}`);
    // What a line turns it turns back: its stamp and its words read as they are, wherever they are pasted.
    const count = (line, marks) => [...line].filter((one) => marks.includes(one)).length;
    for (const line of text.split("\n"))
      if (count(line, "\u202A\u202B\u202D\u202E") > count(line, "\u202C") || count(line, "\u2066\u2067\u2068") > count(line, "\u2069"))
        throw new Error(`turned to its end and beyond: ${line.slice(0, 60)}`);
    if (!text.includes("\u202E")) throw new Error("no line turned anything");
    const seen = await inspect("pasted");
    await w.chord(Key.CONTROL, "a");
    await w.type(Key.BACK_SPACE);
    return `${text.split("\n").length} lines; ${seen}`;
  });
  await check("these messages cited, and a note on them", async () => {
    await w.click("chat-cite");
    await until("a citation", async () => (await texts("citation"))[0]);
    await w.click("chat-note");
    const field = await w.see("note-field");
    await until("the note's place", () => w.run(`return document.querySelector("[data-note-anchor]") !== null;`));
    await field.sendKeys(MARKUP[1], Key.ENTER);
    await w.see("note");
    // Above the note stands the title of its evidence.
    return `${(await texts("citation"))[0]}: ${await inspect("cited-message", [MARKUP[1], `聊天 ${MARKUP[1]}`])}`;
  });
  await check("a picture of the chat, large", async () => {
    await w.type(Key.ESCAPE);
    await showChat();
    await toMessage(2);
    const picture = await (await w.find("chat-message", { seq: "2" })).findElement({ css: "[data-picture]" });
    await w.press(picture);
    await w.see("lightbox");
    const seen = await inspect("lightbox", [MARKUP[5]]);
    await w.type(".");
    await inspect("lightbox-next", [MARKUP[6]]);
    await w.type(Key.ESCAPE);
    await until("the picture to be shut", async () => !(await w.find("lightbox")));
    return seen;
  });
  await check("a line of the order cited", async () => {
    await w.click("tab-order");
    const cite = await until("the first line", () => w.session.findElement({ css: '[data-line="item:0"] [data-testid="line-cite"]' }));
    // The button of a line is seen while the line has the focus.
    await w.run(`arguments[0].closest("[data-line]").focus();`, cite);
    await w.press(cite);
    const text = await until("the line's words", async () => (await opinion()).includes("<img src=x") && opinion());
    return `${text.slice(0, 40)}: ${await inspect("cited-line")}`;
  });
  await check("a picture cited, a region of it noted", async () => {
    await w.click("tab-photos");
    if (await w.find("photo-grid")) await w.click("photo-grid");
    await w.click("photo-tile");
    await w.see("photo-single");
    await until("the picture", () => w.run(`return document.querySelector('[data-testid="picture"]')?.dataset.stage === "shown";`));
    const before = (await texts("citation")).length;
    await w.type("q");
    await until("its citation", async () => (await texts("citation")).length > before);
    await w.type("n");
    await w.click("note-region");
    await (await w.see("note-field")).sendKeys(MARKUP[4], Key.ENTER);
    await w.see("photo-mark");
    const seen = await inspect("cited-picture", [MARKUP[4]]);
    if (!(await w.find("photo-facts"))) await w.type("i");
    await w.see("photo-facts");
    return `${seen}; its facts: ${await inspect("picture-facts")}`;
  });
  await check("two of its pictures compared", async () => {
    await w.click("compare-begin");
    const how = [];
    for (const one of ["side", "swipe", "overlay"]) {
      await w.click(`compare-${one}`);
      await until(one, () => w.run(`return document.querySelector('[data-testid="photo-compare"]')?.dataset.how === arguments[0];`, one));
      how.push(`${one}: ${await inspect(`compare-${one}`, MARKUP.slice(0, 2))}`);
    }
    await w.click("compare-end");
    return how[0];
  });
  await check("notes and citations go back to their places", async () => {
    for (let n = 0; n < (await w.all("note-back")).length; n++) {
      await w.press((await w.all("note-back"))[n]);
      await inspect(`note-back-${n + 1}`);
    }
    for (let n = 0; n < (await w.all("citation")).length; n++) {
      await w.press((await w.all("citation"))[n]);
      await inspect(`citation-${n + 1}`);
    }
    return `${(await texts("note-back")).length} notes, ${(await texts("citation")).length} citations`;
  });
}
