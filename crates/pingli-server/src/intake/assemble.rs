//! From a checked folder to a case document and the files of its pack.

use super::{
    CaseFolder, IntakeFault,
    check::{body_fits, body_kind, check_case, check_chat},
    format::{EvidenceEntry, MediaEntry, NOT_OF_THIS_KIND},
};
use pingli_media::{Damage, Intake, RenderRequest, WorkerPool};
use pingli_protocol::{
    CASE_FORMAT, Sha256,
    case::{Case, CaseDocument, Side},
    case_type::CaseType,
    evidence::{
        ContentCredentials, CredentialsState, Evidence, EvidenceBody, EvidenceFile, EvidenceKind, EvidenceNumber,
        ExifFacts, MediaDamage, MediaFile,
    },
    limits::JsonLimits,
    seat::{CaseCard, ConflictCard, EvidenceCount},
};
use std::collections::{BTreeMap, BTreeSet};

/// A file of a pack on its way to the store.
pub struct SourceBytes {
    /// Its hash.
    pub sha256: Sha256,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A case that is ready to be packed.
pub struct Assembled {
    /// The document.
    pub document: CaseDocument,
    /// What seats show of it.
    pub card: CaseCard,
    /// The hash over the intake folder's files.
    pub intake: Sha256,
}

/// Reads and checks everything of a case. Each file of the pack goes to `keep` once, as soon as it
/// is known. Without workers no picture is decoded: enough to check a folder.
pub(crate) fn assemble(
    mut folder: CaseFolder,
    case_type: &CaseType,
    workers: Option<&WorkerPool>,
    keep: &mut dyn FnMut(SourceBytes) -> Result<(), IntakeFault>,
) -> Result<Assembled, IntakeFault> {
    check_case(&folder, case_type)?;
    let entries = std::mem::take(&mut folder.case.evidence);
    let mut builder = Builder { folder, workers, keep, media: BTreeMap::new(), chat_messages: 0 };
    let mut counts: BTreeMap<Side, u32> = BTreeMap::new();
    let mut card_counts: Vec<EvidenceCount> = Vec::new();
    let mut evidence = Vec::with_capacity(entries.len());
    for (i, entry) in entries.into_iter().enumerate() {
        let n = counts.entry(entry.side).and_modify(|n| *n += 1).or_insert(1);
        let number = EvidenceNumber { side: entry.side, n: *n };
        let piece = builder.piece(entry, number, i)?;
        let count = match piece.kind {
            EvidenceKind::ChatLog => builder.chat_messages,
            EvidenceKind::Image => u32::try_from(piece.media.len()).unwrap_or(u32::MAX),
            _ => 1,
        };
        match card_counts.iter_mut().find(|counted| counted.kind == piece.kind) {
            Some(counted) => counted.count += count,
            None => card_counts.push(EvidenceCount { kind: piece.kind, count }),
        }
        evidence.push(piece);
    }
    let intake = builder.folder.hash();
    let case = builder.folder.case;
    let vote_system = case.vote_system.unwrap_or_else(|| case_type.vote_system.clone());
    let card = CaseCard {
        title: case.title.clone(),
        case_type: case_type.code.clone(),
        language: case.language,
        estimated_minutes: case_type.estimated_minutes,
        evidence: card_counts,
        disputed: case.disputed.clone(),
        vote_system: vote_system.clone(),
        conflict: ConflictCard {
            parties: case.parties.clone(),
            category: case.conflict.category,
            shop: case.conflict.shop,
            region: case.conflict.region,
        },
        sensitivity: case.sensitivity.clone(),
    };
    let case = Case {
        id: case.id,
        round: 1,
        title: case.title,
        summary: case.summary,
        language: case.language,
        time_zone: case.time_zone,
        rule_version: case.rule_version,
        parties: case.parties,
        claims: case.claims,
        issues: case.issues,
        evidence,
        events: case.events,
        key_dates: case.key_dates,
        disputed: case.disputed,
        consequences: case.consequences,
        sensitivity: case.sensitivity,
        example: case.example,
    };
    let document = CaseDocument { format: CASE_FORMAT, case, case_type: case_type.clone(), vote_system };
    Ok(Assembled { document, card, intake })
}

struct Builder<'a> {
    folder: CaseFolder,
    workers: Option<&'a WorkerPool>,
    keep: &'a mut dyn FnMut(SourceBytes) -> Result<(), IntakeFault>,
    /// What is known of each media file, by its path in the folder: several pieces may show it.
    media: BTreeMap<String, MediaFile>,
    /// Messages of the chat that was read last.
    chat_messages: u32,
}

