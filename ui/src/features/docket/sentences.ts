// A seat in words: its vote system, its evidence in numbers, its state.
import type { CaseCard, DocketRow, VoteSystem } from "../../backend/types";
import { bytes, span } from "../../app/words";
import { t } from "../../messages/index.svelte";

/** A voting window is spoken of in hours up to two days. */
function windowOf(seconds: number): string {
  return seconds <= 2 * 86_400 && seconds % 3600 === 0 ? t().time.hours(seconds / 3600) : span(seconds);
}

/** "31 位评审员，票多的一方胜出，24 小时内". */
export function panelSentence(system: VoteSystem, sides = true, window = true): string {
  const words = t().docket.vote;
  const rule = {
    first_to: () => words.first_to((system.rule as { ballots: number }).ballots),
    majority: () => words.majority,
    plurality: () => (sides ? words.plurality : words.pluralityGrades),
    supermajority: () => words.supermajority((system.rule as { percent: number }).percent),
  }[system.rule.kind]();
  const parts = [words.panel(system.panel_size), rule];
  if (window) parts.push(words.within(windowOf(system.voting_window_seconds)));
  return parts.join(words.join);
}

export function evidenceInNumbers(card: CaseCard): { kind: string; text: string; count: number }[] {
  return card.evidence.map(({ kind, count }) => ({ kind, text: t().docket.counts[kind], count }));
}

/** The tone of a state: a colour and a shape, so that neither stands alone. */
export function stateTone(row: DocketRow): "ready" | "going" | "sent" | "none" | "stop" | "care" {
  switch (row.state.kind) {
    case "ready_offline":
      return "ready";
    case "counted":
    case "recorded":
      return "ready";
    case "held":
    case "sealed":
      return "sent";
    case "queued":
    case "downloading":
    case "leaving":
      return "going";
    case "damaged":
    case "refused":
      return "stop";
    case "download_paused":
    case "lease_over":
      return "care";
    default:
      return "none";
  }
}

export function stateText(row: DocketRow, now: number): string {
  const words = t().docket.state;
  const state = row.state;
  switch (state.kind) {
    case "not_downloaded":
      return words.not_downloaded(bytes(row.pack_bytes));
    case "downloading":
      return words.downloading(state.total > 0 ? Math.floor((state.received / state.total) * 100) : 0);
    case "ended":
      return t().states.seatEnd[row.server_state] ?? words.ended;
    case "held":
      return words.held(Math.max(0, Math.ceil((Date.parse(state.until) - now) / 1000)));
    default:
      return words[state.kind];
  }
}

/** Whether the row still asks something of the reviewer. */
export const isOpen = (row: DocketRow): boolean =>
  !["held", "sealed", "counted", "recorded", "refused", "leaving", "ended", "lease_over"].includes(
    row.state.kind,
  );

/** Whether the case can be read here and now. */
export const canOpen = (row: DocketRow): boolean =>
  ["ready_offline", "held", "sealed", "counted", "recorded", "refused", "lease_over"].includes(
    row.state.kind,
  );

export type SortBy = "deadline" | "length" | "type";

/** Open rows in order, those put off last. */
export function sorted(
  rows: readonly DocketRow[],
  by: SortBy,
  deadlineOf = (row: DocketRow) => row.lease_end,
): DocketRow[] {
  const sooner = (a: DocketRow, b: DocketRow) => Date.parse(deadlineOf(a)) - Date.parse(deadlineOf(b));
  const key = {
    deadline: sooner,
    length: (a: DocketRow, b: DocketRow) => a.card.estimated_minutes - b.card.estimated_minutes,
    type: (a: DocketRow, b: DocketRow) => a.card.case_type.localeCompare(b.card.case_type),
  }[by];
  return [...rows].sort((a, b) => Number(a.later) - Number(b.later) || key(a, b) || sooner(a, b));
}

/** The order of a list that is looked at: a seat that is taken gets another deadline, and its row stays
 *  under the reviewer's hands all the same, until the list is made anew. */
export class Order {
  readonly #deadlines = new Map<string, string>();

  sort(rows: readonly DocketRow[], by: SortBy): DocketRow[] {
    for (const { seat, lease_end } of rows)
      if (!this.#deadlines.has(seat)) this.#deadlines.set(seat, lease_end);
    return sorted(rows, by, ({ seat, lease_end }) => this.#deadlines.get(seat) ?? lease_end);
  }

  forget(): void {
    this.#deadlines.clear();
  }
}

/** Picks what fits: ready cases first by deadline, as long as their minutes add up to no more. */
export function pickFor(minutes: number, rows: readonly DocketRow[]): DocketRow[] {
  const picked: DocketRow[] = [];
  let sum = 0;
  for (const row of sorted(rows, "deadline")) {
    if (row.later || row.state.kind !== "ready_offline") continue;
    if (sum + row.card.estimated_minutes > minutes) continue;
    picked.push(row);
    sum += row.card.estimated_minutes;
  }
  return picked;
}
