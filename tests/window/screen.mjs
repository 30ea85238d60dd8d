// Windows as the display knows them: found by title, moved, given the keyboard, looked at, closed.
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { COLOUR } from "./canary-docket.mjs";

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));

/** The titles of the program's windows. */
export const TITLES = { main: "评理 Pingli", second: "评理 Pingli (2)" };

/** The ids of all windows of the program that are shown. */
export async function shown() {
  const { stdout } = await run("xdotool", ["search", "--onlyvisible", "--class", "pingli"]).catch(() => ({ stdout: "" }));
  return stdout.split("\n").filter(Boolean);
}

/** The ids of the windows that are shown and have exactly this title. */
export async function windowsOf(title) {
  const ids = await shown();
  const names = await Promise.all(ids.map((id) => run("xdotool", ["getwindowname", id]).then((name) => name.stdout.trim(), () => "")));
  return ids.filter((_, at) => names[at] === title);
}

/** Moves a window and sets its size. */
export async function place(id, x, y, width, height) {
  await run("xdotool", ["windowmove", id, String(x), String(y), "windowsize", id, String(width), String(height)]);
}

/** Gives a window the keyboard and presses keys, as "ctrl+n". */
export async function press(id, ...keys) {
  await run("xdotool", ["windowraise", id, "windowfocus", id, "key", "--clearmodifiers", ...keys]);
}

/** Gives a window the keyboard and writes a text. */
export async function write(id, text) {
  await run("xdotool", ["windowraise", id, "windowfocus", id, "type", "--clearmodifiers", text]);
}

/** Asks a window to close. */
export const close = (id) => run("python3", [join(here, "close-window.py"), id]);

/** Takes a picture of the screen. */
export const shot = (file) => run("import", ["-silent", "-window", "root", file]);

/** How many pixels of a part of the screen have the canary picture's colour. */
export async function coloured(area = []) {
  const { stdout } = await run("import", ["-silent", "-window", "root", ...area, "-depth", "8", "rgb:-"], { encoding: "buffer", maxBuffer: 64 << 20 });
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(COLOUR.slice(at, at + 2), 16));
  let count = 0;
  for (let at = 0; at + 2 < stdout.length; at += 3)
    if (Math.abs(stdout[at] - r) < 12 && Math.abs(stdout[at + 1] - g) < 12 && Math.abs(stdout[at + 2] - b) < 12) count++;
  return count;
}
