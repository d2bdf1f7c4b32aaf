//! No operation is forgotten: each is served and tried here, or says that it is not.

use contract_tests::{
    Reply, TestServer,
    judge::{Operation, PORTAL, SERVED},
};
use insta::assert_snapshot;
use serde_json::json;

use crate::{keys::path_of, support};

/// A call that has to succeed.
async fn succeed(server: &TestServer, operation: &Operation) -> Reply {
    let (method, path) = (operation.method.as_str(), operation.path.as_str());
    let organization = json!({"organization": server.organization(), "external_user_id": "user-1"});
    match operation.id.as_str() {
        "list_organizations" | "list_portal_providers" => {
            server.call(method, path).send().await.expect(200)
        }
        "get_organization" => server
            .call(method, &path.replace("{id}", server.organization()))
            .send()
            .await
            .expect(200),
        "create_organization" => server
            .call(method, path)
            .json(&json!({"name": "Acme"}))
            .send()
            .await
            .expect(201),
        "update_organization" => server
            .call(method, &path.replace("{id}", server.organization()))
            .json(&json!({"name": "Acme"}))
            .send()
            .await
            .expect(200),
        "get_organization_by_external_id" => {
            support::organization(server, &json!({"name": "Acme", "external_id": "acme"})).await;
            server
                .call(method, &path.replace("{external_id}", "acme"))
                .send()
                .await
                .expect(200)
        }
        "delete_organization" => {
            let id = support::organization(server, &json!({"name": "Acme"})).await;
            server
                .call(method, &path.replace("{id}", &id))
                .send()
                .await
                .expect(202)
        }
        "generate_portal_link" => server
            .call(method, path)
            .json(&organization)
            .send()
            .await
            .expect(201),
        "revoke_portal_link" => server
            .call(method, path)
            .json(&organization)
            .send()
            .await
            .expect(204),
        id if id.contains("it_contact") => of_it_contacts(server, operation).await,
        id if id.contains("webhook_endpoint") => of_webhook_endpoints(server, operation).await,
        "create_organization_domain" => server
            .call(method, path)
            .json(&json!({"organization_id": server.organization(), "domain": "acme.com"}))
            .send()
            .await
            .expect(201),
        "get_organization_domain" | "delete_organization_domain" | "verify_organization_domain" => {
            let id = support::domain(server, &format!("{}.example", method.to_lowercase())).await;
            let path = path.replace("{id}", &id);
            let status = match method {
                "GET" => 200,
                "DELETE" => 204,
                _ => 201,
            };
            server.call(method, &path).send().await.expect(status)
        }
        "list_events" => server
            .call(method, &format!("{path}?events=organization.created"))
            .send()
            .await
            .expect(200),
        other => panic!("{other} is said to be served, and nothing here calls it"),
    }
}

async fn of_it_contacts(server: &TestServer, operation: &Operation) -> Reply {
    let path = operation.path.replace("{id}", server.organization());
    let contact = support::it_contact(server).await;
    let call = server.call(&operation.method, &path.replace("{contact_id}", &contact));
    match operation.id.as_str() {
        "list_it_contacts" => call.send().await.expect(200),
        "create_it_contact" => {
            let body = json!({"email": "it@example.com"});
            call.json(&body).send().await.expect(201)
        }
        "invite_it_contact" => {
            let body = json!({"intents": ["sso"]});
            call.json(&body).send().await.expect(204)
        }
        _ => call.send().await.expect(204),
    }
}

async fn of_webhook_endpoints(server: &TestServer, operation: &Operation) -> Reply {
    let endpoint = support::webhook_endpoint(server).await;
    let path = operation.path.replace("{id}", &endpoint);
    let call = server.call(&operation.method, &path);
    match operation.id.as_str() {
        "list_webhook_endpoints" => call.send().await.expect(200),
        "create_webhook_endpoint" => {
            let body = json!({"endpoint_url": "https://app.example", "events": []});
            call.json(&body).send().await.expect(201)
        }
        "update_webhook_endpoint" => {
            let body = json!({"status": "disabled"});
            call.json(&body).send().await.expect(200)
        }
        _ => call.send().await.expect(204),
    }
}

#[tokio::test]
async fn every_operation_is_served_or_says_that_it_is_not() {
    let server = TestServer::start().await;
    let mut tried = Vec::new();
    let mut refused = Vec::new();
    for operation in PORTAL.operations() {
        if SERVED.contains(&operation.id.as_str()) {
            let _ = succeed(&server, operation).await;
            tried.push(operation.id.as_str());
        } else {
            let reply = server
                .call(&operation.method, &path_of(operation))
                .send()
                .await
                .expect(501);
            assert!(reply.string("/message").contains(&operation.id), "{reply}");
            refused.push(operation.id.as_str());
        }
        let verdict = server.ledger().verdicts().pop().expect("a verdict");
        assert_eq!(
            verdict.operation,
            Some(operation),
            "the judge takes it for what it is"
        );
    }
    tried.sort_unstable();
    let mut expected = SERVED.to_vec();
    expected.sort_unstable();
    assert_eq!(
        tried, expected,
        "every name of the list is an operation of portal.json"
    );
    assert_eq!(tried.len() + refused.len(), PORTAL.operations().len());
    assert_snapshot!(server.last());
}

#[tokio::test]
async fn the_client_tells_what_is_not_served() {
    let server = TestServer::start().await;
    let error = server
        .client()
        .list_connections()
        .send()
        .await
        .expect_err("it is not served");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(501));
    assert!(error.to_string().contains("list_connections"), "{error}");
}
