//! The same in TOML, YAML and JSON, with the places of what is wrong.

use super::*;

fn told(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

fn in_yaml(text: &str) -> Vec<String> {
    told(&Config::from_yaml(text).expect_err("an invalid configuration"))
}

fn in_json(text: &str) -> Vec<String> {
    told(&Config::from_json(text).expect_err("an invalid configuration"))
}

#[test]
fn every_format_says_the_same() {
    let toml = "link_ttl = \"PT1M\"\nmax_events = 5\nclock = 2026-01-01T00:00:00Z\ndial_hosts = [\"a.test\"]\n\n\
                [[seed.organizations]]\nname = \"Acme\"\n";
    let yaml = "# a comment\nlink_ttl: PT1M\nmax_events: 0x5\nclock: 2026-01-01T00:00:00Z\ndial_hosts: [a.test]\n\
                seed:\n  organizations:\n  - name: Acme\n";
    let json = r#"{"$schema": "./schema.json", "link_ttl": "PT1M", "max_events": 5, "clock": "2026-01-01T00:00:00Z",
        "dial_hosts": ["a.test"], "seed": {"organizations": [{"name": "\u0041cme"}]}}"#;
    let one = read(toml);
    assert_eq!(one.seed.organizations[0].name, "Acme");
    let told = format!("{one:?}");
    assert_eq!(format!("{:?}", Config::from_yaml(yaml).unwrap()), told);
    assert_eq!(
        format!(
            "{:?}",
            Config::from_yaml(&yaml.replace('\n', "\r\n")).unwrap()
        ),
        told
    );
    assert_eq!(format!("{:?}", Config::from_json(json).unwrap()), told);
    assert_eq!(format!("{:?}", Config::from_yaml(json).unwrap()), told);
    let none = format!("{:?}", Config::default());
    for empty in ["", "---\n", "# nothing\n", "{}"] {
        assert_eq!(format!("{:?}", Config::from_yaml(empty).unwrap()), none);
    }
}

#[test]
fn what_is_wrong_has_its_place() {
    assert_eq!(
        in_yaml(
            "é: 1\nlink_reuze: twice\nmax_events: many\nseed:\n  organizations:\n    - name: Acme\n      externl_id: x\n    - key: other\n"
        ),
        [
            "1:1: unknown key `é`; valid keys here are `listen`, `public_url`, `client_id`, `keys`, `link_reuse`, `link_ttl`, \
             `setup_link_ttl`, `session_ttl`, `rate_limits`, `redirects`, `url_policy`, `branding`, `max_events`, \
             `max_audit_log_events`, `max_requests`, `webhooks`, `events_lag`, `random_seed`, `clock`, `control_token`, \
             `test_organization`, `max_environments`, `environment_idle_ttl`, `dial_hosts`, `allow_hosts`, `seed`",
            "2:1: unknown key `link_reuze`; did you mean `link_reuse`?",
            "3:13: bad value for `max_events`: expected a whole number, not negative, found many",
            "7:7: unknown key `seed.organizations[0].externl_id`; did you mean `external_id`?",
            "8:7: `seed.organizations[1].name` is missing",
        ]
    );
    assert_eq!(
        in_json(
            "{\n  \"max_events\": \"é\", \"link_ttl\": 5,\n  \"dial_hosts\": [1, \"a.test\", false]\n}"
        ),
        [
            "2:17: bad value for `max_events`: expected a whole number, not negative, found \"é\"",
            "2:34: bad value for `link_ttl`: expected a duration such as \"PT5M\" or \"5 minutes\", found 5",
            "3:18: bad value for `dial_hosts[0]`: expected a string, found 1",
            "3:31: bad value for `dial_hosts[2]`: expected a string, found false",
        ]
    );
    assert_eq!(
        problems(
            "[[seed.organizations]]\nname = 5\n[[seed.organizations]]\nname = \"Acme\"\ndomains = [\"a.test\", { domain = 7 }]\n[[seed.directories]]\norganization = \"x\"\nusers = [{ email = 1 }, {}, { stat = 2 }]"
        ),
        [
            "2:8: bad value for `seed.organizations[0].name`: expected a string, found 5",
            "5:33: bad value for `seed.organizations[1].domains[1].domain`: expected a string, found 7",
            "8:20: bad value for `seed.directories[0].users[0].email`: expected a string, found 1",
            "8:31: unknown key `seed.directories[0].users[2].stat`; did you mean `state`?",
        ]
    );
}

#[test]
fn of_many_words_the_nearest_is_named() {
    assert_eq!(
        in_yaml(
            "seed: { organizations: [{ name: Acme, metadata: { a: 1 } }], connections: [{ organization: x, connection_type: OktaSaml }] }"
        ),
        [
            "1:54: bad value for `seed.organizations[0].metadata.a`: expected a string, found 1",
            "1:112: bad value for `seed.connections[0].connection_type`: expected one of 53 words, such as \"OktaSAML\", found OktaSaml",
        ]
    );
}

#[test]
fn what_a_seed_names_is_looked_for_where_it_stands() {
    assert_eq!(
        in_yaml(
            "seed:\n  organizations: [{ key: acme, name: Acme }]\n  connections:\n  - organization: acmee\n"
        ),
        [
            "4:19: bad value for `seed.connections[0].organization`: no organization has the key or the id \"acmee\"; did you mean \"acme\"?"
        ]
    );
}

