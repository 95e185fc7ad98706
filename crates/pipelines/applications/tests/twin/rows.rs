//! Rows of a document.

use std::collections::BTreeMap;

use rowmill_applications::expression::{Dialect, Evaluated, EvaluationError, Expression, Reference};
use rowmill_applications::model::{
    Cell as SlotCell, Chain, ChildGroup, Column, Contract, Counts, EnumValue, Fold, Group, Key, LastValid, OnError, OnRepeat, Origin, Pair,
    PreferredChild, Required, Role, RowKind, Slot, Step, Table, Type, Within,
};
use roxmltree::{Document, Node};

use super::convert::{Cell, Wrong, convert};
use super::tree::{by_path, has, inside, last, local, own, path, stripped};

/// Rows by table.
pub type Tables = BTreeMap<String, Vec<Vec<Cell>>>;

/// Rows of a document by table; nothing where it fails.
pub fn rows(contract: &Contract, text: &str, now: i64) -> Option<Tables> {
    let tree = Document::parse(text).ok()?;
    let root = tree.root_element();
    if local(root) != contract.document.root {
        return None;
    }
    let asked = |at: &rowmill_applications::model::AttributePath| {
        let value = last(root, at.element.as_ref()?).and_then(|node| own(node, &at.attribute))?;
        let value = by_path(value, &contract.compat).trim().to_owned();
        (!value.is_empty()).then_some(value)
    };
    let id = contract.document.id.iter().find_map(asked)?.parse::<i64>().ok().filter(|id| *id > 0)?;
    last(root, &contract.document.application)?;
    let look = Look { contract, root, id: id.to_string(), now };
    contract.tables.iter().map(|table| Some((table.name.clone(), look.table(table).ok()?))).collect()
}

struct Look<'c, 't, 'i> {
    contract: &'c Contract,
    root: Node<'t, 'i>,
    id: String,
    now: i64,
}

/// Whose row it is.
#[derive(Clone)]
struct Own<'t, 'i> {
    node: Node<'t, 'i>,
    group: String,
    child: bool,
    id: String,
}

/// A value, and what is known of it.
struct Made {
    cell: Cell,
    is_data: bool,
}

/// A cell that cannot be made; whether the document says something there.
struct Fails {
    says: bool,
}

/// A member that is kept: its id, the place of its role, its element.
type Kept<'t, 'i> = (String, usize, Node<'t, 'i>);

impl<'t, 'i: 't> Look<'_, 't, 'i> {
    fn table(&self, table: &Table) -> Result<Vec<Vec<Cell>>, ()> {
        let mut rows = Vec::new();
        match &table.rows {
            RowKind::Document {} => self.row(table, None, &mut rows)?,
            RowKind::Group { group } => {
                for (id, _, node) in self.kept(group) {
                    self.row(table, Some(Own { node, group: group.clone(), child: false, id }), &mut rows)?;
                }
            }
            RowKind::Child { group, child } => {
                for own in self.children(group, child) {
                    self.row(table, Some(own), &mut rows)?;
                }
            }
            RowKind::Slots { number, slots } => slots.iter().try_for_each(|slot| self.slot(table, number, slot, &mut rows))?,
            RowKind::Pairs { value, pairs } => pairs.iter().try_for_each(|pair| self.pair(table, value, pair, &mut rows))?,
        }
        Ok(rows)
    }

    fn group(&self, name: &str) -> &Group {
        &self.contract.groups[name]
    }

    /// Every element that may be a member.
    fn members(&self, name: &str) -> Vec<Node<'t, 'i>> {
        let group = self.group(name);
        let is_one = |node: &Node<'t, 'i>| {
            node.is_element() && if group.anywhere { local(*node) == group.element.name() } else { path(*node) == group.element.0 }
        };
        self.root.descendants().filter(is_one).collect()
    }

    fn kept(&self, name: &str) -> Vec<Kept<'t, 'i>> {
        let group = self.group(name);
        let mut kept: Vec<Kept<'t, 'i>> = Vec::new();
        for node in self.members(name) {
            let (id, rank) = (stripped(node, &group.id), rank(node, &group.role));
            let says = group.keep_if.is_empty() || group.keep_if.iter().any(|attribute| has(node, attribute));
            let (false, Some(rank), true) = (id.is_empty(), rank, says) else { continue };
            match kept.iter_mut().find(|(known, ..)| *known == id) {
                None => kept.push((id, rank, node)),
                Some(known) if rank <= known.1 => (known.1, known.2) = (rank, node),
                Some(_) => {}
            }
        }
        kept
    }

