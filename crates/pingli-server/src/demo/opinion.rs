//! What a simulated reviewer thinks: a choice that leans as the case does, a reason that goes with
//! it, and an opinion that cites a piece of evidence, from texts that come with the program.

use crate::error::Result;
use pingli_protocol::{
    EvidenceId, Lang, OptionId, ReasonCode, Sha256,
    case::CaseDocument,
    case_type::OptionKind,
    evidence::{EvidenceKind, EvidenceNumber},
};
use rand::{Rng, seq::IndexedRandom as _};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Texts in Chinese and English.
#[derive(Deserialize)]
struct Texts {
    zh: Vec<String>,
    en: Vec<String>,
}

impl Texts {
    fn of(&self, lang: Lang) -> &[String] {
        if lang == Lang::En { &self.en } else { &self.zh }
    }
}

/// Everything that may be said.
#[derive(Deserialize)]
pub(crate) struct Phrases {
    openers: Texts,
    closers: Texts,
    reasons: BTreeMap<ReasonCode, Texts>,
}

/// What somebody thinks of a case.
pub(crate) struct Thought {
    pub(crate) choice: OptionId,
    pub(crate) reasons: Vec<ReasonCode>,
    pub(crate) opinion: String,
    pub(crate) cited: Vec<EvidenceId>,
}

impl Phrases {
    /// The texts that come with the program.
    pub(crate) fn built_in() -> Result<Self> {
        Ok(serde_json::from_str(include_str!("../../seed/opinions.json"))?)
    }

    /// Makes up somebody's mind.
    pub(crate) fn think(&self, document: &CaseDocument, rng: &mut impl Rng) -> Option<Thought> {
        let choice = choose(document, rng)?;
        let fitting: Vec<&ReasonCode> = document
            .case_type
            .reason_codes
            .iter()
            .filter(|reason| reason.options.is_empty() || reason.options.contains(&choice))
            .map(|reason| &reason.code)
            .collect();
        let reason = (*fitting.choose(rng)?).clone();
        let lang = document.case.language;
        let seen: Vec<_> = document.case.evidence.iter().filter(|e| e.kind != EvidenceKind::CreditSnapshot).collect();
        let evidence = seen.choose(rng)?;
        let spoken = self.reasons.get(&reason).and_then(|texts| texts.of(lang).choose(rng));
        // Not everybody writes.
        let (opinion, cited) = match spoken {
            Some(text) if rng.random_bool(0.75) => {
                let pick = |texts: &Texts, rng: &mut _| texts.of(lang).choose(rng).cloned().unwrap_or_default();
                let (opener, closer) = (pick(&self.openers, rng), pick(&self.closers, rng));
                let text = text.replace("{e}", &label(evidence.number, lang));
                (format!("{opener}{text}{closer}").trim().to_owned(), vec![evidence.id.clone()])
            }
            _ => (String::new(), Vec::new()),
        };
        Some(Thought { choice, reasons: vec![reason], opinion, cited })
    }
}

/// Chooses an option. Each case leans one way, by its id, so that verdicts differ.
fn choose(document: &CaseDocument, rng: &mut impl Rng) -> Option<OptionId> {
    let options = &document.case_type.options;
    let (undecided, sides): (Vec<_>, Vec<_>) = options.iter().partition(|o| o.kind == OptionKind::CannotDecide);
    if rng.random_bool(0.06)
        && let Some(option) = undecided.first()
    {
        return Some(option.id.clone());
    }
    let lean = Sha256::of(document.case.id.as_str().as_bytes());
    let favoured = usize::from(lean.as_bytes()[0]) % sides.len().max(1);
    // Between five and seven of ten go with the case's lean.
    let strength = 0.5 + f64::from(lean.as_bytes()[1]) / 255.0 * 0.2;
    let others: Vec<_> = sides.iter().enumerate().filter(|(i, _)| *i != favoured).map(|(_, o)| *o).collect();
    match others.choose(rng) {
        Some(other) if !rng.random_bool(strength) => Some(other.id.clone()),
        _ => sides.get(favoured).map(|option| option.id.clone()),
    }
}

fn label(number: EvidenceNumber, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{}-{}", number.side.letter(), number.n),
        _ => format!("{}{}", number.side.mark(), number.n),
    }
}
