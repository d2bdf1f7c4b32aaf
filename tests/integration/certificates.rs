//! Certificates of SAML connections: added, made, deleted, and the notices of their end.

use contract_tests::{Reply, TestServer};
use insta::assert_snapshot;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::support::{CERTIFICATE, connection, transcripts};

const ENDS_SOON: &str = include_str!("fixtures/expires-2026-02-01.pem");
const EXPIRED: &str = include_str!("fixtures/expired-2021-01-01.pem");
const NOTICES: &str = "/events?limit=100&events=connection.saml_certificate_renewal_required";

/// Makes a connection whose only certificate of its identity provider is this one, and no encryption certificates.
async fn with_certificate(server: &TestServer, pem: &str) -> String {
    let body = json!({
        "organization_id": server.organization(),
        "saml_options": {"idp_sso_url": "https://idp.example/sso", "idp_signing_certs": [pem], "sp_encryption_key_pairs": []},
    });
    let made = server.post("/connections", &body).send().await.expect(201);
    made.string("/id")
}

fn ids(list: &Reply) -> Vec<String> {
    let list = list.json();
    let data = list["data"].as_array().expect("a list").iter();
    data.map(|one| one["id"].as_str().expect("an id").to_owned())
        .collect()
}

/// The notices so far: when each came, about what, and how many days are left.
async fn notices(server: &TestServer) -> Vec<(String, String, i64)> {
    let list = server.get(NOTICES).send().await.expect(200).json();
    let told = |event: &Value| {
        let text = |pointer| event.pointer(pointer).and_then(Value::as_str);
        let at = text("/created_at").expect("an instant").to_owned();
        let kind = text("/data/certificate/certificate_type").expect("a type");
        let days = event["data"]["days_until_expiry"].as_i64();
        (at, kind.to_owned(), days.expect("a number"))
    };
    list["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(told)
        .collect()
}

#[tokio::test]
async fn those_of_the_identity_provider_are_added_and_deleted() {
    let server = TestServer::start().await;
    let id = with_certificate(&server, CERTIFICATE).await;
    let path = format!("/connections/{id}/saml_idp_signing_certs");
    server.advance("1 minute");
    let added = server
        .client()
        .create_saml_idp_signing_certificate()
        .id(id.as_str())
        .body_map(|body| body.value(ENDS_SOON.to_owned()))
        .send()
        .await
        .expect("it is added");
    let mut replies = vec![server.last()];
    assert_eq!(added.value, ENDS_SOON);
    let list = server.get(&path).send().await.expect(200);
    let [first, second] = ids(&list).try_into().expect("two");
    assert_eq!(second, added.id, "the oldest comes first");
    replies.push(list);
    let delete = async |id: &str| server.delete(&format!("{path}/{id}")).send().await;
    replies.push(delete(&first).await.expect(204));
    replies.push(delete(&first).await.expect(404));
    replies.push(delete(&second).await.expect(400));
    assert_eq!(ids(&server.get(&path).send().await), [second]);
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn what_is_no_certificate_is_not_added() {
    let server = TestServer::start().await;
    let id = with_certificate(&server, CERTIFICATE).await;
    let path = format!("/connections/{id}/saml_idp_signing_certs");
    let cut = CERTIFICATE.replacen("MII", "AAA", 1);
    let mut replies = Vec::new();
    for (value, status) in [
        (json!("nonsense"), 400),
        (json!(format!("{CERTIFICATE}{CERTIFICATE}")), 400),
        (json!(CERTIFICATE.replace('M', "!")), 400),
        (json!(cut), 400),
        (json!(EXPIRED), 400),
        (json!(""), 422),
        (json!(null), 422),
        (json!([CERTIFICATE]), 422),
    ] {
        let reply = server.post(&path, &json!({"value": value})).send().await;
        replies.push(reply.expect(status));
    }
    assert_eq!(ids(&server.get(&path).send().await).len(), 1);
    // At its last instant a certificate is still one, and at the next it is not.
    server
        .clock()
        .set("2026-12-31T23:59:59.999Z".parse().expect("an instant"));
    let body = json!({"value": CERTIFICATE});
    let _ = server.post(&path, &body).send().await.expect(201);
    server.advance("1 ms");
    replies.push(server.post(&path, &body).send().await.expect(400));
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn those_of_the_service_provider_are_made() {
    let server = TestServer::start().await;
    let id = connection(&server, &json!({})).await;
    let signing = format!("/connections/{id}/saml_sp_signing_cert");
    let encryption = format!("/connections/{id}/saml_sp_encryption_certs");
    // A connection begins with one of each.
    let mut replies = vec![
        server.get(&signing).send().await.expect(200),
        server.get(&encryption).send().await.expect(200),
        server.call("POST", &signing).send().await.expect(409),
    ];
    let first = replies[0].string("/id");
    let delete = |id: &str| server.delete(&format!("{signing}/{id}"));
    replies.push(delete(&first).send().await.expect(204));
    replies.push(server.get(&signing).send().await.expect(404));
    replies.push(delete(&first).send().await.expect(404));
    server.advance("24 hours");
    let body = server.call("POST", &signing).json(&json!({}));
    replies.push(body.send().await.expect(201));
    for _ in 0..4 {
        let made = server.call("POST", &encryption).send().await.expect(201);
        let last = ids(&server.get(&encryption).send().await).pop();
        assert_eq!(last, Some(made.string("/id")), "the newest comes last");
    }
    replies.push(server.call("POST", &encryption).send().await.expect(409));
    let all = ids(&server.get(&encryption).send().await);
    assert_eq!(all.len(), 5);
    for id in &all {
        let path = format!("{encryption}/{id}");
        let _ = server.delete(&path).send().await.expect(204);
    }
    // Unlike those of the identity provider, even the last may go.
    replies.push(server.get(&encryption).send().await.expect(200));
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn one_seed_makes_the_same_certificates() {
    let mut bodies = Vec::new();
    for _ in 0..2 {
        let server = TestServer::start().await;
        let id = connection(&server, &json!({})).await;
        let path = format!("/connections/{id}/saml_sp_signing_cert");
        bodies.push(server.get(&path).send().await.expect(200).body);
    }
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn each_belongs_to_one_connection_that_uses_saml() {
    let server = TestServer::start().await;
    let saml = connection(&server, &json!({})).await;
    let other = connection(&server, &json!({})).await;
    let oidc = connection(&server, &json!({"connection_type": "GoogleOIDC"})).await;
    let get = async |id: &str, rest: &str| {
        let path = format!("/connections/{id}/{rest}");
        server.get(&path).send().await
    };
    let signing = get(&saml, "saml_sp_signing_cert").await.string("/id");
    let encryption = get(&saml, "saml_sp_encryption_certs").await;
    let encryption = encryption.string("/data/0/id");
    let mut replies = Vec::new();
    for (method, connection, rest, status) in [
        // Not this connection's, or not for this.
        (
            "DELETE",
            &other,
            format!("saml_sp_signing_cert/{signing}"),
            404,
        ),
        (
            "DELETE",
            &saml,
            format!("saml_sp_signing_cert/{encryption}"),
            404,
        ),
        (
            "DELETE",
            &saml,
            format!("saml_sp_encryption_certs/{signing}"),
            404,
        ),
        (
            "DELETE",
            &saml,
            format!("saml_idp_signing_certs/{signing}"),
            404,
        ),
        // No SAML.
        ("GET", &oidc, "saml_sp_signing_cert".to_owned(), 400),
        ("POST", &oidc, "saml_sp_signing_cert".to_owned(), 400),
        (
            "DELETE",
            &oidc,
            format!("saml_sp_signing_cert/{signing}"),
            404,
        ),
        ("GET", &oidc, "saml_sp_encryption_certs".to_owned(), 400),
        ("POST", &oidc, "saml_sp_encryption_certs".to_owned(), 400),
        (
            "DELETE",
            &oidc,
            format!("saml_sp_encryption_certs/{encryption}"),
            404,
        ),
        ("GET", &oidc, "saml_idp_signing_certs".to_owned(), 400),
        (
            "DELETE",
            &oidc,
            format!("saml_idp_signing_certs/{signing}"),
            400,
        ),
    ] {
        let path = format!("/connections/{connection}/{rest}");
        let reply = server.call(method, &path).send().await;
        replies.push(reply.expect(status));
    }
    let path = format!("/connections/{oidc}/saml_idp_signing_certs");
    let body = json!({"value": CERTIFICATE});
    replies.push(server.post(&path, &body).send().await.expect(400));
    replies.push(
        server
            .post(&path.replace(&oidc, "conn_x"), &body)
            .send()
            .await
            .expect(404),
    );
    assert_snapshot!(transcripts(replies));
}

#[tokio::test]
async fn notices_come_at_their_instants() {
    let server = TestServer::start().await;
    with_certificate(&server, ENDS_SOON).await;
    let end: Timestamp = "2026-02-01T00:00:00Z".parse().expect("an instant");
    let mut expected = Vec::new();
    // Those of ninety and sixty days are past when the certificate comes.
    for days in [30, 14, 7, 1, -7, -14] {
        let at = end - SignedDuration::from_hours(24 * days);
        server.clock().set(at - SignedDuration::from_millis(1));
        assert_eq!(notices(&server).await, expected, "{days}");
        server.clock().set(at);
        expected.push((format!("{at:.3}"), "ResponseSigning".to_owned(), days));
        assert_eq!(notices(&server).await, expected, "{days}");
    }
    server
        .clock()
        .set("2026-01-01T00:00:00Z".parse().expect("an instant"));
    assert_eq!(notices(&server).await, expected, "each comes once");
    let list = server.get(&NOTICES.replace("100", "5")).send().await;
    assert_snapshot!(list);
}

#[tokio::test]
async fn a_leap_of_the_clock_leaves_none_out_and_has_an_end() {
    let server = TestServer::start().await;
    with_certificate(&server, ENDS_SOON).await;
    let later = "2028-06-01T00:00:00Z".parse().expect("an instant");
    server.clock().set(later);
    let all = notices(&server).await;
    assert!(all.is_sorted_by_key(|(at, ..)| at.clone()), "{all:?}");
    let days: Vec<i64> = all.iter().map(|(_, _, days)| *days).collect();
    let expected: Vec<i64> = [30, 14, 7, 1]
        .into_iter()
        .chain((1..=52).map(|week| -7 * week))
        .collect();
    assert_eq!(days, expected);
    server.advance("8000 hours");
    // Three years after they were made, those of the service provider have their turn.
    let more = notices(&server).await;
    assert_eq!(more[..all.len()], all);
    let (_, kind, days) = &more[all.len()];
    assert_eq!((kind.as_str(), *days), ("RequestSigning", 90));
}

#[tokio::test]
async fn what_is_renewed_or_gone_needs_no_notice() {
    let server = TestServer::start().await;
    let renewed = with_certificate(&server, ENDS_SOON).await;
    let gone = with_certificate(&server, ENDS_SOON).await;
    server
        .clock()
        .set("2026-01-10T00:00:00Z".parse().expect("an instant"));
    assert_eq!(notices(&server).await.len(), 2);
    let path = format!("/connections/{renewed}/saml_idp_signing_certs");
    let body = json!({"value": CERTIFICATE});
    let _ = server.post(&path, &body).send().await.expect(201);
    let path = format!("/connections/{gone}");
    let _ = server.delete(&path).send().await.expect(204);
    server
        .clock()
        .set("2026-03-01T00:00:00Z".parse().expect("an instant"));
    assert_eq!(notices(&server).await.len(), 2);
    // The new one ends as well.
    server
        .clock()
        .set("2026-10-03T00:00:00Z".parse().expect("an instant"));
    let all = notices(&server).await;
    assert_eq!(all.len(), 3);
    assert_eq!(all[2].2, 90);
}
