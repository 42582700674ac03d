"""`exchange-contracts`: hold the cases against a server.

Exit status: 0 all hold, 1 some fail, 2 it could not run.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from contracts.cases import BrokenCase, load
from contracts.runner import DIALECTS, Outcome, hold
from contracts.targets import InProcess, OverHttp, Target, TargetDown


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit status."""
    parser = argparse.ArgumentParser(prog="exchange-contracts", description=(__doc__ or "").partition("\n\n")[0])
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    server = commands.add_parser(
        "server",
        help="hold the cases of fixtures/ against a server",
        description="Hold every case against a server, or against the simulator in this process.",
        epilog="example: exchange-contracts server --target http://127.0.0.1:8080 --exchange kraken",
    )
    server.add_argument("--target", metavar="URL", help="the server's address (default: the simulator in this process)")
    server.add_argument("--exchange", choices=sorted(DIALECTS), help="only the cases of this exchange")
    chosen = parser.parse_args(arguments)
    try:
        return _server(InProcess() if chosen.target is None else OverHttp(chosen.target), chosen.exchange)
    except (TargetDown, BrokenCase) as error:
        print(f"exchange-contracts: {error}", file=sys.stderr)
        return 2


def _server(target: Target, exchange: str | None) -> int:
    outcomes = [hold(name, case, target) for name, case in load(exchange)]
    if not outcomes:
        raise BrokenCase(f"there are no cases for {exchange or 'any exchange'}")
    for outcome in outcomes:
        if outcome.status != "held":
            print(_report(outcome))
    failed = sum(outcome.status == "failed" for outcome in outcomes)
    disputed = sum(outcome.status == "disputed" for outcome in outcomes)
    held = len(outcomes) - failed - disputed
    print(f"{held} held, {failed} failed, {disputed} disputed ({target.name})")
    return 1 if failed else 0


def _report(outcome: Outcome) -> str:
    case = outcome.case
    lines = [f"{outcome.status}: {case.id} [{case.evidence}]", f"  {case.description}", f"  source: {case.source}"]
    if case.disputed_by:
        lines.append(f"  disputed by: {case.disputed_by}")
    lines += ["  " + line for line in (outcome.difference or "the target answers as the case says").split("\n")]
    return "\n".join(lines)
