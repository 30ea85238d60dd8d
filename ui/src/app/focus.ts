// Where the focus goes when what had it goes away: to what stands next to it, never to nowhere.
import { tick } from "svelte";

const STOPS = "a[href], button, input, select, textarea, summary, [tabindex]";

const usable = (element: HTMLElement): boolean =>
  element.isConnected &&
  element.tabIndex >= 0 &&
  !element.matches(":disabled") &&
  (element.checkVisibility?.() ?? true);

/** Does what may take away the control that has the focus; then the next one has it, or the one before. */
export async function keepFocus(act: () => unknown): Promise<void> {
  const had = document.activeElement;
  const stops = [...document.querySelectorAll<HTMLElement>(STOPS)].filter(usable);
  const at = stops.findIndex((stop) => stop === had);
  act();
  await tick();
  if (at < 0 || usable(stops[at]!)) return;
  [...stops.slice(at + 1), ...stops.slice(0, at).reverse()].find(usable)?.focus();
}
