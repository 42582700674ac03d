"""How many signed steps a second the state machines take: in process, over a socket, beside Hypothesis' own ceiling.

    .venv/bin/python tests/benchmarks/machine.py [--examples N]

The ceiling is a machine of the same shape whose steps do nothing, in the same run: what is left of it is ours. A step
is one rule; one that creates or looks makes several signed calls.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Verbosity, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from contracts.clients import CLIENTS, Client
from contracts.machine import machine_for
from contracts.script import Script
from contracts.targets import Target
from contracts.targets.in_process import InProcess
from contracts.targets.over_http import OverHttp
from simulator import Simulator

STEPS = 30


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


def main(examples: int, say: Callable[[str], Any] = print) -> None:
    """Measure and print a table."""
    seconds, steps = _timed(Idle, examples)
    ceiling = steps / seconds
    say(f"{'':<22}{'steps/s':>10}{'of ceiling':>12}{'calls/s':>10}")
    say(f"{'Hypothesis alone':<22}{ceiling:>10.0f}{1:>12.0%}")
    with Simulator() as simulator:
        for name, client in CLIENTS.items():
            over_http = OverHttp(simulator.url)
            for where, target in (("in process", InProcess()), ("over HTTP", over_http)):
                seconds, steps, calls = _calls(client, target, examples)
                rate = steps / seconds
                say(f"{name + ' ' + where:<22}{rate:>10.0f}{rate / ceiling:>12.0%}{calls / seconds:>10.0f}")
            over_http.close()
    say("goals: 6000 signed steps/s in process, 2300 over a socket")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--examples", type=int, default=200, help="runs of each machine (default: %(default)s)")
    main(parser.parse_args().examples)
