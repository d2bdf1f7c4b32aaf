//! An environment with one of everything, and what can be seen of it: so that a test can say that nothing has changed.

use contract_tests::{Reply, TestServer, judge::Operation};
use serde_json::json;

use crate::{audit_logs, support};

/// A server whose environment has one of everything.
pub(crate) struct World {
    pub(crate) server: TestServer,
    connection: String,
    directory: String,
    user: String,
    group: String,
    domain: String,
    endpoint: String,
    contact: String,
    certificate: String,
    export: String,
}

impl World {
    pub(crate) async fn start() -> Self {
        let server = TestServer::start().await;
        let organization = server.organization().to_owned();
        let names = json!({"name": "Acme", "external_id": "acme", "metadata": {"plan": "large"}});
        let path = format!("/organizations/{organization}");
        let _ = server.put(&path, &names).send().await.expect(200);
        let connection = support::connection(&server, &json!({})).await;
        let domain = support::domain(&server, "acme.example").await;
        let members = json!({"type": "gsuite directory", "users": 1, "groups": 1});
        let directory = support::directory(&server, &members).await;
        let first = async |list: &str| server.get(list).send().await.string("/data/0/id");
        let user = first(&format!("/directory_users?directory={directory}")).await;
        let group = first(&format!("/directory_groups?directory={directory}")).await;
        let certificates = format!("/connections/{connection}/saml_idp_signing_certs");
        let certificate = first(&certificates).await;
        let endpoint = support::webhook_endpoint(&server).await;
        let contact = support::it_contact(&server).await;
        let _ = audit_logs::schema(&server, &json!({"targets": [{"type": "team"}]})).await;
        let now = server.now().to_string();
        let range = json!({"organization_id": organization, "range_start": now, "range_end": now});
        let export = server.post("/audit_logs/exports", &range).send().await;
        Self {
            connection,
            directory,
            user,
            group,
            domain,
            endpoint,
            contact,
            certificate,
            export: export.expect(201).string("/id"),
            server,
        }
    }

    pub(crate) fn directory(&self) -> &str {
        &self.directory
    }

    /// The path of an operation on what is there.
    pub(crate) fn path(&self, operation: &Operation) -> String {
        let template = operation.path.as_str();
        let id = match template.split('/').nth(1).unwrap_or_default() {
            "organizations" => self.server.organization(),
            "organization_domains" => &self.domain,
            "connections" => &self.connection,
            "directories" => &self.directory,
            "directory_users" => &self.user,
            "directory_groups" => &self.group,
            "webhook_endpoints" => &self.endpoint,
            _ => "",
        };
        let path = template
            .replace("{id}", id)
            .replace("{external_id}", "acme")
            .replace("{contact_id}", &self.contact)
            .replace("{certificate_id}", &self.certificate)
            .replace("{actionName}", "user.signed_in")
            .replace("{auditLogExportId}", &self.export);
        assert!(!path.contains(['{', '}']) && !path.contains("//"), "{path}");
        path
    }

    /// Everything that can be read of the environment, with everything that has happened in it.
    pub(crate) async fn everything(&self) -> Vec<(String, String)> {
        let (organization, connection) = (self.server.organization(), &self.connection);
        let mut targets = vec![
            "/organizations?limit=100".to_owned(),
            "/connections?limit=100".to_owned(),
            "/directories?limit=100".to_owned(),
            format!("/directory_users?limit=100&directory={}", self.directory),
            format!("/directory_groups?limit=100&directory={}", self.directory),
            format!("/organization_domains/{}", self.domain),
            "/webhook_endpoints?limit=100".to_owned(),
            "/audit_logs/actions?limit=100".to_owned(),
            format!("{}?limit=100", audit_logs::SCHEMAS),
            format!("/audit_logs/exports/{}", self.export),
            format!("/events?limit=100&events={}", EVENTS.join(",")),
            "/_mock/outbox".to_owned(),
            "/_mock/faults".to_owned(),
        ];
        for of_organization in [
            "it_contacts",
            "audit_logs_retention",
            "audit_log_configuration",
        ] {
            targets.push(format!("/organizations/{organization}/{of_organization}"));
        }
        for of_connection in [
            "saml_idp_signing_certs",
            "saml_sp_encryption_certs",
            "saml_sp_signing_cert",
        ] {
            targets.push(format!("/connections/{connection}/{of_connection}"));
        }
        let mut seen = Vec::with_capacity(targets.len());
        for target in targets {
            let reply: Reply = self.server.get(&target).send().await;
            assert!([200, 404].contains(&reply.status), "{reply}");
            seen.push((target, reply.text()));
        }
        seen
    }
}

/// What happens to the things that an environment has.
const EVENTS: [&str; 29] = [
    "organization.created",
    "organization.updated",
    "organization.deleted",
    "organization_domain.created",
    "organization_domain.updated",
    "organization_domain.deleted",
    "organization_domain.verified",
    "organization_domain.verification_failed",
    "connection.activated",
    "connection.deactivated",
    "connection.deleted",
    "connection.saml_certificate_renewed",
    "connection.saml_certificate_renewal_required",
    "dsync.activated",
    "dsync.deleted",
    "dsync.group.created",
    "dsync.group.deleted",
    "dsync.group.updated",
    "dsync.group.user_added",
    "dsync.group.user_removed",
    "dsync.token.created",
    "dsync.token.revoked",
    "dsync.user.created",
    "dsync.user.deleted",
    "dsync.user.updated",
    "user.created",
    "user.updated",
    "user.deleted",
    "session.created",
];
