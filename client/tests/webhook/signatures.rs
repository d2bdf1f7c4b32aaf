use std::time::{Duration, UNIX_EPOCH};

use workos_portal::Secret;
use workos_portal::webhook::{
    DEFAULT_TOLERANCE, HeaderPart, InvalidSecret, Verifier, WebhookError, sign, verify,
};

use crate::{BODY, SECRET, SIGNATURE, SIGNED, header, signed};

const OTHER: &str = "whsec_Zt5Rw8Yq1Lm4Nc7Vb0Xs3Kd6Jf";

fn check(payload: &[u8], header: &str) -> Result<(), WebhookError> {
    verify(
        payload,
        header,
        &Secret::from(SECRET),
        DEFAULT_TOLERANCE,
        signed(),
    )
}

#[test]
fn signatures_are_those_that_openssl_computes() {
    // printf '%s' "1767323045678.$BODY" | openssl dgst -sha256 -hmac 'whsec_3kT9vQ2mXz7LpN4rYb8WcD1Ha'
    for (body, signature) in [
        (BODY, SIGNATURE),
        (
            r#"{"name":"Größe 東京 🚪"}"#,
            "941b54e23311b278c3e947ab17e53ef04ab6b04bb7c54b71e95dd146484b6f8b",
        ),
        (
            "",
            "fc0b27be6257e81d005f1a3f35c738fabca492c9471e7953161898ae38db809d",
        ),
    ] {
        let header = format!("t={SIGNED}, v1={signature}");
        assert_eq!(check(body.as_bytes(), &header), Ok(()), "{body}");
        assert_eq!(
            sign(body.as_bytes(), &Secret::from(SECRET), signed()),
            header
        );
    }
}

#[test]
fn a_body_that_is_not_text_is_signed_as_well() {
    let header = sign(b"\xff\x00\n", &Secret::from(SECRET), signed());
    assert_eq!(check(b"\xff\x00\n", &header), Ok(()));
    assert_eq!(
        check("\u{fffd}\0\n".as_bytes(), &header),
        Err(WebhookError::NoMatch)
    );
}

#[test]
fn a_body_changed_by_one_byte_is_refused() {
    for place in 0..BODY.len() {
        let mut tampered = BODY.as_bytes().to_vec();
        tampered[place] ^= 1;
        assert_eq!(
            check(&tampered, &header()),
            Err(WebhookError::NoMatch),
            "{place}"
        );
    }
    for tampered in [
        &BODY[..BODY.len() - 1],
        &format!("{BODY} "),
        &format!("{BODY}\n"),
        "",
    ] {
        assert_eq!(
            check(tampered.as_bytes(), &header()),
            Err(WebhookError::NoMatch)
        );
    }
}

#[test]
fn a_time_or_signature_that_was_changed_is_refused() {
    // A zero before the number shows the same instant, yet is not what was signed.
    for timestamp in [format!("{}", SIGNED + 1), format!("0{SIGNED}")] {
        let header = format!("t={timestamp}, v1={SIGNATURE}");
        assert_eq!(check(BODY.as_bytes(), &header), Err(WebhookError::NoMatch));
    }
    for place in 0..SIGNATURE.len() {
        let mut changed = SIGNATURE.to_owned();
        let digit = if changed.as_bytes()[place] == b'0' {
            "1"
        } else {
            "0"
        };
        changed.replace_range(place..=place, digit);
        let header = format!("t={SIGNED}, v1={changed}");
        assert_eq!(check(BODY.as_bytes(), &header), Err(WebhookError::NoMatch));
    }
}

