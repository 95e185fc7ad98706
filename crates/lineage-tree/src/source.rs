//! Where the text of a file comes from.

use crate::settings::Settings;
use rowmill_lineage::{Choice, decode};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// A file on disk, or a text that was handed in.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    Path(PathBuf),
    Text(Arc<str>, Arc<Own>),
}

/// How a text is read that was handed in, where not as the files of the tree are.
#[derive(Debug, Clone, Default)]
pub struct Own {
    /// Its dialect.
    pub dialect: Option<Choice>,
    /// Properties that the node of its file gets, before those that all files get.
    pub properties: BTreeMap<String, String>,
}

/// The bytes of a file and their hash.
pub(crate) struct Bytes {
    pub bytes: Vec<u8>,
    pub sha256: [u8; 32],
}

impl Source {
    /// How it is read.
    pub fn settings<'s>(&self, all: &'s Settings) -> Cow<'s, Settings> {
        match self {
            Source::Text(_, own) if own.dialect.is_some() || !own.properties.is_empty() => Cow::Owned(all.with(own)),
            _ => Cow::Borrowed(all),
        }
    }

    /// Where it is on disk.
    pub fn path(&self) -> Option<String> {
        match self {
            Source::Path(path) => path.to_str().map(str::to_owned),
            Source::Text(..) => None,
        }
    }

    /// Reads it. Failures say what is wrong with this file, and what to do.
    pub fn read(&self, most: u64) -> Result<Bytes, String> {
        let bytes = match self {
            Source::Text(text, _) => text.as_bytes().to_vec(),
            Source::Path(path) => {
                let length = std::fs::metadata(path).map_err(|e| unreadable(&e))?;
                if !length.is_file() {
                    return Err("this is not a file; leave it out".to_owned());
                }
                too_long(length.len(), most)?;
                std::fs::read(path).map_err(|e| unreadable(&e))?
            }
        };
        too_long(bytes.len() as u64, most)?;
        Ok(Bytes { sha256: Sha256::digest(&bytes).into(), bytes })
    }
}

fn too_long(bytes: u64, most: u64) -> Result<(), String> {
    if bytes <= most { Ok(()) } else { Err(format!("the file has {bytes} bytes, and at most {most} are read; split it, or raise the limit")) }
}

fn unreadable(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "the file is not there, or is a link to nothing; restore it, or leave it out".to_owned(),
        std::io::ErrorKind::PermissionDenied => "the file may not be read; give this user the right, or leave it out".to_owned(),
        _ => format!("the file cannot be read: {error}"),
    }
}

impl Bytes {
    /// Its text, without byte order mark.
    pub fn text(&self) -> Result<String, String> {
        decode(&self.bytes).map_err(|e| e.to_string())
    }
}
