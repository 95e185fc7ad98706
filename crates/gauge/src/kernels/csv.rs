//! CSV to columns.

use std::fmt::Write;

use rowmill_core::plan::BadRows;
use rowmill_core::{Code, ColumnKind, Error, FilterTerm, InputColumn, InputSpec, Result, Test};
use rowmill_read::{BatchLimit, CsvFile};

use super::{Kernel, Work};
use crate::data::{BATCH_ROWS, Data};

pub(super) const KERNELS: &[Kernel] = &[
    Kernel { name: "read/csv-few-of-many", prepare: |data| scan(data, "", &["instant", "key", "order"], true) },
    Kernel { name: "read/csv-six-columns", prepare: |data| scan(data, "", &SIX, false) },
    Kernel { name: "read/csv-quoted", prepare: |data| scan(data, "\"", &SIX, false) },
];

const SIX: [&str; 6] = ["order", "instant", "key", "c4", "c8", "c16"];
const ROWS: i64 = 50_000;
const INSTANT: i64 = 1_725_408_000_000_000_000;

/// Records of twenty fields below a header: long numbers, a key of 200, short numbers, and a text in these quotes.
fn text(quote: &str) -> String {
    let mut text = String::from("order,key,instant,validity");
    (4..20).for_each(|column| text.push_str(&format!(",c{column}")));
    for row in 0..ROWS {
        let (order, key, instant) = (7_900_000_000_000_000_000 + row, row * 613 % 200, INSTANT + row * 7_919);
        // A String takes everything.
        let _ = write!(text, "\n{order},{key},{instant},{quote}Current Max{quote}");
        (4..20).for_each(|column| text.push_str(&format!(",{}", row * column % 9_999)));
    }
    text + "\n"
}

/// The columns of all records, or of those in a third of the time and with five of the keys.
fn scan(data: &Data, quote: &str, columns: &[&'static str], filtered: bool) -> Result<Work> {
    let path = data.scratch(if quote.is_empty() { "plain.csv" } else { "quoted.csv" }).to_string_lossy().into_owned();
    std::fs::write(&path, text(quote)).map_err(|error| Error::new(Code::SinkFileFailed, error.to_string()).file(&path))?;
    let mut spec = InputSpec::new("orders", columns.iter().map(|name| InputColumn::new(name, ColumnKind::Integer)).collect());
    if filtered {
        let third = INSTANT..INSTANT + ROWS / 3 * 7_919;
        spec.filter = vec![
            FilterTerm { name: "instant", column: 0, test: Test::ranges(vec![third]) },
            FilterTerm { name: "key", column: 1, test: Test::one_of(vec![3, 50, 51, 99, 170]) },
        ];
    }
    Ok(Box::new(move || {
        let file = CsvFile::open(&path, None, &spec, 0, BadRows::Fail)?;
        file.batches(BatchLimit { rows: BATCH_ROWS, bytes: 64 << 20 }).map(|batch| Ok(batch?.batch.num_rows() as u64)).sum()
    }))
}
