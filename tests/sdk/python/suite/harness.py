"""Starts the mock, and hands out SDK clients whose calls are recorded."""

import asyncio
import inspect
import json
import os
import subprocess
import unittest
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest import mock as patching

import httpx2
import workos
from workos import _base_client

# Every SDK method that was called and did what it says, as `Class.method`.
succeeded: set[str] = set()


class Mock:
    """A mock of its own, on a free port."""

    def __init__(self, *flags: str) -> None:
        program = os.environ.get("WORKOS_PORTAL_MOCK")
        if not program:
            raise RuntimeError("WORKOS_PORTAL_MOCK has to name the binary of the mock")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WORKOS_")}
        self._process = subprocess.Popen(
            [program, "--listen", "127.0.0.1:0", "--json", "--log", "error", *flags],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{program} ended before it listened")
        facts = json.loads(line)
        self.url: str = facts["url"]
        self.api_key: str = facts["api_key"]
        self.organization_id: str = facts["organization_id"]

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()

    def control(self, path: str, body: Any = None, method: str = "POST") -> Any:
        """A call of the mock's own controls."""
        request = urllib.request.Request(
            f"{self.url}/_mock{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.api_key}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request) as response:
                text = response.read()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} /_mock{path}: {error.code} {error.read().decode()}") from error
        return json.loads(text) if text else None


@dataclass(frozen=True)
class Request:
    """A request that the SDK sent, and how it was answered."""

    method: str
    path: str
    status: int
    key: str | None

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"


class Client:
    """One of the SDK's clients. What is asynchronous about it is waited for, so that tests of both read alike."""

    def __init__(self, mock: Mock, *, asynchronous: bool, api_key: str | None = None) -> None:
        self.requests: list[Request] = []
        self._loop = asyncio.new_event_loop() if asynchronous else None
        options = {"api_key": api_key or mock.api_key, "client_id": "client_test_default", "base_url": mock.url}
        if asynchronous:
            self._http = httpx2.AsyncClient(event_hooks={"response": [self._record_later]})
            self._sdk = workos.AsyncWorkOSClient(http_client=self._http, **options)
        else:
            self._http = httpx2.Client(event_hooks={"response": [self._record]})
            self._sdk = workos.WorkOSClient(http_client=self._http, **options)

    def close(self) -> None:
        if self._loop:
            self._loop.run_until_complete(self._http.aclose())
            self._loop.close()
        else:
            self._http.close()

    def __getattr__(self, name: str) -> "Resource":
        return Resource(self, getattr(self._sdk, name))

    def sent(self, start: int = 0) -> list[str]:
        """What was sent since `start` requests, as `METHOD path status`."""
        return [str(request) for request in self.requests[start:]]

    def everything(self, page: Any) -> list[Any]:
        """The objects of this page and of all that follow it."""
        items = page.auto_paging_iter()
        if not self._loop:
            return list(items)

        async def collect() -> list[Any]:
            return [item async for item in items]

        return self._loop.run_until_complete(collect())

    def result_of(self, call: Callable[..., Any], *args: Any, **options: Any) -> Any:
        result = call(*args, **options)
        return self._loop.run_until_complete(result) if inspect.isawaitable(result) else result

    def _record(self, response: httpx2.Response) -> None:
        request = response.request
        key = request.headers.get("Idempotency-Key")
        self.requests.append(Request(request.method, request.url.path, response.status_code, key))

    async def _record_later(self, response: httpx2.Response) -> None:
        self._record(response)


class Resource:
    """A resource of the SDK that records which of its methods succeed."""

    def __init__(self, client: Client, resource: Any) -> None:
        self._client = client
        self._resource = resource

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._resource, name)

        def call(*args: Any, **options: Any) -> Any:
            result = self._client.result_of(method, *args, **options)
            succeeded.add(f"{type(self._resource).__name__}.{name}")
            return result

        return call


class Cases(unittest.TestCase):
    """Tests that share a mock and a client."""

    asynchronous = False
    maxDiff = None

    @classmethod
    def setUpClass(cls) -> None:
        cls.mock = Mock()
        cls.addClassCleanup(cls.mock.stop)
        cls.workos = cls.client()

    @classmethod
    def client(cls, api_key: str | None = None) -> Client:
        client = Client(cls.mock, asynchronous=cls.asynchronous, api_key=api_key)
        cls.addClassCleanup(client.close)
        return client


@contextmanager
def without_waiting() -> Iterator[list[float]]:
    """Every wait of the SDK is over at once. Gives the waits that it asked for, in seconds."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    with (
        patching.patch.object(_base_client, "time", SimpleNamespace(sleep=waits.append)),
        patching.patch.object(_base_client, "asyncio", SimpleNamespace(sleep=sleep)),
    ):
        yield waits
