//! What is answered although WorkOS's document does not declare it, each with what it rests on.
//!
//! An entry that WorkOS's document has caught up with, or that no request leads to, fails the tests.

use serde_json::Value;

use super::contract::{Operation, PORTAL, UPSTREAM};

/// One such answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Undeclared {
    /// Where it is given.
    pub operations: Operations,
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: Body,
    /// What it rests on.
    pub source: &'static str,
}

/// Where an answer is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operations {
    /// By every operation of WorkOS's document that does not declare it: the answer comes before the operation.
    Every,
    /// By every operation of WorkOS's document that changes something and does not declare it.
    Changing,
    /// By every operation of WorkOS's document that takes a body.
    WithBody,
    /// By these.
    Only(&'static [&'static str]),
    /// Where there is no operation at that path.
    NoPath,
    /// Where there is no operation with that method.
    NoMethod,
}

/// The exact members of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// `{"message": …}` with this message.
    Message(&'static str),
    /// `{"message": …}` with any message.
    AnyMessage,
    /// `{"message": …, "code": …}` with this code.
    Code(&'static str),
    /// `{"message": …, "code": "entity_not_found", "entity_id": …}`.
    NotFound,
    /// `{"message": …, "code": "invalid_request_parameters", "errors": […]}`.
    ValidationFailed,
    /// Text instead of JSON.
    Text(&'static str),
}

/// Every undeclared answer.
pub static UNDECLARED: &[Undeclared] = &[
    Undeclared {
        operations: Operations::Every,
        status: 401,
        body: Body::Message("Unauthorized"),
        source: "recorded: workos-ruby c3d70ba8, base/execute_request_unauthenticated.yml; documented: docs/reference/errors",
    },
    Undeclared {
        operations: Operations::Changing,
        status: 403,
        body: Body::Message("Forbidden"),
        source: "documented: docs/reference/errors (403 for a key without the permission); WorkOS's document has it for other operations",
    },
    Undeclared {
        operations: Operations::Every,
        status: 429,
        body: Body::Code("rate_limit_exceeded"),
        source: "documented: docs/reference/rate-limits; the body as WorkOS's document has it for POST /audit_logs/events",
    },
    Undeclared {
        operations: Operations::Only(&[
            "create_organization",
            "update_organization",
            "create_webhook_endpoint",
            "update_webhook_endpoint",
            "create_organization_domain",
        ]),
        status: 400,
        body: Body::Code("invalid_json"),
        source: "documented: docs/reference/errors (400, \"check parameters\"); the body is ours",
    },
    Undeclared {
        operations: Operations::Only(&[
            "create_organization",
            "create_webhook_endpoint",
            "create_organization_domain",
            "verify_organization_domain",
        ]),
        status: 400,
        body: Body::AnyMessage,
        source: "recorded: workos-ruby 1fb5be81, organization/create_with_duplicate_idempotency_key_and_different_payload.yml",
    },
    Undeclared {
        operations: Operations::Only(&["create_audit_log_schema", "update_audit_log_retention"]),
        status: 400,
        body: Body::Code("invalid_json"),
        source: "documented: docs/reference/errors (400, \"check parameters\"); the body is ours",
    },
    Undeclared {
        operations: Operations::Only(&["create_audit_log_schema"]),
        status: 400,
        body: Body::AnyMessage,
        source: "recorded for organizations: workos-ruby 1fb5be81, organization/create_with_duplicate_idempotency_key_and_different_payload.yml",
    },
    Undeclared {
        operations: Operations::WithBody,
        status: 413,
        body: Body::Code("request_too_large"),
        source: "ours: a limit of 1 MiB; WorkOS documents none",
    },
    Undeclared {
        operations: Operations::WithBody,
        status: 415,
        body: Body::Code("unsupported_media_type"),
        source: "ours: every SDK of WorkOS sends application/json",
    },
    Undeclared {
        operations: Operations::Only(&["list_webhook_endpoints"]),
        status: 422,
        body: Body::ValidationFailed,
        source: "WorkOS's document has it for other lists, such as GET /organizations",
    },
    Undeclared {
        operations: Operations::Only(&["delete_organization"]),
        status: 202,
        body: Body::Text("Accepted"),
        source: "recorded: workos-ruby, organization/delete.yml (2021)",
    },
    Undeclared {
        operations: Operations::Only(&["delete_organization"]),
        status: 404,
        body: Body::NotFound,
        source: "recorded: workos-ruby, organization/get_invalid.yml (2021); the body as recorded since for directories",
    },
    Undeclared {
        operations: Operations::Only(&["create_organization_domain", "verify_organization_domain"]),
        status: 404,
        body: Body::NotFound,
        source: "documented: docs/reference/errors (404); declared for the other calls on organization domains",
    },
    Undeclared {
        operations: Operations::Only(&["create_organization_domain"]),
        status: 422,
        body: Body::ValidationFailed,
        source: "documented: docs/reference/errors (422); declared for every other call that takes a domain",
    },
    Undeclared {
        operations: Operations::Only(&["delete_directory"]),
        status: 202,
        body: Body::Text("Accepted"),
        source: "recorded: workos-ruby, directory_sync/delete_directory.yml (2021)",
    },
    Undeclared {
        operations: Operations::Only(&["delete_directory"]),
        status: 404,
        body: Body::NotFound,
        source: "recorded: workos-ruby 1d185f72, directory_sync/get_directory_with_invalid_id.yml (2021)",
    },
    Undeclared {
        operations: Operations::NoPath,
        status: 404,
        body: Body::Message("Not Found"),
        source: "recorded: the body of WorkOS's 404s of 2020 and 2021",
    },
    Undeclared {
        operations: Operations::NoMethod,
        status: 405,
        body: Body::Message("Method Not Allowed"),
        source: "RFC 9110, 15.5.6",
    },
];

impl Undeclared {
    /// The operations of the contract that give this answer.
    #[must_use]
    pub fn operations(&self) -> Vec<&'static Operation> {
        PORTAL
            .operations()
            .iter()
            .filter(|operation| self.is_given_by(operation))
            .collect()
    }

    /// Whether an operation, as WorkOS's document has it, gives this answer.
    pub(super) fn is_given_by_upstream(&self, operation: &Operation) -> bool {
        PORTAL
            .operation(&operation.method, &operation.path)
            .is_some_and(|operation| self.is_given_by(operation))
    }

    /// Whether an operation of the contract gives this answer.
    #[must_use]
    pub fn is_given_by(&self, operation: &Operation) -> bool {
        let upstream = UPSTREAM.operation(&operation.method, &operation.path);
        let declares_none =
            |operation: &Operation| UPSTREAM.answer(operation, self.status).is_none();
        match self.operations {
            Operations::Every => upstream.is_some_and(declares_none),
            Operations::Changing => {
                operation.method != "GET" && upstream.is_some_and(declares_none)
            }
            Operations::WithBody => upstream.is_some() && takes_body(operation),
            Operations::Only(ids) => ids.contains(&operation.id.as_str()),
            Operations::NoPath | Operations::NoMethod => false,
        }
    }
}

impl Body {
    /// Whether these are the members of `body`; text is given as a JSON string.
    pub(super) fn is(self, body: &Value) -> bool {
        let members = |names: &[&str]| body.as_object().is_some_and(|body| body.keys().eq(names));
        match self {
            Self::Message(message) => members(&["message"]) && body["message"] == message,
            Self::AnyMessage => members(&["message"]) && body["message"].is_string(),
            Self::Code(code) => {
                members(&["message", "code"]) && body["message"].is_string() && body["code"] == code
            }
            Self::NotFound => {
                members(&["message", "code", "entity_id"])
                    && body["code"] == "entity_not_found"
                    && body["entity_id"].is_string()
            }
            Self::ValidationFailed => {
                members(&["message", "code", "errors"])
                    && body["code"] == "invalid_request_parameters"
                    && body["errors"].is_array()
            }
            Self::Text(text) => body == text,
        }
    }
}

/// Whether the contract declares a request body for `operation`.
#[must_use]
pub fn takes_body(operation: &Operation) -> bool {
    let method = operation.method.to_lowercase();
    !PORTAL.root()["paths"][operation.path.as_str()][method.as_str()]["requestBody"].is_null()
}
