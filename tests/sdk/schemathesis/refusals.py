"""Which refusals of valid requests are no mistake: those that no schema can rule out, and only where they can occur."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema_rs
from schemathesis.core.parameters import ParameterLocation

DOCUMENT: dict[str, Any] = json.loads(Path(os.environ["WORKOS_PORTAL_DOCUMENT"]).read_text())
# Where the ranges of exports may begin: three months before the clock, which stands.
EARLIEST_EXPORT = datetime.fromisoformat(os.environ["SCHEMATHESIS_EARLIEST_EXPORT"])


@dataclass(frozen=True)
class Refusal:
    """Why no schema can rule it out, and whether a request is one that it can be the answer to."""

    reason: str
    fits: Callable[[Any], bool]


def depends_on_more(code: str | None, field: str, case: Any) -> bool:
    """Whether this refusal of `field` rests on more than the contract can say."""
    known = REFUSALS.get(code or "")
    if known and known.fits(case):
        return True
    value = member(case.body, field)
    # Which letters of the world a domain name may have is more than a pattern can say (RFC 5891).
    return bool(code) and code.endswith("_invalid_format") and "domain" in field and not str(value).isascii()


def is_allowed(case: Any) -> bool:
    """Whether the contract allows the body, its formats included: those of members that may be null are not kept to."""
    body = case.operation.definition.raw.get("requestBody")
    if body is None or not isinstance(case.body, dict | list | str | int | float | bool | None):
        return True
    return is_valid(body["content"]["application/json"]["schema"], case.body)


def is_valid_as_sent(case: Any, url: str) -> bool:
    """Whether a query that was made up as an invalid one is valid as it was sent: there every value is a text."""
    elsewhere = (ParameterLocation.PATH, ParameterLocation.HEADER, ParameterLocation.COOKIE, ParameterLocation.BODY)
    if case.meta is None or any(case.meta.is_negative_at(location) for location in elsewhere):
        return False
    described = {
        parameter["name"]: parameter
        for parameter in case.operation.definition.raw.get("parameters", [])
        if parameter["in"] == "query"
    }
    sent = parse_qs(urlsplit(url).query, keep_blank_values=True)
    missing = {name for name, parameter in described.items() if parameter["required"]} - sent.keys()
    return not missing and all(
        name in described and any(is_valid(described[name]["schema"], read) for read in readings(texts))
        for name, texts in sent.items()
    )


def readings(texts: list[str]) -> list[Any]:
    """What the values of a parameter can be taken for."""
    if len(texts) > 1:
        return [texts]
    (text,) = texts
    number = [int(text)] if re.fullmatch("-?[0-9]{1,20}", text) else []
    return [text, text.split(","), *number]


def is_valid(schema: dict[str, Any], value: Any) -> bool:
    return jsonschema_rs.Draft202012Validator({**DOCUMENT, **schema}, validate_formats=True).is_valid(value)


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


def given(case: Any, path: str) -> bool:
    """Whether the body has this member; null is as good as nothing."""
    return member(case.body, path) is not None


def asked(case: Any, name: str) -> bool:
    return name in (case.query or {})


def at(path: str) -> Callable[[Any], bool]:
    """The operations whose path has this in it."""
    return lambda case: path in case.operation.path


def saml(case: Any, name: str) -> bool:
    return given(case, f"saml_options.{name}")


def by_value(case: Any) -> bool:
    return any(saml(case, name) for name in ("idp_entity_id", "idp_sso_url", "idp_signing_certs"))


def method(case: Any) -> Any:
    return member(case.body, "oidc_options.token_authentication_method")


def kind(case: Any) -> str:
    """SAML, OIDC or nothing, by the end of the connection's type."""
    name = str(member(case.body, "connection_type")).upper()
    return next((kind for kind in ("SAML", "OIDC") if name.endswith(kind)), "")


def is_creation(case: Any) -> bool:
    return case.operation.method.upper() == "POST"


def has_domain_twice(case: Any) -> bool:
    domains = [str(data.get("domain")).lower().rstrip(".") for data in member(case.body, "domain_data") or []]
    return len(set(domains)) < len(domains)


def begins_too_early_or_late(case: Any) -> bool:
    start, end = (member(case.body, name) for name in ("range_start", "range_end"))
    try:
        start, end = (datetime.fromisoformat(text.upper()) for text in (start, end))
    except ValueError:
        # A leap second, or an instant of the year 0.
        return at("/audit_logs/exports")(case)
    return start < EARLIEST_EXPORT or end < start


