//! Objects that a text stands for when there is nothing more to say.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor, value};

/// The schema of a `T` or of the text that stands for one, and how either is read.
pub(super) struct Short<T>(PhantomData<T>);

struct Read<T>(T);

/// Reads a list of them.
pub(super) fn list<'de, D: Deserializer<'de>, T: From<String> + Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let list = Vec::<Read<T>>::deserialize(deserializer)?;
    Ok(list.into_iter().map(|Read(one)| one).collect())
}

/// Reads a list of them, where there is one.
pub(super) fn some_list<'de, D: Deserializer<'de>, T: From<String> + Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Vec<T>>, D::Error> {
    let list = Option::<Vec<Read<T>>>::deserialize(deserializer)?;
    Ok(list.map(|list| list.into_iter().map(|Read(one)| one).collect()))
}

impl<'de, T: From<String> + Deserialize<'de>> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);

        impl<'de, T: From<String> + Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = Read<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text or an object")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Read<T>, E> {
                Ok(Read(text.to_owned().into()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Read<T>, A::Error> {
                T::deserialize(value::MapAccessDeserializer::new(map)).map(Read)
            }
        }

        deserializer.deserialize_any(Either(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Short<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}OrText", T::schema_name()).into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let whole = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [{ "type": "string", "minLength": 1 }, whole] })
    }
}

/// Reads a number of them, or each.
pub(super) fn count_or_list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Result<u32, Vec<T>>, D::Error> {
    struct Either<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
        type Value = Result<u32, Vec<T>>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a number or a list")
        }

        fn visit_u64<E: Error>(self, count: u64) -> Result<Self::Value, E> {
            u32::try_from(count)
                .map(Ok)
                .map_err(|_| E::custom("too many"))
        }

        fn visit_i64<E: Error>(self, count: i64) -> Result<Self::Value, E> {
            u32::try_from(count)
                .map(Ok)
                .map_err(|_| E::custom("no number of things"))
        }

        fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
            Vec::deserialize(value::SeqAccessDeserializer::new(list)).map(Err)
        }
    }

    deserializer.deserialize_any(Either(PhantomData))
}
