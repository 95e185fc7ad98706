//! XML documents, read strictly and in one pass: a handler is told of elements and attributes as they come, and nothing is built.
//!
//! No document type definition is read, no entity but the five of XML is known, nothing outside the document is looked at, and every size
//! has a limit: what a document can make the scanner do is bounded by the document's own length.

mod attribute;
mod chars;
mod compressed;
mod decode;
mod entities;
mod error;
mod limits;
mod scan;
mod split;
mod tag;
mod window;

pub use attribute::Attribute;
pub use compressed::{Member, gunzip, read_all, read_member, zip_members};
pub use decode::{Fallback, decode, decode_readable};
pub use entities::{unescape, unescape_html};
pub use error::{Limit, XmlError, XmlErrorKind};
pub use limits::Limits;
pub use scan::{Descend, Handler, scan};
pub use split::{Documents, Piece, Splitter};
