//! Portal links: opened into a portal session, and dead after a while. One that is issued through the API opens once and
//! lives for minutes; one that is mailed to an IT contact lives for weeks and opens until the setup is completed.

use jiff::{SignedDuration, Timestamp};

use super::ids::{ItContactId, OrganizationId, PortalLinkId, PortalSessionId};
use super::intent::Purpose;
use super::redirect::RedirectUrl;
use super::settings::LinkReuse;
use super::time::{Moment, Now};
use super::token::SecretHash;

/// A link that lets whoever has it into the portal of one organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PortalLink {
    pub(crate) id: PortalLinkId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) kind: LinkKind,
    /// The user of the app that the link was made for; what it can be revoked by.
    pub(crate) external_user_id: Option<String>,
    /// What it opens on.
    pub(crate) purpose: Purpose,
    pub(crate) return_url: Option<RedirectUrl>,
    pub(crate) success_url: Option<RedirectUrl>,
    pub(crate) token: SecretHash,
    pub(crate) issued: Moment,
    pub(crate) lifetime: SignedDuration,
    pub(crate) state: LinkState,
}

/// How a link gets to its visitor, which decides how often it opens and where finishing leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LinkKind {
    /// The app sends its visitor there at once.
    Direct,
    /// It is mailed, and has to outlive the scanners that open what is in a mail: it opens until the setup is completed.
    Mailed {
        /// Who gets the mail.
        contact: ItContactId,
    },
}

/// What has become of a link. That it has expired is never stored: see [`PortalLink::death`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LinkState {
    /// Nobody has opened it.
    Issued,
    /// It became a session.
    Opened {
        /// When, for the last time.
        at: Timestamp,
        /// The session of that opening.
        session: PortalSessionId,
    },
    /// A session of it was finished.
    Finished {
        /// When.
        at: Timestamp,
    },
    /// It was revoked.
    Revoked {
        /// When.
        at: Timestamp,
    },
}

/// Why a link opens no more, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Death {
    /// Its lifetime was over before anyone opened it.
    Expired {
        /// The first instant at which it did not open.
        at: Timestamp,
    },
    /// It has been opened.
    Used {
        /// When it was opened or finished.
        at: Timestamp,
    },
    /// It was revoked.
    Revoked {
        /// When.
        at: Timestamp,
    },
}

impl PortalLink {
    /// The first instant at which the link is expired.
    pub(crate) fn expires_at(&self) -> Timestamp {
        self.issued.plus(self.lifetime)
    }

    /// Why the link does not open, if it does not. The one place that decides it.
    pub(crate) fn death(&self, now: &Now, reuse: LinkReuse) -> Option<Death> {
        let once = reuse == LinkReuse::SingleUse;
        match (&self.state, &self.kind) {
            (LinkState::Revoked { at }, _) => return Some(Death::Revoked { at: *at }),
            (LinkState::Finished { at }, LinkKind::Mailed { .. }) => {
                return Some(Death::Used { at: *at });
            }
            (LinkState::Opened { at, .. } | LinkState::Finished { at }, LinkKind::Direct)
                if once =>
            {
                return Some(Death::Used { at: *at });
            }
            (LinkState::Issued | LinkState::Opened { .. } | LinkState::Finished { .. }, _) => {}
        }
        let expires_at = self.expires_at();
        now.has_reached(expires_at, self.issued)
            .then_some(Death::Expired { at: expires_at })
    }

    /// Opens the link into `session`.
    ///
    /// # Errors
    /// Why it does not open.
    pub(crate) fn open(
        &self,
        now: &Now,
        reuse: LinkReuse,
        session: PortalSessionId,
    ) -> Result<Self, Death> {
        match self.death(now, reuse) {
            Some(death) => Err(death),
            None => Ok(self.with(LinkState::Opened {
                at: now.at(),
                session,
            })),
        }
    }

    /// Revokes the link. One that was never opened in its time, is used up or was revoked before stays what it is.
    pub(crate) fn revoke(&self, now: &Now, reuse: LinkReuse) -> Option<Self> {
        let can_be = match self.state {
            LinkState::Issued | LinkState::Finished { .. } => self.death(now, reuse).is_none(),
            // It opens no more, perhaps, but the session that it became goes on.
            LinkState::Opened { .. } => true,
            LinkState::Revoked { .. } => false,
        };
        can_be.then(|| self.with(LinkState::Revoked { at: now.at() }))
    }

    /// Notes that a session of the link was finished. A revoked link stays revoked.
    pub(crate) fn finish(&self, now: &Now) -> Option<Self> {
        match self.state {
            LinkState::Revoked { .. } => None,
            _ => Some(self.with(LinkState::Finished { at: now.at() })),
        }
    }

    /// The link with a lifetime that ends now; one that has expired stays what it is.
    pub(crate) fn expire(&self, now: &Now) -> Self {
        let left = !now.has_reached(self.expires_at(), self.issued);
        Self {
            lifetime: if left {
                now.at().duration_since(self.issued.at)
            } else {
                self.lifetime
            },
            ..self.clone()
        }
    }

    /// Whether it was mailed to an IT contact.
    pub(crate) fn is_mailed(&self) -> bool {
        matches!(self.kind, LinkKind::Mailed { .. })
    }

