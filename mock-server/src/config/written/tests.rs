//! What is written is what is read, and nothing that is written is too strange to be read or refused.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

use super::*;

fn config() -> Config {
    Config {
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..Config::default()
    }
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop_oneof![-1e9..1e9_f64, Just(1.5), Just(-0.25)].prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        prop_oneof![
            Just("~"),
            Just("1e3"),
            Just("0x1F"),
            Just("- a"),
            Just("a: b"),
            Just("")
        ]
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(".{0,6}", inner, 0..6)
                .prop_map(|members| members.into_iter().collect::<Value>()),
        ]
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn json_is_read_as_it_is_written(value in values()) {
        for text in [value.to_string(), format!("{value:#}")] {
            let node = parse(&text, Format::Json).expect("JSON");
            prop_assert_eq!(node.value(), value.clone());
            prop_assert_eq!((node.start, node.end), (0, text.len()));
        }
    }

    #[test]
    fn yaml_is_read_as_it_is_written(value in values()) {
        let text = yaml_serde::to_string(&value).expect("YAML");
        let node = parse(&text, Format::Yaml).expect("YAML");
        prop_assert_eq!(node.value(), value);
    }

    #[test]
    fn places_are_within_the_text(text in "[-a1:{}\\[\\]\"'&*!|>#, \n\té\r.]{0,40}") {
        for format in [Format::Toml, Format::Yaml, Format::Json] {
            match parse(&text, format) {
                Ok(node) => prop_assert!(node.end <= text.len()),
                Err(unreadable) => prop_assert!(unreadable.at <= text.len()),
            }
        }
    }
}
