//! Universally unique identifiers: random ones, and their text.

use rowmill_core::{Error, Result};

/// Makes version 4 uuids without a system call for each; xoshiro256++ seeded once from the operating system.
#[derive(Debug)]
pub(super) struct RandomUuids([u64; 4]);

impl RandomUuids {
    pub(super) fn new() -> Result<Self> {
        let mut seed = [[0u8; 8]; 4];
        getrandom::fill(seed.as_flattened_mut()).map_err(|error| Error::bug(format!("the operating system gives no random bytes: {error}")))?;
        Ok(Self(seed.map(u64::from_le_bytes)))
    }

    pub(super) fn next(&mut self) -> [u8; 16] {
        let bits = u128::from(self.word()) << 64 | u128::from(self.word());
        // Version 4 in the 13th hexadecimal digit, variant 0b10 at the head of the 17th.
        let bits = bits & !(0xF << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
        bits.to_be_bytes()
    }

    fn word(&mut self) -> u64 {
        let state = &mut self.0;
        let word = state[0].wrapping_add(state[3]).rotate_left(23).wrapping_add(state[0]);
        let shifted = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= shifted;
        state[3] = state[3].rotate_left(45);
        word
    }
}

/// Reads 32 hexadecimal digits with or without hyphens.
pub(super) fn parse(text: &str) -> Option<[u8; 16]> {
    let mut bits = 0u128;
    let mut digits = 0;
    for byte in text.bytes().filter(|byte| *byte != b'-') {
        bits = bits << 4 | u128::from(char::from(byte).to_digit(16)?);
        digits += 1;
        if digits > 32 {
            return None;
        }
    }
    (digits == 32).then(|| bits.to_be_bytes())
}

/// The usual text: 8, 4, 4, 4 and 12 digits.
pub(super) fn format(bytes: [u8; 16]) -> String {
    let digits = format!("{:032x}", u128::from_be_bytes(bytes));
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}
