//! Every rule of every served operation, broken alone and together, with the answer that names it.

use contract_tests::{Reply, TestServer};
use insta::assert_snapshot;
use serde_json::{Map, Value, json};
use workos_portal_mock::config::UrlPolicy;

/// Sends each body and returns what was answered, for a snapshot.
async fn refusals(server: &TestServer, method: &str, path: &str, bodies: Vec<Value>) -> String {
    let mut told = Vec::new();
    for body in bodies {
        let reply = server.call(method, path).json(&body).send().await;
        assert!(
            [400, 422].contains(&reply.status),
            "{body} is not refused: {reply}"
        );
        told.push(entry(&short(&body.to_string()), &reply));
    }
    told.join("\n\n")
}

fn entry(request: &str, reply: &Reply) -> String {
    assert_eq!(
        reply.json().to_string().as_bytes(),
        reply.body,
        "JSON is written compactly"
    );
    format!("{request}\n{} {:#}", reply.status, reply.json())
}

/// A request that is long for its own sake, abbreviated.
fn short(request: &str) -> String {
    let count = request.chars().count();
    if count <= 160 {
        return request.to_owned();
    }
    let (head, tail): (String, String) = (
        request.chars().take(80).collect(),
        request.chars().skip(count - 20).collect(),
    );
    format!("{head} … {tail} ({count} characters)")
}

fn keys(count: usize) -> Value {
    let members: Map<String, Value> = (0..count)
        .map(|number| (format!("key{number}"), json!("x")))
        .collect();
    Value::Object(members)
}

#[tokio::test]
async fn create_organization() {
    let server = TestServer::start().await;
    let long = "a".repeat(254);
    let bodies = vec![
        json!({}),
        json!({"name": null}),
        json!({"name": ""}),
        json!({"name": 5}),
        json!({"name": ["Acme"]}),
        json!({"name": "Acme", "allow_profiles_outside_organization": "yes"}),
        json!({"name": "Acme", "domains": "acme.com"}),
        json!({"name": "Acme", "domains": ["acme.com", ""]}),
        json!({"name": "Acme", "domains": [5]}),
        json!({"name": "Acme", "domains": [long]}),
        json!({"name": "Acme", "domains": ["ok.example", "https://acme.com/", "localhost", "a b.com", "127.0.0.1", "*.acme.com", "-a.com"]}),
        json!({"name": "Acme", "domain_data": {"domain": "acme.com"}}),
        json!({"name": "Acme", "domain_data": ["acme.com"]}),
        json!({"name": "Acme", "domain_data": [{}]}),
        json!({"name": "Acme", "domain_data": [{"domain": "acme.com", "state": "verfied"}]}),
        json!({"name": "Acme", "domain_data": [{"domain": "acme.com", "state": "failed"}, {"domain": "", "state": null}]}),
        json!({"name": "Acme", "domain_data": [{"domain": "not a domain", "state": "pending"}]}),
        json!({"name": "Acme", "domain_data": [{"domain": "acme.com", "state": "pending"}, {"domain": "ACME.com", "state": "verified"}]}),
        json!({"name": "Acme", "external_id": ""}),
        json!({"name": "Acme", "external_id": 5}),
        json!({"name": "Acme", "external_id": "a".repeat(129)}),
        json!({"name": "Acme", "external_id": "é"}),
        json!({"name": "", "external_id": "é".repeat(200), "domains": 1, "domain_data": [{"state": 1}], "allow_profiles_outside_organization": 1}),
    ];
    assert_snapshot!(refusals(&server, "POST", "/organizations", bodies).await);
    assert_eq!(
        server.get("/organizations").send().await.json()["data"]
            .as_array()
            .map(Vec::len),
        Some(1),
        "nothing was made"
    );
    for body in [
        json!({"name": "A"}),
        json!({"name": "Acme", "external_id": "a".repeat(128)}),
        json!({"name": "Acme", "external_id": "~ /?#%\u{1}"}),
        json!({"name": "Ä".repeat(5_000)}),
    ] {
        let _ = server
            .post("/organizations", &body)
            .send()
            .await
            .expect(201);
    }
}

