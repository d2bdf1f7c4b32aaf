//! What an identity provider's admin brings: metadata by its address or as it stands, or values one by one. Single sign-on
//! and the renewal of certificates ask for it in the same words.

use jiff::Timestamp;

use super::{Action, Answers, Cell, Fetched, Given, Status, Tone, Way};
use crate::domain::Error;
use crate::domain::certificate::{Certificate, X509};
use crate::domain::error::{Rule, Violation};
use crate::domain::form::{Field, Kind};
use crate::domain::saml_metadata::IdpMetadata;

/// Where the values of an identity provider come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    MetadataUrl,
    MetadataXml,
    Values,
}

/// The fields that only values by hand have.
const BY_HAND: [&str; 3] = ["idp_entity_id", "idp_sso_url", "certificate"];
/// Within so many days of its end a certificate is one to be renewed.
const SOON: i64 = 90;

impl Source {
    const ALL: [Self; 3] = [Self::MetadataUrl, Self::MetadataXml, Self::Values];

    fn as_str(self) -> &'static str {
        match self {
            Self::MetadataUrl => "metadata_url",
            Self::MetadataXml => "metadata_xml",
            Self::Values => "values",
        }
    }

    /// The source that is named, or else the one that there are answers of.
    pub(super) fn of(answers: &Answers, usual: Self) -> Self {
        let named = answers.text("source");
        let named = Self::ALL
            .into_iter()
            .find(|one| named == Some(one.as_str()));
        named.unwrap_or_else(|| {
            if answers.text("metadata_xml").is_some() {
                Self::MetadataXml
            } else if answers.text("metadata_url").is_some() {
                Self::MetadataUrl
            } else if BY_HAND.iter().any(|name| answers.text(name).is_some()) {
                Self::Values
            } else {
                usual
            }
        })
    }

    /// What carries it along from the page.
    pub(super) fn field(self) -> Field {
        Field::new("source", "Source", Kind::Hidden).value(self.as_str())
    }

    /// Ways to the pages of each source, in this order.
    pub(super) fn ways(
        self,
        step: &'static str,
        about: Option<(&'static str, &str)>,
        order: [(Self, &'static str); 3],
    ) -> Vec<Way> {
        let way = |(source, label): (Self, &'static str)| {
            let mut action = Action::new(step, label).about("source", source.as_str());
            if let Some((name, value)) = about {
                action = action.about(name, value);
            }
            Way {
                action,
                is_current: source == self,
            }
        };
        order.into_iter().map(way).collect()
    }
}

/// The address among answers whose content is needed.
pub(super) fn address(answers: &Answers) -> Option<&str> {
    (Source::of(answers, Source::MetadataUrl) == Source::MetadataUrl)
        .then(|| answers.text("metadata_url"))
        .flatten()
}

pub(super) fn metadata_url_field(slug: &str) -> Field {
    Field::new("metadata_url", "Metadata URL", Kind::Url)
        .hint("Read at once where it is on this machine or on a host that the server may dial; else taken as given.")
        .sample(format!("https://{slug}.example/saml/metadata"))
}

pub(super) fn metadata_xml_field(sample: &IdpMetadata) -> Field {
    Field::new("metadata_xml", "Metadata", Kind::Document)
        .hint("The whole XML document of the identity provider.")
        .sample(sample.write())
}

pub(super) fn certificate_field(sample: &X509) -> Field {
    Field::new("certificate", "Signing certificate", Kind::Document)
        .hint("In PEM, with its lines of BEGIN CERTIFICATE and END CERTIFICATE.")
        .sample(sample.pem.as_str())
}

/// The metadata that is given; nothing where it stands at an address that was not read, or values are given instead.
pub(super) fn metadata(
    given: &Given<'_>,
    source: Source,
    now: Timestamp,
) -> Result<Option<IdpMetadata>, Error> {
    let wrong =
        |field: &str, message: String| Error::from(Violation::new(field, Rule::Value, message));
    match source {
        Source::MetadataUrl => match given.fetched {
            None | Some(Fetched::NotDialled) => Ok(None),
            Some(Fetched::Failed(why)) => Err(wrong(
                "metadata_url",
                format!("The metadata URL cannot be used: {why}."),
            )),
            Some(Fetched::Text(text)) => IdpMetadata::read(text, now).map(Some).map_err(|bad| {
                wrong(
                    "metadata_url",
                    format!("What stands at the metadata URL {bad}."),
                )
            }),
        },
        Source::MetadataXml => {
            let text = given.answers.text("metadata_xml").unwrap_or_default();
            IdpMetadata::read(text, now)
                .map(Some)
                .map_err(|bad| wrong("metadata_xml", format!("The metadata {bad}.")))
        }
        Source::Values => Ok(None),
    }
}

/// The certificate that is given by hand, if one is.
pub(super) fn certificate(answers: &Answers, now: Timestamp) -> Result<Option<X509>, Error> {
    let read = |pem| {
        X509::read(pem, now).map_err(|bad| {
            let message = format!("The certificate {bad}.");
            Violation::new("certificate", Rule::Value, message).into()
        })
    };
    answers.text("certificate").map(read).transpose()
}

/// Whole days until a certificate ends, rounded down; below zero when it has ended.
fn days_left(certificate: &Certificate, now: Timestamp) -> i64 {
    let left = certificate.x509.not_after.duration_since(now);
    left.as_secs().div_euclid(24 * 60 * 60)
}

/// Whether a certificate has to be renewed.
pub(super) fn ends_soon(certificate: &Certificate, now: Timestamp) -> bool {
    days_left(certificate, now) <= SOON
}

/// How long a certificate is valid still.
pub(super) fn validity(certificate: &Certificate, now: Timestamp) -> Cell {
    let days = days_left(certificate, now);
    let status = match days {
        ..0 => Status::new(Tone::Bad, "Expired"),
        0 => Status::new(Tone::Bad, "Expires within a day"),
        1 => Status::new(Tone::Warn, "1 day left"),
        _ => {
            let tone = if days <= SOON { Tone::Warn } else { Tone::Good };
            Status::new(tone, format!("{days} days left"))
        }
    };
    Cell::Status(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_is_the_one_that_is_named_or_answered() {
        let answers = |pairs: &[(&str, &str)]| -> Answers {
            let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            pairs.iter().map(own).collect()
        };
        for (pairs, source) in [
            (&[][..], Source::Values),
            (
                &[("source", "metadata_xml"), ("metadata_url", "x")],
                Source::MetadataXml,
            ),
            (
                &[("source", "other"), ("metadata_url", "x")],
                Source::MetadataUrl,
            ),
            (
                &[("metadata_xml", "x"), ("metadata_url", "x")],
                Source::MetadataXml,
            ),
            (&[("idp_sso_url", "x")], Source::Values),
        ] {
            assert_eq!(
                Source::of(&answers(pairs), Source::Values),
                source,
                "{pairs:?}"
            );
        }
        let both = answers(&[("metadata_url", "https://a.test"), ("source", "values")]);
        assert_eq!(address(&both), None);
        assert_eq!(address(&answers(&[("metadata_url", "x")])), Some("x"));
    }
}
