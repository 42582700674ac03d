"""Wrong servers that call themselves Bybit: those whose answers look otherwise."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from simulator.core.wire import encode
from simulator.exchanges.bybit import cancel, envelope
from wrong_servers.bybit_cancel import answers, function
from wrong_servers.edits import edit
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import both, put, wrap

_mutant = partial(Mutant, "bybit")


def _body(*changes: tuple[str, str]) -> Patch:
    return edit(envelope, "_render", *changes)


def _headers(*changes: tuple[str, str]) -> Patch:
    return edit(envelope, "_headers", *changes)


def _without(name: str) -> Patch:
    """A header is missing."""

    def around(made: Any, *arguments: Any) -> list[tuple[str, str]]:
        return [header for header in made(*arguments) if header[0] != name]

    return wrap(envelope, "_headers", around)


_ENVELOPE = (
    _mutant("ret-code-as-text", "writes retCode as a text", _body(('"retCode": code', '"retCode": str(code)'))),
    _mutant(
        "keys-in-another-order",
        "writes retMsg before retCode",
        _body(('"retCode": code, "retMsg": message', '"retMsg": message, "retCode": code')),
    ),
    _mutant(
        "result-last",
        "writes result behind time",
        _body(('message, "result": result}', "message}"), ('"time": now_ms}', '"time": now_ms, "result": result}')),
    ),
    _mutant("without-ret-ext-info", "leaves retExtInfo away", _body(('"retExtInfo": {}, ', ""))),
    _mutant("ret-ext-info-null", "writes null for retExtInfo", _body(('"retExtInfo": {}', '"retExtInfo": None'))),
    _mutant("without-time", "leaves time away", _body((', "time": now_ms', ""))),
    _mutant("time-as-text", "writes time as a text", _body(('"time": now_ms', '"time": str(now_ms)'))),
    _mutant("time-in-seconds", "writes time in seconds", _body(('"time": now_ms', '"time": now_ms // 1000'))),
    _mutant(
        "bare-answers-forgotten",
        "writes time and retExtInfo of account/info too",
        _body(("code != 0 or not call.is_bare", "True")),
    ),
    _mutant(
        "result-null",
        "writes null for the result of a refusal",
        edit(envelope, "refused", ('"status_zero" else {}', '"status_zero" else None')),
    ),
    _mutant(
        "json-with-blanks", "writes JSON with blanks", put(envelope, "encode", lambda value: json.dumps(value).encode())
    ),
    _mutant(
        "json-with-line-end",
        "ends JSON with a line break",
        put(envelope, "encode", lambda value: encode(value) + b"\n"),
    ),
    _mutant("success-as-ok", "says OK for success", function("cancel", cancel, ('"success"', '"OK"'))),
    _mutant("status-as-text", "writes status as a text", function("cancel", cancel, ('"status": 1', '"status": "1"'))),
    _mutant(
        "status-as-boolean", "writes status as true", function("cancel", cancel, ('"status": 1', '"status": True'))
    ),
    _mutant("without-status", "leaves status away", function("cancel", cancel, ('{"status": 1}', "{}"))),
    _mutant(
        "status-zero-forgotten",
        "writes an empty result for status 0",
        edit(envelope, "refused", ('{"status": 0}', "{}")),
    ),
)

_HTTP = (
    _mutant(
        "refusals-on-400",
        "answers every refusal on HTTP 400",
        edit(envelope, "refused", ("result, row.status)", "result, 400)")),
    ),
    _mutant("signature-on-401", "answers a wrong signature on HTTP 401", answers("", "WRONG_SIGNATURE", status=401)),
    _mutant("permission-on-403", "answers a missing permission on HTTP 403", answers("", "NO_PERMISSION", status=403)),
    _mutant("unknown-id-on-404", "answers an unknown id on HTTP 404", answers("", "UNKNOWN_ID", status=404)),
    _mutant("late-cancel-on-409", "answers a late cancel on HTTP 409", answers("", "NOT_CANCELLABLE", status=409)),
    _mutant(
        "path-in-an-envelope", "answers an unknown path in an envelope", answers("ROUTE_NOT_FOUND", "UNKNOWN_ROUTE")
    ),
    _mutant("path-on-200", "answers an unknown path with an empty 200", answers("", "UNKNOWN_ROUTE", status=200)),
    _mutant("method-on-405", "answers a wrong method on HTTP 405", answers("", "WRONG_METHOD", status=405)),
    _mutant(
        "unauthorized-on-200",
        "answers V2 credentials on HTTP 200",
        answers("", "CREDENTIALS_IN_PARAMETERS", status=200),
    ),
    _mutant(
        "ip-limit-in-an-envelope",
        "answers an IP that was too fast in an envelope",
        answers("IP_RATE_LIMIT", "IP_LIMIT"),
    ),
    _mutant("ip-limit-on-429", "answers an IP that was too fast on HTTP 429", answers("", "IP_LIMIT", status=429)),
    _mutant(
        "edge-in-plain-text", "answers a GET with a body in plain text", answers("", "GET_WITH_BODY", shape="text")
    ),
)

_NAMES = (
    "Content-Type",
    "Server",
    "Timenow",
    "Traceid",
    "Cache-Control",
    "Pragma",
    "Ret_code",
    "X-Bapi-Limit",
    "X-Bapi-Limit-Status",
    "X-Bapi-Limit-Reset-Timestamp",
)

_HEADERS = (
    *(_mutant(f"without-{name.lower().replace('_', '-')}", f"sends no {name}", _without(name)) for name in _NAMES),
    _mutant(
        "content-type-bare",
        "sends application/json without a charset",
        edit(envelope, "_bare_headers", ("application/json; charset=utf-8", "application/json")),
    ),
    _mutant(
        "timenow-in-seconds",
        "sends Timenow in seconds",
        edit(envelope, "_bare_headers", ("str(now_ms)", "str(now_ms // 1000)")),
    ),
    _mutant(
        "timenow-off",
        "sends a Timenow that is not the time of the body",
        edit(envelope, "_bare_headers", ("str(now_ms)", "str(now_ms + 1)")),
    ),
    _mutant("ret-code-off", "sends 0 for Ret_code", _headers(('("Ret_code", str(code))', '("Ret_code", "0")'))),
    _mutant(
        "limit-left-before-the-call",
        "sends what was left before the call",
        _headers(("str(call.verdict.remaining)", "str(call.verdict.remaining + 1)")),
    ),
    _mutant(
        "limit-by-the-second",
        "sends the limit of a second",
        _headers(("call.behavior.get(Fields.HEADER_PER_SECOND) is True", "True")),
    ),
    _mutant(
        "limit-never-by-the-second",
        "sends the limit of a minute even when told otherwise",
        _headers(("call.behavior.get(Fields.HEADER_PER_SECOND) is True", "False")),
    ),
    _mutant(
        "reset-in-seconds",
        "sends the reset in seconds",
        _headers(("str(now_ms + wait_ms)", "str((now_ms + wait_ms) // 1000)")),
    ),
    _mutant(
        "reset-as-a-wait", "sends how long to wait for the reset", _headers(("str(now_ms + wait_ms)", "str(wait_ms)"))
    ),
    _mutant(
        "reset-in-the-past",
        "sends a reset that has passed with a 10006",
        _headers(("max(call.verdict.wait_ms, 1000)", "-5")),
    ),
    _mutant(
        "refused-without-limit",
        "sends no limit with a 10006",
        edit(envelope, "refused", ("call.verdict = Verdict(False, 0, wait_ms)", "call.verdict = None")),
    ),
)

_TEXTS = (
    _mutant(
        "times-swapped",
        "swaps the two times of a 10002",
        answers(
            "",
            "OUTSIDE_WINDOW",
            text="invalid request, please check your server timestamp or recv_window param. "
            "req_timestamp[{now}],server_timestamp[{timestamp}],recv_window[{recv_window}]",
        ),
    ),
    _mutant(
        "times-of-spot",
        "tells a 10002 in the words of spot",
        answers("", "OUTSIDE_WINDOW", text="Timestamp for this request is outside of the recvWindow."),
    ),
    _mutant(
        "origin-hidden", "does not show the text that it signed", answers("", "WRONG_SIGNATURE", text="error sign!")
    ),
    _mutant(
        "origin-in-new-words",
        "shows the text that it signed in the words of 2026",
        answers("SIGNATURE_WRONG_LATER", "WRONG_SIGNATURE"),
    ),
    _mutant(
        "brackets-in-another-order",
        "tells the key before the timestamp that is missing",
        answers(
            "",
            "EMPTY_HEADER",
            text="empty value: apiKey[{api_key}] apiTimestamp[{timestamp}] apiSignature[{signature}]",
        ),
    ),
    _mutant(
        "timestamp-as-10002",
        "tells a timestamp that is no number that it is outside of the window",
        answers("", "TIMESTAMP_NOT_A_NUMBER", code=10002),
    ),
    _mutant(
        "key-as-in-the-table",
        "tells an unknown key in the words of the table",
        answers("", "UNKNOWN_KEY", text="API key is invalid. Check whether the key and domain are matched"),
    ),
    _mutant("expiry-as-10003", "tells an expired key that nobody has it", answers("API_KEY_INVALID", "EXPIRED_KEY")),
    _mutant(
        "expiry-of-spot", "tells an expired key in the code of spot", answers("SPOT_API_KEY_EXPIRED", "EXPIRED_KEY")
    ),
    _mutant(
        "ip-as-10009",
        "tells an IP that is not bound that its region is restricted",
        answers("SERVICE_RESTRICTED", "WRONG_IP"),
    ),
    _mutant(
        "permission-in-old-words",
        "tells a missing permission in the words of old",
        answers("", "NO_PERMISSION", text="permission denied"),
    ),
    _mutant("read-only-as-10024", "tells a read-only key of compliance", answers("COMPLIANCE_RULES", "READ_ONLY_KEY")),
    _mutant(
        "limit-as-documented",
        "tells the limit in the words of the documentation",
        answers("", "RATE_LIMIT", text="Too many visits!"),
    ),
    _mutant("demo-as-10005", "tells a demo account that it lacks the permission", answers("PERMISSION_DENIED", "DEMO")),
    _mutant(
        "sub-account-as-10005",
        "tells a sub-account that it lacks the permission",
        answers("PERMISSION_DENIED", "SUB_ACCOUNT"),
    ),
    _mutant(
        "body-as-10001",
        "tells a broken body in the words of the general table",
        both(
            *(
                answers("REQUEST_PARAMETER_ERROR", name)
                for name in ("BODY_EMPTY", "BODY_NOT_JSON", "BODY_NOT_AN_OBJECT")
            )
        ),
    ),
    _mutant(
        "content-type-as-10001",
        "tells another content type in the words of the general table",
        answers("REQUEST_PARAMETER_ERROR", "WRONG_CONTENT_TYPE"),
    ),
)

MUTANTS = (*_ENVELOPE, *_HTTP, *_HEADERS, *_TEXTS)
