#!/usr/bin/env node
// Looks for evidence in the clear: takes texts of a docket's cases and searches every file of a data
// folder for them, in several encodings. A text planted for the purpose must be found.
//   scan.mjs DATA_FOLDER DOCKET_FOLDER
import { readdir, readFile, mkdtemp, writeFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Every file below a folder. */
async function* files(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (entry.isFile()) yield path;
  }
}

/** Every text of a JSON value. */
function* texts(value) {
  if (typeof value === "string") yield value;
  else if (value && typeof value === "object") for (const inner of Object.values(value)) yield* texts(inner);
}

/** The bytes that a text could be on disk. */
function encodings(text) {
  const utf8 = Buffer.from(text, "utf8");
  const big = Buffer.from(text, "utf16le").swap16();
  const found = [
    ["UTF-8", utf8],
    ["UTF-16LE", Buffer.from(text, "utf16le")],
    ["UTF-16BE", big],
    ["hex", Buffer.from(utf8.toString("hex"))],
    ["JSON escapes", Buffer.from(text.replace(/[^\x20-\x7e]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0")))],
    ["percent", Buffer.from(encodeURIComponent(text))],
  ];
  // In base64 a text has one of three forms, by where it begins; its first and last characters
  // depend on what stands beside it.
  for (const shift of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(shift), utf8]).toString("base64").replace(/=+$/, "");
    found.push([`base64 +${shift}`, Buffer.from(encoded.slice(4, -3))]);
  }
  return found;
}

/** Hits of any needle below a folder. */
async function scan(folder, needles) {
  const hits = [];
  let count = 0;
  for await (const path of files(folder)) {
    count++;
    const bytes = await readFile(path);
    for (const needle of needles)
      for (const [encoding, form] of encodings(needle)) if (bytes.includes(form)) hits.push(`${path}: ${encoding}: ${needle.slice(0, 12)}…`);
  }
  return { count, hits };
}

const [data, docket] = process.argv.slice(2);
const needles = new Set();
for (const entry of await readdir(join(docket, "cases"), { withFileTypes: true })) {
  if (!entry.isDirectory()) continue;
  const found = [];
  for await (const path of files(join(docket, "cases", entry.name))) {
    if (path.endsWith(".json")) found.push(...texts(JSON.parse(await readFile(path, "utf8"))));
  }
  // The longest texts of each case: nothing else on a machine says the same by chance.
  for (const text of found.filter((text) => !text.includes("\n")).sort((a, b) => b.length - a.length).slice(0, 5)) needles.add(text.slice(0, 24));
}

const planted = await mkdtemp(join(tmpdir(), "pingli-scan-"));
try {
  const [one] = needles;
  for (const [index, [, form]] of encodings(one).entries()) await writeFile(join(planted, String(index)), Buffer.concat([Buffer.from("xx"), form, Buffer.from("yy")]));
  const control = await scan(planted, [one]);
  if (control.hits.length < encodings(one).length) throw new Error("the scanner missed a planted text");
} finally {
  await rm(planted, { recursive: true });
}

const { count, hits } = await scan(data, [...needles]);
for (const hit of hits.slice(0, 20)) console.log(hit);
console.log(`${count} files, ${needles.size} texts in ${encodings("x".repeat(24)).length} encodings: ${hits.length} found`);
process.exitCode = hits.length === 0 && count > 0 ? 0 : 1;
