// Two texts side by side, with what changed marked: words in English, characters in Chinese. Pure.

export type Change = { kind: "same" | "added" | "removed"; text: string };

/** Splits into words, runs of digits, and single characters of everything else. */
export function tokens(text: string): string[] {
  return text.match(/[A-Za-z]+|\d+(?:\.\d+)?|\s+|./gsu) ?? [];
}

/** The changes from one text to another, by the longest common run of tokens. */
export function diff(before: string, after: string): Change[] {
  const a = tokens(before);
  const b = tokens(after);
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i * width + j] =
        a[i] === b[j]
          ? table[(i + 1) * width + j + 1]! + 1
          : Math.max(table[(i + 1) * width + j]!, table[i * width + j + 1]!);
  const out: Change[] = [];
  const push = (kind: Change["kind"], text: string) => {
    const last = out.at(-1);
    if (last?.kind === kind) last.text += text;
    else out.push({ kind, text });
  };
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      push("same", a[i]!);
      i++;
      j++;
    } else if (table[(i + 1) * width + j]! >= table[i * width + j + 1]!) push("removed", a[i++]!);
    else push("added", b[j++]!);
  }
  while (i < a.length) push("removed", a[i++]!);
  while (j < b.length) push("added", b[j++]!);
  return out;
}
