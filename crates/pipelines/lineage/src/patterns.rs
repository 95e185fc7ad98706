//! Stars that take the columns whose names are like a pattern: kept among the names that a star leaves out, in a form that no name has.

/// No name begins so.
const MARK: char = '\u{1}';

/// What a star leaves out that takes names like a pattern: `%` and `_` are those of LIKE, `*` and `?` those of GLOB.
pub(crate) fn unlike(pattern: &str, is_glob: bool, is_negated: bool) -> String {
    let (not, kind) = (if is_negated { "!" } else { "" }, if is_glob { "g" } else { "l" });
    format!("{MARK}{not}{kind}{pattern}")
}

/// Whether a star that leaves `except` out leaves this column out; names are compared in any case.
pub(crate) fn leaves_out(except: &str, name: &str) -> bool {
    let Some(rest) = except.strip_prefix(MARK) else { return except.eq_ignore_ascii_case(name) };
    let (is_negated, rest) = rest.strip_prefix('!').map_or((false, rest), |rest| (true, rest));
    let mut chars = rest.chars();
    let (many, one) = if chars.next() == Some('g') { ('*', '?') } else { ('%', '_') };
    let pattern: Vec<char> = chars.as_str().to_lowercase().chars().collect();
    let name: Vec<char> = name.to_lowercase().chars().collect();
    is_like(&name, &pattern, many, one) == is_negated
}

/// One way back is enough: what the last `many` took is made longer, until the rest fits.
fn is_like(name: &[char], pattern: &[char], many: char, one: char) -> bool {
    let (mut at, mut next, mut back) = (0, 0, None);
    while at < name.len() {
        if pattern.get(next) == Some(&many) {
            back = Some((at, next));
            next += 1;
        } else if pattern.get(next).is_some_and(|p| *p == one || *p == name[at]) {
            (at, next) = (at + 1, next + 1);
        } else if let Some((from, star)) = back {
            back = Some((from + 1, star));
            (at, next) = (from + 1, star + 1);
        } else {
            return false;
        }
    }
    pattern[next..].iter().all(|p| *p == many)
}

#[cfg(test)]
mod tests {
    use super::{leaves_out, unlike};

    #[test]
    fn patterns_keep_what_they_fit() {
        let kept = |pattern: &str, is_glob: bool, name: &str| !leaves_out(&unlike(pattern, is_glob, false), name);
        for (pattern, name) in [("col%", "COL1"), ("%1", "a11"), ("_b%d", "abcd"), ("%", ""), ("a%b%c", "aXbYbZc")] {
            assert!(kept(pattern, false, name), "{name} like {pattern}");
            assert!(leaves_out(&unlike(pattern, false, true), name), "{name} not like {pattern}");
        }
        for (pattern, name) in [("col%", "xcol"), ("_", ""), ("_b", "abc"), ("a%b", "abc")] {
            assert!(!kept(pattern, false, name), "{name} like {pattern}");
        }
        assert!(kept("c?l*", true, "col_a") && !kept("c%", true, "col_a"));
        assert!(leaves_out("Total", "total") && !leaves_out("total", "totals"));
    }
}
