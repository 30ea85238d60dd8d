//! Packs and evidence by hash, as files below the data folder. Everything that touches these files
//! goes through [`Files`], which is where an object store will take their place.

use crate::error::{Error, Result};
use pingli_protocol::Sha256;
use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

/// The files of a data folder.
#[derive(Debug, Clone)]
pub struct Files {
    root: PathBuf,
}

/// What a file is for; each kind has its own folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A whole case pack.
    Pack,
    /// One file inside a pack.
    Evidence,
}

impl Files {
    /// The files below a folder, which is made where it is missing.
    ///
    /// # Errors
    /// When a folder cannot be made.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self> {
        let root = root.into();
        for folder in ["packs", "evidence", "incoming"] {
            let path = root.join(folder);
            std::fs::create_dir_all(&path).map_err(Error::file(format!("make folder {}", path.display())))?;
        }
        Ok(Self { root })
    }

    /// The data folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where a file of that hash is, or would be.
    #[must_use]
    pub fn path(&self, kind: FileKind, hash: Sha256) -> PathBuf {
        let name = hash.to_string();
        match kind {
            FileKind::Pack => self.root.join("packs").join(format!("{name}.zip")),
            FileKind::Evidence => self.root.join("evidence").join(&name[..2]).join(name),
        }
    }

    /// A new, empty file that is gone unless it is [kept](Files::keep).
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn incoming(&self) -> Result<Incoming> {
        let path = self.root.join("incoming").join(uuid::Uuid::new_v4().to_string());
        let file = std::fs::File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(Error::file(format!("make {}", path.display())))?;
        Ok(Incoming { file, path })
    }

    /// Keeps a finished file under its hash: synced, then renamed, then the folder synced, so that
    /// a row which names it never points to nothing.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn keep(&self, incoming: Incoming, kind: FileKind, hash: Sha256) -> Result<PathBuf> {
        let target = self.path(kind, hash);
        let folder = target.parent().unwrap_or(&self.root).to_owned();
        let failed = |what: &str| Error::file(format!("{what} {}", target.display()));
        std::fs::create_dir_all(&folder).map_err(failed("make the folder of"))?;
        incoming.file.sync_all().map_err(failed("sync"))?;
        std::fs::rename(&incoming.path, &target).map_err(failed("rename to"))?;
        sync_folder(&folder).map_err(failed("sync the folder of"))?;
        Ok(target)
    }

    /// Keeps bytes under their hash, unless they are there already.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn keep_bytes(&self, kind: FileKind, bytes: &[u8]) -> Result<Sha256> {
        let hash = Sha256::of(bytes);
        if !self.path(kind, hash).exists() {
            let mut incoming = self.incoming()?;
            incoming.file.write_all(bytes).map_err(Error::file("write evidence"))?;
            self.keep(incoming, kind, hash)?;
        }
        Ok(hash)
    }
}

/// A file on its way in; removed when it is dropped.
#[derive(Debug)]
pub struct Incoming {
    /// The open file.
    pub file: std::fs::File,
    path: PathBuf,
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // Gone already when it was kept under its hash.
        let _ = std::fs::remove_file(&self.path);
    }
}

fn sync_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}
