//! The generated client against the mock server against WorkOS's document.
//!
//! Every test has a server of its own, seeded and standing still, and reaches it only through the judge.

mod clock;
mod concurrency;
mod directories;
mod directory_control;
mod directory_events;
mod directory_members;
mod documents;
mod generated;
mod idempotency;
mod isolation;
mod keys;
mod launch;
mod lifetime;
mod links;
mod operations;
mod organizations;
mod pages;
mod paging;
mod redirects;
mod requests;
mod revoking;
mod support;
mod throttling;
mod undeclared;
mod violations;
