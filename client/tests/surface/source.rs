//! A crate's sources as the compiler would put them together: files of modules, included files, invocations of the crate's own
//! macros.

use std::collections::BTreeMap;

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, File, Item, ItemMacro, ItemMod, parse_file, parse2};

use crate::macros::Macro;
use crate::text::plain;

/// What a crate consists of, by the paths of its modules. That of the crate itself is empty.
pub(crate) type Modules = BTreeMap<String, Module>;

/// A module.
#[derive(Default)]
pub(crate) struct Module {
    /// Its items. Modules in it are among them, without what they hold.
    pub(crate) items: Vec<Item>,
    /// On what it depends that it is there, such as `feature = "axum"`.
    pub(crate) conditions: Vec<String>,
    /// Whether a build script wrote it.
    pub(crate) generated: bool,
}

/// How the paths of files begin that a build script wrote.
pub(crate) const GENERATED: &str = "OUT_DIR/";

/// Reads a file by its path under `src`, or by one that begins with [`GENERATED`].
pub(crate) type Read<'r> = &'r dyn Fn(&str) -> Option<String>;

/// Puts a crate together, beginning with `lib.rs`. What is there for tests alone is left out.
pub(crate) fn load(read: Read<'_>) -> Modules {
    let mut loader = Loader {
        read,
        macros: BTreeMap::new(),
        modules: Modules::new(),
    };
    let crate_file = loader.parse("lib.rs").expect("there is no lib.rs");
    loader.module("", crate_file.items, Vec::new());
    loader.modules
}

/// The path of what a module holds.
pub(crate) fn join(module: &str, name: &str) -> String {
    if module.is_empty() {
        name.to_owned()
    } else {
        format!("{module}::{name}")
    }
}

/// On what it depends that an item is there: what its `cfg` attributes say.
pub(crate) fn conditions(attributes: &[Attribute]) -> Vec<String> {
    let cfgs = attributes.iter().filter(|a| a.path().is_ident("cfg"));
    cfgs.map(|cfg| plain(&cfg.meta.require_list().expect("cfg takes a list").tokens))
        .collect()
}

struct Loader<'r> {
    read: Read<'r>,
    macros: BTreeMap<String, Macro>,
    modules: Modules,
}

impl Loader<'_> {
    fn parse(&self, file: &str) -> Option<File> {
        let source = (self.read)(file)?;
        Some(parse_file(&source).unwrap_or_else(|error| panic!("{file}: {error}")))
    }

    fn module(&mut self, path: &str, items: Vec<Item>, conditions: Vec<String>) {
        let parent = path.rsplit_once("::").map_or("", |(parent, _)| parent);
        let module = Module {
            items: Vec::new(),
            conditions,
            generated: self
                .modules
                .get(parent)
                .is_some_and(|parent| parent.generated),
        };
        let before = self.modules.insert(path.to_owned(), module);
        assert!(before.is_none(), "two modules are called {path}");
        self.items(path, items);
    }

    fn items(&mut self, path: &str, items: Vec<Item>) {
        for item in items {
            if conditions(attributes(&item)).iter().any(|c| of_tests(c)) {
                continue;
            }
            match item {
                Item::Mod(item) => self.child(path, item),
                Item::Macro(item) => self.invocation(path, item),
                item => self.keep(path, item),
            }
        }
    }

    fn keep(&mut self, path: &str, item: Item) {
        let module = self.modules.get_mut(path).expect("items are in modules");
        module.items.push(item);
    }

    fn child(&mut self, parent: &str, mut item: ItemMod) {
        let path = join(parent, &item.ident.to_string());
        let mut needs = self.modules[parent].conditions.clone();
        needs.extend(conditions(&item.attrs));
        let elsewhere = item.attrs.iter().any(|a| a.path().is_ident("path"));
        assert!(
            !elsewhere,
            "{path}: an attribute says where it is, which is not followed"
        );
        let items = if let Some((_, items)) = item.content.take() {
            items
        } else {
            let file = path.replace("::", "/");
            let file = self
                .parse(&format!("{file}.rs"))
                .or_else(|| self.parse(&format!("{file}/mod.rs")));
            file.unwrap_or_else(|| panic!("{path} has no file")).items
        };
        self.keep(parent, Item::Mod(item));
        self.module(&path, items, needs);
    }

    fn invocation(&mut self, path: &str, item: ItemMacro) {
        let name = plain(&item.mac.path);
        match name.as_str() {
            "macro_rules" => {
                let exported = item.attrs.iter().any(|a| a.path().is_ident("macro_export"));
                assert!(
                    !exported,
                    "{path}: a macro for everybody, which is not listed"
                );
                let name = item.ident.expect("macro_rules names its macro").to_string();
                let rules = Macro::of(&name, item.mac.tokens);
                self.macros.insert(name, rules);
            }
            "include" => {
                let file = included(item.mac.tokens);
                if let Some(module) = self.modules.get_mut(path) {
                    module.generated |= file.starts_with(GENERATED);
                }
                let included = self.parse(&file);
                let included = included.unwrap_or_else(|| panic!("{file} cannot be read"));
                self.items(path, included.items);
            }
            _ => {
                let known = self.macros.get(&name);
                let rules = known.unwrap_or_else(|| panic!("{path}: what is {name}!?"));
                let file: File = parse2(rules.expand(item.mac.tokens))
                    .unwrap_or_else(|error| panic!("{path}: {name}! gives no items: {error}"));
                self.items(path, file.items);
            }
        }
    }
}

/// The file that `concat!(env!("OUT_DIR"), "/file.rs")` means.
fn included(tokens: TokenStream) -> String {
    fn texts(tokens: TokenStream, found: &mut String) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => texts(group.stream(), found),
                TokenTree::Literal(text) => found.push_str(text.to_string().trim_matches('"')),
                _ => {}
            }
        }
    }
    let mut file = String::new();
    texts(tokens, &mut file);
    file
}

fn of_tests(condition: &str) -> bool {
    let mut words = condition.split(|c: char| !c.is_alphanumeric());
    words.clone().any(|word| word == "test") && !words.any(|word| word == "not")
}

/// The attributes of an item.
pub(crate) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        other => panic!("an item that is not listed: {}", plain(other)),
    }
}
