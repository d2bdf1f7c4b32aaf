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
        "list_events" => server
            .get("/events?events=organization.created")
            .send()
            .await
            .expect(200),
        name if name.contains("director") => directories(server, operation).await,
        other => panic!("{other} is said to be served, and nothing here calls it"),
    }
}

/// The same for directories, their users and their groups.
async fn directories(server: &TestServer, operation: &Operation) -> Reply {
    let (method, path) = (operation.method.as_str(), operation.path.as_str());
    let body = json!({"type": "gsuite directory", "users": 1, "groups": 1});
    let directory = support::directory(server, &body).await;
    let first = async |list: &str| {
        let target = format!("{list}?directory={directory}");
        server.get(&target).send().await.string("/data/0/id")
    };
    match operation.id.as_str() {
        "list_directories" => server.call(method, path).send().await.expect(200),
        "list_directory_users" | "list_directory_groups" => server
            .call(method, &format!("{path}?directory={directory}"))
            .send()
            .await
            .expect(200),
        "get_directory_user" | "get_directory_group" => {
            let list = path.trim_end_matches("/{id}");
            server
                .call(method, &path.replace("{id}", &first(list).await))
                .send()
                .await
                .expect(200)
        }
        id => {
            let status = if id == "get_directory" { 200 } else { 202 };
            server
                .call(method, &path.replace("{id}", &directory))
                .send()
                .await
                .expect(status)
        }
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
