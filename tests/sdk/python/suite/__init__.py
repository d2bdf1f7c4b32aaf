"""Everything that WorkOS's Python SDK can do with the operations of the mock, with both of its clients.

`python -m unittest suite`; WORKOS_PORTAL_MOCK names the mock's binary.
"""

import unittest

from . import conduct, coverage, resources, setups, webhooks
from .harness import Cases


def load_tests(loader: unittest.TestLoader, _tests: unittest.TestSuite, _pattern: str | None) -> unittest.TestSuite:
    """Runs each class of tests with the blocking client and with the asynchronous one, and looks at the coverage last."""
    suite = unittest.TestSuite()
    for module in (resources, setups, webhooks, conduct):
        for cases in vars(module).values():
            if isinstance(cases, type) and issubclass(cases, Cases) and loader.getTestCaseNames(cases):
                with_async = type(f"{cases.__name__}Async", (cases,), {"asynchronous": True, "__module__": cases.__module__})
                suite.addTests(map(loader.loadTestsFromTestCase, (cases, with_async)))
    suite.addTests(loader.loadTestsFromModule(coverage))
    return suite
