//! Finding and reading the files of an intake folder, never outside it and never without a limit.

use super::{
    IntakeFault,
    format::{CaseFile, ChatFile, DocketFile, FORMAT},
};
use pingli_protocol::{Sha256, case_type::CaseType};
use serde::de::DeserializeOwned;
use std::{
    collections::BTreeMap,
    fs::File,
    io::Read as _,
    path::{Component, Path, PathBuf},
};

/// The largest JSON file.
const LARGEST_JSON: u64 = 32 << 20;
/// The largest chat log: a million messages and more.
const LARGEST_CHAT: u64 = 512 << 20;
/// The largest media file; what the worker takes as well.
const LARGEST_MEDIA: u64 = 64 << 20;
/// The most bytes that one case may name.
const LARGEST_CASE: u64 = 1 << 30;

/// An intake folder.
#[derive(Debug, Clone)]
pub struct Docket {
    /// What the operator calls it.
    pub name: String,
    /// Case types of its own.
    pub case_types: Vec<CaseType>,
    /// The folders of its cases, by name.
    pub cases: Vec<PathBuf>,
}

impl Docket {
    /// Looks what is in an intake folder, or in the folder of a single case.
    ///
    /// # Errors
    /// When there is no such folder, or `docket.json` does not read.
    pub fn open(folder: &Path) -> Result<Self, IntakeFault> {
        if folder.join("case.json").is_file() {
            return Ok(Self { name: String::new(), case_types: Vec::new(), cases: vec![folder.to_owned()] });
        }
        let description = folder.join("docket.json");
        let file = match description.is_file() {
            true => read_json::<DocketFile>(&read_limited(&description, "docket.json", LARGEST_JSON)?, "docket.json")?,
            false => DocketFile { format: FORMAT, name: String::new(), case_types: Vec::new() },
        };
        if file.format != FORMAT {
            return Err(IntakeFault::new("docket.json", "format", format!("this server reads format {FORMAT}")));
        }
        let fault = |e: std::io::Error| IntakeFault::new("cases", "", format!("the folder cannot be read: {e}"));
        let mut cases = Vec::new();
        for entry in std::fs::read_dir(folder.join("cases")).map_err(fault)? {
            let entry = entry.map_err(fault)?;
            // A link could lead anywhere; it is passed over like a stray file.
            if entry.file_type().map_err(fault)?.is_dir() {
                cases.push(entry.path());
            }
        }
        cases.sort();
        Ok(Self { name: file.name, case_types: file.case_types, cases })
    }
}

/// The folder of one case, while its files are being read.
pub struct CaseFolder {
    root: PathBuf,
    name: String,
    pub(crate) case: CaseFile,
    /// The hash of each file read so far.
    hashes: BTreeMap<String, Sha256>,
    bytes: u64,
}

impl CaseFolder {
    /// Reads `case.json`.
    ///
    /// # Errors
    /// [`IntakeFault`] when it is not there or does not read.
    pub fn open(root: &Path) -> Result<Self, IntakeFault> {
        let name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let shown = format!("{name}/case.json");
        let bytes = read_limited(&safe_path(root, "case.json", &shown, "")?, &shown, LARGEST_JSON)?;
        let case: CaseFile = read_json(&bytes, &shown)?;
        if case.format != FORMAT {
            return Err(IntakeFault::new(shown, "format", format!("this server reads format {FORMAT}")));
        }
        let hashes = BTreeMap::from([("case.json".to_owned(), Sha256::of(&bytes))]);
        Ok(Self { root: root.to_owned(), name, case, hashes, bytes: bytes.len() as u64 })
    }

    /// The folder's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A fault in `case.json`.
    pub(crate) fn fault(&self, field: impl Into<String>, reason: impl Into<String>) -> IntakeFault {
        IntakeFault::new(format!("{}/case.json", self.name), field, reason)
    }

    /// A fault in another file of the case.
    pub(crate) fn fault_in(&self, file: &str, field: impl Into<String>, reason: impl Into<String>) -> IntakeFault {
        IntakeFault::new(format!("{}/{file}", self.name), field, reason)
    }

