//! SAML metadata of identity providers: what a connection needs of it.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use roxmltree::{Document, Node, ParsingOptions};
use url::Url;

use super::certificate::{BadCertificate, X509};

const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// More nodes than the metadata of one identity provider has.
const MOST_NODES: u32 = 20_000;
/// More certificates than one identity provider signs with.
const MOST_CERTIFICATES: usize = 20;

/// What an identity provider says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IdpMetadata {
    pub(crate) entity_id: String,
    /// Where people sign in.
    pub(crate) sso_url: String,
    /// What it signs with; at least one, and none that has expired.
    pub(crate) certificates: Vec<X509>,
}

/// Why a text is no metadata to work with; each is the rest of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadMetadata {
    #[error("is not XML: {0}")]
    NotXml(String),
    #[error("begins with a document type declaration, which metadata does without")]
    Dtd,
    #[error("is larger than the metadata of an identity provider is")]
    TooLarge,
    #[error("is XML, but not SAML metadata: there is no EntityDescriptor")]
    NotMetadata,
    #[error("describes {0} identity providers: give that of one")]
    Several(usize),
    #[error("describes no identity provider: there is no IDPSSODescriptor")]
    NoIdp,
    #[error("does not name the identity provider: its entityID is missing")]
    NoEntityId,
    #[error(
        "has no address to sign in at: there is no SingleSignOnService with the binding HTTP-Redirect or HTTP-POST"
    )]
    NoSsoUrl,
    #[error("has '{0}' as its SingleSignOnService, which is no https or http address")]
    BadSsoUrl(String),
    #[error("has no certificate that the identity provider signs with")]
    NoCertificate,
    #[error("has a certificate that is no X.509 certificate in Base64")]
    NotACertificate,
    #[error("has a certificate that {0}")]
    Certificate(BadCertificate),
    #[error("has more certificates than an identity provider signs with")]
    TooManyCertificates,
}

impl IdpMetadata {
    /// Reads metadata. Of several certificates those count that have not expired at `now`.
    ///
    /// # Errors
    /// It is no metadata, or not of exactly one identity provider that people can sign in at.
    pub(crate) fn read(text: &str, now: Timestamp) -> Result<Self, BadMetadata> {
        let options = ParsingOptions {
            allow_dtd: false,
            nodes_limit: MOST_NODES,
            ..ParsingOptions::default()
        };
        let text = text.trim_start_matches('\u{feff}').trim();
        let document =
            Document::parse_with_options(text, options).map_err(|error| match error {
                roxmltree::Error::DtdDetected => BadMetadata::Dtd,
                roxmltree::Error::NodesLimitReached => BadMetadata::TooLarge,
                error => BadMetadata::NotXml(error.to_string()),
            })?;
        let entities: Vec<_> = document
            .descendants()
            .filter(|node| node.has_tag_name((METADATA, "EntityDescriptor")))
            .collect();
        if entities.is_empty() {
            return Err(BadMetadata::NotMetadata);
        }
        let described: Vec<_> = entities
            .iter()
            .filter_map(|entity| Some((entity, child(*entity, METADATA, "IDPSSODescriptor")?)))
            .collect();
        let (entity, idp) = match described.as_slice() {
            [] => return Err(BadMetadata::NoIdp),
            [(entity, idp)] => (entity, *idp),
            several => return Err(BadMetadata::Several(several.len())),
        };
        let entity_id = entity.attribute("entityID").unwrap_or_default().trim();
        if entity_id.is_empty() {
            return Err(BadMetadata::NoEntityId);
        }
        Ok(Self {
            entity_id: entity_id.to_owned(),
            sso_url: sso_url(idp)?,
            certificates: certificates(idp, now)?,
        })
    }

