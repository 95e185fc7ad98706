//! Where orders lie, and what their columns are.

use std::fmt;

use arrow_schema::DataType;
use rowmill_core::{ANY_LAYOUT, ColumnKind, SourceSpec};

/// Name of the one input.
pub const ORDERS: &str = "orders";

/// Every input that can be listed.
pub const SOURCES: &[SourceSpec] = &[SourceSpec {
    name: ORDERS,
    doc: "Order events, one row per change of an order's state; 29 columns with a header line.",
    layouts: &[(ANY_LAYOUT, "**/*.csv"), (ANY_LAYOUT, "**/*.csv.gz"), (ANY_LAYOUT, "**/*.parquet")],
}];

/// The type that a column is declared to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// Signed integer of this many bits.
    Int(u8),
    /// Unsigned integer of this many bits.
    Uint(u8),
    /// IEEE double.
    Double,
    /// UTF-8 text.
    Text,
}

impl Declared {
    /// The names that a plan may use, in the order in which they are listed to people.
    pub const NAMES: &'static str = "int8, int16, int32, int64, uint8, uint16, uint32, double, text";

    /// The type of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "int8" => Self::Int(8),
            "int16" => Self::Int(16),
            "int32" => Self::Int(32),
            "int64" => Self::Int(64),
            "uint8" => Self::Uint(8),
            "uint16" => Self::Uint(16),
            "uint32" => Self::Uint(32),
            "double" => Self::Double,
            "text" => Self::Text,
            _ => return None,
        })
    }

    /// Its type in a file.
    pub fn data_type(self) -> DataType {
        match self {
            Self::Int(8) => DataType::Int8,
            Self::Int(16) => DataType::Int16,
            Self::Int(32) => DataType::Int32,
            Self::Int(_) => DataType::Int64,
            Self::Uint(8) => DataType::UInt8,
            Self::Uint(16) => DataType::UInt16,
            Self::Uint(_) => DataType::UInt32,
            Self::Double => DataType::Float64,
            Self::Text => DataType::Utf8,
        }
    }

    /// How its values are read.
    pub fn kind(self) -> ColumnKind {
        match self {
            Self::Int(_) | Self::Uint(_) => ColumnKind::Integer,
            Self::Double => ColumnKind::Double,
            Self::Text => ColumnKind::Text,
        }
    }
}

impl fmt::Display for Declared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(bits) => write!(f, "int{bits}"),
            Self::Uint(bits) => write!(f, "uint{bits}"),
            Self::Double => f.write_str("double"),
            Self::Text => f.write_str("text"),
        }
    }
}

/// The columns of an order log in their order, each with the narrowest type that its meaning can never outgrow.
pub const COLUMNS: [(&str, Declared); 29] = [
    ("order_id", Declared::Int(64)),
    ("exchange", Declared::Int(32)),
    ("timestamp", Declared::Int(64)),
    ("security_code", Declared::Int(64)),
    ("price", Declared::Int(64)),
    ("side", Declared::Int(8)),
    ("changereason", Declared::Int(16)),
    ("orderstatus", Declared::Int(8)),
    ("quantity", Declared::Int(64)),
    ("leavesquantity", Declared::Int(64)),
    ("ordertype", Declared::Int(16)),
    ("exchangeordertype", Declared::Int(16)),
    ("national_bid", Declared::Int(64)),
    ("national_offer", Declared::Int(64)),
    ("bid", Declared::Int(64)),
    ("offer", Declared::Int(64)),
    ("participantid", Declared::Int(32)),
    ("preferenceonly", Declared::Int(8)),
    ("midtick", Declared::Int(8)),
    ("singlefillminimumquantity", Declared::Int(64)),
    ("minimumquantity", Declared::Int(64)),
    ("sequence", Declared::Int(64)),
    ("crossingkey", Declared::Int(64)),
    ("totalmatchedquantity", Declared::Int(64)),
    ("shortsellquantity", Declared::Int(64)),
    ("triggercondition", Declared::Int(32)),
    ("timevaliditydecoded", Declared::Text),
    ("row_num", Declared::Int(64)),
    ("timevalidity", Declared::Int(32)),
];

/// Columns in which the smallest 64-bit integer says that there is no quote.
pub const WITHOUT_QUOTE: [&str; 2] = ["national_bid", "national_offer"];

/// Column names that rules speak of.
pub mod column {
    /// Number of the order.
    pub const ORDER: &str = "order_id";
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    pub const TIME: &str = "timestamp";
    /// Order book.
    pub const SECURITY: &str = "security_code";
    /// Broker.
    pub const PARTICIPANT: &str = "participantid";
    /// Units.
    pub const QUANTITY: &str = "quantity";
    /// Thousandths of a dollar.
    pub const PRICE: &str = "price";
    /// Order type of the exchange; 64, 256, 2048, 4096 and 4098 are the dark ones.
    pub const ORDER_TYPE: &str = "exchangeordertype";
}

/// The columns that every run reads, in the order in which the fold wants them; each is needed.
pub const NEEDED: [&str; 6] = [column::ORDER, column::TIME, column::SECURITY, column::PARTICIPANT, column::QUANTITY, column::PRICE];
