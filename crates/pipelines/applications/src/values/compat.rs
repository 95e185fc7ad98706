//! The switches that bring back a behaviour of the contracts of old.

use serde::{Deserialize, Serialize};

/// Quirks of imported contracts, each off unless the contract turns it on.
///
/// A new contract has none of them: that is what "strict" means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Compat {
    /// Expressions are in the dialect of old, and find attributes by their bare name anywhere in the document.
    #[serde(skip_serializing_if = "is_off")]
    pub expressions: bool,
    /// A whole number without steps is the first run of digits of its text: sign and thousands are lost.
    #[serde(skip_serializing_if = "is_off")]
    pub ints_first_run: bool,
    /// The digits of a text become a number, which loses leading zeros.
    #[serde(skip_serializing_if = "is_off")]
    pub digits_as_int: bool,
    /// A bit without steps is 1 for any text that is not blank, also for `0` and `N`.
    #[serde(skip_serializing_if = "is_off")]
    pub any_text_is_one: bool,
    /// Decimals go through a double, which has some sixteen digits.
    #[serde(skip_serializing_if = "is_off")]
    pub decimals_as_doubles: bool,
    /// A date with slashes has its day first where the month first makes none, seconds beyond 59 are 59, and a zone is passed over.
    #[serde(skip_serializing_if = "is_off")]
    pub dates_forgiving: bool,
    /// A text of length -1 loses its last character.
    #[serde(skip_serializing_if = "is_off")]
    pub length_minus_one_chops: bool,
    /// Attributes that are found by their path are unescaped a second time, and stripped.
    #[serde(skip_serializing_if = "is_off")]
    pub unescape_twice: bool,
    /// Child rows come from a filter of their own: absolute paths, values compared without case, members that are the same in all required
    /// attributes counted once (the last).
    #[serde(skip_serializing_if = "is_off")]
    pub child_filter_ignores_case: bool,
    /// A missing value of a column that is not nullable is left for the database to refuse.
    #[serde(skip_serializing_if = "is_off")]
    pub missing_not_null_swallowed: bool,
    /// A document that failed is never tried again.
    #[serde(skip_serializing_if = "is_off")]
    pub failed_never_retried: bool,
    /// A member whose key is in the table already, even of another document, is left out, and its children are added to the one that is there.
    #[serde(skip_serializing_if = "is_off")]
    pub foreign_contact_absorbed: bool,
    /// A document may have another id than the source says.
    #[serde(skip_serializing_if = "is_off")]
    pub identity_mismatch_accepted: bool,
}

impl Compat {
    /// Every quirk, as the original has them.
    pub fn original() -> Self {
        Self {
            expressions: true,
            ints_first_run: true,
            digits_as_int: true,
            any_text_is_one: true,
            decimals_as_doubles: true,
            dates_forgiving: true,
            length_minus_one_chops: true,
            unescape_twice: true,
            child_filter_ignores_case: true,
            missing_not_null_swallowed: true,
            failed_never_retried: true,
            foreign_contact_absorbed: true,
            identity_mismatch_accepted: true,
        }
    }
}

fn is_off(switch: &bool) -> bool {
    !*switch
}
