//! What dialect and semantics mean, one switch per rule.

use super::rows::{Dialect, Month, Semantics};

/// The switches. Numbers in brackets are those of the corrections.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// NULL labels count as `{}` (C05).
    pub(super) null_labels_are_empty: bool,
    /// Labels of nothing but white space count as `{}`.
    pub(super) blank_labels_are_empty: bool,
    /// Labels that are no flat object count as `{}` instead of failing (C08).
    pub(super) malformed_labels_are_empty: bool,
    /// The key of virtual machines is kept even where no key is enabled (C07).
    pub(super) machine_key_always: bool,
    /// Several label sets of a partner on a day are one set (C01).
    pub(super) one_label_set: bool,
    /// Only the largest matching category counts (C02).
    pub(super) one_category: bool,
    /// A volume row matches pods of its own volume only (C03).
    pub(super) match_volume: bool,
    /// A volume that no pod mounts is divided by one (C04).
    pub(super) absent_count_is_one: bool,
    /// A volume that only pods without node mount is divided by one (C04).
    pub(super) zero_count_is_one: bool,
    /// The larger of two numbers is the one that is there (C06).
    pub(super) larger_ignores_null: bool,
    /// Capacity that is not known is 0.
    pub(super) absent_capacity_is_zero: bool,
    /// A backslash escapes in patterns.
    pub(super) like_escape: bool,
}

impl Rules {
    pub(super) fn of(month: &Month) -> Self {
        let corrected = month.semantics == Semantics::Corrected;
        let postgres = month.dialect == Dialect::Postgres;
        Self {
            null_labels_are_empty: corrected || postgres,
            blank_labels_are_empty: postgres,
            malformed_labels_are_empty: corrected,
            machine_key_always: corrected || postgres,
            one_label_set: corrected,
            one_category: corrected,
            match_volume: corrected,
            absent_count_is_one: corrected || postgres,
            zero_count_is_one: corrected,
            larger_ignores_null: corrected || postgres,
            absent_capacity_is_zero: postgres,
            like_escape: postgres,
        }
    }
}
