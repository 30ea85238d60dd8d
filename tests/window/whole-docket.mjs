// A case in which there is one of everything that the room can show, put together from the cases of the
// demo: a PDF, a rule beside the one it replaces, two brand marks, a credit snapshot, a before and an
// after, what is damaged, what is covered, and a chat of three months.
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

export const WHOLE = "one-of-everything";
/** The evidence that tests go to by name. */
export const AT = {
  chat: "p-1", order: "p-2", rule: "p-5", draft: "p-6", credit: "p-7", months: "p-8",
  pair: "b-4", paper: "s-3", marks: ["b-5", "s-4"], torn: "s-5",
};
/** The message that the last one of the long chat quotes. */
export const QUOTED = 3;
const HOURS_BETWEEN = 21;

const read = async (file) => JSON.parse(await readFile(file, "utf8"));

/** Writes the docket into `folder`, from the cases of `demo`. */
export async function writeWholeDocket(folder, demo) {
  const home = join(folder, "cases", WHOLE);
  await mkdir(home, { recursive: true });
  await cp(join(demo, "cases/orange-crate"), home, { recursive: true });
  const whole = await read(join(home, "case.json"));
  const add = async (from, id, as, change = {}) => {
    const source = join(demo, "cases", from);
    const piece = (await read(join(source, "case.json"))).evidence.find((one) => one.id === id);
    const media = [];
    for (const one of piece.media ?? []) {
      const file = `${from}/${one.file}`;
      await mkdir(join(home, file, ".."), { recursive: true });
      await cp(join(source, one.file), join(home, file));
      media.push({ ...one, file });
    }
    const body = piece.body_file ? await read(join(source, piece.body_file)) : piece.body;
    const side = { b: "buyer", s: "seller", p: "platform" }[as[0]];
    delete piece.body_file;
    whole.evidence.push({ ...piece, ...(body && { body }), ...(media.length && { media }), id: as, side, ...change });
    return body;
  };
  await add("sweater-shrunk", "b-2", AT.pair);
  await add("soy-marks", "o-3", AT.marks[0]);
  await add("soy-marks", "s-3", AT.marks[1]);
  await add("empty-parcel", "s-3", AT.paper);
  const draft = await add("presale-rule", "p-1", AT.draft);
  // One paragraph that stayed as it was.
  const stays = draft.paragraphs.find(({ number }) => number === "1");
  draft.replaces.paragraphs = draft.replaces.paragraphs.map((one) => (one.number === stays.number ? stays : one));
  await add("lamp-review", "p-6", AT.credit);
  const months = await add("sweater-shrunk", "p-1", AT.months, { title: "三个月的聊天", purpose: "" });
  await stretch(months, whole.evidence.at(-1).media);
  // A picture whose second half was lost on the way.
  const photo = await readFile(join(home, "photos/packing-line.jpg"));
  await writeFile(join(home, "photos/torn.jpg"), photo.subarray(0, photo.length >> 1));
  whole.evidence.push({
    id: AT.torn, side: "seller", kind: "image", title: "没有传完的照片", purpose: "", grade: "party_submission",
    submitted_at: "2026-10-27T20:00:00+08:00", media: [{ file: "photos/torn.jpg", caption: "传到一半" }],
  });
  Object.assign(whole, { id: WHOLE, title: "每样一份：看证据的地方" });
  await writeFile(join(home, "case.json"), JSON.stringify(whole, null, 1));
}

/** Spreads a log over three months, with every mark that a record can carry. */
async function stretch(log, media) {
  const first = Date.parse("2026-08-01T01:00:00Z");
  const stamp = (n) => `${new Date(first + n * HOURS_BETWEEN * 3_600_000 + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
  const byName = new Map(media.map(({ file }) => [file.split("/").at(-1), file]));
  log.complete = false;
  log.messages.forEach((message, n) => {
    message.at = stamp(n);
    if (message.media) message.media = message.media.map((file) => byName.get(file.split("/").at(-1)));
  });
  const at = (seq) => log.messages.find((message) => message.seq === seq);
  at(8).recalled = true;
  at(9).edited = true;
  at(12).omitted_before = 4;
  const last = log.messages.at(-1).seq;
  const from = log.participants[0].id;
  log.messages.push(
    { seq: last + 1, at: stamp(log.messages.length), from, text: "这一条引用的没有了", quotes: last + 900 },
    { seq: last + 2, at: stamp(log.messages.length + 1), from, text: "最早说的是这一句", quotes: QUOTED },
  );
}
