//! What every page of a session has around it.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::assets::Frame;
use super::brand::Brand;
use super::moment::Moment;
use super::pages::Organization;
use super::session::path;
use crate::domain::answers::Answers;
use crate::domain::portal_session::{Destination, PortalSession};
use crate::domain::redirect::RedirectUrl;
use crate::domain::token::Token;
use crate::environment::Environment;
use crate::service::setup::Visit;

/// What every page of a session has around it.
pub(super) struct Shell {
    pub(super) frame: Frame,
    pub(super) brand: Brand,
    pub(super) organization: Organization,
    /// What every form of the session carries, and no other page can know.
    pub(super) form_token: String,
    /// Where the logo and the way back lead.
    pub(super) return_url: Option<String>,
    /// The session's own address.
    pub(super) path: String,
    pub(super) ends: Moment,
    /// Where finishing leads; without one, to a page of ours.
    pub(super) destination: Option<String>,
    /// Whether the link was mailed, and so has no address to lead to.
    pub(super) mailed: bool,
    /// The menu that the page belongs to.
    pub(super) menu: Option<String>,
    /// The page with samples in its fields, if it has fields.
    pub(super) samples: Option<String>,
    /// The answers that make this step fail, if it can.
    pub(super) failure: Option<Failure>,
}

/// A form that lets a step fail.
pub(super) struct Failure {
    pub(super) action: String,
    pub(super) answers: Vec<(String, String)>,
}

impl Failure {
    pub(super) fn new(action: String, answers: &Answers) -> Self {
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self {
            action,
            answers: answers.pairs().map(own).collect(),
        }
    }
}

impl Shell {
    pub(super) fn new(
        environment: &Environment,
        session: &PortalSession,
        visit: &Visit<'_>,
        secret: &Token,
    ) -> Self {
        let now = visit.work.now();
        let redirects = &environment.settings.redirects;
        // What finishing would do; nothing is stored.
        let destination = match session.finish(&now, redirects) {
            Ok((_, Destination::Redirect(url))) => Some(url.to_string()),
            Ok((_, Destination::OwnPage)) | Err(_) => None,
        };
        let is_menu = session.purpose.single().is_none();
        Self {
            frame: Frame::new(),
            brand: Brand::new(&environment.settings.branding),
            organization: Organization::new(&visit.organization().name),
            form_token: form_token(secret),
            return_url: session.way_back(redirects).map(RedirectUrl::to_string),
            path: path(session),
            ends: Moment::new(session.expires_at(), now.at()),
            destination,
            mailed: session.is_mailed(),
            menu: is_menu.then(|| path(session)),
            samples: None,
            failure: None,
        }
    }
}

/// What the forms of a session carry. It is made of what the browser shows, which no other site can read, and tells nothing
/// about it.
pub(super) fn form_token(secret: &Token) -> String {
    let mut hash = Sha256::new();
    hash.update("the forms of this portal session: ");
    hash.update(secret.expose());
    let mut text = String::new();
    for byte in hash.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Whether `answers` carry the token of the session's forms. It is taken out of them.
pub(super) fn take_form_token(secret: &Token, answers: &mut Answers) -> bool {
    let shown = answers.take(FORM_TOKEN);
    // Digests are compared, so the time it takes tells nothing about the token.
    let digest = |text: &str| Sha256::digest(text.as_bytes());
    shown.is_some_and(|shown| digest(&shown) == digest(&form_token(secret)))
}

/// What the token is called in a form.
pub(super) const FORM_TOKEN: &str = "form_token";

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::domain::ids::EnvironmentId;
    use crate::domain::token::TOKEN_BYTES;

    #[test]
    fn a_form_token_is_the_sessions_own_and_tells_nothing() {
        let secret = |byte| Token::new(&EnvironmentId::new(Ulid(1)), [byte; TOKEN_BYTES]);
        let token = form_token(&secret(1));
        assert_ne!(token, form_token(&secret(2)));
        assert_eq!(token.len(), 64);
        let answers = |value: &str| Answers::default().with(FORM_TOKEN, value);
        let mut good = answers(&token);
        assert!(take_form_token(&secret(1), &mut good));
        assert!(good.is_empty());
        assert!(!take_form_token(&secret(2), &mut answers(&token)));
        assert!(!take_form_token(&secret(1), &mut answers("")));
        assert!(!take_form_token(&secret(1), &mut Answers::default()));
    }
}
