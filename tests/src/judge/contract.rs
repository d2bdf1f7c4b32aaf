//! The two documents that answers are held against, and what they say about an operation.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::closed::{Position, close};

/// WorkOS's own document, cut down to our operations.
pub static UPSTREAM: LazyLock<Document> =
    LazyLock::new(|| Document::new("WorkOS", include_str!("../../../openapi/upstream.json")));

/// The contract of this project.
pub static PORTAL: LazyLock<Document> =
    LazyLock::new(|| Document::new("portal.json", include_str!("../../../openapi/portal.json")));

/// The mock's own calls, which WorkOS has not.
pub static CONTROL: LazyLock<Document> = LazyLock::new(|| {
    let text = include_str!("../../../openapi/control.json");
    Document {
        // Clocks are shown to the nanosecond.
        is_instant: |text| text.parse::<jiff::Timestamp>().is_ok(),
        ..Document::new("control.json", text)
    }
});

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// An OpenAPI 3.1 document, so that its schemas are JSON Schema 2020-12 as they stand.
#[derive(Debug)]
pub struct Document {
    name: &'static str,
    root: Value,
    closed_components: Value,
    operations: Vec<Operation>,
    is_instant: fn(&str) -> bool,
    validators: Mutex<HashMap<(String, Strictness), Arc<Validator>>>,
}

/// One operation of a document.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Operation {
    /// Its `operationId`.
    pub id: String,
    /// Its method in upper case.
    pub method: String,
    /// Its path, with parameters in braces.
    pub path: String,
}

/// Whether members that are not declared are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Strictness {
    /// At every level.
    Closed,
    /// As the schema says.
    Open,
}

/// A declared answer.
#[derive(Clone, Debug)]
pub(super) struct Declared<'d> {
    document: &'d Document,
    pointer: String,
    value: &'d Value,
}

impl Document {
    fn new(name: &'static str, text: &str) -> Self {
        let root: Value = serde_json::from_str(text).expect("the document is JSON");
        let mut closed_components = root["components"].clone();
        if let Some(Value::Object(schemas)) = closed_components.get_mut("schemas") {
            for schema in schemas.values_mut() {
                close(schema, Position::Branch);
            }
        }
        let operations = operations(&root);
        Self {
            name,
            root,
            closed_components,
            operations,
            is_instant: is_timestamp,
            validators: Mutex::default(),
        }
    }

