// The worksheet and the panes by keyboard: notes gone back from, changed, deleted and restored, what was
// cited, the widths of the panes, the summary, the key list, leaving the case.
import { id, must } from "./room-hand.mjs";
import { Key, until } from "./window.mjs";

const NOTE = id("note");

export async function sheet(hand) {
  await hand.check("notes: each leads back to its place", async () => {
    const places = [];
    const many = await hand.count(id("note-back"));
    must(many >= 4, `there are ${many} notes to go back from`);
    for (let n = 0; n < many; n++) {
      await hand.inside(`document.querySelectorAll(arguments[0]).forEach((e, n) => (e.dataset.at = n));`, id("note-back"));
      await hand.tabTo(`${id("note-back")}[data-at="${n}"]`);
      // Elsewhere first, so that what is looked at afterwards is what the note leads to.
      await hand.keys("t");
      await hand.appears(id("timeline-item"));
      const place = await hand.inside(`return document.activeElement.innerText;`);
      await hand.keys(Key.ENTER);
      const there = await until(`what ${place} stands on`, () => lookedAt(hand), 10);
      places.push(`${place}: ${there}`);
    }
    must(new Set(places.map((one) => one.split(": ")[1])).size >= 3, `they lead to too few places: ${places.join("; ")}`);
    return places.join("; ");
  });
  await hand.check("notes: changed, deleted, brought back", async () => {
    const many = await hand.count(NOTE);
    const text = () => hand.get(`${NOTE} .evidence-text.small`);
    const before = await text();
    await hand.use(`${NOTE} ${id("note-edit")}`);
    await until("its field", () => hand.on(id("note-edit-field")), 10);
    await hand.keys("，改过");
    await hand.keys(Key.ESCAPE);
    await hand.becomes("the note", text, `${before}，改过`);
    must(await hand.on(id("note-edit")), `the focus went to ${await hand.focus()}`);
    await hand.use(`${NOTE} ${id("note-delete")}`);
    await hand.becomes("notes", () => hand.count(NOTE), many - 1);
    await hand.use(`${id("note-dropped")} .button`);
    await hand.becomes("notes", () => hand.count(NOTE), many);
    // A note that stands nowhere is written into its field alone.
    await hand.tabTo(id("note-field"));
    await hand.keys("随手一条", Key.ENTER);
    await hand.becomes("notes", () => hand.count(NOTE), many + 1);
    return `${before}，改过`;
  });
  await hand.check("panes: wider, narrower, shut and open", async () => {
    const widths = [];
    for (const [pane, wider, narrower] of [["nav.index", Key.ARROW_RIGHT, Key.ARROW_LEFT], ["aside.sheet", Key.ARROW_LEFT, Key.ARROW_RIGHT]]) {
      const edge = `${pane} [role="separator"]`;
      const width = () => hand.inside(`return Math.round(document.querySelector(arguments[0]).getBoundingClientRect().width);`, pane);
      await hand.tabTo(edge);
      const was = await width();
      await hand.keys(wider);
      await hand.becomes(`${pane} wider`, width, was + 16);
      await hand.again(narrower, 2);
      await hand.becomes(`${pane} narrower`, width, was - 16);
      await hand.keys(Key.HOME);
      await hand.becomes(`${pane} at its least`, width, Number(await hand.get(edge, "aria-valuemin")));
      await hand.keys(Key.END);
      await hand.becomes(`${pane} at its most`, width, Number(await hand.get(edge, "aria-valuemax")));
      await hand.keys(Key.HOME);
      widths.push(`${pane} ${was} px`);
    }
    for (const [key, pane] of [["[", "nav.index"], ["]", "aside.sheet"]]) {
      await hand.keys(key);
      await hand.gone(pane);
      await hand.keys(key);
      await hand.appears(pane);
    }
    return widths.join(", ");
  });
  await hand.check("room: the summary, the key list, leaving asked and not done", async () => {
    await hand.use("details.about summary");
    await hand.becomes("the summary", () => hand.inside(`return document.querySelector("details.about").open;`), true);
    await hand.keys(Key.ENTER);
    await hand.keys("?");
    await hand.appears(id("key-list"));
    const keys = await hand.count(`${id("key-list")} dt`);
    await hand.keys(Key.ESCAPE);
    await hand.gone(id("key-list"));
    await hand.tabTo(id("leave-case"));
    await hand.keys(Key.ENTER);
    await hand.appears("[role=menuitem]");
    await hand.keys(Key.ARROW_DOWN, Key.ENTER);
    await hand.appears("dialog[open]");
    await hand.keys(Key.ESCAPE);
    await hand.gone("dialog[open]");
    must(await hand.on(id("leave-case")), `the focus went to ${await hand.focus()}`);
    return `${keys} keys listed`;
  });
}

/** Where the room is: the message, picture, page or line that was gone to. */
function lookedAt(hand) {
  return hand.inside(`
    const message = document.querySelector('[data-testid="chat-message"].current');
    if (message) return "message " + message.dataset.seq;
    const pointed = document.querySelector("[data-pointed]");
    if (pointed) return pointed.dataset.line;
    const mark = document.querySelector('[data-testid="photo-mark"]');
    if (mark) return "region " + (document.querySelector('[data-testid="pages"]')?.dataset.page ?? document.querySelector("[aria-current][data-key]")?.dataset.key);
    return null;`);
}
