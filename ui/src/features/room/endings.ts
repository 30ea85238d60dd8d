// Refusals that are a normal end: it came before the ballot did.
import type { RowState } from "../../backend/types";

const ENDINGS = { problem_seat_ended: "seat_ended", problem_lease_ended: "lease_ended" } as const;

/** Which end came first, where one did. */
export function endedFirst(state: RowState): "seat_ended" | "lease_ended" | null {
  return state.kind === "refused" ? (ENDINGS[state.code as keyof typeof ENDINGS] ?? null) : null;
}
