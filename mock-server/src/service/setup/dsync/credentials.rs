//! What an administrator gives to reach a provider by. Secrets are looked at and forgotten.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use sha2::{Digest as _, Sha256};

use super::providers::Way;
use crate::domain::answers::Answers;
use crate::domain::directory_setup::DirectorySetup;
use crate::domain::error::{Rule, Violation};
use crate::domain::form::{Field, Kind};

/// A public key that opens nothing.
const SAMPLE_PUBLIC_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIETrEYkEpaCZqPv+mds1EXjVjWIPNjkdMNhMDiXRS4bF hr@example.com";

const SUBDOMAIN: &str = "Subdomain";
const SERVICE_USER: &str = "Service user ID";
const CLIENT: &str = "Client ID";
const ACCOUNT: &str = "Organization ID";
const USERNAME: &str = "User name";
const ADMINISTRATOR: &str = "Administrator";
const USERS_REPORT: &str = "Report of workers";
const GROUPS_REPORT: &str = "Report of groups";
const FINGERPRINT: &str = "Fingerprint of the public key";

/// The types of SSH keys that are taken.
const KEY_TYPES: [&str; 5] = [
    "ssh-ed25519",
    "ssh-rsa",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
];

/// The labels that what is kept stands under, with the fields that it came from.
const KEPT: [(&str, &str); 9] = [
    ("subdomain", SUBDOMAIN),
    ("service_user_id", SERVICE_USER),
    ("client_id", CLIENT),
    ("account_id", ACCOUNT),
    ("username", USERNAME),
    ("admin_email", ADMINISTRATOR),
    ("users_report_url", USERS_REPORT),
    ("groups_report_url", GROUPS_REPORT),
    ("public_key", FINGERPRINT),
];

/// What is asked for.
pub(super) fn fields(way: Way, setup: Option<&DirectorySetup>) -> Vec<Field> {
    let known = |label| {
        setup
            .and_then(|setup| setup.given(label))
            .map(str::to_owned)
    };
    let line = |name, label, sample: &'static str| {
        let field = Field::new(name, label, Kind::Text);
        field.sample(sample).current(known(label))
    };
    let secret =
        |name, label, sample: &'static str| Field::new(name, label, Kind::Secret).sample(sample);
    let report = |name, label, sample: &'static str| {
        let field = Field::new(name, label, Kind::Url);
        field.sample(sample).current(known(label))
    };
    match way {
        Way::Scim => Vec::new(),
        Way::ApiKey => vec![secret("api_key", "API key", "sample-api-key")],
        Way::ApiKeyAndSubdomain => vec![
            line("subdomain", SUBDOMAIN, "acme")
                .hint("The part of your address before “.bamboohr.com”."),
            secret("api_key", "API key", "sample-api-key"),
        ],
        Way::ServiceUser => vec![
            line("service_user_id", SERVICE_USER, "SERVICE-12345"),
            secret("service_user_token", "Token", "sample-token"),
        ],
        Way::Client => vec![
            line("client_id", CLIENT, "sample-client"),
            secret("client_secret", "Client secret", "sample-secret"),
        ],
        Way::Account => vec![
            line("account_id", ACCOUNT, "12345"),
            line("username", USERNAME, "workos-sync"),
            secret("password", "Password", "sample-password"),
        ],
        Way::Consent => vec![
            line("admin_email", ADMINISTRATOR, "admin@example.com")
                .hint("The address of whoever consents for your organization."),
        ],
        Way::Reports => vec![
            report(
                "users_report_url",
                USERS_REPORT,
                "https://wd2-impl-services1.workday.com/ccx/service/customreport2/acme/ISU/Workers?format=json",
            )
            .hint("The address of the report as a web service, in JSON."),
            report(
                "groups_report_url",
                GROUPS_REPORT,
                "https://wd2-impl-services1.workday.com/ccx/service/customreport2/acme/ISU/Groups?format=json",
            ),
            line("username", USERNAME, "ISU_Directory"),
            secret("password", "Password", "sample-password"),
        ],
        Way::Files => vec![
            Field::new("public_key", "Public SSH key", Kind::Document)
                .hint("One line that begins with its type, such as ssh-ed25519 or ssh-rsa.")
                .sample(SAMPLE_PUBLIC_KEY),
        ],
    }
}

/// Looks at what was given, and keeps what is no secret.
pub(super) fn read(
    fields: &[Field],
    answers: &Answers,
) -> Result<Vec<(&'static str, String)>, Vec<Violation>> {
    let mut violations = Vec::new();
    let mut kept = Vec::new();
    for field in fields {
        let Some(text) = answers.text(field.name) else {
            continue;
        };
        let read = match field.name {
            "subdomain" => subdomain(text),
            "admin_email" => address(text),
            "users_report_url" | "groups_report_url" => encrypted(text),
            "public_key" => fingerprint(text),
            _ if text.contains(char::is_whitespace) => {
                Err(format!("{} has no blanks in it.", field.label))
            }
            _ => Ok(text.to_owned()),
        };
        match read {
            Ok(value) => {
                let label = KEPT.iter().find(|(name, _)| *name == field.name);
                kept.extend(label.map(|(_, label)| (*label, value)));
            }
            Err(message) => violations.push(Violation::new(field.name, Rule::Format, message)),
        }
    }
    if violations.is_empty() {
        Ok(kept)
    } else {
        Err(violations)
    }
}

