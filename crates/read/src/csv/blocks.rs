//! Where commas, line ends and quotes are in 64 bytes: one bit for each byte, the lowest for the first.

/// Bytes that are looked at together.
pub(super) const BLOCK_BYTES: usize = 64;

/// The bits of one block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) commas: u64,
    pub(super) newlines: u64,
    pub(super) quotes: u64,
}

/// A way to compare 64 bytes with one.
pub(super) trait Blocks {
    /// A bit for each byte that equals `wanted`.
    fn equal(block: &[u8; BLOCK_BYTES], wanted: u8) -> u64;

    /// All that tells fields apart.
    #[inline(always)]
    fn marks(block: &[u8; BLOCK_BYTES]) -> Marks {
        Marks { commas: Self::equal(block, b','), newlines: Self::equal(block, b'\n'), quotes: Self::equal(block, b'"') }
    }
}

/// Eight bytes at a time in ordinary registers: for every machine.
pub(super) struct Portable;

impl Blocks for Portable {
    #[inline(always)]
    fn equal(block: &[u8; BLOCK_BYTES], wanted: u8) -> u64 {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const LOW_BITS: u64 = 0x7F7F_7F7F_7F7F_7F7F;
        let mut bits = 0;
        for (at, bytes) in block.as_chunks::<8>().0.iter().enumerate() {
            let differences = u64::from_le_bytes(*bytes) ^ (ONES * u64::from(wanted));
            // The high bit of each byte without a difference: no carry leaves a byte.
            let same = !(((differences & LOW_BITS) + LOW_BITS) | differences | LOW_BITS);
            bits |= ((same >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * at);
        }
        bits
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) use wide::Avx2;

#[cfg(target_arch = "x86_64")]
// The instructions are only to be had as intrinsics; where they are used at all is decided by what the processor says.
#[allow(unsafe_code)]
mod wide {
    use std::arch::x86_64::{__m256i, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_set1_epi8};

    use super::{BLOCK_BYTES, Blocks};

    /// Thirty-two bytes at a time.
    ///
    /// Used only inside a function with the target feature `avx2` that was entered because the processor has it.
    pub(in super::super) struct Avx2;

    impl Blocks for Avx2 {
        #[inline(always)]
        fn equal(block: &[u8; BLOCK_BYTES], wanted: u8) -> u64 {
            let (low, high) = block.split_at(BLOCK_BYTES / 2);
            // SAFETY: the processor has AVX2 (see the type), and each half of the block is 32 readable bytes; the load asks for no alignment.
            let bits = |half: &[u8]| unsafe {
                let bytes = _mm256_loadu_si256(half.as_ptr().cast::<__m256i>());
                _mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(wanted.cast_signed()))).cast_unsigned()
            };
            u64::from(bits(low)) | u64::from(bits(high)) << 32
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_way_marks_the_bytes_that_are_equal_and_no_other(bytes in prop::collection::vec(prop_oneof![Just(b','), Just(b'-'), Just(0xAC), any::<u8>()], 64)) {
            let block: &[u8; 64] = bytes.as_slice().try_into().unwrap();
            for wanted in [b',', b'\n', b'"', 0xAC, 0] {
                let naive = (0..64).filter(|at| block[*at] == wanted).fold(0_u64, |bits, at| bits | 1 << at);
                prop_assert_eq!(Portable::equal(block, wanted), naive);
                #[cfg(target_arch = "x86_64")]
                if std::arch::is_x86_feature_detected!("avx2") {
                    prop_assert_eq!(Avx2::equal(block, wanted), naive);
                }
            }
        }
    }
}
