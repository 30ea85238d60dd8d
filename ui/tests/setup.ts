// What jsdom lacks and the window needs: dialogs, sizes, and a resize observer that reports them.
import "@testing-library/jest-dom/vitest";
import { configure } from "@testing-library/svelte";
import { afterEach, vi } from "vitest";

// A failure names what was looked for; the whole document beside it hides that.
configure({
  asyncUtilTimeout: 15_000,
  getElementError: (message) => new Error(message?.split("\n")[0] ?? "not found"),
});

HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.setAttribute("open", "");
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.removeAttribute("open");
};

// Wide enough for three panes side by side.
window.innerWidth = 1280;
const VIEWPORT = { width: 800, height: 900 };
const ROW = { width: 800, height: 40 };

class Resize implements ResizeObserver {
  #tell: ResizeObserverCallback;
  constructor(tell: ResizeObserverCallback) {
    this.#tell = tell;
  }
  observe(target: Element): void {
    const size = target.hasAttribute("aria-label") ? VIEWPORT : ROW;
    const contentRect = { ...size, x: 0, y: 0, top: 0, left: 0, right: 0, bottom: 0, toJSON: () => size };
    queueMicrotask(() => this.#tell([{ target, contentRect } as unknown as ResizeObserverEntry], this));
  }
  unobserve(): void {}
  disconnect(): void {}
}
vi.stubGlobal("ResizeObserver", Resize);
Object.defineProperty(HTMLElement.prototype, "offsetParent", {
  configurable: true,
  get: () => document.body,
});
Object.defineProperty(HTMLElement.prototype, "clientWidth", {
  configurable: true,
  get: () => VIEWPORT.width,
});
Object.defineProperty(HTMLElement.prototype, "clientHeight", {
  configurable: true,
  get: () => VIEWPORT.height,
});
Element.prototype.scrollIntoView ??= () => undefined;
Element.prototype.scrollTo ??= () => undefined;
if (!("CSS" in globalThis)) vi.stubGlobal("CSS", { escape: (text: string) => text });

afterEach(() => {
  vi.useRealTimers();
  document.documentElement.removeAttribute("data-theme");
});
