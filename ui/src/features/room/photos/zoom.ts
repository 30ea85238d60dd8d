// Where a picture stands in its frame: scale, centre, rotation. Pure.
// A picture is measured in the pixels of its upright original, a frame in screen pixels.

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface Rect extends Point, Size {}

/** What a reader looks at; it means the same in a frame of any size. */
export interface View {
  /** Screen pixels per picture pixel; none while the whole picture is fitted in. */
  scale: number | null;
  /** The point of the upright picture in the middle of the frame, 0 to 1. */
  x: number;
  y: number;
  /** Quarter turns to the right. */
  turns: number;
}

/** A view, worked out for one frame and one picture. */
export interface Placed {
  scale: number;
  /** The picture's centre from the frame's centre, in screen pixels. */
  x: number;
  y: number;
  turns: number;
}

/** The frame and the picture in it. */
export interface Scene {
  frame: Size;
  picture: Size;
  /** Whether a picture that is smaller than the frame is made larger to fill it. */
  enlarge?: boolean;
}

export const WHOLE: View = { scale: null, x: 0.5, y: 0.5, turns: 0 };
/** How far one can zoom in: eight screen pixels for one of the picture. */
export const MOST = 8;

const clamp = (least: number, value: number, most: number) => Math.max(least, Math.min(most, value));

export const turned = (size: Size, turns: number): Size =>
  turns % 2 ? { width: size.height, height: size.width } : size;

/** A vector of the upright picture as it lies on the screen, and back with the opposite turns. */
export function rotate({ x, y }: Point, turns: number): Point {
  switch (((turns % 4) + 4) % 4) {
    case 1:
      return { x: -y, y: x };
    case 2:
      return { x: -x, y: -y };
    case 3:
      return { x: y, y: -x };
    default:
      return { x, y };
  }
}

/** The scale at which the whole picture is seen. */
export function fitScale({ frame, picture, enlarge }: Scene, turns: number): number {
  const { width, height } = turned(picture, turns);
  if (width <= 0 || height <= 0 || frame.width <= 0 || frame.height <= 0) return 1;
  return Math.min(frame.width / width, frame.height / height, enlarge ? MOST : 1);
}

/** The scale at which the picture is as wide as the frame. */
export function widthScale({ frame, picture }: Scene, turns: number): number {
  const { width } = turned(picture, turns);
  return width > 0 && frame.width > 0 ? Math.min(frame.width / width, MOST) : 1;
}

export function place(view: View, scene: Scene): Placed {
  const scale = view.scale ?? fitScale(scene, view.turns);
  const off = rotate(
    {
      x: (0.5 - view.x) * scene.picture.width * scale,
      y: (0.5 - view.y) * scene.picture.height * scale,
    },
    view.turns,
  );
  return { scale, turns: view.turns, ...hold(off, scale, view.turns, scene) };
}

/** Keeps a picture that is larger than its frame from leaving gaps, and a smaller one centred. */
function hold(off: Point, scale: number, turns: number, { frame, picture }: Scene): Point {
  const { width, height } = turned(picture, turns);
  const spare = (shown: number, there: number) => Math.max(0, (shown - there) / 2);
  const x = spare(width * scale, frame.width);
  const y = spare(height * scale, frame.height);
  return { x: clamp(-x, off.x, x), y: clamp(-y, off.y, y) };
}

/** The view that a placed picture shows. */
function viewOf(placed: Placed, scene: Scene): View {
  const off = rotate(placed, -placed.turns);
  const { width, height } = scene.picture;
  const part = (value: number, of: number) => (of > 0 ? 0.5 - value / (of * placed.scale) : 0.5);
  const fitted = fitScale(scene, placed.turns);
  return {
    scale: Math.abs(placed.scale - fitted) < fitted * 1e-6 ? null : placed.scale,
    x: part(off.x, width),
    y: part(off.y, height),
    turns: placed.turns,
  };
}

/** Zooms to a scale and keeps the point of the frame (from its centre) over the same detail. */
export function zoomTo(view: View, scene: Scene, wanted: number, at: Point = { x: 0, y: 0 }): View {
  const before = place(view, scene);
  const least = Math.min(fitScale(scene, view.turns), 1);
  const scale = clamp(least, wanted, Math.max(MOST, least));
  const by = scale / before.scale;
  const off = { x: at.x - (at.x - before.x) * by, y: at.y - (at.y - before.y) * by };
  return viewOf({ scale, turns: view.turns, ...hold(off, scale, view.turns, scene) }, scene);
}

