"""Sends the mock what openapi/portal.json allows and what it forbids, and holds it to its word.

`run.py [argument of schemathesis…]`; WORKOS_PORTAL_MOCK names the mock's binary. Files are written to the current folder.
"""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
DOCUMENT = Path(os.environ.get("WORKOS_PORTAL_DOCUMENT") or HERE.parents[2] / "openapi/portal.json")

# Fewer requests than this are no test.
FEWEST_CASES = 5000

# Objects of a kind that requests may delete.
SPARE = 12

# The clock stands, so that a run is like any other. The certificates are valid then.
CLOCK = "2027-01-01T12:00:00Z"

CERTIFICATES = [(HERE / f"certificate-{number}.pem").read_text() for number in (1, 2)]


class Seeder:
    """Fills a mock through its API and its controls."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._key = key

    def call(self, method: str, path: str, body: Any = None) -> Any:
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

    def fill(self) -> dict[str, dict[str, list[Any]]]:
        """Makes objects of every kind. Gives their ids, or the parameters of the path where there are several."""
        pools: dict[str, dict[str, list[Any]]] = {}

        def pool(kind: str, make: Callable[[int], Any], spare: int = SPARE) -> list[Any]:
            made = [make(number) for number in range(2 + spare)]
            pools[kind] = {"kept": made[:2], "spare": made[2:]}
            return made

        def post(path: str, body: Any) -> str:
            return self.call("POST", path, body)["id"]

        home, *_ = pool(
            "organization",
            lambda number: post("/organizations", {"name": f"Organization {number}", "external_id": f"external-{number}"}),
        )
        pools["certificate"] = {"kept": CERTIFICATES, "spare": []}
        pools["external_id"] = {"kept": ["external-0", "external-1"], "spare": []}
        pool(
            "organization_domain",
            lambda number: post("/organization_domains", {"organization_id": home, "domain": f"d{number}.example"}),
        )
        self.pool_of_contacts(pools, home)
        connections = pool("connection", lambda number: self.saml_connection(home, number))
        for path in ("saml_idp_signing_certs", "saml_sp_encryption_certs", "saml_sp_signing_cert"):
            pools[path] = {"kept": [], "spare": []}
            for connection in connections:
                found = self.call("GET", f"/connections/{connection}/{path}")
                for held in found.get("data", [found]):
                    pools[path]["spare"].append({"id": connection, "certificate_id": held["id"]})
        directories = pool("directory", lambda number: self.directory(home, number))
        for kind, path in (("directory_user", "/directory_users"), ("directory_group", "/directory_groups")):
            found = self.call("GET", f"{path}?directory={directories[0]}")["data"]
            pools[kind] = {"kept": [one["id"] for one in found], "spare": []}
        pool("webhook_endpoint", self.webhook_endpoint)
        # Requests give the one action further schemas; events are of the other.
        for kind, action in (("audit_log_action", "team.renamed"), ("logged_action", "team.deleted")):
            self.call("POST", f"/audit_logs/actions/{action}/schemas", {"targets": [{"type": "team"}]})
            pools[kind] = {"kept": [action], "spare": []}
        window = {"range_start": "2026-12-01T00:00:00Z", "range_end": "2027-01-01T00:00:00Z"}
        export = post("/audit_logs/exports", {"organization_id": home, **window})
        pools["audit_log_export"] = {"kept": [export], "spare": []}
        return pools

    def pool_of_contacts(self, pools: dict[str, Any], organization: str) -> None:
        path = f"/organizations/{organization}/it_contacts"
        made = [
            {"id": organization, "contact_id": self.call("POST", path, {"email": f"it{number}@acme.example"})["id"]}
            for number in range(2 + SPARE)
        ]
        pools["it_contacts"] = {"kept": made[:2], "spare": made[2:]}

    def saml_connection(self, organization: str, number: int) -> str:
        options = {"idp_sso_url": "https://idp.example/sso", "idp_signing_certs": CERTIFICATES}
        body = {"organization_id": organization, "name": f"SAML {number}", "saml_options": options}
        return self.call("POST", "/connections", body)["id"]

    def directory(self, organization: str, number: int) -> str:
        body = {"organization_id": organization, "name": f"Directory {number}", "type": "gsuite directory", "users": 4, "groups": 2}
        return self.call("POST", "/_mock/directories", body)["id"]

    def webhook_endpoint(self, number: int) -> str:
        body = {"endpoint_url": f"https://hooks.example/{number}", "events": ["dsync.activated"]}
        return self.call("POST", "/webhook_endpoints", body)["id"]


def main() -> int:
    program = os.environ.get("WORKOS_PORTAL_MOCK")
    if not program:
        sys.exit("WORKOS_PORTAL_MOCK has to name the binary of the mock")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WORKOS_")}
    flags = ["--listen", "127.0.0.1:0", "--json", "--log", "error", "--random-seed", "1", "--clock", CLOCK]
    mock = subprocess.Popen([program, *flags], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        line = mock.stdout.readline()
        if not line:
            sys.exit(f"{program} ended before it listened")
        facts = json.loads(line)
        return run(facts["url"], facts["api_key"], environment)
    finally:
        mock.terminate()
        mock.wait()


def run(url: str, key: str, environment: dict[str, str]) -> int:
    ids, report = Path("ids.json").resolve(), Path("report.json").resolve()
    ids.write_text(json.dumps(Seeder(url, key).fill()))
    report.unlink(missing_ok=True)
    arguments = ["--url", url, "--report", "json", "--report-json-path", str(report), *sys.argv[1:]]
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")]
    variables = {
        "WORKOS_API_KEY": key,
        "SCHEMATHESIS_IDS": str(ids),
        "SCHEMATHESIS_HOOKS": "hooks",
        "PYTHONPATH": str(HERE),
        "PYTHONDONTWRITEBYTECODE": "1",
        # Strings are compared by their hash in places, which Python makes up anew for each process.
        "PYTHONHASHSEED": "0",
    }
    finished = subprocess.run([*command, "run", str(DOCUMENT), *arguments], env={**environment, **variables})
    if not report.exists():
        sys.exit(finished.returncode or 1)
    cases = json.loads(report.read_text())["test_cases"]["generated"]
    if cases < FEWEST_CASES:
        print(f"only {cases} cases of at least {FEWEST_CASES}", file=sys.stderr)
        return 1
    return finished.returncode


if __name__ == "__main__":
    sys.exit(main())
