//! Keys of a customer's own, with which `WorkOS`'s vault encrypts what belongs to the customer.

use jiff::Timestamp;

use super::ids::{ByokKeyId, OrganizationId};

/// A key that an organization keeps at a service of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ByokKey {
    pub(crate) id: ByokKeyId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) provider: KeyProvider,
    /// What the key is and how it is reached; nothing until it is given.
    pub(crate) reference: Option<KeyReference>,
    pub(crate) state: KeyState,
    /// How often it was tried out.
    pub(crate) tries: u32,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// The services that keep keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyProvider {
    /// AWS KMS.
    AwsKms,
    /// Google Cloud KMS.
    GcpKms,
    /// Azure Key Vault.
    AzureKeyVault,
}

impl KeyProvider {
    pub(crate) const ALL: [Self; 3] = [Self::AwsKms, Self::GcpKms, Self::AzureKeyVault];

    /// The word of `WorkOS`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::AwsKms => "AWS_KMS",
            Self::GcpKms => "GCP_KMS",
            Self::AzureKeyVault => "AZURE_KEY_VAULT",
        }
    }

    /// What a person calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AwsKms => "AWS KMS",
            Self::GcpKms => "Google Cloud KMS",
            Self::AzureKeyVault => "Azure Key Vault",
        }
    }
}

/// What a key is and how it is reached. None of it is secret: whoever may use the key is decided where it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeyReference {
    AwsKms {
        key_arn: String,
        role_arn: String,
    },
    GcpKms {
        key_name: String,
        service_account: String,
    },
    AzureKeyVault {
        vault_url: String,
        key_name: String,
        tenant_id: String,
        client_id: String,
    },
}

/// Whether a key can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyState {
    /// Nobody has tried.
    Untried,
    /// It could be used at this time.
    Verified(Timestamp),
    /// It could not be used at this time.
    Failed(Timestamp),
}

impl KeyState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Untried => "pending",
            Self::Verified(_) => "verified",
            Self::Failed(_) => "failed",
        }
    }
}

impl ByokKey {
    /// One of which only the service is known.
    pub(crate) fn new(
        id: ByokKeyId,
        organization_id: OrganizationId,
        provider: KeyProvider,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            organization_id,
            provider,
            reference: None,
            state: KeyState::Untried,
            tries: 0,
            created_at: now,
            updated_at: now,
        }
    }

    pub(crate) fn is_verified(&self) -> bool {
        matches!(self.state, KeyState::Verified(_))
    }

    /// Says where the key is kept. Another service than before has no key yet.
    pub(crate) fn keep_at(&mut self, provider: KeyProvider, now: Timestamp) {
        if self.provider != provider {
            self.provider = provider;
            self.reference = None;
            self.state = KeyState::Untried;
            self.updated_at = now;
        }
    }

    /// Says which key it is. Another one than before has not been tried.
    pub(crate) fn point_at(&mut self, reference: KeyReference, now: Timestamp) {
        if self.reference.as_ref() != Some(&reference) {
            self.reference = Some(reference);
            self.state = KeyState::Untried;
            self.updated_at = now;
        }
    }

    /// Notes whether it could be used.
    pub(crate) fn try_out(&mut self, works: bool, now: Timestamp) {
        self.state = if works {
            KeyState::Verified(now)
        } else {
            KeyState::Failed(now)
        };
        self.tries = self.tries.saturating_add(1);
        self.updated_at = now;
    }
}

/// What happened to an organization's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ByokKeyEvent {
    pub(crate) organization_id: OrganizationId,
    pub(crate) provider: KeyProvider,
    pub(crate) what: KeyChange,
}

/// What can happen to a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyChange {
    /// It was tried out, with or without success.
    VerificationCompleted {
        verified: bool,
    },
    Deleted,
}

impl ByokKeyEvent {
    pub(crate) fn name(&self) -> &'static str {
        match self.what {
            KeyChange::VerificationCompleted { .. } => "vault.byok_key.verification_completed",
            KeyChange::Deleted => "vault.byok_key.deleted",
        }
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_key_that_changes_has_to_be_tried_again() {
        let organization = OrganizationId::new(Ulid(1));
        let mut key = ByokKey::new(
            ByokKeyId::new(Ulid(2)),
            organization,
            KeyProvider::AwsKms,
            at(0),
        );
        let reference = |role: &str| KeyReference::AwsKms {
            key_arn: "key".into(),
            role_arn: role.into(),
        };
        key.point_at(reference("one"), at(1));
        key.try_out(true, at(2));
        assert!(key.is_verified() && key.tries == 1);
        // The same again changes nothing.
        key.keep_at(KeyProvider::AwsKms, at(3));
        key.point_at(reference("one"), at(3));
        assert_eq!(
            (key.state, key.updated_at),
            (KeyState::Verified(at(2)), at(2))
        );
        key.point_at(reference("other"), at(4));
        assert_eq!((key.state, key.updated_at), (KeyState::Untried, at(4)));
        key.try_out(false, at(5));
        assert_eq!(key.state, KeyState::Failed(at(5)));
        key.keep_at(KeyProvider::GcpKms, at(6));
        assert_eq!((key.state, key.reference), (KeyState::Untried, None));
    }
}
