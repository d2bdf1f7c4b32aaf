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
        Sha256::digest(&self.bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The repository commit, where the address has one as a path segment.
    pub(crate) fn commit(&self) -> Option<String> {
        self.address
            .split('/')
            .find(|segment| segment.len() == 40 && segment.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .map(str::to_owned)
    }
}

/// Reads the document at an http(s) address or in a file.
pub(crate) fn fetch(address: &str) -> Result<Source> {
    let mut bytes = Vec::new();
    if address.starts_with("http://") || address.starts_with("https://") {
        let client = reqwest::blocking::Client::builder().timeout(TIMEOUT).build()?;
        let response = client
            .get(address)
            .send()
            .and_then(reqwest::blocking::Response::error_for_status)
            .with_context(|| format!("{address} is not reachable"))?;
        response.take(LIMIT + 1).read_to_end(&mut bytes).with_context(|| format!("{address} broke off"))?;
    } else {
        let file = std::fs::File::open(address).with_context(|| format!("{address} is not readable"))?;
        file.take(LIMIT + 1).read_to_end(&mut bytes).with_context(|| format!("{address} is not readable"))?;
    }
    if bytes.len() as u64 > LIMIT {
        bail!("{address} is larger than {} MiB", LIMIT / 1024 / 1024);
    }
    Ok(Source { address: address.to_owned(), bytes })
}

/// Reads an OpenAPI 3.1 document from YAML or JSON.
pub(crate) fn parse(source: &Source) -> Result<Value> {
    let address = &source.address;
    let text = std::str::from_utf8(&source.bytes).with_context(|| format!("{address} is not text in UTF-8"))?;
    let document: Value = if text.trim_start().starts_with('{') {
        serde_json::from_str(text).with_context(|| format!("{address} is not JSON"))?
    } else {
        yaml_serde::from_str(text).with_context(|| format!("{address} is neither YAML nor JSON"))?
    };
    match document.get("openapi").and_then(Value::as_str) {
        Some(version) if version == "3.1" || version.starts_with("3.1.") => {}
        Some(version) => bail!("{address} is OpenAPI {version}; 3.1 is needed"),
        None => bail!("{address} is no OpenAPI document: it has no `openapi` version"),
    }
    if !document["paths"].is_object() {
        bail!("{address} has no paths");
    }
    Ok(document)
}
