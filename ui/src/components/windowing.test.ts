// The windowed list's arithmetic, for lists that fit a canvas and for lists that do not.
import { describe, expect, it } from "vitest";
import {
  anchorAt,
  canvasOf,
  drift,
  layOut,
  MAX_CANVAS,
  offsetFor,
  rowAt,
  scrollFor,
  spanOf,
  yAt,
  type Axis,
} from "./windowing";

const axisOf = (count: number): Axis => ({ count, estimate: 64, viewport: 800 });
/** Rows of very different heights, all of them unlike the estimate. */
const uneven = (index: number) => 30 + ((index * 37) % 90);
const sizes = [1, 5, 40, 1_000, 20_000, 1_000_000, 50_000_000];

describe.each(sizes)("a list of %i rows", (count) => {
  const axis = axisOf(count);

  it("has a canvas that an engine can lay out", () => {
    expect(canvasOf(axis)).toBeLessThanOrEqual(MAX_CANVAS);
    expect(canvasOf(axis)).toBeGreaterThanOrEqual(axis.viewport);
  });

  it("finds every row again by its place on the canvas, in order", () => {
    let before = -1;
    for (let part = 0; part <= 100; part++) {
      const row = (count * part) / 100;
      expect(rowAt(axis, yAt(axis, row))).toBeCloseTo(row, 3);
      expect(yAt(axis, row)).toBeGreaterThan(before);
      before = yAt(axis, row);
    }
  });

  it("shows the first row at the top of the bar and the last at its end", () => {
    const canvas = canvasOf(axis);
    const top = layOut(axis, anchorAt(axis, 0, canvas, uneven), 0, 600, uneven);
    expect(top.span).toMatchObject({ first: 0 });
    expect(top.span.tops[0]).toBe(0);
    expect(top.scroll).toBe(0);
    const end = canvas - axis.viewport;
    const bottom = layOut(axis, anchorAt(axis, end, canvas, uneven), end, 600, uneven);
    expect(bottom.span.end).toBe(count);
    expect(bottom.span.tops.at(-1), "nothing but air would be below").toBeLessThanOrEqual(bottom.canvas);
    expect(bottom.scroll).toBe(bottom.canvas - axis.viewport);
  });

  it("covers the viewport with rows that touch, wherever the bar is", () => {
    const canvas = canvasOf(axis);
    for (let part = 0; part <= 40; part++) {
      const scroll = Math.round(((canvas - axis.viewport) * part) / 40);
      const { span, scroll: held } = layOut(
        axis,
        anchorAt(axis, scroll, canvas, uneven),
        scroll,
        600,
        uneven,
      );
      for (let i = span.first; i < span.end; i++)
        expect(span.tops[i - span.first + 1]! - span.tops[i - span.first]!).toBe(uneven(i));
      expect(span.tops[0], "rows begin above the viewport").toBeLessThanOrEqual(held);
      const whole = span.first === 0 && span.end === count;
      if (!whole) expect(span.tops.at(-1), "and end below it").toBeGreaterThanOrEqual(held + axis.viewport);
      expect(span.end - span.first, "however many rows there are").toBeLessThan(90);
    }
  });

  it("is read from end to end by small steps without losing a row or a pixel", () => {
    const rows = Math.min(count, 1_000);
    for (const direction of [1, -1] as const) {
      let { span, anchor, scroll, canvas } = layOut(
        axis,
        direction > 0 ? { index: 0, top: 0 } : { index: count - 1, top: canvasOf(axis) - uneven(count - 1) },
        direction > 0 ? 0 : canvasOf(axis) - axis.viewport,
        600,
        uneven,
      );
      let seen = direction > 0 ? span.end : span.first;
      for (let step = 0; step < rows * 3; step++) {
        const wanted = Math.max(0, Math.min(scroll + direction * 60, canvas - axis.viewport));
        const before = { index: anchor.index, y: anchor.top - wanted };
        const next = layOut(axis, anchor, wanted, 600, uneven);
        const moved = next.anchor.top - next.scroll - before.y;
        const edge = next.scroll === 0 || next.scroll === next.canvas - axis.viewport;
        if (!edge) expect(Math.abs(moved), `row ${before.index} stays where it is`).toBeLessThan(1);
        ({ span, scroll, canvas } = next);
        anchor = { index: span.first, top: span.tops[0]! };
        expect(span.first, "no row is left out").toBeLessThanOrEqual(direction > 0 ? seen : count);
        expect(span.end).toBeGreaterThanOrEqual(direction > 0 ? 0 : seen);
        seen = direction > 0 ? span.end : span.first;
        if (direction > 0 ? span.end === count && edge : span.first === 0 && edge) break;
      }
      if (rows === count) expect(direction > 0 ? span.end : span.first).toBe(direction > 0 ? count : 0);
    }
  });
});

describe("a list in a window", () => {
  it("brings the bar back to where its rows belong", () => {
    const axis = axisOf(1_000_000);
    const canvas = canvasOf(axis);
    const scroll = 2_000_000;
    const span = spanOf(axis, { index: 400_000, top: scroll }, scroll - 600, scroll + 1_400, uneven);
    const by = drift(axis, span, scroll, canvas);
    expect(Math.abs(anchorAt(axis, scroll + by, canvas, uneven).index - 400_007)).toBeLessThan(12);
  });
  it("stands a row at the start, in the middle or at the end", () => {
    expect(offsetFor("start", 800, 60)).toBe(0);
    expect(offsetFor("center", 800, 60)).toBe(370);
    expect(offsetFor("end", 800, 60)).toBe(740);
    expect(offsetFor("end", 800, 900), "a row higher than the window shows its beginning").toBe(0);
  });
  it("keeps the bar within the canvas", () => {
    const axis = axisOf(20_000);
    expect(scrollFor(axis, 0)).toBe(0);
    expect(scrollFor(axis, 20_000)).toBe(canvasOf(axis) - 800);
  });
  it("has nothing to show without rows", () => {
    expect(layOut(axisOf(0), { index: 0, top: 0 }, 0, 600, uneven).span).toMatchObject({ first: 0, end: 0 });
  });
});
