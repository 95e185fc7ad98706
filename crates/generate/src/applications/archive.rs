//! Zip archives, written from one end to the other. Source of the layout: APPNOTE.TXT 6.3 of PKWARE.

use std::io::{self, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// An archive in the making.
pub(super) struct Archive<W> {
    out: W,
    at: u64,
    directory: Vec<u8>,
    members: u64,
}

/// What says that a figure is in the extra field.
const ELSEWHERE: u32 = u32::MAX;
const ZIP_64: u16 = 1;
/// Version that readers need: 4.5 has zip64.
const VERSION: u16 = 45;
const NAMES_ARE_UTF_8: u16 = 1 << 11;
const DEFLATED: u16 = 8;
/// The first day that an archive can tell, 1980-01-01.
const DAY: u16 = 0b10_0001;

impl<W: Write> Archive<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, at: 0, directory: Vec::new(), members: 0 }
    }

    /// Adds a member of less than 4 GiB.
    pub(super) fn add(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut encoder = DeflateEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
        encoder.write_all(bytes)?;
        let packed = encoder.finish()?;
        let mut crc = Crc::new();
        crc.update(bytes);
        let (packed_bytes, all_bytes) = (small(packed.len())?, small(bytes.len())?);
        let mut common = Vec::new();
        put_16(&mut common, &[VERSION, NAMES_ARE_UTF_8, DEFLATED, 0, DAY]);
        put_32(&mut common, &[crc.sum(), packed_bytes, all_bytes]);
        put_16(&mut common, &[name.len() as u16]);

        let mut header = b"PK\x03\x04".to_vec();
        header.extend_from_slice(&common);
        put_16(&mut header, &[0]);
        header.extend_from_slice(name.as_bytes());

        let at = u32::try_from(self.at).unwrap_or(ELSEWHERE);
        self.directory.extend_from_slice(b"PK\x01\x02");
        put_16(&mut self.directory, &[VERSION]);
        self.directory.extend_from_slice(&common);
        put_16(&mut self.directory, &[if at == ELSEWHERE { 12 } else { 0 }, 0, 0, 0]);
        put_32(&mut self.directory, &[0, at]);
        self.directory.extend_from_slice(name.as_bytes());
        if at == ELSEWHERE {
            put_16(&mut self.directory, &[ZIP_64, 8]);
            self.directory.extend_from_slice(&self.at.to_le_bytes());
        }
        self.members += 1;
        self.put(&header)?;
        self.put(&packed)
    }

    /// Writes the directory.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let (at, length) = (self.at, self.directory.len() as u64);
        let directory = std::mem::take(&mut self.directory);
        self.put(&directory)?;
        let mut end = Vec::new();
        if at >= u64::from(ELSEWHERE) || self.members >= u64::from(u16::MAX) {
            let end_64 = self.at;
            end.extend_from_slice(b"PK\x06\x06");
            end.extend_from_slice(&44_u64.to_le_bytes());
            put_16(&mut end, &[VERSION, VERSION]);
            put_32(&mut end, &[0, 0]);
            [self.members, self.members, length, at].iter().for_each(|figure| end.extend_from_slice(&figure.to_le_bytes()));
            end.extend_from_slice(b"PK\x06\x07\0\0\0\0");
            end.extend_from_slice(&end_64.to_le_bytes());
            put_32(&mut end, &[1]);
        }
        let members = u16::try_from(self.members).unwrap_or(u16::MAX);
        end.extend_from_slice(b"PK\x05\x06");
        put_16(&mut end, &[0, 0, members, members]);
        put_32(&mut end, &[u32::try_from(length).unwrap_or(ELSEWHERE), u32::try_from(at).unwrap_or(ELSEWHERE)]);
        put_16(&mut end, &[0]);
        self.put(&end)?;
        self.out.flush()
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes)
    }
}

fn small(length: usize) -> io::Result<u32> {
    u32::try_from(length).map_err(|_| io::Error::other("a document of 4 GiB or more does not fit an archive"))
}

fn put_16(out: &mut Vec<u8>, figures: &[u16]) {
    figures.iter().for_each(|figure| out.extend_from_slice(&figure.to_le_bytes()));
}

fn put_32(out: &mut Vec<u8>, figures: &[u32]) {
    figures.iter().for_each(|figure| out.extend_from_slice(&figure.to_le_bytes()));
}
