//! `import_organizations`, `offboard_customer`, `it_contacts` and `organization_domains`.

use contract_tests::TestServer;
use insta::assert_snapshot;
use serde_json::json;

use super::{note, said};
use crate::it_contacts::outbox;
use crate::support::{connection, directory};
use import_organizations::{CUSTOMERS, Customer};

#[path = "../../../client/examples/import_organizations.rs"]
#[expect(dead_code, reason = "the example's `main` is not run here")]
mod import_organizations;

#[path = "../../../client/examples/offboard_customer.rs"]
#[expect(dead_code, reason = "the example's `main` is not run here")]
mod offboard_customer;

#[path = "../../../client/examples/it_contacts.rs"]
#[expect(dead_code, reason = "the example's `main` is not run here")]
mod it_contacts;

#[path = "../../../client/examples/organization_domains.rs"]
#[expect(dead_code, reason = "the example's `main` is not run here")]
mod organization_domains;

#[tokio::test]
pub(crate) async fn customers_are_imported_once() {
    let (server, mut out) = (TestServer::start().await, Vec::new());
    let client = server.client();
    // A number of somebody else's stays.
    let other = json!({"name": "Other", "external_id": "crm-7"});
    let _ = server
        .post("/organizations", &other)
        .send()
        .await
        .expect(201);

    let first = import_organizations::run(&client, &CUSTOMERS, &mut out).await;
    first.expect("they are created");
    note(&mut out, "again");
    let again = import_organizations::run(&client, &CUSTOMERS, &mut out).await;
    again.expect("they are there");
    note(
        &mut out,
        "one has another plan, the other is no customer any more",
    );
    let grown = Customer {
        plan: "team",
        ..CUSTOMERS[0]
    };
    let changed = import_organizations::run(&client, &[grown], &mut out).await;
    changed.expect("they are changed");
    assert_snapshot!(said(out));

    let list = server.get("/organizations?limit=100").send().await.json();
    let told: Vec<_> = list["data"].as_array().expect("a list").iter().collect();
    let told: Vec<_> = told
        .iter()
        .map(|one| (&one["name"], &one["external_id"], &one["metadata"]))
        .map(|told| format!("{told:?}"))
        .collect();
    assert_snapshot!("customers_as_they_are_then", told.join("\n"));
}

#[tokio::test]
pub(crate) async fn a_customer_leaves() {
    let (server, mut out) = (TestServer::start().await, Vec::new());
    let client = server.client();
    let imported = import_organizations::run(&client, &CUSTOMERS, &mut out).await;
    imported.expect("there are customers");
    let path = "/organizations/external_id/example-2";
    let id = server.get(path).send().await.expect(200).string("/id");
    let leaving = json!({"organization_id": id, "name": "Okta"});
    let gone = connection(&server, &leaving).await;
    directory(&server, &json!({"organization_id": id, "users": 2})).await;
    let stays = connection(&server, &json!({})).await;

    note(&mut out, "example-2 leaves");
    let left = offboard_customer::run(&client, "example-2", &mut out).await;
    left.expect("it leaves");
    note(&mut out, "again");
    let again = offboard_customer::run(&client, "example-2", &mut out).await;
    again.expect("it has left");
    assert_snapshot!(said(out));

    for (id, status) in [(gone, 404), (stays, 200)] {
        let path = format!("/connections/{id}");
        let _ = server.get(&path).send().await.expect(status);
    }
}

#[tokio::test]
pub(crate) async fn a_setup_is_handed_over() {
    let (server, mut out) = (TestServer::start().await, Vec::new());
    let (client, organization) = (server.client(), server.organization());
    for email in ["it@example.com", "it@example.com", "grace@example.com"] {
        note(&mut out, email);
        let run = it_contacts::run(&client, organization, email, &mut out).await;
        run.expect("it is handed over");
    }
    assert_snapshot!(said(out));

    // The newest mail comes first.
    let mails = outbox(&server).await;
    let links: Vec<_> = mails.iter().map(|mail| mail["link"].as_str()).collect();
    let [Some(second), Some(first)] = links[..] else {
        panic!("two mails: {mails:?}");
    };
    let _ = server.visitor().get(first).await.expect(410);
    server.visitor().open(second).await;
}

#[tokio::test]
pub(crate) async fn a_domain_is_claimed_proved_and_released() {
    let (server, mut out) = (TestServer::start().await, Vec::new());
    let (client, organization) = (server.client(), server.organization());
    let domain = "acme.example";
    for then in ["claimed", "claimed again", "not found in thirty days"] {
        note(&mut out, then);
        if then.starts_with("not found") {
            server.advance("720 hours");
        }
        let claim = organization_domains::claim(&client, organization, domain, &mut out).await;
        claim.expect("it is claimed");
    }

    note(&mut out, "found");
    let path = format!("/organizations/{organization}");
    let id = server.get(&path).send().await.string("/domains/1/id");
    let found = server.post(
        &format!("/_mock/organization_domains/{id}"),
        &json!({"state": "verified"}),
    );
    let _ = found.send().await.expect(200);
    let id = id.parse().expect("an id");
    let look = organization_domains::look(&client, &id, &mut out).await;
    look.expect("it is verified");

    for then in ["released", "released again"] {
        note(&mut out, then);
        let release = organization_domains::release(&client, organization, domain, &mut out).await;
        release.expect("it is released");
    }
    assert_snapshot!(said(out));
    let gone = organization_domains::look(&client, &id, &mut Vec::new()).await;
    let gone = gone.expect_err("it is gone").to_string();
    assert!(gone.contains("404"), "{gone}");
}
