"""What one test's clients did: told by a simulator of our own as it happens, asked of a remote one afterwards.

Makes the simulator as well, and lets it name accounts after the test that is running.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from simulator.core.accounts import Account
from simulator.core.journal import Entry
from simulator.core.message import Frame
from simulator.core.misuse import Misuse, NotThere
from simulator.plugin.names import account_names
from simulator.plugin.remote import RemoteSimulator
from simulator.plugin.remote_account import RemoteAccount
from simulator.plugin.strict import is_stray
from simulator.plugin.transcript import Call, near_miss, shown_calls, transcript
from simulator.service.listed import EXCHANGES

shown_strays = 10


class Watch(Protocol):
    """A simulator and what was asked of it since `begin`, which the plugin calls as each test starts."""

    simulator: Any

    def begin(self, *, strict: bool, used: bool) -> None:
        """Forget what was before. `strict`: strays will be asked for. `used`: the test asks for the simulator."""
        ...

    def transcript(self) -> str:
        """The test's calls as text; "" when there were none."""
        ...

    def strays(self) -> list[str]:
        """The calls that strict mode holds against the test, a line each; each is told once."""
        ...


class LocalWatch:
    """Listens to a simulator of this process: every call of the test, whosoever account it met."""

    def __init__(self, simulator: Any) -> None:
        self.simulator = simulator
        self._service = simulator.service
        self._calls: deque[tuple[str, Account | None, Entry]] = deque(maxlen=shown_calls)
        self._strays: deque[str] = deque(maxlen=shown_strays)
        self._count = 0
        self._strict = False
        self._service.listeners.append(self._listen)

    def begin(self, *, strict: bool, used: bool) -> None:
        with self._service.lock:
            self._calls.clear()
            self._strays.clear()
            self._count = 0
            self._strict = strict

    def transcript(self) -> str:
        with self._service.lock:
            return transcript([self._call(*call) for call in self._calls], self._count)

    def strays(self) -> list[str]:
        with self._service.lock:
            told = list(self._strays)
            self._strays.clear()
            return told

    def _listen(self, exchange: str, account: Account | None, entry: Entry) -> None:
        self._calls.append((exchange, account, entry))
        self._count += 1
        if self._strict and is_stray(exchange, entry.refused.condition if entry.refused else None):
            request = entry.request
            asked = f"frame {request.text}" if isinstance(request, Frame) else f"{request.method} {request.target}"
            because = entry.refused.because if entry.refused else None
            self._strays.append(_stray(exchange, asked, because, [str(miss) for miss in entry.near_misses]))

    def _call(self, exchange: str, account: Account | None, entry: Entry) -> Call:
        from simulator.service import views

        return Call(account.id if account else exchange, views.entry(entry))


class RemoteWatch:
    """Asks a remote simulator for the journals of the accounts that the test made, and for calls of no account.

    Whose client made a call of no account no server can know: those since the test began count as the test's, so in
    strict mode nobody else may use the server meanwhile. Where workers share it (not `alone`), they are left out.
    """

    def __init__(self, simulator: RemoteSimulator, *, alone: bool) -> None:
        self.simulator = simulator
        self._alone = alone
        self._opened: list[RemoteAccount] = []
        self._begun: dict[str, int] = {}
        self._seen: dict[str, int] = {}
        simulator.opened = self._opened.append

    def begin(self, *, strict: bool, used: bool) -> None:
        self._opened.clear()
        self._begun = {}
        if strict or (used and self._alone):
            try:
                self._begun = {name: self._nobodys(name, _none_yet)["count"] for name in _NOBODYS}
            except Misuse:
                if strict:
                    raise  # else whatever the test does next says it
        self._seen = dict(self._begun)

    def transcript(self) -> str:
        calls = []
        try:
            for account in self._opened:
                try:
                    calls += [Call(account.id, one) for one in account.journal_document()["entries"]]
                except NotThere:  # somebody else deleted the account: what the others did is shown all the same
                    continue
            for name, number in self._begun.items():
                calls += [Call(name, one) for one in self._nobodys(name, number)["entries"]]
        except Misuse as misuse:  # the server has gone: the test's own report must not go with it
            return str(misuse)
        calls.sort(key=lambda call: int(call.document["at_ms"]))
        return transcript(calls[-shown_calls:], len(calls))

    def strays(self) -> list[str]:
        told = []
        for name, number in self._seen.items():
            journal = self._nobodys(name, number)
            self._seen[name] = journal["count"]
            told += [_told(name, entry) for entry in journal["entries"] if is_stray(name, _condition(entry))]
        return told[-shown_strays:]

    def _nobodys(self, name: str, after: int) -> dict[str, Any]:
        """The journal of an exchange, or the one of no exchange, beyond a number."""
        path = ("exchanges", name, "journal") if name else ("journal",)
        journal: dict[str, Any] = self.simulator.control.ask("GET", *path, after=after)
        return journal


_NOBODYS = (*EXCHANGES, "")
"""Whose journals have calls of no account: the exchanges', and that of no exchange."""

_none_yet = 10**15
"""A number that no entry has."""


def _condition(entry: Mapping[str, Any]) -> str | None:
    return entry["refused"]["condition"] if entry["refused"] else None


def _told(exchange: str, entry: Mapping[str, Any]) -> str:
    """A stray of a remote simulator, in a line."""
    asked, refused = entry["request"], entry["refused"]
    line = f"frame {asked['frame']}" if "frame" in asked else f"{asked['method']} {asked['target']}"
    near = [near_miss(one) for one in entry["near_misses"]]
    return _stray(exchange, line, refused["because"] if refused else None, near)


def _stray(exchange: str, asked: str, because: str | None, near: list[str]) -> str:
    line = f"{exchange or 'no exchange'}: {asked[:200]}: {because or 'no exchange has this path'}"
    line += f"  nearest: {', '.join(near)}" if near else ""
    return line.encode("utf-8", "backslashreplace").decode()


@contextmanager
def watched(url: str | None, settings: Mapping[str, Any], test: Callable[[], str], alone: bool) -> Iterator[Watch]:
    """A running simulator (the one at `url`, else one of our own) that names accounts after `test()`.

    `alone`: no other worker of this run uses the one at `url`. Raises Misuse.
    """
    watch: Watch
    if url is None:
        from simulator.server.simulator import Simulator

        try:
            watch = LocalWatch(Simulator(**settings))
        except TypeError as error:
            raise Misuse(f"the fixture exchange_simulator_settings: {error}") from None
    else:
        watch = RemoteWatch(RemoteSimulator(url).start(), alone=alone)
    for name in EXCHANGES:
        getattr(watch.simulator, name).naming = lambda: account_names(test())
    with watch.simulator:
        yield watch
