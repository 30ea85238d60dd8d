// Days and months of a chat as a calendar shows them. Pure.
import type { ChatDay } from "../../../backend/types";

export const monthOf = (day: string): string => day.slice(0, 7);

/** The months that have messages, each once, in order. */
export const monthsOf = (days: readonly ChatDay[]): string[] =>
  [...new Set(days.map((one) => monthOf(one.day)))].sort();

/** The days of a month in weeks from Monday; none where a week reaches into another month. */
export function weeksOf(month: string): (string | null)[][] {
  const [year, number] = month.split("-").map(Number) as [number, number];
  const lead = (new Date(Date.UTC(year, number - 1, 1)).getUTCDay() + 6) % 7;
  const length = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const cells: (string | null)[] = Array.from({ length: lead }, () => null);
  for (let day = 1; day <= length; day++) cells.push(`${month}-${String(day).padStart(2, "0")}`);
  while (cells.length % 7) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, i) => cells.slice(i * 7, i * 7 + 7));
}
