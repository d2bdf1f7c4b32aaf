//! What is asked about a key, by the service that keeps it, and what is no such thing.

use super::names::{
    is_azure_key_name, is_crypto_key, is_key_arn, is_role_arn, is_service_account, is_uuid,
    is_vault,
};
use crate::domain::answers::Answers;
use crate::domain::byok_key::{ByokKey, KeyProvider, KeyReference};
use crate::domain::error::{Rule, Violation};
use crate::domain::form::{Field, Kind};

/// The AWS account that stands for the one that would use the keys. No customer has it.
pub(super) const AWS_ACCOUNT: &str = "000000000000";

const SAMPLE_UUIDS: [&str; 3] = [
    "1234abcd-12ab-34cd-56ef-1234567890ab",
    "72f988bf-86f1-41af-91ab-2d7cd011db47",
    "6731de76-14a6-49ae-97bc-6eba6914391e",
];

/// What is asked for, with what is known already.
pub(super) fn fields(key: &ByokKey) -> Vec<Field> {
    let text = |name, label: &'static str, known: Option<&String>, sample: String| {
        let field = Field::new(name, label, Kind::Text);
        field.current(known.cloned()).sample(sample)
    };
    match key.provider {
        KeyProvider::AwsKms => {
            let (key_arn, role_arn) = match &key.reference {
                Some(KeyReference::AwsKms { key_arn, role_arn }) => (Some(key_arn), Some(role_arn)),
                _ => (None, None),
            };
            let sample = format!("arn:aws:kms:us-east-1:111122223333:key/{}", SAMPLE_UUIDS[0]);
            vec![
                text("key_arn", "ARN of the key", key_arn, sample)
                    .hint("A symmetric key of your account. An alias is not enough."),
                text(
                    "role_arn",
                    "ARN of the role",
                    role_arn,
                    "arn:aws:iam::111122223333:role/vault-key-user".to_owned(),
                )
                .hint("The role that may use the key, and that our account may assume."),
            ]
        }
        KeyProvider::GcpKms => {
            let (name, account) = match &key.reference {
                Some(KeyReference::GcpKms {
                    key_name,
                    service_account,
                }) => (Some(key_name), Some(service_account)),
                _ => (None, None),
            };
            vec![
                text(
                    "key_resource_name",
                    "Resource name of the key",
                    name,
                    "projects/acme-prod/locations/us-east1/keyRings/vault/cryptoKeys/customer"
                        .to_owned(),
                )
                .hint("projects/…/locations/…/keyRings/…/cryptoKeys/…, without a version."),
                text(
                    "service_account",
                    "Service account",
                    account,
                    "vault-key-user@acme-prod.iam.gserviceaccount.com".to_owned(),
                )
                .hint("The account of your project that may use the key, and that our identity may act as."),
            ]
        }
        KeyProvider::AzureKeyVault => {
            let (url, name, tenant, client) = match &key.reference {
                Some(KeyReference::AzureKeyVault {
                    vault_url,
                    key_name,
                    tenant_id,
                    client_id,
                }) => (
                    Some(vault_url),
                    Some(key_name),
                    Some(tenant_id),
                    Some(client_id),
                ),
                _ => (None, None, None, None),
            };
            vec![
                text(
                    "vault_url",
                    "Address of the vault",
                    url,
                    "https://acme-prod.vault.azure.net".to_owned(),
                )
                .hint("https://….vault.azure.net, or https://….managedhsm.azure.net."),
                text(
                    "vault_key_name",
                    "Name of the key",
                    name,
                    "customer-key".to_owned(),
                ),
                text("tenant_id", "Tenant ID", tenant, SAMPLE_UUIDS[1].to_owned())
                    .hint("The directory of your organization in Entra ID."),
                text("client_id", "Client ID", client, SAMPLE_UUIDS[2].to_owned())
                    .hint("The application that may use the key."),
            ]
        }
    }
}

/// Reads what was answered, or says everything that is wrong with it.
pub(super) fn read(
    provider: KeyProvider,
    answers: &Answers,
) -> Result<KeyReference, Vec<Violation>> {
    let mut violations = Vec::new();
    let mut text = |name: &'static str, is: fn(&str) -> bool, what: &str| {
        let text = answers.text(name).unwrap_or_default().to_owned();
        if !is(&text) {
            violations.push(Violation::new(name, Rule::Format, what));
        }
        text
    };
    let reference = match provider {
        KeyProvider::AwsKms => KeyReference::AwsKms {
            key_arn: text(
                "key_arn",
                is_key_arn,
                "This is no ARN of a key: arn:aws:kms:region:account:key/id.",
            ),
            role_arn: text(
                "role_arn",
                is_role_arn,
                "This is no ARN of a role: arn:aws:iam::account:role/name.",
            ),
        },
        KeyProvider::GcpKms => KeyReference::GcpKms {
            key_name: text(
                "key_resource_name",
                is_crypto_key,
                "This is no name of a key: projects/…/locations/…/keyRings/…/cryptoKeys/….",
            ),
            service_account: text(
                "service_account",
                is_service_account,
                "This is no service account: name@project.iam.gserviceaccount.com.",
            ),
        },
        KeyProvider::AzureKeyVault => KeyReference::AzureKeyVault {
            vault_url: text(
                "vault_url",
                is_vault,
                "This is no address of a vault: https://name.vault.azure.net.",
            ),
            key_name: text(
                "vault_key_name",
                is_azure_key_name,
                "The name of a key has up to 127 letters, digits and hyphens.",
            ),
            tenant_id: text("tenant_id", is_uuid, "The tenant ID is a UUID."),
            client_id: text("client_id", is_uuid, "The client ID is a UUID."),
        },
    };
    if violations.is_empty() {
        Ok(reference)
    } else {
        Err(violations)
    }
}

/// What a key is, as label and value.
pub(super) fn facts(reference: &KeyReference) -> Vec<(&'static str, &str)> {
    match reference {
        KeyReference::AwsKms { key_arn, role_arn } => {
            vec![("ARN of the key", key_arn), ("ARN of the role", role_arn)]
        }
        KeyReference::GcpKms {
            key_name,
            service_account,
        } => vec![
            ("Resource name of the key", key_name),
            ("Service account", service_account),
        ],
        KeyReference::AzureKeyVault {
            vault_url,
            key_name,
            tenant_id,
            client_id,
        } => vec![
            ("Address of the vault", vault_url),
            ("Name of the key", key_name),
            ("Tenant ID", tenant_id),
            ("Client ID", client_id),
        ],
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use ulid::Ulid;

    use super::*;
    use crate::domain::form::check;
    use crate::domain::ids::{ByokKeyId, OrganizationId};

    #[test]
    fn every_sample_is_a_key_and_stands_in_the_fields_afterwards() {
        for provider in KeyProvider::ALL {
            let mut key = ByokKey::new(
                ByokKeyId::new(Ulid(1)),
                OrganizationId::test(),
                provider,
                Timestamp::UNIX_EPOCH,
            );
            let asked = fields(&key);
            let samples = Answers::default().or_samples(&asked);
            assert!(check(&asked, &samples).is_empty());
            let reference = read(provider, &samples).unwrap();
            assert_eq!(facts(&reference).len(), asked.len());
            key.point_at(reference, Timestamp::UNIX_EPOCH);
            for field in fields(&key) {
                assert_eq!(field.value, field.sample, "{}", field.name);
            }
            // Nothing of it may be left out.
            let refused = read(provider, &Answers::default()).unwrap_err();
            assert_eq!(refused.len(), asked.len());
        }
    }
}
