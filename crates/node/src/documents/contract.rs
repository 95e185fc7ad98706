//! Contracts: what is wrong with one, what it describes, and where one comes from.

use napi_derive::napi;
use rowmill_applications::contract::{Checked, Differ, check, ddl, describe, explain, import, lint, pretty};
use rowmill_applications::model::Contract;
use rowmill_core::{Code, Error, Result};
use serde_json::{Value, json};

use super::read::{Reader, WireDocument};
use crate::answer::{answer, in_background};
use crate::plan::from_wire;

/// The contract of this JSON.
///
/// # Errors
/// `PLAN_INVALID` with the problems.
pub fn read(text: &str) -> Result<Contract> {
    let Checked { contract, problems } = check(text);
    contract.ok_or_else(|| {
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Error::new(Code::PlanInvalid, format!("the contract has {} problems:\n  {}", said.len(), said.join("\n  ")))
            .help("`rowmill contract check` lists them")
    })
}

/// Everything that is wrong with a contract, given as JSON.
#[napi(ts_return_type = "Promise<Answer<{ problems: ContractProblem[] }>>")]
pub async fn check_contract(contract: String) -> Value {
    in_background(move || answer(|| Ok(json!({ "problems": check(&contract).problems })))).await
}

/// What a contract, given as JSON, reads and writes.
#[napi(ts_return_type = "Promise<Answer<ContractDescription>>")]
pub async fn describe_contract(contract: String) -> Value {
    in_background(move || answer(|| Ok(describe(&read(&contract)?)))).await
}

/// Statements that make the tables of a contract, given as JSON.
#[napi(ts_args_type = "contract: string, schema: string | null", ts_return_type = "Promise<Answer<string[]>>")]
pub async fn contract_ddl(contract: String, schema: Option<String>) -> Value {
    in_background(move || answer(|| Ok(ddl(&read(&contract)?, schema.as_deref())))).await
}

/// What a contract, given as JSON, does, in words.
#[napi(ts_return_type = "Promise<Answer<string>>")]
pub async fn explain_contract(contract: String) -> Value {
    in_background(move || answer(|| Ok(explain(&read(&contract)?)))).await
}

/// What is allowed in a contract, given as JSON, and probably not meant.
#[napi(ts_return_type = "Promise<Answer<ContractWarning[]>>")]
pub async fn lint_contract(contract: String) -> Value {
    in_background(move || answer(|| Ok(lint(&read(&contract)?)))).await
}

/// Most bytes of a document that is only looked at.
const LOOKED_AT_BYTES: usize = 64 << 20;

/// The expressions of a contract, given as JSON, that both dialects read differently in these documents of files.
#[napi(ts_args_type = "contract: string, documents: MapDocument[], reveal: boolean", ts_return_type = "Promise<Answer<ExpressionDifference[]>>")]
pub async fn compare_expressions(contract: String, documents: Value, reveal: bool) -> Value {
    in_background(move || {
        answer(|| {
            let documents: Vec<WireDocument> = from_wire(documents, "the documents")?;
            let mut differ = Differ::new(&read(&contract)?, reveal)?;
            let (mut reader, mut bytes) = (Reader::default(), Vec::new());
            for document in &documents {
                let Some(path) = &document.path else { continue };
                reader.read(document, path, LOOKED_AT_BYTES, &mut bytes)?;
                differ.push(&document.name, &bytes)?;
            }
            Ok(differ.finish())
        })
    })
    .await
}

/// A contract of ours of a contract of old, both JSON.
#[napi(ts_return_type = "Promise<Answer<ImportedContract>>")]
pub async fn import_contract(contract: String, name: String) -> Value {
    in_background(move || {
        answer(|| {
            let imported = import(&contract, &name);
            let text = imported.contract.as_ref().map(pretty).transpose().map_err(|error| Error::bug(error.to_string()))?;
            Ok(json!({
                "contract": imported.contract,
                "text": text,
                "problems": imported.problems,
                "switches": imported.switches,
                "notes": imported.notes,
            }))
        })
    })
    .await
}
