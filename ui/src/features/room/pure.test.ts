// The room's pure parts: chat rows, the axis, zooming.
import { describe, expect, it } from "vitest";
import { coatBodies } from "../../backend/fake/coatBodies";
import { coatTimeline } from "../../backend/fake/coatTimeline";
import type { ChatLog, ChatMessage } from "../../backend/types";
import { layOut, pieces, search } from "./chat/rows";
import { fit, hold, zoomAt } from "./photos/zoom";
import { density, lines } from "./timeline/axis";

const log = coatBodies["p-1"] as unknown as ChatLog;

describe("chat rows", () => {
  it("keep the recorded order even where stamps disagree", () => {
    const at = (seq: number, time: string): ChatMessage => ({
      seq,
      at: time,
      from: "b",
      kind: "text",
      text: String(seq),
    });
    const rows = layOut({
      ...log,
      messages: [at(1, "2026-11-02T10:00:00+08:00"), at(2, "2026-11-02T09:00:00+08:00")],
    }).rows;
    expect(rows.filter((row) => row.kind === "message").map((row) => row.key)).toEqual(["m1", "m2"]);
  });
  it("separate days, name the gap, and jump only to days with messages", () => {
    const laid = layOut(log);
    expect(laid.days.map((day) => day.day)).toEqual(["2026-11-02", "2026-11-08", "2026-11-09", "2026-11-10"]);
    expect(laid.rows.find((row) => row.kind === "day" && row.day === "2026-11-08")).toMatchObject({
      gapDays: 5,
    });
    expect(laid.rows.find((row) => row.kind === "omitted")).toMatchObject({ count: 3 });
    for (const [seq, row] of laid.rowOf) expect(laid.rows[row]).toMatchObject({ message: { seq } });
  });
  it("lay out 20,000 messages quickly", () => {
    const messages = Array.from({ length: 20_000 }, (_, i): ChatMessage => ({
      seq: i + 1,
      at: `2026-11-${String(1 + (i % 28)).padStart(2, "0")}T10:00:00+08:00`,
      from: "b",
      kind: "text",
      text: "x",
    }));
    messages.sort((a, b) => (a.at! < b.at! ? -1 : 1));
    const started = performance.now();
    expect(layOut({ ...log, messages }).rowOf.size).toBe(20_000);
    expect(performance.now() - started, "milliseconds").toBeLessThan(400);
  });
  it("find text in any case and mark every place", () => {
    expect(search(log, "洗涤标").length).toBeGreaterThan(2);
    expect(pieces("abcABC", "b").filter((piece) => piece.hit)).toHaveLength(2);
    expect(pieces("abc", " ").filter((piece) => piece.hit)).toHaveLength(0);
    expect(
      pieces("İx", "x")
        .map((piece) => piece.text)
        .join(""),
    ).toBe("İx");
  });
});

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

describe("zooming", () => {
  const frame = { width: 800, height: 600 };
  const picture = { width: 4000, height: 3000 };
  it("keeps the point under the pointer where it is", () => {
    const before = fit(frame, picture);
    const point = { x: 120, y: -60 };
    const after = zoomAt(before, 2, point, before.scale);
    const under = (view: typeof before) => ({
      x: (point.x - view.x) / view.scale,
      y: (point.y - view.y) / view.scale,
    });
    expect(under(after).x).toBeCloseTo(under(before).x);
    expect(under(after).y).toBeCloseTo(under(before).y);
  });
  it("never goes below the fit and never loses the picture", () => {
    const whole = fit(frame, picture);
    expect(zoomAt(whole, 0.1, { x: 0, y: 0 }, whole.scale).scale).toBe(whole.scale);
    expect(hold({ scale: 1, x: 99_999, y: 0, turns: 0 }, frame, picture).x).toBe(1600);
    expect(hold({ scale: 1, x: 99_999, y: 0, turns: 1 }, frame, picture).x).toBe(1100);
  });
});
