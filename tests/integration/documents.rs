//! The documents in `openapi/`: up to date, complete, and changed by nobody unseen.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use contract_tests::{
    TestServer,
    judge::{CONTROL, PORTAL},
};
use insta::assert_snapshot;
use serde_json::Value;
use xtask::openapi::{Command, Outcome, run};

/// Where the documents are.
const OPENAPI: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi");

fn told(command: &Command, dir: &Path) -> (Result<Outcome, String>, String) {
    let mut out = Vec::new();
    let outcome = run(command, dir, &mut out).map_err(|error| format!("{error:#}"));
    (outcome, String::from_utf8(out).expect("the report is text"))
}

#[test]
fn portal_json_and_client_json_are_up_to_date() {
    let (outcome, report) = told(&Command::Curate { check: true }, Path::new(OPENAPI));
    assert_eq!(outcome, Ok(Outcome::Same), "{report}");
}

#[test]
fn a_document_that_was_edited_by_hand_is_out_of_date() {
    let dir = copy();
    let path = dir.path().join("portal.json");
    let text = std::fs::read_to_string(&path)
        .expect("the document")
        .replacen("organization", "organisation", 1);
    std::fs::write(&path, &text).expect("an edit");
    let (outcome, _) = told(&Command::Curate { check: true }, dir.path());
    let error = outcome.expect_err("it is out of date");
    assert!(
        error.contains("portal.json") && error.contains("cargo xtask openapi curate"),
        "{error}"
    );
    assert_eq!(
        std::fs::read_to_string(&path).expect("the document"),
        text,
        "a check writes nothing"
    );
    assert_eq!(
        told(&Command::Curate { check: false }, dir.path()).0,
        Ok(Outcome::Same)
    );
    assert_eq!(
        told(&Command::Curate { check: true }, dir.path()).0,
        Ok(Outcome::Same)
    );
}

#[tokio::test]
async fn control_json_is_what_a_server_serves() {
    let server = TestServer::start().await;
    let mut told = server
        .get("/_mock/openapi.json")
        .send()
        .await
        .expect(200)
        .json();
    assert_eq!(told["servers"][0]["url"], server.public_url());
    told["servers"] = CONTROL.root()["servers"].clone();
    let difference = "control.json is out of date: run `cargo xtask control`";
    assert!(told == *CONTROL.root(), "{difference}");
}

/// A folder with what `pull` and `curate` read and write.
fn copy() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for name in [
        "curation.toml",
        "overlay.yaml",
        "upstream.json",
        "portal.json",
        "client.json",
    ] {
        std::fs::copy(Path::new(OPENAPI).join(name), dir.path().join(name)).expect("a copy");
    }
    dir
}

#[test]
fn the_contract_and_the_client_have_the_same_operations() {
    let client =
        std::fs::read_to_string(Path::new(OPENAPI).join("client.json")).expect("the document");
    let client: Value = serde_json::from_str(&client).expect("JSON");
    let mut of_client: Vec<&str> = client["paths"]
        .as_object()
        .expect("paths")
        .values()
        .flat_map(|item| item.as_object().expect("an item").values())
        .filter_map(|operation| operation["operationId"].as_str())
        .collect();
    let mut of_contract: Vec<&str> = PORTAL
        .operations()
        .iter()
        .map(|operation| operation.id.as_str())
        .collect();
    of_client.sort_unstable();
    of_contract.sort_unstable();
    assert_eq!(of_client, of_contract);
    of_contract.dedup();
    assert_eq!(of_contract.len(), 54);
    let mistaken = |id: &&&str| {
        !id.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            || id.contains("controller")
    };
    assert_eq!(of_contract.iter().find(mistaken), None);
}

/// One line for each operation, parameter, status, member and enum of the contract: what a review has to see.
#[test]
fn the_surface() {
    let mut surface = String::new();
    for operation in PORTAL.operations() {
        let declared = &PORTAL.root()["paths"][operation.path.as_str()]
            [operation.method.to_lowercase().as_str()];
        let _ = writeln!(
            surface,
            "{} {} {}",
            operation.id, operation.method, operation.path
        );
        for parameter in declared["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().expect("a name");
            let place = parameter["in"].as_str().expect("a place");
            let mark = if parameter["required"] == true {
                "!"
            } else {
                ""
            };
            let _ = writeln!(
                surface,
                "  {place} {name}{mark}: {}",
                kind(&parameter["schema"])
            );
        }
        if let Some(schema) = declared.pointer("/requestBody/content/application~1json/schema") {
            let mark = if declared["requestBody"]["required"] == true {
                "!"
            } else {
                ""
            };
            let _ = writeln!(surface, "  body{mark}: {}", kind(schema));
        }
        for (status, answer) in declared["responses"].as_object().expect("responses") {
            let answer = answer["$ref"].as_str().map_or(answer, |reference| {
                PORTAL.root().pointer(&reference[1..]).expect("a response")
            });
            let content = answer["content"].as_object().into_iter().flatten().next();
            let content = content.map_or("nothing".to_owned(), |(media_type, content)| {
                format!("{media_type} {}", kind(&content["schema"]))
            });
            let _ = writeln!(surface, "  {status}: {content}");
        }
    }
    for (name, schema) in PORTAL.root()["components"]["schemas"]
        .as_object()
        .expect("schemas")
    {
        let _ = writeln!(surface, "{name}: {}", kind(schema));
        members(schema, 1, &mut surface);
    }
    assert_snapshot!(surface);
}

