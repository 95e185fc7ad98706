//! The names of the columns of one asset, in little room: a catalogue holds those of all of them.

/// Names in their order, as one text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct ColumnNames {
    text: Box<str>,
    /// Where each name ends in the text, in bytes.
    ends: Box<[u32]>,
}

impl ColumnNames {
    /// The names, in their order. What is beyond 4 GiB of them is left out.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(self.ends.iter()).filter_map(|(start, end)| self.text.get(start as usize..*end as usize))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True where there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

impl<T: AsRef<str>> FromIterator<T> for ColumnNames {
    fn from_iter<I: IntoIterator<Item = T>>(names: I) -> ColumnNames {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for name in names {
            let Ok(end) = u32::try_from(text.len() + name.as_ref().len()) else { break };
            text.push_str(name.as_ref());
            ends.push(end);
        }
        ColumnNames { text: text.into(), ends: ends.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::ColumnNames;

    #[test]
    fn names_come_back_in_their_order() {
        let names = ["a", "", "größe", "a b"];
        let held: ColumnNames = names.iter().collect();
        assert_eq!(held.iter().collect::<Vec<_>>(), names);
        assert_eq!((held.len(), held.is_empty()), (4, false));
        assert_eq!(ColumnNames::default().iter().count(), 0);
    }
}
