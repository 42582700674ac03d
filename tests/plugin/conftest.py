"""A repository of somebody who uses the plugin, run in a process of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., pytest.RunResult]

CLIENT = """
import http.client
import time
from urllib.parse import urlsplit

from contracts.dialects import bybit
from contracts.wire import HttpCall


def send(url, call):
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request(call.method, call.target, call.body, dict(call.headers))
    reply = connection.getresponse()
    body = reply.read()
    connection.close()
    return body


def cancel(account, withdrawal, **credentials):
    body = b'{"id":"%s"}' % withdrawal.encode()
    bare = HttpCall("POST", "/v5/asset/withdraw/cancel", (("Content-Type", "application/json"),), body)
    return send(account.url, bybit.signed(bare, {**account.credentials, **credentials}, time.time_ns() // 1_000_000))
"""


@pytest.fixture
def repository(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An empty repository with a Bybit client, `client.py`; no plugin is loaded in it unless it is asked for."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(ROOT / "simulator" / "plugin" / "entry")]))
    monkeypatch.delenv("EXCHANGE_SIMULATOR_URL", raising=False)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makepyprojecttoml(
        """
        [tool.pytest.ini_options]
        addopts = ["--strict-markers", "--strict-config", "-p", "no:cacheprovider"]
        filterwarnings = ["error"]
        """
    )
    pytester.makepyfile(client=CLIENT)
    return pytester


@pytest.fixture
def run(repository: pytest.Pytester) -> Run:
    """Runs the repository's tests with our plugin and those that are named."""

    def start(*arguments: str, plugins: tuple[str, ...] = ()) -> pytest.RunResult:
        loaded = [word for name in ("exchange_simulator_plugin", *plugins) for word in ("-p", name)]
        return repository.runpytest_subprocess(*loaded, *arguments)

    return start
