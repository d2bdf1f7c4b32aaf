"""Which methods of the SDK lead to the operations that the mock serves, read out of the SDK itself."""

import ast
import importlib
import inspect
import json
import os
import pkgutil
import re
import unittest
from collections.abc import Iterator
from pathlib import Path

import workos

from .harness import succeeded

DOCUMENT = Path(os.environ.get("WORKOS_PORTAL_DOCUMENT") or Path(__file__).parents[4] / "openapi/portal.json")

# What version 10.8.0 has, half of them in the asynchronous client.
METHODS = 106


def operations() -> set[tuple[str, str]]:
    """Method and path of each operation of the contract, with `{}` for what is variable."""
    paths = json.loads(DOCUMENT.read_text())["paths"]
    return {(method, re.sub(r"\{[^}]*\}", "{}", path)) for path, item in paths.items() for method in item}


def requests(function: ast.AST) -> Iterator[tuple[str, str]]:
    """The requests that a method makes, in the form of `operations`."""
    for call in ast.walk(function):
        if not isinstance(call, ast.Call):
            continue
        arguments = {keyword.arg: keyword.value for keyword in call.keywords}
        method, path = arguments.get("method"), arguments.get("path")
        if isinstance(method, ast.Constant) and isinstance(path, ast.Tuple):
            segments = [part.value if isinstance(part, ast.Constant) else "{}" for part in path.elts]
            yield method.value, "/" + "/".join(segments)


def methods_of_our_operations() -> set[str]:
    """Every method of every resource that leads to one of our operations, as `Class.method`."""
    ours = operations()
    found = set()
    for module in pkgutil.walk_packages(workos.__path__, "workos."):
        if not module.name.endswith("._resource"):
            continue
        tree = ast.parse(inspect.getsource(importlib.import_module(module.name)))
        for resource in tree.body:
            if not isinstance(resource, ast.ClassDef):
                continue
            for function in resource.body:
                if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) and ours & set(requests(function)):
                    found.add(f"{resource.name}.{function.name}")
    return found


class Coverage(unittest.TestCase):
    """Looks back on the tests that ran before it."""

    maxDiff = None

    def test_every_method_that_leads_to_our_operations_succeeded_in_a_test(self) -> None:
        methods = methods_of_our_operations()
        self.assertEqual(len(methods), METHODS)
        self.assertEqual(sorted(methods - succeeded), [])
