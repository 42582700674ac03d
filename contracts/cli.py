"""`exchange-contracts`: hold the contracts against a server, and do again what failed.

Exit status: 0 all hold, 1 some fail (of a replay: 0 it does not fail any more, 1 it fails again), 2 it could not run
(one sentence on standard error says why).
"""

from __future__ import annotations

import argparse
import contextlib
import shlex
import time
from collections.abc import Generator, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from contracts import files, interrupts, precedence, replay, report
from contracts.cases import Case, Evidence
from contracts.cases import files as case_files
from contracts.choice import targets
from contracts.clients import CLIENTS
from contracts.holes import BrokenCase
from contracts.options import PARTS, parser
from contracts.progress import Progress
from contracts.report import CannotWrite, Run
from contracts.runner import Outcome, hold, hold_machine, left_out, machine_skipped
from contracts.stderr import tell
from contracts.stdout import CannotSay, say
from contracts.targets import Target, TargetDown
from contracts.targets.remote import Remote
from contracts.wire import EXCHANGES, Exchange


class Wrong(Exception):
    """The command was called wrongly; the sentence says how."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit status."""
    try:
        chosen = parser(_server, _replay).parse_args(arguments)
        with interrupts.heeded():
            try:
                interrupts.look()
                status: int = chosen.run(chosen)
            finally:
                interrupts.end()
        return status
    except (TargetDown, BrokenCase, CannotWrite, CannotSay, Wrong) as error:
        tell(f"exchange-contracts: {error}")
        return 2
    except KeyboardInterrupt:
        tell("exchange-contracts: stopped")
        return 2


def _server(chosen: argparse.Namespace) -> int:
    exchanges: tuple[Exchange, ...] = (chosen.exchange,) if chosen.exchange else EXCHANGES
    chosen.marks = _listed("--evidence", chosen.evidence, get_args(Evidence))
    chosen.parts = _listed("--parts", chosen.parts, PARTS)
    _seconds("--timeout", chosen.timeout)
    _seconds("--shrink", chosen.shrink)
    if chosen.examples < 1:
        raise Wrong(f"--examples {chosen.examples} must be 1 or more")
    _reports(chosen)
    run, told = Run(again=_again(chosen)), Progress()
    try:
        for target in targets(chosen.target, chosen.profile, exchanges, chosen.timeout):
            run.begin(target)
            for exchange in (one for one in exchanges if one in target.exchanges):
                _hold_all(chosen, exchange, target, run, told)
        interrupts.look()
        run.complete = True
    finally:  # what is done is not to be lost because the target went down, or somebody stopped it
        interrupts.end()
        told.end()
        if run.outcomes:
            _write(chosen, run)  # first: standard output may take nothing more
            say(report.summary(run))
    if not run.outcomes:
        raise Wrong("no claim is left to be held: --exchange, --evidence, --parts and --only-harmless exclude them all")
    return 1 if run.count("failed") else 0


def _reports(chosen: argparse.Namespace) -> None:
    """Each report has a file of its own that can be written: better refused now than when all the work is done."""
    options: dict[tuple[int, int], str] = {}
    with contextlib.ExitStack() as probes:
        for name in ("junit", "json", "record"):
            path: Path | None = getattr(chosen, name)
            if path is None:
                continue
            file = probes.enter_context(report.probed(path))
            if other := options.get(file):
                raise Wrong(f"{other} and --{name} both name {path}; each report needs a file of its own")
            options[file] = f"--{name}"


def _hold_all(chosen: argparse.Namespace, exchange: Exchange, target: Target, run: Run, told: Progress) -> None:
    """Everything that is to be held of an exchange. Raises TargetDown, BrokenCase, KeyboardInterrupt."""
    careful = chosen.only_harmless or (isinstance(target, Remote) and not target.disposable)
    found = [(file, case) for file, case in _cases(exchange, chosen.parts) if case.evidence in chosen.marks]
    if isinstance(target, Remote):  # what does no harm first: it finds the account as its owner left it
        found.sort(key=lambda one: not one[1].harmless_on_a_live_account)
    for file, case in found:
        interrupts.look()
        if careful and not case.harmless_on_a_live_account:
            run.left_out += 1
            continue
        began_s = time.monotonic()
        try:
            outcome = hold(exchange, case, target)
        except BrokenCase as broken:
            raise BrokenCase(f"{file}: {case.id}: {broken}") from None
        _note(run, outcome, time.monotonic() - began_s, chosen.scripts, told)
    if "machine" in chosen.parts and "inferred" in chosen.marks and exchange in CLIENTS:
        if careful:
            run.left_out += 1
        else:
            _hold_machine(chosen, exchange, target, run, told)


