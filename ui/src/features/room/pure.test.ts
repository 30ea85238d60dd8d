// The room's pure parts: the axis, zooming.
import { describe, expect, it } from "vitest";
import { coatTimeline } from "../../backend/fake/coatTimeline";
import { density, lines } from "./timeline/axis";

describe("the axis", () => {
  it("draws gaps as gaps and joins pictures taken together", () => {
    const all = lines(coatTimeline.items, null, null);
    expect(all.filter((line) => line.kind === "gap")).toHaveLength(2);
    expect(all.filter((line) => line.kind === "items" && line.entries.length === 2)).toHaveLength(1);
    expect(
      lines(coatTimeline.items, new Set(["seller"]), null).filter((line) => line.kind === "items"),
    ).toHaveLength(4);
  });
  it("counts every item once, however long the case", () => {
    const columns = density(coatTimeline.items);
    expect(columns).toHaveLength(9);
    const weight = coatTimeline.items.reduce((sum, item) => sum + (item.kind === "chat" ? item.count : 1), 0);
    expect(columns.reduce((sum, column) => sum + column.total, 0)).toBe(weight);
    const years = [coatTimeline.items[0]!, { ...coatTimeline.items[0]!, at: "2029-11-02T14:02:17+08:00" }];
    expect(density(years).length).toBeLessThanOrEqual(60);
  });
});
