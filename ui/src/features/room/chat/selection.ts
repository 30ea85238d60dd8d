// Selected messages as stretches of places, so that a selection of a million costs no more than one
// of two. Pure.

/** From a place to another, both of them in. Stretches of a selection rise and never touch. */
export type Stretch = readonly [from: number, to: number];
export type Selection = readonly Stretch[];

export const NONE: Selection = [];

export const has = (selection: Selection, place: number): boolean =>
  selection.some(([from, to]) => place >= from && place <= to);

export const size = (selection: Selection): number =>
  selection.reduce((sum, [from, to]) => sum + to - from + 1, 0);

export function add(selection: Selection, a: number, b = a): Selection {
  let from = Math.min(a, b);
  let to = Math.max(a, b);
  const apart: Stretch[] = [];
  for (const one of selection) {
    if (one[1] < from - 1 || one[0] > to + 1) apart.push(one);
    else [from, to] = [Math.min(from, one[0]), Math.max(to, one[1])];
  }
  return [...apart, [from, to] as const].sort((x, y) => x[0] - y[0]);
}

export function remove(selection: Selection, place: number): Selection {
  return selection.flatMap(([from, to]): Stretch[] => {
    if (place < from || place > to) return [[from, to]];
    const left: Stretch[] = [];
    if (from < place) left.push([from, place - 1]);
    if (place < to) left.push([place + 1, to]);
    return left;
  });
}

export const toggle = (selection: Selection, place: number): Selection =>
  has(selection, place) ? remove(selection, place) : add(selection, place);
