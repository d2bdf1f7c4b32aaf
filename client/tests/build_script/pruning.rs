//! What is left of the generated code.

use syn::{File, parse_quote, parse_str};

use crate::{builders, surface};

/// A call that sends `Sent`, with a `Part` in it, and answers with `Answer`.
fn generated() -> File {
    parse_quote! {
        pub mod types {
            pub struct Sent { pub part: Option<Part> }
            impl Sent { pub fn builder() -> builder::Sent { Default::default() } }
            pub enum Part { One(Inner) }
            pub struct Inner { pub a: u8 }
            impl Inner { pub fn builder() -> builder::Inner { Default::default() } }
            /// Not the same as `Sent`.
            pub struct Answer { pub inner: Inner }
            impl Answer { pub fn builder() -> builder::Answer { Default::default() } }
            impl Answer { pub fn other() {} }
            impl From<Inner> for Answer { fn from(inner: Inner) -> Self { Self { inner } } }
            pub mod builder {
                pub struct Sent { part: u8 }
                impl Default for Sent { fn default() -> Self { Self { part: 0 } } }
                pub struct Inner { a: u8 }
                impl TryFrom<Inner> for super::Inner { type Error = (); }
                pub struct Answer { inner: u8 }
                impl Answer { pub fn inner(self) -> Self { self } }
                impl TryFrom<Answer> for super::Answer { type Error = (); }
                impl From<super::Answer> for Answer { fn from(answer: super::Answer) -> Self { Self { inner: answer.inner.a } } }
            }
        }
        pub mod builder {
            pub struct Post<'a> { client: &'a Client, body: Result<types::builder::Sent, String> }
            pub struct Get<'a> { client: &'a Client, id: Result<types::Answer, String> }
        }
    }
}

#[test]
fn builders_are_for_what_is_sent() {
    let mut file = generated();
    builders::prune(&mut file).unwrap();
    let expected: File = parse_quote! {
        pub mod types {
            #[non_exhaustive]
            pub struct Sent { pub part: Option<Part> }
            impl Sent { pub fn builder() -> builder::Sent { Default::default() } }
            #[non_exhaustive]
            pub enum Part { One(Inner) }
            #[non_exhaustive]
            pub struct Inner { pub a: u8 }
            impl Inner { pub fn builder() -> builder::Inner { Default::default() } }
            /// Not the same as `Sent`.
            #[non_exhaustive]
            pub struct Answer { pub inner: Inner }
            impl Answer {}
            impl Answer { pub fn other() {} }
            impl From<Inner> for Answer { fn from(inner: Inner) -> Self { Self { inner } } }
            pub mod builder {
                pub struct Sent { part: u8 }
                impl Default for Sent { fn default() -> Self { Self { part: 0 } } }
                pub struct Inner { a: u8 }
                impl TryFrom<Inner> for super::Inner { type Error = (); }
                impl Sent {
                    /// What was set.
                    ///
                    /// # Errors
                    /// When something is missing that is required, or cannot be what was given.
                    pub fn build(self) -> Result<super::Sent, super::error::ConversionError> {
                        self.try_into()
                    }
                }
                impl ::std::convert::TryFrom<Sent> for ::std::option::Option<super::Sent> {
                    type Error = super::error::ConversionError;
                    fn try_from(value: Sent) -> Result<Self, super::error::ConversionError> {
                        value.build().map(Some)
                    }
                }
                impl Inner {
                    /// What was set.
                    ///
                    /// # Errors
                    /// When something is missing that is required, or cannot be what was given.
                    pub fn build(self) -> Result<super::Inner, super::error::ConversionError> {
                        self.try_into()
                    }
                }
                impl ::std::convert::TryFrom<Inner> for ::std::option::Option<super::Inner> {
                    type Error = super::error::ConversionError;
                    fn try_from(value: Inner) -> Result<Self, super::error::ConversionError> {
                        value.build().map(Some)
                    }
                }
            }
        }
        pub mod builder {
            pub struct Post<'a> { client: &'a Client, body: Result<types::builder::Sent, String> }
            pub struct Get<'a> { client: &'a Client, id: Result<types::Answer, String> }
        }
    };
    assert_eq!(
        prettyplease::unparse(&file),
        prettyplease::unparse(&expected)
    );
}

#[test]
fn code_of_another_layout_is_refused() {
    for (source, refusal) in [
        ("", "the generated code has no module `types`"),
        (
            "pub mod types { pub mod builder {} }",
            "the generated code has no module `builder`",
        ),
        (
            "pub mod types {} pub mod builder {}",
            "no call of the generated code has a body",
        ),
        (
            "pub mod types { pub struct A; } pub mod builder { struct Post { body: A } }",
            "the generated code has no module `builder`",
        ),
    ] {
        let mut file = parse_str(source).unwrap();
        assert_eq!(builders::prune(&mut file).unwrap_err(), refusal, "{source}");
    }
}

#[test]
fn nothing_is_imported_for_streams_and_forms() {
    let mut file: File = parse_quote! {
        pub use progenitor_client::{ByteStream, Error};
        use std::time::Duration;
        pub mod builder {
            use super::{Error, RequestBuilderExt as _, ByteStream, RequestBuilderExt};
        }
    };
    surface::without_streams(&mut file.items);
    let expected: File = parse_quote! {
        pub use progenitor_client::{Error};
        use std::time::Duration;
        pub mod builder {
            use super::{Error, RequestBuilderExt as _};
        }
    };
    assert_eq!(file, expected);
}
