// Amounts, times and sizes in words, in the language in use.
import type { EvidenceNumber, Money, Side } from "../backend/types";
import { lang, t } from "../messages/index.svelte";

const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${lang()}${JSON.stringify(options)}`;
  let format = formats.get(id);
  if (!format) formats.set(id, (format = new Intl.DateTimeFormat(tag(), options)));
  return format as Intl.DateTimeFormat;
}

function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const id = `${lang()}${JSON.stringify(options)}`;
  let format = formats.get(id);
  if (!format) formats.set(id, (format = new Intl.NumberFormat(tag(), options)));
  return format as Intl.NumberFormat;
}

// British English writes day before month and a 24-hour clock, as the panel's times are meant.
const tag = () => (lang() === "en" ? "en-GB" : lang());

export const count = (n: number): string => numbers({}).format(n);
export const signed = (n: number): string => (n > 0 ? `+${count(n)}` : n < 0 ? `−${count(-n)}` : "0");

/** Money, exactly: the smallest unit is never rounded. */
export function money(amount: Money): string {
  return moneyOf(amount.minor, amount.currency);
}
export function moneyOf(minor: number, currency = "CNY"): string {
  const digits = numbers({ style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const sign = minor < 0 ? "−" : "";
  const units = Math.abs(minor);
  const scale = 10 ** digits;
  const whole = Math.floor(units / scale);
  const rest = digits ? `.${String(units % scale).padStart(digits, "0")}` : "";
  const symbol =
    numbers({ style: "currency", currency, currencyDisplay: "narrowSymbol" })
      .formatToParts(0)
      .find((part) => part.type === "currency")?.value ?? currency;
  return `${sign}${symbol}${count(whole)}${rest}`;
}

export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  if (n < 1_000_000) return `${Math.round(n / 1000)} KB`;
  const mega = n / 1_000_000;
  return mega < 1000
    ? `${mega < 10 ? mega.toFixed(1) : Math.round(mega)} MB`
    : `${(mega / 1000).toFixed(1)} GB`;
}

/** A span in two units at most: "5 小时 12 分". */
export function span(seconds: number): string {
  const words = t().time;
  const s = Math.max(0, Math.floor(Math.abs(seconds)));
  const [days, hours, minutes] = [
    Math.floor(s / 86400),
    Math.floor((s % 86400) / 3600),
    Math.floor((s % 3600) / 60),
  ];
  if (days >= 3) return words.days(days);
  if (days) return hours ? words.join(words.days(days), words.hours(hours)) : words.days(days);
  if (hours) return minutes ? words.join(words.hours(hours), words.minutes(minutes)) : words.hours(hours);
  if (minutes) return words.minutes(minutes);
  return words.seconds(s);
}

/** What is left of a lease, without seconds. */
export function left(seconds: number): string {
  if (seconds <= 0) return t().time.over;
  if (seconds < 60) return t().time.left(t().time.lessThanMinute);
  return t().time.left(span(seconds));
}

/** "5:12" or "0:42:10" for a running countdown. */
export function clockLeft(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const pad = (n: number) => String(n).padStart(2, "0");
  if (s >= 2 * 86400) return span(s);
  return s >= 3600
    ? `${Math.floor(s / 3600)}:${pad(Math.floor((s % 3600) / 60))}`
    : `0:${pad(Math.floor(s / 60))}:${pad(s % 60)}`;
}

/** An instant in the reviewer's zone, whole. */
export const full = (at: string | number): string =>
  dates({ dateStyle: "long", timeStyle: "medium" }).format(new Date(at)) + ` ${zoneName()}`;
function zoneName(): string {
  return dates({ timeZoneName: "short" })
    .formatToParts(new Date())
    .find((part) => part.type === "timeZoneName")!.value;
}

/** Hours and minutes in the reviewer's zone. */
export const clock = (at: string | number): string =>
  dates({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));

/** A short absolute time in the reviewer's zone: the day is named when it is near. */
export function when(at: string | number, now: number): string {
  const date = new Date(at);
  const day = (d: Date) => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
  const apart = Math.round((day(date) - day(new Date(now))) / 86_400_000);
  const near = { [-1]: t().time.yesterday, 0: t().time.today, 1: t().time.tomorrow }[apart];
  if (near) return t().time.join(near, clock(at));
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  const options: Intl.DateTimeFormatOptions = { month: lang() === "en" ? "short" : "long", day: "numeric" };
  if (!sameYear) options.year = "numeric";
  return t().time.join(dates(options).format(date), clock(at));
}

/** The date and time in the reviewer's zone, without a named day. */
export function dateTime(at: string | number): string {
  const options: Intl.DateTimeFormatOptions = { month: lang() === "en" ? "short" : "long", day: "numeric" };
  return t().time.join(dates(options).format(new Date(at)), clock(at));
}

export function monthName(month: string): string {
  return dates({ month: lang() === "en" ? "short" : "long", timeZone: "UTC" }).format(
    new Date(`${month}-01T00:00:00Z`),
  );
}

/** A month with its year: "2026年11月". */
export const monthTitle = (month: string): string =>
  dates({ year: "numeric", month: "long", timeZone: "UTC" }).format(new Date(`${month}-01T00:00:00Z`));

/** The days of the week from Monday, as short as they go. */
export const weekdayNames = (): string[] =>
  Array.from({ length: 7 }, (_, i) =>
    dates({ weekday: "narrow", timeZone: "UTC" }).format(new Date(Date.UTC(2026, 5, 1 + i))),
  );

export const date = (at: string | number): string => dates({ dateStyle: "long" }).format(new Date(at));

// Stamps are shown as they were stated: their own clock, never converted.

export const statedDay = (stamp: string): string => stamp.slice(0, 10);
export const statedTime = (stamp: string): string => stamp.slice(11, 19);
export function statedOffset(stamp: string): string {
  const found = /([+-]\d{2}):?(\d{2})$/.exec(stamp);
  if (!found) return "UTC";
  const hours = Number(found[1]);
  const sign = found[1]!.startsWith("-") ? "−" : "+";
  const minutes = found[2] === "00" ? "" : `:${found[2]}`;
  return hours === 0 && !minutes ? "UTC" : `UTC${sign}${Math.abs(hours)}${minutes}`;
}

/** Names of days that were asked for, by language: a long list asks for the same few again and again. */
const dayNames = new Map<string, string>();
const MOST_DAY_NAMES = 500;

/** A stated day in words: "2026年11月2日星期一". */
export function dayName(day: string, withYear = true): string {
  const id = `${lang()}${withYear ? "" : "-"}${day}`;
  let name = dayNames.get(id);
  if (name === undefined) {
    if (dayNames.size >= MOST_DAY_NAMES) dayNames.clear();
    dayNames.set(id, (name = formatDay(day, withYear)));
  }
  return name;
}
function formatDay(day: string, withYear: boolean): string {
  const options: Intl.DateTimeFormatOptions = {
    month: "long",
    day: "numeric",
    weekday: "long",
    timeZone: "UTC",
  };
  if (withYear) options.year = "numeric";
  return dates(options).format(new Date(`${day}T00:00:00Z`));
}

/** A stated time, whole: date, time and offset. */
export const statedFull = (stamp: string): string =>
  `${dayName(statedDay(stamp))} ${statedTime(stamp)} ${statedOffset(stamp)}`;

/** A stated time, short: "11-08 20:38". */
export const statedShort = (stamp: string): string => `${stamp.slice(5, 10)} ${stamp.slice(11, 16)}`;

/** The same with its year, where that is not the year of what it stands beside. */
export const statedBeside = (stamp: string, other: string | null): string =>
  other === null || stamp.slice(0, 4) === other.slice(0, 4)
    ? statedShort(stamp)
    : `${statedDay(stamp)} ${stamp.slice(11, 16)}`;

/** Two stamps that are compared, with their years where those differ. */
export const statedPair = (one: string, other: string): [string, string] => [
  statedBeside(one, other),
  statedBeside(other, one),
];

export const seconds = (stamp: string): number => Date.parse(stamp) / 1000;

export const sideName = (side: Side): string => t().side[side];
export const sideMark = (side: Side): string => t().sideMark[side];
export const numberOf = (number: EvidenceNumber): string => t().number(sideMark(number.side), number.n);
export const list = (items: string[]): string => items.join(t().common.listSep);
