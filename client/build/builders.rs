//! Leaves builders to what is sent: they would be half of the generated code, and answers come from WorkOS.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{File, ImplItem, Item, Type, parse_quote};

use crate::surface::module;

/// Takes the builders away from types that no call sends, makes the others easy to nest, and opens all types to
/// members to come.
///
/// # Errors
/// When the generated code is not laid out as expected, or no call sends anything.
pub(crate) fn prune(file: &mut File) -> Result<(), String> {
    let sent = sent(file)?;
    let types = items(&mut file.items, "types")?;
    let builders = items(types, "builder")?;
    builders.retain(|item| match item {
        Item::Struct(item) => sent.contains(&item.ident.to_string()),
        Item::Impl(item) => name(&item.self_ty).is_none_or(|name| sent.contains(&name)),
        _ => true,
    });
    let built = builders.iter().filter_map(|item| match item {
        Item::Struct(item) => Some(item.ident.clone()),
        _ => None,
    });
    for name in built.collect::<Vec<_>>() {
        builders.push(parse_quote! {
            impl #name {
                /// What was set.
                ///
                /// # Errors
                /// When something is missing that is required, or cannot be what was given.
                pub fn build(self) -> Result<super::#name, super::error::ConversionError> {
                    self.try_into()
                }
            }
        });
        // For members that may be left out.
        builders.push(parse_quote! {
            impl ::std::convert::TryFrom<#name> for ::std::option::Option<super::#name> {
                type Error = super::error::ConversionError;

                fn try_from(value: #name) -> Result<Self, super::error::ConversionError> {
                    value.build().map(Some)
                }
            }
        });
    }
    for item in types {
        match item {
            Item::Struct(item) => item.attrs.push(parse_quote!(#[non_exhaustive])),
            Item::Enum(item) => item.attrs.push(parse_quote!(#[non_exhaustive])),
            Item::Impl(item)
                if item.trait_.is_none()
                    && name(&item.self_ty).is_some_and(|name| !sent.contains(&name)) =>
            {
                item.items.retain(|item| !is_builder(item));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The types of bodies, and those in them.
fn sent(file: &File) -> Result<BTreeSet<String>, String> {
    let types = module(file, "types").and_then(|types| types.content.as_ref());
    let (_, types) = types.ok_or("the generated code has no module `types`")?;
    let types: BTreeMap<_, _> = types
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => Some((item.ident.to_string(), item.fields.to_token_stream())),
            Item::Enum(item) => Some((item.ident.to_string(), item.variants.to_token_stream())),
            _ => None,
        })
        .collect();
    let calls = module(file, "builder").and_then(|calls| calls.content.as_ref());
    let (_, calls) = calls.ok_or("the generated code has no module `builder`")?;
    let bodies = calls.iter().filter_map(|item| match item {
        Item::Struct(call) => call.fields.iter().find(|field| {
            let named = field.ident.as_ref();
            named.is_some_and(|name| name == "body")
        }),
        _ => None,
    });
    let mut left: Vec<_> = bodies.map(|field| field.ty.to_token_stream()).collect();
    let mut sent = BTreeSet::new();
    while let Some(tokens) = left.pop() {
        for name in idents(tokens) {
            if let Some(members) = types.get(&name)
                && sent.insert(name)
            {
                left.push(members.clone());
            }
        }
    }
    if sent.is_empty() {
        return Err("no call of the generated code has a body".into());
    }
    Ok(sent)
}

fn is_builder(item: &ImplItem) -> bool {
    matches!(item, ImplItem::Fn(function) if function.sig.ident == "builder")
}

fn items<'a>(items: &'a mut [Item], name: &str) -> Result<&'a mut Vec<Item>, String> {
    let found = items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => module.content.as_mut(),
        _ => None,
    });
    found
        .map(|(_, items)| items)
        .ok_or_else(|| format!("the generated code has no module `{name}`"))
}

/// The last name of a type's path.
fn name(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}

fn idents(tokens: TokenStream) -> Vec<String> {
    let names = tokens.into_iter().flat_map(|token| match token {
        TokenTree::Ident(ident) => vec![ident.to_string()],
        TokenTree::Group(group) => idents(group.stream()),
        _ => Vec::new(),
    });
    names.collect()
}
