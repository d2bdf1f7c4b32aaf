//! Where WorkOS's document comes from.

use std::{io::Read as _, time::Duration};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A document that is larger is not the one we know.
const LIMIT: u64 = 32 * 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(60);

/// A document as it was received.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) address: String,
    bytes: Vec<u8>,
}

impl Source {
    /// Lower-case hex SHA-256 of the bytes received.
    pub(crate) fn sha256(&self) -> String {
        let digest = Sha256::digest(&self.bytes);
        digest.iter().fold(String::with_capacity(64), |hex, byte| {
            hex + &format!("{byte:02x}")
        })
    }

    /// The repository commit, where the address has one as a path segment.
    pub(crate) fn commit(&self) -> Option<String> {
        self.address
            .split('/')
            .find(|segment| {
                segment.len() == 40 && segment.bytes().all(|byte| byte.is_ascii_hexdigit())
            })
            .map(str::to_owned)
    }
}

/// Reads the document at an http(s) address or in a file.
pub(crate) fn fetch(address: &str) -> Result<Source> {
    let mut bytes = Vec::new();
    if address.starts_with("http://") || address.starts_with("https://") {
        let client = reqwest::blocking::Client::builder()
            .timeout(TIMEOUT)
            .build()?;
        let response = client
            .get(address)
            .send()
            .with_context(|| format!("{address} is not reachable"))?;
        if !response.status().is_success() {
            bail!("{address} answered {}", response.status());
        }
        response
            .take(LIMIT + 1)
            .read_to_end(&mut bytes)
            .with_context(|| format!("{address} broke off"))?;
    } else {
        let file =
            std::fs::File::open(address).with_context(|| format!("{address} is not readable"))?;
        file.take(LIMIT + 1)
            .read_to_end(&mut bytes)
            .with_context(|| format!("{address} is not readable"))?;
    }
    if bytes.len() as u64 > LIMIT {
        bail!("{address} is larger than {} MiB", LIMIT / 1024 / 1024);
    }
    Ok(Source {
        address: address.to_owned(),
        bytes,
    })
}

/// Reads an OpenAPI 3.1 document from YAML or JSON.
pub(crate) fn parse(source: &Source) -> Result<Value> {
    let address = &source.address;
    let text = std::str::from_utf8(&source.bytes)
        .with_context(|| format!("{address} is not text in UTF-8"))?;
    let document: Value = if text.trim_start().starts_with('{') {
        serde_json::from_str(text).with_context(|| format!("{address} is not JSON"))?
    } else {
        yaml_serde::from_str(text).with_context(|| format!("{address} is neither YAML nor JSON"))?
    };
    match document.get("openapi").and_then(Value::as_str) {
        Some(version) if version == "3.1" || version.starts_with("3.1.") => {}
        Some(version) => bail!("{address} is OpenAPI {version}; 3.1 is needed"),
        None if document["swagger"].is_string() => {
            bail!("{address} is a Swagger document; OpenAPI 3.1 is needed")
        }
        None => bail!("{address} is no OpenAPI document: it has no `openapi` version"),
    }
    if !document["paths"].is_object() {
        bail!("{address} has no paths");
    }
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789ABCDEF01234567";

    fn source(address: &str, text: impl AsRef<[u8]>) -> Source {
        Source {
            address: address.to_owned(),
            bytes: text.as_ref().to_vec(),
        }
    }

    #[test]
    fn the_hash_is_that_of_the_bytes() {
        assert_eq!(
            source("a", "abc").sha256(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn a_commit_is_a_whole_segment_of_the_address() {
        let commit = |address: String| source(&address, "").commit();
        assert_eq!(
            commit(format!("https://host/owner/name/{COMMIT}/spec.yaml")).as_deref(),
            Some(COMMIT)
        );
        assert_eq!(commit(format!("https://host/x{COMMIT}/spec.yaml")), None);
        assert_eq!(commit("https://host/main/spec.yaml".to_owned()), None);
    }

    #[test]
    fn yaml_and_json_are_read() {
        let expected = serde_json::json!({ "openapi": "3.1.1", "paths": { "/a": { "get": { "responses": { "200": {} } } } } });
        let yaml = "openapi: 3.1.1\npaths: {/a: {get: {responses: {200: {}}}}}\n";
        for text in [
            yaml.to_owned(),
            expected.to_string(),
            format!(" \n{expected:#}"),
        ] {
            assert_eq!(parse(&source("a", &text)).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_the_reason() {
        for (bytes, reason) in [
            (&b"\xff"[..], "a is not text in UTF-8"),
            (b"{\"openapi\": ", "a is not JSON"),
            (b"a: [", "a is neither YAML nor JSON"),
            (
                b"plain words",
                "a is no OpenAPI document: it has no `openapi` version",
            ),
            (b"", "a is no OpenAPI document: it has no `openapi` version"),
            (
                b"[]",
                "a is no OpenAPI document: it has no `openapi` version",
            ),
            (
                b"swagger: '2.0'",
                "a is a Swagger document; OpenAPI 3.1 is needed",
            ),
            (b"openapi: 3.0.3", "a is OpenAPI 3.0.3; 3.1 is needed"),
            (b"openapi: 3.10.0", "a is OpenAPI 3.10.0; 3.1 is needed"),
            (b"openapi: 3.1.0", "a has no paths"),
        ] {
            assert_eq!(parse(&source("a", bytes)).unwrap_err().to_string(), reason);
        }
    }
}
