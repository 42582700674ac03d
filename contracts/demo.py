"""`exchange-simulator demo`: a client cancels on all four exchanges over HTTP; every byte is shown, both ways.

For each exchange: a cancel that is accepted, the outcome seen afterwards (at once, and later), a second try, and a
wrong signature. It ends by itself.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from contracts.dialects import DIALECTS
from contracts.targets import TargetAccount
from contracts.targets.over_http import OverHttp
from contracts.wire import Credentials, HttpCall, HttpReply

Say = Callable[[str], Any]
Asked = Callable[[str, Credentials, str], HttpCall]

_JSON = (("Content-Type", "application/json"),)
_FORM = (("Content-Type", "application/x-www-form-urlencoded"),)


@dataclass(frozen=True, slots=True)
class Play:
    """What the demo does on one exchange. `settles_s`: how long until an accepted cancel has become a cancelled one."""

    exchange: str
    title: str
    cancel: Asked
    outcome: Asked
    moral: str
    settles_s: int = 0


def _bybit_cancel(withdrawal: str, _: Credentials, __: str) -> HttpCall:
    return HttpCall("POST", "/v5/asset/withdraw/cancel", _JSON, f'{{"id":"{withdrawal}"}}'.encode())


def _bybit_outcome(withdrawal: str, _: Credentials, __: str) -> HttpCall:
    return HttpCall("GET", f"/v5/asset/withdraw/query-record?withdrawID={withdrawal}")


def _okx_cancel(withdrawal: str, _: Credentials, __: str) -> HttpCall:
    return HttpCall("POST", "/api/v5/asset/cancel-withdrawal", _JSON, f'{{"wdId":"{withdrawal}"}}'.encode())


def _okx_outcome(withdrawal: str, _: Credentials, __: str) -> HttpCall:
    return HttpCall("GET", f"/api/v5/asset/withdrawal-history?wdId={withdrawal}")


def _kraken_cancel(withdrawal: str, _: Credentials, nonce: str) -> HttpCall:
    body = f"nonce={nonce}&asset=USDT&refid={withdrawal}"
    return HttpCall("POST", "/0/private/WithdrawCancel", _FORM, body.encode())


def _kraken_outcome(_: str, __: Credentials, nonce: str) -> HttpCall:
    return HttpCall("POST", "/0/private/WithdrawStatus", _FORM, f"nonce={nonce}&asset=USDT".encode())


def _alphapoint_cancel(withdrawal: str, credentials: Credentials, _: str) -> HttpCall:
    body = (
        f'{{"OMSId":{credentials["oms_id"]},"UserId":{credentials["user_id"]},'
        f'"AccountId":{credentials["account_id"]},"RequestCode":"{withdrawal}"}}'
    )
    return HttpCall("POST", "/AP/CancelWithdraw", _JSON, body.encode())


def _alphapoint_outcome(_: str, credentials: Credentials, __: str) -> HttpCall:
    query = f"OMSId={credentials['oms_id']}&AccountId={credentials['account_id']}"
    return HttpCall("GET", f"/AP/GetWithdraws?{query}")


PLAYS = (
    Play("bybit", "Bybit V5", _bybit_cancel, _bybit_outcome, "Accepted is cancelled; a second try is an error."),
    Play(
        "okx",
        "OKX V5",
        _okx_cancel,
        _okx_outcome,
        'Code "0" only says that the request was taken: state -3 is canceling, -2 is canceled.',
        settles_s=3600,
    ),
    Play(
        "kraken",
        "Kraken Spot",
        _kraken_cancel,
        _kraken_outcome,
        "result true puts a request in; WithdrawStatus tells what became of it.",
        settles_s=3600,
    ),
    Play(
        "alphapoint",
        "AlphaPoint (APEX)",
        _alphapoint_cancel,
        _alphapoint_outcome,
        "A second try is an error, and a wrong signature looks like an unknown path.",
    ),
)


def show(say: Say) -> None:
    """Start a simulator, play every exchange, and end."""
    from simulator import Simulator

    with Simulator() as simulator, closing(OverHttp(simulator.url)) as target:
        say(f"A simulator listens on {simulator.url}. '>' is what the client sends, '<' what the exchange answers.")
        for play in PLAYS:
            _play(play, target, say)
    say("\nNext: exchange-simulator serve, and point your client at it.")


def _play(play: Play, target: OverHttp, say: Say) -> None:
    account = target.account(play.exchange, {})
    withdrawal = account.withdrawal({"asset": "USDT", "amount": "10"})
    say(f"\n{'=' * 78}\n{play.title}: {play.moral}\n{'=' * 78}")
    _ask(play, target, account, play.cancel, withdrawal, "cancel a pending withdrawal", say)
    _ask(play, target, account, play.outcome, withdrawal, "what became of it?", say)
    if play.settles_s:
        account.advance(play.settles_s)
        _ask(play, target, account, play.outcome, withdrawal, "and later?", say)
    _ask(play, target, account, play.cancel, withdrawal, "cancel it a second time", say)
    wrong = {**account.credentials, "api_secret": "d3Jvbmcgc2VjcmV0"}
    _ask(play, target, account, play.cancel, withdrawal, "cancel with a wrong secret", say, wrong)


_nonces = itertools.count(time.time_ns() // 1000)


def _ask(
    play: Play,
    target: OverHttp,
    account: TargetAccount,
    asked: Asked,
    withdrawal: str,
    title: str,
    say: Say,
    credentials: Credentials | None = None,
) -> None:
    used = credentials or account.credentials
    bare = asked(withdrawal, used, str(next(_nonces)))
    call = DIALECTS[play.exchange].signed(bare, used, time.time_ns() // 1_000_000)
    reply = target.send(call)
    say(f"\n--- {title}\n{_shown(call, reply)}")


def _shown(call: HttpCall, reply: HttpReply) -> str:
    sent = [f"{call.method} {call.target} HTTP/1.1", *(f"{name}: {value}" for name, value in call.headers)]
    if call.body:
        sent += ["", call.body.decode()]
    got = [f"HTTP/1.1 {reply.status}", *(f"{name}: {value}" for name, value in reply.headers)]
    if reply.body:
        got += ["", reply.body.decode()]
    return "\n".join(["> " + line for line in sent] + ["< " + line for line in got])
