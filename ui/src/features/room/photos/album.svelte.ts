// The pictures of an opened case: what there is to look at, what was revealed, what could not be shown.
import { untrack } from "svelte";
import { SvelteMap, SvelteSet } from "svelte/reactivity";
import type { Rendition } from "../../../backend";
import type { Evidence, MediaFile, MediaGroup, Sensitivity } from "../../../backend/types";
import type { AppState } from "../../../app/state.svelte";
import { list, numberOf, sideName } from "../../../app/words";
import { t } from "../../../messages/index.svelte";
import type { RoomState } from "../room.svelte";
import { forgetExpected } from "./detail";
import type { RegionOf } from "./region";

export interface Picture {
  key: string;
  evidence: Evidence;
  media: MediaFile;
  index: number;
}

/** What a frame needs in order to draw one picture. */
export interface Source {
  key: string;
  /** What a screen reader says. */
  name: string;
  screen: string;
  /** Shown, blurred if need be, until the other is there. */
  thumb: string | null;
  /** The address of a part of the original, where parts can be had. */
  region: ((region: RegionOf) => string) | null;
  /** The upright original in pixels; 0 where it is not known. */
  width: number;
  height: number;
}

export const GROUPS: readonly (MediaGroup | null)[] = ["before", "after", "listing", "received", null];

/** The album of a room: it is kept while the room is open, whichever viewer is shown. */
export function albumOf(app: AppState, room: RoomState): Album {
  const kept = albums.get(room);
  if (kept) return kept;
  let album: Album | undefined;
  $effect.root(() => {
    const made = new Album(app, room);
    // What could not be shown is tried again once the case's material is another or whole again.
    $effect(() => {
      void room.view?.pack.sha256;
      void room.view?.state.kind;
      untrack(() => {
        made.broken.clear();
        forgetExpected();
      });
    });
    album = made;
  });
  albums.set(room, album!);
  return album!;
}
const albums = new WeakMap<RoomState, Album>();

export class Album {
  readonly #app: AppState;
  readonly #room: RoomState;
  readonly #revealed = new SvelteSet<string>();
  readonly broken = new SvelteSet<string>();
  /** The picture that is shown large, and the one it is compared with. */
  at = $state<string | null>(null);
  other = $state<string | null>(null);
  /** The last place that was jumped to. */
  jumped = 0;
  /** Quarter turns that a reader gave a picture. */
  readonly turns = new SvelteMap<string, number>();

  constructor(app: AppState, room: RoomState) {
    this.#app = app;
    this.#room = room;
  }

