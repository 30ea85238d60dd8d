//! Neutral observations 客观信息: from times, sums and hashes alone, the same rules for both sides,
//! phrased without a verdict, each naming its sources.

use super::{
    Bodies, ChatOutline, Chats, captured, dates, first_scan, in_case_zone, money::movements, submitted_pictures,
};
use crate::view::{Observation, ObservationKind, Source, TimelineItem, TimelineKind};
use pingli_protocol::{
    EvidenceId, Stamp,
    case::{Case, KeyDateKind, Side},
    evidence::{Evidence, EvidenceBody, MediaFile, MediaGroup},
    order::{AmountKind, AmountLine, Payment, PaymentKind, ScanKind},
};
use std::collections::{BTreeMap, BTreeSet};

/// Two pictures are called the same when at most so many bits of their 64-bit hashes differ.
const SAME_PICTURE_BITS: u32 = 5;

/// A file changed within so many seconds of its capture was written by the camera itself.
const WRITTEN_BY_CAMERA_SECONDS: i64 = 60;

/// Every observation of a case, in a stable order.
pub(super) fn observations(case: &Case, items: &[TimelineItem], bodies: &Bodies, chats: &Chats) -> Vec<Observation> {
    let mut found = Vec::new();
    let times = Times { case, items, bodies };
    times.pictures(&mut found);
    times.delivery_after_receipt(&mut found);
    times.dispatch_against_promise(&mut found);
    for evidence in &case.evidence {
        if let Some(chat) = chats.get(&evidence.id) {
            missing_quotes(&evidence.id, chat, &mut found);
        }
        if let Some(EvidenceBody::Order(order)) = bodies.get(&evidence.id) {
            sums(&evidence.id, &order.amounts, &mut found);
        }
    }
    refunds(case, bodies, &mut found);
    same_pictures(case, &mut found);
    edited_pictures(case, &mut found);
    found
}

fn whole(evidence: &EvidenceId) -> Source {
    Source { evidence: evidence.clone(), seq: None, picture: None }
}

fn picture(evidence: &Evidence, index: u32) -> Source {
    Source { evidence: evidence.id.clone(), seq: None, picture: Some(index) }
}

/// Pictures that are said to show the goods as they came: grouped so, or a buyer's without a group.
fn shows_what_came(evidence: &Evidence, media: &MediaFile) -> bool {
    match media.group {
        Some(MediaGroup::Received | MediaGroup::After) => true,
        Some(MediaGroup::Before | MediaGroup::Listing) => false,
        None => evidence.number.side == Side::Buyer,
    }
}

/// The times of a case that are set against each other.
struct Times<'a> {
    case: &'a Case,
    items: &'a [TimelineItem],
    bodies: &'a Bodies,
}

/// A time, and what it is known from.
#[derive(Clone)]
struct Known {
    at: Stamp,
    source: Option<Source>,
    leans_on: Option<u32>,
}

