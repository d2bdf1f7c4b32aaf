use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A list that is sent as one query parameter, `a,b`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CommaSeparated(String);

/// The list is empty, which the API would read as no filter, or one of its items is empty or contains a
/// comma, which would read as two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a list in a query must not be empty, nor may an item be empty or contain a comma")]
pub struct InvalidList;

impl CommaSeparated {
    fn join<S: AsRef<str>>(items: &[S]) -> Result<Self, InvalidList> {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        if items.is_empty()
            || items
                .iter()
                .any(|item| item.is_empty() || item.contains(','))
        {
            return Err(InvalidList);
        }
        Ok(Self(items.join(",")))
    }
}

impl<S: AsRef<str>> TryFrom<&[S]> for CommaSeparated {
    type Error = InvalidList;

    fn try_from(items: &[S]) -> Result<Self, Self::Error> {
        Self::join(items)
    }
}

impl<S: AsRef<str>, const N: usize> TryFrom<[S; N]> for CommaSeparated {
    type Error = InvalidList;

    fn try_from(items: [S; N]) -> Result<Self, Self::Error> {
        Self::join(&items)
    }
}

impl<S: AsRef<str>> TryFrom<Vec<S>> for CommaSeparated {
    type Error = InvalidList;

    fn try_from(items: Vec<S>) -> Result<Self, Self::Error> {
        Self::join(&items)
    }
}

impl FromStr for CommaSeparated {
    type Err = InvalidList;

    /// Reads the form in which a list is sent.
    fn from_str(list: &str) -> Result<Self, Self::Err> {
        Self::join(&list.split(',').collect::<Vec<_>>())
    }
}

impl fmt::Display for CommaSeparated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_joined() {
        assert_eq!(
            CommaSeparated::try_from(["a", "b"]).unwrap().to_string(),
            "a,b"
        );
        assert_eq!(
            CommaSeparated::try_from(vec![String::from("a")])
                .unwrap()
                .to_string(),
            "a"
        );
        assert_eq!("a,b".parse(), CommaSeparated::try_from(["a", "b"]));
    }

    #[test]
    fn what_would_read_as_another_list_is_refused() {
        assert_eq!(CommaSeparated::try_from(["a,b"]), Err(InvalidList));
        assert_eq!(CommaSeparated::try_from(["a", ""]), Err(InvalidList));
        assert_eq!(
            CommaSeparated::try_from(Vec::<String>::new()),
            Err(InvalidList)
        );
    }
}
