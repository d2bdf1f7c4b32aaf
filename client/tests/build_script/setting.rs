//! Setters of texts that may be left out, and of lists.

use syn::{File, parse_quote};

use crate::setters;

#[test]
fn values_are_given_as_they_are() {
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
                self.name = value.try_into().map_err(|e| e.to_string());
                self
            }
            pub fn parts<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::vec::Vec<super::Part>>>,
                T::Error: ::std::fmt::Display,
            {
                self
            }
        } } }
        pub mod builder { impl<'a> List<'a> {
            pub fn after<V>(mut self, value: V) -> Self
            where
                V: std::convert::TryInto<::std::string::String>,
            {
                self.after = value.try_into().map(Some).map_err(|_| "no".to_string());
                self
            }
            pub async fn send(self) -> Result<(), Error> { Ok(()) }
        } }
    };
    setters::ease(&mut file).unwrap();
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
                self.name = value.try_into().map_err(|e| e.to_string());
                self
            }
            pub fn parts<I>(mut self, values: I) -> Self
            where
                I: ::std::iter::IntoIterator,
                I::Item: ::std::convert::TryInto<super::Part>,
                <I::Item as ::std::convert::TryInto<super::Part>>::Error: ::std::fmt::Display,
            {
                self.parts = values
                    .into_iter()
                    .map(|value| value.try_into().map_err(|e| format!("{}: {e}", stringify!(parts))))
                    .collect::<::std::result::Result<::std::vec::Vec<super::Part>, ::std::string::String>>()
                    .map(Some);
                self
            }
        } } }
        pub mod builder { impl<'a> List<'a> {
            pub fn after(mut self, value: impl crate::OptionalText) -> Self {
                self.after = Ok(value.into_optional_text());
                self
            }
            pub async fn send(self) -> Result<(), Error> { Ok(()) }
        } }
    };
    assert_eq!(
        prettyplease::unparse(&file),
        prettyplease::unparse(&expected)
    );
}

#[test]
fn code_without_such_setters_is_refused() {
    let refusal = "no setter of the generated code takes a text that may be left out";
    assert_eq!(
        setters::ease(&mut parse_quote!(
            mod a {}
        ))
        .unwrap_err(),
        refusal
    );
    let mut texts_alone: File = parse_quote! {
        impl A {
            pub fn url<T>(mut self, value: T) -> Self where T: TryInto<Option<::std::string::String>> { self }
        }
    };
    let refusal = "no setter of the generated code takes a list";
    assert_eq!(setters::ease(&mut texts_alone).unwrap_err(), refusal);
}
