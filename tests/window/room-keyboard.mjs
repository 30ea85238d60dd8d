// Every action of the case room without a mouse, in the real window, viewer by viewer; then the ballot,
// and after a kill everything that was written must still be there.
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Reviewer } from "./reviewer.mjs";
import { Hand } from "./room-hand.mjs";
import { ballot, openCase } from "./room-keyboard-ballot.mjs";
import { chat } from "./room-keyboard-chat.mjs";
import { papers } from "./room-keyboard-papers.mjs";
import { photos } from "./room-keyboard-photos.mjs";
import { sheet } from "./room-keyboard-sheet.mjs";
import { timeline } from "./room-keyboard-timeline.mjs";
import { WHOLE, writeWholeDocket } from "./whole-docket.mjs";

/** The part of `room.mjs`. */
export async function keyboard(checks, folder) {
  const out = join(folder, "keyboard");
  const docket = join(out, "docket");
  await mkdir(out, { recursive: true });
  await writeWholeDocket(docket, resolve("demo"));
  const me = await Reviewer.ready({ out, dockets: [docket] });
  const hand = new Hand(me, out, checks);
  try {
    await me.server.start();
    await me.open();
    await me.signIn();
    [hand.row] = await me.take([WHOLE]);
    await openCase(hand);
    for (const part of [timeline, chat, photos, papers, sheet, ballot]) await part(hand);
  } finally {
    await me.close();
  }
}
