// What cameras, phones and bad lines bring, in the real window: upright whatever the tag says, in the grid
// and by itself; half a file is shown as far as it goes, and said; a panorama is sharp in its full size and
// freezes nothing. With real photographs where there are some.
import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CASE, PANORAMA, writePicturesDocket } from "./pictures-docket.mjs";
import { Reviewer } from "./reviewer.mjs";
import { Key, childrenOf, until } from "./window.mjs";

/** Megabytes that the program and its decoding workers may hold after all pictures were looked at. */
const MOST_MEMORY = 1_000;

/** The colours in the middles of the four quarters of a part of a picture, from the upper left, clockwise. */
function corners(file, { x, y, width, height }) {
  const spots = [[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75]];
  const asked = spots.map(([across, down]) => {
    const spot = `p{${Math.round(x + width * across)},${Math.round(y + height * down)}}`;
    return ["r", "g", "b"].map((channel) => `%[fx:${spot}.${channel}>0.6]`).join("");
  });
  const said = execFileSync("convert", [file, "-format", asked.join(" "), "info:"], { encoding: "utf8" });
  const names = { 100: "red", "010": "green", "001": "blue", 111: "white" };
  return said.trim().split(" ").map((colour) => names[colour] ?? colour).join(" ");
}
const UPRIGHT = "red green blue white";

/** What is said of a picture that is not whole. */
const DAMAGE = /文件有损坏|读不出来/;

async function realPhotos() {
  const data = process.env.PINGLI_REAL_DATA;
  if (!data) {
    console.log("not tried here: real photographs in the window (PINGLI_REAL_DATA is not set)");
    return [];
  }
  const files = [];
  for (const folder of ["photos", "photos/exif", "photos/broken"])
    for (const name of (await readdir(join(data, folder))).sort()) if (/\.(jpe?g|heic)$/i.test(name)) files.push(join(data, folder, name));
  return files;
}

async function memory(pid) {
  const kilobytes = async (one) => Number((await readFile(`/proc/${one}/status`, "utf8").catch(() => "")).match(/VmRSS:\s+(\d+)/)?.[1] ?? 0);
  const workers = [];
  for (const child of childrenOf(pid)) if (/media-worker/.test(await readFile(`/proc/${child}/cmdline`, "utf8").catch(() => ""))) workers.push(child);
  return (await Promise.all([pid, ...workers].map(kilobytes))).reduce((sum, one) => sum + one, 0) / 1024;
}