impl Times<'_> {
    /// The first scan of a kind of what the seller sent.
    fn scan(&self, kind: ScanKind) -> Option<Known> {
        let (id, at) = first_scan(self.bodies, Side::Seller, kind)?;
        Some(Known { at, source: Some(whole(id)), leans_on: None })
    }

    fn date(&self, kind: KeyDateKind) -> Option<Known> {
        let (at, place) = dates::find(self.case, self.items, kind)?;
        Some(self.known(at, place))
    }

    /// The first claim that has a time.
    fn claim(&self) -> Option<Known> {
        let at = self.case.claims.iter().find_map(|claim| claim.filed_at)?;
        let place = self.items.iter().position(|item| item.kind == TimelineKind::Claim && item.at == at)?;
        Some(self.known(at, place))
    }

    fn known(&self, at: Stamp, place: usize) -> Known {
        Known { at, source: self.items[place].source.clone(), leans_on: u32::try_from(place).ok() }
    }

    fn pictures(&self, found: &mut Vec<Observation>) {
        let delivered = self.scan(ScanKind::Delivered).or_else(|| self.date(KeyDateKind::Delivered));
        let filed = [KeyDateKind::ReturnFiled, KeyDateKind::AppealFiled, KeyDateKind::ReportFiled]
            .into_iter()
            .find_map(|kind| self.date(kind))
            .or_else(|| self.claim());
        for (evidence, index, media) in submitted_pictures(self.case) {
            if evidence.number.side == Side::Platform {
                continue;
            }
            let Some((taken, _)) = media.exif.as_ref().and_then(|exif| captured(self.case, exif)) else { continue };
            let id = format!("{}.{index}", evidence.id);
            let of = || Known { at: taken, source: Some(picture(evidence, index)), leans_on: None };
            if let Some(delivered) = delivered.clone().filter(|_| shows_what_came(evidence, media)) {
                let seconds = delivered.at.instant().seconds_since(taken.instant());
                if seconds > 0 {
                    let finding = ObservationKind::TakenBeforeDelivery { taken, delivered: delivered.at, seconds };
                    found.push(observation(format!("before-delivery.{id}"), finding, [of(), delivered]));
                }
            }
            if let Some(filed) = filed.clone() {
                let seconds = taken.instant().seconds_since(filed.at.instant());
                if seconds > 0 {
                    let finding = ObservationKind::TakenAfterFiling { taken, filed: filed.at, seconds };
                    found.push(observation(format!("after-filing.{id}"), finding, [of(), filed]));
                }
            }
        }
    }

    fn delivery_after_receipt(&self, found: &mut Vec<Observation>) {
        let Some(confirmed) = self.date(KeyDateKind::ReceiptConfirmed) else { return };
        let Some(delivered) = self.scan(ScanKind::Delivered) else { return };
        if delivered.at.instant() > confirmed.at.instant() {
            let finding = ObservationKind::DeliveredAfterReceipt { delivered: delivered.at, confirmed: confirmed.at };
            found.push(observation("delivered-after-receipt".to_owned(), finding, [delivered, confirmed]));
        }
    }

    fn dispatch_against_promise(&self, found: &mut Vec<Observation>) {
        let Some(promised) = self.date(KeyDateKind::DispatchPromised) else { return };
        let first = self.scan(ScanKind::PickedUp).or_else(|| self.date(KeyDateKind::Dispatched));
        let Some(scanned) = first else { return };
        let finding = ObservationKind::DispatchAgainstPromise {
            promised: promised.at,
            scanned: scanned.at,
            seconds: scanned.at.instant().seconds_since(promised.at.instant()),
        };
        found.push(observation("dispatch".to_owned(), finding, [scanned, promised]));
    }
}

/// An observation about two times, with what either is known from.
fn observation(id: String, finding: ObservationKind, times: [Known; 2]) -> Observation {
    let mut sources: Vec<Source> = Vec::new();
    for source in times.iter().filter_map(|known| known.source.clone()) {
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    Observation { id, finding, sources, leans_on: times.iter().filter_map(|known| known.leans_on).collect() }
}

fn missing_quotes(id: &EvidenceId, chat: &ChatOutline, found: &mut Vec<Observation>) {
    for &(seq, quoted) in &chat.missing_quotes {
        found.push(Observation {
            id: format!("quote.{id}.{seq}"),
            finding: ObservationKind::QuoteMissing { seq, quoted },
            sources: vec![Source { evidence: id.clone(), seq: Some(seq), picture: None }],
            leans_on: Vec::new(),
        });
    }
    if chat.more_missing_quotes > 0 {
        found.push(Observation {
            id: format!("quotes.{id}"),
            finding: ObservationKind::MoreQuotesMissing { count: chat.more_missing_quotes },
            sources: vec![whole(id)],
            leans_on: Vec::new(),
        });
    }
}

fn sums(id: &EvidenceId, lines: &[AmountLine], found: &mut Vec<Observation>) {
    // Sums per currency, in 128 bits: no data can make them overflow.
    let mut sums: BTreeMap<&str, (i128, Option<i128>)> = BTreeMap::new();
    for line in lines {
        let sum = sums.entry(&line.amount.currency).or_default();
        let minor = i128::from(line.amount.minor.get());
        match line.kind {
            AmountKind::Paid => sum.1 = Some(sum.1.unwrap_or_default() + minor),
            AmountKind::Goods | AmountKind::Freight | AmountKind::Discount | AmountKind::Tax => sum.0 += minor,
        }
    }
    for (currency, (sum, paid)) in sums {
        let Some(paid) = paid.filter(|paid| *paid != sum) else { continue };
        let (Ok(sum), Ok(paid)) = (i64::try_from(sum), i64::try_from(paid)) else { continue };
        found.push(Observation {
            id: format!("sums.{id}.{currency}"),
            finding: ObservationKind::SumsDiffer { sum, paid, currency: currency.to_owned() },
            sources: vec![whole(id)],
            leans_on: Vec::new(),
        });
    }
}

/// Refunds above payments, over all records of the case: one may have the payment and another the
/// refund. Where no payment is recorded, what was paid is not known.
fn refunds(case: &Case, bodies: &Bodies, found: &mut Vec<Observation>) {
    let mut sums: BTreeMap<&str, Sum<'_>> = BTreeMap::new();
    for movement in movements(case, bodies) {
        let Payment { kind, amount, .. } = movement.payment;
        let sum = sums.entry(&amount.currency).or_default();
        let minor = i128::from(amount.minor.get());
        match kind {
            PaymentKind::Payment => sum.paid = Some(sum.paid.unwrap_or_default() + minor),
            PaymentKind::Refund => sum.refunded += minor,
            PaymentKind::Compensation => continue,
        }
        sum.stated_in.extend(movement.stated_in);
    }
    for (currency, Sum { paid, refunded, stated_in }) in sums {
        let Some(paid) = paid.filter(|paid| refunded > *paid) else { continue };
        let (Ok(paid), Ok(refunded)) = (i64::try_from(paid), i64::try_from(refunded)) else { continue };
        let stated = case.evidence.iter().filter(|evidence| stated_in.contains(&evidence.id));
        found.push(Observation {
            id: format!("refund.{currency}"),
            finding: ObservationKind::RefundAbovePaid { paid, refunded, currency: currency.to_owned() },
            sources: stated.map(|evidence| whole(&evidence.id)).collect(),
            leans_on: Vec::new(),
        });
    }
}

/// What was paid and refunded in one currency, in 128 bits: no data can make it overflow.
#[derive(Default)]
struct Sum<'a> {
    paid: Option<i128>,
    refunded: i128,
    stated_in: BTreeSet<&'a EvidenceId>,
}

