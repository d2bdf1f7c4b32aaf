use std::fmt;
use std::str::FromStr;

/// An id as it stands in a path: never one that would address another resource.
///
/// Every other text is an id, whatever it contains: what is not unreserved in a URL is percent-encoded
/// when it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PathSegment(String);

impl PathSegment {
    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<PathSegment> for String {
    fn from(segment: PathSegment) -> Self {
        segment.0
    }
}

/// The id is empty, `.` or `..`, and so would change which path is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id must not be empty, `.` or `..`")]
pub struct InvalidPathSegment;

impl TryFrom<String> for PathSegment {
    type Error = InvalidPathSegment;

    fn try_from(id: String) -> Result<Self, Self::Error> {
        if matches!(id.as_str(), "" | "." | "..") {
            Err(InvalidPathSegment)
        } else {
            Ok(Self(id))
        }
    }
}

impl TryFrom<&String> for PathSegment {
    type Error = InvalidPathSegment;

    fn try_from(id: &String) -> Result<Self, Self::Error> {
        id.clone().try_into()
    }
}

impl TryFrom<&str> for PathSegment {
    type Error = InvalidPathSegment;

    fn try_from(id: &str) -> Result<Self, Self::Error> {
        id.to_owned().try_into()
    }
}

impl FromStr for PathSegment {
    type Err = InvalidPathSegment;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        id.try_into()
    }
}

impl fmt::Display for PathSegment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Percent-encodes all that RFC 3986 does not call unreserved. A backslash is among it: URL parsers
/// read a bare one as `/`.
pub(crate) fn encode(segment: &str) -> String {
    segment
        .bytes()
        .map(|byte| match byte {
            b'-' | b'.' | b'_' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_the_path_is_refused() {
        for id in ["", ".", ".."] {
            assert_eq!(PathSegment::try_from(id), Err(InvalidPathSegment), "{id:?}");
        }
        for id in ["org_1", "...", ".a", "a/..", "%2e%2e", " "] {
            assert_eq!(PathSegment::try_from(id).unwrap().as_str(), id);
        }
    }

    #[test]
    fn encoding_leaves_one_segment() {
        assert_eq!(encode("org_01-a.b~c"), "org_01-a.b~c");
        assert_eq!(encode("a/../b"), "a%2F..%2Fb");
        assert_eq!(encode(r"..\x"), "..%5Cx");
        assert_eq!(encode("%2e%2e"), "%252e%252e");
        assert_eq!(encode("é?#\r\n"), "%C3%A9%3F%23%0D%0A");
    }
}