    /// Reads a JSON file that a field of `case.json` names.
    pub(crate) fn read_json<T: DeserializeOwned>(&mut self, file: &str, field: &str) -> Result<T, IntakeFault> {
        let bytes = self.read(file, field, LARGEST_JSON)?;
        read_json(&bytes, &format!("{}/{file}", self.name))
    }

    /// Reads the JSON file of a chat log that a field of `case.json` names. It may be far larger than
    /// others, so it is read straight into what it is.
    pub(crate) fn read_chat(&mut self, file: &str, field: &str) -> Result<ChatFile, IntakeFault> {
        let bytes = self.read(file, field, LARGEST_CHAT)?;
        // Following the path to every field takes its time: only where there is something to name.
        serde_json::from_slice(&bytes).or_else(|_| read_json(&bytes, &format!("{}/{file}", self.name)))
    }

    /// Reads a media file that a field of `case.json` names.
    pub(crate) fn read_media(&mut self, file: &str, field: &str) -> Result<Vec<u8>, IntakeFault> {
        self.read(file, field, LARGEST_MEDIA)
    }

    fn read(&mut self, file: &str, field: &str, limit: u64) -> Result<Vec<u8>, IntakeFault> {
        let path = safe_path(&self.root, file, &format!("{}/case.json", self.name), field)?;
        let bytes = read_limited(&path, &format!("{}/{file}", self.name), limit)?;
        if self.hashes.insert(file.to_owned(), Sha256::of(&bytes)).is_none() {
            self.bytes += bytes.len() as u64;
        }
        if self.bytes > LARGEST_CASE {
            return Err(self.fault(field, format!("the case's files come to more than {LARGEST_CASE} bytes")));
        }
        Ok(bytes)
    }

    /// The hash over all files read: the same folder has the same one.
    pub(crate) fn hash(&self) -> Sha256 {
        let lines: String = self.hashes.iter().map(|(file, hash)| format!("{hash}  {file}\n")).collect();
        Sha256::of(lines.as_bytes())
    }
}

/// A file below the folder, by a relative path without any trick; no part of it may be a link.
fn safe_path(root: &Path, file: &str, shown: &str, field: &str) -> Result<PathBuf, IntakeFault> {
    let fault = |reason: &str| IntakeFault::new(shown, field, format!("{reason}: {}", file.escape_debug()));
    let relative = Path::new(file);
    let plain = !file.is_empty() && relative.components().all(|part| matches!(part, Component::Normal(_)));
    if !plain || file.contains(['\\', '\0', ':']) {
        return Err(fault("not a path inside the case's folder"));
    }
    let mut path = root.to_owned();
    for part in relative.components() {
        path.push(part);
        match std::fs::symlink_metadata(&path) {
            Ok(meta) if meta.file_type().is_symlink() => return Err(fault("a link, which is not followed")),
            Ok(_) => {}
            Err(_) => return Err(fault("there is no such file")),
        }
    }
    if path.is_file() { Ok(path) } else { Err(fault("not a file")) }
}

fn read_limited(path: &Path, shown: &str, limit: u64) -> Result<Vec<u8>, IntakeFault> {
    let fault = |e: std::io::Error| IntakeFault::new(shown, "", format!("cannot be read: {e}"));
    let mut bytes = Vec::new();
    File::open(path).map_err(fault)?.take(limit + 1).read_to_end(&mut bytes).map_err(fault)?;
    if bytes.len() as u64 > limit {
        return Err(IntakeFault::new(shown, "", format!("larger than {limit} bytes")));
    }
    Ok(bytes)
}

/// Reads JSON, and names the field where it does not fit.
pub(super) fn read_json<T: DeserializeOwned>(bytes: &[u8], shown: &str) -> Result<T, IntakeFault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|e| {
        // A dot alone is the file itself.
        let field = e.path().to_string().trim_matches('.').to_owned();
        IntakeFault::new(shown, field, e.inner().to_string())
    })?;
    reader.end().map_err(|e| IntakeFault::new(shown, "", e.to_string()))?;
    Ok(value)
}
