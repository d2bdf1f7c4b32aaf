//! What things are and may become. Takes the time as an argument; knows nothing of HTTP, files, the clock or any other room.

pub(crate) mod directory;
pub(crate) mod directory_group;
pub(crate) mod directory_user;
pub(crate) mod domain_name;
pub(crate) mod error;
pub(crate) mod event;
pub(crate) mod ids;
pub(crate) mod intent;
pub(crate) mod it_contact;
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

pub(crate) use error::Error;