  /** The pictures of the photo viewer, in the order of the index. */
  pictures = $derived.by(() => this.#room.of("photos").flatMap(picturesOf));
  /** Pictures that stand in a chat, an order or a form: to compare with. */
  others = $derived.by(() =>
    this.#room.ordered
      .filter((evidence) => !this.#room.of("photos").includes(evidence))
      .flatMap(picturesOf)
      .filter((picture) => !picture.media.pages),
  );
  all = $derived([...this.pictures, ...this.others]);

  /** The pictures that a reader goes through from this one. */
  row(picture: Picture): Picture[] {
    return this.pictures.includes(picture) ? this.pictures : this.others;
  }

  find(key: string | null): Picture | undefined {
    return this.all.find((picture) => picture.key === key);
  }

  url(picture: Picture, rendition: Rendition): string {
    return this.#app.backend.pictureUrl(this.#room.seat, picture.evidence.id, picture.index, rendition);
  }

  /** "买2-1". */
  number(picture: Picture): string {
    return `${numberOf(picture.evidence.number)}-${picture.index + 1}`;
  }

  caption(picture: Picture): string {
    return picture.media.caption || picture.evidence.title;
  }

  /** "买2-1, submitted by the buyer: caption". */
  name(picture: Picture): string {
    const words = t().evidence.photo;
    const said = words.name(
      this.number(picture),
      words.submittedBy(sideName(picture.evidence.number.side)),
      this.caption(picture),
    );
    const state = this.broken.has(picture.key)
      ? this.absence(picture)
      : this.care(picture) || this.warning(picture);
    return state ? `${said} (${state})` : said;
  }

  /** What is said over a picture that is there: its damage. */
  care({ media }: Picture): string {
    return media.damage ? t().evidence.photo.damage[media.damage] : "";
  }
  /** What is said over a small picture: its damage, or why it is blurred; nothing where none is shown. */
  state(picture: Picture): string {
    if (this.broken.has(picture.key)) return "";
    return this.care(picture) || (this.veiled(picture) ? this.warning(picture) : "");
  }

  /** The marks of a picture, wherever in the case the same file is shown: a chat's too. */
  #warned({ media }: Picture): Sensitivity[] {
    const same = this.#room.evidence
      .flatMap(picturesOf)
      .filter((one) => one.media.original.path === media.original.path);
    return [...new Set(same.flatMap(marksOf))];
  }
  /** Whether it is kept blurred until it is asked for. */
  veiled(picture: Picture): boolean {
    return this.#warned(picture).length > 0 && !this.#revealed.has(picture.media.original.path);
  }
  /** What a reader may want to be warned of, in words. */
  warning(picture: Picture): string {
    const marks = this.#warned(picture);
    return marks.length
      ? t().evidence.photo.sensitive(list(marks.map((mark) => t().docket.sensitivity[mark])))
      : "";
  }
  reveal(picture: Picture): void {
    this.#revealed.add(picture.media.original.path);
  }
  veil(picture: Picture): void {
    this.#revealed.delete(picture.media.original.path);
  }

  /** Why a picture is not there, in words. */
  absence(picture: Picture): string {
    const words = t().evidence.photo;
    if (picture.media.damage) return this.care(picture);
    return this.#room.view?.state.kind === "damaged" ? words.hashWrong : words.missing;
  }

  source(picture: Picture): Source {
    return {
      key: picture.key,
      name: this.name(picture),
      screen: this.url(picture, "screen"),
      thumb: this.broken.has(picture.key) ? null : this.url(picture, "thumb"),
      region: (region) => this.url(picture, { kind: "region", ...region }),
      width: picture.media.width,
      height: picture.media.height,
    };
  }
}

/** A picture's own marks; those of its evidence too, where the evidence is nothing but pictures. */
function marksOf({ evidence, media }: Picture): Sensitivity[] {
  const whole = evidence.body ? [] : evidence.sensitivity.filter((mark) => mark !== "language");
  return [...new Set([...whole, ...media.sensitivity])];
}

export function picturesOf(evidence: Evidence): Picture[] {
  return evidence.media.map((media, index) => ({ key: `${evidence.id}/${index}`, evidence, media, index }));
}

export interface Shelf {
  group: MediaGroup | null;
  pictures: Picture[];
}

/** Pictures by the group they belong to; those that belong to none come last. */
export function shelves(pictures: readonly Picture[]): Shelf[] {
  return GROUPS.map((group) => ({
    group,
    pictures: pictures.filter((picture) => picture.media.group === group),
  })).filter((shelf) => shelf.pictures.length > 0);
}

/** Twos that a reader will want side by side: before and after, as listed and received, two marks. */
export function pairsOf(pictures: readonly Picture[]): [Picture, Picture][] {
  const pairs: [Picture, Picture][] = [];
  const first = (group: MediaGroup) => pictures.find((picture) => picture.media.group === group);
  for (const [a, b] of [
    ["before", "after"],
    ["listing", "received"],
  ] as const) {
    const [one, two] = [first(a), first(b)];
    if (one && two) pairs.push([one, two]);
  }
  const [one, two, more] = pictures.filter((picture) => picture.evidence.kind === "brand_mark");
  if (one && two && !more) pairs.push([one, two]);
  return pairs;
}