fn subdomain(text: &str) -> Result<String, String> {
    let text = text.to_lowercase();
    let is_label = text.len() <= 63
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if is_label {
        Ok(text)
    } else {
        Err("The subdomain is one word of letters, digits and hyphens.".to_owned())
    }
}

pub(super) fn address(text: &str) -> Result<String, String> {
    let is_address = text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !text.contains(char::is_whitespace)
            && crate::domain::domain_name::DomainName::parse(domain).is_ok()
    });
    if is_address {
        Ok(text.to_owned())
    } else {
        Err("This has to be an e-mail address, such as name@company.com.".to_owned())
    }
}

fn encrypted(text: &str) -> Result<String, String> {
    if text.starts_with("https://") {
        Ok(text.to_owned())
    } else {
        Err("The address of a report begins with https://.".to_owned())
    }
}

/// What tells an SSH public key from others, as `ssh-keygen -l` writes it.
fn fingerprint(text: &str) -> Result<String, String> {
    if text.contains("PRIVATE KEY") {
        return Err("This is a private key. Keep it, and paste the public key instead.".to_owned());
    }
    let wrong = || "This is no public SSH key: its type, then the key in base64.".to_owned();
    let mut words = text.split_whitespace();
    let kind = words.next().filter(|kind| KEY_TYPES.contains(kind));
    let kind = kind.ok_or_else(wrong)?;
    let blob = words.next().and_then(|key| STANDARD.decode(key).ok());
    let blob = blob.ok_or_else(wrong)?;
    // The key begins with the length of its type and the type again.
    let length = u32::try_from(kind.len()).unwrap_or_default().to_be_bytes();
    let rest = blob
        .strip_prefix(&length)
        .and_then(|rest| rest.strip_prefix(kind.as_bytes()));
    match rest {
        Some(rest) if rest.len() > 4 => {
            let digest = Sha256::digest(&blob);
            Ok(format!("SHA256:{}", STANDARD_NO_PAD.encode(digest)))
        }
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(way: Way, pairs: &[(&str, &str)]) -> Result<Vec<(&'static str, String)>, String> {
        let answers: Answers = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        read(&fields(way, None), &answers).map_err(|found| found[0].message.clone())
    }

    #[test]
    fn every_sample_is_valid_and_no_secret_is_kept() {
        for way in [
            Way::Scim,
            Way::ApiKey,
            Way::ApiKeyAndSubdomain,
            Way::ServiceUser,
            Way::Client,
            Way::Account,
            Way::Consent,
            Way::Reports,
            Way::Files,
        ] {
            let fields = fields(way, None);
            let samples = Answers::default().or_samples(&fields);
            assert!(crate::domain::form::check(&fields, &samples).is_empty());
            let kept = read(&fields, &samples).unwrap();
            let open = fields.iter().filter(|field| field.kind != Kind::Secret);
            assert_eq!(kept.len(), open.count(), "{way:?}");
            assert!(
                kept.iter()
                    .all(|(_, value)| !value.contains("sample-api-key"))
            );
        }
    }

    #[test]
    fn what_cannot_be_is_refused_with_the_reason() {
        for (way, name, value) in [
            (Way::ApiKeyAndSubdomain, "subdomain", "acme.bamboohr.com"),
            (Way::ApiKeyAndSubdomain, "subdomain", "-acme"),
            (Way::ApiKey, "api_key", "two words"),
            (Way::Consent, "admin_email", "admin"),
            (Way::Consent, "admin_email", "@example.com"),
            (Way::Reports, "users_report_url", "http://wd2.workday.com/x"),
            (Way::Files, "public_key", "ssh-ed25519"),
            (Way::Files, "public_key", "ssh-ed25519 !!!"),
            (
                Way::Files,
                "public_key",
                "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIA==",
            ),
            (
                Way::Files,
                "public_key",
                "-----BEGIN OPENSSH PRIVATE KEY-----",
            ),
        ] {
            let refused = read_one(way, &[(name, value)]);
            assert!(
                refused
                    .as_ref()
                    .is_err_and(|message| message.ends_with('.')),
                "{value}"
            );
            assert!(!refused.unwrap_err().contains(value), "{value}");
        }
    }

    #[test]
    fn a_public_key_is_kept_as_its_fingerprint() {
        assert_eq!(
            read_one(Way::Files, &[("public_key", SAMPLE_PUBLIC_KEY)]).unwrap(),
            [(
                FINGERPRINT,
                "SHA256:L8y24Le1ul64k5r67MbyKKWAv/WVi1ohham0Kgbpnf0".to_owned()
            )]
        );
    }
}
