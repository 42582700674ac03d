"""The command `exchange-simulator`: serve, demo, facts. What it says and takes; the work is done elsewhere.

Exit status: 0 done, 1 standard output cannot be written, 2 wrong use; one sentence on standard error says what is wrong
and what would be right. 130 Ctrl-C in anything other than a `serve` that listens, which ends with 0 when it is told to.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from simulator import streams
from simulator.core.misuse import Misuse, brief, did_you_mean, shown
from simulator.version import version

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_EPILOG = """\
examples:
  exchange-simulator demo                         see all four exchanges answer, byte for byte
  exchange-simulator serve                        a server to point a client at, until Ctrl-C
  exchange-simulator serve --port 0 --ready-file ready.json      the same for a script or CI
  exchange-simulator facts bybit errors           what is known about an exchange, and how well
  exchange-simulator COMMAND --help               more about a command, with examples

exit status: 0 done, also when serve was told to stop; 1 standard output cannot be written (a full disk); 2 wrong use;
each with one sentence on standard error; 130 ended by Ctrl-C.
"""

_SERVE = """\
what a client needs:
  Standard output gets the address and for each account the credentials, a pending withdrawal, and a line to paste that
  cancels it; standard error gets a line for each request: the account, what was asked, the answer, and for a refusal
  its row and the reason. Colours only on a terminal (NO_COLOR and FORCE_COLOR are heeded).

what a script needs:
  --ready-file FILE appears, whole, once the server listens (an older one is removed first;
  one that a running server has written is refused):
    {"url": "http://127.0.0.1:40123",
     "accounts": [{"id": "bybit-account-1", "exchange": "bybit", "credentials": {"api_key": ..., "api_secret": ...},
                   "client_settings": ..., "balances": ..., "withdrawals": [{"id": ..., "state": ..., ...}]}, ...]}
  It goes on when the reader of its standard output leaves (`| head -n 1`).
  The same --seed and config give the same ids and credentials in every run. SIGTERM or Ctrl-C stops with status 0.

other accounts, from the start:
  --config FILE.toml declares accounts in place of those four, with the options of the control surface:
    [[accounts]]
    exchange = "bybit"
    balances = { USDT = "100" }
    [[accounts.withdrawals]]
    asset = "USDT"
    amount = "10"
    [[accounts.faults]]
    kind = "lose_reply"
    endpoint = "cancel"
  --state FILE keeps accounts from run to run, secrets included: money, withdrawals, keys, time, behavior, faults.
  What is set for an exchange as a whole (behavior, skew_ms, faults of calls that belong to no account) is not in it,
  and neither are journals; all three of an exchange can be declared in --config ([[exchanges.bybit.faults]]).

other accounts, while it runs: the control surface, URL/_control/
  curl -H 'Content-Type: application/json' -d '{"exchange": "kraken"}' URL/_control/accounts
  GET URL/_control/accounts/ID/journal says what was asked, answered and why. It is open to whoever reaches it.

examples:
  exchange-simulator serve --port 8080
  exchange-simulator serve --port 0 --ready-file ready.json --log json 2> requests.jsonl
  exchange-simulator serve --config accounts.toml --progress manual
  exchange-simulator serve --host 0.0.0.0 --port 8080        in a container
  exchange-simulator serve --tls-port 8443                   for clients that speak nothing but TLS
"""

_DEMO = """\
It starts a server of its own on a free port and ends by itself; nothing is left behind.

example:
  exchange-simulator demo | less
"""

_FACTS = """\
marks: doc (documented), sdk (seen in an SDK), wild (captured from the real exchange), inferred, unknown.
Conditions and fields are what an account's `behavior` may change.

examples:
  exchange-simulator facts                        everything
  exchange-simulator facts okx                    one exchange
  exchange-simulator facts kraken errors          one of its tables
  exchange-simulator facts bybit conditions --json | jq '.[].conditions[] | select(.evidence == "inferred")'
