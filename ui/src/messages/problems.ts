// One table: error code -> what happened, what is safe, what to do now.

type Problem = { what: string; now: string };

const zh = {
  offline: { what: "没有网络，连不上判定中心", now: "您的内容都在本机，联网后自动上传。" },
  server_down: { what: "判定中心现在没有工作", now: "您的内容都在本机，恢复后自动上传，不会重复投出。" },
  connection_broken: { what: "连接中途断了", now: "会先问判定中心收到没有，再决定是否重发。" },
  captive_portal: {
    what: "所在的网络要先登录",
    now: "请在浏览器里登录这个网络；您的内容都在本机，登录后自动上传。",
  },
  answer_unreadable: {
    what: "判定中心的应答不完整或读不懂",
    now: "什么都没有丢，会自动再试，不会重复投出。",
  },
  certificate_expired: {
    what: "判定中心的证书已过期",
    now: "什么都没有发出。先看看本机时钟对不对；时钟对的话请等运营方换证书。",
  },
  certificate_not_yet_valid: {
    what: "判定中心的证书还没有生效",
    now: "什么都没有发出。多半是本机时钟慢了，请校准后再试。",
  },
  certificate_other_host: {
    what: "应答的机器出示的是别处的证书",
    now: "什么都没有发出。可能是所在网络在拦截，换个网络再试，或核对地址。",
  },
  certificate_unknown_issuer: {
    what: "应答的机器证明不了自己是判定中心",
    now: "什么都没有发出。可能是所在网络在拦截，换个网络再试，或向运营方核实。",
  },
  certificate_invalid: {
    what: "判定中心的证书有问题",
    now: "什么都没有发出，会再试；一直这样请告诉运营方。",
  },
  tls_failed: { what: "安全连接没有建立起来", now: "什么都没有发出。可能是所在网络在拦截，换个网络再试。" },
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
  wrong_passphrase: { what: "口令不对", now: "再试一次；数据没有变化。" },
  too_late_to_undo: { what: "判定中心已经收到，不能撤回", now: "可以看回执。" },
  not_ready: { what: "材料还没准备好", now: "下载完成并校验后就能打开。" },
  signed_out: { what: "还没有登录", now: "登录判定中心后再试。" },
  session_ended: { what: "登录已失效", now: "重新登录后继续，本机内容不变。" },
  server_keys_changed: {
    what: "判定中心的密钥变了",
    now: "与登录时记下的不符，先别信任它，请向运营方核实。",
  },
  pack_not_ready: { what: "材料还没准备好", now: "下载完成并校验后就能打开。" },
  pack_damaged: { what: "材料与签名不符", now: "投票已锁定，重新下载即可。" },
  evidence_unreadable: { what: "这件证据本程序读不了", now: "可能需要更新程序；其他证据照常可看。" },
  citation_unknown: { what: "意见里引用的证据或位置不存在", now: "找到标出的引用，改正后再确认投票。" },
  server_needed: {
    what: "现在要连上判定中心才行",
    now: "没有送出，也没有留到以后；草稿还在，连上后再做一次。",
  },
  answer_awaited: {
    what: "还没有等到判定中心的确认",
    now: "它可能已经收到；正在按编号追问，问清之前请别关程序。",
  },
  lease_over: { what: "领取期已过", now: "按判定中心的时钟，这个席位不能再投。" },
  seat_state: { what: "这个席位现在不能这样做", now: "同步后再看它的状态。" },
  already_sealed: { what: "这一案已经确认投票", now: "在另一个窗口，或就在刚才；只有那一票，不会变成两票。" },
  not_undoable: { what: "判定中心已经收到，不能撤回", now: "可以看回执。" },
  passphrase_too_short: { what: "口令太短", now: "换一个长一些的。" },
  keyring_required: { what: "钥匙串里没有密钥，口令不能去掉", now: "去掉以后就没有什么能打开数据了。" },
  passphrase_required: { what: "锁定后要用口令打开", now: "请输入恢复口令。" },
  lock_needs_passphrase: { what: "还没有口令，不能锁定", now: "钥匙串会替任何人打开；先设一个恢复口令。" },
  keyring_locked: { what: "系统钥匙串还锁着", now: "解开后再试，数据没有变化。" },
  keyring_unavailable: { what: "系统钥匙串没有应答", now: "可以用恢复口令打开。" },
  key_missing: { what: "钥匙串里没有密钥", now: "请用恢复口令，数据没有动过。" },
  wrong_key: { what: "钥匙串里的密钥不对", now: "请用恢复口令，数据没有动过。" },
  damaged_header: { what: "密钥文件读不出来", now: "已原样放到一边，请用恢复口令。" },
  file_failed: { what: "文件没有存成", now: "换个位置再试。" },
  setting_invalid: { what: "这项设置不能这样填", now: "原来的设置没有变。" },
  inconsistent: { what: "本机的副本与判定中心对不上", now: "会重新同步，草稿和选票都保留。" },
  broken_off: { what: "中途断了", now: "会自动再试。" },
  server_busy: { what: "判定中心忙", now: "会自动再试，不会重复投出。" },
  not_a_judgment_server: {
    what: "这个地址不是判定中心",
    now: "核对一下地址。已登录的话会再试，内容都在本机。",
  },
  bad_address: { what: "地址写得不对", now: "请填写以 http:// 或 https:// 开头的地址。" },
  storage_failed: { what: "本机没有存上", now: "看看磁盘空间，再试一次。" },
  store_failed: { what: "数据库出了错", now: "没有东西被删掉，再试一次。" },
  store_io: { what: "磁盘读写出了错", now: "看看磁盘空间，再试一次。" },
  store_full: { what: "磁盘满了", now: "腾出空间再试一次；已存下的都在。" },
  recovered: {
    what: "从损坏的数据库里救回",
    now: "您可能已撤回过它，所以不自动送出：重试即送出，放弃即撤回。",
  },
  store_damaged: { what: "数据库有损坏", now: "重新打开程序，会先抢救待上传的内容。" },
  store_newer: { what: "数据是更新的版本写的", now: "请更新程序，数据没有动过。" },
  other_protocol_version: { what: "判定中心的版本与本程序不合", now: "请更新程序。" },
  sign_in_denied: { what: "登录没有被同意", now: "再试一次，或换一个账号。" },
  sign_in_timed_out: { what: "等登录等得太久了", now: "再点一次登录。" },
  no_loopback: { what: "本机的回环地址不能用", now: "防火墙可能拦住了，放行后再试。" },
  ballot_choice_required: { what: "还没有选", now: "选一项再投。" },
  id_reused: { what: "编号被用过了", now: "再做一次就会换一个新编号。" },
  link_invalid: { what: "这个链接看不懂", now: "没有跟着它走，什么都没有变。" },
  link_not_here: { what: "链接里的案件不在这台机器上", now: "领取并下载以后才能打开。" },
  id_invalid: { what: "这一步没有被认出来", now: "什么都没有变，再做一次就好。" },
  superseded: { what: "已换成新的查找", now: "看最新一次查找的结果。" },
  invalid_request: { what: "判定中心看不懂这个请求", now: "内容还在本机；可能需要更新程序。" },
  method_not_allowed: { what: "判定中心不支持这个动作", now: "内容还在本机；可能需要更新程序。" },
  range_not_satisfiable: { what: "判定中心没有要续传的那一段", now: "重新下载材料即可，草稿和选票都在。" },
  too_large: { what: "内容太长，判定中心不收", now: "内容还在本机，精简以后再试。" },
  unknown: { what: "判定中心没有接受，原因本程序还不认识", now: "内容还在本机；更新程序后再看。" },
  unsupported_media_type: { what: "判定中心不收这种格式", now: "内容还在本机；可能需要更新程序。" },
  cancelled: { what: "下载已停下", now: "已下载的部分留着，随时可以继续。" },
  media_worker: { what: "看图程序没有启动", now: "原件没有损坏；关掉再开一次试试。" },
  media_partial: { what: "图片只能显示一部分", now: "文件本身不完整；其他证据照常可看。" },
  media_unreadable: { what: "这个文件打不开", now: "可以导出原件查看；其他证据照常可看。" },
  media_unsupported: { what: "这种格式还不能显示", now: "可以导出原件查看；其他证据照常可看。" },
  media_too_large: { what: "图片太大，不能安全显示", now: "可以导出原件查看；其他证据照常可看。" },
  pack_newer_format: { what: "材料是更新的格式", now: "请更新程序，材料没有损坏。" },
  journal_rolled_back: {
    what: "本机数据回到了较早的状态，这一项没有自动上传",
    now: "可能恢复过备份，或在另一台机器上用了同一份数据。还要上传就“再试一次”，不要了就“丢弃”；不会重复计入。",
  },
  server_forgot: {
    what: "判定中心恢复到了较早的状态，没有这一项的记录",
    now: "会按原编号自动再送一次，不会重复计入。",
  },
} satisfies Record<string, Problem>;