impl Builder<'_> {
    fn piece(&mut self, entry: EvidenceEntry, number: EvidenceNumber, i: usize) -> Result<Evidence, IntakeFault> {
        let mut media = Vec::with_capacity(entry.media.len());
        for (m, named) in entry.media.iter().enumerate() {
            media.push(self.media_file(named, &format!("evidence[{i}].media[{m}].file"))?);
        }
        let body = self.body(&entry, i)?;
        Ok(Evidence {
            id: entry.id,
            number,
            kind: entry.kind,
            title: entry.title,
            purpose: entry.purpose,
            submitted_at: entry.submitted_at,
            grade: entry.grade,
            body,
            media,
            redactions: entry.redactions,
            sensitivity: entry.sensitivity,
            transcript: entry.transcript,
            translation: entry.translation,
        })
    }

    fn body(&mut self, entry: &EvidenceEntry, i: usize) -> Result<Option<EvidenceFile>, IntakeFault> {
        let (mut body, file, prefix) = match (&entry.body, &entry.body_file) {
            (Some(value), _) => {
                let field = format!("evidence[{i}].body");
                let body: EvidenceBody = serde_path_to_error::deserialize(with_kind(value.clone(), entry.kind))
                    .map_err(|e| self.folder.fault(below(&field, e.path()), e.inner().to_string()))?;
                (body, "case.json".to_owned(), format!("{field}."))
            }
            (None, Some(file)) if entry.kind == EvidenceKind::ChatLog => {
                let chat = self.folder.read_chat(file, &format!("evidence[{i}].body_file"))?;
                let chat = chat.into_log().map_err(|reason| self.folder.fault_in(file, "kind", reason))?;
                (EvidenceBody::ChatLog(chat), file.clone(), String::new())
            }
            (None, Some(file)) => {
                let value = self.folder.read_json(file, &format!("evidence[{i}].body_file"))?;
                let body: EvidenceBody =
                    serde_path_to_error::deserialize(with_kind(value, entry.kind)).map_err(|e| {
                        let field = e.path().to_string().trim_matches('.').to_owned();
                        self.folder.fault_in(file, field, e.inner().to_string())
                    })?;
                (body, file.clone(), String::new())
            }
            (None, None) => return Ok(None),
        };
        if !body_fits(entry.kind, &body) {
            return Err(self.folder.fault_in(&file, format!("{prefix}kind"), NOT_OF_THIS_KIND));
        }
        if let EvidenceBody::ChatLog(chat) = &mut body {
            let files: BTreeSet<String> = entry.media.iter().map(|media| media.file.clone()).collect();
            check_chat(chat, &files)
                .map_err(|(field, reason)| self.folder.fault_in(&file, format!("{prefix}{field}"), reason))?;
            self.chat_messages = u32::try_from(chat.messages.len()).unwrap_or(u32::MAX);
            // Inside the pack messages name the pack's own paths.
            for named in chat.messages.iter_mut().flat_map(|message| &mut message.media) {
                if let Some(known) = self.media.get(named) {
                    named.clone_from(&known.original.path);
                }
            }
        }
        let text = serde_json::to_string(&body).map_err(|e| self.folder.fault_in(&file, "", e.to_string()))?;
        if !matches!(body, EvidenceBody::ChatLog(_)) {
            // A reviewer's program would not read it; chats are read as streams.
            JsonLimits::DOCUMENT.check(text.as_bytes()).map_err(|e| self.folder.fault_in(&file, "", e.to_string()))?;
        }
        let path = format!("evidence/{}/body.json", entry.id);
        self.store(path, text.into_bytes(), "application/json").map(Some)
    }

    fn media_file(&mut self, named: &MediaEntry, field: &str) -> Result<MediaFile, IntakeFault> {
        let mut media = match self.media.get(&named.file) {
            Some(known) => known.clone(),
            None => {
                let read = self.read_media(&named.file, field)?;
                self.media.insert(named.file.clone(), read.clone());
                read
            }
        };
        media.caption.clone_from(&named.caption);
        media.group = named.group;
        media.at_ms = named.at_ms;
        media.sensitivity.clone_from(&named.sensitivity);
        Ok(media)
    }

    fn read_media(&mut self, file: &str, field: &str) -> Result<MediaFile, IntakeFault> {
        let bytes = self.folder.read_media(file, field)?;
        let Intake { facts, picture, full } = match self.workers {
            Some(workers) => workers
                .intake(&bytes, &RenderRequest::default())
                .map_err(|e| self.folder.fault_in(file, "", e.to_string()))?,
            None => Intake {
                facts: pingli_media::MediaFacts {
                    media_type: pingli_media::sniff(&bytes).to_owned(),
                    ..Default::default()
                },
                picture: None,
                full: None,
            },
        };
        // Named by content: no name of the folder can do harm in the pack, and one file that is
        // shown twice is stored once.
        let stem = Sha256::of(&bytes).to_string()[..32].to_owned();
        let original =
            self.store(format!("media/{stem}.{}", extension(&facts.media_type)), bytes, &facts.media_type)?;
        let damage = facts.damage.or(picture.as_ref().and_then(|picture| picture.damage));
        let preview = match picture {
            Some(picture) => Some(self.store(format!("previews/{stem}.jpg"), picture.jpeg, "image/jpeg")?),
            None => None,
        };
        let full = match full {
            Some(full) => Some(self.store(format!("full/{stem}.jpg"), full.jpeg, "image/jpeg")?),
            None => None,
        };
        Ok(MediaFile {
            original,
            preview,
            full,
            pages: facts.pages,
            credentials: facts.credentials.map(credentials),
            name: file.rsplit('/').next().unwrap_or(file).to_owned(),
            caption: String::new(),
            group: None,
            width: facts.width,
            height: facts.height,
            exif: facts.exif.map(exif_facts),
            perceptual_hash: facts.perceptual_hash,
            at_ms: None,
            damage: damage.map(media_damage),
            sensitivity: Vec::new(),
        })
    }

    fn store(&mut self, path: String, bytes: Vec<u8>, media_type: &str) -> Result<EvidenceFile, IntakeFault> {
        let file = EvidenceFile {
            path,
            sha256: Sha256::of(&bytes),
            bytes: bytes.len() as u64,
            media_type: media_type.to_owned(),
        };
        (self.keep)(SourceBytes { sha256: file.sha256, bytes })?;
        Ok(file)
    }
}

