//! What the command line prints once the server listens.

use serde_json::json;

use crate::MockServer;

/// For a person: where the server is, what opens it, and a first request to paste into a terminal.
#[must_use]
pub fn text(server: &MockServer) -> String {
    let url = server.url();
    let mut rows = vec![
        ("Address", url.to_owned()),
        ("API key", server.api_key().to_owned()),
        ("Client ID", server.client_id().to_owned()),
        ("Inspector", format!("{url}/_mock/")),
    ];
    let (next, path, body) = match server.organization_id() {
        Some(id) => {
            rows.push(("Organization", id.to_owned()));
            let body = json!({"organization": id, "intent": "sso"});
            (
                "Make a portal link, and open it in a browser:",
                "/portal/generate_link",
                body,
            )
        }
        None => (
            "Create an organization:",
            "/organizations",
            json!({"name": "Acme"}),
        ),
    };
    let rows: Vec<String> = rows
        .iter()
        .map(|(name, value)| format!("  {name:<14}{value}"))
        .collect();
    let rows = rows.join("\n");
    let authorization = quoted(&format!("Authorization: Bearer {}", server.api_key()));
    let body = quoted(&body.to_string());
    let address = quoted(&format!("{url}{path}"));
    format!(
        "\nworkos-portal-mock {version} is listening.\n\n{rows}\n\n{next}\n\n  curl {address} \\\n    -H {authorization} \\\n    -H 'Content-Type: application/json' \\\n    -d {body}\n\nCtrl-C stops it.\n\n",
        version = env!("CARGO_PKG_VERSION"),
    )
}

/// For a program: the same as one line of JSON.
#[must_use]
pub fn json(server: &MockServer) -> String {
    let line = json!({
        "url": server.url(),
        "address": server.address(),
        "api_key": server.api_key(),
        "client_id": server.client_id(),
        "organization_id": server.organization_id(),
    });
    format!("{line}\n")
}

/// `text` as one word of a POSIX shell.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, KeyConfig};

    #[tokio::test]
    async fn the_request_survives_a_shell() {
        let config = Config {
            keys: vec![KeyConfig::new("sk_it's$HOME")],
            ..Config::default()
        };
        let server = MockServer::builder()
            .config(config)
            .start()
            .await
            .expect("a server");
        let text = text(&server);
        assert!(
            text.contains(r"-H 'Authorization: Bearer sk_it'\''s$HOME'"),
            "{text}"
        );
        assert!(
            text.contains(r#"-d '{"organization":"org_test_idp","intent":"sso"}'"#),
            "{text}"
        );
    }

    #[tokio::test]
    async fn behind_a_public_address_the_one_listened_on_is_told_too() {
        let public = "https://portal.example".parse().expect("a URL");
        let server = MockServer::builder()
            .public_url(public)
            .start()
            .await
            .expect("a server");
        let line: serde_json::Value = serde_json::from_str(&json(&server)).expect("JSON");
        assert_eq!(line["url"], "https://portal.example");
        assert_eq!(line["address"], server.address().to_string());
    }

    #[tokio::test]
    async fn without_an_organization_the_first_request_creates_one() {
        let config = Config {
            test_organization: false,
            ..Config::default()
        };
        let server = MockServer::builder()
            .config(config)
            .start()
            .await
            .expect("a server");
        assert!(text(&server).contains("/organizations"));
        let line: serde_json::Value = serde_json::from_str(&json(&server)).expect("JSON");
        assert!(line["organization_id"].is_null() && line["url"].is_string());
        assert_eq!(json(&server).lines().count(), 1);
    }
}
