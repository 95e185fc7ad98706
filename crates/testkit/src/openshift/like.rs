//! SQL LIKE by backtracking over characters.

/// Whether the text matches the pattern: `%` is any run of characters, `_` any one character, everything else itself.
///
/// With `escape`, a backslash makes the next character stand for itself; one at the very end matches nothing.
pub fn like(pattern: &str, text: &str, escape: bool) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    matches(&pattern, &text, escape)
}

fn matches(pattern: &[char], text: &[char], escape: bool) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|from| matches(rest, &text[from..], escape)),
        ['\\', literal, rest @ ..] if escape => text.first() == Some(literal) && matches(rest, &text[1..], escape),
        ['\\'] if escape => false,
        ['_', rest @ ..] => !text.is_empty() && matches(rest, &text[1..], escape),
        [literal, rest @ ..] => text.first() == Some(literal) && matches(rest, &text[1..], escape),
    }
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn wildcards_match_runs_and_single_characters() {
        assert!(like("openshift-%", "openshift-", false) && like("%", "", false) && like("a%b%c", "a-bb-c", false));
        assert!(like("und_r", "und🦀r", false) && !like("und_r", "undr", false) && !like("Kube", "kube", false));
    }

    #[test]
    fn a_backslash_escapes_only_where_asked() {
        assert!(like(r"a\_b", "a_b", true) && !like(r"a\_b", "axb", true));
        assert!(like(r"a\_b", r"a\xb", false) && !like(r"a\_b", "a_b", false));
    }
}