    fn with(&self, state: LinkState) -> Self {
        Self {
            state,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ulid::Ulid;

    use super::*;
    use crate::domain::intent::Intent;
    use crate::domain::time::Turns;

    fn now(nanosecond: i128) -> Now {
        Now::new(
            Timestamp::from_nanosecond(nanosecond).unwrap(),
            Arc::new(Turns::default()),
        )
    }

    const MINUTE: i128 = 60_000_000_000;

    fn session() -> PortalSessionId {
        PortalSessionId::new(Ulid(9))
    }

    fn link() -> PortalLink {
        PortalLink {
            id: PortalLinkId::new(Ulid(1)),
            organization_id: OrganizationId::test(),
            kind: LinkKind::Direct,
            external_user_id: None,
            purpose: Purpose::One(Intent::Sso),
            return_url: None,
            success_url: None,
            token: SecretHash::of("token"),
            issued: now(0).moment(),
            lifetime: SignedDuration::from_mins(5),
            state: LinkState::Issued,
        }
    }

    #[test]
    fn it_opens_until_the_last_instant_and_not_at_expiry() {
        let open = |at| link().open(&now(at), LinkReuse::SingleUse, session());
        assert!(open(0).is_ok());
        assert!(open(5 * MINUTE - 1).is_ok());
        let expired = Death::Expired {
            at: now(5 * MINUTE).at(),
        };
        assert_eq!(open(5 * MINUTE), Err(expired));
        assert_eq!(open(5 * MINUTE + 1), Err(expired));
    }

    #[test]
    fn it_opens_once() {
        let opened = link()
            .open(&now(1), LinkReuse::SingleUse, session())
            .unwrap();
        let again = |at| opened.open(&now(at), LinkReuse::SingleUse, session());
        assert_eq!(again(2), Err(Death::Used { at: now(1).at() }));
        // Also after its time it is used, not expired: that is what happened to it.
        assert_eq!(again(6 * MINUTE), Err(Death::Used { at: now(1).at() }));
        let finished = opened.finish(&now(3)).unwrap();
        assert_eq!(
            finished.death(&now(4), LinkReuse::SingleUse),
            Some(Death::Used { at: now(3).at() })
        );
    }

    #[test]
    fn a_reusable_link_opens_until_it_expires() {
        let reuse = LinkReuse::UntilExpiry;
        let opened = link().open(&now(1), reuse, session()).unwrap();
        let finished = opened
            .open(&now(2), reuse, session())
            .unwrap()
            .finish(&now(3))
            .unwrap();
        assert!(
            finished
                .open(&now(5 * MINUTE - 1), reuse, session())
                .is_ok()
        );
        assert!(finished.open(&now(5 * MINUTE), reuse, session()).is_err());
    }

    #[test]
    fn a_mailed_link_opens_until_the_setup_is_completed_whatever_is_set() {
        let mailed = PortalLink {
            kind: LinkKind::Mailed {
                contact: ItContactId::new(Ulid(5)),
            },
            ..link()
        };
        for reuse in [LinkReuse::SingleUse, LinkReuse::UntilExpiry] {
            let opened = mailed.open(&now(1), reuse, session()).unwrap();
            let opened = opened.open(&now(5 * MINUTE - 1), reuse, session()).unwrap();
            assert!(matches!(
                opened.open(&now(5 * MINUTE), reuse, session()),
                Err(Death::Expired { .. })
            ));
            // A session that began in time can be finished later, and that is what then happened to the link.
            let finished = opened.finish(&now(6 * MINUTE)).unwrap();
            let used = Death::Used {
                at: now(6 * MINUTE).at(),
            };
            assert_eq!(finished.death(&now(7 * MINUTE), reuse), Some(used));
            assert_eq!(finished.revoke(&now(7 * MINUTE), reuse), None);
            let revoked = opened.revoke(&now(2), reuse).unwrap();
            assert_eq!(
                revoked.death(&now(3), reuse),
                Some(Death::Revoked { at: now(2).at() })
            );
        }
    }

    #[test]
    fn revoking_ends_what_can_still_be_used() {
        let revoked = link().revoke(&now(1), LinkReuse::SingleUse).unwrap();
        for reuse in [LinkReuse::SingleUse, LinkReuse::UntilExpiry] {
            assert_eq!(
                revoked.death(&now(2), reuse),
                Some(Death::Revoked { at: now(1).at() })
            );
        }
        assert_eq!(revoked.revoke(&now(2), LinkReuse::UntilExpiry), None);
        assert_eq!(revoked.finish(&now(2)), None);

        let opened = link()
            .open(&now(1), LinkReuse::SingleUse, session())
            .unwrap();
        assert!(opened.revoke(&now(2), LinkReuse::SingleUse).is_some());
        let finished = opened.finish(&now(2)).unwrap();
        assert_eq!(finished.revoke(&now(3), LinkReuse::SingleUse), None);
        assert!(finished.revoke(&now(3), LinkReuse::UntilExpiry).is_some());
        assert!(
            link()
                .revoke(&now(5 * MINUTE - 1), LinkReuse::SingleUse)
                .is_some()
        );
        assert_eq!(link().revoke(&now(5 * MINUTE), LinkReuse::SingleUse), None);
    }

    #[test]
    fn an_expired_link_stays_so_when_the_clock_is_set_back() {
        let mut turns = Turns::default();
        turns.push(now(5 * MINUTE).at());
        let back = Now::new(now(1).at(), Arc::new(turns));
        assert!(matches!(
            link().open(&back, LinkReuse::SingleUse, session()),
            Err(Death::Expired { .. })
        ));
        // One that is issued after the turning back has its full time.
        let fresh = PortalLink {
            issued: back.moment(),
            ..link()
        };
        assert!(fresh.open(&back, LinkReuse::SingleUse, session()).is_ok());
    }

    #[test]
    fn a_lifetime_beyond_the_end_of_time_does_not_expire_early() {
        let link = PortalLink {
            lifetime: SignedDuration::MAX,
            ..link()
        };
        assert_eq!(link.expires_at(), Timestamp::MAX);
        assert!(
            link.open(&now(MINUTE), LinkReuse::SingleUse, session())
                .is_ok()
        );
    }
}
