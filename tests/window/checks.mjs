import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

/**
 * Does one check, adds it to the summary and says it in a line. One that throws has failed, and the next goes
 * on; `failed` is called then, for a picture.
 */
export async function checked(summary, name, work, failed) {
  const began = Date.now();
  const entry = { name, ok: false, seen: "", ms: 0 };
  try {
    entry.seen = (await work()) ?? "";
    entry.ok = true;
  } catch (error) {
    entry.seen = error.message || String(error);
    await failed?.(summary.length)?.catch(() => {});
  }
  entry.ms = Date.now() - began;
  summary.push(entry);
  console.log(`${entry.ok ? "ok    " : "FAILED"} ${name.padEnd(56)} ${(entry.ms / 1000).toFixed(1).padStart(6)} s  ${entry.seen}`);
  return entry.ok;
}

/** Collects what was checked; a check that throws has failed, and the next one goes on. */
class Checks {
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

/** Runs parts one after the other, each into `out`; `--only PART` runs one of them. */
export async function run(parts, { out, only, every }) {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const checks = new Checks(out);
  for (const [name, part] of Object.entries(parts)) if (!only || only === name) await part(checks, out, every);
  const failed = checks.list.filter((entry) => !entry.ok).length;
  console.log(`${checks.list.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && checks.list.length > 0 ? 0 : 1;
}

/** What a script of parts may be told: --out DIR, --only PART, --every-look. */
export function readArguments(argv, folder) {
  const options = { out: folder, only: null, every: false };
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === "--out") options.out = resolve(argv[++i]);
    else if (argv[i] === "--only") options.only = argv[++i];
    else if (argv[i] === "--every-look") options.every = true;
  }
  return options;
}
