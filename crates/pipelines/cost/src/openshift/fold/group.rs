//! Groups and what is gathered per group.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use rowmill_kernels::intern::NULL_ID;
use rowmill_kernels::sum::FixedSum;

use super::chunked::Chunked;

/// Sum of core-seconds: steps of 2^-54, range 2^72, beyond the 3.6e21 that still fit the output as core-hours.
pub type CoreSeconds = FixedSum<54>;
/// Sum of byte-seconds of memory: steps of 2^-24, range 2^102, beyond what fits the output as gigabyte-hours.
pub type ByteSeconds = FixedSum<24>;
/// Sum of byte-seconds of volumes: steps of 2^-14, range 2^112, beyond what fits the output as gigabyte-months.
pub type VolumeSeconds = FixedSum<14>;

/// The largest of the values seen; none yet is NaN inside.
#[derive(Clone, Copy, Debug)]
pub struct Largest(f64);

impl Default for Largest {
    fn default() -> Self {
        Self(f64::NAN)
    }
}

impl Largest {
    /// Takes a value in; NaN is none.
    #[inline]
    pub fn put(&mut self, value: f64) {
        if value > self.0 || self.0.is_nan() {
            self.0 = value;
        }
    }

    /// Takes another one in.
    #[inline]
    pub fn merge(&mut self, other: Self) {
        if !other.0.is_nan() {
            self.put(other.0);
        }
    }

    /// The largest value, if there was any.
    pub fn get(self) -> Option<f64> {
        (!self.0.is_nan()).then_some(self.0)
    }
}

/// What is gathered for a group of pod rows. A sum without its bit in `present` is NULL.
#[derive(Clone, Copy, Debug)]
pub struct PodTotals {
    pub cpu: [CoreSeconds; 4],
    pub memory: [ByteSeconds; 4],
    pub capacity_cores: Largest,
    pub capacity_bytes: Largest,
    pub resource: u32,
    pub present: u8,
}

impl Default for PodTotals {
    fn default() -> Self {
        Self {
            cpu: Default::default(),
            memory: Default::default(),
            capacity_cores: Largest::default(),
            capacity_bytes: Largest::default(),
            resource: NULL_ID,
            present: 0,
        }
    }
}

impl PodTotals {
    /// Adds a value to the sum with this number: 0 to 3 are cpu, 4 to 7 memory. NaN is no value.
    #[inline]
    pub fn add(&mut self, sum: usize, value: f64) {
        if value.is_nan() {
            return;
        }
        self.present |= 1 << sum;
        if sum < 4 { self.cpu[sum].add(value) } else { self.memory[sum - 4].add(value) }
    }

    /// Something of each cache line: whoever asks has the group brought near.
    #[inline]
    pub fn look_at(&self) -> u32 {
        self.cpu[0].steps() as u32 ^ self.memory[0].steps() as u32 ^ u32::from(self.present)
    }

    /// Adds the sums of another group `times` times; the largest values are taken once. The resource is the caller's to merge,
    /// because only it knows the texts.
    pub fn merge(&mut self, other: &Self, times: u32) {
        for sum in 0..4 {
            self.cpu[sum].merge(other.cpu[sum].times(times));
            self.memory[sum].merge(other.memory[sum].times(times));
        }
        self.capacity_cores.merge(other.capacity_cores);
        self.capacity_bytes.merge(other.capacity_bytes);
        self.present |= other.present;
    }

    /// A sum in seconds, or `None` for NULL.
    pub fn seconds(&self, sum: usize) -> Option<f64> {
        let value = || if sum < 4 { self.cpu[sum].value() } else { self.memory[sum - 4].value() };
        (self.present & (1 << sum) != 0).then(value)
    }
}

/// What is gathered for a group of volume rows: capacity, request and usage in byte-seconds, and the largest capacity in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct VolumeTotals {
    pub sums: [VolumeSeconds; 3],
    pub capacity_bytes: Largest,
    pub present: u8,
}

impl VolumeTotals {
    /// Adds a value to the sum with this number.
    #[inline]
    pub fn add(&mut self, sum: usize, value: f64) {
        self.present |= 1 << sum;
        self.sums[sum].add(value);
    }

    /// Adds the sums of another group `times` times.
    pub fn merge(&mut self, other: &Self, times: u32) {
        for (sum, other) in self.sums.iter_mut().zip(other.sums) {
            sum.merge(other.times(times));
        }
        self.capacity_bytes.merge(other.capacity_bytes);
        self.present |= other.present;
    }

    /// A sum in byte-seconds, or `None` for NULL.
    pub fn byte_seconds(&self, sum: usize) -> Option<f64> {
        (self.present & (1 << sum) != 0).then(|| self.sums[sum].value())
    }
}

/// Values by key, in the order in which keys were first seen.
pub struct Grouped<K, V> {
    index: HashTable<u32>,
    pub keys: Vec<K>,
    pub values: Chunked<V>,
    hasher: FixedState,
}

impl<K, V> Default for Grouped<K, V> {
    fn default() -> Self {
        Self { index: HashTable::new(), keys: Vec::new(), values: Chunked::default(), hasher: FixedState::default() }
    }
}

impl<K: Copy + Eq + Hash, V: Default> Grouped<K, V> {
    /// The value of a key, made where there is none.
    #[inline]
    pub fn entry(&mut self, key: K) -> &mut V {
        let at = self.place(key);
        &mut self.values[at]
    }

    /// The position of a key, made where there is none. It stays until the groups are taken away.
    #[inline]
    pub fn place(&mut self, key: K) -> usize {
        let hash = self.hasher.hash_one(key);
        let keys = &self.keys;
        match self.index.find(hash, |&at| keys[at as usize] == key) {
            Some(&at) => at as usize,
            None => self.insert(hash, key),
        }
    }

    fn insert(&mut self, hash: u64, key: K) -> usize {
        let at = self.keys.len();
        self.keys.push(key);
        self.values.push(V::default());
        let (keys, hasher) = (&self.keys, &self.hasher);
        self.index.insert_unique(hash, at as u32, |&at| hasher.hash_one(keys[at as usize]));
        at
    }

    /// Whether there is no group.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Pairs, in the order in which keys were first seen.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.keys.iter().zip(self.values.iter())
    }

    /// Bytes held.
    pub fn resident_bytes(&self) -> usize {
        self.keys.capacity() * size_of::<K>() + self.values.resident_bytes() + self.index.allocation_size()
    }
}
