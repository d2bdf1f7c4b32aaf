//! What other people's code can rest on: everything public, one line each, so that a change of the document or of the code shows
//! what it changes for them.
//!
//! Read out of the sources, because what the compiler knows of a crate's surface is not told by a stable toolchain.

mod cases;
mod code;
mod implementations;
mod listing;
mod macros;
mod names;
mod source;
mod text;

use std::fs;
use std::path::Path;

use listing::{Line, list, print};

/// The lines of this crate, of every feature.
fn surface() -> Vec<Line> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    list(&source::load(&|file| {
        let path = match file.strip_prefix(source::GENERATED) {
            Some(generated) => Path::new(env!("OUT_DIR")).join(generated),
            None => sources.join(file),
        };
        fs::read_to_string(path).ok()
    }))
}

/// The operations that the document has.
fn operations() -> Vec<String> {
    let document = include_str!("../../client.json");
    let document: serde_json::Value = serde_json::from_str(document).unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values());
    let ids = operations.filter_map(|operation| operation["operationId"].as_str());
    ids.map(str::to_owned).collect()
}

#[test]
fn every_operation_is_listed_and_everything_that_is_can_be_named() {
    let all = print(&surface());
    let operations = operations();
    assert!(operations.len() > 50, "{operations:?}");
    for operation in operations {
        assert!(
            all.contains(&format!("fn Client::{operation}(&self) -> builder::")),
            "{operation}"
        );
    }
    let out_of_reach: Vec<_> = all
        .lines()
        .filter(|line| line.contains("crate::"))
        .collect();
    assert_eq!(out_of_reach, [""; 0]);
}

#[test]
fn what_is_written_by_hand() {
    let surface = surface();
    insta::assert_snapshot!(print(surface.iter().filter(|line| !line.generated)));
}

#[test]
fn the_types_of_the_document() {
    let surface = surface();
    let types = surface
        .iter()
        .filter(|line| line.generated && line.is_below("types"));
    insta::assert_snapshot!(print(types));
}

#[test]
fn the_calls_of_the_document() {
    let surface = surface();
    let calls = surface
        .iter()
        .filter(|line| line.generated && !line.is_below("types"));
    insta::assert_snapshot!(print(calls));
}
