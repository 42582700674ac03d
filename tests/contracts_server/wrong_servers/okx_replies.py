"""Wrong servers that call themselves OKX: the shape of replies, lists and pages, bills, the frames of a socket."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from simulator.core.message import Reply
from simulator.core.rows import Refusal, Row
from simulator.exchanges.okx import (
    authentication,
    calls,
    cancel,
    endpoints,
    frames,
    gateway,
    login,
    money,
    records,
    sockets,
    status,
)
from simulator.exchanges.okx.behavior import Conditions
from simulator.exchanges.okx.calls import Call
from simulator.exchanges.okx.errors import Errors
from simulator.exchanges.okx.lifecycle import SENTENCES
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.okx import answers, field
from wrong_servers.okx_cancel import calling
from wrong_servers.patches import entry, put, wrap

_mutant = partial(Mutant, "okx")


def _replies(change: Callable[[int, dict[str, Any]], tuple[int, dict[str, Any]]]) -> Patch:
    """Every reply with another status or body."""

    def around(reply: Callable[..., Reply], status_: int, body: Mapping[str, Any]) -> Reply:
        return reply(*change(status_, dict(body)))

    return wrap(gateway, "_reply", around)


def _body(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Patch:
    return _replies(lambda status_, body: (status_, change(body)))


def _headers(*headers: tuple[str, str]) -> Patch:
    return put(gateway, "_HEADERS", headers)


def _numeric_code(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "code": int(body["code"])}


def _ordered(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda body: {name: body[name] for name in (*names, *body) if name in body}


def _without(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda body: {key: value for key, value in body.items() if key != name}


def _with_data(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "data": body.get("data", [])}


def _object_for_list(body: dict[str, Any]) -> dict[str, Any]:
    data = body.get("data")
    return {**body, "data": data[0] if isinstance(data, list) and len(data) == 1 else data} if "data" in body else body


def _success_in_words(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "msg": "success"} if body["code"] == "0" else body


def _always_200(status_: int, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return 200, body


def _errors_400(status_: int, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return (400 if status_ == 200 and body["code"] != "0" else status_), body


def _service_shape(render: Callable[[Row, Refusal], Reply], row: Row, refusal: Refusal) -> Reply:
    return render(replace(row, shape="service") if row.shape == "gateway" else row, refusal)


def _gateway_shape(render: Callable[[Row, Refusal], Reply], row: Row, refusal: Refusal) -> Reply:
    return render(replace(row, shape="gateway") if row.shape == "service" else row, refusal)


def _no_edge(render: Callable[[Row, Refusal], Reply], row: Row, refusal: Refusal) -> Reply:
    return render(replace(row, shape="service") if row.shape == "edge" else row, refusal)


def _spaced(encode: Callable[[Any], bytes], value: Any) -> bytes:
    return json.dumps(json.loads(encode(value)), ensure_ascii=False).encode()


def _cancel_row(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Patch:
    """What an accepted cancel answers is another row."""
    function = next(one.function for one in endpoints.ENDPOINTS if one.name == "cancel")
    return calling(lambda call: [change(row) for row in function(call)])


def _nothing_left(call: Call) -> list[dict[str, Any]]:
    cancel.cancel_withdrawal(call)
    return []


# Lists.


def _record(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Patch:
    """A row of the history with something else in it."""
    return wrap(records, "record", lambda record, withdrawal: change(record(withdrawal)))


def _swapped(moments: Callable[..., Any], query: Mapping[str, str]) -> Any:
    """As the documentation's example has it, against the meaning of its own parameters."""
    names = {"after": "before", "before": "after"}
    return moments({names.get(name, name): value for name, value in query.items()})


def _inclusive(moments: Callable[..., Any], query: Mapping[str, str]) -> Any:
    wider = {"after": 1, "before": -1}
    return moments({name: str(int(v) + wider[name]) if name in wider else v for name, v in query.items()})


def _oldest_first(call: Call) -> Any:
    return list(reversed(records.withdrawal_history(call)))


def _listing(function: Callable[[Call], Any]) -> Patch:
    """The history is another list."""
    table = tuple(replace(one, function=function) if one.name == "list" else one for one in endpoints.ENDPOINTS)
    return put(gateway, "ENDPOINTS", table)


