//! Members of bodies that are accepted in more than one form.

use super::*;

#[test]
fn a_missing_body_is_an_empty_one() {
    let path = [("thingId", "thing_1")];
    let touch = test_plan("POST", "/things/{thingId}");
    let input = touch.check(&path, None, &HeaderMap::new(), None).unwrap();
    assert_eq!(input.body, Some(json!({})));
    let replace = test_plan("PUT", "/things/{thingId}");
    refused(
        replace.check(&path, None, &HeaderMap::new(), None),
        &[
            "name name_required: name is required.",
            "contacts contacts_required: contacts is required.",
        ],
    );
}

#[test]
fn a_body_is_an_object() {
    for other in [json!(null), json!([]), json!("{}"), json!(1)] {
        refused(
            put(other),
            &["body body_invalid_type: The body must be a JSON object."],
        );
    }
}

#[test]
fn unknown_members_are_accepted() {
    let given = json!({ "name": "a", "contacts": ["a@b.co"], "surprise": { "deep": [1] } });
    assert_eq!(body(put(given.clone())), given);
}

#[test]
fn null_means_left_out_unless_it_clears() {
    let accepted = put_with(json!({
        "kind": null, "maker": null, "external_id": null, "must_be_null_or_text": null, "metadata": null, "unknown": null,
        "parts": [{ "label": "x", "isHidden": null }],
    }));
    assert_eq!(
        body(accepted),
        json!({
            "name": "a", "contacts": ["a@b.co"], "external_id": null, "metadata": null, "unknown": null,
            "parts": [{ "label": "x" }],
        }),
    );
    refused(
        put_with(json!({ "name": null })),
        &["name name_invalid_type: name must be a string."],
    );
}

#[test]
fn old_names_stand_in_for_new_ones() {
    let input = put(json!({ "name": "a", "old_contacts": ["not checked as an address"] })).unwrap();
    assert_eq!(
        input.body,
        Some(json!({ "name": "a", "contacts": ["not checked as an address"] }))
    );
    assert_eq!(
        input.warnings,
        ["old_contacts is an old name; use contacts."]
    );

    let input = put_with(json!({ "old_contacts": ["x"] })).unwrap();
    assert_eq!(
        input.body,
        Some(json!({ "name": "a", "contacts": ["a@b.co"] }))
    );
    assert_eq!(input.warnings.len(), 1);

    let input = put_with(json!({ "old_contacts": null })).unwrap();
    assert_eq!(
        input.body,
        Some(json!({ "name": "a", "contacts": ["a@b.co"] }))
    );
    assert_eq!(input.warnings.len(), 0);
}

#[test]
fn old_names_are_checked_by_their_own_schema() {
    refused(
        put(json!({ "name": "a", "old_contacts": [1] })),
        &["old_contacts.0 old_contacts_invalid_type: old_contacts.0 must be a string."],
    );
    refused(
        put(json!({ "name": "a", "old_contacts": null })),
        &["contacts contacts_required: contacts is required."],
    );
}

#[test]
fn deprecated_members_are_warned_about() {
    let input = put_with(json!({ "legacy": "x" })).unwrap();
    assert_eq!(input.warnings, ["legacy is deprecated."]);
}

#[test]
fn integers_written_as_floats_are_integers() {
    let accepted = body(put_with(json!({ "count": 5.0, "weight": 5.0 })));
    assert!(accepted["count"].is_i64());
    assert!(accepted["weight"].is_f64());
    let number: Value = serde_json::from_str("1e300").unwrap();
    refused(
        put_with(json!({ "count": number, "slug": "!" })),
        &[
            "slug slug_invalid_format: slug must match the pattern ^[a-z]+$.",
            "count count_out_of_range: count must be an integer of at most 64 bits.",
        ],
    );
    refused(
        put_with(json!({ "count": u64::MAX })),
        &["count count_out_of_range: count must be an integer of at most 64 bits."],
    );
}
