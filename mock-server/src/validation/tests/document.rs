//! The real contract.

use super::*;

#[test]
fn every_operation_compiles() {
    for operation in Operation::ALL {
        assert!(plan(operation).root.is_object(), "{}", operation.id());
    }
}

#[test]
fn every_operation_of_the_document_has_a_variant() {
    let paths = document()["paths"].as_object().unwrap();
    let declared: Vec<&str> = paths
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .filter_map(|operation| operation["operationId"].as_str())
        .collect();
    assert_eq!(Operation::ALL.map(Operation::id).as_slice(), declared);
    for operation in Operation::ALL {
        let method = operation.method().as_str().to_lowercase();
        let declared = &paths[operation.path()][&method];
        assert_eq!(declared["operationId"], operation.id());
        assert_eq!(
            declared.get("requestBody").is_some(),
            operation.takes_body()
        );
    }
}

/// Whether this names a rule.
fn is_a_rule(name: &Value) -> bool {
    use super::violation::Rule;
    Rule::ALL.iter().any(|rule| name == rule.name())
}

#[test]
fn every_special_answer_is_complete() {
    fn visit(value: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(answer) = members.get("x-violation") {
                    let status = answer["status"].as_u64().expect("a status");
                    assert!((400..500).contains(&status), "{answer}");
                    assert!(
                        answer["code"].is_string() && answer["message"].is_string(),
                        "{answer}"
                    );
                    for rule in answer["rules"].as_array().into_iter().flatten() {
                        assert!(is_a_rule(rule), "{answer}");
                    }
                }
                if let Some(codes) = members.get("x-violation-code") {
                    for (rule, code) in codes.as_object().expect("codes by rule") {
                        assert!(is_a_rule(&json!(rule)) && code.is_string(), "{codes}");
                    }
                }
                members.values().for_each(visit);
            }
            Value::Array(items) => items.iter().for_each(visit),
            _ => {}
        }
    }
    visit(document());
}

#[test]
fn every_pattern_of_a_request_is_put_into_words() {
    fn visit(value: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(pattern) = members.get("pattern").and_then(Value::as_str) {
                    let words = message::matching(pattern);
                    assert!(
                        !words.contains(pattern),
                        "`message::PATTERNS` lacks {pattern}"
                    );
                }
                members.values().for_each(visit);
            }
            Value::Array(items) => items.iter().for_each(visit),
            _ => {}
        }
    }
    visit(document());
}

#[test]
fn addresses_of_a_link() {
    let link = |address: &str| {
        let body = json!({ "organization": "org_1", "return_url": address });
        validate(
            Operation::GeneratePortalLink,
            no_path(),
            None,
            &HeaderMap::new(),
            Some(body),
        )
    };
    for address in [
        "http://localhost:3000/back?x=1",
        "https://example.com",
        "HTTPS://example.com/",
    ] {
        link(address).unwrap();
    }
    let sentence = "return_url return_url_invalid_format: return_url must be an absolute http or https URL without a user name.";
    for address in [
        "javascript:alert(1)",
        "/back",
        "https://me:secret@example.com",
        "ftp://example.com",
        "https://",
    ] {
        refused(link(address), &[sentence]);
    }
    for address in [
        "https://exam ple.com/",
        "https://example.com:99999",
        "https://[::1",
    ] {
        refused(
            link(address),
            &[
                "return_url return_url_invalid_format: return_url must be an absolute URL, such as https://example.com/path.",
            ],
        );
    }
}

#[test]
fn a_link_without_an_organization() {
    let link = |body| {
        validate(
            Operation::GeneratePortalLink,
            no_path(),
            None,
            &HeaderMap::new(),
            body,
        )
    };
    refused(
        link(None),
        &["organization organization_required: organization is required."],
    );
    let rejection = link(Some(json!({ "organization": "org_1", "intent": "ssso" }))).unwrap_err();
    assert_eq!(rejection.errors[0].code, "intent_invalid_value");
    assert!(rejection.errors[0].message.ends_with("Did you mean sso?"));
    let accepted = json!({ "organization": "org_1", "intent": "sso", "surprise": 1 });
    assert_eq!(body(link(Some(accepted.clone()))), accepted);
}
