//! Operators on files: read, work, and publish what came out, whole or not at all.

mod files;
mod source;

use napi_derive::napi;
use rowmill_core::{Code, Error, Result};
use rowmill_frame::operators::{AsOf, BookLifetime, ByDate, Done, End, GroupBy, Input, Needs, PickRow, SemiJoin};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{answer, in_background};
use crate::plan::from_wire;
use files::Files;
use source::{Source, WireSource};

#[derive(Deserialize)]
struct WireOperation {
    input: WireSource,
    with: Option<WireSource>,
    out: String,
    #[serde(flatten)]
    operator: Operator,
}

#[derive(Deserialize)]
#[serde(tag = "operator", rename_all = "camelCase")]
enum Operator {
    SemiJoin(SemiJoin),
    GroupBy(GroupBy),
    FirstRow(PickRow),
    LastRow(PickRow),
    ByDate(ByDate),
    AsOf(AsOf),
    BookLifetime(BookLifetime),
}

/// Applies an operator to files and writes what comes out into one file, or one for each partition.
#[napi(ts_args_type = "operation: Operation", ts_return_type = "Promise<Answer<OperationReport>>")]
pub async fn operate(operation: Value) -> Value {
    in_background(move || answer(|| run(from_wire(operation, "the operation")?))).await
}

fn run(WireOperation { input, with, out, operator }: WireOperation) -> Result<Value> {
    let partition = if let Operator::SemiJoin(join) = &operator { join.partition.clone() } else { Vec::new() };
    let mut files = Files::new(out, partition)?;
    let done = match &operator {
        Operator::SemiJoin(join) => two(input, with, join.needs(), |input, with| join.run(input, with, &mut files)),
        Operator::AsOf(join) => two(input, with, join.needs(), |input, with| join.run(input, with, &mut files)),
        Operator::GroupBy(group) => Source::open(input, group.needs())?.as_input(|input| group.run(input, &mut files)),
        Operator::FirstRow(pick) => Source::open(input, pick.needs())?.as_input(|input| pick.run(End::First, input, &mut files)),
        Operator::LastRow(pick) => Source::open(input, pick.needs())?.as_input(|input| pick.run(End::Last, input, &mut files)),
        Operator::ByDate(by) => Source::open(input, by.needs())?.as_input(|input| by.run(input, &mut files)),
        Operator::BookLifetime(life) => Source::open(input, life.needs())?.as_input(|input| life.run(input, &mut files)),
    }?;
    let written = files.publish()?;
    report(&done, written)
}

fn two(input: WireSource, with: Option<WireSource>, needs: [Needs; 2], work: impl FnOnce(&Input<'_>, &Input<'_>) -> Result<Done>) -> Result<Done> {
    let with = with.ok_or_else(|| Error::new(Code::PlanInvalid, "the operator needs a second input").column("with"))?;
    let [left, right] = needs;
    let (input, with) = (Source::open(input, left)?, Source::open(with, right)?);
    input.as_input(|input| with.as_input(|with| work(input, with)))
}

fn report(done: &Done, files: Vec<Value>) -> Result<Value> {
    let mut value = serde_json::to_value(done).map_err(|error| Error::bug(error.to_string()))?;
    value["files"] = json!(files);
    Ok(value)
}
