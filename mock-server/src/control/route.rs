//! The operations of the control API as data: where each is, what it takes and answers, and what carries it out. Routes,
//! validation and the document come of the same table, so none of them can be wrong about another.

use std::future::Future;
use std::pin::Pin;

use axum::http::Method;
use axum::response::Response;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::answer::Refusal;
use super::call::Call;

/// What carries an operation out.
pub(super) type Handler = fn(Call) -> Handling;
/// Somebody carrying an operation out.
pub(super) type Handling = Pin<Box<dyn Future<Output = Result<Response, Refusal>> + Send>>;
/// Makes the schema of a type.
pub(super) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// What most calls say is little.
const LITTLE: usize = 64 * 1024;
/// As much as the API takes: lists of people are given whole, metadata and certificates are pasted.
pub(super) const MUCH: usize = 1024 * 1024;
/// Seeds with everything that an environment has, which may be tens of thousands of people.
pub(super) const VERY_MUCH: usize = 32 * 1024 * 1024;

/// Operations about one thing.
#[derive(Clone)]
pub(super) struct Group {
    /// Its name, as a heading.
    pub(super) name: &'static str,
    /// What they are for.
    pub(super) description: &'static str,
    pub(super) routes: Vec<Route>,
}

impl Group {
    pub(super) fn new(name: &'static str, description: &'static str, routes: Vec<Route>) -> Self {
        Self {
            name,
            description,
            routes,
        }
    }
}

/// One operation.
#[derive(Clone)]
pub(super) struct Route {
    /// Its name, such as `create_environment`.
    pub(super) id: &'static str,
    pub(super) method: Method,
    pub(super) path: &'static str,
    /// What it does, as a sentence.
    pub(super) summary: &'static str,
    /// What more there is to know.
    pub(super) description: &'static str,
    /// What the parameters of its path are.
    pub(super) names: Vec<(&'static str, &'static str)>,
    pub(super) query: Option<SchemaOf>,
    pub(super) body: Option<SchemaOf>,
    /// Whether no body at all is another thing than an empty object.
    pub(super) needs_body: bool,
    /// How many bytes a body may have.
    pub(super) largest_body: usize,
    /// Bodies with what they are examples of.
    pub(super) examples: Vec<(&'static str, &'static str)>,
    pub(super) success: Success,
    /// What it means that it answers 204, where that is not what it usually answers.
    pub(super) empty: Option<&'static str>,
    /// The statuses of its own that it refuses with.
    pub(super) refuses: Vec<(u16, &'static str)>,
    /// Whether it is answered without the control token, because it only describes.
    pub(super) is_open: bool,
    pub(super) handler: Handler,
}

/// What an operation answers when it was carried out.
#[derive(Clone)]
pub(super) struct Success {
    pub(super) status: u16,
    pub(super) description: &'static str,
    /// The type and the schema of the body; nothing when there is none.
    pub(super) body: Option<(&'static str, SchemaOf)>,
}

fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

impl Route {
    pub(super) fn new(
        method: Method,
        path: &'static str,
        id: &'static str,
        summary: &'static str,
        handler: Handler,
    ) -> Self {
        Self {
            id,
            method,
            path,
            summary,
            description: "",
            names: Vec::new(),
            query: None,
            body: None,
            needs_body: false,
            largest_body: LITTLE,
            examples: Vec::new(),
            success: Success {
                status: 204,
                description: "It is done.",
                body: None,
            },
            empty: None,
            refuses: Vec::new(),
            is_open: false,
            handler,
        }
    }

    /// What more there is to know about it.
    pub(super) fn description(self, description: &'static str) -> Self {
        Self {
            description,
            ..self
        }
    }

    /// What a parameter of its path is. Where there is nothing with such an id, it refuses with 404.
    pub(super) fn names(mut self, parameter: &'static str, description: &'static str) -> Self {
        self.names.push((parameter, description));
        if !self.refuses.contains(&NOT_FOUND) {
            self.refuses.push(NOT_FOUND);
        }
        self
    }

    /// It takes these parameters, and no others.
    pub(super) fn query<T: JsonSchema>(self) -> Self {
        Self {
            query: Some(schema_of::<T>),
            ..self
        }
    }

    /// It takes this body. None at all counts as an empty object.
    pub(super) fn body<T: JsonSchema>(self) -> Self {
        Self {
            body: Some(schema_of::<T>),
            ..self
        }
    }

    /// It takes this body, and refuses a call that has none.
    pub(super) fn whole_body<T: JsonSchema>(self) -> Self {
        Self {
            needs_body: true,
            ..self.body::<T>()
        }
    }

    /// Its body may have so many bytes.
    pub(super) fn largest_body(self, largest_body: usize) -> Self {
        Self {
            largest_body,
            ..self
        }
    }

    /// A body as JSON, and what it is an example of.
    pub(super) fn example(mut self, what: &'static str, body: &'static str) -> Self {
        self.examples.push((what, body));
        self
    }

    /// It answers this when it was carried out.
    pub(super) fn answers<T: JsonSchema>(self, status: u16, description: &'static str) -> Self {
        self.answers_as::<T>("application/json", status, description)
    }

    /// It answers this without a body when it was carried out.
    pub(super) fn answers_nothing(self, status: u16, description: &'static str) -> Self {
        Self {
            success: Success {
                status,
                description,
                body: None,
            },
            ..self
        }
    }

    /// It answers this when it was carried out, written as `media_type`.
    pub(super) fn answers_as<T: JsonSchema>(
        self,
        media_type: &'static str,
        status: u16,
        description: &'static str,
    ) -> Self {
        Self {
            success: Success {
                status,
                description,
                body: Some((media_type, schema_of::<T>)),
            },
            ..self
        }
    }

    /// It may answer 204, without a body, when it was carried out.
    pub(super) fn or_empty(self, description: &'static str) -> Self {
        Self {
            empty: Some(description),
            ..self
        }
    }

    /// It is answered without the control token, because it only describes.
    pub(super) fn open(self) -> Self {
        Self {
            is_open: true,
            ..self
        }
    }

    /// It refuses with these statuses, besides those that every operation refuses with.
    pub(super) fn refuses(mut self, refuses: &[(u16, &'static str)]) -> Self {
        self.refuses.extend(refuses);
        self
    }
}

/// What is the matter with a path that names something.
const NOT_FOUND: (u16, &str) = (404, "There is nothing with this id.");
