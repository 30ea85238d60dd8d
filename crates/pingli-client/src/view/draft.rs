//! The worksheet and the ballot while they are being written. Private: only what a ballot carries
//! ever leaves the machine.

use pingli_protocol::{
    EvidenceId, IssueId, OptionId, ReasonCode,
    ballot::{Finding, IssueFinding},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything a reviewer wrote about one seat.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Draft {
    /// The choice; none by default.
    pub choice: Option<OptionId>,
    /// Reason codes.
    pub reason_codes: Vec<ReasonCode>,
    /// The opinion. A citation is written `[[evidence-id]]` and shown as the evidence's number;
    /// `[[evidence-id#12]]` cites a place in it: the `seq` of a message, the number of a paragraph, or
    /// of a picture from 1 where there is no text beside it; `#12-15` a run of messages, `#scan-4` a
    /// line of an order, `#picture-4` a picture beside a text.
    pub opinion: String,
    /// Findings per issue; they go with the ballot.
    pub findings: Vec<IssueFinding>,
    /// Findings per evidence and issue; private.
    pub matrix: Vec<MatrixCell>,
    /// Findings per evidence as a whole; private.
    pub evidence_findings: Vec<EvidenceFinding>,
    /// Notes; private.
    pub notes: Vec<Note>,
    /// How sure, 1 to 5; private.
    pub confidence: Option<u8>,
    /// Neutral observations put aside.
    pub dismissed: Vec<String>,
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Draft {..}")
    }
}

/// Whom a piece of evidence favours on an issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MatrixCell {
    /// The issue.
    pub issue: IssueId,
    /// The evidence.
    pub evidence: EvidenceId,
    /// The finding.
    pub finding: Finding,
}

/// Whom a piece of evidence favours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EvidenceFinding {
    /// The evidence.
    pub evidence: EvidenceId,
    /// The finding.
    pub finding: Finding,
}

/// A private note, anchored or free.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Note {
    /// The note's id, made in the window.
    pub id: String,
    /// The text.
    pub text: String,
    /// Where it is anchored.
    #[serde(default)]
    pub anchor: Option<Anchor>,
}

impl std::fmt::Debug for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Note {..}")
    }
}

/// A place in the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Anchor {
    /// A piece of evidence as a whole.
    Evidence {
        /// Which.
        evidence: EvidenceId,
    },
    /// A message of a chat log.
    Message {
        /// The chat log.
        evidence: EvidenceId,
        /// The message.
        seq: u32,
    },
    /// A picture.
    Picture {
        /// The evidence.
        evidence: EvidenceId,
        /// The picture's index.
        index: u32,
    },
    /// A region of a picture or of a page, in ten-thousandths of the upright picture's sides.
    Region {
        /// The evidence.
        evidence: EvidenceId,
        /// The picture's index.
        index: u32,
        /// The page of a PDF, from 0; 0 for a picture.
        page: u32,
        /// From the left, 0 to 10,000.
        x: u32,
        /// From the top, 0 to 10,000.
        y: u32,
        /// Across.
        width: u32,
        /// Down.
        height: u32,
    },
    /// A line of an order, of a payment history or of a parcel's scans.
    Line {
        /// The evidence.
        evidence: EvidenceId,
        /// Which list.
        part: OrderPart,
        /// The place in it, from 0. Scans are counted through all parcels.
        index: u32,
    },
    /// A paragraph of a rule.
    Paragraph {
        /// The rule.
        evidence: EvidenceId,
        /// The paragraph's number.
        number: String,
    },
}

/// A list of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OrderPart {
    /// The items.
    Item,
    /// The lines of the bill.
    Amount,
    /// Payments and refunds.
    Payment,
    /// Scans of parcels.
    Scan,
    /// States of the order.
    Status,
}
