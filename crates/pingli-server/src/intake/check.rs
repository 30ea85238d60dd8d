//! What must hold inside a case beyond its fields: references, kinds, and the evidence that its
//! type requires.

use super::{CaseFolder, IntakeFault, format::EvidenceEntry};
use pingli_protocol::{
    case::Side,
    case_type::{CaseType, OptionKind},
    chat::ChatLog,
    evidence::{EvidenceBody, EvidenceKind},
};
use std::collections::BTreeSet;

/// Checks everything that `case.json` says by itself.
pub(crate) fn check_case(folder: &CaseFolder, case_type: &CaseType) -> Result<(), IntakeFault> {
    let case = &folder.case;
    let filled = [("title", &case.title), ("summary", &case.summary), ("rule_version", &case.rule_version)];
    for (field, text) in filled {
        if text.trim().is_empty() {
            return Err(folder.fault(field, "must not be empty"));
        }
    }
    let zone = case.time_zone.as_str();
    if zone.is_empty() || !zone.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_+-".contains(&b)) {
        return Err(folder.fault("time_zone", "not an IANA name such as Asia/Shanghai"));
    }
    if let Some(system) = &case.vote_system {
        system.check().map_err(|e| folder.fault("vote_system", e.to_string()))?;
    }
    check_parties(folder)?;
    let mut issues = BTreeSet::new();
    for (i, issue) in case.issues.iter().enumerate() {
        if !issues.insert(&issue.id) {
            return Err(folder.fault(format!("issues[{i}].id"), "used twice"));
        }
    }
    let mut pieces = BTreeSet::new();
    for (i, evidence) in case.evidence.iter().enumerate() {
        if !pieces.insert(&evidence.id) {
            return Err(folder.fault(format!("evidence[{i}].id"), "used twice"));
        }
        check_evidence(folder, evidence, i)?;
    }
    for (i, event) in case.events.iter().enumerate() {
        if event.evidence.as_ref().is_some_and(|id| !pieces.contains(id)) {
            return Err(folder.fault(format!("events[{i}].evidence"), "no such evidence"));
        }
    }
    for option in case.consequences.keys() {
        if case_type.option(option).is_none() {
            return Err(folder.fault(format!("consequences.{option}"), "not an option of the case type"));
        }
    }
    check_required(folder, case_type)
}

fn check_parties(folder: &CaseFolder) -> Result<(), IntakeFault> {
    let parties = &folder.case.parties;
    if parties.is_empty() {
        return Err(folder.fault("parties", "must not be empty"));
    }
    let mut sides = BTreeSet::new();
    for (i, party) in parties.iter().enumerate() {
        if !sides.insert(party.side) {
            return Err(folder.fault(format!("parties[{i}].side"), "named twice"));
        }
    }
    for (i, claim) in folder.case.claims.iter().enumerate() {
        if !sides.contains(&claim.side) {
            return Err(folder.fault(format!("claims[{i}].side"), "not one of the parties"));
        }
    }
    Ok(())
}

fn check_evidence(folder: &CaseFolder, evidence: &EvidenceEntry, i: usize) -> Result<(), IntakeFault> {
    let field = |name: &str| format!("evidence[{i}].{name}");
    let known = evidence.side == Side::Platform || folder.case.parties.iter().any(|p| p.side == evidence.side);
    if !known {
        return Err(folder.fault(field("side"), "not one of the parties"));
    }
    if evidence.title.trim().is_empty() {
        return Err(folder.fault(field("title"), "must not be empty"));
    }
    match (&evidence.body, &evidence.body_file) {
        (Some(_), Some(_)) => return Err(folder.fault(field("body_file"), "there is a body as well")),
        (None, None) if evidence.media.is_empty() => return Err(folder.fault(field("body"), "neither body nor media")),
        _ => {}
    }
    let pictures = matches!(evidence.kind, EvidenceKind::Image | EvidenceKind::Video);
    if pictures && (evidence.body.is_some() || evidence.body_file.is_some()) {
        return Err(folder.fault(field("body"), "pictures have media only"));
    }
    let structured = evidence.body.is_some() || evidence.body_file.is_some();
    if !pictures && !structured && needs_body(evidence.kind) {
        return Err(folder.fault(field("body"), "this kind has a body"));
    }
    Ok(())
}

