//! Which documents are in files.

use std::io::Read;
use std::path::{Path, PathBuf};

use napi_derive::napi;
use rowmill_core::{Error, Result};
use rowmill_xml::{Documents, Splitter, gunzip, zip_members};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::read::{is_gzip, is_zip, open};
use crate::answer::{answer, in_background};
use crate::plan::from_wire;

#[derive(Deserialize)]
struct WireList {
    paths: Vec<PathBuf>,
    many: Option<WireMany>,
}

/// How one file holds many documents.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum WireMany {
    Roots,
    Inside(String),
    Named(String),
}

#[derive(Serialize)]
struct Listed {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<(u64, u64)>,
    /// Bytes of the document; null where only reading it would tell.
    bytes: Option<u64>,
}

/// Lists the documents of files: one each, the members of archives, or, where files hold many, their places.
#[napi(ts_args_type = "request: { paths: string[]; many: ManyDocuments | null }", ts_return_type = "Promise<Answer<ListedDocument[]>>")]
pub async fn list_documents(request: Value) -> Value {
    in_background(move || {
        answer(|| {
            let WireList { paths, many } = from_wire(request, "the request")?;
            let many = many.map(|many| match many {
                WireMany::Roots => Documents::Roots,
                WireMany::Inside(name) => Documents::Inside(name),
                WireMany::Named(name) => Documents::Named(name),
            });
            let mut listed = Vec::new();
            for path in paths {
                let shown = path.display().to_string();
                list(&path, many.as_ref(), &mut listed).map_err(|error| error.file(shown))?;
            }
            Ok(listed)
        })
    })
    .await
}

fn list(path: &Path, many: Option<&Documents>, listed: &mut Vec<Listed>) -> Result<()> {
    let shown = path.display().to_string();
    if is_zip(path) {
        for member in zip_members(&mut open(path)?)? {
            listed.push(Listed { path: shown.clone(), member: Some(member.name), range: None, bytes: Some(member.bytes) });
        }
        return Ok(());
    }
    match many {
        Some(many) if is_gzip(path) => pieces(gunzip(open(path)?), many, &shown, listed),
        Some(many) => pieces(open(path)?, many, &shown, listed),
        None => {
            let bytes = if is_gzip(path) { None } else { std::fs::metadata(path).ok().map(|found| found.len()) };
            listed.push(Listed { path: shown, member: None, range: None, bytes });
            Ok(())
        }
    }
}

fn pieces(file: impl Read, many: &Documents, path: &str, listed: &mut Vec<Listed>) -> Result<(), Error> {
    let mut splitter = Splitter::new(file, many.clone());
    while let Some(piece) = splitter.next_range()? {
        let range = (piece.range.start, piece.range.end);
        listed.push(Listed { path: path.to_owned(), member: None, range: Some(range), bytes: Some(range.1 - range.0) });
    }
    Ok(())
}
