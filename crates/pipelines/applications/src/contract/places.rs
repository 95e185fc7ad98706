//! Places in a contract, as JSON pointers.

/// The pointer to a member of what is at `place`.
pub(super) fn member(place: &str, name: &str) -> String {
    format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The pointer to an item of the list at `place`.
pub(super) fn item(place: &str, at: usize) -> String {
    format!("{place}/{at}")
}

/// The known name that is nearest to a wrong one, where one is near: at most a third of its letters differ.
pub(super) fn nearest<'n>(wrong: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let distance = |name: &str| edits(&wrong.to_lowercase(), &name.to_lowercase());
    known.map(|name| (distance(name), name)).filter(|(edits, name)| *edits * 3 <= name.chars().count().max(3)).min().map(|(_, name)| name)
}

/// Letters to put in, take out or change to make one name the other (Levenshtein).
fn edits(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, letter) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, other) in right.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_name_is_found_and_a_far_one_is_not() {
        let known = ["columns", "parent", "key"];
        assert_eq!(nearest("colums", known.into_iter()), Some("columns"));
        assert_eq!(nearest("Keys", known.into_iter()), Some("key"));
        assert_eq!(nearest("rowIf", known.into_iter()), None);
        assert_eq!(member("/tables/0", "a/b~c"), "/tables/0/a~1b~0c");
    }
}
