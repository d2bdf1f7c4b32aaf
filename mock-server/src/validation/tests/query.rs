//! Query parameters and headers.

use super::*;

fn query(text: &str) -> Value {
    Value::Object(list(text).expect("the query is accepted").query)
}

#[test]
fn values_are_typed_by_their_schema() {
    assert_eq!(
        query("limit=10&order=asc&deep=true&ratio=0.5&before=7&other=x&count=-3"),
        json!({ "before": "7", "limit": 10, "order": "asc", "deep": true, "ratio": 0.5, "count": -3 }),
    );
    assert_eq!(query(""), json!({}));
    assert_eq!(
        query("before=a%20b+c%2Bd%26"),
        json!({ "before": "a b c+d&" })
    );
}

#[test]
fn only_canonical_integers_are_integers() {
    for text in [
        "ten", "", "+1", "%2B1", "01", "1.0", "1e1", "0x1", "%201", "1%20", "--1", "-", "-0", "1_0",
    ] {
        refused(
            list(&format!("limit={text}")),
            &["limit limit_invalid_type: limit must be an integer."],
        );
    }
}

#[test]
fn limits_hold_beyond_64_bits() {
    let nines = "9".repeat(1000);
    for limit in ["0", "101", "-1", "9223372036854775808", &nines] {
        refused(
            list(&format!("limit={limit}")),
            &["limit limit_out_of_range: limit must be between 1 and 100."],
        );
    }
    refused(
        list("count=9223372036854775808"),
        &["count count_out_of_range: count must be an integer of at most 64 bits."],
    );
    assert_eq!(
        query("count=9223372036854775807"),
        json!({ "count": i64::MAX })
    );
}

#[test]
fn lists_have_three_spellings() {
    let expected = json!({ "events": ["a.b", "c"] });
    for text in [
        "events=a.b,c",
        "events=a.b%2Cc",
        "events=a.b&events=c",
        "events[]=a.b&events[]=c",
        "events%5B%5D=a.b&events=c",
    ] {
        assert_eq!(query(text), expected, "{text}");
    }
    assert_eq!(query("events=a"), json!({ "events": ["a"] }));
    assert_eq!(query("events="), json!({ "events": [] }));
    assert_eq!(query("sizes=1,2&sizes[]=3"), json!({ "sizes": [1, 2, 3] }));
}

#[test]
fn items_are_checked() {
    refused(
        list("kinds=red,purple&sizes=1,x,3,4"),
        &[
            "kinds kinds_invalid_value: Each value of kinds must be one of red, green, blue.",
            "sizes sizes_too_many: sizes must have at most 3 items.",
            "sizes sizes_invalid_type: Each value of sizes must be an integer.",
        ],
    );
}

#[test]
fn a_repeated_single_value_is_refused() {
    refused(
        list("limit=1&limit=1&order=up"),
        &[
            "limit limit_duplicate: limit must be given only once.",
            "order order_invalid_value: order must be one of normal, desc, asc.",
        ],
    );
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    refused(
        list("before=%FF&unknown=%FF&%FF=1&deep=perhaps"),
        &[
            "before before_invalid_format: before must be text in UTF-8.",
            "deep deep_invalid_type: deep must be true or false.",
        ],
    );
    assert_eq!(
        query("before=100%&deep=false"),
        json!({ "before": "100%", "deep": false })
    );
}

#[test]
fn old_names_of_parameters() {
    let input = list("old_before=x").unwrap();
    assert_eq!(Value::Object(input.query), json!({ "before": "x" }));
    assert_eq!(input.warnings, ["old_before is an old name; use before."]);
    let input = list("old_before=x&before=y").unwrap();
    assert_eq!(Value::Object(input.query), json!({ "before": "y" }));
}

#[test]
fn headers() {
    let plan = test_plan("GET", "/things");
    let check = |values: &[&[u8]]| {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(
                "idempotency-key",
                axum::http::HeaderValue::from_bytes(value).unwrap(),
            );
        }
        plan.check(no_path(), None, &headers, None)
    };
    let input = check(&[b"abc"]).unwrap();
    assert_eq!(
        Value::Object(input.headers),
        json!({ "Idempotency-Key": "abc" })
    );
    let code = "Idempotency-Key idempotency_key";
    refused(
        check(&[b"123456789"]),
        &[&format!(
            "{code}_too_long: Idempotency-Key must have at most 8 characters."
        )],
    );
    refused(
        check(&[b"\xff"]),
        &[&format!(
            "{code}_invalid_format: Idempotency-Key must be text in UTF-8."
        )],
    );
    refused(
        check(&[b"a", b"b"]),
        &[&format!(
            "{code}_duplicate: Idempotency-Key must be given only once."
        )],
    );
}
