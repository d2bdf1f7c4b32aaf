//! What each kind of record can be found by.

mod directories;
mod events;
mod it_contacts;
mod organizations;
mod portal;

pub(crate) use directories::{DirectoryGroupKey, DirectoryKey, DirectoryUserKey};
pub(crate) use events::EventKey;
pub(crate) use it_contacts::ItContactKey;
pub(crate) use organizations::OrganizationKey;
pub(crate) use portal::{LinkKey, SessionKey};
