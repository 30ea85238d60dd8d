// Starts the window on the program's port. In development and in tests of the window alone, where
// there is no program around it, the port is a fake in memory; it is not part of the shipped build.
import { mount } from "svelte";
import "./app/tokens.css";
import "./app/base.css";
import App from "./app/App.svelte";
import type { Backend } from "./backend";

async function port(): Promise<Backend> {
  const alone =
    import.meta.env.MODE === "fake" || (import.meta.env.DEV && !("__TAURI_INTERNALS__" in window));
  if (alone) return (await import("./backend/fake/address")).fakeFromAddress();
  return (await import("./backend/tauri")).tauriBackend;
}

const target = document.getElementById("app");
if (target) void port().then((backend) => mount(App, { target, props: { backend } }));
