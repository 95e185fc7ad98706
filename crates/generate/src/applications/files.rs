//! Documents as files.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use rowmill_core::Result;

use super::archive::Archive;
use super::document::Document;
use super::spec::{ApplicationsSpec, DocumentFormat};
use crate::files::write_failed;

/// Documents that a folder holds.
const FOLDER: u64 = 1_000;

/// Where documents go.
pub(super) struct Sink {
    path: PathBuf,
    out: Out,
    count: u64,
}

enum Out {
    Files,
    One(BufWriter<File>),
    Gzip(Box<GzEncoder<BufWriter<File>>>),
    Zip(Box<Archive<BufWriter<File>>>),
}

impl Sink {
    pub(super) fn create(spec: &ApplicationsSpec) -> Result<Self> {
        let ending = match spec.format {
            DocumentFormat::Files => return Ok(Self { path: spec.out.clone(), out: Out::Files, count: 0 }),
            DocumentFormat::One => "xml",
            DocumentFormat::Zip => "zip",
            DocumentFormat::Gz => "xml.gz",
        };
        let path = spec.out.join(format!("applications.{ending}"));
        let file = BufWriter::with_capacity(1 << 20, File::create(&path).map_err(|error| write_failed(&path, &error))?);
        let out = match spec.format {
            DocumentFormat::Zip => Out::Zip(Box::new(Archive::new(file))),
            DocumentFormat::Gz => Out::Gzip(Box::new(GzEncoder::new(file, Compression::fast()))),
            DocumentFormat::One | DocumentFormat::Files => Out::One(file),
        };
        Ok(Self { path, out, count: 0 })
    }

    /// Writes a document; answers with its name in what is written.
    pub(super) fn write(&mut self, document: &Document) -> Result<String> {
        let number = self.count;
        self.count += 1;
        let name = format!("{:04}/{}.xml", number / FOLDER, document.source);
        let bytes = document.bytes.as_slice();
        let written = match &mut self.out {
            Out::Files => return write_file(&self.path.join(&name), bytes, number).map(|()| name),
            Out::Zip(archive) => archive.add(&name, bytes),
            Out::One(out) => out.write_all(bytes).and_then(|()| out.write_all(b"\n")),
            Out::Gzip(out) => out.write_all(bytes).and_then(|()| out.write_all(b"\n")),
        };
        written.map_err(|error| write_failed(&self.path, &error))?;
        Ok(if matches!(self.out, Out::Zip(_)) { name } else { number.to_string() })
    }

    /// Ends what is written; answers with the number of files.
    pub(super) fn finish(self) -> Result<u64> {
        let ended = match self.out {
            Out::Files => return Ok(self.count),
            Out::One(mut out) => out.flush(),
            Out::Gzip(out) => out.finish().and_then(|mut out| out.flush()),
            Out::Zip(archive) => archive.finish(),
        };
        ended.map_err(|error| write_failed(&self.path, &error))?;
        Ok(1)
    }
}

fn write_file(path: &Path, bytes: &[u8], number: u64) -> Result<()> {
    if let Some(folder) = path.parent().filter(|_| number.is_multiple_of(FOLDER)) {
        std::fs::create_dir_all(folder).map_err(|error| write_failed(folder, &error))?;
    }
    std::fs::write(path, bytes).map_err(|error| write_failed(path, &error))
}
