//! rowmill-read
