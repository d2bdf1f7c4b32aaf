//! The way into the Admin Portal: links for those who may have them, back to where they came from.
//!
//! [`AdminPortal`] makes links once the app has said that the user may have one; [`PortalRedirects`] says
//! where the portal may send people afterwards; [`Providers`] keeps the list of identity providers. With the
//! feature `axum`, `PortalRoutes` answers the form behind a button: `POST /admin-portal/{intent}`.
//!
//! # What keeps it safe
//!
//! Whoever opens a portal can change how everybody of an organization signs in. What an app owes its
//! customers there, and what holds it:
//!
//! | What | Where it is held |
//! | --- | --- |
//! | The API key stays on the server | [`Secret`](crate::Secret) shows it nowhere; a browser gets the link alone, in a `Location` that is neither stored nor logged nor passed on as a referrer. |
//! | Links are for administrators of that very organization | [`AdminPortal::link`] asks [`Authorize`] before each call. The way past it is called [`AdminPortal::link_without_authorization`], wants a reason and writes it into the log. |
//! | Which organization it is, the server decides | The organization of a form is a wish: it goes through the same check as any other. |
//! | People come back to the app's own pages | A link takes no URL that [`PortalRedirects::check`] has not passed; there is no other way to a [`RedirectUrl`]. |
//! | Links are made on the click and used at once | The routes answer `POST` alone, with 303 to a link that was just made. Nothing here keeps one. Prefetches and crawlers, which send `GET`, get 405. |
//! | No other site presses the button | The routes refuse what `Sec-Fetch-Site` or `Origin` shows to come from elsewhere. |
//! | Links can be taken back when somebody leaves | [`LinkRequest::external_user_id`], then `revoke_portal_link`. |
//!
//! What is left to the app: to ask for the state of a connection or directory through the API, or to listen
//! to webhooks, instead of taking somebody's return as proof that the setup is done.

mod access;
mod link;
mod providers;
mod redirects;
#[cfg(feature = "axum")]
mod routes;
#[cfg(feature = "axum")]
mod same_site;

pub use access::{Authorize, BoxError, Verdict};
pub use link::{AdminPortal, LinkError, LinkRequest};
pub use providers::{PROVIDERS_KEPT, PROVIDERS_RETRIED, Providers};
pub use redirects::{InvalidOrigin, PortalRedirects, RedirectUrl, RefusedRedirect};
#[cfg(feature = "axum")]
pub use routes::PortalRoutes;
