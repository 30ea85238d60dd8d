// The real window over WebDriver: opens the program, finds things by `data-testid`, takes pictures.
import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { writeFile } from "node:fs/promises";
import { Builder, By, Capabilities, Key } from "selenium-webdriver";

export { Key };

/** A port of this machine that nothing listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Waits until `probe` answers with something true, and answers with that. */
export async function until(what, probe, seconds = 30, pause = 100) {
  const end = Date.now() + seconds * 1000;
  let last;
  while (Date.now() < end) {
    try {
      const seen = await probe();
      if (seen) return seen;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Error(`not seen within ${seconds} s: ${what}${last ? ` (${last.message.split("\n")[0]})` : ""}`);
}

/** The processes that a process started itself. */
export function childrenOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** Whether a process lives: neither gone nor waiting to be buried. */
export function lives(pid) {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** Fails when something takes longer than it can in a program that is well. */
function within(what, seconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${seconds} s: ${what}`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** The program's window and the driver that holds it. */
export class Window {
  /** Starts the driver and the program. `environment` is added to this process's own, `own` is the
   *  program's alone; `cores` lets the system write what was in the memory of a program that crashed,
   *  into `cwd`. */
  static async open({ program, environment = {}, own = {}, args = [], log = "ignore", cwd, cores = false }) {
    const port = await freePort();
    const env = {
      ...process.env,
      ...environment,
      TAURI_AUTOMATION: "true",
      TAURI_WEBVIEW_AUTOMATION: "true",
      WEBKIT_DISABLE_DMABUF_RENDERER: "1",
    };
    const command = ["WebKitWebDriver", `--port=${port}`, "--host=127.0.0.1"];
    if (cores) command.unshift("sh", "-c", 'ulimit -c unlimited; exec "$@"', "sh");
    const driver = spawn(command[0], command.slice(1), { env, cwd, stdio: ["ignore", log, log] });
    await until("the WebDriver", async () => (await fetch(`http://127.0.0.1:${port}/status`)).ok, 15, 10);
    const capabilities = new Capabilities();
    // The name that the web view gives itself.
    capabilities.set("browserName", "wry");
    const set = Object.entries(own).map(([name, value]) => `${name}=${value}`);
    const [binary, ...rest] = set.length ? ["/usr/bin/env", ...set, program, ...args] : [program, ...args];
    capabilities.set("webkitgtk:browserOptions", { binary, args: rest });
    const building = new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities).build();
    const session = await within("a session with the window", 90, Promise.resolve(building)).catch((error) => {
      driver.kill();
      throw error;
    });
    await session.manage().setTimeouts({ script: 30_000, implicit: 0 });
    return new Window(session, driver);
  }

  constructor(session, driver) {
    this.session = session;
    this.driver = driver;
  }

  /** The first visible thing with this test id and these `data-` attributes; nothing when there is none. */
  async find(id, data = {}, within = "") {
    return (await this.all(id, data, within))[0];
  }

  /** Every visible thing with this test id and these `data-` attributes, below a selector if one is given. */
  async all(id, data = {}, within = "") {
    const more = Object.entries(data).map(([name, value]) => `[data-${name}="${value}"]`).join("");
    const found = await this.session.findElements(By.css(`${within}[data-testid="${id}"]${more}`));
    const shown = await Promise.all(found.map((element) => element.isDisplayed().catch(() => false)));
    return found.filter((_, index) => shown[index]);
  }

  /** Waits for a thing to be there. */
  see(id, data = {}, seconds = 30) {
    return until(`${id} ${JSON.stringify(data)}`, () => this.find(id, data), seconds);
  }

  /** Waits for a thing and clicks it. */
  async click(id, data = {}, seconds = 30, within = "") {
    await until(
      `${id} ${JSON.stringify(data)} that can be clicked`,
      async () => {
        const element = await this.find(id, data, within);
        if (!element) return false;
        await this.press(element);
        return true;
      },
      seconds,
    );
  }

  /** Brings a thing to the middle of what scrolls and clicks it. */
  async press(element) {
    await this.session.executeScript((e) => e.scrollIntoView({ block: "center" }), element);
    await element.click();
  }

  /** The text of a thing, once it is there. */
  async text(id, data = {}, seconds = 30) {
    return (await (await this.see(id, data, seconds)).getText()).trim();
  }

  /** Types keys into whatever has the focus. */
  async type(...keys) {
    await this.session.actions({ async: true }).sendKeys(...keys).perform();
  }

  /** Presses a key while another is held. */
  async chord(held, key) {
    await this.session.actions({ async: true }).keyDown(held).sendKeys(key).keyUp(held).perform();
  }

  /** Chooses an option of a list, on the screen that `go` leads to. */
  async choose(id, value, go) {
    // What is clicked may move away under the pointer while the screen is still coming together.
    const list = await until(id, async () => (await go(), this.see(id, {}, 3)));
    await this.session.executeScript(
      (element, wanted) => {
        element.value = wanted;
        element.dispatchEvent(new Event("change", { bubbles: true }));
      },
      list,
      value,
    );
  }

  /** Replaces what a field holds. */
  async fill(id, value, data = {}) {
    const field = await this.see(id, data);
    await this.press(field);
    await this.chord(Key.CONTROL, "a");
    await field.sendKeys(value);
  }

  /** Runs a function inside the window. */
  run(body, ...args) {
    return this.session.executeScript(body, ...args);
  }

  /** Writes a picture of the page. The web view takes one with its next frame, and a page at rest has
   *  none: so something that nobody sees is painted again until the picture is taken. */
  async picture(file) {
    await this.run(`
      const spot = document.createElement("div");
      spot.setAttribute("aria-hidden", "true");
      Object.assign(spot.style, { position: "fixed", left: "0", top: "0", width: "1px", height: "1px", pointerEvents: "none" });
      document.documentElement.append(spot);
      const end = performance.now() + 4000;
      const again = () => {
        spot.style.opacity = spot.style.opacity === "0.01" ? "0.02" : "0.01";
        spot.style.background = "#888";
        if (performance.now() < end) requestAnimationFrame(again);
        else spot.remove();
      };
      again();`);
    await writeFile(file, Buffer.from(await this.session.takeScreenshot(), "base64"));
  }

  /** Sets the size of the window, in pixels. */
  async resize(width, height) {
    await this.session.manage().window().setRect({ width, height, x: 0, y: 0 });
  }

  /** The program's process. */
  get pid() {
    return childrenOf(this.driver.pid)[0];
  }

  /** Sends the program a signal. */
  signal(name) {
    process.kill(this.pid, name);
  }

  /** Waits until the program is gone that was killed, and its driver with it. */
  async bury(pid, seconds = 20) {
    await until("the program to be gone", () => !lives(pid), seconds, 5);
    this.driver.kill("SIGKILL");
    await new Promise((resolve) => (this.driver.exitCode === null && this.driver.signalCode === null ? this.driver.once("exit", resolve) : resolve()));
  }

  /** Closes the program and the driver. A window that asks before it closes (something waits to be
   *  sent) gets no answer: its program is ended, or the next one would find it still running. */
  async close() {
    const programs = childrenOf(this.driver.pid);
    await within("the end of the session", 15, this.session.quit()).catch(() => {});
    this.driver.kill();
    await new Promise((resolve) => (this.driver.exitCode === null ? this.driver.once("exit", resolve) : resolve()));
    const ended = () => !programs.some(lives);
    await until("the program's end", ended, 3).catch(() => {
      for (const pid of programs) {
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // It ended by itself in this moment.
        }
      }
    });
    await until("the program's end", ended, 10);
  }
}
