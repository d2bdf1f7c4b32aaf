//! What types can do: their own functions, and traits.

use syn::{Attribute, Field, GenericArgument, Generics, ImplItem, ItemImpl, Type};

use crate::code::{Scope, arguments, marks, where_clause, with_parameters};
use crate::listing::{Listing, Rank};
use crate::names::{Definition, Found, Place, is_public};
use crate::source::conditions;

impl Listing<'_> {
    /// Adds what an implementation says. It depends on what its module does, too.
    pub(crate) fn implementation(&mut self, module: &str, item: &ItemImpl, needs: &[String]) {
        let needs = [needs, &conditions(&item.attrs)].concat();
        if item.trait_.is_some() {
            self.trait_of(module, item, &needs);
        } else if let Some(own) = self.definition(&item.self_ty, module)
            && let Some(place) = self.names.public.get(&own)
        {
            self.own_functions(module, place, item, &needs);
        }
    }

    fn own_functions(&mut self, module: &str, place: &Place, item: &ItemImpl, needs: &[String]) {
        let scope = Scope::of(self.names, module, &[&item.generics]);
        let mut whole = scope.whole(&item.self_ty);
        if whole == with_parameters(&place.path, &item.generics) {
            // Its name says enough where its arguments are its parameters.
            whole.clone_from(&place.path);
        }
        for part in &item.items {
            let (rank, name, text, attributes) = match part {
                ImplItem::Fn(part) if is_public(&part.vis) => {
                    let name = part.sig.ident.to_string();
                    let text = scope.signature(
                        &part.sig,
                        &format!("{whole}::{name}"),
                        Some(&item.generics),
                    );
                    (Rank::Function, name, text, &part.attrs)
                }
                ImplItem::Const(part) if is_public(&part.vis) => {
                    let text = format!("const {whole}::{}: {}", part.ident, scope.text(&part.ty));
                    (Rank::Part, part.ident.to_string(), text, &part.attrs)
                }
                ImplItem::Fn(_) | ImplItem::Const(_) => continue,
                _ => panic!("{whole} has a part of a kind that is not listed"),
            };
            let needs = [needs, &conditions(attributes)].concat();
            self.add(
                module,
                place,
                rank,
                &name,
                &format!("{text}{}", marks(attributes)),
                &needs,
            );
        }
    }

    /// Adds a trait to those of a type. Where the type is none of ours, it stands under the trait, or under what of ours the
    /// trait speaks of.
    fn trait_of(&mut self, module: &str, item: &ItemImpl, needs: &[String]) {
        let scope = Scope::of(self.names, module, &[&item.generics]);
        let Some((path, _)) = &item.trait_ else {
            return;
        };
        let segments: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        let about = match (
            self.definition(&item.self_ty, module),
            self.names.resolve(module, &segments, 0),
        ) {
            (Some(own), _) | (None, Found::Item(own, _)) => Some(own),
            (None, _) => {
                let arguments = path
                    .segments
                    .iter()
                    .flat_map(|segment| arguments(&segment.arguments));
                let mut types = arguments.filter_map(|argument| match argument {
                    GenericArgument::Type(ty) => self.definition(ty, module),
                    _ => None,
                });
                types.find(|own| self.names.public.contains_key(own))
            }
        };
        let Some(about) = about else {
            return;
        };
        let Some(place) = self.names.public.get(&about) else {
            return;
        };
        let types = item.items.iter().filter_map(|part| match part {
            ImplItem::Type(part) => Some(format!("{} = {}", part.ident, scope.text(&part.ty))),
            _ => None,
        });
        let types = types.collect::<Vec<_>>().join(", ");
        let name = scope.text(path);
        if name.contains("crate::") {
            return; // Nobody else has the trait, or what it speaks of.
        }
        let mut text = match name.strip_suffix('>') {
            _ if types.is_empty() => name,
            Some(open) => format!("{open}, {types}>"),
            None => format!("{name}<{types}>"),
        };
        text += &where_clause(&scope.bounds(&item.generics, true));
        self.add_trait(
            &about.module,
            place,
            scope.whole(&item.self_ty),
            needs,
            text,
        );
    }

    /// Adds the traits that an item derives.
    pub(crate) fn derived(
        &mut self,
        module: &str,
        place: &Place,
        (generics, attributes): (&Generics, &[Attribute]),
        fields: &[&Field],
    ) {
        let scope = Scope::of(self.names, module, &[generics]);
        let whole = with_parameters(&place.path, generics);
        for attribute in attributes.iter().filter(|a| a.path().is_ident("derive")) {
            let parsed = attribute.parse_nested_meta(|derived| {
                let name = scope.text(&derived.path);
                let traits = match name.as_str() {
                    "serde::Deserialize" => vec!["serde::Deserialize<'de>".to_owned()],
                    "thiserror::Error" => {
                        let from = fields
                            .iter()
                            .filter(|field| field.attrs.iter().any(|a| a.path().is_ident("from")));
                        let from = from.map(|field| format!("From<{}>", scope.text(&field.ty)));
                        let always = ["Display".to_owned(), "std::error::Error".to_owned()];
                        always.into_iter().chain(from).collect()
                    }
                    _ => vec![name],
                };
                for text in traits {
                    self.add_trait(module, place, whole.clone(), &[], text);
                }
                Ok(())
            });
            parsed.unwrap_or_else(|error| panic!("{}: {error}", place.path));
        }
    }

    fn add_trait(
        &mut self,
        module: &str,
        place: &Place,
        whole: String,
        more: &[String],
        text: String,
    ) {
        let mut needs = place.conditions.clone();
        needs.extend(
            more.iter()
                .filter(|more| !place.conditions.contains(more))
                .cloned(),
        );
        let implementor = (place.path.clone(), whole, module.to_owned(), needs);
        self.traits.entry(implementor).or_default().insert(text);
    }

    /// What of this crate a type is; a reference is what it refers to.
    fn definition(&self, ty: &Type, module: &str) -> Option<Definition> {
        match ty {
            Type::Path(ty) if ty.qself.is_none() => {
                let path: Vec<_> = ty
                    .path
                    .segments
                    .iter()
                    .map(|s| s.ident.to_string())
                    .collect();
                match self.names.resolve(module, &path, 0) {
                    Found::Item(definition, _) => Some(definition),
                    _ => None,
                }
            }
            Type::Reference(ty) => self.definition(&ty.elem, module),
            _ => None,
        }
    }
}
