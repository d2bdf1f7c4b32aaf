//! An operation's schema, compiled.

use std::{
    borrow::Cow,
    sync::{LazyLock, OnceLock},
};

use axum::http::HeaderMap;
use jiff::Timestamp;
use jsonschema::{Draft, PatternOptions, Registry, Validator};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value, json};
use url::Url;

use super::{
    Input, Rejection, Shape, limits,
    request::{self, Parameter},
    schema, settle, trim,
    violation::{self, Violation},
};

/// The name under which schemas find the document.
const DOCUMENT_URI: &str = "urn:workos-portal:document";

/// What a URI's fragment cannot hold as it is.
const FRAGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// An OpenAPI 3.1 document that schemas are compiled from.
pub(crate) struct Contract {
    document: &'static Value,
    registry: Registry<'static>,
    refuses_unknown_parameters: bool,
    names_what_is_known: bool,
}

impl Contract {
    pub(crate) fn new(document: &'static Value) -> Self {
        let registry = Registry::new()
            .draft(Draft::Draft202012)
            .add(DOCUMENT_URI, document)
            .and_then(jsonschema::RegistryBuilder::prepare)
            .expect("the document refers to nothing outside itself");
        Self {
            document,
            registry,
            refuses_unknown_parameters: false,
            names_what_is_known: false,
        }
    }

    /// Refuses parameters of a query that an operation does not declare.
    pub(crate) fn refusing_unknown_parameters(self) -> Self {
        Self {
            refuses_unknown_parameters: true,
            ..self
        }
    }

    /// Names what is known where it refuses what is not: the members of an object, the forms of a value.
    pub(crate) fn naming_what_is_known(self) -> Self {
        Self {
            names_what_is_known: true,
            ..self
        }
    }

    /// Compiles the operation at `method` and `path`.
    pub(crate) fn plan(&self, method: &str, path: &str) -> Result<Plan, String> {
        let item = format!("/paths/{}", escape(path));
        let operation = format!("{item}/{}", method.to_ascii_lowercase());
        let mut parts = Parts::default();
        let mut parameters: Vec<Parameter> = Vec::new();
        for owner in [&operation, &item] {
            let declared = self.document.pointer(&format!("{owner}/parameters"));
            for index in 0..declared.and_then(Value::as_array).map_or(0, Vec::len) {
                let (pointer, parameter) = self.resolve(format!("{owner}/parameters/{index}"))?;
                let known = Parameter::read(self.document, parameter)?;
                // An operation's own parameter hides its path's.
                if parameters.iter().any(|other| other.is(&known)) {
                    continue;
                }
                parts.add(&known, parameter, &format!("{pointer}/schema"));
                parameters.push(known);
            }
        }
        let body = self.body(&operation)?;
        let root = parts.into_schema(body.as_deref());
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&self.registry)
            .should_validate_formats(true)
            .with_format("date-time", is_date_time)
            .with_format("uri", is_uri)
            .with_format("duration", limits::is_duration)
            .with_keyword(limits::KEYWORD, limits::keyword)
            // Linear in the length of what it reads, whatever that is.
            .with_pattern_options(PatternOptions::regex())
            .build(&root)
            .map_err(|error| format!("{method} {path}: {error}"))?;
        Ok(Plan {
            document: self.document,
            refuses_unknown_parameters: self.refuses_unknown_parameters,
            names_what_is_known: self.names_what_is_known,
            root,
            parameters,
            takes_body: body.is_some(),
            answer: Answer::read(
                &self.document.pointer(&operation).unwrap_or(&Value::Null)["x-violations"],
            )
            .ok_or_else(|| format!("{method} {path}: x-violations is none that is known"))?,
            validator,
            declared: OnceLock::new(),
        })
    }

    fn body(&self, operation: &str) -> Result<Option<String>, String> {
        let body = format!("{operation}/requestBody");
        if self.document.pointer(&body).is_none() {
            return Ok(None);
        }
        let (pointer, _) = self.resolve(body)?;
        let pointer = format!("{pointer}/content/application~1json/schema");
        self.document
            .pointer(&pointer)
            .ok_or(format!("{pointer} is missing"))?;
        Ok(Some(pointer))
    }

    fn resolve(&self, pointer: String) -> Result<(String, &'static Value), String> {
        let missing = || format!("{pointer} is missing");
        let value = self.document.pointer(&pointer).ok_or_else(missing)?;
        let Some(reference) = value["$ref"].as_str() else {
            return Ok((pointer, value));
        };
        let target = schema::follow(self.document, reference).ok_or_else(missing)?;
        Ok((reference.trim_start_matches('#').to_owned(), target))
    }
}

/// A compiled operation. `root` describes an object with the members `path`, `query`, `headers` and `body`, so that one pass of
/// one validator sees the whole request.
pub(crate) struct Plan {
    pub(super) document: &'static Value,
    pub(super) refuses_unknown_parameters: bool,
    pub(super) names_what_is_known: bool,
    pub(super) root: Value,
    pub(super) parameters: Vec<Parameter>,
    takes_body: bool,
    answer: Answer,
    validator: Validator,
    declared: OnceLock<trim::Declared>,
}

