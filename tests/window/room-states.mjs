// The states of the case room that a screen alone does not show, each brought about and ended again.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AT } from "./whole-docket.mjs";
import { Key, until } from "./window.mjs";

/** In the order in which one leads to the next. */
export function states(me) {
  const w = me.window;
  const nothing = async () => {};
  const there = (selector) => until(selector, () => w.run(`return document.querySelector(arguments[0]) !== null;`, selector));
  const press = async (selector) => w.press(await until(selector, async () => (await w.session.findElements({ css: selector }))[0]));
  const escape = () => w.type(Key.ESCAPE);
  const tab = async (name, shows) => {
    await w.click(`tab-${name}`);
    await there(shows);
  };
  const evidence = (id) => w.click("evidence", { evidence: id });
  /** The worksheet and the index lie over the viewer where there is little room. */
  const drawer = async (name, inside) => {
    if (!(await w.find(inside))) await w.click(`toggle-${name}`);
    await w.see(inside);
  };
  const shut = async () => {
    if (await w.run(`return document.querySelector(".drawer") !== null;`)) await escape();
  };
  const picture = async (id, index = 0) => {
    await w.click("tab-photos");
    if (await w.find("compare-end")) await w.click("compare-end");
    if (await w.find("photo-grid")) await w.click("photo-grid");
    await w.click("photo-tile", { key: `${id}/${index}` });
    await w.see("photo-single");
  };
  const shown = () => until("the picture", () => w.run(`return document.querySelector('[data-testid="picture"]')?.dataset.stage === "shown";`));
  const facts = async (open) => {
    if (Boolean(await w.find("photo-facts")) !== open) await w.click("photo-info");
  };
  const chat = async (id) => {
    await evidence(id);
    await there('[data-testid="chat-message"]');
  };
  const compare = (how) => ({
    name: `compare ${how}`,
    show: async () => {
      if (!(await w.find("photo-compare"))) {
        await picture(AT.marks[0]);
        await facts(false);
        await w.click("compare-begin");
      }
      await w.click(`compare-${how}`);
      await there(`[data-testid="photo-compare"][data-how="${how}"]`);
    },
    end: nothing,
  });

  return [
    {
      name: "timeline run",
      show: async () => {
        await tab("timeline", '[data-testid="timeline-level"]');
        await w.click("timeline-level", { level: "minute" });
        await (await w.see("timeline")).sendKeys(Key.END);
        const runs = () => w.run(`return document.querySelector('[data-testid="timeline-unfold"]') !== null;`);
        for (let n = 0; n < 60 && !(await runs()); n++) await w.type(Key.PAGE_UP);
        await press('[data-testid="timeline-unfold"]');
        await there('[data-testid="timeline-run"] [data-message]');
      },
      end: nothing,
    },
    {
      name: "timeline kinds and a stretch",
      show: async () => {
        await (await w.see("timeline-strip")).sendKeys(Key.HOME);
        await w.chord(Key.SHIFT, Key.ARROW_RIGHT);
        await w.see("timeline-whole");
        await w.click("timeline-kinds");
        await there("fieldset.menu");
      },
      end: async () => {
        await escape();
        await w.click("timeline-whole");
      },
    },
    {
      name: "observations aside",
      show: async () => {
        if (!(await w.run(`return document.querySelector(".observation .put") !== null;`))) await drawer("index", "observation");
        await press(".observation:not(.aside) .put");
        await press("nav.index details:not([open]) summary").catch(() => {});
        await there(".observation.aside");
      },
      end: async () => {
        await press("nav.index .observation.aside .put");
        await shut();
      },
    },
    {
      name: "chat calendar",
      show: async () => {
        await chat(AT.months);
        await w.click("chat-days");
        await there(".calendar [data-day]");
      },
      end: escape,
    },
    {
      name: "chat quote followed",
      show: async () => {
        await (await w.see("chat-list")).sendKeys(Key.END);
        await there('[data-testid="chat-message"].current [data-quote]');
        await w.type(Key.ENTER);
        await w.see("chat-back");
      },
      end: () => w.click("chat-back"),
    },
    {
      name: "chat hits",
      show: async () => {
        await w.fill("chat-search", "洗");
        await w.click("chat-list-hits");
        await there('[data-testid="chat-hit-list"] mark');
      },
      end: async () => {
        await w.press(await w.see("chat-search"));
        await escape();
      },
    },
    {
      name: "chat selection",
      show: async () => {
        await (await w.see("chat-list")).sendKeys(Key.HOME);
        await w.type("x");
        await w.chord(Key.SHIFT, Key.ARROW_DOWN);
        await w.see("chat-selection");
      },
      end: escape,
    },
    {
      name: "chat picture large",
      show: async () => {
        await chat(AT.chat);
        await (await w.see("chat-list")).sendKeys(Key.HOME);
        for (let n = 0; n < 80 && !(await w.run(`return document.querySelector('[data-testid="chat-message"].current [data-picture]') !== null;`)); n++) await w.type(Key.ARROW_DOWN);
        await w.type(Key.ENTER);
        await w.see("lightbox");
      },
      end: escape,
    },
    {
      name: "photos by group",
      show: async () => {
        await w.click("tab-photos");
        if (await w.find("photo-grid")) await w.click("photo-grid");
        await w.click("by-group");
        await there('[data-group="before"]');
      },
      end: nothing,
    },
    {
      name: "photo covered",
      show: async () => {
        await picture("b-2");
        await facts(false);
        await w.see("reveal");
      },
      end: nothing,
    },
    {
      name: "photo facts",
      show: async () => {
        await picture("s-2");
        await facts(true);
        await there('[data-testid="photo-facts"] .export');
      },
      end: () => facts(false),
    },
    {
      name: "photo region",
      show: async () => {
        await shown();
        await w.click("mark-begin");
        await w.see("region-drawn");
      },
      end: escape,
    },
    {
      name: "photo torn",
      show: async () => {
        await picture(AT.torn);
        await there('[data-testid="picture-said"] .care, .note');
      },
      end: nothing,
    },
    compare("side"),
    compare("swipe"),
    { ...compare("overlay"), end: () => w.click("compare-end") },
    {
      name: "order credit open",
      show: async () => {
        await evidence(AT.credit);
        await press(".credit button[aria-expanded=false]");
        await there(`[data-section="${AT.credit}"] table`);
      },
      end: nothing,
    },
    {
      name: "order pdf",
      show: async () => {
        await evidence(AT.paper);
        await there('[data-testid="pages"] [data-testid="picture"][data-stage="shown"]');
      },
      end: nothing,
    },
    {
      name: "rules changes alone",
      show: async () => {
        await evidence(AT.draft);
        await w.click("only-changes");
        await there('[data-testid="rule-compare"]');
      },
      end: nothing,
    },
    {
      name: "worksheet note and its place",
      show: async () => {
        await press('[data-whole] [data-testid="rule-pair"] [data-testid="line-note"]');
        await w.see("note-field");
        await until("the note's field", () => w.run(`return document.activeElement?.dataset.testid === "note-field";`));
        await w.type("一条笔记", Key.ENTER);
        await drawer("sheet", "note");
        await w.click("note-edit");
        await w.see("note-edit-field");
      },
      end: async () => {
        await w.type(Key.ENTER);
        await w.click("note-delete");
      },
    },
    {
      name: "worksheet citation that leads nowhere",
      show: async () => {
        await drawer("sheet", "opinion");
        await w.fill("opinion", "见 [[p-2#999]]。");
        await w.see("citations-broken");
      },
      end: async () => {
        await w.fill("opinion", Key.BACK_SPACE);
      },
    },
    {
      name: "worksheet cannot decide",
      show: async () => {
        await drawer("sheet", "option");
        await w.click("option", { kind: "cannot_decide" });
        await w.see("cannot-decide-cost");
      },
      end: nothing,
    },
    {
      name: "sealed, to be undone",
      show: async () => {
        await drawer("sheet", "option");
        await w.click("option", { kind: "side" });
        await w.click("seal");
        await w.see("undo");
      },
      end: async () => {
        await w.click("undo");
        await until("the ballot to be open again", async () => !(await w.find("undo")));
        await shut();
      },
    },
    {
      name: "index whole",
      show: async () => {
        if (!(await w.run(`return document.querySelector(".panes.narrow") !== null;`))) return;
        await w.click("toggle-index");
        await there("nav.drawer");
      },
      end: shut,
    },
    {
      name: "keys",
      show: async () => {
        await w.run(`document.activeElement.blur();`);
        await w.type("?");
        await w.see("key-list");
      },
      end: escape,
    },
    {
      name: "leaving asked",
      show: async () => {
        await w.click("leave-case");
        await press("[role=menuitem]");
        await there("dialog[open]");
      },
      end: escape,
    },
  ];
}

/** Spoils the packs on this machine, from the middle on. */
export async function damage(me) {
  const folder = join(me.data, "packs");
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const bytes = await readFile(file);
    for (let at = bytes.length >> 1; at < bytes.length; at += 32_768) bytes[at] ^= 0xff;
    await writeFile(file, bytes);
  }
}

/** How the room looks with them. */
export function damaged(me) {
  const w = me.window;
  return [
    {
      name: "damaged photos",
      show: async () => {
        await w.click("tab-photos");
        await until("the banner", () => w.run(`return document.querySelector('[data-banner="damaged"]') !== null;`));
        await w.see("no-picture");
      },
    },
    {
      name: "damaged documents",
      show: async () => {
        await w.click("tab-order");
        await w.see("order-view");
      },
    },
  ];
}
