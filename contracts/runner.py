"""Holding a case against a target: prepare what is given, ask, compare with what must come back."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from contracts.cases import Call, Case, fill, pattern
from contracts.dialects import alphapoint, bybit, kraken, okx
from contracts.targets import Target, TargetAccount
from contracts.wire import Credentials, Dialect, HttpCall, HttpReply

DIALECTS: dict[str, Dialect] = {
    "bybit": bybit.DIALECT,
    "okx": okx.DIALECT,
    "kraken": kraken.DIALECT,
    "alphapoint": alphapoint.DIALECT,
}

_nonces = itertools.count(time.time_ns() // 1000)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case. A disputed case is `disputed` whatever was answered; `difference` then shows it."""

    exchange: str
    case: Case
    status: Literal["held", "failed", "disputed"]
    difference: str


def hold(exchange: str, case: Case, target: Target) -> Outcome:
    """Hold one case against a target. Raises TargetDown, BrokenCase."""
    account = target.account(exchange, case.given.account)
    try:
        difference = _difference(exchange, case, target, account)
    finally:
        account.delete()
    if case.disputed_by is not None:
        return Outcome(exchange, case, "disputed", difference)
    return Outcome(exchange, case, "failed" if difference else "held", difference)


def _difference(exchange: str, case: Case, target: Target, account: TargetAccount) -> str:
    """The first difference between what the case says and what the target does; "" when there is none."""
    values = {name: str(value) for name, value in account.credentials.items()}
    if case.given.withdrawal is not None:
        values["withdrawal"] = account.withdrawal(case.given.withdrawal)
        for event in case.given.events:
            account.event(values["withdrawal"], event)
    for call in case.given.calls:
        target.send(_http_call(exchange, call, account.credentials, values))
    if case.given.advance_seconds:
        account.advance(case.given.advance_seconds)
    if case.when.frames is not None:
        return _compare_frames(case, _frames(exchange, case, target, account, values), values)
    assert case.when.call is not None
    reply = target.send(_http_call(exchange, case.when.call, account.credentials, values))
    return _compare(case, reply, values)


def _http_call(exchange: str, call: Call, credentials: Credentials, values: Mapping[str, str]) -> HttpCall:
    now_ms = time.time_ns() // 1_000_000
    filled = {**values, "ms": str(now_ms), "nonce": str(next(_nonces))}
    headers = tuple((name, fill(value, filled)) for name, value in call.headers.items())
    bare = HttpCall(call.method, fill(call.target, filled), headers, fill(call.body, filled).encode())
    if call.signed == "not":
        return bare
    if call.signed == "wrong":
        credentials = {**credentials, "api_secret": "d3Jvbmcgc2VjcmV0"}
    return DIALECTS[exchange].signed(bare, credentials, now_ms)


def _frames(exchange: str, case: Case, target: Target, account: TargetAccount, values: Mapping[str, str]) -> list[str]:
    frames = [fill(frame, values) for frame in case.when.frames or ()]
    hello = DIALECTS[exchange].hello
    if not case.when.logged_in or hello is None:
        return target.converse(case.when.target, frames)
    return target.converse(case.when.target, [hello(account.credentials), *frames])[1:]


def _compare(case: Case, reply: HttpReply, values: Mapping[str, str]) -> str:
    if reply.status != case.then.status:
        return f"status: expected {case.then.status}, got {reply.status} with {_text(reply.body)}"
    for name, expected in case.then.headers.items():
        got = reply.header(name)
        if got is None or not pattern(expected, values).fullmatch(got):
            return f"header {name}: expected {expected}, got {got}"
    return _compare_text("body", case.then.body, _text(reply.body), values)


def _compare_frames(case: Case, frames: list[str], values: Mapping[str, str]) -> str:
    expected = case.then.frames or []
    if len(frames) != len(expected):
        return f"frames: expected {len(expected)}, got {len(frames)}: {frames}"
    for number, (wanted, got) in enumerate(zip(expected, frames, strict=True), 1):
        difference = _compare_text(f"frame {number}", wanted, got, values)
        if difference:
            return difference
    return ""


def _compare_text(what: str, expected: str, got: str, values: Mapping[str, str]) -> str:
    if pattern(expected, values).fullmatch(got):
        return ""
    return f"{what}: expected {expected}\n  got {got}\n  they agree up to {got[: _agreed(expected, got, values)]!r}"


def _agreed(expected: str, got: str, values: Mapping[str, str]) -> int:
    """How far `got` agrees with `expected`, in characters of `got`, hole by hole and then letter by letter."""
    agreed = 0
    for end in range(1, len(expected) + 1):
        if expected.count("«", 0, end) != expected.count("»", 0, end):
            continue
        match = pattern(expected[:end], values).match(got)
        if match is None:
            break
        agreed = match.end()
    return agreed


def _text(body: bytes) -> str:
    return body.decode("utf-8", "backslashreplace")
