//! A wipe through the program: the real client against the real server, a case that was read in every
//! way, and then given back, given up, lapsed, or kept until its time was over. Whatever is on the disk
//! afterwards, read with the live key, has nothing of it; the other cases are still found.

use pingli_client::{
    Rendition,
    view::{Anchor, ChatPlace, Draft, Note, RowState},
};
use pingli_protocol::{EvidenceId, IntentId, SeatId, UtcInstant, seat::RecuseReason};
use pingli_store::{BlobKey, BlobReader};
use pingli_tests::{Desk, FaultRow, Hall, Scanner, new_id};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Read as _,
    path::Path,
};

/// Messages of each chat: more than a page of the window.
const MESSAGES: u32 = 600;
/// The case that stays.
const STAYS: &str = "stays";
const DAY: i64 = 86_400;

/// What stands in everything of a case's evidence.
fn canary(case: &str) -> String {
    format!("杯沿磕了一块-{case}-canary")
}

/// What stands in everything that the reviewer writes about a case.
fn own(case: &str) -> String {
    format!("我的笔记-{case}-own")
}

/// Pixels that are in no other picture.
fn pixels(case: &str) -> Vec<u8> {
    let mut random = pingli_faultfs::Random::new(case.bytes().fold(7, |sum, byte| sum * 31 + u64::from(byte)));
    (0..96 * 3).map(|_| u8::try_from(random.below(256)).unwrap()).collect()
}

