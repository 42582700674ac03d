"""Kraken's gateway: the order of its checks, and its envelope.

The order is the order of the lines in `_process`. What is evidenced stands in `behavior`; the rest is concluded.
Signatures are checked over the raw body: a form and JSON alike.
"""

from __future__ import annotations

from typing import Any

from simulator.core.accounts import Key
from simulator.core.exchange import Answer, Endpoint
from simulator.core.message import Reply, Request
from simulator.core.reading import elsewhere
from simulator.core.rows import Refusal, Row, fill
from simulator.core.wire import encode
from simulator.core.world import World
from simulator.exchanges.kraken import body, lockout, otp, permissions, rates, signing
from simulator.exchanges.kraken.behavior import Conditions, Fields
from simulator.exchanges.kraken.body import Nonce
from simulator.exchanges.kraken.call import Call
from simulator.exchanges.kraken.cancel import names_wallet_transfer
from simulator.exchanges.kraken.diagnosis import diagnosis
from simulator.exchanges.kraken.endpoints import ENDPOINTS
from simulator.exchanges.kraken.parameters import PARAMETERS
from simulator.exchanges.kraken.public import query

_BY_PATH = {endpoint.path: endpoint for endpoint in ENDPOINTS}


def answer(world: World, request: Request) -> Answer:
    """One request, from the raw bytes to the reply.

    Whoever's key it names, even with a wrong signature, finds it in that account's journal and has it answered by that
    account's behavior.
    """
    call = Call(world=world, request=request, key=world.find_key(request.header("API-Key") or ""))
    refusal: Refusal | None = None
    row: Row | None = None
    try:
        reply = _render_result(call, encode(_process(call)))
    except Refusal as caught:
        refusal, row = caught, call.behavior.row(caught.condition)
        lockout.note(call, caught)
        reply = _render_row(call, row, caught)
    endpoint = call.endpoint.name if call.endpoint else ""
    unread = call.reads.unread(PARAMETERS.get(endpoint, ()), is_refused=refusal is not None)
    return Answer(reply=reply, endpoint=endpoint, key=call.key, refusal=refusal, row=row, unread=unread)


def _process(call: Call) -> Any:
    """The column of checks. Returns the result of a success; raises Refusal."""
    request = call.request
    endpoint = call.endpoint = _route(request)
    if endpoint.permission is None:
        query(call)  # what comes is noted, also where the method has no arguments
        call.reads.misplace(elsewhere(request))
        return endpoint.function(call)
    lockout.check(call)
    # Counted before anything can refuse: calls that fail count too (support article on API errors).
    verdict = rates.count(call.key, endpoint) if call.key else None
    call.arguments = body.read(request, call.behavior)
    key = _check_key(call)
    nonce = body.nonce(call.arguments)
    if call.behavior.get(Fields.NONCE_ORDER) == "before_signature":
        _check_nonce_order(call, nonce)
    _check_signature(key, request, nonce)
    _check_otp(call)
    _check_nonce_order(call, nonce)
    _accept(call, nonce)
    rates.check(verdict)
    _check_account(call)
    _check_otp_given(call)
    _check_permission(call, endpoint)
    # From here on it is the method that looks at its arguments.
    call.arguments = call.reads.watch(call.arguments)
    call.reads.misplace(elsewhere(request))
    return endpoint.function(call)


def _route(request: Request) -> Endpoint:
    """The verb is judged by the web server in front, before anybody knows whether the method exists."""
    if request.path.startswith("/0/public/") and request.method != "GET":
        raise Refusal(Conditions.POST_ON_PUBLIC, f"public methods take GET, not {request.method}")
    if request.path.startswith("/0/private/") and request.method != "POST":
        raise Refusal(Conditions.GET_ON_PRIVATE, f"private methods take POST, not {request.method}")
    if request.path not in _BY_PATH:
        raise Refusal(Conditions.UNKNOWN_ROUTE, f"no method has the path {request.path!r}")
    return _BY_PATH[request.path]


def _check_key(call: Call) -> Key:
    api_key = call.request.header("API-Key")
    if not api_key:
        raise Refusal(Conditions.KEY_MISSING, "there is no API-Key header")
    key = call.key
    if key is None:
        raise Refusal(Conditions.UNKNOWN_KEY, f"no account here has the key {api_key!r}")
    if key.is_expired:
        raise Refusal(Conditions.EXPIRED_KEY, f"the key expired at {key.expires_ms} (account time)")
    if not key.allows_ip(call.request.peer):
        raise Refusal(Conditions.WRONG_IP, f"{call.request.peer} is not among the key's {', '.join(key.ip_allowlist)}")
    return key


