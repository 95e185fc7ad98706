//! rowmill-generate
