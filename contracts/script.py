"""What is done to a target, step by step: prepared, sent, heard; kept so that it can be shown and done again.

A script is symbolic: ids, credentials and times are holes that are filled in anew, and calls are signed anew, so that
what failed yesterday can be replayed against another server.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from contracts.cases import BrokenCase, Call, fill
from contracts.clients import CLIENTS
from contracts.dialects import DIALECTS
from contracts.targets import ControlRefused, ReplyLost, Target, TargetAccount
from contracts.wire import Credentials, Exchange, HttpCall, HttpReply

another_secret = "d3Jvbmcgc2VjcmV0"  # noqa: S105 - a wrong one, for calls that are signed wrongly on purpose


class Step(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One thing done to `account`, which is a name within the script. `heard` is what was answered.

    `do`: "account", "key" and "withdrawal" make something (with `options`, called `name`: the hole «name» then has the
    withdrawal's id); "let" fills the hole `name` with the text `what`; "event" `what` happens to the withdrawal `name`;
    "advance" moves time (`number` of seconds), "clock" sets the server's (`number`, ms since 1970); "fault", "call"
    (that creates the withdrawal `name`, if it has one) and "frames".
    """

    do: Literal["account", "key", "withdrawal", "let", "event", "advance", "clock", "fault", "call", "frames"]
    account: str = "account"
    name: str = ""
    options: dict[str, Any] = {}
    what: str = ""
    number: int = 0
    call: Call | None = None
    target: str = ""
    frames: list[str] = []
    logged_in: bool = True
    heard: str = ""


