// A place in the evidence in words, as notes name it.
import type { Anchor } from "../../../backend/types";
import { numberOf } from "../../../app/words";
import { t } from "../../../messages/index.svelte";
import { lineWords } from "../documents/lines";
import type { RoomState } from "../room.svelte";

export function placeWords(room: RoomState, anchor: Anchor): string {
  const evidence = room.find(anchor.evidence);
  const number = evidence ? numberOf(evidence.number) : anchor.evidence;
  const words = t().room;
  switch (anchor.kind) {
    case "evidence":
      return number;
    case "message":
      return words.messageRef(number, anchor.seq);
    case "picture":
      return words.pictureRef(number, anchor.index + 1);
    case "region":
      return words.regionRef(number, (evidence?.media[anchor.index]?.pages ? anchor.page : anchor.index) + 1);
    case "paragraph":
      return words.paragraphRef(number, anchor.number);
    case "line": {
      const body = room.body(anchor.evidence).value;
      const line = body && lineWords(body, anchor.part, anchor.index);
      return words.lineRef(number, line ?? words.lineN(words.part[anchor.part], anchor.index + 1));
    }
  }
}
