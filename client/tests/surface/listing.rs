//! A crate's surface, one line for each thing that somebody else's code can rest on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use syn::{Attribute, Fields, Item, ItemEnum, ItemStruct, ItemTrait, TraitItem};

use crate::code::{Scope, marks, where_clause};
use crate::names::{Definition, Names, Place, declared, is_public};
use crate::source::{Modules, attributes, conditions};

/// A line.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Line {
    /// The public path of what it is about, name by name.
    about: Vec<String>,
    rank: Rank,
    name: String,
    text: String,
    /// Whether a build script wrote what it tells of.
    pub(crate) generated: bool,
}

/// In which order a thing is told of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    Itself,
    Part,
    Function,
    Trait,
}

impl Line {
    /// Whether it is about something below a path.
    pub(crate) fn is_below(&self, path: &str) -> bool {
        self.about.first().is_some_and(|first| first == path)
    }
}

/// The lines as a text.
pub(crate) fn print<'l>(lines: impl IntoIterator<Item = &'l Line>) -> String {
    lines
        .into_iter()
        .map(|line| line.text.clone() + "\n")
        .collect()
}

/// What a crate shows, in the order of public paths.
pub(crate) fn list(modules: &Modules) -> Vec<Line> {
    let names = Names::of(modules);
    let mut listing = Listing {
        names: &names,
        lines: Vec::new(),
        traits: BTreeMap::new(),
    };
    for (place, text) in &names.others {
        listing.add("", place, Rank::Itself, "", text, &[]);
    }
    for (path, module) in modules {
        for item in &module.items {
            match item {
                Item::Impl(item) => listing.implementation(path, item, &module.conditions),
                _ => listing.item(path, item),
            }
        }
    }
    listing.finish()
}

/// A type as it stands in a line of traits: its public path, itself, where that is written, and on what it depends.
pub(crate) type Implementor = (String, String, String, Vec<String>);

pub(crate) struct Listing<'n> {
    pub(crate) names: &'n Names<'n>,
    lines: Vec<Line>,
    /// The traits of types. What is derived and what is written out stand in one line.
    pub(crate) traits: BTreeMap<Implementor, BTreeSet<String>>,
}