class ScriptFile(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A script as a file: the exchange it speaks to, the claim that failed, and the steps that lead there."""

    exchange: Exchange
    claim: str
    steps: list[Step]


class Script:
    """Takes steps on a target and remembers them. The holes of its calls are `values`, first of all the credentials.

    Raises what the target raises: ControlRefused, ReplyLost, TargetDown.
    """

    _nonces = itertools.count(0)

    def __init__(self, exchange: Exchange, target: Target) -> None:
        self.exchange = exchange
        self.target = target
        self.steps: list[Step] = []
        self.accounts: dict[str, TargetAccount] = {}
        self.credentials: dict[str, Credentials] = {}
        self.values: dict[str, str] = {}
        self.sent: HttpCall | None = None
        self._began_ms: int | None = None

    def account(self, options: Mapping[str, Any], name: str = "account") -> TargetAccount:
        self.steps.append(Step(do="account", account=name, options=dict(options)))
        account = self.accounts[name] = self.target.account(self.exchange, options)
        self.credentials[name] = account.credentials
        return account

    def key(self, options: Mapping[str, Any], name: str, of: str = "account") -> None:
        """A further key of the account `of`; calls of `name` are signed with it."""
        self.steps.append(Step(do="key", account=of, name=name, options=dict(options)))
        self.credentials[name] = {**self.credentials[of], **self.accounts[of].key(options)}

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

    def clock(self, now_ms: int) -> None:
        self.steps.append(Step(do="clock", number=now_ms))
        self._began_ms = self._began_ms or self.target.now_ms()
        self.target.at(now_ms)

    def fault(self, options: Mapping[str, Any], account: str = "account") -> None:
        self.steps.append(Step(do="fault", account=account, options=dict(options)))
        self.accounts[account].fault(options)

    def call(self, call: Call, account: str = "account") -> HttpReply:
        """Sign a call as it says and send it."""
        step = Step(do="call", account=account, call=call)
        self.steps.append(step)
        if call.after_s:
            self._began_ms = self._began_ms or self.target.now_ms()
            self.target.at(self.target.now_ms() + 1000 * call.after_s)
        self.sent = self.signed(call, account)
        try:
            reply = self.target.send(self.sent)
        except ReplyLost:
            step.heard = "nothing: the connection broke"
            raise
        step.heard = f"{reply.status} {reply.text}"
        for hole, name in call.keeps.items():
            self.values[hole] = _member(reply, name)
        return reply

    def create(self, call: Call, name: str) -> str:
        """A call that creates the withdrawal `name`: "" when it did, else the code that says why not."""
        reply = self.call(call)
        self.steps[-1].name = name
        identity, code = CLIENTS[self.exchange].created(reply)
        if not code:
            self.values[name] = identity
        return code

    def frames(self, target: str, frames: list[str], *, logged_in: bool = True, account: str = "account") -> list[str]:
        """Frames on a fresh WebSocket; what came back, without the answer to the login."""
        step = Step(do="frames", account=account, target=target, frames=frames, logged_in=logged_in)
        self.steps.append(step)
        self.sent = None  # the call before is not what is answered now
        values = {**self.values_of(account), **self._codes(account, self.target.now_ms())}
        filled = [fill(frame, values) for frame in frames]
        dialect = DIALECTS[self.exchange]
        first = [dialect.hello(self.credentials[account], self.target.now_ms())] if logged_in and dialect.hello else []
        try:
            heard = self.target.converse(target, [*first, *filled])
        except ReplyLost:
            step.heard = "nothing: the connection broke"
            raise
        if first and dialect.welcome not in "".join(heard[:1]).lower():
            step.heard = "\n".join(heard)
            raise ControlRefused(f"the login on {target} was refused: {''.join(heard[:1])}")
        heard = heard[len(first) :]
        step.heard = "\n".join(heard)
        return heard

    def signed(self, call: Call, account: str = "account") -> HttpCall:
        """A call as it goes out: its holes filled in, signed (or not) as it says."""
        now_ms = self.target.now_ms() + call.offset_ms
        values = {**self.values_of(account), "ms": str(now_ms), "nonce": self._nonce(now_ms)}
        values |= self._codes(account, now_ms)
        headers = tuple((name, fill(value, values)) for name, value in call.headers.items())
        bare = HttpCall(call.method, fill(call.target, values), headers, fill(call.body, values).encode())
        changed = {name: None if value is None else fill(value, values) for name, value in call.changed.items()}
        return self._proven(bare, call.signed, account, now_ms).changed(changed)

    def close(self) -> None:
        """Delete the accounts, and let the clock be what it was. What cannot be deleted any more is gone already."""
        if self._began_ms is not None:
            self.target.at(self._began_ms)
        for account in self.accounts.values():
            try:
                account.delete()
            except ControlRefused:
                continue

    def saved(self, claim: str, hidden: Callable[[str], str] = str) -> bytes:
        """The script as a file's content. Secrets do not stand in it: calls are signed anew, and `hidden` leaves them
        out of what was heard.
        """
        steps = [msgspec.structs.replace(step, heard=hidden(step.heard)) for step in self.steps]
        document = msgspec.to_builtins(ScriptFile(exchange=self.exchange, claim=hidden(claim), steps=steps))
        return json.dumps(document, indent=1, ensure_ascii=False).encode()

    def tokens(self) -> set[str]:
        """The tokens that logins were answered with: who has one needs no other credentials."""
        names = "|".join(DIALECTS[self.exchange].tokens)
        heard = "\n".join(step.heard for step in self.steps)
        return set(re.findall(rf'(?:{names})\\*": *\\*"([^"\\]+)', heard)) if names else set()

    def _proven(self, bare: HttpCall, signed: str, account: str, now_ms: int) -> HttpCall:
        dialect, credentials = DIALECTS[self.exchange], self.credentials[account]
        if signed == "not":
            return bare
        if sign := dialect.mistakes.get(signed) or dialect.variants.get(signed):
            return sign(bare, credentials, now_ms)
        if signed == "wrong":
            credentials = {**credentials, "api_secret": another_secret}
        elif signed != "right":
            known = ", ".join((*dialect.mistakes, *dialect.variants))
            raise BrokenCase(f"{self.exchange} is not signed {signed!r}; known are right, wrong, not, {known}")
        return dialect.signed(bare, credentials, now_ms)

    def values_of(self, account: str) -> dict[str, str]:
        """What fills the holes of a call of `account`."""
        credentials = {name: str(value) for name, value in self.credentials[account].items()}
        settings = {f"client_{name}": str(value) for name, value in self.accounts["account"].settings.items()}
        other = {f"other_{name}": str(value) for name, value in self.credentials.get("other", {}).items()}
        return {**other, **credentials, **settings, **self.values}

    def _codes(self, account: str, now_ms: int) -> Mapping[str, str]:
        codes = DIALECTS[self.exchange].codes
        return codes(self.credentials[account], now_ms) if codes else {}

    def _nonce(self, now_ms: int) -> str:
        """A number that grows from call to call, also when the clock stands still.

        In milliseconds, the coarsest unit that clients take: a key that was used with a finer one refuses those for
        ever, and a run against somebody's own account must not do that to the client that shares its key.
        """
        return str(now_ms + next(Script._nonces))


def _member(reply: HttpReply, name: str) -> str:
    """A member of the JSON object that was answered. Raises ControlRefused: what comes next cannot be prepared."""
    with contextlib.suppress(ValueError):
        document = json.loads(reply.body)
        if isinstance(document, dict) and name in document:
            return str(document[name])
    raise ControlRefused(f"there is no {name} in {reply.status} {reply.text[:200]}")
