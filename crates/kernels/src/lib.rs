//! rowmill-kernels
