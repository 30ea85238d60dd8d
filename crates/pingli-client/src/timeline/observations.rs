//! Neutral observations 客观信息: from times, sums and hashes alone, the same rules for both sides,
//! phrased without a verdict, each naming its sources.

use super::{Bodies, ChatOutline, Chats, captured, first_scan, in_case_zone, money::movements, submitted_pictures};
use crate::view::{Observation, ObservationKind, Source};
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
pub(super) fn observations(case: &Case, bodies: &Bodies, chats: &Chats) -> Vec<Observation> {
    let mut found = Vec::new();
    picture_times(case, bodies, &mut found);
    delivery_after_receipt(case, bodies, &mut found);
    dispatch_against_promise(case, bodies, &mut found);
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

fn picture_times(case: &Case, bodies: &Bodies, found: &mut Vec<Observation>) {
    let scanned = first_scan(bodies, Side::Seller, ScanKind::Delivered);
    let delivered = scanned.map(|(_, at)| at).or_else(|| case.key_date(KeyDateKind::Delivered));
    let filed = [KeyDateKind::ReturnFiled, KeyDateKind::AppealFiled, KeyDateKind::ReportFiled]
        .into_iter()
        .find_map(|kind| case.key_date(kind))
        .or_else(|| case.claims.iter().find_map(|claim| claim.filed_at));
    for (evidence, index, media) in submitted_pictures(case) {
        if evidence.number.side == Side::Platform {
            continue;
        }
        let Some((taken, _)) = media.exif.as_ref().and_then(|exif| captured(case, exif)) else { continue };
        let id = format!("{}.{index}", evidence.id);
        if let Some(delivered) = delivered.filter(|_| shows_what_came(evidence, media)) {
            let seconds = delivered.instant().seconds_since(taken.instant());
            if seconds > 0 {
                let mut sources = vec![picture(evidence, index)];
                sources.extend(scanned.map(|(id, _)| whole(id)));
                found.push(Observation {
                    id: format!("before-delivery.{id}"),
                    finding: ObservationKind::TakenBeforeDelivery { taken, delivered, seconds },
                    sources,
                });
            }
        }
        if let Some(filed) = filed {
            let seconds = taken.instant().seconds_since(filed.instant());
            if seconds > 0 {
                found.push(Observation {
                    id: format!("after-filing.{id}"),
                    finding: ObservationKind::TakenAfterFiling { taken, filed, seconds },
                    sources: vec![picture(evidence, index)],
                });
            }
        }
    }
}

fn delivery_after_receipt(case: &Case, bodies: &Bodies, found: &mut Vec<Observation>) {
    let Some(confirmed) = case.key_date(KeyDateKind::ReceiptConfirmed) else { return };
    let Some((id, delivered)) = first_scan(bodies, Side::Seller, ScanKind::Delivered) else { return };
    if delivered.instant() > confirmed.instant() {
        found.push(Observation {
            id: "delivered-after-receipt".to_owned(),
            finding: ObservationKind::DeliveredAfterReceipt { delivered, confirmed },
            sources: vec![whole(id)],
        });
    }
}

fn dispatch_against_promise(case: &Case, bodies: &Bodies, found: &mut Vec<Observation>) {
    let Some(promised) = case.key_date(KeyDateKind::DispatchPromised) else { return };
    let scan = first_scan(bodies, Side::Seller, ScanKind::PickedUp);
    let first: Option<Stamp> = scan.map(|(_, at)| at).or_else(|| case.key_date(KeyDateKind::Dispatched));
    let Some(scanned) = first else { return };
    found.push(Observation {
        id: "dispatch".to_owned(),
        finding: ObservationKind::DispatchAgainstPromise {
            promised,
            scanned,
            seconds: scanned.instant().seconds_since(promised.instant()),
        },
        sources: scan.map(|(id, _)| whole(id)).into_iter().collect(),
    });
}

fn missing_quotes(id: &EvidenceId, chat: &ChatOutline, found: &mut Vec<Observation>) {
    for &(seq, quoted) in &chat.missing_quotes {
        found.push(Observation {
            id: format!("quote.{id}.{seq}"),
            finding: ObservationKind::QuoteMissing { seq, quoted },
            sources: vec![Source { evidence: id.clone(), seq: Some(seq), picture: None }],
        });
    }
    if chat.more_missing_quotes > 0 {
        found.push(Observation {
            id: format!("quotes.{id}"),
            finding: ObservationKind::MoreQuotesMissing { count: chat.more_missing_quotes },
            sources: vec![whole(id)],
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
            });
        }
    }
}
