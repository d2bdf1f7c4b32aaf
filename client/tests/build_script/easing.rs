//! Setters of texts that may be left out.

use syn::{File, parse_quote};

use crate::texts;

#[test]
fn texts_that_may_be_left_out_are_given_as_they_are() {
    let mut file: File = parse_quote! {
        pub mod types { pub mod builder { impl A {
            /// Where.
            pub fn url<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.url = value.try_into().map_err(|e| e.to_string());
                self
            }
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
            {
                self
            }
        } } }
    };
    texts::ease(&mut file).unwrap();
    let expected: File = parse_quote! {
        pub mod types { pub mod builder { impl A {
            /// Where.
            pub fn url(mut self, value: impl crate::OptionalText) -> Self {
                self.url = Ok(value.into_optional_text());
                self
            }
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
            {
                self
            }
        } } }
    };
    assert_eq!(file, expected);
    let refusal = "no setter of the generated code takes a text that may be left out";
    assert_eq!(
        texts::ease(&mut parse_quote!(
            mod a {}
        ))
        .unwrap_err(),
        refusal
    );
}
