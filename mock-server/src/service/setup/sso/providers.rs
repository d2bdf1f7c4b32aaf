//! The providers to choose from: those that a guide is there for.

use super::guides::{GUIDES, Guide};
use crate::domain::connection_type::ConnectionType;
use crate::domain::form::Choice;
use crate::domain::provider::{PROVIDERS, Provider};

/// Every provider that a connection can be set up with, in the order of the list.
pub(super) fn choices() -> Vec<Choice> {
    let is_offered = |one: &&Provider| !one.connection_type.ends_with("OAuth");
    PROVIDERS
        .iter()
        .filter(is_offered)
        .map(|one| Choice::new(one.connection_type, one.name).icon(one.slug))
        .collect()
}

/// What a person calls a provider.
pub(super) fn name(kind: ConnectionType) -> &'static str {
    provider(kind).map_or(kind.as_str(), |one| one.name)
}

/// What the icon of a provider is filed under.
pub(super) fn slug(kind: ConnectionType) -> &'static str {
    provider(kind).map_or("idp", |one| one.slug)
}

/// What to do at a provider.
pub(super) fn guide(kind: ConnectionType) -> Option<&'static Guide> {
    let found = GUIDES.iter().find(|(one, _)| *one == kind);
    found.map(|(_, guide)| guide)
}

fn provider(kind: ConnectionType) -> Option<&'static Provider> {
    let mut providers = PROVIDERS.iter();
    providers.find(|one| one.connection_type == kind.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::connection_type::Protocol;

    #[test]
    fn every_provider_with_settings_can_be_chosen_and_has_a_guide() {
        let choices = choices();
        for kind in ConnectionType::ALL {
            let is_offered = choices.iter().any(|choice| choice.value == kind.as_str());
            let has_settings = kind.protocol() != Protocol::Other;
            assert_eq!(
                is_offered,
                has_settings || *kind == ConnectionType::TestIdp,
                "{kind}"
            );
            assert_eq!(guide(*kind).is_some(), has_settings, "{kind}");
        }
        for choice in choices {
            assert!(
                ConnectionType::parse(&choice.value).is_some(),
                "{}",
                choice.value
            );
        }
        assert_eq!(GUIDES.len(), 33);
    }
}
