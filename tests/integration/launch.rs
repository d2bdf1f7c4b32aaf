//! Opening a link: once, by a person, in one browser.

use contract_tests::{Reply, TestServer};
use insta::assert_snapshot;
use serde_json::json;

use crate::support::{link, words};

#[tokio::test]
async fn a_link_opens_once() {
    let server = TestServer::start().await;
    let link = link(&server).await;
    let visitor = server.visitor();
    let session = visitor.open(&link).await;
    server.advance("10s");
    let second = server.visitor();
    let page = second.get(&link).await.expect(410);
    assert!(!second.has_cookies());
    assert_snapshot!(words(&page));
    // Nor does looking at the page of someone else's session work.
    let _ = second.get(&session).await.expect(403);
    let _ = second.finish(&session).await.expect(403);
    let _ = visitor.get(&session).await.expect(200);
}

#[tokio::test]
async fn the_browser_that_holds_the_session_goes_back_to_it() {
    let server = TestServer::start().await;
    let link = link(&server).await;
    let visitor = server.visitor();
    let session = visitor.open(&link).await;
    for _ in 0..3 {
        server.advance("PT4M");
        let reply = visitor.get(&link).await.expect(303);
        assert_eq!(reply.header("location"), session);
    }
    let _ = visitor.finish(&session).await.expect(303);
    let _ = visitor.get(&link).await.expect(410);
}

#[tokio::test]
async fn what_only_looks_does_not_open() {
    let server = TestServer::start().await;
    let link = link(&server).await;
    let visitor = server.visitor();
    for (method, headers) in [
        ("HEAD", &[][..]),
        ("OPTIONS", &[]),
        ("GET", &[("sec-purpose", "prefetch")]),
        ("GET", &[("sec-purpose", "prefetch;prerender")]),
        ("GET", &[("sec-purpose", "prefetch;anonymous-client-ip")]),
        ("GET", &[("purpose", "prefetch")]),
        ("GET", &[("x-purpose", "preview")]),
        ("GET", &[("x-moz", "prefetch")]),
    ] {
        let reply = visitor.request(method, &link, headers).await;
        assert!(
            reply.status < 500 && reply.header("location").is_empty() && !visitor.has_cookies(),
            "{method} {headers:?}: {reply}"
        );
        let may_be_kept = reply.header("cache-control");
        assert!(
            may_be_kept.contains("no-store"),
            "{method} {headers:?} must not stand in for the real visit: {reply}"
        );
    }
    visitor.open(&link).await;
}

#[tokio::test]
async fn other_methods_do_not_open_either() {
    let server = TestServer::start().await;
    let link = link(&server).await;
    let visitor = server.visitor();
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let reply = visitor.request(method, &link, &[]).await.expect(405);
        assert!(
            reply.header("allow").contains("GET") && !visitor.has_cookies(),
            "{reply}"
        );
    }
    let session = visitor.open(&link).await;
    let reply = visitor.get(&format!("{session}/finish")).await.expect(405);
    assert_eq!(reply.header("allow"), "POST");
    let _ = visitor.get(&session).await.expect(200);
}

/// The attributes of every cookie, without its name and value.
fn attributes(reply: &Reply) -> Vec<String> {
    let cookies = reply
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|value| value.to_str().expect("text"));
    cookies
        .map(|cookie| cookie.split_once("; ").expect("attributes").1.to_owned())
        .collect()
}

#[tokio::test]
async fn the_cookie_is_out_of_reach() {
    let public = TestServer::start().await;
    let reply = public.visitor().get(&link(&public).await).await.expect(303);
    let session = reply.header("location");
    let expected = |secure: &str| {
        [
            format!("Path={session}; HttpOnly; SameSite=Lax{secure}"),
            format!("Path=/portal/launch; HttpOnly; SameSite=Lax{secure}"),
        ]
    };
    assert_eq!(attributes(&reply), expected("; Secure"));
    let id = session
        .strip_prefix("/portal/sessions/")
        .expect("a session");
    for cookie in reply.headers.get_all("set-cookie") {
        let (name, value) = cookie
            .to_str()
            .expect("text")
            .split(';')
            .next()
            .and_then(|pair| pair.split_once('='))
            .expect("a pair");
        assert!(
            name.contains(id) && value.len() >= 22 && !session.contains(value),
            "{reply}"
        );
    }
    assert!(reply.header("cache-control").contains("no-store"));

    // Over plain http a browser would drop a cookie that is for https only.
    let local = TestServer::with(|config| {
        config.public_url = Some("http://portal.example.test".parse().expect("an address"));
    })
    .await;
    let link = link(&local).await;
    let reply = local
        .visitor()
        .get(
            link.strip_prefix("http://portal.example.test")
                .expect("its link"),
        )
        .await
        .expect(303);
    let session = reply.header("location");
    assert_eq!(
        attributes(&reply),
        [
            format!("Path={session}; HttpOnly; SameSite=Lax"),
            "Path=/portal/launch; HttpOnly; SameSite=Lax".to_owned(),
        ]
    );
}

