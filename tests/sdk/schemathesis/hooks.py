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
    "organization_not_found": "which organizations there are",
    "domain_already_verified": "the domain's state",
    "cannot_delete_last_certificate": "how many there are",
    "invalid_audit_log_event": "the schema of the action, which is data",
    "invalid_audit_log_export_range_date": "the clock, three months back from which events are kept for exports",
    "connection_type_not_updatable": "the connection's type",
    "connection_is_not_saml": "the connection's type",
    # One member in the light of another.
    "after_invalid_value": "`before` and `after` are exclusive",
    "range_start_invalid_value": "`range_start` and `after` are exclusive",
    "retention_period_in_days_invalid_value": "`retention_period` and `retention_period_in_days` are exclusive",
    "both_saml_and_oidc_options_provided": "`saml_options` and `oidc_options` are exclusive",
    "connection_type_or_options_required": "one of `saml_options` and `oidc_options` has to be given",
    "saml_options_required": "the options have to fit `connection_type`",
    "oidc_options_required": "the options have to fit `connection_type`",
    "retention_period_required": "one of `retention_period` and `retention_period_in_days` has to be given",
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
    "action": "logged_action",
}


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Puts ids that exist in the place of made-up ones, in three of four requests, where the value is not the point."""
    if is_as_generated(case, ParameterLocation.PATH):
        replace_in_path(case)
    for location, members in ((ParameterLocation.QUERY, case.query), (ParameterLocation.BODY, case.body)):
        if is_as_generated(case, location) and isinstance(members, dict) and members:
            replace_members(members)
            if made_possible := POSSIBLE.get((location, case.operation.path)):
                made_possible(members)


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Drops the failures of valid requests that were refused for a reason of `DEPENDS_ON_MORE`, and those alone."""
    if not isinstance(failure, RejectedPositiveData):
        return True
    body = response.json()
    # An earlier request had the key and another body; the answer has no code.
    if "code" not in body and "idempotency key" in body["message"]:
        return False
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
        if isinstance(value, str) and (known := pick(kind, value)):
            members[name] = known


def possible_connection(connection: dict[str, Any]) -> None:
    """Settings of one protocol, with a certificate."""
    if share_of(connection) % 4 == 0:
        return
    connection["connection_type"] = None
    if connection.get("saml_options"):
        connection["oidc_options"] = None
        options = connection["saml_options"]
        options.pop("idp_metadata_url", None)
        options["idp_sso_url"] = "https://idp.example/sso"
        options["idp_signing_certs"] = IDS["certificate"]["kept"]


def possible_certificate(certificate: dict[str, Any]) -> None:
    if share_of(certificate) % 2:
        certificate["value"] = IDS["certificate"]["kept"][0]


def possible_event(body: dict[str, Any]) -> None:
    """An event of an action that has a schema, which names one kind of target."""
    event = body["event"]
    replace_members(event)
    if share_of(body) % 2:
        event.pop("version", None)
        for target in event["targets"]:
            target["type"] = "team"


def possible_export(export: dict[str, Any]) -> None:
    if share_of(export) % 2:
        export["range_start"] = "2026-12-01T00:00:00Z"


def possible_retention(retention: dict[str, Any]) -> None:
    if len(retention) > 1 and share_of(retention) % 2:
        retention["retention_period"] = None


def possible_page_of_events(query: dict[str, Any]) -> None:
    if share_of(query) % 4:
        query["events"] = ["organization.created", "dsync.user.created"]
        query.pop("before", None)
        if "after" in query:
            query.pop("range_start", None)


POSSIBLE = {
    (ParameterLocation.QUERY, "/events"): possible_page_of_events,
    (ParameterLocation.BODY, "/audit_logs/events"): possible_event,
    (ParameterLocation.BODY, "/audit_logs/exports"): possible_export,
    (ParameterLocation.BODY, "/connections"): possible_connection,
    (ParameterLocation.BODY, "/connections/{id}/saml_idp_signing_certs"): possible_certificate,
    (ParameterLocation.BODY, "/organizations/{id}/audit_logs_retention"): possible_retention,
}


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
    if len(parameters) > 1:
        kind = path.split("/")[3]
    # Few of the connections that requests make have certificates, but those that were there before do.
    made_up = f"certificates of {value}" if len(parameters) == 1 and "/saml_" in path else str(value)
    known = pick(kind, made_up, delete=case.operation.method.lower() == "delete")
    if known is None:
        return
    parameters.update(known if isinstance(known, dict) else {name: known})


def pick(kind: str, value: str, *, delete: bool = False) -> Any:
    """An id of this kind. The same value gives the same id, but a spare one is given only once."""
    share = share_of(value)
    if kind not in IDS or share % 4 == 0 or re.fullmatch(PREFIXES.get(kind, "") + ULID, value):
        return None
    if delete:
        spare = IDS[kind]["spare"]
        return spare.pop() if spare else None
    kept = IDS[kind]["kept"]
    return kept[share % len(kept)]


def share_of(value: Any) -> int:
    """A number that takes the place of chance: the same for the same value, in every run."""
    return zlib.crc32(json.dumps(value, sort_keys=True).encode())
