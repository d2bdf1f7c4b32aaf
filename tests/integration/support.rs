//! Small things that several modules need.

use contract_tests::{Reply, TestServer};
use serde_json::{Value, json};

/// Makes an organization and returns its id.
pub(crate) async fn organization(server: &TestServer, body: &Value) -> String {
    server
        .post("/organizations", body)
        .send()
        .await
        .expect(201)
        .string("/id")
}

/// Makes an IT contact of the server's organization, with an address of its own, and returns its id.
pub(crate) async fn it_contact(server: &TestServer) -> String {
    let path = format!("/organizations/{}/it_contacts", server.organization());
    let number = server.get(&path).send().await.json()["data"]
        .as_array()
        .map_or(0, Vec::len);
    let email = json!({"email": format!("contact{number}@example.com")});
    server
        .post(&path, &email)
        .send()
        .await
        .expect(201)
        .string("/id")
}

/// Makes a directory, for the server's organization unless the body says otherwise, and returns its id.
pub(crate) async fn directory(server: &TestServer, body: &Value) -> String {
    let mut all = json!({"organization_id": server.organization()});
    let members = all.as_object_mut().expect("an object");
    members.extend(body.as_object().expect("an object").clone());
    server
        .post("/_mock/directories", &all)
        .send()
        .await
        .expect(201)
        .string("/id")
}

/// Makes a webhook endpoint with an address of its own and returns its id.
pub(crate) async fn webhook_endpoint(server: &TestServer) -> String {
    let list = server.get("/webhook_endpoints").send().await.json();
    let number = list["data"].as_array().map_or(0, Vec::len);
    let url = format!("https://app.example/webhooks/{number}");
    server
        .post(
            "/webhook_endpoints",
            &json!({"endpoint_url": url, "events": []}),
        )
        .send()
        .await
        .expect(201)
        .string("/id")
}

/// Adds a domain to the server's organization and returns its id.
pub(crate) async fn domain(server: &TestServer, name: &str) -> String {
    let body = json!({"organization_id": server.organization(), "domain": name});
    server
        .post("/organization_domains", &body)
        .send()
        .await
        .expect(201)
        .string("/id")
}

/// Makes a connection of the server's organization as a test wants it, and returns its id.
pub(crate) async fn connection(server: &TestServer, more: &Value) -> String {
    let mut body = json!({"organization_id": server.organization(), "connection_type": "OktaSAML"});
    let members = body.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("an object").clone());
    server
        .post("/_mock/connections", &body)
        .send()
        .await
        .expect(201)
        .string("/id")
}

/// A certificate of an identity provider that expires at the end of 2026.
pub(crate) const CERTIFICATE: &str = include_str!("fixtures/expires-2027-01-01.pem");

/// The events of these names, oldest first.
pub(crate) async fn events(server: &TestServer, names: &str) -> Vec<Value> {
    let list = server
        .get(&format!("/events?limit=100&events={names}"))
        .send()
        .await
        .expect(200);
    let Value::Array(events) = list.json()["data"].take() else {
        panic!("a list: {list}");
    };
    events
}

/// Makes a portal link for the server's organization, with further members of the request.
pub(crate) async fn link_with(server: &TestServer, more: &Value) -> String {
    let mut body = json!({"organization": server.organization()});
    let members = body.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("an object").clone());
    server
        .post("/portal/generate_link", &body)
        .send()
        .await
        .expect(201)
        .string("/link")
}

/// Makes a portal link for the server's organization, which opens on a menu.
pub(crate) async fn link(server: &TestServer) -> String {
    link_with(server, &json!({})).await
}

/// Transcripts, one after the other.
pub(crate) fn transcripts(replies: impl IntoIterator<Item = Reply>) -> String {
    let texts: Vec<String> = replies.into_iter().map(|reply| reply.to_string()).collect();
    texts.join("\n\n")
}

/// What a page says: its text without markup, one line for each piece.
pub(crate) fn words(page: &Reply) -> String {
    let html = page.text();
    let body = html
        .split_once("<main")
        .map_or(html.as_str(), |(_, main)| main)
        .split("</main>")
        .next()
        .unwrap_or_default();
    let mut words = Vec::new();
    for piece in format!("<main{body}").split('<') {
        let text = piece.split_once('>').map_or("", |(_, text)| text).trim();
        if !text.is_empty() {
            words.push(text.to_owned());
        }
    }
    words.join("\n")
}
