// The row of a list that keys act on. The thing is remembered, not where it stands: what comes in above it
// must not put another thing under the reviewer's hands.

export class Current<T> {
  readonly #rows: () => readonly T[];
  readonly #keyOf: (row: T) => string;
  /** What is current, and where it stood when it was last there. */
  #known = $state.raw<{ key: string; at: number } | null>(null);
  #at = $derived.by(() => {
    const rows = this.#rows();
    const at = rows.findIndex((row) => this.#keyOf(row) === this.#known?.key);
    // What is gone leaves its place to what stands there now.
    return at >= 0 ? at : Math.max(0, Math.min(this.#known?.at ?? 0, rows.length - 1));
  });

  /** Lives as long as the component. */
  constructor(rows: () => readonly T[], keyOf: (row: T) => string) {
    this.#rows = rows;
    this.#keyOf = keyOf;
    // What is shown as current is the current one from then on, whether it was chosen or not.
    $effect(() => {
      const { row, at } = this;
      const key = row && keyOf(row);
      if (key !== undefined && (this.#known?.key !== key || this.#known.at !== at)) this.#known = { key, at };
    });
  }

  /** Where it stands now. */
  get at(): number {
    return this.#at;
  }

  get row(): T | undefined {
    return this.#rows()[this.#at];
  }

  /** Makes current what stands at a place, or at the end where the list is shorter. Answers the place. */
  choose(at: number): number {
    const rows = this.#rows();
    const place = Math.max(0, Math.min(at, rows.length - 1));
    const row = rows[place];
    if (row) this.#known = { key: this.#keyOf(row), at: place };
    return place;
  }

  /** Begins at the top, when the list has another order. */
  toTop(): void {
    this.#known = null;
  }
}
