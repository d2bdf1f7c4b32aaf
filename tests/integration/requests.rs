//! Requests that are wrong in form: method, path, size, type, JSON.

use contract_tests::{Reply, TestServer, judge::PORTAL};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{keys::path_of, support::transcripts};

/// The served operations that take a body, with a path of each.
const WITH_BODY: [(&str, &str); 4] = [
    ("POST", "/organizations"),
    ("PUT", "/organizations/org_test_idp"),
    ("POST", "/portal/generate_link"),
    ("POST", "/portal/revoke_link"),
];

#[tokio::test]
async fn a_method_that_a_path_does_not_have() {
    let server = TestServer::start().await;
    let mut replies = Vec::new();
    for path in PORTAL.root()["paths"].as_object().expect("paths").keys() {
        let of_path: Vec<_> = PORTAL
            .operations()
            .iter()
            .filter(|operation| &operation.path == path)
            .collect();
        for method in [
            "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND",
        ] {
            if of_path.iter().any(|operation| operation.method == method) {
                continue;
            }
            let reply = server
                .call(method, &path_of(of_path[0]))
                .send()
                .await
                .expect(405);
            if path == "/organizations/{id}" {
                replies.push(reply);
            }
        }
    }
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn paths_that_are_none() {
    let server = TestServer::start().await;
    for path in [
        "/",
        "/nowhere",
        "/organizations/",
        "/organizations//",
        "/Organizations",
        "/organizations/x/y",
        "/portal",
        "/portal/",
        "/portal/generate_link/x",
        "/organizations/external_id/",
        "/v1/organizations",
    ] {
        let reply = server.get(path).send().await;
        assert_eq!(
            (reply.status, reply.text().as_str()),
            (404, r#"{"message":"Not Found"}"#),
            "{path}"
        );
    }
}

#[tokio::test]
async fn head_answers_as_get_does_without_a_body() {
    let server = TestServer::start().await;
    for path in [
        "/organizations",
        "/organizations/org_test_idp",
        "/organizations/x",
        "/portal/providers",
        "/health",
    ] {
        let get = server.get(path).send().await;
        let head = server.call("HEAD", path).send().await;
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
    }
}

#[tokio::test]
async fn ids_that_nothing_has() {
    let server = TestServer::start().await;
    let mut replies = Vec::new();
    for id in [
        "x",
        "org_01H00000000000000000000000",
        "ORG_TEST_IDP",
        "a%20b",
        "%3Cscript%3E",
        "%C3%A4",
        "%ff",
        "a%2Fb",
        "%00",
        "..%2F..",
        "external_id",
    ] {
        let path = format!("/organizations/{id}");
        replies.push(server.get(&path).send().await.expect(404));
        let _ = server.delete(&path).send().await.expect(404);
        let _ = server.put(&path, &json!({})).send().await.expect(404);
        let _ = server
            .get(&format!("/organizations/external_id/{id}"))
            .send()
            .await
            .expect(404);
    }
    let _ = server
        .get(&format!("/organizations/{}", "a".repeat(8_000)))
        .send()
        .await
        .expect(404);
    assert_snapshot!(transcripts(replies));
    for id in ["", ".", ".."] {
        let error = server
            .client()
            .get_organization()
            .id(id)
            .send()
            .await
            .expect_err("it would be another path");
        assert!(error.status().is_none(), "{error}");
    }
}

#[tokio::test]
async fn bodies_that_are_too_large() {
    const LIMIT: usize = 1024 * 1024;
    let server = TestServer::start().await;
    let mut first: Option<Reply> = None;
    for (method, path) in WITH_BODY {
        for size in [LIMIT + 1, 3 * LIMIT] {
            let reply = server
                .call(method, path)
                .body("application/json", " ".repeat(size))
                .send()
                .await
                .expect(413);
            first.get_or_insert(reply);
        }
        // One that fills the limit is read.
        let padded = format!("{{\"name\":\"Acme\"}}{}", " ".repeat(LIMIT - 15));
        assert_eq!(padded.len(), LIMIT);
        let reply = server
            .call(method, path)
            .body("application/json", padded)
            .send()
            .await;
        assert!([200, 201, 422].contains(&reply.status), "{reply}");
    }
    assert_snapshot!(first.expect("an answer"));
}

#[tokio::test]
async fn bodies_of_another_type() {
    let server = TestServer::start().await;
    let body =
        json!({"name": "Acme", "organization": "org_test_idp", "external_user_id": "user-1"})
            .to_string();
    for (method, path) in WITH_BODY {
        for content_type in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/xml",
            "text/json",
            "json",
            "application/jsonx",
        ] {
            let _ = server
                .call(method, path)
                .body(content_type, body.clone())
                .send()
                .await
                .expect(415);
        }
        for content_type in [
            "application/json",
            "application/json; charset=utf-8",
            "APPLICATION/JSON",
            "application/json;charset=UTF-8",
        ] {
            let reply = server
                .call(method, path)
                .body(content_type, body.clone())
                .send()
                .await;
            assert!(reply.status < 300, "{content_type}: {reply}");
        }
    }
    let untyped = server
        .call("POST", "/organizations")
        .body("", body)
        .send()
        .await
        .expect(415);
    assert_snapshot!(untyped);
}

#[tokio::test]
async fn bodies_that_are_compressed() {
    let server = TestServer::start().await;
    let call = |encoding| {
        server
            .post("/organizations", &json!({"name": "Acme"}))
            .header("content-encoding", encoding)
    };
    for encoding in ["gzip", "br", "deflate, gzip", "GZIP"] {
        let _ = call(encoding).send().await.expect(415);
    }
    let _ = call("identity").send().await.expect(201);
}

#[tokio::test]
async fn bodies_that_are_no_json() {
    let server = TestServer::start().await;
    let nested = |levels: usize| {
        format!(
            "{{\"name\":\"Acme\",\"x\":{}{}}}",
            "[".repeat(levels),
            "]".repeat(levels)
        )
    };
    let objects = format!("{}1{}", "{\"a\":".repeat(50_000), "}".repeat(50_000));
    let mut replies = Vec::new();
    for body in [
        b"{".to_vec(),
        b"{\"name\":\"Acme\"".to_vec(),
        b"{\"name\":\"Acme\"} x".to_vec(),
        b"{name: 'Acme'}".to_vec(),
        b"{\"name\":\"Acme\",}".to_vec(),
        b"{\"name\":NaN}".to_vec(),
        b"{\"name\":01}".to_vec(),
        b"{\"name\":\"\x01\"}".to_vec(),
        b"{\"name\":\"\\ud800\"}".to_vec(),
        b"{\"name\":\"\xff\"}".to_vec(),
        b"\xff\xfe{\x00}\x00".to_vec(),
        b"\xef\xbb\xbf{\"name\":\"Acme\"}".to_vec(),
        b"   ".to_vec(),
        nested(1_000).into_bytes(),
        objects.into_bytes(),
    ] {
        for (method, path) in WITH_BODY {
            let reply = server
                .call(method, path)
                .body("application/json", body.clone())
                .send()
                .await
                .expect(400);
            assert_eq!(reply.json()["code"], "invalid_json", "{reply}");
            if path == "/organizations" {
                replies.push(reply);
            }
        }
    }
    assert_snapshot!(transcripts(replies));
    // What is merely unusual is read.
    for body in [
        nested(100),
        "{\"name\":\"a\",\"Name\":\"b\"}".to_owned(),
        "{\"name\":\"a\",\"__proto__\":{\"x\":1},\"constructor\":null}".to_owned(),
        "\n\t {\"name\":\"\\u0001\\ud83d\\ude00\u{1F600}\"} \r\n".to_owned(),
    ] {
        let _ = server
            .call("POST", "/organizations")
            .body("application/json", body)
            .send()
            .await
            .expect(201);
    }
    // And what was read can be read again, by everyone.
    let _ = server
        .get("/organizations?limit=100")
        .send()
        .await
        .expect(200);
}

#[tokio::test]
async fn an_empty_body_says_nothing_whatever_its_type() {
    let server = TestServer::start().await;
    for (method, path) in WITH_BODY {
        let typed = server
            .call(method, path)
            .body("application/json", "")
            .send()
            .await;
        let untyped = server.call(method, path).send().await;
        let object = server.call(method, path).json(&json!({})).send().await;
        let outcome = |reply: &Reply| {
            (
                reply.status,
                reply.json().get("errors").cloned().unwrap_or(Value::Null),
            )
        };
        assert_eq!(outcome(&typed), outcome(&object), "{path}");
        assert_eq!(outcome(&untyped), outcome(&object), "{path}");
    }
    // SDKs send the type with requests that have no body at all.
    let _ = server
        .get("/organizations")
        .header("content-type", "application/json")
        .send()
        .await
        .expect(200);
    let _ = server
        .delete("/organizations/x")
        .header("content-type", "application/json")
        .send()
        .await
        .expect(404);
}

#[tokio::test]
async fn bodies_that_are_json_but_no_object() {
    let server = TestServer::start().await;
    let mut replies = Vec::new();
    for body in [
        "[]",
        "null",
        "\"name\"",
        "5",
        "true",
        "[{\"name\":\"Acme\"}]",
    ] {
        for (method, path) in WITH_BODY {
            let reply = server
                .call(method, path)
                .body("application/json", body)
                .send()
                .await
                .expect(422);
            if path == "/organizations" {
                replies.push(reply);
            }
        }
    }
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn health_needs_no_key() {
    let server = TestServer::start().await;
    assert_snapshot!(server.get("/health").anonymous().send().await.expect(200));
}
