//! What was made: answers to check a run with.

use std::collections::BTreeMap;

use serde::Serialize;

use super::document::Document;
use super::fault::Fault;
use super::spec::{ApplicationsSpec, DocumentShape, Product};

/// What was written, and what a run over it must find.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationsTotals {
    /// Whose documents they are.
    pub product: Product,
    /// How much of them there is.
    pub shape: DocumentShape,
    /// The seed.
    pub seed: u64,
    /// Files that hold documents.
    pub files: u64,
    /// Documents.
    pub documents: u64,
    /// Bytes of the documents, before any compression.
    pub bytes: u64,
    /// Documents of which no contract can make rows.
    pub fatal: u64,
    /// Documents by fault; those without one are left out.
    pub faults: BTreeMap<Fault, u64>,
    /// Contacts that make rows.
    pub contacts: u64,
    /// Addresses that make rows.
    pub addresses: u64,
    /// Employments that make rows.
    pub employments: u64,
    /// Every document, in the order in which they were written.
    pub items: Vec<DocumentTotals>,
}

/// What is known of a document.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentTotals {
    /// Its file or member, or its place in the one file, from 0.
    pub name: String,
    /// The number of its row or file.
    pub source: u64,
    /// The number that it says itself; none where that is not one.
    pub id: Option<u64>,
    /// Its bytes.
    pub bytes: u64,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// Whether no contract can make rows of it.
    pub fatal: bool,
    /// Contacts that make rows.
    pub contacts: u64,
    /// Addresses that make rows.
    pub addresses: u64,
    /// Employments that make rows.
    pub employments: u64,
}

impl ApplicationsTotals {
    pub(super) fn new(spec: &ApplicationsSpec) -> Self {
        Self {
            product: spec.product,
            shape: spec.shape,
            seed: spec.seed,
            files: 0,
            documents: 0,
            bytes: 0,
            fatal: 0,
            faults: BTreeMap::new(),
            contacts: 0,
            addresses: 0,
            employments: 0,
            items: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, document: &Document, name: String) {
        let [contacts, addresses, employments] = document.rows;
        let (bytes, fatal) = (document.bytes.len() as u64, document.fault.is_some_and(Fault::is_fatal));
        self.documents += 1;
        self.bytes += bytes;
        self.fatal += u64::from(fatal);
        self.contacts += contacts;
        self.addresses += addresses;
        self.employments += employments;
        if let Some(fault) = document.fault {
            *self.faults.entry(fault).or_default() += 1;
        }
        let (source, id, fault) = (document.source, document.id, document.fault);
        self.items.push(DocumentTotals { name, source, id, bytes, fault, fatal, contacts, addresses, employments });
    }
}