def _hold_machine(chosen: argparse.Namespace, exchange: Exchange, target: Target, run: Run, told: Progress) -> None:
    """The state machine of an exchange. Raises TargetDown, KeyboardInterrupt."""
    if skipped := machine_skipped(exchange, target):
        _note(run, skipped, 0.0, chosen.scripts, told)
        return
    watch = told.watch(f"{exchange}: state machine", chosen.examples, chosen.shrink)
    began_s = time.monotonic()
    from contracts.search import leaving_nothing  # Hypothesis: only who runs a machine needs it

    with leaving_nothing():
        outcome = hold_machine(exchange, target, chosen.examples, chosen.seed, watch)
    _note(run, outcome, time.monotonic() - began_s, chosen.scripts, told)
    if watch.stopped:
        raise KeyboardInterrupt
    for outcome in left_out(exchange, target):
        _note(run, outcome, 0.0, chosen.scripts, told)


def _again(chosen: argparse.Namespace) -> str:
    """The options with which `replay` speaks to the same target."""
    if chosen.target is not None:
        return shlex.join(["--target", chosen.target])
    return shlex.join(["--profile", str(chosen.profile)]) if chosen.profile is not None else ""


def _write(chosen: argparse.Namespace, run: Run) -> None:
    if chosen.junit is not None:
        report.write(chosen.junit, files.junit(run))
    if chosen.json is not None:
        report.write(chosen.json, files.as_json(run))
    if chosen.record is not None:
        report.write(chosen.record, files.record(run, datetime.now(UTC).isoformat(timespec="seconds")))


def _cases(exchange: Exchange, parts: Sequence[str]) -> Iterator[tuple[str, Case]]:
    """(name of the file, case). Raises BrokenCase."""
    if "cases" in parts:
        yield from ((name, case) for name, file in case_files(exchange) for case in file.cases)
    if "order" in parts:
        for name, rules in precedence.files(exchange):
            try:
                yield from ((name, case) for case in precedence.cases(rules))
            except BrokenCase as broken:
                raise BrokenCase(f"{name}: {broken}") from None


def _note(run: Run, outcome: Outcome, took_s: float, scripts: Path, told: Progress) -> None:
    run.add(outcome, took_s)
    told.count(outcome)
    if outcome.status == "failed" and outcome.script is not None:
        path = scripts / f"{outcome.case.id}.json"
        report.write(path, outcome.script.saved(outcome.difference, run.hidden, outcome.case.id))
        run.scripts[outcome.case.id] = path
    if outcome.status in ("failed", "disputed"):
        told.end()
        say(report.failure(run, outcome))


def _seconds(option: str, given: float) -> None:
    if not 0 < given <= 3600:
        raise Wrong(f"{option} {given:g} must be a number of seconds, above 0 and at most 3600")


def _listed(option: str, given: str | None, known: Sequence[str]) -> tuple[str, ...]:
    """The words of an option that takes several, in any order. Raises Wrong."""
    chosen = tuple(given.split(",")) if given is not None else tuple(known)
    for word in chosen:
        if word not in known:
            raise Wrong(f"{option} knows no {word!r}; it takes {', '.join(known)}, separated by commas")
    return chosen


def _replay(chosen: argparse.Namespace) -> int:
    _seconds("--timeout", chosen.timeout)
    if chosen.curl and chosen.target is None and chosen.profile is None:
        raise Wrong("--curl needs --target or --profile: in this process nobody listens")
    file = replay.load(chosen.script)
    for target in targets(chosen.target, chosen.profile, (file.exchange,), chosen.timeout):
        try:
            return 1 if _told(replay.again(file, target, curl=chosen.curl)) else 0
        except BrokenCase as broken:
            raise BrokenCase(f"{chosen.script}: {broken}") from None
    raise Wrong(f"there is no target for {file.exchange}")


def _told(lines: Generator[str, None, bool]) -> bool:
    """Say the lines as they come; what they end with."""
    while True:
        try:
            line = next(lines)
        except StopIteration as ended:
            return bool(ended.value)
        say(line)
