//! From filter rules to a group with its children.

use std::collections::BTreeMap;

use super::super::problem::{Category, Problem};
use super::original::{FilterRule, Original};
use crate::model::{ChildGroup, Group, Required, Role};

/// Name of the group of contacts; expressions of old call the first one so.
pub(super) const GROUP: &str = "contact";
/// Attribute of a contact's id, which was fixed.
pub(super) const MEMBER_ID: &str = "con_id";
/// A contact has at least one of these, which were fixed.
const PERSON: [&str; 4] = ["birth_date", "first_name", "last_name", "ssn"];

/// The group that the rules describe.
pub(super) fn group(original: &Original) -> Option<Group> {
    let contact = rule(original, GROUP)?;
    let children: BTreeMap<String, ChildGroup> =
        original.rules.iter().filter(|rule| rule.kind != GROUP).map(|rule| (rule.kind.clone(), child(rule))).collect();
    let others = contact.required.iter().filter(|(name, _)| name != MEMBER_ID);
    Some(Group {
        element: contact.element.clone(),
        anywhere: true,
        id: MEMBER_ID.to_owned(),
        role: Role { attribute: contact.typed.0.clone(), values: contact.typed.1.clone() },
        keep_if: PERSON.map(str::to_owned).to_vec(),
        expect: Vec::new(),
        // Only the filter of child rows asked for more.
        require: if children.is_empty() { Vec::new() } else { others.map(required).collect() },
        children,
    })
}

fn child(rule: &FilterRule) -> ChildGroup {
    ChildGroup {
        element: rule.element.name().to_owned(),
        kind: Role { attribute: rule.typed.0.clone(), values: rule.typed.1.clone() },
        require: rule.required.iter().map(required).collect(),
    }
}

fn required((attribute, values): &(String, Vec<String>)) -> Required {
    Required { attribute: attribute.clone(), values: values.clone() }
}

pub(super) fn rule<'o>(original: &'o Original, kind: &str) -> Option<&'o FilterRule> {
    original.rules.iter().find(|rule| rule.kind == kind)
}

/// Rules for contacts and addresses must be there; that for employments only where their table is.
pub(super) fn check(original: &Original, problems: &mut Vec<Problem>) {
    let uses_employment = original.mappings.iter().any(|mapping| mapping.table.ends_with("_employment"));
    for (kind, needed) in [(GROUP, true), ("address", true), ("employment", uses_employment)] {
        if needed && rule(original, kind).is_none() {
            let message = format!("there is no filter rule for {kind} elements");
            let example = format!(r#"{{"element_type": "{kind}", "xml_child_path": "…", "required_attributes": {{…}}}}"#);
            problems.push(Problem::new(Category::Reference, "/element_filtering/filter_rules", message, "Add it", example));
        }
    }
    for rule in &original.rules {
        if rule.typed.1.is_empty() {
            let message = format!("{} may have no value", rule.typed.0);
            let fix = "List its values, the preferred one first";
            problems.push(Problem::new(Category::Structure, &format!("{}/required_attributes", rule.place), message, fix, r#"["CURR", "PREV"]"#));
        }
    }
}
