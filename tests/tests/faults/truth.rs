//! What must hold after everything came back and synced: read from the server's tables and from the
//! clients' databases, never from what a suite remembers alone.

use pingli_protocol::{
    IntentId, Sha256,
    ledger::{Balance, LedgerEntry},
    sync::{ChangeBody, Collection, digest},
};
use pingli_store::{
    Intent, IntentStatus, PackState, Store, StoreError, StoredReceipt,
    keys::{KeyStore, PassphraseCost},
};
use pingli_tests::FileKeyring;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read as _,
    path::Path,
    sync::Arc,
};

/// What a client said to whoever drove it.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Ids that it was about to act with, and what kind of act.
    meant: BTreeMap<String, String>,
    /// Ids whose verb returned without an error.
    acked: BTreeSet<String>,
    /// Ids that it said were taken back.
    undone: BTreeSet<String>,
    /// Codes of verbs that returned an error.
    pub(crate) codes: BTreeSet<String>,
}

impl Told {
    /// Takes a line of a client's process in.
    pub(crate) fn hear(&mut self, line: &Value) {
        let text = |name: &str| line[name].as_str().map(str::to_owned);
        if let (Some(id), Some(kind)) = (text("meant"), text("kind")) {
            self.mean(id, kind);
        }
        self.acked.extend(text("acked"));
        self.undone.extend(text("undone"));
        self.codes.extend(text("code"));
    }

    /// It is about to act.
    pub(crate) fn mean(&mut self, id: impl Into<String>, kind: impl Into<String>) {
        self.meant.insert(id.into(), kind.into());
    }

    /// The verb returned without an error.
    pub(crate) fn ack(&mut self, id: impl Into<String>) {
        self.acked.insert(id.into());
    }

    /// It said that an act was taken back.
    pub(crate) fn undo(&mut self, id: impl Into<String>) {
        self.undone.insert(id.into());
    }
}

/// What the server's books say was done.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Done {
    /// Ballots that count.
    pub(crate) counted: i64,
    /// Seats that were given back or up.
    pub(crate) left: i64,
    /// Donations that were not taken back.
    pub(crate) donated: i64,
    /// Those that were.
    pub(crate) cancelled: i64,
}

impl Done {
    /// Whether of everything so much was done at least: a program that refuses or parks all that it is asked
    /// for breaks nothing.
    pub(crate) const fn is_enough(&self, least: u64) -> bool {
        let least = least.cast_signed();
        self.counted >= least && self.left >= least && self.donated >= least
    }
}

impl std::ops::AddAssign for Done {
    fn add_assign(&mut self, more: Self) {
        self.counted += more.counted;
        self.left += more.left;
        self.donated += more.donated;
        self.cancelled += more.cancelled;
    }
}

impl std::fmt::Display for Done {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { counted, left, donated, cancelled } = self;
        write!(
            f,
            "{counted} ballots counted, {left} seats given back or up, {donated} donations, {cancelled} cancelled"
        )
    }
}

/// The server's tables.
struct Court(Connection);

impl Court {
    fn open(folder: &Path) -> Self {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self(Connection::open_with_flags(folder.join("pingli.sqlite"), flags).expect("the server's database"))
    }

    /// The one number that a query comes to.
    fn number(&self, sql: &str) -> i64 {
        self.0.query_row(sql, [], |row| row.get(0)).expect("a number")
    }

    /// Two columns of text.
    fn pairs(&self, sql: &str) -> Vec<(String, String)> {
        let mut statement = self.0.prepare(sql).expect("a query");
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
        rows.collect::<Result<_, _>>().expect("text")
    }

    fn digest(&self, collection: Collection) -> (u32, Sha256) {
        let name = serde_json::to_value(collection).expect("a name");
        let mut statement =
            self.0.prepare("select record, version from feed where collection = ? and body is not null").expect("sql");
        let rows = statement.query_map([name.as_str()], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)));
        let rows: Vec<_> = rows.expect("rows").collect::<Result<_, _>>().expect("records");
        digest(rows.iter().map(|(record, version)| (record.as_str(), *version)))
    }
}

const COLLECTIONS: [Collection; 8] = [
    Collection::CaseTypes,
    Collection::Profile,
    Collection::Standing,
    Collection::Seats,
    Collection::Verdicts,
    Collection::Ledger,
    Collection::Projects,
    Collection::Donations,
];

/// The server and one reviewer's machines, as they lie on the disk.
pub(crate) struct Truth {
    court: Court,
    desks: Vec<Store>,
}

