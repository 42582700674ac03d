"""OKX's single checks of who is asking, over HTTP and on a socket; in which order they come, `gateway` and `login` say.

Facts: docs-v5 REST Authentication and WebSocket login; probes of www.okx.com, 2026.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

from simulator.core.accounts import Account, Key
from simulator.core.message import Request
from simulator.core.rows import Condition, Refusal
from simulator.exchanges.okx import signing
from simulator.exchanges.okx.behavior import Conditions
from simulator.exchanges.okx.diagnosis import diagnosis
from simulator.exchanges.okx.mistakes import Parts

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,3})?Z", re.ASCII)
_ANY_TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII
)
_EPOCHS = re.compile(r"[0-9]{10}(?:[0-9]{3})?", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,16})?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
window_ms = 30_000


def header(request: Request, name: str, empty: Condition) -> str:
    value = request.header(name)
    if not value:
        raise Refusal(empty, f"the header {name} {'is missing' if value is None else 'is empty'}", name=name)
    return value


def milliseconds(timestamp: str, in_any_form: bool) -> int | None:
    """The moment in ms since 1970; None when the text names none. gocryptotrader sends no fraction of a second.

    `in_any_form` takes other precisions, offsets and no offset (UTC) as well, and epochs: 10 digits of s, 13 of ms.
    """
    if in_any_form and _EPOCHS.fullmatch(timestamp):
        return int(timestamp) * (1 if len(timestamp) == 13 else 1000)
    if not (_ANY_TIMESTAMP if in_any_form else _TIMESTAMP).fullmatch(timestamp):
        return None
    try:
        moment = datetime.fromisoformat(timestamp)
        elapsed = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH
    except ValueError:
        return None
    return elapsed.days * 86_400_000 + elapsed.seconds * 1000 + elapsed.microseconds // 1000


def seconds(timestamp: str) -> int | None:
    """The ms since 1970 of a timestamp in s, whole or with a fraction; None when the text is none."""
    return int(Decimal(timestamp) * 1000) if _SECONDS.fullmatch(timestamp) else None


def check_timestamp(sent_ms: int | None, shown: str, now_ms: int, invalid: Condition, expired: Condition) -> None:
    if sent_ms is None:
        raise Refusal(invalid, f"the timestamp {shown} is not one of the right form")
    if abs(now_ms - sent_ms) > window_ms:
        raise Refusal(
            expired,
            f"the timestamp is {sent_ms - now_ms:+d} ms from the server's clock; allowed is {window_ms} either way",
        )


def check_shape(key: Key | None, api_key: str, malformed: Condition) -> None:
    """Keys that somebody configured are taken whatever they look like."""
    if key is None and not _UUID.fullmatch(api_key):
        raise Refusal(malformed, f"no account here has the key {api_key!r}, which is no lower-case UUID")


def known(key: Key | None, api_key: str, unknown: Condition, expired: Condition) -> Key:
    if key is None:
        raise Refusal(unknown, f"no account here has the key {api_key!r}")
    if key.is_expired:
        raise Refusal(expired, f"the key expired at {key.expires_ms} (account time)")
    return key


def check_standing(account: Account, frozen: Condition, blocked: Condition) -> None:
    if account.details.api_frozen:
        raise Refusal(frozen, "the account was made with api_frozen")
    if account.details.user_blocked:
        raise Refusal(blocked, "the account was made with user_blocked")


def check_ip(key: Key, peer: str, wrong: Condition) -> None:
    if not key.allows_ip(peer):
        raise Refusal(
            wrong, f"{peer} is not among the key's {', '.join(key.ip_allowlist)}", ip=peer, api_key=key.api_key
        )


def check_environment(account: Account, request: Request) -> None:
    """python-okx always sends the header, as "0" for the real thing: only "1" means demo trading."""
    wants_demo = request.header("x-simulated-trading") == "1"
    if wants_demo != account.details.demo:
        kind = "a demo account" if account.details.demo else "no demo account"
        sent = "1" if wants_demo else "not 1"
        raise Refusal(Conditions.WRONG_ENVIRONMENT, f"the key belongs to {kind}, but x-simulated-trading is {sent}")


def check_passphrase(key: Key, passphrase: str, wrong: Condition) -> None:
    if passphrase != key.passphrase:
        raise Refusal(wrong, f"the key's passphrase is {key.passphrase!r}, not {passphrase!r}")


def check_signature(key: Key, parts: Parts, signature: str, wrong: Condition) -> None:
    if not signing.matches(key.secret, parts.text(), signature):
        told = diagnosis(key, parts, signature)
        raise Refusal(wrong, told.because(), diagnosis=told)
