//! One act of the client for each kind of request: how it is prepared, tried, brought to its end,
//! and found in the server's books.

use super::desk::{HANGS, NetDesk};
use pingli_client::view::{IntentState, RowState, Stage};
use pingli_protocol::{DonationId, IntentId, Points, SeatId, seat::RecuseReason};
use pingli_tests::{
    grant, new_id,
    proxy::{Endpoint, Fault},
};
use std::time::Duration;

/// The kinds of request that have to fail for an act to fail: a ballot without an answer is asked for.
pub(super) const fn befallen(endpoint: Endpoint) -> &'static [Endpoint] {
    use Endpoint as E;
    match endpoint {
        E::Describe => &[E::Describe],
        E::Me => &[E::Me],
        E::Changes => &[E::Changes],
        E::Events => &[E::Events],
        E::Pack => &[E::Pack, E::PackRange],
        E::PackRange => &[E::PackRange],
        E::Accept => &[E::Accept],
        E::Return => &[E::Return],
        E::Recuse => &[E::Recuse],
        E::Damage => &[E::Damage],
        E::Ballot => &[E::Ballot, E::BallotReceipt],
        E::BallotReceipt => &[E::BallotReceipt],
        E::Donate => &[E::Donate],
        E::CancelDonation => &[E::CancelDonation],
        E::Token => &[E::Token],
        E::Revoke => &[E::Revoke],
        // A round of sync would tell it as well.
        E::Journal => &[E::Journal, E::Changes],
        E::TellJournal => &[E::TellJournal],
        E::Receipts => &[E::Receipts],
    }
}

/// An act under way.
pub(super) struct Act {
    endpoint: Endpoint,
    op: IntentId,
    seat: Option<SeatId>,
    /// What is taken back, or where the reports stood before.
    donation: Option<DonationId>,
    /// How far the server knew the journal before.
    told: i64,
    begun: bool,
}

impl Act {
    /// Its id.
    pub(super) fn id(&self) -> &str {
        self.op.as_str()
    }
}

/// What a try came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tried {
    /// It went through.
    Done,
    /// It waits, and says why.
    Waits(String),
    /// It was given up: nothing here is a reason for that.
    GivenUp(String),
}

impl Tried {
    /// Whether it waits because no answer came in time.
    pub(super) fn is_late(&self) -> bool {
        matches!(self, Self::Waits(code) if code == "timeout" || code == "offline")
    }
}

/// The points of a reviewer who gives.
const POINTS: i64 = 1_000;

const ACCEPTED: &str = "select count(*) from seats where id = ? and state = 'accepted'";
const RETURNED: &str = "select count(*) from seats where id = ? and state = 'returned'";
const RECUSED: &str = "select count(*) from seats where id = ? and state = 'recused'";
/// Sessions that the server still takes.
const SESSIONS: &str = "select count(*) from token_families where revoked_at is null and id <> ?";
const TOLD: &str = "select coalesce(max(seq), 0) from journals where journal <> ?";
const RECEIPTS: &str = "select count(*) from receipts where id = ?";

