//! The signature of a webhook, as `WorkOS` documents it.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

/// `t=<milliseconds>, v1=<hex>`: the HMAC with SHA-256 over the time, a dot and the body, keyed with the secret as text.
pub(crate) fn signature(secret: &str, at: Timestamp, body: &str) -> String {
    let at = at.as_millisecond();
    let mut header = format!("t={at}, v1=");
    for byte in mac(secret, at, body) {
        // Writing to a string does not fail.
        let _ = write!(header, "{byte:02x}");
    }
    header
}

fn mac(secret: &str, at: i64, body: &str) -> impl Iterator<Item = u8> + use<> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .expect("a key of any length makes an HMAC");
    mac.update(format!("{at}.").as_bytes());
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf '%s' "1767225600000.$body" | openssl dgst -sha256 -hmac whsec_abc123`
    #[test]
    fn it_is_what_another_implementation_makes_of_it() {
        let at = Timestamp::from_millisecond(1_767_225_600_000).unwrap();
        for (body, expected) in VECTORS {
            assert_eq!(
                signature("whsec_abc123", at, body),
                format!("t=1767225600000, v1={expected}")
            );
        }
    }

    const VECTORS: [(&str, &str); 2] = [
        (
            r#"{"object":"event","id":"event_1","event":"dsync.activated","data":{}}"#,
            "8065558732391e123b46de869ea8d293a7d9ba56f5226cde5e54587b4b4ef1f7",
        ),
        (
            r#"{"name":"Zoë — 株式会社 🦀"}"#,
            "9da2ea5241fe926a403d8b0998fd0134af9c287fffb70f719acb94d523cc54b1",
        ),
    ];
}
