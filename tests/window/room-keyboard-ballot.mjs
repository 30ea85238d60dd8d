// Into the case and out of it by keyboard: evidence and findings first, the issues and the ballot last;
// then the program is killed, and everything that was written must still be there.
import { id, must } from "./room-hand.mjs";
import { Key, until } from "./window.mjs";

export async function openCase(hand) {
  await hand.check("open the case", async () => {
    await hand.inside(`document.activeElement.blur();`);
    await hand.keys("j", "k");
    await hand.keys(Key.ENTER);
    await hand.window.see("chat-message");
    return hand.focus();
  });
  await hand.check("the viewers", async () => {
    for (const [key, shows] of [["o", "order-view"], ["r", "paragraph"], ["t", "timeline-item"], ["p", "photo-tile"], ["c", "chat-message"]]) {
      await hand.keys(key);
      await hand.window.see(shows);
    }
    return "timeline, chat, photos, order and rules by T C P O R";
  });
  await hand.check("evidence, findings, a citation of the whole", async () => {
    const at = () => hand.get(`${id("evidence")}[aria-current]`, "data-evidence");
    const finding = (evidence) => hand.get(`.index li:has([data-evidence="${evidence}"]) .status`);
    const before = await at();
    await hand.keys("j");
    const next = await hand.changes("the evidence", at, before);
    const words = new Set();
    for (const key of ["1", "2", "0"]) {
      const was = await finding(next);
      await hand.keys(key);
      words.add(await hand.changes("the finding", () => finding(next), was));
    }
    must(words.size === 3, `three keys said ${[...words].join(", ")}`);
    await hand.keys("k");
    await hand.becomes("the evidence", at, before);
    await hand.use(`${id("evidence")}[data-evidence="${next}"]`);
    await hand.becomes("the evidence", at, next);
    await hand.keys("q");
    await hand.appears(id("citation"));
    await hand.tabTo(id("opinion"));
    await hand.chord(Key.CONTROL, "a");
    await hand.keys(Key.BACK_SPACE);
    await hand.gone(id("citation"));
    await hand.keys(Key.ESCAPE);
    return `from ${before} to ${next} and back; ${[...words].join(", ")}`;
  });
}

export async function ballot(hand) {
  const { me, row } = hand;
  await hand.check("issues against evidence", async () => {
    const cell = () => hand.inside(`return document.activeElement.dataset.finding ?? null;`);
    await hand.keys("m");
    await until("a cell", () => hand.on("[data-cell]"), 10);
    if ((await cell()) === null) await hand.keys(Key.ARROW_RIGHT);
    const set = [];
    for (const key of ["1", "2", "0"]) {
      await hand.keys(key);
      set.push(await until(`a finding by ${key}`, cell, 10));
      await hand.keys(Key.ARROW_DOWN);
    }
    must(new Set(set).size === 3 && set[2] === "neutral", `1, 2 and 0 set ${set.join(", ")}`);
    await hand.keys("1");
    await hand.keys(Key.BACK_SPACE);
    await hand.becomes("a cell that was cleared", cell, "");
    await hand.keys(Key.ENTER);
    await hand.becomes("the first finding", cell, set[0]);
    await hand.keys(Key.ARROW_RIGHT, Key.HOME, Key.ENTER);
    await until("the row's evidence", () => hand.inside(`return document.querySelector(".matrix tr.current [data-cell]") === document.activeElement;`), 10);
    return (await hand.get(id("summary"))).replaceAll("\n", " ").slice(0, 90);
  });
  await hand.check("the ballot", async () => {
    await hand.keys("v");
    await until("the options", () => hand.on(id("option")));
    const chosen = () => hand.get(`${id("option")}[aria-checked="true"]`, "data-option");
    // Arrows only look; a vote is an act.
    await hand.keys(Key.ARROW_DOWN);
    must((await chosen()) === null, "an arrow chose an option");
    await hand.keys(Key.SPACE);
    const choice = await until("a choice", chosen, 10);
    await hand.use(id("reason"), Key.SPACE);
    must(await hand.inside(`return document.activeElement.checked;`), "the reason is not chosen");
    await hand.tabTo(id("opinion"));
    await hand.keys("按标示的重量算，差一点到线。");
    const sure = ".sure button:nth-child(4)";
    await hand.use(sure);
    await hand.becomes("the confidence", () => hand.get(sure, "aria-pressed"), "true");
    await hand.use(`${id("not-opened")} .link`);
    return choice;
  });
  await hand.checks.check("by keyboard: everything is still there after a kill", async () => {
    const before = await written(hand);
    await until("the draft to be saved", async () => (await hand.get(id("saving"), "data-saving")) === "saved");
    // This one alone: others may be open on other desktops.
    const { pid } = me.window;
    me.window.signal("SIGKILL");
    await me.window.bury(pid);
    await me.open();
    await me.window.see("docket-row", {}, 60);
    await me.enter(row);
    await me.window.see("opinion");
    let after = {};
    const lost = () => Object.keys(before).filter((field) => before[field] !== after[field]);
    await until("all of it", async () => ((after = await written(hand)), lost().length === 0), 15).catch(() => {
      throw new Error(lost().map((field) => `${field}: ${before[field]} became ${after[field]}`).join("; "));
    });
    return JSON.stringify(after).slice(0, 140);
  });
  await hand.check("seal and undo", async () => {
    await hand.inside(`document.activeElement.blur();`);
    await hand.chord(Key.CONTROL, Key.ENTER);
    await hand.window.see("undo");
    await hand.chord(Key.CONTROL, "z");
    await hand.gone(id("undo"));
    await hand.use(id("seal"));
    await hand.window.see("undo");
    await hand.use(id("undo"));
    await hand.gone(id("undo"));
    return "sealed and taken back by Ctrl+Enter and Ctrl+Z, and by their buttons";
  });
  await hand.check("back to the docket", async () => {
    await hand.inside(`document.activeElement.blur();`);
    await hand.keys(Key.ESCAPE);
    await hand.window.see("docket-row");
    return hand.focus();
  });
}

/** What the reviewer wrote, as the room shows it. */
function written(hand) {
  return hand.inside(`
    const texts = (id) => [...document.querySelectorAll('[data-testid="' + id + '"]')].map((e) => e.innerText.replace(/\\s+/g, " ").trim()).join(" | ");
    const opinion = document.querySelector('[data-testid="opinion"]');
    return {
      opinion: opinion ? (opinion.value ?? opinion.innerText).replace(/\\s+/g, " ").trim() : "",
      choice: document.querySelector('[data-testid="option"][aria-checked="true"]')?.dataset.option ?? "",
      notes: texts("note"),
      matrix: texts("summary"),
    };`);
}
