//! Every rule of the body, with its sentence.

use super::*;

#[test]
fn required() {
    refused(
        put(json!({})),
        &[
            "name name_required: name is required.",
            "contacts contacts_required: contacts is required.",
        ],
    );
    refused(
        put_with(json!({ "parts": [{ "label": "x" }, {}] })),
        &["parts.1.label parts_label_required: parts.1.label is required."],
    );
}

#[test]
fn types() {
    refused(
        put_with(json!({
            "name": 5, "kind": 5, "parts": "x", "maker": 5, "count": 2.5, "weight": "heavy", "metadata": 5, "mixed": [],
        })),
        &[
            "name name_invalid_type: name must be a string.",
            "kind kind_invalid_type: kind must be a string.",
            "parts parts_invalid_type: parts must be a list.",
            "maker maker_invalid_type: maker must be an object.",
            "weight weight_invalid_type: weight must be a number.",
            "count count_invalid_type: count must be an integer.",
            "metadata metadata_invalid_type: metadata must be an object.",
            "mixed mixed_invalid_type: mixed must be a string or an integer.",
        ],
    );
    refused(
        put_with(json!({ "parts": [{ "label": "x", "isHidden": "no" }] })),
        &["parts.0.isHidden parts_is_hidden_invalid_type: parts.0.isHidden must be true or false."],
    );
}

#[test]
fn enumerations() {
    refused(
        put_with(json!({ "kind": "purple", "provider": "Acme", "version": "v2" })),
        &[
            "kind kind_invalid_value: kind must be one of red, green, blue.",
            "provider provider_invalid_value: provider must be one of OneSAML, TwoSAML, ThreeSAML, FourSAML, FiveSAML, SixSAML, … (13 in all).",
            "version version_invalid_value: version must be v1.",
        ],
    );
    refused(
        put_with(json!({ "provider": "GoogleOauht" })),
        &[
            "provider provider_invalid_value: provider must be one of OneSAML, TwoSAML, ThreeSAML, FourSAML, FiveSAML, SixSAML, … (13 in all). Did you mean GoogleOAuth?",
        ],
    );
}

#[test]
fn lengths_and_counts() {
    refused(
        put(json!({ "name": "", "contacts": [], "closed": {} })),
        &[
            "name name_too_short: name must not be empty.",
            "contacts contacts_too_few: contacts must have at least 1 item.",
            "closed closed_too_few: closed must have at least 1 member.",
        ],
    );
    refused(
        put(json!({ "name": "12345678901", "contacts": ["a@b.co", "a@b.cd", "a@b.ce", "a@b.cf"] })),
        &[
            "name name_too_long: name must have at most 10 characters.",
            "contacts contacts_too_many: contacts must have at most 3 items.",
        ],
    );
}

#[test]
fn lengths_count_characters() {
    put_with(json!({ "name": "ééééé€€€€€" })).unwrap();
}

#[test]
fn formats() {
    refused(
        put_with(json!({
            "contacts": ["a@b.co", "nobody"], "url": "/relative", "host": "-x-", "at": "yesterday", "slug": "No!",
        })),
        &[
            "contacts.1 contacts_invalid_email: contacts.1 must be an e-mail address.",
            "url url_invalid_format: url must be an absolute URL, such as https://example.com/path.",
            "host host_invalid_format: host must be a host name, such as example.com.",
            "at at_invalid_format: at must be a date and time, such as 2030-01-31T12:00:00Z.",
            "slug slug_invalid_format: slug must match the pattern ^[a-z]+$.",
        ],
    );
    refused(
        put_with(json!({ "url": "" })),
        &["url url_too_short: url must not be empty."],
    );
}

#[test]
fn dates_that_no_clock_can_show_are_refused() {
    for at in [
        "2030-02-30T00:00:00Z",
        "2030-01-01T25:00:00Z",
        "2030-01-01 00:00:00Z",
        "2030-01-01T00:00:00",
        "2030-01-01T00:00:00.Z",
        "2030-01-01T00:00:00+0100",
        "2030-01-01T00:00:00Z[UTC]",
        "12030-01-01T00:00:00Z",
        "2030-01-01T00:00:0é",
        "2030-01-01T00:00:00+99:00",
    ] {
        let lines = lines(put_with(json!({ "at": at })));
        assert!(
            lines[0].starts_with("at at_invalid_format"),
            "{at}: {lines:?}"
        );
    }
    for at in [
        "2030-01-01T00:00:00Z",
        "2030-01-01t00:00:00.123z",
        "2030-01-01T00:00:00-07:00",
    ] {
        put_with(json!({ "at": at })).unwrap();
    }
}

