//! `/_mock/outbox`: the mails that `WorkOS` would have sent, with the links that they carry. They are kept until newer ones
//! push them out, and stay when their link is dead, as mails do.

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};

use super::Target;
use crate::service::it_contacts;
use crate::state::AppState;
use crate::view::PageView;
use crate::view::it_contacts::MailView;

pub(super) async fn show(Target(environment): Target, State(state): State<AppState>) -> Response {
    let mails = it_contacts::outbox(&environment);
    let view = PageView::new(&mails, |mail| MailView::new(mail, &state.public_url));
    ([(CACHE_CONTROL, "no-store")], Json(view)).into_response()
}
