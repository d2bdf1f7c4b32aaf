//! `link`, `organizations`, `providers` and `completions`.

use std::process::Command;

use serde_json::{Value, json};

use crate::server::Server;
use crate::{KEY, json_answer, page, program, told, with};

const LINK: &str = "https://setup.example/launch?token=t0ken";

fn organization(number: u32) -> Value {
    json!({
        "object": "organization", "id": format!("org_{number}"), "name": format!("Acme\u{1b}[31m {number}"),
        "metadata": {}, "external_id": null,
        "domains": [{
            "object": "organization_domain", "id": "org_domain_1", "organization_id": "org_1",
            "domain": "acme.example", "state": "verified",
            "created_at": "2026-01-02T03:04:05.678Z", "updated_at": "2026-01-02T03:04:05.678Z"
        }],
        "created_at": "2026-01-02T03:04:05.678Z", "updated_at": "2026-01-02T03:04:05.678Z",
    })
}

#[test]
fn a_link_is_printed_alone_where_nobody_reads() {
    let server = Server::new(
        "201 Created",
        "content-type: application/json",
        json!({ "link": LINK }).to_string(),
    );
    let arguments = [
        "link",
        "--organization",
        "org_1",
        "--intent",
        "sso",
        "--return-url",
        "https://a.example/b",
        "--external-user-id",
        "user_7",
    ];
    let output = told(&mut with(&server, &arguments));
    assert_eq!(output, (Some(0), format!("{LINK}\n"), String::new()));
    let request = server.request().expect("a request");
    assert_eq!(request.line, "POST /portal/generate_link");
    let body: Value = serde_json::from_str(&request.body).expect("JSON");
    assert_eq!(
        body,
        json!({
            "organization": "org_1", "intent": "sso", "return_url": "https://a.example/b",
            "external_user_id": "user_7"
        })
    );

    let output = told(with(&server, &arguments).arg("--json"));
    assert_eq!(output.1, format!("{{\"link\":\"{LINK}\"}}\n"));
}

/// A folder with a browser in it that ends with `code`, and writes down what it was to open.
#[cfg(all(unix, not(target_os = "macos")))]
fn browser(code: u8) -> tempfile::TempDir {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("xdg-open");
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$@\" > \"${{0%/*}}/opened\"\nexit {code}\n");
    fs::write(&path, script).expect("a script");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program");
    folder
}

#[test]
#[cfg(all(unix, not(target_os = "macos")))]
fn a_link_is_opened_in_the_browser() {
    use std::fs;

    let link = [
        "link",
        "--organization",
        "org_1",
        "--intent",
        "sso",
        "--open",
    ];
    let none = "warning: no browser could be started\n";
    let foreign = "file:///etc/passwd";
    for (address, code, opened, err) in [
        (LINK, 0, Some(format!("{LINK}\n")), ""),
        (LINK, 3, Some(format!("{LINK}\n")), none),
        // A browser would open that too, but no portal is there.
        (foreign, 0, None, none),
    ] {
        let server = Server::json(json!({ "link": address }).to_string());
        let browser = browser(code);
        let mut command = with(&server, &link);
        let output = told(command.env("PATH", browser.path()));
        let expected = (Some(0), format!("{address}\n"), err.to_owned());
        assert_eq!(output, expected);
        let seen = fs::read_to_string(browser.path().join("opened"));
        assert_eq!(seen.ok(), opened, "{address} {code}");
    }
    let server = Server::json(json!({ "link": LINK }).to_string());
    let empty = tempfile::tempdir().expect("a folder");
    let output = told(with(&server, &link).env("PATH", empty.path()));
    assert_eq!(output, (Some(0), format!("{LINK}\n"), none.to_owned()));
}

#[test]
fn help_tells_the_address_that_is_called() {
    for arguments in [&["--help"][..], &["-h"], &["link", "--help"]] {
        let (code, out, _) = told(program().args(arguments).env("COLUMNS", "400"));
        assert_eq!(code, Some(0));
        let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
        let told = "such as that of a mock server [default: https://api.workos.com] [env: WORKOS_BASE_URL]";
        assert!(out.contains(told), "{out}");
    }
}

#[test]
fn wrong_use_exits_with_2() {
    for arguments in [
        &["link", "--organization", "org_1", "--intent", "banana"][..],
        &["link", "--intent", "sso"],
        &["organizations", "--limit", "0"],
        &["events", "tail", "--since", "yesterday"],
        &["events", "tail", "--interval", "0"],
        &[
            "events",
            "tail",
            "--from",
            "event_1",
            "--since",
            "2026-01-01T00:00:00Z",
        ],
        &["doctor", "--offline", "--organization", "org_1"],
        &["nothing"],
        &[],
    ] {
        let (code, out, _) = told(program().args(arguments));
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}");
    }
}