/// Pictures of two pieces of evidence that are the same file, or look the same by their hashes. Other
/// files may have the very same hash: only the same bytes are called the same file.
fn same_pictures(case: &Case, found: &mut Vec<Observation>) {
    let pictures: Vec<_> = submitted_pictures(case)
        .map(|(evidence, index, media)| {
            let hash = media.perceptual_hash.as_deref().and_then(|hash| u64::from_str_radix(hash, 16).ok());
            (evidence, index, media, hash)
        })
        .collect();
    for (n, (evidence, index, media, hash)) in pictures.iter().enumerate() {
        for (other, other_index, other_media, other_hash) in &pictures[n + 1..] {
            if evidence.id == other.id {
                continue;
            }
            let same_file = media.original.sha256 == other_media.original.sha256;
            let apart = hash.zip(*other_hash).map(|(hash, other)| (hash ^ other).count_ones());
            let distance = if same_file { Some(0) } else { apart };
            if let Some(distance) = distance.filter(|bits| *bits <= SAME_PICTURE_BITS) {
                found.push(Observation {
                    id: format!("same.{}.{index}.{}.{other_index}", evidence.id, other.id),
                    finding: ObservationKind::SamePicture { distance, same_file },
                    sources: vec![picture(evidence, *index), picture(other, *other_index)],
                    leans_on: Vec::new(),
                });
            }
        }
    }
}

fn edited_pictures(case: &Case, found: &mut Vec<Observation>) {
    for (evidence, index, media) in submitted_pictures(case) {
        let Some(exif) = &media.exif else { continue };
        let (Some(software), Some(modified)) = (&exif.software, &exif.modified_local) else { continue };
        // Both are the file's own local times, so the zone does not matter.
        let taken = exif.captured_local.as_deref().and_then(|local| in_case_zone(case, local));
        let taken = taken.map(|stamp| stamp.instant()).or_else(|| {
            let stamp = exif.captured_at?;
            Some(stamp.instant())
        });
        let changed = match exif.captured_at.filter(|_| exif.captured_local.is_none()) {
            // The change has no offset of its own: it is read in the capture's.
            Some(stamp) => modified.parse::<jiff::civil::DateTime>().ok().and_then(|local| {
                let offset = jiff::tz::Offset::from_seconds(stamp.offset_seconds()).ok()?;
                offset.to_timestamp(local).ok().map(pingli_protocol::UtcInstant::new)
            }),
            None => in_case_zone(case, modified).map(|stamp| stamp.instant()),
        };
        if let (Some(taken), Some(changed)) = (taken, changed)
            && changed.seconds_since(taken) > WRITTEN_BY_CAMERA_SECONDS
        {
            found.push(Observation {
                id: format!("edited.{}.{index}", evidence.id),
                finding: ObservationKind::EditedWith { software: software.clone() },
                sources: vec![picture(evidence, index)],
                leans_on: Vec::new(),
            });
        }
    }
}
