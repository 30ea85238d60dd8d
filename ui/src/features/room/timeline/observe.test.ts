// Neutral observations in sentences.
import { describe, expect, it } from "vitest";
import type { Observation } from "../../../backend/types";
import { sentence } from "./observe";

const said = (finding: Observation["finding"]) => sentence({ id: "o", finding, sources: [], leans_on: [] });

describe("the sentence of an observation", () => {
  it("names the years where two times are of different ones", () => {
    const taken = (taken: string) =>
      said({ kind: "taken_before_delivery", taken, delivered: "2026-10-20T09:00:00+08:00", seconds: 90_000 });
    expect(taken("2026-10-19T08:00:00+08:00")).toContain("10-19 08:00");
    expect(taken("2026-10-19T08:00:00+08:00")).not.toContain("2026");
    const older = taken("2021-07-15T11:58:00+08:00");
    expect(older).toContain("2021-07-15 11:58");
    expect(older).toContain("2026-10-20 09:00");
  });
  it("calls only the same bytes the same file", () => {
    const same = said({ kind: "same_picture", distance: 0, same_file: true });
    const alike = said({ kind: "same_picture", distance: 0, same_file: false });
    expect(same).toBe("两份证据里是同一个图片文件");
    expect(alike).toBe("两份证据里的两个图片文件看起来相同（指纹一致，文件不同）");
    expect(said({ kind: "same_picture", distance: 3, same_file: false })).toContain("相差 3 位");
  });
});
