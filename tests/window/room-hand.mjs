// A hand that has keys and no mouse: what the keyboard's parts share. It looks into the window to see
// what a key did, and never clicks.
import { join } from "node:path";
import { Key, until } from "./window.mjs";

/** The selector of a test id. */
export const id = (name) => `[data-testid="${name}"]`;

/** What Tab stops at, in the order of the page, as far as it can be told beforehand. */
const STOPS = `
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter((e) => e.tabIndex >= 0 && !e.disabled && !e.closest("[inert]") && e.checkVisibility());`;

export class Hand {
  constructor(me, out, checks) {
    Object.assign(this, { me, out, checks });
  }

  get window() {
    return this.me.window;
  }

  /** Does one check and keeps a picture of how it ended. After one that failed the next begins in the room. */
  async check(name, work) {
    const ok = await this.checks.check(`by keyboard: ${name}`, async () => {
      try {
        return await work();
      } finally {
        await this.window.picture(join(this.out, `${name.replaceAll(/[^a-z0-9]+/g, "-")}.png`));
      }
    });
    if (ok || !this.row) return;
    if (await this.count("dialog[open]")) await this.keys(Key.ESCAPE);
    await this.me.enter(this.row);
    await this.appears(id("chat-message"));
  }

  keys(...pressed) {
    return this.window.type(...pressed);
  }

  /** Presses the same key several times. */
  async again(key, times) {
    await this.keys(...Array(times).fill(key));
  }

  chord(held, key) {
    return this.window.chord(held, key);
  }

  inside(body, ...args) {
    return this.window.run(body, ...args);
  }

  /** What has the focus, in words. */
  focus() {
    return this.inside(
      `const a = document.activeElement; return (a.dataset.testid || a.getAttribute("role") || a.tagName) + " " + (a.getAttribute("aria-label") || a.innerText || a.value || "").slice(0, 60);`,
    );
  }

  /** Whether the focus is on what the selector names. */
  on(selector) {
    return this.inside(`return document.activeElement?.matches(arguments[0]) ?? false;`, selector);
  }

  /** Presses Tab until the focus is on the first thing that the selector names, or Shift and Tab where that
   *  lies behind; most of the way in one go. */
  async tabTo(selector) {
    const there = () => this.inside(`${STOPS} return document.activeElement === (stops.find((e) => e.matches(arguments[0])) ?? null);`, selector);
    if (await there()) return;
    const far = await this.inside(
      `${STOPS}
       const to = stops.findIndex((e) => e.matches(arguments[0]));
       const here = document.activeElement;
       const on = stops.filter((e) => e.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING).length;
       return to < 0 || here === document.body ? null : stops.includes(here) ? to - on : to >= on ? to - on + 1 : to - on;`,
      selector,
    );
    const back = far !== null && far < 0;
    const press = (times) =>
      back ? this.window.chord(Key.SHIFT, Key.TAB.repeat(times)) : this.keys(Key.TAB.repeat(times));
    if (Math.abs(far) > 2) await press(Math.abs(far) - 2);
    for (let n = 0; n < 250; n++) {
      if (await there()) return;
      await press(1);
    }
    throw new Error(`Tab never came to ${selector}; it stands on ${await this.focus()}`);
  }

  /** Goes to a control and presses Enter. */
  async use(selector, key = Key.ENTER) {
    await this.tabTo(selector);
    await this.keys(key);
  }

  /** A property or an attribute of the first thing that the selector names; nothing where there is none. */
  get(selector, name = "innerText") {
    return this.inside(
      `const e = document.querySelector(arguments[0]); return e ? e.getAttribute(arguments[1]) ?? e[arguments[1]] ?? null : null;`,
      selector,
      name,
    );
  }

  /** The same of everything that the selector names. */
  all(selector, name = "innerText") {
    return this.inside(
      `return [...document.querySelectorAll(arguments[0])].map((e) => e.getAttribute(arguments[1]) ?? e[arguments[1]] ?? null);`,
      selector,
      name,
    );
  }

  async count(selector) {
    return this.inside(`return document.querySelectorAll(arguments[0]).length;`, selector);
  }

  /** Waits until what is asked for answers with what is wanted. */
  async becomes(what, probe, wanted) {
    let seen;
    await until(what, async () => (seen = await probe()) === wanted, 10).catch(() => {
      throw new Error(`${what}: ${JSON.stringify(seen)} instead of ${JSON.stringify(wanted)}`);
    });
    return seen;
  }

  /** Waits until what is asked for is another than it was, and answers with it. */
  changes(what, probe, before) {
    return until(`${what} to be another than ${JSON.stringify(before)}`, async () => {
      const seen = await probe();
      return seen !== null && seen !== before && { seen };
    }, 10).then(({ seen }) => seen);
  }

  /** Waits until something is in the page, and answers with how many there are. */
  appears(selector, seconds = 20) {
    return until(selector, () => this.count(selector), seconds);
  }

  gone(selector, seconds = 10) {
    return until(`no ${selector}`, async () => (await this.count(selector)) === 0, seconds);
  }

  /** Goes to a viewer by its key, out of a field if the focus is in one. */
  async viewer(key, shows) {
    if (await this.on("input:not([type=range], [type=checkbox], [type=radio]), textarea")) await this.keys(Key.ESCAPE);
    // In a list a letter chooses, and Escape is not its way out.
    if (await this.on("select")) await this.keys(Key.TAB);
    await this.keys(key);
    await this.appears(shows);
  }
}

/** Fails unless it holds. */
export function must(holds, what) {
  if (!holds) throw new Error(what);
}
