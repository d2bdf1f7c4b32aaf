//! No operation is forgotten: each is served and tried here, or says that it is not.

use contract_tests::{
    Reply, TestServer,
    judge::{Operation, PORTAL},
};
use serde_json::json;

use crate::support;

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
        "list_connections" => server.call(method, path).send().await.expect(200),
        "create_connection" => server
            .call(method, path)
            .json(&json!({
                "organization_id": server.organization(),
                "saml_options": {"idp_metadata_url": "https://idp.example/metadata"},
            }))
            .send()
            .await
            .expect(201),
        "get_connection" | "update_connection" | "delete_connection" => {
            let id = support::connection(server, &json!({})).await;
            let call = server.call(method, &path.replace("{id}", &id));
            match method {
                "GET" => call.send().await.expect(200),
                "PATCH" => call.json(&json!({"name": "Acme"})).send().await.expect(200),
                _ => call.send().await.expect(204),
            }
        }
        id if id.contains("_saml_") => certificate(server, operation).await,
        "list_events" => server
            .call(method, &format!("{path}?events=organization.created"))
            .send()
            .await
            .expect(200),
        id if id.contains("audit_log") => audit_log(server, operation).await,
        name if name.contains("director") => directories(server, operation).await,
        other => panic!("nothing here calls {other}"),
    }
}

/// The same for audit logs, whose operations need an action and an export.
async fn audit_log(server: &TestServer, operation: &Operation) -> Reply {
    let organization = server.organization();
    let schema = json!({"targets": [{"type": "team"}]});
    let schemas = "/audit_logs/actions/user.signed_in/schemas";
    let _ = server.post(schemas, &schema).send().await.expect(201);
    let range = server.now().to_string();
    let export = json!({"organization_id": organization, "range_start": range, "range_end": range});
    let made = server.post("/audit_logs/exports", &export).send().await;
    let made = made.expect(201);
    let path = operation
        .path
        .replace("{actionName}", "user.signed_in")
        .replace("{id}", organization)
        .replace("{auditLogExportId}", &made.string("/id"));
    let call = server.call(&operation.method, &path);
    match operation.id.as_str() {
        "create_audit_log_schema" => call.json(&schema).send().await.expect(201),
        "create_audit_log_export" => call.json(&export).send().await.expect(201),
        "create_audit_log_event" => {
            let event = json!({
                "action": "user.signed_in",
                "occurred_at": range,
                "actor": {"id": "user_1", "type": "user"},
                "targets": [{"id": "team_1", "type": "team"}],
                "context": {"location": "1.1.1.1"},
            });
            let body = json!({"organization_id": organization, "event": event});
            call.json(&body).send().await.expect(200)
        }
        "update_audit_log_retention" => {
            let body = json!({"retention_period": "1_YEAR"});
            call.json(&body).send().await.expect(200)
        }
        _ => call.send().await.expect(200),
    }
}

/// The same for the certificates of a connection.
async fn certificate(server: &TestServer, operation: &Operation) -> Reply {
    let connection = support::connection(server, &json!({})).await;
    let path = operation.path.replace("{id}", &connection);
    let list = path.replace("/{certificate_id}", "");
    let call = server.call(&operation.method, &list);
    match operation.method.as_str() {
        "GET" => call.send().await.expect(200),
        "POST" if list.contains("idp") => {
            let body = json!({"value": support::CERTIFICATE});
            call.json(&body).send().await.expect(201)
        }
        "POST" if list.contains("encryption") => call.send().await.expect(201),
        _ => {
            // There is one of each from the start, which is in the way or has to stay.
            let present = server.get(&list).send().await.expect(200).json();
            let id = present.pointer("/data/0/id").or(present.get("id"));
            let mut id = id.and_then(|id| id.as_str()).expect("an id").to_owned();
            if list.contains("idp") {
                let body = json!({"value": support::CERTIFICATE});
                id = server.post(&list, &body).send().await.string("/id");
            }
            let delete = server.delete(&format!("{list}/{id}")).send().await;
            match operation.method.as_str() {
                "DELETE" => delete.expect(204),
                _ => server.call("POST", &list).send().await.expect(201),
            }
        }
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

/// The same for IT contacts.
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
async fn every_operation_is_served() {
    let server = TestServer::start().await;
    for operation in PORTAL.operations() {
        let _ = succeed(&server, operation).await;
        let verdict = server.ledger().verdicts().pop().expect("a verdict");
        assert_eq!(
            verdict.operation,
            Some(operation),
            "the judge takes it for what it is"
        );
    }
}
