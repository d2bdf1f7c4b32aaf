//! What the inspector shows in pictures: a few customers, of whom one has set something up, and an app that makes a mistake.

use contract_tests::{Answer, Receiver};
use serde_json::{Value, json};

use crate::stage::Stage;

const EVENTS: [&str; 4] = [
    "organization.created",
    "organization_domain.created",
    "connection.activated",
    "dsync.user.created",
];

/// Plays the scene. Says who got the webhooks.
pub(crate) async fn set(stage: &Stage) -> Receiver {
    let receiver = stage.receiver(&EVENTS).await;
    let mut customers = Vec::new();
    for (name, domain) in [
        ("Überlandwerke", "uberland.example"),
        ("شركة الاختبار", "alikhtibar.example"),
        ("Northwind Traders", "northwind.example"),
    ] {
        stage.server.advance("1.234 seconds");
        let domains = json!([{"domain": domain, "state": "verified"}]);
        let body = json!({"name": name, "domain_data": domains});
        let made = stage.server.post("/organizations", &body).send().await;
        customers.push(made.expect(201).string("/id"));
    }
    let northwind = customers.swap_remove(2);
    for (intent, complete) in [
        ("sso", true),
        ("dsync", true),
        ("log_streams", false),
        ("domain_verification", false),
    ] {
        stage.server.advance("2.517 seconds");
        let link = stage.link_for(&northwind, &json!({"intent": intent})).await;
        if complete {
            let body = json!({"link": link});
            let visit = stage.server.post("/_mock/portal_links/complete", &body);
            let _ = visit.send().await.expect(200);
        }
    }
    idle(stage).await;
    receiver.answer([Answer::Status(500), Answer::Status(503)]);
    stage.server.advance("3 seconds");
    let domain = json!({"organization_id": northwind, "domain": "northwind.test"});
    let added = stage.server.post("/organization_domains", &domain).send();
    let _ = added.await.expect(201);
    idle(stage).await;
    let path = format!("/organizations/{northwind}/it_contacts");
    let contact = json!({"email": "grace@northwind.example"});
    let contact = stage.server.post(&path, &contact).send().await;
    let path = format!("{path}/{}/invite", contact.expect(201).string("/id"));
    let invitation = json!({"intents": ["sso", "directory_sync"]});
    let invited = stage.server.post(&path, &invitation).send();
    let _ = invited.await.expect(204);
    stage.server.advance("0.731 seconds");
    let wrong = json!({"organization": northwind, "intent": "single_sign_on"});
    let wrong = stage.server.post("/portal/generate_link", &wrong).send();
    let _ = wrong.await.expect(422);
    stage.server.advance("0.4 seconds");
    let _ = stage
        .server
        .get("/organizations?limit=10")
        .send()
        .await
        .expect(200);
    let fault =
        json!({"operation": "list_directories", "status": 503, "retry_after": 3, "every": 3});
    let _ = stage
        .server
        .post("/_mock/faults", &fault)
        .send()
        .await
        .expect(201);
    receiver
}

/// Leaves nothing undelivered.
pub(crate) async fn end(stage: &Stage, receiver: &Receiver) {
    while stage.server.undelivered() > 0 {
        stage.server.advance("24 hours");
        idle(stage).await;
    }
    let _ = receiver.rest().await;
}

async fn idle(stage: &Stage) {
    let waited = stage.server.post("/_mock/deliveries/wait", &json!({}));
    let _: Value = waited.send().await.expect(200).json();
}
