// How the timeline is looked at. It outlives the viewer, so that one comes back to the same place.
import type { Side, TimelineKind } from "../../../backend/types";
import type { Level } from "./axis";

export class TimelineState {
  /** None until somebody chooses: then the one that fits. */
  level = $state<Level | null>(null);
  sides = $state.raw<ReadonlySet<Side>>(new Set());
  kinds = $state.raw<ReadonlySet<TimelineKind>>(new Set());
  /** The stretch of time that is shown, in milliseconds; none is all of it. */
  range = $state.raw<readonly [number, number] | null>(null);
  /** Rows that are opened, and runs of messages that are. */
  open = $state.raw<ReadonlySet<string>>(new Set());
  /** The item that keys act on, by its place on the axis. */
  current = $state<number | null>(null);
  /** The key of the unfolded group whose own row that is; none is the item itself. */
  group = $state<string | null>(null);
  /** Where in its opened run the focus is: a message, or what reads on; none is the item itself. */
  message = $state<number | "more" | null>(null);
  /** The row at the top, to come back to. */
  seen = 0;
  /** Whether an item was followed to its viewer. */
  away = $state(false);

  /** Makes an item the one that keys act on; what is shown of the axis follows. */
  goTo(place: number): void {
    this.current = place;
    this.group = null;
    this.message = null;
    this.away = true;
  }

  /** Shows all sides, kinds and times. */
  showAll(): void {
    this.sides = new Set();
    this.kinds = new Set();
    this.range = null;
  }

  toggle(key: string): void {
    this.open = new Set(
      this.open.has(key) ? [...this.open].filter((one) => one !== key) : [...this.open, key],
    );
  }

  toggleSide(side: Side): void {
    this.sides = flip(this.sides, side);
  }

  toggleKind(kind: TimelineKind): void {
    this.kinds = flip(this.kinds, kind);
  }
}

function flip<T>(set: ReadonlySet<T>, one: T): ReadonlySet<T> {
  return new Set(set.has(one) ? [...set].filter((other) => other !== one) : [...set, one]);
}
