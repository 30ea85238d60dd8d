// What the judgment server's own database says about a reviewer, and whether that is what must be. It
// is read with SQLite's own program: nothing of ours stands between the file and the answer.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

async function query(database, sql) {
  const { stdout } = await run("sqlite3", ["-readonly", "-json", "-cmd", ".timeout 5000", database, sql], { maxBuffer: 64 << 20 });
  return stdout.trim() ? JSON.parse(stdout) : [];
}

/** Ballots, receipts, seats, earnings and donations of one reviewer, from the server's data folder. */
export async function readLedger(data, user = "demo") {
  const database = join(data, "pingli.sqlite");
  const mine = `reviewer = (select id from accounts where name = '${user}')`;
  const ask = (sql) => query(database, sql);
  return {
    ballots: (await ask(`select id, seat, case_id, counted, body from ballots where ${mine}`)).map((row) => ({ ...row, opinion: JSON.parse(row.body).opinion })),
    receipts: await ask(`select id, kind, json_extract(body, '$.seat') as seat from receipts where ${mine}`),
    seats: await ask(`select id, case_id, state from seats where ${mine}`),
    earned: await ask(`select case_id, round, count(*) as times from ledger_entries where kind = 'earn' and ${mine} group by case_id, round`),
    donations: await ask(`select id, points, state from donations where ${mine}`),
    entries: await ask(`select kind, points, json_extract(refers_to, '$.donation') as donation from ledger_entries where ${mine}`),
  };
}

/**
 * Compares the ledger with what a run saw in the window. `seats` tells of each seat its case, what was
 * `pressed` (the opinions whose seal was asked for), and what the window showed at the end: `sealed` with
 * an opinion, or nothing. `returned` are the seats that the window showed as given back, `donations` the
 * ids that it showed. Answers with a sentence for each thing that is wrong.
 */
export function compare(ledger, { seats, returned, donations }) {
  const wrong = [];
  const history = (row) => row.case_id.startsWith("history-");
  for (const [id, seat] of seats) {
    const ballots = ledger.ballots.filter((ballot) => ballot.seat === id || ballot.case_id === seat.case);
    const earned = ledger.earned.find((row) => row.case_id === seat.case)?.times ?? 0;
    const wanted = seat.sealed === null ? 0 : 1;
    if (ballots.length !== wanted) wrong.push(`${seat.case}: ${ballots.length} ballots, and ${wanted} was shown as sealed`);
    if (earned !== wanted) wrong.push(`${seat.case}: points were earned ${earned} times, not ${wanted}`);
    for (const ballot of ballots) {
      if (!seat.pressed.has(ballot.opinion)) wrong.push(`${seat.case}: a ballot that nobody sealed`);
      else if (seat.sealed !== null && ballot.opinion !== seat.sealed) wrong.push(`${seat.case}: another ballot than the one that was shown as sealed`);
    }
  }
  const known = new Set([...seats.values()].map((seat) => seat.case));
  for (const ballot of ledger.ballots.filter((one) => !history(one)))
    if (!known.has(ballot.case_id)) wrong.push(`${ballot.case_id}: a ballot on a case that nobody touched`);
  const kept = new Set(ledger.ballots.map((ballot) => ballot.id));
  for (const receipt of ledger.receipts)
    if (receipt.kind === "ballot" && !kept.has(receipt.id)) wrong.push(`a ballot was sent that was refused: ${receipt.id}`);
  // Taking a seat is another matter: a window that was killed before the next sync still offers it, and
  // taking it once more changes nothing.
  const times = new Map();
  for (const receipt of ledger.receipts.filter((one) => one.kind === "return")) times.set(receipt.seat, (times.get(receipt.seat) ?? 0) + 1);
  for (const [seat, count] of times) if (count > 1) wrong.push(`${seat}: given back ${count} times`);
  const back = new Set(ledger.seats.filter((seat) => seat.state === "returned").map((seat) => seat.id));
  for (const seat of returned) if (!back.has(seat)) wrong.push(`${seat}: shown as given back, and it was not`);
  for (const seat of back) if (!returned.has(seat)) wrong.push(`${seat}: given back, and it was not shown`);
  const given = new Set(ledger.donations.map((donation) => donation.id));
  for (const id of donations) if (!given.has(id)) wrong.push(`${id}: a donation that was shown is not there`);
  for (const id of given) {
    if (!donations.has(id)) wrong.push(`${id}: a donation that was not shown`);
    const holds = ledger.entries.filter((entry) => entry.kind === "hold" && entry.donation === id).length;
    if (holds !== 1) wrong.push(`${id}: its points were held ${holds} times`);
  }
  return wrong;
}

/** Finds each attempt at a seal in the ledger, by its opinion and its seat: one ballot that says it, or none
 *  and a seat that is still the reviewer's. */
export function attemptsIn(ledger, attempts) {
  const found = { ballots: 0, open: 0, wrong: [] };
  for (const { seat, case: name, attempt } of attempts) {
    const ballots = ledger.ballots.filter((ballot) => ballot.opinion === attempt);
    const here = ledger.seats.find((one) => one.id === seat)?.state;
    if (ballots.length === 1 && ballots[0].seat === seat && here === "counted") found.ballots++;
    else if (ballots.length === 0 && here === "accepted") found.open++;
    else found.wrong.push(`${name}: ${ballots.length} ballots with the opinion of the attempt, and the seat is ${here}`);
  }
  if (new Set(attempts.map((one) => one.seat)).size !== attempts.length) found.wrong.push("two attempts at one seat");
  return found;
}
