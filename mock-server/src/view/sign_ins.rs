//! Sign-ins, as events write them.

use serde::Serialize;

use crate::domain::ids::Id as _;
use crate::domain::sign_in::{SignIn, SignInOutcome};

/// What came of a sign-in. Nothing but the connection and the person is known of those that the portal makes: no user
/// exists yet, and no browser has been at an identity provider.
#[derive(Serialize)]
pub(super) struct SignInView<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    status: &'static str,
    ip_address: Option<&'a str>,
    user_agent: Option<&'a str>,
    user_id: Option<&'a str>,
    email: &'a str,
    sso: SsoView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorView>,
}

#[derive(Serialize)]
#[expect(
    clippy::struct_field_names,
    reason = "the fields have the names that WorkOS gives them"
)]
struct SsoView<'a> {
    organization_id: &'a str,
    connection_id: &'a str,
    session_id: Option<&'a str>,
}

#[derive(Serialize)]
struct ErrorView {
    code: &'static str,
    message: &'static str,
}

impl<'a> SignInView<'a> {
    pub(super) fn new(sign_in: &'a SignIn) -> Self {
        let (status, error) = match sign_in.outcome {
            SignInOutcome::Success => ("succeeded", None),
            SignInOutcome::Denied => (
                "failed",
                Some(("access_denied", "The identity provider denied the sign-in.")),
            ),
            SignInOutcome::WrongDomain => (
                "failed",
                Some((
                    "profile_not_allowed_outside_organization",
                    "The e-mail address is of no domain of the organization.",
                )),
            ),
            SignInOutcome::Timeout => (
                "timed_out",
                Some(("timed_out", "The identity provider did not answer in time.")),
            ),
        };
        Self {
            kind: "sso",
            status,
            ip_address: None,
            user_agent: None,
            user_id: None,
            email: sign_in.email.as_str(),
            sso: SsoView {
                organization_id: sign_in.organization_id.as_str(),
                connection_id: sign_in.connection_id.as_str(),
                session_id: None,
            },
            error: error.map(|(code, message)| ErrorView { code, message }),
        }
    }
}
