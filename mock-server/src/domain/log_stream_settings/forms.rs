//! The forms that values have at the destinations. Each accepts what its vendor documents and nothing that it cannot be.

use url::Url;

/// How a value is written.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) fits: fn(&str) -> bool,
    /// The rest of a sentence that the name of the value begins.
    pub(super) predicate: &'static str,
}

/// The API keys of Datadog.
pub(super) const HEX_KEY: Form = Form {
    fits: |text| text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()),
    predicate: "has to be 32 hexadecimal digits",
};

/// What Splunk and Microsoft identify things by.
pub(super) const UUID: Form = Form {
    fits: |text| {
        let parts: Vec<&str> = text.split('-').collect();
        parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
            && text
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    },
    predicate: "has to be written like 01234567-89ab-cdef-0123-456789abcdef",
};

pub(super) const AWS_ACCOUNT: Form = Form {
    fits: |text| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()),
    predicate: "has to be 12 digits",
};

pub(super) const AWS_REGION: Form = Form {
    fits: |text| {
        let parts: Vec<&str> = text.split('-').collect();
        let is_word =
            |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
        match parts.as_slice() {
            [area, middle @ .., number] => {
                area.len() == 2
                    && is_word(area)
                    && (1..=2).contains(&middle.len())
                    && middle.iter().all(is_word)
                    && (1..=2).contains(&number.len())
                    && number.bytes().all(|byte| byte.is_ascii_digit())
            }
            _ => false,
        }
    },
    predicate: "has to be written like us-east-1",
};

pub(super) const AWS_ROLE: Form = Form {
    fits: |text| {
        (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte))
    },
    predicate: "has to be 1 to 64 letters, digits or any of _+=,.@-, without the path of the role",
};

pub(super) const S3_BUCKET: Form = Form {
    fits: |text| {
        (3..=63).contains(&text.len())
            && is_bucket(text, b".-")
            && !text.contains("..")
            && text.parse::<std::net::Ipv4Addr>().is_err()
    },
    predicate: "has to be 3 to 63 lower-case letters, digits, hyphens or dots, with a letter or digit at both ends",
};

pub(super) const PATH: Form = Form {
    fits: |text| {
        text.len() <= 512
            && text.split('/').all(|part| !matches!(part, "." | ".."))
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!-_.*'()/=".contains(&byte))
    },
    predicate: "has to be at most 512 letters, digits, slashes or any of !-_.*'()=",
};

/// Google's keys for a service account have 61 characters, those for a user 24.
pub(super) const GOOGLE_ACCESS_KEY: Form = Form {
    fits: |text| {
        text.starts_with("GOOG")
            && matches!(text.len(), 24 | 61)
            && text
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    },
    predicate: "has to be 24 or 61 capitals and digits that begin with GOOG",
};

pub(super) const GOOGLE_SECRET: Form = Form {
    fits: |text| {
        text.len() == 40
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
    },
    predicate: "has to be 40 characters of base 64",
};

pub(super) const GOOGLE_BUCKET: Form = Form {
    fits: |text| {
        (3..=222).contains(&text.len())
            && is_bucket(text, b".-_")
            && text.split('.').all(|part| (1..=63).contains(&part.len()))
            && text.parse::<std::net::Ipv4Addr>().is_err()
    },
    predicate: "has to be 3 to 63 lower-case letters, digits, hyphens, underscores or dots, with a letter or digit at both ends",
};

pub(super) const HTTPS_ORIGIN: Form = Form {
    fits: |text| {
        Url::parse(text).is_ok_and(|url| {
            url.scheme() == "https"
                && url.path() == "/"
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
                && url.password().is_none()
        })
    },
    predicate: "has to be an address that begins with https:// and ends with its host",
};

pub(super) const COLLECTION_RULE: Form = Form {
    fits: |text| {
        text.strip_prefix("dcr-")
            .is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
    },
    predicate: "has to be dcr- and 32 hexadecimal digits",
};

pub(super) const SENTINEL_STREAM: Form = Form {
    fits: |text| {
        let rest = text
            .strip_prefix("Custom-")
            .or_else(|| text.strip_prefix("Microsoft-"));
        rest.is_some_and(|rest| {
            (1..=100).contains(&rest.len())
                && rest
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
        })
    },
    predicate: "has to begin with Custom- or Microsoft-, with letters, digits, hyphens and underscores after that",
};

/// The name of an account with that of its organization, or the older locator with its region.
pub(super) const SNOWFLAKE_ACCOUNT: Form = Form {
    fits: |text| {
        (3..=255).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.ends_with(|c: char| c.is_ascii_alphanumeric())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            && !text.contains("..")
    },
    predicate: "has to be the part of the account’s address before .snowflakecomputing.com",
};

pub(super) const SQL_NAME: Form = Form {
    fits: |text| {
        (1..=255).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_$".contains(&byte))
    },
    predicate: "has to begin with a letter and go on with letters, digits, _ or $",
};

pub(super) const ONE_WORD: Form = Form {
    fits: |text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()),
    predicate: "has to be without spaces, in plain ASCII",
};

fn is_bucket(text: &str, between: &[u8]) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    bytes.first().is_some_and(|first| plain(*first))
        && bytes.last().is_some_and(|last| plain(*last))
        && bytes
            .iter()
            .all(|byte| plain(*byte) || between.contains(byte))
}

/// Whether HTTP lets a header have this name.
pub(super) fn is_header_name(name: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    (1..=100).contains(&name.len()) && name.bytes().all(token)
}

/// Whether a header of this name says how the request itself is to be read.
pub(super) fn is_own_header(name: &str) -> bool {
    const OWN: [&str; 9] = [
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "expect",
        "host",
        "te",
        "transfer-encoding",
        "upgrade",
    ];
    OWN.iter().any(|own| name.eq_ignore_ascii_case(own))
}
