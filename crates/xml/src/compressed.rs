//! gzip files, and the members of zip archives.

use std::io::{Read, Seek, SeekFrom};

use flate2::Crc;
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use rowmill_core::{Code, Error, Result};

use crate::window::unreadable;

/// What a gzip file decompresses to; several of them one after another are one.
pub fn gunzip<R: Read>(reader: R) -> impl Read {
    MultiGzDecoder::new(reader)
}

/// Reads all of it into `out`, from its beginning; an error beyond `most` bytes, so that little can not become much.
///
/// # Errors
/// `INPUT_FORMAT_INVALID` where it is larger or does not decompress, `INPUT_FILE_TRUNCATED` where it ends too early.
pub fn read_all(reader: impl Read, most: usize, out: &mut Vec<u8>) -> Result<()> {
    out.clear();
    let read = reader.take(most as u64 + 1).read_to_end(out).map_err(|error| unreadable(&error))?;
    if read > most {
        out.clear();
        return Err(too_large(most));
    }
    Ok(())
}

fn too_large(most: usize) -> Error {
    Error::new(Code::InputFormat, format!("the document is larger than {most} bytes")).help("Raise the limit of a document's bytes.")
}

/// A file in a zip archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name with its folders, as the archive has it.
    pub name: String,
    /// Where its header is in the archive.
    pub at: u64,
    /// Bytes in the archive.
    pub packed: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// Its check sum.
    pub crc: u32,
    /// How it is compressed.
    pub method: u16,
    /// Whether a password is needed.
    pub is_encrypted: bool,
}

const END: [u8; 4] = *b"PK\x05\x06";
const END_64: [u8; 4] = *b"PK\x06\x06";
const LOCATOR_64: [u8; 4] = *b"PK\x06\x07";
const ENTRY: [u8; 4] = *b"PK\x01\x02";
const LOCAL: [u8; 4] = *b"PK\x03\x04";

const END_BYTES: usize = 22;
const LOCATOR_BYTES: usize = 20;
const ENTRY_BYTES: usize = 46;
const LOCAL_BYTES: usize = 30;

/// Largest directory that is read: several million members.
const DIRECTORY_BYTES: u64 = 1 << 30;

/// The members of an archive in the order of its directory, without folders. Nothing is decompressed.
///
/// # Errors
/// `INPUT_FORMAT_INVALID` where it is no zip archive or in several parts.
pub fn zip_members(archive: &mut (impl Read + Seek)) -> Result<Vec<Member>> {
    let (at, bytes) = directory(archive)?;
    if bytes > DIRECTORY_BYTES {
        return Err(no_archive("its directory is too large"));
    }
    let directory = read_at(archive, at, usize::try_from(bytes).map_err(|_| no_archive("its directory is too large"))?)?;
    let mut rest = directory.as_slice();
    let mut members = Vec::new();
    while rest.starts_with(&ENTRY) {
        let (member, length) = entry(rest)?;
        if !member.name.ends_with('/') {
            members.push(member);
        }
        rest = rest.get(length..).ok_or_else(|| no_archive("its directory ends too early"))?;
    }
    if rest.is_empty() { Ok(members) } else { Err(no_archive("its directory is damaged")) }
}

/// Reads a member into `out`, from its beginning, and checks its sum.
///
/// # Errors
/// `INPUT_FORMAT_INVALID` where it is encrypted, compressed in a way that is not known, larger than `most` bytes, or damaged.
pub fn read_member(archive: &mut (impl Read + Seek), member: &Member, most: usize, out: &mut Vec<u8>) -> Result<()> {
    out.clear();
    let refused = |reason: &str, help: &str| Err(Error::new(Code::InputFormat, format!("a member of the archive {reason}")).help(help));
    if member.is_encrypted {
        return refused("is encrypted", "Unpack the archive with its password first.");
    }
    let header = read_at(archive, member.at, LOCAL_BYTES)?;
    if !header.starts_with(&LOCAL) {
        return refused("is not where the directory says", "Fetch the file again.");
    }
    let from = member.at + (LOCAL_BYTES + usize::from(u16_at(&header, 26)) + usize::from(u16_at(&header, 28))) as u64;
    archive.seek(SeekFrom::Start(from)).map_err(|error| unreadable(&error))?;
    let packed = archive.take(member.packed);
    match member.method {
        0 => read_all(packed, most, out)?,
        8 => read_all(DeflateDecoder::new(packed), most, out)?,
        _ => return refused("is compressed in a way that is not read", "Pack it with deflate, which every program can."),
    }
    let mut crc = Crc::new();
    crc.update(out);
    if out.len() as u64 != member.bytes || crc.sum() != member.crc {
        out.clear();
        return refused("is damaged", "Fetch the file again.");
    }
    Ok(())
}

