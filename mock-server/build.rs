//! Writes the `Operation` enum from `portal.json`: one variant for each operation, in the document's order. And the names of its
//! events.

use std::{collections::BTreeSet, env, error::Error, fmt::Write as _, fs, path::Path};

use serde_json::Value;

const DOCUMENT: &str = "portal.json";
const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

struct Operation {
    id: String,
    variant: String,
    method: String,
    path: String,
    takes_body: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={DOCUMENT}");
    println!("cargo:rerun-if-changed=build.rs");
    let document: Value = serde_json::from_str(&fs::read_to_string(DOCUMENT)?)?;
    let mut code = render(&operations(&document)?)?;
    code.push_str(&event_names(&document)?);
    code.push_str(&events(&document)?);
    fs::write(Path::new(&env::var("OUT_DIR")?).join("operation.rs"), code)?;
    Ok(())
}

fn operations(document: &Value) -> Result<Vec<Operation>, String> {
    let paths = document["paths"]
        .as_object()
        .ok_or("portal.json has no `paths`")?;
    let mut operations = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, item) in paths {
        let members = item.as_object().into_iter().flatten();
        for (method, operation) in members.filter(|(method, _)| METHODS.contains(&method.as_str()))
        {
            let id = operation["operationId"]
                .as_str()
                .ok_or_else(|| format!("{method} {path} has no `operationId`"))?;
            let variant = variant(id)?;
            if !seen.insert(variant.clone()) {
                return Err(format!("`{id}` names two operations of portal.json"));
            }
            operations.push(Operation {
                id: id.to_owned(),
                variant,
                method: method.to_uppercase(),
                path: path.clone(),
                takes_body: operation.get("requestBody").is_some(),
            });
        }
    }
    Ok(operations)
}

/// The names that the schema of events tells apart.
fn event_names(document: &Value) -> Result<String, String> {
    let kinds = document["components"]["schemas"]["Event"]["allOf"][1]["oneOf"].as_array();
    let kinds = kinds.ok_or("portal.json has no kinds of `Event`")?;
    let names = kinds
        .iter()
        .map(|kind| kind["properties"]["event"]["const"].as_str());
    let mut names: Vec<_> = names
        .collect::<Option<_>>()
        .ok_or("an event of portal.json has no name")?;
    names.sort_unstable();
    Ok(format!(
        "\n/// The names of the events that `portal.json` describes, in alphabetical order.\n\
         pub(crate) const EVENT_NAMES: [&str; {}] = {names:#?};\n",
        names.len()
    ))
}

/// The events that a webhook endpoint can be sent.
fn events(document: &Value) -> Result<String, Box<dyn Error>> {
    let schemas = &document["components"]["schemas"];
    let items = &schemas["CreateWebhookEndpoint"]["properties"]["events"]["items"];
    let name = items["$ref"]
        .as_str()
        .and_then(|name| name.rsplit('/').next());
    let items = name.map_or(items, |name| &schemas[name]);
    let names = items["enum"]
        .as_array()
        .ok_or("portal.json does not say which events an endpoint can be sent")?;
    let count = names.len();
    let mut code = format!(
        "\n/// The events that a webhook endpoint can be sent.\npub(crate) const EVENTS: [&str; {count}] = [\n"
    );
    for name in names {
        writeln!(code, "    {name},")?;
    }
    code.push_str("];\n");
    Ok(code)
}

/// `list_organizations` becomes `ListOrganizations`.
fn variant(id: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.chars().all(plain) {
        return Err(format!("the operation id `{id}` is not snake case"));
    }
    let mut variant = String::new();
    for word in id.split('_').filter(|word| !word.is_empty()) {
        variant.push(word.as_bytes()[0].to_ascii_uppercase().into());
        variant.push_str(&word[1..]);
    }
    Ok(variant)
}

fn render(operations: &[Operation]) -> Result<String, std::fmt::Error> {
    let mut code = String::from(
        "/// An operation of `portal.json`, in the document's order.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\n\
         pub(crate) enum Operation {\n",
    );
    for Operation {
        variant,
        method,
        path,
        ..
    } in operations
    {
        writeln!(code, "    /// `{method} {path}`\n    {variant},")?;
    }
    let count = operations.len();
    writeln!(
        code,
        "}}\n\nimpl Operation {{\n    /// Every operation.\n    pub(crate) const ALL: [Self; {count}] = ["
    )?;
    for Operation { variant, .. } in operations {
        writeln!(code, "        Self::{variant},")?;
    }
    code.push_str("    ];\n");
    function(
        &mut code,
        "The operation's id in the document, such as `list_organizations`.",
        "const fn id(self) -> &'static str",
        operations,
        |operation| format!("{:?}", operation.id),
    )?;
    function(
        &mut code,
        "The HTTP method.",
        "const fn method(self) -> axum::http::Method",
        operations,
        |operation| format!("axum::http::Method::{}", operation.method),
    )?;
    function(
        &mut code,
        "The path as the document writes it, such as `/organizations/{id}`.",
        "const fn path(self) -> &'static str",
        operations,
        |operation| format!("{:?}", operation.path),
    )?;
    predicate(
        &mut code,
        "Whether the operation reads a request body.",
        "takes_body",
        operations.iter().filter(|operation| operation.takes_body),
    )?;
    code.push_str("}\n");
    Ok(code)
}

fn function(
    code: &mut String,
    comment: &str,
    signature: &str,
    operations: &[Operation],
    value: impl Fn(&Operation) -> String,
) -> std::fmt::Result {
    writeln!(
        code,
        "\n    /// {comment}\n    pub(crate) {signature} {{\n        match self {{"
    )?;
    // Operations that share a value share an arm.
    let mut arms: Vec<(String, Vec<&str>)> = Vec::new();
    for operation in operations {
        let value = value(operation);
        match arms.iter_mut().find(|(known, _)| *known == value) {
            Some((_, variants)) => variants.push(&operation.variant),
            None => arms.push((value, vec![&operation.variant])),
        }
    }
    for (value, variants) in arms {
        let variants = variants.join(" | Self::");
        writeln!(code, "            Self::{variants} => {value},")?;
    }
    code.push_str("        }\n    }\n");
    Ok(())
}

fn predicate<'o>(
    code: &mut String,
    comment: &str,
    name: &str,
    holds: impl Iterator<Item = &'o Operation>,
) -> std::fmt::Result {
    let variants: Vec<_> = holds
        .map(|operation| format!("Self::{}", operation.variant))
        .collect();
    writeln!(
        code,
        "\n    /// {comment}\n    pub(crate) const fn {name}(self) -> bool {{"
    )?;
    if variants.is_empty() {
        code.push_str("        false\n    }\n");
        return Ok(());
    }
    writeln!(
        code,
        "        matches!(\n            self,\n            {}\n        )\n    }}",
        variants.join("\n                | ")
    )
}
