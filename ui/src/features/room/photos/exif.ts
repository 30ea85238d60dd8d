// What a picture's own file says, in words, and its capture time against the case's dates. Pure.
import type { KeyDate, MediaFile } from "../../../backend/types";
import { seconds, span } from "../../../app/words";
import { t } from "../../../messages/index.svelte";

/** When a picture was taken, by its camera's clock; local where the camera gave no offset. */
export function captured(media: MediaFile): string | null {
  return media.exif?.captured_at ?? media.exif?.captured_local ?? null;
}

/** The capture time beside the nearest of the case's dates on either side. */
export function againstDates(media: MediaFile, dates: readonly KeyDate[]): string[] {
  const at = media.exif?.captured_at;
  if (!at) return [];
  const taken = seconds(at);
  return [...dates]
    .map((date) => ({ date, apart: taken - seconds(date.at) }))
    .sort((a, b) => Math.abs(a.apart) - Math.abs(b.apart))
    .slice(0, 3)
    .map(({ date, apart }) => {
      const event = t().evidence.timeline.keyDate[date.kind];
      return apart >= 0
        ? t().evidence.photo.afterEvent(span(apart), event)
        : t().evidence.photo.beforeEvent(span(apart), event);
    });
}
