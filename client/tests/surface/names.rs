//! What names mean, and under which path everybody reaches what they name.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use syn::{Item, ItemType, UseTree, Visibility};

use crate::source::{Modules, attributes, conditions, join};

/// An item: its module and its name there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Definition {
    pub(crate) module: String,
    pub(crate) name: String,
}

/// What a path leads to.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    Module(String),
    /// An item, and what of it: a variant or an associated type.
    Item(Definition, Vec<String>),
    /// Something of another crate, or a name that stands for itself, such as a parameter of a type.
    Elsewhere(Vec<String>),
}

/// Where an item is reached, and on what that depends.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) path: String,
    pub(crate) conditions: Vec<String>,
}

/// A crate's names.
pub(crate) struct Names<'m> {
    pub(crate) modules: &'m Modules,
    /// Where items are reached: in the shortest way.
    pub(crate) public: BTreeMap<Definition, Place>,
    /// Modules that are reached, further ways to the same, and what other crates have made.
    pub(crate) others: Vec<(Place, String)>,
}

/// One name that a `use` brings in. That of all names of a module is `*`.
struct Import {
    public: bool,
    name: String,
    path: Vec<String>,
}

/// More steps than any path takes; who gets so far goes in circles.
const MAX_STEPS: usize = 32;

impl<'m> Names<'m> {
    pub(crate) fn of(modules: &'m Modules) -> Self {
        let mut names = Self {
            modules,
            public: BTreeMap::new(),
            others: Vec::new(),
        };
        names.walk();
        names
    }

    /// Goes through the public modules, those with the shortest paths first.
    fn walk(&mut self) {
        let mut reached = BTreeMap::from([(String::new(), String::new())]);
        let mut waiting = VecDeque::from([(String::new(), String::new())]);
        while let Some((module, prefix)) = waiting.pop_front() {
            for (name, found, conditions) in self.exports(&module, 0) {
                let place = Place {
                    path: join(&prefix, &name),
                    conditions,
                };
                match found {
                    Found::Module(inner) => {
                        if let Some(first) = reached.get(&inner) {
                            let text = format!("use {} = {first}", place.path);
                            self.others.push((place, text));
                            continue;
                        }
                        reached.insert(inner.clone(), place.path.clone());
                        waiting.push_back((inner, place.path.clone()));
                        let text = format!("mod {}", place.path);
                        self.others.push((place, text));
                    }
                    Found::Item(definition, rest) if rest.is_empty() => {
                        if let Some(first) = self.public.get(&definition) {
                            let text = format!("use {} = {}", place.path, first.path);
                            self.others.push((place, text));
                        } else {
                            self.public.insert(definition, place);
                        }
                    }
                    Found::Item(definition, rest) => {
                        let rest = rest.join("::");
                        let text = format!("use {} = {}::{rest}", place.path, definition.name);
                        self.others.push((place, text));
                    }
                    Found::Elsewhere(path) => {
                        let text = format!("use {} = {}", place.path, path.join("::"));
                        self.others.push((place, text));
                    }
                }
            }
        }
    }

    /// The names that a module gives away.
    fn exports(&self, module: &str, steps: usize) -> Vec<(String, Found, Vec<String>)> {
        assert!(steps < MAX_STEPS, "{module} gives itself away");
        let own = &self.modules[module];
        let mut found = Vec::new();
        let mut globs = Vec::new();
        for item in &own.items {
            let mut needs = own.conditions.clone();
            needs.extend(conditions(attributes(item)));
            if let Some((name, true)) = declared(item) {
                let path = join(module, &name);
                let what = if matches!(item, Item::Mod(_)) {
                    Found::Module(path)
                } else {
                    Found::Item(
                        Definition {
                            module: module.to_owned(),
                            name: name.clone(),
                        },
                        Vec::new(),
                    )
                };
                found.push((name, what, needs.clone()));
            }
            for import in imports(item).into_iter().filter(|import| import.public) {
                if import.name == "*" {
                    globs.push((import.path, needs.clone()));
                } else {
                    let what = self.resolve(module, &import.path, steps + 1);
                    found.push((import.name, what, needs.clone()));
                }
            }
        }
        // What is named goes before what comes with a glob.
        let named: BTreeSet<String> = found.iter().map(|(name, ..)| name.clone()).collect();
        for (path, needs) in globs {
            match self.resolve(module, &path, steps + 1) {
                Found::Module(inner) => {
                    let all = self.exports(&inner, steps + 1).into_iter();
                    found.extend(all.filter(|(name, ..)| !named.contains(name)).map(
                        |(name, what, mut conditions)| {
                            conditions.extend(needs.clone());
                            (name, what, conditions)
                        },
                    ));
                }
                other => panic!("{module}: all of {other:?} is given away, which is not listed"),
            }
        }
        for (_, _, conditions) in &mut found {
            let mut seen = BTreeSet::new();
            conditions.retain(|condition| seen.insert(condition.clone()));
        }
        found
    }

