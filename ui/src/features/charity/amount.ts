// What may be given: whole points, at least the minimum, in steps, no more than there is. Pure.
import type { Project } from "../../backend/types";

export type AmountFault = "empty" | "whole" | "minimum" | "step" | "tooMany";

/** Reads what was typed; the points are exact, 1 point is 1 fen. */
export function readAmount(
  typed: string,
  project: Project,
  available: number,
): { points: number | null; fault: AmountFault | null } {
  const text = typed.replace(/[\s,，]/g, "");
  if (!text) return { points: null, fault: "empty" };
  if (!/^\d{1,15}$/.test(text)) return { points: null, fault: "whole" };
  const points = Number(text);
  if (points < project.minimum || points === 0) return { points, fault: "minimum" };
  if (project.step > 1 && points % project.step !== 0) return { points, fault: "step" };
  if (points > available) return { points, fault: "tooMany" };
  return { points, fault: null };
}

/** The most that may be given of what there is. */
export function most(project: Project, available: number): number {
  const step = Math.max(1, project.step);
  const points = Math.floor(available / step) * step;
  return points >= project.minimum ? points : 0;
}

/** How many units the points pay for, to one decimal, cut and never rounded up. */
export function units(points: number, unitFen: number): string {
  const tenths = Math.floor((points * 10) / unitFen);
  return tenths % 10 === 0 ? String(tenths / 10) : `${Math.floor(tenths / 10)}.${tenths % 10}`;
}
