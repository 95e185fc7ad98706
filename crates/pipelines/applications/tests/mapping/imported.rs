//! What a contract of old does with values that do not fit: nothing is told from what its database refused.

use rowmill_applications::contract::import;
use rowmill_applications::map::{IssueKind, Stage, Status};
use rowmill_applications::model::{Compat, Contract, OnError};

use crate::common::{Mapped, map};

fn card() -> Contract {
    import(include_str!("../fixtures/card.original.json"), "card").contract.expect("a contract")
}

/// The contract as a new one would be: no quirk, and nothing left out.
fn strict() -> Contract {
    let mut contract = card();
    contract.compat = Compat::default();
    let is_expression =
        |column: &rowmill_applications::model::Column| matches!(column.from, Some(rowmill_applications::model::Origin::Expression(_)));
    for table in &mut contract.tables {
        // Their expressions are of the other dialect.
        table.columns.retain(|column| !is_expression(column));
        table.row_if = None;
        table.columns.iter_mut().for_each(|column| column.on_error = OnError::Fail);
    }
    contract
}

/// A document of one contact, with attributes in three places.
fn document(application: &str, product: &str, fees: &str) -> String {
    format!(
        "<Provenir><Request ID='7'><CustData><application {application}><app_product {product}/><rmts_info {fees}/>
         <contact con_id='70' ac_role_tp_c='PR' first_name='Testina'/></application></CustData></Request></Provenir>"
    )
}

fn with_value(contract: &Contract, place: &str, value: &str) -> Mapped {
    let (element, name) = place.split_once('@').expect("element@attribute");
    let attribute = format!("{name}='{value}'");
    let of = |wanted| if element == wanted { attribute.as_str() } else { "" };
    map(contract, &document(of("application"), of("app_product"), of("rmts_info")))
}

const WHOLE: (&str, &str) = ("application@swiftpay_num", "app_operational_cc.sc_funding_reference");
const TINY: (&str, &str) = ("rmts_info@late_payment_fee", "app_pricing_cc.card_late_payment_fee");
const DECIMAL: (&str, &str) = ("app_product@debt_to_income_ratio", "app_pricing_cc.debt_to_income_ratio");
const TIME: (&str, &str) = ("app_product@booked_date", "app_base.booked_date");

#[test]
fn app_043_of_old_a_text_that_is_no_value_is_left_out_and_the_document_is_loaded() {
    for ((place, column), value, left) in [
        (WHOLE, "none", "null"),
        (WHOLE, "-7", "7"),
        (WHOLE, "12 of them", "12"),
        (TINY, "no fee", "null"),
        (TINY, "25.5", "255"),
        (DECIMAL, "$1,200.50", "null"),
        (DECIMAL, "half", "null"),
        (DECIMAL, "1e3", "1000.00"),
        (TIME, "2/30/2024", "null"),
        (TIME, "1/2/24", "null"),
        (TIME, "2024-01-02 10:60:00", "null"),
        (TIME, "2024-01-02 10:11:12.1234567", "null"),
        (TIME, "2024-01-02 10:11:88", "2024-01-02 10:11:59"),
    ] {
        let mapped = with_value(&card(), place, value);
        let (table, column) = column.split_once('.').expect("table.column");
        assert_eq!((mapped.outcome.status, mapped.reason()), (Status::Mapped, ""), "{place} {value}");
        // A table in which nothing else is has no row.
        let found = mapped.column(table, column);
        assert_eq!(found.first().map_or("null", String::as_str), left, "{place} {value}");
        let is_noticed = mapped.outcome.issues.iter().any(|issue| issue.kind == IssueKind::ValueLeftOut);
        assert_eq!(is_noticed, left == "null" && (place, value) != (WHOLE.0, "none") && place != TINY.0, "{place} {value}: {:?}", mapped.issues());
        assert!(!mapped.has_issue(value), "{value} is personal");
    }
}

#[test]
fn app_043_of_old_a_number_that_its_column_does_not_hold_fails_the_document_as_the_database_did() {
    for ((place, _), value) in [
        (WHOLE, "2147483648"),
        (WHOLE, "9223372036854775808"),
        (WHOLE, "99999999999999999999999999999999999999999999"),
        (TINY, "256"),
        (TINY, "25.75"),
        (DECIMAL, "10000000000"),
        (DECIMAL, "1e10"),
        (DECIMAL, "NaN"),
    ] {
        fails_masked(&with_value(&card(), place, value), place, value);
    }
}

#[test]
fn app_043_strictly_a_value_that_cannot_be_converted_fails_the_document_with_its_path_and_masked() {
    for ((place, _), value) in [
        (WHOLE, "2147483648"),
        (WHOLE, "12 of them"),
        (TINY, "2560"),
        (DECIMAL, "10000000000"),
        (DECIMAL, "$1,200.50"),
        (DECIMAL, "1e10"),
        (DECIMAL, "NaN"),
        (TIME, "2/30/2024"),
        (TIME, "14/12/2024"),
        (TIME, "2024-01-02 10:11:88"),
    ] {
        fails_masked(&with_value(&strict(), place, value), place, value);
    }
}

fn fails_masked(mapped: &Mapped, place: &str, value: &str) {
    let (element, attribute) = place.split_once('@').expect("element@attribute");
    assert_eq!((mapped.outcome.status, mapped.outcome.stage), (Status::Failed, Some(Stage::Mapping)), "{place} {value}");
    let found = mapped.outcome.place.clone().expect("a place");
    assert!(found.path.is_some_and(|path| path.ends_with(&format!("/{element}"))), "{place} {value}");
    assert_eq!((found.attribute.as_deref(), mapped.outcome.document_id, found.line), (Some(attribute), Some(7), Some(1)), "{place} {value}");
    let reason = mapped.reason();
    assert!(reason.contains("masked") && reason.contains("Mend the document") && !reason.contains(value), "{reason}");
}
