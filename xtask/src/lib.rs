//! The project's own chores, run as `cargo xtask …`.
//!
//! [`openapi`] turns WorkOS's OpenAPI document into the documents that the client and the mock server are built from.
//! It is a library so that the contract tests drive the very code that the command runs.

pub mod bench;
pub mod check;
pub mod compare;
pub mod control;
pub mod coverage;
pub mod dependencies;
pub mod openapi;
pub mod package;
pub mod pictures;
