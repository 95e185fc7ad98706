//! SQL `LIKE` patterns.

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
        let text: Vec<char> = text.chars().collect();
        let (mut at, mut token) = (0, 0);
        // Where to go on after a mismatch: the last run, taking one character more each time.
        let mut retry: Option<(usize, usize)> = None;
        while at < text.len() {
            match self.tokens.get(token) {
                Some(Token::AnyRun) => {
                    retry = Some((token, at));
                    token += 1;
                }
                Some(Token::AnyOne) => (at, token) = (at + 1, token + 1),
                Some(Token::Exactly(letter)) if *letter == text[at] => (at, token) = (at + 1, token + 1),
                _ => match retry {
                    Some((run, from)) => {
                        retry = Some((run, from + 1));
                        (at, token) = (from + 1, run + 1);
                    }
                    None => return false,
                },
            }
        }
        self.tokens[token..].iter().all(|token| *token == Token::AnyRun)
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
