//! How AWS, Google Cloud and Azure write the names of keys, and of who may use them.

/// The parts of an ARN of one of AWS's partitions: service, region, account and resource.
fn arn(text: &str) -> Option<[&str; 4]> {
    let mut parts = text.splitn(6, ':');
    let [arn, partition, service, region, account, resource] =
        std::array::from_fn(|_| parts.next().unwrap_or_default());
    let is_partition = matches!(partition, "aws" | "aws-cn" | "aws-us-gov");
    (arn == "arn" && is_partition && is_account(account))
        .then_some([service, region, account, resource])
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn is_key_arn(text: &str) -> bool {
    let Some(["kms", region, _, resource]) = arn(text) else {
        return false;
    };
    let id = resource.strip_prefix("key/").unwrap_or_default();
    let is_multi_region = id
        .strip_prefix("mrk-")
        .is_some_and(|id| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    is_region(region) && (is_uuid(id) || is_multi_region)
}

/// `us-east-1`, `us-gov-west-1`.
fn is_region(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let [names @ .., number] = parts.as_slice() else {
        return false;
    };
    let is_name =
        |name: &&str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
    (2..=3).contains(&names.len())
        && names.iter().all(is_name)
        && (1..=2).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn is_role_arn(text: &str) -> bool {
    let Some(["iam", "", _, resource]) = arn(text) else {
        return false;
    };
    resource.strip_prefix("role/").is_some_and(|name| {
        !name.is_empty()
            && name.len() <= 576
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+=,.@_/-".contains(&byte))
    })
}

pub(super) fn is_crypto_key(text: &str) -> bool {
    let parts: Vec<_> = text.split('/').collect();
    let [
        "projects",
        project,
        "locations",
        location,
        "keyRings",
        ring,
        "cryptoKeys",
        key,
    ] = parts.as_slice()
    else {
        return false;
    };
    let is_name = |name: &str| {
        (1..=63).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    is_project(project) && is_name(location) && is_name(ring) && is_name(key)
}

/// The id of a project at Google, after a domain where it belongs to one.
fn is_project(text: &str) -> bool {
    let id = text.rsplit(':').next().unwrap_or_default();
    (1..=63).contains(&text.len())
        && !id.is_empty()
        && text.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.' | b':')
        })
}

pub(super) fn is_service_account(text: &str) -> bool {
    let account = text
        .strip_suffix(".iam.gserviceaccount.com")
        .and_then(|rest| rest.split_once('@'));
    account.is_some_and(|(name, project)| {
        (1..=63).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && is_project(project)
    })
}

pub(super) fn is_vault(text: &str) -> bool {
    let host = text
        .strip_prefix("https://")
        .map(|rest| rest.strip_suffix('/').unwrap_or(rest));
    let name = host.and_then(|host| {
        host.strip_suffix(".vault.azure.net")
            .or_else(|| host.strip_suffix(".managedhsm.azure.net"))
    });
    name.is_some_and(|name| {
        (3..=24).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && name.starts_with(|first: char| first.is_ascii_alphabetic())
            && !name.ends_with('-')
    })
}

pub(super) fn is_azure_key_name(text: &str) -> bool {
    (1..=127).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_is_told_from_what_is() {
        let uuid = "1234abcd-12ab-34cd-56ef-1234567890ab";
        let hex = "0123456789abcdef0123456789abcdef";
        for (is, good, bad) in [
            (
                is_key_arn as fn(&str) -> bool,
                vec![
                    format!("arn:aws:kms:us-east-1:111122223333:key/{uuid}"),
                    format!("arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-{hex}"),
                ],
                vec![
                    format!("arn:aws:kms:us-east-1:111122223333:alias/{uuid}"),
                    format!("arn:aws:kms:us-east-1:11112222333:key/{uuid}"),
                    format!("arn:aws:kms::111122223333:key/{uuid}"),
                    format!("arn:aws:s3:us-east-1:111122223333:key/{uuid}"),
                    format!("arn:gcp:kms:us-east-1:111122223333:key/{uuid}"),
                    "arn:aws:kms".to_owned(),
                ],
            ),
            (
                is_role_arn,
                vec!["arn:aws:iam::111122223333:role/path/of/role".to_owned()],
                vec![
                    "arn:aws:iam::111122223333:user/somebody".to_owned(),
                    "arn:aws:iam::111122223333:role/".to_owned(),
                    "arn:aws:iam::111122223333:role/a b".to_owned(),
                ],
            ),
            (
                is_crypto_key,
                vec![
                    "projects/example.com:p-1/locations/global/keyRings/a_b/cryptoKeys/K-1"
                        .to_owned(),
                ],
                vec![
                    "projects/p/locations/global/keyRings/a/cryptoKeys/k/cryptoKeyVersions/1"
                        .to_owned(),
                    "projects//locations/global/keyRings/a/cryptoKeys/k".to_owned(),
                    "projects/p/locations/global/keyRings/a".to_owned(),
                ],
            ),
            (
                is_service_account,
                vec!["a-1@p-1.iam.gserviceaccount.com".to_owned()],
                vec![
                    "a@example.com".to_owned(),
                    "@p.iam.gserviceaccount.com".to_owned(),
                    "a@.iam.gserviceaccount.com".to_owned(),
                ],
            ),
            (
                is_vault,
                vec![
                    "https://acme.vault.azure.net/".to_owned(),
                    "https://acme.managedhsm.azure.net".to_owned(),
                ],
                vec![
                    "http://acme.vault.azure.net".to_owned(),
                    "https://acme.vault.azure.net/keys/k".to_owned(),
                    "https://.vault.azure.net".to_owned(),
                    "https://acme.example.com".to_owned(),
                ],
            ),
        ] {
            for text in good {
                assert!(is(&text), "{text}");
            }
            for text in bad {
                assert!(!is(&text), "{text}");
            }
        }
    }
}
