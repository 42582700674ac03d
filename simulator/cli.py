"""The command `exchange-simulator`: serve, demo, facts.

Exit status: 0 done, 2 wrong use (one sentence on standard error says what is wrong and what would be right).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from simulator.core.misuse import Misuse
from simulator.version import version

_EPILOG = """\
examples:
  exchange-simulator demo                         see all four exchanges answer, byte for byte
  exchange-simulator serve --port 8080            a server to point a client at, until Ctrl-C
  exchange-simulator serve --ready-file ready.json --port 0
  exchange-simulator facts bybit                  what is known about an exchange, and how well
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit status."""
    try:
        chosen = _parser().parse_args(arguments)
        status: int = chosen.run(chosen)
        return status
    except Misuse as misuse:
        print(f"exchange-simulator: {misuse}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader of our output has left (`exchange-simulator facts | head`); that is no error of ours.
        sys.stderr.close()
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="exchange-simulator",
        description="A local exchange for clients that cancel withdrawals: Bybit V5, OKX V5, Kraken Spot, AlphaPoint.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=version())
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(commands.add_parser("serve", help="run a server until Ctrl-C (or SIGTERM)"))
    demo = commands.add_parser("demo", help="cancel on all four exchanges over HTTP and show the bytes both ways")
    demo.set_defaults(run=_demo)
    _add_facts(commands.add_parser("facts", help="routes, errors, states and unknowns, each with its evidence"))
    return parser


def _add_serve(serve: argparse.ArgumentParser) -> None:
    serve.description = (
        "Run a server with one account an exchange, and print what a client needs: the address, the credentials, a "
        "pending withdrawal, and a line to paste that cancels it."
    )
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=int, default=8080, help="port, 0 for a free one (default: %(default)s)")
    serve.add_argument("--tls-port", type=int, metavar="PORT", help="listen with TLS as well (extra tls)")
    serve.add_argument(
        "--config", type=Path, metavar="FILE", help="TOML file that declares accounts, withdrawals, behavior and faults"
    )
    serve.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="begin with the accounts of this file, and write them to it at the end",
    )
    serve.add_argument("--seed", type=int, default=0, help="decides every id and credential (default: %(default)s)")
    serve.add_argument(
        "--progress",
        choices=("manual", "timed", "immediate"),
        default="timed",
        help="how withdrawals go on by themselves: only when told, with time, or at once (default: %(default)s)",
    )
    serve.add_argument("--ready-file", type=Path, metavar="FILE", help="write address and accounts as JSON once ready")
    serve.add_argument(
        "--log", choices=("text", "json"), default="text", help="a readable line or JSON for each request on stderr"
    )
    serve.set_defaults(run=_serve)


def _add_facts(facts: argparse.ArgumentParser) -> None:
    facts.description = (
        "Print what the simulator emulates and how well it is known: doc (documented), sdk (seen in an SDK), wild "
        "(captured from the real exchange), inferred, unknown. Conditions and fields can be an account's behavior."
    )
    facts.add_argument("exchange", nargs="?", help="one exchange (default: all)")
    facts.add_argument("--json", action="store_true", help="as one JSON document")
    facts.set_defaults(run=_facts)


def _serve(chosen: argparse.Namespace) -> int:
    from simulator.serving import Settings, serve

    names = ("host", "port", "tls_port", "config", "state", "seed", "progress", "ready_file", "log")
    return serve(Settings(**{name: getattr(chosen, name) for name in names}))


def _demo(_: argparse.Namespace) -> int:
    # The demo is a client, so it lives with the clients' half and signs with its own code.
    from contracts.demo import show

    show(print)
    return 0


def _facts(chosen: argparse.Namespace) -> int:
    from simulator import facts
    from simulator.service.listed import exchange_named, exchanges

    wanted = (exchange_named(chosen.exchange),) if chosen.exchange else exchanges
    print(facts.as_json(wanted) if chosen.json else facts.as_text(wanted))
    return 0
