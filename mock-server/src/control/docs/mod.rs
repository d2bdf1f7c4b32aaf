//! `/_mock/openapi.json` and `/_mock/docs`: the document of the control API, for programs and for people.

mod page;
mod types;

use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use self::page::Page;
use super::call::Call;
use super::document::document;
use super::route::Route;
use crate::html::respond;

/// The operations of this folder.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/_mock/openapi.json",
            "get_openapi",
            "Describes these calls to programs, as OpenAPI 3.1.",
            |call| {
                Box::pin(async move { Ok(Json(served(&call.state.public_url)).into_response()) })
            },
        )
        .open()
        .answers::<Document>(200, "The document that every call is held against."),
        Route::new(
            Method::GET,
            "/_mock/docs",
            "get_docs",
            "Describes these calls to people.",
            |call| Box::pin(async move { Ok(show(&call)) }),
        )
        .open()
        .answers_as::<String>("text/html", 200, "A page made of the document."),
    ]
}

/// An OpenAPI document.
struct Document;

impl JsonSchema for Document {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "OpenApiDocument".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "An OpenAPI 3.1 document.",
            "additionalProperties": true,
        })
    }
}

/// The document of a server that is at `public_url`.
fn served(public_url: &str) -> Value {
    let mut document = document().clone();
    document["servers"] = json!([{ "url": public_url }]);
    document
}

fn show(call: &Call) -> Response {
    let page = Page::new(document(), &call.state.public_url);
    respond::with_headers_of_pages(respond::page(StatusCode::OK, &page))
}
