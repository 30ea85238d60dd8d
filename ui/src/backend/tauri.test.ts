// The port in the real program, with the shell's two doors played: commands are answered, and an event
// reaches whoever was registered when it came.
import { describe, expect, it, vi } from "vitest";
import type { AppState } from "../app/state.svelte";
import type { Lead } from "./types";

const shell = vi.hoisted(() => {
  Object.assign(window, { __TAURI_INTERNALS__: { metadata: { currentWindow: { label: "main" } } } });
  const heard = new Map<string, (event: { payload: unknown }) => void>();
  return {
    heard,
    link: null as unknown,
    /** Lets one registration after the other through. */
    registering: [] as (() => void)[],
    emit: (event: string, payload: unknown) => heard.get(event)?.({ payload }),
  };
});

vi.mock("@tauri-apps/api/core", () => ({
  convertFileSrc: (path: string, scheme: string) => `${scheme}://localhost/${path}`,
  invoke: (command: string) => {
    // The program lets go of a link that waited when it is asked for the first time.
    if (command === "app_status" && shell.link) {
      shell.emit("navigate", shell.link);
      shell.link = null;
    }
    return command === "app_status"
      ? Promise.resolve({ stage: { kind: "ready" }, sync: { connection: "online" } })
      : Promise.reject(Object.assign(new Error(command), { code: "locked" }));
  },
}));
vi.mock("@tauri-apps/api/event", () => ({
  listen: async (event: string, tell: (event: { payload: unknown }) => void) => {
    await new Promise<void>((done) => shell.registering.push(done));
    shell.heard.set(event, tell);
    return () => void shell.heard.delete(event);
  },
}));

async function start(): Promise<{ app: AppState; ready: Promise<void> }> {
  const [{ AppState }, { tauriBackend }] = await Promise.all([
    import("../app/state.svelte"),
    import("./tauri"),
  ]);
  const app = new AppState(tauriBackend);
  return { app, ready: app.start() };
}

const lead: Lead = { place: { at: "outbox" }, code: null };
const registerAll = () => shell.registering.splice(0).forEach((done) => done());

describe("a link that waited for the window", () => {
  it("is followed: everything is heard before the first question", async () => {
    shell.link = lead;
    const { app, ready } = await start();
    await vi.waitFor(() => expect(shell.registering).toHaveLength(4));
    registerAll();
    await ready;
    expect(app.place).toEqual({ at: "outbox" });
    app.stop();
    expect([...shell.heard.keys()], "nothing is heard any more").toEqual([]);
  });

  it("and a window that goes before it hears anything leaves nothing behind", async () => {
    const { app, ready } = await start();
    await vi.waitFor(() => expect(shell.registering).toHaveLength(4));
    app.stop();
    registerAll();
    await ready;
    expect([...shell.heard.keys()]).toEqual([]);
    expect(app.view, "and asks for nothing").toBeNull();
  });
});
