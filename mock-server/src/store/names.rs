//! Names that are found by any part of them, without regard to case.

use std::collections::BTreeSet;

/// A part of a name, which an index finds it by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum NameKey {
    /// Three characters in a row, in lower case.
    Three([char; 3]),
    /// Five characters in a row, in lower case: few names have these, where many may have any three of them.
    Five([char; 5]),
    /// The first one or two characters of a word, in lower case.
    WordPrefix(Box<str>),
}

/// Every key that a name is found by.
pub(super) fn keys(name: &str) -> impl Iterator<Item = NameKey> {
    let name = folded(name);
    let letters: Vec<char> = name.chars().collect();
    let mut prefixes = BTreeSet::new();
    for word in name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        for (start, letter) in word.char_indices().take(2) {
            prefixes.insert(word[..start + letter.len_utf8()].into());
        }
    }
    let threes = in_a_row(&letters).into_iter().map(NameKey::Three);
    let fives = in_a_row(&letters).into_iter().map(NameKey::Five);
    let prefixes = prefixes.into_iter().map(NameKey::WordPrefix);
    threes.chain(fives).chain(prefixes)
}

/// A text that is looked for in names. One or two characters are looked for where words begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NameSearch {
    keys: Vec<NameKey>,
    /// What a name has to contain besides having the keys, in lower case.
    wanted: String,
}

impl NameSearch {
    /// Nothing when there is nothing to look for.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let text = folded(text.trim());
        let letters: Vec<char> = text.chars().collect();
        match letters.len() {
            0 => None,
            // A short text has a key of its own, which says it exactly.
            1 | 2 => Some(Self {
                keys: vec![NameKey::WordPrefix(text.as_str().into())],
                wanted: String::new(),
            }),
            3 | 4 => Some(Self {
                keys: in_a_row(&letters).into_iter().map(NameKey::Three).collect(),
                wanted: text,
            }),
            _ => Some(Self {
                keys: in_a_row(&letters).into_iter().map(NameKey::Five).collect(),
                wanted: text,
            }),
        }
    }

    /// Filters of a query that every name passes which is found. `key` makes them keys of the record.
    pub(crate) fn filters<K>(&self, key: impl Fn(NameKey) -> K) -> impl Iterator<Item = Vec<K>> {
        self.keys.iter().cloned().map(move |one| vec![key(one)])
    }

    /// Whether a name that passes the filters is found.
    pub(crate) fn finds(&self, name: &str) -> bool {
        self.wanted.is_empty() || folded(name).contains(&self.wanted)
    }
}

/// `text` without its case. Letter by letter, so that a part of a text folds to a part of the folded text; the sigma at the
/// end of a word would not.
fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// So many letters in a row, wherever they begin, each once.
fn in_a_row<const N: usize>(letters: &[char]) -> BTreeSet<[char; N]> {
    letters
        .windows(N)
        .filter_map(|row| row.try_into().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_asks_for_every_part_or_for_a_beginning() {
        assert_eq!(NameSearch::new("  "), None);
        let filters = |text| -> Vec<_> {
            let search = NameSearch::new(text).unwrap();
            search.filters(|key| key).flatten().collect()
        };
        assert_eq!(filters(" ÄC"), [NameKey::WordPrefix("äc".into())]);
        assert_eq!(
            filters("Acme"),
            [['a', 'c', 'm'], ['c', 'm', 'e']].map(NameKey::Three)
        );
        assert_eq!(
            filters("ACMEan"),
            [['a', 'c', 'm', 'e', 'a'], ['c', 'm', 'e', 'a', 'n']].map(NameKey::Five)
        );
    }

    #[test]
    fn the_name_itself_decides_about_a_longer_text() {
        let search = NameSearch::new("cmean").unwrap();
        assert!(search.finds("aCMEan"));
        assert!(!search.finds("acme mean"));
        assert!(NameSearch::new("x").unwrap().finds("X1"));
    }
}