    /// Child elements that are rows, each as its own.
    fn children(&self, group_name: &str, child_name: &str) -> Vec<Own<'t, 'i>> {
        let group = self.group(group_name);
        let child = &group.children[child_name];
        let kept = self.kept(group_name);
        let rows = |node: Node<'t, 'i>, id: &str, is_one: &dyn Fn(Node<'t, 'i>) -> bool| -> Vec<Own<'t, 'i>> {
            let found = inside(node, &child.element).into_iter().filter(|node| is_one(*node));
            found.map(|node| Own { node, group: group_name.to_owned(), child: true, id: id.to_owned() }).collect()
        };
        if !self.contract.compat.child_filter_ignores_case {
            let is_one = |node| rank(node, &child.kind).is_some() && child.require.iter().all(|wanted| meets(node, wanted, false));
            return kept.iter().flat_map(|(id, _, node)| rows(*node, id, &is_one)).collect();
        }
        if kept.is_empty() {
            return Vec::new();
        }
        self.filtered(group_name, group)
            .into_iter()
            .filter(|node| kept.iter().any(|(id, ..)| Some(id) == own(*node, &group.id).as_ref()))
            .flat_map(|node| rows(node, &own(node, &group.id).unwrap(), &|node| passes(node, &child.kind, child)))
            .collect()
    }

    /// Members as the filter of old has them.
    fn filtered(&self, name: &str, group: &Group) -> Vec<Node<'t, 'i>> {
        let mut asked = vec![group.id.as_str(), group.role.attribute.as_str()];
        asked.extend(group.require.iter().map(|wanted| wanted.attribute.as_str()));
        let key = |node: Node<'t, 'i>| asked.iter().map(|name| own(node, name)).collect::<Vec<_>>();
        let mut found: Vec<Node<'t, 'i>> = Vec::new();
        for node in self.members(name) {
            let is_one = path(node) == group.element.0
                && has(node, &group.id)
                && folded(node, &group.role.attribute, &group.role.values)
                && group.require.iter().all(|wanted| meets(node, wanted, true));
            if !is_one {
                continue;
            }
            match found.iter_mut().find(|known| key(**known) == key(node)) {
                Some(known) => *known = node,
                None => found.push(node),
            }
        }
        found
    }

    fn slot(&self, table: &Table, number: &str, slot: &Slot, rows: &mut Vec<Vec<Cell>>) -> Result<(), ()> {
        let cell_of = |column: &Column| slot.cells.iter().find(|cell| cell.column == column.name);
        let speaks = |column: &Column, cell: &SlotCell| {
            let steps = cell.steps.as_ref().unwrap_or(&column.steps);
            let is_flag = column.kind == Type::Bit || steps.iter().any(|step| matches!(step, Step::Flag(_)));
            let usual = if is_flag || matches!(cell.from, Origin::Expression(_)) { Counts::Never } else { Counts::NotBlank };
            self.counts(column, &cell.from, steps, cell.counts.or(column.counts).unwrap_or(usual))
        };
        if !table.columns.iter().any(|column| cell_of(column).is_some_and(|cell| speaks(column, cell))) {
            return Ok(());
        }
        let make = |column: &Column| match cell_of(column) {
            Some(cell) => self.make(column, Some(&cell.from), cell.steps.as_ref().unwrap_or(&column.steps), false, None),
            None if column.name == number => {
                Ok(Made { cell: convert(&slot.number.to_string(), &column.kind, false, &self.contract.compat).unwrap(), is_data: true })
            }
            None => self.make(column, column.from.as_ref(), &column.steps, true, None),
        };
        let row = table.columns.iter().map(|column| make(column).map(|made| made.cell)).collect::<Result<Vec<_>, _>>().map_err(|_| ())?;
        push(table, row, rows)
    }

