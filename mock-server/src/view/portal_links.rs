//! Portal links and sessions as `/_mock` shows them. Ours: `WorkOS` shows neither.

use schemars::JsonSchema;
use serde::Serialize;

use super::Time;
use crate::domain::ids::Id as _;
use crate::domain::intent::{Intent, Purpose};
use crate::domain::portal_link::{Death, LinkKind, LinkState, PortalLink};
use crate::domain::portal_session::{Destination, PortalSession, SessionEnd, SessionState};
use crate::domain::redirect::RedirectUrl;
use crate::service::portal_visits::Moment;

/// A portal link. Its address is nowhere to be seen: whoever has it can open the link.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PortalLink")]
pub(crate) struct PortalLinkView<'a> {
    /// Always `portal_link`.
    #[schemars(extend("const" = "portal_link"))]
    object: &'static str,
    /// Its id.
    id: &'a str,
    /// The organization that it is for.
    organization_id: &'a str,
    /// The parts of the portal that it opens on; none where it opens on all.
    #[schemars(with = "Vec<Intent>")]
    intents: Vec<&'static str>,
    /// Whether the app sends its visitor there, or it was mailed to an IT contact.
    #[schemars(extend("enum" = ["direct", "mailed"]))]
    kind: &'static str,
    /// The IT contact that it was mailed to.
    contact_id: Option<&'a str>,
    /// The user of the app that it was made for.
    external_user_id: Option<&'a str>,
    /// How far it is.
    #[schemars(extend("enum" = ["issued", "opened", "finished", "expired", "revoked"]))]
    state: &'static str,
    /// Whether it opens now.
    opens: bool,
    /// When it was made.
    issued_at: Time,
    /// The first instant at which it does not open any more, whoever has opened it before.
    expires_at: Time,
    /// When it was opened, finished or revoked.
    used_at: Option<Time>,
    /// The session that it became last.
    session_id: Option<&'a str>,
    /// Where the visitor returns to.
    return_url: Option<&'a str>,
    /// Where finishing leads.
    success_url: Option<&'a str>,
}

/// A portal session: a visit to the portal of one organization.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PortalSession")]
pub(crate) struct PortalSessionView<'a> {
    /// Always `portal_session`.
    #[schemars(extend("const" = "portal_session"))]
    object: &'static str,
    /// Its id.
    id: &'a str,
    /// The link that it came from.
    link_id: &'a str,
    /// The organization that it is in.
    organization_id: &'a str,
    /// The parts of the portal that it is about; none where it is about all.
    #[schemars(with = "Vec<Intent>")]
    intents: Vec<&'static str>,
    /// How far it is.
    #[schemars(extend("enum" = ["open", "finished", "expired", "revoked"]))]
    state: &'static str,
    /// When the link was opened.
    opened_at: Time,
    /// The first instant at which it is over, unless it was before.
    expires_at: Time,
    /// When it was finished or revoked.
    ended_at: Option<Time>,
    /// Where finishing has led; null for a page of the portal's own.
    redirect_url: Option<&'a str>,
}

impl<'a> PortalLinkView<'a> {
    pub(crate) fn new(link: &'a PortalLink, moment: &Moment) -> Self {
        let death = link.death(&moment.now, moment.reuse);
        let (state, used_at, session) = match &link.state {
            LinkState::Issued => ("issued", None, None),
            LinkState::Opened { at, session } => ("opened", Some(*at), Some(session)),
            LinkState::Finished { at } => ("finished", Some(*at), None),
            LinkState::Revoked { at } => ("revoked", Some(*at), None),
        };
        let expired = matches!(death, Some(Death::Expired { .. }));
        let contact = match &link.kind {
            LinkKind::Direct => None,
            LinkKind::Mailed { contact } => Some(contact.as_str()),
        };
        Self {
            object: "portal_link",
            id: link.id.as_str(),
            organization_id: link.organization_id.as_str(),
            intents: intents(&link.purpose),
            kind: if contact.is_some() {
                "mailed"
            } else {
                "direct"
            },
            contact_id: contact,
            external_user_id: link.external_user_id.as_deref(),
            state: if expired { "expired" } else { state },
            opens: death.is_none(),
            issued_at: Time(link.issued.at),
            expires_at: Time(link.expires_at()),
            used_at: used_at.map(Time),
            session_id: session.map(crate::domain::ids::Id::as_str),
            return_url: link.return_url.as_ref().map(RedirectUrl::as_str),
            success_url: link.success_url.as_ref().map(RedirectUrl::as_str),
        }
    }
}

impl<'a> PortalSessionView<'a> {
    pub(crate) fn new(session: &'a PortalSession, moment: &Moment) -> Self {
        let (state, ended_at) = match session.end(&moment.now) {
            None => ("open", None),
            Some(SessionEnd::Finished { at }) => ("finished", Some(at)),
            Some(SessionEnd::Expired { .. }) => ("expired", None),
            Some(SessionEnd::Revoked { at }) => ("revoked", Some(at)),
        };
        let redirect = match &session.state {
            SessionState::Finished {
                destination: Destination::Redirect(url),
                ..
            } => Some(url.as_str()),
            _ => None,
        };
        Self {
            object: "portal_session",
            id: session.id.as_str(),
            link_id: session.link_id.as_str(),
            organization_id: session.organization_id.as_str(),
            intents: intents(&session.purpose),
            state,
            opened_at: Time(session.opened.at),
            expires_at: Time(session.expires_at()),
            ended_at: ended_at.map(Time),
            redirect_url: redirect,
        }
    }
}

fn intents(purpose: &Purpose) -> Vec<&'static str> {
    match purpose {
        Purpose::Everything => Vec::new(),
        Purpose::One(intent) => vec![intent.as_str()],
        Purpose::Several(intents) => intents.iter().map(|intent| intent.as_str()).collect(),
    }
}
