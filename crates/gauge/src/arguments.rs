//! Words and `--name value` pairs of a command line.

use rowmill_core::{Code, Error, Result};

/// What was typed. An option without a value has the empty one.
pub(crate) struct Arguments {
    words: Vec<String>,
    options: Vec<(String, String)>,
}

impl Arguments {
    pub(crate) fn of(given: impl Iterator<Item = String>) -> Self {
        let (mut words, mut options) = (Vec::new(), Vec::new());
        let mut given = given;
        while let Some(word) = given.next() {
            match word.strip_prefix("--") {
                Some(name) => options.push((name.to_owned(), given.next().unwrap_or_default())),
                None => words.push(word),
            }
        }
        Self { words, options }
    }

    /// The words, as patterns want them.
    pub(crate) fn words(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).collect()
    }

    /// Every value of an option, in order.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.options.iter().filter(move |(option, _)| option == name).map(|(_, value)| value.as_str())
    }

    /// The last value of an option.
    pub(crate) fn last<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).last()
    }

    /// How often to do what is asked: `--times`, 1 where it is not given.
    ///
    /// # Errors
    /// `PLAN_INVALID` for anything but a whole number.
    pub(crate) fn times(&self) -> Result<usize> {
        let given = self.last("times").unwrap_or("1");
        given.parse().map_err(|_| Error::new(Code::PlanInvalid, "--times must be a whole number").value(given))
    }
}
