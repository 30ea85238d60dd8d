// Findings of the worksheet: issues against evidence, and how they add up. A summary counts and
// never leans. Pure.
import type { EvidenceFinding, Finding, MatrixCell, Side } from "../../../backend/types";

export function same(a: Finding, b: Finding): boolean {
  return a.kind === b.kind && (a.kind !== "favours" || b.kind !== "favours" || a.side === b.side);
}

export function withFinding(
  findings: readonly EvidenceFinding[],
  evidence: string,
  finding: Finding | null,
): EvidenceFinding[] {
  const others = findings.filter((one) => one.evidence !== evidence);
  return finding ? [...others, { evidence, finding }] : others;
}

export function withCell(
  matrix: readonly MatrixCell[],
  issue: string,
  evidence: string,
  finding: Finding | null,
): MatrixCell[] {
  const others = matrix.filter((cell) => cell.issue !== issue || cell.evidence !== evidence);
  return finding ? [...others, { issue, evidence, finding }] : others;
}

/** What follows a finding when a cell is pressed again and again: the sides, neutral, nothing. */
export function nextFinding(finding: Finding | undefined, sides: readonly Side[]): Finding | null {
  const all: Finding[] = [...sides.map((side): Finding => ({ kind: "favours", side })), { kind: "neutral" }];
  const at = finding ? all.findIndex((one) => same(one, finding)) : -1;
  return all[at + 1] ?? null;
}

/** The finding that a key sets: 1 and 2 the sides, 0 neutral, Backspace and Delete nothing. */
export function findingOfKey(key: string, sides: readonly Side[]): Finding | null | undefined {
  const side = { "1": sides[0], "2": sides[1] }[key];
  if (side) return { kind: "favours", side };
  if (key === "0") return { kind: "neutral" };
  if (key === "Backspace" || key === "Delete") return null;
  return undefined;
}

export interface Summary {
  /** Pieces found for each side, in the order the sides are given. */
  sides: { side: Side; n: number }[];
  neutral: number;
  /** Pieces without a finding. */
  open: number;
}

/** Counts findings per side over so many pieces of evidence. */
export function summary(findings: readonly Finding[], sides: readonly Side[], pieces: number): Summary {
  return {
    sides: sides.map((side) => ({
      side,
      n: findings.filter((one) => one.kind === "favours" && one.side === side).length,
    })),
    neutral: findings.filter((one) => one.kind === "neutral").length,
    open: Math.max(0, pieces - findings.length),
  };
}
