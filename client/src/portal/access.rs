//! Whether a user may open an organization's portal.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;

use crate::OrganizationId;

/// What went wrong in an app's own check.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Decides whether a user of the app may open the portal of an organization.
///
/// Whoever opens a portal can replace the way in which everybody of the organization signs in. So the answer
/// is yes for its administrators, and comes from what the app knows, not from what the request says.
///
/// A closure that takes both and answers `bool`, or a `Result` of it, is one; see
/// [`AdminPortal`](super::AdminPortal). A type of your own reads better once the check needs a database:
///
/// ```
/// use workos_portal::OrganizationId;
/// use workos_portal::portal::{Authorize, BoxError};
///
/// struct User { id: u64 }
/// # struct Database;
/// # impl Database {
/// #     async fn role(&self, _: u64, _: &str) -> Result<Option<String>, std::io::Error> { Ok(None) }
/// # }
///
/// struct Administrators(Database);
///
/// impl Authorize<User> for Administrators {
///     async fn authorize(&self, user: &User, organization: &OrganizationId) -> Result<bool, BoxError> {
///         let role = self.0.role(user.id, organization).await?;
///         Ok(role.as_deref() == Some("admin"))
///     }
/// }
/// ```
pub trait Authorize<U>: Send + Sync {
    /// Whether `user` may open the portal of `organization`.
    ///
    /// # Errors
    /// When it cannot be found out; then no link is made.
    fn authorize(
        &self,
        user: &U,
        organization: &OrganizationId,
    ) -> impl Future<Output = Result<bool, BoxError>> + Send;
}

/// What a closure that decides may answer: `bool`, or a `Result` of it.
pub trait Verdict {
    /// The answer as [`Authorize::authorize`] gives it.
    ///
    /// # Errors
    /// When there is none.
    fn into_result(self) -> Result<bool, BoxError>;
}

impl Verdict for bool {
    fn into_result(self) -> Result<bool, BoxError> {
        Ok(self)
    }
}

impl<E: Into<BoxError>> Verdict for Result<bool, E> {
    fn into_result(self) -> Result<bool, BoxError> {
        self.map_err(Into::into)
    }
}

// Both are given away: a closure cannot say that its future borrows from its arguments and can be sent.
impl<U, F, V> Authorize<U> for F
where
    U: Clone,
    F: Fn(U, OrganizationId) -> V + Send + Sync,
    V: Future<Output: Verdict> + Send,
{
    fn authorize(
        &self,
        user: &U,
        organization: &OrganizationId,
    ) -> impl Future<Output = Result<bool, BoxError>> + Send {
        let verdict = self(user.clone(), organization.clone());
        async move { verdict.await.into_result() }
    }
}

/// [`Authorize`] without its own type, so that a portal has one that can be written down.
pub(super) trait AnyAuthorize<U>: Send + Sync {
    fn authorize<'a>(
        &'a self,
        user: &'a U,
        organization: &'a OrganizationId,
    ) -> Pin<Box<dyn Future<Output = Result<bool, BoxError>> + Send + 'a>>;
}

impl<U, A: Authorize<U>> AnyAuthorize<U> for A {
    fn authorize<'a>(
        &'a self,
        user: &'a U,
        organization: &'a OrganizationId,
    ) -> Pin<Box<dyn Future<Output = Result<bool, BoxError>> + Send + 'a>> {
        Box::pin(Authorize::authorize(self, user, organization))
    }
}
