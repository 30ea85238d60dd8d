// Watches everything that a run writes: the program's folders and homes, temporary files, logs, what
// crashed left, and the messages of the desktop's bus. Nothing that only a case has may be in them.
import { spawn } from "node:child_process";
import { closeSync, openSync, statSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Needle, Scanner, control, find } from "./canary.mjs";
import { until } from "./window.mjs";

/** Where else a program might write, beside its own folders. */
const ELSEWHERE = [tmpdir(), "/var/tmp", "/dev/shm"];

export class Watch {
  /** Proves the scanner, and begins to listen on the bus. */
  static async begin(options) {
    const watch = new Watch(options);
    watch.forms = await control(watch.text);
    await control(watch.title);
    await watch.#listen();
    return watch;
  }

  constructor({ out, folders, canaries, proxy, pieces }) {
    this.out = out;
    this.folders = folders;
    this.proxy = proxy;
    this.began = Date.now();
    this.text = new Needle("a text of a case or of the reviewer", canaries.text);
    this.title = new Needle("a title", canaries.title);
    const pictures = pieces.map((piece) => new Needle("a picture's bytes", piece));
    this.scanner = new Scanner([this.text, this.title, ...pictures]);
    this.hits = new Set();
    this.bus = join(out, "bus.pcap");
  }

  /** The bus of this desktop, every message of it, as it is. */
  async #listen() {
    const file = openSync(this.bus, "w");
    this.monitor = spawn("dbus-monitor", ["--session", "--pcap"], { stdio: ["ignore", file, "ignore"] });
    closeSync(file);
    await until("the bus to be heard", async () => (await stat(this.bus)).size > 0, 10, 20);
  }

  /** More that must not be found: bytes of pictures that are known only later. */
  add(name, pieces) {
    this.scanner.needles.push(...pieces.map((piece) => new Needle(name, piece)));
  }

  /** What a run may write to. The bus is searched apart: a notification may name a case. */
  get places() {
    const { home, temporary, cwd } = this.folders;
    return [join(this.out, "data"), home, temporary, cwd, process.env.PINGLI_DESKTOP_HOME].filter(Boolean);
  }

  #skips(path) {
    // The notification daemon's log names what it showed: as the bus, it may have titles.
    return path.endsWith("/dunst.log");
  }

  /** Searches what was written since the last time. */
  async search() {
    for (const token of this.proxy.tokens) {
      if (this.scanner.needles.some((needle) => needle.token === token)) continue;
      const needle = new Needle("a token", token);
      needle.token = token;
      this.scanner.needles.push(needle);
      this.scanner.seen.clear();
    }
    const { hits, files } = await this.scanner.scan(this.places, (path) => this.#skips(path));
    const logs = await this.scanner.scan([this.out], (path) => !/^[^/]+\.log$/.test(path.slice(this.out.length + 1)) || path.endsWith("server.log"));
    this.files = files + logs.files;
    for (const hit of [...hits, ...logs.hits]) this.hits.add(hit);
  }

  /** The positive control of the whole run: what was planted is at the server, whose disk is clear. */
  async plantedReached(folder) {
    const { hits } = await new Scanner([this.text]).scan([folder]);
    if (!hits.length) throw new Error("what was planted never reached the server: nothing was searched for");
  }

  /** The last search, also where nobody should have written, and of the bus. */
  async end() {
    await this.search();
    const elsewhere = await this.scanner.scan(ELSEWHERE, (path) => path.startsWith(this.out) || path.startsWith(process.env.PINGLI_DESKTOP_HOME ?? "/nowhere") || !this.#fresh(path));
    for (const hit of elsewhere.hits) this.hits.add(hit);
    if (!this.proxy.tokens.size) throw new Error("no token went by: none was searched for");
    const heard = await readFile(this.bus);
    const secrets = this.scanner.needles.filter((needle) => needle !== this.title);
    const onBus = find(heard, secrets, 1);
    const has = (text) => heard.includes(Buffer.from(text));
    return {
      hits: [...this.hits],
      files: this.files + elsewhere.files,
      megabytes: Math.round(this.scanner.bytes / 1e6),
      forms: this.forms,
      bus: [
        ["the bus was heard", has("org.freedesktop.Notifications") && has("org.freedesktop.secrets"), `${heard.length} bytes of messages`],
        ["no evidence and no token on the bus", onBus.length === 0, onBus.slice(0, 3).join("; ") || `${secrets.length} things searched for`],
        ["keys pass the bus encrypted only", has("dh-ietf1024-sha256-aes128-cbc-pkcs7") && !/OpenSession[\s\S]{0,400}?\x05\0\0\0plain\0/.test(heard.toString("latin1")), "the session with the keyring"],
      ],
    };
  }

  // Files of a shared folder that are older than the run are not the run's.
  #fresh(path) {
    try {
      return statSync(path).mtimeMs >= this.began - 1000;
    } catch {
      return false;
    }
  }

  stop() {
    this.monitor?.kill();
  }
}
