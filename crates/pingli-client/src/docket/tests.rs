//! The state of a row, as a table.

use super::{fixtures::*, *};
use pingli_protocol::{CaseId, IntentId, Sha256, problem::ProblemCode};

const NOW: UtcInstant = UtcInstant::new(jiff::Timestamp::UNIX_EPOCH);

fn intent(kind: &str, status: IntentStatus) -> Intent {
    Intent {
        seq: 1,
        id: IntentId::new("i-1").expect("an id"),
        lane: "case:c-1:1".to_owned(),
        kind: kind.to_owned(),
        payload: String::new(),
        title: String::new(),
        case: Some(CaseId::new("c-1").expect("an id")),
        seat: Some(SeatId::new("s-1").expect("an id")),
        points: None,
        made_at: NOW,
        due: None,
        held_until: None,
        status,
        unknown: false,
        tries: 0,
        last_answer: None,
    }
}

fn receipt(outcome: BallotOutcome) -> Receipt {
    Receipt {
        ballot: "b-1".parse().expect("an id"),
        seat: "s-1".parse().expect("an id"),
        received_at: NOW,
        outcome,
        ballot_sha256: Sha256::of(b""),
    }
}

struct Row {
    state: SeatState,
    pack: Option<PackState>,
    received: Option<u64>,
    intent: Option<Intent>,
    receipt: Option<Receipt>,
    lease_seconds: i64,
}

fn row(state: SeatState) -> Row {
    Row { state, pack: None, received: None, intent: None, receipt: None, lease_seconds: 3600 }
}

fn state(row: Row) -> RowState {
    let seat = seat(row.state, NOW.plus_seconds(row.lease_seconds));
    let pack = row.pack.map(|state| pack_row(&seat, state));
    let intents: Vec<Intent> = row.intent.into_iter().collect();
    row_state(&Facts {
        seat: &seat,
        pack: pack.as_ref(),
        received: row.received,
        intents: &intents,
        receipt: row.receipt.as_ref(),
        server_now: NOW,
    })
}

#[test]
fn a_row_says_what_is_true_on_this_machine() {
    use SeatState::{Accepted, Counted, Offered, Returned};
    let waiting = |kind| Some(intent(kind, IntentStatus::Waiting));
    let held = Intent { held_until: Some(NOW.plus_seconds(30)), ..intent(kind::BALLOT, IntentStatus::Waiting) };
    let parked = intent(kind::BALLOT, IntentStatus::Parked { code: "problem_pack_changed".to_owned() });
    let refused = receipt(BallotOutcome::Refused { code: ProblemCode::LeaseEnded });
    for (row, expected) in [
        (row(Offered), RowState::Offered),
        (Row { intent: waiting(kind::ACCEPT), ..row(Offered) }, RowState::Queued),
        (Row { lease_seconds: 0, ..row(Offered) }, RowState::LeaseOver),
        (row(Accepted), RowState::NotDownloaded),
        (Row { pack: Some(PackState::Queued), ..row(Accepted) }, RowState::Queued),
        (
            Row { pack: Some(PackState::Queued), received: Some(63), ..row(Accepted) },
            RowState::Downloading { received: 63, total: 100 },
        ),
        (Row { pack: Some(PackState::Ready), ..row(Accepted) }, RowState::ReadyOffline),
        (
            Row { pack: Some(PackState::Damaged { code: "pack_wrong_hash".to_owned() }), ..row(Accepted) },
            RowState::Damaged { code: "pack_wrong_hash".to_owned() },
        ),
        (
            Row { pack: Some(PackState::Paused { code: "offline".to_owned() }), ..row(Accepted) },
            RowState::DownloadPaused { code: "offline".to_owned() },
        ),
        (Row { pack: Some(PackState::Ready), lease_seconds: -1, ..row(Accepted) }, RowState::LeaseOver),
        (Row { intent: Some(held), ..row(Accepted) }, RowState::Held { until: NOW.plus_seconds(30) }),
        (Row { intent: waiting(kind::BALLOT), ..row(Accepted) }, RowState::Sealed { at: NOW }),
        (Row { intent: Some(parked), ..row(Accepted) }, RowState::Refused { code: "problem_pack_changed".to_owned() }),
        (Row { intent: waiting(kind::RETURN), ..row(Accepted) }, RowState::Leaving),
        (Row { receipt: Some(receipt(BallotOutcome::Counted)), ..row(Accepted) }, RowState::Counted),
        (Row { receipt: Some(receipt(BallotOutcome::Recorded)), ..row(Counted) }, RowState::Recorded),
        (Row { receipt: Some(refused), ..row(Accepted) }, RowState::Refused { code: "problem_lease_ended".to_owned() }),
        (row(Counted), RowState::Counted),
        (row(Returned), RowState::Ended),
    ] {
        assert_eq!(state(row), expected);
    }
}