/// Place and length of the directory.
fn directory(archive: &mut (impl Read + Seek)) -> Result<(u64, u64)> {
    let length = archive.seek(SeekFrom::End(0)).map_err(|error| unreadable(&error))?;
    // A comment of 64 KiB may follow.
    let tail_at = length.saturating_sub((END_BYTES + LOCATOR_BYTES + 0xFFFF) as u64);
    let tail = read_at(archive, tail_at, usize::try_from(length - tail_at).unwrap_or(0))?;
    let end = memchr::memmem::rfind_iter(&tail, &END)
        .find(|at| at + END_BYTES <= tail.len() && at + END_BYTES + usize::from(u16_at(&tail, at + 20)) == tail.len())
        .ok_or_else(|| no_archive("it has no directory"))?;
    if u16_at(&tail, end + 4) != u16_at(&tail, end + 6) {
        return Err(no_archive("it is in several parts"));
    }
    let locator = end.checked_sub(LOCATOR_BYTES).filter(|at| tail[*at..].starts_with(&LOCATOR_64));
    let (at, bytes) = match locator {
        None => (u64::from(u32_at(&tail, end + 16)), u64::from(u32_at(&tail, end + 12))),
        Some(locator) => {
            let end = read_at(archive, u64_at(&tail, locator + 8), 56)?;
            if !end.starts_with(&END_64) {
                return Err(no_archive("its directory is not where it says"));
            }
            (u64_at(&end, 48), u64_at(&end, 40))
        }
    };
    if at.checked_add(bytes).is_none_or(|end| end > length) {
        return Err(no_archive("its directory is not where it says"));
    }
    Ok((at, bytes))
}

/// A member of the directory, and the length of what is said of it.
fn entry(bytes: &[u8]) -> Result<(Member, usize)> {
    let early = || no_archive("its directory ends too early");
    bytes.get(..ENTRY_BYTES).ok_or_else(early)?;
    let [name, extra, comment] = [28, 30, 32].map(|at| usize::from(u16_at(bytes, at)));
    let name_bytes = bytes.get(ENTRY_BYTES..ENTRY_BYTES + name).ok_or_else(early)?;
    let extra_bytes = bytes.get(ENTRY_BYTES + name..ENTRY_BYTES + name + extra).ok_or_else(early)?;
    let mut member = Member {
        name: String::from_utf8_lossy(name_bytes).into_owned(),
        at: u64::from(u32_at(bytes, 42)),
        packed: u64::from(u32_at(bytes, 20)),
        bytes: u64::from(u32_at(bytes, 24)),
        crc: u32_at(bytes, 16),
        method: u16_at(bytes, 10),
        is_encrypted: u16_at(bytes, 8) & 1 == 1,
    };
    widen(&mut member, extra_bytes);
    Ok((member, ENTRY_BYTES + name + extra + comment))
}

/// Takes the figures that do not fit 32 bits from the extra field of zip64.
fn widen(member: &mut Member, mut extra: &[u8]) {
    const ZIP_64: u16 = 1;
    const ELSEWHERE: u64 = 0xFFFF_FFFF;
    while extra.len() >= 4 {
        let length = usize::from(u16_at(extra, 2)).min(extra.len() - 4);
        let (field, rest) = extra[4..].split_at(length);
        if u16_at(extra, 0) == ZIP_64 {
            let mut figures = field.chunks_exact(8).map(|figure| u64_at(figure, 0));
            for wide in [&mut member.bytes, &mut member.packed, &mut member.at] {
                if *wide == ELSEWHERE {
                    *wide = figures.next().unwrap_or(ELSEWHERE);
                }
            }
        }
        extra = rest;
    }
}

fn read_at(archive: &mut (impl Read + Seek), at: u64, length: usize) -> Result<Vec<u8>> {
    archive.seek(SeekFrom::Start(at)).map_err(|error| unreadable(&error))?;
    let mut bytes = Vec::new();
    archive.take(length as u64).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() == length { Ok(bytes) } else { Err(no_archive("it ends too early")) }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}

fn no_archive(reason: &str) -> Error {
    Error::new(Code::InputFormat, format!("the file is no zip archive that can be read: {reason}")).help("Fetch the file again, or pack it again.")
}
