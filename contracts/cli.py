"""`exchange-contracts`: hold the contracts against a server, and do again what failed.

Exit status: 0 all hold, 1 some fail, 2 it could not run (one sentence on standard error says why).
"""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from contracts import files, precedence, replay, report
from contracts.cases import Case, Evidence
from contracts.cases import files as case_files
from contracts.choice import targets
from contracts.clients import CLIENTS
from contracts.holes import BrokenCase
from contracts.progress import Progress
from contracts.report import CannotWrite, Run
from contracts.runner import Outcome, hold, hold_machine, left_out
from contracts.targets import Target, TargetDown
from contracts.targets.remote import Remote
from contracts.watch import shrink_s
from contracts.wire import EXCHANGES, Exchange

PARTS = ("cases", "order", "machine")

_EPILOG = """\
examples:
  exchange-contracts server                                       the simulator in this process
  exchange-contracts server --target http://127.0.0.1:8080 --exchange kraken
  exchange-contracts server --target http://127.0.0.1:8080 --evidence doc,wild --junit report.xml
  exchange-contracts server --profile testnet.toml --record evidence.jsonl

A profile describes a server without a control surface, such as a testnet:
  [bybit]
  url = "https://api-testnet.bybit.com"
Its credentials come from the environment: EXCHANGE_CONTRACTS_BYBIT_API_KEY, EXCHANGE_CONTRACTS_BYBIT_API_SECRET ...
There only claims run that are marked as harmless, unless the profile says `disposable = true`.
contracts/README.md says what is sent then, and which shape the reports have.
"""

_AGAIN = """\
examples:
  exchange-contracts replay .exchange-contracts/okx-machine.json
  exchange-contracts replay .exchange-contracts/okx-machine.json --target http://127.0.0.1:8080 --curl
  exchange-contracts replay .exchange-contracts/okx-history-row.json --profile testnet.toml
"""


class Wrong(Exception):
    """The command was called wrongly; the sentence says how."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        status: int = chosen.run(chosen)
        return status
    except (TargetDown, BrokenCase, CannotWrite, Wrong) as error:
        print(f"exchange-contracts: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("exchange-contracts: stopped", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="exchange-contracts", description=(__doc__ or "").partition("\n\n")[0])
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    server = commands.add_parser(
        "server",
        help="hold cases, order of checks and state machines against a server",
        description="Decide whether a server is Bybit, OKX, Kraken or AlphaPoint as far as cancelling goes.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _where(server)
    server.add_argument("--exchange", choices=EXCHANGES, help="only this exchange")
    server.add_argument("--evidence", metavar="MARKS", help="only claims so well known, such as doc,wild,sdk")
    server.add_argument("--only-harmless", action="store_true", help="only claims that do no harm on a live account")
    server.add_argument("--parts", default=",".join(PARTS), metavar="PARTS", help="default: %(default)s")
    server.add_argument(
        "--examples", type=int, default=50, metavar="N", help="runs of a machine (default: %(default)s)"
    )
    server.add_argument("--seed", type=int, metavar="N", help="of the machines; without one every run is the same")
    server.add_argument("--shrink", type=float, default=shrink_s, metavar="S", help=_SHRINK)
    server.add_argument("--scripts", type=Path, default=Path(".exchange-contracts"), metavar="DIR", help=_SCRIPTS)
    server.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit report")
    server.add_argument("--json", type=Path, metavar="FILE", help="write the outcomes as JSON")
    server.add_argument("--record", type=Path, metavar="FILE", help="write what was sent and heard, without secrets")
    server.set_defaults(run=_server)
    again = commands.add_parser(
        "replay",
        help="take the steps of a failed claim again and show every answer",
        description="Take the steps of a failed claim again, signed anew, and show every answer beside the one before.",
        epilog=_AGAIN,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    again.add_argument("script", type=Path, metavar="FILE", help="a script that `server` wrote")
    _where(again)
    again.add_argument("--curl", action="store_true", help="show the last call as a curl line instead of sending it")
    again.set_defaults(run=_replay)
    return parser


def _where(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--target", metavar="URL", help="a server with a control surface (default: in this process)")
    where.add_argument(
        "--profile", type=Path, metavar="FILE", help="servers without one, as a TOML file describes them"
    )
    parser.add_argument("--timeout", type=float, default=10.0, metavar="S", help="for an answer (default: %(default)g)")


_SCRIPTS = "where the scripts of failed claims go, for `replay` (default: %(default)s)"
_SHRINK = "how long the script of a machine's failure is shortened, in seconds (default: %(default)g)"


def _server(chosen: argparse.Namespace) -> int:
    exchanges: tuple[Exchange, ...] = (chosen.exchange,) if chosen.exchange else EXCHANGES
    chosen.marks = _listed("--evidence", chosen.evidence, get_args(Evidence))
    chosen.parts = _listed("--parts", chosen.parts, PARTS)
    _seconds("--timeout", chosen.timeout)
    _seconds("--shrink", chosen.shrink)
    if chosen.examples < 1:
        raise Wrong(f"--examples {chosen.examples} must be 1 or more")
    for path in (chosen.junit, chosen.json, chosen.record):
        if path is not None:
            report.write(path, b"")  # better refused now than when all the work is done
    run, told = Run(again=_again(chosen)), Progress()
    try:
        for target in targets(chosen.target, chosen.profile, exchanges, chosen.timeout):
            run.begin(target)
            for exchange in (one for one in exchanges if one in target.exchanges):
                _hold_all(chosen, exchange, target, run, told)
        run.complete = True
    finally:  # what is done is not to be lost because the target went down, or somebody stopped it
        told.end()
        if run.outcomes:
            print(report.summary(run))
            _write(chosen, run)
    if not run.outcomes:
        raise Wrong("no claim is left to be held: --exchange, --evidence, --parts and --only-harmless exclude them all")
    return 1 if run.count("failed") else 0


def _hold_all(chosen: argparse.Namespace, exchange: Exchange, target: Target, run: Run, told: Progress) -> None:
    """Everything that is to be held of an exchange. Raises TargetDown, BrokenCase, KeyboardInterrupt."""
    careful = chosen.only_harmless or (isinstance(target, Remote) and not target.disposable)
    found = [(file, case) for file, case in _cases(exchange, chosen.parts) if case.evidence in chosen.marks]
    if isinstance(target, Remote):  # what does no harm first: it finds the account as its owner left it
        found.sort(key=lambda one: not one[1].harmless_on_a_live_account)
    for file, case in found:
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
            return
        watch = told.watch(f"{exchange}: state machine", chosen.examples, chosen.shrink)
        began_s = time.monotonic()
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
        report.write(path, outcome.script.saved(outcome.difference, run.hidden))
        run.scripts[outcome.case.id] = path
    if outcome.status in ("failed", "disputed"):
        told.end()
        print(report.failure(run, outcome), flush=True)


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
            for line in replay.again(file, target, curl=chosen.curl):
                print(line)
        except BrokenCase as broken:
            raise BrokenCase(f"{chosen.script}: {broken}") from None
    return 0