impl NetDesk {
    /// Brings about what the act needs.
    pub(super) async fn prepare(&mut self, endpoint: Endpoint) -> Act {
        let mut act = Act { endpoint, op: new_id(), seat: None, donation: None, told: 0, begun: false };
        act.seat = match endpoint {
            Endpoint::Accept | Endpoint::Recuse => Some(self.offered(0).await),
            Endpoint::Return | Endpoint::Pack => Some(self.accepted(0).await),
            Endpoint::PackRange => {
                let seat = self.accepted(1_200).await;
                // It stays planned: whoever goes on with the rest meets the next plan.
                self.proxy.plan(&[Endpoint::Pack, Endpoint::PackRange], Fault::BodyCut(6), 0);
                self.client.make_offline(vec![seat.clone()]).await.unwrap();
                self.until("half a pack", async || self.paused(&seat).await).await;
                Some(seat)
            }
            Endpoint::Damage => {
                let seat = self.ready().await;
                self.damage_packs();
                let refused = self.client.open_case(seat.clone()).await.unwrap_err();
                assert_eq!(refused.code(), "pack_damaged", "the pack is damaged on this machine");
                Some(seat)
            }
            Endpoint::Ballot | Endpoint::BallotReceipt => Some(self.ready().await),
            Endpoint::Changes => {
                self.synced().await;
                None
            }
            Endpoint::CancelDonation => {
                act.donation = Some(self.donated().await);
                None
            }
            Endpoint::Journal => Some(self.not_compared().await),
            Endpoint::TellJournal => {
                let seat = match self.spare.clone() {
                    Some(seat) => seat,
                    None => self.ready().await,
                };
                self.spare = Some(seat.clone());
                self.synced().await;
                act.told = self.count(TOLD, "").await;
                // It stays planned: nobody tells of these links meanwhile.
                self.proxy.plan(&[Endpoint::TellJournal], Fault::ResetAfterRequest, 0);
                let draft = self.draft(&seat).await;
                self.client.seal_ballot(act.op.as_str().parse().unwrap(), seat.clone(), draft, false).await.unwrap();
                self.client.unseal(act.op.as_str().parse().unwrap()).await.unwrap();
                Some(seat)
            }
            Endpoint::Receipts => Some(self.set_back(&act.op).await),
            _ => None,
        };
        if endpoint == Endpoint::BallotReceipt {
            // The answer to the ballot is lost, so that the server has to be asked.
            self.proxy.plan(&[Endpoint::Ballot, Endpoint::BallotReceipt], Fault::ResetBeforeHeaders, 0);
            self.begin(&act).await;
            act.begun = true;
            self.until("no answer", async || {
                let _ = self.client.send_now().await;
                matches!(self.last_answer(act.op.as_str()).await, Some((IntentState::Unknown, _))).then_some(())
            })
            .await;
        }
        act
    }

    /// An offered seat in a program that has just started, and does not know how far the server knows its
    /// journal: while this is planned nothing tells it.
    async fn not_compared(&mut self) -> SeatId {
        let seat = self.offered(0).await;
        self.stop().await;
        self.proxy.plan(&[Endpoint::Journal, Endpoint::Changes], Fault::ResetAfterRequest, 0);
        self.start().await;
        seat
    }

    /// A seat that the server knows as taken, in a program whose data is of the time before.
    async fn set_back(&mut self, op: &IntentId) -> SeatId {
        let seat = self.offered(0).await;
        self.stop().await;
        let before = self.backup();
        self.start().await;
        self.client.accept_seat(op.clone(), seat.clone()).await.unwrap();
        self.sent(op.as_str()).await;
        self.stop().await;
        self.restore(&before);
        self.proxy.plan(&[Endpoint::Receipts], Fault::ResetAfterRequest, 0);
        self.start().await;
        seat
    }

    async fn paused(&self, seat: &SeatId) -> Option<String> {
        match self.look(seat).await?.state {
            RowState::DownloadPaused { code } => Some(code),
            _ => None,
        }
    }

    /// A donation that the server has.
    async fn donated(&self) -> DonationId {
        let id = new_id::<DonationId>();
        let project = self.client.points().await.unwrap().projects[0].id.clone();
        self.client.donate(id.clone(), project, Points::new(10).unwrap()).await.unwrap();
        self.sent(id.as_str()).await;
        self.synced().await;
        id
    }

    /// The verb itself.
    async fn begin(&self, act: &Act) {
        let (client, op) = (&self.client, act.op.clone());
        let seat = || act.seat.clone().expect("an act about a seat");
        match act.endpoint {
            Endpoint::Accept | Endpoint::Journal => client.accept_seat(op, seat()).await.unwrap(),
            Endpoint::Return => client.return_seat(op, seat()).await.unwrap(),
            Endpoint::Recuse => client.recuse_seat(op, seat(), RecuseReason::KnowsParty).await.unwrap(),
            Endpoint::Damage => client.report_damage(op, seat(), None).await.unwrap(),
            Endpoint::Ballot | Endpoint::BallotReceipt => {
                let draft = self.draft(&seat()).await;
                let ballot = op.as_str().parse().unwrap();
                client.seal_ballot(ballot, seat(), draft, false).await.unwrap();
            }
            Endpoint::Donate => {
                let project = client.points().await.unwrap().projects[0].id.clone();
                let id = op.as_str().parse().unwrap();
                client.donate(id, project, Points::new(10).unwrap()).await.unwrap();
            }
            Endpoint::CancelDonation => {
                let donation = act.donation.clone().expect("a donation");
                client.cancel_donation(op, donation).await.unwrap();
            }
            endpoint => unreachable!("{endpoint:?} is no act of the outbox"),
        }
    }

