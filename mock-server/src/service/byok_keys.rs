//! Keys of organizations: the one that is in use, and the one that is being set up.

use std::sync::Arc;

use super::Work;
use crate::domain::byok_key::{ByokKey, ByokKeyEvent, KeyChange, KeyProvider, KeyReference};
use crate::domain::ids::{ByokKeyId, Id as _, OrganizationId};
use crate::store::ByokKeyKey;

/// The key of an organization that is in use.
pub(super) fn in_use(work: &Work<'_>, organization: &OrganizationId) -> Option<Arc<ByokKey>> {
    all(work, organization)
        .into_iter()
        .find(|key| key.is_verified())
}

/// The key of an organization that is not in use yet.
pub(super) fn under_way(work: &Work<'_>, organization: &OrganizationId) -> Option<Arc<ByokKey>> {
    all(work, organization)
        .into_iter()
        .find(|key| !key.is_verified())
}

fn all(work: &Work<'_>, organization: &OrganizationId) -> Vec<Arc<ByokKey>> {
    work.find_all(&ByokKeyKey::Organization(organization.clone()))
}

/// Begins to set up a key, or goes on with the one that is under way.
pub(super) fn begin(work: &mut Work<'_>, organization: &OrganizationId, provider: KeyProvider) {
    let now = work.at();
    if let Some(key) = under_way(work, organization) {
        let mut key = ByokKey::clone(&key);
        key.keep_at(provider, now);
        work.update(key);
    } else {
        let id = ByokKeyId::new(work.ulid());
        work.insert(ByokKey::new(id, organization.clone(), provider, now));
    }
}

/// Says which key it is that is under way.
pub(super) fn point_at(work: &mut Work<'_>, key: &ByokKey, reference: KeyReference) {
    let mut key = key.clone();
    key.point_at(reference, work.at());
    work.update(key);
}

/// Notes whether a key that is under way could be used. One that could takes the place of the one in use, which is not told
/// besides: the organization has a key before and after.
pub(super) fn try_out(work: &mut Work<'_>, key: &ByokKey, works: bool) {
    let mut key = key.clone();
    key.try_out(works, work.at());
    if works && let Some(before) = in_use(work, &key.organization_id) {
        work.delete::<ByokKey>(before.id.as_str());
    }
    let key = work.update(key);
    record(
        work,
        &key,
        KeyChange::VerificationCompleted { verified: works },
    );
}

/// Forgets a key. That is told if it was in use.
pub(super) fn remove(work: &mut Work<'_>, key: &ByokKey) {
    work.delete::<ByokKey>(key.id.as_str());
    if key.is_verified() {
        record(work, key, KeyChange::Deleted);
    }
}

/// Forgets every key of an organization.
pub(super) fn delete_of(work: &mut Work<'_>, organization: &OrganizationId) {
    for key in all(work, organization) {
        remove(work, &key);
    }
}

fn record(work: &mut Work<'_>, key: &ByokKey, what: KeyChange) {
    work.record(ByokKeyEvent {
        organization_id: key.organization_id.clone(),
        provider: key.provider,
        what,
    });
}
