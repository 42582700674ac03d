"""AlphaPoint (APEX) as a client sees it: withdraw tickets over HTTP (APEX documentation, CancelWithdraw and its
neighbours), their statuses by name, and the one object that answers a change, `result` beside `errorcode`.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from contracts.cases import Call
from contracts.clients.client import (
    ACCEPTED,
    MONEY,
    Absent,
    Client,
    Limit,
    Shown,
    Stage,
    Unreadable,
    Word,
    reads,
    reads_body,
    steps,
)
from contracts.documents import parsed
from contracts.wire import HttpReply

_decode = json.JSONDecoder(parse_float=Decimal, parse_int=Decimal).decode
_JSON = {"Content-Type": "application/json"}
NOT_FOUND = "101 Withdraw Ticket not found for OmsId, AccountId, RequestCode"
LATE = "101 Withdraw ticket already processed"
NOT_AUTHORIZED = "20"
TOO_MANY = "TOO MANY REQUESTS"
NOBODY = "404 NOT FOUND"
"""What a caller gets who is not known, and who asks for a function that there is not."""


def _word(stage: Stage, *leads_to: str, cancel: str = LATE) -> Word:
    return Word(stage, frozenset({cancel}), frozenset(leads_to))


_OPERATOR = ("Accepted", "Rejected", "AdminProcessing", "Pending", "AdminCanceled")

WORDS = {
    # The official web UI offers Cancel here, and "pending" withdrawals are what the documentation lets one cancel.
    "Pending2Fa": _word("pending", "Confirmed2Fa", "Rejected", "UserCanceled", "AdminCanceled", cancel=ACCEPTED),
    "Pending": _word("pending", *_OPERATOR, "UserCanceled", cancel=ACCEPTED),
    "New": _word("pending", *_OPERATOR, "UserCanceled"),
    "AdminProcessing": _word("pending", *_OPERATOR, "UserCanceled"),
    "Confirmed2Fa": _word("pending", "AutoAccepted", "New", "UserCanceled", "AdminCanceled"),
    "AutoAccepted": _word("pending", "AmlProcessing", "Delayed", "UserCanceled", "AdminCanceled"),
    "Accepted": _word("pending", "AmlProcessing", "Delayed", "UserCanceled", "AdminCanceled"),
    "Delayed": _word("pending", "AutoAccepted", "UserCanceled", "AdminCanceled"),
    "AmlProcessing": _word("pending", "AmlAccepted", "AmlRejected", "AmlFailed", "UserCanceled", "AdminCanceled"),
    "AmlAccepted": _word("pending", "LimitsAccepted", "LimitsRejected", "UserCanceled", "AdminCanceled"),
    "LimitsAccepted": _word("pending", "SystemProcessing", "UserCanceled", "AdminCanceled"),
    "SystemProcessing": _word("pending", "Submitted", "Failed"),
    "Submitted": _word("pending", "Confirmed", "ManuallyConfirmed", "Failed"),
    "Confirmed": _word("pending", "FullyProcessed"),
    "ManuallyConfirmed": _word("processed", "FullyProcessed"),
    "FullyProcessed": _word("processed"),
    # Only an operator's ResubmitFailedWithdrawTicket or CancelFailedWithdrawTicket leads on from here.
    "Failed": _word("failed", "Accepted", "AdminCanceled"),
    "Rejected": _word("failed"),
    "AmlRejected": _word("failed"),
    "AmlFailed": _word("failed"),
    "LimitsRejected": _word("failed"),
    "UserCanceled": _word("cancelled"),
    "AdminCanceled": _word("cancelled"),
}
"""The 23 statuses of the documentation. A cancel that an operator makes by the status of the ticket is one, too."""


_BY_ADMIN = {"cancel_by_admin": "AdminCanceled"}
HAPPENS = {
    "New": steps(review="AdminProcessing", accept="Accepted", reject="Rejected", put_on_pending="Pending", **_BY_ADMIN),
    "AdminProcessing": steps(accept="Accepted", reject="Rejected", put_on_pending="Pending", **_BY_ADMIN),
    "Pending": steps(review="AdminProcessing", accept="Accepted", reject="Rejected", **_BY_ADMIN),
    "Pending2Fa": steps(confirm="Confirmed2Fa", reject="Rejected", **_BY_ADMIN),
    "Confirmed2Fa": steps(auto_accept="AutoAccepted", queue="New", **_BY_ADMIN),
    "AutoAccepted": steps(check_aml="AmlProcessing", delay="Delayed", **_BY_ADMIN),
    "Accepted": steps(check_aml="AmlProcessing", delay="Delayed", **_BY_ADMIN),
    "Delayed": steps(find_funds="AutoAccepted", **_BY_ADMIN),
    "AmlProcessing": steps(pass_aml="AmlAccepted", reject_aml="AmlRejected", fail_aml="AmlFailed", **_BY_ADMIN),  # noqa: S106 - an event
    "AmlAccepted": steps(pass_limits="LimitsAccepted", reject_limits="LimitsRejected", **_BY_ADMIN),  # noqa: S106 - an event
    "LimitsAccepted": steps(process="SystemProcessing", **_BY_ADMIN),
    "SystemProcessing": steps(submit="Submitted", fail="Failed"),
    "Submitted": steps(confirm_on_chain="Confirmed", confirm_by_hand="ManuallyConfirmed", fail="Failed"),
    "Confirmed": steps(complete="FullyProcessed"),
    "ManuallyConfirmed": steps(complete="FullyProcessed"),
    "Failed": steps(resubmit="Accepted", cancel_failed="AdminCanceled"),
}


def read(reply: HttpReply) -> Any:
    """The JSON of an answer of status 200. Raises Unreadable."""
    try:
        document = parsed(reply.body, _decode)
    except ValueError:
        document = None
    if reply.status != 200 or document is None:
        raise Unreadable(f"{reply.status} with {reply.text[:200]!r} is no answer of AlphaPoint")
    return document


def outcome(document: Any) -> str:
    """What the generic object says: "" for success, else the code, and for 101 the detail as well. Raises Unreadable
    where `result`, `errormsg` and `errorcode` do not say the same.
    """
    if not isinstance(document, dict) or list(document) != ["result", "errormsg", "errorcode", "detail"]:
        raise Unreadable(f"{document} is not result, errormsg, errorcode and detail")
    result, message, code = document["result"], document["errormsg"], document["errorcode"]
    if type(result) is not bool or (result, message is None) != (code == 0, code == 0):
        raise Unreadable(f"result {result}, errormsg {message!r} and errorcode {code} do not say the same")
    if code == 0:
        return ""
    return f"{code} {document['detail']}" if code == 101 else str(code)


def payload(name: str) -> str:
    """What CancelWithdraw takes, over either transport."""
    return f'{{"OMSId":1,"UserId":«user_id»,"AccountId":«account_id»,"RequestCode":"«{name}»"}}'


def cancel(name: str) -> Call:
    return Call("POST", "/AP/CancelWithdraw", _JSON, payload(name))


@reads
def answered(reply: HttpReply) -> str:
    return TOO_MANY if reply.text == TOO_MANY else outcome(read(reply)) or ACCEPTED


def create(amount: Decimal) -> Call:
    form = (
        '{\\"TemplateType\\":\\"«client_template_type»\\",\\"Comment\\":\\"\\",'
        f'\\"ExternalAddress\\":\\"«client_address»\\",\\"Amount\\":{amount:f}}}'
    )
    body = (
        f'{{"OMSId":1,"AccountId":«account_id»,"ProductId":«client_product_id»,"Amount":"{amount:f}",'
        f'"TemplateForm":"{form}","TemplateType":"«client_template_type»"}}'
    )
    return Call("POST", "/AP/CreateWithdrawTicket", _JSON, body)


@reads
def created(reply: HttpReply) -> tuple[str, str]:
    document = read(reply)
    code = outcome(document)
    return ("", code) if code else (str(document["detail"]), "")


@reads
def listed(reply: HttpReply) -> tuple[tuple[Shown, ...], Call | None]:
    """The records of GetWithdraws, which has no pages, or tickets: several, or one."""
    document = read(reply)
    rows = document if isinstance(document, list) else [document]
    try:
        return tuple(_shown(row) for row in rows), None
    except (KeyError, TypeError):
        raise Unreadable(f"{reply.text[:200]!r} shows no withdrawals") from None


def _shown(row: dict[str, Any]) -> Shown:
    if "WithdrawCode" in row:
        return Shown(row["WithdrawCode"], row["TicketStatus"], row["Amount"] + row["FeeAmount"])
    return Shown(row["RequestCode"], row["Status"], row["Amount"] + row["FeeAmt"])


@reads
def available(reply: HttpReply, product: str = "USDT") -> Decimal:
    """Amount less Hold of a product, by its symbol or its id."""
    for one in read(reply):
        if product in (one["ProductSymbol"], str(one["ProductId"])):
            return Decimal(one["Amount"] - one["Hold"])
    raise Absent(f"{reply.text[:200]!r} has no position in {product}")


@reads_body
def takes(body: str) -> tuple[str, Decimal]:
    """Who runs an exchange sets its fees: as much again, and a little for the smallest amounts of what is dear."""
    sent = json.loads(body)
    return str(sent["ProductId"]), 2 * abs(Decimal(str(sent["Amount"]))) + Decimal("0.0005")


@reads
def refused(reply: HttpReply) -> str:
    if (reply.status, reply.text) == (404, "NOT FOUND"):
        return NOBODY
    if reply.text == TOO_MANY:
        return TOO_MANY
    document = read(reply)
    if isinstance(document, list):
        return ""
    code = outcome(document)
    return code and f"{document['errorcode']} {document['errormsg']}"


CLIENT = Client(
    exchange="alphapoint",
    asset="USDT",
    precisions={"USDT": (6, Decimal("0.000001")), "BTC": (8, Decimal("0.00000001")), "ETH": (8, Decimal("0.00000001"))},
    states=tuple(WORDS),
    words=WORDS,
    initial=frozenset({"Pending2Fa"}),
    cancelled=frozenset({"UserCanceled"}),
    nobodys=frozenset({NOT_FOUND}),
    not_created=frozenset({"100"}),  # too little money
    unknown_ids=("7d77a2b1-7b3f-4a5e-8a3e-0d2f4f1c9b10", "00000000-0000-0000-0000-000000000000", "Request Code GUID"),
    # No figures are published; who runs an exchange sets them, and so does the suite.
    limit=Limit(20, 60, TOO_MANY, {"limits": True, "behavior": {"limit.calls_per_minute": 20}}),
    happens=HAPPENS,
    # Whether holds are listed is not known; where they are, a machine sees that each of them ends once.
    account={"behavior": {"transactions.holds": True}},
    cancel=cancel,
    answered=answered,
    create=create,
    created=created,
    list=lambda: Call("GET", "/AP/GetWithdraws?OMSId=1&AccountId=«account_id»"),
    listed=listed,
    status=lambda name: Call(
        "POST", "/AP/GetWithdrawTicket", _JSON, f'{{"OMSId":1,"AccountId":«account_id»,"RequestCode":"«{name}»"}}'
    ),
    balance=lambda product="USDT": Call("GET", "/AP/GetAccountPositions?OMSId=1&AccountId=«account_id»"),
    available=available,
    takes=takes,
    refused=refused,
    unproven=frozenset({NOBODY, NOT_AUTHORIZED}),
    withdraws=frozenset({"/AP/CreateWithdrawTicket"}),
    denied=('"Not Authorized"',),
    lacks={"Insufficient Balance": MONEY},
    credentials=("user_id", "account_id"),
)