    /// What a path means in a module.
    pub(crate) fn resolve(&self, module: &str, path: &[String], steps: usize) -> Found {
        assert!(steps < MAX_STEPS, "{path:?} in {module} leads to itself");
        let (first, rest) = path.split_first().expect("a path has a name");
        match first.as_str() {
            "" => Found::Elsewhere(rest.to_vec()),
            "crate" => self.descend("", rest, steps),
            "self" if !rest.is_empty() => self.descend(module, rest, steps),
            "super" => {
                let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
                match rest.split_first() {
                    None => Found::Module(parent.to_owned()),
                    Some((next, _)) if next == "super" => self.resolve(parent, rest, steps + 1),
                    Some(_) => self.descend(parent, rest, steps),
                }
            }
            _ => match self.member(module, first, steps) {
                Some(found) => self.go_on(found, rest, steps),
                None => Found::Elsewhere(path.to_vec()),
            },
        }
    }

    /// The type that an item is another name of. It has no parameters.
    pub(crate) fn alias(&self, of: &Definition) -> Option<&ItemType> {
        let items = &self.modules.get(&of.module)?.items;
        items.iter().find_map(|item| match item {
            Item::Type(item) if item.ident == of.name && item.generics.params.is_empty() => {
                Some(item)
            }
            _ => None,
        })
    }

    fn descend(&self, module: &str, path: &[String], steps: usize) -> Found {
        let Some((first, rest)) = path.split_first() else {
            return Found::Module(module.to_owned());
        };
        match self.member(module, first, steps) {
            Some(found) => self.go_on(found, rest, steps),
            None => panic!("there is no {first} in crate::{module}"),
        }
    }

    fn go_on(&self, found: Found, rest: &[String], steps: usize) -> Found {
        match found {
            Found::Module(module) => self.descend(&module, rest, steps + 1),
            Found::Item(item, of) => Found::Item(item, [&of, rest].concat()),
            Found::Elsewhere(path) => Found::Elsewhere([&path, rest].concat()),
        }
    }

    /// What a module knows by a name.
    fn member(&self, module: &str, name: &str, steps: usize) -> Option<Found> {
        let inner = join(module, name);
        if self.modules.contains_key(&inner) {
            return Some(Found::Module(inner));
        }
        let items = &self.modules.get(module)?.items;
        if items
            .iter()
            .any(|item| declared(item).is_some_and(|(declared, _)| declared == name))
        {
            let item = Definition {
                module: module.to_owned(),
                name: name.to_owned(),
            };
            return Some(Found::Item(item, Vec::new()));
        }
        let imports: Vec<Import> = items.iter().flat_map(imports).collect();
        let named = imports.iter().find(|import| import.name == name);
        if let Some(import) = named.filter(|import| import.path != [name]) {
            return Some(self.resolve(module, &import.path, steps + 1));
        }
        // The name that a glob begins with does not come of that glob.
        let mut globs = imports
            .iter()
            .filter(|import| import.name == "*" && import.path[0] != name);
        globs.find_map(|glob| match self.resolve(module, &glob.path, steps + 1) {
            Found::Module(from) if from != module => self.member(&from, name, steps + 1),
            _ => None,
        })
    }
}

/// The name that an item has, and whether it is public.
pub(crate) fn declared(item: &Item) -> Option<(String, bool)> {
    let (name, visibility) = match item {
        Item::Const(item) => (&item.ident, &item.vis),
        Item::Enum(item) => (&item.ident, &item.vis),
        Item::Fn(item) => (&item.sig.ident, &item.vis),
        Item::Mod(item) => (&item.ident, &item.vis),
        Item::Static(item) => (&item.ident, &item.vis),
        Item::Struct(item) => (&item.ident, &item.vis),
        Item::Trait(item) => (&item.ident, &item.vis),
        Item::Type(item) => (&item.ident, &item.vis),
        _ => return None,
    };
    Some((name.to_string(), is_public(visibility)))
}

/// Whether something is for everybody, as far as it can be reached.
pub(crate) fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The names that a `use` brings in.
fn imports(item: &Item) -> Vec<Import> {
    fn leaves(tree: &UseTree, before: &[String], found: &mut Vec<(String, Vec<String>)>) {
        let with = |name: &dyn ToString| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => leaves(&path.tree, &with(&path.ident), found),
            UseTree::Name(name) if name.ident == "self" => {
                let last = before.last().cloned().unwrap_or_default();
                found.push((last, before.to_vec()));
            }
            UseTree::Name(name) => found.push((name.ident.to_string(), with(&name.ident))),
            UseTree::Rename(name) if name.rename == "_" => {}
            UseTree::Rename(name) if name.ident == "self" => {
                found.push((name.rename.to_string(), before.to_vec()));
            }
            UseTree::Rename(name) => found.push((name.rename.to_string(), with(&name.ident))),
            UseTree::Glob(_) => found.push(("*".to_owned(), before.to_vec())),
            UseTree::Group(group) => {
                for tree in &group.items {
                    leaves(tree, before, found);
                }
            }
        }
    }
    let Item::Use(item) = item else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let from = if item.leading_colon.is_some() {
        vec![String::new()]
    } else {
        Vec::new()
    };
    leaves(&item.tree, &from, &mut found);
    let import = |(name, path)| Import {
        public: is_public(&item.vis),
        name,
        path,
    };
    found.into_iter().map(import).collect()
}
