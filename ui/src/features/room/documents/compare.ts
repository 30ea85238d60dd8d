// A listing beside the item that was ordered, attribute by attribute. It says what differs, never
// who is right. Pure.
import type { ListingSnapshot, Money, Order, OrderItem } from "../../../backend/types";

export interface Row {
  name: string;
  listing: string | null;
  order: string | null;
  differs: boolean;
}

const plain = (text: string) => text.normalize("NFKC").replace(/\s+/g, "").toLowerCase();

/** The choices that a listing offers in one attribute: "S / L", "驼色、黑色". */
const choices = (value: string) => value.split(/[/、,，;；|]/u).map(plain);

/** Whether what was ordered is among what the listing offers. */
export function offered(listing: string, ordered: string): boolean {
  const wanted = plain(ordered);
  const all = choices(listing);
  if (all.includes(wanted) || plain(listing) === wanted) return true;
  // "驼色（现货）" offers 驼色; a single letter inside another word offers nothing.
  return [...wanted].length > 1 && all.some((one) => one.includes(wanted));
}

/** How much two titles have in common, by their pairs of letters: 0 to 1. */
export function likeness(a: string, b: string): number {
  const pairs = (text: string) => {
    const letters = [...plain(text)];
    return new Set(letters.slice(1).map((letter, i) => letters[i]! + letter));
  };
  const [left, right] = [pairs(a), pairs(b)];
  if (!left.size || !right.size) return plain(a) === plain(b) ? 1 : 0;
  return (2 * [...left].filter((pair) => right.has(pair)).length) / (left.size + right.size);
}

/** The item of an order that a listing is about; none where no title is like it. */
export function itemOf(listing: ListingSnapshot, order: Order): number | null {
  const likes = order.items.map((item) => likeness(listing.title, item.title));
  const best = likes.indexOf(Math.max(...likes));
  return best >= 0 && likes[best]! >= 0.4 ? best : null;
}

/** Every attribute of the listing and every option of the item, those of both first by the listing's order. */
export function compare(listing: ListingSnapshot, item: OrderItem): Row[] {
  const named = (name: string) => item.options.find((option) => plain(option.name) === plain(name));
  const rows: Row[] = listing.attributes.map(({ name, value }) => {
    const option = named(name);
    return {
      name,
      listing: value,
      order: option?.value ?? null,
      differs: option !== undefined && !offered(value, option.value),
    };
  });
  for (const { name, value } of item.options)
    if (!listing.attributes.some((one) => plain(one.name) === plain(name)))
      rows.push({ name, listing: null, order: value, differs: false });
  return rows;
}

/** Whether the item was ordered under another title, spaces and the width of letters aside. */
export const titleDiffers = (listing: ListingSnapshot, item: OrderItem): boolean =>
  plain(listing.title) !== plain(item.title);

/** Both prices where they can be compared and are not the same. */
export function priceDiffers(listing: ListingSnapshot, item: OrderItem): [Money, Money] | null {
  const shown = listing.price;
  if (!shown || shown.currency !== item.price.currency || shown.minor === item.price.minor) return null;
  return [shown, item.price];
}

/** In how many places listing and item differ. */
export const differences = (listing: ListingSnapshot, item: OrderItem): number =>
  compare(listing, item).filter((row) => row.differs).length +
  (titleDiffers(listing, item) ? 1 : 0) +
  (priceDiffers(listing, item) ? 1 : 0);
