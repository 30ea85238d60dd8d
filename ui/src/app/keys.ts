// Keys. A key typed into a field, or while an input method composes, is text and never a command;
// single-letter keys can be switched off.

export type Command = (event: KeyboardEvent) => unknown;
export type Bindings = Record<string, Command>;

/** Whether a key event belongs to the text being written. */
export function isText(event: KeyboardEvent): boolean {
  // 229 is what a web view reports for a key that the input method took.
  if (event.isComposing || event.keyCode === 229 || event.key === "Process" || event.key === "Dead")
    return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  )
    return true;
  return (
    target instanceof HTMLInputElement && !["checkbox", "radio", "button", "range"].includes(target.type)
  );
}

/** The name of a key event: "j", "Ctrl+Enter", "ArrowDown". */
export function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const control = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  const alt = event.altKey ? "Alt+" : "";
  const shift = event.shiftKey && event.key.length > 1 ? "Shift+" : "";
  return control + alt + shift + key;
}

/** Keys that may be held: they move or zoom, and holding them says to go on. */
const GOES_ON = /^(?:(?:Shift\+)?(?:Arrow\w+|Page\w+|Home|End|F3)|[jk,.+=-])$/;

/** Whether a key only repeats itself because it is held, and would do once more what was meant once. */
export function isHeld(event: KeyboardEvent): boolean {
  return event.repeat && !GOES_ON.test(nameOf(event));
}

export class Keys {
  singleKeys = true;
  #scopes: Bindings[] = [];

  /** Adds bindings over those that are there; answers a function that takes them away. */
  bind(bindings: Bindings): () => void {
    this.#scopes.push(bindings);
    return () => {
      const at = this.#scopes.lastIndexOf(bindings);
      if (at >= 0) this.#scopes.splice(at, 1);
    };
  }

  handle = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return;
    const name = nameOf(event);
    const withControl = name.startsWith("Ctrl+");
    const composing = event.isComposing || event.keyCode === 229;
    if (composing) return;
    // In a field only Ctrl combinations that do not edit text are commands.
    if (isText(event) && !(withControl && name === "Ctrl+Enter") && name !== "Escape") return;
    if (name.length === 1 && !this.singleKeys) return;
    if (document.querySelector("dialog[open]")) return;
    for (const scope of [...this.#scopes].reverse()) {
      const command = scope[name];
      if (!command) continue;
      if (isHeld(event) || command(event) !== false) event.preventDefault();
      return;
    }
  };
}
