//! The bridge into polars: its errors, and rows grouped by a hash.

use polars_core::frame::group_by::GroupsIndicator;
use polars_core::prelude::{Column, DataFrame, NamedFrom, PolarsError, Series};
use rowmill_core::{Error, Result};

/// A failure of polars is one of ours: everything it is given has been checked before.
pub fn fault(error: PolarsError) -> Error {
    Error::bug(format!("grouping failed: {error}"))
}

/// Calls `group` with the positions of each distinct hash, ascending; groups come in the order of their first position.
pub fn each_group(hashes: Vec<u64>, mut group: impl FnMut(&[u32])) -> Result<()> {
    if hashes.is_empty() {
        return Ok(());
    }
    let column = Column::from(Series::new("hash".into(), hashes));
    let frame = DataFrame::new_infer_height(vec![column]).map_err(fault)?;
    let grouped = frame.group_by_stable(["hash"]).map_err(fault)?;
    for positions in grouped.get_groups().iter() {
        match positions {
            GroupsIndicator::Idx((_, all)) => group(all.as_slice()),
            GroupsIndicator::Slice([first, length]) => group(&(first..first + length).collect::<Vec<u32>>()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_come_in_order_of_their_first_position() {
        let mut groups = Vec::new();
        each_group(vec![9, 3, 9, 1, 3, 9], |positions| groups.push(positions.to_vec())).expect("groups");
        assert_eq!(groups, [vec![0, 2, 5], vec![1, 4], vec![3]]);
        each_group(Vec::new(), |_| panic!("no groups")).expect("nothing");
    }
}
