// What a reviewer does in the real window, step by step: the tour, the room's tests and the
// measurements share it.
import { openSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { DemoServer } from "./server.mjs";
import { Window, freePort, until } from "./window.mjs";

const here = dirname(fileURLToPath(import.meta.url));
/** Where the programs were built, and where a run leaves what it made. */
export const target = process.env.CARGO_TARGET_DIR ?? resolve(here, "../../target");

/** States of a seat that can still be opened or fetched. */
const OPEN = ["offered", "not_downloaded", "downloading", "queued", "ready_offline"];

/** A reviewer with a demo server of their own; everything of a run lies in one folder. */
export class Reviewer {
  /** `extra` are further arguments of the demo server, `environment` is for the program alone. */
  constructor({ out, dockets, extra = [], environment = {} }, port) {
    this.out = out;
    this.more = environment;
    this.data = join(out, "data");
    this.server = new DemoServer({
      program: join(target, "debug/pingli-server"),
      data: join(out, "server"),
      port,
      dockets: dockets.flatMap((folder) => ["--docket", resolve(folder)]),
      extra,
      log: join(out, "server.log"),
    });
    this.program = join(target, "debug/pingli");
    this.log = openSync(join(out, "program.log"), "a");
  }

  /** One whose server listens on a free port. */
  static async ready(options) {
    return new this(options, await freePort());
  }

  /** Opens the window. */
  async open({ width = 1440, height = 900 } = {}) {
    this.window = await Window.open({
      program: this.program,
      environment: {
        PINGLI_DATA_DIR: this.data,
        PINGLI_SERVER: this.server.url,
        BROWSER: join(here, "sign-in.mjs"),
        LANG: "zh_CN.UTF-8",
      },
      own: this.more,
      log: this.log,
    });
    await this.window.resize(width, height);
  }

  /** Signs in through the server's own page and chooses a language. */
  async signIn(language = "zh-Hans") {
    const w = this.window;
    await w.see("sign-in-button", {}, 60);
    const field = await w.find("sign-in-server");
    // The program looks for the server itself; typed is what it has not found.
    const found = field && until("the server's address", () => field.getAttribute("value"), 5);
    await found?.catch(() => w.fill("sign-in-server", this.server.url));
    await w.click("sign-in-button");
    await w.see("nav-docket", {}, 60);
    await w.choose("language", language, () => this.go("settings"));
    await this.go("docket");
    await w.see("docket-row", {}, 60);
  }

  /** Rows of the docket, as what they say of themselves. */
  async rows() {
    return this.window.run(
      `return [...document.querySelectorAll('[data-testid="docket-row"]')].map((row) => ({
         seat: row.dataset.seat, case: row.dataset.case, state: row.dataset.state, text: row.innerText }));`,
    );
  }

  /** Takes seats, the wanted cases first, and waits until their packs are ready offline. */
  async take(wanted, count = wanted.length, seconds = 120) {
    const w = this.window;
    const rows = await until("offered seats", async () => {
      const seen = await this.rows();
      return seen.filter((row) => OPEN.includes(row.state)).length >= count && seen;
    }, 60);
    const rank = (row) => (wanted.includes(row.case) ? wanted.indexOf(row.case) : wanted.length);
    const chosen = rows.filter((row) => OPEN.includes(row.state)).sort((a, b) => rank(a) - rank(b)).slice(0, count);
    for (const row of chosen.filter((one) => one.state === "offered")) {
      await w.click("accept-seat", {}, 30, this.row(row));
      await w.click("conflict-accept");
      await until("the seat to be taken", async () => (await this.rows()).find((r) => r.seat === row.seat)?.state !== "offered", 60);
    }
    await until(
      "the cases ready offline",
      async () => {
        const ready = (await this.rows()).filter((row) => row.state === "ready_offline").map((row) => row.seat);
        return chosen.every((row) => ready.includes(row.seat));
      },
      seconds,
    );
    return chosen;
  }

  /** Takes the server away. */
  async goOffline() {
    await this.server.stop();
    await this.window.see("connection", { connection: "server_down" }, 90);
  }

  /** The selector of a docket row. */
  row(row) {
    return `[data-testid="docket-row"][data-seat="${row.seat}"] `;
  }

  /** Goes to one of the main screens, out of the case room when the window is in one. */
  async go(place) {
    const w = this.window;
    if (await w.find("leave-room")) await w.click("leave-room");
    await w.click(`nav-${place}`);
  }

  /** Opens a case. */
  async enter(row) {
    await this.go("docket");
    await this.window.click("open-case", {}, 30, this.row(row));
    await this.window.see("room");
  }

  /** Ends everything. */
  async close() {
    await this.window?.close();
    await this.server.stop().catch(() => {});
  }
}