    fn pair(&self, table: &Table, value: &str, pair: &Pair, rows: &mut Vec<Vec<Cell>>) -> Result<(), ()> {
        let of_value = table.columns.iter().find(|column| column.name == value).unwrap();
        let steps = pair.steps.as_ref().unwrap_or(&of_value.steps);
        if !self.counts(of_value, &pair.from, steps, pair.when) {
            return Ok(());
        }
        let make = |column: &Column| match pair.set.iter().find(|constant| constant.column == column.name) {
            Some(constant) => Ok(Made { cell: convert(&constant.value, &column.kind, false, &self.contract.compat).unwrap(), is_data: true }),
            None if column.name == value => self.make(column, Some(&pair.from), steps, false, None),
            None => self.make(column, column.from.as_ref(), &column.steps, true, None),
        };
        let row = table.columns.iter().map(|column| make(column).map(|made| made.cell)).collect::<Result<Vec<_>, _>>().map_err(|_| ())?;
        push(table, row, rows)
    }

    fn row(&self, table: &Table, own: Option<Own<'t, 'i>>, rows: &mut Vec<Vec<Cell>>) -> Result<(), ()> {
        let made: Vec<_> = table.columns.iter().map(|column| self.make(column, column.from.as_ref(), &column.steps, true, own.clone())).collect();
        let is_something = |name: &String| {
            let at = table.columns.iter().position(|column| column.name == *name).unwrap();
            // Of several cells that cannot be made the first is looked at.
            let is_first = made[..at].iter().all(Result::is_ok);
            made[at].as_ref().map_or_else(|fails| fails.says && is_first, |made| made.cell.is_some())
        };
        if let Some(condition) = &table.row_if {
            let of_element = own.as_ref().is_some_and(|own| condition.attributes.iter().any(|name| has(own.node, name)));
            if !of_element && !condition.columns.iter().any(is_something) {
                return Ok(());
            }
        }
        let says = |made: &Result<Made, Fails>| made.as_ref().map_or_else(|fails| fails.says, |made| made.is_data);
        if !table.keep_empty && !made.iter().any(says) {
            return Ok(());
        }
        let row = made.into_iter().map(|made| made.map(|made| made.cell)).collect::<Result<Vec<_>, _>>().map_err(|_| ())?;
        push(table, row, rows)
    }

    fn make(&self, column: &Column, from: Option<&Origin>, steps: &[Step], of_column: bool, own: Option<Own<'t, 'i>>) -> Result<Made, Fails> {
        let compat = &self.contract.compat;
        let key = |text: &str| match convert(text, &column.kind, false, compat) {
            Ok(cell) if cell.is_some() || column.nullable || compat.missing_not_null_swallowed => Ok(Made { cell, is_data: false }),
            _ => Err(Fails { says: true }),
        };
        let bare = of_column && steps.is_empty() && matches!(from, Some(Origin::Attribute(_)));
        let (text, value) = match from {
            None => (None, Ok(None)),
            Some(Origin::Key(Key::Document)) => return key(&self.id),
            Some(Origin::Key(Key::Member)) => return key(&own.map_or(String::new(), |own| own.id)),
            Some(Origin::Expression(chain)) => self.calculate(column, chain, steps, own.as_ref()),
            Some(origin) => {
                let text = self.text(origin, own.as_ref());
                let value = self.steps(column, steps, text.clone(), !matches!(origin, Origin::Attribute(_)), bare);
                (text, value)
            }
        };
        match value {
            Ok(Some(value)) => return Ok(Made { cell: Some(value), is_data: true }),
            Err(wrong) if column.on_error == OnError::Fail || is_refused(column, wrong) => return Err(Fails { says: text.is_some() }),
            _ => {}
        }
        let is_blank = text.is_none_or(|text| text.trim().is_empty());
        match &column.default {
            Some(default) if is_blank || !column.nullable => {
                Ok(Made { cell: convert(default, &column.kind, false, compat).unwrap(), is_data: false })
            }
            _ if column.nullable || compat.missing_not_null_swallowed => Ok(Made { cell: None, is_data: false }),
            _ => Err(Fails { says: false }),
        }
    }

