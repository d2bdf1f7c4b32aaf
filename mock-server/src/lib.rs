#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]
//!
//! ## Where to begin
//!
//! [`MockServer`] for a server, [`testing`] for environments on it, [`seed`] for what they start with.

mod api;
mod clock;
pub mod config;
mod control;
mod damage;
mod dial;
mod domain;
mod environment;
mod exports;
mod fault_targets;
mod html;
mod idempotency;
mod journal;
mod json;
mod mock_server;
mod operation;
mod portal;
mod random;
pub mod ready_file;
pub mod seed;
mod server;
mod service;
mod state;
mod store;
pub mod testing;
mod validation;
mod view;
mod visits;
pub mod wait;
mod wakeups;
mod webhooks;
pub mod welcome;

/// What a server calls itself where it dials.
const USER_AGENT: &str = concat!("workos-portal-mock/", env!("CARGO_PKG_VERSION"));

/// The OpenAPI 3.1 document of the control API, the calls under `/_mock`, as JSON. Every server serves it at
/// `/_mock/openapi.json`.
///
/// ```
/// assert!(workos_portal_mock::control_api().contains("/_mock/clock"));
/// ```
#[must_use]
pub fn control_api() -> String {
    format!("{:#}\n", control::document())
}

pub use clock::{Clock, ClockError};
pub use mock_server::{MockServer, MockServerBuilder, StartError};