impl Plan {
    pub(crate) fn check<N: AsRef<str>, V: AsRef<str>>(
        &self,
        path: &[(N, V)],
        raw_query: Option<&str>,
        headers: &HeaderMap,
        body: Option<Value>,
    ) -> Result<Input, Rejection> {
        let body = self
            .takes_body
            .then(|| body.unwrap_or_else(|| Value::Object(Map::new())));
        let (mut request, mut violations) = request::assemble(self, path, raw_query, headers, body);
        violations.extend(settle::numbers(self, &mut request));
        if !violations.is_empty() || !self.validator.is_valid(&request) {
            violations.extend(self.violations(&request));
        }
        if let Some(rejection) = violation::reject(violations, self.answer) {
            return Err(rejection);
        }
        let warnings = settle::members(self, &mut request);
        let mut take = |part: &str| request.get_mut(part).map(Value::take);
        let mut map = |part: &str| match take(part) {
            Some(Value::Object(members)) => members,
            _ => Map::new(),
        };
        Ok(Input {
            path: map("path"),
            query: map("query"),
            headers: map("headers"),
            body: take("body"),
            warnings,
        })
    }

    fn violations(&self, request: &Value) -> Vec<Violation<'_>> {
        let declared = || self.declared.get_or_init(|| trim::declared(self.document));
        let bounded = trim::bounded(request, declared);
        let errors: Vec<_> = self.validator.iter_errors(&bounded).collect();
        if errors.is_empty()
            && matches!(bounded, Cow::Owned(_))
            && !self.validator.is_valid(request)
        {
            return vec![Violation::beyond(self)];
        }
        violation::collect(self, &bounded, &errors)
    }
}

/// How an operation answers violations.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) shape: Shape,
}

impl Default for Answer {
    fn default() -> Self {
        Self {
            status: 422,
            shape: Shape::Errors,
        }
    }
}

impl Answer {
    /// Reads an operation's `x-violations`; nothing when it says what there is not.
    fn read(extension: &Value) -> Option<Self> {
        if extension.is_null() {
            return Some(Self::default());
        }
        let shape = match extension["shape"].as_str()? {
            "errors" => Shape::Errors,
            "messages" => Shape::Messages,
            _ => return None,
        };
        let status = u16::try_from(extension["status"].as_u64()?).ok()?;
        Some(Self { status, shape })
    }
}

/// The members of the root schema, as they are gathered.
#[derive(Default)]
struct Parts {
    path: Section,
    query: Section,
    headers: Section,
}

#[derive(Default)]
struct Section {
    properties: Map<String, Value>,
    required: Vec<Value>,
}

impl Parts {
    fn add(&mut self, parameter: &Parameter, declared: &Value, pointer: &str) {
        let section = match parameter.section {
            request::Section::Path => &mut self.path,
            request::Section::Query => &mut self.query,
            request::Section::Headers => &mut self.headers,
        };
        let mut schema = Map::new();
        for extension in ["x-violation", "x-alias-of", "deprecated"] {
            if let Some(value) = declared.get(extension) {
                schema.insert(extension.to_owned(), value.clone());
            }
        }
        schema.insert("$ref".to_owned(), reference(pointer));
        section
            .properties
            .insert(parameter.name.clone(), Value::Object(schema));
        if declared["required"] == true {
            section.required.push(Value::String(parameter.name.clone()));
        }
    }

    fn into_schema(self, body: Option<&str>) -> Value {
        let section = |Section {
                           properties,
                           required,
                       }| {
            json!({ "type": "object", "properties": properties, "required": required })
        };
        let mut root = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": {
                "path": section(self.path),
                "query": section(self.query),
                "headers": section(self.headers),
            },
        });
        if let Some(pointer) = body {
            root["properties"]["body"] = json!({ "$ref": reference(pointer) });
        }
        root
    }
}

fn reference(pointer: &str) -> Value {
    format!("{DOCUMENT_URI}#{}", utf8_percent_encode(pointer, FRAGMENT)).into()
}

fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// A URI of RFC 3986 that a [`Url`] can hold, so that no handler meets one it cannot read (`http://host:99999`).
fn is_uri(text: &str) -> bool {
    static URI: LazyLock<Validator> = LazyLock::new(|| {
        jsonschema::options()
            .should_validate_formats(true)
            .build(&json!({ "format": "uri" }))
            .expect("`uri` is a format of JSON Schema")
    });
    Url::parse(text).is_ok() && URI.is_valid(&text.into())
}

/// An RFC 3339 date and time that a [`Timestamp`] can hold, so that no handler meets one it cannot read.
fn is_date_time(text: &str) -> bool {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00";
    let bytes = text.as_bytes();
    let shaped = bytes.len() > SHAPE.len()
        && SHAPE.iter().zip(bytes).all(|(shape, byte)| match shape {
            b'0' => byte.is_ascii_digit(),
            _ => shape.eq_ignore_ascii_case(byte),
        });
    let Some(rest) = shaped.then(|| &text[SHAPE.len()..]) else {
        return false;
    };
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if zone.len() == fraction.len() {
                return false;
            }
            zone
        }
        None => rest,
    };
    let offset = matches!(zone.as_bytes(), [b'+' | b'-', h1, h2, b':', m1, m2]
        if [h1, h2, m1, m2].iter().all(|digit| digit.is_ascii_digit()));
    (zone.eq_ignore_ascii_case("z") || offset) && text.parse::<Timestamp>().is_ok()
}
