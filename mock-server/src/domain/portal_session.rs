//! Portal sessions: what an opened link becomes in the browser that opened it.

use jiff::{SignedDuration, Timestamp};

use super::ids::{OrganizationId, PortalLinkId, PortalSessionId};
use super::intent::{Intent, Purpose};
use super::portal_link::LinkKind;
use super::redirect::RedirectUrl;
use super::settings::Redirects;
use super::time::{Moment, Now};
use super::token::SecretHash;

/// A visit to the portal of one organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PortalSession {
    pub(crate) id: PortalSessionId,
    pub(crate) link_id: PortalLinkId,
    pub(crate) organization_id: OrganizationId,
    /// How the visitor came to the link.
    pub(crate) kind: LinkKind,
    pub(crate) purpose: Purpose,
    pub(crate) return_url: Option<RedirectUrl>,
    pub(crate) success_url: Option<RedirectUrl>,
    /// What the browser has to show, as a hash.
    pub(crate) secret: SecretHash,
    pub(crate) opened: Moment,
    pub(crate) lifetime: SignedDuration,
    pub(crate) state: SessionState,
}

/// What has become of a session. That it has expired is never stored: see [`PortalSession::end`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SessionState {
    /// The visitor is at it.
    Open,
    /// The visitor has finished.
    Finished {
        /// When.
        at: Timestamp,
        /// Where that led.
        destination: Destination,
    },
    /// Its link was revoked.
    Revoked {
        /// When.
        at: Timestamp,
    },
}

/// Why a session is over, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SessionEnd {
    /// Its lifetime is over.
    Expired {
        /// The first instant at which it was.
        at: Timestamp,
    },
    /// The visitor has finished.
    Finished {
        /// When.
        at: Timestamp,
    },
    /// Its link was revoked.
    Revoked {
        /// When.
        at: Timestamp,
    },
}

/// Where finishing leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// To an address of the app.
    Redirect(RedirectUrl),
    /// Nowhere: a page of our own says that it is done.
    OwnPage,
}

impl PortalSession {
    /// The first instant at which the session is expired.
    pub(crate) fn expires_at(&self) -> Timestamp {
        self.opened.plus(self.lifetime)
    }

    /// Why the session is over, if it is. The one place that decides it.
    pub(crate) fn end(&self, now: &Now) -> Option<SessionEnd> {
        match self.state {
            SessionState::Finished { at, .. } => Some(SessionEnd::Finished { at }),
            SessionState::Revoked { at } => Some(SessionEnd::Revoked { at }),
            SessionState::Open => {
                let at = self.expires_at();
                now.has_reached(at, self.opened)
                    .then_some(SessionEnd::Expired { at })
            }
        }
    }

    /// Finishes the session.
    ///
    /// # Errors
    /// Why it is already over.
    pub(crate) fn finish(
        &self,
        now: &Now,
        redirects: &Redirects,
    ) -> Result<(Self, Destination), SessionEnd> {
        if let Some(end) = self.end(now) {
            return Err(end);
        }
        let destination = self.destination(redirects);
        let state = SessionState::Finished {
            at: now.at(),
            destination: destination.clone(),
        };
        Ok((
            Self {
                state,
                ..self.clone()
            },
            destination,
        ))
    }

    /// Ends the session because its link was revoked; one that is over stays what it is.
    pub(crate) fn revoke(&self, now: &Now) -> Option<Self> {
        let open = self.end(now).is_none();
        open.then(|| Self {
            state: SessionState::Revoked { at: now.at() },
            ..self.clone()
        })
    }

    /// The session with a lifetime that ends now; nothing when it is over.
    pub(crate) fn expire(&self, now: &Now) -> Option<Self> {
        let open = self.end(now).is_none();
        open.then(|| Self {
            lifetime: now.at().duration_since(self.opened.at),
            ..self.clone()
        })
    }

    /// Where returning to the app leads: the link's address, or the one that is configured. Whoever comes from a mail has
    /// not come from the app.
    pub(crate) fn way_back<'a>(&'a self, redirects: &'a Redirects) -> Option<&'a RedirectUrl> {
        match self.kind {
            LinkKind::Direct => self.return_url.as_ref().or(redirects.return_url.as_ref()),
            LinkKind::Mailed { .. } => None,
        }
    }

    /// Whether its link was mailed to an IT contact.
    pub(crate) fn is_mailed(&self) -> bool {
        matches!(self.kind, LinkKind::Mailed { .. })
    }

