"""What schemathesis cannot know of the mock: which ids there are, and which refusals depend on more than the contract.

`SCHEMATHESIS_IDS` names a JSON file of ids by kind: `kept` ones, that no request deletes, and `spare` ones, that may go.
"""

import json
import os
import re
import zlib
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.openapi.checks import RejectedPositiveData

IDS: dict[str, dict[str, list[Any]]] = json.loads(Path(os.environ["SCHEMATHESIS_IDS"]).read_text())

# Codes of refusals that a schema-valid request can meet, each with the reason why no schema can rule it out.
# A refusal for any other reason is a failure: then the contract says less than the mock demands.
DEPENDS_ON_MORE = {
    # What is stored already.
    "external_id_already_used": "another object has it",
    "stripe_customer_id_already_used": "another organization has it",
    "idempotency_key_reused": "an earlier request had the key and another body",
    "domain_already_verified": "the domain's state",
    "cannot_delete_last_certificate": "how many there are",
    "invalid_audit_log_event": "the schema of the action, which is data",
    "invalid_audit_log_export_range_date": "the clock, three months back from which events are kept for exports",
    "connection_type_not_updatable": "the connection's type",
    # One member in the light of another.
    "after_invalid_value": "`before` and `after` are exclusive",
    "range_start_invalid_value": "`range_start` and `after` are exclusive",
    "retention_period_in_days_invalid_value": "`retention_period` and `retention_period_in_days` are exclusive",
    "directory_required": "one of `directory` and `user` or `group` has to be given",
    "user_required": "one of `directory` and `user` has to be given",
    "group_required": "one of `directory` and `group` has to be given",
    # WorkOS's document allows it and names the code of the refusal.
    "invalid_events_request": "GET /events without `events`",
    "connection_type_not_supported": "types of connections that are neither SAML nor OIDC",
    # What is encoded in a string.
    "invalid_certificate": "X.509 in PEM",
}

# `format: uri`, which schemathesis takes for any string where null is allowed too.
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+")

# What the end of the mock's ids looks like. An id of the right kind came out of an answer and is left alone.
ULID = "[0-7][0-9A-HJKMNP-TV-Z]{25}"

# What ids of a kind begin with.
PREFIXES = {
    "organization": "org_",
    "organization_domain": "org_domain_",
    "connection": "conn_",
    "directory": "directory_",
    "directory_user": "directory_user_",
    "directory_group": "directory_group_",
    "webhook_endpoint": "we_",
    "audit_log_export": "audit_log_export_",
    "it_contacts": "org_",
    "saml_idp_signing_certs": "conn_",
    "saml_sp_encryption_certs": "conn_",
    "saml_sp_signing_cert": "conn_",
}

# Kind of the object that a path begins with.
KINDS = {
    "/organizations/external_id/": "external_id",
    "/organizations/": "organization",
    "/organization_domains/": "organization_domain",
    "/connections/": "connection",
    "/directories/": "directory",
    "/directory_users/": "directory_user",
    "/directory_groups/": "directory_group",
    "/webhook_endpoints/": "webhook_endpoint",
    "/audit_logs/exports/": "audit_log_export",
    "/audit_logs/actions/": "audit_log_action",
}

# Kind of the object that a member of a query or a body names.
MEMBERS = {
    "organization": "organization",
    "organization_id": "organization",
    "directory": "directory",
    "user": "directory_user",
    "group": "directory_group",
    "action": "audit_log_action",
}


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Puts ids that exist in the place of made-up ones, in three of four requests, where the value is not the point."""
    if is_as_generated(case, ParameterLocation.PATH):
        replace_in_path(case)
    for location, members in ((ParameterLocation.QUERY, case.query), (ParameterLocation.BODY, case.body)):
        if is_as_generated(case, location) and isinstance(members, dict):
            replace_members(members)
            if location is ParameterLocation.BODY and case.operation.path == "/audit_logs/events":
                replace_members(members["event"])
            if location is ParameterLocation.BODY and case.operation.path == "/connections":
                make_possible(members)


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Drops the failures of valid requests that were refused for a reason of `DEPENDS_ON_MORE`, and those alone."""
    if not isinstance(failure, RejectedPositiveData):
        return True
    body = response.json()
    errors = [error for error in body.get("errors", []) if "field" in error] or [{"code": body.get("code"), "field": ""}]
    return not all(depends_on_more(error["code"], error["field"], case) for error in errors)


def depends_on_more(code: str | None, field: str, case: Any) -> bool:
    if code in DEPENDS_ON_MORE:
        return True
    value = member(case.body, field)
    if not isinstance(value, str) or not code or not code.endswith("_invalid_format"):
        return False
    if "domain" in field:
        # Which letters of the world a domain name may have is more than a pattern can say (RFC 5891).
        return not value.isascii()
    return not URI.fullmatch(value)


def member(body: Any, path: str) -> Any:
    """The member of a body that a dotted path leads to."""
    for step in path.split("."):
        if isinstance(body, list) and step.isdecimal() and int(step) < len(body):
            body = body[int(step)]
        elif isinstance(body, dict):
            body = body.get(step)
        else:
            return None
    return body


def replace_members(members: dict[str, Any]) -> None:
    for name, kind in MEMBERS.items():
        value = members.get(name)
        if isinstance(value, str) and value and (known := pick(kind, value)):
            members[name] = known


def make_possible(connection: dict[str, Any]) -> None:
    """Gives most connections settings of one protocol and a certificate, which chance does not find."""
    share = zlib.crc32(json.dumps(connection, sort_keys=True).encode("utf-8", "surrogatepass"))
    if share % 4 == 0:
        return
    connection["connection_type"] = None
    saml, oidc = connection.get("saml_options"), connection.get("oidc_options")
    if saml and oidc:
        del connection["oidc_options"]
    if saml:
        saml["idp_metadata_url"] = None
        saml["idp_sso_url"] = "https://idp.example/sso"
        saml["idp_signing_certs"] = IDS["certificate"]["kept"]


def is_as_generated(case: Any, location: ParameterLocation) -> bool:
    """Whether this part of a request may be changed: it is not what makes the request an invalid one."""
    return case.meta is not None and not case.meta.is_negative_at(location)


def replace_in_path(case: Any) -> None:
    """One object for all parameters of a path, as a contact belongs to its organization."""
    parameters = case.path_parameters
    if not parameters:
        return
    path = case.operation.path
    name, value = next(iter(parameters.items()))
    kind = next(kind for prefix, kind in KINDS.items() if path.startswith(prefix))
    nested = path.split("/")[3] if len(parameters) > 1 else None
    known = pick(nested or kind, str(value), delete=case.operation.method.lower() == "delete")
    if known is None:
        return
    parameters.update(known if isinstance(known, dict) else {name: known})


def pick(kind: str, value: str, *, delete: bool = False) -> Any:
    """An id of this kind. The same value gives the same id, but a spare one is given only once."""
    share = zlib.crc32(value.encode("utf-8", "surrogatepass"))
    if kind not in IDS or share % 4 == 0 or re.fullmatch(PREFIXES.get(kind, "") + ULID, value):
        return None
    if delete:
        spare = IDS[kind]["spare"]
        return spare.pop() if spare else None
    kept = IDS[kind]["kept"]
    return kept[share % len(kept)]
