//! One document.

use super::draw::Draw;
use super::fault::Fault;
use super::kinds::{Kind, kind};
use super::nasty::{encoded, spoiled};
use super::padding::Padding;
use super::people::{Address, Contact, contacts, rows};
use super::shapes::{CARD, LENDING, Shape};
use super::spec::{ApplicationsSpec, DocumentShape, Product};
use super::values::{put, write};

/// A document, and what is known of it.
#[derive(Clone, Debug)]
pub struct Document {
    /// The number that it has where it comes from: of a row, or of a file.
    pub source: u64,
    /// The number that it says itself; the same, but where that is its fault.
    pub id: Option<u64>,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What is wrong with it.
    pub fault: Option<Fault>,
    /// Contacts, addresses and employments that make rows: of known roles and types, each number and type once, and none that is blank. Of
    /// documents with fatal faults there are none.
    pub rows: [u64; 3],
}

/// Makes documents; each depends on nothing but the settings and its place.
#[derive(Debug)]
pub struct Applications {
    spec: ApplicationsSpec,
    faults: Vec<Fault>,
    elements: Vec<Element>,
    padding: Padding,
}

#[derive(Debug)]
struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, Kind)>,
    /// Attributes that nothing reads.
    others: u64,
}

/// Attributes of an element that have values of their own.
type Given<'a> = [(&'a str, &'a str)];

/// Percent of attributes that are empty.
const EMPTY: u64 = 63;

/// Attributes that always have a value.
const FILLED: &[&str] = &[
    "Process",
    "Status",
    "app_receive_date",
    "app_source_ind",
    "app_type_code",
    "sub_type_code",
    "birth_date",
    "first_name",
    "last_name",
    "ssn",
    "city",
    "state",
    "street_name",
    "street_number",
    "zip",
    "zip_code",
    "months_at_residence",
    "years_at_residence",
    "b_name",
    "business_name",
    "b_salary",
    "salary",
    "b_salary_basis_tp_c",
    "salary_basis_type_code",
    "b_city",
    "decision_date",
];

impl Applications {
    /// A maker of documents.
    ///
    /// # Errors
    /// `PLAN_INVALID` where a setting is out of range.
    pub fn new(spec: &ApplicationsSpec) -> rowmill_core::Result<Self> {
        spec.check()?;
        let shapes: &[Shape] = match spec.product {
            Product::Card => &CARD,
            Product::Lending => &LENDING,
        };
        let faults = if spec.fault_kinds.is_empty() { Fault::ALL.to_vec() } else { spec.fault_kinds.clone() };
        Ok(Self { spec: spec.clone(), faults, elements: shapes.iter().map(element).collect(), padding: Padding::new(spec.seed) })
    }

    /// The document of this place, from 0.
    pub fn document(&self, number: u64) -> Document {
        let mut draw = Draw::new(self.spec.seed, number);
        let fault = (draw.share() < self.spec.faults).then(|| draw.pick(&self.faults));
        let fault = fault.filter(|fault| number > 0 || *fault != Fault::DuplicateId);
        let source = self.spec.start + number;
        let id = match fault {
            Some(Fault::BadId) => None,
            Some(Fault::DuplicateId) => Some(source - 1),
            _ => Some(source),
        };
        let contacts = contacts(self.spec.product, source, fault, &mut draw);
        let rows = if fault.is_some_and(Fault::is_fatal) { [0; 3] } else { rows(self.spec.product, &contacts) };
        let text = Writer { made: self, draw: &mut draw, fault, out: String::new() }.document(id, &contacts);
        let bytes = encoded(spoiled(text, fault, &mut draw), fault, &mut draw);
        Document { source, id, bytes, fault, rows }
    }

    fn median_bytes(&self) -> u64 {
        self.spec.median_bytes.unwrap_or(match self.spec.product {
            Product::Card => 145_000,
            Product::Lending => 25_000,
        })
    }
}

fn element(shape: &Shape) -> Element {
    let (name, attributes) = *shape;
    let others = match name {
        "Request" => 24,
        "application" | "app_prod_bcard" => 7,
        "app_product" => 15,
        "rmts_info" | "IL_application" => 8,
        "Provenir" => 30,
        "IL_collateral" | "IL_fund_checklist" | "IL_backend_policies" => 30,
        _ => 0,
    };
    Element { name, attributes: attributes.split(' ').map(|attribute| (attribute, kind(name, attribute))).collect(), others }
}

struct Writer<'a> {
    made: &'a Applications,
    draw: &'a mut Draw,
    fault: Option<Fault>,
    out: String,
}

