//! Numbers that look random and depend on nothing but their arguments.

/// Mixes the parts into 64 bits. Source: the finaliser of SplitMix64 (Steele, Lea and Flood, 2014), applied once per part.
pub(crate) fn noise(parts: [u64; 3]) -> u64 {
    let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
    for part in parts {
        bits = (bits ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
    }
    bits
}

/// Writes five letters and digits as they end pod names.
pub(crate) fn push_suffix(text: &mut String, mut bits: u64) {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    for _ in 0..5 {
        text.push(char::from(LETTERS[(bits & 31) as usize]));
        bits >>= 5;
    }
}

/// Whether a share of all slots holds this one, spread evenly: of any 100 slots in a row, `percent` do, the first at `first`.
pub(crate) fn share(slot: u64, first: u64, percent: u32) -> bool {
    // 61 has no factor in common with 100, so the slots of a share lie far apart.
    ((slot + 100 - first) * 61) % 100 < u64::from(percent)
}