impl Truth {
    /// Opens the server's data folder, and the machines' folders: `data` and `key` are in each.
    pub(crate) fn open(court: &Path, desks: &[&Path]) -> Self {
        let cost = PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 };
        let store = |folder: &&Path| {
            let (data, key) = (folder.join("data"), folder.join("key"));
            let keys = KeyStore::new(&data, Arc::new(FileKeyring(key)), Arc::new(|_| {}), cost);
            Store::open(&data, &keys.unlock_by_keyring().expect("the key")).expect("a client's database")
        };
        Self { court: Court::open(court), desks: desks.iter().map(store).collect() }
    }

    /// What was done.
    pub(crate) fn done(&self) -> Done {
        let number = |sql| self.court.number(sql);
        Done {
            counted: number("select count(*) from ballots where counted = 1"),
            left: number("select count(*) from seats where state in ('returned', 'recused')"),
            donated: number("select count(*) from donations where state <> 'cancelled'"),
            cancelled: number("select count(*) from donations where state = 'cancelled'"),
        }
    }

    /// Whether the server has changed a refresh token for another that is not on the machine's disk.
    pub(crate) fn lost_a_token(&self) -> bool {
        self.desks.iter().any(|store| {
            let tokens = store.tokens().expect("the tokens").expect("somebody is signed in");
            let known = Sha256::of(tokens.refresh.as_bytes()).to_string();
            let sql = "select rotated_at is not null and retired_at is null from refresh_tokens where token_sha256 = ?";
            self.court.0.query_row(sql, [known], |row| row.get(0)).expect("a token that the server gave")
        })
    }

    /// Everything that is not as it must be, in words. `parked` are the kinds of acts that may wait for the
    /// reviewer's word, each with a code.
    pub(crate) fn violations(&self, told: &Told, parked: &[(&str, &str)]) -> Vec<String> {
        let mut wrong = Vec::new();
        self.acts(told, parked, &mut wrong);
        votes(&self.court, &mut wrong);
        donations(&self.court, &mut wrong);
        for store in &self.desks {
            balance(&self.court, store, &mut wrong);
            packs(&self.court, store, &mut wrong);
            if let Err(error) = store.check_journal() {
                wrong.push(format!("the journal does not hold: {error}"));
            }
            for collection in COLLECTIONS {
                if store.digest(collection).expect("a digest") != self.court.digest(collection) {
                    wrong.push(format!("the mirror of {collection:?} is not the server's"));
                }
            }
        }
        wrong
    }

    /// Where an act is in a journal.
    fn find(&self, id: &str) -> Option<(&Store, Intent)> {
        let id = IntentId::new(id).expect("an id");
        self.desks.iter().find_map(|store| match store.intent(&id) {
            Ok(intent) => Some((store, intent)),
            Err(StoreError::NotFound) => None,
            Err(error) => panic!("act {id} does not read: {error}"),
        })
    }

    fn acts(&self, told: &Told, parked: &[(&str, &str)], wrong: &mut Vec<String>) {
        let receipts: BTreeMap<String, String> =
            self.court.pairs("select id, body from receipts").into_iter().collect();
        let ballots: BTreeMap<_, _> = self.court.pairs("select id, seat from ballots").into_iter().collect();
        let mut explained = BTreeSet::new();
        for (id, kind) in &told.meant {
            let (acked, undone) = (told.acked.contains(id), told.undone.contains(id));
            let Some((store, intent)) = self.find(id) else {
                // Taking back a donation that waits leaves no act of its own.
                if acked && kind != "cancel" {
                    wrong.push(format!("{kind} {id} was acknowledged and is lost"));
                }
                if receipts.contains_key(id) {
                    wrong.push(format!("{kind} {id} is at the server and not in the journal"));
                }
                continue;
            };
            let key = receipt_id(id, &intent.kind, &intent.payload);
            let at_server = receipts.get(&key);
            explained.insert(key);
            if undone && intent.status != IntentStatus::Dropped {
                wrong.push(format!("{kind} {id} was said to be undone and is {:?}", intent.status));
            }
            match &intent.status {
                IntentStatus::Done => {
                    let own = store.receipt(id).expect("a receipt").map(as_answered);
                    let theirs = at_server.map(|body| serde_json::from_str::<Value>(body).expect("a receipt"));
                    if own.is_none() || own != theirs {
                        wrong.push(format!("{kind} {id} is done, here with {own:?}, at the server with {theirs:?}"));
                    }
                }
                IntentStatus::Dropped if at_server.is_some() || ballots.contains_key(id) => {
                    wrong.push(format!("{kind} {id} was taken back and is at the server"));
                }
                // Of two machines that take a donation back, one may come too late to be asked.
                IntentStatus::Parked { code } if kind != "cancel" && at_server.is_some() => {
                    wrong.push(format!("{kind} {id} is parked ({code}) and at the server"));
                }
                IntentStatus::Parked { code } if !parked.contains(&(kind.as_str(), code.as_str())) => {
                    wrong.push(format!("{kind} {id} is parked for no reason that there can be: {code}"));
                }
                IntentStatus::Waiting if !is_behind_a_parked_one(store, &intent) => {
                    wrong.push(format!("{kind} {id} still waits, behind nothing"));
                }
                IntentStatus::Dropped | IntentStatus::Parked { .. } | IntentStatus::Waiting => {}
            }
        }
        for id in receipts.keys().filter(|id| !explained.contains(*id)) {
            wrong.push(format!("{id} has a receipt at the server, and nobody meant it"));
        }
    }
}

