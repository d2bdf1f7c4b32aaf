//! What `doctor` makes of the API's answers.

use serde_json::json;

use crate::apps::{App, found, key};
use crate::server::{Server, answer};
use crate::{program, told};

#[test]
fn the_api_says_what_it_thinks_of_the_key() {
    let nobody = json!({"message": "No.", "code": "organization_not_found", "entity_id": "org_0"});
    let app = App::sound();
    let answers = [
        (
            "201 Created",
            json!({"link": "https://setup.example/hidden"}),
        ),
        ("404 Not Found", nobody),
        ("401 Unauthorized", json!({"message": "Unauthorized"})),
        ("403 Forbidden", json!({"message": "No permission."})),
        (
            "422 Unprocessable Entity",
            json!({"message": "Validation failed"}),
        ),
        ("200 OK", json!({"hidden": "hidden"})),
    ];
    let last = |text: String| {
        assert!(!text.contains("hidden"), "{text}");
        let (_, rest) = text
            .split_once("names a secret.\n")
            .expect("the checks before");
        let code = text.lines().next().expect("a line");
        format!("{code}\n{rest}")
    };
    let told =
        answers.map(|(status, body)| format!("{status}\n{}", last(app.online(status, &body, &[]))));
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn an_organization_is_looked_for() {
    let nobody = json!({"message": "No.", "code": "organization_not_found", "entity_id": "org_7"});
    let app = App::sound();
    let text = app.online(
        "404 Not Found",
        &nobody,
        &["--organization", "org_7", "--json"],
    );
    assert_eq!(
        found(&text),
        [("organization".to_owned(), "failure".to_owned(), Vec::new())]
    );

    let organization = json!({
        "object": "organization", "id": "org_7", "name": "Acme", "metadata": {}, "domains": [], "external_id": null,
        "created_at": "2026-01-02T03:04:05.678Z", "updated_at": "2026-01-02T03:04:05.678Z",
    });
    let header = "content-type: application/json";
    let server = Server::in_turn(vec![
        answer(
            "201 Created",
            header,
            json!({"link": "https://setup.example/"}).to_string(),
        ),
        answer("200 OK", header, organization.to_string()),
    ]);
    let text = app.doctor(&["--base-url", &server.url, "--organization", "org_7"]);
    assert!(
        text.contains("The organization org_7 exists: Acme."),
        "{text}"
    );
    let asked: Vec<String> = server
        .requests()
        .into_iter()
        .map(|request| request.line)
        .collect();
    assert_eq!(
        asked,
        ["POST /portal/generate_link", "GET /organizations/org_7"]
    );
}

#[test]
fn an_address_in_a_file_is_for_the_key_in_that_file() {
    let body = json!({"message": "No.", "code": "organization_not_found", "entity_id": "org_0"});
    let server = Server::new(
        "404 Not Found",
        "content-type: application/json",
        body.to_string(),
    );
    let app = App::sound();
    let own = format!(
        "WORKOS_API_KEY={}\nWORKOS_BASE_URL={}\n",
        key("test_"),
        server.url
    );
    app.file(".env.local", own);
    let text = app.doctor(&[]);
    assert!(
        text.contains(&format!("{} accepts the API key.", server.url)),
        "{text}"
    );
    assert_eq!(server.requests().len(), 1);

    // A key of another place is not sent there; this one could not be sent at all.
    let (_, out, _) = told(
        program()
            .arg("doctor")
            .arg(app.path())
            .env("WORKOS_API_KEY", format!("{}\u{1}", key(""))),
    );
    assert!(out.contains("The API cannot be called"), "{out}");
    assert!(server.requests().is_empty());
}
