// Orders, documents and rules by keyboard: lines and paragraphs noted and cited, the contents of a rule,
// the old one beside it, a credit snapshot, the pages of a PDF.
import { id, must } from "./room-hand.mjs";
import { clearOpinion } from "./room-keyboard-chat.mjs";
import { AT } from "./whole-docket.mjs";
import { Key, until } from "./window.mjs";

const ORDER = id("order-view");
const RULE = `${id("paragraph")}, ${id("rule-pair")}`;

/** Writes a note where the keys are and comes back; answers with how many notes there are. */
export async function note(hand, text) {
  const before = await hand.count(id("note"));
  await hand.keys("n");
  await until("the note's field", () => hand.on(id("note-field")), 10);
  await hand.keys(text, Key.ENTER);
  await hand.becomes("notes", () => hand.count(id("note")), before + 1);
  return before + 1;
}

export async function papers(hand) {
  const { window: w } = hand;
  const line = () => hand.inside(`return document.activeElement.dataset.line ?? null;`);
  const section = (evidence) => `[data-section="${evidence}"]`;

  await hand.check("papers: lines of an order noted and cited", async () => {
    await hand.viewer("o", ORDER);
    const items = `${section(AT.order)} [data-line]`;
    await hand.tabTo(items);
    const first = await line();
    await hand.keys(Key.ARROW_DOWN);
    const second = await hand.changes("the line", line, first);
    await note(hand, "这一行");
    must((await line()) === second, `after the note the focus is on ${await hand.focus()}`);
    await hand.keys("q");
    await hand.becomes("citations", () => hand.count(id("citation")), 1);
    // The same by the buttons that stand in the line.
    await hand.keys(Key.TAB);
    must(await hand.on(id("line-note")), `Tab went to ${await hand.focus()}`);
    await hand.keys(Key.ENTER);
    await until("the note's field", () => hand.on(id("note-field")), 10);
    await hand.keys(Key.ESCAPE);
    must(await hand.on(id("line-note")), `the focus went to ${await hand.focus()}`);
    const opinion = () => hand.get(id("opinion"), "value");
    const once = await opinion();
    await hand.keys(Key.TAB);
    must(await hand.on(id("line-cite")), `Tab went to ${await hand.focus()}`);
    await hand.keys(Key.ENTER);
    await hand.becomes("the opinion", opinion, once + once);
    await hand.tabTo(id("citation"));
    await hand.keys(Key.ENTER);
    await until("the line that is cited", async () => (await line()) === second, 10);
    await clearOpinion(hand);
    return `${first}, then ${second}: a note, two citations, and back from one`;
  });
  await hand.check("papers: a credit snapshot opened and shut", async () => {
    await hand.viewer("o", ORDER);
    const opener = `${section(AT.credit)} .credit button`;
    must((await hand.count(`${section(AT.credit)} table`)) === 0, "it stands open from the first");
    await hand.use(opener);
    await hand.appears(`${section(AT.credit)} table`);
    await hand.keys(Key.ENTER);
    await hand.gone(`${section(AT.credit)} table`);
    return hand.get(`${section(AT.credit)} .credit`).then((text) => text.replaceAll("\n", " "));
  });
  await hand.check("papers: the pages of a PDF, a region of one noted", async () => {
    await hand.viewer("o", ORDER);
    const pages = `${section(AT.paper)} ${id("pages")}`;
    await hand.appears(pages);
    await hand.tabTo(`${pages} ${id("page-number")}`);
    const page = () => hand.get(pages, "data-page");
    await hand.keys(Key.ARROW_UP);
    await hand.becomes("the page", page, "1");
    const paper = `${pages} ${id("photo-single")}`;
    await hand.tabTo(paper);
    await hand.keys(",");
    await hand.becomes("the page", page, "0");
    await hand.appears(`${pages} ${id("picture")}[data-stage="shown"]`);
    const lies = () => hand.get(`${pages} .plane.steady`, "style");
    for (const key of ["+", Key.ARROW_DOWN, "f"]) {
      const was = await lies();
      await hand.keys(key);
      await hand.changes(`the page after ${key}`, lies, was);
    }
    await hand.keys("n");
    await hand.appears(id("region-drawn"));
    const region = () => hand.get(id("region-drawn"), "style");
    const drawn = await region();
    await hand.keys(Key.ARROW_DOWN);
    const moved = await hand.changes("the region", region, drawn);
    await hand.chord(Key.SHIFT, Key.ARROW_RIGHT);
    await hand.changes("the region", region, moved);
    await hand.keys(Key.ENTER);
    await until("the note's field", () => hand.on(id("note-field")), 10);
    await hand.keys("第一页这里", Key.ENTER);
    await hand.appears(`${pages} ${id("photo-mark")}`);
    await hand.tabTo(paper);
    await hand.keys(".");
    await hand.becomes("the page", page, "1");
    await hand.gone(`${pages} ${id("photo-mark")}`);
    return "two pages by number and by key, moved, a region noted on the first";
  });

  await hand.check("papers: a rule by its contents, a paragraph noted", async () => {
    await hand.viewer("r", RULE);
    await hand.use(".toc li:nth-child(3) button");
    const there = await until("a paragraph with the focus", line, 10);
    must((await hand.inside(`return document.activeElement.closest("[data-whole]") !== null;`)) && /^paragraph:/.test(there), `it led to ${there}`);
    await note(hand, "这一条");
    must((await line()) === there, `after the note the focus is on ${await hand.focus()}`);
    await hand.keys("q");
    await hand.appears(id("citation"));
    await hand.keys(Key.ARROW_UP);
    await hand.changes("the paragraph", line, there);
    await clearOpinion(hand);
    return there;
  });
  await hand.check("papers: the old rule beside the new one, changes alone", async () => {
    await hand.viewer("r", RULE);
    await hand.use(`.bar .button[aria-pressed="false"]`);
    await hand.appears(id("rule-compare"));
    const pairs = () => hand.count(`[data-whole] ${id("rule-pair")}`);
    const all = await pairs();
    await hand.tabTo(id("only-changes"));
    await hand.keys(Key.SPACE);
    const some = await until("fewer paragraphs", async () => (await pairs()) < all && pairs(), 10);
    must((await hand.count(`${id("rule-pair")}[data-kind="same"]`)) === 0, "what did not change is still there");
    // A paragraph that did not change is gone to all the same, and then all are there again.
    const left = await hand.all(`[data-whole] ${id("rule-pair")}`, "data-line");
    const toc = await hand.count(".toc li");
    const same = Array.from({ length: toc }, (_, n) => n + 1).find((n) => !left.includes(`paragraph:${n}`));
    await hand.tabTo(`.toc li:nth-child(${same}) button`);
    await hand.keys(Key.ENTER);
    await hand.becomes("the paragraph", line, `paragraph:${same}`);
    await hand.becomes("paragraphs", pairs, all);
    await hand.tabTo(`[data-whole] ${id("rule-pair")}`);
    const first = await line();
    await hand.keys(Key.ARROW_DOWN);
    await hand.changes("the paragraph", line, first);
    await hand.tabTo(id("compare-rules"));
    await hand.tabTo(".segments button:first-child");
    await hand.keys(Key.ENTER);
    await hand.gone(id("rule-compare"));
    await hand.use(id("compare-rules"));
    await hand.appears(id("rule-compare"));
    await w.see("rule-tally");
    return `${some} of ${all} paragraphs changed; ${await hand.get(id("rule-tally"))}`;
  });
}
