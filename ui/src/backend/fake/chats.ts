// Chat logs of the fake port, by pages: those of a fixture, and one of any length that is written as
// it is read, so that a million messages take no room.
import type { ChatHits, ChatLine, ChatLog, ChatMessage, ChatPage, ChatPlace, ChatView } from "../types";

export interface Chat {
  view(): ChatView;
  page(place: ChatPlace, length: number): ChatPage;
  find(text: string): ChatHits;
}

const MOST_HITS = 10_000;

/** The chat of a log that is there whole. */
export function chatOf(log: ChatLog): Chat {
  const { messages } = log;
  return {
    view() {
      const days: ChatView["days"] = [];
      messages.forEach((message, first) => {
        const day = message.at?.slice(0, 10);
        const last = days.at(-1);
        if (day && last?.day !== day) days.push({ day, first, count: 1 });
        else if (last) last.count++;
      });
      const { platform, participants, time_zone, complete } = log;
      const first_at = messages.find((m) => m.at)?.at ?? null;
      return { platform, participants, time_zone, complete, count: messages.length, first_at, days };
    },
    page: (place, length) =>
      pageOf(
        messages.length,
        place,
        length,
        (seq) => messages.findIndex((m) => m.seq === seq),
        (at) => messages[at]!,
        (seq) => messages.find((m) => m.seq === seq) ?? null,
      ),
    find(text) {
      const needle = text.trim().toLowerCase();
      const places = messages.flatMap((m, place) =>
        needle && m.text.toLowerCase().includes(needle) ? [place] : [],
      );
      return { total: places.length, places: places.slice(0, MOST_HITS) };
    },
  };
}

function pageOf(
  count: number,
  place: ChatPlace,
  length: number,
  placeOf: (seq: number) => number,
  message: (place: number) => ChatMessage,
  bySeq: (seq: number) => ChatMessage | null,
): ChatPage {
  const found = place.kind === "seq" ? placeOf(place.seq) : -1;
  const at = place.kind === "seq" ? found - Math.floor(length / 2) : place.index;
  const from = Math.max(0, Math.min(at, count - 1));
  const lines: ChatLine[] = [];
  for (let i = from; i < Math.min(count, from + Math.min(length, 200)); i++) {
    const one = message(i);
    lines.push({ message: one, quoted: one.quotes === undefined ? null : bySeq(one.quotes) });
  }
  return { from, found: found < 0 ? null : found, lines };
}

const SAID: [from: "b" | "s", text: string][] = [
  ["b", "在吗"],
  ["s", "在的亲，请问有什么可以帮您"],
  ["b", "这件大衣可以机洗吗？商品页写的可以"],
  ["s", "亲，羊毛的建议干洗哦，轻柔手洗也可以的，水温三十度以下，不要拧干，平铺晾干就行"],
  ["b", "好的"],
  ["b", "那袖长是多少，平铺量的还是净尺寸，我平时穿 M，肩宽三十九，怕买大了还要来回换"],
  ["s", "61 的亲，平铺误差 1-2 厘米"],
  ["s", "您的身高体重方便说一下吗，这边帮您参考"],
  ["b", "168 / 54"],
  ["s", "M 码刚好的亲"],
  ["b", "今天能发吗"],
  ["s", "48 小时内发出，一般当天就走"],
  [
    "b",
    "洗了一次，袖子短了四厘米，下摆也皱了，熨斗熨不平。洗之前我专门问过你们能不能洗，商品页保养那一栏也写着可轻柔手洗，我是照着做的，现在这个样子没有办法再穿出门了",
  ],
  ["s", "亲怎么洗的呢？"],
  ["s", "洗涤标写了仅干洗，机洗造成的我们不负责的"],
  ["b", "洗涤标跟商品页写的不一样啊，我听谁的"],
  ["b", "我要退货"],
  ["s", "亲可以给您申请 50 优惠券作为补偿"],
  ["b", "不要券"],
  ["s", "这边帮您反馈给主管，请稍等"],
  ["s", "亲，主管回复：以洗涤标为准"],
  ["b", "OK, noted. I will wait for the reply until tomorrow evening."],
  ["b", "等了一天了"],
];
/** How many messages a day has, at least; and the first day. */
const A_DAY = 760;
const FIRST_DAY = Date.UTC(2023, 0, 3);
/** Every so many messages the log leaves a few out. */
const LEFT_OUT = 5_000;

