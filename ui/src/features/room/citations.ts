// Citations in an opinion: stored as [[evidence-id]], written and read as the evidence's number.
import type { Evidence } from "../../backend/types";

const STORED = /\[\[([A-Za-z0-9._:-]{1,128})\]\]/g;

/** The opinion as it is read: every citation of known evidence as its number. */
export function toShown(
  stored: string,
  evidence: readonly Evidence[],
  cite: (e: Evidence) => string,
): string {
  return stored.replace(STORED, (whole, id: string) => {
    const found = evidence.find((e) => e.id === id);
    return found ? cite(found) : whole;
  });
}

/** The opinion as it is stored: every number of known evidence as a citation. */
export function toStored(
  shown: string,
  evidence: readonly Evidence[],
  cite: (e: Evidence) => string,
): string {
  return evidence.reduce((text, e) => text.replaceAll(cite(e), `[[${e.id}]]`), shown);
}

/** The evidence that an opinion cites, in the order it is cited, each once. */
export function citedIn(stored: string, evidence: readonly Evidence[]): Evidence[] {
  const ids = new Set([...stored.matchAll(STORED)].map((match) => match[1]));
  return [...ids].flatMap((id) => evidence.find((e) => e.id === id) ?? []);
}
