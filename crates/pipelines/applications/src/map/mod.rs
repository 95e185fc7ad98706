//! One streaming pass over a document, which becomes rows of typed columns.
