// Where a picture stands in its frame: scale, offset, rotation. Pure.

export interface View {
  /** Screen pixels per picture pixel. */
  scale: number;
  /** The picture's centre from the frame's centre, in screen pixels. */
  x: number;
  y: number;
  /** Quarter turns to the right. */
  turns: number;
}

export interface Size {
  width: number;
  height: number;
}

const turned = (picture: Size, turns: number): Size =>
  turns % 2 ? { width: picture.height, height: picture.width } : picture;

/** The scale at which the whole picture is seen; never above full size. */
export function fitScale(frame: Size, picture: Size, turns: number): number {
  const { width, height } = turned(picture, turns);
  if (!width || !height || !frame.width || !frame.height) return 1;
  return Math.min(frame.width / width, frame.height / height, 1);
}

export const fit = (frame: Size, picture: Size, turns = 0): View => ({
  scale: fitScale(frame, picture, turns),
  x: 0,
  y: 0,
  turns,
});

/** Zooms by a factor and keeps the point under the pointer where it is. */
export function zoomAt(view: View, factor: number, point: { x: number; y: number }, least: number): View {
  const scale = Math.max(Math.min(least, 1), Math.min(8, view.scale * factor));
  const by = scale / view.scale;
  return { ...view, scale, x: point.x - (point.x - view.x) * by, y: point.y - (point.y - view.y) * by };
}

/** Keeps some of the picture inside the frame. */
export function hold(view: View, frame: Size, picture: Size): View {
  const { width, height } = turned(picture, view.turns);
  const room = (shown: number, there: number) => Math.max(0, (shown - there) / 2);
  const maxX = room(width * view.scale, frame.width);
  const maxY = room(height * view.scale, frame.height);
  return { ...view, x: Math.max(-maxX, Math.min(maxX, view.x)), y: Math.max(-maxY, Math.min(maxY, view.y)) };
}
