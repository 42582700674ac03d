"""The pytest plugin of exchange-simulator: a server for the session, a fresh account for each test.

A module with a top-level name of its own that imports nothing of ours when it loads: pytest loads it in repositories
that have a package called `simulator`, and in runs that use none of its fixtures. Needs nothing but pytest 8 or newer.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

    from simulator import Simulator
    from simulator.plugin.watch import Watch
    from simulator.server.exchange_handle import AccountHandle, ExchangeHandle


@dataclass
class Session:
    """What this run was asked for, the test that is running, and the watch once a fixture has started it."""

    url: str | None
    strict: bool
    shared: bool  # several workers use the simulator at `url`
    test: str = "session"
    test_is_strict: bool = False
    watch: Watch | None = None


session_key = pytest.StashKey[Session]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("exchange-simulator")
    url = "use the exchange simulator that runs at URL (default: $EXCHANGE_SIMULATOR_URL, else this run has its own)"
    group.addoption("--simulator-url", metavar="URL", help=url)
    strict = "fail a test whose client called an unknown route of the exchange simulator or used an unknown key"
    group.addoption("--simulator-strict", action="store_true", default=False, help=strict)
    parser.addini("simulator_strict", strict, type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    for marker in (
        "exchange_account(exchange, **options): options of this test's account at 'bybit', 'okx', 'kraken' or "
        "'alphapoint', such as balances={'USDT': '5'} or behavior={...}; they go over <exchange>_account_settings, "
        "and of several markers the closest wins, option by option",
        "exchange_strict(on=True): whether calls of unknown routes and keys fail this test, whatever the run says",
    ):
        config.addinivalue_line("markers", marker)
    url = config.getoption("--simulator-url") or os.environ.get("EXCHANGE_SIMULATOR_URL") or None
    strict = bool(config.getoption("--simulator-strict") or config.getini("simulator_strict"))
    workers = hasattr(config, "workerinput") or bool(config.getoption("numprocesses", None))
    config.stash[session_key] = Session(url, strict, shared=bool(url) and workers)


def pytest_report_header(config: pytest.Config) -> str | None:
    url = config.stash[session_key].url
    return f"exchange-simulator: {url}" if url else None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    session = item.config.stash[session_key]
    marker = item.get_closest_marker("exchange_strict")
    session.test = item.nodeid
    session.test_is_strict = session.strict if marker is None else _switch(marker)
    if session.test_is_strict and session.shared:
        _fail("strict mode cannot tell workers apart that share one simulator: use -n 0, or leave --simulator-url away")
    if session.watch is not None:
        with _told("exchange_simulator"):
            used = "exchange_simulator" in getattr(item, "fixturenames", ())
            session.watch.begin(strict=session.test_is_strict, used=used)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    try:
        result = yield
    except BaseException:
        _strays(item)  # it has failed already: once is enough
        raise
    _complain(item)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    result = yield
    _complain(item)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    watch = item.config.stash[session_key].watch
    if report.failed and watch is not None and (text := watch.transcript()):
        report.sections.append(("exchange simulator", text))
    return report


def _strays(item: pytest.Item) -> list[str]:
    session = item.config.stash[session_key]
    if session.watch is None or not session.test_is_strict:
        return []
    with _told("exchange_simulator"):
        return session.watch.strays()


def _complain(item: pytest.Item) -> None:
    if strays := _strays(item):
        _fail("\n  ".join(["strict mode: a client called an unknown route or used an unknown key", *strays]))


def _switch(marker: pytest.Mark) -> bool:
    given = (*marker.args, *marker.kwargs.values())
    if given not in ((), (True,), (False,)) or not set(marker.kwargs) <= {"on"}:
        _fail(f"exchange_strict takes True or False, not {str(given)[:80]}")
    return given != (False,)


def _fail(sentence: str) -> NoReturn:
    raise pytest.fail.Exception(sentence, pytrace=False) from None  # as `pytest.fail`, and nothing behind it


@contextmanager
def _told(what: str) -> Iterator[None]:
    """A wrong use of the simulator as a failure that is its sentence alone."""
    from simulator.core.misuse import Misuse

    try:
        yield
    except Misuse as misuse:
        _fail(f"{what}: {misuse}")


def _require_ours() -> None:
    """Fail when `simulator` is not our package: a repository's own one goes first on `sys.path`."""
    try:
        spec = find_spec("simulator")
    except ValueError:  # a module without a spec was put into sys.modules
        spec = None
    places = [Path(place) for place in spec.submodule_search_locations or ()] if spec else []
    if any((place / "plugin" / "remote_account.py").is_file() for place in places):
        return
    found = (spec.origin if spec else getattr(sys.modules.get("simulator"), "__file__", None)) or "nothing"
    taken = f"exchange_simulator needs its own package 'simulator', but that name is taken by {found}"
    _fail(f"{taken}: rename that package, or keep its folder off sys.path in this run")


