//! All that a contract does to texts.

use crate::model::{Contract, RowKind, Step};

/// Every step of every column, cell and pair.
pub(super) fn all_steps(contract: &Contract) -> Vec<Step> {
    let mut steps = Vec::new();
    for table in &contract.tables {
        steps.extend(table.columns.iter().flat_map(|column| column.steps.iter().cloned()));
        match &table.rows {
            RowKind::Slots { slots, .. } => {
                let of_cells = slots.iter().flat_map(|slot| &slot.cells).filter_map(|cell| cell.steps.as_ref());
                steps.extend(of_cells.flatten().cloned());
            }
            RowKind::Pairs { pairs, .. } => steps.extend(pairs.iter().filter_map(|pair| pair.steps.as_ref()).flatten().cloned()),
            _ => {}
        }
    }
    steps
}
