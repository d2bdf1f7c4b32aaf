//! Looks over the generated code before anything is built on it.

use std::collections::BTreeSet;

use syn::{Fields, File, ImplItem, Item, ItemMod, Type, UseTree, Visibility, parse_quote};

/// Where the generated code takes its hooks from.
const RUNTIME: &str = "progenitor_client";

/// Refuses what progenitor generates without complaint but wrongly.
///
/// # Errors
/// Names the type: empty or numbered (`Variant0`, `Subtype0`) enums, flattened `subtype_0` fields, types
/// that refuse unknown fields, two types of one name, and a type that was meant to be replaced.
pub(crate) fn check(file: &File, replaced: &BTreeSet<&str>) -> Result<(), String> {
    let types = module(file, "types").ok_or("the generated code has no module `types`")?;
    let mut seen = BTreeSet::new();
    for item in types.content.iter().flat_map(|(_, items)| items) {
        let (name, attributes, fields) = match item {
            Item::Struct(item) => (item.ident.to_string(), &item.attrs, vec![&item.fields]),
            Item::Enum(item) => {
                if item.variants.is_empty() {
                    return Err(format!("enum {} has no values", item.ident));
                }
                if let Some(variant) = item
                    .variants
                    .iter()
                    .find(|v| numbered(&v.ident.to_string(), "Variant"))
                {
                    return Err(format!(
                        "enum {} has the unnamed variant {}",
                        item.ident, variant.ident
                    ));
                }
                (
                    item.ident.to_string(),
                    &item.attrs,
                    item.variants.iter().map(|v| &v.fields).collect(),
                )
            }
            _ => continue,
        };
        let suffix = name.trim_end_matches(|c: char| c.is_ascii_digit());
        if suffix != name && (suffix.ends_with("Variant") || suffix.ends_with("Subtype")) {
            return Err(format!("{name} stands for an inline schema without a name"));
        }
        if fields.iter().any(|fields| has_subtype(fields)) {
            return Err(format!("{name} flattens the branches of an anyOf"));
        }
        if attributes.iter().any(|a| {
            a.meta
                .require_list()
                .is_ok_and(|l| l.tokens.to_string().contains("deny_unknown_fields"))
        }) {
            return Err(format!("{name} refuses unknown fields"));
        }
        if replaced
            .iter()
            .any(|replaced| replaced.eq_ignore_ascii_case(&name))
        {
            return Err(format!(
                "{name} was generated, though a type of our own replaces it"
            ));
        }
        if !seen.insert(name.to_lowercase()) {
            return Err(format!("two types are called {name}"));
        }
    }
    Ok(())
}

/// Leaves [`Client::builder`] as the only way to a client: the generated constructors take parts that
/// only this crate can make.
///
/// # Errors
/// When a generated constructor is not where it is expected.
pub(crate) fn seal(file: &mut File) -> Result<(), String> {
    let client: Type = parse_quote!(Client);
    let constructors = file.items.iter_mut().find_map(|item| match item {
        Item::Impl(item) if item.trait_.is_none() && *item.self_ty == client => {
            Some(&mut item.items)
        }
        _ => None,
    });
    let constructors = constructors.ok_or("the generated code has no `impl Client`")?;
    constructors
        .retain(|item| !matches!(item, ImplItem::Fn(function) if function.sig.ident == "new"));
    for item in constructors {
        if let ImplItem::Fn(function) = item
            && function.sig.ident == "new_with_client"
        {
            function.vis = parse_quote!(pub(crate));
            return Ok(());
        }
    }
    Err("the generated client has no `new_with_client`".into())
}

/// Imports nothing for streams and forms, since no answer is a stream and no body a form, and `crate::runtime`, which
/// stands in for the crate `progenitor_client`, has nothing for them.
pub(crate) fn without_streams(items: &mut [Item]) {
    const ABSENT: [&str; 2] = ["ByteStream", "RequestBuilderExt"];
    for item in items {
        match item {
            Item::Mod(module) => {
                if let Some((_, items)) = &mut module.content {
                    without_streams(items);
                }
            }
            Item::Use(item) => {
                if let UseTree::Path(path) = &mut item.tree
                    && let UseTree::Group(group) = path.tree.as_mut()
                {
                    let there = |tree: &UseTree| match tree {
                        UseTree::Name(name) => ABSENT.iter().all(|absent| name.ident != absent),
                        _ => true,
                    };
                    let imports = std::mem::take(&mut group.items).into_iter();
                    group.items = imports.filter(there).collect();
                }
            }
            _ => {}
        }
    }
}

/// Lets every operation answer with our own error, which is no more a wrapper around what the document
/// declares, and rest on our own hooks.
///
/// # Errors
/// When the generated code speaks of errors in another way than is expected.
pub(crate) fn with_one_error(source: &str) -> Result<String, String> {
    const DECLARED: &str = "Error<types::ApiError>";
    if !source.contains(DECLARED) {
        return Err("no operation has the declared error".into());
    }
    let source = source
        .replace(DECLARED, "Error")
        // Sketches with arguments that are nowhere declared.
        .replace("```ignore", "```text")
        .replace("Error::InvalidRequest", "Error::not_sent")
        .replace(RUNTIME, "crate::runtime");
    match source.find("Error<") {
        Some(place) => {
            let line = source[..place].matches('\n').count() + 1;
            Err(format!(
                "line {line} of the generated code has another error"
            ))
        }
        None => Ok(source),
    }
}

/// A public module at the root of the generated code.
pub(crate) fn module<'a>(file: &'a File, name: &str) -> Option<&'a ItemMod> {
    file.items.iter().find_map(|item| match item {
        Item::Mod(module)
            if module.ident == name && matches!(module.vis, Visibility::Public(_)) =>
        {
            Some(module)
        }
        _ => None,
    })
}

fn has_subtype(fields: &Fields) -> bool {
    fields.iter().any(|field| {
        field
            .ident
            .as_ref()
            .is_some_and(|ident| numbered(&ident.to_string(), "subtype_"))
    })
}

fn numbered(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix)
        .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()))
}
