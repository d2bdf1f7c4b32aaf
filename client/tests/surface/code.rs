//! Code as somebody outside of the crate has to write it.

use quote::ToTokens;
use syn::{
    Attribute, FnArg, GenericArgument, GenericParam, Generics, Pat, PathArguments, ReceiverKind,
    ReturnType, Signature, Type,
};

use crate::names::{Found, Names};
use crate::text::{plain, text};

/// A place in the code: a module, and the parameters that hide its names.
pub(crate) struct Scope<'s> {
    names: &'s Names<'s>,
    module: &'s str,
    generics: Vec<&'s Generics>,
}

impl<'s> Scope<'s> {
    pub(crate) fn of(names: &'s Names<'s>, module: &'s str, generics: &[&'s Generics]) -> Self {
        Self {
            names,
            module,
            generics: generics.to_vec(),
        }
    }

    /// The same place, inside of something with parameters of its own.
    pub(crate) fn within<'t>(&'t self, generics: &'t Generics) -> Scope<'t> {
        let mut all: Vec<&Generics> = self.generics.clone();
        all.push(generics);
        Scope::of(self.names, self.module, &all)
    }

    /// The text of code, with every path as it is reached from outside.
    pub(crate) fn text(&self, code: &impl ToTokens) -> String {
        text(code, &|path| {
            let hidden = self
                .generics
                .iter()
                .any(|generics| parameters(generics).contains(&path[0]));
            if hidden || path[0] == "Self" {
                path.join("::")
            } else {
                self.name(&self.names.resolve(self.module, path, 0))
            }
        })
    }

    /// A name as it is reached from outside; one that begins with `crate::` is out of reach.
    fn name(&self, found: &Found) -> String {
        match found {
            Found::Module(path) => format!("crate::{path}"),
            Found::Item(item, of) => {
                let alias = self.names.alias(item);
                let path = match (self.names.public.get(item), alias) {
                    (Some(place), _) => place.path.clone(),
                    (None, Some(alias)) => Scope::of(self.names, &item.module, &[]).text(&alias.ty),
                    (None, None) => format!("crate::{}::{}", item.module, item.name),
                };
                [&[path], of.as_slice()].concat().join("::")
            }
            Found::Elsewhere(path) => elsewhere(path),
        }
    }

    /// A type without the lifetimes among its arguments: they say nothing of whose a function or a trait is.
    pub(crate) fn whole(&self, ty: &Type) -> String {
        let Type::Path(path) = ty else {
            return self.text(ty);
        };
        let idents: Vec<_> = path.path.segments.iter().map(|s| &s.ident).collect();
        let arguments = path
            .path
            .segments
            .iter()
            .flat_map(|segment| arguments(&segment.arguments));
        let arguments: Vec<_> = arguments
            .filter(|argument| !matches!(argument, GenericArgument::Lifetime(_)))
            .map(|argument| self.text(argument))
            .collect();
        let name = self.text(&quote::quote!(#(#idents)::*));
        if arguments.is_empty() {
            name
        } else {
            format!("{name}<{}>", arguments.join(", "))
        }
    }

    /// A function under its path, with what is asked of its parameters and of those of what it belongs to.
    pub(crate) fn signature(
        &self,
        signature: &Signature,
        path: &str,
        above: Option<&Generics>,
    ) -> String {
        let inside = self.within(&signature.generics);
        let arguments = signature.inputs.iter().map(|argument| match argument {
            FnArg::Receiver(own) if matches!(own.kind, ReceiverKind::Value) => "self".to_owned(),
            FnArg::Receiver(own) => inside.text(own),
            FnArg::Typed(argument) => {
                let name = match &*argument.pat {
                    Pat::Ident(name) => name.ident.to_string(),
                    _ => "_".to_owned(),
                };
                format!("{name}: {}", inside.text(&argument.ty))
            }
        });
        let arguments: Vec<_> = arguments.collect();
        let constant = signature.constness.as_ref().map_or("", |_| "const ");
        let asynchronous = signature.asyncness.as_ref().map_or("", |_| "async ");
        let output = match &signature.output {
            ReturnType::Default => String::new(),
            ReturnType::Type(_, ty) => format!(" -> {}", inside.text(ty)),
        };
        let parameters = inside.text(&signature.generics);
        let mut bounds = above.map_or(Vec::new(), |above| inside.bounds(above, true));
        bounds.extend(inside.bounds(&signature.generics, false));
        format!(
            "{constant}{asynchronous}fn {path}{parameters}({}){output}{}",
            arguments.join(", "),
            where_clause(&bounds)
        )
    }

    /// What is asked of parameters in a `where`; and also where they are declared, if that is not shown itself.
    pub(crate) fn bounds(&self, generics: &Generics, declared: bool) -> Vec<String> {
        let declarations = generics
            .type_params()
            .filter(|parameter| declared && !parameter.bounds.is_empty());
        let mut bounds: Vec<_> = declarations
            .map(|parameter| format!("{}: {}", parameter.ident, self.text(&parameter.bounds)))
            .collect();
        let clauses = generics
            .where_clause
            .iter()
            .flat_map(|clause| &clause.predicates);
        bounds.extend(clauses.map(|clause| self.text(clause)));
        bounds
    }
}

/// Bounds as they end a line.
pub(crate) fn where_clause(bounds: &[String]) -> String {
    if bounds.is_empty() {
        String::new()
    } else {
        format!(" where {}", bounds.join(", "))
    }
}

/// The names of parameters that are no lifetimes.
pub(crate) fn parameters(generics: &Generics) -> Vec<String> {
    let names = generics
        .params
        .iter()
        .filter_map(|parameter| match parameter {
            GenericParam::Type(parameter) => Some(parameter.ident.to_string()),
            GenericParam::Const(parameter) => Some(parameter.ident.to_string()),
            GenericParam::Lifetime(_) => None,
        });
    names.collect()
}

/// A type with its own parameters.
pub(crate) fn with_parameters(path: &str, generics: &Generics) -> String {
    let parameters = parameters(generics);
    if parameters.is_empty() {
        path.to_owned()
    } else {
        format!("{path}<{}>", parameters.join(", "))
    }
}

/// The arguments in angle brackets.
pub(crate) fn arguments(arguments: &PathArguments) -> impl Iterator<Item = &GenericArgument> {
    let list = match arguments {
        PathArguments::AngleBracketed(list) => Some(&list.args),
        _ => None,
    };
    list.into_iter().flatten()
}

/// What attributes say of how something may be used.
pub(crate) fn marks(attributes: &[Attribute]) -> String {
    let mut marks = String::new();
    for attribute in attributes {
        if attribute.path().is_ident("non_exhaustive") {
            marks.push_str(" #[non_exhaustive]");
        } else if attribute.path().is_ident("deprecated") {
            marks.push_str(" #[deprecated]");
        } else if plain(&attribute.meta) == "doc(hidden)" {
            marks.push_str(" #[doc(hidden)]");
        }
    }
    marks
}

/// A name of another crate; for what of the standard library everybody knows, its last part says enough.
fn elsewhere(path: &[String]) -> String {
    const KNOWN: [&str; 16] = [
        "borrow",
        "boxed",
        "clone",
        "cmp",
        "convert",
        "default",
        "hash",
        "iter",
        "marker",
        "ops",
        "option",
        "result",
        "string",
        "vec",
        "fmt::Debug",
        "fmt::Display",
    ];
    match path {
        [library, middle @ .., last]
            if ["std", "core", "alloc"].contains(&library.as_str()) && !middle.is_empty() =>
        {
            let module = middle.join("::");
            let whole = format!("{module}::{last}");
            if KNOWN.contains(&module.as_str()) || KNOWN.contains(&whole.as_str()) {
                last.clone()
            } else {
                format!("std::{whole}")
            }
        }
        _ => path.join("::"),
    }
}
