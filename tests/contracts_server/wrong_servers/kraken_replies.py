"""Wrong servers that call themselves Kraken: how an answer looks, byte for byte and header by header."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from simulator.core.message import Reply
from simulator.exchanges.kraken import balances, gateway, key_info, money, statement, status
from simulator.exchanges.kraken.errors import Errors
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import put, wrap

_mutant = partial(Mutant, "kraken")


def _document(change: Callable[[dict[str, Any]], Any], **options: Any) -> Patch:
    """Another envelope: what `change` makes of the right one, written compactly unless told otherwise."""

    def around(render: Callable[..., Reply], call: Any, document: bytes, code: int) -> Reply:
        written = json.dumps(change(json.loads(document)), ensure_ascii=False, **{"separators": (",", ":"), **options})
        return render(call, written.encode(), code)

    return wrap(gateway, "_render", around)


def _result(change: Callable[[Any], Any]) -> Patch:
    """Another result of a cancel: what `change` makes of its boolean."""

    def changed(document: dict[str, Any]) -> dict[str, Any]:
        if isinstance(document.get("result"), bool):
            return {**document, "result": change(document["result"])}
        return document

    return _document(changed)


def _errors(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Patch:
    """Another envelope of an error."""
    return _document(lambda document: change(document) if document["error"] else document)


def _reply(change: Callable[[Reply], Reply]) -> Patch:
    """Another answer, whatever it is."""
    return wrap(gateway, "_render", lambda render, *given: change(render(*given)))


def _header(name: str, value: str | None) -> Patch:
    def changed(reply: Reply) -> Reply:
        kept = tuple(one for one in reply.headers if one[0] != name)
        return replace(reply, headers=kept if value is None else (*kept, (name, value)))

    return _reply(changed)


def _status(code: int, *rows: Any) -> Patch:
    """Errors, or those of some rows, have another status."""

    def around(render: Callable[..., Reply], call: Any, row: Any, refusal: Any) -> Reply:
        hit = row in rows if rows else row.shape == "" and row.status == 200
        return render(call, replace(row, status=code) if hit else row, refusal)

    return wrap(gateway, "_render_row", around)


def _text(change: Callable[[str], str]) -> Patch:
    def around(render: Callable[..., Reply], call: Any, row: Any, refusal: Any) -> Reply:
        return render(call, replace(row, text=change(row.text)), refusal)

    return wrap(gateway, "_render_row", around)


def _shape(row: Any, shape: str) -> Patch:
    def around(render: Callable[..., Reply], call: Any, one: Any, refusal: Any) -> Reply:
        return render(call, replace(one, shape=shape) if one is row else one, refusal)

    return wrap(gateway, "_render_row", around)


def _row(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Patch:
    """Rows of WithdrawStatus look otherwise."""
    return wrap(status, "_row", lambda read, *given: change(read(*given)))


def _renamed(row: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    return {new if name == old else name: value for name, value in row.items()}


def _but(row: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {name: changed[name](value) if name in changed else value for name, value in row.items()}


def _spelled(row: dict[str, Any]) -> dict[str, Any]:
    prop = row.get("status-prop")
    return {**row, "status-prop": "cancelled"} if prop == "canceled" else row


def _in_order(row: dict[str, Any]) -> dict[str, Any]:
    return dict(sorted(row.items()))


def _always_a_prop(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "status-prop": row.get("status-prop")}


def _page(change: Callable[[Any], Any]) -> Patch:
    def changed(document: dict[str, Any]) -> dict[str, Any]:
        result = document.get("result")
        return (
            {**document, "result": change(result)} if isinstance(result, dict) and "withdrawals" in result else document
        )

    return _document(changed)


def _listed(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "result": None} if document.get("result") == [] else document


def _wrapped(document: dict[str, Any]) -> dict[str, Any]:
    return (
        {**document, "result": {"withdrawals": document["result"]}}
        if isinstance(document.get("result"), list)
        else document
    )


def _in_ms(document: dict[str, Any]) -> dict[str, Any]:
    result = document.get("result")
    if isinstance(result, dict) and "unixtime" in result:
        return {**document, "result": {**result, "unixtime": result["unixtime"] * 1000}}
    return document


MUTANTS = (
    _mutant("result-as-text", "answers a boolean as text", _result(json.dumps)),
    _mutant("result-as-a-number", "answers a boolean as 1 or 0", _result(int)),
    _mutant("result-as-an-object", "answers a boolean inside an object", _result(lambda result: {"success": result})),
    _mutant("result-always-true", "answers true where it means false", _result(lambda result: True)),
    _mutant("result-null", "answers null where it means false", _result(lambda result: result or None)),
    _mutant(
        "keys-swapped", "writes the result in front of the error", _document(lambda one: dict(reversed(one.items())))
    ),
    _mutant("blanks", "writes JSON with blanks", _document(lambda one: one, separators=None)),
    _mutant(
        "line-break-at-the-end", "ends with a line break", _reply(lambda reply: replace(reply, body=reply.body + b"\n"))
    ),
    _mutant(
        "error-null",
        "writes null where there is no error",
        _document(lambda one: {**one, "error": one["error"] or None}),
    ),
    _mutant(
        "error-left-out",
        "writes no error where there is none",
        _document(lambda one: one if one["error"] else {"result": one["result"]}),
    ),
    _mutant("error-as-text", "writes an error as text", _errors(lambda one: {**one, "error": one["error"][0]})),
    _mutant(
        "error-as-an-object",
        "writes an error as an object",
        _errors(lambda one: {"error": [{"message": one["error"][0]}]}),
    ),
    _mutant("error-with-null", "writes a null result beside an error", _errors(lambda one: {**one, "result": None})),
    _mutant("error-with-false", "writes a false result beside an error", _errors(lambda one: {**one, "result": False})),
    _mutant(
        "error-and-a-warning",
        "writes a warning beside an error",
        _errors(lambda one: {"error": [*one["error"], "WGeneral:Look out"]}),
    ),
    _mutant(
        "error-without-its-letter", "writes an error without its severity", _text(lambda text: text.removeprefix("E"))
    ),
    _mutant(
        "error-without-category",
        "writes an error without its category",
        _text(lambda text: text.partition(":")[2] or text),
    ),
    _mutant(
        "error-with-a-blank",
        "writes a blank behind the colon",
        _text(lambda text: text.replace(":", ": ", 1) if text.startswith("E") else text),
    ),
    _mutant(
        "throttled-without-a-blank",
        "writes no blank before Throttled",
        _text(lambda text: text.replace(": Throttled", ":Throttled")),
    ),
    _mutant(
        "throttled-without-time", "writes no time behind Throttled", _text(lambda text: text.partition(" {now_s}")[0])
    ),
    _mutant("error-400", "answers errors with 400", _status(400)),
    _mutant("invalid-key-401", "answers an invalid key with 401", _status(401, Errors.INVALID_KEY)),
    _mutant("permission-403", "answers a missing permission with 403", _status(403, Errors.PERMISSION_DENIED)),
    _mutant("rate-limit-429", "answers the rate limit with 429", _status(429, Errors.RATE_LIMIT_EXCEEDED)),
    _mutant("unavailable-503", "answers an offline service with 503", _status(503, Errors.SERVICE_UNAVAILABLE)),
    _mutant("unknown-method-200", "answers an unknown method with 200", _status(200, Errors.UNKNOWN_METHOD)),
    _mutant("unknown-method-page", "answers an unknown method with a page", _shape(Errors.UNKNOWN_METHOD, "html")),
    _mutant("wrong-verb-404", "answers a wrong verb with 404", _status(404, Errors.NOT_ALLOWED)),
    _mutant("wrong-verb-json", "answers a wrong verb in JSON", _shape(Errors.NOT_ALLOWED, "")),
    _mutant("type-without-charset", "declares no charset", _header("Content-Type", "application/json")),
    _mutant("type-of-text", "declares JSON as text", _header("Content-Type", "text/plain; charset=utf-8")),
    _mutant("no-vary", "has no Vary header", _header("Vary", None)),
    _mutant("no-ray", "has no CF-RAY header", _header("CF-RAY", None)),
    _mutant("server-named", "names another server", _header("Server", "nginx")),
    _mutant("row-prop-null", "writes a property of null", _row(_always_a_prop)),
    _mutant(
        "row-prop-underscored", "writes status_prop", _row(lambda row: _renamed(row, "status-prop", "status_prop"))
    ),
    _mutant("row-british", "writes cancelled", _row(_spelled)),
    _mutant("row-status-small", "writes the status in small letters", _row(lambda row: _but(row, status=str.lower))),
    _mutant("row-keys-sorted", "sorts the keys of a row", _row(_in_order)),
    _mutant(
        "row-without-network",
        "leaves the network away",
        _row(lambda row: {k: v for k, v in row.items() if k != "network"}),
    ),
    _mutant(
        "row-txid-empty",
        "writes an empty txid before there is one",
        _row(lambda row: _but(row, txid=lambda txid: txid or "")),
    ),
    _mutant(
        "row-txid-early",
        "shows a txid before there is one",
        _row(lambda row: _but(row, txid=lambda txid: txid or "f" * 64)),
    ),
    _mutant(
        "row-txid-absent",
        "leaves the txid away before there is one",
        _row(lambda row: {k: v for k, v in row.items() if v is not None}),
    ),
    _mutant("row-refid-small", "writes reference ids in small letters", _row(lambda row: _but(row, refid=str.lower))),
    _mutant(
        "row-time-in-ms", "writes the time in milliseconds", _row(lambda row: _but(row, time=lambda time: time * 1000))
    ),
    _mutant("row-time-as-text", "writes the time as text", _row(lambda row: _but(row, time=str))),
    _mutant("row-amount-as-a-number", "writes amounts as numbers", _row(lambda row: _but(row, amount=float))),
    _mutant(
        "row-amount-short",
        "writes no zeros behind an amount",
        _row(lambda row: _but(row, amount=lambda amount: amount.rstrip("0"))),
    ),
    _mutant("row-fee-forgotten", "writes a fee of nothing", _row(lambda row: _but(row, fee=lambda fee: "0.00000000"))),
    _mutant(
        "row-altname",
        "names assets by their alternative name",
        _row(lambda row: _but(row, asset=lambda asset: asset.removeprefix("X"))),
    ),
    _mutant("list-null", "answers null where nothing is listed", _document(_listed)),
    _mutant("list-always-an-object", "answers an object without a cursor", _document(_wrapped)),
    _mutant("list-always-an-array", "answers an array with a cursor", _page(lambda result: result["withdrawals"])),
    _mutant(
        "list-without-cursor", "has no cursor on any page", _page(lambda result: {"withdrawals": result["withdrawals"]})
    ),
    _mutant(
        "list-cursor-renamed", "writes nextCursor", _page(lambda result: _renamed(result, "next_cursor", "nextCursor"))
    ),
    _mutant(
        "balance-short",
        "writes balances with the fewest decimals",
        put(money, "balance", lambda value, decimals: format(value.normalize(), "f")),
    ),
    _mutant(
        "balance-by-ticker",
        "names balances by their common ticker",
        wrap(
            balances,
            "_available",
            lambda read, call: ((replace(asset, code=asset.ticker), pot) for asset, pot in read(call)),
        ),
    ),
    _mutant(
        "ledger-ids-as-numbers",
        "numbers the entries of a ledger",
        wrap(statement.refids, "ledger", lambda make, ids: ids.digits(8)),
    ),
    _mutant(
        "key-info-as-numbers",
        "writes numbers of a key as numbers",
        put(key_info, "_seconds", lambda ms: (ms or 0) // 1000),
    ),
    _mutant("time-in-ms", "tells the time in milliseconds", _document(_in_ms)),
)
