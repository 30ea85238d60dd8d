// Which part of the original is worth asking for when a picture is zoomed in. Pure.
import { visible, type Placed, type Rect, type Scene, type Size } from "./zoom";

/** A part of the upright original, made smaller by halving; in the original's pixels. */
export interface RegionOf extends Rect {
  halvings: number;
}

const GRID = 256;
const MOST_HALVINGS = 4;
const MOST_SIDE = 4096;

/**
 * The region that makes a view sharp, or none while the rendition has pixels enough. It lies on a grid,
 * so that a small move asks for the same region again, and has a margin to move in.
 */
export function regionFor(placed: Placed, scene: Scene, rendition: Size, density: number): RegionOf | null {
  const { picture } = scene;
  if (picture.width <= 0 || rendition.width <= 0) return null;
  const has = rendition.width / picture.width;
  const needs = placed.scale * density;
  // A twentieth more than there is cannot be seen; a rendition that is the original has all there is.
  if (has >= 0.99 || needs <= has * 1.05) return null;
  const seen = visible(placed, scene);
  if (seen.width < 1 || seen.height < 1) return null;
  const least = Math.max(0, Math.min(MOST_HALVINGS, Math.floor(Math.log2(1 / needs))));
  for (let halvings = least; halvings <= MOST_HALVINGS; halvings++) {
    const margin = Math.max(seen.width, seen.height) / 8;
    for (const around of [margin, 0]) {
      const region = snap(seen, around, GRID << halvings, picture);
      if (region.width >> halvings <= MOST_SIDE && region.height >> halvings <= MOST_SIDE)
        return { halvings, ...region };
    }
  }
  return null;
}

function snap(rect: Rect, margin: number, grid: number, picture: Size): Rect {
  const low = (value: number) => Math.max(0, Math.floor((value - margin) / grid) * grid);
  const high = (value: number, most: number) => Math.min(most, Math.ceil((value + margin) / grid) * grid);
  const x = low(rect.x);
  const y = low(rect.y);
  return {
    x,
    y,
    width: high(rect.x + rect.width, picture.width) - x,
    height: high(rect.y + rect.height, picture.height) - y,
  };
}

/** Whether a region that is there already shows the view as sharply as the wanted one would. */
export function serves(there: RegionOf, wanted: RegionOf, seen: Rect): boolean {
  return (
    there.halvings <= wanted.halvings &&
    there.x <= seen.x + 1 &&
    there.y <= seen.y + 1 &&
    there.x + there.width >= seen.x + seen.width - 1 &&
    there.y + there.height >= seen.y + seen.height - 1
  );
}

export const same = (a: RegionOf, b: RegionOf): boolean =>
  a.halvings === b.halvings && a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;

/** The part of the original that the pixels of a halved region stand for: halving drops odd rests. */
export function covered({ halvings, x, y, width, height }: RegionOf): Rect {
  return { x, y, width: (width >> halvings) << halvings, height: (height >> halvings) << halvings };
}
