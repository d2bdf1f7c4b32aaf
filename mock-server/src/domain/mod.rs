//! What things are and may become. Takes the time as an argument; knows nothing of HTTP, files, the clock or any other room.

pub(crate) mod audit_log;
pub(crate) mod certificate;
pub(crate) mod connection;
pub(crate) mod connection_changes;
pub(crate) mod connection_error;
pub(crate) mod connection_settings;
pub(crate) mod connection_type;
pub(crate) mod directory;
pub(crate) mod directory_group;
pub(crate) mod directory_user;
pub(crate) mod domain_name;
pub(crate) mod due;
pub(crate) mod error;
pub(crate) mod event;
pub(crate) mod fault;
pub(crate) mod form;
pub(crate) mod ids;
pub(crate) mod intent;
pub(crate) mod it_contact;
pub(crate) mod mail;
pub(crate) mod metadata;
pub(crate) mod organization;
pub(crate) mod organization_domain;
pub(crate) mod page;
pub(crate) mod portal_link;
pub(crate) mod portal_session;
pub(crate) mod provider;
pub(crate) mod rate;
pub(crate) mod redirect;
pub(crate) mod settings;
pub(crate) mod time;
pub(crate) mod token;
pub(crate) mod webhook_endpoint;
mod x509;

pub(crate) use error::Error;
