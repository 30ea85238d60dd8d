import { describe, expect, it } from "vitest";
import {
  ALIGNED,
  alignment,
  fitScale,
  follow,
  movable,
  opposite,
  pan,
  place,
  toFrame,
  toPicture,
  turn,
  visible,
  WHOLE,
  widthScale,
  zoomBy,
  zoomTo,
  zoomToRect,
  type Scene,
  type View,
} from "./zoom";

const scene: Scene = { frame: { width: 800, height: 600 }, picture: { width: 4032, height: 3024 } };
const every: View[] = [0, 1, 2, 3].map((turns) => ({ ...WHOLE, turns }));

describe("a picture in its frame", () => {
  it("is seen whole at first, however it is turned, and never larger than it is", () => {
    for (const view of every) {
      const seen = visible(place(view, scene), scene);
      expect(seen, `turned ${view.turns}`).toMatchObject({ x: 0, y: 0, width: 4032, height: 3024 });
    }
    const small = { ...scene, picture: { width: 200, height: 100 } };
    expect(place(WHOLE, small).scale).toBe(1);
    expect(place(WHOLE, { ...small, enlarge: true }).scale, "a small mark fills its frame").toBe(4);
  });

  it("keeps the detail under the pointer where it is while it is zoomed", () => {
    for (const view of every) {
      const at = { x: 120, y: -60 };
      const near = zoomTo(view, scene, 1, { x: 10, y: 5 });
      const under = toPicture(place(near, scene), scene, at);
      const nearer = zoomBy(near, scene, 1.7, at);
      const after = toPicture(place(nearer, scene), scene, at);
      expect(after.x, `turned ${view.turns}`).toBeCloseTo(under.x, 6);
      expect(after.y, `turned ${view.turns}`).toBeCloseTo(under.y, 6);
    }
  });

  it("is never smaller than the fit, and is fitted again when it comes back to it", () => {
    expect(zoomBy(WHOLE, scene, 0.1)).toMatchObject({ scale: null });
    const there = zoomTo(WHOLE, scene, 2);
    expect(there.scale).toBe(2);
    expect(zoomBy(there, scene, 0.001).scale).toBeNull();
    expect(zoomBy(there, scene, 1000).scale, "eight screen pixels for one").toBe(8);
  });

  it("cannot be lost by moving it", () => {
    for (const view of every) {
      const far = pan(zoomTo(view, scene, 1), scene, { x: 99_999, y: -99_999 });
      const seen = visible(place(far, scene), scene);
      expect(seen.width * seen.height, `turned ${view.turns}`).toBe(800 * 600);
    }
    expect(movable(WHOLE, scene)).toBe(false);
    expect(pan(WHOLE, scene, { x: 50, y: 50 }), "a fitted picture does not move").toEqual(WHOLE);
  });

  it("moves as the hand does, whichever way it is turned", () => {
    for (const view of every) {
      const before = zoomTo(view, scene, 1);
      const after = pan(before, scene, { x: 30, y: -20 });
      expect(place(after, scene).x - place(before, scene).x, `turned ${view.turns}`).toBeCloseTo(30);
      expect(place(after, scene).y - place(before, scene).y).toBeCloseTo(-20);
    }
  });

  it("means the same in a frame of another size", () => {
    const view = pan(zoomTo(WHOLE, scene, 1.5), scene, { x: 210, y: 90 });
    const wide = { ...scene, frame: { width: 1200, height: 500 } };
    const middle = { x: 0, y: 0 };
    expect(toPicture(place(view, wide), wide, middle).x).toBeCloseTo(
      toPicture(place(view, scene), scene, middle).x,
    );
  });

  it("lies where its rectangles are said to lie", () => {
    for (const view of every) {
      const near = zoomTo(view, scene, 0.7, { x: 33, y: -12 });
      const placed = place(near, scene);
      const rect = { x: 1000, y: 500, width: 300, height: 200 };
      const box = toFrame(placed, scene, rect);
      const corner = toPicture(placed, scene, { x: box.x - 400, y: box.y - 300 });
      const other = toPicture(placed, scene, { x: box.x + box.width - 400, y: box.y + box.height - 300 });
      expect(Math.min(corner.x, other.x), `turned ${view.turns}`).toBeCloseTo(1000);
      expect(Math.max(corner.y, other.y)).toBeCloseTo(700);
    }
  });

  it("turns about, and four turns are none", () => {
    expect([1, 1, 1, 1].reduce((view) => turn(view, 1), WHOLE)).toEqual(WHOLE);
    expect(turn(WHOLE, -1).turns).toBe(3);
    expect(fitScale(scene, 1)).toBeCloseTo(600 / 4032);
    expect(widthScale(scene, 1)).toBeCloseTo(800 / 3024);
  });

  it("shows a region with some of what is around it", () => {
    const rect = { x: 2000, y: 1000, width: 200, height: 100 };
    const seen = visible(place(zoomToRect(WHOLE, scene, rect), scene), scene);
    expect(seen.x).toBeLessThan(2000);
    expect(seen.x + seen.width).toBeGreaterThan(2200);
    expect(seen.width).toBeLessThan(1000);
  });

  it("stands still where a size is not known yet", () => {
    const nothing = { frame: { width: 0, height: 0 }, picture: { width: 0, height: 0 } };
    expect(place(WHOLE, nothing)).toEqual({ scale: 1, x: 0, y: 0, turns: 0 });
    expect(zoomBy(WHOLE, nothing, 2).x).toBe(0.5);
  });
});

describe("two pictures together", () => {
  const other: Scene = { ...scene, picture: { width: 1600, height: 1200 } };
  it("show the same part of each, whatever their sizes", () => {
    const first = pan(zoomTo(WHOLE, scene, 0.8), scene, { x: 140, y: 70 });
    const second = follow(first, WHOLE, scene, other, ALIGNED);
    const a = visible(place(first, scene), scene);
    const b = visible(place(second, other), other);
    expect(b.x / 1600).toBeCloseTo(a.x / 4032);
    expect(b.width / 1600).toBeCloseTo(a.width / 4032);
  });
  it("keep the place that they were given against each other", () => {
    const first = zoomTo(WHOLE, scene, 0.5);
    const moved = pan(zoomTo(WHOLE, other, 2), other, { x: 60, y: -40 });
    const by = alignment(first, moved, scene, other);
    expect(follow(first, WHOLE, scene, other, by)).toMatchObject({ x: moved.x, y: moved.y });
    expect(follow(first, WHOLE, scene, other, by).scale).toBeCloseTo(moved.scale!);
    const back = follow(moved, first, other, scene, opposite(by));
    expect(back.scale).toBeCloseTo(first.scale!);
    expect(back.x).toBeCloseTo(first.x);
  });
  it("fit in together", () => {
    expect(follow(WHOLE, { ...WHOLE, turns: 1 }, scene, other, ALIGNED)).toEqual({ ...WHOLE, turns: 1 });
  });
});
