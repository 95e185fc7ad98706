//! Runs hot code natively, on fixed input, for a profiler or an instruction counter to look at. It measures nothing itself: how its
//! instructions are counted and compared is in `scripts/gauge.mjs`, how it is profiled in `docs/performance.md`.
//!
//! ```text
//! gauge month FOLDER [--target nowhere|decode|copy|PATH.parquet] [--set budget.threads=1]... [--times 3]
//! ```

mod arguments;
mod month;

use std::io::Write;
use std::process::ExitCode;

use arguments::Arguments;
use rowmill_core::{Code, Error, Result};

const USAGE: &str = "gauge month FOLDER [--target nowhere|decode|copy|PATH.parquet] [--set budget.threads=1]... [--times 3]";

fn main() -> ExitCode {
    match run(&Arguments::of(std::env::args().skip(1))) {
        Ok(text) => say(&mut std::io::stdout(), &text),
        Err(error) => {
            say(&mut std::io::stderr(), &format!("{error}\n"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<String> {
    match arguments.words()[..] {
        ["month", folder] => month::report(folder, arguments),
        _ => Err(Error::new(Code::PlanInvalid, "gauge does not know this command").help(USAGE)),
    }
}

/// A reader that went away needs no words.
fn say(out: &mut dyn Write, text: &str) -> ExitCode {
    match out.write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
