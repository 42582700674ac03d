"""Kraken Spot REST as a client sees it (docs.kraken.com api-reference/funding). A word is the pair of `status` and
`status-prop`. What a cancel answers that comes too late is not documented beyond its boolean; that it is `false`, and
`true` again while a request is in, is concluded from the words of the schema.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, quote

from contracts.cases import Call
from contracts.clients.client import (
    ACCEPTED,
    ADDRESS,
    MONEY,
    Client,
    Limit,
    Shown,
    Unreadable,
    Word,
    reads,
    reads_body,
    steps,
)
from contracts.documents import parsed
from contracts.wire import HttpReply

_decode = json.JSONDecoder(parse_float=Decimal).decode
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_YES, _LATE = frozenset({ACCEPTED}), frozenset({"false"})

WORDS = {
    # A cancellation is asked for by clients alone: API withdrawals go to addresses that were confirmed beforehand, so
    # that nothing waits for a mail whose link nobody follows.
    "Initial": Word("pending", _YES, frozenset({"Pending", "Initial/onhold", "Initial/return", "Failure"})),
    "Initial/onhold": Word("pending", _YES, frozenset({"Initial", "Pending", "Failure"})),
    "Initial/cancel-pending": Word("cancelling", _YES, frozenset({"Failure/canceled", "Initial/cancel-denied"})),
    "Initial/cancel-denied": Word("pending", _LATE, frozenset({"Pending/cancel-denied", "Failure"})),
    "Initial/return": Word("pending", _LATE, frozenset({"Pending/return", "Failure"})),
    "Pending": Word("pending", _YES, frozenset({"Settled", "Success", "Pending/onhold", "Pending/return", "Failure"})),
    "Pending/onhold": Word("pending", _YES, frozenset({"Pending", "Failure"})),
    "Pending/cancel-pending": Word("cancelling", _YES, frozenset({"Failure/canceled", "Pending/cancel-denied"})),
    "Pending/cancel-denied": Word("pending", _LATE, frozenset({"Settled/cancel-denied", "Failure"})),
    "Pending/return": Word("pending", _LATE, frozenset({"Settled/return", "Failure"})),
    "Settled": Word("processed", _LATE, frozenset({"Success", "Settled/cancel-denied"})),
    "Settled/cancel-denied": Word("processed", _LATE, frozenset({"Success/cancel-denied"})),
    "Settled/return": Word("processed", _LATE, frozenset({"Success/return"})),
    "Success": Word("processed", _LATE),
    "Success/cancel-denied": Word("processed", _LATE),
    "Success/return": Word("processed", _LATE),
    "Failure": Word("failed", _LATE),
    "Failure/canceled": Word("cancelled", _LATE),
}


HAPPENS = {
    "Initial": steps(approve="Pending", hold="Initial/onhold", fail="Failure"),
    "Initial/onhold": steps(release="Initial", fail="Failure"),
    "Initial/cancel-pending": steps(complete_cancel="Failure/canceled", deny_cancel="Initial/cancel-denied"),
    "Initial/cancel-denied": steps(approve="Pending/cancel-denied", fail="Failure"),
    "Pending": steps(settle="Settled", hold="Pending/onhold", fail="Failure"),
    "Pending/onhold": steps(release="Pending", fail="Failure"),
    "Pending/cancel-pending": steps(complete_cancel="Failure/canceled", deny_cancel="Pending/cancel-denied"),
    "Pending/cancel-denied": steps(settle="Settled/cancel-denied", fail="Failure"),
    "Pending/return": steps(settle="Settled/return", fail="Failure"),
    "Settled": steps(succeed="Success", deny_cancel="Settled/cancel-denied"),
    "Settled/cancel-denied": steps(succeed="Success/cancel-denied"),
    "Settled/return": steps(succeed="Success/return"),
}


def read(reply: HttpReply) -> tuple[Any, str]:
    """The result, or the text of the error; an error comes without a result. Raises Unreadable."""
    told = f"{reply.status} with {reply.text[:200]!r} is no envelope of Kraken"
    try:
        document = parsed(reply.body, _decode)
    except ValueError:
        raise Unreadable(told) from None
    if reply.status != 200 or not isinstance(document, dict) or type(document.get("error")) is not list:
        raise Unreadable(told)
    errors = document["error"]
    if bool(errors) == ("result" in document) or len(errors) > 1 or not all(isinstance(one, str) for one in errors):
        raise Unreadable(told)
    return document.get("result"), "".join(errors)


def ask(method: str, arguments: str = "", nonce: str = "«nonce»") -> Call:
    """A private call; `arguments` is a form."""
    return Call("POST", f"/0/private/{method}", _FORM, "&".join(filter(None, (f"nonce={nonce}", arguments))))


def cancel(name: str, nonce: str = "«nonce»") -> Call:
    return ask("WithdrawCancel", f"asset=USDT&refid=«{name}»", nonce)


@reads
def answered(reply: HttpReply) -> str:
    """ACCEPTED, "false", or the text of the error."""
    result, error = read(reply)
    if error:
        return error
    if type(result) is not bool:
        raise Unreadable(f"a cancel was answered with the result {result!r}, which is no boolean")
    return ACCEPTED if result else "false"


def create(amount: Decimal) -> Call:
    return ask("Withdraw", f"asset=USDT&key=«client_withdraw_key»&amount={amount:f}")


@reads
def created(reply: HttpReply) -> tuple[str, str]:
    result, error = read(reply)
    return ("", error) if error else (str(result["refid"]), "")


@reads
def listed(reply: HttpReply) -> tuple[tuple[Shown, ...], Call | None]:
    """A page, or the plain array that comes without a cursor."""
    result, error = read(reply)
    if error:
        raise Unreadable(f"WithdrawStatus was refused: {error}")
    rows = result["withdrawals"] if isinstance(result, dict) else result
    cursor = result.get("next_cursor") if isinstance(result, dict) else None
    following = ask("WithdrawStatus", f"asset=USDT&limit=3&cursor={quote(cursor, safe='')}") if cursor else None
    return tuple(_shown(row) for row in rows), following


def _shown(row: dict[str, Any]) -> Shown:
    word = "/".join(filter(None, (row["status"], row.get("status-prop"))))
    return Shown(row["refid"], word, Decimal(row["amount"]) + Decimal(row["fee"]))


@reads
def available(reply: HttpReply, asset: str = "USDT") -> Decimal:
    result, error = read(reply)
    if error:
        raise Unreadable(f"Balance was refused: {error}")
    return Decimal(result.get(_LISTED.get(asset, asset), "0"))


_LISTED = {"XBT": "XXBT", "BTC": "XXBT", "ETH": "XETH"}
"""Assets that the balance lists by another name."""


@reads_body
def takes(body: str) -> tuple[str, Decimal]:
    """The fee is within the amount. What the Futures wallet holds the balance does not show."""
    sent = json.loads(body) if body.startswith("{") else dict(parse_qsl(body))
    if sent.get("from", "Spot Wallet") != "Spot Wallet":
        raise Unreadable(f"it is taken from {sent['from']}")
    return sent["asset"], abs(Decimal(sent["amount"]))


@reads
def refused(reply: HttpReply) -> str:
    _, error = read(reply)
    return error


CLIENT = Client(
    exchange="kraken",
    asset="USDT",
    # The smallest amount is the method's minimum and its fee together: what is withdrawn includes the fee.
    precisions={"USDT": (8, Decimal("7.5")), "BTC": (10, Decimal("0.0006")), "ETH": (10, Decimal("0.0085"))},
    states=tuple(word for word in WORDS if word != "Initial/return"),  # nothing is known of one that has not begun
    words=WORDS,
    initial=frozenset({"Initial"}),
    cancelled=frozenset({"Initial/cancel-pending", "Pending/cancel-pending"}),
    # Which of the two texts answers when is not published.
    nobodys=frozenset({"EFunding:Unknown reference id", "EFunding:Invalid reference id"}),
    not_created=frozenset({"EFunding:Invalid amount"}),  # too little money
    unknown_ids=("FTQcuak-V6Za8qrWnhzTx67yYHz8Tg", "AUBZC2T-6WMDG2-HYWFC7", "BSNFZU2-MEFN4G-J3NEZV"),
    limit=Limit(15, 46, "EAPI:Rate limit exceeded"),  # a counter up to 15, which 45.5 s at 0.33 a second empty
    happens=HAPPENS,
    cancel=cancel,
    answered=answered,
    create=create,
    created=created,
    list=lambda: ask("WithdrawStatus", "asset=USDT&limit=3&cursor=true"),
    listed=listed,
    status=lambda name: ask("WithdrawStatus", "asset=USDT"),  # there is no filter by reference id
    balance=lambda asset="USDT": ask("Balance"),
    available=available,
    takes=takes,
    refused=refused,
    hints={"EAPI:Invalid nonce": "nonces go up in milliseconds here, the key has seen a higher one; take another"},
    withdraws=frozenset({"/0/private/Withdraw", "/0/private/WalletTransfer"}),
    denied=("EGeneral:Permission denied",),
    lacks={
        "EFunding:Unknown withdraw key": ADDRESS,
        "EFunding:Insufficient funds": MONEY,
    },
    may_lack={"EFunding:Invalid amount": MONEY},
    unproven=frozenset({"EAPI:Invalid key", "EAPI:Invalid signature"}),
)
