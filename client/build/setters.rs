//! Lets values be given as they are, where the generated code wants them wrapped: `"a"` for `Some("a".to_owned())`, and anything
//! with items for a `Vec` of just that type.

use quote::ToTokens;
use syn::{File, ImplItem, ImplItemFn, Item, Type, WherePredicate, parse_quote};

/// Makes the setters of texts that may be left out take any [`crate::OptionalText`](../src/optional_text.rs), and those of lists
/// whatever gives items that are or become theirs.
///
/// # Errors
/// When there is none of the one or of the other, so that the generated code has to be looked at.
pub(crate) fn ease(file: &mut File) -> Result<(), String> {
    let mut eased = [0; 2];
    items(&mut file.items, &mut eased);
    match eased {
        [0, _] => Err("no setter of the generated code takes a text that may be left out".into()),
        [_, 0] => Err("no setter of the generated code takes a list".into()),
        _ => Ok(()),
    }
}

/// Counts the changed setters, of texts and of lists.
fn items(items: &mut [Item], eased: &mut [usize; 2]) {
    for item in items {
        match item {
            Item::Mod(module) => {
                if let Some((_, items)) = &mut module.content {
                    self::items(items, eased);
                }
            }
            Item::Impl(item) => {
                for item in &mut item.items {
                    if let ImplItem::Fn(function) = item {
                        setter(function, eased);
                    }
                }
            }
            _ => {}
        }
    }
}

fn setter(function: &mut ImplItemFn, eased: &mut [usize; 2]) {
    let Some(taken) = taken(function) else {
        return;
    };
    let (inner, optional) = match generic(&taken, "Option") {
        Some(inner) => (inner, true),
        None => (taken, false),
    };
    let text: Type = parse_quote!(::std::string::String);
    // Arguments of calls are wrapped by the setter.
    let wrapped = function
        .block
        .to_token_stream()
        .to_string()
        .contains(". map (Some)");
    let (name, attributes) = (&function.sig.ident, &function.attrs);
    if inner == text && (optional || wrapped) {
        *function = parse_quote! {
            #(#attributes)*
            pub fn #name(mut self, value: impl crate::OptionalText) -> Self {
                self.#name = Ok(value.into_optional_text());
                self
            }
        };
        eased[0] += 1;
    } else if let Some(item) = generic(&inner, "Vec") {
        let wrapped = optional.then(|| quote::quote!(.map(Some)));
        *function = parse_quote! {
            #(#attributes)*
            pub fn #name<I>(mut self, values: I) -> Self
            where
                I: ::std::iter::IntoIterator,
                I::Item: ::std::convert::TryInto<#item>,
                <I::Item as ::std::convert::TryInto<#item>>::Error: ::std::fmt::Display,
            {
                self.#name = values
                    .into_iter()
                    .map(|value| value.try_into().map_err(|e| format!("{}: {e}", stringify!(#name))))
                    .collect::<::std::result::Result<::std::vec::Vec<#item>, ::std::string::String>>()
                    #wrapped;
                self
            }
        };
        eased[1] += 1;
    }
}

/// What a setter takes: the type that its only argument has to become.
fn taken(function: &ImplItemFn) -> Option<Type> {
    let bounds = function.sig.generics.where_clause.as_ref()?;
    let WherePredicate::Type(bound) = bounds.predicates.first()? else {
        return None;
    };
    let bound: Type = syn::parse2(bound.bounds.first()?.to_token_stream()).ok()?;
    generic(&bound, "TryInto")
}

/// `T` of `…::name<T>`.
fn generic(of: &Type, name: &str) -> Option<Type> {
    let Type::Path(path) = of else {
        return None;
    };
    let last = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        syn::GenericArgument::Type(argument) if last.ident == name => Some(argument.clone()),
        _ => None,
    }
}
