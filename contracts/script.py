"""What is done to a target, step by step: prepared, sent, heard; kept so that it can be shown and done again.

A script is symbolic: ids, credentials and times are holes that are filled in anew, and calls are signed anew, so that
what failed yesterday can be replayed against another server.
"""

from __future__ import annotations

import contextlib
import re
from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from contracts import interrupts
from contracts.cases import Call
from contracts.clients import CLIENTS
from contracts.dialects import DIALECTS, signed_as
from contracts.holes import fill
from contracts.steps import ScriptFile, Step, Taken, written
from contracts.targets import ControlRefused, ReplyLost, Target, TargetAccount, TargetSocket
from contracts.wire import Credentials, Exchange, HttpCall, HttpReply


class Script:
    """Takes steps on a target and remembers them. The holes of its calls are `values`, first of all the credentials.

    `closed` is how the target ended the last socket, "" if it did not. Raises what the target raises: ControlRefused,
    ReplyLost, TargetDown.
    """

    # The last nonce that went to each target: a remote's only key serves many scripts.
    _nonces: ClassVar[WeakKeyDictionary[Target, int]] = WeakKeyDictionary()

    def __init__(self, exchange: Exchange, target: Target) -> None:
        self.exchange = exchange
        self.target = target
        self.steps: list[Step] = []
        self.taken: list[Taken] = []
        self.accounts: dict[str, TargetAccount] = {}
        self.credentials: dict[str, Credentials] = {}
        self.values: dict[str, str] = {"run": target.run}
        self.sent: HttpCall | None = None
        self.closed = ""
        self._socket: TargetSocket | None = None
        self._whose = ""
        self._texts: dict[str, dict[str, str]] = {}  # the credentials as holes have them, those of accounts and keys
        self._settings: dict[str, str] = {}
        self._others: dict[str, str] = {}
        self._began_ms: int | None = None

    def account(self, options: Mapping[str, Any], name: str = "account") -> TargetAccount:
        self.steps.append(Step(do="account", account=name, options=dict(options)))
        filled = {key: fill(told, self.values) if isinstance(told, str) else told for key, told in options.items()}
        account = self.accounts[name] = self.target.account(self.exchange, filled)
        self._note(name, account.credentials)
        if name == "account":
            self._settings = {f"client_{hole}": str(value) for hole, value in account.settings.items()}
        return account

    def key(self, options: Mapping[str, Any], name: str, of: str = "account") -> None:
        """A further key of the account `of`; calls of `name` are signed with it."""
        self.steps.append(Step(do="key", account=of, name=name, options=dict(options)))
        self._note(name, {**self.credentials[of], **self.accounts[of].key(options)})

    def withdrawal(self, options: Mapping[str, Any], name: str = "withdrawal", account: str = "account") -> str:
        self.steps.append(Step(do="withdrawal", account=account, name=name, options=dict(options)))
        self.values[name] = self.accounts[account].withdrawal(options)
        return self.values[name]

    def let(self, name: str, value: str) -> None:
        """Fill a hole."""
        self.steps.append(Step(do="let", name=name, what=value))
        self.values[name] = value

    def event(self, event: str, withdrawal: str = "withdrawal", account: str = "account") -> None:
        self.steps.append(Step(do="event", account=account, name=withdrawal, what=event))
        self.accounts[account].event(self.values[withdrawal], event)

    def advance(self, seconds: int, account: str = "account") -> None:
        self.steps.append(Step(do="advance", account=account, number=seconds))
        self.accounts[account].advance(seconds)

    def look(self, account: str = "account") -> Mapping[str, str]:
        """The states of an account's withdrawals by id, as the target itself tells them; none where it does not."""
        step = Step(do="look", account=account)
        self.steps.append(step)
        shown = self.accounts[account].withdrawals() or {}
        step.heard = ", ".join(f"{identity} is {state}" for identity, state in shown.items()) or "no withdrawals"
        return shown

    def clock(self, now_ms: int) -> None:
        self.steps.append(Step(do="clock", number=now_ms))
        self._at(now_ms)

    def fault(self, options: Mapping[str, Any], account: str = "account") -> None:
        self.steps.append(Step(do="fault", account=account, options=dict(options)))
        self.accounts[account].fault(options)

    def call(self, call: Call, account: str = "account") -> HttpReply:
        """Sign a call as it says and send it."""
        interrupts.look()
        step = Step(do="call", account=account, call=call)
        self.steps.append(step)
        if call.after_s:
            self._at(self.target.now_ms() + 1000 * call.after_s)
        self.sent = self.signed(call, account)
        try:
            reply = self.target.send(self.sent)
        except ReplyLost:
            step.heard = "nothing: the connection broke"
            raise
        step.heard = f"{reply.status} {reply.text}"
        for hole, name in call.keeps.items():
            if (value := reply.member(name)) is None:
                raise ControlRefused(f"there is no {name} in {reply.status} {reply.text[:200]}")
            self.values[hole] = value
        return reply

    def create(self, call: Call, name: str, account: str = "account") -> str:
        """A call that creates the withdrawal `name`: "" when it did, else the code that says why not."""
        reply = self.call(call, account)
        self.steps[-1].name = name
        identity, code = CLIENTS[self.exchange].created(reply)
        if not code:
            self.values[name] = identity
        return code

    def frames(self, target: str, frames: list[str], *, logged_in: bool = True, account: str = "account") -> list[str]:
        """Frames on a fresh WebSocket; what came back, without the answer to the login."""
        self.steps.append(Step(do="frames", account=account, target=target, frames=frames, logged_in=logged_in))
        with contextlib.closing(self.target.open_socket(target)) as socket:
            return self._said(socket, account, logged_in, frames)

    def open(self, target: str, frames: list[str], *, logged_in: bool = True, account: str = "account") -> list[str]:
        """The same on a socket that stays open until `close`; one at a time."""
        self._leave()
        self.steps.append(Step(do="open", account=account, target=target, frames=frames, logged_in=logged_in))
        self._socket, self._whose = self.target.open_socket(target), account
        return self._said(self._socket, account, logged_in, frames)

    def say(self, frames: Iterable[str] = (), expected: int = 0) -> list[str]:
        """Frames, or none, on the open socket; what came on it since the last look, of which so much is `expected`."""
        if self._socket is None:
            raise ControlRefused("no socket is open")
        self.steps.append(Step(do="say", account=self._whose, frames=list(frames), number=expected))
        return self._said(self._socket, self._whose, False, frames, expected)

    def _leave(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def end(self, account: str = "account") -> None:
        """Delete an account."""
        self.steps.append(Step(do="end", account=account))
        self.accounts.pop(account).delete()

    def _said(
        self, socket: TargetSocket, account: str, logged_in: bool, frames: Iterable[str], expected: int = 0
    ) -> list[str]:
        """Send frames, behind a login if it is to be, and note what came back in the last step."""
        self.sent = None  # the call before is not what is answered now
        step, now_ms, dialect = self.steps[-1], self.target.now_ms(), DIALECTS[self.exchange]
        values = ChainMap(self._codes(account, now_ms), *self._known(account))
        filled = [fill(frame, values) for frame in frames]
        first = [dialect.hello(self.credentials[account], now_ms)] if logged_in and dialect.hello else []
        try:
            for frame in (*first, *filled):
                socket.send(frame)
            heard = socket.heard(expected)
        except ReplyLost:
            step.heard = "nothing: the connection broke"
            raise
        self.closed = socket.closed
        step.heard = "\n".join([*heard[len(first) :], *([f"closed: {socket.closed}"] if socket.closed else [])])
        if first and dialect.welcome not in "".join(heard[:1]).lower():
            step.heard = "\n".join(heard)
            raise ControlRefused(f"the login on {step.target} was refused: {''.join(heard[:1]) or socket.closed}")
        return heard[len(first) :]

    def signed(self, call: Call, account: str = "account") -> HttpCall:
        """A call as it goes out: its holes filled in, signed (or not) as it says."""
        now_ms = self.target.now_ms() + call.offset_ms
        moment = {"ms": str(now_ms), "nonce": self._nonce(), **self._codes(account, now_ms)}
        values = ChainMap(moment, *self._known(account))
        headers = tuple((name, fill(value, values)) for name, value in call.headers.items())
        bare = HttpCall(call.method, fill(call.target, values), headers, fill(call.body, values).encode())
        changed = {name: None if value is None else fill(value, values) for name, value in call.changed.items()}
        return signed_as(self.exchange, bare, call.signed, self.credentials[account], now_ms).changed(changed)

    def close(self) -> None:
        """Leave the socket, delete the accounts, and let the clock be what it was.

        What cannot be deleted any more is gone already.
        """
        self._leave()
        if self._began_ms is not None:
            self.target.at(self._began_ms)
        for account in self.accounts.values():
            try:
                account.delete()
            except ControlRefused:
                continue

    def saved(self, claim: str, hidden: Callable[[str], str] = str, case: str = "") -> bytes:
        """The script as a file's content. Secrets do not stand in it: calls are signed anew, and see `written`."""
        file = ScriptFile(exchange=self.exchange, claim=claim, steps=self.steps, case=case, taken=self.taken)
        return written(file, hidden)

    def tokens(self) -> set[str]:
        """The tokens that logins were answered with: who has one needs no other credentials."""
        names = "|".join(DIALECTS[self.exchange].tokens)
        heard = "\n".join(step.heard for step in self.steps)
        return set(re.findall(rf'(?:{names})\\*": *\\*"([^"\\]+)', heard)) if names else set()

    def _at(self, now_ms: int) -> None:
        self._began_ms = self._began_ms or self.target.now_ms()
        self.target.at(now_ms)

    def values_of(self, account: str) -> dict[str, str]:
        """What fills the holes of a call of `account`."""
        return dict(ChainMap(*self._known(account)))

    def _known(self, account: str) -> tuple[dict[str, str], ...]:
        """The same in parts; what stands in an earlier one counts."""
        return self.values, self._settings, self._texts[account], self._others

    def _codes(self, account: str, now_ms: int) -> dict[str, str]:
        codes = DIALECTS[self.exchange].codes
        return dict(codes(self.credentials[account], now_ms)) if codes else {}

    def _note(self, name: str, credentials: Credentials) -> None:
        self.credentials[name] = credentials
        self._texts[name] = {hole: str(value) for hole, value in credentials.items()}
        if name == "other":
            self._others = {f"other_{hole}": text for hole, text in self._texts[name].items()}

    def _nonce(self) -> str:
        """A number that grows from call to call, also when the clock stands still, and runs ahead of it no further than
        that needs.

        In milliseconds, the coarsest unit that clients take: a key that was used with a finer one refuses those for
        ever, and a run against somebody's own account must not do that to the client that shares its key.
        """
        nonce = max(Script._nonces.get(self.target, 0) + 1, self.target.now_ms())
        Script._nonces[self.target] = nonce
        return str(nonce)
