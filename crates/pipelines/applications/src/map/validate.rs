//! Whether a document is one of this contract, and what is unusual about it.

use super::capture::{NONE, Span};
use super::fault::Fault;
use super::issues::Issues;
use super::outcome::{IssueKind, SourceId, Stage};
use super::plan::{GroupPlan, Place};
use super::view::{Members, View};

/// The id of a document that is one of this contract.
///
/// # Errors
/// Another root, no application element, one of another kind instead; an id that is not a positive whole number, or not the source's.
pub(super) fn identify(view: &View<'_>, source: &SourceId) -> Result<i64, Box<Fault>> {
    let plan = &view.program.document;
    if !view.capture.is_root {
        let message = format!("the root element is not {}", plan.root);
        let label = format!("/{}", plan.root);
        return Err(Fault::new(Stage::Validation, message).at(Span::MISSING, &label).help("Choose the contract of such documents"));
    }
    let id = document_id(view)?;
    is_application(view)?;
    match source.id {
        Some(known) if known != id && !plan.compat.identity_mismatch_accepted => {
            let label = plan.id.first().map_or("", |(_, _, label)| label);
            let message = format!("the source has this document under {known}, and the document says that it is {id}");
            Err(Fault::new(Stage::Validation, message).at(Span::MISSING, label).help("Mend the source: a document has one id"))
        }
        _ => Ok(id),
    }
}

/// The first id that is not blank.
pub(super) fn document_id(view: &View<'_>) -> Result<i64, Box<Fault>> {
    const HELP: &str = "A document needs a positive whole number here";
    let plan = &view.program.document;
    for (node, attribute, label) in &plan.id {
        let place = Place::Path { node: *node, attribute: *attribute };
        let value = view.at(place, None);
        let text = value.as_deref().unwrap_or("").trim();
        if text.is_empty() {
            continue;
        }
        return match text.parse::<i64>() {
            Ok(id) if id > 0 => Ok(id),
            _ => Err(Fault::new(Stage::Validation, "the document's id is no positive whole number")
                .at(view.span(place, None), label)
                .value(Some(text))
                .help(HELP)),
        };
    }
    let label = plan.id.first().map_or("", |(_, _, label)| label);
    Err(Fault::new(Stage::Validation, "the document has no id").at(Span::MISSING, label).help(HELP))
}

fn is_application(view: &View<'_>) -> Result<(), Box<Fault>> {
    let plan = &view.program.document;
    let there = |node: u32| view.capture.seen.get(node as usize).is_some_and(|seen| *seen > 0);
    let (node, label) = &plan.application;
    if there(*node) {
        return Ok(());
    }
    match plan.others.iter().find(|(other, _)| there(*other)) {
        Some((_, other)) => Err(Fault::new(Stage::Validation, format!("the document is of another kind: it has {other} and not {label}"))
            .at(Span::MISSING, other)
            .help("Choose the contract of such documents")),
        None => Err(Fault::new(Stage::Validation, format!("the document has no {label}")).at(Span::MISSING, label).help("Mend the document")),
    }
}

/// What is unusual about a document.
pub(super) fn notice(view: &View<'_>, issues: &mut Issues) {
    let program = view.program;
    let times = |node: u32| view.capture.seen.get(node as usize).copied().unwrap_or(0);
    for (node, label) in &program.document.others {
        if times(*node) > 0 {
            issues.warn(IssueKind::OtherApplication, || format!("the document has {label}, too"));
        }
    }
    for node in program.single.iter().copied().filter(|node| times(*node) > 1) {
        issues.warn(IssueKind::RepeatedElement, || format!("{} came more than once; the last is taken", program.trie.path(node)));
    }
    for (group, members) in program.groups.iter().zip(&view.groups) {
        notice_members(view, group, members, issues);
        notice_main(view, group, members, issues);
        notice_children(view, group, members, issues);
    }
}

fn notice_members(view: &View<'_>, group: &GroupPlan, members: &Members<'_>, issues: &mut Issues) {
    let name = &group.name;
    if members.kept.is_empty() {
        issues.warn(IssueKind::NoMembers, || match members.all.is_empty() {
            true => format!("the document has no {name}"),
            false => format!("no {name} of the document becomes a row"),
        });
    }
    let mut with_id = 0;
    for record in members.all.iter().copied() {
        let skipped = if !view.has(record, group.id) {
            "has no id"
        } else if !view.has(record, group.role.attribute) {
            "has no role"
        } else if view.rank(record, &group.role).is_none() {
            "has an unknown role"
        } else {
            ""
        };
        with_id += usize::from(view.has(record, group.id));
        if !skipped.is_empty() {
            issues.warn(IssueKind::MemberSkipped, || format!("a {name} {skipped} and was left out{}", at_line(view, record)));
        }
    }
    let repeated = with_id - members.ids();
    if repeated > 0 {
        issues.warn(IssueKind::RepeatedMember, || format!("{repeated} of {with_id} {name} elements have an id that came before"));
    }
}

/// Members of the first role: there is one, and it is complete.
fn notice_main(view: &View<'_>, group: &GroupPlan, members: &Members<'_>, issues: &mut Issues) {
    let name = &group.name;
    let mut count = 0;
    for record in members.all.iter().copied().filter(|record| view.has(*record, group.id) && view.rank(*record, &group.role) == Some(0)) {
        count += 1;
        if group.keep_if.iter().chain(&group.expect).any(|attribute| !view.has(record, *attribute)) {
            issues.warn(IssueKind::IncompleteMember, || format!("the main {name} is not complete{}", at_line(view, record)));
        }
    }
    match count {
        0 if !members.kept.is_empty() => issues.warn(IssueKind::NoMainMember, || format!("no {name} has the first role")),
        0 | 1 => {}
        _ => issues.warn(IssueKind::SeveralMainMembers, || format!("{count} {name} elements have the first role")),
    }
}

fn notice_children(view: &View<'_>, group: &GroupPlan, members: &Members<'_>, issues: &mut Issues) {
    for child in &group.children {
        let without = |record: &u32| view.capture.inside(*record, child.kind).filter(|inside| !view.has(*inside, child.role.attribute)).count();
        let count: usize = members.all.iter().map(without).sum();
        if count > 0 {
            issues.warn(IssueKind::ChildSkipped, || format!("{count} {} elements without a type were left out", child.name));
        }
    }
}

fn at_line(view: &View<'_>, record: u32) -> String {
    match view.capture.records.get(record as usize).map_or(NONE, |record| record.start) {
        NONE => String::new(),
        start => format!(" (line {})", view.read.line_and_column(start as usize).0),
    }
}