    /// Tries once.
    pub(super) async fn attempt(&self, act: &mut Act) -> Tried {
        let waits = |code: Option<String>| code.map_or(Tried::Done, Tried::Waits);
        match act.endpoint {
            Endpoint::Describe => {
                self.browse(false);
                let begun = self.client.sign_in(&self.proxy.url()).await;
                self.client.cancel_sign_in().await.unwrap();
                waits(begun.err().map(|error| error.code()))
            }
            Endpoint::Me => {
                self.browse(true);
                if let Err(error) = self.client.sign_in(&self.proxy.url()).await {
                    return Tried::Waits(error.code());
                }
                let view = self
                    .until("an end of the sign-in", async || {
                        let view = self.client.app_status().await.unwrap();
                        (!matches!(view.stage, Stage::SigningIn { .. })).then_some(view)
                    })
                    .await;
                waits(view.sync.error)
            }
            Endpoint::Changes | Endpoint::Token | Endpoint::TellJournal | Endpoint::Receipts => {
                waits(self.client.sync_now().await.err().map(|error| error.code()))
            }
            Endpoint::Pack | Endpoint::PackRange => {
                let seat = act.seat.clone().unwrap();
                self.client.make_offline(vec![seat.clone()]).await.unwrap();
                self.until("an end of the download", async || match self.look(&seat).await?.state {
                    RowState::DownloadPaused { code } => Some(Tried::Waits(code)),
                    RowState::Damaged { code } => Some(Tried::GivenUp(code)),
                    RowState::ReadyOffline => Some(Tried::Done),
                    _ => None,
                })
                .await
            }
            Endpoint::Revoke => {
                // Signing out never waits for the network.
                if self.client.app_status().await.unwrap().stage != Stage::SignedOut {
                    self.client.sign_out().await.unwrap();
                }
                Tried::Done
            }
            _ => {
                if !act.begun {
                    act.begun = true;
                    self.begin(act).await;
                }
                self.client.send_now().await.unwrap();
                match self.last_answer(act.op.as_str()).await {
                    None => Tried::Done,
                    Some((IntentState::Parked { code }, _)) => Tried::GivenUp(code),
                    Some((_, code)) => Tried::Waits(code.unwrap_or_default()),
                }
            }
        }
    }

    /// Brings the act to its end, now that everything goes well; what was given up stays so.
    pub(super) async fn finish(&self, act: &mut Act) -> Result<(), String> {
        let finishing = async {
            loop {
                match self.attempt(act).await {
                    Tried::Done => return Ok(()),
                    Tried::GivenUp(code) => return Err(format!("given up: {code}")),
                    // A busy machine may be slow once more.
                    Tried::Waits(_) => {}
                }
            }
        };
        tokio::time::timeout(HANGS, finishing).await.unwrap_or_else(|_| Err("never done".to_owned()))?;
        if act.endpoint == Endpoint::Revoke {
            self.browse(true);
            self.sign_in().await;
        }
        self.synced().await;
        Ok(())
    }

