//! Where an operation happens: load, decide by the domain, commit. Knows nothing of HTTP or HTML.

pub(crate) mod audit_logs;
pub(crate) mod belongings;
mod byok_keys;
pub(crate) mod certificates;
pub(crate) mod connection_setup;
pub(crate) mod connections;
pub(crate) mod deliveries;
pub(crate) mod directories;
pub(crate) mod directory_groups;
mod directory_setups;
pub(crate) mod directory_users;
pub(crate) mod environments;
pub(crate) mod events;
pub(crate) mod exchanges;
pub(crate) mod faults;
pub(crate) mod it_contacts;
pub(crate) mod log_streams;
pub(crate) mod organization_domains;
pub(crate) mod organizations;
pub(crate) mod population;
pub(crate) mod portal_links;
pub(crate) mod portal_visits;
pub(crate) mod provisioning;
mod samples;
pub(crate) mod seeds;
pub(crate) mod setup;
pub(crate) mod snapshots;
#[cfg(test)]
mod tests;
pub(crate) mod webhook_endpoints;
mod work;

pub(crate) use work::Work;

/// What an update does to a value that can be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Change<T> {
    /// Leaves it.
    #[default]
    Keep,
    /// Takes it away.
    Clear,
    /// Sets it.
    Set(T),
}

impl<T> Change<T> {
    fn apply(self, value: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *value = None,
            Self::Set(new) => *value = Some(new),
        }
    }
}
