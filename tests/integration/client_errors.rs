//! What the generated client makes of refusals.

use std::collections::BTreeSet;

use contract_tests::TestServer;
use serde_json::{Value, json};
use workos_portal::types::PortalIntent;
use workos_portal::{Error, codes};

use crate::support::domain;

/// Every code that the contract fixes.
fn documented(value: &Value, codes: &mut BTreeSet<String>) {
    if let Some(code) = value.pointer("/properties/code") {
        let listed = code["enum"].as_array().into_iter().flatten();
        let texts = listed.chain(code.get("const")).filter_map(Value::as_str);
        codes.extend(texts.map(str::to_owned));
    }
    match value {
        Value::Object(members) => members.values().for_each(|one| documented(one, codes)),
        Value::Array(items) => items.iter().for_each(|one| documented(one, codes)),
        _ => {}
    }
}

#[test]
pub(crate) fn every_documented_code_has_a_name() {
    let contract = include_str!("../../openapi/portal.json");
    let contract: Value = serde_json::from_str(contract).expect("the contract");
    let mut found = BTreeSet::new();
    documented(&contract["components"]["schemas"], &mut found);
    let named: BTreeSet<String> = codes::ALL.iter().map(|&code| code.to_owned()).collect();
    assert_eq!(named.len(), codes::ALL.len(), "a code has two names");
    let without: Vec<_> = found.difference(&named).collect();
    assert!(without.is_empty(), "{without:?}");
    // The contract leaves these open, since they are not the only ones of their answers.
    let beyond: Vec<_> = named.difference(&found).map(String::as_str).collect();
    assert_eq!(
        beyond,
        [
            "entity_not_found",
            "invalid_audit_log_export_range_date",
            "rate_limit_exceeded"
        ]
    );
}

#[tokio::test]
pub(crate) async fn an_organization_that_is_not_there() {
    let server = TestServer::start().await;
    let client = server.client();
    let link = client
        .generate_portal_link()
        .body_map(|body| body.organization("org_x").intent(PortalIntent::Sso));
    let error = link.send().await.expect_err("there is none");
    assert!(error.is_organization_not_found(), "{error:?}");
    let read = client.get_organization().id("org_x").send().await;
    assert!(read.expect_err("there is none").is_organization_not_found());
    let other = client.get_connection().id("conn_x").send().await;
    let other = other.expect_err("there is none");
    assert!(matches!(other, Error::NotFound(_)) && !other.is_organization_not_found());
}

#[tokio::test]
pub(crate) async fn each_refusal_has_its_variant() {
    let server = TestServer::start().await;
    let client = server.client();

    let error = server
        .client_with("sk_test_wrong")
        .list_organizations()
        .send()
        .await;
    let error = error.expect_err("a wrong key");
    assert!(matches!(error, Error::Unauthorized(_)), "{error:?}");
    assert!(error.request_id().is_some());

    let nameless = client.create_organization().body_map(|body| body.name(""));
    let error = nameless.send().await.expect_err("a name is needed");
    let Error::Validation { errors, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(errors[0].field.as_deref(), Some("name"));
    assert!(error.has_code(codes::INVALID_REQUEST_PARAMETERS));

    domain(&server, "acme.example").await;
    let again = client
        .create_organization_domain()
        .body_map(|body| {
            body.organization_id(server.organization())
                .domain("acme.example")
        })
        .send()
        .await;
    let error = again.expect_err("it is there");
    let Error::Conflict { code, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(code.as_deref(), Some(codes::DOMAIN_ALREADY_EXISTS));
    assert!(error.is_already_there() && !error.is_retryable());

    for (status, retryable) in [(403, false), (429, true), (500, true), (503, true)] {
        let fault =
            json!({"method": "GET", "path": "/organizations", "status": status, "retry_after": 9});
        let _ = server
            .post("/_mock/faults", &fault)
            .send()
            .await
            .expect(201);
        let error = client.list_organizations().send().await;
        let error = error.expect_err("it was asked for");
        assert_eq!(error.is_retryable(), retryable, "{error:?}");
        match (status, &error) {
            (403, Error::Forbidden(_)) | (500 | 503, Error::Server(_)) => {}
            (429, Error::RateLimited { retry_after, .. }) => {
                assert_eq!(retry_after.map(|wait| wait.as_secs()), Some(9));
            }
            _ => panic!("{error:?}"),
        }
    }
}