#[tokio::test]
async fn metadata() {
    let server = TestServer::start().await;
    let with = |metadata: Value| json!({"name": "Acme", "metadata": metadata});
    let bodies = || {
        vec![
            with(json!("x")),
            with(json!([])),
            with(json!({"a": 1})),
            with(json!({"a": null})),
            with(json!({"a": {"b": "c"}})),
            with(keys(51)),
            with(json!({"k".repeat(41): "x"})),
            with(json!({"a": "x".repeat(601)})),
            // With another violation beside it, both are told.
            json!({"name": "", "metadata": {"a": 1}}),
        ]
    };
    assert_snapshot!(
        "metadata_on_create",
        refusals(&server, "POST", "/organizations", bodies()).await
    );
    assert_snapshot!(
        "metadata_on_update",
        refusals(&server, "PUT", "/organizations/org_test_idp", bodies()).await
    );
    for metadata in [
        json!({}),
        keys(50),
        json!({"k".repeat(40): "x".repeat(600)}),
        json!({"": ""}),
        json!({"😀".repeat(40): "😀".repeat(600)}),
    ] {
        let reply = server
            .post("/organizations", &with(metadata.clone()))
            .send()
            .await
            .expect(201);
        assert_eq!(reply.json()["metadata"], metadata);
    }
}

#[tokio::test]
async fn update_organization() {
    let server = TestServer::start().await;
    let before = server
        .get("/organizations/org_test_idp")
        .send()
        .await
        .expect(200);
    let bodies = vec![
        json!({"name": ""}),
        json!({"name": 5}),
        json!({"allow_profiles_outside_organization": 1}),
        json!({"domains": [null]}),
        json!({"domains": ["nodots"]}),
        json!({"domain_data": [{"domain": "acme.com"}]}),
        json!({"domain_data": [{"domain": "acme.com", "state": "legacy_verified"}]}),
        json!({"stripe_customer_id": ""}),
        json!({"stripe_customer_id": 5}),
        json!({"external_id": "a".repeat(129)}),
        json!({"external_id": "é"}),
        json!({"external_id": ""}),
        json!({"name": [], "domains": {}, "stripe_customer_id": false}),
    ];
    assert_snapshot!(refusals(&server, "PUT", "/organizations/org_test_idp", bodies).await);
    assert_eq!(
        server.get("/organizations/org_test_idp").send().await.body,
        before.body,
        "nothing was changed"
    );
}

