//! Rate limits of a test's environment.

use super::environment::readable;
use super::{Error, TestEnvironment};
use crate::config::RateLimits;

impl TestEnvironment {
    /// How many requests are answered before a 429.
    ///
    /// # Errors
    /// [`Error::Gone`].
    pub fn rate_limits(&self) -> Result<RateLimits, Error> {
        Ok(self.current()?.rate_limits())
    }

    /// Sets how many requests are answered before a 429, from now on: what was counted is forgotten. Windows pass on the
    /// environment's clock. A reset brings the limits of its settings back.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workos_portal_mock::MockServer;
    /// use workos_portal_mock::config::{CustomRateLimits, RateLimit, RateLimitPreset, RateLimits};
    ///
    /// let env = MockServer::shared()?.environment().create()?;
    /// // As WorkOS documents them.
    /// env.limit_rates(RateLimits::Preset(RateLimitPreset::Production))?;
    /// // Two requests a minute.
    /// let two = RateLimit { requests: 2, per: "1 minute".parse()? };
    /// env.limit_rates(RateLimits::Custom(CustomRateLimits { all: Some(two), ..Default::default() }))?;
    ///
    /// let http = reqwest::Client::new();
    /// let ask = || http.get(format!("{}/organizations", env.url())).bearer_auth(env.api_key()).send();
    /// let statuses = [ask().await?.status(), ask().await?.status(), ask().await?.status()];
    /// assert_eq!(statuses.map(|status| status.as_u16()), [200, 200, 429]);
    /// env.clock().advance("1 minute".parse()?)?;
    /// assert_eq!(ask().await?.status(), 200);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Refused`] when a window is not longer than nothing; [`Error::Gone`].
    pub fn limit_rates(&self, limits: RateLimits) -> Result<(), Error> {
        readable(&limits, "limits")?;
        self.current()?.limit_rates(limits);
        Ok(())
    }
}
