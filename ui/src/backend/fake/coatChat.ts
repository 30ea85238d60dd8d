// Fixture: the chat about the coat, 128 messages with everything that a platform records.
import type { ChatMessage } from "../types";
import { at } from "./stamps";

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
