//! rowmill-engine
