//! rowmill-emit
