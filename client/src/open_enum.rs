//! Enums that outlive their document: a value added later is kept, not refused.

/// Declares an open enum: one variant for each known value, and `Unknown` for all others.
macro_rules! open_enum {
    ($(#[$attribute:meta])* $name:ident { $($variant:ident = $value:literal,)+ }) => {
        $(#[$attribute])*
        #[doc = ""]
        #[doc = "Equality, order and hash go by the value as sent."]
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", $value, "`")]
                $variant,
            )+
            /// A value that this version does not know, as it was sent.
            Unknown(::std::string::String),
        }

        impl $name {
            /// Every value that this version knows, in the document's order.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant,)+];

            /// The value as sent.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)+
                    Self::Unknown(value) => value,
                }
            }

            fn known(value: &str) -> ::std::option::Option<Self> {
                match value {
                    $($value => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self::known(value).unwrap_or_else(|| Self::Unknown(value.to_owned()))
            }
        }

        impl From<::std::string::String> for $name {
            fn from(value: ::std::string::String) -> Self {
                Self::known(&value).unwrap_or(Self::Unknown(value))
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                Ok(value.into())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl Eq for $name {}

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<::std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> ::std::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl ::std::hash::Hash for $name {
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <::std::string::String as ::serde::Deserialize>::deserialize(deserializer).map(Self::from)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    #![expect(unreachable_pub, reason = "the macro declares public types")]

    use std::collections::{BTreeSet, HashSet};

    open_enum! {
        /// Colours.
        Colour { Red = "red", DeepBlue = "deep-blue", }
    }

    #[test]
    fn known_values_have_a_variant() {
        assert!(matches!(Colour::from("deep-blue"), Colour::DeepBlue));
        assert_eq!(Colour::KNOWN, [Colour::Red, Colour::DeepBlue]);
        assert_eq!("red".parse::<Colour>(), Ok(Colour::Red));
        assert_eq!(format!("{:>5}", Colour::Red), "  red");
        assert_eq!(Colour::Red, "red");
    }

    #[test]
    fn an_unknown_value_survives_a_round_trip() {
        let colour: Colour = serde_json::from_str(r#""Green ""#).unwrap();
        assert!(matches!(&colour, Colour::Unknown(value) if value == "Green "));
        assert_eq!(serde_json::to_string(&colour).unwrap(), r#""Green ""#);
        serde_json::from_str::<Colour>("3").unwrap_err();
    }

    #[test]
    fn a_hand_made_unknown_equals_the_known_value_it_spells() {
        let spelled = Colour::Unknown("red".into());
        assert_eq!(spelled, Colour::Red);
        assert_eq!(HashSet::from([spelled.clone(), Colour::Red]).len(), 1);
        assert_eq!(
            BTreeSet::from([spelled, Colour::Red, Colour::DeepBlue]).len(),
            2
        );
    }
}
