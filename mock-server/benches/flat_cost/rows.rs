//! What is asked.

use serde_json::{Value, json};

use crate::Failure;
use crate::client::{Request, get};
use crate::server::{Filled, domain, external_id, name};

/// A request, which is about another organization each time.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) status: u16,
    /// How many objects the answer lists; nothing where it is no list.
    items: Option<usize>,
    pub(crate) request: fn(&Filled, usize) -> Request,
}

const fn row(
    name: &'static str,
    items: Option<usize>,
    request: fn(&Filled, usize) -> Request,
) -> Row {
    Row {
        name,
        status: 200,
        items,
        request,
    }
}

const NAMES: &str = "organization.created,organization_domain.created,organization_domain.verified";

pub(crate) const ROWS: [Row; 19] = [
    row("get", None, |server, index| {
        get(format!("/organizations/{}", server.any(index).id))
    }),
    row("get by external id", None, |server, index| {
        let id = external_id(server.any(index).number);
        get(format!("/organizations/external_id/{id}"))
    }),
    Row {
        name: "generate_link",
        status: 201,
        items: None,
        request: |server, index| Request {
            method: "POST",
            target: "/portal/generate_link".to_owned(),
            body: Some(json!({ "organization": server.any(index).id, "intent": "sso" })),
        },
    },
    row("list, first page", Some(10), |_, _| {
        get("/organizations?limit=10".to_owned())
    }),
    row("list, after a cursor", Some(10), |server, index| {
        let id = &server.middle(index).id;
        get(format!("/organizations?limit=10&after={id}"))
    }),
    row("list by domain", Some(1), |server, index| {
        let domain = domain(server.any(index).number);
        get(format!("/organizations?domains={domain}"))
    }),
    row("search, text of all", Some(10), |_, _| {
        get("/organizations?search=company".to_owned())
    }),
    row("search, text of all, a cursor", Some(9), |server, index| {
        let id = &server.early(index).id;
        get(format!(
            "/organizations?search=company&limit=9&order=asc&after={id}"
        ))
    }),
    row("search, text of one", Some(1), |_, _| {
        get("/organizations?search=zymurgy".to_owned())
    }),
    row("search, the whole name", Some(1), |server, index| {
        let name = name(server.any(index).number).replace(' ', "+");
        get(format!("/organizations?search={name}"))
    }),
    row("search, two letters of all", Some(10), |_, _| {
        get("/organizations?search=co".to_owned())
    }),
    row("search, two letters of one", Some(1), |_, _| {
        get("/organizations?search=zy".to_owned())
    }),
    row("list by domain and search", Some(1), |server, index| {
        let domain = domain(server.any(index).number);
        get(format!("/organizations?domains={domain}&search=company"))
    }),
    row("connections by organization", Some(1), |server, index| {
        let id = &server.any(index).id;
        get(format!("/connections?organization_id={id}"))
    }),
    row("directories by organization", Some(1), |server, index| {
        let id = &server.any(index).id;
        get(format!("/directories?organization_id={id}"))
    }),
    row("users by directory", Some(2), |server, index| {
        let id = &server.any(index).directory;
        get(format!("/directory_users?directory={id}"))
    }),
    row("events by name", Some(10), |_, _| {
        get("/events?events=organization.created".to_owned())
    }),
    row("events by organization", Some(3), |server, index| {
        let id = &server.any(index).id;
        get(format!("/events?events={NAMES}&organization_id={id}"))
    }),
    row("events by range", Some(10), |server, index| {
        let start = &server.early(index).created_at;
        get(format!("/events?events={NAMES}&range_start={start}"))
    }),
];

impl Row {
    /// Whether the answer is what the row says.
    pub(crate) fn check(&self, server: &Filled) -> Result<(), Failure> {
        server.crew()?.each(20, |connection, index| {
            let request = (self.request)(server, index);
            let answer: Value = serde_json::from_slice(connection.ask(&request, self.status)?)?;
            let items = answer["data"].as_array().map(Vec::len);
            if items == self.items {
                Ok(())
            } else {
                Err(format!("{}: {items:?} objects at {}", self.name, request.target).into())
            }
        })
    }
}
