"""Lets Hypothesis search for a run of a state machine that no claim survives, and shorten what it finds.

Knows Hypothesis' settings and errors, and no exchange. Needs Hypothesis (extra `contracts`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis import seed as seeded
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test

from contracts import interrupts
from contracts.clients import Client
from contracts.machine import machine_for
from contracts.script import Script
from contracts.targets import Target
from contracts.watch import FAILURES, Enough, Finding, Watch, told_of

_batch = 10
"""So many runs are one search. Behind the first ten Hypothesis varies each run five times over before it thinks of
a new one, and most of all runs would begin alike: with the same withdrawals, to which the same happens.
"""
_batches = 1_000_000
"""No two seeds share a search."""


def run(
    client: Client,
    target: Target,
    *,
    examples: int = 100,
    steps: int = 24,
    seed: int | None = None,
    watch: Watch | None = None,
) -> Finding | None:
    """Run the machine of an exchange: None when every claim held, else the claim that did not and the shortest script.
    Without a `seed` every run is the same. Raises TargetDown, and KeyboardInterrupt if nothing was found before it.
    """
    watch = watch or Watch()
    for number, begun in enumerate(range(0, examples, _batch)):
        count = min(_batch, examples - begun)
        finding = _batch_of(client, target, count, steps, _batches * (seed or 0) + number, watch)
        if finding is not None or watch.stopped:
            return finding
    return None


@contextmanager
def leaving_nothing() -> Iterator[None]:
    """Hypothesis keeps what it knows of letters and of sources in `.hypothesis`, also without a database: here not in
    the directory of whoever runs a command.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)


def _batch_of(client: Client, target: Target, examples: int, steps: int, seed: int, watch: Watch) -> Finding | None:
    latest: list[Script] = []
    machine = seeded(seed)(machine_for(client, target, latest, watch))
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
        # Not the explanation of what failed, which nobody is shown: it traces every line of the runs that shorten.
        phases=[phase for phase in Phase if phase is not Phase.explain],
    )
    try:
        run_state_machine_as_test(machine, settings=chosen)  # its last run is the shortest that fails: `latest` has it
    except FAILURES as broken:
        return Finding(told_of(broken), latest[0])
    except Flaky:
        found = watch.finding or Finding("a run cannot be repeated", latest[0])
        return Finding(f"{found.claim}\n(the same steps do not fail each time)", found.script)
    except Enough:
        if watch.down is not None:
            raise watch.down from None
        return watch.finding
    except KeyboardInterrupt:
        return _stopped(watch)
    except Exception:
        if interrupts.asked():  # one that was raised at once makes Hypothesis stumble
            return _stopped(watch)
        raise
    return None


def _stopped(watch: Watch) -> Finding:
    """What was found until somebody stopped it. Raises KeyboardInterrupt if that is nothing."""
    watch.stopped = True
    if watch.finding is None:
        raise KeyboardInterrupt
    return watch.finding
