//! One axis of everything, and neutral observations. Pure: a case, the bodies of its evidence and
//! the outlines of its chats go in, a view comes out. No text is ever interpreted, only times, sums
//! and hashes.

mod chats;
mod dates;
mod items;
mod money;
mod observations;
#[cfg(test)]
mod tests;

pub use chats::{ChatOutline, Outliner};

use crate::view::TimelineView;
use pingli_protocol::{
    EvidenceId, Stamp,
    case::{Case, CaseDocument, Side},
    evidence::{EvidenceBody, ExifFacts, MediaFile},
    order::{Scan, ScanKind, Shipment},
};
use std::collections::BTreeMap;

/// The version of the rules by which a timeline is computed. A timeline is kept with its pack: raise
/// this with every change of a rule, and it is computed anew.
pub const TIMELINE_RULES: u32 = 2;

/// The structured bodies of a case's evidence, by the evidence's id; chat logs have outlines instead.
pub type Bodies = BTreeMap<EvidenceId, EvidenceBody>;

/// The outlines of a case's chat logs, by the evidence's id.
pub type Chats = BTreeMap<EvidenceId, ChatOutline>;

/// Puts everything that has a time on one axis and computes the neutral observations.
#[must_use]
pub fn timeline(document: &CaseDocument, bodies: &Bodies, chats: &Chats) -> TimelineView {
    let (items, without_time) = items::items(&document.case, bodies, chats);
    let observations = observations::observations(&document.case, &items, bodies, chats);
    TimelineView { items, observations, without_time }
}

/// When a picture was taken, by its camera's clock. Where the camera gave no offset the case's own
/// time zone is taken, and the second value says so.
fn captured(case: &Case, exif: &ExifFacts) -> Option<(Stamp, bool)> {
    if let Some(stamp) = exif.captured_at {
        return Some((stamp, false));
    }
    in_case_zone(case, exif.captured_local.as_deref()?).map(|stamp| (stamp, true))
}

/// A local time without an offset, in the case's own time zone.
fn in_case_zone(case: &Case, local: &str) -> Option<Stamp> {
    let zone = jiff::tz::TimeZone::get(&case.time_zone).ok()?;
    let local: jiff::civil::DateTime = local.parse().ok()?;
    let zoned = local.to_zoned(zone).ok()?;
    Some(Stamp::new(zoned.timestamp(), zoned.offset()))
}

/// Every shipment of a case, with the evidence that has it.
fn shipments(bodies: &Bodies) -> impl Iterator<Item = (&EvidenceId, &Shipment)> {
    bodies.iter().flat_map(|(id, body)| {
        let shipments: &[Shipment] = match body {
            EvidenceBody::Order(order) => &order.shipments,
            EvidenceBody::Logistics(logistics) => &logistics.shipments,
            _ => &[],
        };
        shipments.iter().map(move |shipment| (id, shipment))
    })
}

/// The earliest scan of a kind among the parcels that a side sent.
fn first_scan(bodies: &Bodies, sender: Side, kind: ScanKind) -> Option<(&EvidenceId, Stamp)> {
    let of_kind = |scan: &&Scan| scan.kind == kind;
    shipments(bodies)
        .filter(|(_, shipment)| shipment.sender == sender)
        .flat_map(|(id, shipment)| shipment.scans.iter().filter(of_kind).filter_map(move |scan| Some((id, scan.at?))))
        .min_by_key(|(_, at)| at.instant())
}

/// Every picture of a case with its evidence and index, chats left out: what is sent in a chat and
/// submitted again is one picture, not two.
fn submitted_pictures(case: &Case) -> impl Iterator<Item = (&pingli_protocol::evidence::Evidence, u32, &MediaFile)> {
    case.evidence
        .iter()
        .filter(|evidence| evidence.kind != pingli_protocol::evidence::EvidenceKind::ChatLog)
        .flat_map(|evidence| (0_u32..).zip(&evidence.media).map(move |(index, media)| (evidence, index, media)))
}