/** A number that looks random, the same for the same place. */
function scatter(n: number): number {
  let x = Math.imul(n + 1, 0x9e3779b1);
  x ^= x >>> 15;
  x = Math.imul(x, 0x85ebca6b);
  return (x ^ (x >>> 13)) >>> 0;
}

/** A chat of so many messages over as many days as that takes. */
export function longChat(count: number, log: ChatLog, pictures: readonly string[] = []): Chat {
  const days: ChatView["days"] = [];
  for (let first = 0, date = FIRST_DAY; first < count;) {
    const messages = Math.min(count - first, A_DAY + (scatter(days.length) % 90));
    days.push({ day: new Date(date).toISOString().slice(0, 10), first, count: messages });
    first += messages;
    date += 86_400_000 * (scatter(days.length + 7) % 9 === 0 ? 1 + (scatter(days.length) % 6) : 1);
  }
  // The places that are left out count in `seq`, so that a message can quote one that is not there.
  const seqAt = (place: number) => place + 1 + 3 * Math.floor(place / LEFT_OUT);
  const placeOf = (seq: number) => {
    const part = Math.floor((seq - 1) / (LEFT_OUT + 3));
    const rest = (seq - 1) % (LEFT_OUT + 3);
    const place = part * LEFT_OUT + rest;
    return rest < LEFT_OUT && place < count ? place : -1;
  };
  const dayAt = (place: number) => {
    let [low, high] = [0, days.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (days[middle]!.first <= place) low = middle;
      else high = middle - 1;
    }
    return days[low]!;
  };
  const message = (place: number): ChatMessage => {
    const day = dayAt(place);
    const seconds = 8 * 3600 + Math.floor(((place - day.first) / day.count) * 15 * 3600);
    const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
      .map((n) => String(n).padStart(2, "0"))
      .join(":");
    const dice = scatter(place);
    const [from, text] = SAID[dice % SAID.length]!;
    const seq = seqAt(place);
    const one: ChatMessage = { seq, at: `${day.day}T${time}+08:00`, from, kind: "text", text };
    const kind = (dice >>> 8) % 97;
    if (kind === 1) one.recalled = true;
    else if (kind === 2) one.edited = true;
    else if (kind < 7 && seq > 40) one.quotes = Math.max(1, seq - 1 - ((dice >>> 16) % 30));
    else if (kind === 7 && pictures.length) {
      one.text = "";
      one.media = [pictures[dice % pictures.length]!];
    } else if (kind === 8) Object.assign(one, { from: null, kind: "system", text: "买家修改了收货时间" });
    if (place > 0 && place % LEFT_OUT === 0) one.omitted_before = 3;
    return one;
  };
  return {
    view: () => ({
      platform: log.platform,
      participants: log.participants,
      time_zone: log.time_zone,
      complete: false,
      count,
      first_at: message(0).at,
      days,
    }),
    page: (place, length) =>
      pageOf(count, place, length, placeOf, message, (seq) => {
        const at = placeOf(seq);
        return at < 0 ? null : message(at);
      }),
    find(text) {
      const needle = text.trim().toLowerCase();
      const said = SAID.map(([, words]) => needle !== "" && words.toLowerCase().includes(needle));
      const places: number[] = [];
      let total = 0;
      if (said.some(Boolean))
        for (let place = 0; place < count; place++)
          if (said[scatter(place) % SAID.length] && message(place).text.toLowerCase().includes(needle)) {
            total++;
            if (places.length < MOST_HITS) places.push(place);
          }
      return { total, places };
    },
  };
}
