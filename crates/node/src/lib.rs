//! rowmill-node