#[test]
fn what_is_not_in_its_format_is_placed() {
    for (text, place) in [
        ("{\"a\": 1,\n}", "2:1: not valid JSON: "),
        (
            "{\"max_events\": 1, \"max_events\": 2}",
            "1:19: not valid JSON: the key `max_events` comes twice",
        ),
        ("", "1:1: not valid JSON: "),
        ("[1", "1:2: not valid JSON: "),
    ] {
        let found = in_json(text);
        assert!(found[0].starts_with(place), "{text}: {found:?}");
    }
    for (text, place) in [
        ("a: [1", "1:"),
        ("a: 1\nb: 'x\n", "2:"),
        (
            "max_events: 1\nmax_events: 2",
            "2:1: not valid YAML: the key `max_events` comes twice",
        ),
        (
            "a: 1\n---\nb: 2",
            "2:1: not valid YAML: there is a second document",
        ),
        ("? [a]\n: 1", "1:3: not valid YAML: a key is a text"),
        ("a: *nobody", "1:4: not valid YAML: "),
    ] {
        let found = in_yaml(text);
        assert!(found[0].starts_with(place), "{text}: {found:?}");
    }
    assert_eq!(in_yaml("5"), ["1:1: expected a table"]);
    assert_eq!(in_json("[]"), ["1:1: expected a table"]);
    assert_eq!(
        in_yaml("seed: [[{ name: Acme }]]"),
        ["1:7: bad value for `seed`: expected a table"]
    );
}

#[test]
fn little_text_does_not_become_very_much() {
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (one, next) in ["a", "b", "c", "d", "e", "f", "g"]
        .iter()
        .zip(["b", "c", "d", "e", "f", "g", "h"])
    {
        let nine = vec![format!("*{one}"); 9].join(", ");
        bomb = format!(
            "{bomb}{next}: &{next} [{nine}]
"
        );
    }
    assert!(in_yaml(&bomb)[0].contains("its aliases bring more than can be held"));
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(5_000), close.repeat(5_000));
    for found in [
        in_yaml(&deep("[", "]")),
        in_json(&deep("[", "]")),
        in_json(&deep("{\"a\":", "}")),
        problems(&format!("a = {}", deep("[", "]"))),
    ] {
        assert_eq!(found.len(), 1, "{found:?}");
    }
    let deeper = format!("a: {}{}", "[".repeat(80), "]".repeat(80));
    for found in [in_yaml(&deeper), problems(&deeper.replace("a:", "a ="))] {
        assert!(found[0].contains("64 levels"), "{found:?}");
    }
    let deeper = format!("{}1{}", "{\"a\":".repeat(80), "}".repeat(80));
    assert!(in_json(&deeper)[0].contains("64 levels"));
}

#[test]
fn an_alias_stands_for_what_it_names() {
    let config =
        Config::from_yaml("dial_hosts: &hosts [a.test, b.test]\nallow_hosts: *hosts\n").unwrap();
    assert_eq!(config.allow_hosts, config.dial_hosts);
}

#[test]
fn text_is_text_whatever_it_looks_like() {
    for text in [
        "client_id: '5'",
        "client_id: \"5\"",
        "client_id: !!str 5",
        "client_id: |-\n  5",
    ] {
        assert_eq!(Config::from_yaml(text).unwrap().client_id, "5", "{text}");
    }
    assert_eq!(
        in_yaml("client_id: 5"),
        ["1:12: bad value for `client_id`: expected a string, found 5"]
    );
    // JSON as Python writes it, with halves of characters.
    let emoji = Config::from_json("{\"branding\": {\"name\": \"\\ud83d\\ude00\"}}").unwrap();
    assert_eq!(emoji.branding.name.as_deref(), Some("😀"));
    assert_eq!(
        in_json("{\"branding\": {\"name\": \"a\\u0000\"}}"),
        ["1:23: `branding.name` has the character U+0000"]
    );
}

#[test]
fn a_secret_is_in_no_message_of_any_format() {
    for found in [
        in_yaml("control_token: [sk_secret]"),
        in_yaml("control_token: {sk_secret: 1}"),
        in_yaml("keys: [{ value: [sk_secret] }]"),
        in_json("{\"control_token\": [\"sk_secret\"]}"),
        in_yaml(
            "seed: { webhook_endpoints: [{ endpoint_url: 'http://localhost', secret: 'sk_secret x' }] }",
        ),
        in_yaml(
            "seed: { webhook_endpoints: [{ endpoint_url: 'http://localhost', secret: [sk_secret] }] }",
        ),
    ] {
        assert!(
            !found.is_empty() && !found.join(" ").contains("sk_secret"),
            "{found:?}"
        );
    }
}

#[test]
fn editors_get_a_schema() {
    for text in [schema(), seed_schema()] {
        let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(schema["additionalProperties"], false);
        assert!(schema["properties"]["$schema"].is_object());
        assert!(schema["$defs"]["SeedOrganization"]["properties"]["domains"].is_object());
        jsonschema::validator_for(&schema).expect("a schema");
    }
}
