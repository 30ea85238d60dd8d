// Fixture: a docket of eight seats, forty ledger entries, verdicts, projects, standing.
import type {
  CaseType,
  DocketRow,
  Donation,
  LedgerEntry,
  Localized,
  Project,
  RowState,
  Settings,
  Standing,
  VerdictView,
  VoteRule,
} from "../types";
import { transactionDispute } from "./coat";

const both = (zh: string, en: string): Localized => ({ "zh-Hans": zh, en });
export const iso = (millis: number): string => new Date(millis).toISOString();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const type = (code: string, title: Localized, question: Localized, minutes: number): CaseType => ({
  ...transactionDispute,
  code,
  title,
  question,
  estimated_minutes: minutes,
});

export const caseTypes: CaseType[] = [
  transactionDispute,
  type(
    "breach_penalty_appeal",
    both("违约处罚申诉", "Breach-penalty appeal"),
    both("处罚对不对？", "Was the penalty right?"),
    4,
  ),
  type("copycat_brand", both("山寨品牌", "Copycat brand"), both("会不会认错？", "Confusing or not?"), 6),
  type(
    "unreasonable_review",
    both("不合理评价", "Unreasonable review"),
    both("这条评价该不该留？", "Should the review stay?"),
    5,
  ),
  type(
    "wrong_category_appeal",
    both("错放类目申诉", "Wrong-category appeal"),
    both("处罚对不对？", "Was the penalty right?"),
    5,
  ),
  type(
    "rule_review",
    both("规则评审", "Rule review"),
    both("这条规则合理吗？", "Is this rule reasonable?"),
    7,
  ),
  type(
    "malicious_complaint",
    both("恶意投诉", "Malicious complaint"),
    both("是恶意还是善意？", "Malicious or in good faith?"),
    9,
  ),
];

type Counts = [DocketRow["card"]["evidence"][number]["kind"], number][];
function row(
  n: number,
  now: number,
  title: string,
  code: string,
  minutes: number,
  left: number,
  counts: Counts,
  state: RowState,
  change: {
    rule?: VoteRule;
    panel?: number;
    bytes?: number;
    disputed?: number;
    en?: boolean;
    later?: boolean;
    draft?: boolean;
  } = {},
): DocketRow {
  return {
    seat: `seat-${n}`,
    case: `T-202611${String(10 + n)}-0${400 + n * 17}`,
    round: 1,
    card: {
      title,
      case_type: code,
      language: change.en ? "en" : "zh-Hans",
      estimated_minutes: minutes,
      evidence: counts.map(([kind, count]) => ({ kind, count })),
      disputed: change.disputed ? { minor: change.disputed, currency: change.en ? "USD" : "CNY" } : null,
      vote_system: {
        ...transactionDispute.vote_system,
        panel_size: change.panel ?? 31,
        rule: change.rule ?? { kind: "plurality" },
      },
      conflict: {
        parties: [
          { side: "buyer", role: "claimant", alias: "林**" },
          { side: "seller", role: "respondent", alias: "暖冬**旗舰店" },
        ],
        category: "女装 > 毛呢外套",
        shop: "暖冬**旗舰店",
        region: "四川成都 / 浙江杭州",
      },
      sensitivity: n === 1 ? ["body"] : [],
    },
    server_state: state.kind === "offered" ? "offered" : state.kind === "counted" ? "counted" : "accepted",
    state,
    lease_end: iso(now + left),
    pack_bytes: change.bytes ?? 9_400_000,
    later: change.later ?? false,
    has_draft: change.draft ?? false,
  };
}

export function docketRows(now: number): DocketRow[] {
  return [
    row(
      1,
      now,
      "羊毛大衣缩水：洗涤说明是否写清",
      "transaction_dispute",
      8,
      5.2 * HOUR,
      [
        ["chat_log", 128],
        ["image", 9],
        ["order", 1],
        ["rule_text", 1],
      ],
      { kind: "ready_offline" },
      { disputed: 68900, draft: true, bytes: 21_400_000 },
    ),
    row(
      2,
      now,
      "“三天无理由”与定制商品",
      "breach_penalty_appeal",
      4,
      9.67 * HOUR,
      [
        ["chat_log", 34],
        ["image", 3],
        ["rule_text", 2],
      ],
      { kind: "ready_offline" },
    ),
    row(
      3,
      now,
      "两枚茶叶商标，买家会不会认错",
      "copycat_brand",
      6,
      16 * HOUR,
      [
        ["brand_mark", 2],
        ["image", 14],
      ],
      { kind: "downloading", received: 24_900_000, total: 39_500_000 },
      { panel: 501, rule: { kind: "first_to", ballots: 251 }, bytes: 39_500_000 },
    ),
    row(
      4,
      now,
      "差评里的照片是不是这件商品",
      "unreasonable_review",
      5,
      20 * HOUR,
      [
        ["chat_log", 12],
        ["image", 5],
        ["review_text", 1],
      ],
      { kind: "sealed", at: iso(now - 11 * 60_000) },
      { panel: 17, rule: { kind: "first_to", ballots: 9 } },
    ),
    row(
      5,
      now,
      "儿童自行车错放“玩具”类目",
      "wrong_category_appeal",
      5,
      26 * HOUR,
      [
        ["image", 4],
        ["rule_text", 1],
        ["violation_notice", 1],
      ],
      { kind: "ready_offline" },
    ),
    row(
      6,
      now,
      "新规征求意见：预售商品最迟发货时间",
      "rule_review",
      7,
      3 * DAY,
      [
        ["rule_text", 2],
        ["document", 3],
      ],
      { kind: "not_downloaded" },
      { bytes: 1_200_000 },
    ),
    row(
      7,
      now,
      "The lamp that hums",
      "transaction_dispute",
      6,
      0.8 * HOUR,
      [
        ["chat_log", 41],
        ["image", 3],
        ["order", 1],
      ],
      { kind: "offered" },
      { en: true, disputed: 4299, bytes: 6_700_000 },
    ),
    row(
      8,
      now,
      "同一款手机壳，三家店互投",
      "malicious_complaint",
      9,
      2 * DAY,
      [
        ["document", 3],
        ["chat_log", 22],
      ],
      { kind: "counted" },
      {},
    ),
  ];
}

