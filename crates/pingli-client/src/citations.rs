//! Citations in an opinion: `[[evidence]]` names a piece as a whole, `[[evidence#12]]` a message or a
//! paragraph of it, `[[evidence#12-15]]` a run of messages, `[[evidence#scan-4]]` a line of an order,
//! `[[evidence#picture-4]]` a picture; of evidence that is pictures its number is enough.
//! All are checked to exist before a ballot is sealed.

use crate::{error::ClientError, open::Open, room};
use pingli_protocol::{
    EvidenceId, SeatId,
    case::CaseDocument,
    evidence::{Evidence, EvidenceBody, EvidenceKind},
    order::Shipment,
};

/// A citation as it stands in an opinion.
#[derive(Debug, PartialEq, Eq)]
struct Citation<'a> {
    evidence: EvidenceId,
    place: Option<&'a str>,
}

/// The citations of an opinion in their order. What names no id is text.
fn citations(opinion: &str) -> impl Iterator<Item = Citation<'_>> {
    opinion.split("[[").skip(1).filter_map(|part| {
        let (written, _) = part.split_once("]]")?;
        let (id, place) = match written.split_once('#') {
            Some((id, place)) => (id, Some(place.trim())),
            None => (written, None),
        };
        Some(Citation { evidence: EvidenceId::new(id.trim()).ok()?, place })
    })
}

/// How many citations an opinion has.
pub(crate) fn count(opinion: &str) -> usize {
    citations(opinion).count()
}

/// The evidence that an opinion cites, each once, in order.
///
/// # Errors
/// [`ClientError::CitationUnknown`] when something is cited that the case does not have.
pub(crate) fn cited(
    open: &Open,
    seat: &SeatId,
    document: &CaseDocument,
    opinion: &str,
) -> Result<Vec<EvidenceId>, ClientError> {
    let mut found = Vec::new();
    for citation in citations(opinion) {
        let exists = match (document.case.evidence(&citation.evidence), citation.place) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(evidence), Some(place)) => has_place(open, seat, evidence, place)?,
        };
        if !exists {
            return Err(ClientError::CitationUnknown);
        }
        if !found.contains(&citation.evidence) {
            found.push(citation.evidence);
        }
    }
    Ok(found)
}

