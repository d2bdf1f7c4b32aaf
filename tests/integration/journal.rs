//! The journal of requests, and what a test asks of it.

use contract_tests::{Reply, TestServer};
use serde_json::{Value, json};

use crate::support::link_with as link;

async fn journal(server: &TestServer, query: &str) -> Vec<Value> {
    let list = server.get(&format!("/_mock/requests{query}"));
    let list = list.send().await.expect(200).json();
    list["data"].as_array().expect("a list").clone()
}

async fn verify(server: &TestServer, body: &Value, status: u16) -> Reply {
    let call = server.post("/_mock/requests/verify", body);
    call.send().await.expect(status)
}

#[tokio::test]
async fn requests_are_kept_with_their_answers_and_without_secrets() {
    let server = TestServer::start().await;
    let body = json!({"endpoint_url": "http://localhost:9/", "events": ["dsync.activated"]});
    let made = server.post("/webhook_endpoints", &body).send().await;
    let secret = made.expect(201).string("/secret");
    let link = link(&server, &json!({"intent": "sso"})).await;
    let token = link.split("token=").nth(1).expect("a token").to_owned();
    let visitor = server.visitor();
    visitor.open(&link).await;
    let _ = server.get("/nowhere").send().await.expect(404);
    let _ = server.get("/organizations").anonymous().send().await;

    let all = journal(&server, "").await;
    let seen: Vec<_> = all
        .iter()
        .map(|one| (one["operation"].as_str(), one["status"].as_u64()))
        .collect();
    // The newest comes first; what carries no key is nobody's.
    assert_eq!(seen[0], (None, Some(404)));
    assert!(seen.contains(&(Some("generate_portal_link"), Some(201))));
    let opened = |one: &&Value| one["path"] == "/portal/launch";
    let opened = all.iter().find(opened).expect("the link was opened");
    assert_eq!(
        (&opened["status"], &opened["query"]),
        (&303.into(), &"token=[secret]".into())
    );
    let text = Value::from(all).to_string();
    for hidden in [&secret, &token, server.key()] {
        assert!(!text.contains(hidden), "{hidden}");
    }
    let endpoint = &journal(&server, "?operation=create_webhook_endpoint").await[0];
    assert_eq!(endpoint["request"]["body"], body);
    assert_eq!(endpoint["response"]["body"]["secret"], "[secret]");
    assert_eq!(
        endpoint["request"]["headers"]["authorization"],
        "Bearer [secret]"
    );
    assert_eq!(journal(&server, "?status=404&method=GET").await.len(), 1);
    assert_eq!(
        journal(&server, "?path=/portal/launch&limit=1").await.len(),
        1
    );
}

#[tokio::test]
async fn the_newest_are_kept_and_paged() {
    let server = TestServer::with(|config| config.max_requests = 3).await;
    for limit in 1..=5 {
        let list = server.get(&format!("/organizations?limit={limit}"));
        let _ = list.send().await.expect(200);
    }
    let queries = |page: &[Value]| -> Vec<String> {
        let queries = page
            .iter()
            .map(|one| one["query"].as_str().expect("a query"));
        queries.map(str::to_owned).collect()
    };
    let all = journal(&server, "").await;
    assert_eq!(queries(&all), ["limit=5", "limit=4", "limit=3"]);
    let after = all[0]["id"].as_str().expect("an id");
    let rest = journal(&server, &format!("?limit=1&after={after}")).await;
    assert_eq!(queries(&rest), ["limit=4"]);
}

#[tokio::test]
async fn a_test_asks_whether_it_was_called_as_it_expects() {
    let server = TestServer::start().await;
    let organization = server.organization().to_owned();
    link(&server, &json!({"intent": "sso"})).await;
    let sso = json!({"intent": "sso", "organization": organization});
    let once = json!({"operation": "generate_portal_link", "body": sso, "times": 1});
    let found = verify(&server, &once, 200).await.json();
    assert_eq!(
        (
            &found["matched"],
            found["requests"].as_array().map(Vec::len)
        ),
        (&1.into(), Some(1))
    );
    link(&server, &json!({"intent": "dsync"})).await;
    let differs = json!({"operation": "generate_portal_link", "body": sso, "times": 2});
    let told = verify(&server, &differs, 409).await.json();
    assert_eq!(
        told["message"],
        "Expected exactly 2 such requests, and there was 1."
    );
    assert_eq!(
        told["near"][0]["request"]["request"]["body"]["intent"],
        "dsync"
    );
    assert_eq!(
        told["near"][0]["differences"],
        json!([{"field": "body.intent", "expected": "sso", "found": "dsync"}])
    );
    for (body, status) in [
        (json!({}), 200),
        (json!({"operation": "list_events", "times": 0}), 200),
        (json!({"operation": "list_events"}), 409),
        (json!({"status": 201, "at_least": 2, "at_most": 2}), 200),
        (json!({"status": 201, "at_most": 1}), 409),
        (
            json!({"method": "POST", "path": "/portal/generate_link", "at_least": 3}),
            409,
        ),
        (json!({"operation": "generate_link"}), 422),
        (json!({"times": 1, "at_most": 1}), 422),
        (json!({"at_least": 2, "at_most": 1}), 422),
        (json!({"times": -1}), 422),
        (json!({"intent": "sso"}), 422),
    ] {
        verify(&server, &body, status).await;
    }
}
