//! Cost categories of namespaces.

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use rowmill_kernels::like::Like;

use crate::openshift::options::CategoryRule;

/// The categories that match a namespace.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matches {
    /// Id of each rule that matches, in the order of the rules.
    pub ids: Vec<i32>,
}

impl Matches {
    /// The largest id, if any.
    pub fn largest(&self) -> Option<i32> {
        self.ids.iter().max().copied()
    }

    /// How many times each row is taken: once per matching rule, and once where none matches (COST-023).
    pub fn times(&self) -> u32 {
        self.ids.len().max(1) as u32
    }
}

const NONE: &Matches = &Matches { ids: Vec::new() };

/// Compiled category rules, with the answers for namespaces already asked.
pub struct Categories {
    rules: Vec<(Like, i32)>,
    one: bool,
    asked: HashMap<String, Matches, FixedState>,
}

impl Categories {
    /// `one` keeps only the largest matching id (COST-C02).
    pub fn new(rules: &[CategoryRule], escape: Option<char>, one: bool) -> Self {
        Self { rules: rules.iter().map(|rule| (Like::new(&rule.namespace, escape), rule.id)).collect(), one, asked: HashMap::default() }
    }

    /// The categories of a namespace; none for NULL.
    pub fn of(&mut self, namespace: Option<&str>) -> &Matches {
        let Some(namespace) = namespace else { return NONE };
        let (rules, one) = (&self.rules, self.one);
        self.asked.entry_ref(namespace).or_insert_with(|| {
            let ids = rules.iter().filter(|(pattern, _)| pattern.matches(namespace)).map(|(_, id)| *id);
            Matches { ids: if one { ids.max().into_iter().collect() } else { ids.collect() } }
        })
    }
}
