//! X.509 certificates: reading those that are given, and making some.

use std::str::FromStr as _;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use p256::ecdsa::{DerSignature, SigningKey};
use sha2::{Digest as _, Sha256};
use x509_cert::TbsCertificate;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder as _, CertificateBuilder};
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::der::{DateTime, Decode as _, Encode as _};
use x509_cert::ext::Extension;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfo, SubjectPublicKeyInfoRef};
use x509_cert::time::{Time, Validity};

/// A certificate and when it is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct X509 {
    /// PEM, as it was given.
    pub(crate) pem: String,
    pub(crate) not_before: Timestamp,
    /// The first instant at which it counts as expired.
    pub(crate) not_after: Timestamp,
}

/// Why a text is no certificate to work with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadCertificate {
    #[error(
        "is not PEM-encoded: it has to begin with '-----BEGIN CERTIFICATE-----' and to end with '-----END CERTIFICATE-----'"
    )]
    NotPem,
    #[error("holds more than one certificate")]
    Several,
    #[error("is not valid Base64 between its first and its last line")]
    NotBase64,
    #[error("is PEM-encoded, but not an X.509 certificate in DER")]
    NotX509,
    #[error("expired at {0}")]
    Expired(Timestamp),
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
/// How many seconds a day has.
const DAY: i64 = 24 * 60 * 60;
/// How long a sample is valid.
const SAMPLE_LIFETIME: SignedDuration = SignedDuration::from_hours(3 * 365 * 24);
/// How many characters a line of PEM has.
const LINE: usize = 64;

impl X509 {
    /// Reads a PEM-encoded certificate, whatever its lines are broken by.
    ///
    /// # Errors
    /// It is none, there are several, or it has expired at `now`.
    pub(crate) fn read(text: &str, now: Timestamp) -> Result<Self, BadCertificate> {
        let body = text.trim().strip_prefix(BEGIN);
        let body = body.ok_or(BadCertificate::NotPem)?;
        let body = body.strip_suffix(END).ok_or(BadCertificate::NotPem)?;
        if body.contains(BEGIN) {
            return Err(BadCertificate::Several);
        }
        let base64: String = body.split_ascii_whitespace().collect();
        let der = STANDARD
            .decode(base64)
            .map_err(|_| BadCertificate::NotBase64)?;
        let certificate =
            CertificateInner::<Raw>::from_der(&der).map_err(|_| BadCertificate::NotX509)?;
        let validity = certificate.tbs_certificate().validity();
        let not_after = instant(validity.not_after)?;
        if now >= not_after {
            return Err(BadCertificate::Expired(not_after));
        }
        Ok(Self {
            pem: text.to_owned(),
            not_before: instant(validity.not_before)?,
            not_after,
        })
    }

    /// Makes a certificate that is signed with its own key, valid from `now` on for `lifetime`. The same random bytes give
    /// the same certificate: the key is one of the curve P-256, and ECDSA with it is deterministic (RFC 6979). The key is
    /// forgotten.
    pub(crate) fn self_signed(
        subject: &str,
        now: Timestamp,
        lifetime: SignedDuration,
        mut random: impl FnMut() -> [u8; 32],
    ) -> Self {
        let key = loop {
            // One number in four thousand million is too large for a key.
            if let Ok(key) = SigningKey::from_slice(&random()) {
                break key;
            }
        };
        let (begin, end) = (
            date(now),
            date(now.checked_add(lifetime).unwrap_or(Timestamp::MAX)),
        );
        let serial = random();
        let der = build(subject, begin, end, &serial[..16], &key);
        let der = der.expect("a certificate of these parts can be built");
        let pem = Self::pem_of(&der);
        let seconds = |date: DateTime| {
            i64::try_from(date.unix_duration().as_secs())
                .ok()
                .and_then(|seconds| Timestamp::from_second(seconds).ok())
                .unwrap_or(Timestamp::MAX)
        };
        Self {
            pem,
            not_before: seconds(begin),
            not_after: seconds(end),
        }
    }
}

