// Fixture: the case of a coat that shrank: its type, its evidence, and what a reviewer wrote. What the
// evidence says is in coatBodies.ts and coatChat.ts, its times in coatTimeline.ts.
import type { CaseDocument, CaseType, Draft, Evidence, MediaFile } from "../types";
import { emptyDraft } from "../index";
import { fakePictures } from "./pictures";
import { at, cny } from "./stamps";

const file = (path: string, media_type = "image/jpeg") => ({
  path,
  sha256: "ab".repeat(32),
  bytes: 2_140_000,
  media_type,
});

export const transactionDispute: CaseType = {
  code: "transaction_dispute",
  title: { "zh-Hans": "交易纠纷", en: "Transaction dispute" },
  question: { "zh-Hans": "支持买家还是卖家？", en: "Buyer or seller?" },
  options: [
    {
      id: "seller",
      title: { "zh-Hans": "支持卖家：不予退货", en: "For the seller: no return" },
      kind: { kind: "side", side: "seller" },
    },
    {
      id: "cannot_decide",
      title: { "zh-Hans": "无法判断", en: "Cannot decide" },
      kind: { kind: "cannot_decide" },
    },
    {
      id: "buyer",
      title: { "zh-Hans": "支持买家：退货退款", en: "For the buyer: return and refund" },
      kind: { kind: "side", side: "buyer" },
    },
  ],
  required_evidence: ["chat_log", "order"],
  reason_codes: [
    {
      code: "listing_unclear",
      title: { "zh-Hans": "商品页没有写清", en: "The listing was unclear" },
      options: ["buyer"],
    },
    {
      code: "promise_broken",
      title: { "zh-Hans": "客服的承诺没有兑现", en: "A promise was not kept" },
      options: ["buyer"],
    },
    {
      code: "care_ignored",
      title: { "zh-Hans": "没有按洗涤标洗", en: "The care label was not followed" },
      options: ["seller"],
    },
    {
      code: "used",
      title: { "zh-Hans": "商品已使用，影响再售", en: "Used, cannot be sold again" },
      options: ["seller"],
    },
    {
      code: "evidence_missing",
      title: { "zh-Hans": "缺少关键证据", en: "Key evidence is missing" },
      options: ["cannot_decide"],
    },
    {
      code: "needs_expert",
      title: { "zh-Hans": "需要专业检测", en: "Needs an expert" },
      options: ["cannot_decide"],
    },
  ],
  vote_system: {
    panel_size: 31,
    rule: { kind: "plurality" },
    quorum: 11,
    early_finish: true,
    cannot_decide: "excluded",
    tie: "staff",
    voting_window_seconds: 86400,
    seat_lease_seconds: 43200,
    late_ballot: "recorded",
  },
  estimated_minutes: 8,
  offline_ok: true,
  points: 10,
  weight: "medium",
  line_of_defence: "transaction",
  route: "reconsideration",
  study_licence: "CC-BY-4.0",
};

function picture(place: string, n: number, change: Partial<MediaFile>): MediaFile {
  const { width, height } = fakePictures[place] ?? { width: 0, height: 0 };
  return {
    original: file(`evidence/b-2/${n}.jpg`),
    preview: file(`evidence/b-2/${n}-preview.jpg`),
    name: `IMG_20261108_20${30 + n}.jpg`,
    caption: "",
    group: null,
    width,
    height,
    exif: {
      captured_at: at("08", `20:3${n}:11`),
      captured_local: null,
      modified_local: null,
      make: "Example",
      model: "EX-P40",
      software: "LIO-AL00 10.1.0.288",
      orientation: 6,
      has_position: true,
    },
    perceptual_hash: null,
    at_ms: null,
    damage: null,
    sensitivity: [],
    ...change,
  };
}

function piece(
  id: string,
  side: Evidence["number"]["side"],
  n: number,
  kind: Evidence["kind"],
  title: string,
  change: Partial<Evidence> = {},
): Evidence {
  return {
    id,
    number: { side, n },
    kind,
    title,
    purpose: "",
    submitted_at: at("09", "09:12:40"),
    grade: side === "platform" ? "platform_record" : "party_submission",
    body: file(`evidence/${id}/body.json`, "application/json"),
    media: [],
    redactions: [],
    sensitivity: [],
    transcript: null,
    translation: null,
    ...change,
  };
}

const exifless = { exif: null };

