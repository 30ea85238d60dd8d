//! The files of an intake folder, field by field. Fields that are not known are refused: a
//! misspelt one would otherwise be lost in silence.

use pingli_protocol::{
    CaseId, CaseTypeCode, EvidenceId, Lang, Localized, OptionId, Stamp,
    case::{CaseEvent, Claim, Issue, KeyDate, Party, Sensitivity, Side},
    case_type::CaseType,
    chat::{ChatLog, ChatMessage, ChatParticipant},
    evidence::{EvidenceKind, MediaGroup, SourceGrade},
    money::Money,
    vote::VoteSystem,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The only format there is.
pub(crate) const FORMAT: u32 = 1;

/// `docket.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DocketFile {
    pub(crate) format: u32,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) case_types: Vec<CaseType>,
}

/// `case.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseFile {
    pub(crate) format: u32,
    pub(crate) id: CaseId,
    #[serde(rename = "type")]
    pub(crate) case_type: CaseTypeCode,
    pub(crate) language: Lang,
    pub(crate) time_zone: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) rule_version: String,
    pub(crate) parties: Vec<Party>,
    #[serde(default)]
    pub(crate) claims: Vec<Claim>,
    pub(crate) issues: Vec<Issue>,
    pub(crate) evidence: Vec<EvidenceEntry>,
    #[serde(default)]
    pub(crate) events: Vec<CaseEvent>,
    #[serde(default)]
    pub(crate) key_dates: Vec<KeyDate>,
    #[serde(default)]
    pub(crate) disputed: Option<Money>,
    #[serde(default)]
    pub(crate) consequences: BTreeMap<OptionId, String>,
    #[serde(default)]
    pub(crate) sensitivity: Vec<Sensitivity>,
    #[serde(default)]
    pub(crate) conflict: ConflictEntry,
    #[serde(default)]
    pub(crate) vote_system: Option<VoteSystem>,
    #[serde(default)]
    pub(crate) example: bool,
}

/// What the conflict card shows beside the parties.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConflictEntry {
    #[serde(default)]
    pub(crate) category: String,
    #[serde(default)]
    pub(crate) shop: String,
    #[serde(default)]
    pub(crate) region: String,
}

/// One piece of evidence.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EvidenceEntry {
    pub(crate) id: EvidenceId,
    pub(crate) side: Side,
    pub(crate) kind: EvidenceKind,
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) purpose: String,
    #[serde(default)]
    pub(crate) submitted_at: Option<Stamp>,
    pub(crate) grade: SourceGrade,
    #[serde(default)]
    pub(crate) body: Option<serde_json::Value>,
    #[serde(default)]
    pub(crate) body_file: Option<String>,
    #[serde(default)]
    pub(crate) media: Vec<MediaEntry>,
    #[serde(default)]
    pub(crate) redactions: Vec<String>,
    #[serde(default)]
    pub(crate) sensitivity: Vec<Sensitivity>,
    #[serde(default)]
    pub(crate) transcript: Option<String>,
    #[serde(default)]
    pub(crate) translation: Option<Localized>,
}

/// One media file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MediaEntry {
    pub(crate) file: String,
    #[serde(default)]
    pub(crate) caption: String,
    #[serde(default)]
    pub(crate) group: Option<MediaGroup>,
    #[serde(default)]
    pub(crate) at_ms: Option<u64>,
    #[serde(default)]
    pub(crate) sensitivity: Vec<Sensitivity>,
}

/// A chat log in a file of its own. It may say what it is, or leave that to its evidence's kind.
#[derive(Deserialize)]
pub(crate) struct ChatFile {
    #[serde(default)]
    kind: Option<String>,
    platform: String,
    participants: Vec<ChatParticipant>,
    time_zone: String,
    complete: bool,
    messages: Vec<ChatMessage>,
}

/// Why a body is refused that reads, but not as what its evidence is.
pub(crate) const NOT_OF_THIS_KIND: &str = "is not a body of this kind of evidence";

impl ChatFile {
    /// The chat log, unless the file says that it is something else.
    pub(crate) fn into_log(self) -> Result<ChatLog, &'static str> {
        let Self { kind, platform, participants, time_zone, complete, messages } = self;
        if kind.is_some_and(|kind| kind != "chat_log") {
            return Err(NOT_OF_THIS_KIND);
        }
        Ok(ChatLog { platform, participants, time_zone, complete, messages })
    }
}
