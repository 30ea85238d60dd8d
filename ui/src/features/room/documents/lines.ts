// The lines of an order that a note or a citation can point to, and what each is in a few words.
import type { Anchor, EvidenceBody, OrderPart, Scan, Shipment } from "../../../backend/types";
import { fenced } from "../../../app/direction";
import { money, statedShort } from "../../../app/words";
import { t } from "../../../messages/index.svelte";
import type { Target } from "../room.svelte";

/** The scans of all parcels in one row, as anchors count them. */
export const scansOf = (shipments: readonly Shipment[]): Scan[] =>
  shipments.flatMap((shipment) => shipment.scans);

/** Where the scans of a parcel begin in that row. */
export const firstScan = (shipments: readonly Shipment[], parcel: number): number =>
  shipments.slice(0, parcel).reduce((sum, shipment) => sum + shipment.scans.length, 0);

const short = (text: string) => {
  const letters = [...text];
  return fenced(letters.length > 18 ? `${letters.slice(0, 17).join("")}…` : text);
};

/** A line in a few words: "签收 成都武侯 11-06 15:40"; none where the body has no such line. */
export function lineWords(body: EvidenceBody, part: OrderPart, index: number): string | null {
  const words = t().evidence.order;
  const said = (...parts: (string | null | undefined)[]) => parts.filter(Boolean).join(" ");
  if (part === "item") {
    const item = body.kind === "order" ? body.items[index] : undefined;
    return item ? short(item.title) : null;
  }
  if (part === "amount") {
    const line = body.kind === "order" ? body.amounts[index] : undefined;
    return line ? said(words.amountKind[line.kind], money(line.amount)) : null;
  }
  if (part === "status") {
    const change = body.kind === "order" ? body.history[index] : undefined;
    return change ? said(short(change.status), change.at && statedShort(change.at)) : null;
  }
  if (part === "payment") {
    const payments = body.kind === "order" || body.kind === "payment_refund" ? body.payments : [];
    const payment = payments[index];
    return payment
      ? said(words.paymentKind[payment.kind], money(payment.amount), payment.at && statedShort(payment.at))
      : null;
  }
  const scans = body.kind === "order" || body.kind === "logistics" ? scansOf(body.shipments) : [];
  const scan = scans[index];
  return scan ? said(words.scan[scan.kind], short(scan.place), scan.at && statedShort(scan.at)) : null;
}

/** The name of a line in the page, `item:0` or `paragraph:4.2`. */
export const lineName = (part: OrderPart | "paragraph", place: number | string): string => `${part}:${place}`;

/** The anchor that a line's name stands for. */
export function anchorOf(evidence: string, name: string): Anchor {
  const [part, ...rest] = name.split(":");
  const place = rest.join(":");
  return part === "paragraph"
    ? { kind: "paragraph", evidence, number: place }
    : { kind: "line", evidence, part: part as OrderPart, index: Number(place) };
}

/** The line that a jump leads to, if it leads to one. */
export function targetLine(target: Target | null): string | null {
  if (target?.paragraph !== undefined) return lineName("paragraph", target.paragraph);
  return target?.line ? lineName(target.line.part, target.line.index) : null;
}