def _of_everybody(call: Call) -> Any:
    rows = records.withdrawal_history(call)
    wanted = call.query().get("wdId")
    others = [one for one in call.world.accounts.values() if one is not call.account]
    return rows + [records.record(w) for one in others for w in one.book if wanted in (None, w.id)]


def _unknown_is_refused(call: Call) -> Any:
    rows = records.withdrawal_history(call)
    if not rows and "wdId" in call.query():
        raise Refusal(Conditions.STATUS_UNKNOWN_ID, "nothing")
    return rows


def _filter_ignored(name: str) -> Patch:
    return entry(records._FILTERS, name, lambda wanted: lambda withdrawal: True)


def _no_limit(page_size: Callable[..., int], account: Any, query: Mapping[str, str]) -> int:
    page_size(account, query)
    return 100


def _broadcast_at_once(tx_id: Callable[..., str], withdrawal: Any, *rest: Any) -> str:
    return str(withdrawal.tx_id)


# Bills and balances.


def _steps(keep: Callable[[str], bool], times: int = 1) -> Patch:
    def around(steps: Callable[..., Any], *arguments: Any) -> list[Any]:
        return [bill for bill in steps(*arguments) if keep(bill.type) for _ in range(times)]

    return wrap(money, "_steps", around)


def _zero_balances(call: Call) -> Any:
    rows = money.balances(call)
    if "ccy" in call.query():
        there = {row["ccy"] for row in rows}
        empty = {"availBal": "0", "bal": "0", "frozenBal": "0"}
        rows += [{**empty, "ccy": code} for code in call.query()["ccy"].split(",") if code not in there]
    return rows


# Sockets.


def _not_at_login(name: str, place: int) -> Patch:
    """A check is forgotten where it would refuse a login; the condition is its argument at `place`."""

    def around(check: Callable[..., None], *arguments: Any) -> None:
        if not arguments[place].name.startswith("login."):
            check(*arguments)

    return wrap(authentication, name, around)


def _no_text_numbers(timestamp: Callable[..., str], arg: Mapping[str, Any]) -> str:
    if not isinstance(arg.get("timestamp"), str):
        raise Refusal(Conditions.LOGIN_PARAMETER, "no text", name="timestamp")
    return timestamp(arg)


def _whole_seconds(seconds: Callable[[str], int | None], timestamp: str) -> int | None:
    return None if "." in timestamp else seconds(timestamp)


def _code_first(written: Callable[..., str], frame: dict[str, Any], id_: str) -> str:
    return written({name: frame[name] for name in ("event", "code", *frame) if name in frame}, id_)


def _without_id(written: Callable[..., str], frame: dict[str, Any], id_: str) -> str:
    return written(frame, "")


def _id_last(written: Callable[..., str], frame: dict[str, Any], id_: str) -> str:
    return written({**frame, **({"id": id_} if id_ else {})}, "")


def _closes_when_repeated(say: Callable[..., None], turn: Any, refusal: Refusal) -> None:
    say(turn, refusal)
    if refusal.condition.name == "login.repeated":
        turn.socket = replace(turn.socket, key=None)


def _first_arg_alone(read: Callable[[str], Any], text: str) -> Any:
    asked = read(text)
    return replace(asked, args=asked.args[:1])


def _nobody_needs_a_login(monkey: Any) -> None:
    channel = sockets._channel

    def lenient(turn: Any, arg: Mapping[str, Any]) -> Any:
        try:
            return channel(turn, arg)
        except Refusal as refusal:
            if refusal.condition.name != "channel.login_needed":
                raise
            return sockets.Channel(str(arg["channel"]), str(arg.get("ccy", "")))

    monkey.setattr(sockets, "_channel", lenient)


