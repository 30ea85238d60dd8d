//! Statements, listings, reviews, rule texts, and forms of every kind, field by field.

use crate::{Stamp, case::Side, money::Money, order::Attribute, private_debug};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What a party says: 情况说明 or 申诉理由.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Statement {
    /// Whose words.
    pub side: Side,
    /// When they were submitted.
    #[serde(default)]
    pub at: Option<Stamp>,
    /// The text, a paragraph each.
    pub paragraphs: Vec<String>,
}

/// A listing as it stood at some time.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ListingSnapshot {
    /// When the snapshot was taken.
    #[serde(default)]
    pub taken_at: Option<Stamp>,
    /// The listing's title.
    pub title: String,
    /// The shop's masked name.
    #[serde(default)]
    pub shop: String,
    /// The category, from the root to the leaf.
    #[serde(default)]
    pub category: Vec<String>,
    /// The price.
    #[serde(default)]
    pub price: Option<Money>,
    /// Attributes.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    /// Promises the listing makes: dispatch within 48 hours, seven days to return.
    #[serde(default)]
    pub promises: Vec<String>,
    /// The description, a paragraph each.
    #[serde(default)]
    pub paragraphs: Vec<String>,
    /// Sales and other figures shown on the page.
    #[serde(default)]
    pub figures: Vec<Attribute>,
}

/// A review and what followed it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Review {
    /// When it was published.
    #[serde(default)]
    pub at: Option<Stamp>,
    /// Stars, 1 to 5, where the platform has them.
    #[serde(default)]
    pub stars: Option<u8>,
    /// Good, medium or poor, where the platform has that.
    #[serde(default)]
    pub rating: Option<Rating>,
    /// The item as the review names it.
    #[serde(default)]
    pub item: String,
    /// The text.
    pub text: String,
    /// What followed.
    #[serde(default)]
    pub replies: Vec<ReviewReply>,
}

/// Good, medium or poor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// 好评.
    Good,
    /// 中评.
    Medium,
    /// 差评.
    Poor,
}

/// A reply to a review, or the reviewer's own addition.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ReviewReply {
    /// Who wrote it.
    pub side: Side,
    /// When.
    #[serde(default)]
    pub at: Option<Stamp>,
    /// The text.
    pub text: String,
}

/// The text of a rule.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RuleText {
    /// The title.
    pub title: String,
    /// The version.
    pub version: String,
    /// From when it applies, a date such as `2026-03-01`.
    #[serde(default)]
    pub effective_from: Option<String>,
    /// Whom and what it covers.
    #[serde(default)]
    pub scope: String,
    /// What it is for, where its makers say so.
    #[serde(default)]
    pub purpose: String,
    /// The paragraphs.
    pub paragraphs: Vec<RuleParagraph>,
    /// The numbers of the paragraphs that apply to this case.
    #[serde(default)]
    pub applies: Vec<String>,
    /// The text it replaces, to be read side by side.
    #[serde(default)]
    pub replaces: Option<ReplacedRule>,
}

/// The text that a rule replaces.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ReplacedRule {
    /// The version.
    pub version: String,
    /// The paragraphs.
    pub paragraphs: Vec<RuleParagraph>,
}

/// A paragraph of a rule.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RuleParagraph {
    /// The number, such as `4` or `4.2`.
    pub number: String,
    /// A heading.
    #[serde(default)]
    pub heading: String,
    /// The text.
    pub text: String,
}

/// Any form: a violation notice, a report, a registration, a credit snapshot, a brief.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Document {
    /// The title.
    pub title: String,
    /// Who issued it.
    #[serde(default)]
    pub issuer: String,
    /// When it was issued.
    #[serde(default)]
    pub issued_at: Option<Stamp>,
    /// Labelled fields.
    #[serde(default)]
    pub fields: Vec<Attribute>,
    /// Text under headings.
    #[serde(default)]
    pub sections: Vec<Section>,
    /// Tables.
    #[serde(default)]
    pub tables: Vec<Table>,
}

/// Text under a heading.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Section {
    /// The heading.
    #[serde(default)]
    pub heading: String,
    /// The text, a paragraph each.
    pub paragraphs: Vec<String>,
}

/// A table of texts and figures.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Table {
    /// What it shows, with units.
    #[serde(default)]
    pub caption: String,
    /// Column heads.
    pub head: Vec<String>,
    /// Rows, as wide as the head.
    pub rows: Vec<Vec<String>>,
}

private_debug!(
    Statement,
    ListingSnapshot,
    Review,
    ReviewReply,
    RuleText,
    ReplacedRule,
    RuleParagraph,
    Document,
    Section,
    Table,
);
