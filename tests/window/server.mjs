// The demo judgment server as a child process, which can be stopped and started again on the same
// data and port: that is how the network is taken away and given back.
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";

export class DemoServer {
  constructor({ program, data, port, dockets, extra = [], log }) {
    this.command = [program, ["demo", "--data", data, "--listen", `127.0.0.1:${port}`, ...dockets, ...extra]];
    this.log = createWriteStream(log, { flags: "a" });
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Starts it and waits until it says that it is ready. */
  async start(seconds = 180) {
    this.child = spawn(this.command[0], this.command[1], { stdio: ["ignore", "pipe", "pipe"] });
    this.child.stderr.pipe(this.log, { end: false });
    const lines = createInterface({ input: this.child.stdout });
    const timer = setTimeout(() => this.child.kill("SIGKILL"), seconds * 1000);
    try {
      for await (const line of lines) {
        if (!line.startsWith("{")) continue;
        const ready = JSON.parse(line);
        if (ready.ready) {
          this.child.stdout.resume();
          return ready;
        }
      }
    } finally {
      clearTimeout(timer);
    }
    throw new Error("the demo server stopped before it was ready; its log says why");
  }

  /** Stops it; afterwards nothing answers at its address. */
  async stop() {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
    await gone;
    clearTimeout(timer);
    const answers = await fetch(`${this.url}/.well-known/pingli-server`).then(() => true, () => false);
    if (answers) throw new Error("something still answers at the server's address");
  }
}
