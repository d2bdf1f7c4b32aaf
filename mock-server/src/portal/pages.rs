//! The pages, as what each one shows. How they look is in `templates/`.

use askama::Template;
use axum::http::StatusCode;
use jiff::Timestamp;

use super::assets::Frame;
use super::brand::Brand;
use super::moment::Moment;
use crate::config::Branding;
use crate::domain::redirect::RedirectUrl;

/// An organization as a page names it. The name is the caller's: any length, any script, any markup.
pub(super) struct Organization {
    pub(super) name: String,
    pub(super) short_name: String,
}

impl Organization {
    pub(super) fn new(name: &str) -> Self {
        const TITLE: usize = 60;
        let mut short_name: String = name.chars().take(TITLE).collect();
        if short_name.len() < name.len() {
            short_name.push('…');
        }
        Self {
            name: name.to_owned(),
            short_name,
        }
    }
}

/// A session whose visitor has finished and had nowhere to be sent.
#[derive(Template)]
#[template(path = "finished.html")]
pub(super) struct FinishedPage {
    pub(super) frame: Frame,
    pub(super) brand: Brand,
    pub(super) organization: Organization,
    pub(super) heading: &'static str,
    pub(super) finished: Moment,
    /// Whether the link was mailed, and so had no address to lead to.
    pub(super) mailed: bool,
}

/// A link or a session that leads nowhere any more: why, since when, and what to do.
#[derive(Template)]
#[template(path = "notice.html")]
pub(super) struct NoticePage {
    frame: Frame,
    brand: Brand,
    badge: &'static str,
    icon: NoticeIcon,
    heading: &'static str,
    lead: &'static str,
    events: Vec<Event>,
    advice: &'static str,
    return_url: Option<String>,
}

#[derive(Clone, Copy, Debug)]
enum NoticeIcon {
    Clock,
    Used,
    Revoked,
    Unknown,
    Key,
    Done,
}

