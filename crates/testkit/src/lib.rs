//! rowmill-testkit