#[test]
fn ranges() {
    refused(
        put_with(json!({ "weight": -0.5, "count": 1 })),
        &[
            "weight weight_out_of_range: weight must be greater than 0.",
            "count count_out_of_range: count must be at least 2.",
        ],
    );
    refused(
        put_with(json!({ "weight": 9.25 })),
        &[
            "weight weight_out_of_range: weight must be a multiple of 0.5.",
            "weight weight_out_of_range: weight must be less than 9.",
        ],
    );
}

#[test]
fn duplicates() {
    refused(
        put_with(json!({ "contacts": ["a@b.co", "a@b.co"] })),
        &["contacts contacts_duplicate: contacts must not have the same item twice."],
    );
}

#[test]
fn closed_objects() {
    refused(
        put_with(
            json!({ "closed": { "a": "x", "b": 1, "c": 2 }, "labels": { "fine": "x", "ok": "long" } }),
        ),
        &[
            "closed.b closed_unknown: closed.b is not accepted here.",
            "closed.c closed_unknown: closed.c is not accepted here.",
            "labels.fine labels_unknown: labels.fine is not accepted here.",
            "labels.ok labels_too_long: labels.ok must have at most 3 characters.",
        ],
    );
}

#[test]
fn names_of_members_are_shortened() {
    let name = "é".repeat(5000);
    let lines = lines(put_with(json!({ "closed": { "a": "x", name: 1 } })));
    let short = "é".repeat(40);
    assert_eq!(
        lines,
        [format!(
            "closed.{short}… closed_unknown: closed.{short}… is not accepted here."
        )]
    );
}

#[test]
fn alternatives() {
    refused(
        put_with(
            json!({ "maker": {}, "choice": { "type": "oidc" }, "either": {}, "mixed": "abc" }),
        ),
        &[
            "maker.label maker_label_required: maker.label is required.",
            "choice.oidc choice_oidc_required: choice.oidc is required.",
            "either.left either_left_required: either.left is required, or else right.",
            "mixed mixed_too_long: mixed must have at most 2 characters.",
        ],
    );
    refused(
        put_with(json!({ "choice": { "type": "smtp", "saml": "x" } })),
        &["choice.type choice_type_invalid_value: choice.type must be saml."],
    );
    refused(
        put_with(json!({ "choice": { "type": "smtp" } })),
        &["choice choice_invalid_value: choice has none of the accepted forms."],
    );
    refused(
        put_with(json!({ "choice": "saml" })),
        &["choice choice_invalid_type: choice must be an object."],
    );
}

#[test]
fn path_parameters() {
    let plan = test_plan("DELETE", "/things/{thingId}");
    let path = [("thingId", "other_1")];
    refused(
        plan.check(&path, None, &HeaderMap::new(), None),
        &["thingId thing_id_invalid_format: thingId must match the pattern ^thing_."],
    );
    let input = plan
        .check(&[("thingId", "thing_a/b")], None, &HeaderMap::new(), None)
        .unwrap();
    assert_eq!(Value::Object(input.path), json!({ "thingId": "thing_a/b" }));
    assert_eq!(input.body, None);
}

#[test]
fn no_value_is_repeated() {
    let secret = "sk_live_verysecret";
    let rejection = put(json!({
        "name": secret, "kind": secret, "contacts": [secret, secret], "url": secret, "host": "sk_live_verysecret!",
        "at": secret, "slug": secret, "weight": secret, "version": secret, "mixed": secret, "maker": secret,
        "choice": { "type": secret }, "labels": { "ok": secret }, "provider": secret,
    }))
    .unwrap_err();
    assert!(rejection.errors.len() > 10);
    assert!(
        !format!("{rejection:?}").contains("verysecret"),
        "{rejection:?}"
    );
}
