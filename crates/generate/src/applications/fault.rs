//! What can be wrong with a document.

use serde::{Deserialize, Serialize};

/// What is wrong with a document, or strange about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Fault {
    /// An end tag, a quote or an entity is wrong.
    Malformed,
    /// It ends too early.
    Truncated,
    /// Another root element.
    WrongRoot,
    /// The application element of the other product line.
    WrongProduct,
    /// Its number is missing, zero, negative or no number.
    BadId,
    /// A document type whose entities multiply.
    DocumentType,
    /// A hundred thousand elements inside one another.
    TooDeep,
    /// An attribute of two million characters.
    LongValue,
    /// Nothing but white space.
    Blank,
    /// The number of the document before it.
    DuplicateId,
    /// Bytes of windows-1252 that nothing announces.
    Windows1252,
    /// No contact.
    NoContact,
    /// No primary contact.
    NoPrimary,
    /// Two primary contacts.
    TwoPrimaries,
    /// Two contacts with one number.
    DuplicateContact,
    /// A contact with the number of one of the document before it.
    ForeignContact,
    /// A role in small letters.
    RoleCase,
    /// What must have a value has none: the number of a contact, the amount of a warranty.
    MissingRequired,
    /// Codes that no dictionary has.
    UnknownCode,
    /// Entities that are escaped twice.
    DoubleEscaped,
    /// Times with too many seconds and minutes.
    SecondsOverrun,
    /// Numbers that fit no column.
    Overflow,
    /// Dates with the day first, with the year first, and with a year of two digits.
    DateFormats,
    /// Fractions of seconds with seven digits.
    LongFraction,
    /// Numbers of persons and postal codes that begin with zeros.
    LeadingZeros,
    /// Amounts below zero.
    NegativeAmounts,
    /// Amounts with a currency sign and commas.
    DollarAmounts,
    /// An address without any text.
    BlankAddress,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 28] = [
        Self::Malformed,
        Self::Truncated,
        Self::WrongRoot,
        Self::WrongProduct,
        Self::BadId,
        Self::DocumentType,
        Self::TooDeep,
        Self::LongValue,
        Self::Blank,
        Self::DuplicateId,
        Self::Windows1252,
        Self::NoContact,
        Self::NoPrimary,
        Self::TwoPrimaries,
        Self::DuplicateContact,
        Self::ForeignContact,
        Self::RoleCase,
        Self::MissingRequired,
        Self::UnknownCode,
        Self::DoubleEscaped,
        Self::SecondsOverrun,
        Self::Overflow,
        Self::DateFormats,
        Self::LongFraction,
        Self::LeadingZeros,
        Self::NegativeAmounts,
        Self::DollarAmounts,
        Self::BlankAddress,
    ];

    /// Whether no contract can make rows of the document.
    pub const fn is_fatal(self) -> bool {
        matches!(
            self,
            Self::Malformed
                | Self::Truncated
                | Self::WrongRoot
                | Self::WrongProduct
                | Self::BadId
                | Self::DocumentType
                | Self::TooDeep
                | Self::LongValue
                | Self::Blank
        )
    }

    /// Attributes that have these values instead, wherever they are.
    pub(super) const fn values(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::UnknownCode => &[("Status", "NOSUCH"), ("decision_tp_c", "NOSUCH"), ("decision_type_code", "NOSUCH"), ("app_source_ind", "?")],
            Self::DoubleEscaped => &[
                ("last_name", "Mock &amp;amp; &amp;lt;Sons&amp;gt;"),
                ("b_name", "Mock &amp;amp; Sons"),
                ("business_name", "Mock &amp;amp; Sons"),
                ("LastUpdatedBy", "&amp;quot;mock&amp;quot;"),
            ],
            Self::SecondsOverrun => &[
                ("app_receive_date", "2024-5-3 10:59:88.000"),
                ("decision_date", "5/3/2024 10:60:88 AM"),
                ("last_update_time", "2024-5-3 10:60:88.000"),
            ],
            Self::Overflow => &[
                ("months_at_residence", "99999"),
                ("requested_term_months", "99999"),
                ("max_line", "70000"),
                ("monthly_debt", "12345678901234567.89"),
                ("monthly_income", "98765432109876543.21"),
            ],
            Self::DateFormats => {
                &[("birth_date", "14/12/1988"), ("app_receive_date", "2024-01-05"), ("decision_date", "1/5/24"), ("regb_start_date", "1/15/2024")]
            }
            Self::LongFraction => &[("app_receive_date", "2024-05-03 10:11:12.1234567"), ("decision_date", "2024-5-3 1:02:03.7654321")],
            Self::LeadingZeros => &[("ssn", "000123456"), ("zip", "00012"), ("zip_code", "00012"), ("b_zip", "00012")],
            Self::NegativeAmounts => {
                &[("monthly_debt", "-120.50"), ("debt_to_income_ratio", "-1.5"), ("months_at_residence", "-7"), ("monthly_income", "-2.5")]
            }
            Self::DollarAmounts => {
                &[("monthly_income", "$1,200.50"), ("monthly_debt", "1,234"), ("b_salary", "$12,000.00"), ("salary", "$12,000.00")]
            }
            _ => &[],
        }
    }
}
