//! Languages, and texts given in more than one.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A language of the program or of a case, as a BCP 47 tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, ToSchema)]
pub enum Lang {
    /// Chinese in simplified characters.
    #[serde(rename = "zh-Hans")]
    ZhHans,
    /// Chinese in traditional characters.
    #[serde(rename = "zh-Hant")]
    ZhHant,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// A short text of the server's own (a title, a question, a label), in the languages it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Localized {
    /// Chinese, simplified: always there.
    #[serde(rename = "zh-Hans")]
    pub zh_hans: String,
    /// English: always there.
    pub en: String,
    /// Chinese, traditional, where it was made.
    #[serde(rename = "zh-Hant", default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub zh_hant: Option<String>,
}

impl Localized {
    /// Makes a text from its two obligatory languages.
    #[must_use]
    pub fn new(zh_hans: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh_hans: zh_hans.into(), en: en.into(), zh_hant: None }
    }

    /// The text in a language; simplified stands in for missing traditional Chinese.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::ZhHans => &self.zh_hans,
            Lang::ZhHant => self.zh_hant.as_deref().unwrap_or(&self.zh_hans),
            Lang::En => &self.en,
        }
    }
}
