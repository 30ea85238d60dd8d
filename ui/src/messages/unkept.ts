// Words of a session that keeps nothing.
import { plural } from "./frame";

export const zhHans = {
  offerTitle: "不保存，用完即清",
  offerText:
    "借来的或公用的电脑可以这样用：草稿、材料和登录只在这一次有效，结束后从本机全部清除；投票等操作要联网，判定中心当场确认才算数。",
  offer: "不保存，直接开始",
  strip: "用完即清：本机不保存任何内容",
  stripNote: "草稿、材料和登录只在这一次有效；投票等操作要判定中心当场确认才算数。",
  keep: "设口令，保存下来",
  end: "结束",
  keepTitle: "设口令，保存到本机",
  keepText:
    "设好口令后，已有的草稿、材料和登录都留在本机的加密数据库里，以后每次打开都要输入口令；忘了口令，没有人能打开。借来的或公用的电脑请不要这样做。",
  keepDo: "设好口令并保存",
  kept: "已保存到本机，以后用口令打开。",
  endTitle: "结束这次使用？",
  endText: "草稿、笔记、下载的材料和登录都会从本机清除。判定中心已确认的投票和操作不受影响。",
  waiting: (n: number) =>
    `还有 ${n} 项没有等到判定中心的确认：它可能已经收到，也可能没有。结束后本机不再追问，下次登录时能看到结果。`,
  stay: "继续使用",
  endDo: "结束并清除",
  askAndEnd: "再问一次，然后结束",
  endingSoon: (d: string) => `没有人在用吗？${d}后结束，并清除本机内容。动一下鼠标或按任意键就继续。`,
  offlineNote: "可以看材料、写草稿；投票和其他操作要等连上。",
  offlineCases: (n: number, size: string) => `${n} 件材料在本机，共 ${size}`,
  sealNote: "投票当场送出，不能撤回",
  sealOffline: "连上判定中心才能投票",
  sealing: "正在送到判定中心，等它确认",
  awaiting: "已送出，还没有等到确认。正在按编号追问，请先别关程序。",
  sent: "已送出，等确认",
  sealedAt: (when: string) => `${when} 送出`,
  stored1: "案件材料和草稿只在这一次有效，结束时清除。",
  stored2: "密钥只在内存里，没有写到任何地方。",
  stored3: "程序若被强行终止，留下的文件没有密钥可开，下次打开时删掉。",
  section: "这次使用",
  keySlots: "密钥只在内存里，没有写到任何地方。结束、退出或退出登录，本机的内容就全部清除。",
  endAfter: "多久没有人用就结束",
  endNow: "结束这次使用",
  folder: "临时文件夹",
  signOutNote: "退出登录就结束这次使用，本机的内容全部清除。",
};

export const en: typeof zhHans = {
  offerTitle: "Or keep nothing",
  offerText:
    "For a borrowed or shared machine: drafts, material and the sign-in last for this session only and are removed at its end. Voting and other acts need the network, and count once the server has acknowledged them.",
  offer: "Start without keeping anything",
  strip: "Nothing is kept on this machine",
  stripNote:
    "Drafts, material and the sign-in last for this session only; acts count once the server has acknowledged them.",
  keep: "Keep my work with a passphrase",
  end: "End session",
  keepTitle: "Keep this session with a passphrase",
  keepText:
    "The drafts, the material and the sign-in stay in the encrypted database on this machine, and every start asks for the passphrase; if it is forgotten, nobody can open them. Please do not do this on a borrowed or shared machine.",
  keepDo: "Set it and keep",
  kept: "Kept on this machine. The passphrase opens it from now on.",
  endTitle: "End this session?",
  endText:
    "Drafts, notes, downloaded material and the sign-in are removed from this machine. What the server has acknowledged is not affected.",
  waiting: (n) =>
    `${plural(n, "act has", "acts have")} no acknowledgement yet: the server may have ${n === 1 ? "it" : "them"} or not. After the end this machine stops asking; you will see what became of ${n === 1 ? "it" : "them"} when you next sign in.`,
  stay: "Go on",
  endDo: "End and remove",
  askAndEnd: "Ask once more, then end",
  endingSoon: (d) =>
    `Nobody there? In ${d} the session ends and everything is removed from this machine. Move the mouse or press a key to go on.`,
  offlineNote: "You can read and write drafts; voting and other acts need the server.",
  offlineCases: (n, size) => `${plural(n, "case", "cases")} here, ${size}`,
  sealNote: "Goes at once, cannot be undone",
  sealOffline: "Voting needs the server",
  sealing: "Sending to the server, waiting for its word",
  awaiting:
    "Sent, not acknowledged yet. The server is asked by the ballot’s id; please keep the program open.",
  sent: "Sent, not acknowledged yet",
  sealedAt: (when) => `sent ${when}`,
  stored1: "Material and drafts last for this session only and are removed at its end.",
  stored2: "The key is in memory alone and is written nowhere.",
  stored3: "If the program is killed, what is left has no key that opens it and goes at the next start.",
  section: "This session",
  keySlots:
    "The key is in memory alone and is written nowhere. Ending the session, quitting or signing out removes everything from this machine.",
  endAfter: "End when nobody is here for",
  endNow: "End this session",
  folder: "Temporary folder",
  signOutNote: "Signing out ends the session; everything is removed from this machine.",
};
