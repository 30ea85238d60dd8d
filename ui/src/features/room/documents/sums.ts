// Sums of orders: what adds up, and what does not. Exact integers, never floats. Pure.
import type { AmountLine, Order, Payment } from "../../../backend/types";

export interface SumCheck {
  sum: number;
  stated: number;
  currency: string;
  agrees: boolean;
}

/** The lines of the bill against what was paid; none where nothing is stated. */
export function billCheck(amounts: readonly AmountLine[]): SumCheck | null {
  const paid = amounts.find((line) => line.kind === "paid");
  const lines = amounts.filter((line) => line.kind !== "paid");
  if (!paid || !lines.length || lines.some((line) => line.amount.currency !== paid.amount.currency))
    return null;
  const sum = lines.reduce((total, line) => total + line.amount.minor, 0);
  return {
    sum,
    stated: paid.amount.minor,
    currency: paid.amount.currency,
    agrees: sum === paid.amount.minor,
  };
}

/** The items against the line for goods. */
export function itemsCheck(order: Order): SumCheck | null {
  const goods = order.amounts.find((line) => line.kind === "goods");
  if (
    !goods ||
    !order.items.length ||
    order.items.some((item) => item.price.currency !== goods.amount.currency)
  )
    return null;
  const sum = order.items.reduce((total, item) => total + item.price.minor * item.quantity, 0);
  return {
    sum,
    stated: goods.amount.minor,
    currency: goods.amount.currency,
    agrees: sum === goods.amount.minor,
  };
}

/** What was paid, what came back, and what is left. */
export function netOf(
  payments: readonly Payment[],
): { paid: number; back: number; net: number; currency: string } | null {
  const currency = payments[0]?.amount.currency;
  if (!currency || payments.some((p) => p.amount.currency !== currency)) return null;
  const sum = (test: (p: Payment) => boolean) =>
    payments.filter(test).reduce((total, p) => total + p.amount.minor, 0);
  const paid = sum((p) => p.kind === "payment");
  const back = sum((p) => p.kind !== "payment");
  return { paid, back, net: paid - back, currency };
}
