// Somebody else's words within a sentence of ours: whatever they turn is turned back where they end.
const POP = "\u202C";
const END = "\u2069";
const FIRST_STRONG = "\u2068";
/** What turns the direction of what comes after it, and what ends that. */
const TURNS = new Map([
  ..."\u202A\u202B\u202D\u202E".split("").map((one): [string, string] => [one, POP]),
  ..."\u2066\u2067\u2068".split("").map((one): [string, string] => [one, END]),
]);
/** Letters that run from the right, and marks that turn. */
const TURNING = /[\u0590-\u08FF\u200E\u200F\u202A-\u202E\u2066-\u2069\uFB1D-\uFDFF\uFE70-\uFEFC]/;

/** The words, fenced in where they could turn what stands around them; others are as they were. */
export function fenced(words: string): string {
  if (!TURNING.test(words)) return words;
  const open: string[] = [];
  for (const letter of words) {
    const end = TURNS.get(letter);
    if (end) open.push(end);
    else if (letter === POP && open.at(-1) === POP) open.pop();
    else if (letter === END && open.includes(END)) open.length = open.lastIndexOf(END);
  }
  return FIRST_STRONG + words + open.reverse().join("") + END;
}
