//! A case: the question, who disputes what, and everything a panel may see of it.

use crate::{
    CaseId, EvidenceId, IssueId, Lang, OptionId, Stamp, case_type::CaseType, evidence::Evidence, money::Money,
    private_debug, vote::VoteSystem,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;
use utoipa::ToSchema;

/// The side of a party. The screen always names it; claimant and respondent are roles in the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// 买家, B.
    Buyer,
    /// 卖家, S.
    Seller,
    /// 申诉方, A.
    Appellant,
    /// 举报人, R.
    Reporter,
    /// 权利人, O.
    Owner,
    /// 平台, P.
    Platform,
}

impl Side {
    /// The character that begins an evidence number in Chinese: 买1.
    #[must_use]
    pub const fn mark(self) -> char {
        match self {
            Self::Buyer => '买',
            Self::Seller => '卖',
            Self::Appellant => '申',
            Self::Reporter => '举',
            Self::Owner => '权',
            Self::Platform => '平',
        }
    }

    /// The letter that begins an evidence number in English: B-1.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Buyer => 'B',
            Self::Seller => 'S',
            Self::Appellant => 'A',
            Self::Reporter => 'R',
            Self::Owner => 'O',
            Self::Platform => 'P',
        }
    }
}

/// What a pack holds beside its files: the case, its type and its vote system, so that a pack can
/// be read with no server at all.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CaseDocument {
    /// The version of this document's format, [`crate::CASE_FORMAT`].
    pub format: u32,
    /// The case.
    pub case: Case,
    /// The case's type, as it was when the pack was built.
    pub case_type: CaseType,
    /// The vote system of this round.
    pub vote_system: VoteSystem,
}

/// One question put to a panel, with all that the panel may see.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Case {
    /// The case number.
    pub id: CaseId,
    /// The round: 1, and one more after each re-entry.
    pub round: u32,
    /// A neutral title.
    pub title: String,
    /// What the case is about, in two or three neutral sentences.
    pub summary: String,
    /// The language that the case is written in.
    pub language: Lang,
    /// The IANA time zone the platform keeps its records in, such as `Asia/Shanghai`.
    pub time_zone: String,
    /// The version of the rules that apply; a ballot repeats it.
    pub rule_version: String,
    /// Who takes part; the one who asks first.
    pub parties: Vec<Party>,
    /// What each party asks for.
    pub claims: Vec<Claim>,
    /// The points in dispute.
    pub issues: Vec<Issue>,
    /// The evidence, in the order of the index.
    pub evidence: Vec<Evidence>,
    /// Events that no piece of evidence shows by itself: claims, listing changes, platform acts.
    pub events: Vec<CaseEvent>,
    /// The dates that matter.
    pub key_dates: Vec<KeyDate>,
    /// What is in dispute, in money, where that can be said.
    #[serde(default)]
    pub disputed: Option<Money>,
    /// What follows from an option in this very case, such as "退回 ¥689.00".
    #[serde(default)]
    pub consequences: BTreeMap<OptionId, String>,
    /// What a reader may want to be warned of.
    #[serde(default)]
    pub sensitivity: Vec<Sensitivity>,
    /// Whether this is a plainly marked example.
    #[serde(default)]
    pub example: bool,
}

private_debug!(CaseDocument, Case, Party, Claim, Issue, CaseEvent);

/// One who takes part in a case; never a real name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Party {
    /// The side.
    pub side: Side,
    /// Who asks and who answers.
    pub role: Role,
    /// A masked name, such as `林**`.
    pub alias: String,
}

/// A party's role in the data; the screen names the side instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Asks.
    Claimant,
    /// Answers.
    Respondent,
    /// Keeps the records.
    Neutral,
}

/// What a party asks for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Claim {
    /// Who asks.
    pub side: Side,
    /// What for.
    pub text: String,
    /// How much of it is money.
    #[serde(default)]
    pub amount: Option<Money>,
    /// When it was filed.
    #[serde(default)]
    pub filed_at: Option<Stamp>,
}

/// A point in dispute.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Issue {
    /// The issue's id within the case.
    pub id: IssueId,
    /// The point, as a question.
    pub text: String,
    /// Who bears the burden of proof, where the rules say so.
    #[serde(default)]
    pub burden: Option<Side>,
}

/// An event that no piece of evidence shows by itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CaseEvent {
    /// When.
    pub at: Stamp,
    /// What kind of event.
    pub kind: CaseEventKind,
    /// Whose act it was.
    #[serde(default)]
    pub side: Option<Side>,
    /// What happened, in one neutral sentence.
    pub text: String,
    /// The evidence that bears it out.
    #[serde(default)]
    pub evidence: Option<EvidenceId>,
}

/// A kind of case event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseEventKind {
    /// A party filed a claim, an appeal or a report.
    Claim,
    /// A listing changed.
    ListingChange,
    /// The platform acted: a notice, a penalty, a staff entry.
    PlatformAct,
    /// A parcel moved.
    Shipping,
    /// Money moved.
    Payment,
    /// A party did something else.
    PartyAct,
}

/// A date that the rules look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct KeyDate {
    /// Which one.
    pub kind: KeyDateKind,
    /// When.
    pub at: Stamp,
}

/// Which date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyDateKind {
    /// The order was placed.
    Ordered,
    /// The order was paid.
    Paid,
    /// Dispatch was promised by then.
    DispatchPromised,
    /// The first scan of the parcel.
    Dispatched,
    /// The parcel was handed over.
    Delivered,
    /// The buyer confirmed receipt.
    ReceiptConfirmed,
    /// A return was filed.
    ReturnFiled,
    /// A refund was paid.
    Refunded,
    /// A review was published.
    Reviewed,
    /// A penalty was imposed.
    Penalised,
    /// An appeal was filed.
    AppealFiled,
    /// A report or complaint was filed.
    ReportFiled,
    /// A mark or a copyright was registered.
    Registered,
}

/// What a reader may want to be warned of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Injuries or blood.
    Injury,
    /// A person's body.
    Body,
    /// A child.
    Child,
    /// Insects, mould, rot.
    Disgust,
    /// Coarse language.
    Language,
    /// Medical matters.
    Medical,
}

impl Case {
    /// Finds a piece of evidence by its id.
    #[must_use]
    pub fn evidence(&self, id: &EvidenceId) -> Option<&Evidence> {
        self.evidence.iter().find(|evidence| evidence.id == *id)
    }

    /// The date of a kind, where the case has one.
    #[must_use]
    pub fn key_date(&self, kind: KeyDateKind) -> Option<Stamp> {
        self.key_dates.iter().find(|date| date.kind == kind).map(|date| date.at)
    }
}
