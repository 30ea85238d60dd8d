#!/usr/bin/env node
// The case room in the real window: evidence that attacks, every action without a mouse, and every
// viewer looked at by axe. Leaves a screenshot of each screen and summary.json.
//   room.mjs --out DIR [--only PART] [--every-look]
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { checked } from "./checks.mjs";
import { hostile } from "./room-hostile.mjs";
import { keyboard } from "./room-keyboard.mjs";
import { pictures } from "./room-pictures.mjs";
import { screens } from "./room-screens.mjs";
import { target } from "./reviewer.mjs";

const parts = { hostile, keyboard, pictures, screens };

function readArguments(argv) {
  const options = { out: join(target, "room"), only: null, every: false };
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === "--out") options.out = resolve(argv[++i]);
    else if (argv[i] === "--only") options.only = argv[++i];
    else if (argv[i] === "--every-look") options.every = true;
  }
  return options;
}

/** Collects what was checked; a check that throws has failed, and the next one goes on. */
export class Checks {
  list = [];

  constructor(out) {
    this.out = out;
  }

  async check(name, work) {
    const ok = await checked(this.list, name, work);
    await writeFile(join(this.out, "summary.json"), JSON.stringify(this.list, null, 2));
    return ok;
  }
}

const options = readArguments(process.argv.slice(2));
await rm(options.out, { recursive: true, force: true });
await mkdir(options.out, { recursive: true });
const checks = new Checks(options.out);
for (const [name, part] of Object.entries(parts)) if (!options.only || options.only === name) await part(checks, options.out, options.every);
const failed = checks.list.filter((entry) => !entry.ok).length;
console.log(`${checks.list.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 && checks.list.length > 0 ? 0 : 1;
