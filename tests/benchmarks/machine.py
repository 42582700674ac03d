"""How many signed steps a second the state machines take: in process, over a socket, beside what could be had at most.

    python tests/benchmarks/machine.py [--examples N] [--json]

A step is one rule; one that creates or looks makes several signed calls, and some runs end with as many calls as a rate
limit allows, so calls are counted as well. Over a socket means `serve` in a process of its own, as CI has it.

The ceiling in process is a machine of the same shape whose steps do nothing: Hypothesis alone. Over a socket it is that
and the same number of calls to an aiohttp server that answers `{}` and nothing else. Both are measured anew for each
exchange, next to what is set beside them, so that a machine that is busy for a while slows both.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from hypothesis import HealthCheck, Verbosity, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from contracts.clients import CLIENTS, Client
from contracts.machine import machine_for
from contracts.script import Script
from contracts.targets import Target
from contracts.targets.connection import Connection
from contracts.targets.in_process import InProcess
from contracts.targets.over_http import OverHttp
from contracts.wire import HttpCall

STEPS = 30
GOALS = {"in process": 6000, "over a socket": 2300}

_SERVE = [sys.executable, "-m", "simulator", "serve", "--port", "0", "--progress", "manual"]
_BARE = """
import asyncio
from aiohttp import web

async def main():
    async def answer(_):
        return web.Response(body=b"{}")
    listening = await asyncio.get_running_loop().create_server(web.Server(answer), "127.0.0.1", 0)
    print(f"listens on http://127.0.0.1:{listening.sockets[0].getsockname()[1]} ", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One exchange's machine at one place: what it did in a second, and the most that could be had there."""

    exchange: str
    where: str
    steps_s: float
    calls_s: float
    hypothesis_s: float
    ceiling_s: float

    @property
    def share(self) -> float:
        return self.steps_s / self.ceiling_s


class Idle(RuleBasedStateMachine):
    """The shape of `contracts.machine.Machine`, and nothing in it."""

    withdrawals = Bundle("withdrawals")

    @initialize()
    def an_account(self) -> None: ...

    @rule(target=withdrawals, units=st.integers(10_000_000, 200_000_000))
    def create(self, units: int) -> str:
        return str(units)

    @rule(withdrawal=withdrawals, key=st.sampled_from(["account", "second"]))
    def cancel(self, withdrawal: str, key: str) -> None: ...

    @rule()
    def look(self) -> None: ...

    @rule(withdrawal=withdrawals)
    def look_at_one(self, withdrawal: str) -> None: ...

    @rule(target=withdrawals, units=st.integers(10_000_000, 200_000_000))
    def a_withdrawal_is_there(self, units: int) -> str:
        return str(units)

    @rule(withdrawal=withdrawals, event=st.sampled_from("abcdefgh"))
    def something_happens(self, withdrawal: str, event: str) -> None: ...

    @rule(seconds=st.sampled_from([1, 60, 3600]))
    def time_passes(self, seconds: int) -> None: ...


def _timed(machine: type[RuleBasedStateMachine], examples: int) -> tuple[float, int]:
    """Seconds, and steps taken."""
    taken = 0

    class Counting(machine):  # type: ignore[misc, valid-type]
        def check_invariants(self, *arguments: Any, **options: Any) -> None:
            nonlocal taken
            taken += 1
            super().check_invariants(*arguments, **options)

    chosen = settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        derandomize=True,
        deadline=None,
        database=None,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    begun = time.perf_counter()
    run_state_machine_as_test(Counting, settings=chosen)
    return time.perf_counter() - begun, taken


def _calls(client: Client, target: Target, examples: int) -> tuple[float, int, int]:
    """Seconds, steps and signed calls of one exchange's machine."""
    sent = 0
    send = target.send

    def counted(call: Any) -> Any:
        nonlocal sent
        sent += 1
        return send(call)

    target.send = counted  # type: ignore[method-assign]
    latest: list[Script] = []
    seconds, steps = _timed(machine_for(client, target, latest), examples)
    return seconds, steps, sent


@contextmanager
def _process(command: list[str]) -> Iterator[str]:
    """A server in a process of its own; the address that it prints."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split("listens on ")[1].split()[0]
        finally:
            server.terminate()
            server.communicate(timeout=30)


def _bare_call_s(url: str, calls: int) -> float:
    """Seconds that one call takes which nobody signs, looks at or answers with more than `{}`."""
    call = HttpCall("POST", "/", tuple((f"X-Header-{number}", "0" * 32) for number in range(5)), b"{}" * 30)
    with closing(Connection(url)) as connection:
        connection.send(call)
        begun = time.perf_counter()
        for _ in range(calls):
            connection.send(call)
        return (time.perf_counter() - begun) / calls


def measure(examples: int) -> list[Row]:
    """All rows."""
    rows = []
    _timed(Idle, examples // 4 + 1)  # the first run pays for what is kept
    with _process(_SERVE) as served, _process([sys.executable, "-c", _BARE]) as bare, closing(OverHttp(served)) as ours:
        for name, client in CLIENTS.items():
            seconds, steps = _timed(Idle, examples)
            hypothesis = steps / seconds
            for where, target in (("in process", InProcess()), ("over a socket", ours)):
                _calls(client, target, examples // 20 + 1)
                bare_s = _bare_call_s(bare, examples * 5) if target is ours else 0.0
                seconds, steps, calls = _calls(client, target, examples)
                ceiling = 1 / (1 / hypothesis + calls / steps * bare_s)
                rows.append(Row(name, where, steps / seconds, calls / seconds, hypothesis, ceiling))
    return rows


def table(rows: list[Row]) -> str:
    """For people."""
    lines = [
        f"{'':<26}{'steps/s':>10}{'calls/s':>10}{'Hypothesis':>13}{'of it':>8}{'ceiling':>10}{'of it':>8}{'goal':>7}"
    ]
    for row in rows:
        own = f"{row.hypothesis_s:>13.0f}{row.steps_s / row.hypothesis_s:>8.0%}"
        most = f"{row.ceiling_s:>10.0f}{row.share:>8.0%}{GOALS[row.where]:>7}"
        lines.append(f"{row.exchange + ' ' + row.where:<26}{row.steps_s:>10.0f}{row.calls_s:>10.0f}{own}{most}")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=200, help="runs of each machine (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    chosen = parser.parse_args()
    rows = measure(chosen.examples)
    documents = [{**asdict(row), "goal_s": GOALS[row.where], "share": row.share} for row in rows]
    print(json.dumps(documents) if chosen.json else table(rows))  # noqa: T201


if __name__ == "__main__":
    main()
