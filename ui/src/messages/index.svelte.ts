// The words of the window. One typed table per language; `t()` is the table of the language in use.
import type { Lang, Localized } from "../backend/types";
import * as account from "./account";
import * as docket from "./docket";
import * as evidence from "./evidence";
import * as frame from "./frame";
import * as problems from "./problems";
import * as room from "./room";
import * as states from "./states";
import * as unkept from "./unkept";

const zhHans = {
  ...frame.zhHans,
  docket: docket.zhHans,
  room: room.zhHans,
  evidence: evidence.zhHans,
  ...account.zhHans,
  problem: problems.zhHans,
  states: states.zhHans,
  unkept: unkept.zhHans,
};
export type Messages = typeof zhHans;

const en: Messages = {
  ...frame.en,
  docket: docket.en,
  room: room.en,
  evidence: evidence.en,
  ...account.en,
  problem: problems.en,
  states: states.en,
  unkept: unkept.en,
};

// Traditional Chinese has no table of its own yet: the simplified one stands in.
const tables: Record<Lang, Messages> = { "zh-Hans": zhHans, "zh-Hant": zhHans, en };

let current = $state<Lang>("zh-Hans");

/** The words in the language in use. */
export function t(): Messages {
  return tables[current];
}

/** The language in use. */
export function lang(): Lang {
  return current;
}

/** Changes the language of the window, and what the document says about it. */
export function setLang(next: Lang): void {
  current = next;
  document.documentElement.lang = next;
}

/** The language the system prefers, among those there are. */
export function systemLang(tags: readonly string[] = navigator.languages): Lang {
  for (const tag of tags) {
    if (/^zh\b.*(hant|tw|hk|mo)/i.test(tag)) return "zh-Hant";
    if (/^zh\b/i.test(tag)) return "zh-Hans";
    if (/^en\b/i.test(tag)) return "en";
  }
  return "zh-Hans";
}

/** A text of the server's own, in the language in use. */
export function local(text: Localized): string {
  if (current === "en") return text.en;
  if (current === "zh-Hant") return text["zh-Hant"] ?? text["zh-Hans"];
  return text["zh-Hans"];
}
