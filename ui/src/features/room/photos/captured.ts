// When a picture was taken, set against the case's events. Pure: it only orders times.
import type { CaseRoomView, KeyDateKind, MediaFile, Source, TimelineKind } from "../../../backend/types";

/** The capture time, with the offset that makes it an instant. */
export interface Captured {
  /** An instant, or none where the camera gave no offset and the case lends none. */
  at: string | null;
  /** As the camera wrote it, with no offset. */
  local: string | null;
  /** Whether the case's own time zone was taken for the camera's. */
  assumed: boolean;
}

/** An event of the case that a capture time can be set against. */
export interface Moment {
  at: string;
  word: { keyDate: KeyDateKind } | { kind: TimelineKind; text: string };
  source: Source | null;
}

export interface Around {
  before: { moment: Moment; seconds: number } | null;
  after: { moment: Moment; seconds: number } | null;
}

type Case = Pick<CaseRoomView, "timeline" | "document">;

/** What was said, shown or handed in later is no event that a photo is taken before or after. */
const NO_EVENTS: ReadonlySet<TimelineKind> = new Set([
  "chat",
  "photo_taken",
  "listing_snapshot",
  "statement",
  "document",
  "key_date",
]);
/** A date that matters and a record of it may differ by this much, in seconds. */
const SAME = 60;

const seconds = (at: string) => Date.parse(at) / 1000;

/** When a picture was taken; none where its file does not say. */
export function captured(media: MediaFile, evidence: string, index: number, room: Case): Captured | null {
  const exif = media.exif;
  if (exif?.captured_at) return { at: exif.captured_at, local: null, assumed: false };
  if (!exif?.captured_local) return null;
  const item = room.timeline.items.find(
    (one) => one.kind === "photo_taken" && one.source?.evidence === evidence && one.source.picture === index,
  );
  return { at: item?.at ?? null, local: exif.captured_local, assumed: item?.zone_assumed ?? false };
}

/** The case's events in their order: the dates that matter, and what is recorded beside them. */
export function moments({ timeline, document }: Case): Moment[] {
  const dates = document.case.key_dates.map(({ kind, at }): Moment => {
    // The timeline marked which item records it.
    const record = timeline.items.find(
      (item) => item.key_dates.includes(kind) && Math.abs(seconds(item.at) - seconds(at)) <= SAME,
    );
    return { at, word: { keyDate: kind }, source: record?.source ?? null };
  });
  const records = timeline.items
    .filter((item) => !NO_EVENTS.has(item.kind))
    .filter((item) => !dates.some((date) => Math.abs(seconds(date.at) - seconds(item.at)) <= SAME))
    .map(({ at, kind, text, source }): Moment => ({ at, word: { kind, text }, source }));
  return [...dates, ...records].sort((a, b) => seconds(a.at) - seconds(b.at));
}

/** The nearest event before a time (or at it) and the nearest after, with the seconds between. */
export function around(at: string, events: readonly Moment[]): Around {
  const taken = seconds(at);
  const apart = (moment: Moment) => ({ moment, seconds: Math.abs(seconds(moment.at) - taken) });
  const before = events.filter((event) => seconds(event.at) <= taken).at(-1);
  const after = events.find((event) => seconds(event.at) > taken);
  return { before: before ? apart(before) : null, after: after ? apart(after) : null };
}
