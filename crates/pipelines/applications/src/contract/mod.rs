//! Checks, imports and descriptions of contracts.
