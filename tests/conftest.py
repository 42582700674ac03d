"""Fixtures that every part of the tests uses."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator

from simulator import Simulator
from simulator.core.journal import Entry
from simulator.core.message import Reply, Request
from simulator.server import control, openapi
from simulator.server.control_request import JSON_LINES
from simulator.server.control_routes import ROUTES

# No timed assertions: a loaded machine is no defect. A failing run prints how to repeat it.
settings.register_profile("project", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")


SDK_TESTS = re.compile(r"test_\w+_(sdks_funding|sdks_sockets|npm|node|notbank)|test_(bybit|okx|kraken)_sdks")
"""Files in which unmodified SDKs alone ask: what they send as a matter of course must not be told as unread."""


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """A command that has ended leaves its signals ignored, since its process ends too; that of the tests goes on."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def simulator(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    """A running server of its own, on a free port of 127.0.0.1."""
    unread: list[tuple[str, tuple[str, ...]]] = []

    def listen(exchange: str, account: object, entry: Entry) -> None:
        if entry.unread:
            unread.append((f"{exchange} {entry.endpoint}", entry.unread))

    with Simulator() as running:
        running.service.listeners.append(listen)
        yield running
    if SDK_TESTS.match(request.path.name):
        assert unread == []


@pytest.fixture(scope="session", autouse=True)
def control_answers() -> Iterator[None]:
    """Every control call that a test makes in this process is answered, and taken, as the OpenAPI document says."""
    answer = control.answer

    def held(service: Any, url: str, request: Request, *rest: Any, **named: Any) -> Reply:
        reply = answer(service, url, request, *rest, **named)
        _hold(request, reply)
        return reply

    control.answer = held
    yield
    control.answer = answer


def _hold(request: Request, reply: Reply) -> None:
    told = f"{request.method} {request.target} {request.body!r} -> {reply.status} {reply.body!r}"
    path = next((path for _, path, _ in ROUTES if _fits(path, request.path)), None)
    operation = _document()["paths"].get(f"/_control/{path}", {}).get(request.method.lower())
    if operation is None and any(method == request.method and path == one for method, one, _ in ROUTES):
        return  # a route that nobody has described; tests/server/test_openapi.py says so
    if operation is None:
        assert reply.status in (403, 404, 405), told
        _validator("Problem").validate(json.loads(reply.body))
        return
    assert str(reply.status) in operation["responses"], f"the document does not have this status: {told}"
    described = _resolved(operation["responses"][str(reply.status)])
    if "content" not in described:
        assert not reply.body, told
        return
    media_type = reply.header("Content-Type")
    assert media_type in described["content"], told
    schema = described["content"][media_type]["schema"]
    if media_type == JSON_LINES:
        for line in reply.body.splitlines():
            _validated({"$ref": "#/components/schemas/Entry"}, line, told)
    else:
        _validated(schema, reply.body, told)
    if reply.status < 300 and "requestBody" in operation and request.body:
        _validated(operation["requestBody"]["content"]["application/json"]["schema"], request.body, told)


def _fits(path: str, asked: str) -> bool:
    return control._match(path.split("/"), asked.removeprefix(control.root).split("/")) is not None


@cache
def _document() -> Any:
    return openapi.document(tuple((method, path) for method, path, _ in ROUTES))


def _resolved(described: Any) -> Any:
    return (
        _document()["components"]["responses"][described["$ref"].rpartition("/")[2]]
        if "$ref" in described
        else described
    )


@cache
def _validator(name: str) -> Any:
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": _document()["components"]})


def _validated(schema: Any, body: bytes, told: str) -> None:
    if "$ref" in schema:
        error = next(_validator(schema["$ref"].rpartition("/")[2]).iter_errors(json.loads(body)), None)
        assert error is None, f"{error.json_path}: {error.message}: {told}"