const titles = [
  "预售定金能不能退",
  "手机壳颜色与图不符",
  "二手相机快门数",
  "保温杯测评视频是否失实",
  "猫抓板发错尺寸",
  "旧书品相之争",
  "儿童座椅缺配件",
  "茶具运输破损",
];

export function ledger(now: number): LedgerEntry[] {
  const out: LedgerEntry[] = [];
  for (let i = 0; i < 40; i++) {
    const at = iso(now - i * 9.3 * HOUR - 11 * 60_000);
    const title = titles[i % titles.length]!;
    const id = `entry-${400 - i}`;
    if (i === 4 || i === 22)
      out.push({
        id,
        at,
        kind: "donate",
        points: i === 4 ? -600 : -400,
        refers_to: { kind: "donation", donation: "d1", project: both("免费午餐", "Free lunch") },
        state: "posted",
      });
    else if (i === 9)
      out.push({
        id,
        at,
        kind: "reverse",
        points: -10,
        refers_to: { kind: "note", text: "选票作废" },
        state: "posted",
      });
    else
      out.push({
        id,
        at,
        kind: "earn",
        points: i % 7 === 3 ? 20 : 10,
        refers_to: { kind: "case", case: `V-${i % 3}`, round: 1, title },
        state: i < 3 ? "pending" : "posted",
      });
  }
  out.push({
    id: "entry-1",
    at: iso(now - 40 * DAY),
    kind: "adjust",
    points: 1850,
    refers_to: { kind: "note", text: "往年结转" },
    state: "posted",
  });
  return out;
}

export const projects: Project[] = [
  {
    id: "lunch",
    name: both("免费午餐", "Free lunch"),
    description: both("给乡村学生一份热午餐", "A hot lunch for pupils in villages"),
    organisation: both("中国社会福利基金会", "China Social Welfare Foundation"),
    minimum: 100,
    step: 1,
    state: "open",
    goal: 50_000_000,
    raised: 35_400_000,
    unit: { fen: 400, one: both("一份午餐", "one lunch"), many: both("份午餐", "lunches") },
  },
  {
    id: "orphans",
    name: both("孤儿保障", "Orphans’ insurance"),
    description: both("一年期大病保险", "A year of insurance against serious illness"),
    organisation: both("示例公益基金会", "Example foundation"),
    minimum: 100,
    step: 50,
    state: "open",
    goal: 12_000_000,
    raised: 5_760_000,
    unit: null,
  },
  {
    id: "love",
    name: both("大爱", "Great love"),
    description: both("尘肺病患者救助", "Help for pneumoconiosis patients"),
    organisation: both("示例救助中心", "Example relief centre"),
    minimum: 200,
    step: 100,
    state: "open",
    goal: 30_000_000,
    raised: 9_900_000,
    unit: null,
  },
  {
    id: "trees",
    name: both("种一棵梭梭", "Plant a saxaul"),
    description: both("本期已筹满", "This round is full"),
    organisation: both("示例林业协会", "Example forestry association"),
    minimum: 100,
    step: 1,
    state: "full",
    goal: 4_000_000,
    raised: 4_000_000,
    unit: null,
  },
];

export function donations(now: number): Donation[] {
  const make = (
    id: string,
    project: Project,
    points: number,
    ago: number,
    state: Donation["state"],
    no: string | null,
  ): Donation => ({
    id,
    project: project.id,
    project_name: project.name,
    points,
    fen: points,
    state,
    submitted_at: iso(now - ago),
    cancel_until: iso(now - ago + 600_000),
    confirmed_at: state === "submitted" ? null : iso(now - ago + 600_000),
    receipt_number: no,
  });
  return [
    make("d0", projects[1]!, 150, 3 * 60_000, "submitted", null),
    make("d1", projects[0]!, 600, 2 * DAY, "receipted", "2026-0119-4471"),
    make("d2", projects[0]!, 400, 9 * DAY, "receipted", "2026-0112-3920"),
    make("d3", projects[2]!, 1000, 60 * DAY, "disbursed", null),
  ];
}

