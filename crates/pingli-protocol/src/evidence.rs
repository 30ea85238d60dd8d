//! Evidence: what it is, who submitted it, and where its bytes are. Structured kinds (chat, order,
//! rule text and so on) have a body, a JSON file; pictures and documents are media files.

use crate::{
    EvidenceId, Localized, Sha256, Stamp,
    case::{Sensitivity, Side},
    chat::ChatLog,
    document::{Document, ListingSnapshot, Review, RuleText, Statement},
    order::{Logistics, Order, PaymentHistory},
    private_debug,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A kind of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// What a party says.
    Statement,
    /// A chat log.
    ChatLog,
    /// One picture or several.
    Image,
    /// A video, shown as timed stills.
    Video,
    /// A document: a form, or a PDF.
    Document,
    /// An order.
    Order,
    /// Payments and refunds.
    PaymentRefund,
    /// Shipments and their scans.
    Logistics,
    /// A listing as it stood at some time.
    ListingSnapshot,
    /// A review and its replies.
    ReviewText,
    /// A violation notice.
    ViolationNotice,
    /// The text of a rule.
    RuleText,
    /// A report form.
    ReportForm,
    /// A brand mark.
    BrandMark,
    /// A registration of a mark, a patent or a copyright.
    Registration,
    /// A credit snapshot, shown collapsed and marked "not about this order".
    CreditSnapshot,
}

/// One numbered piece of evidence.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Evidence {
    /// The id within the case.
    pub id: EvidenceId,
    /// The number: side and count, such as 买1 or B-1.
    pub number: EvidenceNumber,
    /// The kind.
    pub kind: EvidenceKind,
    /// A short title for the index.
    pub title: String,
    /// What it is said to show, in the submitter's words.
    #[serde(default)]
    pub purpose: String,
    /// When it was submitted.
    #[serde(default)]
    pub submitted_at: Option<Stamp>,
    /// Where it comes from.
    pub grade: SourceGrade,
    /// The structured body, a JSON file that reads as an [`EvidenceBody`].
    #[serde(default)]
    pub body: Option<EvidenceFile>,
    /// Pictures, documents and stills.
    #[serde(default)]
    pub media: Vec<MediaFile>,
    /// What was taken out and why.
    #[serde(default)]
    pub redactions: Vec<String>,
    /// What a reader may want to be warned of.
    #[serde(default)]
    pub sensitivity: Vec<Sensitivity>,
    /// What a picture or recording says, typed out.
    #[serde(default)]
    pub transcript: Option<String>,
    /// A translation of the text in it.
    #[serde(default)]
    pub translation: Option<Localized>,
}

private_debug!(Evidence, EvidenceFile, MediaFile, EvidenceBody);

/// The number of a piece of evidence: its side and a count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, ToSchema)]
pub struct EvidenceNumber {
    /// Who submitted it; the platform for its own records.
    pub side: Side,
    /// The count, from 1.
    pub n: u32,
}

/// Where a piece of evidence comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceGrade {
    /// 平台记录.
    PlatformRecord,
    /// 当事人提交.
    PartySubmission,
    /// A third party, such as a carrier or a laboratory.
    ThirdParty,
    /// A public source.
    Public,
}

/// A file of the pack.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct EvidenceFile {
    /// The path below the pack's `data/`, such as `evidence/b-1/body.json`.
    pub path: String,
    /// The hash of the file's bytes.
    pub sha256: Sha256,
    /// The number of bytes.
    pub bytes: u64,
    /// The media type.
    pub media_type: String,
}