/// Kinds that mean nothing without their fields. A document or a brand mark may be a picture alone.
const fn needs_body(kind: EvidenceKind) -> bool {
    matches!(
        kind,
        EvidenceKind::Statement
            | EvidenceKind::ChatLog
            | EvidenceKind::Order
            | EvidenceKind::PaymentRefund
            | EvidenceKind::Logistics
            | EvidenceKind::ListingSnapshot
            | EvidenceKind::ReviewText
            | EvidenceKind::RuleText
    )
}

/// How the body of a kind of evidence reads.
pub(crate) const fn body_kind(kind: EvidenceKind) -> &'static str {
    use EvidenceKind as K;
    match kind {
        K::Statement => "statement",
        K::ChatLog => "chat_log",
        K::Order => "order",
        K::PaymentRefund => "payment_refund",
        K::Logistics => "logistics",
        K::ListingSnapshot => "listing_snapshot",
        K::ReviewText => "review_text",
        K::RuleText => "rule_text",
        K::Document
        | K::ViolationNotice
        | K::ReportForm
        | K::Registration
        | K::CreditSnapshot
        | K::BrandMark
        | K::Image
        | K::Video => "document",
    }
}

/// Whether a body reads as its evidence's kind says.
pub(crate) const fn body_fits(kind: EvidenceKind, body: &EvidenceBody) -> bool {
    use EvidenceKind as K;
    match body {
        EvidenceBody::Statement(_) => matches!(kind, K::Statement),
        EvidenceBody::ChatLog(_) => matches!(kind, K::ChatLog),
        EvidenceBody::Order(_) => matches!(kind, K::Order),
        EvidenceBody::PaymentRefund(_) => matches!(kind, K::PaymentRefund),
        EvidenceBody::Logistics(_) => matches!(kind, K::Logistics),
        EvidenceBody::ListingSnapshot(_) => matches!(kind, K::ListingSnapshot),
        EvidenceBody::ReviewText(_) => matches!(kind, K::ReviewText),
        EvidenceBody::RuleText(_) => matches!(kind, K::RuleText),
        EvidenceBody::Document(_) => matches!(
            kind,
            K::Document | K::ViolationNotice | K::ReportForm | K::Registration | K::CreditSnapshot | K::BrandMark
        ),
    }
}

/// What is wrong inside a chat: the field and the reason.
pub(crate) fn check_chat(chat: &ChatLog, files: &BTreeSet<String>) -> Result<(), (String, String)> {
    let people: BTreeSet<_> = chat.participants.iter().map(|person| person.id.as_str()).collect();
    if people.len() != chat.participants.len() {
        return Err(("participants".into(), "an id is used twice".into()));
    }
    let mut last = 0;
    for (i, message) in chat.messages.iter().enumerate() {
        let field = |name: &str| format!("messages[{i}].{name}");
        if message.seq <= last {
            return Err((field("seq"), "must rise from 1".into()));
        }
        last = message.seq;
        if message.from.as_deref().is_some_and(|from| !people.contains(from)) {
            return Err((field("from"), "not one of the participants".into()));
        }
        if let Some(file) = message.media.iter().find(|file| !files.contains(*file)) {
            return Err((field("media"), format!("not among the media of this evidence: {}", file.escape_debug())));
        }
    }
    Ok(())
}

fn check_required(folder: &CaseFolder, case_type: &CaseType) -> Result<(), IntakeFault> {
    let evidence = &folder.case.evidence;
    for kind in &case_type.required_evidence {
        if !evidence.iter().any(|piece| piece.kind == *kind) {
            let name = crate::db::text_of(kind);
            return Err(folder.fault("evidence", format!("a case of type {} needs a {name}", case_type.code)));
        }
    }
    if !case_type.required_evidence.contains(&EvidenceKind::Statement) {
        return Ok(());
    }
    // Nobody is judged unheard: each side that can win has said something.
    let heard = |side| evidence.iter().any(|piece| piece.kind == EvidenceKind::Statement && piece.side == side);
    for option in &case_type.options {
        if let OptionKind::Side { side } = option.kind
            && side != Side::Platform
            && !heard(side)
        {
            let name = crate::db::text_of(&side);
            return Err(folder.fault("evidence", format!("there is no statement of the {name}")));
        }
    }
    Ok(())
}