    /// Metadata as an identity provider writes it.
    pub(crate) fn write(&self) -> String {
        let mut keys = String::new();
        for certificate in &self.certificates {
            let _ = write!(
                keys,
                "\n    <KeyDescriptor use=\"signing\"><ds:KeyInfo xmlns:ds=\"{SIGNATURE}\"><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>",
                certificate.base64(),
            );
        }
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <EntityDescriptor xmlns=\"{METADATA}\" entityID=\"{}\">\n  \
             <IDPSSODescriptor protocolSupportEnumeration=\"{PROTOCOL}\">{keys}\n    \
             <SingleSignOnService Binding=\"{REDIRECT}\" Location=\"{}\"/>\n  \
             </IDPSSODescriptor>\n\
             </EntityDescriptor>\n",
            escaped(&self.entity_id),
            escaped(&self.sso_url),
        )
    }
}

fn child<'a, 'i>(node: Node<'a, 'i>, namespace: &str, name: &str) -> Option<Node<'a, 'i>> {
    node.children()
        .find(|child| child.has_tag_name((namespace, name)))
}

fn sso_url(idp: Node<'_, '_>) -> Result<String, BadMetadata> {
    let with = |binding: &str| {
        idp.children().find_map(|node| {
            let fits = node.has_tag_name((METADATA, "SingleSignOnService"))
                && node.attribute("Binding") == Some(binding);
            fits.then(|| node.attribute("Location").unwrap_or_default().trim())
        })
    };
    let location = with(REDIRECT)
        .or_else(|| with(POST))
        .ok_or(BadMetadata::NoSsoUrl)?;
    let is_web = |url: Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    if Url::parse(location).is_ok_and(is_web) {
        Ok(location.to_owned())
    } else {
        Err(BadMetadata::BadSsoUrl(location.to_owned()))
    }
}

