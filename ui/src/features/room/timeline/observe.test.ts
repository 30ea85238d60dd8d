// Neutral observations in sentences.
import { describe, expect, it } from "vitest";
import type { Observation } from "../../../backend/types";
import { sentence } from "./observe";

const said = (finding: Observation["finding"]) => sentence({ id: "o", finding, sources: [], leans_on: [] });

describe("the sentence of an observation", () => {
  it("calls only the same bytes the same file", () => {
    const same = said({ kind: "same_picture", distance: 0, same_file: true });
    const alike = said({ kind: "same_picture", distance: 0, same_file: false });
    expect(same).toBe("两份证据里是同一个图片文件");
    expect(alike).toBe("两份证据里的两个图片文件看起来相同（指纹一致，文件不同）");
    expect(said({ kind: "same_picture", distance: 3, same_file: false })).toContain("相差 3 位");
  });
});
