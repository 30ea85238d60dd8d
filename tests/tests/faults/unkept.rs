//! A session that keeps nothing, against a real server: an act counts with the server's word or is not
//! done, a ballot is one ballot, and neither an end nor a kill leaves anything that opens or reads.

use pingli_client::{
    Client,
    view::{Draft, LockReason, RowState, Stage},
};
use pingli_protocol::{BallotId, IntentId, UtcInstant, seat::RecuseReason};
use pingli_store::{
    Store,
    keys::{DataKey, HeaderFile},
};
use pingli_tests::{Desk, Hall, new_id};
use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What stands in the opinion.
const CANARY: &str = "canary-unkept-7731 杯沿磕了一块";

fn now() -> UtcInstant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    UtcInstant::from_millis(i64::try_from(since.as_millis()).unwrap())
}

async fn hall(case: &str) -> Hall {
    let hall = Hall::open(now()).await;
    hall.add_reviewer("lin", "correct horse").await;
    hall.open_case(case, 3).await;
    hall
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() { found.extend(files(&entry.path())) } else { found.push(entry.path()) }
    }
    found
}

/// The texts that are found in the files below a folder, in UTF-8 or UTF-16.
fn in_the_clear<'t>(folder: &Path, texts: &[&'t str]) -> Vec<&'t str> {
    let all: Vec<u8> = files(folder).iter().flat_map(|file| fs::read(file).unwrap()).collect();
    let has = |needle: &[u8]| all.windows(needle.len()).any(|window| window == needle);
    let found = texts.iter().filter(|text| {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        has(text.as_bytes()) || has(&wide)
    });
    found.copied().collect()
}

