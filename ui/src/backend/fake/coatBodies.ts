// Fixture: what the evidence about the coat says.
import type { EvidenceBody } from "../types";
import { coatChat } from "./coatChat";
import { at, cny } from "./stamps";

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
      { title: "备用纽扣", options: [], price: cny(500), quantity: 2, discount: cny(-1000) },
    ],
    amounts: [
      { kind: "goods", amount: cny(69900) },
      { kind: "freight", amount: cny(0) },
      { kind: "discount", amount: cny(-1000) },
      { kind: "paid", amount: cny(68900) },
    ],
    payments: [
      { at: at("02", "14:20:05"), kind: "payment", amount: cny(68900), method: "余额 尾号 **17" },
      { at: at("10", "11:00:00"), kind: "compensation", amount: cny(5000), method: "优惠券，未领取" },
    ],
    address: "四川省成都市武侯区 ****",
    shipments: [
      {
        carrier: "示例快递",
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
