import { describe, expect, it } from "vitest";
import { keepFocus } from "./focus";

describe("a control that goes away", () => {
  const page = (html: string) => (document.body.innerHTML = html);
  const at = (id: string) => document.getElementById(id)!;

  it("leaves the focus to the next one, or to the one before where there is none", async () => {
    page(
      `<button id="a"></button><button id="b"></button><button disabled></button><button id="c"></button>`,
    );
    at("b").focus();
    await keepFocus(() => at("b").remove());
    expect(document.activeElement?.id).toBe("c");
    await keepFocus(() => at("c").remove());
    expect(document.activeElement?.id).toBe("a");
  });

  it("that stays keeps it, and what it gave away is not taken back", async () => {
    page(`<button id="a"></button><button id="b"></button>`);
    at("a").focus();
    await keepFocus(() => undefined);
    expect(document.activeElement?.id).toBe("a");
    await keepFocus(() => at("b").focus());
    expect(document.activeElement?.id).toBe("b");
  });
});