/// A schema in a few words.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    for keyword in ["oneOf", "anyOf", "allOf"] {
        if let Some(branches) = schema[keyword].as_array() {
            let branches: Vec<String> = branches.iter().map(kind).collect();
            return format!("{keyword}({})", branches.join(", "));
        }
    }
    let mut words = match &schema["type"] {
        Value::String(name) => name.clone(),
        Value::Array(names) => names
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join("|"),
        _ => "anything".to_owned(),
    };
    if let Some(items) = schema.get("items") {
        let _ = write!(words, " of {}", kind(items));
    }
    if let Some(values @ Value::Object(_)) = schema.get("additionalProperties") {
        let _ = write!(words, " of any {}", kind(values));
    }
    for keyword in [
        "const",
        "enum",
        "format",
        "pattern",
        "default",
        "minimum",
        "maximum",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "maxProperties",
        "propertyNames",
        "additionalProperties",
        "x-alias-of",
        "x-clears-on-null",
    ] {
        match schema.get(keyword) {
            Some(Value::Object(_)) if keyword == "additionalProperties" => {}
            Some(value) => {
                let _ = write!(words, " {keyword}={value}");
            }
            None => {}
        }
    }
    words
}

fn members(schema: &Value, depth: usize, surface: &mut String) {
    let required = schema["required"].as_array();
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        let mark = if required.is_some_and(|required| required.iter().any(|one| one == name)) {
            "!"
        } else {
            ""
        };
        let _ = writeln!(
            surface,
            "{}{name}{mark}: {}",
            "  ".repeat(depth),
            kind(member)
        );
        members(member, depth + 1, surface);
        members(&member["items"], depth + 1, surface);
    }
    for keyword in ["oneOf", "anyOf", "allOf"] {
        for branch in schema[keyword].as_array().into_iter().flatten() {
            members(branch, depth + 1, surface);
        }
    }
}

/// WorkOS's own documents, where `UPSTREAM_SPEC` names a folder that has them.
fn upstream(name: &str, test: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("UPSTREAM_SPEC") else {
        eprintln!(
            "{test} did not run: UPSTREAM_SPEC does not name a folder with WorkOS's documents"
        );
        return None;
    };
    let path = PathBuf::from(folder).join(name);
    assert!(
        path.is_file(),
        "UPSTREAM_SPEC names a folder without {name}"
    );
    Some(path)
}

#[test]
fn pulling_from_workos_gives_the_committed_document() {
    let Some(source) = upstream(
        "open-api-spec.yaml",
        "pulling_from_workos_gives_the_committed_document",
    ) else {
        return;
    };
    let dir = copy();
    std::fs::remove_file(dir.path().join("upstream.json")).expect("it was copied");
    let from = Some(source.display().to_string());
    let (outcome, report) = told(
        &Command::Pull {
            from: from.clone(),
            commit: None,
        },
        dir.path(),
    );
    assert_eq!(outcome, Ok(Outcome::Same), "{report}");
    for name in ["upstream.json", "curation.toml"] {
        let read = |dir: &Path| std::fs::read(dir.join(name)).expect("the document");
        assert!(
            read(dir.path()) == read(Path::new(OPENAPI)),
            "{name} differs from the committed one"
        );
    }
    let (outcome, report) = told(&Command::Diff { from, json: false }, dir.path());
    assert_eq!(outcome, Ok(Outcome::Same), "{report}");
}

#[test]
fn an_older_document_of_workos_differs_in_what_is_known() {
    let Some(source) = upstream(
        "open-api-spec.2026-06-30.yaml",
        "an_older_document_of_workos_differs_in_what_is_known",
    ) else {
        return;
    };
    let from = Some(source.display().to_string());
    let (outcome, report) = told(
        &Command::Diff {
            from: from.clone(),
            json: false,
        },
        Path::new(OPENAPI),
    );
    assert_eq!(outcome, Ok(Outcome::Different), "{report}");
    assert_snapshot!("diff_to_an_older_document", report);
    let (outcome, report) = told(&Command::Diff { from, json: true }, Path::new(OPENAPI));
    assert_eq!(outcome, Ok(Outcome::Different));
    let report: Value = serde_json::from_str(&report).expect("one JSON document");
    assert!(!report.is_null());
}

#[test]
fn a_source_that_cannot_be_used_changes_nothing() {
    let dir = copy();
    let before = std::fs::read(dir.path().join("upstream.json")).expect("the document");
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    };
    for (from, expected) in [
        (
            dir.path().join("missing.yaml").display().to_string(),
            "missing.yaml",
        ),
        (write("broken.yaml", "openapi: [3.1"), "YAML"),
        (write("old.yaml", "openapi: 3.0.3\npaths: {}\n"), "3.1"),
        (write("list.json", "[]"), "no OpenAPI document"),
        (
            write(
                "empty.json",
                r#"{"openapi":"3.1.0","info":{"title":"x","version":"1"},"paths":{}}"#,
            ),
            "/",
        ),
    ] {
        let (outcome, _) = told(
            &Command::Pull {
                from: Some(from.clone()),
                commit: None,
            },
            dir.path(),
        );
        let error = outcome.expect_err("it cannot be used");
        assert!(error.contains(expected), "{from}: {error}");
        assert!(
            std::fs::read(dir.path().join("upstream.json")).expect("the document") == before,
            "{from}"
        );
    }
}
