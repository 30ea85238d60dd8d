// Finds a text or bytes in everything that was written: every file below some folders, in the forms
// that a text takes on a disk, inside compressed streams too. What a scanner does not find in a file
// planted for the purpose it would not find anywhere: `control` says so before a search is believed.
import { randomBytes } from "node:crypto";
import { lstat, mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { constants, deflateRawSync, deflateSync, gzipSync, inflateRawSync } from "node:zlib";

/** How much of a compressed stream is looked at, in bytes. */
const INFLATED = 64 << 20;
/** A file is read in pieces of so many bytes, which overlap by a few. */
const PIECE = 128 << 20;
const OVERLAP = 64 << 10;
/** Streams within streams. */
const DEPTH = 3;

const escaped = (text, each) => [...text].map((c) => (/[a-zA-Z0-9]/.test(c) ? c : each(c))).join("");
const units = (text, each) => text.replace(/[^\x20-\x7e]/g, (c) => each(c.charCodeAt(0)));
const utf32 = (text, big) => {
  const points = [...text].map((c) => c.codePointAt(0));
  const bytes = Buffer.alloc(points.length * 4);
  points.forEach((point, n) => (big ? bytes.writeUInt32BE(point, n * 4) : bytes.writeUInt32LE(point, n * 4)));
  return bytes;
};

/** The forms that bytes may have on a disk, by name. */
function formsOfBytes(bytes) {
  const forms = [["as they are", bytes], ["hex", Buffer.from(bytes.toString("hex"))], ["HEX", Buffer.from(bytes.toString("hex").toUpperCase())]];
  // In base64 bytes have one of three forms, by where they begin; the first and last characters
  // depend on what stands beside them.
  for (const shift of [0, 1, 2]) {
    const before = Buffer.alloc(shift);
    for (const kind of ["base64", "base64url"]) {
      const text = Buffer.concat([before, bytes]).toString(kind).replace(/=+$/, "");
      forms.push([`${kind} +${shift}`, Buffer.from(text.slice(shift ? 4 : 0, -3))]);
    }
  }
  return forms;
}

/** The forms that a text may have on a disk, by name: UTF-8, -16, -32, hex, base64, and the escapes of
 *  JSON, of addresses and of markup. */
function formsOfText(text) {
  const hex = (n) => n.toString(16).padStart(4, "0");
  const percent = [...Buffer.from(text)].map((b) => (/[a-zA-Z0-9]/.test(String.fromCharCode(b)) ? String.fromCharCode(b) : "%" + b.toString(16).padStart(2, "0")));
  return [
    ...formsOfBytes(Buffer.from(text)),
    ["UTF-16LE", Buffer.from(text, "utf16le")],
    ["UTF-16BE", Buffer.from(text, "utf16le").swap16()],
    ["UTF-32LE", utf32(text, false)],
    ["UTF-32BE", utf32(text, true)],
    ["JSON escapes", Buffer.from(units(text, (n) => "\\u" + hex(n)))],
    ["JSON ESCAPES", Buffer.from(units(text, (n) => "\\u" + hex(n).toUpperCase()))],
    ["percent", Buffer.from(percent.join(""))],
    ["PERCENT", Buffer.from(percent.join("").replace(/%../g, (two) => two.toUpperCase()))],
    ["entities", Buffer.from(escaped(text, (c) => `&#${c.codePointAt(0)};`))],
    ["hex entities", Buffer.from(escaped(text, (c) => `&#x${c.codePointAt(0).toString(16)};`))],
  ];
}

/** What is looked for: a name, and a text or bytes. Forms that are alike are looked for once. */
export class Needle {
  constructor(name, what) {
    this.name = name;
    const seen = new Set();
    this.forms = (typeof what === "string" ? formsOfText(what) : formsOfBytes(what)).filter(([, form]) => {
      const key = form.toString("latin1");
      return !seen.has(key) && seen.add(key);
    });
  }
}

/** Where the compressed data of a gzip member begins, whose own head begins at `at`. */
function afterGzipHead(bytes, at) {
  const flags = bytes[at + 3] ?? 0;
  let end = at + 10;
  if (flags & 4) end += 2 + (bytes[end] ?? 0) + ((bytes[end + 1] ?? 0) << 8);
  for (const flag of [8, 16]) if (flags & flag) end = bytes.indexOf(0, end) + 1 || bytes.length;
  return flags & 2 ? end + 2 : end;
}

/** Where the streams in some bytes begin: of gzip, of zlib, and of the members of a ZIP. */
function* beginnings(bytes) {
  const all = function* (mark) {
    for (let at = bytes.indexOf(mark, 0, "latin1"); at >= 0; at = bytes.indexOf(mark, at + 1, "latin1")) yield at;
  };
  for (const at of all("\x1f\x8b\x08")) yield afterGzipHead(bytes, at);
  for (const at of all("\x78")) if (((0x78 << 8) | (bytes[at + 1] ?? 0)) % 31 === 0) yield at + 2;
  for (const at of all("PK\x03\x04"))
    if (at + 30 <= bytes.length && bytes.readUInt16LE(at + 8) === 8) yield at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
}

/** What the compressed streams in some bytes hold, as far as it can be read. */
function* streams(bytes) {
  for (const at of beginnings(bytes)) {
    try {
      // Without its head and its sum: what was cut off half-way is read as well.
      const inner = inflateRawSync(bytes.subarray(at), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: INFLATED });
      if (inner.length > 15) yield inner;
    } catch {
      // It only looked like a stream.
    }
  }
}

