"""Wrong servers that call themselves AlphaPoint: the keys of a user and the users of a session mixed up, and what a
cancel, a frame and a list must leave as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from simulator.core.accounts import Account
from simulator.core.book import Book, Withdrawal
from simulator.core.lifecycle import Stage
from simulator.core.limits import FixedWindow
from simulator.core.message import Reply
from simulator.core.rows import Refusal
from simulator.exchanges.alphapoint import authentication, cancel, frames, gateway, tickets, users
from simulator.exchanges.alphapoint.behavior import Conditions
from simulator.exchanges.alphapoint.calls import Call, parameters
from simulator.exchanges.alphapoint.comments import Hand
from wrong_servers import keys
from wrong_servers.alphapoint_patches import functions
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import put, wrap

_mutant = partial(Mutant, "alphapoint")


# Keys and sessions.


def _secrets_of(candidates: keys.Candidates) -> Patch:
    """The secrets of other keys prove a key as well, in headers and at a login."""

    def around(by_key: Callable[..., Any], call: Call, signed: Any, *conditions: Any) -> Any:
        key = call.world.find_key(signed.api_key)
        check = partial(by_key, call, signed, *conditions)
        return check() if key is None else keys.with_any_secret(check, key, candidates(key))

    return wrap(authentication, "by_key", around)


def _as_who_is_named(wanted: Callable[[Call], str]) -> Patch:
    """A session acts for the user whose number is in the request."""

    def around(by_token: Callable[..., Any], call: Call, token: str) -> None:
        by_token(call, token)
        named = next((account for account, user in users.users(call.world) if str(user.user_id) == wanted(call)), None)
        if named is not None and named is not call.caller.account:
            call.key = named.keys[0]

    return wrap(authentication, "_by_token", around)


def _in_the_body(call: Call) -> str:
    return str(parameters(call).get("userid"))


def _in_the_header(call: Call) -> str:
    return str(call.request.header("UserId") if call.request else None)


def _of_the_query(by_request: Callable[..., Any], call: Call) -> None:
    assert call.request is not None
    token = dict(parse_qsl(call.request.query)).get("aptoken")
    if token is None:
        by_request(call)
    else:
        authentication._by_token(call, token)


# What a cancel must leave alone.


def _made_anew(move: Callable[..., None], book: Book, withdrawal: Withdrawal, *step: Any) -> None:
    move(book, withdrawal, *step)
    withdrawal.created_ms = withdrawal.updated_ms


def _not_updated(
    note: Callable[..., None], book: Book, withdrawal: Withdrawal, before: str, event: str, at_ms: int, *reason: str
) -> None:
    note(book, withdrawal, before, event, withdrawal.created_ms if event == "cancel" else at_ms, *reason)


def _twins_too(move: Callable[..., None], account: Account, withdrawal: Withdrawal, event: str, *reason: str) -> None:
    move(account, withdrawal, event, *reason)
    for other in list(account.book):
        is_twin = (other.asset, other.amount) == (withdrawal.asset, withdrawal.amount)
        if event == "cancel" and is_twin and account.book.lifecycle.allows(other.state.name, event):
            move(account, other, event)


def _touch(account: Account, withdrawal: Withdrawal) -> None:
    withdrawal.history[-1] = replace(withdrawal.history[-1], at_ms=account.now_ms())


def _touches_late_ones(check: Callable[..., None], account: Account, withdrawal: Withdrawal) -> None:
    _touch(account, withdrawal)
    check(account, withdrawal)


def _touches_all(check: Callable[..., None], call: Call, account: Account, user_id: int) -> None:
    found = account.book.find(str(parameters(call).get("requestcode")).lower())
    if found is not None:
        _touch(account, found)
    check(call, account, user_id)


def _signs_off_early(check: Callable[..., None], account: Account, withdrawal: Withdrawal) -> None:
    tickets.sign_off(withdrawal, account.keys[0])
    check(account, withdrawal)


def _signs_late_ones(check: Callable[..., None], account: Account, withdrawal: Withdrawal) -> None:
    try:
        check(account, withdrawal)
    except Refusal:
        user, step = account.details, len(withdrawal.history)
        hand = Hand(step, user.user_id, user.username)
        withdrawal.details = replace(withdrawal.details, hands=(*withdrawal.details.hands, hand))
        raise


# What a client reads.


def _hides(stage: Stage) -> Patch:
    """GetWithdraws leaves out what is in this stage."""

    @contextmanager
    def hidden(account: Account) -> Iterator[None]:
        kept, book = account.book._withdrawals, account.book
        book._withdrawals = {name: one for name, one in kept.items() if one.stage is not stage}
        try:
            yield
        finally:
            book._withdrawals = kept

    def around(function: Callable[[Call], Any], call: Call) -> Any:
        with hidden(call.caller.account):
            return function(call)

    return functions("list", around)


def _small_letters_on_sockets(find: Callable[..., Any], call: Call, account: Account, code: str) -> Any:
    if call.request is None and code != code.lower():
        raise Refusal(Conditions.UNKNOWN_CODE, "capitals")
    return find(call, account, code)


def _numbered(change: Callable[[int], int]) -> Patch:
    """A frame is answered under another number."""

    def around(write: Callable[..., str], asked: frames.Asked, content: str, *, is_error: bool) -> str:
        return write(replace(asked, number=change(asked.number)), content, is_error=is_error)

    return wrap(frames, "write", around)


def _dated(date: str) -> Patch:
    def around(reply: Callable[..., Reply], call: Call, said: Any) -> Reply:
        told = reply(call, said)
        return replace(told, headers=tuple((name, date if name == "Date" else value) for name, value in told.headers))

    return wrap(gateway, "_reply", around)


MUTANTS = (
    *keys.of_permissions("alphapoint", lambda which: keys.by_another(which, cancel, "check_permission")),
    _mutant(
        "keys-permissions-together",
        "lets a key do what any key of the account may",
        keys.by_all_together(cancel, "check_permission"),
    ),
    *keys.of_secrets("alphapoint", _secrets_of),
    *keys.of_expiry_and_addresses("alphapoint"),
    *keys.of_look_up("alphapoint"),
    keys.stripped("alphapoint"),
    _mutant(
        "session-of-the-first-key",
        "lets a session do what the user's first key may",
        put(users.Session, "key", property(lambda session: session.account.keys[0])),
    ),
    _mutant(
        "session-of-the-last-key",
        "lets a session do what the user's newest key may",
        put(users.Session, "key", property(lambda session: session.account.keys[-1])),
    ),
    _mutant("session-for-the-user-named", "acts for the user that a request names", _as_who_is_named(_in_the_body)),
    _mutant(
        "session-for-the-user-id-header", "acts for the user of the header UserId", _as_who_is_named(_in_the_header)
    ),
    _mutant(
        "token-in-the-query", "takes a session token in the query", wrap(authentication, "by_request", _of_the_query)
    ),
    _mutant("created-moves", "dates the creation of a ticket anew with every step", wrap(Book, "move", _made_anew)),
    _mutant("cancel-is-no-update", "leaves LastUpdateTimestamp when it cancels", wrap(Book, "_note", _not_updated)),
    _mutant("cancels-twins", "cancels all withdrawals of the same amount", wrap(Account, "move", _twins_too)),
    _mutant(
        "late-cancel-updates",
        "updates a ticket whose cancel comes too late",
        wrap(cancel, "_check_cancellable", _touches_late_ones),
    ),
    _mutant(
        "late-cancel-signs",
        "names who came too late as the one who updated a ticket",
        wrap(cancel, "_check_cancellable", _signs_late_ones),
    ),
    _mutant(
        "late-cancel-signs-the-next-step",
        "names who came too late as the one who took the next step",
        wrap(cancel, "_check_cancellable", _signs_off_early),
    ),
    _mutant("any-cancel-updates", "updates a ticket whatever is wrong", wrap(cancel, "_check_user", _touches_all)),
    _mutant("list-without-failed", "leaves out of a list what failed", _hides(Stage.FAILED)),
    _mutant("list-without-processed", "leaves out of a list what was processed", _hides(Stage.PROCESSED)),
    _mutant(
        "code-in-one-case-on-sockets",
        "finds a RequestCode on sockets in small letters alone",
        wrap(cancel, "_find", _small_letters_on_sockets),
    ),
    _mutant("frame-number-of-8-bits", "echoes the last eight bits of a frame's number", _numbered(lambda i: i % 256)),
    _mutant(
        "frame-number-of-32-bits",
        "echoes the last 32 bits of a frame's number",
        _numbered(lambda i: (i + 2**31) % 2**32 - 2**31),
    ),
    _mutant("frame-number-as-a-float", "echoes what a floating-point number holds", _numbered(lambda i: int(float(i)))),
    _mutant("date-of-1970", "dates its answers 1970", _dated("Thu, 01 Jan 1970 00:00:00 GMT")),
    _mutant(
        "limit-of-half-a-minute",
        "counts over half a minute",
        put(gateway, "FixedWindow", lambda calls, ms: FixedWindow(calls, ms // 2)),
    ),
)
