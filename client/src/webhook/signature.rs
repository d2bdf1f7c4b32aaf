//! The signature itself: pure, and the only place that knows how it is made.

use std::fmt::{self, Write};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ring::hmac::{self, HMAC_SHA256};

use super::WebhookError;
use crate::Secret;

/// The length of a signature, in bytes.
const LENGTH: usize = 32;

/// Which part of a signature header is missing or cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderPart {
    /// It is not a list of `name=value`.
    Form,
    /// There is not exactly one `t`, or it is not a number of milliseconds that a clock can show.
    Timestamp,
    /// There is no `v1` of 64 lower-case hex digits.
    Signature,
}

impl fmt::Display for HeaderPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "a part is not `name=value`",
            Self::Timestamp => "there is not one `t` in milliseconds",
            Self::Signature => "there is no `v1` of 64 lower-case hex digits",
        })
    }
}

/// Checks that `payload`, the raw body of a delivery, was signed with `secret` within `tolerance` of
/// `now`, before or after.
///
/// Unknown parts of the header and several `v1` are accepted, in any order, with or without a space after
/// the comma. Upper-case hex is not: WorkOS sends lower-case, and a signature has one form. Signatures are
/// compared in constant time. Times are looked at last, so [`WebhookError::TooOld`] and
/// [`WebhookError::InFuture`] tell of a genuine delivery. At exactly the tolerance it is still accepted.
///
/// Nothing is ever signed with an empty secret.
///
/// # Errors
/// Says which check the delivery fails.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use workos_portal::Secret;
/// use workos_portal::webhook::{DEFAULT_TOLERANCE, WebhookError, verify};
///
/// let secret = Secret::from("whsec_3kT9vQ2mXz7LpN4rYb8WcD1Ha");
/// let header = "t=1767323045678, v1=fc0b27be6257e81d005f1a3f35c738fabca492c9471e7953161898ae38db809d";
/// let signed = UNIX_EPOCH + Duration::from_millis(1_767_323_045_678);
///
/// verify(b"", header, &secret, DEFAULT_TOLERANCE, signed)?;
/// let late = verify(b"", header, &secret, DEFAULT_TOLERANCE, signed + Duration::from_secs(181));
/// assert!(matches!(late, Err(WebhookError::TooOld { .. })));
/// # Ok::<(), WebhookError>(())
/// ```
pub fn verify(
    payload: &[u8],
    header: &str,
    secret: &Secret,
    tolerance: Duration,
    now: SystemTime,
) -> Result<(), WebhookError> {
    check(
        payload,
        header,
        std::slice::from_ref(secret),
        tolerance,
        now,
    )
}

/// The value of the signature header for `payload`, signed with `secret` at `at`: what a test of your app
/// sends in WorkOS's stead.
///
/// Times are sent in whole milliseconds since 1970; one before that counts as 1970.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use workos_portal::Secret;
/// use workos_portal::webhook::sign;
///
/// let at = UNIX_EPOCH + Duration::from_millis(1_767_323_045_678);
/// assert_eq!(
///     sign(b"", &Secret::from("whsec_3kT9vQ2mXz7LpN4rYb8WcD1Ha"), at),
///     "t=1767323045678, v1=fc0b27be6257e81d005f1a3f35c738fabca492c9471e7953161898ae38db809d",
/// );
/// ```
#[must_use]
pub fn sign(payload: &[u8], secret: &Secret, at: SystemTime) -> String {
    let since_1970 = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    let timestamp = since_1970.as_millis().to_string();
    let mut header = format!("t={timestamp}, v1=");
    for byte in hmac::sign(&key(secret), &signed(&timestamp, payload)).as_ref() {
        let _ = write!(header, "{byte:02x}");
    }
    header
}

/// [`verify`] for several secrets.
pub(super) fn check(
    payload: &[u8],
    header: &str,
    secrets: &[Secret],
    tolerance: Duration,
    now: SystemTime,
) -> Result<(), WebhookError> {
    let header = Header::read(header)?;
    let signed = signed(header.timestamp, payload);
    let matches = |secret: &Secret| {
        let (key, signatures) = (key(secret), &header.signatures);
        let right = |signature| hmac::verify(&key, &signed, signature).is_ok();
        signatures.iter().any(|signature| right(signature))
    };
    if !secrets
        .iter()
        .any(|secret| !secret.expose().is_empty() && matches(secret))
    {
        return Err(WebhookError::NoMatch);
    }
    match now.duration_since(header.signed_at) {
        Ok(age) if age > tolerance => Err(WebhookError::TooOld { age, tolerance }),
        Err(error) if error.duration() > tolerance => Err(WebhookError::InFuture {
            ahead: error.duration(),
            tolerance,
        }),
        _ => Ok(()),
    }
}

/// A signature header, taken apart.
struct Header<'a> {
    /// `t` as it was sent, and so as it was signed.
    timestamp: &'a str,
    signed_at: SystemTime,
    signatures: Vec<[u8; LENGTH]>,
}

impl<'a> Header<'a> {
    fn read(header: &'a str) -> Result<Self, WebhookError> {
        if header.trim().is_empty() {
            return Err(WebhookError::MissingHeader);
        }
        let mut timestamps = Vec::new();
        let mut signatures = Vec::new();
        for part in header.split(',') {
            match part.trim().split_once('=') {
                Some(("t", timestamp)) => timestamps.push(timestamp),
                Some(("v1", digits)) => signatures.extend(from_hex(digits)),
                Some(_) => {}
                None => return Err(WebhookError::MalformedHeader(HeaderPart::Form)),
            }
        }
        let malformed_timestamp = WebhookError::MalformedHeader(HeaderPart::Timestamp);
        let [timestamp] = timestamps[..] else {
            return Err(malformed_timestamp);
        };
        let signed_at = instant(timestamp).ok_or(malformed_timestamp)?;
        if signatures.is_empty() {
            return Err(WebhookError::MalformedHeader(HeaderPart::Signature));
        }
        Ok(Self {
            timestamp,
            signed_at,
            signatures,
        })
    }
}

fn key(secret: &Secret) -> hmac::Key {
    hmac::Key::new(HMAC_SHA256, secret.expose().as_bytes())
}

/// What a signature is of.
fn signed(timestamp: &str, payload: &[u8]) -> Vec<u8> {
    [timestamp.as_bytes(), b".", payload].concat()
}

/// Milliseconds since 1970, in digits alone: `parse` would take a sign.
fn instant(milliseconds: &str) -> Option<SystemTime> {
    if !milliseconds.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds.parse().ok()?))
}

fn from_hex(digits: &str) -> Option<[u8; LENGTH]> {
    let (pairs, []) = digits.as_bytes().as_chunks::<2>() else {
        return None;
    };
    let mut bytes = [0; LENGTH];
    if pairs.len() != LENGTH {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(bytes)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
