//! Links, made for those who may have them.

use std::fmt;
use std::sync::Arc;

use super::access::AnyAuthorize;
use super::{Authorize, BoxError, PortalRedirects, Providers, RedirectUrl, RefusedRedirect};
use crate::types::{GeneratePortalLink, PortalIntent, PortalLink};
use crate::{Client, Error, OrganizationId, ResponseValue};

/// Makes portal links for the users of an app.
///
/// `U` is what the app knows about whoever is signed in. Cloning it is cheap.
///
/// ```no_run
/// use workos_portal::portal::{AdminPortal, PortalRedirects};
/// use workos_portal::types::PortalIntent;
/// use workos_portal::{Client, OrganizationId};
///
/// #[derive(Clone)]
/// struct User { organization: OrganizationId, is_admin: bool }
///
/// # async fn run(user: User) -> Result<(), Box<dyn std::error::Error>> {
/// let portal = AdminPortal::new(
///     Client::from_env()?,
///     PortalRedirects::to(["https://app.example.com"])?,
///     |user: User, organization: OrganizationId| async move {
///         user.is_admin && user.organization == organization
///     },
/// );
///
/// let link = portal
///     .link(&user, &user.organization, PortalIntent::Sso)
///     .return_url("https://app.example.com/settings")
///     .external_user_id("user_7")
///     .send()
///     .await?;
/// // Answer with 303 See Other, and this as the `Location`.
/// let location = link.link.expose();
/// # let _ = location;
/// # Ok(())
/// # }
/// ```
pub struct AdminPortal<U> {
    client: Client,
    redirects: PortalRedirects,
    access: Arc<dyn AnyAuthorize<U>>,
    providers: Providers,
}

/// Why no link was made. No message shows a link, a key or more of a URL than its origin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// The user may not open the portal of this organization. WorkOS was not called.
    #[error("the user may not open the portal of this organization")]
    Denied,
    /// The app's own check failed, so nobody knows whether the user may. WorkOS was not called.
    #[error("it cannot be told whether the user may open the portal of this organization")]
    Unchecked(#[source] BoxError),
    /// A URL is not one to send people back to. WorkOS was not called.
    #[error("{field}: {reason}")]
    #[non_exhaustive]
    Redirect {
        /// `return_url` or `success_url`.
        field: &'static str,
        /// What is wrong with it.
        reason: RefusedRedirect,
    },
    /// The call failed, or was not sent because an argument is none.
    #[error(transparent)]
    Call(#[from] Error),
}

/// A link to be made; see [`AdminPortal::link`].
#[must_use = "no link is made until `send`"]
pub struct LinkRequest<'a, U> {
    portal: &'a AdminPortal<U>,
    leave: Leave<'a, U>,
    organization: Option<OrganizationId>,
    intent: PortalIntent,
    return_url: Option<RedirectUrl>,
    success_url: Option<RedirectUrl>,
    it_contact_emails: Vec<String>,
    external_user_id: Option<String>,
    refused: Option<LinkError>,
}

/// By whose leave a link is made.
enum Leave<'a, U> {
    Of(&'a U),
    Without(&'static str),
}

impl<U> AdminPortal<U> {
    /// A portal whose visitors come from `client`'s environment, go back to `redirects` alone, and are those
    /// whom `access` lets in.
    #[must_use]
    pub fn new(
        client: Client,
        redirects: PortalRedirects,
        access: impl Authorize<U> + 'static,
    ) -> Self
    where
        U: 'static,
    {
        Self {
            providers: Providers::new(client.clone()),
            client,
            redirects,
            access: Arc::new(access),
        }
    }

    /// A link for `user` into the portal of `organization`, if they may.
    ///
    /// It is made when it is sent: the URLs are checked, then whether the user may, then WorkOS is called.
    pub fn link<'a>(
        &'a self,
        user: &'a U,
        organization: impl TryInto<OrganizationId>,
        intent: PortalIntent,
    ) -> LinkRequest<'a, U> {
        LinkRequest::new(self, Leave::Of(user), organization, intent)
    }

    /// A link into the portal of `organization` for whoever gets it: nobody is asked whether they may.
    ///
    /// It is for tools of your own staff, and for tests. `reason` goes into the log, with the organization.
    pub fn link_without_authorization(
        &self,
        organization: impl TryInto<OrganizationId>,
        intent: PortalIntent,
        reason: &'static str,
    ) -> LinkRequest<'_, U> {
        LinkRequest::new(self, Leave::Without(reason), organization, intent)
    }

    /// Where this portal sends its visitors back to.
    #[must_use]
    pub fn redirects(&self) -> &PortalRedirects {
        &self.redirects
    }

    /// The identity providers, for a picker of your own.
    #[must_use]
    pub fn providers(&self) -> &Providers {
        &self.providers
    }
}

