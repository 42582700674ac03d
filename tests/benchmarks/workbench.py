"""What the workbench costs, each figure beside something bare that was measured in the same run.

    python tests/benchmarks/workbench.py            a table of medians, ratios and goals
    python tests/benchmarks/workbench.py --quick    the smallest sizes: shows that it runs, measures nothing
    python tests/benchmarks/workbench.py --json     the same as one JSON document

No test asserts a time. Figures of two runs or two machines do not compare; the ratios of one run do. Every round
measures each pair's two sides one after the other, so that a machine that is busy for a while slows both.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from contracts.dialects import bybit
from contracts.wire import HttpCall
from simulator import Request, Simulator
from simulator.server.handles import AccountHandle

ENTRY = Path(__file__).parents[2] / "simulator" / "plugin" / "entry"
Run = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: its median, the bare one's beside it, and what we want it to be (None: no goal, just to know)."""

    what: str
    median_ms: float
    bare: str
    bare_ms: float
    goal_ms: float | None = None

    @property
    def ratio(self) -> float:
        return self.median_ms / self.bare_ms


def pair(rounds: int, ours: Run, bare: Run, times: int = 1) -> tuple[float, float]:
    """The medians of both in ms, by turns; of each round the mean of `times` runs."""
    ours(), bare()  # the first run of each pays for what is kept: imports, compiled files, pages of the disk
    figures: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for run, into in zip((ours, bare), figures, strict=True):
            begun = time.perf_counter()
            for _ in range(times):
                run()
            into.append((time.perf_counter() - begun) * 1000 / times)
    return statistics.median(figures[0]), statistics.median(figures[1])


# --- accounts -----------------------------------------------------------------------------------------------------


def _signed(account: AccountHandle) -> HttpCall:
    call = HttpCall("GET", "/v5/asset/withdraw/query-record?limit=1")
    return bybit.signed(call, account.credentials, time.time_ns() // 1_000_000)


def in_process(rounds: int, times: int) -> Row:
    """A fresh account with one signed request, beside the same request of an account that stays."""
    sim = Simulator()
    stays = sim.bybit.account()

    def ask(account: AccountHandle) -> None:
        call = _signed(account)
        assert sim.answer(Request(call.method, call.target, call.headers, call.body)).body.startswith(b'{"retCode":0,')

    def fresh() -> None:
        with sim.bybit.account() as account:
            ask(account)

    ours, bare = pair(rounds, fresh, lambda: ask(stays), times)
    return Row("fresh account + signed request, in process", ours, "signed sim.answer", bare)


def over_http(rounds: int, times: int) -> Row:
    """The same over HTTP, on a connection that stays open."""
    with Simulator() as sim, closing(http.client.HTTPConnection(urlsplit(sim.url).netloc, timeout=30)) as connection:
        stays = sim.bybit.account()

        def ask(account: AccountHandle) -> None:
            call = _signed(account)
            connection.request(call.method, call.target, call.body, dict(call.headers))
            assert connection.getresponse().read().startswith(b'{"retCode":0,')

        def fresh() -> None:
            with sim.bybit.account() as account:
                ask(account)

        ours, bare = pair(rounds, fresh, lambda: ask(stays), times)
    return Row("fresh account + signed request, over HTTP", ours, "signed request over HTTP", bare)


def beside_secrets(rounds: int, times: int, accounts: int) -> Row:
    """A signed request where many accounts have secrets that their users supplied, beside one where nobody has."""
    none, many = Simulator(), Simulator()
    for number in range(accounts):
        many.okx.account(api_secret=f"{number}-is-the-secret", passphrase=f"Pass-{number}!")
    secret = many.bybit.account(api_secret="this-is-the-secret")
    plain = none.bybit.account()

    def ask(simulator: Simulator, account: AccountHandle) -> None:
        call = _signed(account)
        assert simulator.answer(Request(call.method, call.target, call.headers, call.body)).status == 200

    ours, bare = pair(rounds, lambda: ask(many, secret), lambda: ask(none, plain), times)
    return Row("signed sim.answer, many supplied secrets", ours, "signed sim.answer", bare)


# --- servers ------------------------------------------------------------------------------------------------------


def _get(url: str, target: str) -> bytes:
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)) as connection:
        connection.request("GET", target)
        return connection.getresponse().read()


@contextmanager
def _bare_server() -> Iterator[str]:
    """What aiohttp itself needs for the same: a loop in a thread, one handler, a port."""
    ready, bound = threading.Event(), []
    loop, stopped = asyncio.new_event_loop(), asyncio.Event()

    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(body=b"{}")

    async def serve() -> None:
        server = web.Server(answer)
        listening = await loop.create_server(server, "127.0.0.1", 0)
        bound.append(listening.sockets[0].getsockname()[1])
        ready.set()
        await stopped.wait()
        listening.close()
        await server.shutdown(0.5)

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait()
    try:
        yield f"http://127.0.0.1:{bound[0]}"
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join()