#[tokio::test]
async fn list_organizations() {
    let server = TestServer::start().await;
    let mut told = Vec::new();
    for query in [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=abc",
        "limit=1.5",
        "limit=1e1",
        "limit=",
        "limit=99999999999999999999",
        "limit=5&limit=6",
        "limit=%2B5",
        "order=banana",
        "order=DESC",
        "order=",
        "order=asc&order=desc",
        "limit=0&order=up",
        "limit=ten&order=x&after=y",
        "search=%ff",
        "domains=%ff",
    ] {
        let reply = server.get(&format!("/organizations?{query}")).send().await;
        assert_eq!(reply.status, 422, "{query} is not refused: {reply}");
        told.push(entry(query, &reply));
    }
    assert_snapshot!(told.join("\n\n"));
    for query in [
        "limit=1",
        "limit=100",
        "order=asc",
        "unknown=1",
        "search=",
        "domains=",
        "&&",
        "limit=10&",
        "%6Cimit=7",
    ] {
        let _ = server
            .get(&format!("/organizations?{query}"))
            .send()
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn generate_portal_link() {
    let server = TestServer::start().await;
    let with = |more: Value| {
        let mut body = json!({"organization": "org_test_idp"});
        body.as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        body
    };
    let emails = |count: usize| {
        (0..count)
            .map(|number| format!("it{number}@acme.example"))
            .collect::<Vec<_>>()
    };
    let bodies = vec![
        json!({}),
        json!({"organization": null}),
        json!({"organization": ""}),
        json!({"organization": 42}),
        json!({"organization": {}}),
        with(json!({"intent": "banana"})),
        with(json!({"intent": "SSO"})),
        with(json!({"intent": "dsnc"})),
        with(json!({"intent": ""})),
        with(json!({"intent": 5})),
        with(json!({"intent": ["sso"]})),
        with(json!({"it_contact_emails": "it@acme.example"})),
        with(json!({"it_contact_emails": emails(21)})),
        with(
            json!({"it_contact_emails": ["it@acme.example", "nobody", "", "a@", "@b.example", 5]}),
        ),
        with(json!({"admin_emails": ["nobody"]})),
        with(json!({"admin_emails": emails(21)})),
        with(json!({"external_user_id": ""})),
        with(json!({"external_user_id": 5})),
        with(json!({"intent_options": {"sso": {"provider_type": "OktaSAML"}}})),
        with(json!({"intent_options": []})),
        with(
            json!({"return_url": "banana", "success_url": "javascript:alert(1)", "intent": "x", "it_contact_emails": ["x"]}),
        ),
        json!({"intent": "x"}),
    ];
    assert_snapshot!(refusals(&server, "POST", "/portal/generate_link", bodies).await);
    let _ = server
        .post(
            "/portal/generate_link",
            &with(json!({"it_contact_emails": emails(20)})),
        )
        .send()
        .await
        .expect(201);
    // What is refused has not so much as noted a contact: the next organization is not found, and that is all there is to say.
    let _ = server
        .post(
            "/portal/generate_link",
            &json!({"organization": "org_x", "it_contact_emails": ["it@acme.example"]}),
        )
        .send()
        .await
        .expect(404);
}

const NO_ADDRESSES: [&str; 24] = [
    "",
    "banana",
    "/done",
    "//evil.example/x",
    "app.example",
    "javascript:alert(1)",
    "JavaScript://%0aalert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "ftp://app.example",
    "myapp://done",
    "http:",
    "http://",
    "https:///path",
    "https:app.example",
    "https:\\\\app.example",
    "https://user@app.example",
    "https://user:word@app.example",
    "https://app.example/a b",
    "https://app.example/\r\nSet-Cookie: a=b",
    " https://app.example",
    "https://app.example:99999/",
    "https://[::1",
    "https://app.example/\u{1}",
];

#[tokio::test]
async fn addresses_to_return_to() {
    let server = TestServer::start().await;
    let mut bodies: Vec<Value> = NO_ADDRESSES
        .iter()
        .map(|url| json!({"organization": "org_test_idp", "return_url": url}))
        .collect();
    bodies.push(json!({"organization": "org_test_idp", "return_url": 5}));
    bodies.push(json!({"organization": "org_test_idp", "return_url": ["https://app.example"]}));
    assert_snapshot!(refusals(&server, "POST", "/portal/generate_link", bodies).await);
    for url in NO_ADDRESSES {
        let body = json!({"organization": "org_test_idp", "success_url": url});
        let reply = server
            .post("/portal/generate_link", &body)
            .send()
            .await
            .expect(422);
        assert_eq!(reply.json()["errors"][0]["field"], "success_url", "{url}");
    }
    for url in [
        "https://app.example",
        "http://localhost:3000/done?a=1#b",
        "http://127.0.0.1/",
        "http://[::1]:8080/x",
        "HTTPS://APP.example/",
        "https://app.example/%C3%A4",
    ] {
        let body = json!({"organization": "org_test_idp", "return_url": url, "success_url": url});
        let _ = server
            .post("/portal/generate_link", &body)
            .send()
            .await
            .expect(201);
    }
}

#[tokio::test]
async fn addresses_under_the_policy_of_production() {
    let server = TestServer::with(|config| config.url_policy = UrlPolicy::Production).await;
    let body =
        |url: &str| json!({"organization": "org_test_idp", "return_url": url, "success_url": url});
    let bodies = vec![body("http://localhost:3000/"), body("http://app.example/")];
    assert_snapshot!(refusals(&server, "POST", "/portal/generate_link", bodies).await);
    let _ = server
        .post("/portal/generate_link", &body("https://app.example/"))
        .send()
        .await
        .expect(201);
}

#[tokio::test]
async fn revoke_portal_link() {
    let server = TestServer::start().await;
    let bodies = vec![
        json!({}),
        json!({"organization": "org_test_idp"}),
        json!({"external_user_id": "user-1"}),
        json!({"organization": "", "external_user_id": ""}),
        json!({"organization": null, "external_user_id": null}),
        json!({"organization": 1, "external_user_id": [2]}),
    ];
    assert_snapshot!(refusals(&server, "POST", "/portal/revoke_link", bodies).await);
}