/** Which needles are in some bytes, and in what form. */
export function find(bytes, needles, depth = DEPTH) {
  const found = [];
  for (const needle of needles)
    for (const [form, wanted] of needle.forms) if (bytes.includes(wanted)) found.push(`${needle.name}, ${form}`);
  if (depth > 0) for (const inner of streams(bytes)) found.push(...find(inner, needles, depth - 1).map((one) => `${one}, compressed`));
  return found;
}

/** Every plain file below a folder; what goes away meanwhile is left out. */
async function* files(folder) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (entry.isFile()) yield path;
  }
}

/** A file piece by piece; each begins a little before the end of the one before. */
async function* pieces(path, size) {
  const file = await open(path, "r").catch(() => null);
  try {
    for (let at = 0; file && at < Math.max(size, 1); at += PIECE) {
      const bytes = Buffer.allocUnsafe(Math.min(size - at, PIECE + OVERLAP));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, at);
      yield bytes.subarray(0, bytesRead);
    }
  } finally {
    await file?.close();
  }
}

/** Searches folders again and again; a file that did not change is not read twice. */
export class Scanner {
  constructor(needles) {
    this.needles = needles;
    this.seen = new Map();
    this.bytes = 0;
  }

  /** What is found below these folders now, as "file: what"; names of files are searched as well.
   *  `skip` says of a path that it need not be looked at. */
  async scan(folders, skip = () => false) {
    const hits = [];
    let count = 0;
    for (const folder of folders)
      for await (const path of files(folder)) {
        if (skip(path)) continue;
        const stat = await lstat(path).catch(() => null);
        if (!stat) continue;
        count++;
        const state = `${stat.mtimeMs} ${stat.ctimeMs} ${stat.size} ${stat.ino}`;
        const known = this.seen.get(path);
        if (known?.state === state) {
          hits.push(...known.hits);
          continue;
        }
        const found = find(Buffer.from(path), this.needles, 0).map((one) => `its name: ${one}`);
        for await (const bytes of pieces(path, stat.size)) {
          this.bytes += bytes.length;
          found.push(...find(bytes, this.needles));
        }
        const here = found.map((one) => `${path}: ${one}`);
        this.seen.set(path, { state, hits: here });
        hits.push(...here);
      }
    return { files: count, hits };
  }
}

/** Plants what is looked for in every form, bare and compressed, and fails unless each is found.
 *  Answers with how many forms there are. */
export async function control(needle) {
  const folder = await mkdtemp(join(tmpdir(), "pingli-scan-"));
  try {
    const wrapped = {
      bare: (bytes) => bytes,
      gzip: gzipSync,
      zlib: deflateSync,
      zip: (bytes) => {
        const head = Buffer.alloc(30);
        head.write("PK\x03\x04", "latin1");
        head.writeUInt16LE(8, 8);
        return Buffer.concat([head, deflateRawSync(bytes)]);
      },
      "gzip in zlib": (bytes) => deflateSync(gzipSync(bytes)),
      "half of a gzip": (bytes) => gzipSync(Buffer.concat([bytes, randomBytes(4096)])).subarray(0, -2000),
    };
    const plain = Buffer.from("what stands beside it ".repeat(40));
    for (const [form, bytes] of needle.forms)
      for (const [how, wrap] of Object.entries(wrapped)) {
        const path = join(folder, `${form} ${how}`.replaceAll(/\W/g, "-"));
        await writeFile(path, Buffer.concat([plain, wrap(Buffer.concat([plain, bytes, plain])), how.startsWith("half") ? Buffer.alloc(0) : plain]));
        const { hits } = await new Scanner([needle]).scan([folder]);
        if (!hits.length) throw new Error(`the scanner missed ${needle.name} as ${form}, ${how}`);
        await rm(path);
      }
    return needle.forms.length;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