/// A picture without compression, every line of it the case's pixels.
fn picture(case: &str) -> Vec<u8> {
    let (width, height) = (96_u32, 64_u32);
    let mut bytes = b"BM".to_vec();
    bytes.extend((54 + width * 3 * height).to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend([54_u32, 40, width, height].map(u32::to_le_bytes).concat());
    bytes.extend([1, 0, 24, 0]);
    bytes.extend([0; 24]);
    (0..height).for_each(|_| bytes.extend(pixels(case)));
    bytes
}

/// Puts the canary into everything that is evidence. What the conflict card and the docket show stays:
/// it is the server's record of the seat.
fn mark(id: &str, lease: i64, case: &mut Value, folder: &Path) {
    let text = canary(id);
    case["vote_system"]["voting_window_seconds"] = json!(lease * 2);
    case["vote_system"]["seat_lease_seconds"] = json!(lease);
    case["summary"] = json!(format!("{text} 摘要"));
    case["claims"][0]["text"] = json!(format!("{text} 请求"));
    case["issues"][0]["text"] = json!(format!("{text} 争点"));
    fs::write(folder.join("photo.bmp"), picture(id)).unwrap();
    let messages: Vec<_> = (1..=MESSAGES)
        .map(|seq| {
            let at = UtcInstant::from_millis(1_762_000_000_000 + i64::from(seq) * 60_000);
            json!({"seq": seq, "at": at, "from": "b", "text": format!("{text} 第 {seq} 条")})
        })
        .collect();
    let chat = json!({
        "platform": "示例平台聊天", "time_zone": "Asia/Shanghai", "complete": true,
        "participants": [{"id": "b", "side": "buyer", "alias": "林**"}], "messages": messages,
    });
    fs::write(folder.join("chat.json"), chat.to_string()).unwrap();
    let evidence = case["evidence"].as_array_mut().unwrap();
    for piece in evidence.iter_mut().filter(|piece| piece["kind"] == "statement") {
        piece["title"] = json!(format!("{text} 题"));
        piece["body"]["paragraphs"][0] = json!(format!("{text} 正文"));
    }
    evidence.push(json!({"id": "p-8", "side": "platform", "kind": "chat_log", "title": format!("{text} 聊天"),
                         "grade": "platform_record", "body_file": "chat.json"}));
    evidence.push(json!({"id": "p-9", "side": "platform", "kind": "image", "title": format!("{text} 照片"),
                         "grade": "platform_record", "media": [{"file": "photo.bmp", "caption": text}]}));
}

/// Takes a seat and reads its case as a reviewer does: every body, the chat by pages and by search, the
/// picture in all sizes; writes a draft with notes.
async fn read_through(desk: &Desk, case: &str) -> SeatId {
    let client = &desk.client;
    let seat = desk.row_of(case, |row| row.state == RowState::Offered).await.seat;
    client.accept_seat(new_id::<IntentId>(), seat.clone()).await.unwrap();
    desk.row_of(case, |row| row.state == RowState::ReadyOffline).await;
    let room = client.open_case(seat.clone()).await.unwrap();
    let pieces: Vec<_> = room.document.case.evidence.iter().map(|piece| piece.id.clone()).collect();
    client.evidence_bodies(seat.clone(), pieces.clone()).await.unwrap();
    for piece in pieces {
        client.mark_opened(seat.clone(), piece).await.unwrap();
    }
    let [chat, photo]: [EvidenceId; 2] = ["p-8", "p-9"].map(|id| id.parse().unwrap());
    client.chat(seat.clone(), chat.clone(), ChatPlace::Index { index: 0 }, 200).await.unwrap();
    for index in [200, 400] {
        client.chat_page(seat.clone(), chat.clone(), ChatPlace::Index { index }, 200).await.unwrap();
    }
    assert_eq!(client.chat_find(seat.clone(), chat.clone(), "canary").await.unwrap().total, MESSAGES, "all have it");
    for rendition in [Rendition::Thumb, Rendition::Screen] {
        client.picture(seat.clone(), photo.clone(), 0, rendition).await.unwrap();
    }
    let note = |anchor| Note { id: new_id::<IntentId>().as_str().to_owned(), text: own(case), anchor };
    let draft = Draft {
        choice: room.document.case_type.options.first().map(|option| option.id.clone()),
        opinion: format!("{} 见 [[p-8#12-15]]。", own(case)),
        notes: vec![note(None), note(Some(Anchor::Message { evidence: chat, seq: 3 }))],
        ..Draft::default()
    };
    client.save_draft(seat.clone(), draft, Draft::default()).await.unwrap();
    seat
}

/// The keys of the cases' evidence and the names of its files, as the database has them now.
fn case_keys(desk: &Desk) -> BTreeMap<String, ([u8; 32], String)> {
    let database = desk.database();
    let mut rows = database.prepare("select seat, key, file from case_key join pack using (account, seat)").unwrap();
    let rows = rows.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// What is found of each name: in the database's pages with free space and log, in every file as it
/// lies there, and in the evidence files that a key is left for.
fn on_disk(desk: &Desk, scanner: &Scanner) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut look = |place: &str, bytes: &[u8]| {
        for ((name, shape), times) in scanner.look(bytes) {
            found.entry(name).or_default().push(format!("{place}: {times} times as {shape}"));
        }
    };
    pingli_store::look_at_pages(desk.folder(), &desk.data_key(), &mut |page| look("the database", page)).unwrap();
    look("in the clear", &desk.everything_on_disk());
    for (key, file) in case_keys(desk).into_values() {
        let mut plain = Vec::new();
        let path = desk.folder().join("packs").join(&file);
        BlobReader::open(&path, &BlobKey::from_bytes(key)).unwrap().read_to_end(&mut plain).unwrap();
        look("its evidence file", &plain);
    }
    found
}

/// The cases of a run, which of them are wiped by now, and what was left of one.
struct Watch {
    scanner: Scanner,
    keys: BTreeMap<String, ([u8; 32], String)>,
    seats: BTreeMap<&'static str, SeatId>,
    wiped: BTreeSet<&'static str>,
    left: Vec<String>,
}

impl Watch {
    fn new(desk: &Desk, seats: BTreeMap<&'static str, SeatId>) -> Self {
        let (keys, mut scanner) = (case_keys(desk), Scanner::default());
        for (case, seat) in &seats {
            scanner.text(case, &canary(case));
            scanner.bytes(case, &pixels(case)[..90]);
            scanner.bytes(&format!("key of {case}"), &keys[seat.as_str()].0);
            scanner.text(&format!("own {case}"), &own(case));
        }
        assert!(scanner.finds_all_planted(), "the scanner finds every shape");
        let watch = Self { scanner, keys, seats, wiped: BTreeSet::new(), left: Vec::new() };
        let found = on_disk(desk, &watch.scanner);
        for case in watch.seats.keys() {
            let places = format!("{:?}", found.get(*case));
            assert!(places.contains("the database") && places.contains("its evidence file"), "{case}: {places}");
            assert!(!places.contains("in the clear"), "{case}: {places}");
        }
        watch
    }

    /// A case was wiped: nothing is found of it and of those before, and everything of the others.
    fn is_wiped(&mut self, desk: &Desk, case: &'static str, how: &str) {
        self.wiped.insert(case);
        let found = on_disk(desk, &self.scanner);
        for (case, seat) in &self.seats {
            let gone = self.wiped.contains(case);
            for name in [(*case).to_owned(), format!("key of {case}")] {
                match found.get(&name) {
                    Some(places) if gone => self.left.push(format!("{how}: of {name} {places:?}")),
                    None if !gone => panic!("{how}: {name} is looked for and not found, although it is there"),
                    _ => {}
                }
            }
            let file = desk.folder().join("packs").join(&self.keys[seat.as_str()].1);
            assert_eq!(file.exists(), !gone, "{how}: the evidence file of {case}");
            assert!(found.contains_key(&format!("own {case}")), "{how}: what was written about {case} stays");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_is_over_leaves_nothing_on_the_disk_however_it_ended() {
    let now = UtcInstant::from_millis(1_790_000_000_000);
    let hall = Hall::open(now).await;
    hall.add_reviewer("lin", "correct horse").await;
    let cases = [("returned", 60 * DAY), ("recused", 60 * DAY), ("lapsed", DAY / 2), ("judged", 60 * DAY)];
    let mut desk = Desk::new("lin", "correct horse").await;
    let mut seats = BTreeMap::new();
    for (case, lease) in cases.into_iter().chain([(STAYS, 60 * DAY)]) {
        // Alone on its panel: the verdict comes with the ballot.
        hall.open_case_with(case, 1, |value, folder| mark(case, lease, value, folder)).await;
    }
    desk.sign_in(&hall.url).await;
    for case in cases.map(|(case, _)| case).into_iter().chain([STAYS]) {
        seats.insert(case, read_through(&desk, case).await);
    }
    let mut watch = Watch::new(&desk, seats.clone());
    let seat = |case: &str| seats[case].clone();

    // The one that is open, and at once: nothing was sent yet.
    desk.client.open_case(seat("returned")).await.unwrap();
    desk.client.return_seat(new_id::<IntentId>(), seat("returned")).await.unwrap();
    watch.is_wiped(&desk, "returned", "returned");
    desk.client.recuse_seat(new_id::<IntentId>(), seat("recused"), RecuseReason::KnowsParty).await.unwrap();
    watch.is_wiped(&desk, "recused", "recused");
    desk.client.send_now().await.unwrap();
    desk.client.sync_now().await.unwrap();
    desk.row_of("recused", |row| row.state == RowState::Ended).await;
    watch.is_wiped(&desk, "recused", "recused, and the server said yes");

    let draft = desk.client.open_case(seat("judged")).await.unwrap().draft;
    desk.client.seal_ballot(new_id(), seat("judged"), draft, false).await.unwrap();
    desk.client.send_now().await.unwrap();
    desk.row_of("judged", |row| row.state == RowState::Counted).await;

    // The server's clock passes the lease.
    hall.pass(DAY / 2 + 61).await;
    desk.client.sync_now().await.unwrap();
    watch.is_wiped(&desk, "lapsed", "lapsed");
    desk.client.verdict("judged".parse().unwrap(), 1).await.expect("its verdict is here");
    desk.client.open_case(seat("judged")).await.expect("and its evidence still is");

    // And the time for which a judged case is kept.
    let keep = desk.client.settings().await.unwrap().keep_days;
    hall.pass(i64::from(keep) * DAY).await;
    desk.client.sync_now().await.unwrap();
    watch.is_wiped(&desk, "judged", "kept long enough");
    for (case, _) in cases {
        let refused = desk.client.open_case(seat(case)).await.unwrap_err().code();
        assert_eq!(refused, "pack_not_ready", "{case} is not to be had any more");
    }

    // Neither a sign-out nor another start brings anything back.
    desk.client.sign_out().await.unwrap();
    watch.is_wiped(&desk, "judged", "signed out");
    desk.restart().await;
    watch.is_wiped(&desk, "judged", "started again");
    desk.sign_in(&hall.url).await;
    desk.row_of(STAYS, |row| row.state == RowState::ReadyOffline).await;
    desk.client.open_case(seat(STAYS)).await.expect("the other case is as it was");
    watch.is_wiped(&desk, "judged", "signed in again");
    assert!(watch.left.is_empty(), "{:#?}", watch.left);
    let violations = watch.left.len() as u64;
    FaultRow { id: "F6 program", name: "wiped by the program, by the live key", points: 4, violations, target: 4 }
        .close();
}
