// Two texts side by side, with what changed marked: words in English, characters in Chinese. Pure.
import { diffArrays } from "diff";

export type Change = { kind: "same" | "added" | "removed"; text: string };

/** Splits into words, runs of digits, and single characters of everything else. */
export function tokens(text: string): string[] {
  return text.match(/[\p{Script=Latin}]+(?:['’][\p{Script=Latin}]+)*|\d+(?:[.,]\d+)*|\s+|./gsu) ?? [];
}

const sentences = (text: string): string[] =>
  text.match(/[^。；！？.;!?\n]*[。；！？.;!?\n]?/gu)!.filter(Boolean);

/** Beyond so many changed tokens letters help nobody: whole sentences are compared. */
const MOST_CHANGES = 1000;

/** The changes from one text to another. Single equal letters between two changes are no help to a reader. */
export function diff(before: string, after: string): Change[] {
  if (before === after) return before ? [{ kind: "same", text: before }] : [];
  const found =
    diffArrays(tokens(before), tokens(after), { maxEditLength: MOST_CHANGES }) ??
    diffArrays(sentences(before), sentences(after));
  return joined(
    found.map(({ added, removed, value }) => ({
      kind: added ? "added" : removed ? "removed" : "same",
      text: value.join(""),
    })),
  );
}

const isIsland = (text: string) => /^\s+$/u.test(text) || /^[\p{Script=Han}\p{P}]$/u.test(text);

/** Swallows tiny islands between changes, and puts what was removed before what was added. */
function joined(changes: Change[]): Change[] {
  const out: Change[] = [];
  let removed = "";
  let added = "";
  const flush = () => {
    if (removed) out.push({ kind: "removed", text: removed });
    if (added) out.push({ kind: "added", text: added });
    removed = added = "";
  };
  changes.forEach((change, i) => {
    if (change.kind === "removed") removed += change.text;
    else if (change.kind === "added") added += change.text;
    else {
      const next = changes[i + 1];
      // Only where something was replaced on both sides: else a short insertion would grow.
      if (removed && added && next && next.kind !== "same" && isIsland(change.text)) {
        removed += change.text;
        added += change.text;
      } else {
        flush();
        out.push({ ...change });
      }
    }
  });
  flush();
  return out;
}
