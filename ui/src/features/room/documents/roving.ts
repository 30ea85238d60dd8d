// The lines of a document by keys: one tab stop for all of them, arrows from line to line, and the
// line that has the focus is the place in view, which N notes and Q cites.
import type { Attachment } from "svelte/attachments";
import type { RoomState } from "../room.svelte";
import { anchorOf } from "./lines";

const LINE = "[data-line]";

export function lines(room: RoomState, evidence: string): Attachment<HTMLElement> {
  return (root) => {
    let here: HTMLElement | null = null;
    const all = () => [...root.querySelectorAll<HTMLElement>(LINE)];

    const open = (line: HTMLElement, on: boolean) => {
      line.tabIndex = on ? 0 : -1;
      for (const button of line.querySelectorAll("button")) button.tabIndex = on ? 0 : -1;
    };
    const tidy = () => {
      const there = all();
      if (!here?.isConnected) here = there[0] ?? null;
      for (const line of there) open(line, line === here);
    };
    const lineOf = (target: EventTarget | null) =>
      target instanceof Element ? target.closest<HTMLElement>(LINE) : null;

    const onfocusin = (event: FocusEvent) => {
      const line = lineOf(event.target);
      if (!line) return;
      if (line !== here) {
        if (here) open(here, false);
        open(line, true);
        here = line;
      }
      room.inView = anchorOf(evidence, line.dataset.line!);
    };
    const onkeydown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      const line = lineOf(event.target);
      if (!line || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
      const there = all();
      const at = there.indexOf(line);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: there.length - 1 }[event.key]!;
      const next = there[Math.max(0, Math.min(there.length - 1, to))];
      next?.focus({ preventScroll: true });
      next?.scrollIntoView?.({ block: "nearest" });
      event.preventDefault();
      event.stopPropagation();
    };

    tidy();
    const watch = new MutationObserver(tidy);
    watch.observe(root, { childList: true, subtree: true });
    root.addEventListener("focusin", onfocusin);
    root.addEventListener("keydown", onkeydown);
    return () => {
      watch.disconnect();
      root.removeEventListener("focusin", onfocusin);
      root.removeEventListener("keydown", onkeydown);
    };
  };
}

/** Goes to a line and marks it until the focus leaves; answers whether it is there. */
export function pointAt(root: ParentNode, name: string): boolean {
  const line = root.querySelector<HTMLElement>(`[data-line="${CSS.escape(name)}"]`);
  if (!line) return false;
  line.scrollIntoView?.({ block: "center" });
  line.dataset.pointed = "";
  line.focus({ preventScroll: true });
  line.addEventListener("blur", () => delete line.dataset.pointed, { once: true });
  return true;
}