    /// The document as it stands.
    #[must_use]
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// Every operation, in the document's order.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// What is declared for `method` and `path`, the path as the document writes it.
    #[must_use]
    pub fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        self.operations
            .iter()
            .find(|operation| operation.method == method && operation.path == path)
    }

    /// The operations whose path matches that of a request; literal segments before parameters.
    pub(super) fn matching(&self, path: &str) -> Vec<&Operation> {
        let matches = self
            .operations
            .iter()
            .filter(|operation| matches(&operation.path, path));
        let mut matches: Vec<_> = matches.collect();
        let fewest = matches
            .iter()
            .map(|operation| operation.path.matches('{').count())
            .min();
        matches.retain(|operation| Some(operation.path.matches('{').count()) == fewest);
        matches
    }

    /// The answer that is declared for a status.
    pub(super) fn answer(&self, operation: &Operation, status: u16) -> Option<Declared<'_>> {
        let path = operation.path.replace('~', "~0").replace('/', "~1");
        let mut pointer = format!(
            "/paths/{path}/{}/responses/{status}",
            operation.method.to_lowercase()
        );
        let mut value = self.root.pointer(&pointer)?;
        if let Some(reference) = value["$ref"].as_str() {
            pointer = reference
                .strip_prefix('#')
                .expect("a reference into the document")
                .to_owned();
            value = self
                .root
                .pointer(&pointer)
                .expect("the reference leads somewhere");
        }
        Some(Declared {
            document: self,
            pointer,
            value,
        })
    }

    /// Whether the schema of the operation's request accepts `body`.
    ///
    /// # Panics
    /// When the operation takes no JSON.
    #[must_use]
    pub fn accepts(&self, operation: &Operation, body: &Value) -> bool {
        let path = operation.path.replace('~', "~0").replace('/', "~1");
        let method = operation.method.to_lowercase();
        let pointer =
            format!("/paths/{path}/{method}/requestBody/content/application~1json/schema");
        self.validator(&pointer, Strictness::Open).is_valid(body)
    }

    /// What `body` violates of the schema at `pointer`.
    fn violations(&self, pointer: &str, strictness: Strictness, body: &Value) -> Vec<String> {
        let validator = self.validator(pointer, strictness);
        let violations = validator.iter_errors(body).map(|error| {
            let at = match error.instance_path().as_str() {
                "" => "the body".to_owned(),
                path => path.to_owned(),
            };
            format!("{}: {at}: {error}", self.name)
        });
        violations.collect()
    }

    fn validator(&self, pointer: &str, strictness: Strictness) -> Arc<Validator> {
        let mut validators = self
            .validators
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let validator = validators
            .entry((pointer.to_owned(), strictness))
            .or_insert_with(|| {
                let schema = self
                    .root
                    .pointer(pointer)
                    .expect("a schema stands at the pointer")
                    .clone();
                Arc::new(self.compile(schema, strictness))
            });
        Arc::clone(validator)
    }

    /// Compiles a schema whose references lead into this document.
    pub(super) fn compile(&self, mut schema: Value, strictness: Strictness) -> Validator {
        let components = match strictness {
            Strictness::Closed => {
                close(&mut schema, Position::Instance);
                &self.closed_components
            }
            Strictness::Open => &self.root["components"],
        };
        // `allOf` rather than a merge: a schema may be `true`, and may have members of any name.
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [schema],
            "components": components,
        });
        jsonschema::options()
            .should_validate_formats(true)
            .with_format("date-time", self.is_instant)
            .build(&schema)
            .unwrap_or_else(|error| panic!("{}: a schema is not valid: {error}", self.name))
    }
}

impl Declared<'_> {
    /// The media types of the body; none for an answer without one.
    pub(super) fn media_types(&self) -> Vec<&str> {
        let content = self.value["content"].as_object();
        content
            .map(|content| content.keys().map(String::as_str).collect())
            .unwrap_or_default()
    }

    /// What `body` violates of the schema that is declared for the media type.
    pub(super) fn violations(
        &self,
        media_type: &str,
        strictness: Strictness,
        body: &Value,
    ) -> Vec<String> {
        let pointer = format!(
            "{}/content/{}/schema",
            self.pointer,
            media_type.replace('/', "~1")
        );
        self.document.violations(&pointer, strictness, body)
    }

    /// The headers that have to be there, with their schemas' pointers.
    pub(super) fn headers(&self) -> impl Iterator<Item = (&str, Validator)> {
        let headers = self.value["headers"].as_object().into_iter().flatten();
        headers
            .filter(|(_, header)| header["required"] == true)
            .map(|(name, header)| {
                (
                    name.as_str(),
                    self.document
                        .compile(header["schema"].clone(), Strictness::Open),
                )
            })
    }
}

fn operations(root: &Value) -> Vec<Operation> {
    let paths = root["paths"].as_object().expect("the document has paths");
    let operations = paths.iter().flat_map(|(path, item)| {
        METHODS.iter().filter_map(move |method| {
            let id = item.get(method)?["operationId"].as_str()?.to_owned();
            Some(Operation {
                id,
                method: method.to_uppercase(),
                path: path.clone(),
            })
        })
    });
    operations.collect()
}

fn matches(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given))
                if wanted == given || (wanted.starts_with('{') && !given.is_empty()) => {}
            _ => return false,
        }
    }
}

/// WorkOS writes every time in UTC, with milliseconds and `Z`.
fn is_timestamp(text: &str) -> bool {
    text.len() == 24
        && text.ends_with('Z')
        && text.as_bytes()[19] == b'.'
        && text.parse::<jiff::Timestamp>().is_ok()
}
