// The arithmetic of a windowed list: which rows stand where on a canvas that is scrolled natively. A
// few rows are laid out around one anchor row; nothing here grows with the number of rows. Far away
// from the anchor a place on the canvas stands for a row only in proportion. Pure.

/** No canvas is higher: engines lay out more, but whole pixels stay exact in 32-bit floats below this. */
export const MAX_CANVAS = 4_000_000;
/** So many rows at either end keep their full height on a canvas on which the others are squeezed. */
const FULL_ROWS = 1_000;

export interface Axis {
  count: number;
  /** The height a row is taken to have until it is measured. */
  estimate: number;
  viewport: number;
}

/** The row that everything else is laid out from, and where its upper edge is on the canvas. */
export interface Anchor {
  index: number;
  top: number;
}

/** Rows `first` up to, but not including, `end`. `tops` has one more entry than there are rows: the end. */
export interface Span {
  first: number;
  end: number;
  tops: number[];
}

export type Align = "start" | "center" | "end";
export type HeightOf = (index: number) => number;

/** The height of the canvas before anything is measured. */
export const canvasOf = (axis: Axis): number =>
  Math.max(axis.viewport, Math.min(axis.count * axis.estimate, MAX_CANVAS));

/** The places where squeezing begins and ends; none where nothing is squeezed. */
function squeeze(axis: Axis): { rows: number; edge: number; per: number } | null {
  if (axis.count * axis.estimate <= MAX_CANVAS) return null;
  const rows = Math.min(FULL_ROWS, Math.floor(MAX_CANVAS / 4 / axis.estimate));
  const edge = rows * axis.estimate;
  return { rows, edge, per: (MAX_CANVAS - 2 * edge) / (axis.count - 2 * rows) };
}

/** The row, with its fraction, that a place on the canvas stands for. */
export function rowAt(axis: Axis, y: number): number {
  const squeezed = squeeze(axis);
  if (!squeezed) return y / axis.estimate;
  const { rows, edge, per } = squeezed;
  if (y < edge) return y / axis.estimate;
  if (y <= MAX_CANVAS - edge) return rows + (y - edge) / per;
  return axis.count - (MAX_CANVAS - y) / axis.estimate;
}

/** The place on the canvas that stands for a row. */
export function yAt(axis: Axis, row: number): number {
  const squeezed = squeeze(axis);
  if (!squeezed) return row * axis.estimate;
  const { rows, edge, per } = squeezed;
  if (row < rows) return row * axis.estimate;
  if (row <= axis.count - rows) return edge + (row - rows) * per;
  return MAX_CANVAS - (axis.count - row) * axis.estimate;
}

const clamp = (low: number, x: number, high: number) => Math.max(low, Math.min(x, high));

/**
 * The anchor for a scroll position that is far from all rows laid out. The point of the viewport that
 * is as far down as the scroll bar is decides: at the top its upper edge, so that the first row is
 * reached, at the bottom its lower edge, so that the last one is.
 */
export function anchorAt(axis: Axis, scroll: number, canvas: number, heightOf: HeightOf): Anchor {
  const room = canvas - axis.viewport;
  const down = room > 0 ? clamp(0, scroll / room, 1) : 0;
  const row = clamp(0, rowAt(axis, down * canvasOf(axis)), axis.count);
  const index = Math.min(Math.floor(row), axis.count - 1);
  const top = scroll + down * axis.viewport - (row - index) * heightOf(index);
  return { index, top: Math.round(top) };
}

/** Where the scroll bar belongs when this row, with its fraction, is in view. */
export function scrollFor(axis: Axis, row: number): number {
  const canvas = canvasOf(axis);
  const room = Math.max(0, canvas - axis.viewport);
  return Math.round((clamp(0, yAt(axis, row), canvas) / canvas) * room);
}

/** How far below the viewport's upper edge a row of this height stands. */
export function offsetFor(align: Align, viewport: number, height: number): number {
  if (align === "start" || height >= viewport) return 0;
  return Math.round(align === "center" ? (viewport - height) / 2 : viewport - height);
}

/** The rows that cover a stretch of the canvas, laid out from the anchor. */
export function spanOf(axis: Axis, anchor: Anchor, from: number, to: number, heightOf: HeightOf): Span {
  if (axis.count === 0) return { first: 0, end: 0, tops: [0] };
  let first = clamp(0, anchor.index, axis.count - 1);
  let top = anchor.top;
  while (first > 0 && top > from) top -= heightOf(--first);
  while (first < axis.count - 1 && top + heightOf(first) <= from) top += heightOf(first++);
  const tops = [top];
  let end = first;
  do tops.push((top += heightOf(end++)));
  while (end < axis.count && top < to);
  return { first, end, tops };
}

/** The first row of a span whose lower edge is below this place. */
export function rowBelow(span: Span, y: number): Anchor {
  let i = 0;
  while (i < span.tops.length - 2 && span.tops[i + 1]! <= y) i++;
  return { index: span.first + i, top: span.tops[i]! };
}

/**
 * How far the canvas has to be moved under the rows so that the scroll bar stands where these rows
 * belong. Scrolling by small steps keeps every row in its place, so the two drift apart.
 */
export function drift(axis: Axis, span: Span, scroll: number, canvas: number): number {
  const room = canvas - axis.viewport;
  const down = room > 0 ? clamp(0, scroll / room, 1) : 0;
  const y = scroll + down * axis.viewport;
  const at = rowBelow(span, y);
  const next = span.tops[at.index - span.first + 1]!;
  const row = at.index + clamp(0, (y - at.top) / Math.max(1, next - at.top), 1);
  return scrollFor(axis, row) - scroll;
}

export interface Layout {
  span: Span;
  anchor: Anchor;
  scroll: number;
  canvas: number;
}

/**
 * Lays rows out around the anchor and mends the edges: the first row stands at the top of the canvas,
 * the canvas ends with the last row, and where rows are left but no canvas is, all is moved to where
 * there is some.
 */
export function layOut(
  axis: Axis,
  anchor: Anchor,
  scroll: number,
  spare: number,
  heightOf: HeightOf,
): Layout {
  let canvas = canvasOf(axis);
  let span = spanOf(axis, anchor, scroll - spare, scroll + axis.viewport + spare, heightOf);
  // Each turn mends one edge; mending the lower one can bring the upper one in.
  for (let turn = 0; turn < 4; turn++) {
    let by = 0;
    if (span.first === 0) by = -span.tops[0]!;
    else if (span.tops[0]! < 0) by = drift(axis, span, scroll, canvas);
    const last = span.tops.at(-1)!;
    if (by === 0 && span.end < axis.count && last > canvas) by = drift(axis, span, scroll, canvas);
    if (by !== 0) {
      anchor = { index: anchor.index, top: anchor.top + by };
      scroll = Math.max(0, scroll + by);
    }
    const moved = spanOf(axis, anchor, scroll - spare, scroll + axis.viewport + spare, heightOf);
    canvas = moved.end === axis.count ? Math.max(axis.viewport, moved.tops.at(-1)!) : canvasOf(axis);
    const held = clamp(0, scroll, canvas - axis.viewport);
    const settled = by === 0 && held === scroll;
    span = moved;
    scroll = held;
    if (settled) break;
  }
  return { span, anchor, scroll, canvas };
}
