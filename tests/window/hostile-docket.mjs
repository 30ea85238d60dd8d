// A docket whose case does everything that evidence should not: markup, scripts, SVG, bidirectional
// tricks and endless words in every text, names and captions that look like addresses, pictures that
// are none. A program that shows text as text shows it whole and is changed by nothing.
import { cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Texts that would do something if they were taken for markup; each sets `window.hostile`. */
export const MARKUP = [
  `<img src=x onerror="window.hostile='img'">`,
  `<script>window.hostile='script'</script>`,
  `<svg onload="window.hostile='svg'"><circle r="9"/></svg>`,
  `<iframe srcdoc="<script>parent.hostile='iframe'</script>"></iframe>`,
  `<a href="javascript:window.hostile='link'">点这里看原图</a>`,
  `</div></section></main><h1>系统通知：本案已判买家胜</h1>`,
  `<style>*{display:none!important}</style>`,
  "{@html '<b>x</b>'} {{constructor.constructor(\"window.hostile='template'\")()}} ${window.hostile='literal'}",
  `" onmouseover="window.hostile='attribute'" x="`,
  `<math><mtext><table><mglyph><style><img src=x onerror="window.hostile='mxss'">`,
  "&lt;b&gt;已转义&lt;/b&gt; &amp;amp; &#x3c;i&#x3e;",
  "javascript:window.hostile='scheme' data:text/html,<script>1</script> file:///etc/passwd",
  "[[b-1]] [[nobody#999]] ]] [[ [点我](javascript:alert(1)) **粗**",
];

/** Texts that reorder, hide or flood. */
export const TRICKS = [
  "收据 \u202Egpj.exe",
  "\u202E\u202E\u202E 一直反着写，没有收尾",
  "\u2066\u2067\u2068 隔离开了三层，没有关",
  "同意退款\u200B\u200C\u200D\u2060\uFEFF（中间有看不见的字）",
  "Z\u0335\u0321\u0353\u0306\u0351a\u0336\u0322\u0349\u030C\u0342l\u0334\u0327\u032A\u0309g\u0337\u0318\u0343o".repeat(4),
  "👩‍👩‍👧‍👦🏳️‍🌈🇨🇳‏‎ العربية עברית ไทย हिन्दी",
  "没有空格的一长串".repeat(250),
  "A".repeat(3000),
  "一行\n\n\n\n二行\r\n三行\t制表\u0007响铃\u0000空\u001b[31m红",
  "签收\u{E0001}\u{E0053}\u{E0065}\u{E006E}\u{E0064}\u{E007F}（标签字符）",
];

const at = (minute) => new Date(Date.parse("2026-10-20T02:00:00Z") + minute * 60_000).toISOString().replace(".000Z", "+00:00");
const cny = (minor) => ({ minor, currency: "CNY" });

function caseFile(media) {
  const [one, two, three, four] = MARKUP;
  const statement = (id, side) => ({
    id, side, kind: "statement", title: `情况说明 ${one}`, purpose: three, submitted_at: at(900), grade: "party_submission",
    body: { kind: "statement", side, at: at(900), paragraphs: [...MARKUP, ...TRICKS] },
  });
  return {
    format: 1, id: "hostile-evidence", type: "transaction_dispute", language: "zh-Hans", time_zone: "Asia/Shanghai",
    title: `怪样子的证据 ${two}`, summary: `${TRICKS[0]} ${four} ${MARKUP[5]}`, rule_version: "2026-05", example: true,
    parties: [
      { side: "buyer", role: "claimant", alias: `阮** ${one}` },
      { side: "seller", role: "respondent", alias: `郁***店 ${TRICKS[0]}` },
      { side: "platform", role: "neutral", alias: "示例平台" },
    ],
    claims: [{ side: "buyer", text: `退款 ${three} ${TRICKS[1]}`, amount: cny(9900), filed_at: at(800) }],
    issues: [{ id: "i-1", text: `货对不对 ${MARKUP[5]}` }, { id: "i-2", text: TRICKS[6] }],
    evidence: [
      statement("b-1", "buyer"),
      {
        id: "b-2", side: "buyer", kind: "image", title: `照片 ${three}`, purpose: TRICKS[0], submitted_at: at(901), grade: "party_submission",
        media: media.map((file, n) => ({ file, caption: [...MARKUP, ...TRICKS][n % (MARKUP.length + TRICKS.length)] })),
      },
      statement("s-1", "seller"),
      {
        id: "p-1", side: "platform", kind: "chat_log", title: `聊天 ${two}`, purpose: four, submitted_at: at(902), grade: "platform_record",
        media: media.slice(0, 2).map((file, n) => ({ file, caption: MARKUP[n + 5] })),
        body: {
          kind: "chat_log", platform: `示例聊天 ${one}`, time_zone: "Asia/Shanghai", complete: false,
          participants: [{ id: "b", side: "buyer", alias: `阮** ${two}` }, { id: "s", side: "seller", alias: TRICKS[1] }],
          messages: [...MARKUP, ...TRICKS, "最后一句，什么也没有发生"].map((text, n) => ({
            seq: n + 1, at: at(n * 7), ...(n % 5 === 4 ? { kind: "system" } : { from: n % 2 ? "s" : "b" }), text,
            ...(n === 6 ? { quotes: 900 } : n > 3 && n % 3 === 0 ? { quotes: n - 2 } : {}),
            ...(n === 8 ? { recalled: true } : {}),
            ...(n === 1 ? { media: media.slice(0, 2) } : {}),
          })),
        },
      },
      {
        id: "p-2", side: "platform", kind: "order", title: `订单 ${three}`, purpose: "", submitted_at: at(903), grade: "platform_record",
        body: {
          kind: "order", number: `2610 **** ${one}`,
          items: Array.from({ length: 80 }, (_, n) => ({
            title: n % 9 ? `货品 ${n + 1}` : [...MARKUP, ...TRICKS][n / 9], price: cny(100 + n), quantity: 1 + (n % 3),
            options: [{ name: "规格", value: n % 7 ? `${n} 号` : four }],
          })),
          amounts: [{ kind: "goods", amount: cny(9900) }, { kind: "paid", amount: cny(9800) }],
          payments: [
            { at: at(1), kind: "payment", amount: cny(9800), method: two },
            { at: at(700), kind: "refund", amount: cny(12000), method: TRICKS[0] },
          ],
          address: `成都市 **** ${three}`, buyer_note: TRICKS[1],
          shipments: [{ carrier: one, tracking: TRICKS[0], sender: "seller", weight_g: 1, scans: MARKUP.map((text, n) => ({ at: at(60 + n), kind: "in_transit", place: TRICKS[0], text })) }],
          history: MARKUP.slice(0, 6).map((status, n) => ({ at: at(n * 40), status })),
        },
      },
      {
        id: "p-3", side: "platform", kind: "rule_text", title: `规则 ${one}`, purpose: "", submitted_at: at(904), grade: "platform_record",
        body: {
          kind: "rule_text", title: `规则 ${two}`, version: "2026-05", scope: three, purpose: four, applies: ["3"],
          paragraphs: [...MARKUP, ...TRICKS].map((text, n) => ({ number: String(n + 1), heading: MARKUP[n % 3], text })),
          replaces: { version: "2025", paragraphs: [...TRICKS, ...MARKUP].map((text, n) => ({ number: String(n + 1), heading: MARKUP[n % 4], text })) },
        },
      },
      {
        id: "p-4", side: "platform", kind: "listing_snapshot", title: `商品页 ${four}`, purpose: "", submitted_at: at(905), grade: "platform_record",
        body: {
          kind: "listing_snapshot", taken_at: at(0), title: one, shop: two, category: [three, TRICKS[0]], price: cny(100),
          attributes: MARKUP.map((value, n) => ({ name: TRICKS[n % 3], value })), promises: MARKUP, paragraphs: TRICKS, figures: [{ name: one, value: two }],
        },
      },
    ],
    events: [{ at: at(850), kind: "platform_act", side: "platform", text: `介入 ${one} ${TRICKS[1]}` }],
    key_dates: [{ kind: "ordered", at: at(0) }, { kind: "delivered", at: at(300) }],
    conflict: { category: `百货 ${one}`, shop: two, region: TRICKS[0] },
  };
}

/** Writes the docket into `folder`; pictures are made from those of `demo`. */
export async function writeHostileDocket(folder, demo) {
  const home = join(folder, "cases", "hostile-evidence");
  const photos = join(home, "photos");
  await mkdir(photos, { recursive: true });
  const source = join(demo, "cases/orange-crate/photos");
  const jpeg = (await readdir(source)).find((name) => name.endsWith(".jpg"));
  const whole = await readFile(join(source, jpeg));
  const names = ["<img src=x onerror=alert(1)>.jpg", "收据\u202Egpj.jpg", `"';--${"长".repeat(60)}.jpg`];
  for (const name of names) await cp(join(source, jpeg), join(photos, name));
  await writeFile(join(photos, "half.jpg"), whole.subarray(0, Math.floor(whole.length / 2)));
  await writeFile(join(photos, "picture.svg"), `<svg xmlns="http://www.w3.org/2000/svg" onload="window.hostile='file'"><script>1</script></svg>`);
  await writeFile(join(photos, "page.jpg"), "<!doctype html><script>window.hostile='page'</script>");
  await writeFile(join(photos, "empty.png"), "");
  const media = [...names, "half.jpg", "picture.svg", "page.jpg", "empty.png"].map((name) => `photos/${name}`);
  await writeFile(join(home, "case.json"), JSON.stringify(caseFile(media), null, 1));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeHostileDocket(process.argv[2], process.argv[3] ?? "demo");