SHAPES = (
    _mutant("code-as-number", "has codes that are numbers", _body(_numeric_code)),
    _mutant("keys-as-documented", "has the keys as code, msg, data", _body(_ordered("code", "msg"))),
    _mutant("code-before-msg", "has code ahead of msg in refusals of the gateway", _body(_ordered("code"))),
    _mutant("no-msg", "leaves the empty msg out", _body(lambda body: body if body["msg"] else _without("msg")(body))),
    _mutant("no-data", "leaves data out", _body(_without("data"))),
    _mutant("data-everywhere", "has data in refusals of the gateway, too", _body(_with_data)),
    _mutant("data-as-object", "has one row as an object", _body(_object_for_list)),
    _mutant("success-in-words", "says success", _body(_success_in_words)),
    _mutant("always-200", "answers everything with status 200", _replies(_always_200)),
    _mutant("errors-with-400", "answers refusals of the service with status 400", _replies(_errors_400)),
    _mutant("gateway-like-service", "refuses in the service's shape", wrap(gateway, "_render_row", _service_shape)),
    _mutant("service-like-gateway", "refuses in the gateway's shape", wrap(gateway, "_render_row", _gateway_shape)),
    _mutant("edge-like-service", "has no page of the edge", wrap(gateway, "_render_row", _no_edge)),
    _mutant("blanks-in-json", "writes JSON with blanks", wrap(gateway, "encode", _spaced)),
    _mutant("type-with-charset", "declares a charset", _headers(("Content-Type", "application/json; charset=utf-8"))),
    _mutant("type-text", "declares text", _headers(("Content-Type", "text/plain"))),
    _mutant("no-type", "declares nothing", _headers()),
    _mutant("id-as-number", "answers the id as a number", _cancel_row(lambda row: {"wdId": int(row["wdId"])})),
    _mutant("no-id", "answers without the id", _cancel_row(lambda row: {})),
    _mutant("state-in-answer", "answers with the state as well", _cancel_row(lambda row: {**row, "state": "-3"})),
    _mutant("outcome-for-answer", "answers with nothing in data", calling(_nothing_left)),
)
TEXTS = (
    _mutant(
        "sign-as-documented",
        "says Invalid signature.",
        answers("WRONG_SIGNATURE", replace(Errors.SIGN_WRONG, text="Invalid signature.")),
    ),
    _mutant(
        "key-as-documented",
        "puts the name of the header in quotation marks",
        answers("KEY_EMPTY", replace(Errors.KEY_EMPTY, text='Request header "OK-ACCESS-KEY" cannot be empty.')),
    ),
    _mutant(
        "expired-as-documented",
        "ends the text with a full stop",
        answers("TIMESTAMP_EXPIRED", replace(Errors.TIMESTAMP_EXPIRED, text="Timestamp request expired.")),
    ),
    _mutant(
        "unknown-key-as-documented",
        "answers an unknown key with status 200",
        answers("UNKNOWN_KEY", replace(Errors.KEY_UNKNOWN, status=200)),
    ),
    _mutant(
        "permission-as-documented",
        "answers a missing permission with status 200",
        answers("NO_PERMISSION", replace(Errors.NO_PERMISSION, status=200)),
    ),
    _mutant("permission-of-2022", "says Invalid Authority", answers("NO_PERMISSION", Errors.AUTHORITY_INVALID)),
    _mutant(
        "limit-as-documented", "answers the limit with status 200", answers("RATE_LIMIT", Errors.RATE_LIMIT_REACHED)
    ),
    _mutant("ip-without-key", "does not name the key", answers("WRONG_IP", Errors.IP_INVALID)),
    _mutant("missing-of-2022", "says cant", answers("ID_MISSING", Errors.PARAMETER_EMPTY_2022)),
    _mutant("array-with-400", "answers an array with status 400", answers("ID_MALFORMED", Errors.PARAMETER_ERROR_400)),
)
LISTS = (
    _mutant("after-is-later", "has after and before the other way round", wrap(records, "moments", _swapped)),
    _mutant("moments-included", "includes the moment of after and before", wrap(records, "moments", _inclusive)),
    _mutant("oldest-first", "lists the oldest first", _listing(_oldest_first)),
    _mutant("lists-everybodys", "lists withdrawals of other accounts", _listing(_of_everybody)),
    _mutant("unknown-in-list", "refuses an unknown id in the history", _listing(_unknown_is_refused)),
    *(
        _mutant(f"{name.lower()}-ignored", f"does not filter by {name}", _filter_ignored(name))
        for name in records._FILTERS
    ),
    _mutant("limit-ignored", "lists more than the limit", wrap(calls, "page_size", _no_limit)),
    _mutant("limit-clamped", "takes a limit above 100", field("PAGE_ABOVE_LIMIT", "clamped")),
    _mutant("state-as-number", "has the state as a number", _record(lambda row: {**row, "state": int(row["state"])})),
    _mutant(
        "state-in-words", "has the state in words", _record(lambda row: {**row, "state": SENTENCES[row["state"]][1]})
    ),
    _mutant(
        "cancelling-is-cancelled",
        "shows -3 as -2",
        _record(lambda row: {**row, "state": row["state"].replace("-3", "-2")}),
    ),
    _mutant(
        "amount-with-fee", "shows amount and fee together", _record(lambda row: {**row, "amt": row["amt"] + row["fee"]})
    ),
    _mutant("labels-everywhere", "has an empty tag in every row", _record(lambda row: {"tag": "", **row})),
    _mutant("row-without-fee-currency", "leaves feeCcy out", _record(_without("feeCcy"))),
    _mutant(
        "transaction-at-once", "has a transaction id from the beginning", wrap(records, "tx_id", _broadcast_at_once)
    ),
    _mutant(
        "status-is-stuck",
        "tells of a pending withdrawal for ever",
        put(status, "SENTENCES", dict.fromkeys(SENTENCES, SENTENCES["0"])),
    ),
    _mutant(
        "status-without-stage",
        "leaves the stage out",
        put(status, "SENTENCES", {word: (said, said) for word, (_, said) in SENTENCES.items()}),
    ),
    _mutant(
        "status-in-utc", "writes UTC", wrap(status, "written", lambda written, at_ms: written(at_ms - 8 * 3600 * 1000))
    ),
)
BILLS = (
    _mutant("no-bill-of-a-cancel", "books no bill of type 13", _steps(lambda kind: kind != "13")),
    _mutant("no-bill-of-a-fee", "books no bill of type 221", _steps(lambda kind: kind != "221")),
    _mutant("bills-twice", "books every bill twice", _steps(lambda kind: True, 2)),
    _mutant(
        "lists-nothing-left",
        "lists currencies of which there is nothing",
        put(
            gateway,
            "ENDPOINTS",
            tuple(
                replace(one, function=_zero_balances) if one.name == "balances" else one for one in endpoints.ENDPOINTS
            ),
        ),
    ),
)
SOCKETS = (
    _mutant("socket-passphrase", "takes any passphrase of a login", _not_at_login("check_passphrase", 2)),
    _mutant("socket-signature", "takes any signature of a login", _not_at_login("check_signature", 3)),
    _mutant("socket-window", "takes a login of any age", _not_at_login("check_timestamp", 4)),
    _mutant("socket-key-shape", "has one code for keys of a login", _not_at_login("check_shape", 2)),
    _mutant("socket-standing", "lets frozen users log in", _not_at_login("check_standing", 1)),
    _mutant("socket-ip", "takes a login from anywhere", _not_at_login("check_ip", 2)),
    _mutant("socket-open-to-all", "needs no login", _nobody_needs_a_login),
    _mutant("socket-number-refused", "takes no number for a timestamp", wrap(login, "_timestamp", _no_text_numbers)),
    _mutant("socket-whole-seconds", "takes no fraction of a second", wrap(authentication, "seconds", _whole_seconds)),
    _mutant(
        "socket-path-of-rest", "signs the path with its prefix", put(login, "_TARGET", "/api/v5/users/self/verify")
    ),
    _mutant("socket-code-first", "has code ahead of msg in its frames", wrap(frames, "_written", _code_first)),
    _mutant("socket-without-id", "does not echo the id", wrap(frames, "_written", _without_id)),
    _mutant("socket-id-last", "echoes the id last", wrap(frames, "_written", _id_last)),
    _mutant(
        "socket-repeat-logs-out", "logs out when somebody logs in again", wrap(sockets, "_say", _closes_when_repeated)
    ),
    _mutant("socket-first-arg", "answers the first arg alone", wrap(sockets.frames, "read", _first_arg_alone)),
    _mutant("socket-any-path", "serves business channels anywhere", put(sockets, "_BUSINESS", "/ws/v5/private")),
    _mutant("socket-as-documented", "says Invalid request", answers("FRAME_NOT_JSON", Errors.REQUEST_INVALID)),
)
MUTANTS = (*SHAPES, *TEXTS, *LISTS, *BILLS, *SOCKETS)