type Code = keyof typeof zh;

const enTable: Record<Code, Problem> = {
  offline: {
    what: "There is no network to the server",
    now: "Everything is kept here and sent when there is a network.",
  },
  server_down: {
    what: "The server is not working now",
    now: "Everything is kept here and sent when it is back, never twice.",
  },
  connection_broken: {
    what: "The connection broke",
    now: "The server is asked what it has before anything is sent again.",
  },
  captive_portal: {
    what: "Your network wants you to sign in first",
    now: "Sign in to the network in your browser; everything is kept here and sent afterwards.",
  },
  answer_unreadable: {
    what: "The server's answer is cut short or does not read",
    now: "Nothing is lost; it is tried again, and never sent twice.",
  },
  certificate_expired: {
    what: "The server's certificate has expired",
    now: "Nothing was sent. Check this machine's clock; if it is right, the operator has to renew it.",
  },
  certificate_not_yet_valid: {
    what: "The server's certificate is not valid yet",
    now: "Nothing was sent. This machine's clock is probably behind; set it and try again.",
  },
  certificate_other_host: {
    what: "The certificate belongs to another machine",
    now: "Nothing was sent. Your network may be in the way; try another, or check the address.",
  },
  certificate_unknown_issuer: {
    what: "Who answered cannot prove to be the server",
    now: "Nothing was sent. Your network may be in the way; try another, or ask the operator.",
  },
  certificate_invalid: {
    what: "Something is wrong with the server's certificate",
    now: "Nothing was sent; it is tried again. If it stays so, tell the operator.",
  },
  tls_failed: {
    what: "No secure connection came about",
    now: "Nothing was sent. Your network may be in the way; try another.",
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
  wrong_passphrase: { what: "That is not the passphrase", now: "Try again; nothing has changed." },
  too_late_to_undo: { what: "The server has it; it cannot be undone", now: "Look at the receipt." },
  not_ready: { what: "The material is not ready", now: "It opens once every byte is here and checked." },
  signed_out: { what: "Nobody is signed in", now: "Sign in and try again." },
  session_ended: { what: "The session has ended", now: "Sign in again; what is here stays." },
  server_keys_changed: {
    what: "The server's keys have changed",
    now: "They are not those met at sign-in. Do not trust it before its operator has confirmed them.",
  },
  pack_not_ready: { what: "The material is not ready", now: "It opens once every byte is here and checked." },
  pack_damaged: { what: "The material does not fit its signature", now: "Voting is locked; fetch it again." },
  evidence_unreadable: {
    what: "This program cannot read this piece of evidence",
    now: "It may need an update; the other evidence is all there.",
  },
  citation_unknown: {
    what: "The opinion cites evidence or a place that does not exist",
    now: "Find the marked citation, mend it and seal again.",
  },
  server_needed: {
    what: "This needs the server now",
    now: "Nothing was sent and nothing waits for later; your draft is still here. Do it again once you are connected.",
  },
  answer_awaited: {
    what: "The server has not acknowledged it yet",
    now: "It may have it, and is being asked; please keep the program open until it is known.",
  },
  lease_over: { what: "The lease is over", now: "By the server's clock this seat takes no ballot any more." },
  seat_state: { what: "The seat does not allow that now", now: "Sync and look at its state again." },
  already_sealed: {
    what: "This ballot is sealed already",
    now: "In the other window, or a moment ago; there is that one ballot and no second.",
  },
  not_undoable: { what: "The server has it; it cannot be undone", now: "Look at the receipt." },
  passphrase_too_short: { what: "The passphrase is too short", now: "Choose a longer one." },
  keyring_required: {
    what: "The keyring has no key, so the passphrase must stay",
    now: "Without it nothing would open the data.",
  },
  passphrase_required: {
    what: "What was locked needs the passphrase",
    now: "Type your recovery passphrase.",
  },
  lock_needs_passphrase: {
    what: "Locking needs a passphrase",
    now: "The keyring would open it for anybody; set a recovery passphrase first.",
  },
  keyring_locked: {
    what: "The system keyring is locked",
    now: "Unlock it and try again; nothing has changed.",
  },
  keyring_unavailable: {
    what: "The system keyring does not answer",
    now: "The recovery passphrase opens the data.",
  },
  key_missing: {
    what: "The keyring has no key",
    now: "Use the recovery passphrase; the data was not touched.",
  },
  wrong_key: {
    what: "The keyring's key does not fit",
    now: "Use the recovery passphrase; the data was not touched.",
  },
  damaged_header: {
    what: "The key file cannot be read",
    now: "It was set aside; use the recovery passphrase.",
  },
  file_failed: { what: "The file was not written", now: "Try another place." },
  setting_invalid: { what: "The setting cannot have that value", now: "It is as it was." },
  inconsistent: {
    what: "The copy here does not fit the server's",
    now: "It is synced again; drafts and ballots stay.",
  },
  broken_off: { what: "It broke off", now: "It is tried again." },
  server_busy: { what: "The server is busy", now: "It is tried again, and never sent twice." },
  not_a_judgment_server: {
    what: "That address is not a judgment server",
    now: "Check it. If you are signed in it is tried again; everything is kept here.",
  },
  bad_address: { what: "The address is not right", now: "Give one that begins with http:// or https://." },
  storage_failed: { what: "It could not be kept here", now: "Look at the disk space and try again." },
  store_failed: { what: "The database failed", now: "Nothing was deleted; try again." },
  store_io: { what: "The disk failed", now: "Look at the disk space and try again." },
  store_full: { what: "The disk is full", now: "Make room and try again; what was kept is there." },
  recovered: {
    what: "Saved from a damaged database",
    now: "You may have taken it back since, so it is not sent by itself: retry to send it, drop it to take it back.",
  },
  store_damaged: {
    what: "The database is damaged",
    now: "Open the program again; what waits is saved first.",
  },
  store_newer: {
    what: "A newer program wrote the data",
    now: "Update the program; the data was not touched.",
  },
  other_protocol_version: { what: "The server speaks another version", now: "Update the program." },
  sign_in_denied: { what: "The sign-in was not granted", now: "Try again, or with another account." },
  sign_in_timed_out: { what: "The sign-in took too long", now: "Press sign in again." },
  no_loopback: { what: "The loopback address cannot be used", now: "A firewall may be in the way." },
  ballot_choice_required: { what: "Nothing is chosen", now: "Choose an option first." },
  id_reused: { what: "The id was used before", now: "Do it once more; it gets a new one." },
  link_invalid: { what: "That link cannot be read", now: "It was not followed; nothing has changed." },
  link_not_here: { what: "The link's case is not on this machine", now: "Take it and download it first." },
  id_invalid: { what: "That step was not recognised", now: "Nothing has changed; do it once more." },
  superseded: { what: "A newer search took its place", now: "Look at the newest results." },
  invalid_request: {
    what: "The server does not understand the request",
    now: "It is kept here; the program may need an update.",
  },
  method_not_allowed: {
    what: "The server does not know this act",
    now: "It is kept here; the program may need an update.",
  },
  range_not_satisfiable: {
    what: "The server does not have the part that is missing",
    now: "Fetch the material again; drafts and ballots stay.",
  },
  too_large: { what: "It is too long for the server", now: "It is kept here; shorten it and try again." },
  unknown: {
    what: "The server did not take it, for a reason that this program does not know",
    now: "It is kept here; update the program and look again.",
  },
  unsupported_media_type: {
    what: "The server does not take this format",
    now: "It is kept here; the program may need an update.",
  },
  cancelled: { what: "The download was stopped", now: "What came stays; go on whenever you like." },
  media_worker: {
    what: "The picture program did not start",
    now: "The original is whole; open it once more.",
  },
  media_partial: {
    what: "Only a part of the picture can be shown",
    now: "The file itself is not whole; the other evidence is all there.",
  },
  media_unreadable: {
    what: "This file does not open",
    now: "The original can be exported; the other evidence is all there.",
  },
  media_unsupported: {
    what: "This format cannot be shown yet",
    now: "The original can be exported; the other evidence is all there.",
  },
  media_too_large: {
    what: "The picture is too large to be shown safely",
    now: "The original can be exported; the other evidence is all there.",
  },
  pack_newer_format: {
    what: "The material has a newer format",
    now: "Update the program; the material is not damaged.",
  },
  journal_rolled_back: {
    what: "The data here went back to an earlier state, so this was not sent by itself",
    now: "A backup may have been restored, or a copy is in use on another machine. Try again to send it, or drop it; it is never counted twice.",
  },
  server_forgot: {
    what: "The server went back to an earlier state and has no record of this",
    now: "It is sent again by itself under the same id, and never counted twice.",
  },
};

/** The server's own problems come with a prefix; faults of a pack, a ballot or a key share words. */
function known(code: string): Code | null {
  const plain = code.replace(/^problem_/, "");
  if (plain in zh) return plain as Code;
  if (/^pack_/.test(plain)) return "pack_damaged";
  if (/^ballot_/.test(plain)) return "invalid_ballot";
  if (/^(keys|signature)_/.test(plain)) return "server_keys_changed";
  if (/^store_/.test(plain)) return "store_failed";
  return null;
}

function table(problems: Record<Code, Problem>, other: (code: string) => Problem) {
  return {
    of: (code: string): Problem => {
      const found = known(code);
      return found ? problems[found] : other(code);
    },
  };
}

export const zhHans = table(zh, (code) => ({
  what: "没有做成",
  now: `本机内容没有变化，可以再试。（${code}）`,
}));
export const en: typeof zhHans = table(enTable, (code) => ({
  what: "That did not work",
  now: `Nothing on this machine has changed; try again. (${code})`,
}));
