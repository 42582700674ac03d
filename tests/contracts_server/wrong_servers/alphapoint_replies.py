"""Wrong servers that call themselves AlphaPoint: how they tell what was done, and what is seen afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from simulator.core.book import Book
from simulator.core.lifecycle import Stage
from simulator.core.rows import Refusal
from simulator.exchanges.alphapoint import calls, cancel, gateway, operators, positions, records, subscriptions, tickets
from simulator.exchanges.alphapoint.behavior import Fields
from simulator.exchanges.alphapoint.lifecycle import NUMBERED
from simulator.exchanges.alphapoint.users import users
from wrong_servers.alphapoint_patches import cancels_by, field, functions
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import both, put, skip, wrap

_mutant = partial(Mutant, "alphapoint")


# How it is told.


def _says(change: Callable[[dict[str, Any]], Any]) -> Patch:
    """The object of an accepted cancel after `change` has had its way with it."""

    def cancel_withdraw(call: Any) -> Any:
        said = cancel.cancel_withdraw(call)
        return change(said) or said

    return cancels_by(cancel_withdraw)


def _without(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda said: {key: value for key, value in said.items() if key != name}


def _refusals(change: Callable[[dict[str, Any]], Any]) -> Patch:
    """The object of a refusal after `change` has had its way with it."""

    def around(content: Callable[..., Any], *arguments: Any) -> Any:
        said = content(*arguments)
        return change(said) or said if "errorcode" in said else said

    return wrap(gateway, "_content", around)


def _replies(**changes: Any) -> Patch:
    def around(reply: Callable[..., Any], call: Any, said: Any) -> Any:
        return replace(reply(call, said), **changes)

    return wrap(gateway, "_reply", around)


def _no_header(name: str) -> Patch:
    def around(reply: Callable[..., Any], call: Any, said: Any) -> Any:
        sent = reply(call, said)
        return replace(sent, headers=tuple(one for one in sent.headers if one[0] != name))

    return wrap(gateway, "_reply", around)


def _as_html(reply: Callable[..., Any], call: Any, said: Any) -> Any:
    sent = reply(call, said)
    return replace(
        sent, headers=tuple((name, "text/html" if name == "Content-Type" else one) for name, one in sent.headers)
    )


SHAPES = (
    _mutant(
        "detail-always-null", "has no RequestCode in an accepted cancel", _says(lambda said: said.update(detail=None))
    ),
    _mutant(
        "detail-always-the-code",
        "has the RequestCode also where version 3 is asked for",
        field(Fields.SUCCESS_DETAIL, "request_code"),
    ),
    _mutant("result-as-text", "writes result as text", _says(lambda said: said.update(result="true"))),
    _mutant("errorcode-as-text", "writes errorcode as text", _says(lambda said: said.update(errorcode="0"))),
    _mutant("errormsg-empty", "writes an empty errormsg for none", _says(lambda said: said.update(errormsg=""))),
    _mutant("detail-left-away", "leaves detail away", _says(_without("detail"))),
    _mutant(
        "keys-in-small-letters-sorted",
        "writes the keys in another order",
        _says(lambda said: dict(sorted(said.items()))),
    ),
    _mutant(
        "keys-in-capitals",
        "writes the keys with capitals",
        _says(lambda said: {key.capitalize(): value for key, value in said.items()}),
    ),
    _mutant("a-key-too-many", "writes a key of its own", _says(lambda said: {**said, "status": "UserCanceled"})),
    _mutant(
        "result-true-beside-an-error",
        "writes result true beside an error code, as the examples of version 3",
        _refusals(lambda said: said.update(result=True)),
    ),
    _mutant(
        "error-code-as-text",
        "writes an error code as text",
        _refusals(lambda said: said.update(errorcode=str(said["errorcode"]))),
    ),
    _mutant(
        "errormsg-in-detail",
        "writes errormsg and detail the wrong way round",
        _refusals(lambda said: said.update(errormsg=said["detail"], detail=said["errormsg"])),
    ),
    _mutant(
        "error-without-detail",
        "leaves a detail of null away",
        _refusals(lambda said: _without("detail")(said) if said["detail"] is None else None),
    ),
    _mutant(
        "refusals-with-400",
        "answers a refusal with status 400",
        wrap(
            gateway,
            "_say_row",
            lambda say, row, refusal: say(replace(row, status=400 if row.status == 200 else row.status), refusal),
        ),
    ),
    _mutant("success-with-201", "answers with status 201", _replies(status=201)),
    _mutant("no-content-type", "sends no Content-Type", _no_header("Content-Type")),
    _mutant("as-html", "calls its JSON HTML", wrap(gateway, "_reply", _as_html)),
    _mutant("no-date", "sends no Date", _no_header("Date")),
    _mutant("no-origin", "does not allow other origins to ping", _no_header("Access-Control-Allow-Origin")),
)

# What is seen afterwards.


def _tickets_say(change: Callable[[dict[str, Any]], Any]) -> Patch:
    def around(ticket: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        said = ticket(*arguments, **named)
        return change(said) or said

    return both(wrap(records, "ticket", around), wrap(subscriptions, "ticket", around))


def _records_say(change: Callable[[dict[str, Any]], Any]) -> Patch:
    def around(record: Callable[..., Any], *arguments: Any) -> Any:
        said = record(*arguments)
        return change(said) or said

    return wrap(records, "record", around)


def _list(change: Callable[[list[Any]], list[Any]]) -> Patch:
    return wrap(Book, "newest_first", lambda newest_first, book: change(newest_first(book)))


def _anybodys_ticket(get: Callable[..., Any], call: Any) -> Any:
    try:
        return get(call)
    except Refusal:
        code = calls.parameters(call).get("requestcode")
        for account, _ in users(call.world):
            withdrawal = account.book.find(code)
            if withdrawal is not None:
                return tickets.ticket(account, tickets.Glimpse(withdrawal, len(withdrawal.history)))
        raise


def _page(first: int, more: int) -> Patch:
    def page(call: Any, given: Any, found: Any) -> Any:
        start, limit = int(given.get("startindex") or 0), given.get("limit")
        start += first
        return found[start : start + (len(found) if limit is None else int(limit) + more)]

    return put(records, "_page", page)


def _positions_say(change: Callable[[dict[str, Any]], Any]) -> Patch:
    def around(position: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        said = position(*arguments, **named)
        return change(said) or said

    return both(wrap(positions, "position", around), wrap(subscriptions, "position", around))


def _events(change: Callable[[list[Any]], list[Any]]) -> Patch:
    return wrap(subscriptions, "_events", lambda events, *arguments: iter(change(list(events(*arguments)))))


SEEN = (
    _mutant(
        "status-as-a-number",
        "writes the status of a ticket as a number",
        _tickets_say(lambda said: said.update(Status=NUMBERED.index(said["Status"]))),
    ),
    _mutant(
        "status-spelled-with-two-ls",
        "writes UserCancelled",
        _tickets_say(lambda said: said.update(Status=said["Status"].replace("Canceled", "Cancelled"))),
    ),
    _mutant(
        "list-status-as-a-number",
        "writes the status in a list as a number",
        _records_say(lambda said: said.update(TicketStatus=NUMBERED.index(said["TicketStatus"]))),
    ),
    _mutant(
        "list-never-shows-cancelled",
        "lists no cancelled withdrawals",
        _list(lambda found: [one for one in found if one.stage is not Stage.CANCELLED]),
    ),
    _mutant(
        "list-and-ticket-disagree",
        "lists a cancelled withdrawal as pending",
        _records_say(lambda said: said.update(TicketStatus=said["TicketStatus"].replace("UserCanceled", "Pending2Fa"))),
    ),
    _mutant("list-oldest-first", "lists the oldest withdrawal first", _list(lambda found: found[::-1])),
    _mutant("list-of-pages-off-by-one", "begins a page one ticket too late", _page(1, 0)),
    _mutant("list-of-pages-too-long", "puts one ticket too many on a page", _page(0, 1)),
    _mutant(
        "code-in-capitals",
        "lists a WithdrawCode in capitals",
        _records_say(lambda said: said.update(WithdrawCode=said["WithdrawCode"].upper())),
    ),
    _mutant(
        "reads-never-lag",
        "never shows what was before",
        put(records, "by_reader", lambda account, withdrawal: tickets.Glimpse(withdrawal, len(withdrawal.history))),
    ),
    _mutant(
        "reads-always-lag",
        "shows a ticket as it was before its last step",
        put(
            records,
            "by_reader",
            lambda account, withdrawal: tickets.Glimpse(withdrawal, max(1, len(withdrawal.history) - 1)),
        ),
    ),
    _mutant("positions-without-hold", "shows nothing held", _positions_say(lambda said: said.update(Hold=0))),
    _mutant(
        "positions-less-hold",
        "shows an Amount that lacks what is held",
        _positions_say(lambda said: said.update(Amount=float(bytes(said["Amount"])) - float(bytes(said["Hold"])))),
    ),
    _mutant(
        "cancels-among-transactions",
        "lists the end of a hold as a transaction",
        field(Fields.TRANSACTIONS_HOLDS, True),
    ),
    _mutant("no-event-of-a-cancel", "tells no subscriber of a cancel", _events(lambda told: [])),
    _mutant(
        "no-position-beside-a-cancel",
        "tells of the ticket and not of the money",
        _events(lambda told: [one for one in told if one[0] != "AccountPositionEvent"]),
    ),
    _mutant("position-before-the-ticket", "tells of the money before the ticket", _events(lambda told: told[::-1])),
    _mutant(
        "events-numbered-from-1",
        "numbers events by one",
        wrap(subscriptions.frames, "event", lambda event, number, *rest: event(number // 2, *rest)),
    ),
    _mutant(
        "events-for-nobody",
        "goes on telling who has unsubscribed",
        functions("unsubscribe", lambda *_: {"Unsubscribed": True}),
    ),
    _mutant("anybodys-ticket-shown", "shows the ticket of another account", functions("ticket", _anybodys_ticket)),
    _mutant("operators-reject-in-vain", "accepts an operator's step and takes none", skip(operators, "_take")),
    _mutant(
        "operators-of-anything",
        "takes an operator's step to any status",
        put(operators, "_event", lambda withdrawal, status: None),
    ),
)


MUTANTS = (*SHAPES, *SEEN)