@pytest.fixture(scope="session")
def exchange_simulator_settings() -> dict[str, Any]:
    """Override it to start the simulator with other settings, such as {"seed": 7} (not used with --simulator-url)."""
    return {}


@pytest.fixture(scope="session")
def exchange_simulator(pytestconfig: pytest.Config, exchange_simulator_settings: dict[str, Any]) -> Iterator[Simulator]:
    """The exchange simulator, running for the whole session: `exchange_simulator.url`, `.bybit.account()` and so on."""
    _require_ours()
    from simulator.plugin.options import settings
    from simulator.plugin.watch import watched

    session = pytestconfig.stash[session_key]
    with ExitStack() as stack:
        with _told("exchange_simulator"):
            given = settings("exchange_simulator_settings", exchange_simulator_settings)
            session.watch = stack.enter_context(watched(session.url, given, lambda: session.test, not session.shared))
            session.watch.begin(strict=session.test_is_strict, used=True)
        yield session.watch.simulator
        session.watch = None


@pytest.fixture(scope="session")
def bybit_account_settings() -> dict[str, Any]:
    """Override it to give `bybit_account` other options than the defaults, such as {"balances": {"USDT": "5"}}."""
    return {}


@pytest.fixture(scope="session")
def okx_account_settings() -> dict[str, Any]:
    """Override it to give `okx_account` other options than the defaults, such as {"passphrase": "mine"}."""
    return {}


@pytest.fixture(scope="session")
def kraken_account_settings() -> dict[str, Any]:
    """Override it to give `kraken_account` other options than the defaults, such as {"nonce_window": 10_000}."""
    return {}


@pytest.fixture(scope="session")
def alphapoint_account_settings() -> dict[str, Any]:
    """Override it to give `alphapoint_account` other options than the defaults, such as {"use_2fa": True}."""
    return {}


@pytest.fixture
def bybit_account(
    request: pytest.FixtureRequest, exchange_simulator: Simulator, bybit_account_settings: dict[str, Any]
) -> Iterator[AccountHandle]:
    """A fresh Bybit account, deleted after the test: `.api_key`, `.api_secret`, `.url`, `.withdrawal("USDT", "10")`."""
    with _account(request, exchange_simulator.bybit, bybit_account_settings) as account:
        yield account


@pytest.fixture
def okx_account(
    request: pytest.FixtureRequest, exchange_simulator: Simulator, okx_account_settings: dict[str, Any]
) -> Iterator[AccountHandle]:
    """A fresh OKX account, deleted after the test: `.api_key`, `.api_secret`, `.passphrase`, `.url` and so on."""
    with _account(request, exchange_simulator.okx, okx_account_settings) as account:
        yield account


@pytest.fixture
def kraken_account(
    request: pytest.FixtureRequest, exchange_simulator: Simulator, kraken_account_settings: dict[str, Any]
) -> Iterator[AccountHandle]:
    """A fresh Kraken account, deleted after the test: `.api_key`, `.api_secret`, `.url` and so on."""
    with _account(request, exchange_simulator.kraken, kraken_account_settings) as account:
        yield account


@pytest.fixture
def alphapoint_account(
    request: pytest.FixtureRequest, exchange_simulator: Simulator, alphapoint_account_settings: dict[str, Any]
) -> Iterator[AccountHandle]:
    """A fresh AlphaPoint account, deleted after the test: `.credentials`, `.client_settings`, `.url` and so on."""
    with _account(request, exchange_simulator.alphapoint, alphapoint_account_settings) as account:
        yield account


def _account(request: pytest.FixtureRequest, exchange: ExchangeHandle, settings: object) -> AccountHandle:
    from simulator.plugin.options import account_options

    with _told(f"{exchange.name}_account"):
        markers = request.node.iter_markers("exchange_account")
        return exchange.account(**account_options(exchange.name, settings, markers))
