//! A request as one JSON value: parameters typed by their schemas, beside the body.

use axum::http::{HeaderMap, HeaderName};
use percent_encoding::percent_decode;
use serde_json::{Map, Number, Value};

use super::{
    known,
    path::Step,
    plan::Plan,
    schema,
    violation::{Rule, Violation},
};

/// The most parameters of a query, declared or not, where an operation has any.
const MAX_PARAMETERS: usize = 1000;

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Path,
    Query,
    Headers,
}

impl Section {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Headers => "headers",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scalar {
    Boolean,
    Integer,
    Number,
    String,
}

impl Scalar {
    fn of(schemas: &[&Value]) -> Self {
        let kinds = [
            ("string", Self::String),
            ("integer", Self::Integer),
            ("number", Self::Number),
            ("boolean", Self::Boolean),
        ];
        let named = kinds
            .into_iter()
            .find(|(name, _)| schema::allows(schemas, name));
        named.map_or(Self::String, |(_, kind)| kind)
    }

    /// The typed value; text that is not one stays text, for the schema to refuse.
    fn read(self, text: String) -> Value {
        let typed = match self {
            Self::String => None,
            Self::Boolean => text.parse().ok().map(Value::Bool),
            Self::Integer => canonical_integer(&text).map(Value::Number),
            Self::Number => serde_json::from_str(&text).ok().map(Value::Number),
        };
        typed.unwrap_or(Value::String(text))
    }
}

/// `0`, `7` or `-7`, but not `+7`, `07`, `7.0` or ` 7`. One that fits no integer becomes a float, for the limits to refuse.
fn canonical_integer(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let canonical = !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (text == "0" || !digits.starts_with('0'));
    if !canonical {
        return None;
    }
    match text.parse::<i64>() {
        Ok(number) => Some(number.into()),
        Err(_) => Number::from_f64(text.parse::<f64>().ok()?.clamp(f64::MIN, f64::MAX)),
    }
}

/// A parameter that the document declares.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) section: Section,
    list: bool,
    scalar: Scalar,
}

impl Parameter {
    pub(super) fn read(document: &Value, declared: &Value) -> Result<Self, String> {
        let name = declared["name"].as_str().ok_or("a parameter has no name")?;
        let section = match declared["in"].as_str() {
            Some("path") => Section::Path,
            Some("query") => Section::Query,
            Some("header") => Section::Headers,
            other => return Err(format!("the parameter {name} stands in {other:?}")),
        };
        let schemas = schema::expand(document, &declared["schema"]);
        let list = schema::allows(&schemas, "array");
        let scalar = match schema::items(&schemas) {
            Some(items) if list => Scalar::of(&schema::expand(document, items)),
            _ => Scalar::of(&schemas),
        };
        Ok(Self {
            name: name.to_owned(),
            section,
            list,
            scalar,
        })
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        self.name == other.name && self.section == other.section
    }

    /// The value that these occurrences of the parameter make together.
    fn value(&self, mut texts: Vec<String>) -> Option<Value> {
        if self.list {
            let items = texts
                .iter()
                .filter(|text| !text.is_empty())
                .flat_map(|text| text.split(','));
            return Some(
                items
                    .map(|item| self.scalar.read(item.to_owned()))
                    .collect(),
            );
        }
        let text = texts.pop()?;
        texts.is_empty().then(|| self.scalar.read(text))
    }
}

