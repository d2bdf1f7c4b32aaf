//! What each kind of record can be found by.

use std::collections::BTreeSet;

use super::table::Table;
use super::{Record, Tables};
use crate::domain::domain_name::DomainName;
use crate::domain::ids::{
    Id as _, ItContactId, OrganizationDomainId, OrganizationId, PortalLinkId, PortalSessionId,
};
use crate::domain::it_contact::ItContact;
use crate::domain::organization::Organization;
use crate::domain::portal_link::{LinkState, PortalLink};
use crate::domain::portal_session::PortalSession;
use crate::domain::token::SecretHash;

/// What an organization can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum OrganizationKey {
    /// Its external id; one organization has it.
    ExternalId(Box<str>),
    /// Its Stripe customer; one organization has it.
    StripeCustomer(Box<str>),
    /// One of its domains.
    Domain(DomainName),
    /// The id of one of its domains.
    DomainId(OrganizationDomainId),
    /// Three characters in a row of its name, in lower case.
    Trigram([char; 3]),
    /// The first one or two characters of a word of its name, in lower case.
    WordPrefix(Box<str>),
}

/// What an IT contact can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ItContactKey {
    /// Whose contact it is.
    Organization(OrganizationId),
    /// The same and its address in lower case; one contact has it.
    Email(OrganizationId, Box<str>),
}

/// What a portal link can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum LinkKey {
    /// Its token; one link has it.
    Token(SecretHash),
    /// The organization it leads into.
    Organization(OrganizationId),
    /// The same and the user it was made for, until it is revoked.
    User(OrganizationId, Box<str>),
}

/// What a portal session can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SessionKey {
    /// The link it came from.
    Link(PortalLinkId),
    /// The organization it is in.
    Organization(OrganizationId),
}

/// What a search for `text` in names asks the index: filters that every name with `text` in it passes, and the text as
/// names have to contain it. Nothing when there is nothing to search for.
///
/// A text of one or two characters is looked for where words begin.
pub(crate) fn search_keys(text: &str) -> Option<(Vec<Vec<OrganizationKey>>, String)> {
    let text = folded(text.trim());
    let letters: Vec<char> = text.chars().collect();
    let filters = match letters.len() {
        0 => return None,
        1 | 2 => vec![vec![OrganizationKey::WordPrefix(text.as_str().into())]],
        _ => trigrams(&letters)
            .into_iter()
            .map(|trigram| vec![OrganizationKey::Trigram(trigram)])
            .collect(),
    };
    Some((filters, text))
}

/// `text` without its case. Letter by letter, so that a part of a text folds to a part of the folded text; the sigma at the
/// end of a word would not.
pub(crate) fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn trigrams(letters: &[char]) -> BTreeSet<[char; 3]> {
    letters
        .windows(3)
        .map(|three| [three[0], three[1], three[2]])
        .collect()
}

fn name_keys(name: &str) -> impl Iterator<Item = OrganizationKey> {
    let name = folded(name);
    let letters: Vec<char> = name.chars().collect();
    let mut prefixes = BTreeSet::new();
    for word in name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        for (start, letter) in word.char_indices().take(2) {
            prefixes.insert(word[..start + letter.len_utf8()].into());
        }
    }
    let trigrams = trigrams(&letters).into_iter().map(OrganizationKey::Trigram);
    trigrams.chain(prefixes.into_iter().map(OrganizationKey::WordPrefix))
}

impl Record for Organization {
    type Key = OrganizationKey;

    const PREFIX: &'static str = OrganizationId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<OrganizationKey> {
        let external = self
            .external_id
            .iter()
            .map(|id| OrganizationKey::ExternalId(id.as_str().into()));
        let stripe = self
            .stripe_customer_id
            .iter()
            .map(|id| OrganizationKey::StripeCustomer(id.as_str().into()));
        let domains = self.domains.iter().flat_map(|domain| {
            [
                OrganizationKey::Domain(domain.name.clone()),
                OrganizationKey::DomainId(domain.id.clone()),
            ]
        });
        external
            .chain(stripe)
            .chain(domains)
            .chain(name_keys(&self.name))
            .collect()
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.organizations
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.organizations
    }
}

impl Record for ItContact {
    type Key = ItContactKey;

    const PREFIX: &'static str = ItContactId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<ItContactKey> {
        let organization = self.organization_id.clone();
        let email = ItContactKey::Email(organization.clone(), self.email.to_lowercase().into());
        vec![ItContactKey::Organization(organization), email]
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.it_contacts
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.it_contacts
    }
}

impl Record for PortalLink {
    type Key = LinkKey;

    const PREFIX: &'static str = PortalLinkId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<LinkKey> {
        let organization = self.organization_id.clone();
        let user = self
            .external_user_id
            .as_deref()
            .filter(|_| !matches!(self.state, LinkState::Revoked { .. }));
        let user = user.map(|user| LinkKey::User(organization.clone(), user.into()));
        let always = [
            LinkKey::Token(self.token),
            LinkKey::Organization(organization),
        ];
        always.into_iter().chain(user).collect()
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.links
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.links
    }
}

impl Record for PortalSession {
    type Key = SessionKey;

    const PREFIX: &'static str = PortalSessionId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<SessionKey> {
        vec![
            SessionKey::Link(self.link_id.clone()),
            SessionKey::Organization(self.organization_id.clone()),
        ]
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.sessions
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.sessions
    }
}