/** The part of `room.mjs`. */
export async function pictures(checks, folder) {
  const out = join(folder, "pictures");
  const docket = join(out, "docket");
  await mkdir(out, { recursive: true });
  const made = await writePicturesDocket(docket, await realPhotos());
  const me = await Reviewer.ready({ out, dockets: [docket] });
  const inside = (body, ...args) => me.window.run(body, ...args);
  /** Where the picture of an element is drawn: its bounds inside the window. */
  const drawn = (selector) =>
    inside(
      `const all = [...document.querySelectorAll(arguments[0])].filter((i) => i.complete && i.naturalWidth > 0);
       const sized = all.map((i) => [i, i.getBoundingClientRect()]).filter(([, b]) => b.width > 4);
       sized.sort((a, b) => b[1].width * b[1].height - a[1].width * a[1].height);
       const [image, b] = sized[0] ?? [];
       if (!image) return null;
       const scale = Math.min(b.width / image.naturalWidth, b.height / image.naturalHeight);
       const fit = getComputedStyle(image).objectFit === "contain" ? [image.naturalWidth * scale, image.naturalHeight * scale] : [b.width, b.height];
       return { x: b.x + (b.width - fit[0]) / 2, y: b.y + (b.height - fit[1]) / 2, width: fit[0], height: fit[1], natural: [image.naturalWidth, image.naturalHeight] };`,
      selector,
    );
  const said = () => inside(`return document.querySelector('[data-testid="room"]').innerText.replaceAll("\\n", " ");`);
  try {
    await me.server.start(180);
    await me.open({ width: 1440, height: 900 });
    await me.signIn();
    const [row] = await me.take([CASE]);
    await me.enter(row);
    await me.window.click("tab-photos");
    await until("the grid", async () => (await me.window.all("photo-tile")).length >= made.length);
    await checks.check("pictures: the grid is upright", async () => {
      for (const [n, { name, shown }] of made.entries()) {
        if (shown !== "quarters") continue;
        await inside(
          `document.querySelectorAll("[data-looked-at]").forEach((tile) => delete tile.dataset.lookedAt);
           const tile = document.querySelectorAll('[data-testid="photo-tile"]')[arguments[0]];
           tile.dataset.lookedAt = "";
           tile.scrollIntoView({ block: "center" });`,
          n,
        );
        const place = await until(`the preview of ${name}`, () => drawn("[data-looked-at] img"), 60);
        const file = join(out, `tile-${n + 1}.png`);
        await me.window.picture(file);
        const seen = corners(file, place);
        if (seen !== UPRIGHT) throw new Error(`${name}: ${seen}`);
      }
      return `${made.filter((one) => one.shown === "quarters").length} previews`;
    });
    await inside(`document.querySelectorAll('[data-testid="photo-tile"]')[0].scrollIntoView({ block: "center" });`);
    await me.window.press((await me.window.all("photo-tile"))[0]);
    await me.window.see("photo-single");
    for (const [n, { name, shown, wide }] of made.entries()) {
      const what = { quarters: "upright and sharp", half: "as far as it goes, and said", photograph: "shown in full", broken: "shown, or told why not" }[shown];
      await checks.check(`pictures: ${name} is ${what}`, async () => {
        const caption = name.replace(/\.[^.]+$/, "");
        await until("its turn", async () => (await said()).includes(caption), 10);
        if (shown === "photograph" || shown === "broken") {
          const stage = await until("its last stage", () => inside(`const stage = document.querySelector('[data-testid="picture"]')?.dataset.stage; return ["shown", "missing"].includes(stage) && stage;`), 60);
          await me.window.picture(join(out, `single-${n + 1}.png`));
          const place = await drawn(`[data-testid="picture"] img`);
          const words = await said();
          if (shown === "photograph" && (stage !== "shown" || DAMAGE.test(words))) throw new Error(`${stage}: ${words.slice(0, 160)}`);
          // Damage may be in what the camera wrote beside the pixels.
          if (stage === "missing" && !DAMAGE.test(words)) throw new Error(`nothing is said of its damage: ${words.slice(0, 160)}`);
          return place ? place.natural.join(" × ") : "told in words";
        }
        const place = await until("the picture", async () => {
          const seen = await drawn(`[data-testid="picture"] img`);
          return seen && seen.natural[0] > 600 && seen;
        }, 60);
        const file = join(out, `single-${n + 1}.png`);
        await me.window.picture(file);
        const colours = corners(file, place);
        if (shown === "half" ? !colours.startsWith("red green") : colours !== UPRIGHT) throw new Error(colours);
        const words = await said();
        const told = DAMAGE.test(words);
        if (told !== (shown === "half")) throw new Error(`what is said: ${words.slice(0, 160)}`);
        if (wide && Math.abs(place.width / place.height - PANORAMA.width / PANORAMA.height) > 0.1) throw new Error(`${place.width} × ${place.height}`);
        const longest = wide ? `; in full size the window answered after ${Math.round(await inFullSize(me, inside))} ms at the latest` : "";
        return `${place.natural.join(" × ")} drawn on ${Math.round(place.width)} × ${Math.round(place.height)}${longest}`;
      });
      if (n + 1 < made.length) await me.window.type(".");
    }
    await checks.check("pictures: the memory is given back", async () => {
      await me.window.type("g");
      await me.window.see("photo-tile");
      const megabytes = await memory(me.window.pid);
      if (megabytes > MOST_MEMORY) throw new Error(`${Math.round(megabytes)} MB`);
      return `${Math.round(megabytes)} MB of the program and its decoding workers`;
    });
  } finally {
    await me.close();
  }
}

/** The panorama at 100 %, moved along: its parts come, and the window answers meanwhile. Answers with the longest
 *  time in which it did not, in milliseconds. */
async function inFullSize(me, inside) {
  await inside(`window.longest = 0; let last = performance.now(); window.beat = setInterval(() => { const now = performance.now(); window.longest = Math.max(window.longest, now - last - 20); last = now; }, 20);`);
  await me.window.type("a");
  await until("its own size", async () => /^100\s*%$/.test(await me.window.text("zoom-percent")));
  for (let n = 0; n < 6; n++) await me.window.type(Key.ARROW_RIGHT);
  await until("its parts", () => inside(`return [...document.querySelectorAll('[data-testid="picture"] img')].filter((i) => i.complete && i.naturalWidth > 0).length > 1;`), 60);
  const longest = await inside(`clearInterval(window.beat); return window.longest;`);
  if (longest > 2_000) throw new Error(`the window answered nobody for ${Math.round(longest)} ms`);
  await me.window.type("f");
  return longest;
}