/// A key without a use is for signing too.
fn certificates(idp: Node<'_, '_>, now: Timestamp) -> Result<Vec<X509>, BadMetadata> {
    let keys = idp.children().filter(|node| {
        node.has_tag_name((METADATA, "KeyDescriptor"))
            && node.attribute("use").is_none_or(|usage| usage == "signing")
    });
    let texts: Vec<_> = keys
        .flat_map(|key| key.descendants())
        .filter(|node| node.has_tag_name((SIGNATURE, "X509Certificate")))
        .collect();
    if texts.len() > MOST_CERTIFICATES {
        return Err(BadMetadata::TooManyCertificates);
    }
    let mut good: Vec<X509> = Vec::new();
    let mut expired = None;
    for text in texts {
        let der = STANDARD
            .decode(
                text.text()
                    .unwrap_or_default()
                    .split_ascii_whitespace()
                    .collect::<String>(),
            )
            .map_err(|_| BadMetadata::NotACertificate)?;
        match X509::read(&X509::pem_of(&der), now) {
            Ok(one) if good.iter().any(|other| other.is_same(&one)) => {}
            Ok(one) => good.push(one),
            Err(error @ BadCertificate::Expired(_)) => expired = Some(error),
            Err(_) => return Err(BadMetadata::NotACertificate),
        }
    }
    match (good.is_empty(), expired) {
        (false, _) => Ok(good),
        (true, Some(error)) => Err(BadMetadata::Certificate(error)),
        (true, None) => Err(BadMetadata::NoCertificate),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    fn metadata() -> IdpMetadata {
        IdpMetadata {
            entity_id: "https://idp.example/?a=1&b=\"<>\"".into(),
            sso_url: "https://idp.example/sso?a=1&b=2".into(),
            certificates: vec![X509::sample("one", now()), X509::sample("two", now())],
        }
    }

    fn read(text: &str) -> Result<IdpMetadata, BadMetadata> {
        IdpMetadata::read(text, now())
    }

    #[test]
    fn what_is_written_reads_back() {
        let written = metadata().write();
        assert_eq!(read(&written), Ok(metadata()));
        assert_eq!(read(&format!("\u{feff} {written}\n")), Ok(metadata()));
        let group = format!(
            "<EntitiesDescriptor xmlns=\"{METADATA}\">{}<EntityDescriptor entityID=\"sp\"/></EntitiesDescriptor>",
            written.split_once('\n').unwrap().1
        );
        assert_eq!(read(&group), Ok(metadata()));
    }

    #[test]
    fn keys_to_encrypt_with_do_not_count_and_those_without_a_use_do() {
        let written = metadata().write();
        let encryption = written.replacen("use=\"signing\"", "use=\"encryption\"", 1);
        assert_eq!(
            read(&encryption).unwrap().certificates,
            metadata().certificates[1..]
        );
        let any = written.replace(" use=\"signing\"", "");
        assert_eq!(read(&any), Ok(metadata()));
        let first = metadata().certificates[0].base64();
        let second = metadata().certificates[1].base64();
        let twice = written.replace(&second, &first);
        assert_eq!(read(&twice).unwrap().certificates.len(), 1);
    }

    #[test]
    fn the_redirect_binding_goes_before_the_post_binding() {
        let written = metadata().write();
        let post = written.replace(REDIRECT, POST);
        assert_eq!(read(&post), Ok(metadata()));
        let other = "https://idp.example/post";
        let both = written.replace(
            "    <SingleSignOnService",
            &format!(
                "<SingleSignOnService Binding=\"{POST}\" Location=\"{other}\"/><SingleSignOnService"
            ),
        );
        assert_eq!(read(&both), Ok(metadata()));
        let artifact = written.replace(
            REDIRECT,
            "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact",
        );
        assert_eq!(read(&artifact), Err(BadMetadata::NoSsoUrl));
    }

    #[test]
    fn what_is_no_metadata_says_why() {
        let written = metadata().write();
        let script = written.replace("https://idp.example/sso", "javascript:alert(1)//");
        let two = written.split_once('\n').unwrap().1.repeat(2);
        let two = format!("<EntitiesDescriptor xmlns=\"{METADATA}\">{two}</EntitiesDescriptor>");
        let many = format!("<a>{}</a>", "<b/>".repeat(30_000));
        for (text, why) in [
            ("<a/>".to_owned(), BadMetadata::NotMetadata),
            (
                written.replace(METADATA, "urn:other"),
                BadMetadata::NotMetadata,
            ),
            (
                written.replace("IDPSSODescriptor", "SPSSODescriptor"),
                BadMetadata::NoIdp,
            ),
            (
                written.replace("entityID", "other"),
                BadMetadata::NoEntityId,
            ),
            (
                written.replace("X509Certificate", "X509Other"),
                BadMetadata::NoCertificate,
            ),
            (two, BadMetadata::Several(2)),
            (many, BadMetadata::TooLarge),
            (
                script,
                BadMetadata::BadSsoUrl("javascript:alert(1)//?a=1&b=2".to_owned()),
            ),
            (written.replace("MII", "!!!"), BadMetadata::NotACertificate),
            (written.replace("MII", "MIJ"), BadMetadata::NotACertificate),
            (
                "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>".to_owned(),
                BadMetadata::Dtd,
            ),
        ] {
            assert_eq!(read(&text), Err(why), "{text}");
        }
        for text in ["", "no XML", "<a>", "<a></b>", &written[..200]] {
            assert!(matches!(read(text), Err(BadMetadata::NotXml(_))), "{text}");
        }
    }

    #[test]
    fn a_certificate_that_has_expired_is_passed_over_unless_it_is_the_only_one() {
        let later = metadata().certificates[0].not_after;
        let mut both = metadata();
        both.certificates[1] = X509::sample("later", later);
        let left = IdpMetadata::read(&both.write(), later).unwrap();
        assert_eq!(left.certificates, both.certificates[1..]);
        assert_eq!(
            IdpMetadata::read(&metadata().write(), later),
            Err(BadMetadata::Certificate(BadCertificate::Expired(later)))
        );
    }

    #[test]
    fn depth_and_length_do_no_harm() {
        let deep = "<a>".repeat(300_000);
        assert!(read(&deep).is_err());
        let closed = format!("{}{}", "<a>".repeat(15_000), "</a>".repeat(15_000));
        assert_eq!(read(&closed), Err(BadMetadata::NotMetadata));
    }
}
