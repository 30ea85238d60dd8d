// The chat by keyboard: another log, a day, a search and its hits, a quoted message and back, pictures,
// and messages selected, copied and cited.
import { id, must } from "./room-hand.mjs";
import { AT, QUOTED } from "./whole-docket.mjs";
import { Key, until } from "./window.mjs";

const MESSAGE = id("chat-message");
const CURRENT = `${MESSAGE}.current`;
const LIST = id("chat-list");
const OPINION = id("opinion");

export async function chat(hand) {
  const { window: w } = hand;
  const seq = () => hand.get(CURRENT, "data-seq");
  const day = () => hand.get(`${CURRENT} .item time`, "datetime").then((at) => at?.slice(0, 10) ?? null);

  await hand.check("chat: another log, a day of it from the calendar", async () => {
    await hand.viewer("c", MESSAGE);
    const choice = "select:has(option:nth-child(2)):not([data-testid])";
    await hand.tabTo(choice);
    if ((await hand.get(choice, "value")) !== AT.months) await hand.keys(Key.ARROW_DOWN);
    await hand.becomes("the log", () => hand.get(choice, "value"), AT.months);
    await until("the months", () => hand.inside(`return document.querySelector(arguments[0])?.tagName === "BUTTON";`, id("chat-days")), 20);
    // Whoever came from an item of the axis stands at its message.
    await hand.tabTo(LIST);
    await hand.keys(Key.HOME);
    await hand.becomes("the first message", seq, "1");
    await hand.use(id("chat-days"));
    await hand.appears(".calendar [data-day]");
    const from = await until("a day with the focus", () => hand.inside(`return document.activeElement.dataset.day;`), 10);
    await hand.keys(Key.ARROW_RIGHT);
    await hand.keys(Key.PAGE_DOWN);
    await hand.keys(Key.ARROW_DOWN);
    const to = await until("a day of a later month", () => hand.inside(`const day = document.activeElement.dataset.day; return day?.slice(0, 7) > arguments[0] ? day : null;`, from.slice(0, 7)), 10);
    await hand.keys(Key.ENTER);
    await hand.gone(".calendar");
    await hand.becomes("the day of the message", day, to);
    must(await hand.on(id("chat-days")), `the focus went to ${await hand.focus()}`);
    // Escape shuts it and goes nowhere.
    const here = await seq();
    await hand.keys(Key.ENTER);
    await hand.appears(".calendar");
    await hand.keys(Key.ESCAPE);
    await hand.gone(".calendar");
    await hand.becomes("the message", seq, here);
    return `from ${from} to ${to}`;
  });
  await hand.check("chat: to the quoted message and back", async () => {
    await hand.viewer("c", MESSAGE);
    await hand.tabTo(LIST);
    await hand.keys(Key.END);
    await hand.appears(`${CURRENT} [data-quote]`);
    const last = await seq();
    await hand.keys(Key.ENTER);
    await hand.becomes("the quoted message", seq, String(QUOTED));
    await until("the focus on it", () => hand.on(CURRENT), 10);
    await w.see("chat-back");
    await hand.keys(Key.BACK_SPACE);
    await hand.becomes("the quoting message", seq, last);
    await until("the focus on it", () => hand.on(CURRENT), 10);
    // By the quote itself, and by the way back beside it.
    await hand.use(`${CURRENT} [data-quote]`);
    await hand.becomes("the quoted message", seq, String(QUOTED));
    await hand.use(id("chat-back"));
    await hand.becomes("the quoting message", seq, last);
    // The one before quotes what is not there, and says so.
    await hand.keys(Key.ARROW_UP);
    await hand.appears(`${CURRENT} p.quote`);
    return `${last} to ${QUOTED} and back, twice`;
  });
  await hand.check("chat: a search, its hits one by one and listed", async () => {
    await hand.viewer("c", MESSAGE);
    await hand.keys("c", "/");
    await until("the search field", () => hand.on(id("chat-search")));
    await hand.keys("洗");
    const said = () => hand.get(id("chat-hits"));
    const first = await until("hits", async () => /\d/.test(await said()) && said());
    const hit = () => hand.get(`${MESSAGE} mark.now`);
    await until("the hit", hit, 10);
    await hand.keys(Key.F3);
    const second = await hand.changes("the hit", said, first);
    await hand.chord(Key.SHIFT, Key.F3);
    await hand.becomes("the hit", said, first);
    await hand.use(id("chat-list-hits"));
    await hand.appears(`${id("chat-hit-list")} mark`);
    // The keys of the hits are heard outside of the field too.
    await hand.keys(Key.F3);
    await hand.becomes("the hit", said, second);
    await hand.tabTo(`${id("chat-hit-list")} button`);
    await hand.keys(Key.ARROW_DOWN);
    const third = await hand.changes("the hit", said, second);
    await until("the focus on the hit", () => hand.on(`${id("chat-hit-list")} [aria-current]`), 10);
    await hand.keys(Key.ENTER);
    await hand.becomes("the hit", said, third);
    await hand.appears(`${MESSAGE} mark.now`);
    await hand.keys(Key.ESCAPE);
    await hand.gone(id("chat-hits"));
    return [first, second, third].map((one) => one.replaceAll("\n", " ")).join(", ");
  });
  await hand.check("chat: a picture large, the next one, and back", async () => {
    await hand.viewer("c", MESSAGE);
    await hand.tabTo(LIST);
    await hand.keys(Key.HOME);
    for (let n = 0; n < 80 && !(await hand.count(`${CURRENT} [data-picture]`)); n++) await hand.keys(Key.ARROW_DOWN);
    const from = await seq();
    await hand.keys(Key.ENTER);
    await hand.appears(id("lightbox"));
    const title = () => hand.get("dialog h2");
    const one = await title();
    await hand.keys(".");
    const two = await hand.changes("the picture", title, one);
    await hand.keys("+", "e", ",");
    await hand.becomes("the picture", title, one);
    await hand.keys(Key.ESCAPE);
    await hand.gone(id("lightbox"));
    await hand.becomes("the message", seq, from);
    must(await hand.on(`${CURRENT}, ${CURRENT} *`), `the focus went to ${await hand.focus()}`);
    return `${one}, ${two}`;
  });
  await hand.check("chat: selected messages copied with their stamps", async () => {
    await hand.viewer("c", MESSAGE);
    await hand.tabTo(LIST);
    await hand.keys(Key.HOME);
    await hand.keys("x");
    for (let n = 0; n < 2; n++) await hand.chord(Key.SHIFT, Key.ARROW_DOWN);
    const chosen = `${MESSAGE}[data-selected]`;
    await hand.becomes("selected messages", () => hand.count(chosen), 3);
    const wanted = await hand.inside(
      `return [...document.querySelectorAll(arguments[0])].map((e) => ({
         stamp: e.querySelector(".item time").title, text: e.querySelector(".evidence-text:not(.who *)").innerText.trim() }));`,
      chosen,
    );
    await hand.chord(Key.CONTROL, "c");
    await paste(hand, wanted);
    await hand.use(id("chat-copy"));
    await paste(hand, wanted);
    await hand.tabTo(LIST);
    await hand.keys(Key.ESCAPE);
    await hand.gone(id("chat-selection"));
    return `${wanted.length} lines, as ${wanted[0].stamp}`;
  });
  await hand.check("chat: selected messages cited and noted", async () => {
    await hand.viewer("c", MESSAGE);
    await hand.tabTo(LIST);
    await hand.keys(Key.HOME);
    await hand.keys(Key.SPACE);
    await hand.keys(Key.ARROW_DOWN, Key.ARROW_DOWN, Key.SPACE);
    await hand.keys("q");
    await hand.becomes("citations", () => hand.count(id("citation")), 2);
    await hand.keys("n");
    await until("the note's field", () => hand.on(id("note-field")), 10);
    await hand.keys("从这里开始", Key.ENTER);
    await hand.appears(id("note"));
    await hand.keys(Key.ESCAPE);
    await hand.gone(id("chat-selection"));
    // Back at one citation each: what was cited leads to its message.
    await hand.tabTo(id("citation"));
    const cited = await hand.inside(`return document.activeElement.innerText;`);
    await hand.keys(Key.ENTER);
    await hand.becomes("the message", seq, /#(\d+)/.exec(cited)[1]);
    await clearOpinion(hand);
    return cited;
  });
  await hand.check("chat: a day of a few, by the list", async () => {
    await hand.viewer("c", MESSAGE);
    const choice = "select:has(option:nth-child(2)):not([data-testid])";
    await hand.tabTo(choice);
    await hand.keys(Key.ARROW_UP);
    await hand.becomes("the log", () => hand.get(choice, "value"), AT.chat);
    const days = `select${id("chat-days")}`;
    await hand.appears(days);
    await hand.tabTo(days);
    await hand.keys(Key.ARROW_DOWN, Key.ARROW_DOWN);
    const wanted = await hand.get(days, "value");
    await hand.becomes("the day of the message", day, wanted);
    return wanted;
  });
}

/** Pastes into the opinion, which is empty, and compares what came with the messages. */
async function paste(hand, wanted) {
  await hand.tabTo(OPINION);
  await hand.chord(Key.CONTROL, "v");
  const text = await until("what was copied", () => hand.get(OPINION, "value"), 10);
  const lines = text.split("\n");
  must(lines.length === wanted.length, `${lines.length} lines came for ${wanted.length} messages`);
  for (const [n, { stamp, text: said }] of wanted.entries()) {
    must(stamp && lines[n].includes(stamp), `line ${n + 1} lacks its stamp ${stamp}: ${lines[n]}`);
    must(said && lines[n].includes(said), `line ${n + 1} lacks its words ${said}: ${lines[n]}`);
  }
  await clearOpinion(hand);
}

/** Empties the opinion, as a reader would. */
export async function clearOpinion(hand) {
  await hand.tabTo(OPINION);
  await hand.chord(Key.CONTROL, "a");
  await hand.keys(Key.BACK_SPACE);
  await hand.becomes("the opinion", () => hand.get(OPINION, "value"), "");
  // Out of the field, so that a letter is a key again.
  await hand.chord(Key.SHIFT, Key.TAB);
}