    /// Looks into the server's books: done, and done once.
    pub(super) async fn verify(&self, act: &Act) -> Result<(), String> {
        let once = |what: &str, count: i64| match count {
            1 => Ok(()),
            count => Err(format!("{what}: {count} times instead of once")),
        };
        let (op, seat) = (act.op.as_str(), act.seat.as_ref().map(SeatId::as_str).unwrap_or_default());
        match act.endpoint {
            Endpoint::Accept | Endpoint::Journal | Endpoint::Receipts => {
                once("accepted", self.count(ACCEPTED, seat).await)?;
                once("receipts", self.count(RECEIPTS, op).await)
            }
            Endpoint::Return => {
                once("returned", self.count(RETURNED, seat).await)?;
                once("receipts", self.count(RECEIPTS, op).await)
            }
            Endpoint::Recuse => {
                once("recused", self.count(RECUSED, seat).await)?;
                once("receipts", self.count(RECEIPTS, op).await)
            }
            Endpoint::Damage => {
                once("reports", self.count("select count(*) from damage_reports where seat = ?", seat).await)?;
                let seat = act.seat.clone().unwrap();
                self.row(&seat, |row| (row.state == RowState::ReadyOffline).then_some(())).await;
                self.client.return_seat(new_id(), seat).await.map_err(|error| error.to_string())
            }
            Endpoint::Ballot | Endpoint::BallotReceipt => {
                once("ballots", self.count("select count(*) from ballots where seat = ?", seat).await)?;
                once("ballots of this id", self.count("select count(*) from ballots where id = ?", op).await)?;
                let receipt = self.client.receipt(op.parse().unwrap()).await.map_err(|error| error.to_string())?;
                if receipt.verified { Ok(()) } else { Err("the receipt's signature does not hold".to_owned()) }
            }
            Endpoint::Donate => {
                once("donations", self.count("select count(*) from donations where id = ?", op).await)?;
                let held = "select count(*) from ledger_entries where kind = 'hold' and refers_to like '%' || ? || '%'";
                once("holds", self.count(held, op).await)?;
                // The points are given back, for the next.
                let cancel = new_id::<IntentId>();
                let donation = op.parse().unwrap();
                self.client.cancel_donation(cancel.clone(), donation).await.map_err(|error| error.to_string())?;
                self.sent(cancel.as_str()).await;
                self.synced().await;
                Ok(())
            }
            Endpoint::CancelDonation => {
                let id = act.donation.as_ref().map(DonationId::as_str).unwrap_or_default();
                let cancelled = "select count(*) from donations where id = ? and state = 'cancelled'";
                once("cancelled", self.count(cancelled, id).await)?;
                let released =
                    "select count(*) from ledger_entries where kind = 'release' and refers_to like '%' || ? || '%'";
                once("releases", self.count(released, id).await)
            }
            Endpoint::Pack | Endpoint::PackRange => {
                let seat = act.seat.clone().unwrap();
                self.client.open_case(seat.clone()).await.map_err(|error| error.to_string())?;
                self.client.return_seat(new_id(), seat).await.map_err(|error| error.to_string())
            }
            Endpoint::TellJournal => {
                let links = self.count(TOLD, "").await - act.told;
                if links != 2 {
                    return Err(format!("the server was told of {links} links instead of sealing and taking back"));
                }
                Ok(())
            }
            Endpoint::Revoke => self.one_session().await,
            _ => {
                let view = self.client.app_status().await.map_err(|error| error.to_string())?;
                if view.stage == Stage::Ready { Ok(()) } else { Err(format!("not signed in: {:?}", view.stage)) }
            }
        }
    }

    /// The session that was ended is ended at the server too, and the new one alone is good.
    async fn one_session(&self) -> Result<(), String> {
        let ending = async {
            while self.count(SESSIONS, "").await != 1 {
                // Telling the server again is the program's own affair; a round of sync lets it look.
                let _ = tokio::time::timeout(Duration::from_millis(100), self.synced()).await;
            }
        };
        let ended = tokio::time::timeout(HANGS, ending).await;
        ended.map_err(|_| "the session that was ended is still good at the server".to_owned())?;
        let view = self.client.app_status().await.map_err(|error| error.to_string())?;
        if view.stage == Stage::Ready { Ok(()) } else { Err(format!("not signed in: {:?}", view.stage)) }
    }

    /// Has the points that donations are made of.
    pub(super) async fn rich(&self) {
        let me = self.client.app_status().await.unwrap().profile.expect("somebody").id;
        grant(self.hall.app(), &me, POINTS).await;
        self.synced().await;
    }
}
