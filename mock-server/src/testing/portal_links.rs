//! Portal links, gone through as an admin would.

use super::{Error, PortalVisit, Setup, TestEnvironment};
use crate::service::setup::script::{self, Named, Script};
use crate::visits;

/// A portal link, to be gone through without a browser: in one go, with samples for everything that the pages ask for, or with
/// what [`PortalLink::with`] answers. Nothing stands unless all of it does.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use serde_json::{Value, json};
/// use workos_portal_mock::MockServer;
/// use workos_portal_mock::testing::{ConnectionType, Intent, MadeKind, SignInOutcome, Sso};
///
/// let env = MockServer::shared()?.environment().test_organization().create()?;
/// # let call = reqwest::Client::new().post(format!("{}/portal/generate_link", env.url())).bearer_auth(env.api_key());
/// # let asked = json!({"organization": env.organization_id(), "intent": "sso", "return_url": "http://localhost/back"});
/// # let answer: Value = call.json(&asked).send().await?.json().await?;
/// # let link = answer["link"].as_str().ok_or("a link")?;
/// // `link` is what the code under test got from `POST /portal/generate_link`.
/// let okta = Sso::new().provider(ConnectionType::OktaSAML).email("ada@example.com");
///
/// // At first the provider does not let Ada in. The link stays open.
/// let denied = okta.sign_in(SignInOutcome::Denied);
/// let visit = env.portal_link(link).with(denied).fail().await?;
/// assert_eq!(visit.next_step, Some("test"));
///
/// // Then it does.
/// let visit = env.portal_link(link).complete().await?;
/// assert_eq!(visit.redirect_url.as_deref(), Some("http://localhost/back?success=true"));
/// let connection = visit.first(MadeKind::Connection).ok_or("a connection")?;
/// assert_eq!(connection.shown["state"], "active");
///
/// // It opens once.
/// let error = env.portal_link(link).complete().await.unwrap_err();
/// assert!(error.to_string().starts_with("The link was used at "), "{error}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a link does nothing before it is completed, failed, stopped at a step or expired"]
pub struct PortalLink<'e> {
    environment: &'e TestEnvironment,
    link: Named,
    setup: Setup,
}

impl TestEnvironment {
    /// The portal link with this address, as `generate_portal_link` answers it and mails have it. Its token alone will do.
    pub fn portal_link(&self, link: impl AsRef<str>) -> PortalLink<'_> {
        self.named(Named::link(link.as_ref()))
    }

    /// The newest portal link of an organization that can still be used; with [`PortalLink::with`], of those that open on that
    /// part of the portal. For tests of apps that do not hand out the link.
    pub fn newest_portal_link(&self, organization_id: impl Into<String>) -> PortalLink<'_> {
        self.named(Named::Organization(organization_id.into()))
    }

    fn named(&self, link: Named) -> PortalLink<'_> {
        PortalLink {
            environment: self,
            link,
            setup: Setup::default(),
        }
    }
}

impl PortalLink<'_> {
    /// Says which part of the portal is gone through, where the link opens on several, and what is answered there.
    pub fn with(mut self, setup: impl Into<Setup>) -> Self {
        self.setup = setup.into();
        self
    }

    /// Goes through everything that is still to be done, and finishes.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the link cannot be used (`link`), opens on several parts of which none is named (`intent`), or
    /// the answers do not lead to the end (`answers`); [`Error::NotFound`], [`Error::Gone`].
    pub async fn complete(self) -> Result<PortalVisit, Error> {
        self.run(None, script::complete).await
    }

    /// Goes up to a step, by its name in addresses, and leaves it there. The link is not opened by that, so a browser can go on
    /// from there.
    ///
    /// # Errors
    /// As for [`PortalLink::complete`], or there is no such step on the way (`step`).
    pub async fn stop_at(self, step: impl Into<String>) -> Result<PortalVisit, Error> {
        self.run(Some(step.into()), script::stop_at).await
    }

    /// Goes up to the last step that can fail, and lets it fail: in the way that [`PortalLink::with`] says, or in one that is
    /// usual there. The link is not opened by that.
    ///
    /// # Errors
    /// As for [`PortalLink::complete`], or nothing can fail (`step`).
    pub async fn fail(self) -> Result<PortalVisit, Error> {
        self.run(None, script::fail).await
    }

    /// The same at this step.
    ///
    /// # Errors
    /// As for [`PortalLink::fail`].
    pub async fn fail_at(self, step: impl Into<String>) -> Result<PortalVisit, Error> {
        self.run(Some(step.into()), script::fail).await
    }

    /// Ends the lifetime of the link and of its session. The clock stays where it is.
    ///
    /// # Errors
    /// As for [`PortalLink::complete`].
    pub fn expire(self) -> Result<PortalVisit, Error> {
        let environment = self.environment.current()?;
        let report = script::expire(&environment, &self.script(None))?;
        Ok(PortalVisit::new(&report))
    }

    async fn run(
        self,
        step: Option<String>,
        how: impl Fn(
            &crate::environment::Environment,
            &str,
            &Script,
            script::Brought<'_>,
        ) -> Result<script::Report, script::Halt>,
    ) -> Result<PortalVisit, Error> {
        let test = self.environment;
        let environment = test.current()?;
        let script = self.script(step);
        let report = visits::run(test.dialing(), &environment, test.url(), &script, how).await?;
        Ok(PortalVisit::new(&report))
    }

    fn script(self, step: Option<String>) -> Script {
        let Setup { intent, answers } = self.setup;
        Script {
            link: self.link,
            intent,
            step,
            answers,
        }
    }
}
