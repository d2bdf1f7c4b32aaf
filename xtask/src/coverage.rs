//! `cargo xtask coverage`: the README's table of what is served, from the contract and the tests of its operations.

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

const BEGIN: &str = "<!-- coverage: written by `cargo xtask coverage` -->\n";
const END: &str = "<!-- coverage ends -->\n";

/// How data of each tag gets into the mock. A tag without an entry, and an entry without its tag, is an error.
const DATA: [(&str, &str); 10] = [
    ("admin-portal", "API"),
    ("organizations", "API; a test organization to begin with"),
    ("organization-domains", "API, portal, control"),
    ("connections", "API, portal, control"),
    ("directories", "portal, control"),
    ("directory-users", "portal, control"),
    ("directory-groups", "portal, control"),
    ("audit-logs", "API; log streams: portal"),
    ("events", "every change above and below"),
    ("webhooks", "API"),
];

macro_rules! happy_paths {
    ($($operation:ident => $module:ident::$test:ident,)*) => {
        /// The module of the test in which each operation succeeds. The same list is a `match` without a wildcard in the
        /// contract tests, so that none is missing and each test is there.
        const TESTED_IN: &[(&str, &str)] = &[$((stringify!($operation), stringify!($module))),*];
    };
}
include!("../../tests/integration/happy_paths.rs");

/// Writes the table into `README.md`, or with `check` fails if it is out of date.
///
/// # Errors
/// Names an operation that has no test, and a tag without words of its own.
pub fn run(root: &Path, check: bool) -> Result<()> {
    let path = root.join("README.md");
    let readme = std::fs::read_to_string(&path).context("README.md")?;
    let portal: Value =
        serde_json::from_str(&std::fs::read_to_string(root.join("openapi/portal.json"))?)?;
    let table = table(&portal, TESTED_IN)?;
    let updated = replaced(&readme, &table)?;
    if updated == readme {
        return Ok(());
    }
    if check {
        bail!("README.md is out of date: run `cargo xtask coverage` and commit the result");
    }
    std::fs::write(&path, updated).context("README.md")
}

fn table(portal: &Value, tested_in: &[(&str, &'static str)]) -> Result<String> {
    let mut problems = Vec::new();
    let mut table =
        String::from("| | Operations | Tested in | Data gets in by |\n| --- | --- | --- | --- |\n");
    let tags = portal["tags"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|tag| tag["name"].as_str());
    let known: BTreeSet<_> = tags.clone().collect();
    problems.extend(
        DATA.iter()
            .filter(|(tag, _)| !known.contains(tag))
            .map(|(tag, _)| format!("there is no tag `{tag}`")),
    );
    for tag in tags {
        let Some((_, data)) = DATA.iter().find(|(name, _)| *name == tag) else {
            problems.push(format!("no words on how data of `{tag}` gets in"));
            continue;
        };
        let operations = portal["paths"]
            .as_object()
            .into_iter()
            .flat_map(|paths| paths.values());
        let operations =
            operations.flat_map(|item| item.as_object().into_iter().flat_map(|item| item.values()));
        let ids: Vec<_> = operations
            .filter(|operation| {
                operation["tags"]
                    .as_array()
                    .is_some_and(|tags| tags.iter().any(|name| name == tag))
            })
            .filter_map(|operation| operation["operationId"].as_str())
            .collect();
        let mut modules = BTreeSet::new();
        for id in &ids {
            let name = variant(id);
            match tested_in.iter().find(|(operation, _)| *operation == name) {
                Some((_, module)) => _ = modules.insert(*module),
                None => problems.push(format!("no test calls `{id}`")),
            }
        }
        let list = |names: &mut dyn Iterator<Item = &str>| {
            names
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        writeln!(
            table,
            "| {tag} ({}) | {} | {} | {data} |",
            ids.len(),
            list(&mut ids.iter().copied()),
            list(&mut modules.into_iter()),
        )?;
    }
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    Ok(table)
}

/// `list_organizations` as `ListOrganizations`.
fn variant(id: &str) -> String {
    let capitalized = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_uppercase() + rest
    };
    id.split('_').map(capitalized).collect()
}

fn replaced(readme: &str, table: &str) -> Result<String> {
    let (before, rest) = readme
        .split_once(BEGIN)
        .context("README.md has no place for the coverage table")?;
    let (_, after) = rest
        .split_once(END)
        .context("README.md has no end of the coverage table")?;
    Ok(format!("{before}{BEGIN}{table}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn portal() -> Value {
        let tags: Vec<_> = DATA.iter().map(|(tag, _)| json!({ "name": tag })).collect();
        json!({ "tags": tags, "paths": { "/events": { "get": { "operationId": "list_events", "tags": ["events"] } } } })
    }

    #[test]
    fn a_row_has_its_operations_and_where_they_are_tested() {
        let table = table(&portal(), &[("ListEvents", "events")]).unwrap();
        assert!(
            table.contains(
                "| events (1) | `list_events` | `events` | every change above and below |\n"
            ),
            "{table}"
        );
    }

    #[test]
    fn what_nobody_tests_is_named() {
        assert_eq!(
            table(&portal(), &[]).unwrap_err().to_string(),
            "no test calls `list_events`"
        );
    }

    #[test]
    fn only_the_table_is_replaced() {
        let readme = format!("a\n{BEGIN}old\n{END}b\n");
        assert_eq!(
            replaced(&readme, "new\n").unwrap(),
            format!("a\n{BEGIN}new\n{END}b\n")
        );
        assert!(replaced("a", "new").is_err());
    }
}