#[tokio::test]
async fn a_cookie_that_was_made_up_opens_nothing() {
    let server = TestServer::start().await;
    let link = link(&server).await;
    let owner = server.visitor();
    let session = owner.open(&link).await;
    let id = session
        .strip_prefix("/portal/sessions/")
        .expect("a session");
    for value in [
        "",
        "x",
        "\u{1f}",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "%00",
        "a=b",
        "\"quoted\"",
    ] {
        let Ok(cookie) = reqwest::header::HeaderValue::from_str(&format!("{id}={value}")) else {
            continue;
        };
        let cookie = cookie.to_str().expect("text").to_owned();
        let _ = server
            .visitor()
            .request("GET", &session, &[("cookie", &cookie)])
            .await
            .expect(403);
        let _ = server
            .visitor()
            .request("GET", &link, &[("cookie", &cookie)])
            .await
            .expect(410);
    }
    // A link's token is no session's secret.
    let token = link.split_once("token=").expect("a token").1;
    let _ = server
        .visitor()
        .request("GET", &session, &[("cookie", &format!("{id}={token}"))])
        .await
        .expect(403);
}

#[tokio::test]
async fn a_form_of_another_page_finishes_nothing() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let session = visitor.open(&link(&server).await).await;
    let finish = format!("{session}/finish");
    for site in ["cross-site", "same-site"] {
        let _ = visitor
            .request("POST", &finish, &[("sec-fetch-site", site)])
            .await
            .expect(403);
    }
    // Nor does one without the token that the session's own forms carry, or with another's.
    let _ = visitor.post(&finish).await.expect(403);
    let other = visitor.open(&link(&server).await).await;
    let _ = visitor.get(&other).await.expect(200);
    let body = format!("form_token={}", visitor.token_of(&other).expect("a token"));
    let _ = visitor.send("POST", &finish, &[], &body).await.expect(403);
    let _ = visitor.get(&session).await.expect(200);
    let _ = visitor.finish(&session).await.expect(303);
}

#[tokio::test]
async fn addresses_that_lead_nowhere() {
    let server = TestServer::start().await;
    let good = link(&server).await;
    let token = good.split_once("token=").expect("a token").1;
    let mut changed = token.to_owned();
    let last = changed.pop().expect("a character");
    changed.push(if last == 'A' { 'B' } else { 'A' });
    let long = "a".repeat(8_000);
    for query in [
        "",
        "?",
        "?token",
        "?token=",
        "?token=x",
        "?Token=x",
        "?token=%00",
        "?token=%ff",
        "?token=..%2F..",
        "?token=<script>",
        &format!("?token={changed}"),
        &format!("?token={token}x"),
        &format!("?token={}", &token[1..]),
        &format!("?token={long}"),
        &format!("?secret={token}"),
    ] {
        let reply = server
            .visitor()
            .get(&format!("/portal/launch{query}"))
            .await
            .expect(404);
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
        assert!(!reply.text().contains("<script"), "{reply}");
    }
    for session in [
        "x",
        "portal_session_01H00000000000000000000000",
        "%ff",
        "a%2Fb",
        "%3Cscript%3E",
    ] {
        let path = format!("/portal/sessions/{session}");
        let visitor = server.visitor();
        for reply in [visitor.get(&path).await, visitor.finish(&path).await] {
            assert_eq!(
                (reply.status, reply.header("content-type")),
                (403, "text/html; charset=utf-8"),
                "{reply}"
            );
        }
    }
    // None of it has touched the link.
    server.visitor().open(&good).await;
}

#[tokio::test]
async fn a_page_protects_whoever_looks_at_it() {
    let server = TestServer::start().await;
    let name = "<script>alert(1)</script>\"'&";
    let organization = crate::support::organization(&server, &json!({"name": name})).await;
    let body = json!({"organization": organization, "return_url": "https://app.example/?a=1&b=\"><script>"});
    let reply = server.post("/portal/generate_link", &body).send().await;
    let link = if reply.status == 201 {
        reply.string("/link")
    } else {
        server
            .post(
                "/portal/generate_link",
                &json!({"organization": organization}),
            )
            .send()
            .await
            .expect(201)
            .string("/link")
    };
    let visitor = server.visitor();
    let session = visitor.open(&link).await;
    let page = visitor.get(&session).await.expect(200);
    assert!(
        !page.text().contains("<script") && page.text().contains("alert(1)"),
        "{page}"
    );
    let dead = server.visitor().get(&link).await.expect(410);
    for page in [page, dead] {
        let policy = page.header("content-security-policy").to_owned();
        assert!(
            policy.contains("frame-ancestors 'self'") && policy.contains("default-src 'none'"),
            "{policy}"
        );
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("x-frame-options"), "SAMEORIGIN");
        assert!(
            page.header("referrer-policy").contains("no-referrer")
                || page.header("referrer-policy") == "same-origin"
        );
        assert!(page.header("cache-control").contains("no-store"));
        let token = link.split_once("token=").expect("a token").1;
        assert!(!page.text().contains(token));
    }
}
