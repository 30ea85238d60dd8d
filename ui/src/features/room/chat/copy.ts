// A message in words: who, with what marks, and as a line of plain text to take along.
import type { ChatMessage, ChatParticipant } from "../../../backend/types";
import { fenced } from "../../../app/direction";
import { list, sideName, statedFull } from "../../../app/words";
import { t } from "../../../messages/index.svelte";

export const nameOf = (person: ChatParticipant | undefined): string =>
  person ? (person.side ? sideName(person.side) : t().evidence.chat.bystander) : t().evidence.chat.system;

/** What the record says about a message besides its text. */
export function marksOf(message: ChatMessage): string[] {
  const words = t().evidence.chat;
  return [
    message.recalled ? words.recalled : "",
    message.edited ? words.edited : "",
    message.kind === "voice" ? words.voice : "",
    message.kind === "auto_reply" ? words.auto : "",
    message.kind === "card" ? words.card : "",
  ].filter(Boolean);
}

/** A message on one line, with its side, its full stamp and its marks. */
export function lineOf(message: ChatMessage, person: ChatParticipant | undefined): string {
  const words = t().evidence.chat;
  const name = person?.alias ? `${nameOf(person)} ${fenced(person.alias)}` : nameOf(person);
  const pictures = message.media?.length ? [`[${words.pictures(message.media.length)}]`] : [];
  const text = [fenced(message.text.replace(/\s*\n\s*/g, " ").trim()), ...pictures].filter(Boolean).join(" ");
  return words.line(name, message.at ? statedFull(message.at) : words.noTime, list(marksOf(message)), text);
}
