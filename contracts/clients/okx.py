"""OKX V5 as a client sees it (docs-v5 Funding Account: Cancel withdrawal, Get withdrawal history, state).

The documentation says that 0, 17 and 19 can be cancelled and no other, in which of three stages a state is, and that an
accepted cancel is a request only. Which state follows which it does not say: within a stage any may follow any here.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from contracts.cases import Call
from contracts.clients.client import (
    ACCEPTED,
    ADDRESS,
    CLOCK,
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

_JSON = {"Content-Type": "application/json"}
_YES, _NO, _AGAIN = frozenset({ACCEPTED}), frozenset({"58216"}), frozenset({"58220"})
_WAITING = frozenset({"0", "17", "19", "10", "4", "5", "6", "8", "9", "12", "7"})
_UNDER_WAY = frozenset({"1", "15", "16", "2", "-1"})

WORDS = {
    **{word: Word("pending", _NO, _WAITING | _UNDER_WAY) for word in sorted(_WAITING - {"0", "17", "19"})},
    "0": Word("pending", _YES, _WAITING | _UNDER_WAY),
    "17": Word("pending", _YES, _WAITING | _UNDER_WAY),
    "19": Word("pending", _YES, _WAITING | _UNDER_WAY),
    "1": Word("pending", _NO, _UNDER_WAY),
    "15": Word("pending", _NO, _UNDER_WAY),
    "16": Word("pending", _NO, _UNDER_WAY),
    # The cancel comes through, or it comes too late and the withdrawal goes on: on chain at 1, else where 7 leads.
    "-3": Word("cancelling", _AGAIN, frozenset({"-2", "1", "7"})),
    "-2": Word("cancelled", _AGAIN),
    "-1": Word("failed", _NO),
    "2": Word("processed", _NO),
}


HAPPENS = {
    "0": steps(approve="7", review="4", wait="10", ask_travel_rule_vendor="17", run_short="19", fail="-1"),
    "17": steps(hear_from_vendor="0", fail="-1"),
    "19": steps(refill="0", fail="-1"),
    "10": steps(transfer="7", fail="-1"),
    **{word: steps(approve="7", fail="-1") for word in ("4", "5", "6", "8", "9", "12")},
    "7": steps(broadcast="1", delay="16", complete="2", fail="-1"),  # a transfer within OKX has no chain to go through
    "1": steps(validate="15", complete="2", fail="-1"),
    "15": steps(complete="2", fail="-1"),
    "16": steps(complete="2", fail="-1"),
    "-3": steps(finish_cancel="-2", lose_race="1 7"),
}


def read(reply: HttpReply) -> dict[str, Any]:
    """The envelope of a service, or what the gateway says instead. Raises Unreadable."""
    try:
        document = parsed(reply.body)
    except ValueError:
        document = None
    if isinstance(document, dict) and isinstance(document.get("code"), str) and isinstance(document.get("msg"), str):
        rows = document.get("data", [])
        if isinstance(rows, list) and (document["code"] != "0" or (reply.status == 200 and "data" in document)):
            return document
    raise Unreadable(f"{reply.status} with {reply.text[:200]!r} is no envelope of OKX")


def rows_of(reply: HttpReply) -> list[dict[str, Any]]:
    """The rows of a success. Raises Unreadable."""
    document = read(reply)
    if document["code"] != "0":
        raise Unreadable(f"a list was refused: {document['code']} {document['msg']}")
    rows: list[dict[str, Any]] = document["data"]
    return rows


def cancel(name: str) -> Call:
    return Call("POST", "/api/v5/asset/cancel-withdrawal", _JSON, f'{{"wdId":"«{name}»"}}')


@reads
def answered(reply: HttpReply) -> str:
    document = read(reply)
    if document["code"] != "0":
        return str(document["code"])
    if [list(row) for row in document["data"]] != [["wdId"]]:
        raise Unreadable(f"a cancel was answered with {document['data']}")
    return ACCEPTED


def create(amount: Decimal) -> Call:
    body = f'{{"ccy":"USDT","amt":"{amount:f}","dest":"4","toAddr":"«client_address»","chain":"«client_chain»"}}'
    return Call("POST", "/api/v5/asset/withdrawal", _JSON, body)


@reads
def created(reply: HttpReply) -> tuple[str, str]:
    document = read(reply)
    return (str(document["data"][0]["wdId"]), "") if document["code"] == "0" else ("", str(document["code"]))


def history(query: str) -> Call:
    return Call("GET", f"/api/v5/asset/withdrawal-history?{query}")


@reads
def listed(reply: HttpReply) -> tuple[tuple[Shown, ...], Call | None]:
    """One page holds the newest hundred, which is more than a script makes. Pages by time are `OkxMachine`'s."""
    shown = tuple(Shown(row["wdId"], row["state"], Decimal(row["amt"]) + Decimal(row["fee"])) for row in rows_of(reply))
    return shown, None


def balance(ccy: str = "USDT") -> Call:
    return Call("GET", f"/api/v5/asset/balances?ccy={ccy}")


@reads
def available(reply: HttpReply, ccy: str = "USDT") -> Decimal:
    """Only currencies of which there is something are listed."""
    for balance in rows_of(reply):
        if balance["ccy"] == ccy:
            return Decimal(balance["availBal"])
    return Decimal(0)


@reads_body
def takes(body: str) -> tuple[str, Decimal]:
    """On Lightning an invoice says how much, and only that."""
    sent = json.loads(body)
    return sent["ccy"], 2 * abs(Decimal(sent["amt"])) + CLIENT.precision(sent["ccy"])[1]


@reads
def refused(reply: HttpReply) -> str:
    document = read(reply)
    return "" if document["code"] == "0" else f"{document['code']} {document['msg']}"


CLIENT = Client(
    exchange="okx",
    asset="USDT",
    precisions={"USDT": (6, Decimal(2)), "BTC": (8, Decimal("0.0005")), "ETH": (8, Decimal("0.001"))},
    states=tuple(WORDS),
    words=WORDS,
    initial=frozenset({"0"}),
    cancelled=frozenset({"-3"}),
    nobodys=frozenset({"58215"}),
    not_created=frozenset({"58350"}),  # too little money
    unknown_ids=("1123456", "1", "99999999999999999999", "007"),
    limit=Limit(6, 1, "50011", elsewhere="60014"),
    happens=HAPPENS,
    # As much USDT as the model begins with; BTC for Lightning.
    account={"balances": {"USDT": "3000", "BTC": "1"}},
    cancel=cancel,
    answered=answered,
    create=create,
    created=created,
    # By currency: what the suite does with another one, on Lightning, is no part of the model.
    list=lambda: history("ccy=USDT&limit=100"),
    listed=listed,
    status=lambda name: history(f"wdId=«{name}»"),
    balance=balance,
    available=available,
    takes=takes,
    refused=refused,
    hints={"50102": CLOCK},
    unproven=frozenset({"50101", "50105", "50111", "50113", "50119"}),
    withdraws=frozenset({"/api/v5/asset/withdrawal", "/api/v5/asset/withdrawal-lightning"}),
    # The configuration tells what the key may do. It takes the permission to read.
    denied=('"50120"', '"perm":"read_only"', '"perm":"read_only,withdraw"', '"perm":"read_only,trade"'),
    lacks={
        '"58350"': MONEY,
        '"58203"': ADDRESS,
        '"58207"': ADDRESS,
        '"58218"': "somebody within the exchange to whom it could go",
        '"58237"': "a recipient's data, which its country asks for",
    },
    credentials=("passphrase",),
)
