//! `cargo xtask openapi` from outside: sources good and bad, what is written, and what is not.

use std::{fs, net::TcpListener};

use sha2::{Digest as _, Sha256};
use xtask::openapi::{Command, Outcome};

mod support;

use support::{CURATION, DOCUMENT, Folder, Server, diff, pull};

fn sha256(text: &str) -> String {
    Sha256::digest(text)
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[test]
fn a_pull_writes_the_structure_and_where_it_is_from() {
    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
    let folder = Folder::new();
    let server = Server::document(DOCUMENT);
    let url = server.url(&format!("/owner/name/{COMMIT}/spec.yaml"));
    let output = folder.xtask(&["pull", "--from", &url]);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));
    let said = format!("upstream.json: 1 operations, 1 schemas from {url}\n");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), said);
    let expected = CURATION
        .replace("an older one", COMMIT)
        .replace("2020-01-01", "2026-01-02")
        .replace("\"00\"", &format!("\"{}\"", sha256(DOCUMENT)));
    assert_eq!(folder.read("curation.toml"), expected);
    let upstream = folder.read("upstream.json");
    assert!(
        !upstream.contains("Their words") && !upstream.contains("others"),
        "{upstream}"
    );
    let upstream: serde_json::Value = serde_json::from_str(&upstream).unwrap();
    let schema = serde_json::json!({ "type": "object", "properties": { "id": { "type": "string" } }, "required": ["id"] });
    assert_eq!(
        upstream["components"]["schemas"],
        serde_json::json!({ "ThingDto": schema })
    );
}

#[test]
fn a_commit_can_be_told_and_is_not_kept_from_another_document() {
    let folder = Folder::new();
    let source = folder.source(DOCUMENT);
    folder
        .run(&Command::Pull {
            from: Some(source),
            commit: Some("7fd8359".to_owned()),
        })
        .unwrap();
    assert!(
        folder
            .read("curation.toml")
            .contains("commit = \"7fd8359\"")
    );
    folder
        .run(&pull(&folder.source(format!("{DOCUMENT}# newer\n"))))
        .unwrap();
    assert!(!folder.read("curation.toml").contains("commit ="));
}

#[test]
fn the_same_bytes_again_change_nothing() {
    let folder = Folder::new();
    let source = folder.source(DOCUMENT);
    folder.run(&pull(&source)).unwrap();
    folder.write(
        "curation.toml",
        folder.read("curation.toml").replace("date = ", "date =  "),
    );
    let before = folder.contents();
    folder.run(&pull(&source)).unwrap();
    assert_eq!(folder.contents(), before);
}

#[test]
fn json_is_as_good_as_yaml() {
    let folder = Folder::new();
    folder.run(&pull(&folder.source(DOCUMENT))).unwrap();
    let upstream = folder.read("upstream.json");
    // What was cut holds everything that is cut from it.
    folder.run(&pull(&folder.source(&upstream))).unwrap();
    assert_eq!(folder.read("upstream.json"), upstream);
}

#[test]
fn a_source_that_does_not_answer_is_refused() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    Folder::new().refuses(&format!("http://{closed}/spec.yaml"), " is not reachable: ");
    let folder = Folder::new();
    folder.refuses(
        folder.path().join("none.yaml").to_str().unwrap(),
        " is not readable: ",
    );
    folder.refuses(folder.path().to_str().unwrap(), " is not readable: ");
    let server = Server::new("404 Not Found", "Content-Length: 0\r\n", std::iter::empty());
    Folder::new().refuses(&server.url("/spec.yaml"), " answered 404 Not Found\n");
    let server = Server::new(
        "200 OK",
        "Content-Length: 9999\r\n",
        std::iter::once(DOCUMENT.as_bytes().to_vec()),
    );
    Folder::new().refuses(&server.url("/spec.yaml"), " broke off: ");
}

#[test]
fn a_source_that_is_no_openapi_3_1_document_is_refused() {
    for (text, complaint) in [
        (&b"openapi: \xff"[..], " is not text in UTF-8: "),
        (b"openapi: [", " is neither YAML nor JSON: "),
        (b"{\"openapi\": 3", " is not JSON: "),
        (
            b"<!doctype html>",
            " is no OpenAPI document: it has no `openapi` version\n",
        ),
        (
            b"swagger: '2.0'\npaths: {}",
            " is a Swagger document; OpenAPI 3.1 is needed\n",
        ),
        (
            b"openapi: 3.0.3\npaths: {}",
            " is OpenAPI 3.0.3; 3.1 is needed\n",
        ),
        (
            b"openapi: 3.1.0\npaths: {}",
            ": the document lacks POST /things\n",
        ),
    ] {
        let folder = Folder::new();
        folder.refuses(&folder.source(text), complaint);
    }
    let folder = Folder::new();
    let dangling = DOCUMENT.replace("schemas/ThingDto", "schemas/Gone");
    folder.refuses(
        &folder.source(dangling),
        ": `$ref` #/components/schemas/Gone leads nowhere\n",
    );
}

#[test]
fn a_source_that_is_too_large_is_refused() {
    let pieces = std::iter::repeat_n(vec![b'#'; 64 * 1024], 33 * 16);
    let server = Server::new("200 OK", "", pieces);
    Folder::new().refuses(&server.url("/spec.yaml"), " is larger than 32 MiB\n");
    let folder = Folder::new();
    let large = tempfile::NamedTempFile::new().unwrap();
    large.as_file().set_len(32 * 1024 * 1024 + 1).unwrap();
    folder.refuses(large.path().to_str().unwrap(), " is larger than 32 MiB\n");
}

