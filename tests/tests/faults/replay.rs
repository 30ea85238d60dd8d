//! What a disk may look like after the power went, from what a real program did to its files: a library in
//! front of the C library writes that down (`tests/bin/record.c`), and only what was synced is there for
//! sure.

use pingli_faultfs::Random;
use std::{collections::BTreeMap, ffi::OsStr, fs, path::Path, process::Command};

/// A call of the program, or what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Call {
    /// A file is there, perhaps with nothing in it any more.
    Open { name: String, emptied: bool },
    /// More at its end.
    Write(String, Vec<u8>),
    /// It has another length.
    Length(String, usize),
    /// A file, or the folder with its names where there is none.
    Sync(Option<String>),
    /// Another name, in the place of what had it.
    Rename(String, String),
    /// It is gone.
    Unlink(String),
    /// A line on the standard output.
    Said(String),
}

/// Reads what was written down.
fn calls(record: &str, folder: &Path) -> Vec<Call> {
    let name = |path: &str| Path::new(path).strip_prefix(folder).ok().map(|name| name.to_string_lossy().into_owned());
    let bytes = |hex: &str| {
        let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal digits");
        (0..hex.len()).step_by(2).map(byte).collect()
    };
    let mut calls = Vec::new();
    for line in record.lines() {
        let (what, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (path, more) = rest.split_once(' ').unwrap_or((rest, ""));
        let call = match (what, name(path)) {
            ("said", _) => Call::Said(rest.to_owned()),
            ("open" | "empty", Some(name)) => Call::Open { name, emptied: what == "empty" },
            ("write", Some(name)) => Call::Write(name, bytes(more)),
            ("length", Some(name)) => Call::Length(name, more.parse().expect("a length")),
            ("sync", Some(name)) => Call::Sync(Some(name).filter(|name| !name.is_empty())),
            ("rename", Some(from)) => Call::Rename(from, name(more).expect("a name")),
            ("unlink", Some(name)) => Call::Unlink(name),
            _ => panic!("an unknown call: {line:.80}"),
        };
        calls.push(call);
    }
    calls
}

#[derive(Debug, Clone)]
enum Change {
    Append(Vec<u8>),
    Length(usize),
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Append(more) => bytes.extend_from_slice(more),
        Change::Length(length) => bytes.resize(*length, 0),
    }
}

/// What a file has: for sure, and on its way.
#[derive(Debug, Clone, Default)]
struct File {
    durable: Vec<u8>,
    pending: Vec<Change>,
}

impl File {
    fn any_state(&self, random: &mut Random) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        let kept = random.place(self.pending.len() + 1);
        for change in &self.pending[..kept] {
            apply(&mut bytes, change);
        }
        if let Some(Change::Append(more)) = self.pending.get(kept) {
            // Torn; or its length came to the disk and its bytes did not.
            let part = random.place(more.len() + 1);
            if random.once_in(3) { bytes.resize(bytes.len() + part, 0) } else { bytes.extend(&more[..part]) }
        }
        bytes
    }
}

#[derive(Debug, Clone)]
enum Naming {
    Is(String, usize),
    Gone(String),
}

fn rename(names: &mut BTreeMap<String, usize>, naming: &Naming) {
    match naming {
        Naming::Is(name, file) => {
            // A file has one name: with a new one the old one goes, in one step.
            names.retain(|_, one| one != file);
            names.insert(name.clone(), *file);
        }
        Naming::Gone(name) => drop(names.remove(name)),
    }
}

/// A folder on a disk that keeps for sure only what was synced.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folder {
    files: Vec<File>,
    /// As the program sees it.
    names: BTreeMap<String, usize>,
    durable_names: BTreeMap<String, usize>,
    pending_names: Vec<Naming>,
}

impl Folder {
    fn name(&mut self, naming: Naming) {
        rename(&mut self.names, &naming);
        self.pending_names.push(naming);
    }

    fn file(&mut self, name: &str) -> &mut File {
        &mut self.files[self.names[name]]
    }

    /// The program did this.
    pub(crate) fn take(&mut self, call: &Call) {
        match call {
            Call::Open { name, emptied } => {
                if !self.names.contains_key(name) {
                    self.files.push(File::default());
                    self.name(Naming::Is(name.clone(), self.files.len() - 1));
                } else if *emptied {
                    self.file(name).pending.push(Change::Length(0));
                }
            }
            Call::Write(name, bytes) => self.file(name).pending.push(Change::Append(bytes.clone())),
            Call::Length(name, length) => self.file(name).pending.push(Change::Length(*length)),
            Call::Sync(Some(name)) if self.names.contains_key(name) => {
                let file = self.file(name);
                for change in std::mem::take(&mut file.pending) {
                    apply(&mut file.durable, &change);
                }
            }
            Call::Sync(None) => {
                for naming in std::mem::take(&mut self.pending_names) {
                    rename(&mut self.durable_names, &naming);
                }
            }
            Call::Rename(from, to) => {
                let file = self.names[from];
                self.name(Naming::Is(to.clone(), file));
            }
            Call::Unlink(name) => self.name(Naming::Gone(name.clone())),
            Call::Sync(_) | Call::Said(_) => {}
        }
    }

    /// A state in which the disk may come back.
    pub(crate) fn any_state(&self, random: &mut Random) -> BTreeMap<String, Vec<u8>> {
        let mut names = self.durable_names.clone();
        let all = random.once_in(4);
        for naming in &self.pending_names {
            if all || random.once_in(2) {
                rename(&mut names, naming);
            }
        }
        names.into_iter().map(|(name, file)| (name, self.files[file].any_state(random))).collect()
    }
}

/// Runs the key program with these words and answers with what it did below `data`, which was not there
/// before. `folder` is for what it takes to watch it; a C compiler is there, or nothing here was built.
pub(crate) fn record(folder: &Path, data: &Path, words: &[&OsStr]) -> Vec<Call> {
    let (library, record) = (folder.join("record.so"), folder.join("record"));
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("bin/record.c");
    let mut cc = Command::new("cc");
    cc.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).arg("-ldl");
    assert!(cc.status().expect("a C compiler").success(), "what watches compiles");
    let status = Command::new(env!("CARGO_BIN_EXE_pingli-key-program"))
        .args(words)
        .env("LD_PRELOAD", library)
        .env("RECORD_BELOW", data)
        .env("RECORD_TO", &record)
        .stdout(std::process::Stdio::null())
        .status()
        .expect("a program");
    assert!(status.success(), "it comes to its end");
    let calls = calls(&fs::read_to_string(record).expect("a record"), data);
    assert!(calls.iter().any(|call| matches!(call, Call::Sync(_))), "it was watched");
    calls
}
