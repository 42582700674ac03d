"""The state file of `serve`: the accounts as they were when the server was stopped, as snapshots in one JSON document.

A file that cannot be read whole is refused and never touched; it is written in one step.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from simulator import files
from simulator.core.misuse import Misuse, shown
from simulator.core.wire import NotJson, decode
from simulator.service import Service, operations, snapshots
from simulator.service.operations import Opened

FORMAT = "exchange-simulator state"
VERSION = 1
_what = "state file"


def load(service: Service, path: Path) -> list[Opened] | None:
    """Make the accounts of the file; None when there is no file yet. Raises Misuse."""
    files.check(path, _what)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Misuse(f"the state file {str(path)!r} cannot be read: {error.strerror}") from None
    try:
        accounts = _accounts(decode(content))
    except (NotJson, Misuse) as error:
        raise Misuse(f"the state file {str(path)!r} is broken and was left as it is: {error}") from None
    opened = []
    for number, snapshot in enumerate(accounts):
        try:
            opened.append(snapshots.restore(service, snapshot))
        except Misuse as misuse:
            raise Misuse(f"the state file {str(path)!r} was left as it is: accounts[{number}]: {misuse}") from None
    return opened


def _accounts(document: Any) -> list[Any]:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Misuse(f"its format is not {FORMAT!r}")
    if document.get("version") != VERSION:
        raise Misuse(f"it is of version {shown(document.get('version'))}, and this simulator reads version {VERSION}")
    accounts = document.get("accounts")
    if not isinstance(accounts, list) or set(document) != {"format", "version", "accounts"}:
        raise Misuse("it must have 'format', 'version' and a list of 'accounts', and nothing else")
    return accounts


def save(service: Service, path: Path) -> int:
    """Write all accounts, secrets included; returns how many. Raises Misuse."""
    with service.lock:
        accounts = [snapshots.take(service, account.id) for _, account in operations.accounts(service)]
    document = {"format": FORMAT, "version": VERSION, "accounts": accounts}
    files.write(path, json.dumps(document, indent=1) + "\n", _what, mode=0o600)  # there are secrets in it
    return len(accounts)
