"""Organizations, their domains and contacts, and portal links."""

import urllib.error
import urllib.request

import workos
from workos.organizations.models import OrganizationDomainData

from .harness import Cases


class Organizations(Cases):
    def test_are_created_read_changed_found_and_deleted(self) -> None:
        organizations = self.workos.organizations
        created = organizations.create_organization(
            name="Acme",
            domain_data=[OrganizationDomainData(domain="acme.example", state="verified")],
            external_id="customer/1",
            metadata={"tier": "gold"},
        )
        self.assertEqual((created.object, created.id[:4], created.name), ("organization", "org_", "Acme"))
        self.assertEqual(
            [(domain.domain, domain.state, domain.verification_strategy) for domain in created.domains],
            [("acme.example", "verified", "manual")],
        )
        self.assertEqual(organizations.get_organization(created.id), created)
        self.assertEqual(organizations.get_organization_by_external_id("customer/1"), created)

        changed = organizations.update_organization(
            created.id,
            name="Acme Inc.",
            stripe_customer_id="cus_1",
            external_id=None,
            metadata={"tier": "gold", "region": "eu"},
        )
        self.assertEqual(
            (changed.name, changed.stripe_customer_id, changed.external_id, changed.metadata),
            ("Acme Inc.", "cus_1", None, {"tier": "gold", "region": "eu"}),
        )
        for filters in ({"domains": ["acme.example", "other.example"]}, {"search": "acme"}):
            self.assertEqual(organizations.list_organizations(**filters).data, [changed])

        self.assertIsNone(organizations.delete_organization(created.id))
        with self.assertRaises(workos.NotFoundError):
            organizations.get_organization(created.id)

    def test_are_listed_in_both_directions(self) -> None:
        organizations = self.workos.organizations
        ids = [organizations.create_organization(name=f"Listed {number}").id for number in range(3)]
        first = organizations.list_organizations(limit=2)
        self.assertEqual([item.id for item in first.data], [ids[2], ids[1]])
        self.assertIsNone(first.before)
        second = organizations.list_organizations(limit=2, after=first.after)
        self.assertEqual(second.data[0].id, ids[0])
        back = organizations.list_organizations(limit=2, before=second.before)
        self.assertEqual(back.data, first.data)
        oldest = organizations.list_organizations(limit=1, order="asc")
        self.assertEqual(oldest.data[0].id, self.mock.organization_id)


class OrganizationDomains(Cases):
    def test_are_added_verified_and_removed(self) -> None:
        domains = self.workos.organization_domains
        added = domains.create_organization_domain(organization_id=self.mock.organization_id, domain="new.example")
        self.assertEqual(
            (added.object, added.domain, added.organization_id, added.state, added.verification_strategy),
            ("organization_domain", "new.example", self.mock.organization_id, "pending", "dns"),
        )
        self.assertTrue(added.verification_token and added.verification_prefix)
        self.assertEqual(domains.get_organization_domain(added.id), added)
        self.assertEqual(domains.verify_organization_domain(added.id).state, "pending")

        self.mock.control(f"/organization_domains/{added.id}", {"state": "verified"})
        self.assertEqual(domains.get_organization_domain(added.id).state, "verified")
        with self.assertRaises(workos.BadRequestError) as caught:
            domains.verify_organization_domain(added.id)
        self.assertEqual(caught.exception.code, "domain_already_verified")

        self.assertIsNone(domains.delete_organization_domain(added.id))
        with self.assertRaises(workos.NotFoundError):
            domains.get_organization_domain(added.id)


class ItContacts(Cases):
    def test_are_added_invited_listed_and_removed(self) -> None:
        organizations = self.workos.organizations
        organization = self.mock.organization_id
        contact = organizations.create_it_contact(organization, email="it@acme.example")
        self.assertEqual((contact.object, contact.email), ("it_contact", "it@acme.example"))
        self.assertEqual(organizations.list_it_contacts(organization).data, [contact])

        intents = ["sso", "directory_sync"]
        self.assertIsNone(organizations.invite_it_contact(organization, contact.id, intents=intents))
        mails = self.mock.control("/outbox", method="GET")["data"]
        self.assertEqual([(mail["to"], mail["intents"]) for mail in mails], [("it@acme.example", intents)])
        self.assertIsNone(organizations.revoke_it_contact(organization, contact.id))

        self.assertIsNone(organizations.delete_it_contact(organization, contact.id))
        self.assertEqual(organizations.list_it_contacts(organization).data, [])


class PortalLinks(Cases):
    def test_open_the_portal_until_they_are_revoked(self) -> None:
        portal = self.workos.admin_portal
        first, second = (
            portal.generate_link(
                organization=self.mock.organization_id,
                intent="sso",
                return_url="http://localhost:3000/settings",
                success_url="http://localhost:3000/done",
                external_user_id="user_1",
                it_contact_emails=["it@acme.example"],
            ).link
            for _ in range(2)
        )
        self.assertTrue(first.startswith(self.mock.url))
        self.assertEqual(status(first), 303)
        self.assertEqual(status(first), 410)
        self.assertIsNone(portal.revoke_link(organization=self.mock.organization_id, external_user_id="user_1"))
        self.assertEqual(status(second), 410)


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def status(url: str) -> int:
    """The status that a visitor's first request is answered with."""
    try:
        with urllib.request.build_opener(NoRedirects).open(url) as response:
            return response.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code
