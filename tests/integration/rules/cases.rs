//! Requests that break one rule each, derived from the contract.

use contract_tests::judge::{Operation, PORTAL};
use serde_json::{Value, json};

use super::schemas::{broken, others, resolved, sample, types};

/// A request that breaks one rule.
pub(super) struct Case {
    /// The dotted path of the member, a parameter's name, or `body`.
    pub(super) field: String,
    pub(super) rule: &'static str,
    pub(super) request: Request,
    pub(super) expected: Expected,
}

pub(super) enum Request {
    Query(String),
    Body(Value),
}

/// What the contract says about the answer.
pub(super) enum Expected {
    /// One error with this code.
    Error(String),
    /// This whole answer.
    Special(Value),
}

/// A value of a request, with the way to it.
#[derive(Clone)]
struct Place {
    /// The members and indexes that lead to it.
    steps: Vec<String>,
    /// The declared ones of these members.
    names: Vec<String>,
    schema: Value,
    /// Every `x-violation` on the way.
    overrides: Vec<Value>,
}

impl Place {
    fn enter(&self, step: &str, is_declared: bool, schema: &Value) -> Self {
        let mut inner = self.clone();
        inner.steps.push(step.to_owned());
        if is_declared {
            inner.names.push(step.to_owned());
        }
        inner.schema = resolved(schema);
        // The reference may carry one as well as its target.
        let own = [schema.get("x-violation"), inner.schema.get("x-violation")];
        let own = own.into_iter().flatten().next();
        inner.overrides.extend(own.cloned());
        inner
    }

    fn case(&self, rule: &'static str, request: Request) -> Case {
        let or_body = |joined: String| {
            if joined.is_empty() {
                "body".to_owned()
            } else {
                joined
            }
        };
        let special = self.overrides.iter().rev().find(|special| {
            let rules = special["rules"].as_array();
            rules.is_none_or(|rules| rules.contains(&json!(rule)))
        });
        let own_code = self.schema["x-violation-code"][rule].as_str();
        let code = format!("{}_{rule}", or_body(self.names.join("_")));
        Case {
            field: or_body(self.steps.join(".")),
            rule,
            request,
            expected: match special {
                Some(special) => Expected::Special(special.clone()),
                None => Expected::Error(own_code.map_or(code, str::to_owned)),
            },
        }
    }

    /// `body` with something else at this place, or with nothing.
    fn put(&self, body: &Value, value: Option<Value>) -> Value {
        let mut changed = body.clone();
        let Some((last, way)) = self.steps.split_last() else {
            return value.expect("a body");
        };
        let way: Vec<&str> = way.iter().map(String::as_str).collect();
        let pointer = match way.as_slice() {
            [] => String::new(),
            way => format!("/{}", way.join("/")),
        };
        let container = changed.pointer_mut(&pointer).expect("the sample has it");
        match (container, value) {
            (Value::Object(members), Some(value)) => _ = members.insert(last.clone(), value),
            (Value::Object(members), None) => _ = members.shift_remove(last),
            (Value::Array(items), Some(value)) => items[0] = value,
            (other, _) => panic!("{other} has no {last}"),
        }
        changed
    }

    /// Every rule of this place and of what is in it.
    fn cases(&self, body: &Value, cases: &mut Vec<Case>) {
        for (rule, value) in broken(&self.schema) {
            // The key that is too long has a place of its own in the request, but not in the answer.
            let request = Request::Body(self.put(body, Some(value)));
            cases.push(self.case(rule, request));
        }
        let schema = &self.schema;
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        for (name, member) in schema["properties"].as_object().into_iter().flatten() {
            let inner = self.enter(name, true, member);
            if required.contains(&json!(name)) {
                cases.push(inner.case("required", Request::Body(inner.put(body, None))));
            }
            inner.cases(body, cases);
        }
        if let Some(items) = schema.get("items") {
            self.enter("0", false, items).cases(body, cases);
        }
        if let Some(other) = others(schema) {
            self.enter("key", false, &other).cases(body, cases);
            if schema["additionalProperties"] == false {
                let unknown = self.enter("a key!", false, &json!({}));
                let request = unknown.put(body, Some(json!("text")));
                cases.push(unknown.case("unknown", Request::Body(request)));
            }
        }
    }
}

pub(super) fn cases(operation: &Operation) -> Vec<Case> {
    let declared =
        &PORTAL.root()["paths"][operation.path.as_str()][operation.method.to_lowercase().as_str()];
    let mut cases = Vec::new();
    for parameter in declared["parameters"].as_array().into_iter().flatten() {
        let parameter = resolved(parameter);
        if parameter["in"] == "query" {
            of_query(&parameter, &mut cases);
        }
    }
    if !declared["requestBody"].is_null() {
        let schema =
            resolved(&declared["requestBody"])["content"]["application/json"]["schema"].clone();
        let body = sample(&schema);
        assert!(PORTAL.accepts(operation, &body), "{body}");
        let place = Place {
            steps: Vec::new(),
            names: Vec::new(),
            schema: resolved(&schema),
            overrides: Vec::new(),
        };
        place.cases(&body, &mut cases);
    }
    cases
}

fn of_query(parameter: &Value, cases: &mut Vec<Case>) {
    let name = parameter["name"].as_str().expect("a name");
    let schema = resolved(&parameter["schema"]);
    let place = Place {
        steps: vec![name.to_owned()],
        names: vec![name.to_owned()],
        overrides: Vec::new(),
        schema: schema.clone(),
    };
    let mut add = |rule, query: String| cases.push(place.case(rule, Request::Query(query)));
    let is_text = types(&schema) == ["string"];
    for (rule, value) in broken(&schema) {
        // In a query, everything is text: a string is never of the wrong type, and a list has as many items as there are.
        match value {
            Value::String(text) if is_text => {
                add(rule, format!("{name}={}", text.replace(' ', "%20")));
            }
            Value::Number(number) if types(&schema) == ["integer"] => {
                // A number is an integer by the way it is written.
                let rule = if number.is_f64() {
                    "invalid_type"
                } else {
                    rule
                };
                add(rule, format!("{name}={number}"));
            }
            Value::String(text) if types(&schema) == ["integer"] => {
                add(rule, format!("{name}={text}"));
            }
            _ => {}
        }
    }
    if schema["type"] != "array" {
        add("duplicate", format!("{name}=1&{name}=2"));
    }
    add("invalid_format", format!("{name}=%ff"));
    add("invalid_format", format!("{name}=a%00b"));
}
