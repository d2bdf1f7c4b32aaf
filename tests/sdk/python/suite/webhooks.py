"""What the SDK's own verification makes of the webhooks that the mock sends."""

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from workos.common import models

from .harness import Cases, Mock

# What the mock of these tests can bring about and an endpoint can subscribe to, and the SDK's type for each.
TYPES = {
    "authentication.sso_failed": models.AuthenticationSSOFailed,
    "authentication.sso_succeeded": models.AuthenticationSSOSucceeded,
    "connection.activated": models.ConnectionActivated,
    "connection.deactivated": models.ConnectionDeactivated,
    "connection.deleted": models.ConnectionDeleted,
    "connection.saml_certificate_renewed": models.ConnectionSAMLCertificateRenewed,
    "dsync.activated": models.DsyncActivated,
    "dsync.deleted": models.DsyncDeleted,
    "dsync.group.created": models.DsyncGroupCreated,
    "dsync.group.deleted": models.DsyncGroupDeleted,
    "dsync.group.updated": models.DsyncGroupUpdated,
    "dsync.group.user_added": models.DsyncGroupUserAdded,
    "dsync.group.user_removed": models.DsyncGroupUserRemoved,
    "dsync.user.created": models.DsyncUserCreated,
    "dsync.user.deleted": models.DsyncUserDeleted,
    "dsync.user.updated": models.DsyncUserUpdated,
    "organization.created": models.OrganizationCreated,
    "organization.deleted": models.OrganizationDeleted,
    "organization.updated": models.OrganizationUpdated,
    "organization_domain.created": models.OrganizationDomainCreated,
    "organization_domain.deleted": models.OrganizationDomainDeleted,
    "organization_domain.verification_failed": models.OrganizationDomainVerificationFailed,
    "organization_domain.verified": models.OrganizationDomainVerified,
}


@dataclass(frozen=True)
class Delivery:
    """A request of the mock, with its body as it came."""

    body: bytes
    signature: str | None


class Receiver:
    """An app's webhook handler: it keeps the raw bytes of each request, and answers 200 unless it is told otherwise."""

    def __init__(self) -> None:
        self._received: list[Delivery] = []
        # The statuses to answer next.
        self.statuses: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver._received.append(Delivery(body, self.headers["WorkOS-Signature"]))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://localhost:{self._server.server_port}/webhooks"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def take(self) -> list[Delivery]:
        """What came since the last call."""
        taken, self._received = self._received, []
        return taken

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class WebhookCases(Cases):
    """Tests with a mock whose events all go to a receiver."""

    flags: tuple[str, ...] = ()

    @classmethod
    def setUpClass(cls) -> None:
        cls.receiver = Receiver()
        cls.addClassCleanup(cls.receiver.stop)
        cls.mock = Mock(*cls.flags)
        cls.addClassCleanup(cls.mock.stop)
        cls.workos = cls.client()
        cls.endpoint = cls.workos.webhooks.create_webhook_endpoint(endpoint_url=cls.receiver.url, events=sorted(TYPES))

    def tearDown(self) -> None:
        self.steer()
        left = self.mock.control("/deliveries/wait", {})
        self.assertEqual((left["under_way"], left["waiting"]), (0, 0))
        self.receiver.take()

    def steer(self, **steering: Any) -> None:
        self.mock.control(f"/webhook_endpoints/{self.endpoint.id}/steering", steering, "PUT")

    def arrived(self) -> list[Delivery]:
        """What has arrived when nothing is to be sent any more."""
        self.mock.control("/deliveries/wait", {"timeout": "PT60S"})
        return self.receiver.take()

    def one(self, name: str = "Acme") -> Delivery:
        """One event, as it arrived."""
        self.workos.organizations.create_organization(name=name)
        (delivery,) = self.arrived()
        return delivery

    def verify(self, delivery: Delivery, **changes: Any) -> Any:
        arguments = {"event_body": delivery.body, "event_signature": delivery.signature, "secret": self.endpoint.secret}
        return self.workos.webhooks.verify_event(**{**arguments, **changes})

    def listed(self, **filters: Any) -> list[Any]:
        options = {"events": sorted(TYPES), "limit": 100, **filters}
        return self.workos.everything(self.workos.events.list_events(**options))

    def refused(self, delivery: Delivery, message: str, **changes: Any) -> None:
        with self.assertRaisesRegex(ValueError, message):
            self.verify(delivery, **changes)


