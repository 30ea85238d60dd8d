import { describe, expect, it } from "vitest";
import { covered, regionFor, serves } from "./region";
import { pan, place, visible, WHOLE, zoomTo, type Scene } from "./zoom";

const screen = { width: 2048, height: 1536 };
const photo: Scene = { frame: { width: 800, height: 600 }, picture: { width: 4032, height: 3024 } };
const panorama: Scene = { frame: { width: 1600, height: 900 }, picture: { width: 20_000, height: 5_000 } };
const wide = { width: 2048, height: 512 };
const at = (scene: Scene, scale: number) => place(zoomTo(WHOLE, scene, scale), scene);

describe("a region of the original", () => {
  it("is not asked for while the rendition has pixels enough", () => {
    expect(regionFor(place(WHOLE, photo), photo, screen, 1)).toBeNull();
    expect(regionFor(at(photo, 0.5), photo, screen, 1)).toBeNull();
    expect(regionFor(at(photo, 0.5), photo, screen, 2), "on a dense screen sooner").not.toBeNull();
  });

  it("is never asked for where the rendition is the original", () => {
    const scene = { ...photo, picture: { width: 1600, height: 1200 } };
    expect(regionFor(at(scene, 8), scene, { width: 1600, height: 1200 }, 2)).toBeNull();
  });

  it("covers what is seen, lies on the grid, and stays inside the picture", () => {
    for (const scale of [0.6, 1, 2.5, 8])
      for (const turns of [0, 1, 2, 3]) {
        const view = pan(zoomTo({ ...WHOLE, turns }, photo, scale), photo, { x: -9000, y: 9000 });
        const placed = place(view, photo);
        const region = regionFor(placed, photo, screen, 1)!;
        const seen = visible(placed, photo);
        expect(serves(region, region, seen), `${scale} turned ${turns}`).toBe(true);
        expect(region.x % 256).toBe(0);
        expect(region.y % 256).toBe(0);
        expect(region.x + region.width).toBeLessThanOrEqual(4032);
        expect(region.y + region.height).toBeLessThanOrEqual(3024);
      }
  });

  it("is halved as far as the zoom allows, and no farther", () => {
    expect(regionFor(at(photo, 1), photo, screen, 1)!.halvings).toBe(0);
    expect(regionFor(at(panorama, 0.25), panorama, wide, 1)!.halvings).toBe(2);
    expect(regionFor(at(panorama, 0.3), panorama, wide, 1)!.halvings).toBe(1);
    expect(regionFor(at(panorama, 0.25), panorama, wide, 2)!.halvings).toBe(1);
  });

  it("never has more than 4,096 pixels on a side after halving", () => {
    const vast: Scene = { frame: { width: 3800, height: 2100 }, picture: { width: 30_000, height: 20_000 } };
    for (const density of [1, 2, 3])
      for (const scale of [0.08, 0.2, 0.5, 0.51, 1, 4]) {
        const region = regionFor(at(vast, scale), vast, { width: 2048, height: 1365 }, density);
        if (!region) continue;
        expect(region.width >> region.halvings, `${scale} at ${density}`).toBeLessThanOrEqual(4096);
        expect(region.height >> region.halvings).toBeLessThanOrEqual(4096);
        expect(region.halvings).toBeLessThanOrEqual(4);
      }
  });

  it("is asked for again only when a move leaves it", () => {
    const view = zoomTo(WHOLE, photo, 1);
    const there = regionFor(place(view, photo), photo, screen, 1)!;
    const near = place(pan(view, photo, { x: 60, y: 0 }), photo);
    expect(serves(there, regionFor(near, photo, screen, 1)!, visible(near, photo))).toBe(true);
    const far = place(pan(view, photo, { x: 900, y: 0 }), photo);
    expect(serves(there, regionFor(far, photo, screen, 1)!, visible(far, photo))).toBe(false);
  });

  it("stands for whole pixels only", () => {
    expect(covered({ halvings: 2, x: 0, y: 0, width: 4033, height: 3026 })).toEqual({
      x: 0,
      y: 0,
      width: 4032,
      height: 3024,
    });
  });
});
