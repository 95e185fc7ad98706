//! Documents: contracts, and a mapper that turns documents into COPY bytes by one.

mod contract;
mod encode;
mod list;
mod map;
mod mapped;
mod read;
