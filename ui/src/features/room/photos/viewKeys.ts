// The keys of a picture that is shown large, wherever it is.
import type { Bindings } from "../../../app/keys";

/** What moves the view of a picture. */
interface Hand {
  zoom(factor: number): void;
  fitIn(): void;
  fitWidth(): void;
  actual(): void;
  rotate(quarters: number): void;
  /** Moves by shares of the frame; answers whether there was anything to move. */
  step(x: number, y: number): boolean;
}

/** Arrows move the view; where there is nothing to move they go to the next picture or the one before. */
export function viewKeys(
  hand: () => Hand | undefined,
  onstep: () => ((by: number) => void) | undefined,
): Bindings {
  const move = (x: number, y: number) => () => {
    if (hand()?.step(x, y)) return true;
    const go = onstep();
    if (x === 0 || !go) return false;
    go(Math.sign(x));
    return true;
  };
  return {
    "+": () => hand()?.zoom(1.25),
    "=": () => hand()?.zoom(1.25),
    "-": () => hand()?.zoom(0.8),
    f: () => hand()?.fitIn(),
    h: () => hand()?.fitWidth(),
    a: () => hand()?.actual(),
    "!": () => hand()?.actual(),
    w: () => hand()?.rotate(-1),
    e: () => hand()?.rotate(1),
    ",": () => onstep()?.(-1),
    ".": () => onstep()?.(1),
    ArrowLeft: move(-0.12, 0),
    ArrowRight: move(0.12, 0),
    ArrowUp: move(0, -0.12),
    ArrowDown: move(0, 0.12),
  };
}
