// One table: error code -> what happened, what is safe, what to do now.

type Problem = { what: string; now: string };

const zh = {
  offline: { what: "连不上判定中心", now: "您的内容都在本机，联网后自动上传。" },
  timeout: { what: "判定中心没有及时应答", now: "会自动再试，不会重复投出。" },
  locked: { what: "程序已锁定", now: "打开后继续，什么都没有丢。" },
  unauthenticated: { what: "登录已失效", now: "重新登录后继续，本机内容不变。" },
  forbidden: { what: "没有权限", now: "这个动作判定中心不允许。" },
  not_found: { what: "判定中心没有这一项", now: "可能已被收回，同步后再看。" },
  seat_ended: { what: "这个席位已经结束", now: "选票没有计入，原文仍在这里。" },
  lease_ended: { what: "领取期在送到之前已过", now: "选票没有计入，原文仍在这里。" },
  already_voted: { what: "这个席位已有另一张选票", now: "可能在另一台机器上投过。" },
  pack_changed: { what: "材料有了新版", now: "看过新版再确认投票。" },
  invalid_ballot: { what: "选票与案件要求不符", now: "撤回后改一改再投。" },
  quota_used_up: { what: "额度用完了", now: "到下个周期再试，见“评审资格”。" },
  frozen: { what: "评审资格冻结中", now: "原因和申诉办法见“评审资格”。" },
  not_enough_points: { what: "可用积分不够", now: "减少一些再捐。" },
  project_not_open: { what: "项目现在不接受捐赠", now: "可以换一个项目。" },
  amount_not_allowed: { what: "积分数不合项目的要求", now: "看一下最低数和倍数。" },
  too_late: { what: "已过可取消的时间", now: "这笔捐赠已经确认。" },
  too_many_requests: { what: "判定中心请您稍等", now: "到时间会自动再试。" },
  unsupported_version: { what: "判定中心的版本与本程序不合", now: "请更新程序。" },
  internal: { what: "判定中心出了错", now: "什么都没有记下，会自动再试。" },
  unavailable: { what: "判定中心暂时不能应答", now: "会自动再试。" },
  damaged_pack: { what: "材料与签名不符", now: "投票已锁定，重新下载即可。" },
  disk_full: { what: "磁盘满了", now: "腾出空间后会继续下载。" },
  wrong_passphrase: { what: "口令不对", now: "再试一次；数据没有变化。" },
  too_late_to_undo: { what: "判定中心已经收到，不能撤回", now: "可以看回执。" },
  not_ready: { what: "材料还没准备好", now: "下载完成并校验后就能打开。" },
} satisfies Record<string, Problem>;

type Code = keyof typeof zh;

const enTable: Record<Code, Problem> = {
  offline: {
    what: "The server cannot be reached",
    now: "Everything is kept here and sent when there is a network.",
  },
  timeout: {
    what: "The server did not answer in time",
    now: "It is tried again by itself, and never sent twice.",
  },
  locked: { what: "The program is locked", now: "Open it to go on; nothing is lost." },
  unauthenticated: { what: "The session has ended", now: "Sign in again; what is here stays." },
  forbidden: { what: "Not allowed", now: "The server does not allow this." },
  not_found: {
    what: "The server does not have it",
    now: "It may have been taken back; sync and look again.",
  },
  seat_ended: { what: "The seat has ended", now: "The ballot did not count; its text is still here." },
  lease_ended: {
    what: "The lease ran out before it arrived",
    now: "The ballot did not count; its text is still here.",
  },
  already_voted: { what: "The seat has another ballot", now: "It may have been sealed on another machine." },
  pack_changed: { what: "There is newer material", now: "Read it and confirm the ballot." },
  invalid_ballot: { what: "The ballot does not fit the case", now: "Undo it, change it and seal again." },
  quota_used_up: { what: "A quota is used up", now: "Try in the next period; see Standing." },
  frozen: { what: "Your standing is frozen", now: "Reason and appeal are under Standing." },
  not_enough_points: { what: "Not enough points are available", now: "Give fewer." },
  project_not_open: { what: "The project takes no donations now", now: "Choose another one." },
  amount_not_allowed: { what: "The amount does not fit the project", now: "Mind the minimum and the step." },
  too_late: { what: "It can no longer be cancelled", now: "The donation is confirmed." },
  too_many_requests: { what: "The server asks to wait", now: "It is tried again in time." },
  unsupported_version: { what: "The server speaks another version", now: "Update the program." },
  internal: { what: "The server failed", now: "Nothing was kept; it is tried again." },
  unavailable: { what: "The server cannot answer now", now: "It is tried again." },
  damaged_pack: { what: "The material does not fit its signature", now: "Voting is locked; fetch it again." },
  disk_full: { what: "The disk is full", now: "Make room and the download goes on." },
  wrong_passphrase: { what: "That is not the passphrase", now: "Try again; nothing has changed." },
  too_late_to_undo: { what: "The server has it; it cannot be undone", now: "Look at the receipt." },
  not_ready: { what: "The material is not ready", now: "It opens once every byte is here and checked." },
};

function table(problems: Record<Code, Problem>, other: (code: string) => Problem) {
  return { of: (code: string): Problem => (code in problems ? problems[code as Code] : other(code)) };
}

export const zhHans = table(zh, (code) => ({
  what: "没有做成",
  now: `本机内容没有变化，可以再试。（${code}）`,
}));
export const en: typeof zhHans = table(enTable, (code) => ({
  what: "That did not work",
  now: `Nothing on this machine has changed; try again. (${code})`,
}));