impl<'a, U> LinkRequest<'a, U> {
    fn new(
        portal: &'a AdminPortal<U>,
        leave: Leave<'a, U>,
        organization: impl TryInto<OrganizationId>,
        intent: PortalIntent,
    ) -> Self {
        Self {
            portal,
            leave,
            organization: organization.try_into().ok(),
            intent,
            return_url: None,
            success_url: None,
            it_contact_emails: Vec::new(),
            external_user_id: None,
            refused: None,
        }
    }

    /// Where the portal's way back to the app leads. Without it the environment's default applies.
    pub fn return_url(mut self, url: impl AsRef<str>) -> Self {
        self.return_url = self.checked("return_url", url.as_ref());
        self
    }

    /// Where a finished setup leads. Without it the environment's default applies.
    pub fn success_url(mut self, url: impl AsRef<str>) -> Self {
        self.success_url = self.checked("success_url", url.as_ref());
        self
    }

    /// E-mail addresses, up to 20 in all, to record as IT contacts of the organization.
    pub fn it_contact_emails<E: Into<String>>(
        mut self,
        emails: impl IntoIterator<Item = E>,
    ) -> Self {
        self.it_contact_emails = emails.into_iter().map(Into::into).collect();
        self
    }

    /// Your own id of the user. It lets `revoke_portal_link` end the link, and the sessions behind it, when
    /// the user leaves; what is made without it cannot be revoked.
    pub fn external_user_id(mut self, id: impl Into<String>) -> Self {
        self.external_user_id = Some(id.into());
        self
    }

    /// Makes the link. It opens once, within five minutes: send the user there at once.
    ///
    /// # Errors
    /// When a URL is refused, when the user may not or that cannot be told, or when the call fails.
    pub async fn send(self) -> Result<ResponseValue<PortalLink>, LinkError> {
        if let Some(refused) = self.refused {
            return Err(refused);
        }
        let organization = self.organization.ok_or_else(|| {
            Error::InvalidRequest("organization: an id is not empty, `.` or `..`".to_owned())
        })?;
        match self.leave {
            Leave::Of(user) => {
                let access = self.portal.access.authorize(user, &organization);
                if !access.await.map_err(LinkError::Unchecked)? {
                    return Err(LinkError::Denied);
                }
            }
            Leave::Without(reason) => tracing::info!(
                organization = organization.as_str(),
                intent = self.intent.as_str(),
                reason,
                "a portal link is made without authorization"
            ),
        }
        let body = GeneratePortalLink {
            organization,
            intent: Some(self.intent),
            return_url: self.return_url.map(Into::into),
            success_url: self.success_url.map(Into::into),
            it_contact_emails: Some(self.it_contact_emails).filter(|emails| !emails.is_empty()),
            external_user_id: self.external_user_id,
        };
        let call = self.portal.client.generate_portal_link().body(body);
        Ok(call.send().await?)
    }

    fn checked(&mut self, field: &'static str, url: &str) -> Option<RedirectUrl> {
        match self.portal.redirects.check(url) {
            Ok(url) => Some(url),
            Err(reason) => {
                self.refused = Some(LinkError::Redirect { field, reason });
                None
            }
        }
    }
}

impl<U> Clone for AdminPortal<U> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            redirects: self.redirects.clone(),
            access: self.access.clone(),
            providers: self.providers.clone(),
        }
    }
}

impl<U> fmt::Debug for AdminPortal<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdminPortal")
            .field("redirects", &self.redirects)
            .finish_non_exhaustive()
    }
}

impl<U> fmt::Debug for LinkRequest<'_, U> {
    // Addresses of people are left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkRequest")
            .field("organization", &self.organization)
            .field("intent", &self.intent)
            .field("return_url", &self.return_url)
            .field("success_url", &self.success_url)
            .finish_non_exhaustive()
    }
}
