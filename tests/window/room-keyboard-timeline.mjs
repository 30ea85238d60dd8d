// The timeline by keyboard: levels, filters, runs of messages, the strip, items followed and come back
// from, observations put aside.
import { id, must } from "./room-hand.mjs";
import { Key, until } from "./window.mjs";

const LEVELS = ["year", "month", "day", "hour", "minute"];
const ITEM = id("timeline-item");

export async function timeline(hand) {
  const { window: w } = hand;
  const level = () => hand.get(`${id("timeline-level")}[aria-pressed="true"]`, "data-level");
  const rows = async () => Number(await hand.get(`${id("timeline")} [role="listitem"]`, "aria-setsize"));
  /** Goes along the axis, from its end where no other way is named, until an item that fits has the focus. */
  const goTo = async (what, selector, [from, arrow] = [Key.END, Key.ARROW_UP]) => {
    const here = () => hand.inside(`return document.activeElement.dataset.index ?? null;`);
    await hand.keys(from);
    await until("an item with the focus", here, 10).catch(async () => {
      throw new Error(`no item has the focus, but ${await hand.focus()}`);
    });
    for (let n = 0; n < 150; n++) {
      if (await hand.inside(`return document.activeElement.closest(".item")?.matches(arguments[0]) ?? false;`, selector)) return;
      const before = await here();
      await hand.keys(arrow);
      await hand.changes("the item", here, before);
    }
    throw new Error(`no ${what} on the axis; the focus is on ${await hand.focus()}`);
  };

  await hand.check("timeline: from a year to a minute and back", async () => {
    await hand.viewer("t", ITEM);
    await hand.again("-", LEVELS.length);
    await hand.becomes("the level", level, "year");
    const many = [];
    for (const one of LEVELS) {
      await hand.becomes("the level", level, one);
      many.push(await rows());
      if (one !== "minute") await hand.keys("+");
    }
    must(many.at(-1) > many[0], `a minute has ${many.at(-1)} rows, a year ${many[0]}`);
    await hand.use(`${id("timeline-level")}[data-level="day"]`);
    await hand.becomes("the level", level, "day");
    return `rows: ${LEVELS.map((one, n) => `${one} ${many[n]}`).join(", ")}`;
  });
  await hand.check("timeline: one party alone", async () => {
    await hand.viewer("t", ITEM);
    const before = await rows();
    const chip = ".sides .chip";
    await hand.use(chip);
    await hand.becomes("the party", () => hand.get(chip, "aria-pressed"), "true");
    const name = await hand.get(chip, "title");
    const shown = await until("fewer rows", async () => (await rows()) < before && rows(), 10);
    const whose = await hand.all(`${ITEM} > .hidden-text`);
    must(whose.length && whose.every((one) => one.startsWith(name)), `not all of ${name}: ${whose.join(" | ").slice(0, 120)}`);
    await hand.keys(Key.ENTER);
    await hand.becomes("all rows", rows, before);
    return `${name}: ${shown} of ${before} rows`;
  });
  await hand.check("timeline: one kind alone", async () => {
    await hand.viewer("t", ITEM);
    const before = await rows();
    await hand.use(id("timeline-kinds"));
    await hand.appears("fieldset.menu");
    await hand.tabTo("fieldset.menu input");
    await hand.keys(Key.SPACE);
    await until("fewer rows", async () => (await rows()) < before, 10);
    const kinds = new Set(await until("items", async () => ((all) => all.length > 0 && all)(await hand.all(ITEM, "data-kind")), 10));
    must(kinds.size === 1, `shown are ${[...kinds].join(", ")}`);
    await hand.keys(Key.ESCAPE);
    await hand.gone("fieldset.menu");
    must(await hand.on(id("timeline-kinds")), `the focus went to ${await hand.focus()}`);
    await hand.keys(Key.ENTER);
    await hand.use("fieldset.menu button");
    await hand.becomes("all rows", rows, before);
    // Whoever took the choice back is still in the list, and Escape shuts that alone.
    await hand.keys(Key.ESCAPE);
    await hand.gone("fieldset.menu");
    must(await hand.on(id("timeline-kinds")), `the focus went to ${await hand.focus()}`);
    return `only ${[...kinds]}, then all again`;
  });
  await hand.check("timeline: a group and a run unfolded", async () => {
    await hand.viewer("t", ITEM);
    await hand.use(`${id("timeline-level")}[data-level="year"]`);
    await goTo("group", ":has(.open.whole)", [Key.HOME, Key.ARROW_DOWN]);
    const folded = await rows();
    await hand.keys(Key.ARROW_RIGHT);
    await hand.becomes("the group", () => hand.inside(`return document.activeElement.getAttribute("aria-expanded");`), "true");
    const unfolded = await rows();
    await hand.keys(Key.ARROW_LEFT);
    await hand.becomes("the group", () => hand.inside(`return document.activeElement.getAttribute("aria-expanded");`), "false");
    // At a minute a run of messages opens into what was said.
    await hand.use(`${id("timeline-level")}[data-level="minute"]`);
    await goTo("run of messages", `:has(${id("timeline-unfold")})`);
    await hand.keys(Key.ARROW_RIGHT);
    await hand.appears(`${id("timeline-run")} [data-message]`);
    await hand.again(Key.ARROW_DOWN, 2);
    const seq = await until("a message of the run", () => hand.inside(`return document.activeElement.dataset.message;`), 10);
    await hand.keys(Key.ENTER);
    await hand.appears(id("chat-message"));
    await until(`message ${seq} in the chat`, () => hand.count(`${id("chat-message")}.current[data-seq="${seq}"]`), 10);
    await hand.keys(Key.BACK_SPACE);
    await until("the focus back on the message", () => hand.on(`[data-message="${seq}"]`), 10).catch(async () => {
      throw new Error(`the focus came back to ${await hand.focus()}`);
    });
    await hand.keys(Key.ARROW_LEFT);
    await hand.gone(id("timeline-run"));
    return `${unfolded - folded} rows in the group; message ${seq} opened and come back from`;
  });
  await hand.check("timeline: the strip, a stretch of it", async () => {
    await hand.viewer("t", ITEM);
    const whole = await rows();
    const at = () => hand.get(id("timeline-strip"), "aria-valuenow");
    await hand.tabTo(id("timeline-strip"));
    await hand.keys(Key.END);
    const end = await hand.changes("the column", at, "0");
    await hand.again(Key.ARROW_LEFT, 3);
    await hand.becomes("the column", at, String(end - 3));
    await hand.keys(Key.HOME);
    await hand.becomes("the column", at, "0");
    for (let n = 0; n < 2; n++) await hand.chord(Key.SHIFT, Key.ARROW_RIGHT);
    await w.see("timeline-whole");
    const some = await until("fewer rows", async () => (await rows()) < whole && rows(), 10);
    await hand.keys(Key.ESCAPE);
    await hand.gone(id("timeline-whole"));
    await hand.becomes("all rows", rows, whole);
    return `${some} of ${whole} rows in a stretch of three columns`;
  });
  await hand.check("timeline: items followed and come back from", async () => {
    await hand.viewer("t", ITEM);
    await hand.use(`${id("timeline-level")}[data-level="minute"]`);
    const places = new Map();
    for (const [kind, shows] of [["scan", id("order-view")], ["photo_taken", id("photo-single")], ["chat", id("chat-message")]]) {
      await goTo(kind, `:has(${ITEM}[data-kind="${kind}"])`);
      const index = await hand.inside(`return document.activeElement.dataset.index;`);
      await hand.keys(Key.ENTER);
      await hand.appears(shows);
      await w.see("back-to-timeline");
      if (kind === "chat") await hand.chord(Key.ALT, Key.ARROW_LEFT);
      else await hand.keys(Key.BACK_SPACE);
      await until("the focus back on the item", () => hand.on(`${ITEM}[data-index="${index}"]`), 10).catch(async () => {
        throw new Error(`from ${kind} the focus came back to ${await hand.focus()}`);
      });
      places.set(kind, index);
    }
    return [...places].map(([kind, index]) => `${kind} ${index}`).join(", ");
  });
  await hand.check("timeline: an observation put aside and brought back", async () => {
    await hand.viewer("t", ITEM);
    const shown = () => hand.count(`nav.index ${id("observation")}:not(.aside)`);
    const aside = () => hand.count(`nav.index ${id("observation")}.aside`);
    const before = await shown();
    must(before > 0, "there is no observation");
    await hand.tabTo(`nav.index ${id("observation")} .put`);
    await hand.keys(Key.ENTER);
    await hand.becomes("observations aside", aside, 1);
    await hand.becomes("observations left", shown, before - 1);
    // Whoever put one aside goes on from there.
    must(await hand.inside(`return document.activeElement !== document.body;`), "the focus is nowhere after it");
    await hand.use("nav.index details summary");
    await hand.use(`nav.index ${id("observation")}.aside .put`);
    await hand.becomes("observations", shown, before);
    await hand.use(`nav.index ${id("observation")} .link`);
    await hand.gone(ITEM);
    return `${before} observations; one aside, back, and its source opened`;
  });
}
