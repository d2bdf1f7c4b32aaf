//! `/_mock/outbox`: the mails that `WorkOS` would have sent, with the links that they carry. They are kept until newer ones
//! push them out, and stay when their link is dead, as mails do.

use axum::Json;
use axum::http::Method;
use axum::response::{IntoResponse, Response};

use super::call::Call;
use super::route::Route;
use crate::service::it_contacts;
use crate::view::PageView;
use crate::view::it_contacts::MailView;

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/_mock/outbox",
            "list_mails",
            "Lists the mails to IT contacts, the newest first.",
            |call| Box::pin(async move { Ok(show(&call)) }),
        )
        .description("A mail stays when its link is dead, until newer ones push it out.")
        .answers::<PageView<MailView<'static>>>(200, "The mails, all of them on one page."),
    ]
}

fn show(call: &Call) -> Response {
    let mails = it_contacts::outbox(&call.environment);
    let view = PageView::new(&mails, |mail| MailView::new(mail, &call.state.public_url));
    Json(view).into_response()
}
