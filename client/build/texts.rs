//! Lets texts that may be left out be given as they are: `"a"`, where the generated code wants `Some("a".to_owned())`.

use quote::ToTokens;
use syn::{File, ImplItem, ImplItemFn, Item, Type, WherePredicate, parse_quote};

/// Makes the setters of such texts take any [`crate::OptionalText`](../src/optional_text.rs).
///
/// # Errors
/// When there is none, so that the generated code has to be looked at.
pub(crate) fn ease(file: &mut File) -> Result<(), String> {
    if items(&mut file.items) == 0 {
        return Err("no setter of the generated code takes a text that may be left out".into());
    }
    Ok(())
}

/// How many setters were changed.
fn items(items: &mut [Item]) -> usize {
    let changed = items.iter_mut().map(|item| match item {
        Item::Mod(module) => match &mut module.content {
            Some((_, items)) => self::items(items),
            None => 0,
        },
        Item::Impl(item) => {
            let setters = item.items.iter_mut().filter_map(|item| match item {
                ImplItem::Fn(function) if takes_optional_text(function) => Some(function),
                _ => None,
            });
            setters.map(change).count()
        }
        _ => 0,
    });
    changed.sum()
}

fn takes_optional_text(function: &ImplItemFn) -> bool {
    let wanted: Type =
        parse_quote!(::std::convert::TryInto<::std::option::Option<::std::string::String>>);
    let wanted = wanted.to_token_stream().to_string();
    let bounds = &function.sig.generics.where_clause;
    bounds.iter().flat_map(|bounds| &bounds.predicates).any(|bound| {
        matches!(bound, WherePredicate::Type(bound) if bound.bounds.to_token_stream().to_string() == wanted)
    })
}

fn change(function: &mut ImplItemFn) {
    let name = &function.sig.ident;
    let attributes = &function.attrs;
    *function = parse_quote! {
        #(#attributes)*
        pub fn #name(mut self, value: impl crate::OptionalText) -> Self {
            self.#name = Ok(value.into_optional_text());
            self
        }
    };
}
