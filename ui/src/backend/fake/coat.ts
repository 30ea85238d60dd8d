// Fixture: a coat that shrank, with a chat of 128 messages, nine pictures, order, rule and more.
import type {
  CaseDocument,
  CaseType,
  ChatMessage,
  Draft,
  Evidence,
  EvidenceBody,
  MediaFile,
  TimelineView,
} from "../types";

const at = (day: string, time: string) => `2026-11-${day}T${time}+08:00`;
const file = (path: string, media_type = "image/jpeg") => ({
  path,
  sha256: "ab".repeat(32),
  bytes: 2_140_000,
  media_type,
});
const cny = (minor: number) => ({ minor, currency: "CNY" });

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

function picture(n: number, change: Partial<MediaFile>): MediaFile {
  return {
    original: file(`evidence/b-2/${n}.jpg`),
    preview: file(`evidence/b-2/${n}-preview.jpg`),
    name: `IMG_20261108_20${30 + n}.jpg`,
    caption: "",
    group: null,
    width: 4032,
    height: 3024,
    exif: {
      captured_at: at("08", `20:3${n}:11`),
      captured_local: null,
      modified_local: null,
      make: "HUAWEI",
      model: "LIO-AL00",
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
      picture(1, {
        caption: "收到时平铺，袖长 61 厘米",
        group: "before",
        exif: {
          captured_at: at("06", "19:02:47"),
          captured_local: null,
          modified_local: null,
          make: "HUAWEI",
          model: "LIO-AL00",
          software: null,
          orientation: 1,
          has_position: true,
        },
      }),
      picture(2, { caption: "洗后平铺，袖长 57 厘米", group: "after" }),
      picture(3, {
        caption: "洗涤标近照",
        exif: {
          captured_at: at("09", "20:14:02"),
          captured_local: null,
          modified_local: "2026-11-09T20:20:31",
          make: "HUAWEI",
          model: "LIO-AL00",
          software: "美图秀秀 11.2",
          orientation: 1,
          has_position: false,
        },
      }),
      picture(4, { caption: "下摆起皱" }),
      picture(5, { caption: "手臂比对", sensitivity: ["body"], group: "after" }),
    ],
  }),
  piece("b-3", "buyer", 3, "image", "洗衣店收据", {
    body: null,
    media: [picture(6, { ...exifless, caption: "收据，水洗 1 件 18 元", name: "wx_camera_1731.jpg" })],
    transcript: "洁丽洗衣　11-08　大衣 1 件　水洗　18.00　已付",
  }),
  piece("s-1", "seller", 1, "statement", "情况说明", { purpose: "已告知须干洗" }),
  piece("s-2", "seller", 2, "image", "洗涤标实拍", {
    body: null,
    media: [
      picture(7, { ...exifless, caption: "同批次洗涤标：仅干洗", name: "label.png", group: "listing" }),
      picture(8, { ...exifless, caption: "库存同款，未下水", name: "stock.jpg", damage: "partial" }),
      picture(9, { ...exifless, caption: "包裹内的保养卡", name: "card.jpg" }),
    ],
  }),
  piece("p-1", "platform", 1, "chat_log", "聊天记录", {
    submitted_at: null,
    media: [
      picture(2, { original: file("evidence/p-1/sleeve.jpg"), caption: "袖子" }),
      picture(4, { original: file("evidence/p-1/hem.jpg"), caption: "下摆" }),
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

type Said = [from: "b" | "s" | "bot" | "", text: string, extra?: Partial<ChatMessage>];
const opening: Said[] = [
  ["", "您已进入“暖冬**旗舰店”客服会话，请勿透露银行卡与验证码。", { kind: "system" }],
  ["bot", "亲您好，欢迎光临~ 常见问题：1 发货时间 2 尺码 3 退换", { kind: "auto_reply" }],
  ["b", "您好，这件大衣可以机洗吗？商品页写的可以"],
  ["s", "亲，羊毛的建议干洗哦，轻柔手洗也可以的"],
  ["b", "那就是冷水轻柔没问题对吧"],
  ["s", "嗯嗯没问题的亲", { recalled: true }],
  ["s", "水温别太高就行，30 度以下", { edited: true }],
  ["b", "好的 那我拍了"],
  ["s", "羊毛混纺大衣 中长款 驼色 M　¥689.00", { kind: "card" }],
  ["b", "M 的袖长多少"],
  ["s", "61 的亲，平铺误差 1-2 厘米"],
  ["b", "今天能发吗"],
  ["s", "48 小时内发出，一般当天就走", { quotes: 12 }],
];
const complaint: Said[] = [
  ["b", "洗了一次，袖子短了四厘米，我要退货"],
  ["b", "", { media: ["evidence/p-1/sleeve.jpg", "evidence/p-1/hem.jpg"] }],
  ["s", "亲怎么洗的呢？"],
  ["b", "送的洗衣店 水洗 冷水 你们商品页写的可轻柔手洗"],
  ["s", "洗涤标写了仅干洗，机洗造成的我们不负责的"],
  ["b", "洗涤标跟商品页写的不一样啊，我听谁的", { quotes: 18 }],
  ["s", "洗衣店水洗一般是机洗的哦亲，手洗跟水洗不一样"],
  ["b", "你之前说没问题的"],
  ["s", "我说的是手洗", { quotes: 6 }],
  ["b", "语音：就是说当时我问你能不能洗，你说轻柔没问题，现在又不认了", { kind: "voice" }],
  ["s", "亲可以给您申请 50 优惠券作为补偿"],
  ["b", "我不要券 我要退货退款"],
];
const small: Said[] = [
  ["s", "在的亲"],
  ["b", "包装盒扔了可以吗"],
  ["s", "不影响二次销售的前提下可以退的"],
  ["b", "已经洗过了啊"],
  ["s", "那就不符合七天无理由了哦"],
  ["b", "我不是七天无理由 我是描述不符"],
  ["s", "这边帮您反馈给主管 请稍等"],
  ["b", "等了一天了"],
  ["s", "亲主管回复：以洗涤标为准"],
  ["b", "商品页也是你们写的 应该以商品页为准"],
];

export const coatChat: ChatMessage[] = (() => {
  const out: ChatMessage[] = [];
  const say = (day: string, hour: number, minute: number, [from, text, extra]: Said) => {
    const seq = out.length + 1;
    const second = (seq * 17) % 60;
    const time = [hour, minute, second].map((n) => String(n).padStart(2, "0")).join(":");
    out.push({ seq, at: at(day, time), from: from || null, kind: "text", text, ...extra });
  };
  opening.forEach((said, i) => say("02", 14, 2 + i, said));
  complaint.forEach((said, i) => say("08", 20, 41 + i, said));
  let minute = 0;
  while (out.length < 126) {
    const said = small[out.length % small.length]!;
    minute += 3 + (out.length % 5);
    const hours = 9 + Math.floor(minute / 60);
    say(hours >= 20 ? "10" : "09", hours >= 20 ? hours - 11 : hours, minute % 60, said);
  }
  out.push({
    seq: 128,
    at: at("10", "20:30:00"),
    from: "b",
    kind: "text",
    text: "那就申请平台介入吧",
    omitted_before: 3,
    quotes: 127,
  });
  out.push({ seq: 129, at: null, from: "s", kind: "text", text: "好的亲 请以平台判定为准" });
  return out;
})();

export const coatBodies: Record<string, EvidenceBody> = {
  "b-1": {
    kind: "statement",
    side: "buyer",
    at: at("08", "21:02:15"),
    paragraphs: [
      "11 月 2 日下单前，我专门问过客服能不能洗，商品页“保养”一栏写着“可轻柔手洗”，客服也说没问题，我才下的单。",
      "11 月 8 日送楼下洗衣店，交代了冷水轻柔，取回来袖子从 61 缩到 57 厘米，下摆也皱了，没法再穿。",
      "拆开口袋才看到里面的洗涤标写的是“仅干洗”。商品页和洗涤标不一致，是卖家的责任，请支持退货退款。",
    ],
  },
  "s-1": {
    kind: "statement",
    side: "seller",
    at: at("09", "10:30:00"),
    paragraphs: [
      "本店每件大衣都缝有洗涤标，写明“仅干洗”，包裹里另附保养卡。客服第一句话就建议干洗。",
      "买家送洗衣店水洗，洗衣店的水洗是机洗，不是商品页所说的轻柔手洗，因此缩水不是商品质量问题。",
      "商品已经下水，无法再次销售。为表诚意，本店愿意补偿 50 元优惠券。",
    ],
  },
  "p-1": {
    kind: "chat_log",
    platform: "店铺客服",
    participants: [
      { id: "b", side: "buyer", alias: "林**" },
      { id: "s", side: "seller", alias: "客服小暖" },
      { id: "bot", side: "seller", alias: "自动客服" },
    ],
    time_zone: "Asia/Shanghai",
    complete: false,
    messages: coatChat,
  },
  "p-2": {
    kind: "order",
    number: "2611****8841",
    items: [
      {
        title: "羊毛混纺大衣 中长款 双面呢 秋冬新款",
        options: [
          { name: "颜色", value: "驼色" },
          { name: "尺码", value: "M" },
        ],
        price: cny(69900),
        quantity: 1,
      },
      { title: "备用纽扣", options: [], price: cny(500), quantity: 2 },
    ],
    amounts: [
      { kind: "goods", amount: cny(70900) },
      { kind: "freight", amount: cny(0) },
      { kind: "discount", amount: cny(-2000) },
      { kind: "paid", amount: cny(68900) },
    ],
    payments: [
      { at: at("02", "14:20:05"), kind: "payment", amount: cny(68900), method: "余额 尾号 **17" },
      { at: at("10", "11:00:00"), kind: "compensation", amount: cny(5000), method: "优惠券，未领取" },
    ],
    address: "四川省成都市武侯区 ****",
    shipments: [
      {
        carrier: "中通快递",
        tracking: "7312****4410",
        sender: "seller",
        weight_g: 1480,
        scans: [
          { at: at("02", "16:05:00"), kind: "created", place: "杭州", text: "" },
          { at: at("03", "09:12:33"), kind: "picked_up", place: "杭州余杭", text: "已揽收" },
          { at: at("03", "22:40:00"), kind: "in_transit", place: "杭州转运中心", text: "" },
          { at: at("06", "08:31:10"), kind: "out_for_delivery", place: "成都武侯", text: "派件中" },
          { at: at("06", "15:40:12"), kind: "delivered", place: "成都武侯", text: "本人签收" },
        ],
      },
    ],
    history: [
      { at: at("02", "14:19:20"), status: "已下单" },
      { at: at("02", "14:20:05"), status: "已付款" },
      { at: at("03", "09:12:33"), status: "已发货" },
      { at: at("06", "15:40:12"), status: "已签收" },
      { at: at("08", "21:02:15"), status: "申请退货退款" },
    ],
    buyer_note: "麻烦发驼色，谢谢",
  },
  "p-3": {
    kind: "listing_snapshot",
    taken_at: at("02", "14:19:20"),
    title: "羊毛混纺大衣 中长款 双面呢 秋冬新款",
    shop: "暖冬**旗舰店",
    category: ["女装", "毛呢外套"],
    price: cny(69900),
    attributes: [
      { name: "材质", value: "羊毛 80% 聚酯纤维 20%" },
      { name: "保养", value: "可轻柔手洗，不可漂白" },
      { name: "颜色", value: "驼色 / 黑色" },
      { name: "尺码", value: "S / L" },
    ],
    promises: ["48 小时内发货", "7 天无理由退货", "运费险"],
    paragraphs: ["双面羊毛呢，手工缝制。日常打理可用软毛刷轻扫，如需清洗请冷水轻柔手洗，平铺晾干。"],
    figures: [
      { name: "月销", value: "1,204" },
      { name: "好评率", value: "98.1%" },
    ],
  },
  "p-4": {
    kind: "rule_text",
    title: "商品描述不符争议处理规则",
    version: "2026-03-01",
    effective_from: "2026-03-01",
    scope: "服饰类目的全部订单",
    purpose: "让商品页、标签与客服的说法一致，不一致时由说的一方承担。",
    paragraphs: [
      { number: "1", heading: "适用", text: "买家以描述不符为由申请退货的，适用本规则。" },
      { number: "2", heading: "举证", text: "卖家对商品页的内容负举证责任，买家对使用方式负举证责任。" },
      {
        number: "3",
        heading: "标签",
        text: "吊牌、洗涤标与商品页不一致的，以对买家有利的说明为准，但买家明知的除外。",
      },
      {
        number: "4",
        heading: "客服承诺",
        text: "客服在聊天中就商品的材质、保养所作的明确答复，视为商品描述的一部分；撤回的消息仍可作为证据。",
      },
      { number: "5", heading: "已使用的商品", text: "因描述不符造成损坏的，商品已使用不影响退货。" },
      { number: "6", heading: "期限", text: "买家应在签收后 15 天内提出申请。" },
    ],
    applies: ["3", "4"],
    replaces: {
      version: "2024-06-18",
      paragraphs: [
        { number: "1", heading: "适用", text: "买家以描述不符为由申请退货的，适用本规则。" },
        { number: "2", heading: "举证", text: "卖家对商品页的内容负举证责任。" },
        { number: "3", heading: "标签", text: "吊牌、洗涤标与商品页不一致的，以洗涤标为准。" },
        {
          number: "4",
          heading: "客服承诺",
          text: "客服在聊天中就商品的材质、保养所作的明确答复，视为商品描述的一部分。",
        },
        { number: "6", heading: "期限", text: "买家应在签收后 7 天内提出申请。" },
        { number: "7", heading: "运费", text: "退货运费由责任方承担。" },
      ],
    },
  },
  "p-5": {
    kind: "document",
    title: "卖家信用快照",
    issuer: "平台",
    issued_at: at("09", "00:00:00"),
    fields: [
      { name: "描述相符", value: "4.8" },
      { name: "服务态度", value: "4.7" },
    ],
    sections: [],
    tables: [
      {
        caption: "近六个月评价",
        head: ["月份", "好评", "中评", "差评"],
        rows: [
          ["10 月", "312", "9", "4"],
          ["9 月", "287", "6", "7"],
        ],
      },
    ],
  },
};

const item = (
  time: string,
  kind: TimelineView["items"][number]["kind"],
  side: TimelineView["items"][number]["side"],
  text: string,
  change: Partial<TimelineView["items"][number]> = {},
) => ({
  at: time,
  kind,
  side,
  text,
  source: null,
  count: 1,
  until: null,
  amount: null,
  zone_assumed: false,
  ...change,
});
const from = (evidence: string, seq: number | null = null, picture: number | null = null) => ({
  source: { evidence, seq, picture },
});

export const coatTimeline: TimelineView = {
  items: [
    item(at("02", "14:02:17"), "chat", "buyer", "您好，这件大衣可以机洗吗？商品页写的可以", {
      ...from("p-1", 3),
      count: 11,
    }),
    item(at("02", "14:19:20"), "listing_snapshot", "platform", "材质羊毛 80%，可轻柔手洗", from("p-3")),
    item(at("02", "14:20:05"), "payment", "buyer", "", { ...from("p-2"), amount: cny(68900) }),
    item(at("03", "09:12:33"), "scan", "platform", "揽收，杭州余杭", from("p-2")),
    item(at("06", "15:40:12"), "scan", "platform", "签收，成都武侯，本人签收", from("p-2")),
    item(at("06", "19:02:47"), "photo_taken", "buyer", "收到时平铺", {
      ...from("b-2", null, 0),
      zone_assumed: true,
    }),
    item(at("08", "20:32:11"), "photo_taken", "buyer", "洗后平铺", from("b-2", null, 1)),
    item(at("08", "20:34:11"), "photo_taken", "buyer", "下摆起皱", from("b-2", null, 3)),
    item(at("08", "20:41:58"), "chat", "buyer", "洗了一次，袖子短了四厘米，我要退货", {
      ...from("p-1", 14),
      count: 6,
    }),
    item(at("08", "20:52:33"), "chat", "seller", "亲可以给您申请 50 优惠券作为补偿", {
      ...from("p-1", 24),
      count: 2,
    }),
    item(at("08", "21:02:15"), "claim", "buyer", "申请退货退款，理由：描述不符", from("b-1")),
    item(at("09", "09:04:00"), "chat", "seller", "在的亲", { ...from("p-1", 26), count: 74 }),
    item(at("09", "10:30:00"), "statement", "seller", "提交情况说明", from("s-1")),
    item(at("09", "20:14:02"), "photo_taken", "buyer", "洗涤标近照", from("b-2", null, 2)),
    item(at("10", "09:01:00"), "chat", "buyer", "等了一天了", { ...from("p-1", 100), count: 28 }),
    item("2026-11-10T03:00:00+00:00", "compensation", "seller", "优惠券，未领取", {
      ...from("p-2"),
      amount: cny(5000),
    }),
  ],
  observations: [
    {
      id: "o1",
      finding: {
        kind: "taken_after_filing",
        taken: at("09", "20:14:02"),
        filed: at("08", "21:02:15"),
        seconds: 83507,
      },
      sources: [
        { evidence: "b-2", seq: null, picture: 2 },
        { evidence: "b-1", seq: null, picture: null },
      ],
    },
    {
      id: "o2",
      finding: {
        kind: "dispatch_against_promise",
        promised: at("04", "14:20:05"),
        scanned: at("03", "09:12:33"),
        seconds: -104852,
      },
      sources: [
        { evidence: "p-2", seq: null, picture: null },
        { evidence: "p-3", seq: null, picture: null },
      ],
    },
    {
      id: "o3",
      finding: { kind: "quote_missing", seq: 128, quoted: 127 },
      sources: [{ evidence: "p-1", seq: 128, picture: null }],
    },
    {
      id: "o4",
      finding: { kind: "edited_with", software: "美图秀秀 11.2" },
      sources: [{ evidence: "b-2", seq: null, picture: 2 }],
    },
  ],
  without_time: 4,
};

export const emptyDraft = (): Draft => ({
  choice: null,
  reason_codes: [],
  opinion: "",
  findings: [],
  matrix: [],
  evidence_findings: [],
  notes: [],
  confidence: null,
  dismissed: [],
});

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
