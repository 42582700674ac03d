"""`exchange-contracts`: hold the contracts against a server, and do again what failed.

Exit status: 0 all hold, 1 some fail, 2 it could not run (one sentence on standard error says why).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from contracts import precedence, replay, report
from contracts.cases import BrokenCase, Case, Evidence, load
from contracts.clients import CLIENTS
from contracts.report import CannotWrite, Run
from contracts.runner import Outcome, greet, hold, hold_machine
from contracts.script import Script
from contracts.targets import ControlRefused, ReplyLost, Target, TargetDown
from contracts.targets.in_process import InProcess
from contracts.targets.over_http import OverHttp
from contracts.targets.remote import Remote, read
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
    where = server.add_mutually_exclusive_group()
    where.add_argument("--target", metavar="URL", help="a server with a control surface (default: in this process)")
    where.add_argument(
        "--profile", type=Path, metavar="FILE", help="servers without one, as a TOML file describes them"
    )
    server.add_argument("--exchange", choices=EXCHANGES, help="only this exchange")
    server.add_argument("--evidence", metavar="MARKS", help="only claims so well known, such as doc,wild,sdk")
    server.add_argument("--only-harmless", action="store_true", help="only claims that do no harm on a live account")
    server.add_argument("--parts", default=",".join(PARTS), metavar="PARTS", help="default: %(default)s")
    server.add_argument(
        "--examples", type=int, default=50, metavar="N", help="runs of a machine (default: %(default)s)"
    )
    server.add_argument("--seed", type=int, metavar="N", help="of the machines; without one every run is the same")
    server.add_argument("--scripts", type=Path, default=Path(".exchange-contracts"), metavar="DIR", help=_SCRIPTS)
    server.add_argument("--timeout", type=float, default=10.0, metavar="S", help="for an answer (default: %(default)g)")
    server.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit report")
    server.add_argument("--json", type=Path, metavar="FILE", help="write the outcomes as JSON")
    server.add_argument("--record", type=Path, metavar="FILE", help="write what was sent and heard, without secrets")
    server.set_defaults(run=_server)
    again = commands.add_parser("replay", help="take the steps of a failed claim again and show every answer")
    again.add_argument("script", type=Path, metavar="FILE", help="a script that `server` wrote")
    again.add_argument("--target", metavar="URL", help="a server with a control surface (default: in this process)")
    again.set_defaults(run=_replay)
    return parser


_SCRIPTS = "where the scripts of failed claims go, for `replay` (default: %(default)s)"


def _server(chosen: argparse.Namespace) -> int:
    exchanges: tuple[Exchange, ...] = (chosen.exchange,) if chosen.exchange else EXCHANGES
    marks = _listed("--evidence", chosen.evidence, get_args(Evidence))
    parts = _listed("--parts", chosen.parts, PARTS)
    if not 0 < chosen.timeout <= 3600:
        raise Wrong(f"--timeout {chosen.timeout:g} must be a number of seconds, above 0 and at most 3600")
    if chosen.examples < 1:
        raise Wrong(f"--examples {chosen.examples} must be 1 or more")
    for path in (chosen.junit, chosen.json, chosen.record):
        if path is not None:
            report.write(path, b"")  # better refused now than when all the work is done
    run, told = Run(), _Progress()
    for target in _targets(chosen, exchanges):
        run.begin(target)
        harmless = chosen.only_harmless or (isinstance(target, Remote) and not target.disposable)
        for exchange in (one for one in exchanges if one in target.exchanges):
            for case in _cases(exchange, parts):
                if case.evidence in marks and (case.harmless_on_a_live_account or not harmless):
                    _note(run, hold(exchange, case, target), chosen.scripts, told)
            if "machine" in parts and "inferred" in marks and not harmless and exchange in CLIENTS:
                told.say(f"{exchange}: state machine")
                _note(run, hold_machine(exchange, target, chosen.examples, chosen.seed), chosen.scripts, told)
    told.end()
    if not run.outcomes:
        raise Wrong("no claim is left to be held: --exchange, --evidence, --parts and --only-harmless exclude them all")
    print(report.summary(run))
    _write(chosen, run)
    return 1 if run.count("failed") else 0


def _write(chosen: argparse.Namespace, run: Run) -> None:
    if chosen.junit is not None:
        report.write(chosen.junit, report.junit(run))
    if chosen.json is not None:
        report.write(chosen.json, report.as_json(run))
    if chosen.record is not None:
        report.write(chosen.record, report.record(run, datetime.now(UTC).isoformat(timespec="seconds")))


def _targets(chosen: argparse.Namespace, exchanges: Sequence[Exchange]) -> Iterator[Target]:
    if chosen.profile is None:
        with closing(InProcess() if chosen.target is None else OverHttp(chosen.target, chosen.timeout)) as target:
            yield target
        return
    sections = {name: section for name, section in read(chosen.profile).items() if name in exchanges}
    if not sections:
        raise Wrong(f"{chosen.profile} has no section for {chosen.exchange}")
    for name, section in sections.items():
        with closing(Remote(name, section, os.environ, chosen.timeout)) as remote:
            greet(remote, name)
            yield remote


def _cases(exchange: Exchange, parts: Sequence[str]) -> Iterator[Case]:
    if "cases" in parts:
        yield from (case for _, case in load(exchange))
    if "order" in parts:
        for file in precedence.load(exchange):
            yield from precedence.cases(file)


def _note(run: Run, outcome: Outcome, scripts: Path, told: _Progress) -> None:
    run.outcomes.append(outcome)
    told.count(outcome)
    if outcome.status == "failed" and outcome.script is not None:
        path = scripts / f"{outcome.case.id}.json"
        report.write(path, outcome.script.saved(outcome.difference))
        run.scripts[outcome.case.id] = path
    if outcome.status in ("failed", "disputed"):
        told.end()
        print(report.failure(run, outcome), flush=True)


def _listed(option: str, given: str | None, known: Sequence[str]) -> tuple[str, ...]:
    """The words of an option that takes several, in any order. Raises Wrong."""
    chosen = tuple(given.split(",")) if given is not None else tuple(known)
    for word in chosen:
        if word not in known:
            raise Wrong(f"{option} knows no {word!r}; it takes {', '.join(known)}, separated by commas")
    return chosen


def _replay(chosen: argparse.Namespace) -> int:
    file = replay.load(chosen.script)
    target: Target = InProcess() if chosen.target is None else OverHttp(chosen.target)
    print(f"{file.exchange}, {target.name}: {file.claim}\n")
    again = Script(file.exchange, target)
    same = True
    try:
        for number, step in enumerate(file.steps, 1):
            heard = replay.take(again, step)
            print(f"{number:>3}  {replay.told(step)}")
            if step.do in ("call", "frames"):
                print(f"     < {heard}" + ("" if heard == step.heard else f"\n     before: {step.heard}"))
                same = same and heard == step.heard
    except (ControlRefused, ReplyLost) as error:
        raise Wrong(f"step {number} could not be taken: {error}") from None
    finally:
        again.close()
        target.close()
    print("\nevery answer is the same as when it was written" if same else "\nsome answers differ from those written")
    return 0


class _Progress:
    """One line on standard error that says how far it is; on no terminal, a line for each exchange."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._exchange = ""
        self._done = 0
        self._shown = False

    def count(self, outcome: Outcome) -> None:
        if outcome.exchange != self._exchange:
            self._exchange, self._done = outcome.exchange, 0
            if not self._live:
                self.say(f"{outcome.exchange} ...")
        self._done += 1
        if self._live:
            self.say(f"{outcome.exchange}: {self._done} claims, {outcome.case.id}")

    def say(self, text: str) -> None:
        print(
            f"\r\x1b[K{text[:120]}" if self._live else text, end="" if self._live else "\n", file=sys.stderr, flush=True
        )
        self._shown = self._live

    def end(self) -> None:
        """Clear the line, so that what is printed next stands alone."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._shown = False
