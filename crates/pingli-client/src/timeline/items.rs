//! The items of the axis: chat runs, order states, money, scans, pictures, papers, acts.

use super::{
    Bodies, ChatOutline, Chats, captured, dates,
    money::{Movement, movements},
};
use crate::view::{Source, TimelineItem, TimelineKind};
use pingli_protocol::{
    EvidenceId, Stamp, UtcInstant,
    case::{Case, CaseEventKind, Side},
    evidence::{Evidence, EvidenceBody},
    money::Money,
    order::{PaymentKind, Shipment},
};

/// The items in the order of the axis, and how many things have no time.
pub(super) fn items(case: &Case, bodies: &Bodies, chats: &Chats) -> (Vec<TimelineItem>, u32) {
    let mut axis = Axis::default();
    for evidence in &case.evidence {
        if let Some(body) = bodies.get(&evidence.id) {
            axis.body(evidence, body);
        }
        if let Some(chat) = chats.get(&evidence.id) {
            axis.chat(&evidence.id, chat);
        }
        if evidence.kind != pingli_protocol::evidence::EvidenceKind::ChatLog {
            axis.pictures(case, evidence);
        }
    }
    for movement in movements(case, bodies) {
        axis.movement(&movement);
    }
    for event in &case.events {
        let source = event.evidence.clone().map(whole);
        axis.put(Some(event.at), event_kind(event.kind), event.side, &event.text, source);
    }
    for claim in &case.claims {
        if claim.filed_at.is_some() {
            axis.put(claim.filed_at, TimelineKind::Claim, Some(claim.side), &claim.text, None);
            axis.amount(claim.amount.clone());
        }
    }
    let mut put: Vec<_> = axis.items.iter_mut().map(|placed| &mut placed.item).collect();
    for date in dates::mark(case, &mut put) {
        axis.put(Some(date.at), TimelineKind::KeyDate, None, "", None);
        if let Some(item) = axis.last() {
            item.key_dates.push(date.kind);
        }
    }
    // A stable sort: what has the same place keeps the order it was put in.
    axis.items.sort_by_key(|placed| placed.place);
    (axis.items.into_iter().map(|placed| placed.item).collect(), axis.without_time)
}

const fn event_kind(kind: CaseEventKind) -> TimelineKind {
    match kind {
        CaseEventKind::Claim => TimelineKind::Claim,
        CaseEventKind::ListingChange => TimelineKind::ListingChange,
        CaseEventKind::PlatformAct => TimelineKind::PlatformAct,
        CaseEventKind::Shipping => TimelineKind::Scan,
        CaseEventKind::Payment => TimelineKind::Payment,
        CaseEventKind::PartyAct => TimelineKind::PartyAct,
    }
}

const fn whole(evidence: EvidenceId) -> Source {
    Source { evidence, seq: None, picture: None }
}

/// An item with its place on the axis, which is not always its own stamp.
struct Placed {
    place: UtcInstant,
    item: TimelineItem,
}

#[derive(Default)]
struct Axis {
    items: Vec<Placed>,
    without_time: u32,
}

impl Axis {
    fn put(&mut self, at: Option<Stamp>, kind: TimelineKind, side: Option<Side>, text: &str, source: Option<Source>) {
        let Some(at) = at else {
            self.without_time += 1;
            return;
        };
        let item = TimelineItem {
            at,
            kind,
            side,
            text: text.to_owned(),
            source,
            count: 1,
            until: None,
            last_seq: None,
            gathered: false,
            zone_assumed: false,
            amount: None,
            also: Vec::new(),
            key_dates: Vec::new(),
        };
        self.items.push(Placed { place: at.instant(), item });
    }

    /// The item that was put last.
    fn last(&mut self) -> Option<&mut TimelineItem> {
        self.items.last_mut().map(|placed| &mut placed.item)
    }

    /// Gives the item that was put last an amount.
    fn amount(&mut self, amount: Option<Money>) {
        if let Some(item) = self.last() {
            item.amount = amount;
        }
    }

