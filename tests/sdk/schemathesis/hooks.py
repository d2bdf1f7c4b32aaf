"""What schemathesis cannot know of the mock: which ids there are, what goes together, which refusals are no mistake.

`SCHEMATHESIS_IDS` names a JSON file of what `run.py` has made: `kept` objects by kind, that no request deletes, and by
operation parameters of its path that are good for one request, `once`, which the first valid requests get.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import schemathesis
from possible import Possible, share_of
from refusals import depends_on_more, is_allowed, is_valid_as_sent
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.core.parameters import ParameterLocation
from schemathesis.openapi.checks import RejectedPositiveData

IDS: dict[str, dict[str, list[Any]]] = json.loads(Path(os.environ["SCHEMATHESIS_IDS"]).read_text())
KEPT, ONCE = IDS["kept"], IDS["once"]
POSSIBLE = Possible(KEPT)

# What the end of the mock's ids looks like. An id of the right kind came out of an answer and is left alone.
ULID = "[0-7][0-9A-HJKMNP-TV-Z]{25}"

# What ids of a kind begin with.
PREFIXES = {
    "organization": "org_",
    "organization_domain": "org_domain_",
    "connection": "conn_",
    "oidc_connection": "conn_",
    "directory": "directory_",
    "directory_user": "directory_user_",
    "directory_group": "directory_group_",
    "webhook_endpoint": "we_",
    "audit_log_export": "audit_log_export_",
    "it_contacts": "org_",
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

# Everything that has to stay, so that what comes later finds it.
PROTECTED = {
    text
    for objects in KEPT.values()
    for kept in objects
    for text in (kept.values() if isinstance(kept, dict) else [kept])
}


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Puts ids that exist in the place of made-up ones, in three of four requests, where the value is not the point."""
    if is_as_generated(case, ParameterLocation.PATH):
        replace_in_path(case)
    for location, members in ((ParameterLocation.QUERY, case.query), (ParameterLocation.BODY, case.body)):
        if is_as_generated(case, location) and isinstance(members, dict):
            replace_members(members)
            POSSIBLE.change(location, case, members)


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Drops the failures of valid requests that were refused for a reason of `refusals`, and those that are none."""
    if isinstance(failure, AcceptedNegativeData):
        return not is_valid_as_sent(case, response.request.url)
    if not isinstance(failure, RejectedPositiveData):
        return True
    body = response.json()
    # An earlier request had the key and another body; the answer has no code.
    if "code" not in body and "idempotency key" in body["message"]:
        return False
    if not is_allowed(case):
        return False
    errors = [error for error in body.get("errors", []) if "field" in error]
    errors = errors or [{"code": body.get("code"), "field": ""}]
    return not all(depends_on_more(error["code"], error["field"], case) for error in errors)


def is_as_generated(case: Any, location: ParameterLocation) -> bool:
    """Whether this part of a request may be changed: it is not what makes the request an invalid one."""
    return case.meta is not None and not case.meta.is_negative_at(location)


def replace_members(members: dict[str, Any]) -> None:
    for name, kind in MEMBERS.items():
        value = members.get(name)
        if isinstance(value, str) and (known := pick(kind, value)):
            members[name] = known


def replace_in_path(case: Any) -> None:
    """One object for all parameters of a path, as a contact belongs to its organization."""
    parameters = case.path_parameters
    if not parameters:
        return
    name, value = next(iter(parameters.items()))
    *_, last = parameters.values()
    label = f"{case.operation.method.upper()} {case.operation.path}"
    # Requests that are refused for something else use nothing up.
    valid = case.meta.generation.mode.is_positive
    if valid and ONCE.get(label):
        parameters.update(ONCE[label].pop())
        return
    if case.operation.method.upper() == "DELETE":
        if last in PROTECTED:
            parameters.update({name: f"{known.rpartition('_')[0]}_{'0' * 26}" for name, known in parameters.items()})
        return
    known = pick(kind_in_path(case), str(value))
    if known is not None:
        parameters.update(known if isinstance(known, dict) else {name: known})


def kind_in_path(case: Any) -> str:
    path = case.operation.path
    if len(case.path_parameters) > 1:
        return path.split("/")[3]
    options = case.body if isinstance(case.body, dict) else {}
    if path == "/connections/{id}" and options.get("oidc_options") and not options.get("saml_options"):
        return "oidc_connection"
    return next(kind for prefix, kind in KINDS.items() if path.startswith(prefix))


def pick(kind: str, value: str) -> Any:
    """An object of this kind. The same value gives the same one."""
    share = share_of(value)
    if kind not in KEPT or share % 4 == 0 or re.fullmatch(PREFIXES.get(kind, "") + ULID, value):
        return None
    return KEPT[kind][share % len(KEPT[kind])]