#[test]
fn a_curation_that_is_no_curation_is_refused() {
    let folder = Folder::new();
    let source = folder.source(DOCUMENT);
    folder.write(
        "curation.toml",
        CURATION.replace("POST /things", "FETCH /things"),
    );
    let before = folder.contents();
    let error = folder.run(&pull(&source)).unwrap_err();
    assert!(
        error.contains("curation.toml: ")
            && error.contains("`FETCH /things` is not a method and a path"),
        "{error}"
    );
    assert_eq!(folder.contents(), before);
}

#[test]
fn curation_is_checked_and_repaired() {
    let folder = Folder::curated();
    let check = Command::Curate { check: true };
    let said = "portal.json and client.json are up to date\n".to_owned();
    assert_eq!(folder.run(&check), Ok((Outcome::Same, said)));
    let repair = "out of date: run `cargo xtask openapi curate` and commit the result";
    folder.write("client.json", "{}");
    let before = folder.contents();
    assert_eq!(folder.run(&check), Err(format!("client.json {repair}")));
    assert_eq!(folder.contents(), before);
    fs::remove_file(folder.path().join("portal.json")).unwrap();
    let output = folder.xtask(&["curate", "--check"]);
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        errors,
        format!("error: portal.json and client.json {repair}\n")
    );
    assert!(!folder.path().join("portal.json").exists());
    let output = folder.xtask(&["curate"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "wrote portal.json and client.json\n"
    );
    assert!(folder.run(&check).is_ok());
}

#[test]
fn what_is_curated_tells_which_document_it_is_made_of() {
    let folder = Folder::curated();
    let read = |name| fs::read_to_string(folder.path().join(name)).unwrap();
    let curation: toml::Table = read("curation.toml").parse().unwrap();
    let source = &curation["source"];
    for name in ["portal.json", "client.json"] {
        let document: serde_json::Value = serde_json::from_str(&read(name)).unwrap();
        let stamp = &document["info"]["x-source"];
        assert_eq!(stamp["date"].as_str(), source["date"].as_str());
        assert_eq!(
            stamp.get("commit").and_then(|commit| commit.as_str()),
            source.get("commit").and_then(|commit| commit.as_str())
        );
        assert_eq!(
            stamp.get("sha256"),
            None,
            "{name} changes with what it is made of alone"
        );
    }
}

#[test]
fn what_does_not_apply_is_named_and_nothing_is_written() {
    for (file, from, to, complaint) in [
        (
            "overlay.yaml",
            "schemas.Thing",
            "schemas.Gone",
            "overlay.yaml: action 2 ($.components.schemas.Gone): matches nothing",
        ),
        (
            "overlay.yaml",
            "Makes a thing.",
            "''",
            "portal.json is not complete; mend overlay.yaml: POST /things: no summary",
        ),
        (
            "overlay.yaml",
            "update: {description: A thing.,",
            "update: {not: {}, description: A thing.,",
            "portal.json cannot be lowered for the client: schema Thing: unknown keyword `not`",
        ),
        (
            "curation.toml",
            "ThingDto =",
            "GoneDto =",
            "curation.toml, [schemas]: there is no schema `GoneDto` to rename: remove the entry",
        ),
    ] {
        let folder = Folder::curated();
        folder.write(file, folder.read(file).replace(from, to));
        let before = folder.contents();
        for check in [false, true] {
            assert_eq!(
                folder.run(&Command::Curate { check }),
                Err(complaint.to_owned())
            );
        }
        assert_eq!(folder.contents(), before);
    }
}

#[test]
fn a_comparison_tells_by_its_exit_code() {
    let folder = Folder::curated();
    let source = folder.source(DOCUMENT);
    let same = folder.xtask(&["diff", "--from", &source]);
    assert_eq!(same.status.code(), Some(0));
    assert_eq!(
        String::from_utf8(same.stdout).unwrap(),
        "no difference for our operations\n"
    );
    assert_eq!(
        folder.run(&diff(&source, true)),
        Ok((Outcome::Same, "[]\n".to_owned()))
    );
    let source = folder.source(DOCUMENT.replace("required: [id]", "required: []"));
    let before = folder.contents();
    let different = folder.xtask(&["diff", "--from", &source]);
    assert_eq!(different.status.code(), Some(4));
    assert_eq!(
        String::from_utf8(different.stdout).unwrap(),
        "\
breaking  POST /things  schema ThingDto.id  required → optional

1 difference in 1 operation: 1 breaking, 0 compatible
"
    );
    let (outcome, json) = folder.run(&diff(&source, true)).unwrap();
    assert_eq!(outcome, Outcome::Different);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["change"], "became_optional");
    let failed = folder.xtask(&["diff", "--from", &folder.source("openapi: 3.0.0")]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(
        String::from_utf8(failed.stderr)
            .unwrap()
            .ends_with(" is OpenAPI 3.0.0; 3.1 is needed\n")
    );
    folder.source(DOCUMENT.replace("required: [id]", "required: []"));
    assert_eq!(folder.contents(), before);
}
