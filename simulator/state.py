"""The state file of `serve`: the accounts as they were when the server was stopped, as snapshots in one JSON document.

A file that cannot be read whole is refused and never touched; it is written in one step.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from simulator import files
from simulator.core.misuse import Misuse, shown
from simulator.core.wire import NotJson, decode
from simulator.files import named
from simulator.service import Service, operations, snapshots
from simulator.service.operations import Opened

FORMAT = "exchange-simulator state"
VERSION = 1
_what = "state file"
_secret = 0o600  # there are secrets in it


def held(path: Path) -> AbstractContextManager[None]:
    """Keep other servers from the file: whichever stopped last would overwrite what the other wrote. Raises Misuse."""
    return files.held(path, _what)


def load(service: Service, path: Path) -> list[Opened] | None:
    """Make the accounts of the file; None when there is no file yet. Raises Misuse."""
    files.check(path, _what)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Misuse(f"the state file {named(path)} cannot be read: {error.strerror}") from None
    try:
        accounts = _accounts(decode(content, repeats=False))
    except (NotJson, Misuse) as error:
        raise Misuse(f"the state file {named(path)} is broken and was left as it is: {error}") from None
    opened = []
    for number, snapshot in enumerate(accounts):
        try:
            opened.append(snapshots.restore(service, snapshot))
        except Misuse as misuse:
            raise Misuse(f"the state file {named(path)} was left as it is: accounts[{number}]: {misuse}") from None
    return opened


def _accounts(document: Any) -> list[Any]:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Misuse(f"its format is not {FORMAT!r}")
    version = document.get("version")
    if version != VERSION or type(version) is not int:  # true and 1.0 are equal to 1
        raise Misuse(f"it is of version {shown(version)}, and this simulator reads version {VERSION}")
    accounts = document.get("accounts")
    if not isinstance(accounts, list) or set(document) != {"format", "version", "accounts"}:
        raise Misuse("it must have 'format', 'version' and a list of 'accounts', and nothing else")
    return accounts


def save(service: Service, path: Path) -> int:
    """Write all accounts, secrets included; returns how many.

    Raises Misuse when it cannot be; then they are in a new folder for temporary files, which the sentence names.
    """
    with service.lock:
        accounts = [snapshots.take(service, account.id) for _, account in operations.accounts(service)]
    document = {"format": FORMAT, "version": VERSION, "accounts": accounts}
    text = json.dumps(document, indent=1) + "\n"
    try:
        files.write(path, text, _what, mode=_secret)
    except Misuse as misuse:
        elsewhere = _rescue(text, path.name)
        raise Misuse(f"{misuse}; {elsewhere}") from None
    return len(accounts)


def _rescue(text: str, name: str) -> str:
    """What became of a state that its file could not take."""
    try:
        elsewhere = Path(tempfile.mkdtemp(prefix="exchange-simulator-")) / name
        files.write(elsewhere, text, _what, mode=_secret)
    except (Misuse, OSError):
        return "the accounts could not be written to the folder for temporary files either"
    return f"the accounts are in {named(elsewhere)} instead"
