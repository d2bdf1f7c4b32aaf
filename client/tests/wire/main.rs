//! The client against a server that says exactly what a test wants said.

mod answers;
#[cfg(feature = "blocking")]
mod blocking;
mod call_options;
mod clock;
mod errors;
mod events;
mod lists;
mod log;
mod observing;
mod portal_links;
mod portal_providers;
#[cfg(feature = "axum")]
mod portal_routes;
mod requests;
mod retries;
mod server;
mod told;

/// An organization as the API answers it, with one member that no version of this crate knows.
const ORGANIZATION: &str = r#"{
    "object": "organization", "id": "org_1", "name": "Acme", "metadata": {}, "external_id": null,
    "domains": [{
        "object": "organization_domain", "id": "org_domain_1", "organization_id": "org_1",
        "domain": "acme.example", "state": "half_verified",
        "created_at": "2026-01-02T03:04:05.678Z", "updated_at": "2026-01-02T03:04:05.678Z"
    }],
    "created_at": "2026-01-02T03:04:05.678Z", "updated_at": "2026-01-02T03:04:05.678Z",
    "not_yet_invented": {"a": [1]}
}"#;
