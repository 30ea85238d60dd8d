//! The whole road: from the sign-in page to the donation, with the server away in the middle.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a story that cannot go on must fail")]

use pingli_client::view::{BodyView, ChatPlace, Draft, IntentKind, IntentState, RowState, TimelineKind};
use pingli_protocol::{
    DonationId, EvidenceId, IntentId, OptionId, UtcInstant, ballot::BallotOutcome, charity::DonationState,
};
use pingli_tests::{Desk, Hall, new_id};

const OPINION: &str = "聊天里写明了七天内可退，支持买家。canary-opinion-5512";

fn draft(choice: &OptionId) -> Draft {
    Draft { choice: Some(choice.clone()), opinion: OPINION.to_owned(), ..Draft::default() }
}

fn now() -> UtcInstant {
    UtcInstant::from_millis(
        i64::try_from(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis()).unwrap(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_sign_in_page_to_the_donation_with_the_server_away_in_the_middle() {
    let mut hall = Hall::open(now()).await;
    hall.add_reviewer("lin", "correct horse").await;
    hall.open_case("story-1", 1).await;
    let mut desk = Desk::new("lin", "correct horse").await;

    let view = desk.sign_in(&hall.url).await;
    assert_eq!(view.profile.unwrap().display_name, "lin", "the server says who it is");
    let offered = desk.row(|row| row.state == RowState::Offered).await;
    desk.client.accept_seat(new_id::<IntentId>(), offered.seat.clone()).await.unwrap();
    let ready = desk.row(|row| row.state == RowState::ReadyOffline).await;

    hall.go_away().await;
    let room = desk.client.open_case(ready.seat.clone()).await.unwrap();
    assert!(!room.document.case.evidence.is_empty(), "the evidence is on this machine");
    let with_body = room.document.case.evidence.iter().filter(|evidence| evidence.body.is_some());
    let with_body: Vec<_> = with_body.map(|evidence| evidence.id.clone()).collect();
    let bodies = desk.client.evidence_bodies(ready.seat.clone(), with_body).await.unwrap();
    assert!(bodies.iter().all(|body| matches!(body, BodyView::Here { .. })), "every body reads: {bodies:?}");
    let choice = room.document.case_type.options[0].id.clone();
    desk.client.save_draft(ready.seat.clone(), draft(&choice), Draft::default()).await.unwrap();
    let sealed = desk.client.seal_ballot(new_id(), ready.seat.clone(), draft(&choice), false).await.unwrap();
    assert!(sealed.undoable, "a held ballot can be taken back");
    desk.client.unseal(sealed.ballot).await.unwrap();
    let sealed = desk.client.seal_ballot(new_id(), ready.seat.clone(), draft(&choice), false).await.unwrap();
    desk.client.send_now().await.unwrap();
    let outbox = desk.client.outbox().await.unwrap();
    assert!(matches!(outbox.rows[0].state, IntentState::Waiting { .. }), "it waits: {:?}", outbox.rows[0].state);
    assert_eq!(outbox.rows[0].last_answer.as_deref(), Some("server_down"), "and says why");

    // The program ends without a network and starts again: the ballot is still there.
    desk.restart().await;
    assert_eq!(desk.client.outbox().await.unwrap().rows.len(), 1, "nothing was lost");
    hall.come_back().await;
    desk.client.sync_now().await.unwrap();
    desk.row(|row| row.state == RowState::Counted).await;
    let receipt = desk.client.receipt(sealed.ballot.clone()).await.unwrap();
    assert!(receipt.verified, "the receipt is signed by the key that was pinned at sign-in");
    assert_eq!(receipt.receipt.outcome, BallotOutcome::Counted, "it counts");

    hall.pass(60).await;
    desk.client.sync_now().await.unwrap();
    let verdicts = desk.client.verdicts().await.unwrap();
    assert!(verdicts.rows[0].is_new, "the verdict was not looked at yet");
    let decided = verdicts.rows[0].verdict.clone();
    let verdict = desk.client.verdict(decided.case.clone(), decided.round).await.unwrap();
    assert!(verdict.verified, "the verdict is signed");
    assert_eq!(verdict.own_opinion.as_deref(), Some(OPINION), "the own opinion stands beside it");
    assert!(!desk.client.verdicts().await.unwrap().rows[0].is_new, "it was looked at");

    // The case becomes final, and the points can be given.
    hall.pass(4 * 86_400).await;
    desk.client.sync_now().await.unwrap();
    let points = desk.client.points().await.unwrap();
    let available = points.balance.available;
    let project = points.projects.iter().find(|project| project.minimum <= available).expect("a project for so few");
    desk.client.donate(new_id::<DonationId>(), project.id.clone(), project.minimum).await.unwrap();
    let spent = desk.client.points().await.unwrap();
    assert_eq!(spent.balance.available, available.minus(project.minimum).unwrap(), "what was given is gone at once");
    desk.client.send_now().await.unwrap();
    desk.client.sync_now().await.unwrap();
    let given = desk.client.points().await.unwrap();
    assert_eq!(given.donations[0].state, DonationState::Submitted, "the server has it");
    assert_eq!(given.balance.available, available.minus(project.minimum).unwrap(), "it is spent once, not twice");

    desk.restart().await;
    assert_eq!(desk.client.points().await.unwrap().donations.len(), 1, "still there after a restart");
    let disk = desk.everything_on_disk();
    let title = room.document.case.title.as_bytes();
    for needle in [OPINION.as_bytes(), b"canary-opinion-5512", title] {
        assert!(!disk.windows(needle.len()).any(|window| window == needle), "nothing is in the clear on the disk");
    }
    let utf16: Vec<u8> = OPINION.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(!disk.windows(utf16.len()).any(|window| window == utf16), "not in UTF-16 either");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returned_case_leaves_no_evidence_on_this_machine() {
    let hall = Hall::open(now()).await;
    hall.add_reviewer("lin", "correct horse").await;
    hall.open_case("story-2", 3).await;
    let desk = Desk::new("lin", "correct horse").await;
    desk.sign_in(&hall.url).await;
    let offered = desk.row(|row| row.state == RowState::Offered).await;
    desk.client.accept_seat(new_id::<IntentId>(), offered.seat.clone()).await.unwrap();
    desk.row(|row| row.state == RowState::ReadyOffline).await;
    assert!(desk.client.storage().await.unwrap().evidence_bytes > 0, "the pack is here");
    desk.client.return_seat(new_id::<IntentId>(), offered.seat.clone()).await.unwrap();
    assert_eq!(desk.client.storage().await.unwrap().evidence_bytes, 0, "its key and its file went at once");
    assert!(desk.client.open_case(offered.seat).await.is_err(), "and it cannot be opened any more");
    desk.row(|row| row.state == RowState::Ended).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_chat_is_read_by_pages_searched_and_cited() {
    let hall = Hall::open(now()).await;
    hall.add_reviewer("lin", "correct horse").await;
    hall.open_case_with_chat("story-3", 1, 5_000).await;
    let desk = Desk::new("lin", "correct horse").await;
    desk.sign_in(&hall.url).await;
    let offered = desk.row(|row| row.state == RowState::Offered).await;
    desk.client.accept_seat(new_id::<IntentId>(), offered.seat.clone()).await.unwrap();
    let seat = desk.row(|row| row.state == RowState::ReadyOffline).await.seat;
    let (client, log) = (&desk.client, || "p-9".parse::<EvidenceId>().unwrap());

    let room = client.open_case(seat.clone()).await.unwrap();
    let runs: u32 = room.timeline.items.iter().filter(|i| i.kind == TimelineKind::Chat).map(|item| item.count).sum();
    assert_eq!(runs, 5_000, "every message is on the axis");
    let opening = client.chat(seat.clone(), log(), ChatPlace::Index { index: 0 }, 100).await.unwrap();
    assert_eq!((opening.page.from, opening.page.lines.len()), (0, 100), "the first messages come with it");
    let chat = opening.chat;
    assert_eq!((chat.count, chat.days.len()), (5_000, 4), "5,000 minutes touch four days");
    let page = client.chat_page(seat.clone(), log(), ChatPlace::Seq { seq: 4_000 }, 50).await.unwrap();
    assert_eq!((page.from, page.found, page.lines.len()), (3_974, Some(3_999), 50), "the message in the middle");
    let hits = client.chat_find(seat.clone(), log(), "第 499").await.unwrap();
    assert_eq!((hits.total, hits.places[0]), (11, 498), "499 and 4990 to 4999");

    let choice = room.document.case_type.options[0].id.clone();
    let cite = |opinion: &str| Draft { opinion: opinion.to_owned(), ..draft(&choice) };
    let refused = client.seal_ballot(new_id(), seat.clone(), cite("见 [[p-9#5001]]"), false).await.unwrap_err();
    assert_eq!(refused.code(), "citation_unknown", "there is no message 5001");
    client.seal_ballot(new_id(), seat.clone(), cite("见 [[p-9#12-15]]"), false).await.unwrap();
    client.send_now().await.unwrap();
    desk.row(|row| row.state == RowState::Counted).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_locks_voting_is_reported_and_the_pack_comes_anew() {
    let mut hall = Hall::open(now()).await;
    hall.add_reviewer("lin", "correct horse").await;
    hall.open_case_with_chat("story-4", 1, 20).await;
    let mut desk = Desk::new("lin", "correct horse").await;
    desk.sign_in(&hall.url).await;
    let offered = desk.row(|row| row.state == RowState::Offered).await;
    desk.client.accept_seat(new_id::<IntentId>(), offered.seat.clone()).await.unwrap();
    let seat = desk.row(|row| row.state == RowState::ReadyOffline).await.seat;
    let room = desk.client.open_case(seat.clone()).await.unwrap();
    let choice = room.document.case_type.options[0].id.clone();

    desk.damage_packs();
    desk.restart().await;
    let refused = desk.client.open_case(seat.clone()).await.unwrap_err();
    assert_eq!(refused.code(), "pack_damaged", "all of a small pack is in the one chunk that is damaged");
    desk.row(|row| matches!(row.state, RowState::Damaged { .. })).await;
    let refused = desk.client.seal_ballot(new_id(), seat.clone(), draft(&choice), false).await.unwrap_err();
    assert_eq!(refused.code(), "pack_damaged", "nobody votes on damaged evidence");

    // Without a network the report waits; the server's own copy is damaged as well meanwhile.
    hall.go_away().await;
    let (op, evidence) = (new_id::<IntentId>(), "p-9".parse::<EvidenceId>().unwrap());
    desk.client.report_damage(op.clone(), seat.clone(), Some(evidence.clone())).await.unwrap();
    desk.client.report_damage(op, seat.clone(), Some(evidence)).await.unwrap();
    let rows = desk.client.outbox().await.unwrap().rows;
    assert_eq!(rows.iter().map(|row| row.kind).collect::<Vec<_>>(), [IntentKind::ReportDamage], "one act, on its way");
    hall.damage_packs();
    hall.come_back().await;
    desk.client.send_now().await.unwrap();
    desk.row(|row| row.state == RowState::ReadyOffline).await;
    desk.client.open_case(seat.clone()).await.expect("whole again");
    desk.client.seal_ballot(new_id(), seat, draft(&choice), false).await.expect("and open to a ballot");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_store_answers_nothing_and_opens_again() {
    let hall = Hall::open(now()).await;
    hall.add_reviewer("lin", "correct horse").await;
    hall.open_case_with_chat("story-lock", 3, 20).await;
    let desk = Desk::new("lin", "correct horse").await;
    desk.sign_in(&hall.url).await;
    let seat = desk.row(|row| row.state == RowState::Offered).await.seat;
    desk.client.accept_seat(new_id::<IntentId>(), seat.clone()).await.unwrap();
    desk.row(|row| row.state == RowState::ReadyOffline).await;
    let client = &desk.client;
    let refused = client.lock_now().await.unwrap_err().code();
    assert_eq!(refused, "lock_needs_passphrase", "the keyring would open it for anybody");
    client.set_passphrase(Some("a good passphrase".to_owned()), None).await.unwrap();
    let room = client.open_case(seat.clone()).await.unwrap();
    let chat: EvidenceId = "p-9".parse().unwrap();
    let page = |seat: &pingli_protocol::SeatId| {
        client.chat_page(seat.clone(), chat.clone(), ChatPlace::Index { index: 0 }, 10)
    };
    assert_eq!(page(&seat).await.unwrap().lines.len(), 10, "the chat is there while it is open");
    let choice = room.document.case_type.options[0].id.clone();
    client.save_draft(seat.clone(), draft(&choice), Draft::default()).await.unwrap();
    let pictures = room.document.case.evidence.iter().find(|evidence| !evidence.media.is_empty());
    let pictures = pictures.map_or_else(|| chat.clone(), |evidence| evidence.id.clone());

    client.lock_now().await.unwrap();
    let export = tempfile::tempdir().unwrap();
    let thumb = pingli_client::Rendition::Thumb;
    let answers = [
        client.docket().await.err(),
        client.open_case(seat.clone()).await.err(),
        client.evidence_bodies(seat.clone(), vec![chat.clone()]).await.err(),
        client.chat(seat.clone(), chat.clone(), ChatPlace::Index { index: 0 }, 10).await.err(),
        page(&seat).await.err(),
        client.chat_find(seat.clone(), chat.clone(), "第").await.err(),
        client.picture(seat.clone(), pictures.clone(), 0, thumb).await.err(),
        client.original_name(&seat, &pictures, 0).await.err(),
        client.export_original(seat.clone(), pictures, 0, &export.path().join("picture")).await.err(),
        client.seal_ballot(new_id(), seat.clone(), draft(&choice), false).await.err(),
        client.outbox().await.err(),
        client.verdicts().await.err(),
        client.points().await.err(),
        client.settings().await.err(),
        client.storage().await.err(),
        client.export_diagnostics(&export.path().join("diagnostics")).await.err(),
    ];
    for (verb, answer) in answers.into_iter().enumerate() {
        assert_eq!(answer.map(|error| error.code()).as_deref(), Some("locked"), "verb {verb} looks behind the lock");
    }
    assert_eq!(std::fs::read_dir(export.path()).unwrap().count(), 0, "nothing was written out");
    assert_eq!(client.unlock(None).await.unwrap_err().code(), "passphrase_required", "nor does the keyring open it");
    client.unlock(Some("a good passphrase".to_owned())).await.unwrap();
    assert_eq!(client.open_case(seat).await.unwrap().draft.opinion, OPINION, "open again, and nothing is lost");
}