    fn text(&self, origin: &Origin, row: Option<&Own<'t, 'i>>) -> Option<String> {
        match origin {
            Origin::Attribute(at) => match &at.element {
                Some(element) => {
                    last(self.root, element).and_then(|node| own(node, &at.attribute)).map(|value| by_path(value, &self.contract.compat))
                }
                None => own(row?.node, &at.attribute),
            },
            Origin::LastValid(wanted) => self.last_valid(wanted),
            Origin::PreferredChild(wanted) => self.preferred(wanted, row?),
            Origin::Key(_) | Origin::Expression(_) => None,
        }
    }

    fn last_valid(&self, wanted: &LastValid) -> Option<String> {
        let group = self.group(&wanted.group);
        let is_one = |node: &Node<'t, 'i>| has(*node, &group.id) && stripped(*node, &group.role.attribute) == wanted.role;
        let members: Vec<_> = self.members(&wanted.group).into_iter().filter(is_one).collect();
        let member = *members.last()?;
        match &wanted.within {
            Some(Within::Element(name)) => own(*inside(member, name).last()?, &wanted.attribute),
            Some(Within::Child(name)) => {
                let child = &group.children[name];
                let all = inside(member, &child.element);
                let best: Vec<_> = all.iter().copied().filter(|node| rank(*node, &child.kind) == Some(0)).collect();
                let among = if best.is_empty() { all } else { best };
                own(among.iter().copied().find(|node| has(*node, &wanted.attribute)).or(among.last().copied())?, &wanted.attribute)
            }
            None if wanted.earlier && !has(member, &wanted.attribute) => {
                let other = members.iter().rev().copied().find(|node| has(*node, &wanted.attribute));
                own(other.unwrap_or(member), &wanted.attribute)
            }
            None => own(member, &wanted.attribute),
        }
    }

    fn preferred(&self, wanted: &PreferredChild, row: &Own<'t, 'i>) -> Option<String> {
        let group = self.group(&row.group);
        let member = self.members(&row.group).into_iter().rfind(|node| stripped(*node, &group.id) == row.id)?;
        let child = &group.children[&wanted.child];
        own(inside(member, &child.element).into_iter().rfind(|node| rank(*node, &child.kind) == Some(0))?, &wanted.attribute)
    }

    fn steps(&self, column: &Column, steps: &[Step], mut text: Option<String>, follows: bool, bare: bool) -> Result<Cell, Wrong> {
        let compat = &self.contract.compat;
        for (at, step) in steps.iter().enumerate() {
            if text.is_none() && (at > 0 || follows) && !matches!(step, Step::Enum(_)) {
                return Ok(None);
            }
            match step {
                Step::Digits => {
                    let digits: String = text.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
                    let number = digits.trim_start_matches('0');
                    text = match (digits.is_empty(), compat.digits_as_int) {
                        (true, _) => None,
                        (false, true) => Some(if number.is_empty() { "0".into() } else { number.into() }),
                        (false, false) => Some(digits),
                    };
                }
                Step::NowIfBlank if text.as_ref().is_none_or(|text| text.trim().is_empty()) => {
                    return Ok(Some(if column.kind == Type::Date { self.now.div_euclid(86_400_000_000).to_string() } else { self.now.to_string() }));
                }
                Step::NowIfBlank => {}
                Step::Enum(name) => return self.code(name, text.as_deref().unwrap_or("").trim(), &column.kind),
                Step::Flag(name) => return self.flag(name, text.as_deref().unwrap_or("").trim()),
            }
        }
        text.map_or(Ok(None), |text| convert(&text, &column.kind, bare, compat))
    }

    fn code(&self, name: &str, key: &str, kind: &Type) -> Result<Cell, Wrong> {
        let codes = &self.contract.enums[name];
        let folded = || codes.values.iter().find(|(known, _)| known.to_lowercase() == key.to_lowercase()).map(|(_, value)| value);
        match codes.values.get(key).or_else(folded).or(codes.otherwise.as_ref()) {
            Some(EnumValue::Integer(value)) => convert(&value.to_string(), kind, false, &self.contract.compat),
            Some(EnumValue::Text(value)) => convert(value, kind, false, &self.contract.compat),
            None if key.is_empty() => Ok(None),
            None => Err(Wrong::Unreadable),
        }
    }

