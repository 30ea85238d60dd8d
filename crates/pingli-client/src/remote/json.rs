//! Reads a server's JSON strictly: nothing nested deep, no key twice in an object, no number beyond
//! ±(2^53 − 1), so that nobody who reads the same bytes can read something else in them.

use pingli_protocol::limits::JsonLimits;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor},
};
use std::{collections::BTreeSet, fmt};

/// The largest integer that every reader of JSON keeps exactly.
const LARGEST: u64 = (1 << 53) - 1;

/// The most keys in one object.
const MOST_KEYS: usize = 1024;

/// Reads a document.
///
/// # Errors
/// What is wrong with it, without quoting it.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8], limits: &JsonLimits) -> Result<T, String> {
    limits.check(bytes).map_err(|too_much| too_much.to_string())?;
    let plain = |error: serde_json::Error| match error.classify() {
        serde_json::error::Category::Data => format!("against the rules near byte {}", error.column()),
        _ => format!("no JSON near byte {}", error.column()),
    };
    serde_json::from_slice::<Strict>(bytes).map_err(plain)?;
    serde_json::from_slice(bytes).map_err(plain)
}

/// Any document that keeps the rules; nothing of it is kept.
struct Strict;

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Rules)
    }
}

struct Rules;

impl<'de> Visitor<'de> for Rules {
    type Value = Strict;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON that keeps the rules")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Strict, E> {
        if number > LARGEST { Err(E::custom("a number beyond 2^53")) } else { Ok(Strict) }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Strict, E> {
        self.visit_u64(number.unsigned_abs())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Strict, E> {
        #[expect(clippy::cast_precision_loss, reason = "2^53 - 1 is exact")]
        if number.abs() > LARGEST as f64 { Err(E::custom("a number beyond 2^53")) } else { Ok(Strict) }
    }

    fn visit_str<E>(self, _: &str) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_unit<E>(self) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Strict, A::Error> {
        while items.next_element::<Strict>()?.is_some() {}
        Ok(Strict)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Strict, A::Error> {
        let mut keys = BTreeSet::new();
        while let Some(key) = fields.next_key::<String>()? {
            if !keys.insert(key) {
                return Err(A::Error::custom("a key twice"));
            }
            if keys.len() > MOST_KEYS {
                return Err(A::Error::custom("too many keys"));
            }
            fields.next_value::<Strict>()?;
        }
        Ok(Strict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn a_document_that_two_readers_could_read_differently_is_refused() {
        for (text, why) in [
            (r#"{"a":1,"a":2}"#.to_owned(), "a key twice"),
            (r#"{"x":{"points":1,"\u0070oints":2}}"#.to_owned(), "a key twice, once in disguise"),
            ("9007199254740992".to_owned(), "2^53"),
            ("[-9007199254740992]".to_owned(), "-2^53"),
            ("18446744073709551616".to_owned(), "beyond 64 bits"),
            ("1e300".to_owned(), "a float that no integer reaches"),
            ("[".repeat(100_000), "100,000 deep"),
            (r#"{"a":"#.repeat(100_000), "100,000 objects deep"),
            (format!("{}{}", "[".repeat(200), "]".repeat(200)), "200 deep and whole"),
            ("{} {}".to_owned(), "more than one document"),
            (format!("{{{}}}", (0..2000).map(|n| format!("\"{n}\":0")).collect::<Vec<_>>().join(",")), "2,000 keys"),
        ] {
            assert!(read::<Value>(text.as_bytes(), &JsonLimits::ANSWER).is_err(), "{why}");
        }
        assert!(read::<Value>(b"\"\xff\"", &JsonLimits::ANSWER).is_err(), "no UTF-8");
        assert!(read::<Value>(br#""\ud800""#, &JsonLimits::ANSWER).is_err(), "half a surrogate pair");
    }

    #[test]
    fn what_keeps_the_rules_reads() {
        for text in [r#"{"a":[1,-2,0.5,null,true,"x"],"b":{"a":9007199254740991}}"#, "-9007199254740991", "[]"] {
            assert!(read::<Value>(text.as_bytes(), &JsonLimits::ANSWER).is_ok(), "{text}");
        }
    }

    #[test]
    fn an_error_quotes_nothing() {
        let error = read::<u32>(br#""a party's secret""#, &JsonLimits::ANSWER).expect_err("no number");
        assert!(!error.contains("secret"), "{error}");
    }
}
