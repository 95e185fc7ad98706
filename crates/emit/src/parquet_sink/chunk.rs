//! One column of a row group as bytes: pages of levels, codes and values.

use std::io::Write;

use arrow_buffer::NullBuffer;
use bytes::Bytes;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedPageWriter, SerializedRowGroupWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use zstd::bulk::Compressor;

/// The fastest level; higher ones cost more than what is written took to work out.
const LEVEL: i32 = 1;

/// How pages are compressed.
pub(super) fn compression() -> Result<Compression, ParquetError> {
    Ok(Compression::ZSTD(ZstdLevel::try_new(LEVEL)?))
}

/// The values of a page, and what they mean.
pub(super) enum Values {
    /// The values themselves.
    Plain(Vec<u8>),
    /// Positions in a dictionary, which is plain.
    Coded { dictionary: Vec<u8>, distinct: usize, codes: Vec<u32> },
}

/// A column of a row group before it is written.
pub(super) struct Chunk {
    pub values: Values,
    pub nulls: Option<NullBuffer>,
    pub rows: usize,
    pub statistics: Statistics,
}

/// Encodes and compresses chunks, and appends them to a row group.
pub(super) struct ChunkWriter {
    compressor: Compressor<'static>,
}

impl ChunkWriter {
    pub fn new() -> Result<Self, ParquetError> {
        Ok(Self { compressor: Compressor::new(LEVEL)? })
    }

    /// Appends a chunk to a row group as its next column.
    pub fn append<W: Write + Send>(
        &mut self,
        column: &ColumnDescPtr,
        chunk: Chunk,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let mut sink = TrackedWrite::new(Vec::new());
        let mut pages = SerializedPageWriter::new(&mut sink);
        let mut page = if column.max_def_level() > 0 { levels(chunk.nulls.as_ref(), chunk.rows) } else { Vec::new() };
        let (mut plain_bytes, mut data_offset) = (0, 0);
        let encoding = match chunk.values {
            Values::Plain(values) => {
                page.extend_from_slice(&values);
                Encoding::PLAIN
            }
            Values::Coded { dictionary, distinct, codes } => {
                let buf = self.compressor.compress(&dictionary)?.into();
                let of_dictionary = Page::DictionaryPage { buf, num_values: distinct as u32, encoding: Encoding::PLAIN, is_sorted: false };
                let written = pages.write_page(CompressedPage::new(of_dictionary, dictionary.len()))?;
                (plain_bytes, data_offset) = (written.uncompressed_size, written.bytes_written as i64);
                put_codes(&codes, distinct, &mut page);
                Encoding::RLE_DICTIONARY
            }
        };
        let data = Page::DataPage {
            buf: self.compressor.compress(&page)?.into(),
            num_values: chunk.rows as u32,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        plain_bytes += pages.write_page(CompressedPage::new(data, page.len()))?.uncompressed_size;
        let bytes = Bytes::from(sink.into_inner()?);
        let metadata = ColumnChunkMetaData::builder(column.clone())
            .set_encodings(vec![Encoding::PLAIN, Encoding::RLE, encoding])
            .set_compression(compression()?)
            .set_num_values(chunk.rows as i64)
            .set_total_compressed_size(bytes.len() as i64)
            .set_total_uncompressed_size(plain_bytes as i64)
            .set_dictionary_page_offset((data_offset > 0).then_some(0))
            .set_data_page_offset(data_offset)
            .set_statistics(chunk.statistics)
            .build()?;
        let (bytes_written, rows_written) = (bytes.len() as u64, chunk.rows as u64);
        let close = ColumnCloseResult { bytes_written, rows_written, metadata, bloom_filter: None, column_index: None, offset_index: None };
        group.append_column(&bytes, close)
    }
}

/// Which rows have a value, length first: one run where all have, else a bit for each, which is just how Arrow has them.
fn levels(nulls: Option<&NullBuffer>, rows: usize) -> Vec<u8> {
    let mut out = vec![0; 4];
    match nulls {
        None => {
            put_varint(rows << 1, &mut out);
            out.push(1);
        }
        Some(nulls) => {
            put_varint(rows.div_ceil(8) << 1 | 1, &mut out);
            out.extend_from_slice(&nulls.inner().sliced()[..rows.div_ceil(8)]);
        }
    }
    let length = (out.len() - 4) as u32;
    out[..4].copy_from_slice(&length.to_le_bytes());
    out
}

/// Width, then the codes: one run where there is one value, else all of them packed. Repeats are left to the compression.
fn put_codes(codes: &[u32], distinct: usize, out: &mut Vec<u8>) {
    let width = usize::BITS - (distinct - 1).leading_zeros();
    out.push(width as u8);
    if width == 0 {
        return put_varint(codes.len() << 1, out);
    }
    put_varint(codes.len().div_ceil(8) << 1 | 1, out);
    let (mut bits, mut held) = (0u64, 0);
    for code in codes.iter().copied().chain(std::iter::repeat_n(0, codes.len().next_multiple_of(8) - codes.len())) {
        bits |= u64::from(code) << held;
        held += width;
        if held >= 32 {
            out.extend_from_slice(&(bits as u32).to_le_bytes());
            bits >>= 32;
            held -= 32;
        }
    }
    out.extend_from_slice(&bits.to_le_bytes()[..held.div_ceil(8) as usize]);
}

fn put_varint(mut value: usize, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