export const coatEvidence: Evidence[] = [
  piece("b-1", "buyer", 1, "statement", "情况说明", { purpose: "购买、洗涤和缩水的经过" }),
  piece("b-2", "buyer", 2, "image", "缩水前后照片", {
    body: null,
    purpose: "洗前袖长 61 厘米，洗后 57 厘米",
    media: [
      picture("b-2/0", 1, {
        caption: "收到时平铺，袖长 61 厘米",
        group: "before",
        exif: {
          captured_at: null,
          captured_local: "2026-11-06T19:02:47",
          modified_local: null,
          make: "Example",
          model: "EX-P40",
          software: null,
          orientation: 1,
          has_position: true,
        },
      }),
      picture("b-2/1", 2, {
        caption: "洗后平铺，袖长 57 厘米",
        group: "after",
        credentials: {
          state: "unknown_signer",
          signer: "Example Phone Maker",
          signed_at: "2026-11-08T12:32:12Z",
          generator: "Example Camera 5.1",
          actions: ["c2pa.created", "c2pa.color_adjustments"],
          faults: [],
        },
      }),
      picture("b-2/2", 3, {
        caption: "洗涤标近照",
        exif: {
          captured_at: at("09", "20:14:02"),
          captured_local: null,
          modified_local: "2026-11-09T20:20:31",
          make: "Example",
          model: "EX-P40",
          software: "示例修图 8.2",
          orientation: 1,
          has_position: false,
        },
        credentials: {
          state: "invalid",
          signer: "Example Camera Works",
          signed_at: "2026-11-09T12:14:03Z",
          generator: "EX-P20 3.2.11",
          actions: ["c2pa.created"],
          faults: ["assertion.dataHash.mismatch"],
        },
      }),
      picture("b-2/3", 4, { caption: "下摆起皱" }),
      picture("b-2/4", 5, { caption: "手臂比对", sensitivity: ["body"], group: "after" }),
    ],
  }),
  piece("b-3", "buyer", 3, "image", "洗衣店收据", {
    body: null,
    media: [
      picture("b-3/0", 6, { ...exifless, caption: "收据，水洗 1 件 18 元", name: "wx_camera_1731.jpg" }),
    ],
    transcript: "洁丽洗衣　11-08　大衣 1 件　水洗　18.00　已付",
  }),
  piece("s-1", "seller", 1, "statement", "情况说明", { purpose: "已告知须干洗" }),
  piece("s-2", "seller", 2, "image", "洗涤标实拍", {
    body: null,
    media: [
      picture("s-2/0", 7, {
        ...exifless,
        caption: "同批次洗涤标：仅干洗",
        name: "label.png",
        group: "listing",
      }),
      picture("s-2/1", 8, { ...exifless, caption: "库存同款，未下水", name: "stock.jpg", damage: "partial" }),
      picture("s-2/2", 9, { ...exifless, caption: "包裹内的保养卡", name: "card.jpg" }),
    ],
  }),
  piece("s-3", "seller", 3, "document", "洗涤标检测报告", {
    body: null,
    media: [
      picture("s-3/0", 10, {
        ...exifless,
        original: file("evidence/s-3/report.pdf", "application/pdf"),
        preview: null,
        pages: 3,
        name: "report.pdf",
        caption: "检测报告",
      }),
    ],
  }),
  piece("p-1", "platform", 1, "chat_log", "聊天记录", {
    submitted_at: null,
    media: [
      picture("p-1/0", 2, { original: file("evidence/p-1/sleeve.jpg"), caption: "袖子" }),
      picture("p-1/1", 4, { original: file("evidence/p-1/hem.jpg"), caption: "下摆" }),
    ],
  }),
  piece("p-2", "platform", 2, "order", "订单与物流", {
    submitted_at: null,
    redactions: ["收货人姓名", "门牌号"],
  }),
  piece("p-3", "platform", 3, "listing_snapshot", "下单时的商品页", { submitted_at: null }),
  piece("p-4", "platform", 4, "rule_text", "规则：描述不符", { submitted_at: null }),
  piece("p-5", "platform", 5, "credit_snapshot", "卖家信用快照", { submitted_at: null }),
];

export const coat: CaseDocument = {
  format: 1,
  case_type: transactionDispute,
  vote_system: transactionDispute.vote_system,
  case: {
    id: "T-20261109-0417",
    round: 1,
    title: "羊毛大衣缩水：洗涤说明是否写清",
    summary:
      "买家购买一件羊毛混纺大衣，收到两天后送洗衣店水洗，袖长缩短约四厘米，申请退货退款。商品页写“可轻柔手洗”，洗涤标写“仅干洗”。双方对商品页的说明是否误导、水洗是否合乎说明有争议。",
    language: "zh-Hans",
    time_zone: "Asia/Shanghai",
    rule_version: "2026-03-01",
    parties: [
      { side: "buyer", role: "claimant", alias: "林**" },
      { side: "seller", role: "respondent", alias: "暖冬**旗舰店" },
      { side: "platform", role: "neutral", alias: "平台" },
    ],
    claims: [
      { side: "buyer", text: "退货并退还全部货款。", amount: cny(68900), filed_at: at("08", "21:02:15") },
      {
        side: "seller",
        text: "不予退货；可补偿 50 元优惠券。",
        amount: null,
        filed_at: at("09", "10:30:00"),
      },
    ],
    issues: [
      { id: "i1", text: "商品页是否写明洗涤方式", burden: "seller" },
      { id: "i2", text: "买家是否按说明洗涤", burden: "buyer" },
      { id: "i3", text: "缩水后的大衣是否还能退", burden: null },
    ],
    evidence: coatEvidence,
    events: [],
    key_dates: [
      { kind: "ordered", at: at("02", "14:19:20") },
      { kind: "paid", at: at("02", "14:20:05") },
      { kind: "dispatch_promised", at: at("04", "14:20:05") },
      { kind: "delivered", at: at("06", "15:40:12") },
      { kind: "return_filed", at: at("08", "21:02:15") },
    ],
    disputed: cny(68900),
    consequences: { buyer: "退回 ¥689.00" },
    sensitivity: ["body"],
    example: true,
  },
};

export const writtenDraft = (): Draft => ({
  ...emptyDraft(),
  opinion:
    "商品页“可轻柔手洗”与洗涤标“仅干洗”不一致 [[p-3]] [[s-2]]，按规则第 3 条应以对买家有利的说明为准 [[p-4]]。",
  findings: [{ issue: "i1", finding: { kind: "favours", side: "buyer" } }],
  evidence_findings: [
    { evidence: "b-2", finding: { kind: "favours", side: "buyer" } },
    { evidence: "b-3", finding: { kind: "neutral" } },
    { evidence: "s-2", finding: { kind: "favours", side: "seller" } },
  ],
  notes: [
    {
      id: "n1",
      text: "卖家撤回的那句“没问题”要不要算承诺？对照规则第 4 条。",
      anchor: { kind: "message", evidence: "p-1", seq: 6 },
    },
  ],
});
