//! The whole statement, and what makes it fail.

use super::capacity::Capacity;
use super::decimal::{numeric15, numeric15_by_15_digits};
use super::pods::pod_rows;
use super::rows::{Dialect, Month, SummaryRow};
use super::scope::Scope;
use super::storage::storage_rows;
use super::unallocated::unallocated_rows;

/// Most characters of a name.
const NAME_LIMIT: usize = 253;

/// All rows of the summary, or why the statement fails as a whole.
///
/// It fails on labels that are no flat JSON object, on a volume that only pods without node mount, on numbers that are not
/// finite or do not fit numeric(33,15), on names of more than 253 characters (trailing spaces beyond are cut), and on NUL
/// characters in names and kept labels.
///
/// `Corrected` differs from `Exact` by these numbered corrections:
/// - C01: several label sets of one node or namespace on a day are one partner, their union; where keys conflict the larger value
///   (by code point) wins, and a NULL set adds nothing. Rows are no longer taken several times.
/// - C02: of several matching categories the largest id counts, once; also for unallocated rows.
/// - C03: a volume row matches pods of its own volume only (equal, or both NULL).
/// - C04: a volume that no pod mounts, or only pods without node, is divided by one.
/// - C05: labels of pods and volumes that are NULL (or JSON null) are `{}`.
/// - C06: effective usage is the larger of usage and request, or the one that is there.
/// - C07: the key `vm_kubevirt_io_name` is kept even where no key is enabled.
/// - C08: labels that are no flat JSON object are `{}`.
pub fn summarise(month: &Month) -> Result<Vec<SummaryRow>, String> {
    let scope = Scope::new(month)?;
    let mut rows = pod_rows(&scope, &Capacity::new(&scope))?;
    let unallocated = unallocated_rows(&scope, &rows);
    rows.extend(storage_rows(&scope)?);
    rows.extend(unallocated);
    rows.into_iter().map(|row| stored(row, month.dialect)).collect()
}

/// Double to numeric(33,15) in this dialect.
pub(super) fn decimal(number: f64, dialect: Dialect) -> Result<i128, String> {
    match dialect {
        Dialect::Trino => numeric15(number),
        Dialect::Postgres => numeric15_by_15_digits(number),
    }
}

/// The row as the table can hold it.
fn stored(mut row: SummaryRow, dialect: Dialect) -> Result<SummaryRow, String> {
    for number in row.measures.into_iter().flatten() {
        decimal(number, dialect)?;
    }
    for name in [&mut row.namespace, &mut row.node, &mut row.resource_id, &mut row.claim, &mut row.volume, &mut row.class].into_iter().flatten() {
        let beyond: Option<usize> = name.char_indices().nth(NAME_LIMIT).map(|(at, _)| at);
        if let Some(beyond) = beyond {
            if name[beyond..].chars().any(|letter| letter != ' ') {
                return Err(format!("{name:?} has more than {NAME_LIMIT} characters"));
            }
            name.truncate(beyond);
        }
        if name.contains('\0') {
            return Err(format!("{name:?} holds a NUL character"));
        }
    }
    for (key, value) in &row.all_labels {
        if key.contains('\0') || value.as_ref().is_some_and(|value| value.contains('\0')) {
            return Err(format!("label {key:?} holds a NUL character"));
        }
    }
    Ok(row)
}
