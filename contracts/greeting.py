"""The first call to a server that a profile describes: is the exchange there, and does it take the credentials?

It asks for the balance, which harms nothing, before anything else is asked, and says in one sentence what is wrong.
It knows of an exchange what its client knows (`contracts.clients`), and nothing of what the suite holds afterwards.
"""

from __future__ import annotations

from contracts.clients import CLIENTS, Absent, Client, Unreadable
from contracts.script import Script
from contracts.targets import ReplyLost, Target, TargetDown
from contracts.targets.remote import variable
from contracts.wire import Exchange, HttpReply

NAMES = {"bybit": "Bybit", "okx": "OKX", "kraken": "Kraken", "alphapoint": "AlphaPoint"}


def greet(target: Target, exchange: Exchange) -> None:
    """Ask for the balance. Raises TargetDown with what is wrong."""
    client, script = CLIENTS[exchange], Script(exchange, target)
    script.account({})
    try:
        reply = script.call(client.balance())
    except ReplyLost as lost:
        raise TargetDown(str(lost)) from None
    except ValueError as error:  # a secret that is no base64, a key that no header can carry
        raise TargetDown(f"no request can be signed with {_credentials(client)}: {error}") from None
    assert script.sent is not None
    asked = f"{script.sent.method} {script.sent.path}"
    try:
        refused = client.refused(reply)
    except Unreadable:
        raise TargetDown(f"{target.url} {_found(exchange, asked, reply)}") from None
    if not refused:
        _shows_a_balance(client, reply, f"{target.url} {_found(exchange, asked, reply)}")
        return
    if any(_is(refused, code) for code in client.unproven):
        told = f"does not take the credentials for {exchange}: {refused}; are {_credentials(client)} right?"
        raise TargetDown(f"{target.url} {told}")
    if _is(refused, client.limit.code):
        raise TargetDown(f"{target.url} limits the rate already at the first call: {refused}; wait, and try again")
    hints = [f"; {hint}" for code, hint in client.hints.items() if _is(refused, code)]
    raise TargetDown(f"{target.url} refuses the first call for {exchange}, {asked}: {refused}{''.join(hints)}")


def _shows_a_balance(client: Client, reply: HttpReply, otherwise: str) -> None:
    """A success has something to show. Raises TargetDown."""
    try:
        client.available(reply)
    except Absent:
        return  # nothing of what the suite withdraws: cases that need none can be held
    except Unreadable:
        raise TargetDown(otherwise) from None


def _is(refused: str, code: str) -> bool:
    return refused == code or refused.startswith(code + " ")


def _credentials(client: Client) -> str:
    *names, last = (variable(client.exchange, name) for name in ("api_key", "api_secret", *client.credentials))
    return f"{', '.join(names)} and {last}"


def _found(exchange: Exchange, asked: str, reply: HttpReply) -> str:
    """What answers there, since it is not the exchange."""
    if 300 <= reply.status < 400:
        return f"redirects {asked} to {reply.header('Location')}: the profile must name the exchange's own address"
    kind = reply.header("Content-Type") or "without a type"
    told = (
        f"does not answer as {NAMES[exchange]} does: {asked} was answered {reply.status}, {kind}, {reply.text[:80]!r}"
    )
    others = [NAMES[other] for other in CLIENTS if other != exchange and _speaks(CLIENTS[other], reply)]
    return f"{told}, as {' or '.join(others)} would" if others else told


def _speaks(client: Client, reply: HttpReply) -> bool:
    try:
        client.refused(reply)
    except Unreadable:
        return False
    return True
