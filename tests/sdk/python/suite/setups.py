"""What exists once an admin has been through the portal: connections, directories, audit logs, webhooks and events."""

import urllib.request
from datetime import datetime, timedelta, timezone

import workos
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from workos.audit_logs import RetentionPeriod, RetentionPeriodInDays
from workos.audit_logs.models import (
    AuditLogEvent,
    AuditLogEventActor,
    AuditLogEventContext,
    AuditLogEventTarget,
    AuditLogSchemaActorInput,
    AuditLogSchemaTargetInput,
)
from workos.events.models import EventSchemaUnknown
from workos.sso import CreateProtocolOptionsOIDC, CreateProtocolOptionsSAML, PatchProtocolOptionsSAML
from workos.sso.models import (
    CreateConnectionAttributeMaps,
    CreateConnectionOIDCOptions,
    CreateConnectionSAMLOptions,
    CreateConnectionStandardAttributes,
    PatchConnectionSAMLOptions,
)

from .harness import Cases

CERTIFICATE_VALID = timedelta(days=365)


def certificate() -> str:
    """A certificate of an identity provider, made for the test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + CERTIFICATE_VALID)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


class Connections(Cases):
    def test_are_listed_read_and_deleted(self) -> None:
        sso = self.workos.sso
        organization = self.mock.organization_id
        made = self.mock.control(
            "/connections",
            {
                "organization_id": organization,
                "connection_type": "OktaSAML",
                "name": "Acme Okta",
                "state": "active",
                "domains": ["example.com"],
            },
        )
        connection = sso.get_connection(made["id"])
        self.assertEqual(
            (connection.name, connection.connection_type, connection.state, connection.status, connection.organization_id),
            ("Acme Okta", "OktaSAML", "active", "linked", organization),
        )
        self.assertEqual([domain.domain for domain in connection.domains], ["example.com"])
        filters = {"connection_type": "OktaSAML", "domain": "example.com", "organization_id": organization, "search": "okta"}
        self.assertEqual(sso.list_connections(**filters).data, [connection])
        self.assertEqual(sso.list_connections(**{**filters, "connection_type": "GoogleSAML"}).data, [])
        self.assertIsNone(sso.delete_connection(connection.id))
        with self.assertRaises(workos.NotFoundError):
            sso.get_connection(connection.id)

    def test_are_created_and_changed(self) -> None:
        sso = self.workos.sso
        saml = sso.create_connection(
            organization_id=self.mock.organization_id,
            name="Acme SAML",
            external_id="saml-1",
            connection_type="OktaSAML",
            attribute_maps=CreateConnectionAttributeMaps(
                standard_attributes=CreateConnectionStandardAttributes(email="mail"),
            ),
            protocol_options=CreateProtocolOptionsSAML(
                CreateConnectionSAMLOptions(
                    idp_entity_id="https://idp.example",
                    idp_sso_url="https://idp.example/sso",
                    idp_signing_certs=[certificate()],
                )
            ),
        )
        self.assertEqual((saml.name, saml.connection_type), ("Acme SAML", "OktaSAML"))
        changed = sso.update_connection(
            saml.id,
            name="Acme SAML 2",
            external_id=None,
            protocol_options=PatchProtocolOptionsSAML(PatchConnectionSAMLOptions(idp_sso_url="https://idp.example/other")),
        )
        self.assertEqual((changed.id, changed.name), (saml.id, "Acme SAML 2"))
        self.assertEqual(sso.get_connection(saml.id), changed)

        oidc = sso.create_connection(
            organization_id=self.mock.organization_id,
            protocol_options=CreateProtocolOptionsOIDC(
                CreateConnectionOIDCOptions(
                    discovery_endpoint="https://idp.example/.well-known/openid-configuration",
                    client_id="client",
                    client_secret="secret",
                )
            ),
        )
        self.assertEqual(oidc.connection_type, "GenericOIDC")

    def test_certificates_are_listed_added_and_deleted(self) -> None:
        sso = self.workos.sso
        connection = sso.create_connection(
            organization_id=self.mock.organization_id,
            protocol_options=CreateProtocolOptionsSAML(
                CreateConnectionSAMLOptions(idp_sso_url="https://idp.example/sso", idp_signing_certs=[certificate()])
            ),
        ).id

        (first,) = sso.list_connection_saml_idp_signing_certs(connection).data
        self.assertEqual(first.not_after - first.not_before, CERTIFICATE_VALID)
        with self.assertRaises(workos.BadRequestError) as caught:
            sso.delete_connection_saml_idp_signing_cert(connection, first.id)
        self.assertEqual(caught.exception.code, "cannot_delete_last_certificate")
        added = sso.create_connection_saml_idp_signing_cert(connection, value=certificate())
        self.assertIsNone(sso.delete_connection_saml_idp_signing_cert(connection, first.id))
        self.assertEqual(sso.list_connection_saml_idp_signing_certs(connection).data, [added])

        for certificate_of in sso.list_connection_saml_sp_encryption_certs(connection).data:
            sso.delete_connection_saml_sp_encryption_cert(connection, certificate_of.id)
        encryption = sso.create_connection_saml_sp_encryption_cert(connection)
        self.assertEqual(sso.list_connection_saml_sp_encryption_certs(connection).data, [encryption])
        self.assertIsNone(sso.delete_connection_saml_sp_encryption_cert(connection, encryption.id))

        try:
            present = sso.list_connection_saml_sp_signing_cert(connection)
            sso.delete_connection_saml_sp_signing_cert(connection, present.id)
        except workos.NotFoundError:
            pass
        signing = sso.create_connection_saml_sp_signing_cert(connection)
        self.assertEqual(sso.list_connection_saml_sp_signing_cert(connection), signing)
        self.assertIsNone(sso.delete_connection_saml_sp_signing_cert(connection, signing.id))


class Directories(Cases):
    def test_their_users_and_groups_are_listed_and_read(self) -> None:
        sync = self.workos.directory_sync
        directory = sync.get_directory(self.directory("Acme People", "okta scim v2.0"))
        self.assertEqual(
            (directory.name, directory.type, directory.state, directory.domain),
            ("Acme People", "okta scim v2.0", "linked", "example.com"),
        )
        self.assertEqual((directory.metadata.users.active + directory.metadata.users.inactive, directory.metadata.groups), (5, 2))
        filters = {"organization_id": self.mock.organization_id, "search": "people", "domain": "example.com"}
        self.assertEqual(sync.list_directories(**filters).data, [directory])

        users = sync.list_users(directory=directory.id).data
        groups = sync.list_groups(directory=directory.id).data
        self.assertEqual((len(users), len(groups)), (5, 2))
        user = next((user for user in users if user.groups), users[0])
        self.assertEqual(sync.get_user(user.id), user)
        self.assertEqual(sync.get_group(groups[0].id), groups[0])
        self.assertEqual(sync.list_users(directory=directory.id, idp_id=user.idp_id).data, [user])
        self.assertEqual(sync.list_users(directory=directory.id, email=user.email).data, [user])
        for member in sync.list_users(group=groups[0].id).data:
            self.assertIn(groups[0].id, [group.id for group in member.groups])
        memberships = sync.list_groups(user=user.id).data
        self.assertEqual({group.id for group in memberships}, {group.id for group in user.groups})

        self.assertIsNone(sync.delete_directory(directory.id))
        with self.assertRaises(workos.NotFoundError):
            sync.get_directory(directory.id)

    def test_sync_on_demand_with_a_pause_between(self) -> None:
        sync = self.workos.directory_sync
        directory = self.directory("Acme Workspace", "gsuite directory")
        self.assertEqual(sync.create_directory_sync(directory).status, "queued")
        with self.assertRaises(workos.ConflictError) as running:
            sync.create_directory_sync(directory)
        self.assertEqual(running.exception.code, "directory_sync_in_progress")
        self.mock.control("/clock", {"advance": "PT1M"}, "PATCH")
        with self.assertRaises(workos.RateLimitExceededError):
            sync.create_directory_sync(directory, request_options={"max_retries": 0})
        self.mock.control("/clock", {"advance": "PT5M"}, "PATCH")
        self.assertEqual(sync.create_directory_sync(directory).status, "queued")

    def directory(self, name: str, kind: str) -> str:
        body = {"name": name, "domain": "example.com", "type": kind, "users": 5, "groups": 2}
        return self.mock.control("/directories", {"organization_id": self.mock.organization_id, **body})["id"]


class AuditLogs(Cases):
    def test_take_schemas_and_events_and_export_them(self) -> None:
        logs = self.workos.audit_logs
        schema = logs.create_schema(
            "user.signed_in",
            actor=AuditLogSchemaActorInput(metadata={"type": "object", "properties": {"role": {"type": "string"}}}),
            targets=[AuditLogSchemaTargetInput(type="team")],
            metadata={"type": "object", "properties": {"attempts": {"type": "number"}}},
        )
        self.assertEqual((schema.object, schema.version), ("audit_log_schema", 1))
        self.assertEqual(logs.list_action_schemas("user.signed_in").data, [schema])
        self.assertEqual([action.name for action in logs.list_actions().data], ["user.signed_in"])

        occurred = datetime.now(timezone.utc)
        event = AuditLogEvent(
            action="user.signed_in",
            version=1,
            occurred_at=occurred,
            actor=AuditLogEventActor(id="user_1", type="user", name="Ada", metadata={"role": "admin"}),
            targets=[AuditLogEventTarget(id="team_1", type="team")],
            context=AuditLogEventContext(location="192.0.2.1", user_agent="curl"),
            metadata={"attempts": 2},
        )
        organization = self.mock.organization_id
        for _ in range(2):
            answer = logs.create_event(organization_id=organization, event=event, idempotency_key="once")
            self.assertTrue(answer.success)

        asked = logs.create_export(
            organization_id=organization,
            range_start=occurred - timedelta(minutes=1),
            range_end=occurred + timedelta(minutes=1),
            actions=["user.signed_in"],
            actor_ids=["user_1"],
            actor_names=["Ada"],
            targets=["team"],
        )
        self.assertEqual((asked.object, asked.state), ("audit_log_export", "pending"))
        self.mock.control("/clock", {"advance": "PT1M"}, "PATCH")
        ready = logs.get_export(asked.id)
        self.assertEqual(ready.state, "ready")
        with urllib.request.urlopen(ready.url) as response:
            self.assertEqual(response.read().decode().count("user.signed_in"), 1)

    def test_retention_is_set_and_read(self) -> None:
        logs = self.workos.audit_logs
        organization = self.mock.organization_id
        for retention, days in ((RetentionPeriod("1_YEAR"), 365), (RetentionPeriodInDays(30), 30)):
            changed = logs.update_organization_audit_logs_retention(organization, retention=retention)
            self.assertEqual(changed.retention_period_in_days, days)
            self.assertEqual(logs.get_organization_audit_logs_retention(organization), changed)
        configuration = self.workos.organizations.get_audit_log_configuration(organization)
        self.assertEqual(
            (configuration.organization_id, configuration.retention_period_in_days, configuration.log_stream),
            (organization, 30, None),
        )


class WebhookEndpoints(Cases):
    def test_are_created_changed_listed_and_deleted(self) -> None:
        webhooks = self.workos.webhooks
        endpoint = webhooks.create_webhook_endpoint(
            endpoint_url="https://hooks.example/workos", events=["connection.activated", "dsync.user.created"]
        )
        self.assertEqual((endpoint.object, endpoint.status), ("webhook_endpoint", "enabled"))
        self.assertTrue(endpoint.secret)
        changed = webhooks.update_webhook_endpoint(
            endpoint.id, endpoint_url="https://hooks.example/other", status="disabled", events=["dsync.activated"]
        )
        self.assertEqual(
            (changed.endpoint_url, changed.status, changed.events, changed.secret),
            ("https://hooks.example/other", "disabled", ["dsync.activated"], endpoint.secret),
        )
        self.assertEqual(webhooks.list_webhook_endpoints().data, [changed])
        self.assertIsNone(webhooks.delete_webhook_endpoint(endpoint.id))
        self.assertEqual(webhooks.list_webhook_endpoints().data, [])


class Events(Cases):
    def test_tell_of_what_happened(self) -> None:
        organizations, events = self.workos.organizations, self.workos.events
        organization = organizations.create_organization(name="Eventful").id
        organizations.update_organization(organization, name="More eventful")
        organizations.delete_organization(organization)
        names = ["organization.created", "organization.updated", "organization.deleted"]
        filters = {"events": names, "organization_id": organization}
        found = events.list_events(**filters).data
        self.assertEqual([event.event for event in found], names)
        self.assertEqual([event.data.name for event in found], ["Eventful", "More eventful", "More eventful"])
        self.assertEqual(events.list_events(**filters, after=found[0].id, limit=1).data, [found[1]])
        self.assertEqual(events.list_events(**filters, order="desc").data, found[::-1])
        early = found[0].created_at - timedelta(seconds=1)
        self.assertEqual(events.list_events(**filters, range_end=early).data, [])
        self.assertEqual(events.list_events(**filters, range_start=early).data, found)

    def test_of_every_kind_are_of_a_type_of_their_own(self) -> None:
        organization = self.workos.organizations.create_organization(name="Acme", domains=["acme.example"]).id
        domain = self.workos.organization_domains.create_organization_domain(
            organization_id=organization, domain="new.example"
        )
        self.mock.control(f"/organization_domains/{domain.id}", {"state": "verified"})
        connection = {"connection_type": "OktaSAML", "name": "Okta", "state": "active", "domains": ["acme.example"]}
        self.mock.control("/connections", {"organization_id": organization, **connection})
        directory = {"name": "People", "type": "okta scim v2.0", "users": 2, "groups": 1}
        self.mock.control("/directories", {"organization_id": organization, **directory})
        self.workos.organizations.delete_organization(organization)
        names = {
            "organization.created",
            "organization.deleted",
            "organization_domain.created",
            "organization_domain.verified",
            "connection.activated",
            "connection.deleted",
            "dsync.activated",
            "dsync.deleted",
            "dsync.user.created",
            "dsync.group.created",
            "dsync.group.user_added",
        }
        found = self.workos.everything(
            self.workos.events.list_events(events=sorted(names), organization_id=organization)
        )
        self.assertEqual({event.event for event in found}, names)
        self.assertFalse([event for event in found if isinstance(event, EventSchemaUnknown)])