/// A picture, a document or a still, with what intake found out about it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct MediaFile {
    /// The original's bytes, as submitted.
    pub original: EvidenceFile,
    /// A rendition that a window can show (JPEG, orientation applied, at most 2,048 pixels on the
    /// long side); none when nothing could be decoded.
    #[serde(default)]
    pub preview: Option<EvidenceFile>,
    /// The original in full size as a JPEG, orientation applied, where the original is of a kind that
    /// takes long to decode (HEIC, TIFF); none for a JPEG.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub full: Option<EvidenceFile>,
    /// The number of pages of a PDF.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub pages: Option<u32>,
    /// Content credentials (C2PA) that the file carries. None means that it carries none, which says
    /// nothing about the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub credentials: Option<ContentCredentials>,
    /// The file's name as submitted, for display only.
    #[serde(default)]
    pub name: String,
    /// The caption.
    #[serde(default)]
    pub caption: String,
    /// Which pictures belong together.
    #[serde(default)]
    pub group: Option<MediaGroup>,
    /// Pixels across, orientation applied.
    #[serde(default)]
    pub width: u32,
    /// Pixels down, orientation applied.
    #[serde(default)]
    pub height: u32,
    /// What the camera wrote.
    #[serde(default)]
    pub exif: Option<ExifFacts>,
    /// The perceptual hash (64-bit difference hash), 16 hexadecimal digits.
    #[serde(default)]
    pub perceptual_hash: Option<String>,
    /// For a still: milliseconds from the start of the video.
    #[serde(default)]
    pub at_ms: Option<u64>,
    /// What went wrong while decoding, where something did.
    #[serde(default)]
    pub damage: Option<MediaDamage>,
    /// What a reader may want to be warned of.
    #[serde(default)]
    pub sensitivity: Vec<Sensitivity>,
}

/// Which pictures belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MediaGroup {
    /// Before.
    Before,
    /// After.
    After,
    /// As listed.
    Listing,
    /// As received.
    Received,
}

/// What went wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MediaDamage {
    /// A part could be read.
    Partial,
    /// Nothing could be read.
    Unreadable,
    /// The format is not one that can be shown.
    Unsupported,
    /// It would take more memory or time than is allowed.
    TooLarge,
}

/// What the content credentials (C2PA) of a file say. It is data about the file, not about the truth
/// of what it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ContentCredentials {
    /// Whether they hold.
    pub state: CredentialsState,
    /// The name in the signer's certificate, as it stands there.
    #[serde(default)]
    pub signer: Option<String>,
    /// When they were signed, RFC 3339, as the signer says.
    #[serde(default)]
    pub signed_at: Option<String>,
    /// The program or device that made the claim.
    #[serde(default)]
    pub generator: Option<String>,
    /// What was done to the picture, codes of the standard such as `c2pa.created` or `c2pa.edited`,
    /// in their order.
    #[serde(default)]
    pub actions: Vec<String>,
    /// Why they do not hold, codes of the standard such as `assertion.dataHash.mismatch`.
    #[serde(default)]
    pub faults: Vec<String>,
}

/// Whether content credentials hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CredentialsState {
    /// They hold, and the signer is on the list of known ones.
    Valid,
    /// They hold; the signer is not known here.
    UnknownSigner,
    /// They do not hold: the file or the credentials were changed.
    Invalid,
}

/// What a camera wrote into a picture. The place is never among it: only whether there was one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS, ToSchema)]
pub struct ExifFacts {
    /// When it was taken, with the offset the camera gave.
    #[serde(default)]
    pub captured_at: Option<Stamp>,
    /// When it was taken, where the camera gave no offset: local time, `2026-11-08T20:38:11`.
    #[serde(default)]
    pub captured_local: Option<String>,
    /// When the file was last changed, local time.
    #[serde(default)]
    pub modified_local: Option<String>,
    /// The maker of the camera.
    #[serde(default)]
    pub make: Option<String>,
    /// The camera's model.
    #[serde(default)]
    pub model: Option<String>,
    /// The program that wrote the file.
    #[serde(default)]
    pub software: Option<String>,
    /// The orientation tag, 1 to 8.
    #[serde(default)]
    pub orientation: Option<u8>,
    /// Whether the file has a position.
    #[serde(default)]
    pub has_position: bool,
}

/// The structured body of a piece of evidence.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EvidenceBody {
    /// What a party says.
    Statement(Statement),
    /// A chat log.
    ChatLog(ChatLog),
    /// An order.
    Order(Order),
    /// Payments and refunds.
    PaymentRefund(PaymentHistory),
    /// Shipments.
    Logistics(Logistics),
    /// A listing.
    ListingSnapshot(ListingSnapshot),
    /// A review.
    ReviewText(Review),
    /// A rule.
    RuleText(RuleText),
    /// Any form: a notice, a report, a registration, a credit snapshot, a brief.
    Document(Document),
}
