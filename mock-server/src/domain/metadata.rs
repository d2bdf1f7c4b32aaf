//! Metadata: names with values that an app keeps with a thing.

use std::collections::BTreeMap;
use std::{iter, str};

use serde::{Serialize, Serializer};

/// Names with values, in the order of the names. Nobody looks one up, so they are kept one after the other, each behind
/// its length in four bytes, which takes a fraction of a map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Metadata(Box<[u8]>);

impl Metadata {
    /// The names with their values.
    pub(crate) fn to_map(&self) -> BTreeMap<String, String> {
        let pairs = self.pairs();
        pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut rest = &*self.0;
        let mut part = move || {
            let (length, behind) = rest.split_first_chunk()?;
            let (part, behind) = behind.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            rest = behind;
            str::from_utf8(part).ok()
        };
        iter::from_fn(move || Some((part()?, part()?)))
    }
}

impl From<BTreeMap<String, String>> for Metadata {
    fn from(map: BTreeMap<String, String>) -> Self {
        let mut bytes = Vec::new();
        for part in map.iter().flat_map(|(name, value)| [name, value]) {
            let length = u32::try_from(part.len()).expect("a request is far smaller");
            bytes.extend_from_slice(&length.to_le_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        Self(bytes.into())
    }
}

impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.pairs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_written_as_the_map_that_it_was() {
        for pairs in [&[][..], &[("b", "ü"), ("", ""), ("a", "1")]] {
            let pairs = pairs.iter();
            let map: BTreeMap<_, _> = pairs
                .map(|(name, value)| (String::from(*name), String::from(*value)))
                .collect();
            let written = serde_json::to_string(&Metadata::from(map.clone())).unwrap();
            assert_eq!(written, serde_json::to_string(&map).unwrap());
        }
        let of = |name: &str, value: &str| {
            Metadata::from(BTreeMap::from([(name.to_owned(), value.to_owned())]))
        };
        assert_ne!(of("ab", "c"), of("a", "bc"));
    }
}
