//! The pages, as what each one shows. How they look is in `templates/`.

use askama::Template;
use axum::http::StatusCode;
use jiff::Timestamp;

use super::assets::Frame;
use super::moment::Moment;
use super::words::Feature;
use crate::domain::redirect::RedirectUrl;

/// An organization as a page names it. The name is the caller's: any length, any script, any markup.
pub(super) struct Organization<'a> {
    pub(super) name: &'a str,
    short_name: String,
    monogram: String,
}

impl<'a> Organization<'a> {
    pub(super) fn new(name: &'a str) -> Self {
        const TITLE: usize = 60;
        let mut short_name: String = name.chars().take(TITLE).collect();
        if short_name.len() < name.len() {
            short_name.push('…');
        }
        let letter = name.chars().find(|c| c.is_alphanumeric());
        let monogram =
            letter.map_or_else(|| "·".to_owned(), |letter| letter.to_uppercase().collect());
        Self {
            name,
            short_name,
            monogram,
        }
    }
}

/// A session that its visitor is at.
#[derive(Template)]
#[template(path = "session.html")]
pub(super) struct SessionPage<'a> {
    pub(super) frame: Frame,
    pub(super) organization: Organization<'a>,
    pub(super) feature: Option<Feature>,
    pub(super) heading: &'static str,
    pub(super) lead: &'static str,
    pub(super) ends: Moment,
    /// Where finishing leads; without one, to the page below.
    pub(super) destination: Option<&'a str>,
    pub(super) return_url: Option<&'a str>,
    pub(super) finish_path: String,
    /// The parts of the portal to choose from; none where the link opens on one.
    pub(super) menu: Vec<Feature>,
    /// Whether the link is spent.
    pub(super) single_use: bool,
    /// Whether the link was mailed, and so has no address to lead to.
    pub(super) mailed: bool,
}

/// A session whose visitor has finished and had nowhere to be sent.
#[derive(Template)]
#[template(path = "finished.html")]
pub(super) struct FinishedPage<'a> {
    pub(super) frame: Frame,
    pub(super) organization: Organization<'a>,
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
}

const NEW_LINK: &str = "Go back to the app that sent you here and open the setup from there: it makes a new link each time.";
const NEW_INVITATION: &str =
    "If there is still something to set up, ask whoever invited you for a new invitation.";
const HELD: &str = "Open the link again in the browser that you first opened it in. If that no longer works, go back to \
    the app and ask for a new link.";

impl Notice {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::LinkUnknown | Self::LinkIncomplete => StatusCode::NOT_FOUND,
            Self::SessionNotHeld | Self::Foreign => StatusCode::FORBIDDEN,
            _ => StatusCode::GONE,
        }
    }

    /// The page, as seen at `now`, with the way back to the app if that is known.
    pub(super) fn page(self, now: Timestamp, way_back: Option<&RedirectUrl>) -> NoticePage {
        self.page_with(self.words(), now, way_back)
    }

    /// The page for whoever came by a mail, as seen at `now`. There is no app to go back to.
    pub(super) fn mailed_page(self, now: Timestamp) -> NoticePage {
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
        self.page_with((heading, lead, advice), now, None)
    }

    fn page_with(
        self,
        (heading, lead, advice): (&'static str, &'static str, &'static str),
        now: Timestamp,
        way_back: Option<&RedirectUrl>,
    ) -> NoticePage {
        use NoticeIcon::{Clock, Done, Key, Revoked, Unknown, Used};
        let (badge, icon) = match self {
            Self::LinkExpired { .. } | Self::SessionExpired { .. } => ("badge-warn", Clock),
            Self::LinkUsed { .. } | Self::LinkFinished { .. } => ("badge-warn", Used),
            Self::LinkRevoked { .. } | Self::SessionRevoked { .. } => ("badge-bad", Revoked),
            Self::LinkUnknown | Self::LinkIncomplete => ("badge-bad", Unknown),
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
            Self::LinkUnknown | Self::LinkIncomplete | Self::SessionNotHeld | Self::Foreign => {
                Vec::new()
            }
        };
        let return_url = way_back.map(ToString::to_string);
        NoticePage {
            frame: Frame::new(),
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
                "A setup session can only be finished from its own page.",
                HELD,
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::intent::Purpose;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a valid instant")
    }

    fn session(name: &str) -> String {
        SessionPage {
            frame: Frame::new(),
            organization: Organization::new(name),
            feature: None,
            heading: super::super::words::heading(None),
            lead: super::super::words::lead(&Purpose::Everything),
            menu: super::super::words::menu(&Purpose::Everything),
            ends: Moment::new(at("2026-01-01T01:00:00Z"), at("2026-01-01T00:00:00Z")),
            destination: Some("https://app.test/done?a=1&b=<2>"),
            return_url: None,
            finish_path: "/portal/sessions/x/finish".to_owned(),
            single_use: true,
            mailed: false,
        }
        .render()
        .expect("a page")
    }

    #[test]
    fn markup_in_a_name_is_text() {
        let page = session("<script>alert(1)</script>\" onload=\"x");
        assert!(!page.contains("<script") && !page.contains("\" onload="));
        assert!(page.contains("&#60;script&#62;alert(1)"));
        assert!(page.contains("b=&#60;2&#62;"));
    }

    #[test]
    fn a_page_runs_and_fetches_nothing_of_others() {
        let page = session("Acme");
        for forbidden in [
            "<script",
            "style=",
            "<style",
            "javascript:",
            "src=",
            "href=\"http",
            "onclick",
        ] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
    }

    #[test]
    fn names_of_any_kind_have_a_monogram_and_a_title() {
        for (name, monogram) in [
            ("acme", "A"),
            ("  (beta)", "B"),
            ("ß", "SS"),
            ("شركة", "ش"),
            ("株式会社", "株"),
            ("!?", "·"),
            ("", "·"),
        ] {
            assert_eq!(Organization::new(name).monogram, monogram, "{name}");
        }
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
        let page = notice.page(now, None).render().expect("a page");
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
