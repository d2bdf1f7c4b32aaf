use serde::{Deserialize, Serialize};

/// A value, or an explicit `null` that clears what is stored.
///
/// An optional field of a request that can be cleared is an `Option<Nullable<T>>`: `None` leaves the
/// field out and so unchanged, [`Nullable::Null`] clears it, [`Nullable::Value`] sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Nullable<T> {
    /// Sets the field.
    Value(T),
    /// Clears the field: sent as `null`.
    Null,
}

impl<T> Nullable<T> {
    /// Clears the field.
    #[must_use]
    pub const fn null() -> Self {
        Self::Null
    }

    /// The value, if it is one.
    #[must_use]
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Null => None,
        }
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Nullable<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Nullable;

    #[test]
    fn null_is_not_left_out() {
        assert_eq!(
            serde_json::to_string(&Nullable::<String>::null()).unwrap(),
            "null"
        );
        assert_eq!(
            serde_json::to_string(&Nullable::<String>::from("a")).unwrap(),
            "\"a\""
        );
    }

    #[test]
    fn both_are_read_back() {
        assert_eq!(
            serde_json::from_str::<Nullable<String>>("null").unwrap(),
            Nullable::Null
        );
        assert_eq!(
            serde_json::from_str::<Nullable<u32>>("3").unwrap(),
            Nullable::Value(3)
        );
        assert_eq!(Nullable::from(3).into_option(), Some(3));
    }
}
