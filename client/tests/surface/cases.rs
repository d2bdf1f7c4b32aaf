//! How small crates are listed.

use std::collections::BTreeMap;

use crate::listing::{list, print};
use crate::source::load;

/// The surface of a crate that consists of these files.
fn surface_of(files: &[(&str, &str)]) -> String {
    let files: BTreeMap<&str, &str> = files.iter().copied().collect();
    let modules = load(&|file| files.get(file).map(|source| (*source).to_owned()));
    print(&list(&modules))
}

/// The surface of a crate of one file.
fn listed(source: &str) -> String {
    surface_of(&[("lib.rs", source)])
}

#[test]
fn what_a_private_module_holds_is_shown_where_it_is_given_away() {
    let files = [
        (
            "lib.rs",
            "mod inner; mod sealed; pub use inner::{Shown as Renamed, deep::go}; pub use Renamed as Again;",
        ),
        (
            "inner.rs",
            "pub mod deep; pub struct Shown(pub u8); pub struct Hidden; pub fn unseen() {}",
        ),
        (
            "inner/deep.rs",
            "use super::Shown; pub fn go(shown: Shown, sealed: crate::sealed::Sealed) -> super::Hidden {}",
        ),
        ("sealed/mod.rs", "pub struct Sealed;"),
    ];
    insta::assert_snapshot!(surface_of(&files), @"
    use Again = Renamed
    struct Renamed
    Renamed.0: u8
    fn go(shown: Renamed, sealed: crate::sealed::Sealed) -> crate::inner::Hidden
    ");
}

#[test]
fn what_a_build_script_wrote_is_told_apart() {
    let modules = load(&|file| {
        let source = match file {
            "lib.rs" => {
                "mod made { include!(concat!(env!(\"OUT_DIR\"), \"/made.rs\")); } pub use made::{Made, deep}; impl Made { pub fn own(&self) {} }"
            }
            "OUT_DIR/made.rs" => "pub struct Made; pub mod deep { pub struct Inner; }",
            _ => return None,
        };
        Some(source.to_owned())
    });
    let lines = list(&modules);
    let generated = print(lines.iter().filter(|line| line.generated));
    assert_eq!(generated, "struct Made;\nstruct deep::Inner;\n");
    let written = print(lines.iter().filter(|line| !line.generated));
    assert_eq!(written, "fn Made::own(&self)\nmod deep\n");
}

#[test]
fn a_glob_gives_away_what_is_public_and_not_named_otherwise() {
    let files = [
        (
            "lib.rs",
            "mod own; mod made { include!(concat!(env!(\"OUT_DIR\"), \"/made.rs\")); } pub mod types { pub use crate::made::*; pub use crate::own::Event; }",
        ),
        ("own.rs", "pub struct Event { pub link: crate::made::Link }"),
        (
            "OUT_DIR/made.rs",
            "pub struct Link { pub to: String, at: u8 } pub struct Event; struct Private; pub mod nested { pub enum Kind { A } }",
        ),
    ];
    insta::assert_snapshot!(surface_of(&files), @"
    mod types
    struct types::Event
    types::Event.link: types::Link
    struct types::Link { .. }
    types::Link.to: String
    mod types::nested
    enum types::nested::Kind
    types::nested::Kind::A
    ");
}

#[test]
fn private_parts_are_not_shown_and_hidden_ones_are_marked() {
    insta::assert_snapshot!(listed(r"
        #[derive(Clone)] pub struct Half { pub shown: u8, hidden: u8 }
        pub struct Unit;
        pub struct Pair<T>(pub T, pub(crate) T);
        impl<T: Clone> Pair<T> { pub const ONE: u8 = 1; pub fn first(&self) -> &T { &self.0 } fn second(&self) {} }
        impl Half { #[doc(hidden)] pub fn internal(&mut self) {} pub(crate) fn own() {} }
        #[non_exhaustive] pub enum Open { #[deprecated] Old, #[non_exhaustive] New { at: u8 }, With(u8, Half) }
        struct Private { pub field: u8 }
        impl Private { pub fn function(&self) {} }
        fn private() {}
        mod closed { pub struct Unreached; }
    "), @"
    struct Half { .. }
    Half.shown: u8
    fn Half::internal(&mut self) #[doc(hidden)]
    impl Half: Clone
    enum Open #[non_exhaustive]
    Open::New { at: u8 } #[non_exhaustive]
    Open::Old #[deprecated]
    Open::With(u8, Half)
    struct Pair<T> { .. }
    Pair.0: T
    const Pair::ONE: u8
    fn Pair::first(&self) -> &T where T: Clone
    struct Unit;
    ");
}

#[test]
fn traits_stand_in_one_line_for_each_type() {
    insta::assert_snapshot!(listed(r#"
        use std::fmt::{self, Display};
        use std::ops::Deref;
        #[derive(Debug, Clone, serde::Deserialize)] pub struct Id(String);
        impl Display for Id { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) } }
        impl Deref for Id { type Target = str; fn deref(&self) -> &str { &self.0 } }
        impl<S: AsRef<str>> TryFrom<&[S]> for Id { type Error = Broken; fn try_from(_: &[S]) -> Result<Self, Broken> { Ok(Self(String::new())) } }
        impl From<Id> for String { fn from(id: Id) -> Self { id.0 } }
        #[derive(thiserror::Error)] #[non_exhaustive] pub enum Broken { #[error("a")] Io(#[from] std::io::Error) }
        trait Private<T> {}
        impl Private<u8> for Id {}
        impl<T> Private<T> for Vec<T> {}
        struct Unread;
        impl From<Unread> for Id { fn from(_: Unread) -> Self { Self(String::new()) } }
        pub trait Ask<T>: Send { type Answer: Display; fn ask(&self, of: T) -> Self::Answer; fn again(&self) -> bool { true } }
        impl<F: Fn() -> u8> Ask<u8> for F { type Answer = u8; fn ask(&self, _: u8) -> u8 { self() } }
        impl<'a, T> Ask<T> for Walk<'a, T> where T: Clone { type Answer = &'a str; fn ask(&self, _: T) -> &'a str { "" } }
        pub struct Walk<'a, T> { of: &'a T }
    "#), @"
    trait Ask<T>: Send
    type Ask::Answer: Display
    fn Ask::again(&self) -> bool { .. }
    fn Ask::ask(&self, of: T) -> Self::Answer
    impl F: Ask<u8, Answer = u8> where F: Fn() -> u8
    enum Broken #[non_exhaustive]
    Broken::Io(std::io::Error)
    impl Broken: Display, From<std::io::Error>, std::error::Error
    struct Id { .. }
    impl Id: Clone, Debug, Deref<Target = str>, Display, TryFrom<&[S], Error = Broken> where S: AsRef<str>, serde::Deserialize<'de>
    impl String: From<Id>
    struct Walk<'a, T> { .. }
    impl Walk<T>: Ask<T, Answer = &'a str> where T: Clone
    ");
}

#[test]
fn names_mean_what_they_mean_where_they_stand() {
    let files = [
        (
            "lib.rs",
            "mod a; pub mod b; pub use a::Error; pub use reqwest::{StatusCode, header as headers};",
        ),
        (
            "a.rs",
            "pub struct Error; pub(crate) type Answer = Result<std::time::Duration, Error>;",
        ),
        (
            "b.rs",
            "use std::error::Error; use crate::a::Answer; use reqwest as http; pub struct T; \
            pub fn f<T>(of: T, e: &dyn Error) -> (Answer, crate::Error, ::std::io::Error) where T: Error, T::E: Into<self::T> {} \
            pub async fn g(mut status: http::StatusCode, T: T, _: &'static [u8]) {}",
        ),
    ];
    insta::assert_snapshot!(surface_of(&files), @"
    struct Error;
    use StatusCode = reqwest::StatusCode
    mod b
    struct b::T;
    fn b::f<T>(of: T, e: &dyn std::error::Error) -> (Result<std::time::Duration, Error>, Error, std::io::Error) where T: std::error::Error, T::E: Into<b::T>
    async fn b::g(status: reqwest::StatusCode, T: b::T, _: &'static [u8])
    use headers = reqwest::header
    ");
}

#[test]
fn macros_are_expanded_and_what_they_declare_is_listed() {
    let files = [
        (
            "lib.rs",
            "#[macro_use] mod open; open! { /// Colours.\n Colour { Red = \"red\", Blue = \"blue\", } } \
            counts! { ONE = 1; TWO = 2 } fields! { pub struct Pair<'a> { pub left: Vec<&'a str> = Vec::new(), right: crate::Colour = 1 + 2 } }",
        ),
        (
            "open.rs",
            r"
            macro_rules! open {
                ($(#[$attribute:meta])* $name:ident { $($variant:ident = $value:literal,)+ }) => {
                    $(#[$attribute])* #[derive(Clone)] #[non_exhaustive] pub enum $name { $($variant,)+ Unknown(String) }
                    impl $name { pub const KNOWN: &'static [Self] = &[$(Self::$variant),+]; }
                    impl PartialEq<$name> for String { fn eq(&self, other: &$name) -> bool { *self == other.0 } }
                };
            }
            macro_rules! fields {
                ($of:vis struct $name:ident <$life:lifetime> { $($vis:vis $field:ident: $ty:ty = $value:expr),* }) => {
                    $of struct $name<$life> { $($vis $field: $ty,)* }
                };
            }
            macro_rules! counts {
                (nothing) => {};
                ($($name:ident = $value:tt);*) => { $(pub const $name: u8 = $value;)* };
            }
        ",
        ),
    ];
    insta::assert_snapshot!(surface_of(&files), @"
    enum Colour #[non_exhaustive]
    Colour::Blue
    const Colour::KNOWN: &'static [Self]
    Colour::Red
    Colour::Unknown(String)
    impl Colour: Clone
    impl String: PartialEq<Colour>
    const ONE: u8
    struct Pair<'a> { .. }
    Pair.left: Vec<&'a str>
    const TWO: u8
    ");
}

#[test]
fn what_is_behind_a_feature_says_so_and_tests_are_left_out() {
    let files = [
        (
            "lib.rs",
            "#[cfg(feature = \"axum\")] pub mod web; #[cfg(feature = \"axum\")] mod own; \
            #[cfg(feature = \"axum\")] pub use own::Own; #[cfg(test)] pub mod tests; pub struct Always;",
        ),
        (
            "web.rs",
            "pub struct Page; impl Page { #[cfg(feature = \"html\")] pub fn html(&self) {} } \
            #[cfg(all(test, unix))] pub fn only_in_tests() {}",
        ),
        (
            "own.rs",
            "#[derive(Clone)] pub struct Own; impl From<Own> for crate::Always { fn from(_: Own) -> Self { Self } }",
        ),
    ];
    insta::assert_snapshot!(surface_of(&files), @r#"
    struct Always;
    impl Always: From<Own> #[cfg(feature = "axum")]
    struct Own; #[cfg(feature = "axum")]
    impl Own: Clone #[cfg(feature = "axum")]
    mod web #[cfg(feature = "axum")]
    struct web::Page; #[cfg(feature = "axum")]
    fn web::Page::html(&self) #[cfg(feature = "axum")] #[cfg(feature = "html")]
    "#);
}

#[test]
fn layout_changes_nothing() {
    let long = "pub fn f<\n    T,\n>(\n    of: ::std::option::Option<\n        T,\n    >,\n) -> (\n    T,\n    u8,\n)\nwhere\n    T: Clone,\n{\n}";
    let short = "pub fn f<T>(of: std::option::Option<T>)->(T,u8) where T:Clone{}";
    assert_eq!(listed(long), listed(short));
    assert_eq!(
        listed(short),
        "fn f<T>(of: Option<T>) -> (T, u8) where T: Clone\n"
    );
    assert_eq!(listed("pub fn f(of: (u8,)) {}"), "fn f(of: (u8,))\n");
    assert_eq!(
        listed("pub fn f<F>(of: F) -> <F as A<u8,>>::B where F: FnOnce(\n u8,\n ) -> u8 {}"),
        "fn f<F>(of: F) -> <F as A<u8>>::B where F: FnOnce(u8) -> u8\n"
    );
}

#[test]
fn what_others_rest_on_cannot_change_unseen() {
    const BEFORE: &str = "#[derive(Clone)] pub struct A { pub x: u8 } impl A { pub fn f(&self, y: u8) -> u8 { y } } \
        #[non_exhaustive] pub enum E { One, Two } pub trait T { fn t(&self); } mod m { pub const C: u8 = 1; } pub use m::C;";
    let before = listed(BEFORE);
    for (part, instead) in [
        ("pub x: u8", ""),
        ("pub x: u8", "x: u8"),
        ("pub x: u8", "pub x: u16"),
        ("pub x: u8", "pub x: u8, y: u8"),
        ("#[derive(Clone)]", ""),
        ("pub fn f", "fn f"),
        ("&self, y: u8", "&mut self, y: u8"),
        ("&self, y: u8", "&self, y: u16"),
        ("pub fn f", "pub async fn f"),
        ("#[non_exhaustive]", ""),
        ("One, ", ""),
        ("Two", "Two(u8)"),
        ("fn t(&self);", "fn t(&self) {}"),
        ("fn t(&self);", "fn t(&self); fn u(&self);"),
        ("pub trait T {", "pub trait T: Send {"),
        ("pub use m::C;", ""),
        ("pub const C: u8", "pub const C: u16"),
    ] {
        let changed = BEFORE.replacen(part, instead, 1);
        assert_ne!(changed, BEFORE, "{part} is not there");
        assert_ne!(listed(&changed), before, "{instead:?} for {part:?}");
    }
    // What nobody else sees changes nothing.
    for (part, instead) in [
        ("{ y }", "{ y + 1 }"),
        ("mod m {", "mod m { pub struct Unseen;"),
        ("C: u8 = 1", "C: u8 = 2"),
    ] {
        assert_eq!(listed(&BEFORE.replacen(part, instead, 1)), before);
    }
}

#[test]
fn what_cannot_be_followed_is_an_error() {
    for (source, why) in [
        (
            "pub use crate::missing::Thing;",
            "there is no missing in crate::",
        ),
        ("mod missing;", "missing has no file"),
        ("unknown! { pub struct A; }", "what is unknown!?"),
        (
            "#[path = \"other.rs\"] mod moved;",
            "an attribute says where it is",
        ),
        (
            "#[macro_export] macro_rules! everybodys { () => {} }",
            "a macro for everybody",
        ),
        (
            "pub use elsewhere::*;",
            "is given away, which is not listed",
        ),
        ("pub union U { a: u8 }", "an item that is not listed"),
    ] {
        let panic = std::panic::catch_unwind(|| listed(source)).unwrap_err();
        let said = panic.downcast_ref::<String>().unwrap();
        assert!(said.contains(why), "{source}: {said}");
    }
}
