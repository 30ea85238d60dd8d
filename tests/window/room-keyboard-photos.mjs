// The photographs by keyboard: the grid and its groups, one picture moved, turned and stepped from, its
// facts and its original, two pictures side by side, under a divider and one over the other.
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { id, must } from "./room-hand.mjs";
import { clearOpinion } from "./room-keyboard-chat.mjs";
import { press, shown, TITLES, windowsOf, write } from "./screen.mjs";
import { AT, WHOLE } from "./whole-docket.mjs";
import { Key, until } from "./window.mjs";

const TILE = id("photo-tile");
const COMPARE = id("photo-compare");

export async function photos(hand) {
  const { window: w } = hand;
  const key = () => hand.inside(`return document.activeElement.dataset.key ?? null;`);
  /** Where the picture lies in its frame. */
  const lies = () => hand.inside(`return document.querySelector(".layer .plane")?.style.transform ?? null;`);
  const percent = () => hand.get(id("zoom-percent"));
  const at = () => hand.get(".steps [role=img]");
  const reveal = async () => {
    if (await hand.count(id("reveal"))) await hand.use(id("reveal"));
    await hand.appears(`${id("picture")}[data-stage="shown"] .steady`);
  };
  const openTile = async (picture) => {
    await hand.tabTo(`${TILE}[data-key="${picture}"]`);
    await hand.keys(Key.ENTER);
    await hand.appears(id("photo-single"));
    await reveal();
  };

  await hand.check("photos: the grid and its groups", async () => {
    await hand.viewer("p", `${TILE}, ${id("photo-single")}, ${COMPARE}`);
    // One picture may still be open that something led to.
    if (!(await hand.count(TILE))) await hand.keys("g");
    await hand.appears(TILE);
    await hand.tabTo(TILE);
    const first = await key();
    await hand.keys(Key.ARROW_RIGHT);
    const second = await hand.changes("the tile", key, first);
    await hand.keys(Key.ARROW_DOWN);
    await hand.changes("the tile", key, second);
    await hand.keys(Key.HOME);
    await hand.becomes("the tile", key, first);
    await hand.tabTo(id("by-group"));
    await hand.keys(Key.ENTER);
    for (const group of ["before", "after", "received"]) await hand.appears(`[data-group="${group}"] ${TILE}`);
    const groups = await hand.all("[data-group] h3");
    await hand.use(".order .switch button:first-child");
    await hand.appears("[data-evidence-section]");
    return groups.join(", ");
  });
  await hand.check("photos: before and after, side by side from the grid", async () => {
    await hand.viewer("p", `${TILE}, ${id("photo-single")}, ${COMPARE}`);
    await hand.use(`[data-evidence-section="${AT.pair}"] ${id("compare-pair")}`);
    await hand.appears(`${COMPARE}[data-how="side"]`);
    const numbers = await hand.all(`${COMPARE} .caption b`);
    await hand.keys("g");
    await hand.gone(COMPARE);
    await hand.appears(TILE);
    return numbers.join(" and ");
  });
  await hand.check("photos: one picture: steps, zoom, moving, turning", async () => {
    await hand.viewer("p", `${TILE}, ${id("photo-single")}, ${COMPARE}`);
    await openTile(`${AT.pair}/0`);
    const here = await at();
    const fitted = await percent();
    // Seen whole there is nothing to move, and the arrows go on to the next one.
    await hand.keys(",");
    const before = await hand.changes("the picture", at, here);
    await hand.keys(".");
    await hand.becomes("the picture", at, here);
    await hand.keys(Key.ARROW_LEFT);
    await hand.becomes("the picture", at, before);
    await hand.keys(Key.ARROW_RIGHT);
    await hand.becomes("the picture", at, here);
    await reveal();
    await hand.keys("a");
    await hand.becomes("its own size", percent, "100 %");
    const moves = [];
    for (const arrow of [Key.ARROW_RIGHT, Key.ARROW_DOWN, Key.ARROW_LEFT, Key.ARROW_UP]) {
      const was = await lies();
      await hand.keys(arrow);
      moves.push(await hand.changes("the picture's place", lies, was));
    }
    must((await at()) === here, "an arrow left a picture that could be moved");
    await hand.keys("-");
    await hand.becomes("a step back", percent, "80 %");
    await hand.keys("h");
    const wide = await hand.changes("the zoom", percent, "80 %");
    await hand.keys("f");
    await hand.becomes("the whole", percent, fitted);
    await hand.keys("e");
    await until("a quarter turn", async () => (await lies()).includes("rotate(90deg)"), 10);
    await hand.keys("w");
    await until("upright", async () => (await lies()).includes("rotate(0deg)"), 10);
    return `${fitted} whole, ${wide} wide, moved four ways, ${here}`;
  });
  await hand.check("photos: a region marked, moved, sized, noted; the whole noted", async () => {
    await hand.viewer("p", `${TILE}, ${id("photo-single")}, ${COMPARE}`);
    const notes = () => hand.count(id("note"));
    const before = await notes();
    await hand.keys("n");
    await hand.appears(id("region-drawn"));
    const region = () => hand.get(id("region-drawn"), "style");
    const drawn = await region();
    await hand.keys(Key.ARROW_RIGHT);
    const moved = await hand.changes("the region", region, drawn);
    await hand.chord(Key.SHIFT, Key.ARROW_RIGHT);
    await hand.changes("the region", region, moved);
    await hand.keys(Key.ESCAPE);
    await hand.gone(id("region-drawn"));
    await hand.keys("n");
    await hand.appears(id("region-drawn"));
    await hand.keys(Key.ENTER);
    await until("the note's field", () => hand.on(id("note-field")), 10);
    await hand.keys("压痕在这里", Key.ENTER);
    await hand.appears(id("photo-mark"));
    must(await hand.on(id("photo-single")), `the focus went to ${await hand.focus()}`);
    // The frame leads to what it frames.
    const was = await lies();
    await hand.use(id("photo-mark"));
    await hand.changes("the picture's place", lies, was);
    await hand.keys("f", "n", "n");
    await until("the note's field", () => hand.on(id("note-field")), 10);
    await hand.keys("整张看", Key.ENTER);
    await hand.becomes("notes", notes, before + 2);
    await hand.keys("q");
    await hand.appears(id("citation"));
    await clearOpinion(hand);
    return "one on a region, one on the whole, a citation";
  });
  await hand.check("photos: what the file says, and its original", async () => {
    await hand.viewer("p", `${TILE}, ${id("photo-single")}, ${COMPARE}`);
    const facts = id("photo-facts");
    const open = await hand.count(facts);
    await hand.keys("i");
    await hand.becomes("the facts", () => hand.count(facts), open ? 0 : 1);
    if (open) await hand.keys("i");
    await hand.appears(`${facts} h3`);
    await hand.use(`${facts} .hash button`);
    await hand.becomes("the whole hash", async () => (await hand.get(`${facts} .hash code`)).length, 64);
    const hash = await hand.get(`${facts} .hash code`);
    await hand.use(`${facts} .export button`);
    // The system asks where to; it is asked by its own window, and answered with a path.
    const asking = await until("the system's window for a file", async () => {
      const [own] = await windowsOf(TITLES.main);
      return (await shown()).find((one) => one !== own);
    }, 20);
    const file = join(hand.out, "original.jpg");
    await press(asking, "ctrl+a");
    await write(asking, file);
    await press(asking, "Return");
    await until("the original", () => access(file).then(() => true), 20);
    const same = (await readFile(file)).equals(await readFile(join(hand.out, "docket/cases", WHOLE, "sweater-shrunk/photos/before-tape.jpg")));
    must(same, "what was saved is not the original");
    return `the original ${hash.slice(0, 8)} saved by the system's own window`;
  });
  await hand.check("photos: covered, shown, covered again", async () => {
    await hand.viewer("p", `${TILE}, ${id("photo-single")}, ${COMPARE}`);
    await hand.keys("g");
    await openTile("b-2/0");
    const facts = id("photo-facts");
    if (!(await hand.count(facts))) await hand.keys("i");
    await hand.appears(`${facts} .care + .link`);
    await hand.use(`${facts} .care + .link`);
    await hand.appears(id("reveal"));
    await hand.use(id("reveal"));
    await hand.gone(id("reveal"));
    must(await hand.on(id("photo-single")), `the focus went to ${await hand.focus()}`);
    await hand.tabTo(id("strip-picture"));
    await hand.keys(Key.ARROW_RIGHT);
    const to = await key();
    await hand.keys(Key.ENTER);
    await hand.appears(`${id("strip-picture")}[data-key="${to}"][aria-current]`);
    return `and on to ${to} by the strip`;
  });
  await hand.check("photos: two brand marks, divided and one over the other", async () => {
    await hand.viewer("p", `${TILE}, ${id("photo-single")}, ${COMPARE}`);
    await hand.keys("g");
    await openTile(`${AT.marks[0]}/0`);
    await hand.keys("b");
    await hand.appears(`${COMPARE}[data-how="side"]`);
    const numbers = () => hand.all(`${COMPARE} .caption b`).then((all) => all.join(" "));
    const pair = await numbers();
    await hand.keys("x");
    const swapped = await hand.changes("the order", numbers, pair);
    await hand.keys("x");
    await hand.becomes("the order", numbers, pair);
    await hand.keys("m");
    const divider = `${COMPARE} [role="slider"].divider`;
    await hand.appears(divider);
    await hand.tabTo(divider);
    const share = () => hand.get(divider, "aria-valuenow");
    await hand.keys(Key.ARROW_RIGHT);
    await hand.becomes("the divider", share, "52");
    await hand.chord(Key.SHIFT, Key.ARROW_LEFT);
    await hand.becomes("the divider", share, "42");
    await hand.keys(Key.HOME);
    await hand.becomes("the divider", share, "0");
    await hand.keys(Key.END);
    await hand.becomes("the divider", share, "100");
    must((await hand.get(".upper", "style")).includes("inset(0px 0px 0px 100%)"), `the divider divides nothing: ${await hand.get(".upper", "style")}`);
    await hand.keys("m");
    await hand.appears(id("opacity"));
    await hand.tabTo(id("opacity"));
    const through = () => hand.inside(`return document.querySelector(".upper").style.opacity;`);
    await hand.becomes("the opacity", through, "0.5");
    await hand.again(Key.ARROW_RIGHT, 5);
    await hand.becomes("the opacity", through, "0.6");
    await hand.keys("x");
    await hand.becomes("one alone", through, "0");
    await hand.keys("x");
    await hand.becomes("the other alone", through, "1");
    return `${pair}, ${swapped}; divider 0 to 100, seen through at 0.6`;
  });
  await hand.check("photos: zoom locked and free, another picture beside", async () => {
    await hand.viewer("p", `${TILE}, ${id("photo-single")}, ${COMPARE}`);
    await hand.use(id("compare-overlay"), Key.ARROW_RIGHT);
    await hand.appears(`${COMPARE}[data-how="side"]`);
    const planes = () => hand.inside(`return [...document.querySelectorAll(".stage .side")].map((s) => s.querySelector(".plane.steady")?.style.transform ?? "");`);
    await until("both pictures", async () => (await planes()).every(Boolean), 20);
    const whole = await planes();
    // Off the ways to compare, whose own keys the arrows are.
    const lock = ".tools [aria-pressed]";
    await hand.tabTo(lock);
    await hand.keys("+", "+");
    const both = await until("both zoomed", async () => {
      const now = await planes();
      return now[0] !== whole[0] && now[1] !== whole[1] && now;
    }, 10);
    await hand.keys("+", "+", Key.ARROW_RIGHT);
    await until("both moved", async () => {
      const now = await planes();
      return now[0] !== both[0] && now[1] !== both[1];
    }, 10);
    await hand.becomes("the lock", () => hand.get(lock, "aria-pressed"), "true");
    await hand.keys("l");
    await hand.becomes("the lock", () => hand.get(lock, "aria-pressed"), "false");
    await hand.keys("f");
    const second = () => hand.get(`${COMPARE} .side:nth-child(2) .caption b`);
    const was = await second();
    await hand.keys(",");
    const other = await hand.changes("the second picture", second, was);
    await hand.keys(".");
    await hand.becomes("the second picture", second, was);
    await hand.use(`${id("strip-picture")}:not(:disabled)`);
    await hand.appears(COMPARE);
    await hand.keys(Key.ESCAPE);
    await hand.gone(COMPARE);
    must(await hand.on(id("photo-single")), `the focus went to ${await hand.focus()}`);
    await hand.keys(Key.ESCAPE);
    await hand.appears(TILE);
    must((await key()) !== null, `the focus went to ${await hand.focus()}`);
    await w.see("photo-tile");
    return `${was}, then ${other} and back`;
  });
}
