import { describe, expect, it, vi } from "vitest";
import { gestures, wheelFactor, wheelKind } from "./gestures";
import { between, fromParts, middleOf, nudge, toParts } from "./marking";

const wheel = (change: Partial<WheelEvent>) => ({
  ctrlKey: false,
  deltaMode: 0,
  deltaX: 0,
  deltaY: 0,
  ...change,
});

describe("the wheel", () => {
  it("zooms when a mouse turns it and moves when fingers do", () => {
    expect(wheelKind(wheel({ deltaY: 120 }), null)).toBe("zoom");
    expect(wheelKind(wheel({ deltaY: 3, deltaMode: 1 }), null)).toBe("zoom");
    expect(wheelKind(wheel({ deltaY: 4 }), null)).toBe("pan");
    expect(wheelKind(wheel({ deltaY: 57.5 }), null)).toBe("pan");
    expect(wheelKind(wheel({ deltaX: -12, deltaY: 80 }), null)).toBe("pan");
    expect(wheelKind(wheel({ deltaY: 2, ctrlKey: true }), null), "a pinch").toBe("zoom");
  });
  it("means one thing from the first step of a gesture to its last", () => {
    expect(wheelKind(wheel({ deltaY: 120 }), "pan"), "fast fingers").toBe("pan");
    expect(wheelKind(wheel({ deltaY: 8 }), "zoom")).toBe("zoom");
  });
  it("never zooms by more than a quarter at once", () => {
    for (const deltaY of [-5000, -120, 120, 5000]) {
      const factor = wheelFactor(wheel({ deltaY }));
      expect(factor).toBeGreaterThan(0.79);
      expect(factor).toBeLessThan(1.26);
      expect(factor > 1).toBe(deltaY < 0);
    }
  });
});

describe("hands on a frame", () => {
  function frame() {
    const node = document.createElement("div");
    const hands = { zoom: vi.fn(), pan: vi.fn(), toggle: vi.fn(), holding: vi.fn() };
    return { node, hands, stop: gestures(node, hands) };
  }
  const pointer = (type: string, id: number, x: number, y: number) =>
    Object.assign(new MouseEvent(type, { clientX: x, clientY: y, button: 0, bubbles: true }), {
      pointerId: id,
    });

  it("drag with one pointer, zoom and move with two", () => {
    const { node, hands } = frame();
    node.dispatchEvent(pointer("pointerdown", 1, 100, 100));
    node.dispatchEvent(pointer("pointermove", 1, 130, 90));
    expect(hands.pan).toHaveBeenLastCalledWith({ x: 30, y: -10 });
    expect(hands.zoom).not.toHaveBeenCalled();
    node.dispatchEvent(pointer("pointerdown", 2, 230, 90));
    node.dispatchEvent(pointer("pointermove", 2, 330, 90));
    expect(hands.zoom.mock.calls[0]![0], "twice as far apart").toBeCloseTo(2);
    node.dispatchEvent(pointer("pointerup", 2, 330, 90));
    node.dispatchEvent(pointer("pointerup", 1, 130, 90));
    expect(hands.holding).toHaveBeenLastCalledWith(false);
    hands.pan.mockClear();
    node.dispatchEvent(pointer("pointermove", 1, 300, 300));
    expect(hands.pan, "nothing is held").not.toHaveBeenCalled();
  });
  it("leave buttons over the picture alone, and stop when they are told to", () => {
    const { node, hands, stop } = frame();
    const button = node.appendChild(document.createElement("button"));
    button.dispatchEvent(pointer("pointerdown", 1, 5, 5));
    node.dispatchEvent(pointer("pointermove", 1, 50, 50));
    expect(hands.pan).not.toHaveBeenCalled();
    stop();
    node.dispatchEvent(new WheelEvent("wheel", { deltaY: 120 }));
    expect(hands.zoom).not.toHaveBeenCalled();
  });
});

describe("a region for a note", () => {
  const picture = { width: 4032, height: 3024 };
  it("is kept in ten-thousandths and found again", () => {
    const rect = { x: 1008, y: 756, width: 403, height: 302 };
    const parts = toParts(rect, picture);
    expect(parts).toEqual({ x: 2500, y: 2500, width: 1000, height: 999 });
    const back = fromParts(parts, picture);
    expect(back.x).toBeCloseTo(rect.x, 0);
    expect(back.width).toBeCloseTo(rect.width, 0);
  });
  it("stays inside the picture, and is never nothing", () => {
    for (const rect of [
      { x: -50, y: -50, width: 9000, height: 9000 },
      { x: 4032, y: 3024, width: 0, height: 0 },
    ]) {
      const { x, y, width, height } = toParts(rect, picture);
      expect(x + width).toBeLessThanOrEqual(10_000);
      expect(y + height).toBeLessThanOrEqual(10_000);
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(1);
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
    }
    expect(between({ x: 500, y: 9000 }, { x: -20, y: 100 }, picture)).toEqual({
      x: 0,
      y: 100,
      width: 500,
      height: 2924,
    });
  });
  it("is moved and sized by keys as the screen shows it", () => {
    const start = middleOf({ x: 0, y: 0, width: 3000, height: 3000 });
    expect(nudge(start, "ArrowRight", "move", 10, 0, picture)).toMatchObject({ x: 1010, y: 1000 });
    expect(
      nudge(start, "ArrowRight", "move", 10, 1, picture),
      "turned right, up in the picture",
    ).toMatchObject({
      x: 1000,
      y: 990,
    });
    expect(nudge(start, "ArrowDown", "size", 10, 0, picture)).toMatchObject({ width: 1000, height: 1010 });
    expect(nudge(start, "ArrowDown", "size", 10, 1, picture)).toMatchObject({ width: 1010, height: 1000 });
    expect(nudge(start, "ArrowLeft", "size", 99_999, 0, picture).width).toBeGreaterThan(0);
    expect(nudge(start, "ArrowRight", "move", 99_999, 0, picture).x).toBe(picture.width - 1000);
  });
});
