//! Requests made from the contract: what it refuses is refused, and what it accepts is not refused for its form.

use contract_tests::{
    TestServer,
    judge::{Operation, PORTAL, takes_body},
};
use serde_json::{Map, Value, json};

use crate::support::{self, it_contact, webhook_endpoint};

/// A body that is accepted.
fn good(operation: &Operation) -> Map<String, Value> {
    let body = match operation.id.as_str() {
        "create_organization" => json!({"name": "Acme"}),
        "update_organization" | "update_connection" | "update_webhook_endpoint" => json!({}),
        "create_organization_domain" => {
            json!({"organization_id": "org_test_idp", "domain": "acme.example"})
        }
        "create_connection" => json!({"organization_id": "org_test_idp", "oidc_options": {
            "discovery_endpoint": "https://idp.example/", "client_id": "id", "client_secret": "secret",
        }}),
        "create_saml_idp_signing_certificate" => json!({"value": support::CERTIFICATE}),
        "generate_portal_link" => json!({"organization": "org_test_idp"}),
        "revoke_portal_link" => {
            json!({"organization": "org_test_idp", "external_user_id": "user-1"})
        }
        "create_audit_log_schema" => json!({"targets": [{"type": "team"}]}),
        "create_audit_log_event" => json!({
            "organization_id": "org_test_idp",
            "event": {
                "action": "user.signed_in",
                "occurred_at": "2026-01-01T00:00:00.000Z",
                "actor": {"id": "user_1", "type": "user"},
                "targets": [{"id": "team_1", "type": "team"}],
                "context": {"location": "1.1.1.1"},
            },
        }),
        "create_audit_log_export" => json!({
            "organization_id": "org_test_idp",
            "range_start": "2026-01-01T00:00:00.000Z",
            "range_end": "2026-01-01T00:00:00.000Z",
        }),
        "update_audit_log_retention" => json!({"retention_period": "1_YEAR"}),
        "create_it_contact" => json!({"email": "contact@acme.example"}),
        "create_webhook_endpoint" => {
            json!({"endpoint_url": "https://app.example/", "events": []})
        }
        "invite_it_contact" => json!({"intents": ["sso"]}),
        other => panic!("{other} takes a body, and nothing here has one for it"),
    };
    body.as_object().expect("an object").clone()
}

/// Values of every kind, at the edges of what documents say.
fn values() -> Vec<Value> {
    let strings = [
        "",
        " ",
        "a",
        "ä",
        "😀",
        "\u{0}",
        "null",
        "0",
        "sso",
        "verified",
        "GoogleSAML",
        "it@acme.example",
        "org_test_idp",
        "acme.example",
        "https://app.example/",
        "http://[::1]:8080/?a#b",
        "javascript:alert(1)",
        "../..",
        "' OR 1=1 --",
        "<script>",
        "{{7*7}}",
        "\r\nX: y",
    ];
    let mut values: Vec<Value> = strings.map(Value::from).to_vec();
    for length in [40, 41, 128, 129, 253, 254, 600, 601, 5_000] {
        values.push(json!("x".repeat(length)));
    }
    values.extend([
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!({}),
        json!([]),
    ]);
    values.extend([
        json!([null]),
        json!([[]]),
        json!([{}]),
        json!(["a"]),
        json!([1]),
        json!(["acme.example", "acme.example"]),
        json!(["it@acme.example"]),
    ]);
    values.extend([
        json!({"a": "b"}),
        json!({"": ""}),
        json!({"a": null}),
        json!({"a": 1}),
        json!({"sso": {}}),
        json!({"sso": {"provider_type": "GoogleSAML"}}),
    ]);
    values.push(json!([{"domain": "acme.example", "state": "pending"}]));
    values.push(json!([{"domain": "acme.example", "state": "lost"}]));
    for count in [20, 21, 50, 51, 200] {
        values.push(json!(
            (0..count)
                .map(|number| format!("it{number}@acme.example"))
                .collect::<Vec<_>>()
        ));
        values.push(Value::Object(
            (0..count)
                .map(|number| (format!("key{number}"), json!("x")))
                .collect(),
        ));
    }
    values
}