REFUSALS = {
    # What is stored already.
    "external_id_already_used": Refusal("another object has it", lambda case: given(case, "external_id")),
    "stripe_customer_id_already_used": Refusal(
        "another organization has it", lambda case: given(case, "stripe_customer_id")
    ),
    "organization_not_found": Refusal("which organizations there are", lambda case: given(case, "organization_id")),
    "email_too_many": Refusal("how many contacts the organization has", at("/organizations/{id}/it_contacts")),
    "it_contact_emails_too_many": Refusal(
        "how many contacts the organization has",
        lambda case: given(case, "it_contact_emails") or given(case, "admin_emails"),
    ),
    "domain_already_verified": Refusal("the domain's state", at("/organization_domains/{id}/verify")),
    "cannot_delete_last_certificate": Refusal("how many there are", at("/saml_idp_signing_certs/{certificate_id}")),
    "invalid_audit_log_event": Refusal("the schema of the action, which is data", at("/audit_logs/events")),
    "connection_type_not_updatable": Refusal("the connection's type", lambda case: given(case, "connection_type")),
    "connection_is_not_saml": Refusal("the connection's type", at("/connections/{id}/saml_")),
    # The clock, and one instant in the light of another.
    "invalid_audit_log_export_range_date": Refusal(
        "events are kept for exports for three months, and ranges begin before they end", begins_too_early_or_late
    ),
    # One parameter of a query in the light of another: OpenAPI describes each for itself.
    "after_invalid_value": Refusal(
        "`before` and `after` are exclusive", lambda case: asked(case, "before") and asked(case, "after")
    ),
    "range_start_invalid_value": Refusal(
        "`range_start` and `after` are exclusive", lambda case: asked(case, "range_start") and asked(case, "after")
    ),
    "directory_required": Refusal(
        "one of `directory` and `user` or `group` has to be given", lambda case: not asked(case, "directory")
    ),
    "user_required": Refusal(
        "one of `directory` and `user` has to be given",
        lambda case: not asked(case, "directory") and not asked(case, "user"),
    ),
    "group_required": Refusal(
        "one of `directory` and `group` has to be given",
        lambda case: not asked(case, "directory") and not asked(case, "group"),
    ),
    "idp_id_invalid_value": Refusal(
        "`idp_id` is looked for in a `directory`", lambda case: asked(case, "idp_id") and not asked(case, "directory")
    ),
    "email_invalid_value": Refusal(
        "`email` is looked for in a `directory`", lambda case: asked(case, "email") and not asked(case, "directory")
    ),
    # One member of a body in the light of another, where each of them may be null.
    "domain_data_domain_duplicate": Refusal("a domain is given twice, with different states", has_domain_twice),
    "retention_period_in_days_invalid_value": Refusal(
        "`retention_period` and `retention_period_in_days` are exclusive",
        lambda case: given(case, "retention_period") and given(case, "retention_period_in_days"),
    ),
    "retention_period_required": Refusal(
        "one of `retention_period` and `retention_period_in_days` has to be given",
        lambda case: not given(case, "retention_period") and not given(case, "retention_period_in_days"),
    ),
    "both_saml_and_oidc_options_provided": Refusal(
        "`saml_options` and `oidc_options` are exclusive",
        lambda case: given(case, "saml_options") and given(case, "oidc_options"),
    ),
    "connection_type_or_options_required": Refusal(
        "one of `connection_type`, `saml_options` and `oidc_options` has to be given",
        lambda case: not any(given(case, name) for name in ("connection_type", "saml_options", "oidc_options")),
    ),
    "saml_options_required": Refusal(
        "`connection_type` asks for its options", lambda case: kind(case) == "SAML" and not given(case, "saml_options")
    ),
    "oidc_options_required": Refusal(
        "`connection_type` asks for its options", lambda case: kind(case) == "OIDC" and not given(case, "oidc_options")
    ),
    "connection_type_conflicts_with_options": Refusal(
        "the options have to fit the type, the given one or that of the stored connection",
        lambda case: (given(case, "saml_options") or given(case, "oidc_options"))
        and (given(case, "connection_type") or not is_creation(case)),
    ),
    "ambiguous_saml_options": Refusal(
        "`idp_metadata_url` and the values one by one are exclusive, also with what is stored",
        lambda case: by_value(case) and (saml(case, "idp_metadata_url") or not is_creation(case)),
    ),
    "incomplete_saml_options": Refusal(
        "without `idp_metadata_url` the values one by one have to be whole",
        lambda case: not saml(case, "idp_metadata_url")
        and not (saml(case, "idp_sso_url") and member(case.body, "saml_options.idp_signing_certs")),
    ),
    "client_secret_required": Refusal(
        "the method of authentication asks for a secret",
        lambda case: method(case) != "private_key_jwt" and not given(case, "oidc_options.client_secret"),
    ),
    "client_secret_not_accepted": Refusal(
        "`private_key_jwt`, given or stored, has no secret",
        lambda case: given(case, "oidc_options.client_secret")
        and (method(case) == "private_key_jwt" or not is_creation(case)),
    ),
    "key_pair_not_accepted": Refusal(
        "the key pair is for `private_key_jwt`",
        lambda case: method(case) != "private_key_jwt" and given(case, "oidc_options.jwt_signing_key_pair"),
    ),
    # WorkOS's document allows it and names the code of the refusal.
    "invalid_events_request": Refusal(
        "GET /events without `events`", lambda case: at("/events")(case) and not (case.query or {}).get("events")
    ),
    "connection_type_not_supported": Refusal(
        "types of connections that are neither SAML nor OIDC",
        lambda case: given(case, "connection_type") and not kind(case),
    ),
    # What is encoded in a string.
    "invalid_certificate": Refusal("X.509 in PEM", at("/connections")),
    "certificate_expired": Refusal("X.509 in PEM", at("/connections")),
    **{
        f"{field}_key_invalid_format": Refusal("a private key in PEM", at("/connections"))
        for field in (
            "saml_options_sp_signing_key_pair",
            "saml_options_sp_encryption_key_pairs",
            "oidc_options_jwt_signing_key_pair",
        )
    },
}