"""


class _Parser(argparse.ArgumentParser):
    """Keeps line breaks of the examples, takes no abbreviated options, tells a wrong use in one sentence, and does not
    hide that its help cannot be written.
    """

    def __init__(self, **options: Any) -> None:
        shape = {"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False}
        super().__init__(**{**shape, **options})

    def error(self, message: str) -> NoReturn:
        raise Misuse(f"{brief(message, 200)}; `{self.prog} --help` says what it takes")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        (file or sys.stdout).write(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit status."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if sys.stdout is None:  # closed (`>&-`): nobody wants to read
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - as long as the process lives
    try:
        try:
            chosen = _chosen(given)
            status: int = chosen.run(chosen)
        except SystemExit:  # argparse has shown its help
            sys.stdout.flush()
            raise
        sys.stdout.flush()  # so that a reader who has left is met here, not when the interpreter ends
        return status
    except Misuse as misuse:
        streams.complain(f"exchange-simulator: {misuse}")
        return 2
    except BrokenPipeError:
        # The reader of our output has left (`exchange-simulator facts | head`); that is no error of ours.
        streams.let_go(sys.stdout)
        return 0
    except OSError as error:
        if not streams.is_unwritable(error):
            raise
        streams.let_go(sys.stdout)
        streams.complain(f"exchange-simulator: standard output cannot be written: {error.strerror}")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        streams.settle()


def _chosen(given: Sequence[str]) -> argparse.Namespace:
    """What was asked for. Raises Misuse."""
    parser = _Parser(
        prog="exchange-simulator",
        description="A local exchange for clients that cancel withdrawals: Bybit V5, OKX V5, Kraken Spot, AlphaPoint.",
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action="version", version=version)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(commands.add_parser("serve", help="run a server until Ctrl-C (or SIGTERM)", epilog=_SERVE))
    _add_demo(commands.add_parser("demo", help="cancel on all four exchanges and show the bytes", epilog=_DEMO))
    _add_facts(
        commands.add_parser("facts", help="routes, errors, states, unknowns, with their evidence", epilog=_FACTS)
    )
    named = next((word for word in given if not word.startswith("-")), None)
    if named is not None and named not in commands.choices:
        raise Misuse(f"there is no command {shown(named)}; {did_you_mean(named, commands.choices)}")
    chosen, rest = parser.parse_known_args(given)
    if rest:
        raise Misuse(f"{named} does not take {shown(rest[0])}; `{parser.prog} {named} --help` says what it takes")
    return chosen


def _add_serve(serve: argparse.ArgumentParser) -> None:
    serve.description = "Run a server with one account an exchange and a pending withdrawal in each."
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
        help="begin with the accounts of this file, and write them to it at the end; what is set for an exchange as "
        "a whole is not in it",
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
        "--log",
        choices=("text", "json"),
        default="text",
        help="what each request becomes on standard error: a readable line, or a JSON document (default: %(default)s)",
    )
    serve.set_defaults(run=_serve)


def _add_demo(demo: argparse.ArgumentParser) -> None:
    demo.description = "Cancel on all four exchanges over HTTP, as a client does, and show every byte both ways."
    demo.set_defaults(run=_demo)


def _add_facts(facts: argparse.ArgumentParser) -> None:
    facts.description = "Print what the simulator emulates, and how well every piece of it is known."
    facts.add_argument("exchange", nargs="?", help="one exchange (default: all)")
    facts.add_argument("table", nargs="?", help="routes, errors, states, conditions or fields (default: all)")
    facts.add_argument("--json", action="store_true", help="as one JSON document")
    facts.set_defaults(run=_facts)


def _serve(chosen: argparse.Namespace) -> int:
    gc.disable()  # what is imported stays: to look through it time and again would find nothing
    from simulator.serving import Settings, serve

    gc.freeze()
    gc.enable()
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
    print((facts.as_json if chosen.json else facts.as_text)(wanted, chosen.table))
    return 0
