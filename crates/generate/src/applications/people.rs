//! Who is in a document: contacts with their addresses and employments.

use std::collections::BTreeSet;

use super::draw::Draw;
use super::fault::Fault;
use super::spec::Product;

/// A contact.
#[derive(Debug)]
pub(super) struct Contact {
    /// Its number; none where the document does not say it.
    pub(super) id: Option<u64>,
    pub(super) role: &'static str,
    pub(super) addresses: Vec<Address>,
    /// Types of its employments.
    pub(super) employments: Vec<&'static str>,
}

/// An address.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) kind: &'static str,
    pub(super) is_blank: bool,
}

/// The contacts of a document, the primary one first.
pub(super) fn contacts(product: Product, id: u64, fault: Option<Fault>, draw: &mut Draw) -> Vec<Contact> {
    let second = match product {
        Product::Card => draw.percent(10).then(|| if draw.percent(93) { "AUTHU" } else { "SEC" }),
        Product::Lending => draw.percent(34).then_some("SEC"),
    };
    let other = match (fault, product) {
        (Some(Fault::TwoPrimaries), _) => Some("PR"),
        (Some(Fault::DuplicateContact), Product::Card) => Some("AUTHU"),
        (Some(Fault::DuplicateContact), Product::Lending) => Some("SEC"),
        _ => second,
    };
    let first = match fault {
        Some(Fault::NoContact) => return Vec::new(),
        Some(Fault::NoPrimary) => "SEC",
        Some(Fault::RoleCase) => "pr",
        _ => "PR",
    };
    let number = match fault {
        Some(Fault::MissingRequired) => None,
        Some(Fault::ForeignContact) => Some(id * 2 - 2),
        _ => Some(id * 2),
    };
    let mut contacts = vec![contact(product, number, first, draw)];
    if let Some(role) = other.filter(|_| fault != Some(Fault::NoPrimary)) {
        let number = if fault == Some(Fault::DuplicateContact) { id * 2 } else { id * 2 + 1 };
        contacts.push(contact(product, Some(number), role, draw));
    }
    if fault == Some(Fault::BlankAddress) {
        contacts[0].addresses.retain(|address| address.kind != "PREV");
        contacts[0].addresses.push(Address { kind: "PREV", is_blank: true });
    }
    contacts
}

fn contact(product: Product, id: Option<u64>, role: &'static str, draw: &mut Draw) -> Contact {
    let mut kinds = vec!["CURR"];
    // A type that is blank, or that no contract takes, now and then.
    let more: &[(&str, u64)] = match product {
        Product::Card => &[("PREV", 2), ("", 4)],
        Product::Lending => &[("PREV", 55), ("PATR", 15), ("COLL", 13)],
    };
    kinds.extend(more.iter().filter(|(_, percent)| draw.percent(*percent)).map(|(kind, _)| *kind));
    let mut employments = vec!["CURR"];
    let (kind, percent) = if product == Product::Card { ("", 7) } else { ("PREV", 50) };
    if draw.percent(percent) {
        employments.push(kind);
    }
    let addresses = kinds.into_iter().map(|kind| Address { kind, is_blank: false }).collect();
    Contact { id, role, addresses, employments }
}

/// Rows that the contacts of a document make: contacts, addresses and employments.
pub(super) fn rows(product: Product, contacts: &[Contact]) -> [u64; 3] {
    let second = if product == Product::Card { "AUTHU" } else { "SEC" };
    let kept = || contacts.iter().filter(|contact| contact.id.is_some() && (contact.role == "PR" || contact.role == second));
    let is_kind = |kind: &str| kind == "CURR" || kind == "PREV";
    let people: BTreeSet<_> = kept().map(|contact| contact.id).collect();
    let addresses: BTreeSet<_> = kept()
        .flat_map(|contact| contact.addresses.iter().filter(|address| !address.is_blank).map(|address| (contact.id, address.kind)))
        .filter(|(_, kind)| is_kind(kind))
        .collect();
    let employments: BTreeSet<_> =
        kept().flat_map(|contact| contact.employments.iter().map(|kind| (contact.id, *kind))).filter(|(_, kind)| is_kind(kind)).collect();
    [people.len() as u64, addresses.len() as u64, employments.len() as u64]
}
