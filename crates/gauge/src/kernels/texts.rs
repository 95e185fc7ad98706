//! Texts to numbers, and patterns over texts.

use std::hint::black_box;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Int32Array, StringArray};
use rowmill_core::{Error, Result};
use rowmill_kernels::codes::CodeMap;
use rowmill_kernels::intern::Interner;
use rowmill_kernels::like::Like;

use super::{Kernel, Work};
use crate::data::BATCH_ROWS;

pub(super) const KERNELS: &[Kernel] = &[
    Kernel { name: "texts/intern-few", prepare: |_| Ok(intern(64)) },
    Kernel { name: "texts/intern-many", prepare: |_| Ok(intern(BATCH_ROWS)) },
    Kernel { name: "texts/codes-dictionary", prepare: |_| Ok(codes(dictionary(&names(256))?)) },
    Kernel { name: "texts/codes-plain", prepare: |_| Ok(codes(Arc::new(StringArray::from(names(256))))) },
    Kernel { name: "texts/like", prepare: |_| Ok(like()) },
];

/// Names of pods, `distinct` of them, none beside its like.
fn names(distinct: usize) -> Vec<String> {
    // 613 is prime to every power of two.
    (0..BATCH_ROWS).map(|row| format!("shop-checkout-{:x}", row * 613 % distinct)).collect()
}

fn intern(distinct: usize) -> Work {
    let texts = names(distinct);
    Box::new(move || {
        let mut interner = Interner::default();
        Ok(texts.iter().map(|text| u64::from(interner.intern(text))).sum())
    })
}

/// The texts with a dictionary, in the order of first sight. Not by Arrow's builder: that hashes differently in every process.
pub(super) fn dictionary(texts: &[String]) -> Result<ArrayRef> {
    let mut interner = Interner::default();
    let keys: Int32Array = texts.iter().map(|text| interner.intern(text) as i32).collect();
    let values: StringArray = (0..interner.len() as u32).map(|id| interner.get(id)).collect();
    let array = DictionaryArray::<Int32Type>::try_new(keys, Arc::new(values)).map_err(|error| Error::bug(error.to_string()))?;
    Ok(Arc::new(array))
}

/// A column of eight batches with the same dictionary.
fn codes(array: ArrayRef) -> Work {
    Box::new(move || {
        let (mut map, mut interner, mut out) = (CodeMap::default(), Interner::default(), Vec::with_capacity(BATCH_ROWS));
        let mut sum = 0;
        for _ in 0..8 {
            out.clear();
            map.map(&array, &mut interner, &mut out)?;
            sum += out.iter().map(|code| u64::from(*code)).sum::<u64>();
        }
        Result::Ok(sum)
    })
}

/// Patterns as plans have them over names as months have them: most match at once or not at all, one has to try.
fn like() -> Work {
    let patterns = ["openshift-%", "kube-%", "Platform unallocated", "shop-c_rt", "%check%out-1_", "%-ff"].map(|pattern| Like::new(pattern, None));
    let texts = names(1_024);
    Box::new(move || {
        let matches = |like: &Like| texts.iter().filter(|text| like.matches(black_box(text))).count() as u64;
        Ok(patterns.iter().map(matches).sum())
    })
}
