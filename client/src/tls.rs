//! How connections are secured.

use reqwest::ClientBuilder;

use crate::BuildError;

/// What HTTP clients are told about TLS.
///
/// It has rustls secure what goes over `https`, with ring, which checks the signatures of webhooks as well. It is told so, since
/// a process has one provider of cryptography in general, and that is for the app to choose.
#[cfg(all(feature = "rustls", not(feature = "native-tls")))]
pub(crate) struct Tls(rustls::ClientConfig);

#[cfg(all(feature = "rustls", not(feature = "native-tls")))]
impl Tls {
    /// Trusts whom the machine trusts. For `http` alone that is nobody, so that a machine without certificates can
    /// use a mock server.
    pub(crate) fn new(https: bool) -> Result<Self, BuildError> {
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
        Ok(Self(config.with_no_client_auth()))
    }

    pub(crate) fn secure(&self, http: ClientBuilder) -> ClientBuilder {
        http.tls_backend_preconfigured(self.0.clone())
    }
}

/// What HTTP clients are told about TLS: nothing. It is the system's, or there is none.
#[cfg(not(all(feature = "rustls", not(feature = "native-tls"))))]
pub(crate) struct Tls;

#[cfg(not(all(feature = "rustls", not(feature = "native-tls"))))]
#[expect(
    clippy::unnecessary_wraps,
    clippy::unused_self,
    reason = "with rustls there is more to it"
)]
impl Tls {
    pub(crate) fn new(_: bool) -> Result<Self, BuildError> {
        Ok(Self)
    }

    pub(crate) fn secure(&self, http: ClientBuilder) -> ClientBuilder {
        http
    }
}
