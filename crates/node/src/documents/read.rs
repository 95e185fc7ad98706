//! The bytes of documents: a part of a buffer, a file, a part of one, or a member of an archive.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use rowmill_core::{Code, Error, Result};
use rowmill_xml::{Member, gunzip, read_all, read_member, zip_members};
use serde::Deserialize;

/// A document as JavaScript names it.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WireDocument {
    /// Id by which the source knows it, a whole number as text.
    pub id: Option<String>,
    pub name: String,
    /// The file; without one the document is in the buffer.
    pub path: Option<PathBuf>,
    /// Its name in an archive.
    pub member: Option<String>,
    /// Its bytes in the buffer or in the file (in what that decompresses to), half-open.
    pub range: Option<(u64, u64)>,
}

/// Reads documents one after the other. The archive that was read last stays open between them: documents of one follow each other.
#[derive(Default)]
pub struct Reader {
    archive: Option<Archive>,
    /// The compressed file that is being read.
    unpacking: Option<Unpacking>,
}

/// A compressed file, and how much of what it holds has been read.
struct Unpacking {
    path: PathBuf,
    from: Box<dyn Read + Send>,
    at: u64,
}

struct Archive {
    path: PathBuf,
    file: BufReader<File>,
    members: HashMap<String, Member>,
}

impl Archive {
    fn open(path: &Path) -> Result<Self> {
        let mut file = open(path)?;
        let members = zip_members(&mut file).map_err(|error| error.file(path.display().to_string()))?;
        let members = members.into_iter().map(|member| (member.name.clone(), member)).collect();
        Ok(Self { path: path.to_owned(), file, members })
    }
}

impl Reader {
    /// Reads a document that lies in a file into `out`, from its beginning; at most `most` bytes.
    ///
    /// # Errors
    /// `INPUT_FILE_UNREADABLE`, or what the archive is refused for.
    pub fn read(&mut self, document: &WireDocument, path: &Path, most: usize, out: &mut Vec<u8>) -> Result<()> {
        out.clear();
        match (&document.member, document.range) {
            (Some(member), _) => self.member(path, member, most, out),
            (None, Some((start, end))) if is_gzip(path) => self.unpacked_part(path, start, end, most, out),
            (None, Some((start, end))) => part(path, start, end, most, out),
            (None, None) if is_gzip(path) => read_all(gunzip(open(path)?), most, out).map_err(|error| error.file(path.display().to_string())),
            (None, None) => whole(path, most, out),
        }
    }

    fn member(&mut self, path: &Path, name: &str, most: usize, out: &mut Vec<u8>) -> Result<()> {
        let archive = match self.archive.take().filter(|archive| archive.path == path) {
            Some(archive) => archive,
            None => Archive::open(path)?,
        };
        let archive = self.archive.insert(archive);
        let member = archive
            .members
            .get(name)
            .ok_or_else(|| Error::new(Code::InputChanged, format!("the archive has no member {name} any more")).file(path.display().to_string()))?;
        fits(0, member.bytes, most)?;
        read_member(&mut archive.file, member, most, out).map_err(|error| error.file(path.display().to_string()))
    }

    /// A compressed file is read forwards only: documents that follow one another cost one pass.
    fn unpacked_part(&mut self, path: &Path, start: u64, end: u64, most: usize, out: &mut Vec<u8>) -> Result<()> {
        let length = fits(start, end, most)?;
        let stream = match self.unpacking.take().filter(|stream| stream.path == path && stream.at <= start) {
            Some(stream) => stream,
            None => Unpacking { path: path.to_owned(), from: Box::new(gunzip(open(path)?)), at: 0 },
        };
        let Unpacking { mut from, at, .. } = stream;
        let damaged =
            |error: std::io::Error| Error::new(Code::InputFormat, format!("the file does not decompress: {error}")).file(path.display().to_string());
        std::io::copy(&mut from.by_ref().take(start - at), &mut std::io::sink()).map_err(damaged)?;
        from.by_ref().take(length).read_to_end(out).map_err(damaged)?;
        self.unpacking = Some(Unpacking { path: path.to_owned(), from, at: end });
        if out.len() as u64 == length { Ok(()) } else { Err(changed(path)) }
    }
}

/// A file that is a document. Its length is looked at first: of one that is too large nothing is read.
fn whole(path: &Path, most: usize, out: &mut Vec<u8>) -> Result<()> {
    let file = open(path)?;
    let length = file.get_ref().metadata().map_or(0, |found| found.len());
    let length = usize::try_from(fits(0, length, most)?).unwrap_or(0);
    out.reserve_exact(length);
    read_all(file, most, out).map_err(|error| error.file(path.display().to_string()))
}

/// Length of a document.
///
/// # Errors
/// `INPUT_FORMAT_INVALID` where it is larger than `most`.
pub fn fits(start: u64, end: u64, most: usize) -> Result<u64> {
    let length = end.saturating_sub(start);
    if length <= most as u64 {
        return Ok(length);
    }
    let message = format!("the document has {length} bytes, more than the {most} that are allowed");
    Err(Error::new(Code::InputFormat, message).help("Raise the limit of a document's bytes, or mend the document"))
}

fn part(path: &Path, start: u64, end: u64, most: usize, out: &mut Vec<u8>) -> Result<()> {
    let length = fits(start, end, most)?;
    let mut file = open(path)?;
    let unreadable = |error: std::io::Error| Error::new(Code::InputUnreadable, error.to_string()).file(path.display().to_string());
    file.seek(SeekFrom::Start(start)).map_err(unreadable)?;
    file.take(length).read_to_end(out).map_err(unreadable)?;
    if out.len() as u64 == length { Ok(()) } else { Err(changed(path)) }
}

fn changed(path: &Path) -> Error {
    Error::new(Code::InputChanged, "the file has become shorter").file(path.display().to_string()).help("Run again when nobody writes to it")
}

/// # Errors
/// `INPUT_FILE_UNREADABLE`.
pub fn open(path: &Path) -> Result<BufReader<File>> {
    File::open(path)
        .map(BufReader::new)
        .map_err(|error| Error::new(Code::InputUnreadable, format!("the file cannot be opened: {error}")).file(path.display().to_string()))
}

pub fn is_gzip(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"))
}

pub fn is_zip(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}
