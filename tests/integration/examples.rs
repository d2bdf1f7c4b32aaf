//! The client's examples, as they stand in `client/examples`: each is run here by what its `main` calls, and what it writes is
//! what a reader sees. `client_example` has the one that is a server.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use contract_tests::{TestServer, served_on_this_thread};
use serde_json::{Value, json};

use crate::support::link_with;

mod audit_logs;
mod connections;
mod directories;
mod events_worker;
mod organizations;
mod portal_links;
mod webhooks;

/// What an example has written.
fn said(out: Vec<u8>) -> String {
    String::from_utf8(out).expect("examples write text")
}

/// Says between two runs what has happened.
fn note(out: &mut Vec<u8>, what: &str) {
    out.extend(format!("# {what}\n").bytes());
}

/// Goes through a part of the portal for the server's organization.
async fn set_up(server: &TestServer, intent: &str, answers: &Value) {
    let link = link_with(server, &json!({"intent": intent})).await;
    let body = json!({"link": link, "answers": answers});
    let visit = server.post("/_mock/portal_links/complete", &body);
    let _ = visit.send().await.expect(200);
}

/// The texts of the Rust files in a folder of the repository, by their names.
fn sources(folder: &str) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(folder);
    let files = fs::read_dir(folder).expect("a folder");
    let paths = files.map(|file| file.expect("a file").path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy();
            let text = fs::read_to_string(&path).expect("a text");
            (name.into_owned(), text)
        })
        .collect()
}

/// The operations that the client has.
fn operations() -> Vec<String> {
    let document = include_str!("../../openapi/client.json");
    let document: Value = serde_json::from_str(document).expect("JSON");
    let paths = document["paths"].as_object().expect("paths").values();
    let operations = paths
        .filter_map(Value::as_object)
        .flat_map(|item| item.values());
    operations
        .filter_map(|operation| operation["operationId"].as_str())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_operation_is_called_by_an_example() {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let code: String = sources("client/examples")
        .values()
        .flat_map(|text| text.lines().filter(is_code))
        .collect();
    let operations = operations();
    assert!(operations.len() > 50, "{operations:?}");
    let missing: Vec<_> = operations
        .iter()
        .filter(|id| !code.contains(&format!(".{id}(")))
        .collect();
    assert!(
        missing.is_empty(),
        "no file in client/examples calls {missing:?}: show each where an app would call it"
    );
}

#[test]
fn every_operation_succeeds_in_an_example() {
    // They run on their own too, and take the same snapshots then.
    insta::allow_duplicates! {
        audit_logs::what_happens_is_logged_once();
        audit_logs::the_month_before_becomes_a_file();
        audit_logs::a_plan_says_how_long();
        connections::a_page_shows_how_far_the_setup_is();
        connections::a_connection_is_taken_over_once();
        connections::a_certificate_is_replaced_in_two_steps();
        connections::own_certificates_are_renewed_before_they_end();
        directories::a_directory_that_can_be_synced_by_hand_is();
        directories::people_come_page_by_page();
        directories::a_door_opens_for_those_in_the_directory();
        events_worker::a_worker_goes_on_where_it_stopped();
        organizations::customers_are_imported_once();
        organizations::a_customer_leaves();
        organizations::a_setup_is_handed_over();
        organizations::a_domain_is_claimed_proved_and_released();
        portal_links::a_link_is_made_and_taken_back();
        webhooks::an_endpoint_becomes_what_a_version_wants();
    }
    let served = served_on_this_thread();
    let missing: Vec<_> = operations()
        .into_iter()
        .filter(|id| !served.contains(id.as_str()))
        .collect();
    assert!(missing.is_empty(), "{missing:?} succeeds in no example");
}

#[test]
fn every_example_is_run_and_described() {
    let readme = include_str!("../../client/README.md");
    let mut tests: String = sources("tests/integration/examples")
        .into_values()
        .collect();
    tests.push_str(include_str!("client_example.rs"));
    let examples = sources("client/examples");
    assert!(!examples.is_empty());
    for (name, text) in examples {
        let header: String = text
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .collect();
        assert!(
            header.contains(&format!("--example {name}")),
            "the header of {name} does not say how it is run"
        );
        assert!(
            readme.contains(&format!("| `{name}` |")),
            "{name} is not in the table of client/README.md"
        );
        assert!(
            tests.contains(&format!("client/examples/{name}.rs\"]")),
            "no test runs {name}"
        );
    }
}