/// Whether a piece of evidence has a place.
fn has_place(open: &Open, seat: &SeatId, evidence: &Evidence, place: &str) -> Result<bool, ClientError> {
    let has_picture = |place: &str| number(place).is_some_and(|number| number <= evidence.media.len());
    if let Some(picture) = place.strip_prefix("picture-") {
        return Ok(has_picture(picture));
    }
    if evidence.kind == EvidenceKind::ChatLog {
        return has_messages(open, seat, &evidence.id, place);
    }
    // Beside a text a number alone is a paragraph's, never a picture's.
    let pictures = matches!(evidence.kind, EvidenceKind::Image | EvidenceKind::Video | EvidenceKind::BrandMark);
    if pictures || evidence.body.is_none() {
        return Ok(has_picture(place));
    }
    match room::evidence_body(open, seat, &evidence.id) {
        Ok(EvidenceBody::RuleText(rule)) => {
            let replaced = rule.replaces.iter().flat_map(|rule| &rule.paragraphs);
            Ok(rule.paragraphs.iter().chain(replaced).any(|paragraph| paragraph.number == place))
        }
        Ok(EvidenceBody::Statement(statement)) => {
            Ok(number(place).is_some_and(|number| number <= statement.paragraphs.len()))
        }
        Ok(body) => Ok(place.split_once('-').is_some_and(|(part, line)| has_line(&body, part, line))),
        Err(ClientError::Unreadable) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether an order has a line; its lines count from 1, the scans of all parcels in one row.
fn has_line(body: &EvidenceBody, part: &str, line: &str) -> bool {
    let scans = |shipments: &[Shipment]| shipments.iter().map(|shipment| shipment.scans.len()).sum();
    let lines = match (body, part) {
        (EvidenceBody::Order(order), "item") => order.items.len(),
        (EvidenceBody::Order(order), "amount") => order.amounts.len(),
        (EvidenceBody::Order(order), "status") => order.history.len(),
        (EvidenceBody::Order(order), "payment") => order.payments.len(),
        (EvidenceBody::PaymentRefund(history), "payment") => history.payments.len(),
        (EvidenceBody::Order(order), "scan") => scans(&order.shipments),
        (EvidenceBody::Logistics(logistics), "scan") => scans(&logistics.shipments),
        _ => 0,
    };
    number(line).is_some_and(|number| number <= lines)
}

fn has_messages(open: &Open, seat: &SeatId, evidence: &EvidenceId, place: &str) -> Result<bool, ClientError> {
    let (first, last) = place.split_once('-').unwrap_or((place, place));
    let (Ok(first), Ok(last)) = (first.trim().parse::<u32>(), last.trim().parse::<u32>()) else { return Ok(false) };
    let Some((log, _)) = open.store.chat(seat, evidence)? else { return Ok(false) };
    let has = |seq| Ok::<_, ClientError>(open.store.chat_row_by_seq(log, seq)?.is_some());
    Ok(first <= last && has(first)? && has(last)?)
}

/// A count from 1.
fn number(text: &str) -> Option<usize> {
    text.parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Machine, chat_body};
    use serde_json::json;

    #[test]
    fn citations_are_read_from_the_opinion_in_their_order() {
        let found: Vec<_> = citations("见 [[b-1]] 与 [[s-2#3]]，再看 [[ p-1 # 12-15 ]]；[[坏]] [[#4]] [[b-1")
            .map(|citation| (citation.evidence.to_string(), citation.place))
            .collect();
        let expected = [("b-1", None), ("s-2", Some("3")), ("p-1", Some("12-15"))];
        assert_eq!(found, expected.map(|(id, place)| (id.to_owned(), place)), "what is no id is text");
    }

    #[test]
    fn a_picture_beside_a_text_has_a_place_of_its_own() {
        let machine = Machine::with(&[
            (
                "p-1",
                "chat_log",
                chat_body(json!([{"seq": 1, "from": "b", "text": "a"}, {"seq": 2, "from": "b", "text": "a"}])),
            ),
            ("b-1", "statement", json!({"kind": "statement", "side": "buyer", "paragraphs": ["a"]})),
            ("b-2", "image", json!({})),
            ("b-3", "brand_mark", json!({"kind": "document", "title": "a", "issuer": "b"})),
        ]);
        let mut document = room::room(&machine.open, &machine.seat).expect("a case").document.clone();
        let file = json!({"path": "evidence/a.jpg", "sha256": "ab".repeat(32), "bytes": 1, "media_type": "image/jpeg"});
        for piece in &mut document.case.evidence {
            let picture = json!({"original": file, "name": "a.jpg", "width": 4, "height": 3});
            piece.media = vec![serde_json::from_value(picture).expect("a picture"); 3];
            if piece.kind == EvidenceKind::Image {
                piece.body = None;
            }
        }
        let good = |place: &str| cited(&machine.open, &machine.seat, &document, &format!("[[{place}]]")).is_ok();
        for place in
            ["p-1#picture-1", "p-1#picture-3", "p-1#2", "b-1#picture-3", "b-1#1", "b-2#3", "b-2#picture-3", "b-3#3"]
        {
            assert!(good(place), "{place} is there");
        }
        for place in [
            "p-1#picture-4",
            "p-1#picture-0",
            "p-1#picture-",
            "p-1#3",
            "b-1#picture-4",
            "b-1#2",
            "b-2#4",
            "b-2#picture-4",
            "b-3#4",
        ] {
            assert!(!good(place), "{place} names nothing, a message or paragraph least of all");
        }
    }

    #[test]
    fn a_citation_of_what_the_case_does_not_have_is_refused() {
        let message = |seq: u32| json!({"seq": seq, "from": "b", "text": "a"});
        let paragraph = |number: &str| json!({"number": number, "text": "a"});
        let rule = json!({"kind": "rule_text", "title": "t", "version": "2", "paragraphs": [paragraph("4"), paragraph("4-2")],
                          "replaces": {"version": "1", "paragraphs": [paragraph("4.3")]}});
        let machine = Machine::with(&[
            ("p-1", "chat_log", chat_body(json!([message(1), message(2), message(5)]))),
            ("p-2", "rule_text", rule),
            ("b-1", "statement", json!({"kind": "statement", "side": "buyer", "paragraphs": ["a", "b"]})),
            (
                "p-3",
                "payment_refund",
                json!({"kind": "payment_refund", "payments": [{"kind": "payment", "amount": {"minor": 100, "currency": "CNY"}}]}),
            ),
        ]);
        let case = room::room(&machine.open, &machine.seat).expect("a case");
        let check = |opinion: &str| {
            cited(&machine.open, &machine.seat, &case.document, opinion)
                .map(|ids| ids.into_iter().map(String::from).collect::<Vec<_>>())
        };
        let good =
            "[[p-1]] [[p-1#5]] [[p-1#2-5]] [[p-2#4]] [[p-2#4-2]] [[p-2#4.3]] [[b-1#2]] [[b-1]] [[p-3#payment-1]]";
        assert_eq!(check(good).expect("all exist"), ["p-1", "p-2", "b-1", "p-3"], "each piece once, in order");
        for bad in [
            "b-9",
            "p-1#3",
            "p-1#1-3",
            "p-1#5-2",
            "p-1#",
            "p-1#x",
            "p-2#5",
            "b-1#0",
            "b-1#3",
            "p-1#-1",
            "p-3#payment-2",
            "p-3#payment-0",
            "p-3#scan-1",
            "b-1#payment-1",
        ] {
            let error = check(&format!("[[p-1]] [[{bad}]]")).expect_err("no such place");
            assert_eq!(error.code(), "citation_unknown", "{bad}");
            assert!(!error.retry(), "trying again does not help");
            assert!(!error.to_string().contains("[["), "what the reviewer wrote is not in an error: {error}");
        }
    }
}
