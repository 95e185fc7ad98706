//! SQL `LIKE` patterns.

use std::str::Chars;

/// A compiled `LIKE` pattern: `%` is any run of characters, `_` any one character; case-sensitive.
#[derive(Clone, Debug)]
pub struct Like {
    tokens: Vec<Token>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token {
    AnyRun,
    AnyOne,
    Exactly(char),
}

impl Like {
    /// Compiles a pattern. With an `escape` character, the character behind it stands for itself (as in PostgreSQL, where it is
    /// `\`); without one (as in Trino) every `%` and `_` is a wildcard.
    pub fn new(pattern: &str, escape: Option<char>) -> Self {
        let mut tokens = Vec::new();
        let mut letters = pattern.chars();
        while let Some(letter) = letters.next() {
            tokens.push(match letter {
                letter if Some(letter) == escape => Token::Exactly(letters.next().unwrap_or(letter)),
                '%' => Token::AnyRun,
                '_' => Token::AnyOne,
                letter => Token::Exactly(letter),
            });
        }
        Self { tokens }
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        let (mut rest, mut token) = (text.chars(), 0);
        // Where to go on after a mismatch: behind the last run, with one character more in it each time.
        let mut retry: Option<(usize, Chars<'_>)> = None;
        while let Some(letter) = rest.clone().next() {
            match self.tokens.get(token) {
                Some(Token::AnyRun) => {
                    token += 1;
                    retry = Some((token, rest.clone()));
                }
                Some(one) if one.takes(letter) => {
                    token += 1;
                    rest.next();
                }
                _ => match &mut retry {
                    Some((behind_run, from)) => {
                        from.next();
                        (token, rest) = (*behind_run, from.clone());
                    }
                    None => return false,
                },
            }
        }
        self.tokens[token..].iter().all(|token| *token == Token::AnyRun)
    }
}

impl Token {
    /// Whether it stands for this one character.
    fn takes(self, letter: char) -> bool {
        match self {
            Self::AnyRun => false,
            Self::AnyOne => true,
            Self::Exactly(wanted) => wanted == letter,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_as_sql_says() {
        let like = |pattern: &str, text: &str| Like::new(pattern, None).matches(text);
        assert!(like("openshift-%", "openshift-dns") && like("openshift-%", "openshift-"));
        assert!(!like("openshift-%", "openshift") && !like("openshift", "openshift-"));
        assert!(like("und_rscore", "undXrscore") && like("und_rscore", "undérscore") && !like("und_rscore", "undrscore"));
        assert!(like("%a%b%", "xxaxxbxx") && !like("%a%b", "xxaxxbxx") && like("%%", "") && like("", "") && !like("", "a"));
        assert!(!like("KUBE-%", "kube-system"));
        assert!(like("%ab", "aab") && like("%aab", "aaaab"));
    }

    #[test]
    fn an_escape_makes_a_wildcard_plain_only_where_there_is_one() {
        assert!(Like::new(r"a\_b", None).matches(r"a\xb"));
        assert!(Like::new(r"a\_b", Some('\\')).matches("a_b"));
        assert!(!Like::new(r"a\_b", Some('\\')).matches("axb"));
    }
}