impl X509 {
    /// A certificate of an identity provider that is not there: the same for the same `seed` and day.
    pub(crate) fn sample(seed: &str, now: Timestamp) -> Self {
        let day = now.as_second().div_euclid(DAY);
        let begin = Timestamp::from_second(day * DAY).unwrap_or(now);
        let mut number = 0_u8;
        Self::self_signed("A sample identity provider", begin, SAMPLE_LIFETIME, || {
            number = number.wrapping_add(1);
            Sha256::digest(format!("{seed} {day} {number}")).into()
        })
    }

    /// A certificate in PEM, from what is in it.
    pub(crate) fn pem_of(der: &[u8]) -> String {
        let base64 = STANDARD.encode(der);
        let mut pem = format!("{BEGIN}\n");
        for line in base64.as_bytes().chunks(LINE) {
            pem.extend(line.iter().map(|byte| char::from(*byte)));
            pem.push('\n');
        }
        pem.push_str(END);
        pem.push('\n');
        pem
    }

    /// What is between its first and its last line, in one piece.
    pub(crate) fn base64(&self) -> String {
        let lines = self.pem.replace(BEGIN, "").replace(END, "");
        lines.split_ascii_whitespace().collect()
    }

    /// Whether it is the same certificate, however its lines are broken.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.base64() == other.base64()
    }
}

fn instant(time: Time) -> Result<Timestamp, BadCertificate> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs());
    let seconds = seconds.map_err(|_| BadCertificate::NotX509)?;
    Timestamp::from_second(seconds).map_err(|_| BadCertificate::NotX509)
}

/// The instant in whole seconds, within what a certificate can say.
fn date(at: Timestamp) -> DateTime {
    let seconds = u64::try_from(at.as_second()).unwrap_or(0);
    DateTime::from_unix_duration(Duration::from_secs(seconds)).unwrap_or(DateTime::INFINITY)
}

struct SelfSigned(Name);

impl BuilderProfile for SelfSigned {
    fn get_issuer(&self, subject: &Name) -> Name {
        subject.clone()
    }

    fn get_subject(&self) -> Name {
        self.0.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        _: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        Ok(Vec::new())
    }
}

fn build(
    subject: &str,
    begin: DateTime,
    end: DateTime,
    serial: &[u8],
    key: &SigningKey,
) -> x509_cert::builder::Result<Vec<u8>> {
    let profile = SelfSigned(Name::from_str(&format!("CN={subject}"))?);
    let validity = Validity::new(Time::from(begin), Time::from(end));
    let public = SubjectPublicKeyInfo::from_key(key.verifying_key())?;
    let builder = CertificateBuilder::new(profile, SerialNumber::new(serial)?, validity, public)?;
    let certificate = builder.build::<_, DerSignature>(key)?;
    Ok(certificate.to_der()?)
}

