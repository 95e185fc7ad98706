//! The kernels: each by itself, on input that is the same every time.

mod csv;
mod fold;
mod labels;
mod months;
mod numbers;
mod read;
mod texts;
mod write;

use std::hint::black_box;

use rowmill_core::{Code, Error, Result};

use crate::data::Data;

/// What is counted. The answer depends on the work, so that no work can be left out, and is the same each time.
type Work = Box<dyn FnMut() -> Result<u64>>;

/// Something to count the instructions of.
struct Kernel {
    /// `room/subject-shape`.
    name: &'static str,
    /// Makes the input. Work that is run twice counts the same both times: what it fills is made anew inside.
    prepare: fn(&Data) -> Result<Work>,
}

fn all() -> impl Iterator<Item = &'static Kernel> {
    [texts::KERNELS, labels::KERNELS, numbers::KERNELS, read::KERNELS, csv::KERNELS, fold::KERNELS, write::KERNELS, months::KERNELS]
        .into_iter()
        .flatten()
}

/// The names, one a line.
pub(crate) fn list() -> String {
    all().map(|kernel| format!("{}\n", kernel.name)).collect()
}

/// Prepares a kernel once and runs it so often; 0 times is the preparation alone. Prints what the work answered.
///
/// # Errors
/// `PLAN_INVALID` for a name that is none; those of the kernel; `BUG_INTERNAL` where the answer differs from time to time.
pub(crate) fn run(name: &str, data: &Data, times: usize) -> Result<String> {
    let unknown = || Error::new(Code::PlanInvalid, "there is no such kernel").value(name).help("`gauge list` says which there are");
    let mut work = (all().find(|kernel| kernel.name == name).ok_or_else(unknown)?.prepare)(data)?;
    let mut answer = None;
    for _ in 0..times {
        let now = black_box(work()?);
        if *answer.get_or_insert(now) != now {
            return Err(Error::bug(format!("{name} answers {now}, and something else before")));
        }
    }
    Ok(format!("{}\n", answer.unwrap_or_default()))
}