impl Writer<'_> {
    fn document(mut self, id: Option<u64>, contacts: &[Contact]) -> String {
        let spec = &self.made.spec;
        self.root();
        let number = match id {
            Some(id) => id.to_string(),
            None => self.draw.pick(&["", "0", "-5", "12x"]).to_owned(),
        };
        self.open("Request", &[("ID", number.as_str())]);
        self.out.push_str(">\n<CustData>");
        match spec.product {
            Product::Card => self.card(contacts),
            Product::Lending => self.lending(contacts),
        }
        self.out.push_str("</CustData>\n");
        if spec.shape == DocumentShape::Full {
            let most = self.made.median_bytes() as f64 * 14.0;
            let bytes = self.draw.log_normal(self.made.median_bytes() as f64, 1.06).min(most) as usize;
            self.made.padding.put(self.draw, bytes.saturating_sub(self.out.len()), &mut self.out);
        }
        self.out.push_str("</Request></Provenir>");
        self.out
    }

    fn root(&mut self) {
        match self.made.spec.product {
            Product::Lending => self.open("Provenir", &[]),
            Product::Card => self.out.push_str("<Provenir version=\"\" server=\"mock\""),
        }
        self.out.push_str(">\n");
    }

    fn card(&mut self, contacts: &[Contact]) {
        self.application("application", "IL_application");
        for name in ["app_product", "rmts_info"] {
            self.open(name, &[]);
            self.out.push_str("/>\n");
        }
        for contact in contacts {
            self.contact("contact", contact, &["address_tp_c", "employment_tp_c"], &["app_prod_bcard"]);
        }
        self.unread();
        self.close_application("application", "IL_application");
    }

    fn lending(&mut self, contacts: &[Contact]) {
        self.application("IL_application", "application");
        for contact in contacts {
            self.contact("IL_contact", contact, &["address_type_code", "employment_type_code"], &[]);
        }
        for name in
            ["IL_app_decision_info", "IL_collateral", "IL_fund_checklist", "IL_backend_policies", "IL_ITI_control", "IL_ITI_note", "IL_fund_dlr_ach"]
        {
            let missing: &Given<'_> = &[("gap_company", "Mock"), ("gap_amount", ""), ("gap_term", "12")];
            self.open(name, if self.fault == Some(Fault::MissingRequired) { missing } else { &[] });
            self.out.push_str("/>\n");
        }
        self.unread();
        self.close_application("IL_application", "application");
    }

    /// The application's start tag; of the other product line where that is the fault.
    fn application(&mut self, name: &str, other: &str) {
        let from = self.out.len();
        self.open(name, &[]);
        if self.fault == Some(Fault::WrongProduct) {
            self.out.replace_range(from + 1..from + 1 + name.len(), other);
        }
        self.out.push_str(">\n");
    }

    fn close_application(&mut self, name: &str, other: &str) {
        let name = if self.fault == Some(Fault::WrongProduct) { other } else { name };
        write(&mut self.out, format_args!("</{name}>"));
    }

    /// A contact with what is in it; `types` are the attributes that say what an address and an employment are.
    fn contact(&mut self, name: &str, contact: &Contact, types: &[&str; 2], more: &[&str]) {
        let id = contact.id.map_or_else(String::new, |id| id.to_string());
        self.open(name, &[("con_id", id.as_str()), ("ac_role_tp_c", contact.role)]);
        self.out.push('>');
        for Address { kind, is_blank } in &contact.addresses {
            let child = format!("{name}_address");
            if *is_blank {
                write(&mut self.out, format_args!("<{child} {}=\"{kind}\" city=\"\" zip=\" \" zip_code=\"\" street_name=\"\"", types[0]));
            } else {
                self.open(&child, &[(types[0], kind)]);
            }
            self.out.push_str("/>");
        }
        for kind in &contact.employments {
            self.open(&format!("{name}_employment"), &[(types[1], kind)]);
            self.out.push_str("/>");
        }
        for name in more {
            self.open(name, &[]);
            self.out.push_str("/>");
        }
        write(&mut self.out, format_args!("</{name}>\n"));
    }

    /// Elements of the application that nothing reads.
    fn unread(&mut self) {
        for name in ["TempVariables", "user_profile", "demographics", "letters", "scores", "communications", "analytics", "comments"] {
            write(&mut self.out, format_args!("<{name} mock_text=\"\" mock_count=\"{}\"/>", self.draw.below(10)));
        }
    }

    /// A start tag up to its end. What is given has its values, a fault others, and the rest is drawn.
    fn open(&mut self, name: &str, given: &Given<'_>) {
        let Some(element) = self.made.elements.iter().find(|element| element.name == name) else { return };
        let of_fault = self.fault.map_or(&[][..], Fault::values);
        // Which of the numbered parts there are: coll1, coll2 and so on.
        let parts = self.draw.bits();
        write(&mut self.out, format_args!("<{name}"));
        for (attribute, kind) in &element.attributes {
            write(&mut self.out, format_args!(" {attribute}=\""));
            let value = given.iter().chain(of_fault).find(|(given, _)| given == attribute);
            match value {
                Some((_, value)) => self.out.push_str(value),
                None if self.is_filled(name, attribute, parts) => put(*kind, self.draw, &mut self.out),
                None => {}
            }
            self.out.push('"');
        }
        if self.made.spec.shape == DocumentShape::Full {
            (0..element.others).for_each(|at| write(&mut self.out, format_args!(" mock_other_{at}=\"\"")));
        }
    }

    fn is_filled(&mut self, element: &str, attribute: &str, parts: u64) -> bool {
        match part(element, attribute) {
            // The first of the parts is there mostly, the others now and then; what is there has all of its values.
            Some(number) => (parts >> (4 * number)) & 15 < if number == 0 { 13 } else { 3 },
            None => FILLED.contains(&attribute) || !self.draw.percent(EMPTY),
        }
    }
}

/// Which of the numbered parts of an element an attribute belongs to, from 0.
fn part(element: &str, attribute: &str) -> Option<u64> {
    match element {
        "IL_collateral" => {
            let digit = attribute.bytes().find(u8::is_ascii_digit)?;
            let number = u64::from(digit - b'1');
            Some(if attribute.starts_with("coll_option") { number / 2 } else { number })
        }
        "IL_backend_policies" => {
            let names = ["gap", "service", "ext", "road", "credit_life", "credit_disability", "other"];
            names.iter().position(|name| attribute.starts_with(name)).map(|at| at as u64)
        }
        _ => None,
    }
}
