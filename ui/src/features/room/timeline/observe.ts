// Neutral observations in sentences: figures only, no verdict.
import type { Observation, TimelineItem } from "../../../backend/types";
import { list, moneyOf, span, statedPair } from "../../../app/words";
import { t } from "../../../messages/index.svelte";

/** The moment on the axis that an observation is about, where it is about one. */
export function momentOf(observation: Observation): string | null {
  const found = observation.finding;
  switch (found.kind) {
    case "taken_before_delivery":
    case "taken_after_filing":
      return found.taken;
    case "delivered_after_receipt":
      return found.delivered;
    case "dispatch_against_promise":
      return found.scanned;
    default:
      return null;
  }
}

/**
 * The place on the axis of the item that an observation stands beside: the one its moment or its
 * picture names, the run that has its message, or the date of the case that has its moment; -1 where
 * none of them is on the axis.
 */
export function itemOf(observation: Observation, items: readonly TimelineItem[]): number {
  const stamp = momentOf(observation);
  const sources = observation.sources;
  const exact = items.findIndex(
    (item) =>
      (!stamp || item.at === stamp) &&
      sources.some(
        (source) =>
          item.source?.evidence === source.evidence &&
          (source.picture == null || item.source.picture === source.picture) &&
          (source.seq == null || item.source.seq === source.seq),
      ),
  );
  if (exact >= 0) return exact;
  const run = items.findLastIndex((item) =>
    sources.some(
      (source) =>
        source.seq != null &&
        item.kind === "chat" &&
        item.source?.evidence === source.evidence &&
        item.source.seq != null &&
        item.source.seq <= source.seq &&
        (item.last_seq ?? source.seq) >= source.seq,
    ),
  );
  if (run >= 0) return run;
  const apart = (place: number) => Math.abs(Date.parse(items[place]!.at) - Date.parse(stamp ?? ""));
  return (
    observation.leans_on.filter((place) => items[place]).toSorted((a, b) => apart(a) - apart(b))[0] ?? -1
  );
}

/** What an item is called where something leads to it: the dates of the case, or its kind. */
export function itemName(item: TimelineItem): string {
  const words = t().evidence.timeline;
  return item.key_dates.length
    ? list(item.key_dates.map((date) => words.keyDate[date]))
    : words.kind[item.kind];
}

export function sentence(observation: Observation): string {
  const words = t().evidence.observation;
  const found = observation.finding;
  switch (found.kind) {
    case "taken_before_delivery":
      return words.taken_before_delivery(...statedPair(found.taken, found.delivered), span(found.seconds));
    case "taken_after_filing":
      return words.taken_after_filing(...statedPair(found.taken, found.filed), span(found.seconds));
    case "delivered_after_receipt":
      return words.delivered_after_receipt(...statedPair(found.delivered, found.confirmed));
    case "quote_missing":
      return words.quote_missing(found.seq, found.quoted);
    case "more_quotes_missing":
      return words.more_quotes_missing(found.count);
    case "refund_above_paid":
      return words.refund_above_paid(
        moneyOf(found.paid, found.currency),
        moneyOf(found.refunded, found.currency),
      );
    case "sums_differ":
      return words.sums_differ(moneyOf(found.sum, found.currency), moneyOf(found.paid, found.currency));
    case "dispatch_against_promise":
      return (found.seconds > 0 ? words.dispatch_late : words.dispatch_in_time)(
        ...statedPair(found.promised, found.scanned),
        span(found.seconds),
      );
    case "same_picture":
      return found.same_file ? words.same_file : words.same_picture(found.distance);
    case "edited_with":
      return words.edited_with(found.software);
  }
}