#[test]
fn a_header_may_have_more_parts_in_any_order() {
    let wrong = "0".repeat(64);
    for header in [
        format!("t={SIGNED},v1={SIGNATURE}"),
        format!(" v1={SIGNATURE} ,\tt={SIGNED} "),
        format!("v2=later, t={SIGNED}, v1={SIGNATURE}, flag="),
        format!("t={SIGNED}, v1={wrong}, v1={SIGNATURE}"),
        format!("t={SIGNED}, v1={SIGNATURE}, v1={wrong}"),
        format!("t={SIGNED}, v1=unreadable, v1={SIGNATURE}"),
    ] {
        assert_eq!(check(BODY.as_bytes(), &header), Ok(()), "{header}");
    }
}

#[test]
fn a_malformed_header_says_which_part() {
    use HeaderPart::{Form, Signature, Timestamp};
    let upper = SIGNATURE.to_uppercase();
    let cases = [
        ("nonsense".to_owned(), Form),
        (format!("t={SIGNED}, v1={SIGNATURE},"), Form),
        (format!("t:{SIGNED}, v1={SIGNATURE}"), Form),
        (format!("v1={SIGNATURE}"), Timestamp),
        (format!("t={SIGNED}, t={SIGNED}, v1={SIGNATURE}"), Timestamp),
        (format!("T={SIGNED}, v1={SIGNATURE}"), Timestamp),
        (format!("t=, v1={SIGNATURE}"), Timestamp),
        (format!("t=+{SIGNED}, v1={SIGNATURE}"), Timestamp),
        (format!("t=-1, v1={SIGNATURE}"), Timestamp),
        (format!("t=1e12, v1={SIGNATURE}"), Timestamp),
        (format!("t=2026-01-02T03:04:05Z, v1={SIGNATURE}"), Timestamp),
        (format!("t={}, v1={SIGNATURE}", "9".repeat(30)), Timestamp),
        (format!("t={SIGNED}"), Signature),
        (format!("t={SIGNED}, v2={SIGNATURE}"), Signature),
        (format!("t={SIGNED}, v1="), Signature),
        (format!("t={SIGNED}, v1={upper}"), Signature),
        (format!("t={SIGNED}, v1={}", &SIGNATURE[1..]), Signature),
        (format!("t={SIGNED}, v1={SIGNATURE}00"), Signature),
        (format!("t={SIGNED}, v1=g{}", &SIGNATURE[1..]), Signature),
        (format!("t={SIGNED}, v1=é{}", &SIGNATURE[2..]), Signature),
    ];
    for (header, part) in cases {
        assert_eq!(
            check(BODY.as_bytes(), &header),
            Err(WebhookError::MalformedHeader(part)),
            "{header}"
        );
    }
    for empty in ["", "  "] {
        assert_eq!(
            check(BODY.as_bytes(), empty),
            Err(WebhookError::MissingHeader)
        );
    }
}

#[test]
fn the_tolerance_counts_both_ways_and_is_tolerated_itself() {
    let verifier = Verifier::new(SECRET).unwrap();
    let tolerance = DEFAULT_TOLERANCE;
    let nanosecond = Duration::from_nanos(1);
    let at = |now| verifier.event(BODY.as_bytes(), &header(), now).map(|_| ());

    assert_eq!(at(signed() + tolerance), Ok(()));
    assert_eq!(at(signed() - tolerance), Ok(()));
    let far = tolerance + nanosecond;
    let (age, ahead) = (far, far);
    assert_eq!(
        at(signed() + far),
        Err(WebhookError::TooOld { age, tolerance })
    );
    assert_eq!(
        at(signed() - far),
        Err(WebhookError::InFuture { ahead, tolerance })
    );

    let strict = verifier.tolerance(Duration::ZERO);
    let at = |now| strict.event(BODY.as_bytes(), &header(), now).map(|_| ());
    assert_eq!(at(signed()), Ok(()));
    assert!(matches!(
        at(signed() + nanosecond),
        Err(WebhookError::TooOld { .. })
    ));
    assert!(matches!(
        at(signed() - nanosecond),
        Err(WebhookError::InFuture { .. })
    ));
}

