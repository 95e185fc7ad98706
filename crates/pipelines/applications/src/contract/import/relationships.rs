//! What tables of old contracts had to have: a place in the order, and a parent.

use super::super::problem::{Category, Problem};
use super::original::Original;
use super::tables::{BASE, LOG};

/// Every child has a place in the order, and every table but the first a parent.
pub(super) fn check(original: &Original, problems: &mut Vec<Problem>) {
    for (at, relationship) in original.relationships.iter().enumerate() {
        if !original.order.contains(&relationship.child) {
            let message = format!("{} has no place in table_insertion_order", relationship.child);
            let place = format!("/relationships/{at}/child_table");
            problems.push(Problem::new(
                Category::Reference,
                &place,
                message,
                "Add it after its parent",
                r#"["app_base", "app_contact_base", "processing_log"]"#,
            ));
        }
    }
    for (at, table) in original.order.iter().enumerate() {
        let makes_rows = |mapping: &super::original::Mapping| mapping.table == *table && mapping.row_type().is_some();
        let is_base = |mapping: &super::original::Mapping| mapping.table == *table && mapping.has("identity_insert");
        let is_child = original.relationships.iter().any(|relationship| relationship.child == *table);
        if table != LOG && table != BASE && !is_child && !original.mappings.iter().any(|mapping| makes_rows(mapping) || is_base(mapping)) {
            let message = format!("{table} has no relationship");
            let example = format!(r#"{{"parent_table": "app_base", "child_table": "{table}", "foreign_key_column": "app_id"}}"#);
            let place = format!("/table_insertion_order/{at}");
            problems.push(Problem::new(Category::Reference, &place, message, "Say which table it hangs off", example));
        }
    }
}
