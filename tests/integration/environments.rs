//! Environments over HTTP: each a world of its own, and the keys to it.

use contract_tests::{Reply, TestServer};
use serde_json::{Value, json};

/// Makes an environment; returns its id and its key.
async fn environment(server: &TestServer, body: &Value) -> (String, String) {
    let made = server.post("/_mock/environments", body).anonymous();
    let made = made.send().await.expect(201);
    (made.string("/id"), made.string("/api_key"))
}

/// A request with some key.
async fn ask(server: &TestServer, key: &str, method: &str, target: &str) -> Reply {
    let call = server.call(method, target);
    call.authorization(format!("Bearer {key}")).send().await
}

async fn create(server: &TestServer, key: &str, name: &str) -> Reply {
    let call = server.post("/organizations", &json!({ "name": name }));
    call.authorization(format!("Bearer {key}")).send().await
}

async fn names(server: &TestServer, key: &str) -> Vec<String> {
    let list = ask(server, key, "GET", "/organizations").await.expect(200);
    let list = list.json();
    let names = list["data"].as_array().expect("a list").iter();
    names
        .map(|one| one["name"].as_str().expect("a name").to_owned())
        .collect()
}

#[tokio::test]
async fn what_happens_in_one_is_nowhere_else() {
    let server = TestServer::start().await;
    let body = json!({"clock": "2030-01-01T00:00:00Z", "random_seed": 3});
    let (one, key_of_one) = environment(&server, &body).await;
    let (two, key_of_two) = environment(&server, &body).await;
    assert_ne!((&one, &key_of_one), (&two, &key_of_two));
    let _ = create(&server, &key_of_one, "Acme").await.expect(201);
    assert_eq!(names(&server, &key_of_one).await, ["Acme"]);
    assert_eq!(names(&server, &key_of_two).await, [""; 0]);
    let moved = server.call("PATCH", "/_mock/clock");
    let moved = moved.json(&json!({"advance": "PT1H"}));
    let moved = moved.authorization(format!("Bearer {key_of_one}"));
    assert_eq!(
        moved.send().await.expect(200).string("/now"),
        "2030-01-01T01:00:00Z"
    );
    let other = ask(&server, &key_of_two, "GET", "/_mock/clock").await;
    assert_eq!(other.expect(200).string("/now"), "2030-01-01T00:00:00Z");
    assert_eq!(server.now().to_string(), contract_tests::START);
}

#[tokio::test]
async fn a_reset_makes_it_what_it_was_at_first() {
    let server = TestServer::start().await;
    let body =
        json!({"clock": "2030-01-01T00:00:00Z", "random_seed": 3, "test_organization": true});
    let (id, key) = environment(&server, &body).await;
    let first = create(&server, &key, "Acme").await.expect(201);
    let fault = server.post(
        "/_mock/faults",
        &json!({"operation": "list_events", "status": 500}),
    );
    let fault = fault.authorization(format!("Bearer {key}"));
    let _ = fault.send().await.expect(201);
    let reset = ask(&server, &key, "POST", "/_mock/reset").await.expect(200);
    assert_eq!(reset.string("/id"), id);
    assert_eq!(names(&server, &key).await, ["Test Organization"]);
    let faults = ask(&server, &key, "GET", "/_mock/faults").await.expect(200);
    assert_eq!(faults.json()["data"], json!([]));
    let again = create(&server, &key, "Acme").await.expect(201);
    assert_eq!(again.body, first.body);
}

#[tokio::test]
async fn they_are_listed_and_taken_away() {
    let server = TestServer::start().await;
    let (first, key) = environment(&server, &json!({})).await;
    let (second, _) = environment(&server, &json!({})).await;
    let page = |query: &str| format!("/_mock/environments{query}");
    let all = server.get(&page("")).anonymous().send().await.expect(200);
    let ids = |reply: &Reply| -> Vec<String> {
        let list = reply.json();
        let data = list["data"].as_array().expect("a list").clone();
        let ids = data.iter().map(|one| one["id"].as_str().expect("an id"));
        ids.map(str::to_owned).collect()
    };
    let default = ids(&all)[0].clone();
    assert_eq!(ids(&all), [&default, &first, &second].map(Clone::clone));
    assert!(!all.text().contains(&key), "a key is shown only once");
    let limited = server.get(&page("?limit=2")).anonymous();
    let limited = limited.send().await.expect(200);
    assert_eq!(ids(&limited), [default.clone(), first.clone()]);
    let rest = page(&format!(
        "?after={}",
        limited.string("/list_metadata/after")
    ));
    let rest = server.get(&rest).anonymous().send().await.expect(200);
    assert_eq!(ids(&rest), [second.as_str()]);
    // With a key, only its own.
    let own = ask(&server, &key, "GET", &page("")).await.expect(200);
    assert_eq!(ids(&own), [first.as_str()]);
    let other = ask(&server, &key, "DELETE", &page(&format!("/{second}"))).await;
    assert_eq!(other.expect(403).string("/code"), "other_environment");
    let kept = server.delete(&page(&format!("/{default}"))).anonymous();
    assert_eq!(
        kept.send().await.expect(409).string("/code"),
        "default_environment"
    );
    let gone = ask(&server, &key, "DELETE", &page(&format!("/{first}"))).await;
    let _ = gone.expect(204);
    let _ = ask(&server, &key, "GET", "/organizations")
        .await
        .expect(401);
    let missing = server.delete(&page(&format!("/{first}"))).anonymous();
    let _ = missing.send().await.expect(404);
}

#[tokio::test]
async fn a_key_may_be_for_reading_only_expire_and_be_revoked() {
    let server = TestServer::start().await;
    let make = async |body: Value| server.post("/_mock/keys", &body).send().await.expect(201);
    let reading = make(json!({"permissions": "read_only"})).await;
    let key = reading.string("/value");
    assert_eq!(names(&server, &key).await, ["Test Organization"]);
    let path = format!("/organizations/{}", server.organization());
    let refused = ask(&server, &key, "DELETE", &path).await.expect(403);
    assert_eq!(refused.text(), r#"{"message":"Forbidden"}"#);
    let _ = ask(&server, &key, "POST", "/_mock/reset").await.expect(403);
    assert_eq!(names(&server, &key).await, ["Test Organization"]);

    let short = make(json!({"expires_at": "2026-01-01T01:00:00Z"})).await;
    let key = short.string("/value");
    server.advance("59 minutes 59 seconds");
    let _ = create(&server, &key, "Acme").await.expect(201);
    server.advance("1 second");
    let _ = create(&server, &key, "Acme").await.expect(401);

    let key = reading.string("/value");
    let path = format!("/_mock/keys/{}", reading.string("/id"));
    let revoked = server.delete(&path).send().await.expect(200);
    assert_eq!(revoked.json()["revoked"], true);
    let _ = ask(&server, &key, "GET", "/organizations")
        .await
        .expect(401);
    let listed = server.get("/_mock/keys").send().await.expect(200);
    assert_eq!(listed.json()["data"].as_array().map(Vec::len), Some(3));
    assert!(!listed.text().contains(&key), "a key is shown only once");
    let _ = server
        .delete("/_mock/keys/api_key_x")
        .send()
        .await
        .expect(404);
}