#[test]
fn a_time_in_seconds_is_long_ago() {
    let at = UNIX_EPOCH + Duration::from_millis(SIGNED / 1000);
    let header = sign(BODY.as_bytes(), &Secret::from(SECRET), at);
    assert!(matches!(
        check(BODY.as_bytes(), &header),
        Err(WebhookError::TooOld { .. })
    ));
}

#[test]
fn only_a_genuine_delivery_is_told_about_its_time() {
    let header = format!("t=0, v1={SIGNATURE}");
    assert_eq!(check(BODY.as_bytes(), &header), Err(WebhookError::NoMatch));
}

#[test]
fn secrets_can_be_rotated() {
    let both = Verifier::any_of([OTHER, SECRET]).unwrap();
    for secret in [SECRET, OTHER] {
        let header = sign(BODY.as_bytes(), &Secret::from(secret), signed());
        both.event(BODY.as_bytes(), &header, signed()).unwrap();
    }
    let header = sign(BODY.as_bytes(), &Secret::from("whsec_third"), signed());
    assert_eq!(
        both.event(BODY.as_bytes(), &header, signed()),
        Err(WebhookError::NoMatch)
    );
    let rotated = Verifier::new(OTHER).unwrap();
    assert_eq!(
        rotated.event(BODY.as_bytes(), &crate::header(), signed()),
        Err(WebhookError::NoMatch)
    );
}

#[test]
fn a_secret_that_protects_nothing_is_refused() {
    let none: [&str; 0] = [];
    assert_eq!(Verifier::any_of(none).unwrap_err(), InvalidSecret);
    for secret in ["", " ", "whsec_1\n", "whsec 1"] {
        assert_eq!(Verifier::new(secret).unwrap_err(), InvalidSecret);
        assert_eq!(
            Verifier::any_of([SECRET, secret]).unwrap_err(),
            InvalidSecret
        );
    }
    let header = sign(BODY.as_bytes(), &Secret::from(""), signed());
    let tolerance = DEFAULT_TOLERANCE;
    assert_eq!(
        verify(
            BODY.as_bytes(),
            &header,
            &Secret::from(""),
            tolerance,
            signed()
        ),
        Err(WebhookError::NoMatch)
    );
}

#[test]
fn the_clock_can_be_held() {
    let verifier = Verifier::new(SECRET).unwrap().clock(signed);
    verifier.event_now(BODY.as_bytes(), &header()).unwrap();
    let late = verifier.clock(|| signed() + Duration::from_secs(181));
    assert!(matches!(
        late.event_now(BODY.as_bytes(), &header()),
        Err(WebhookError::TooOld { .. })
    ));
}

#[test]
fn the_system_s_clock_is_past_the_example() {
    let verifier = Verifier::new(SECRET).unwrap();
    assert!(matches!(
        verifier.event_now(BODY.as_bytes(), &header()),
        Err(WebhookError::TooOld { .. })
    ));
}

#[test]
fn neither_secret_nor_body_nor_signature_is_shown() {
    let verifier = Verifier::any_of([SECRET, OTHER]).unwrap();
    assert!(!format!("{verifier:?} {verifier:#?}").contains("whsec"));

    let body = r#"{"id":["hidden"]}"#;
    let secret = Secret::from(SECRET);
    let genuine = sign(body.as_bytes(), &secret, signed());
    let late = signed() + Duration::from_secs(1000);
    for (header, now) in [
        (genuine.clone(), signed()),
        (genuine.clone(), late),
        (genuine.replace("v1=", "v1=00"), signed()),
        (genuine.replace("v1", "v2"), signed()),
        (header(), signed()),
    ] {
        let error = verifier.event(body.as_bytes(), &header, now).unwrap_err();
        let shown = format!("{error} {error:?}");
        let signature = header.rsplit('=').next().unwrap();
        for hidden in ["whsec", "hidden", signature] {
            assert!(!shown.contains(hidden), "{shown}");
        }
    }
}