#[test]
fn failures_are_told_with_what_to_do() {
    let link = ["link", "--organization", "org_1", "--intent", "sso"];
    let mut told_ones = Vec::new();
    let mut tell = |what: &str, command: &mut Command| {
        let (code, out, err) = told(command);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{what}");
        assert!(!err.contains("do_not_show"), "{what}");
        told_ones.push(format!("{what}\n{err}"));
    };
    tell("no key", program().args(link));
    tell(
        "no key at all",
        program()
            .args(link)
            .env("WORKOS_API_KEY", "client_do_not_show"),
    );
    let base_url = ["--base-url", "ftp://u:do_not_show@a"];
    tell(
        "no address",
        program()
            .args(link)
            .args(base_url)
            .env("WORKOS_API_KEY", KEY),
    );
    for (status, body) in [
        ("401 Unauthorized", json!({"message": "Unauthorized"})),
        ("403 Forbidden", json!({"message": "No permission."})),
        (
            "404 Not Found",
            json!({"message": "No.", "code": "organization_not_found", "entity_id": "org_1"}),
        ),
        (
            "429 Too Many Requests",
            json!({"message": "Rate limit exceeded."}),
        ),
        (
            "422 Unprocessable Entity",
            json!({"message": "Validation failed", "errors": [
                {"field": "return_url", "code": "invalid_url", "message": "It is \u{1b}[31mno URL."}
            ]}),
        ),
        ("200 OK", json!({"a": "do_not_show"})),
    ] {
        let header = "content-type: application/json\r\nretry-after: 100000";
        let server = Server::new(status, header, body.to_string());
        let mut command = with(&server, &link);
        let (code, out, err) = told(&mut command);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{status}");
        assert!(!err.contains("do_not_show"), "{status}");
        told_ones.push(format!(
            "{status}\n{}",
            err.replace(&server.url, "http://server")
        ));
    }
    insta::assert_snapshot!(told_ones.join("\n"));
}

#[test]
fn organizations_are_a_table_or_json() {
    let list = page(&[organization(1), organization(22)]);
    let server = Server::json(list.to_string());
    let (code, out, _) = told(&mut with(&server, &["organizations", "--search", "acme"]));
    assert_eq!(code, Some(0));
    insta::assert_snapshot!(out, @r"
    ID      NAME          DOMAINS
    org_1   Acme�[31m 1   acme.example
    org_22  Acme�[31m 22  acme.example
    ");
    let request = server.request().expect("a request");
    assert_eq!(request.line, "GET /organizations?limit=100&search=acme");

    let (_, out, err) = told(&mut with(&server, &["organizations", "--json"]));
    let organizations: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(organizations.as_array().map(Vec::len), Some(2));
    assert_eq!(organizations[0]["id"], "org_1");
    assert_eq!(err, "", "that is all of them");
}

#[test]
fn a_list_that_is_cut_says_so_beside_what_is_printed() {
    let list = json!({
        "object": "list", "data": [organization(1), organization(2)],
        "list_metadata": {"before": null, "after": "org_2"}
    });
    for format in [&["--json"][..], &[]] {
        let rest = page(&[organization(3)]);
        // One page has too many, or is full and not the last.
        for (limit, answers) in [("1", vec![&list]), ("2", vec![&list, &rest])] {
            let answers = answers.iter();
            let answers = answers.map(|answer| json_answer("200 OK", answer));
            let server = Server::in_turn(answers.collect());
            let mut command = with(&server, &["organizations", "--limit", limit]);
            let (code, out, err) = told(command.args(format));
            let shown = (1..=3).filter(|number| out.contains(&format!("org_{number}")));
            assert_eq!(shown.count().to_string(), limit, "{out}");
            let more = format!(
                "There are more than these {limit}: a higher --limit shows them, --search finds some.\n"
            );
            assert_eq!((code, err), (Some(0), more));
        }
    }
}

#[test]
fn providers_are_a_table_or_json() {
    let providers = json!([{
        "provider": "OktaSAML", "name": "Okta SAML", "icon_url": "https://a.example/1",
        "dark_icon_url": "https://a.example/2"
    }]);
    let server = Server::json(providers.to_string());
    let (code, out, _) = told(&mut with(&server, &["providers"]));
    assert_eq!(code, Some(0));
    insta::assert_snapshot!(out, @r"
    PROVIDER  NAME
    OktaSAML  Okta SAML
    ");
    let (_, out, _) = told(&mut with(&server, &["providers", "--json"]));
    assert_eq!(
        serde_json::from_str::<Value>(&out).expect("JSON"),
        providers
    );
}

#[test]
fn a_secret_in_the_environment_is_never_shown() {
    for arguments in [
        &["--help"][..],
        &["link", "--help"],
        &["doctor", "--nothing"],
    ] {
        let (_, out, err) = told(
            program()
                .args(arguments)
                .env("WORKOS_API_KEY", KEY)
                .env("WORKOS_BASE_URL", "http://u:do_not_show@a"),
        );
        assert!(
            !format!("{out}{err}").contains("do_not_show"),
            "{arguments:?}"
        );
    }
}

#[test]
fn shells_are_told_how_to_complete() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, out, err) = told(program().args(["completions", shell]));
        assert_eq!((code, err.as_str()), (Some(0), ""), "{shell}");
        for word in ["doctor", "intent", "organizations"] {
            assert!(out.contains(word), "{shell}: {word}");
        }
    }
}
