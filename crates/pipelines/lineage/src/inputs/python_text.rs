//! Python text to logical lines: strings and comments out of the way, lines in brackets joined.

/// A source as its lines mean it.
pub(super) struct Source {
    /// Every line that ends a statement, in order.
    pub lines: Vec<Logical>,
    /// The strings, in order; a line holds the place of each instead.
    pub strings: Vec<String>,
}

/// One logical line: its code, with `'7'` where the string of that place stood.
pub(super) struct Logical {
    pub code: String,
}

impl Logical {
    /// The string that stands alone on the line: a docstring behind a head.
    pub fn docstring(&self, strings: &[String]) -> Option<String> {
        strings.get(self.lone_string()?).map(|text| text.trim().to_owned())
    }

    /// The place of the string that is all there is on the line.
    pub fn lone_string(&self) -> Option<usize> {
        let code = self.code.trim();
        let alone = code.ends_with('\'') && code.bytes().filter(|&b| b == b'\'').count() == 2;
        if alone { place_at(code) } else { None }
    }

    /// The string whose place begins here.
    pub fn string_at(code: &str, strings: &[String]) -> Option<String> {
        strings.get(place_at(code)?).cloned()
    }
}

/// A prefix such as `r` may stand before a string.
fn place_at(code: &str) -> Option<usize> {
    let inner = code.trim_start_matches(|c: char| "rRbBuUfF".contains(c)).strip_prefix('\'')?;
    inner.split('\'').next()?.parse().ok()
}

/// Cuts a source; what is never closed reaches to its end.
pub(super) fn logical_lines(text: &str) -> Source {
    let mut out = Source { lines: Vec::new(), strings: Vec::new() };
    let (mut code, mut depth) = (String::new(), 0i32);
    let mut rest = text;
    while let Some(at) = rest.find(['\'', '"', '#', '\n', '(', '[', '{', ')', ']', '}', '\\']) {
        code.push_str(&rest[..at]);
        rest = &rest[at..];
        match rest.as_bytes()[0] {
            b'#' => rest = &rest[rest.find('\n').unwrap_or(rest.len())..],
            b'\n' => {
                if depth <= 0 {
                    end_line(&mut code, &mut out);
                    depth = 0;
                } else {
                    code.push(' ');
                }
                rest = &rest[1..];
            }
            b'\\' => {
                code.push(' ');
                rest = rest[1..].strip_prefix("\r\n").or_else(|| rest[1..].strip_prefix('\n')).unwrap_or(&rest[1..]);
            }
            b'\'' | b'"' => rest = string(rest, &mut code, &mut out.strings),
            bracket => {
                depth += if matches!(bracket, b'(' | b'[' | b'{') { 1 } else { -1 };
                code.push(bracket as char);
                rest = &rest[1..];
            }
        }
    }
    code.push_str(rest);
    end_line(&mut code, &mut out);
    out
}

fn end_line(code: &mut String, out: &mut Source) {
    if !code.trim().is_empty() {
        out.lines.push(Logical { code: std::mem::take(code) });
    }
    code.clear();
}

/// Takes the string that begins here, and gives what is behind it.
fn string<'t>(text: &'t str, code: &mut String, strings: &mut Vec<String>) -> &'t str {
    let quote = &text[..1];
    let triple = quote.repeat(3);
    let mark = if text.starts_with(&triple) { triple.as_str() } else { quote };
    let end = closing(&text[mark.len()..], mark);
    code.push_str(&format!("'{}'", strings.len()));
    strings.push(text[mark.len()..mark.len() + end].to_owned());
    text.get(mark.len() + end + mark.len()..).unwrap_or("")
}

fn closing(text: &str, mark: &str) -> usize {
    let mut from = 0;
    while let Some(at) = text[from..].find(mark) {
        let slashes = text[..from + at].bytes().rev().take_while(|&b| b == b'\\').count();
        if slashes % 2 == 0 {
            return from + at;
        }
        from += at + mark.len();
    }
    text.len()
}

/// The parts of a text between signs that stand in no brackets.
pub(super) fn split_outside(text: &str, sign: char) -> Vec<&str> {
    let mut depth = 0i32;
    text.split(|c: char| {
        depth += i32::from(matches!(c, '(' | '[' | '{')) - i32::from(matches!(c, ')' | ']' | '}'));
        c == sign && depth == 0
    })
    .collect()
}
