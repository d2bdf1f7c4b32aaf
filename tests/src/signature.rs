//! Signatures of webhooks as a receiver checks them, written down here once more: nothing of it is shared with the server.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// When `body` was signed with `secret`, in milliseconds. Nothing, unless `header` is `t=<milliseconds>, v1=<lower-case hex>` to
/// the letter and the signature is right.
pub(crate) fn signed_at(header: &str, secret: &str, body: &[u8]) -> Option<i64> {
    let (time, signature) = header.strip_prefix("t=")?.split_once(", v1=")?;
    let message = [time.as_bytes(), b".", body].concat();
    let expected = hex(&hmac_sha256(secret.as_bytes(), &message));
    let at: i64 = time.parse().ok()?;
    (signature == expected && at.to_string() == time).then_some(at)
}

/// RFC 2104.
fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let padded = |pad: u8| block.map(|byte| byte ^ pad);
    let inner = Sha256::digest([&padded(0x36), message].concat());
    Sha256::digest([&padded(0x5c)[..], &inner].concat()).into()
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test cases 2 and 6 of RFC 4231.
    #[test]
    fn the_hmac_is_the_one_of_the_rfc() {
        for (key, message, expected) in [
            (
                b"Jefe".to_vec(),
                "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                vec![0xaa; 131],
                "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ] {
            assert_eq!(hex(&hmac_sha256(&key, message.as_bytes())), expected);
        }
    }

    #[test]
    fn only_the_documented_form_is_taken() {
        let v1 = hex(&hmac_sha256(b"secret", b"5.body"));
        let at = |header: &str| signed_at(header, "secret", b"body");
        assert_eq!(at(&format!("t=5, v1={v1}")), Some(5));
        for header in [
            format!("t=5,v1={v1}"),
            format!("t=05, v1={v1}"),
            format!("t=6, v1={v1}"),
            format!("t=5, v1={}", v1.to_uppercase()),
            format!("v1={v1}, t=5"),
            "t=5".to_owned(),
            String::new(),
        ] {
            assert_eq!(at(&header), None, "{header}");
        }
        assert_eq!(
            signed_at(&format!("t=5, v1={v1}"), "another", b"body"),
            None
        );
    }
}
