//! How much JSON a reader is willing to look at. JSON grows when it is read: a list of empty texts
//! takes eight times its bytes, and a document of 64 MiB could want half a gigabyte. One pass over the
//! bytes counts what is there before anything is made of it. It is no parser: what it lets through may
//! still not be JSON.

/// Limits for a document that is read whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonLimits {
    /// Bytes in all.
    pub bytes: usize,
    /// Lists and objects inside each other.
    pub depth: usize,
    /// Values: texts, numbers, lists, objects and names, all of them together.
    pub values: usize,
    /// Bytes of one text, as they stand in the document.
    pub text: usize,
}

impl JsonLimits {
    /// An answer of a server: a page of changes, a receipt, a description.
    pub const ANSWER: Self = Self { bytes: 16 << 20, depth: 64, values: 1_000_000, text: 4 << 20 };
    /// A problem document.
    pub const PROBLEM: Self = Self { bytes: 64 << 10, depth: 8, values: 256, text: 16 << 10 };
    /// A case document or a body of evidence that is read whole.
    pub const DOCUMENT: Self = Self { bytes: 64 << 20, depth: 64, values: 2_000_000, text: 8 << 20 };
    /// A small file of our own.
    pub const SMALL: Self = Self { bytes: 64 << 10, depth: 8, values: 256, text: 16 << 10 };

    /// Counts what a document has.
    ///
    /// # Errors
    /// [`JsonTooMuch`] names the first limit that it passes.
    pub fn check(&self, json: &[u8]) -> Result<(), JsonTooMuch> {
        if json.len() > self.bytes {
            return Err(JsonTooMuch::Bytes);
        }
        let (mut depth, mut values, mut at) = (0_usize, 1_usize, 0_usize);
        while let Some(byte) = json.get(at) {
            at += 1;
            match byte {
                b'"' => {
                    let began = at;
                    at = after_text(json, at);
                    if at - began > self.text {
                        return Err(JsonTooMuch::Text);
                    }
                }
                b'[' | b'{' => {
                    (depth, values) = (depth + 1, values + 1);
                    if depth > self.depth {
                        return Err(JsonTooMuch::Depth);
                    }
                }
                b']' | b'}' => depth = depth.saturating_sub(1),
                b',' | b':' => values += 1,
                _ => {}
            }
            if values > self.values {
                return Err(JsonTooMuch::Values);
            }
        }
        Ok(())
    }
}

/// The place behind a text that begins at `at`, or the end where it has no end.
fn after_text(json: &[u8], mut at: usize) -> usize {
    while let Some(byte) = json.get(at) {
        at += match byte {
            b'"' => return at + 1,
            b'\\' => 2,
            _ => 1,
        };
    }
    json.len()
}

/// Which limit a document passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JsonTooMuch {
    /// It has too many bytes.
    #[error("it has too many bytes")]
    Bytes,
    /// Lists and objects lie too deep inside each other.
    #[error("its lists and objects lie too deep inside each other")]
    Depth,
    /// It has too many values.
    #[error("it has too many values")]
    Values,
    /// A text in it is too long.
    #[error("a text in it is too long")]
    Text,
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests may stop at once")]
mod tests {
    use super::*;

    const FEW: JsonLimits = JsonLimits { bytes: 1_000, depth: 3, values: 9, text: 5 };

    #[test]
    fn each_limit_is_the_last_that_goes_through() {
        for (json, expected) in [
            ("", Ok(())),
            ("[[[]]]", Ok(())),
            ("[[[[]]]]", Err(JsonTooMuch::Depth)),
            (r#"{"a":{"b":{}}}"#, Ok(())),
            (r#"{"a":{"b":{"c":[]}}}"#, Err(JsonTooMuch::Depth)),
            ("[1,2,3,4,5,6,7,8]", Ok(())),
            ("[1,2,3,4,5,6,7,8,9]", Err(JsonTooMuch::Values)),
            (r#""1234""#, Ok(())),
            (r#""12345""#, Err(JsonTooMuch::Text)),
            (r#""[[[[""#, Ok(())),
            (r#""\"[[""#, Ok(())),
            (r#"["\\",[[[1]]]]"#, Err(JsonTooMuch::Depth)),
            (r#""12"#, Ok(())),
            (r#""123456"#, Err(JsonTooMuch::Text)),
            (r#""\"#, Ok(())),
        ] {
            assert_eq!(FEW.check(json.as_bytes()), expected, "{json}");
        }
        assert_eq!(FEW.check(&[b' '; 1_001]), Err(JsonTooMuch::Bytes));
    }

    #[test]
    fn what_reads_is_counted_as_the_reader_counts() {
        // Whatever the scanner believes to be outside of texts must be outside for the reader, too.
        for json in [r#"{"a\\":["\\\"[",{"b":"}"}],"c":null}"#, r#"["\u005b\u0022",[[]]]"#] {
            let value: serde_json::Value = serde_json::from_str(json).unwrap();
            let enough = JsonLimits { depth: depth(&value), text: 20, ..FEW };
            assert_eq!(enough.check(json.as_bytes()), Ok(()), "{json}");
            let less = JsonLimits { depth: depth(&value) - 1, ..enough };
            assert_eq!(less.check(json.as_bytes()), Err(JsonTooMuch::Depth), "{json}");
        }
    }

    fn depth(value: &serde_json::Value) -> usize {
        match value {
            serde_json::Value::Array(list) => 1 + list.iter().map(depth).max().unwrap_or(0),
            serde_json::Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
            _ => 0,
        }
    }
}
