// Fixture: the times of the case about the coat.
import type { TimelineView } from "../types";
import { at, cny } from "./stamps";

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
  last_seq: null,
  gathered: false,
  amount: null,
  also: [],
  key_dates: [],
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
      last_seq: 13,
      until: at("02", "14:14:41"),
    }),
    item(at("02", "14:19:20"), "key_date", null, "", { key_dates: ["ordered"] }),
    item(at("02", "14:19:20"), "listing_snapshot", "platform", "材质羊毛 80%，可轻柔手洗", from("p-3")),
    item(at("02", "14:20:05"), "payment", "buyer", "", {
      ...from("p-2"),
      amount: cny(68900),
      key_dates: ["paid"],
    }),
    item(at("03", "09:12:33"), "scan", "platform", "揽收，杭州余杭", from("p-2")),
    item(at("04", "14:20:05"), "key_date", null, "", { key_dates: ["dispatch_promised"] }),
    item(at("06", "15:40:12"), "scan", "platform", "签收，成都武侯，本人签收", {
      ...from("p-2"),
      key_dates: ["delivered"],
    }),
    item(at("06", "19:02:47"), "photo_taken", "buyer", "收到时平铺", {
      ...from("b-2", null, 0),
      zone_assumed: true,
    }),
    item(at("08", "20:32:11"), "photo_taken", "buyer", "洗后平铺", from("b-2", null, 1)),
    item(at("08", "20:34:11"), "photo_taken", "buyer", "下摆起皱", from("b-2", null, 3)),
    item(at("08", "20:41:58"), "chat", "buyer", "洗了一次，袖子短了四厘米，我要退货", {
      ...from("p-1", 14),
      count: 6,
      last_seq: 19,
      until: at("08", "20:51:24"),
    }),
    item(at("08", "20:52:33"), "chat", "seller", "亲可以给您申请 50 优惠券作为补偿", {
      ...from("p-1", 24),
      count: 2,
      last_seq: 25,
    }),
    item(at("08", "21:02:15"), "claim", "buyer", "申请退货退款，理由：描述不符", {
      ...from("b-1"),
      key_dates: ["return_filed"],
    }),
    item(at("09", "09:04:00"), "chat", "seller", "在的亲", {
      ...from("p-1", 26),
      count: 74,
      last_seq: 99,
      until: at("09", "15:31:40"),
    }),
    item(at("09", "10:30:00"), "statement", "seller", "提交情况说明", from("s-1")),
    item(at("09", "20:14:02"), "photo_taken", "buyer", "洗涤标近照", from("b-2", null, 2)),
    item(at("10", "09:01:00"), "chat", "buyer", "等了一天了", {
      ...from("p-1", 100),
      count: 28,
      last_seq: 128,
      until: at("10", "20:30:00"),
    }),
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
      leans_on: [12],
    },
    {
      id: "o2",
      finding: {
        kind: "dispatch_against_promise",
        promised: at("04", "14:20:05"),
        scanned: at("03", "09:12:33"),
        seconds: -104852,
      },
      sources: [{ evidence: "p-2", seq: null, picture: null }],
      leans_on: [5],
    },
    {
      id: "o3",
      finding: { kind: "quote_missing", seq: 128, quoted: 127 },
      sources: [{ evidence: "p-1", seq: 128, picture: null }],
      leans_on: [],
    },
    {
      id: "o4",
      finding: { kind: "edited_with", software: "示例修图 8.2" },
      sources: [{ evidence: "b-2", seq: null, picture: 2 }],
      leans_on: [],
    },
  ],
  without_time: 4,
};

/** A timeline of so many items over three years, for looking at long cases. */
export function longTimeline(count: number): TimelineView {
  const items: TimelineView["items"] = [];
  let time = Date.UTC(2023, 10, 3, 1);
  for (let i = 0; i < count; i++) {
    const like = coatTimeline.items[(i * 7 + (i >> 3)) % coatTimeline.items.length]!;
    // Busy days, quiet weeks, and once a quarter of a year without anything.
    time += (i % 40 === 39 ? 6 * 86_400 : i % 900 === 899 ? 90 * 86_400 : 60 + ((i * 7919) % 21_000)) * 1000;
    const local = new Date(time + 8 * 3_600_000).toISOString().slice(0, 19);
    items.push({ ...like, at: `${local}+08:00`, until: null, zone_assumed: false });
  }
  return { items, observations: coatTimeline.observations, without_time: 2 };
}
