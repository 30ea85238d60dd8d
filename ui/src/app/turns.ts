// One thing after another: what is asked for later is done later, whatever becomes of what came before.

export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does something once everything that was asked for before it is over. */
  take<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