class Webhooks(WebhookCases):
    def everything(self) -> None:
        """Lets one of everything happen."""
        organizations, domains, control = self.workos.organizations, self.workos.organization_domains, self.mock.control
        identifier = organizations.create_organization(
            name='Zoë & 株式会社 "🦀"\u2028', metadata={"motto": "a/b\\c\n\u007f"}
        ).id
        organizations.update_organization(identifier, name="Ünïcode")
        verified = domains.create_organization_domain(organization_id=identifier, domain="acme.example")
        control(f"/organization_domains/{verified.id}", {"state": "verified"})
        failed = domains.create_organization_domain(organization_id=identifier, domain="bücher.example")
        control(f"/organization_domains/{failed.id}", {"state": "failed"})
        domains.delete_organization_domain(failed.id)

        setup = self.link(identifier, "sso")
        control("/portal_links/fail", {"link": setup, "step": "test"})
        control("/portal_links/complete", {"link": setup})
        control("/portal_links/complete", {"link": self.link(identifier, "certificate_renewal")})
        (connection,) = self.workos.sso.list_connections(organization_id=identifier).data
        control(f"/connections/{connection.id}", {"state": "inactive"}, "PATCH")
        self.workos.sso.delete_connection(connection.id)

        answers = {"users": 2, "groups": 1}
        control("/portal_links/complete", {"link": self.link(identifier, "dsync"), "answers": answers})
        (directory,) = self.workos.directory_sync.list_directories(organization_id=identifier).data
        user = control(
            f"/directories/{directory.id}/users",
            {"idp_id": "ada", "first_name": "Ada", "last_name": "Łovelace", "email": "ada@acme.example"},
        )["id"]
        control(f"/directory_users/{user}", {"job_title": "Ingénieure"}, "PATCH")
        group = control(f"/directories/{directory.id}/groups", {"idp_id": "g", "name": "工程"})["id"]
        control(f"/directory_groups/{group}", {"name": "設計"}, "PATCH")
        control(f"/directory_groups/{group}/users/{user}", method="PUT")
        control(f"/directory_groups/{group}/users/{user}", method="DELETE")
        control(f"/directory_groups/{group}", method="DELETE")
        control(f"/directory_users/{user}", method="DELETE")
        self.workos.directory_sync.delete_directory(directory.id)
        organizations.delete_organization(identifier)

    def link(self, organization: str, intent: str) -> str:
        return self.workos.admin_portal.generate_link(organization=organization, intent=intent).link

    def test_of_every_kind_are_accepted_and_are_those_of_the_list_of_events(self) -> None:
        before = len(self.listed())
        self.everything()
        found = [self.verify(delivery) for delivery in self.arrived()]
        self.assertEqual({event.event for event in found}, set(TYPES))
        for event in found:
            self.assertIs(type(event), TYPES[event.event])
        self.assertEqual(found, self.listed()[before:])

    def test_bring_numbers_and_names_as_javascript_writes_them(self) -> None:
        directory = self.mock.control("/directories", {"organization_id": self.mock.organization_id, "name": "Numbers"})
        self.arrived()
        attributes = {
            "one": 1.0,
            "huge": 1e21,
            "large": 1e20,
            "small": 1e-7,
            "big": 2**53 + 2,
            "é\u2028\u0007": '\N{CRAB} " \\ / \u007f',
        }
        body = {"idp_id": "numbers", "first_name": "Zoë", "custom_attributes": attributes}
        self.mock.control(f"/directories/{directory['id']}/users", body)
        (delivery,) = self.arrived()
        event = self.verify(delivery)
        self.assertEqual(event.data.custom_attributes, attributes)
        written = '"one":1,"huge":1e+21,"large":100000000000000000000,"small":1e-7,"big":9007199254740994,"é\u2028\\u0007":"🦀 '
        self.assertIn(written, delivery.body.decode())
        self.assertEqual(event, self.listed()[-1])

    def test_that_were_changed_on_the_way_are_refused(self) -> None:
        delivery = self.one()
        wrong = "does not match"
        self.refused(delivery, wrong, event_body=delivery.body.replace(b"Acme", b"Acne"))
        self.refused(delivery, wrong, event_body=delivery.body + b"\n")
        self.refused(delivery, wrong, event_body=json.dumps(json.loads(delivery.body)).encode())
        self.refused(delivery, wrong, event_body=b"")
        self.refused(delivery, wrong, secret="whsec_another")
        time, digest = delivery.signature.split(", ")
        self.assertRegex(delivery.signature, r"^t=\d{13}, v1=[0-9a-f]{64}$")
        self.refused(delivery, wrong, event_signature=f"t={int(time[2:]) + 1}, {digest}")
        self.refused(delivery, wrong, event_signature=f"{time}, v1={'0' * 64}")
        self.assertEqual(self.verify(delivery).data.name, "Acme")

    def test_with_a_signature_that_cannot_be_relied_on_are_refused(self) -> None:
        for steering, message in (
            ({"signature": "invalid"}, "does not match"),
            ({"signature": "malformed"}, "Unable to extract"),
            ({"signature": "missing"}, "Unable to extract"),
            ({"timestamp": "old"}, "tolerance"),
            ({"timestamp": "future"}, "tolerance"),
        ):
            with self.subTest(steering):
                self.steer(**steering)
                delivery = self.one()
                self.assertEqual(delivery.signature is None, steering == {"signature": "missing"})
                self.refused(delivery, message)

    def test_that_are_written_oddly_are_accepted_as_the_bytes_that_came(self) -> None:
        self.steer(body="odd", seed=7)
        delivery = self.one("Zoë / 株式会社")
        self.assertEqual(self.verify(delivery), self.listed()[-1])
        written_again = json.dumps(json.loads(delivery.body), ensure_ascii=False, separators=(",", ":"))
        self.assertNotEqual(written_again, delivery.body.decode())
        self.refused(delivery, "does not match", event_body=written_again.encode())

    def test_bring_a_setup_by_the_portal(self) -> None:
        organization = self.workos.organizations.create_organization(name="Through the portal").id
        self.arrived()
        self.mock.control(
            "/portal_links/complete",
            {"link": self.link(organization, "dsync"), "answers": {"users": 1, "groups": 0}},
        )
        found = [self.verify(delivery) for delivery in self.arrived()]
        names = ["dsync.activated", "dsync.user.created"]
        self.assertEqual([event.event for event in found], names)
        self.assertEqual(found, self.listed(events=names, organization_id=organization))
        activated = found[0].data
        self.assertEqual((activated.organization_id, activated.state), (organization, "active"))
        self.assertEqual(self.workos.directory_sync.get_directory(activated.id).id, activated.id)


class WebhooksBesideAStillClock(WebhookCases):
    flags = ("--clock", "2031-02-03T04:05:06Z")

    def test_are_signed_with_the_real_time(self) -> None:
        self.mock.control("/clock", {"set": "2032-02-03T04:05:06Z"}, "PATCH")
        event = self.verify(self.one())
        self.assertEqual(event.created_at.isoformat(), "2032-02-03T04:05:06+00:00")
        self.steer(timestamp="clock")
        self.refused(self.one(), "tolerance")

    def test_are_signed_anew_at_every_attempt_and_bring_the_same_bytes(self) -> None:
        self.receiver.statuses = [500, 503]
        first = self.one()
        for wait in ("PT10S", "PT20S"):
            self.mock.control("/clock", {"advance": wait}, "PATCH")
            (again,) = self.arrived()
            self.assertEqual(again.body, first.body)
            self.assertEqual(self.verify(again), self.verify(first))
        (delivery,) = self.mock.control("/deliveries?limit=1", method="GET")["data"]
        self.assertEqual(
            (delivery["state"], [attempt["status"] for attempt in delivery["attempts"]]),
            ("delivered", [500, 503, 200]),
        )
