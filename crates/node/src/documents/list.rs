//! Which documents are in files.

use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::vec::IntoIter;

use napi_derive::napi;
use rowmill_core::{Error, Result, guarded};
use rowmill_xml::{Documents, Member, Splitter, gunzip, zip_members};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::read::{is_gzip, is_zip, open};
use crate::answer::{answer, in_background, wire_failure};
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

/// The documents of files: one each, the members of archives, or, where files hold many, their places. Of a file with many, only the page at hand is
/// held; of an archive its directory.
#[napi]
pub struct DocumentList {
    list: Arc<Mutex<List>>,
}

/// Either a list or a failure.
#[napi(object, object_from_js = false)]
pub struct DocumentListAnswer {
    /// The list.
    pub ok: Option<DocumentList>,
    /// The failure.
    #[napi(ts_type = "Failure")]
    pub failure: Option<Value>,
}

/// Lists the documents of files, in the order of the files.
#[napi(ts_args_type = "request: { paths: string[]; many: ManyDocuments | null }", ts_return_type = "Promise<Answer<DocumentList>>")]
pub async fn list_documents(request: Value) -> DocumentListAnswer {
    match guarded(|| List::new(request)) {
        Ok(list) => DocumentListAnswer { ok: Some(DocumentList { list: Arc::new(Mutex::new(list)) }), failure: None },
        Err(error) => DocumentListAnswer { ok: None, failure: Some(wire_failure(&error)) },
    }
}

#[napi]
impl DocumentList {
    /// The next documents, at most so many; none at the end.
    #[napi(ts_return_type = "Promise<Answer<ListedDocument[]>>")]
    pub async fn next(&self, most: u32) -> Value {
        let list = self.list.clone();
        in_background(move || {
            answer(|| {
                let mut list = list.lock().map_err(|_| Error::bug("a list of documents broke"))?;
                (0..most).map_while(|_| list.one().transpose()).collect::<Result<Vec<_>>>()
            })
        })
        .await
    }
}

struct List {
    paths: IntoIter<PathBuf>,
    many: Option<Documents>,
    at: Option<Open>,
}

/// A file that holds several documents.
enum Open {
    Archive { path: String, members: IntoIter<Member> },
    Many { path: String, splitter: Box<Splitter<Box<dyn Read + Send>>> },
}

impl List {
    fn new(request: Value) -> Result<Self> {
        let WireList { paths, many } = from_wire(request, "the request")?;
        let many = many.map(|many| match many {
            WireMany::Roots => Documents::Roots,
            WireMany::Inside(name) => Documents::Inside(name),
            WireMany::Named(name) => Documents::Named(name),
        });
        Ok(Self { paths: paths.into_iter(), many, at: None })
    }

    fn one(&mut self) -> Result<Option<Listed>> {
        loop {
            if let Some(open) = &mut self.at {
                if let Some(listed) = open.one()? {
                    return Ok(Some(listed));
                }
                self.at = None;
            }
            let Some(path) = self.paths.next() else { return Ok(None) };
            let shown = path.display().to_string();
            self.at = Open::new(&path, self.many.as_ref()).map_err(|error| error.file(shown.clone()))?;
            if self.at.is_none() {
                let bytes = if is_gzip(&path) { None } else { std::fs::metadata(&path).ok().map(|found| found.len()) };
                return Ok(Some(Listed { path: shown, member: None, range: None, bytes }));
            }
        }
    }
}

impl Open {
    /// None where the file is one document.
    fn new(path: &Path, many: Option<&Documents>) -> Result<Option<Self>> {
        let shown = path.display().to_string();
        if is_zip(path) {
            let mut members = zip_members(&mut open(path)?)?;
            let mut seen = HashSet::new();
            // Only one of several members of a name can be asked for.
            members.retain(|member| seen.insert(member.name.clone()));
            return Ok(Some(Self::Archive { path: shown, members: members.into_iter() }));
        }
        let Some(many) = many else { return Ok(None) };
        let file: Box<dyn Read + Send> = if is_gzip(path) { Box::new(gunzip(open(path)?)) } else { Box::new(open(path)?) };
        Ok(Some(Self::Many { path: shown, splitter: Box::new(Splitter::new(file, many.clone())) }))
    }

    fn one(&mut self) -> Result<Option<Listed>> {
        match self {
            Self::Archive { path, members } => {
                let listed = |member: Member| Listed { path: path.clone(), member: Some(member.name), range: None, bytes: Some(member.bytes) };
                Ok(members.next().map(listed))
            }
            Self::Many { path, splitter } => {
                let piece = splitter.next_range().map_err(|error| error.file(path.clone()))?;
                Ok(piece.map(|piece| {
                    let range = (piece.range.start, piece.range.end);
                    Listed { path: path.clone(), member: None, range: Some(range), bytes: Some(range.1 - range.0) }
                }))
            }
        }
    }
}
