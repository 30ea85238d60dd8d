// What hands do to a picture, as zooms and moves: mouse wheel, pinch, two fingers on a touch pad, drag,
// double click. Points are counted from the middle of the frame.
import type { Point } from "./zoom";

export interface Hands {
  zoom(factor: number, at: Point): void;
  pan(by: Point): void;
  /** A double click. */
  toggle(at: Point): void;
  /** The pointer went down: answers whether the drag is taken for something else than moving. */
  take?(event: PointerEvent, at: Point): boolean;
  drag?(at: Point): void;
  drop?(at: Point): void;
  /** Whether a plain wheel moves the picture, as it does a page, instead of zooming. */
  scrolls?: boolean;
  /** Whether the wheel is taken here at all; where it is not, it scrolls what is around. */
  accepts?(event: WheelEvent): boolean;
  /** Whether a drag is going on. */
  holding?(is: boolean): void;
}

export type Wheel = "zoom" | "pan";
/** Pixels of a line, where a wheel counts in lines. */
const LINE = 18;
/** A gesture of the wheel ends when it rests this long, in milliseconds. */
const PAUSE = 250;

interface WheelFacts {
  ctrlKey: boolean;
  deltaMode: number;
  deltaX: number;
  deltaY: number;
}

/**
 * Tells a mouse wheel, which zooms, from two fingers on a touch pad, which move. A pinch arrives as a
 * wheel with Ctrl. A wheel turns in lines or in whole notches and only up and down; fingers move in
 * small or broken steps and sideways. Within one gesture the first answer stands.
 */
export function wheelKind(event: WheelFacts, before: Wheel | null): Wheel {
  if (event.ctrlKey) return "zoom";
  if (before) return before;
  if (event.deltaMode !== 0) return "zoom";
  const fingers = event.deltaX !== 0 || !Number.isInteger(event.deltaY) || Math.abs(event.deltaY) < 40;
  return fingers ? "pan" : "zoom";
}

/** How much one event of the wheel zooms. */
export function wheelFactor(event: WheelFacts): number {
  if (event.deltaMode !== 0) return Math.exp(-Math.sign(event.deltaY) * 0.2);
  // A notch is some 100 pixels in one engine and 57 in another: no event zooms by more than a quarter.
  const step = event.ctrlKey ? event.deltaY * 0.01 : event.deltaY * 0.002;
  return Math.exp(-Math.max(-0.22, Math.min(0.22, step)));
}

/** What stands over a picture and has a use of its own. */
const NOT_OURS = "button, input, label, [role=slider]";

/** Safari's own pinch event. */
interface Pinch extends UIEvent {
  scale: number;
  clientX: number;
  clientY: number;
}

export function gestures(node: HTMLElement, hands: Hands): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const at = (event: { clientX: number; clientY: number }): Point => {
    const box = node.getBoundingClientRect();
    return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
  };

  let wheel: { kind: Wheel; when: number } | null = null;
  node.addEventListener(
    "wheel",
    (event) => {
      if (hands.accepts && !hands.accepts(event)) return;
      event.preventDefault();
      const before = wheel && event.timeStamp - wheel.when < PAUSE ? wheel.kind : null;
      const kind = hands.scrolls && !event.ctrlKey ? "pan" : wheelKind(event, before);
      if (!event.ctrlKey) wheel = { kind, when: event.timeStamp };
      if (kind === "zoom") hands.zoom(wheelFactor(event), at(event));
      else {
        const unit = event.deltaMode === 0 ? 1 : LINE;
        hands.pan({ x: -event.deltaX * unit, y: -event.deltaY * unit });
      }
    },
    { passive: false, signal },
  );

  let pinched = 1;
  const onPinch = (event: Event) => {
    event.preventDefault();
    const pinch = event as Pinch;
    if (event.type === "gesturestart") pinched = 1;
    else if (pinch.scale > 0) {
      hands.zoom(pinch.scale / pinched, at(pinch));
      pinched = pinch.scale;
    }
  };
  for (const name of ["gesturestart", "gesturechange", "gestureend"])
    node.addEventListener(name, onPinch, { passive: false, signal });

  // One pointer drags; two pointers (a touch screen) zoom and move.
  const down = new Map<number, Point>();
  let taken = false;
  const middle = () => {
    const [a, b] = [...down.values()];
    return b ? { x: (a!.x + b.x) / 2, y: (a!.y + b.y) / 2, apart: Math.hypot(a!.x - b.x, a!.y - b.y) } : null;
  };
  node.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0 || (event.target as Element).closest(NOT_OURS)) return;
      const point = at(event);
      taken = down.size === 0 && (hands.take?.(event, point) ?? false);
      down.set(event.pointerId, point);
      node.setPointerCapture?.(event.pointerId);
      hands.holding?.(!taken);
    },
    { signal },
  );
  node.addEventListener(
    "pointermove",
    (event) => {
      const before = down.get(event.pointerId);
      if (!before) return;
      const point = at(event);
      if (taken) {
        hands.drag?.(point);
        return;
      }
      const pair = middle();
      down.set(event.pointerId, point);
      const now = middle();
      if (pair && now) {
        hands.pan({ x: now.x - pair.x, y: now.y - pair.y });
        if (pair.apart > 0) hands.zoom(now.apart / pair.apart, now);
      } else hands.pan({ x: point.x - before.x, y: point.y - before.y });
    },
    { signal },
  );
  const up = (event: PointerEvent) => {
    if (!down.delete(event.pointerId)) return;
    if (taken) hands.drop?.(at(event));
    taken = false;
    hands.holding?.(down.size > 0);
  };
  node.addEventListener("pointerup", up, { signal });
  node.addEventListener("pointercancel", up, { signal });
  node.addEventListener(
    "dblclick",
    (event) => {
      if (!(event.target as Element).closest(NOT_OURS)) hands.toggle(at(event));
    },
    { signal },
  );
  return () => stop.abort();
}
