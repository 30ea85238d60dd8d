import { describe, expect, it } from "vitest";
import { fenced } from "./direction";

describe("somebody else's words in a sentence of ours", () => {
  it("are as they were where they turn nothing", () => {
    expect(fenced("郁***店 2 号，¥98.00")).toBe("郁***店 2 号，¥98.00");
  });

  it("are closed where they turn what comes after, in the order in which they opened", () => {
    expect(fenced("收据 \u202Egpj.exe")).toBe("\u2068收据 \u202Egpj.exe\u202C\u2069");
    expect(fenced("\u202E\u2067一\u202B二")).toBe("\u2068\u202E\u2067一\u202B二\u202C\u2069\u202C\u2069");
  });

  it("close nothing twice, and a mark that ends too much ends no more than itself", () => {
    expect(fenced("\u2067一\u2069 \u202E二\u202C")).toBe("\u2068\u2067一\u2069 \u202E二\u202C\u2069");
    expect(fenced("\u2069\u202E三")).toBe("\u2068\u2069\u202E三\u202C\u2069");
    expect(fenced("\u2066\u202E四\u2069")).toBe("\u2068\u2066\u202E四\u2069\u2069");
  });

  it("that run from the right do not draw in the figures beside them", () => {
    expect(fenced("عربي")).toBe("\u2068عربي\u2069");
  });
});
