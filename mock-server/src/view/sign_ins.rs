//! Sign-ins, as events write them.

use serde::Serialize;

use crate::domain::ids::Id as _;
use crate::domain::sign_in::{SignInEvent, SignInOutcome};

/// How far a sign-in is. Nothing but the connection and the person is known of those that the portal makes: no user exists
/// yet, and no browser has been at an identity provider. Who it is, the provider says in the end.
#[derive(Serialize)]
pub(super) struct SignInView<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    status: &'static str,
    ip_address: Option<&'a str>,
    user_agent: Option<&'a str>,
    user_id: Option<&'a str>,
    email: Option<&'a str>,
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
    pub(super) fn new(event: &'a SignInEvent) -> Self {
        let sign_in = event.sign_in();
        let (status, email, error) = match event {
            SignInEvent::Started(_) => ("started", None, None),
            SignInEvent::Ended(sign_in) => {
                let (status, error) = came_of(sign_in.outcome);
                (status, Some(sign_in.email.as_str()), error)
            }
        };
        Self {
            kind: "sso",
            status,
            ip_address: None,
            user_agent: None,
            user_id: None,
            email,
            sso: SsoView {
                organization_id: sign_in.organization_id.as_str(),
                connection_id: sign_in.connection_id.as_str(),
                session_id: None,
            },
            error,
        }
    }
}

fn came_of(outcome: SignInOutcome) -> (&'static str, Option<ErrorView>) {
    let error = |code, message| Some(ErrorView { code, message });
    match outcome {
        SignInOutcome::Success => ("succeeded", None),
        SignInOutcome::Denied => (
            "failed",
            error("access_denied", "The identity provider denied the sign-in."),
        ),
        SignInOutcome::WrongDomain => (
            "failed",
            error(
                "profile_not_allowed_outside_organization",
                "The e-mail address is of no domain of the organization.",
            ),
        ),
        SignInOutcome::Timeout => (
            "timed_out",
            error("timed_out", "The identity provider did not answer in time."),
        ),
    }
}