#[tokio::test]
async fn every_member_of_every_request_with_values_of_every_kind() {
    let server = TestServer::start().await;
    let connection = support::connection(&server, &json!({})).await;
    let (mut accepted, mut refused) = (0, 0);
    for operation in PORTAL
        .operations()
        .iter()
        .filter(|operation| takes_body(operation))
    {
        let path = path_of(&server, operation, &connection).await;
        for member in members(operation) {
            for value in values() {
                let mut body = good(operation);
                body.insert(member.clone(), value);
                let body = Value::Object(body);
                let reply = server
                    .call(&operation.method, &path)
                    .json(&body)
                    .send()
                    .await;
                let told = || {
                    format!(
                        "{} with {}: {reply}",
                        operation.id,
                        body.to_string().chars().take(300).collect::<String>()
                    )
                };
                if body.to_string().contains("\\u0000") {
                    // Wherever it stands, the body is not even read.
                    let outcome = (reply.status, reply.string("/code"));
                    assert_eq!(outcome, (400, "invalid_json".to_owned()), "{}", told());
                } else if PORTAL.accepts(operation, &body) {
                    accepted += 1;
                    assert!(
                        reply.status < 300 || is_a_rule_of_the_domain(&reply.json(), &member),
                        "accepted by the contract: {}",
                        told()
                    );
                } else {
                    refused += 1;
                    assert!(
                        is_about(&reply.json(), &member),
                        "refused by the contract: {}",
                        told()
                    );
                    assert!(
                        [400, 422].contains(&reply.status),
                        "refused by the contract: {}",
                        told()
                    );
                }
            }
        }
    }
    assert!(
        accepted > 300 && refused > 300,
        "{accepted} accepted, {refused} refused"
    );
}

/// The path of the operation, with what is there in the place of its parameters.
async fn path_of(server: &TestServer, operation: &Operation, connection: &str) -> String {
    let id = if operation.path.starts_with("/connections/") {
        connection
    } else {
        server.organization()
    };
    let path = operation.path.replace("{id}", id);
    let path = path.replace("{actionName}", "user.signed_in");
    match operation.id.as_str() {
        "update_webhook_endpoint" => operation
            .path
            .replace("{id}", &webhook_endpoint(server).await),
        "invite_it_contact" => path.replace("{contact_id}", &it_contact(server).await),
        _ => path,
    }
}

/// The members that the contract declares for the body of a request.
fn members(operation: &Operation) -> Vec<String> {
    let declared =
        &PORTAL.root()["paths"][operation.path.as_str()][operation.method.to_lowercase().as_str()];
    let schema = &declared["requestBody"]["content"]["application/json"]["schema"];
    let reference = schema["$ref"].as_str().expect("a named body");
    let schema = PORTAL.root().pointer(&reference[1..]).expect("its schema");
    schema["properties"]
        .as_object()
        .expect("members")
        .keys()
        .cloned()
        .collect()
}

/// Whether an error names the member, in its list or by its code.
fn is_about(error: &Value, member: &str) -> bool {
    let code = error["code"].as_str().unwrap_or_default();
    let fields = error["errors"].as_array();
    let named = fields.is_some_and(|fields| {
        fields.iter().all(|one| {
            one["field"]
                .as_str()
                .is_some_and(|field| field == member || field.starts_with(&format!("{member}.")))
        })
    });
    // Exports tell their violations as sentences, each of which begins with the member.
    let sentences = error["message"].as_array();
    let begun = sentences.is_some_and(|sentences| {
        sentences.iter().all(|one| {
            one.as_str().is_some_and(|text| {
                text.starts_with(&format!("{member} ")) || text.starts_with(&format!("{member}."))
            })
        })
    });
    named || begun || code.contains(member) || (code == "invalid_url" && member == "endpoint_url")
}

/// Whether an error is for what no schema can say: that there is no such thing, that another has it, that a name is no domain's.
fn is_a_rule_of_the_domain(error: &Value, member: &str) -> bool {
    // What an old name says is answered under the new one.
    let member = if member == "admin_emails" {
        "it_contact_emails"
    } else {
        member
    };
    match error["code"].as_str() {
        // A good address is another endpoint's by then, whatever else the request says.
        Some("duplicate_endpoint") => true,
        Some("invalid_url") => member == "endpoint_url",
        Some("it_contact_already_exists") => member == "email",
        Some("organization_not_found" | "entity_not_found") => {
            ["organization", "organization_id"].contains(&member)
        }
        Some(
            "both_saml_and_oidc_options_provided"
            | "connection_type_conflicts_with_options"
            | "connection_type_not_supported"
            | "connection_type_not_updatable"
            | "connection_type_or_options_required",
        ) => ["connection_type", "saml_options", "oidc_options"].contains(&member),
        Some("invalid_certificate") => member == "value",
        Some("domain_already_exists") => ["organization_id", "domain"].contains(&member),
        Some("external_id_already_used" | "external_id_already_in_use") => member == "external_id",
        Some("invalid_audit_log_export_range_date") => member.starts_with("range_"),
        Some("invalid_request_parameters") => {
            [
                "domains",
                "domain_data",
                "return_url",
                "success_url",
                "retention_period",
                "metadata",
                "it_contact_emails",
                "domain",
            ]
            .contains(&member)
                && is_about(error, member)
        }
        _ => false,
    }
}
