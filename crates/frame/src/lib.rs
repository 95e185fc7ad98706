//! rowmill-frame
