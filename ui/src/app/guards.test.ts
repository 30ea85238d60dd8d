import { beforeEach, describe, expect, it } from "vitest";
import { onDragStart, onDrop, onMenu } from "./guards";

function refused(handler: (event: never) => void, type: string, element: Element): boolean {
  const event = new Event(type, { bubbles: true, cancelable: true });
  element.addEventListener(type, (seen) => handler(seen as never), { once: true });
  element.dispatchEvent(event);
  return event.defaultPrevented;
}

describe("guards of the page", () => {
  beforeEach(() => {
    document.body.innerHTML = `<p>证据</p><img alt=""><a href="#x">x</a><textarea></textarea><input><input type="checkbox">`;
    window.getSelection()?.removeAllRanges();
  });
  const one = (selector: string) => document.querySelector(selector)!;

  it("keeps the web view's menu for texts", () => {
    for (const place of ["p", "img", "a", "input[type=checkbox]"])
      expect(refused(onMenu, "contextmenu", one(place)), place).toBe(true);
    for (const place of ["textarea", "input"])
      expect(refused(onMenu, "contextmenu", one(place)), place).toBe(false);
    window.getSelection()?.selectAllChildren(one("p"));
    expect(refused(onMenu, "contextmenu", one("p")), "a selected text can be copied").toBe(false);
  });

  it("lets no picture and no link be dragged out", () => {
    expect(refused(onDragStart, "dragstart", one("img"))).toBe(true);
    expect(refused(onDragStart, "dragstart", one("a"))).toBe(true);
    expect(refused(onDragStart, "dragstart", one("p")), "a selected text may go").toBe(false);
  });

  it("lets things be dropped into fields alone", () => {
    for (const type of ["dragover", "drop"]) {
      expect(refused(onDrop, type, one("p"))).toBe(true);
      expect(refused(onDrop, type, one("textarea"))).toBe(false);
    }
  });
});