async fn code<T: std::fmt::Debug>(verb: impl Future<Output = Result<T, pingli_client::ClientError>>) -> String {
    verb.await.expect_err("the server is away").code()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_kept_is_sealed_once_and_only_with_the_servers_word() {
    let mut hall = hall("unkept-1").await;
    let desk = Desk::unkept("lin", "correct horse").await;
    desk.sign_in(&hall.url).await;
    let seat = desk.row(|row| row.state == RowState::Offered).await.seat;
    desk.client.accept_seat(new_id::<IntentId>(), seat.clone()).await.unwrap();
    desk.row(|row| row.state == RowState::ReadyOffline).await;
    let room = desk.client.open_case(seat.clone()).await.unwrap();
    let title = room.document.case.title.clone();
    let choice = room.document.case_type.options.first().map(|option| option.id.clone());
    let draft = Draft { choice, opinion: CANARY.to_owned(), ..Draft::default() };
    desk.client.save_draft(seat.clone(), draft.clone(), Draft::default()).await.unwrap();

    hall.go_away().await;
    let op: BallotId = new_id();
    let seal = |op: &BallotId| desk.client.seal_ballot(op.clone(), seat.clone(), draft.clone(), false);
    assert_eq!(code(seal(&op)).await, "server_needed", "said plainly");
    let donation = desk.client.points().await.unwrap();
    assert!(donation.donations.is_empty(), "nothing was given");
    assert_eq!(code(desk.client.return_seat(new_id(), seat.clone())).await, "server_needed", "nor given back");
    let recused = desk.client.recuse_seat(new_id(), seat.clone(), RecuseReason::KnowsParty);
    assert_eq!(code(recused).await, "server_needed", "nor given up");
    assert_eq!(desk.client.outbox().await.unwrap().rows.len(), 0, "nothing waits for later");
    let room = desk.client.open_case(seat.clone()).await.unwrap();
    assert_eq!((room.draft.opinion.as_str(), room.sealed.is_some()), (CANARY, false), "the draft is still here");

    hall.come_back().await;
    desk.client.send_now().await.unwrap();
    assert_eq!(hall.counted("unkept-1").await, 0, "nothing goes by surprise");
    let op: BallotId = new_id();
    let sealed = seal(&op).await.unwrap();
    assert!(!sealed.undoable, "there is no taking back");
    assert_eq!(hall.counted("unkept-1").await, 1, "the server has it when the verb answers");
    seal(&op).await.unwrap();
    assert_eq!(hall.counted("unkept-1").await, 1, "the same command again changes nothing");
    desk.client.receipt(op).await.unwrap();

    let texts = [CANARY, "canary-unkept-7731", title.as_str()];
    assert!(files(desk.folder()).len() > 2, "the session works on the disk");
    assert_eq!(in_the_clear(desk.folder(), &texts), [""; 0], "but nothing is in the clear");
    desk.client.sign_out().await.unwrap();
    let over = Stage::Locked { reason: LockReason::SessionOver, passphrase: false, may_keep_nothing: true };
    assert_eq!(desk.client.app_status().await.unwrap().stage, over, "signing out ends it");
    assert_eq!(fs::read_dir(desk.folder()).unwrap().count(), 0, "and nothing is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_is_given_back_is_gone_when_the_server_has_said_so() {
    let hall = hall("unkept-2").await;
    let desk = Desk::unkept("lin", "correct horse").await;
    desk.sign_in(&hall.url).await;
    let seat = desk.row(|row| row.state == RowState::Offered).await.seat;
    desk.client.accept_seat(new_id::<IntentId>(), seat.clone()).await.unwrap();
    desk.row(|row| row.state == RowState::ReadyOffline).await;
    desk.client.return_seat(new_id::<IntentId>(), seat.clone()).await.unwrap();
    assert_eq!(desk.client.storage().await.unwrap().evidence_bytes, 0, "its evidence went with the answer");
    assert!(desk.client.open_case(seat).await.is_err(), "and it cannot be opened any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_kept_after_all_goes_on_signed_in_with_its_draft() {
    let hall = hall("unkept-3").await;
    let mut desk = Desk::unkept("lin", "correct horse").await;
    desk.sign_in(&hall.url).await;
    let seat = desk.row(|row| row.state == RowState::Offered).await.seat;
    desk.client.accept_seat(new_id::<IntentId>(), seat.clone()).await.unwrap();
    desk.row(|row| row.state == RowState::ReadyOffline).await;
    let draft = Draft { opinion: CANARY.to_owned(), ..Draft::default() };
    desk.client.save_draft(seat.clone(), draft, Draft::default()).await.unwrap();
    let view = desk.client.set_passphrase(Some("a good passphrase".to_owned()), None).await.unwrap();
    assert_eq!((view.stage, view.keeps_nothing), (Stage::Ready, false), "it goes on, kept");
    desk.client.open_case(seat.clone()).await.unwrap();
    desk.restart().await;
    desk.client.unlock(Some("a good passphrase".to_owned())).await.unwrap();
    assert_eq!(desk.client.app_status().await.unwrap().stage, Stage::Ready, "still signed in");
    let room = desk.client.open_case(seat).await.unwrap();
    assert_eq!(room.draft.opinion, CANARY, "with the draft");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_session_leaves_nothing_that_opens_and_the_next_start_removes_it() {
    let hall = hall("unkept-4").await;
    let mut program = Command::new(env!("CARGO_BIN_EXE_pingli-key-program"))
        .args(["unkept", &hall.url, CANARY])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(program.stdout.take().unwrap()).lines();
    let folder = PathBuf::from(said.next().unwrap().unwrap());
    let title = said.next().unwrap().unwrap();
    program.kill().unwrap();
    program.wait().unwrap();

    let left = files(&folder);
    assert!(left.iter().any(|file| file.ends_with("pingli.db")), "a kill removes nothing: {left:?}");
    assert!(left.iter().any(|file| file.parent().unwrap().ends_with("packs")), "evidence is there as well");
    assert_eq!(in_the_clear(&folder, &[CANARY, "canary-unkept-7731", &title]), [""; 0], "nothing is in the clear");
    for place in left.iter().map(|file| file.parent().unwrap()) {
        assert_eq!(HeaderFile::read(place).unwrap(), HeaderFile::Absent, "no key is anywhere");
    }
    let session = left.iter().find(|file| file.ends_with("pingli.db")).unwrap().parent().unwrap();
    let database = fs::read(session.join("pingli.db")).unwrap();
    assert!(!database.starts_with(b"SQLite format 3"), "the database is encrypted");
    for guess in [[0; 32], [1; 32], *database.first_chunk().unwrap()] {
        assert!(Store::open(session, &DataKey::from_bytes(guess)).is_err(), "and nothing opens it");
    }

    let client: Client = pingli_tests::start_without_keyring(&folder).await;
    let first = Stage::Locked { reason: LockReason::KeyringUnavailable, passphrase: false, may_keep_nothing: true };
    assert_eq!(client.app_status().await.unwrap().stage, first, "the next start is a first start");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0, "and has removed what was left");
    drop(client);
    fs::remove_dir_all(&folder).unwrap();
}