    fn body(&mut self, evidence: &Evidence, body: &EvidenceBody) {
        let side = Some(evidence.number.side);
        let source = || Some(whole(evidence.id.clone()));
        match body {
            EvidenceBody::Statement(statement) => {
                let at = statement.at.or(evidence.submitted_at);
                self.put(at, TimelineKind::Statement, Some(statement.side), &evidence.title, source());
            }
            EvidenceBody::Order(order) => {
                for change in &order.history {
                    self.put(change.at, TimelineKind::OrderStatus, side, &change.status, source());
                }
                self.shipments(&evidence.id, &order.shipments);
            }
            EvidenceBody::Logistics(logistics) => self.shipments(&evidence.id, &logistics.shipments),
            EvidenceBody::ListingSnapshot(listing) => {
                self.put(listing.taken_at, TimelineKind::ListingSnapshot, side, &listing.title, source());
            }
            EvidenceBody::ReviewText(review) => {
                self.put(review.at, TimelineKind::Review, side, &review.text, source());
                for reply in &review.replies {
                    self.put(reply.at, TimelineKind::Review, Some(reply.side), &reply.text, source());
                }
            }
            // Payments are put for the whole case. A chat has an outline of its own. A rule has dates but
            // is no event of the case.
            EvidenceBody::PaymentRefund(_) | EvidenceBody::ChatLog(_) | EvidenceBody::RuleText(_) => {}
            EvidenceBody::Document(document) => {
                self.put(document.issued_at, TimelineKind::Document, side, &document.title, source());
            }
        }
    }

    fn movement(&mut self, movement: &Movement<'_>) {
        let payment = movement.payment;
        let kind = match payment.kind {
            PaymentKind::Payment => TimelineKind::Payment,
            PaymentKind::Refund => TimelineKind::Refund,
            PaymentKind::Compensation => TimelineKind::Compensation,
        };
        let mut stated_in = movement.stated_in.iter().map(|id| (*id).clone());
        self.put(payment.at, kind, Some(Side::Platform), &payment.method, stated_in.next().map(whole));
        if let Some(item) = self.last().filter(|_| payment.at.is_some()) {
            item.amount = Some(payment.amount.clone());
            item.also = stated_in.collect();
        }
    }

    fn shipments(&mut self, id: &EvidenceId, shipments: &[Shipment]) {
        for scan in shipments.iter().flat_map(|shipment| &shipment.scans) {
            let text = if scan.text.is_empty() { &scan.place } else { &scan.text };
            self.put(scan.at, TimelineKind::Scan, Some(Side::Platform), text, Some(whole(id.clone())));
        }
    }

    fn pictures(&mut self, case: &Case, evidence: &Evidence) {
        for (index, media) in (0_u32..).zip(&evidence.media) {
            let Some((at, assumed)) = media.exif.as_ref().and_then(|exif| captured(case, exif)) else {
                self.without_time += 1;
                continue;
            };
            let source = Source { evidence: evidence.id.clone(), seq: None, picture: Some(index) };
            let text = if media.caption.is_empty() { &evidence.title } else { &media.caption };
            self.put(Some(at), TimelineKind::PhotoTaken, Some(evidence.number.side), text, Some(source));
            if let Some(item) = self.last() {
                item.zone_assumed = assumed;
            }
        }
    }

    /// The runs of a chat. Its order is that of the record, never that of the stamps: a run that is
    /// stamped earlier than one before it stands after that one, with the stamp it has.
    fn chat(&mut self, id: &EvidenceId, chat: &ChatOutline) {
        self.without_time = self.without_time.saturating_add(chat.without_time);
        let mut reached = None;
        for run in &chat.runs {
            let source = Source { evidence: id.clone(), seq: Some(run.seq), picture: None };
            self.put(Some(run.at), TimelineKind::Chat, run.side, &run.words, Some(source));
            if let Some(Placed { place, item }) = self.items.last_mut() {
                item.count = run.count;
                item.until = Some(run.until);
                item.last_seq = Some(run.last_seq);
                item.gathered = chat.gathered;
                *place = reached.map_or(*place, |reached| (*place).max(reached));
                reached = Some(*place);
            }
        }
    }
}
