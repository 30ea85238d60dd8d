// Answers that are put together from the fixtures.
import type { Donation, LedgerEntry, OutboxRow, PointsView, ReceiptView, VerdictsView } from "../types";
import { iso, projects } from "./account";

/** Cases that wait for their verdict. */
export const undecided = (): VerdictsView["undecided"] => [
  {
    ballot: "ballot-9",
    case: "T-20261118-0536",
    title: "同一款手机壳，三家店互投",
    received_at: iso(Date.now() - 3_600_000),
    voting_end: iso(Date.now() + 50_000_000),
  },
  {
    ballot: "ballot-8",
    case: "T-20261118-0530",
    title: "冰丝床单起球",
    received_at: iso(Date.now() - 9_600_000),
    voting_end: iso(Date.now() + 30_000_000),
  },
];

export function receiptOf(ballot: string): ReceiptView {
  const receipt = {
    ballot,
    seat: "seat-1",
    received_at: iso(Date.now()),
    outcome: { kind: "counted" as const },
    ballot_sha256: "9f".repeat(32),
  };
  return {
    ballot,
    receipt,
    signed: { text: JSON.stringify(receipt), key: "k-2026-11", signature: "c2ln" },
    verified: true,
  };
}

/** The account as its ledger, its donations and the outbox have it. */
export function pointsOf(
  account: { ledger: LedgerEntry[]; donations: Donation[] },
  intents: readonly OutboxRow[],
  empty: boolean,
): PointsView {
  const sum = (state: string) =>
    account.ledger.filter((e) => e.state === state).reduce((total, e) => total + e.points, 0);
  const balance = sum("posted");
  const waiting = intents
    .filter((one) => one.kind === "donate" && one.state.kind !== "parked")
    .reduce((total, one) => total + (one.points ?? 0), 0);
  // What waits is taken off, as the core does it.
  const available = Math.max(0, balance - waiting);
  const months = Array.from({ length: 12 }, (_, i) => {
    const month = new Date(Date.UTC(2025, 11 + i, 1)).toISOString().slice(0, 7);
    return {
      month,
      earned: 180 + ((i * 97) % 260),
      given: [0, 0, 300, 0, 0, 420, 0, 0, 1000, 0, 0, 600][i] ?? 0,
    };
  });
  return {
    balance: { balance, held: 0, available, pending: sum("pending") },
    available_fen: available,
    pending_cases: account.ledger.filter((e) => e.state === "pending").length,
    ledger: account.ledger,
    projects: empty ? [] : projects,
    donations: account.donations,
    given: empty ? 0 : 18640,
    given_count: empty ? 0 : 11,
    months,
    waiting,
  };
}