    /// The link's success address as it is; its return address with `success=true`; the configured ones in that order.
    /// `WorkOS` documents that none of them applies to a setup link that is mailed.
    fn destination(&self, redirects: &Redirects) -> Destination {
        if self.is_mailed() {
            return Destination::OwnPage;
        }
        let success = &redirects.success_url;
        let configured = match self.purpose.single() {
            Some(Intent::Sso) => success.sso.as_ref(),
            Some(Intent::Dsync) => success.dsync.as_ref(),
            Some(Intent::LogStreams) => success.log_streams.as_ref(),
            _ => None,
        };
        let back = |url: &RedirectUrl| url.with_success();
        self.success_url
            .clone()
            .or_else(|| self.return_url.as_ref().map(back))
            .or_else(|| configured.cloned())
            .or_else(|| redirects.return_url.as_ref().map(back))
            .map_or(Destination::OwnPage, Destination::Redirect)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ulid::Ulid;

    use super::*;
    use crate::domain::ids::ItContactId;
    use crate::domain::settings::{SuccessRedirects, UrlPolicy};
    use crate::domain::time::Turns;

    fn now(second: i64) -> Now {
        Now::new(
            Timestamp::from_second(second).unwrap(),
            Arc::new(Turns::default()),
        )
    }

    fn session() -> PortalSession {
        PortalSession {
            id: PortalSessionId::new(Ulid(1)),
            link_id: PortalLinkId::new(Ulid(2)),
            organization_id: OrganizationId::test(),
            kind: LinkKind::Direct,
            purpose: Purpose::One(Intent::Sso),
            return_url: None,
            success_url: None,
            secret: SecretHash::of("secret"),
            opened: now(0).moment(),
            lifetime: SignedDuration::from_secs(60),
            state: SessionState::Open,
        }
    }

    fn url(text: &str) -> RedirectUrl {
        RedirectUrl::parse(text, UrlPolicy::Local).unwrap()
    }

    #[test]
    fn it_lives_until_the_last_instant() {
        assert_eq!(session().end(&now(59)), None);
        assert_eq!(
            session().end(&now(60)),
            Some(SessionEnd::Expired { at: now(60).at() })
        );
        assert!(session().finish(&now(60), &Redirects::default()).is_err());
        assert_eq!(session().revoke(&now(60)), None);
    }

    #[test]
    fn finishing_and_revoking_end_it() {
        let (finished, _) = session().finish(&now(1), &Redirects::default()).unwrap();
        assert_eq!(
            finished.end(&now(100)),
            Some(SessionEnd::Finished { at: now(1).at() })
        );
        assert_eq!(finished.revoke(&now(2)), None);
        let revoked = session().revoke(&now(1)).unwrap();
        assert_eq!(
            revoked.end(&now(100)),
            Some(SessionEnd::Revoked { at: now(1).at() })
        );
    }

    #[test]
    fn an_expired_session_stays_so_when_the_clock_is_set_back() {
        let mut turns = Turns::default();
        turns.push(now(60).at());
        let back = Now::new(now(1).at(), Arc::new(turns));
        assert!(session().end(&back).is_some());
    }

    #[test]
    fn finishing_leads_to_the_most_particular_address() {
        let redirects = Redirects {
            return_url: Some(url("https://default.example/")),
            success_url: SuccessRedirects {
                sso: Some(url("https://default.example/sso")),
                ..SuccessRedirects::default()
            },
        };
        let leads = |session: &PortalSession, redirects: &Redirects| match session
            .finish(&now(1), redirects)
            .unwrap()
            .1
        {
            Destination::Redirect(url) => url.to_string(),
            Destination::OwnPage => "own page".to_owned(),
        };
        let mut session = session();
        assert_eq!(leads(&session, &Redirects::default()), "own page");
        assert_eq!(leads(&session, &redirects), "https://default.example/sso");
        session.purpose = Purpose::Everything;
        assert_eq!(
            leads(&session, &redirects),
            "https://default.example/?success=true"
        );
        session.return_url = Some(url("https://app.example/back?a=1"));
        assert_eq!(
            leads(&session, &redirects),
            "https://app.example/back?a=1&success=true"
        );
        session.success_url = Some(url("https://app.example/done?b=2"));
        assert_eq!(leads(&session, &redirects), "https://app.example/done?b=2");
        assert_eq!(
            session.way_back(&redirects).unwrap().as_str(),
            "https://app.example/back?a=1"
        );
        session.kind = LinkKind::Mailed {
            contact: ItContactId::new(Ulid(5)),
        };
        assert_eq!(leads(&session, &redirects), "own page");
        assert_eq!(session.way_back(&redirects), None);
    }
}
