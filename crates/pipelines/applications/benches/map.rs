//! How long a document takes to become rows, beside a scan of it that keeps nothing.
//!
//! A document of about 145 KB of which most is nobody's, and a contract of 230 columns: what documents of the kind are said to be like.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rowmill_applications::map::{Options, Program, Scratch, SourceId};
use rowmill_applications::model::Contract;
use rowmill_applications::values::Compat;
use rowmill_xml::{Attribute, Descend, Handler, Limits, scan};
use serde_json::{Value, json};

/// Attributes of one element.
fn attributes(count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        let value = match number % 6 {
            0 => "Y",
            1 => "417.25",
            2 => "3/14/2024",
            3 => "O&apos;Nobody",
            _ => "",
        };
        let _ = write!(text, " attribute_{number}=\"{value}\"");
    }
    text
}

fn document() -> String {
    let mut text =
        format!("<Root><Request ID=\"12\"{}><Data><loan{}><terms{}/><info{}/>", attributes(30), attributes(40), attributes(69), attributes(46));
    for (id, role) in [(24, "MAIN"), (25, "GUEST")] {
        let _ = write!(
            text,
            "<person person_id=\"{id}\" role=\"{role}\" first_name=\"A\"{}><address kind=\"CURR\" city=\"Utopia\"{}/><work kind=\"CURR\" city=\"Utopia\"{}/></person>",
            attributes(20),
            attributes(22),
            attributes(18)
        );
    }
    text.push_str("</loan></Data><Reports>");
    for number in 0..1_100 {
        let _ = writeln!(
            text,
            "<report code=\"{number}\" kind=\"A\" amount=\"{}.25\" note=\"\" received=\"2024-01-0{}\" source=\"bureau of nobody\"><line text=\"\"/></report>",
            number * 17,
            number % 9 + 1
        );
    }
    text.push_str("</Reports></Request></Root>");
    text
}

/// Columns of the attributes of one element.
fn columns(path: &str, count: usize) -> Vec<Value> {
    let column = |number: usize| {
        let from = if path.is_empty() { format!("@attribute_{number}") } else { format!("{path}/@attribute_{number}") };
        let (kind, steps) = match number % 6 {
            0 => ("bit", json!([{"flag": "yes"}])),
            1 => ("decimal(12,2)", json!([])),
            2 => ("timestamp", json!([])),
            4 => ("int", json!([])),
            _ => ("text(50)", json!([])),
        };
        json!({"name": format!("{}_{number}", path.rsplit('/').next().unwrap_or("")), "type": kind, "from": from, "steps": steps})
    };
    (0..count).map(column).collect()
}

fn table(name: &str, key: Value, rows: Value, mut first: Vec<Value>, columns: Vec<Value>) -> Value {
    first.extend(columns);
    json!({"name": name, "key": key, "rows": rows, "keepEmpty": true, "onRepeat": "keepFirst", "columns": first})
}

fn contract(compat: Compat) -> Contract {
    let loan = "/Root/Request/Data/loan";
    let key = || vec![json!({"name": "loan_id", "type": "int", "from": {"key": "document"}, "nullable": false})];
    let member = || {
        let mut key = key();
        key.push(json!({"name": "person_id", "type": "int", "from": {"key": "member"}, "nullable": false}));
        key
    };
    let mut of_loan = columns(loan, 30);
    for number in 0..13 {
        let text = format!("CASE WHEN attribute_1 > '{number}' AND attribute_0 = 'Y' THEN attribute_1 * {number} ELSE 0 END");
        of_loan.push(json!({"name": format!("calculated_{number}"), "type": "decimal(12,2)", "from": {"expression": {"text": text}}}));
    }
    let pairs: Vec<Value> = (0..40)
        .map(|number| json!({"from": format!("{loan}/info/@attribute_{number}"), "when": "meaningful", "set": [{"column": "name", "value": format!("[{number}]")}]}))
        .collect();
    let history = vec![json!({"name": "name", "type": "text", "nullable": false}), json!({"name": "value", "type": "text"})];
    let tables = json!([
        table("loan", json!(["loan_id"]), json!({"document": {}}), key(), of_loan),
        table("terms", json!(["loan_id"]), json!({"document": {}}), key(), columns(&format!("{loan}/terms"), 60)),
        table("request", json!(["loan_id"]), json!({"document": {}}), key(), columns("/Root/Request", 20)),
        table("person", json!(["person_id"]), json!({"group": {"group": "person"}}), member(), columns("", 15)),
        table("address", json!(["person_id"]), json!({"child": {"group": "person", "child": "address"}}), member(), columns("", 12)),
        table("work", json!(["person_id"]), json!({"child": {"group": "person", "child": "work"}}), member(), columns("", 15)),
        table("history", json!(["loan_id", "name"]), json!({"pairs": {"value": "value", "pairs": pairs}}), key(), history),
    ]);
    let child = |element: &str| json!({"element": element, "type": {"attribute": "kind", "values": ["CURR", "PREV"]}});
    let contract = json!({
        "version": 1, "name": "bench",
        "document": {"root": "Root", "id": ["/Root/Request/@ID"], "application": loan},
        "groups": {"person": {"element": format!("{loan}/person"), "anywhere": true, "id": "person_id",
            "role": {"attribute": "role", "values": ["MAIN", "GUEST"]}, "keepIf": ["first_name"],
            "children": {"address": child("address"), "work": child("work")}}},
        "flags": {"yes": {"values": {"Y": 1}, "fold": "upper", "otherwise": 0}},
        "compat": compat,
        "tables": tables
    });
    serde_json::from_value(contract).expect("a contract")
}

/// A scan that is told of everything, and keeps nothing.
struct Nobody;

impl Handler for Nobody {
    fn open(&mut self, _: &str, _: &[Attribute<'_>]) -> Descend {
        Descend::Into
    }

    fn close(&mut self) {}
}

fn benches(criterion: &mut Criterion) {
    let text = document();
    let mut group = criterion.benchmark_group("applications");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("scan, nothing kept", |bencher| {
        bencher.iter(|| scan(black_box(&text), &Limits::default(), &mut Nobody).expect("a document"));
    });
    for (name, compat) in [("map, strict", Compat::default()), ("map, every quirk", Compat::original())] {
        let program = Program::compile(&contract(compat)).expect("a contract");
        let (mut scratch, mut rows, source) = (Scratch::new(Options::default()), program.rows(), SourceId::default());
        let mut count = 0;
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let outcome = program.map(&mut scratch, &source, black_box(text.as_bytes()), &mut rows).expect("mapped");
                assert_eq!(outcome.reason, None);
                count += 1;
                // As a batch of documents would be.
                if count % 500 == 0 {
                    black_box(rows.finish().expect("batches"));
                }
                outcome.rows
            });
        });
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
