// A docket of one case with the pictures that cameras, phones and bad lines bring: the eight orientations,
// HEIC, half a file, a panorama of 100 megapixels. Each is four quarters upright: red, green, blue, white
// from the upper left, clockwise.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

export const CASE = "camera-pictures";
export const PANORAMA = { width: 20_000, height: 5_000 };

/** What an upright picture is stored as, so that the tag turns it back (Exif 2.3, tag 274). */
const STORED = { 1: [], 2: ["-flop"], 3: ["-rotate", "180"], 4: ["-flip"], 5: ["-transpose"], 6: ["-rotate", "270"], 7: ["-transverse"], 8: ["-rotate", "90"] };

const convert = (...words) => execFileSync("convert", words, { stdio: ["ignore", "pipe", "inherit"], maxBuffer: 64 << 20 });

/** Four quarters, upright. */
function quarters(width, height, to, ...more) {
  const tile = `${width / 2}x${height / 2}`;
  const row = (left, right) => ["(", "-size", tile, `xc:${left}`, `xc:${right}`, "+append", ")"];
  convert(...row("#ff0000", "#00ff00"), ...row("#ffffff", "#0000ff"), "-append", ...more, to);
}

/** The same with more pixels than ImageMagick holds at once: row by row. */
async function largeQuarters(width, height, to) {
  const writing = spawn("cjpeg", ["-quality", "80", "-outfile", to], { stdio: ["pipe", "inherit", "inherit"] });
  const row = (left, right) => Buffer.concat([Buffer.alloc((width / 2) * 3, Buffer.from(left)), Buffer.alloc((width / 2) * 3, Buffer.from(right))]);
  const [upper, lower] = [row([255, 0, 0], [0, 255, 0]), row([255, 255, 255], [0, 0, 255])];
  writing.stdin.write(`P6 ${width} ${height} 255\n`);
  for (let n = 0; n < height; n++) if (!writing.stdin.write(n < height / 2 ? upper : lower)) await once(writing.stdin, "drain");
  writing.stdin.end();
  const [status] = await once(writing, "exit");
  if (status !== 0) throw new Error(`cjpeg ended with ${status}`);
}

/** A JPEG with an Exif block that has nothing but the orientation. */
function tagged(jpeg, orientation) {
  const tiff = Buffer.from([0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
  const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  const head = Buffer.from([0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 255]);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

/** Writes the docket; `real` are files of cameras that come after the made ones. Answers with the pictures. */
export async function writePicturesDocket(folder, real = []) {
  const home = join(folder, "cases", CASE);
  const photos = join(home, "photos");
  await mkdir(photos, { recursive: true });
  const pictures = [];
  for (const [orientation, turned] of Object.entries(STORED)) {
    const name = `orientation-${orientation}.jpg`;
    quarters(1600, 1200, join(photos, name), ...turned, "-strip", "-quality", "92");
    await writeFile(join(photos, name), tagged(await readFile(join(photos, name)), Number(orientation)));
    pictures.push({ name, shown: "quarters" });
  }
  quarters(1600, 1200, join(photos, "phone.heic"));
  pictures.push({ name: "phone.heic", shown: "quarters" });
  await largeQuarters(PANORAMA.width, PANORAMA.height, join(photos, "panorama.jpg"));
  pictures.push({ name: "panorama.jpg", shown: "quarters", wide: true });
  const whole = await readFile(join(photos, "orientation-1.jpg"));
  await writeFile(join(photos, "half.jpg"), whole.subarray(0, Math.floor(whole.length / 2)));
  pictures.push({ name: "half.jpg", shown: "half" });
  for (const [n, file] of real.entries()) {
    const name = `camera-${n + 1}${file.slice(file.lastIndexOf("."))}`;
    await writeFile(join(photos, name), await readFile(file));
    pictures.push({ name, shown: file.includes("/broken/") ? "broken" : "photograph" });
  }
  const at = (hour) => `2026-10-20T${String(hour).padStart(2, "0")}:00:00+08:00`;
  await writeFile(join(home, "case.json"), JSON.stringify({
    format: 1, id: CASE, type: "transaction_dispute", language: "zh-Hans", time_zone: "Asia/Shanghai", title: "各种相机的照片",
    summary: "照片来自不同的相机和手机，有的只传了一半。", rule_version: "2026-05", example: true,
    parties: [
      { side: "buyer", role: "claimant", alias: "阮**" },
      { side: "seller", role: "respondent", alias: "郁***店" },
    ],
    claims: [{ side: "buyer", text: "退款", amount: { minor: 9900, currency: "CNY" }, filed_at: at(12) }],
    issues: [{ id: "i-1", text: "货对不对" }],
    evidence: [
      { id: "b-1", side: "buyer", kind: "image", title: "照片", purpose: "", submitted_at: at(13), grade: "party_submission",
        media: pictures.map(({ name }) => ({ file: `photos/${name}`, caption: name.replace(/\.[^.]+$/, "") })) },
      { id: "s-1", side: "seller", kind: "statement", title: "情况说明", purpose: "", submitted_at: at(15), grade: "party_submission",
        body: { kind: "statement", side: "seller", at: at(15), paragraphs: ["照片我都看了。"] } },
      { id: "b-2", side: "buyer", kind: "statement", title: "情况说明", purpose: "", submitted_at: at(15), grade: "party_submission",
        body: { kind: "statement", side: "buyer", at: at(15), paragraphs: ["货不对。"] } },
      { id: "p-1", side: "platform", kind: "chat_log", title: "聊天", purpose: "", submitted_at: at(14), grade: "platform_record",
        body: {
          kind: "chat_log", platform: "示例聊天", time_zone: "Asia/Shanghai", complete: true,
          participants: [{ id: "b", side: "buyer", alias: "阮**" }, { id: "s", side: "seller", alias: "郁***店" }],
          messages: [{ seq: 1, at: at(2), from: "b", text: "照片发你了，有的没传完。" }],
        } },
      { id: "p-2", side: "platform", kind: "order", title: "订单", purpose: "", submitted_at: at(14), grade: "platform_record",
        body: {
          kind: "order", number: "2610****77", items: [{ title: "木盒", price: { minor: 9900, currency: "CNY" }, quantity: 1 }],
          amounts: [{ kind: "paid", amount: { minor: 9900, currency: "CNY" } }],
          payments: [{ at: at(1), kind: "payment", amount: { minor: 9900, currency: "CNY" } }],
        } },
    ],
    events: [], key_dates: [{ kind: "ordered", at: at(1) }, { kind: "delivered", at: at(9) }],
    conflict: { category: "百货", shop: "郁***店", region: "成都" },
  }, null, 1));
  return pictures;
}
