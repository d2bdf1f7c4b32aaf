"""Values that make requests possible: what schemathesis makes up is of the right shape and seldom goes together."""

import json
import zlib
from collections.abc import Callable
from typing import Any

from schemathesis.core.parameters import ParameterLocation


def share_of(value: Any) -> int:
    """A number that takes the place of chance: the same for the same value, in every run."""
    return zlib.crc32(json.dumps(value, sort_keys=True).encode())


class Possible:
    """The changes to make, by part of the request and operation. Some requests are left as they are."""

    def __init__(self, kept: dict[str, list[Any]]) -> None:
        self._certificates = kept["certificate"]
        self._kept = kept

    def change(self, location: ParameterLocation, case: Any, members: dict[str, Any]) -> None:
        if location is ParameterLocation.QUERY:
            self._page(members)
        label = f"{case.operation.method.upper()} {case.operation.path}"
        if change := self._changes().get((location, label)):
            change(members)

    def _changes(self) -> dict[tuple[ParameterLocation, str], Callable[[dict[str, Any]], None]]:
        query, body = ParameterLocation.QUERY, ParameterLocation.BODY
        return {
            (query, "GET /events"): self._page_of_events,
            (query, "GET /directory_users"): self._members_of_directory,
            (query, "GET /directory_groups"): self._members_of_directory,
            (body, "POST /audit_logs/events"): self._event,
            (body, "POST /audit_logs/exports"): self._export,
            (body, "POST /connections"): self._connection,
            (body, "PATCH /connections/{id}"): self._changed_connection,
            (body, "POST /connections/{id}/saml_idp_signing_certs"): self._certificate,
            (body, "POST /organizations"): self._organization,
            (body, "PUT /organizations/{id}"): self._organization,
            (body, "PUT /organizations/{id}/audit_logs_retention"): self._retention,
            (body, "POST /webhook_endpoints"): self._webhook_endpoint,
            (body, "PATCH /webhook_endpoints/{id}"): self._webhook_endpoint,
        }

    def _page(self, query: dict[str, Any]) -> None:
        """One cursor."""
        share = share_of(query)
        if share % 4 and {"before", "after"} <= query.keys():
            del query["before" if share % 2 else "after"]

    def _page_of_events(self, query: dict[str, Any]) -> None:
        if share_of(query) % 4:
            query["events"] = ["organization.created", "dsync.user.created"]
            query.pop("before", None)
            if "after" in query:
                query.pop("range_start", None)

    def _members_of_directory(self, query: dict[str, Any]) -> None:
        """Those of a directory, unless they are those of a group or of a user."""
        share = share_of(query)
        within = {"group", "user"} & query.keys() and not {"idp_id", "email"} & query.keys()
        if share % 4 and not within:
            query["directory"] = self._kept["directory"][share % len(self._kept["directory"])]

    def _event(self, body: dict[str, Any]) -> None:
        """An event of an action that has a schema, which names one kind of target."""
        event = body["event"]
        event["action"] = self._kept["logged_action"][0]
        if share_of(body) % 4:
            event.pop("version", None)
            event["targets"] = event["targets"] or [{"id": "0", "type": ""}]
            for target in event["targets"]:
                target["type"] = "team"

    def _export(self, export: dict[str, Any]) -> None:
        """A range that is not over, and one that lies in the past."""
        if share_of(export) % 4:
            export["range_start"] = "2026-12-01T00:00:00Z"
            if share_of(export) % 2:
                export["range_end"] = "2026-12-31T00:00:00Z"
            elif str(export["range_end"]) < "2027":
                export["range_end"] = "2027-01-31T00:00:00+01:00"

    def _connection(self, connection: dict[str, Any]) -> None:
        """Settings of one protocol, with a certificate or a secret."""
        share = share_of(connection)
        if share % 4 == 0:
            return
        connection["connection_type"] = None
        connection["external_id"] = f"connection-{share}"
        options = connection.get("saml_options") or {}
        if share % 2 or (not options and not connection.get("oidc_options")):
            connection["oidc_options"] = None
            connection["saml_options"] = options
            self._addresses(options, "acs_url")
            options.pop("idp_metadata_url", None)
            options.pop("sp_signing_key_pair", None)
            options.pop("sp_encryption_key_pairs", None)
            options["idp_sso_url"] = "https://idp.example/sso"
            options["idp_signing_certs"] = self._certificates
        elif options := connection.get("oidc_options"):
            connection["saml_options"] = None
            self._authentication(options)
        else:
            connection["saml_options"] = {"idp_metadata_url": "https://idp.example/metadata"}

    def _changed_connection(self, connection: dict[str, Any]) -> None:
        """Settings of one protocol, that of the connection that `kind_in_path` chooses."""
        share = share_of(connection)
        if share % 4 == 0:
            return
        connection.pop("connection_type", None)
        if connection.get("external_id"):
            connection["external_id"] = f"connection-{share}"
        if options := connection.get("saml_options"):
            connection.pop("oidc_options", None)
            self._addresses(options, "acs_url", "idp_metadata_url")
            if options.get("idp_metadata_url"):
                options.pop("idp_entity_id", None)
                options.pop("idp_sso_url", None)
        elif options := connection.get("oidc_options"):
            self._authentication(options)

    def _authentication(self, options: dict[str, Any]) -> None:
        self._addresses(options, "redirect_uri")
        options.pop("jwt_signing_key_pair", None)
        if options.get("token_authentication_method") == "private_key_jwt":
            options.pop("client_secret", None)
        else:
            options["client_secret"] = options.get("client_secret") or "secret"

    def _addresses(self, options: dict[str, Any], *names: str) -> None:
        for name in names:
            if options.get(name):
                options[name] = f"https://app.example/{share_of(options[name])}?a=b"

    def _certificate(self, certificate: dict[str, Any]) -> None:
        if share_of(certificate) % 4:
            certificate["value"] = self._certificates[0]

    def _organization(self, organization: dict[str, Any]) -> None:
        """Ids of its own, and domains that the world knows how to write."""
        share = share_of(organization)
        if share % 4 == 0:
            return
        for name in ("external_id", "stripe_customer_id"):
            if organization.get(name):
                organization[name] = f"{name[:3]}_{share}"
        if domains := organization.get("domains"):
            organization["domains"] = [f"d{share_of(domain)}.example" for domain in domains]
        for number, data in enumerate(organization.get("domain_data") or []):
            data["domain"] = f"d{share_of(data['domain'])}-{number}.example"

    def _retention(self, retention: dict[str, Any]) -> None:
        """One of the two forms."""
        if share_of(retention) % 4 == 0:
            return
        if retention.get("retention_period_in_days"):
            retention["retention_period"] = None
        else:
            retention["retention_period"] = retention.get("retention_period") or "1_YEAR"

    def _webhook_endpoint(self, endpoint: dict[str, Any]) -> None:
        if "endpoint_url" in endpoint and share_of(endpoint) % 4:
            endpoint["endpoint_url"] = f"https://hooks.example/{share_of(endpoint)}"
