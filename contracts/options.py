"""What `exchange-contracts` takes: its commands, their options and their help.

Knows words and their defaults, and nothing of what the commands do with them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from contracts import stderr, stdout
from contracts.watch import shrink_s
from contracts.wire import EXCHANGES

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

PARTS = ("cases", "order", "machine")

_SAYS = "Hold the contracts against a server, and do again what failed."

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

Exit status: 1 it fails again, 0 it does not fail any more, 2 it could not run. A case or an order claim is held anew. A
machine takes its steps again and makes its claims at each. By a profile that is not disposable only harmless cases are
replayed.
"""

_SCRIPTS = "where the scripts of failed claims go, for `replay` (default: %(default)s)"
_SHRINK = "how long the script of a machine's failure is shortened, in seconds (default: %(default)g)"


class _Parser(argparse.ArgumentParser):
    """Does not hide that its help cannot be written. Raises CannotSay."""

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        if file is not None and file is sys.stdout:
            stdout.write(message)
        else:
            stderr.write(message)


def parser(
    server_runs: Callable[[argparse.Namespace], int], replay_runs: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    """What the command takes; `run` of what is parsed is the command that was chosen, which returns the exit status."""
    whole = _Parser(prog="exchange-contracts", description=_SAYS)
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
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
    server.set_defaults(run=server_runs)
    again = commands.add_parser(
        "replay",
        help="take the steps of a failed claim again and show every answer",
        description="Take the steps of a failed claim again, signed anew, and show every answer beside the one before.",
        epilog=_AGAIN,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    again.add_argument("script", type=Path, metavar="FILE", help="a script that `server` wrote")
    _where(again)
    again.add_argument("--curl", action="store_true", help="show the call as a curl line instead of sending it")
    again.set_defaults(run=replay_runs)
    return whole


def _where(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--target", metavar="URL", help="a server with a control surface (default: in this process)")
    where.add_argument(
        "--profile", type=Path, metavar="FILE", help="servers without one, as a TOML file describes them"
    )
    parser.add_argument("--timeout", type=float, default=10.0, metavar="S", help="for an answer (default: %(default)g)")
