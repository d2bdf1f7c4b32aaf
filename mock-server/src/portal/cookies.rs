//! The cookie by which a browser holds a portal session: one for each session, named after it, so that two sessions live
//! side by side in one browser.

use axum::http::header::{COOKIE, InvalidHeaderValue};
use axum::http::{HeaderMap, HeaderValue};

use crate::domain::ids::{Id as _, PortalSessionId};
use crate::domain::token::Token;

/// What the browser shows for the session `id`.
pub(super) fn held(headers: &HeaderMap, id: &str) -> Option<Token> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        // A planted cookie of the same name may come first; only a token that reads as one counts.
        .filter(|(name, _)| *name == id)
        .find_map(|(_, value)| Token::parse(value))
}

/// The cookie for `secret`, once for the pages of the session and once for its link, which leads back to them. It has no
/// lifetime of its own: the server's clock decides, and the browser's may differ.
pub(super) fn to_hold(
    id: &PortalSessionId,
    secret: &Token,
    https: bool,
) -> Result<[HeaderValue; 2], InvalidHeaderValue> {
    let id = id.as_str();
    let secure = if https { "; Secure" } else { "" };
    let cookie = |path: &str| {
        let text = format!(
            "{id}={}; Path={path}; HttpOnly; SameSite=Lax{secure}",
            secret.expose()
        );
        HeaderValue::try_from(text).map(|mut value| {
            value.set_sensitive(true);
            value
        })
    };
    Ok([
        cookie(&format!("/portal/sessions/{id}"))?,
        cookie("/portal/launch")?,
    ])
}

#[cfg(test)]
mod tests {
    use axum::http::header::COOKIE;
    use ulid::Ulid;

    use super::*;
    use crate::domain::ids::EnvironmentId;
    use crate::domain::token::TOKEN_BYTES;

    fn token(byte: u8) -> Token {
        Token::new(&EnvironmentId::new(Ulid(1)), [byte; TOKEN_BYTES])
    }

    fn browser(cookies: &[&str]) -> HeaderMap {
        cookies
            .iter()
            .map(|cookie| (COOKIE, HeaderValue::try_from(*cookie).expect("a cookie")))
            .collect()
    }

    #[test]
    fn each_session_has_its_own() {
        let (one, two) = (token(1), token(2));
        let headers = browser(&[
            &format!("theme=dark; portal_session_A={}", one.expose()),
            &format!("portal_session_B={}", two.expose()),
        ]);
        assert_eq!(held(&headers, "portal_session_A"), Some(one));
        assert_eq!(held(&headers, "portal_session_B"), Some(two));
        assert_eq!(held(&headers, "portal_session_C"), None);
    }

    #[test]
    fn what_is_no_token_is_passed_over() {
        let good = token(1);
        let headers = browser(&[
            "a",
            "portal_session_A=planted; =",
            &format!("portal_session_A={}", good.expose()),
        ]);
        assert_eq!(held(&headers, "portal_session_A"), Some(good));
    }

    #[test]
    fn it_is_bound_to_its_pages_and_out_of_reach_of_scripts() {
        let id = PortalSessionId::new(Ulid(7));
        let cookies = to_hold(&id, &token(1), true).expect("two cookies");
        let texts: Vec<&str> = cookies
            .iter()
            .map(|cookie| cookie.to_str().expect("text"))
            .collect();
        assert!(texts[0].contains(&format!(
            "; Path=/portal/sessions/{id}; HttpOnly; SameSite=Lax; Secure"
        )));
        assert!(texts[1].contains("; Path=/portal/launch; HttpOnly; SameSite=Lax; Secure"));
        assert!(cookies.iter().all(HeaderValue::is_sensitive));
        let plain = to_hold(&id, &token(1), false).expect("two cookies");
        assert!(
            plain
                .iter()
                .all(|cookie| !cookie.to_str().expect("text").contains("Secure"))
        );
    }
}
