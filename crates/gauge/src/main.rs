//! Runs hot code natively, on fixed input, for a profiler or an instruction counter to look at. It measures nothing itself: how its
//! instructions are counted and compared is in `scripts/gauge.mjs`, how it is profiled in `docs/performance.md`.

mod arguments;
mod data;
mod kernels;
mod month;

use std::io::Write;
use std::process::ExitCode;

use arguments::Arguments;
use data::Data;
use rowmill_core::{Code, Error, Result};

const USAGE: &str = "\
gauge list                                        the kernels
gauge data FOLDER                                 generates what they read; the folder must not be there yet
gauge run KERNEL --data FOLDER [--times 2]        prepares the kernel once, then runs it so often
gauge month FOLDER [--target nowhere|decode|copy|PATH.parquet] [--set budget.threads=1]... [--times 2]
                                                  runs a generated folder end to end and prints CPU seconds by phase";

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
        ["list"] => Ok(kernels::list()),
        ["data", folder] => Data::generate(folder).map(|()| String::new()),
        ["run", kernel] => kernels::run(kernel, &Data::at(arguments.last("data").unwrap_or("."))?, arguments.times()?),
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
