// What could not be saved when its room was left. It is tried a few times more, and is there for the next
// room of the seat and for the moment the window goes; never beyond a lock.
import { asFailure, type Backend } from "../backend";
import type { Draft } from "../backend/types";
import type { Turns } from "./turns";

/** A draft, and what it was before it was changed in this window. */
export interface Words {
  draft: Draft;
  base: Draft;
}

const TRIES = 5;
const PAUSE = 3000;

/** What can never be saved: nobody is there to save it for, or the ballot is cast. */
const IN_VAIN = ["locked", "signed_out", "already_sealed"];

export class LastWords {
  readonly #backend: Backend;
  readonly #rooms: Turns;
  #left = new Map<string, Words>();

  constructor(backend: Backend, rooms: Turns) {
    this.#backend = backend;
    this.#rooms = rooms;
  }

  /** Keeps what was refused with a code, and tries to save it a few times more. Answers whether it is kept. */
  leave(seat: string, words: Words, code: string): boolean {
    if (IN_VAIN.includes(code)) return false;
    this.#left.set(seat, words);
    void this.#tryOn(seat, words);
    return true;
  }

  async #tryOn(seat: string, words: Words): Promise<void> {
    for (let tries = 0; tries < TRIES && this.#left.get(seat) === words; tries++) {
      await new Promise((done) => setTimeout(done, PAUSE));
      await this.#save(seat, words);
    }
  }

  /** In turn with the rooms: the next one has them either from the program or from here. */
  #save(seat: string, words: Words): Promise<void> {
    return this.#rooms.take(async () => {
      if (this.#left.get(seat) !== words) return;
      try {
        await this.#backend.saveDraft(seat, words.draft, words.base);
        this.#left.delete(seat);
      } catch (thrown) {
        if (IN_VAIN.includes(asFailure(thrown).code)) this.#left.delete(seat);
      }
    });
  }

  /** Hands them to a room of the seat, which saves them from then on. */
  take(seat: string): Words | null {
    const words = this.#left.get(seat) ?? null;
    this.#left.delete(seat);
    return words;
  }

  /** Tries once more to save them all. */
  async saveNow(): Promise<void> {
    await Promise.all([...this.#left].map(([seat, words]) => this.#save(seat, words)));
  }

  /** Forgets them: the program is locked, or somebody else's. */
  forget(): void {
    this.#left.clear();
  }
}
