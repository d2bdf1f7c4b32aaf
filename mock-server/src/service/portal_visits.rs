//! Portal links and the sessions that they became, listed for who looks at an environment. No operation of `WorkOS`'s API.

use super::Work;
use crate::domain::Error;
use crate::domain::ids::OrganizationId;
use crate::domain::page::{Page, PageRequest};
use crate::domain::portal_link::PortalLink;
use crate::domain::portal_session::PortalSession;
use crate::domain::settings::LinkReuse;
use crate::domain::time::Now;
use crate::environment::Environment;
use crate::store::{EVERYWHERE, LinkKey, Query, Record, SessionKey};

/// Which are to be listed.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListVisits {
    pub(crate) page: PageRequest,
    /// Those of this organization.
    pub(crate) organization_id: Option<String>,
}

/// What has to be known to say how far a link or a session is.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    pub(crate) now: Now,
    pub(crate) reuse: LinkReuse,
}

/// A page of portal links, and the moment at which they are so.
///
/// # Errors
/// A cursor that is no link's id, or two of them.
pub(crate) fn links(
    environment: &Environment,
    list: &ListVisits,
) -> Result<(Page<PortalLink>, Moment), Error> {
    page(environment, list, LinkKey::Organization)
}

/// A page of portal sessions, and the moment at which they are so.
///
/// # Errors
/// A cursor that is no session's id, or two of them.
pub(crate) fn sessions(
    environment: &Environment,
    list: &ListVisits,
) -> Result<(Page<PortalSession>, Moment), Error> {
    page(environment, list, SessionKey::Organization)
}

fn page<R: Record>(
    environment: &Environment,
    list: &ListVisits,
    key: impl Fn(OrganizationId) -> R::Key,
) -> Result<(Page<R>, Moment), Error> {
    let work = Work::begin(environment);
    let organization = list.organization_id.as_deref();
    // What is no id is no organization's id either.
    let organization =
        organization.map(|id| OrganizationId::parse(id).map(&key).into_iter().collect());
    let page = work.list(&Query {
        filters: organization.into_iter().collect(),
        verify: &|_| true,
        within: EVERYWHERE,
        page: &list.page,
    })?;
    let moment = Moment {
        now: work.now(),
        reuse: work.settings().link_reuse,
    };
    Ok((page, moment))
}
