//! What an expression of the strict dialect is, once it is read.

use crate::values::Number;

/// A part of an expression.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// A reference, by number.
    Reference(usize),
    Text(String),
    Number(Number),
    Null,
    Case {
        branches: Vec<(Node, Node)>,
        otherwise: Box<Node>,
    },
    Arithmetic {
        operator: Arithmetic,
        left: Box<Node>,
        right: Box<Node>,
    },
    Negative(Box<Node>),
    Compare {
        operator: Comparison,
        left: Box<Node>,
        right: Box<Node>,
    },
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    IsNull(Box<Node>),
    IsEmpty(Box<Node>),
    Like {
        text: Box<Node>,
        pattern: Vec<Wild>,
    },
    In {
        value: Box<Node>,
        list: Vec<Node>,
    },
    Between {
        value: Box<Node>,
        low: Box<Node>,
        high: Box<Node>,
    },
    Date(Box<Node>),
    DateAdd {
        unit: Unit,
        count: Box<Node>,
        date: Box<Node>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Plus,
    Minus,
    Times,
    Divided,
    DividedDown,
    Remainder,
    Power,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
}

/// A part of a pattern of LIKE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wild {
    /// Any characters, or none.
    Any,
    /// One character.
    One,
    /// This character; case does not count.
    Exactly(char),
}

/// What DATEADD counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Years,
    Months,
    /// Microseconds, so many at a time.
    Micros(i64),
}

impl Comparison {
    /// Whether the order of two values fits.
    pub(super) fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::Greater => order.is_gt(),
            Self::LessOrEqual => order.is_le(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// Whether a text is one of a pattern; both are looked at once, but for the last `Any`, so that no pattern takes long.
pub(super) fn is_like(text: &str, pattern: &[Wild]) -> bool {
    let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let fits = |at: usize, wild: Wild| match wild {
        Wild::One => true,
        Wild::Exactly(c) => text[at] == c,
        Wild::Any => false,
    };
    let (mut at, mut part) = (0, 0);
    // Where to go on when the last `Any` must take one character more.
    let mut again = None;
    while at < text.len() {
        match pattern.get(part) {
            Some(Wild::Any) => {
                again = Some((at, part + 1));
                part += 1;
            }
            Some(wild) if fits(at, *wild) => {
                at += 1;
                part += 1;
            }
            _ => match again {
                Some((from, back)) => {
                    again = Some((from + 1, back));
                    (at, part) = (from + 1, back);
                }
                None => return false,
            },
        }
    }
    pattern[part..].iter().all(|wild| *wild == Wild::Any)
}

/// The pattern of a text of LIKE.
pub(super) fn pattern(text: &str) -> Vec<Wild> {
    let wild = |c| match c {
        '%' => Wild::Any,
        '_' => Wild::One,
        c => Wild::Exactly(c),
    };
    text.chars().flat_map(char::to_lowercase).map(wild).collect()
}
