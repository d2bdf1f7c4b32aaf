//! How connections are secured.

use reqwest::ClientBuilder;

use crate::BuildError;

/// Has rustls secure what goes over `https`, with ring, which checks the signatures of webhooks as well. It is told so,
/// since a process has one provider of cryptography in general, and that is for the app to choose.
///
/// For `http` alone nobody has to be trusted, so that a machine without certificates can use a mock server.
#[cfg(all(feature = "rustls", not(feature = "native-tls")))]
pub(crate) fn secured(http: ClientBuilder, https: bool) -> Result<ClientBuilder, BuildError> {
    use std::sync::Arc;

    use rustls::crypto::ring::default_provider;
    use rustls::{ClientConfig, RootCertStore};
    use rustls_platform_verifier::BuilderVerifierExt;

    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| BuildError::Trust(error.into()))?;
    let config = if https {
        config
            .with_platform_verifier()
            .map_err(|error| BuildError::Trust(error.into()))?
    } else {
        config.with_root_certificates(RootCertStore::empty())
    };
    Ok(http.tls_backend_preconfigured(config.with_no_client_auth()))
}

/// Leaves it to the system's TLS, where there is any.
#[cfg(not(all(feature = "rustls", not(feature = "native-tls"))))]
#[expect(clippy::unnecessary_wraps, reason = "with rustls it can fail")]
pub(crate) fn secured(http: ClientBuilder, _: bool) -> Result<ClientBuilder, BuildError> {
    Ok(http)
}
