"""How the SDK takes refusals, long lists and trouble on the way."""

from datetime import datetime, timezone
from typing import Any

import workos
from workos.audit_logs.models import (
    AuditLogEvent,
    AuditLogEventActor,
    AuditLogEventContext,
    AuditLogEventTarget,
    AuditLogSchemaTargetInput,
)

from .harness import Cases, without_waiting

# Objects that take several pages.
MANY = 250
PAGE = 100

# The SDK sends a request this often before it gives up.
ATTEMPTS = 4


class Errors(Cases):
    def test_an_unknown_id_is_not_found(self) -> None:
        with self.assertRaises(workos.NotFoundError) as caught:
            self.workos.organizations.get_organization("org_unknown")
        self.assertEqual(caught.exception.code, "entity_not_found")
        self.assertIn("org_unknown", caught.exception.message)
        self.assertTrue(caught.exception.request_id)

    def test_a_wrong_key_is_an_authentication_error(self) -> None:
        with self.assertRaises(workos.AuthenticationError) as caught:
            self.client("sk_test_wrong").organizations.list_organizations()
        self.assertEqual(caught.exception.message, "Unauthorized")

    def test_an_invalid_request_is_unprocessable_and_names_the_members(self) -> None:
        with self.assertRaises(workos.UnprocessableEntityError) as caught:
            self.workos.admin_portal.generate_link(
                organization=self.mock.organization_id, intent="banana", return_url="here"
            )
        self.assertEqual(caught.exception.code, "invalid_request_parameters")
        self.assertEqual({error["field"] for error in caught.exception.errors}, {"intent", "return_url"})

    def test_a_domain_that_is_there_already_is_a_conflict(self) -> None:
        domain = {"organization_id": self.mock.organization_id, "domain": "twice.example"}
        self.workos.organization_domains.create_organization_domain(**domain)
        with self.assertRaises(workos.ConflictError) as caught:
            self.workos.organization_domains.create_organization_domain(**domain)
        self.assertEqual(caught.exception.code, "domain_already_exists")

    def test_a_taken_external_id_is_a_bad_request(self) -> None:
        self.workos.organizations.create_organization(name="Taken", external_id="taken")
        with self.assertRaises(workos.BadRequestError) as caught:
            self.workos.organizations.create_organization(name="Taken", external_id="taken")
        self.assertEqual(caught.exception.code, "external_id_already_used")

    def test_an_event_that_does_not_fit_its_schema_is_a_bad_request(self) -> None:
        logs = self.workos.audit_logs
        logs.create_schema(
            "team.renamed",
            targets=[AuditLogSchemaTargetInput(type="team")],
            metadata={"type": "object", "properties": {"to": {"type": "string"}}},
        )
        event = AuditLogEvent(
            action="team.renamed",
            occurred_at=datetime.now(timezone.utc),
            actor=AuditLogEventActor(id="user_1", type="user"),
            targets=[AuditLogEventTarget(id="team_1", type="team")],
            context=AuditLogEventContext(location="192.0.2.1"),
            metadata={"to": 5},
        )
        with self.assertRaises(workos.BadRequestError) as caught:
            logs.create_event(organization_id=self.mock.organization_id, event=event)
        self.assertEqual(caught.exception.code, "invalid_audit_log_event")
        self.assertTrue(caught.exception.errors)


class LongLists(Cases):
    def test_many_organizations_are_paged_through_without_loss_or_repetition(self) -> None:
        organizations = self.workos.organizations
        made = [self.mock.organization_id]
        made += [organizations.create_organization(name=f"Organization {number}").id for number in range(MANY - 1)]
        for order, expected in (("asc", made), ("desc", made[::-1])):
            start = len(self.workos.requests)
            found = self.workos.everything(organizations.list_organizations(limit=PAGE, order=order))
            self.assertEqual([item.id for item in found], expected)
            self.assertEqual(self.workos.sent(start), ["GET /organizations 200"] * 3)

    def test_many_users_of_a_directory_are_paged_through_with_the_filter_kept(self) -> None:
        directory = {"organization_id": self.mock.organization_id, "name": "Acme", "type": "generic scim v2.0", "groups": 0}
        self.mock.control("/directories", {**directory, "users": 3})
        identifier = self.mock.control("/directories", {**directory, "users": MANY})["id"]
        users = self.workos.everything(self.workos.directory_sync.list_users(directory=identifier, limit=PAGE))
        self.assertEqual(len({user.id for user in users}), MANY)
        self.assertEqual({user.directory_id for user in users}, {identifier})


class Retries(Cases):
    def fault(self, **fault: Any) -> None:
        self.mock.control("/faults", {"method": "GET", "path": "/organizations", "status": 429, "times": 1, **fault})

    def test_a_request_that_met_the_rate_limit_is_repeated_after_the_time_that_was_told(self) -> None:
        self.fault(retry_after=7, times=2)
        start = len(self.workos.requests)
        with without_waiting() as waits:
            page = self.workos.organizations.list_organizations()
        self.assertIn(self.mock.organization_id, [item.id for item in page.data])
        self.assertEqual(waits, [7, 7])
        self.assertEqual(
            self.workos.sent(start),
            ["GET /organizations 429", "GET /organizations 429", "GET /organizations 200"],
        )

    def test_a_rate_limit_that_stays_is_an_error_that_says_how_long(self) -> None:
        self.fault(retry_after=7, times=ATTEMPTS)
        start = len(self.workos.requests)
        with without_waiting(), self.assertRaises(workos.RateLimitExceededError) as caught:
            self.workos.organizations.list_organizations()
        self.assertEqual(caught.exception.retry_after, 7)
        self.assertEqual(self.workos.sent(start), ["GET /organizations 429"] * ATTEMPTS)
        self.workos.organizations.list_organizations()

    def test_a_server_that_is_down_for_a_moment_is_asked_again(self) -> None:
        self.fault(status=503)
        start = len(self.workos.requests)
        with without_waiting() as waits:
            self.workos.organizations.list_organizations()
        self.assertEqual(len(waits), 1)
        self.assertEqual(self.workos.sent(start), ["GET /organizations 503", "GET /organizations 200"])

    def test_a_server_that_stays_down_is_a_server_error(self) -> None:
        self.fault(status=503)
        with self.assertRaises(workos.ServerError):
            self.workos.organizations.list_organizations(request_options={"max_retries": 0})

    def test_a_write_that_is_repeated_has_one_effect(self) -> None:
        self.fault(method="POST", retry_after=0)
        start = len(self.workos.requests)
        made = self.workos.organizations.create_organization(name="Once", external_id="once")
        self.assertEqual(self.workos.sent(start), ["POST /organizations 429", "POST /organizations 201"])
        (key,) = {request.key for request in self.workos.requests[start:]}
        again = self.workos.organizations.create_organization(
            name="Once", external_id="once", request_options={"idempotency_key": key}
        )
        self.assertEqual(again.id, made.id)