/// Whether `text` looks like a PEM-encoded private key that is not encrypted.
pub(crate) fn is_private_key(text: &str) -> bool {
    let labels = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];
    labels.iter().any(|label| {
        let body = text
            .trim()
            .strip_prefix(format!("-----BEGIN {label}-----").as_str())
            .and_then(|rest| rest.strip_suffix(format!("-----END {label}-----").as_str()));
        body.is_some_and(|body| {
            let base64: String = body.split_ascii_whitespace().collect();
            !base64.is_empty() && STANDARD.decode(base64).is_ok()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn made(seed: u8) -> X509 {
        let mut next = seed;
        X509::self_signed(
            "A test",
            at("2026-01-01T00:00:00.5Z"),
            SignedDuration::from_hours(24),
            || {
                next += 1;
                [next; 32]
            },
        )
    }

    #[test]
    fn what_is_made_reads_back() {
        let made = made(1);
        assert_eq!(made.not_before, at("2026-01-01T00:00:00Z"));
        assert_eq!(made.not_after, at("2026-01-02T00:00:00Z"));
        assert_eq!(X509::read(&made.pem, made.not_before), Ok(made.clone()));
        // Lines may be broken elsewhere, or not at all.
        let body: String = made
            .pem
            .lines()
            .filter(|line| !line.contains('-'))
            .collect();
        let odd = format!("\r\n{BEGIN}\r\n{body}{END}  ");
        let read = X509::read(&odd, made.not_before).unwrap();
        assert_eq!((read.not_after, read.pem), (made.not_after, odd));
    }

    #[test]
    fn one_seed_gives_one_certificate() {
        assert_eq!(made(1), made(1));
        assert_ne!(made(1), made(2));
    }

    #[test]
    fn a_number_that_is_too_large_for_a_key_is_passed_over() {
        let mut numbers = [[0xff; 32], [0; 32], [1; 32], [2; 32]].into_iter();
        let now = at("2026-01-01T00:00:00Z");
        let made = X509::self_signed("x", now, SignedDuration::from_hours(1), || {
            numbers.next().unwrap()
        });
        assert!(X509::read(&made.pem, now).is_ok());
    }

    #[test]
    fn a_sample_is_one_of_its_day() {
        let sample = |text| X509::sample("seed", at(text));
        let morning = sample("2026-01-01T00:00:01Z");
        assert_eq!(morning, sample("2026-01-01T23:59:59Z"));
        assert_ne!(morning, sample("2026-01-02T00:00:00Z"));
        assert_ne!(morning, X509::sample("other", at("2026-01-01T00:00:01Z")));
        let folded = X509 {
            pem: morning.pem.replace('\n', "\r\n"),
            ..morning.clone()
        };
        assert!(folded != morning && folded.is_same(&morning));
        for now in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
            assert!(X509::sample("seed", now).pem.starts_with(BEGIN));
        }
    }

    #[test]
    fn clocks_beyond_what_certificates_can_say_do_no_harm() {
        for now in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
            let made = X509::self_signed("x", now, SignedDuration::MAX, || [1; 32]);
            assert!(made.not_before <= made.not_after);
            assert!(made.pem.ends_with("-----END CERTIFICATE-----\n"));
        }
    }

    #[test]
    fn a_certificate_is_expired_from_its_end_on() {
        let made = made(1);
        let last = made.not_after - SignedDuration::from_nanos(1);
        assert!(X509::read(&made.pem, last).is_ok());
        assert_eq!(
            X509::read(&made.pem, made.not_after),
            Err(BadCertificate::Expired(made.not_after))
        );
    }

    #[test]
    fn what_is_no_certificate_says_why() {
        let pem = made(1).pem;
        let now = at("2026-01-01T00:00:00Z");
        let other = format!("{BEGIN}\n{}\n{END}", STANDARD.encode("no certificate"));
        let cut = pem.replacen("MII", "MIJ", 1);
        for (text, why) in [
            ("", BadCertificate::NotPem),
            ("MIIB", BadCertificate::NotPem),
            (BEGIN, BadCertificate::NotPem),
            (
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                BadCertificate::NotPem,
            ),
            (&pem.repeat(2), BadCertificate::Several),
            (&format!("{BEGIN}\n!!!\n{END}"), BadCertificate::NotBase64),
            (&format!("{BEGIN}\n{END}"), BadCertificate::NotX509),
            (&other, BadCertificate::NotX509),
            (&cut, BadCertificate::NotX509),
        ] {
            assert_eq!(X509::read(text, now), Err(why), "{text}");
        }
    }

    #[test]
    fn private_keys_are_told_from_other_texts() {
        let key = |label: &str| format!("-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n");
        for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"] {
            assert!(is_private_key(&key(label)));
        }
        for text in [
            "",
            "AAAA",
            &key("CERTIFICATE"),
            &key("ENCRYPTED PRIVATE KEY"),
        ] {
            assert!(!is_private_key(text), "{text}");
        }
    }
}
