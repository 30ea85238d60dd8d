// Words for what is not as planned, and is no failure: an end that came first, material that changed,
// a clock that differs, a standing that is frozen.

export const zhHans = {
  ending: {
    recorded: {
      title: "在您的选票送到之前，本案已经有了结果",
      text: "这很平常。您的选票已登记，不计入票数，积分照给。",
    },
    seat_ended: {
      title: "在您的选票送到之前，这个席位已经结束",
      text: "这很平常，多半是票数已够、提前结案。选票没有计入；您写的意见原样留在这里。",
    },
    lease_ended: {
      title: "选票送到时，领取期已过",
      text: "以判定中心收到的时间为准。选票没有计入；您写的意见原样留在这里。",
    },
    toVerdicts: "去看结果",
    toStanding: "去看评审资格",
    toOutbox: "到“待上传”处理",
  },
  change: {
    text: (from: number, to: number) =>
      `材料从第 ${from} 版换成了第 ${to} 版，请再看一遍。投票前会请您确认。`,
    rule: (from: string, to: string) => `适用的规则也换了版本：${from} → ${to}。`,
    confirmTitle: "材料换过了，按现在的版本投票？",
    confirmText: "您的草稿写在旧的一版上。确认后，选票按本机上现在的这一版投出。",
    goOn: "再看一看",
  },
  skew: (d: string, ahead: boolean) => `本机时钟${ahead ? "快" : "慢"} ${d}，倒计时按判定中心`,
  frozen: "评审资格冻结中：暂时不能领取和投票，学习、导出、捐赠照常。",
  removed: "评审资格已被清退：不再能领取案件，已有的积分仍可捐出。",
  seatEnd: {
    declined: "没有领取",
    returned: "已放弃",
    recused: "已回避",
    lapsed: "逾期未投",
    revoked: "席位已收回",
    closed_early: "已提前结案",
  } as Record<string, string>,
};

export const en: typeof zhHans = {
  ending: {
    recorded: {
      title: "The case was decided before your ballot arrived",
      text: "That is quite normal. Your ballot is recorded: it is not among the counts, and it earns its points.",
    },
    seat_ended: {
      title: "The seat had ended before your ballot arrived",
      text: "That is quite normal: most likely enough ballots were in. It did not count; what you wrote is still here.",
    },
    lease_ended: {
      title: "The lease was over when your ballot arrived",
      text: "What counts is when the server received it. It did not count; what you wrote is still here.",
    },
    toVerdicts: "Look at the verdicts",
    toStanding: "Look at your standing",
    toOutbox: "Settle it in the outbox",
  },
  change: {
    text: (from, to) =>
      `The material went from version ${from} to version ${to}; please read it again. You will be asked before you seal.`,
    rule: (from, to) => `The rule that applies has another version as well: ${from} → ${to}.`,
    confirmTitle: "The material has changed. Seal on this version?",
    confirmText:
      "Your draft was written on the version before. The ballot will be cast on the one that is here now.",
    goOn: "Read on",
  },
  skew: (d, ahead) => `This clock is ${d} ${ahead ? "ahead" : "behind"}; the countdown is the server's`,
  frozen: "Your standing is frozen: no seats and no ballots for now; study, export and donations go on.",
  removed: "Your standing was taken away: no more seats; the points you have may still be given.",
  seatEnd: {
    declined: "Not taken",
    returned: "Returned",
    recused: "Recused",
    lapsed: "Lapsed",
    revoked: "Seat revoked",
    closed_early: "Closed early",
  },
};