    fn flag(&self, name: &str, key: &str) -> Result<Cell, Wrong> {
        let flag = &self.contract.flags[name];
        let folded = || match flag.fold {
            Fold::None => None,
            Fold::Upper => flag.values.get(&key.to_uppercase()),
            Fold::Lower => flag.values.iter().find(|(known, _)| known.to_lowercase() == key.to_lowercase()).map(|(_, value)| value),
        };
        match flag.values.get(key).or_else(folded).or(flag.otherwise.as_ref()) {
            Some(value) => Ok(Some(value.to_string())),
            None if key.is_empty() => Ok(None),
            None => Err(Wrong::Unreadable),
        }
    }

    fn calculate(&self, column: &Column, chain: &Chain, steps: &[Step], own: Option<&Own<'t, 'i>>) -> (Option<String>, Result<Cell, Wrong>) {
        let compat = &self.contract.compat;
        let dialect = if compat.expressions { Dialect::Compat } else { Dialect::Strict };
        let expression = Expression::parse(&chain.text, dialect).unwrap();
        let found: Vec<Option<String>> = expression.references().iter().map(|reference| self.reference(reference, own)).collect();
        let evaluated = expression.evaluate(&|at| found[at].as_deref());
        if let Evaluated::Error(error) = evaluated {
            return (None, Err(if error == EvaluationError::Overflow { Wrong::TooLarge } else { Wrong::Unreadable }));
        }
        // A value as a text becomes the same value again.
        let said = evaluated.to_string();
        if said.trim().is_empty() {
            let Some(otherwise) = &chain.otherwise else { return (None, Ok(None)) };
            let text = self.text(&Origin::Attribute(otherwise.clone()), own);
            return (text.clone(), self.steps(column, steps, text, true, false));
        }
        let plain = steps.is_empty() || chain.otherwise.is_some();
        let value = if plain {
            convert(&said, &column.kind, false, &Default::default()).or_else(|_| convert(&said, &column.kind, false, compat))
        } else {
            self.steps(column, steps, Some(said), true, false)
        };
        (None, value)
    }

    fn reference(&self, reference: &Reference, row: Option<&Own<'t, 'i>>) -> Option<String> {
        let compat = &self.contract.compat;
        let (element, attribute) = (reference.element.as_deref(), reference.attribute.as_str());
        let same = |name: &str| if compat.expressions { name.eq_ignore_ascii_case(attribute) } else { name == attribute };
        let of = |node: Node<'t, 'i>| node.attributes().rfind(|found| same(found.name())).map(|found| found.value().to_owned());
        if let Some(row) = row {
            if element.is_some() && compat.expressions {
                return None;
            }
            if element.is_none() {
                return if row.child && same(&self.group(&row.group).id) { Some(row.id.clone()) } else { of(row.node) };
            }
        }
        if compat.expressions {
            return self.anywhere(element, &of);
        }
        let node = match element {
            None => last(self.root, &self.contract.document.application),
            Some(name) => self.element(name),
        };
        of(node?).map(|value| by_path(value, compat))
    }

    /// The element that a name stands for: by the contract's list, else by the only path of the contract that ends in it.
    fn element(&self, name: &str) -> Option<Node<'t, 'i>> {
        if let Some(path) = self.contract.document.elements.get(name) {
            return last(self.root, path);
        }
        let json = serde_json::to_string(self.contract).unwrap();
        let texts = json.split('"').filter(|text| text.starts_with('/')).map(|text| text.split("/@").next().unwrap());
        let mut paths: Vec<&str> = texts.filter(|path| path.ends_with(&format!("/{name}"))).collect();
        paths.sort_unstable();
        paths.dedup();
        let [path] = paths[..] else { panic!("{name} stands for {paths:?}") };
        last(self.root, &path.parse().unwrap())
    }