impl Listing<'_> {
    /// Adds a line about what is reached at a place; it depends on what the place does and on more.
    pub(crate) fn add(
        &mut self,
        module: &str,
        place: &Place,
        rank: Rank,
        name: &str,
        text: &str,
        more: &[String],
    ) {
        let mut seen = BTreeSet::new();
        let mut text = text.to_owned();
        for need in place.conditions.iter().chain(more) {
            if seen.insert(need) {
                let _ = write!(text, " #[cfg({need})]");
            }
        }
        self.lines.push(Line {
            about: place.path.split("::").map(str::to_owned).collect(),
            rank,
            name: name.to_owned(),
            text,
            generated: self
                .names
                .modules
                .get(module)
                .is_some_and(|module| module.generated),
        });
    }

    fn finish(mut self) -> Vec<Line> {
        for ((path, implementor, module, conditions), traits) in std::mem::take(&mut self.traits) {
            let traits: Vec<_> = traits.into_iter().collect();
            let text = format!("impl {implementor}: {}", traits.join(", "));
            let place = Place { path, conditions };
            self.add(&module, &place, Rank::Trait, &implementor, &text, &[]);
        }
        self.lines.sort();
        self.lines
    }

    fn item(&mut self, module: &str, item: &Item) {
        let Some((name, _)) = declared(item) else {
            return;
        };
        let definition = Definition {
            module: module.to_owned(),
            name,
        };
        let Some(place) = self.names.public.get(&definition) else {
            return;
        };
        let (names, path) = (self.names, &place.path);
        let text = match item {
            Item::Struct(item) => {
                let code = (&item.generics, item.attrs.as_slice());
                self.derived(module, place, code, &item.fields.iter().collect::<Vec<_>>());
                self.a_struct(module, place, item)
            }
            Item::Enum(item) => {
                let code = (&item.generics, item.attrs.as_slice());
                let fields = item.variants.iter().flat_map(|variant| &variant.fields);
                self.derived(module, place, code, &fields.collect::<Vec<_>>());
                self.an_enum(module, place, item)
            }
            Item::Trait(item) => self.a_trait(module, place, item),
            Item::Fn(item) => Scope::of(names, module, &[]).signature(&item.sig, path, None),
            Item::Type(item) => {
                let scope = Scope::of(names, module, &[&item.generics]);
                format!(
                    "type {path}{} = {}",
                    scope.text(&item.generics),
                    scope.text(&item.ty)
                )
            }
            Item::Const(item) => format!(
                "const {path}: {}",
                Scope::of(names, module, &[]).text(&item.ty)
            ),
            Item::Static(item) => format!(
                "static {path}: {}",
                Scope::of(names, module, &[]).text(&item.ty)
            ),
            _ => return,
        };
        let text = text + &marks(attributes(item));
        self.add(module, place, Rank::Itself, "", &text, &[]);
    }

    /// A struct, with a line for each of its public fields.
    fn a_struct(&mut self, module: &str, place: &Place, item: &ItemStruct) -> String {
        let scope = Scope::of(self.names, module, &[&item.generics]);
        let path = &place.path;
        for (index, field) in item
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| is_public(&field.vis))
        {
            let name = field
                .ident
                .as_ref()
                .map_or(index.to_string(), ToString::to_string);
            let text = format!(
                "{path}.{name}: {}{}",
                scope.text(&field.ty),
                marks(&field.attrs)
            );
            self.part(module, place, &name, &text, &field.attrs);
        }
        let hidden = item.fields.iter().any(|field| !is_public(&field.vis));
        let parameters = scope.text(&item.generics);
        let bounds = where_clause(&scope.bounds(&item.generics, false));
        let kind = match &item.fields {
            _ if hidden => " { .. }",
            Fields::Unit => ";",
            _ => "",
        };
        format!("struct {path}{parameters}{bounds}{kind}")
    }

    /// A line for a field or a variant of what is at a place.
    fn part(&mut self, module: &str, place: &Place, name: &str, text: &str, of: &[Attribute]) {
        self.add(module, place, Rank::Part, name, text, &conditions(of));
    }

    /// An enum, with a line for each of its variants.
    fn an_enum(&mut self, module: &str, place: &Place, item: &ItemEnum) -> String {
        let scope = Scope::of(self.names, module, &[&item.generics]);
        let path = &place.path;
        for variant in &item.variants {
            let types = variant.fields.iter().map(|field| {
                let name = field.ident.as_ref().map(|name| format!("{name}: "));
                name.unwrap_or_default() + &scope.text(&field.ty)
            });
            let types = types.collect::<Vec<_>>().join(", ");
            let fields = match &variant.fields {
                Fields::Unit => String::new(),
                Fields::Unnamed(_) => format!("({types})"),
                Fields::Named(_) => format!(" {{ {types} }}"),
            };
            let name = variant.ident.to_string();
            let text = format!("{path}::{name}{fields}{}", marks(&variant.attrs));
            self.part(module, place, &name, &text, &variant.attrs);
        }
        let bounds = where_clause(&scope.bounds(&item.generics, false));
        format!("enum {path}{}{bounds}", scope.text(&item.generics))
    }

    /// A trait, with a line for each of its parts. ` { .. }` is what whoever has the trait need not write.
    fn a_trait(&mut self, module: &str, place: &Place, item: &ItemTrait) -> String {
        let scope = Scope::of(self.names, module, &[&item.generics]);
        let path = &place.path;
        let colon = |bounds: String| {
            if bounds.is_empty() {
                bounds
            } else {
                format!(": {bounds}")
            }
        };
        for part in &item.items {
            let (name, text, given, attributes) = match part {
                TraitItem::Fn(part) => {
                    let name = part.sig.ident.to_string();
                    let text = scope.signature(&part.sig, &format!("{path}::{name}"), None);
                    (name, text, part.default.is_some(), &part.attrs)
                }
                TraitItem::Type(part) => {
                    let text = format!(
                        "type {path}::{}{}",
                        part.ident,
                        colon(scope.text(&part.bounds))
                    );
                    (
                        part.ident.to_string(),
                        text,
                        part.default.is_some(),
                        &part.attrs,
                    )
                }
                TraitItem::Const(part) => {
                    let text = format!("const {path}::{}: {}", part.ident, scope.text(&part.ty));
                    (
                        part.ident.to_string(),
                        text,
                        part.default.is_some(),
                        &part.attrs,
                    )
                }
                _ => panic!("{path} has a part of a kind that is not listed"),
            };
            let given = if given { " { .. }" } else { "" };
            let text = format!("{text}{given}{}", marks(attributes));
            self.add(
                module,
                place,
                Rank::Function,
                &name,
                &text,
                &conditions(attributes),
            );
        }
        let bounds = where_clause(&scope.bounds(&item.generics, false));
        format!(
            "trait {path}{}{}{bounds}",
            scope.text(&item.generics),
            colon(scope.text(&item.supertraits))
        )
    }
}