export function zoomBy(view: View, scene: Scene, factor: number, at?: Point): View {
  return zoomTo(view, scene, place(view, scene).scale * factor, at);
}

/** Moves the picture by so many screen pixels. */
export function pan(view: View, scene: Scene, by: Point): View {
  const before = place(view, scene);
  const off = hold({ x: before.x + by.x, y: before.y + by.y }, before.scale, before.turns, scene);
  return { ...viewOf({ ...before, ...off }, scene), scale: view.scale };
}

/** Turns about the middle of the frame; a fitted picture stays fitted. */
export function turn(view: View, by: number): View {
  return { ...view, turns: (((view.turns + by) % 4) + 4) % 4 };
}

/** Whether the picture is larger than its frame, so that it can be moved. */
export function movable(view: View, scene: Scene): boolean {
  const { scale } = place(view, scene);
  const { width, height } = turned(scene.picture, view.turns);
  return width * scale > scene.frame.width + 1 || height * scale > scene.frame.height + 1;
}

/** The point of the upright picture, in its pixels, that lies under a point of the frame. */
export function toPicture(placed: Placed, { picture }: Scene, at: Point): Point {
  const from = rotate({ x: at.x - placed.x, y: at.y - placed.y }, -placed.turns);
  return { x: from.x / placed.scale + picture.width / 2, y: from.y / placed.scale + picture.height / 2 };
}

/** Where a rectangle of the upright picture lies in the frame, from the frame's upper left corner. */
export function toFrame(placed: Placed, { frame, picture }: Scene, rect: Rect): Rect {
  const corner = (x: number, y: number) =>
    rotate(
      { x: (x - picture.width / 2) * placed.scale, y: (y - picture.height / 2) * placed.scale },
      placed.turns,
    );
  const a = corner(rect.x, rect.y);
  const b = corner(rect.x + rect.width, rect.y + rect.height);
  return {
    x: Math.min(a.x, b.x) + placed.x + frame.width / 2,
    y: Math.min(a.y, b.y) + placed.y + frame.height / 2,
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
}

/** The part of the upright picture that the frame shows, in the picture's pixels. */
export function visible(placed: Placed, scene: Scene): Rect {
  const { frame, picture } = scene;
  const a = toPicture(placed, scene, { x: -frame.width / 2, y: -frame.height / 2 });
  const b = toPicture(placed, scene, { x: frame.width / 2, y: frame.height / 2 });
  const left = clamp(0, Math.min(a.x, b.x), picture.width);
  const top = clamp(0, Math.min(a.y, b.y), picture.height);
  return {
    x: left,
    y: top,
    width: clamp(0, Math.max(a.x, b.x), picture.width) - left,
    height: clamp(0, Math.max(a.y, b.y), picture.height) - top,
  };
}

/** The view that shows a rectangle of the picture with some of what is around it. */
export function zoomToRect(view: View, scene: Scene, rect: Rect): View {
  const { width, height } = turned(rect, view.turns);
  const around = 1.6;
  const wanted = Math.min(
    scene.frame.width / Math.max(1, width * around),
    scene.frame.height / Math.max(1, height * around),
  );
  const least = fitScale(scene, view.turns);
  const scale = clamp(least, wanted, Math.max(least, 2));
  return {
    scale: scale <= least ? null : scale,
    x: (rect.x + rect.width / 2) / scene.picture.width,
    y: (rect.y + rect.height / 2) / scene.picture.height,
    turns: view.turns,
  };
}

// Two pictures, looked at together.

/** How the second picture of a pair lies against the first: laid over it exactly, unless it was moved. */
export interface Alignment {
  times: number;
  x: number;
  y: number;
}
export const ALIGNED: Alignment = { times: 1, x: 0, y: 0 };

const times = (view: View, scene: Scene) =>
  view.scale === null ? 1 : view.scale / fitScale(scene, view.turns);

/** How two views lie against each other now. */
export function alignment(first: View, second: View, a: Scene, b: Scene): Alignment {
  return {
    times: times(second, b) / times(first, a),
    x: second.x - first.x,
    y: second.y - first.y,
  };
}

/** The view of the other picture that goes with this one; its own rotation is kept. */
export function follow(leader: View, other: View, a: Scene, b: Scene, by: Alignment): View {
  const factor = times(leader, a) * by.times;
  return {
    scale: Math.abs(factor - 1) < 1e-6 ? null : factor * fitScale(b, other.turns),
    x: leader.x + by.x,
    y: leader.y + by.y,
    turns: other.turns,
  };
}

export const opposite = (by: Alignment): Alignment => ({ times: 1 / by.times, x: -by.x, y: -by.y });
