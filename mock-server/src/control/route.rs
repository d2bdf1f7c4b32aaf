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
    pub(super) query: Option<SchemaOf>,
    pub(super) body: Option<SchemaOf>,
    /// How many bytes a body may have.
    pub(super) largest_body: usize,
    pub(super) success: Success,
    /// The statuses of its own that it refuses with.
    pub(super) refuses: &'static [(u16, &'static str)],
    pub(super) handler: Handler,
}

/// What an operation answers when it was carried out.
#[derive(Clone)]
pub(super) struct Success {
    pub(super) status: u16,
    pub(super) description: &'static str,
    pub(super) body: Option<SchemaOf>,
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
            query: None,
            body: None,
            largest_body: LITTLE,
            success: Success {
                status: 204,
                description: "It is done.",
                body: None,
            },
            refuses: &[],
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

    /// Its body may have so many bytes.
    pub(super) fn largest_body(self, largest_body: usize) -> Self {
        Self {
            largest_body,
            ..self
        }
    }

    /// It answers this when it was carried out.
    pub(super) fn answers<T: JsonSchema>(self, status: u16, description: &'static str) -> Self {
        Self {
            success: Success {
                status,
                description,
                body: Some(schema_of::<T>),
            },
            ..self
        }
    }

    /// It refuses with these statuses, besides those that every operation refuses with.
    pub(super) fn refuses(self, refuses: &'static [(u16, &'static str)]) -> Self {
        Self { refuses, ..self }
    }
}

/// What is the matter with a path that names something.
pub(super) const NOT_FOUND: (u16, &str) = (404, "There is nothing with this id.");
