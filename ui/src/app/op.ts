import type { Failure } from "../backend";

/** Makes an operation id (UUIDv7), before anything else happens with the act. */
export function makeOp(now = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let millis = now;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = millis % 256;
    millis = Math.floor(millis / 256);
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The id of an act until it is done: trying again is the same act. */
export class Op {
  #id: string | null = null;

  get id(): string {
    return (this.#id ??= makeOp());
  }

  /** The act is done, or taken back; the next one is another. */
  done(): void {
    this.#id = null;
  }

  /** What the program took back for good, because it certainly did not reach the server, is over. */
  failed(failure: Failure): void {
    if (failure.code === "server_needed") this.done();
  }
}
