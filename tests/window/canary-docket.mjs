// A docket of small cases that carry canaries: texts that are nowhere else on earth, in every place
// where a case has a text, and a picture that is nobody else's. Whatever of them is found in the clear
// on the reviewer's machine is a leak.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A text of a run's own. Its Chinese is rare, and its two base64 alphabets differ. */
export function makeRoot(first) {
  for (;;) {
    const root = `${first}鸑鷟${randomBytes(5).toString("hex")}龘鼾`;
    const text = Buffer.from(root).toString("base64").slice(4, -4);
    if (/[+/]/.test(text)) return root;
  }
}

/** What a run plants: `text` in evidence and in all that the reviewer writes, `title` in titles, which a
 *  notification may name. */
export const makeCanaries = () => ({ text: makeRoot("丳"), title: makeRoot("亜") });

/** The strong colour of the canary picture's upper half, to be seen on a screen. */
export const COLOUR = "#12f4b7";

const at = (minute) => new Date(Date.parse("2026-10-20T02:00:00Z") + minute * 60_000).toISOString().replace(".000Z", "+00:00");
const yuan = (minor) => ({ minor, currency: "CNY" });

function caseFile(id, number, panel, { text, title }, file) {
  const say = (what) => `${what} ${text} ${number}`;
  const statement = (evidence, side) => ({
    id: evidence, side, kind: "statement", title: say("情况说明"), purpose: say("说明"), submitted_at: at(900), grade: "party_submission",
    body: { kind: "statement", side, at: at(900), paragraphs: [say("第一段"), say("第二段")] },
  });
  return {
    format: 1, id, type: "transaction_dispute", language: "zh-Hans", time_zone: "Asia/Shanghai",
    title: `杯子裂了没有 ${title} ${number}`, summary: say("买家称收到时已裂。"), rule_version: "2026-05", example: true,
    vote_system: {
      panel_size: panel, rule: { kind: "plurality" }, quorum: 1, early_finish: false, cannot_decide: "excluded", tie: "staff",
      voting_window_seconds: 86_400, seat_lease_seconds: 43_200, late_ballot: "recorded",
    },
    parties: [
      { side: "buyer", role: "claimant", alias: `阮**${text}` },
      { side: "seller", role: "respondent", alias: `郁***店${text}` },
    ],
    claims: [{ side: "buyer", text: say("退款"), amount: yuan(9900), filed_at: at(800) }],
    issues: [{ id: "i-1", text: say("谁弄裂的") }],
    evidence: [
      {
        id: "p-1", side: "platform", kind: "chat_log", title: say("聊天"), purpose: say("沟通"), submitted_at: at(902), grade: "platform_record", media: [{ file }],
        body: {
          kind: "chat_log", platform: say("示例聊天"), time_zone: "Asia/Shanghai", complete: true,
          participants: [{ id: "b", side: "buyer", alias: `阮**${text}` }, { id: "s", side: "seller", alias: `郁***店${text}` }],
          messages: Array.from({ length: 40 }, (_, n) => ({ seq: n + 1, at: at(n * 7), from: n % 2 ? "s" : "b", text: say(`第${n}句`), ...(n % 8 === 0 ? { media: [file] } : {}) })),
        },
      },
      {
        id: "p-2", side: "platform", kind: "order", title: say("订单"), purpose: "", submitted_at: at(903), grade: "platform_record",
        body: {
          kind: "order", number: `2610 **** ${text}`,
          items: [{ title: say("杯子"), price: yuan(9900), quantity: 1, options: [{ name: "颜色", value: say("青") }] }],
          amounts: [{ kind: "goods", amount: yuan(9900) }, { kind: "paid", amount: yuan(9900) }],
          payments: [{ at: at(1), kind: "payment", amount: yuan(9900), method: say("余额") }],
          address: `成都市 **** ${text}`, buyer_note: say("轻放"), shipments: [], history: [{ at: at(1), status: say("已付") }],
        },
      },
      statement("b-1", "buyer"),
      statement("s-1", "seller"),
      {
        id: "b-2", side: "buyer", kind: "image", title: say("照片"), purpose: say("裂纹"), submitted_at: at(901), grade: "party_submission",
        media: [{ file, caption: say("杯底") }],
      },
    ],
    events: [{ at: at(850), kind: "platform_act", side: "platform", text: say("介入") }],
    key_dates: [{ kind: "ordered", at: at(0) }, { kind: "delivered", at: at(300) }],
    conflict: { category: say("百货"), shop: `郁***店${text}`, region: say("成都") },
  };
}

/**
 * Writes a docket of `count` cases for panels of `panel`; answers with the cases' ids and with pieces
 * of the original picture's bytes, from where they are the picture's own.
 */
export async function writeCanaryDocket(folder, canaries, { count, panel }) {
  await mkdir(join(folder, "cases"), { recursive: true });
  const picture = join(folder, "canary.jpg");
  const seed = String(randomBytes(3).readUIntBE(0, 3));
  await run("convert", ["-size", "960x360", `xc:${COLOUR}`, "(", "-seed", seed, "-size", "960x360", "plasma:fractal", "-attenuate", "0.4", "+noise", "Gaussian", ")",
    "-append", "-comment", `拍摄说明 ${canaries.text}`, "-quality", "92", picture]);
  const bytes = await readFile(picture);
  const ids = [];
  for (let n = 1; n <= count; n++) {
    const id = `canary-${n}`;
    const home = join(folder, "cases", id);
    const file = `photos/照片 ${canaries.text}.jpg`;
    await mkdir(join(home, "photos"), { recursive: true });
    await writeFile(join(home, file), bytes);
    await writeFile(join(home, "case.json"), JSON.stringify(caseFile(id, n, panel, canaries, file)));
    ids.push(id);
  }
  return { ids, pieces: piecesOf(bytes) };
}

/** Pieces of some bytes that only they have: from the middle of what a JPEG's pixels became. */
export function piecesOf(bytes) {
  return [0.55, 0.7, 0.85].map((share) => Buffer.from(bytes.subarray(Math.floor(bytes.length * share)).subarray(0, 24)));
}

/** The files of a pack: a ZIP whose members are stored as they are. */
export function* filesOfPack(bytes) {
  for (let at = bytes.indexOf("PK\x01\x02", 0, "latin1"); at >= 0; at = bytes.indexOf("PK\x01\x02", at + 46, "latin1")) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const head = bytes.readUInt32LE(at + 42);
    if (method === 0 && size !== 0xffffffff) {
      const begin = head + 30 + bytes.readUInt16LE(head + 26) + bytes.readUInt16LE(head + 28);
      yield { path: bytes.subarray(at + 46, at + 46 + name).toString(), bytes: bytes.subarray(begin, begin + size) };
    }
    at += extra + comment;
  }
}
