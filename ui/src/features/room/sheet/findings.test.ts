// Findings: cells set, cleared and gone through; a summary that counts and never leans.
import { describe, expect, it } from "vitest";
import type { Finding, Side } from "../../../backend/types";
import { findingOfKey, nextFinding, summary, withCell, withFinding } from "./findings";

const sides: Side[] = ["seller", "buyer"];
const favours = (side: Side): Finding => ({ kind: "favours", side });
const neutral: Finding = { kind: "neutral" };

describe("findings", () => {
  it("stand once per issue and evidence, and go when they are cleared", () => {
    let matrix = withCell([], "i1", "b-1", favours("buyer"));
    matrix = withCell(matrix, "i1", "b-2", neutral);
    matrix = withCell(matrix, "i1", "b-1", favours("seller"));
    expect(matrix).toHaveLength(2);
    expect(matrix.find((cell) => cell.evidence === "b-1")?.finding).toEqual(favours("seller"));
    expect(withCell(matrix, "i1", "b-1", null)).toHaveLength(1);
    expect(withFinding(withFinding([], "b-1", neutral), "b-1", null)).toEqual([]);
  });
  it("go round through both sides in the drawn order, neutral and nothing", () => {
    expect(nextFinding(undefined, sides)).toEqual(favours("seller"));
    expect(nextFinding(favours("seller"), sides)).toEqual(favours("buyer"));
    expect(nextFinding(favours("buyer"), sides)).toEqual(neutral);
    expect(nextFinding(neutral, sides)).toBeNull();
  });
  it("follow the keys of the drawn order", () => {
    expect(findingOfKey("1", sides)).toEqual(favours("seller"));
    expect(findingOfKey("2", sides)).toEqual(favours("buyer"));
    expect(findingOfKey("0", sides)).toEqual(neutral);
    expect(findingOfKey("Backspace", sides)).toBeNull();
    expect(findingOfKey("3", sides), "another key is not a finding").toBeUndefined();
    expect(findingOfKey("2", ["owner"]), "there is no second side").toBeUndefined();
  });
  it("are counted per side in the drawn order, with what is open", () => {
    expect(summary([favours("buyer"), favours("buyer"), neutral], sides, 10)).toEqual({
      sides: [
        { side: "seller", n: 0 },
        { side: "buyer", n: 2 },
      ],
      neutral: 1,
      open: 7,
    });
  });
});
