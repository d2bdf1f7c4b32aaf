//! The generated client against the mock server against WorkOS's document.
//!
//! Every test has a server of its own, seeded and standing still, and reaches it only through the judge.

mod audit_log_exports;
mod audit_log_retention;
mod audit_logs;
mod by_client;
mod certificates;
mod clock;
mod concurrency;
mod connections;
mod connections_control;
mod connections_settings;
mod directories;
mod directory_control;
mod directory_events;
mod directory_members;
mod documents;
mod events;
mod faults;
mod generated;
mod hostile;
mod idempotency;
mod invitations;
mod isolation;
mod it_contacts;
mod keys;
mod launch;
mod lifetime;
mod links;
mod operations;
mod organization_domains;
mod organizations;
mod pages;
mod paging;
mod redirects;
mod requests;
mod revoking;
mod rules;
mod support;
mod throttling;
mod undeclared;
mod violations;
mod webhook_endpoints;
mod world;