/// Gathers the request into one value, and what cannot be gathered into violations.
pub(super) fn assemble<'p, N: AsRef<str>, V: AsRef<str>>(
    plan: &'p Plan,
    path: &[(N, V)],
    raw_query: Option<&str>,
    headers: &HeaderMap,
    body: Option<Value>,
) -> (Value, Vec<Violation<'p>>) {
    let mut violations = Vec::new();
    let mut sections: [Map<String, Value>; 3] = Default::default();
    let takes_query = plan
        .parameters
        .iter()
        .any(|parameter| parameter.section == Section::Query);
    let raw_query = raw_query.unwrap_or_default();
    let query = if takes_query && Pairs::split(raw_query).nth(MAX_PARAMETERS).is_some() {
        let message = format!("must have at most {MAX_PARAMETERS} parameters");
        let steps = [Step::member("query")];
        violations.push(Violation::plain(plan, &steps, Rule::TooMany, &message));
        Pairs::default()
    } else {
        Pairs::read(raw_query)
    };
    if plan.refuses_unknown_parameters {
        violations.extend(query.unknown(plan));
    }
    for parameter in &plan.parameters {
        let texts: Vec<Result<String, NotText>> = match parameter.section {
            Section::Path => path
                .iter()
                .filter(|(name, _)| name.as_ref() == parameter.name)
                .map(|(_, value)| Ok(value.as_ref().to_owned()))
                .collect(),
            Section::Query => query.values(&parameter.name, parameter.list),
            Section::Headers => header_values(headers, &parameter.name),
        };
        if texts.is_empty() {
            continue;
        }
        let mut refuse = |rule, message: &str| {
            let steps = [parameter.section.name(), &parameter.name].map(Step::member);
            violations.push(Violation::plain(plan, &steps, rule, message));
        };
        let Ok(texts) = texts.into_iter().collect::<Result<Vec<_>, _>>() else {
            refuse(Rule::InvalidFormat, "must be text in UTF-8");
            continue;
        };
        // What a path names is looked for; there is nothing with such an id.
        if parameter.section != Section::Path && texts.iter().any(|text| text.contains('\0')) {
            refuse(Rule::InvalidFormat, "must not have the character U+0000");
            continue;
        }
        let Some(value) = parameter.value(texts) else {
            refuse(Rule::Duplicate, "must be given only once");
            continue;
        };
        sections[parameter.section as usize].insert(parameter.name.clone(), value);
    }
    let mut request = Map::new();
    for section in [Section::Path, Section::Query, Section::Headers] {
        let members = std::mem::take(&mut sections[section as usize]);
        request.insert(section.name().to_owned(), Value::Object(members));
    }
    match body {
        Some(body @ Value::Object(_)) => {
            request.insert("body".to_owned(), body);
        }
        Some(_) => {
            let message = "must be a JSON object";
            let steps = [Step::member("body")];
            violations.push(Violation::plain(plan, &steps, Rule::InvalidType, message));
        }
        None => {}
    }
    (Value::Object(request), violations)
}

/// Bytes that are no UTF-8.
#[derive(Clone, Copy)]
struct NotText;

/// A query string, decoded as forms are. (The usual parser replaces bytes that are no UTF-8; here they are refused.)
#[derive(Default)]
struct Pairs(Vec<(String, Result<String, NotText>)>);

impl Pairs {
    fn split(raw: &str) -> impl Iterator<Item = &str> {
        raw.split('&').filter(|pair| !pair.is_empty())
    }

    fn read(raw: &str) -> Self {
        let decoded = Self::split(raw).filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name).ok()?, decode(value)))
        });
        Self(decoded.collect())
    }

    /// The parameters that an operation does not declare.
    fn unknown<'p>(&self, plan: &'p Plan) -> Vec<Violation<'p>> {
        let declared: Vec<_> = plan
            .parameters
            .iter()
            .filter(|parameter| parameter.section == Section::Query)
            .map(|parameter| parameter.name.as_str())
            .collect();
        let mut names: Vec<_> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let unknown = names.into_iter().filter(|name| !declared.contains(name));
        unknown
            .map(|name| {
                let steps = ["query", name].map(Step::member);
                let predicate = known::unknown("parameter", &declared, name);
                Violation::plain(plan, &steps, Rule::Unknown, &predicate)
            })
            .collect()
    }

    fn values(&self, wanted: &str, list: bool) -> Vec<Result<String, NotText>> {
        let is_wanted =
            |name: &str| name == wanted || list && name.strip_suffix("[]") == Some(wanted);
        let found = self.0.iter().filter(|(name, _)| is_wanted(name));
        found.map(|(_, value)| value.clone()).collect()
    }
}

fn decode(text: &str) -> Result<String, NotText> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode(spaced.as_bytes()).decode_utf8();
    decoded.map(Into::into).map_err(|_| NotText)
}

fn header_values(headers: &HeaderMap, name: &str) -> Vec<Result<String, NotText>> {
    let Ok(name) = name.parse::<HeaderName>() else {
        return Vec::new();
    };
    let values = headers.get_all(name).into_iter();
    values
        .map(|value| match std::str::from_utf8(value.as_bytes()) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(NotText),
        })
        .collect()
}