struct Event {
    what: &'static str,
    at: Moment,
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Notice {
    /// The link's lifetime ended before it was opened.
    LinkExpired { issued: Timestamp, at: Timestamp },
    /// The link has been opened before.
    LinkUsed { at: Timestamp },
    /// The link has been opened before, and its session finished.
    LinkFinished { at: Timestamp },
    /// The link was revoked.
    LinkRevoked { at: Timestamp },
    /// No link has this token.
    LinkUnknown,
    /// The address has no token in it.
    LinkIncomplete,
    /// The session's lifetime has ended.
    SessionExpired { at: Timestamp },
    /// The session's link was revoked.
    SessionRevoked { at: Timestamp },
    /// The session has been finished, and a form of it was sent again.
    SessionFinished { at: Timestamp },
    /// The browser does not hold the session's cookie, or another's.
    SessionNotHeld,
    /// A page elsewhere sent the form.
    Foreign,
    /// The session has no page at this address.
    NoSuchPage,
    /// The form is larger than any of ours can be.
    TooLarge,
}

const NEW_LINK: &str = "Go back to the app that sent you here and open the setup from there: it makes a new link each time.";
const NEW_INVITATION: &str =
    "If there is still something to set up, ask whoever invited you for a new invitation.";
const HELD: &str = "Open the link again in the browser that you first opened it in. If that no longer works, go back to \
    the app and ask for a new link.";

impl Notice {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::LinkUnknown | Self::LinkIncomplete | Self::NoSuchPage => StatusCode::NOT_FOUND,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::SessionNotHeld | Self::Foreign => StatusCode::FORBIDDEN,
            _ => StatusCode::GONE,
        }
    }

    /// The page, as seen at `now`, with the way back to the app if that is known.
    pub(super) fn page(
        self,
        branding: &Branding,
        now: Timestamp,
        way_back: Option<&RedirectUrl>,
    ) -> NoticePage {
        self.page_with(self.words(), branding, now, way_back)
    }

    /// The page for whoever came by a mail, as seen at `now`. There is no app to go back to.
    pub(super) fn mailed_page(self, branding: &Branding, now: Timestamp) -> NoticePage {
        let (heading, lead, _) = self.words();
        let heading = match self {
            Self::LinkFinished { .. } => "This setup is finished",
            _ => heading,
        };
        let lead = match self {
            Self::LinkExpired { .. } => {
                "A link in an invitation works for a limited time, and that is over."
            }
            Self::LinkFinished { .. } => "The setup that this link was for is finished.",
            Self::LinkRevoked { .. } => "The invitation that this link came with was withdrawn.",
            Self::SessionRevoked { .. } => {
                "The invitation was withdrawn, and that ended this session too."
            }
            _ => lead,
        };
        let advice = match self {
            Self::SessionExpired { .. } => "Open the link in the invitation again to carry on.",
            _ => NEW_INVITATION,
        };
        self.page_with((heading, lead, advice), branding, now, None)
    }

    fn page_with(
        self,
        (heading, lead, advice): (&'static str, &'static str, &'static str),
        branding: &Branding,
        now: Timestamp,
        way_back: Option<&RedirectUrl>,
    ) -> NoticePage {
        use NoticeIcon::{Clock, Done, Key, Revoked, Unknown, Used};
        let (badge, icon) = match self {
            Self::LinkExpired { .. } | Self::SessionExpired { .. } => ("badge-warn", Clock),
            Self::LinkUsed { .. } | Self::LinkFinished { .. } => ("badge-warn", Used),
            Self::LinkRevoked { .. } | Self::SessionRevoked { .. } => ("badge-bad", Revoked),
            Self::LinkUnknown | Self::LinkIncomplete | Self::NoSuchPage | Self::TooLarge => {
                ("badge-bad", Unknown)
            }
            Self::SessionNotHeld | Self::Foreign => ("badge-bad", Key),
            Self::SessionFinished { .. } => ("badge-good", Done),
        };
        let event = |what, at| Event {
            what,
            at: Moment::new(at, now),
        };
        let events = match self {
            Self::LinkExpired { issued, at } => {
                vec![event("Created", issued), event("Expired", at)]
            }
            Self::SessionExpired { at } => vec![event("Ended", at)],
            Self::LinkUsed { at } => vec![event("Opened", at)],
            Self::LinkRevoked { at } | Self::SessionRevoked { at } => vec![event("Revoked", at)],
            Self::LinkFinished { at } | Self::SessionFinished { at } => vec![event("Finished", at)],
            Self::LinkUnknown
            | Self::LinkIncomplete
            | Self::SessionNotHeld
            | Self::Foreign
            | Self::NoSuchPage
            | Self::TooLarge => Vec::new(),
        };
        let return_url = way_back.map(ToString::to_string);
        NoticePage {
            frame: Frame::new(),
            brand: Brand::new(branding),
            badge,
            icon,
            heading,
            lead,
            events,
            advice,
            return_url,
        }
    }

    /// Heading, what happened, what to do.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::LinkExpired { .. } => (
                "This link has expired",
                "A setup link works for a short time only, and this one was not opened in time.",
                NEW_LINK,
            ),
            Self::LinkUsed { .. } => (
                "This link was already used",
                "A setup link opens once, and this one has been opened before.",
                "If you opened it yourself, carry on in the browser that you used. Otherwise go back to the app and open the \
                 setup from there: it makes a new link each time.",
            ),
            Self::LinkFinished { .. } => (
                "This link was already used",
                "A setup link opens once, and the setup that this one opened is finished.",
                NEW_LINK,
            ),
            Self::LinkRevoked { .. } => (
                "This link was revoked",
                "The app that made this link has withdrawn it.",
                NEW_LINK,
            ),
            Self::LinkUnknown => (
                "This link is not known here",
                "No setup link with this address was made by this server, or it has been restarted since.",
                NEW_LINK,
            ),
            Self::LinkIncomplete => (
                "This link is incomplete",
                "The address has no token in it. It may have been cut off when it was copied.",
                NEW_LINK,
            ),
            Self::SessionExpired { .. } => (
                "This session has ended",
                "A setup session lives for a limited time, and that is over.",
                NEW_LINK,
            ),
            Self::SessionRevoked { .. } => (
                "This session was revoked",
                "The app that made the link has withdrawn it, and that ended this session too.",
                NEW_LINK,
            ),
            Self::SessionFinished { .. } => (
                "This setup is finished",
                "You have finished this session, so there is nothing left to do here.",
                NEW_LINK,
            ),
            Self::SessionNotHeld => (
                "This browser does not hold the session",
                "A setup session belongs to the browser that opened its link.",
                HELD,
            ),
            Self::Foreign => (
                "This form came from another page",
                "A setup session takes forms from its own pages only.",
                "Go back, load the page again, and send the form from there.",
            ),
            Self::NoSuchPage => (
                "There is no such page",
                "This session has no page at this address, or not any more.",
                "Go back to the page that you came from.",
            ),
            Self::TooLarge => (
                "This form is too large",
                "What was sent is larger than any answer can be. Nothing was changed.",
                "Go back and send less.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a valid instant")
    }

    #[test]
    fn a_long_name_has_a_short_title() {
        assert_eq!(Organization::new("شركة").short_name, "شركة");
        let long = "ä".repeat(10_000);
        assert_eq!(Organization::new(&long).short_name.chars().count(), 61);
    }

    #[test]
    fn a_dead_link_says_why_when_and_what_to_do() {
        let now = at("2026-01-01T00:07:00Z");
        let notice = Notice::LinkExpired {
            issued: at("2026-01-01T00:00:00Z"),
            at: at("2026-01-01T00:05:00Z"),
        };
        let page = notice
            .page(&Branding::default(), now, None)
            .render()
            .expect("a page");
        assert_eq!(notice.status(), StatusCode::GONE);
        for part in [
            "This link has expired",
            "1 January 2026, 00:05:00 UTC",
            "2 minutes ago",
            "What to do",
        ] {
            assert!(page.contains(part), "{part}");
        }
    }
}
