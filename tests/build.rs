//! Writes the `OperationId` enum from `portal.json`, so that a `match` without a wildcard stops compiling as soon as the
//! document gains or loses an operation.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

use serde_json::Value;

const DOCUMENT: &str = "../openapi/portal.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={DOCUMENT}");
    println!("cargo:rerun-if-changed=build.rs");
    let document: Value = serde_json::from_str(&fs::read_to_string(DOCUMENT)?)?;
    let paths = document["paths"].as_object().ok_or("no `paths`")?;
    let operations = paths.values().filter_map(Value::as_object);
    let ids: Vec<&str> = operations
        .flat_map(|item| item.values())
        .filter_map(|operation| operation["operationId"].as_str())
        .collect();

    let mut code = String::from(
        "/// An operation of `portal.json`, by its `operationId`.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]\n\
         pub enum OperationId {\n",
    );
    for id in &ids {
        writeln!(code, "    /// `{id}`.\n    {},", variant(id))?;
    }
    writeln!(
        code,
        "}}\n\nimpl OperationId {{\n    /// Every operation, in the document's order.\n    pub const ALL: [Self; {}] = [",
        ids.len()
    )?;
    for id in &ids {
        writeln!(code, "        Self::{},", variant(id))?;
    }
    code.push_str(
        "    ];\n\n    /// The `operationId`, such as `list_organizations`.\n    #[must_use]\n    \
         pub const fn as_str(self) -> &'static str {\n        match self {\n",
    );
    for id in &ids {
        writeln!(code, "            Self::{} => {id:?},", variant(id))?;
    }
    code.push_str("        }\n    }\n}\n");
    fs::write(
        Path::new(&env::var("OUT_DIR")?).join("operation_id.rs"),
        code,
    )?;
    Ok(())
}

/// `list_organizations` becomes `ListOrganizations`.
fn variant(id: &str) -> String {
    let capitalized = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_uppercase() + rest
    };
    id.split('_').map(capitalized).collect()
}