def a_simulator(rounds: int, times: int) -> Row:
    """Make one, start it, one request, stop it."""

    def ours() -> None:
        with Simulator() as sim:
            assert _get(sim.url, "/v5/market/time")

    def bare() -> None:
        with _bare_server() as url:
            assert _get(url, "/") == b"{}"

    mine, theirs = pair(rounds, ours, bare, times)
    return Row("fresh Simulator: start, one request, stop", mine, "aiohttp server in a thread", theirs, goal_ms=1.5)


# --- processes ----------------------------------------------------------------------------------------------------

_LOAD = """
import sys, time
from _pytest.assertion import install_importhook
from _pytest.config import get_config
config = get_config()
install_importhook(config)
sys.path.insert(0, sys.argv[1])
begun = time.perf_counter()
config.pluginmanager.import_plugin(sys.argv[2])
print((time.perf_counter() - begun) * 1000)
"""


def _environment() -> dict[str, str]:
    """The surroundings, but with compiled files kept: without them every process would compile all it imports."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _python(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], env=_environment(), check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout


def plugin_load(rounds: int) -> Row:
    """pytest importing and registering the plugin in a fresh process, beside a plugin that is empty."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "empty_plugin.py").write_text('"""Nothing."""\n')
        ours, empty = [], []
        for number in range(rounds + 1):  # the first round writes the compiled files
            figures = (
                float(_python("-c", _LOAD, str(ENTRY), "exchange_simulator_plugin")),
                float(_python("-c", _LOAD, folder, "empty_plugin")),
            )
            if number:
                ours.append(figures[0])
                empty.append(figures[1])
    return Row(
        "pytest loads the plugin", statistics.median(ours), "an empty plugin", statistics.median(empty), goal_ms=5
    )


def serve_to_first_answer(rounds: int) -> Row:
    """From starting the process to having read an answer, beside a process that only imports aiohttp."""
    command = [sys.executable, "-c", "import sys; from simulator.cli import main; sys.exit(main())"]

    def once() -> float:
        begun = time.perf_counter()
        with subprocess.Popen(
            [*command, "serve", "--port", "0"],
            env={**_environment(), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            try:
                assert process.stdout is not None
                url = process.stdout.readline().split("listens on ")[1].split()[0]
                assert b"ok" in _get(url, "/_control/health")
                took = time.perf_counter() - begun
            finally:
                process.terminate()
                process.communicate(timeout=30)
        return took * 1000

    ours, bare = [], []
    for number in range(rounds + 1):
        mine = once()
        begun = time.perf_counter()
        _python("-c", "import aiohttp.web")
        theirs = (time.perf_counter() - begun) * 1000
        if number:
            ours.append(mine)
            bare.append(theirs)
    return Row(
        "`serve`, from process to first answer",
        statistics.median(ours),
        "process that imports aiohttp.web",
        statistics.median(bare),
        goal_ms=300,
    )


def measure(*, quick: bool) -> list[Row]:
    """All figures."""
    rounds, processes, times = (1, 1, 1) if quick else (15, 15, 100)
    return [
        in_process(rounds, times * 5),
        over_http(rounds, times),
        beside_secrets(rounds, times * 5, times * 5),
        a_simulator(rounds * 2, max(times // 5, 1)),
        plugin_load(processes),
        serve_to_first_answer(processes),
    ]


def table(rows: list[Row]) -> str:
    """For people."""
    lines = [f"{'':<45}{'median ms':>10}   {'beside':<33}{'median ms':>10}{'ratio':>8}{'goal ms':>9}"]
    for row in rows:
        goal = "" if row.goal_ms is None else f"{row.goal_ms:g}"
        met = "" if row.goal_ms is None else "met" if row.median_ms <= row.goal_ms else "MISSED"
        figures = f"{row.what:<45}{row.median_ms:>10.3f}   {row.bare:<33}{row.bare_ms:>10.3f}{row.ratio:>8.2f}"
        lines.append(f"{figures}{goal:>9}  {met}")
    return "\n".join(line.rstrip() for line in lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the smallest sizes")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    chosen = parser.parse_args()
    rows = measure(quick=chosen.quick)
    print(json.dumps([{**asdict(row), "ratio": row.ratio} for row in rows]) if chosen.json else table(rows))  # noqa: T201


if __name__ == "__main__":
    main()