/// A body that does not say how it reads is taken as its evidence's kind says.
fn with_kind(mut body: serde_json::Value, kind: EvidenceKind) -> serde_json::Value {
    if let Some(fields) = body.as_object_mut()
        && !fields.contains_key("kind")
    {
        fields.insert("kind".to_owned(), body_kind(kind).into());
    }
    body
}

/// The field that an error inside a body is about.
fn below(field: &str, path: &serde_path_to_error::Path) -> String {
    match path.to_string().as_str() {
        "." => field.to_owned(),
        inner => format!("{field}.{inner}"),
    }
}

fn exif_facts(facts: pingli_media::ExifFacts) -> ExifFacts {
    ExifFacts {
        captured_at: facts.captured_at.and_then(|text| text.parse().ok()),
        captured_local: facts.captured_local,
        modified_local: facts.modified_local,
        make: facts.make,
        model: facts.model,
        software: facts.software,
        orientation: facts.orientation,
        has_position: facts.has_position,
    }
}

fn credentials(found: pingli_media::Credentials) -> ContentCredentials {
    let state = match found.state {
        pingli_media::CredentialsState::Valid => CredentialsState::Valid,
        pingli_media::CredentialsState::UnknownSigner => CredentialsState::UnknownSigner,
        pingli_media::CredentialsState::Invalid => CredentialsState::Invalid,
    };
    ContentCredentials {
        state,
        signer: found.signer,
        signed_at: found.signed_at,
        generator: found.generator,
        actions: found.actions,
        faults: found.faults,
    }
}

const fn media_damage(damage: Damage) -> MediaDamage {
    match damage {
        Damage::Partial => MediaDamage::Partial,
        Damage::Unreadable => MediaDamage::Unreadable,
        Damage::Unsupported => MediaDamage::Unsupported,
        Damage::TooLarge => MediaDamage::TooLarge,
    }
}

fn extension(media_type: &str) -> &'static str {
    match media_type {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/tiff" => "tiff",
        "image/bmp" => "bmp",
        "image/heic" | "image/heif" => "heic",
        "image/avif" => "avif",
        "application/pdf" => "pdf",
        _ => "bin",
    }
}