/// A receipt as the server answered it.
fn as_answered(receipt: StoredReceipt) -> Value {
    match receipt.signed {
        Some(signed) => serde_json::to_value(signed).expect("a receipt"),
        None => serde_json::from_str(&receipt.body).expect("a receipt"),
    }
}

fn is_behind_a_parked_one(store: &Store, intent: &Intent) -> bool {
    let parked = |other: &Intent| matches!(other.status, IntentStatus::Parked { .. }) && other.lane == intent.lane;
    store.open_intents().expect("the outbox").iter().any(parked)
}

/// The id under which the server keeps the receipt of an act.
fn receipt_id(id: &str, kind: &str, payload: &str) -> String {
    match kind {
        "cancel_donation" => {
            format!("cancel:{}", serde_json::from_str::<String>(payload).unwrap_or_default())
        }
        _ => id.to_owned(),
    }
}

/// Invariant 1: one counted ballot per seat.
fn votes(court: &Court, wrong: &mut Vec<String>) {
    for (seat, count) in
        court.pairs("select seat, cast(count(*) as text) from ballots group by seat having count(*) > 1")
    {
        wrong.push(format!("seat {seat} has {count} ballots"));
    }
    let sql = "select id, state from seats s where (state = 'counted')
               <> exists (select 1 from ballots b where b.seat = s.id)";
    for (seat, state) in court.pairs(sql) {
        wrong.push(format!("seat {seat} is {state}, which is not what its ballots say"));
    }
    let sql = "select b.id, r.body from ballots b left join receipts r on r.id = b.id where r.id is null";
    for (ballot, _) in court.pairs(sql) {
        wrong.push(format!("ballot {ballot} has no receipt"));
    }
}

/// Invariant 4: balances are sums.
fn balance(court: &Court, store: &Store, wrong: &mut Vec<String>) {
    let entry = |body| if let ChangeBody::LedgerEntry(entry) = body { Some(entry) } else { None };
    let mirrored: Vec<LedgerEntry> = store.records(Collection::Ledger, entry).expect("the ledger");
    let available = Balance::of(&mirrored).expect("an exact sum").available.get();
    let sql = "select coalesce(sum(points), 0) from ledger_entries e join ledger_postings p on p.entry = e.id";
    let posted = court.number(sql);
    if available != posted || available < 0 {
        wrong.push(format!("{available} points are available, and the server's entries come to {posted}"));
    }
    let entries = court.number("select count(*) from ledger_entries");
    if i64::try_from(mirrored.len()).expect("few") != entries {
        wrong.push(format!("{} entries in the mirror, {entries} at the server", mirrored.len()));
    }
}

/// Nothing is in the ledger twice.
fn donations(court: &Court, wrong: &mut Vec<String>) {
    let sql = "select d.id, d.state || ' ' || (select group_concat(kind, ' ') from (select kind from ledger_entries
               where json_extract(refers_to, '$.donation') = d.id order by at, rowid)) from donations d";
    for (donation, story) in court.pairs(sql) {
        let fine =
            ["submitted hold", "cancelled hold release", "confirmed hold release donate"].contains(&story.as_str());
        if !fine {
            wrong.push(format!("donation {donation} is {story}"));
        }
    }
    let sql =
        "select case_id, cast(count(*) as text) from ledger_entries where kind = 'earn' group by case_id, reviewer
               having count(*) > 1";
    for (case, count) in court.pairs(sql) {
        wrong.push(format!("case {case} was paid {count} times"));
    }
    let sql =
        "select b.id, b.case_id from ballots b where b.points <> coalesce((select sum(points) from ledger_entries e
               where e.kind = 'earn' and e.case_id = b.case_id and e.reviewer = b.reviewer), 0)";
    for (ballot, case) in court.pairs(sql) {
        wrong.push(format!("ballot {ballot} and the ledger do not agree on the points of case {case}"));
    }
}

/// Invariant 7: no pack is ready unless every byte is the server's.
fn packs(court: &Court, store: &Store, wrong: &mut Vec<String>) {
    let known: BTreeSet<String> =
        court.pairs("select pack_sha256, id from cases").into_iter().map(|(sha256, _)| sha256).collect();
    for pack in store.packs().expect("packs").iter().filter(|pack| pack.state == PackState::Ready) {
        let mut bytes = Vec::new();
        let read = store.pack_reader(&pack.seat).map(|mut reader| reader.read_to_end(&mut bytes));
        let whole = matches!(read, Ok(Ok(_))) && Sha256::of(&bytes) == pack.sha256;
        if !whole || !known.contains(&pack.sha256.to_string()) {
            wrong.push(format!("the pack of seat {} is called ready and is not whole", pack.seat));
        }
    }
}
