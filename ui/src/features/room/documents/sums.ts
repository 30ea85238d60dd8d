// Sums of orders: what adds up, and what does not. Exact integers, never floats. Pure.
import type { AmountLine, Money, Order, OrderItem, Payment, Scan } from "../../../backend/types";

export interface SumCheck {
  sum: number;
  stated: number;
  currency: string;
  agrees: boolean;
}

const check = (sum: number, stated: number, currency: string): SumCheck => ({
  sum,
  stated,
  currency,
  agrees: sum === stated,
});

/** The lines of the bill against what was paid; none where nothing is stated. */
export function billCheck(amounts: readonly AmountLine[]): SumCheck | null {
  const paid = amounts.find((line) => line.kind === "paid");
  const lines = amounts.filter((line) => line.kind !== "paid");
  if (!paid || !lines.length || lines.some((line) => line.amount.currency !== paid.amount.currency))
    return null;
  return check(
    lines.reduce((total, line) => total + line.amount.minor, 0),
    paid.amount.minor,
    paid.amount.currency,
  );
}

/** What a line comes to after its own discount; none where currencies differ. */
export function lineSum({ price, quantity, discount }: OrderItem): Money | null {
  if (discount && discount.currency !== price.currency) return null;
  return { minor: price.minor * quantity + (discount?.minor ?? 0), currency: price.currency };
}

/** What all lines come to; none where currencies differ. */
export function itemsSum(items: readonly OrderItem[]): Money | null {
  const sums = items.map(lineSum);
  const currency = sums[0]?.currency;
  if (currency === undefined) return null;
  let minor = 0;
  for (const sum of sums) {
    if (sum?.currency !== currency) return null;
    minor += sum.minor;
  }
  return { minor, currency };
}

/** The items against the line for goods. */
export function itemsCheck(order: Order): SumCheck | null {
  const goods = order.amounts.find((line) => line.kind === "goods");
  const sum = itemsSum(order.items);
  if (!goods || sum?.currency !== goods.amount.currency) return null;
  return check(sum.minor, goods.amount.minor, goods.amount.currency);
}

/** The payments against what the bill says was paid. */
export function paidCheck(order: Order): SumCheck | null {
  const stated = order.amounts.find((line) => line.kind === "paid");
  const payments = order.payments.filter((payment) => payment.kind === "payment");
  if (!stated || !payments.length || payments.some((p) => p.amount.currency !== stated.amount.currency))
    return null;
  return check(
    payments.reduce((total, payment) => total + payment.amount.minor, 0),
    stated.amount.minor,
    stated.amount.currency,
  );
}

export interface Net {
  paid: number;
  refunded: number;
  compensated: number;
  net: number;
  currency: string;
}

/**
 * What was paid, what came back, and what is left; none where currencies differ, and none where a record
 * has no payment: what its refunds leave is not known then.
 */
export function netOf(payments: readonly Payment[]): Net | null {
  const currency = payments[0]?.amount.currency;
  if (!currency || payments.some((p) => p.amount.currency !== currency)) return null;
  if (!payments.some((p) => p.kind === "payment")) return null;
  const sum = (kind: Payment["kind"]) =>
    payments.filter((p) => p.kind === kind).reduce((total, p) => total + p.amount.minor, 0);
  const [paid, refunded, compensated] = [sum("payment"), sum("refund"), sum("compensation")];
  return {
    paid,
    refunded,
    compensated,
    net: paid - refunded - compensated,
    currency,
  };
}

const DAY = 86_400;
const secondsOf = (at: string | null | undefined): number | null => (at ? Date.parse(at) / 1000 : null);

/** Seconds from one stamp to the next; none where one of them is missing. */
export function between(before: string | null | undefined, after: string | null | undefined): number | null {
  const [a, b] = [secondsOf(before), secondsOf(after)];
  return a === null || b === null ? null : b - a;
}

/** For each scan the seconds since the last one that has a stamp, where it was a day or more. */
export function waits(scans: readonly Scan[]): (number | null)[] {
  let last: string | null = null;
  return scans.map((scan) => {
    const since = between(last, scan.at);
    if (scan.at) last = scan.at;
    return since !== null && since >= DAY ? since : null;
  });
}

/** Seconds from the first stamp to the last; none where there are not two. */
export function spanOf(scans: readonly Scan[]): number | null {
  const times = scans.flatMap((scan) => secondsOf(scan.at) ?? []);
  return times.length > 1 ? Math.max(...times) - Math.min(...times) : null;
}