export function standing(now: number): Standing {
  return {
    state: "good",
    level: { number: 4, title: both("熟手", "Seasoned"), progress: 312, next_at: 500 },
    judgments: 312,
    quotas: [
      { kind: "open_seats", limit: 10, used: 7, renews_at: null },
      { kind: "returns", limit: 5, used: 1, renews_at: iso(now + 12 * DAY) },
      { kind: "recusals", limit: 20, used: 2, renews_at: iso(now + 12 * DAY) },
      { kind: "lapses", limit: 3, used: 0, renews_at: iso(now + 12 * DAY) },
      { kind: "daily_points", limit: 200, used: 40, renews_at: iso(now + 4 * HOUR) },
    ],
    costs: [
      {
        action: "later",
        cost: both("不花什么，只改本机的次序。", "Nothing; it changes the order on this machine only."),
      },
      {
        action: "return",
        cost: both(
          "额度内不花什么；超出后当天不再抽到新案件。",
          "Nothing within the quota; beyond it no new case that day.",
        ),
      },
      { action: "recuse", cost: both("不花什么，会留档。", "Nothing; it is logged.") },
      {
        action: "lapse",
        cost: both(
          "计一次逾期；30 天内 3 次会冻结 7 天。",
          "Counts as a lapse; three in 30 days freeze you for 7 days.",
        ),
      },
      {
        action: "cannot_decide",
        cost: both("积分照给，不影响一致率。", "The points are yours; agreement is not touched."),
      },
    ],
    warning: null,
    freeze: null,
  };
}

const opinions = [
  ["buyer", "商品页写“可轻柔手洗”，买家据此送洗，卖家没有写清。洗涤标藏在口袋里，买家下单前看不到 [[p-3]]。"],
  ["buyer", "客服那句“没问题”虽然撤回，按规则仍算证据 [[p-1]]。说了就要负责。"],
  ["seller", "洗衣店水洗等于机洗，和手洗不是一回事。商品页没有错，用错的是买家 [[b-3]]。"],
  ["seller", "客服开头就建议干洗，买家自己选择了风险。"],
] as const;

export function verdictViews(now: number): VerdictView[] {
  const make = (
    n: number,
    title: string,
    counts: [number, number, number],
    option: string | null,
    own: string,
    change: Partial<VerdictView["verdict"]> = {},
    agreement: VerdictView["own"]["agreement"] = "agreed",
  ): VerdictView => ({
    verdict: {
      case: `V-${n}`,
      round: 1,
      revision: 1,
      title,
      case_type: "transaction_dispute",
      outcome: option ? "decided" : "tie",
      option,
      counts: [
        {
          option: "buyer",
          title: both("支持买家：退货退款", "For the buyer: return and refund"),
          ballots: counts[0],
        },
        {
          option: "seller",
          title: both("支持卖家：不予退货", "For the seller: no return"),
          ballots: counts[1],
        },
        { option: "cannot_decide", title: both("无法判断", "Cannot decide"), ballots: counts[2] },
      ],
      panel_size: 31,
      how: "window",
      provisional: false,
      decided_at: iso(now - n * 20 * HOUR - 2 * HOUR),
      final_at: iso(now - n * 20 * HOUR - HOUR),
      opinions: opinions.map(([side, text]) => ({
        option: side,
        text,
        cited: [],
        reason_codes: side === "buyer" ? ["listing_unclear"] : ["care_ignored"],
      })),
      ...change,
    },
    own: { choice: own, counted: true, agreement, points: 10 },
    own_opinion: "商品页与洗涤标不一致，应以对买家有利的说明为准 [[p-4]]。",
    ballot: `ballot-${n}`,
    case_type: transactionDispute,
    numbers: {
      "p-1": { side: "platform", n: 1 },
      "p-3": { side: "platform", n: 3 },
      "p-4": { side: "platform", n: 4 },
      "b-3": { side: "buyer", n: 3 },
    },
    verified: true,
  });
  return [
    make(0, "预售定金能不能退", [18, 9, 2], "buyer", "buyer", { how: "early" }),
    make(
      1,
      "手机壳颜色与图不符",
      [11, 17, 1],
      "seller",
      "buyer",
      { provisional: true, final_at: iso(now + 40 * HOUR) },
      "pending",
    ),
    make(2, "二手相机快门数", [14, 14, 3], null, "seller", { how: "staff", outcome: "tie" }, "no_result"),
    make(3, "旧书品相之争", [22, 6, 0], "buyer", "cannot_decide", {}, "cannot_decide"),
  ];
}

export const settings: Settings = {
  language: "zh-Hans",
  theme: "light",
  text_percent: 100,
  single_keys: true,
  notify_seats: true,
  notify_leases: true,
  notify_verdicts: true,
  quiet_hours: [22, 8],
  download_at_once: true,
  keep_days: 7,
  lock_after_minutes: 0,
  proxy: null,
};
