// A web view that decodes: every rendition is 2,048 × 1,536 pixels, except the ones refused.
import { afterEach, beforeEach, vi } from "vitest";

/** Every test of a file has such a web view; what its `refused` matches cannot be decoded. */
export function decoding(): { refused: RegExp | null } {
  const view: { refused: RegExp | null } = { refused: null };
  beforeEach(() => {
    view.refused = null;
    Object.defineProperty(HTMLImageElement.prototype, "decode", {
      configurable: true,
      value(this: HTMLImageElement) {
        return view.refused?.test(this.src) ? Promise.reject(new Error("404")) : Promise.resolve();
      },
    });
    vi.spyOn(HTMLImageElement.prototype, "naturalWidth", "get").mockReturnValue(2048);
    vi.spyOn(HTMLImageElement.prototype, "naturalHeight", "get").mockReturnValue(1536);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    Reflect.deleteProperty(HTMLImageElement.prototype, "decode");
  });
  return view;
}
