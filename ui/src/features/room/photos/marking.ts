// A region of a picture that a note stands on: drawn by hand or by keys, kept in ten-thousandths of the
// upright picture's sides. Pure.
import type { Region } from "../room.svelte";
import { rotate, type Point, type Rect, type Size } from "./zoom";

const PARTS = 10_000;
/** The least side of a region, as a share of the picture's. */
const LEAST = 0.005;

const clamp = (least: number, value: number, most: number) => Math.max(least, Math.min(most, value));

export type RegionPlace = Omit<Region, "page">;

export function toParts(rect: Rect, { width, height }: Size): RegionPlace {
  const x = clamp(0, Math.round((rect.x / width) * PARTS), PARTS - 1);
  const y = clamp(0, Math.round((rect.y / height) * PARTS), PARTS - 1);
  return {
    x,
    y,
    width: clamp(1, Math.round((rect.width / width) * PARTS), PARTS - x),
    height: clamp(1, Math.round((rect.height / height) * PARTS), PARTS - y),
  };
}

export const fromParts = (region: RegionPlace, { width, height }: Size): Rect => ({
  x: (region.x / PARTS) * width,
  y: (region.y / PARTS) * height,
  width: (region.width / PARTS) * width,
  height: (region.height / PARTS) * height,
});

/** The region to begin with when it is drawn by keys: the middle of what is seen. */
export const middleOf = (seen: Rect): Rect => ({
  x: seen.x + seen.width / 3,
  y: seen.y + seen.height / 3,
  width: seen.width / 3,
  height: seen.height / 3,
});

/** The rectangle between two points of the picture, kept inside it. */
export function between(a: Point, b: Point, { width, height }: Size): Rect {
  const x = clamp(0, Math.min(a.x, b.x), width);
  const y = clamp(0, Math.min(a.y, b.y), height);
  return {
    x,
    y,
    width: clamp(0, Math.max(a.x, b.x), width) - x,
    height: clamp(0, Math.max(a.y, b.y), height) - y,
  };
}

const DIRECTIONS: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Moves a region by an arrow key, or sizes it; the arrow points as the screen does, however it is turned. */
export function nudge(
  rect: Rect,
  key: string,
  how: "move" | "size",
  step: number,
  turns: number,
  picture: Size,
): Rect {
  const direction = DIRECTIONS[key];
  if (!direction) return rect;
  if (how === "move") {
    const by = rotate({ x: direction.x * step, y: direction.y * step }, -turns);
    return {
      ...rect,
      x: clamp(0, rect.x + by.x, picture.width - rect.width),
      y: clamp(0, rect.y + by.y, picture.height - rect.height),
    };
  }
  // Right and down make it larger, left and up smaller, whichever side that is in the picture.
  const more = (direction.x + direction.y) * step;
  const across = (direction.x !== 0) === (turns % 2 === 0);
  return across
    ? { ...rect, width: clamp(picture.width * LEAST, rect.width + more, picture.width - rect.x) }
    : { ...rect, height: clamp(picture.height * LEAST, rect.height + more, picture.height - rect.y) };
}