    /// As the dialect of old finds attributes of a document.
    fn anywhere(&self, element: Option<&str>, of: &dyn Fn(Node<'t, 'i>) -> Option<String>) -> Option<String> {
        let is_called = |name: &str| element.is_none_or(|wanted| wanted.eq_ignore_ascii_case(name));
        let group = self.contract.groups.keys().next()?;
        if is_called(group)
            && let Some((.., node)) = self.kept(group).into_iter().find(|(_, rank, _)| *rank == 0)
            && let Some(value) = of(node)
        {
            return Some(value);
        }
        let alias = self.contract.document.elements.iter().find(|(name, _)| element.is_some_and(|wanted| wanted.eq_ignore_ascii_case(name)));
        if let Some(value) = alias.and_then(|(_, path)| last(self.root, path)).and_then(of) {
            return Some(by_path(value, &self.contract.compat));
        }
        // Paths in the order in which they came first, each with its last element.
        let mut paths: Vec<(Vec<String>, Node<'t, 'i>)> = Vec::new();
        for node in self.root.descendants().filter(Node::is_element) {
            match paths.iter_mut().find(|(known, _)| *known == path(node)) {
                Some(known) => known.1 = node,
                None => paths.push((path(node), node)),
            }
        }
        let found = paths.iter().rev().filter(|(_, node)| is_called(local(*node))).find_map(|(_, node)| of(*node));
        found.map(|value| by_path(value, &self.contract.compat))
    }

    fn counts(&self, column: &Column, from: &Origin, steps: &[Step], when: Counts) -> bool {
        if when == Counts::Never {
            return false;
        }
        if let Origin::Expression(chain) = from {
            return matches!(self.calculate(column, chain, steps, None).1, Ok(Some(_)));
        }
        let text = self.text(from, None);
        let plain = text.as_deref().unwrap_or("").trim().to_lowercase();
        match when {
            Counts::NotBlank => !plain.is_empty(),
            Counts::Meaningful => !matches!(plain.as_str(), "" | "null" | "none"),
            Counts::Truthy => matches!(plain.as_str(), "y" | "yes" | "true" | "t" | "1"),
            Counts::Positive => {
                let value = convert(&plain, &Type::Decimal { precision: 38, scale: 6 }, false, &Default::default());
                matches!(value, Ok(Some(value)) if !value.starts_with('-') && value != "0")
            }
            Counts::Converts => match self.steps(column, steps, text, !matches!(from, Origin::Attribute(_)), false) {
                Ok(cell) => cell.is_some(),
                Err(wrong) => is_refused(column, wrong),
            },
            Counts::Never => false,
        }
    }
}

/// Whether the database of old refused the value, with its document.
fn is_refused(column: &Column, wrong: Wrong) -> bool {
    column.on_error == OnError::NullIfUnreadable && wrong == Wrong::TooLarge
}

/// The place of an element's role, or type, in the list.
fn rank(node: Node<'_, '_>, role: &Role) -> Option<usize> {
    let value = stripped(node, &role.attribute);
    role.values.iter().position(|wanted| *wanted == value)
}

fn folded(node: Node<'_, '_>, attribute: &str, values: &[String]) -> bool {
    let value = stripped(node, attribute).to_lowercase();
    values.iter().any(|wanted| wanted.to_lowercase() == value)
}

fn meets(node: Node<'_, '_>, wanted: &Required, folds: bool) -> bool {
    match (wanted.values.is_empty(), folds) {
        (true, _) => has(node, &wanted.attribute),
        (false, true) => folded(node, &wanted.attribute, &wanted.values),
        (false, false) => wanted.values.contains(&stripped(node, &wanted.attribute)),
    }
}

fn passes(node: Node<'_, '_>, role: &Role, child: &ChildGroup) -> bool {
    folded(node, &role.attribute, &role.values) && child.require.iter().all(|wanted| meets(node, wanted, true))
}

/// Adds a row, by the rule of its table where its key is there already.
fn push(table: &Table, row: Vec<Cell>, rows: &mut Vec<Vec<Cell>>) -> Result<(), ()> {
    let key = |row: &[Cell]| -> Option<Vec<String>> {
        table.key.iter().map(|name| row[table.columns.iter().position(|column| column.name == *name).unwrap()].clone()).collect()
    };
    let there = key(&row).and_then(|wanted| rows.iter().position(|row| key(row).as_ref() == Some(&wanted)));
    match (there, table.on_repeat) {
        (None, _) => rows.push(row),
        (Some(at), OnRepeat::Update) => rows[at] = row,
        (Some(_), OnRepeat::KeepFirst) => {}
        (Some(_), OnRepeat::Fail) => return Err(()),
    }
    Ok(())
}
