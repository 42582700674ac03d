"""Bybit V5 as a client sees it (docs v5/asset/withdraw, v5/enum#withdrawstatus)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from contracts.cases import Call
from contracts.clients.client import (
    ACCEPTED,
    ADDRESS,
    CLOCK,
    MONEY,
    Absent,
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
_JSON = {"Content-Type": "application/json"}
_YES, _LATE = frozenset({ACCEPTED}), frozenset({"131099"})
_UNDER_WAY = frozenset({"Pending", "BlockchainConfirmed", "success", "Fail"})

WORDS = {
    # Nothing published says which words can be cancelled, only that others answer 131099 (docs v5/error): that it is
    # this one and no other is concluded. Internal transfers go from it to success at once.
    "SecurityCheck": Word("pending", _YES, _UNDER_WAY | {"MoreInformationRequired", "CancelByUser", "Reject"}),
    "MoreInformationRequired": Word("pending", _LATE, frozenset({"SecurityCheck", "Reject", "Fail"})),
    "Pending": Word("pending", _LATE, _UNDER_WAY),
    "BlockchainConfirmed": Word("processed", _LATE, frozenset({"success"})),
    "Unknown": Word("pending", _LATE, frozenset({"success", "Fail"})),
    "success": Word("processed", _LATE),
    "CancelByUser": Word("cancelled", _LATE),
    "Reject": Word("failed", _LATE),
    "Fail": Word("failed", _LATE),
}


_ON_ITS_WAY = ("pack", "hand_over", "broadcast", "process")
HAPPENS = {
    # A word stands for several stages of the work, so that not every event of a word is possible at any time.
    "SecurityCheck": steps(
        pass_review="SecurityCheck",  # noqa: S106 - an event
        approve="Pending",
        require_information="MoreInformationRequired",
        reject="Reject",
        auto_reject="Reject",
        transfer="success",
        fail="Fail",
    ),
    "MoreInformationRequired": steps(provide_information="SecurityCheck", reject="Reject", expire="Fail"),
    "Pending": steps(**dict.fromkeys(_ON_ITS_WAY, "Pending"), confirm_on_chain="BlockchainConfirmed", fail="Fail"),
    "BlockchainConfirmed": steps(succeed="success"),
    "Unknown": steps(succeed="success", fail="Fail"),
}


def read(reply: HttpReply) -> dict[str, Any]:
    """The envelope. Raises Unreadable."""
    try:
        document = parsed(reply.body, _decode)
    except ValueError:
        raise Unreadable(f"{reply.status} with {reply.text[:200]!r} is no envelope of Bybit") from None
    if reply.status != 200 or not isinstance(document, dict) or type(document.get("retCode")) is not int:
        raise Unreadable(f"{reply.status} with {reply.text[:200]!r} is no envelope of Bybit")
    return document


def cancel(name: str) -> Call:
    return Call("POST", "/v5/asset/withdraw/cancel", _JSON, f'{{"id":"«{name}»"}}')


@reads
def answered(reply: HttpReply) -> str:
    document = read(reply)
    if document["retCode"] != 0:
        return str(document["retCode"])
    if document["result"] != {"status": 1}:
        raise Unreadable(f"a cancel was answered with the result {document['result']}")
    return ACCEPTED


def create(amount: Decimal) -> Call:
    body = (
        f'{{"coin":"USDT","chain":"«client_chain»","address":"«client_address»","amount":"{amount:f}",'
        '"timestamp":«ms»,"forceChain":1,"accountType":"FUND"}'
    )
    return Call("POST", "/v5/asset/withdraw/create", _JSON, body)


@reads
def created(reply: HttpReply) -> tuple[str, str]:
    document = read(reply)
    return (str(document["result"]["id"]), "") if document["retCode"] == 0 else ("", str(document["retCode"]))


def _query(query: str) -> Call:
    return Call("GET", f"/v5/asset/withdraw/query-record?{query}")


@reads
def listed(reply: HttpReply) -> tuple[tuple[Shown, ...], Call | None]:
    """Pages end with an empty one: the cursor is not empty even when the page holds all."""
    document = read(reply)
    if document["retCode"] != 0:
        raise Unreadable(f"query-record was refused: {document['retMsg']}")
    rows = tuple(
        Shown(row["withdrawId"], row["status"], Decimal(row["amount"]) + Decimal(row["withdrawFee"]))
        for row in document["result"]["rows"]
    )
    cursor = document["result"]["nextPageCursor"]
    return rows, _query(f"withdrawType=2&limit=3&cursor={quote(cursor, safe='')}") if rows else None


def balance(coin: str = "USDT") -> Call:
    return Call("GET", f"/v5/asset/transfer/query-account-coins-balance?accountType=FUND&coin={coin}")


@reads
def available(reply: HttpReply, coin: str = "USDT") -> Decimal:
    document = read(reply)
    for balance in document["result"].get("balance") or ():
        if balance["coin"] == coin:
            return Decimal(balance["transferBalance"])
    raise Absent(f"there is no balance of {coin} in {reply.text[:200]!r}")


@reads_body
def takes(body: str) -> tuple[str, Decimal]:
    """From the Funding account alone: what else there is the balance does not show."""
    sent = json.loads(body)
    if sent["accountType"] != "FUND":
        raise Unreadable(f"it is taken from {sent['accountType']}")
    return sent["coin"], 2 * abs(Decimal(sent["amount"])) + CLIENT.precision(sent["coin"])[1]


@reads
def refused(reply: HttpReply) -> str:
    document = read(reply)
    return "" if document["retCode"] == 0 else f"{document['retCode']} {document.get('retMsg')}"


CLIENT = Client(
    exchange="bybit",
    asset="USDT",
    precisions={"USDT": (6, Decimal(10)), "BTC": (8, Decimal("0.001")), "ETH": (8, Decimal("0.01"))},
    states=tuple(WORDS),
    words=WORDS,
    initial=frozenset({"SecurityCheck"}),
    cancelled=frozenset({"CancelByUser"}),
    nobodys=frozenset({"131002"}),
    not_created=frozenset({"131001", "131002", "131097"}),  # ten seconds for each coin and chain; too little money
    unknown_ids=("1", "99999999999", "007"),
    limit=Limit(60, 60, "10006"),
    happens=HAPPENS,
    cancel=cancel,
    answered=answered,
    create=create,
    created=created,
    list=lambda: _query("withdrawType=2&limit=3"),
    listed=listed,
    status=lambda name: _query(f"withdrawType=2&withdrawID=«{name}»"),
    balance=balance,
    available=available,
    takes=takes,
    refused=refused,
    hints={"10002": CLOCK},
    unproven=frozenset({"10003", "10004", "33004"}),
    withdraws=frozenset({"/v5/asset/withdraw/create"}),
    denied=("Permission denied, please check your API key permissions.",),
    lacks={
        "Account available balance insufficient": MONEY,
        "the available balance is not sufficient to cover the handling fee": MONEY,
        "Withdrawal amount is greater than your available balance": MONEY,
        "Withdraw address chain or destination tag are not equal": ADDRESS,
        "The withdrawal address is not in the whitelist": ADDRESS,
        "UserId is not in the whitelist": ADDRESS,
        "Withdrawal currently is not availble from new address": "an address that is older than a day",
    },
)
