// A rule and the one it replaces, paragraph by paragraph; and its table of contents. Pure.
import type { RuleParagraph } from "../../../backend/types";
import { diff, type Change } from "./diff";

export interface Pair {
  key: string;
  kind: "same" | "changed" | "added" | "removed";
  old: RuleParagraph | null;
  now: RuleParagraph | null;
  heading: Change[];
  text: Change[];
}

/** Paragraphs of one heading belong together even where their number moved; else the number decides. */
export function pairsOf(old: readonly RuleParagraph[], now: readonly RuleParagraph[]): Pair[] {
  const only = (list: readonly RuleParagraph[], heading: string) =>
    heading !== "" && list.filter((one) => one.heading === heading).length === 1;
  const partner = new Map<RuleParagraph, RuleParagraph>();
  const taken = new Set<RuleParagraph>();
  const take = (one: RuleParagraph, before: RuleParagraph | undefined) => {
    if (!before || taken.has(before) || partner.has(one)) return;
    partner.set(one, before);
    taken.add(before);
  };
  for (const one of now)
    if (only(now, one.heading) && only(old, one.heading))
      take(
        one,
        old.find((before) => before.heading === one.heading),
      );
  for (const one of now)
    take(
      one,
      old.find((before) => before.number === one.number),
    );

  const rows: Pair[] = now.map((one) => pairOf(partner.get(one) ?? null, one));
  // What was dropped stands after the paragraph it followed.
  old.forEach((before, i) => {
    if (taken.has(before)) return;
    const earlier = old.slice(0, i).reverse();
    const after = rows.findLastIndex((row) => row.old !== null && earlier.includes(row.old));
    rows.splice(after + 1, 0, pairOf(before, null));
  });
  return rows;
}

function pairOf(old: RuleParagraph | null, now: RuleParagraph | null): Pair {
  const heading = diff(old?.heading ?? "", now?.heading ?? "");
  const text = diff(old?.text ?? "", now?.text ?? "");
  const same = old && now && old.heading === now.heading && old.text === now.text;
  return {
    key: now ? `n${now.number}` : `o${old?.number}`,
    kind: !old ? "added" : !now ? "removed" : same ? "same" : "changed",
    old,
    now,
    heading,
    text,
  };
}

export const sideOf = (changes: readonly Change[], side: "old" | "now"): Change[] =>
  changes.filter((change) => change.kind !== (side === "old" ? "added" : "removed"));

/** How many paragraphs of each kind. */
export function tally(pairs: readonly Pair[]): Record<Pair["kind"], number> {
  const counts = { same: 0, changed: 0, added: 0, removed: 0 };
  for (const pair of pairs) counts[pair.kind]++;
  return counts;
}

/** How deep a paragraph's number is: 4 stands at 0, 4.2 at 1. */
export const depthOf = (number: string): number => number.split(".").length - 1;