def _check_signature(key: Key, request: Request, nonce: Nonce) -> None:
    signature = request.header("API-Sign")
    if not signature:
        raise Refusal(Conditions.SIGNATURE_MISSING, "there is no API-Sign header")
    path = signing.raw(request.path)
    # A query does not belong to the path of the documentation, but the official Go client signs it.
    paths = (path, signing.raw(request.target)) if "?" in request.target else (path,)
    if signing.matches(key.secret, paths, nonce.text, request.body, signature):
        return
    told = diagnosis(key, request, nonce.text, signature)
    raise Refusal(Conditions.WRONG_SIGNATURE, told.because(told.signed), diagnosis=told)


def _check_otp(call: Call) -> None:
    given = call.arguments.get("otp")
    if given is None or given == "":
        return
    secret = call.caller.details.totp_secret
    if secret is None:
        raise Refusal(Conditions.OTP_UNEXPECTED, "the key has no two-factor authentication, but an otp came")
    steps = call.behavior.number(Fields.OTP_STEPS)
    if not otp.matches(secret, str(given), call.world.now_ms(), steps):
        raise Refusal(Conditions.OTP_WRONG, f"otp {str(given)[:40]!r} is not the one of now (server clock)")


def _check_nonce_order(call: Call, nonce: Nonce) -> None:
    nonces = call.caller.nonces
    duplicates = call.behavior.get(Fields.WINDOW_DUPLICATES) is True
    if not nonces.accepts(nonce.number, duplicates=duplicates):
        lowest = nonces.highest - nonces.window
        fault = f"is not above {lowest}" if nonce.number <= lowest else "was used before"
        raise Refusal(
            Conditions.NONCE_NOT_GREATER,
            f"nonce {nonce.number} {fault} (highest accepted {nonces.highest}, window {nonces.window})",
        )


def _accept(call: Call, nonce: Nonce) -> None:
    """Only now does the nonce count as used, whatever becomes of the call afterwards, and a row of failures end."""
    key = call.caller
    key.nonces.record(nonce.number)
    key.details.used_ms = key.account.now_ms()
    lockout.of(call).succeed()


def _check_account(call: Call) -> None:
    status = str(call.behavior.get(Fields.ACCOUNT_STATUS))
    if status in _STATUSES:
        raise Refusal(_STATUSES[status], f"account.status is {status!r}")


_STATUSES = {
    "disabled": Conditions.ACCOUNT_DISABLED,
    "unconfirmed": Conditions.ACCOUNT_UNCONFIRMED,
    "restricted": Conditions.ACCOUNT_RESTRICTED,
}


def _check_otp_given(call: Call) -> None:
    if call.caller.details.totp_secret is not None and not call.arguments.get("otp"):
        raise Refusal(Conditions.OTP_MISSING, "the key has two-factor authentication, but no otp came")


def _check_permission(call: Call, endpoint: Endpoint) -> None:
    if permissions.suffice(call.caller.permissions, str(endpoint.permission)):
        return
    if endpoint.name == "cancel" and names_wallet_transfer(call):
        return
    raise Refusal(Conditions.NO_PERMISSION, f"the key lacks the permission {endpoint.permission}")


def _render_row(call: Call, row: Row, refusal: Refusal) -> Reply:
    """The one place where a refusal becomes bytes."""
    argument = refusal.blanks.get("argument")
    named = argument is not None and call.behavior.get(Fields.NAMES_ARGUMENT) is True
    blanks = {"now_s": call.world.now_ms() // 1000, "field": f":{argument}" if named else ""}
    text = fill(row.text, blanks)
    if row.shape == "result":
        return _render_result(call, text.encode(), row.status)
    if row.shape == "html":
        title = f"{row.status} {text}"
        page = (
            f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
            "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
        )
        return Reply(row.status, _headers(call, "text/html"), page.encode(), text)
    document: dict[str, Any] = {"error": [text]}
    if call.behavior.get(Fields.EMPTY_RESULT) is True:
        document["result"] = {}
    return _render(call, encode(document), row.status)


def _render_result(call: Call, result: bytes, status: int = 200) -> Reply:
    return _render(call, b'{"error":[],"result":' + result + b"}", status)


def _render(call: Call, document: bytes, status: int) -> Reply:
    # Vary is captured on JSON alone (antoniocasero/Kraken#1); its place among the headers is not known.
    headers = (*_headers(call, "application/json; charset=utf-8"), ("Vary", "Accept-Encoding"))
    return Reply(status, headers, document)


def _headers(call: Call, content_type: str) -> tuple[tuple[str, str], ...]:
    """Kraken stands behind Cloudflare (headers captured in antoniocasero/Kraken#1)."""
    traces = call.key.account.traces if call.key else call.world.traces
    return (("Content-Type", content_type), ("Server", "cloudflare"), ("CF-RAY", traces.hex(16) + "-AMS"))
