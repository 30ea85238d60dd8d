// Fetches the sharp part of a zoomed picture: once the view is at rest, one request at a time, and what
// is shown stays until the new part is decoded.
import { same, serves, type RegionOf } from "./region";
import type { Rect } from "./zoom";

/** How long a view has to rest before anything is asked for, in milliseconds. */
export const REST = 120;

/** Fetches and decodes a picture, away from the thread that draws. */
export type Load<Image> = (url: string) => Promise<Image>;

/** Pictures that were asked for before they had a place to be in; no more than these few. */
const early = new Map<string, Promise<HTMLImageElement>>();
const MOST_EARLY = 2;

/** Asks for a picture that is about to be shown, so that it comes while its place is still being built. */
export function expectImage(url: string): void {
  if (early.has(url)) return;
  const image = fetchImage(url);
  // Whoever shows it is told of a failure.
  image.catch(() => early.delete(url));
  early.set(url, image);
  for (const oldest of early.keys()) {
    if (early.size <= MOST_EARLY) break;
    early.delete(oldest);
  }
}

/**
 * Says once that the first frames are through: what stands around a picture is built then, so that the
 * picture does not wait for it. Answers a function that takes it back.
 */
export function afterFirstFrames(tell: () => void): () => void {
  let frame = requestAnimationFrame(() => (frame = requestAnimationFrame(tell)));
  return () => cancelAnimationFrame(frame);
}

/** Forgets what was asked for early: it may be of material that is another now. */
export const forgetExpected = (): void => early.clear();

export function loadImage(url: string): Promise<HTMLImageElement> {
  const expected = early.get(url);
  early.delete(url);
  return expected ?? fetchImage(url);
}

async function fetchImage(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.decoding = "async";
  image.draggable = false;
  image.alt = "";
  image.src = url;
  await image.decode();
  return image;
}

export interface Part<Image> {
  region: RegionOf;
  image: Image;
}

export class Detail<Image> {
  /** The part that is shown. */
  part: Part<Image> | null = null;
  /** No part of the original can be had: the picture is shown reduced. */
  refused = false;
  readonly #load: Load<Image>;
  readonly #url: (region: RegionOf) => string;
  readonly #changed: () => void;
  #wanted: RegionOf | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #busy = false;
  #closed = false;

  constructor(load: Load<Image>, url: (region: RegionOf) => string, changed: () => void) {
    this.#load = load;
    this.#url = url;
    this.#changed = changed;
  }

  /** Says what the view needs now, and which part of the picture it shows. */
  want(wanted: RegionOf | null, seen: Rect): void {
    clearTimeout(this.#timer);
    if (this.#closed || this.refused) return;
    if (wanted && this.part && serves(this.part.region, wanted, seen)) wanted = null;
    else if (!wanted && this.part) {
      this.part = null;
      this.#changed();
    }
    this.#wanted = wanted;
    if (wanted) this.#timer = setTimeout(() => void this.#next(), REST);
  }

  async #next(): Promise<void> {
    const wanted = this.#wanted;
    if (this.#busy || !wanted) return;
    this.#busy = true;
    try {
      const image = await this.#load(this.#url(wanted));
      if (this.#closed) return;
      this.part = { region: wanted, image };
    } catch {
      this.refused = true;
      this.#wanted = null;
    } finally {
      this.#busy = false;
    }
    if (this.#closed) return;
    this.#changed();
    if (this.#wanted && same(this.#wanted, wanted)) this.#wanted = null;
    else if (this.#wanted) void this.#next();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.part = null;
  }
}
