"""Fills a mock with objects of every kind, through its API and its controls."""

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CERTIFICATES = [(HERE / f"certificate-{number}.pem").read_text() for number in (1, 2)]

# Objects that are good for one request: deleted, synced, invited or given what they lack.
ONCE = 30


class Seeder:
    """What is made is told by kind, as `kept`, and by the operation that uses it up, as `once`."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._key = key
        self._kept: dict[str, list[Any]] = {}
        self._once: dict[str, list[dict[str, str]]] = {}

    def fill(self) -> dict[str, dict[str, list[Any]]]:
        home = self._organizations()
        self._domains(home)
        self._contacts(home)
        self._connections(home)
        self._certificates(home)
        self._directories(home)
        self._kept["webhook_endpoint"] = [self._webhook_endpoint(number) for number in range(2)]
        self._once["DELETE /webhook_endpoints/{id}"] = [
            {"id": self._webhook_endpoint(number)} for number in range(2, 2 + ONCE)
        ]
        self._audit_logs(home)
        return {"kept": self._kept, "once": self._once}

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            self._url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request) as response:
                text = response.read()
        except urllib.error.HTTPError as error:
            sys.exit(f"seeding: {method} {path}: {error.code} {error.read().decode()}")
        return json.loads(text) if text else None

    def _post(self, path: str, body: Any) -> str:
        return self._call("POST", path, body)["id"]

    def _organizations(self) -> str:
        def make(number: int) -> str:
            return self._post("/organizations", {"name": f"Organization {number}", "external_id": f"external-{number}"})

        self._kept["organization"] = [make(number) for number in range(2)]
        self._kept["external_id"] = ["external-0", "external-1"]
        self._once["DELETE /organizations/{id}"] = [{"id": make(number)} for number in range(2, 2 + ONCE)]
        return self._kept["organization"][0]

    def _domains(self, home: str) -> None:
        def make(number: int) -> str:
            return self._post("/organization_domains", {"organization_id": home, "domain": f"d{number}.example"})

        self._kept["organization_domain"] = [make(number) for number in range(2)]
        self._once["DELETE /organization_domains/{id}"] = [{"id": make(number)} for number in range(2, 2 + ONCE)]

    def _contacts(self, home: str) -> None:
        def make(organization: str, number: int) -> dict[str, str]:
            path = f"/organizations/{organization}/it_contacts"
            return {"id": organization, "contact_id": self._post(path, {"email": f"it{number}@acme.example"})}

        # An organization has at most twenty contacts, and one active invitation.
        path = "/organizations/{id}/it_contacts/{contact_id}"
        elsewhere = [self._post("/organizations", {"name": f"Customer {number}"}) for number in range(ONCE)]
        self._kept["it_contacts"] = [make(home, number) for number in range(2)]
        self._once[f"DELETE {path}"] = [make(organization, 1) for organization in elsewhere]
        self._once["POST /organizations/{id}/it_contacts"] = [{"id": organization} for organization in elsewhere]
        self._once[f"POST {path}/invite"] = [make(organization, 2) for organization in elsewhere]

    def _saml_connection(self, organization: str, number: int) -> str:
        options = {"idp_sso_url": "https://idp.example/sso", "idp_signing_certs": CERTIFICATES}
        body = {"organization_id": organization, "name": f"SAML {number}", "saml_options": options}
        return self._post("/connections", body)

    def _connections(self, home: str) -> None:
        options = {"discovery_endpoint": "https://idp.example", "client_id": "id", "client_secret": "secret"}
        self._kept["certificate"] = CERTIFICATES
        self._kept["connection"] = [self._saml_connection(home, number) for number in range(2)]
        self._kept["oidc_connection"] = [
            self._post("/connections", {"organization_id": home, "name": "OIDC", "oidc_options": options})
        ]
        self._once["DELETE /connections/{id}"] = [
            {"id": self._saml_connection(home, number)} for number in range(2, 2 + ONCE)
        ]

    def _certificates(self, home: str) -> None:
        """Certificates to delete, and connections that lack some."""
        connections = [self._saml_connection(home, number) for number in range(100, 100 + ONCE)]
        for kind in ("saml_idp_signing_certs", "saml_sp_encryption_certs", "saml_sp_signing_cert"):
            ids = self._once[f"DELETE /connections/{{id}}/{kind}/{{certificate_id}}"] = []
            for connection in connections:
                found = self._call("GET", f"/connections/{connection}/{kind}")
                ids.extend({"id": connection, "certificate_id": held["id"]} for held in found.get("data", [found]))
        bare = [self._saml_connection(home, number) for number in range(200, 200 + ONCE)]
        for connection in bare:
            held = self._call("GET", f"/connections/{connection}/saml_sp_signing_cert")["id"]
            self._call("DELETE", f"/connections/{connection}/saml_sp_signing_cert/{held}")
        for kind in ("saml_sp_signing_cert", "saml_sp_encryption_certs"):
            self._once[f"POST /connections/{{id}}/{kind}"] = [{"id": connection} for connection in bare]

    def _directories(self, home: str) -> None:
        def make(number: int) -> str:
            body = {"organization_id": home, "name": f"Directory {number}", "type": "gsuite directory"}
            return self._post("/_mock/directories", {**body, "users": 4, "groups": 2})

        self._kept["directory"] = [make(number) for number in range(2)]
        self._once["DELETE /directories/{id}"] = [{"id": make(number)} for number in range(100, 100 + ONCE)]
        self._once["POST /directories/{id}/sync"] = [{"id": make(number)} for number in range(200, 200 + ONCE)]
        for kind, path in (("directory_user", "/directory_users"), ("directory_group", "/directory_groups")):
            found = self._call("GET", f"{path}?directory={self._kept['directory'][0]}")["data"]
            self._kept[kind] = [one["id"] for one in found]

    def _webhook_endpoint(self, number: int) -> str:
        body = {"endpoint_url": f"https://hooks.example/{number}", "events": ["dsync.activated"]}
        return self._post("/webhook_endpoints", body)

    def _audit_logs(self, home: str) -> None:
        # Requests give the one action further schemas; events are of the other.
        for kind, action in (("audit_log_action", "team.renamed"), ("logged_action", "team.deleted")):
            self._call("POST", f"/audit_logs/actions/{action}/schemas", {"targets": [{"type": "team"}]})
            self._kept[kind] = [action]
        window = {"range_start": "2026-12-01T00:00:00Z", "range_end": "2027-01-01T00:00:00Z"}
        self._kept["audit_log_export"] = [self._post("/audit_logs/exports", {"organization_id": home, **window})]
