//! Whole expressions of the strict dialect, written out with as few brackets as precedence allows, against fractions of whole numbers.

use proptest::prelude::*;

use super::{Dialect, Evaluated, Expression};

/// An expression of numbers: a leaf is so many hundredths.
#[derive(Clone, Debug)]
enum Tree {
    Leaf(i128),
    Pair(&'static str, Box<Tree>, Box<Tree>),
}

/// Numerator and denominator, which is above zero.
type Fraction = (i128, i128);

fn trees() -> impl Strategy<Value = Tree> {
    let leaf = (0_i128..5000).prop_map(Tree::Leaf);
    leaf.prop_recursive(3, 8, 2, |inner| {
        let operators = prop::sample::select(vec!["+", "-", "*", "//", "%"]);
        (operators, inner.clone(), inner).prop_map(|(operator, left, right)| Tree::Pair(operator, Box::new(left), Box::new(right)))
    })
}

fn is_sum(operator: &str) -> bool {
    matches!(operator, "+" | "-")
}

/// In brackets only where it would be read otherwise.
fn written(tree: &Tree) -> String {
    let bracketed = |tree: &Tree, is_needed: bool| if is_needed { format!("({})", written(tree)) } else { written(tree) };
    match tree {
        Tree::Leaf(hundredths) => format!("{}.{:02}", hundredths / 100, hundredths % 100),
        Tree::Pair(operator, left, right) => {
            let looser = |tree: &Tree| matches!(tree, Tree::Pair(inner, ..) if is_sum(inner) && !is_sum(operator));
            let as_loose = |tree: &Tree| matches!(tree, Tree::Pair(inner, ..) if is_sum(inner) || !is_sum(operator));
            format!("{} {operator} {}", bracketed(left, looser(left)), bracketed(right, as_loose(right)))
        }
    }
}

fn lowest((numerator, denominator): Fraction) -> Fraction {
    let (mut a, mut b) = (numerator.abs(), denominator.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let sign = denominator.signum();
    (sign * numerator / a.max(1), denominator.abs() / a.max(1))
}

/// `None` where something is divided by zero.
fn exact(tree: &Tree) -> Option<Fraction> {
    let Tree::Pair(operator, left, right) = tree else {
        let Tree::Leaf(hundredths) = tree else { unreachable!() };
        return Some(lowest((*hundredths, 100)));
    };
    let ((a, b), (c, d)) = (exact(left)?, exact(right)?);
    let down = || (c != 0).then(|| (a * d * c.signum()).div_euclid(b * c.abs()));
    Some(lowest(match *operator {
        "+" => (a * d + c * b, b * d),
        "-" => (a * d - c * b, b * d),
        "*" => (a * c, b * d),
        "//" => (down()?, 1),
        _ => {
            let times = down()?;
            (a * d - times * c * b, b * d)
        }
    }))
}

proptest! {
    #[test]
    fn whole_expressions_are_exact_and_read_by_precedence(tree in trees()) {
        let text = written(&tree);
        let got = Expression::parse(&text, Dialect::Strict).expect("it is written well").evaluate(&|_| None);
        match (exact(&tree), got) {
            (None, Evaluated::Null) => {}
            (Some((numerator, denominator)), Evaluated::Number(number)) => {
                let number = lowest((number.unscaled, 10_i128.pow(number.scale)));
                prop_assert_eq!(number, (numerator, denominator), "{}", text);
            }
            (wanted, got) => prop_assert!(false, "{}: {:?} and not {:?}", text, got, wanted),
        }
    }
}
