"""Wrong servers that call themselves Kraken: the cancel call, the life-cycle, the money, the neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from simulator.core.book import Book, Withdrawal
from simulator.core.ledger import Ledger, add
from simulator.core.lifecycle import Stage
from simulator.core.rows import Refusal
from simulator.exchanges.kraken import (
    balances,
    body,
    call,
    cancel,
    entries,
    gateway,
    ledgers,
    lifecycle,
    refids,
    statement,
    status,
    transfer,
    withdraw,
)
from simulator.exchanges.kraken.assets import ASSETS
from simulator.exchanges.kraken.behavior import Conditions
from simulator.exchanges.kraken.call import Call
from simulator.exchanges.kraken.endpoints import ENDPOINTS
from simulator.exchanges.kraken.lifecycle import LIFECYCLE, MOVES
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import both, entry, no_entry, put, skip, wrap

_mutant = partial(Mutant, "kraken")
_CANCEL = next(endpoint for endpoint in ENDPOINTS if endpoint.name == "cancel")


# Arguments.


def _empty_is_fine(name: str) -> Patch:
    """An argument that is empty or absent is taken as something that is there."""

    def around(read: Callable[..., Any], one: Call) -> Any:
        if not one.arguments.get(name):
            one.arguments = {**one.arguments, name: {"asset": "XBT", "refid": "nothing"}[name]}
        return read(one)

    return wrap(cancel, "_arguments", around)


def _as_text(_: Any, arguments: dict[str, Any], name: str) -> str:
    given = arguments.get(name)
    return "" if given is None else str(given[0] if isinstance(given, list) and given else given)


def _asset(find: Callable[[str], Any]) -> Patch:
    return put(cancel, "_asset", find)


def _exactly(name: str) -> Any:
    found = next((asset for asset in ASSETS.table if name == asset.code), None)
    if found is None:
        raise Refusal(Conditions.UNKNOWN_ASSET, "not an id")
    return found


def _in_capitals(find: Callable[[str], Any], name: str) -> Any:
    if name != name.upper():
        raise Refusal(Conditions.UNKNOWN_ASSET, "small letters")
    return find(name)


def _anything(find: Callable[[str], Any], name: str) -> Any:
    try:
        return find(name)
    except Refusal:
        return ASSETS.named("BTC")


# The withdrawal that is meant.


def _anybodys(find: Callable[..., Any], world: Any, account: Any, refid: str) -> Any:
    every = (one.book.find(refid) for one in world.accounts.values())
    return next((found for found in every if found is not None), None) or find(world, account, refid)


def _or_the_latest(find: Callable[..., Any], world: Any, account: Any, refid: str) -> Any:
    try:
        return find(world, account, refid)
    except Refusal:
        latest = account.book.newest_first()
        if latest:
            return latest[0]
        raise


def _always_the_latest(find: Callable[..., Any], world: Any, account: Any, refid: str) -> Any:
    find(world, account, refid)
    return account.book.newest_first()[0]


def _unknown_is_done(function: Callable[..., Any], one: Call) -> Any:
    try:
        return function(one)
    except Refusal as refusal:
        if refusal.condition in (Conditions.UNKNOWN_REFID, Conditions.FOREIGN_REFID):
            return True
        raise


def _told_apart(find: Callable[..., Any], world: Any, account: Any, refid: str) -> Any:
    try:
        return find(world, account, refid)
    except Refusal as refusal:
        if refusal.condition is Conditions.FOREIGN_REFID:
            raise Refusal(Conditions.NO_PERMISSION, "another's") from None
        raise


def _trimmed(find: Callable[..., Any], world: Any, account: Any, refid: str) -> Any:
    return find(world, account, refid.strip())


def _shape(pattern: str) -> Patch:
    import re

    return put(refids, "_SHAPES", re.compile(pattern))


# What comes of it.


def _moves(state: str, **events: str) -> Patch:
    """A state gets further events."""
    return entry(MOVES, state, {**MOVES.get(state, {}), **events})


def _too_late_in(state: str) -> Patch:
    """A state in which a cancel comes too late, though the life-cycle allows it."""

    def around(check: Callable[..., None], account: Any, withdrawal: Withdrawal) -> None:
        if withdrawal.state.name == state:
            raise Refusal(Conditions.ALREADY_SETTLED, "too late")
        check(account, withdrawal)

    return wrap(cancel, "_check_cancellable", around)


def _never_too_late(check: Callable[..., None], account: Any, withdrawal: Withdrawal) -> None:
    try:
        check(account, withdrawal)
    except Refusal as refusal:
        raise Refusal(Conditions.ALREADY_PENDING, "says yes to everything") from refusal


def _too_late_is_an_error(check: Callable[..., None], account: Any, withdrawal: Withdrawal) -> None:
    try:
        check(account, withdrawal)
    except Refusal as refusal:
        raise Refusal(Conditions.REFID_MALFORMED, "an error instead") from refusal


def _denies(check: Callable[..., None], account: Any, withdrawal: Withdrawal) -> None:
    if withdrawal.state.name == "Settled":
        account.move(withdrawal, "deny_cancel")
    check(account, withdrawal)


def _once(check: Callable[..., None], account: Any, withdrawal: Withdrawal) -> None:
    if any(step.event == "cancel" for step in withdrawal.history):
        raise Refusal(Conditions.ALREADY_CANCELED, "once")
    check(account, withdrawal)


def _function(make: Callable[[Call], Any]) -> Patch:
    """WithdrawCancel is another function."""
    return entry(gateway._BY_PATH, _CANCEL.path, replace(_CANCEL, function=make))


def _says_only(one: Call) -> bool:
    """Everything but the cancellation."""
    asset_name, refid = cancel._arguments(one)
    call.check_service(one)
    withdrawal = cancel._find(one.world, one.caller.account, refid)
    cancel._check_asset(withdrawal, cancel._asset(asset_name))
    cancel._check_cancellable(one.caller.account, withdrawal)
    return True


def _column(*steps: str) -> Patch:
    """The checks of WithdrawCancel in this order: arguments, service, asset, find, belongs, cancellable."""

    def function(one: Call) -> bool:
        given: dict[str, Any] = {"asset": one.arguments.get("asset"), "refid": one.arguments.get("refid")}
        account = one.caller.account
        for step in steps:
            if step == "arguments":
                given["asset"], given["refid"] = cancel._arguments(one)
            elif step == "service":
                cancel.check_service(one)
            elif step == "asset":
                given["found"] = cancel._asset(str(given["asset"]))
            elif step == "find":
                given["withdrawal"] = cancel._find(one.world, account, str(given["refid"]))
            elif step == "belongs":
                cancel._check_asset(given["withdrawal"], given["found"])
            else:
                cancel._check_cancellable(account, given["withdrawal"])
        account.move(given["withdrawal"], "cancel")
        return True

    return _function(function)


RIGHT_COLUMN = _column("arguments", "service", "asset", "find", "belongs", "cancellable")


def _refid_before_asset(one: Call) -> tuple[str, str]:
    refid = body.text(one.arguments, "refid")
    if not refid:
        raise Refusal(Conditions.REFID_MISSING, "no refid", argument="refid")
    asset = body.text(one.arguments, "asset")
    if not asset:
        raise Refusal(Conditions.ASSET_MISSING, "no asset", argument="asset")
    return asset, refid


# Money.


def _pots(name: str, change: Callable[[Ledger, str, Decimal], None]) -> Patch:
    return put(Ledger, name, change)


def _forgets(ledger: Ledger, asset: str, value: Decimal) -> None:
    ledger.spend(asset, value)


def _twice(ledger: Ledger, asset: str, value: Decimal) -> None:
    ledger._move(asset, held=value.copy_negate(), available=value)
    ledger._move(asset, available=value)


def _leaves_a_little(ledger: Ledger, asset: str, value: Decimal) -> None:
    ledger._move(asset, held=value.copy_negate(), available=value - Decimal("0.0002"), spent=Decimal("0.0002"))


def _keeps_the_money_there(ledger: Ledger, asset: str, value: Decimal) -> None:
    ledger._move(asset, held=value, available=Decimal(0))


def _gives_back_what_is_gone(ledger: Ledger, asset: str, value: Decimal) -> None:
    ledger._move(asset, held=value.copy_negate(), available=value)


def _gives_back_at_once(move: Callable[..., None], book: Book, withdrawal: Withdrawal, event: str, *at: int) -> None:
    move(book, withdrawal, event, *at)
    if event == "cancel":
        book._ledger._move(withdrawal.asset, available=withdrawal.gross)


def _lends(hold: Callable[..., None], ledger: Ledger, asset: str, value: Decimal) -> None:
    missing = add(value, ledger.balance(asset).available.copy_negate())
    if missing > 0:
        ledger.deposit(asset, missing)
    hold(ledger, asset, value)


def _every_request_pays(check: Callable[..., None], account: Any, withdrawal: Withdrawal) -> None:
    try:
        check(account, withdrawal)
    except Refusal as refusal:
        if refusal.condition is Conditions.ALREADY_CANCELED:
            account.ledger.deposit(withdrawal.asset, withdrawal.gross)
        raise


def _with_what_is_held(read: Callable[..., Any], one: Call) -> Any:
    pots = one.caller.account.ledger.balance
    return ((asset, add(pots(asset.ticker).available, pots(asset.ticker).held)) for asset, _ in read(one))


def _booked(change: Callable[[list[Any]], list[Any]]) -> Patch:
    return wrap(statement, "_of_withdrawal", lambda read, *given: iter(change(list(read(*given)))))


# Neighbours.


def _oldest_first(monkey: pytest.MonkeyPatch) -> None:
    monkey.setattr(Book, "newest_first", list)


def _off_by_one_page(after: Callable[..., Any], rows: list[Withdrawal], token: str) -> Any:
    rest, limit = after(rows, token)
    return rest[1:], limit


def _repeats_the_last(after: Callable[..., Any], rows: list[Withdrawal], token: str) -> Any:
    rest, limit = after(rows, token)
    return rows[max(0, len(rows) - len(rest) - 1) :], limit


def _strictly_inside(read: Callable[..., Any], one: Call) -> Any:
    keep = read(one)
    end = one.arguments.get("end")
    return lambda withdrawal: keep(withdrawal) and (not end or withdrawal.created_ms // 1000 < int(end))


MUTANTS = (
    _mutant("asset-not-needed", "takes a cancel without an asset", _empty_is_fine("asset")),
    _mutant("refid-not-needed", "looks for a reference id that was not given", _empty_is_fine("refid")),
    _mutant("any-value-as-text", "reads numbers and lists as text", wrap(body, "text", _as_text)),
    _mutant("asset-not-looked-up", "takes any asset", wrap(cancel, "_asset", _anything)),
    _mutant("asset-by-id-alone", "knows assets by their ids alone", _asset(_exactly)),
    _mutant("asset-in-capitals", "knows assets in capitals alone", wrap(cancel, "_asset", _in_capitals)),
    _mutant("asset-not-compared", "cancels under another asset", skip(cancel, "_check_asset")),
    _mutant("foreign-id-answered", "cancels another account's withdrawal", wrap(cancel, "_find", _anybodys)),
    _mutant(
        "foreign-id-told-apart", "says of another's withdrawal that it is there", wrap(cancel, "_find", _told_apart)
    ),
    _mutant(
        "unknown-id-accepted",
        "says yes to an unknown reference id",
        _function(partial(_unknown_is_done, cancel.withdraw_cancel)),
    ),
    _mutant(
        "unknown-id-as-the-latest",
        "cancels the latest withdrawal instead of an unknown one",
        wrap(cancel, "_find", _or_the_latest),
    ),
    _mutant(
        "always-the-latest",
        "cancels the latest withdrawal instead of the one that is named",
        wrap(cancel, "_find", _always_the_latest),
    ),
    _mutant("id-trimmed", "takes a reference id with blanks", wrap(cancel, "_find", _trimmed)),
    _mutant("id-of-any-shape", "knows no malformed reference id", _shape(".*")),
    _mutant(
        "id-of-the-new-style-alone", "takes old reference ids for malformed", _shape("FT[A-Za-z0-9]{5}-[A-Za-z0-9]{22}")
    ),
    _mutant(
        "id-shape-not-anchored",
        "looks at the beginning of a reference id",
        _shape("(FT[A-Za-z0-9]{5}-[A-Za-z0-9]{22}|[A-Z2-7]{7}-[A-Z2-7]{6}-[A-Z2-7]{6}).*"),
    ),
    _mutant("cancels-what-was-sent", "cancels a settled withdrawal", _moves("Settled", cancel="Failure/canceled")),
    _mutant("cancels-what-arrived", "cancels a completed withdrawal", _moves("Success", cancel="Failure/canceled")),
    _mutant("cancels-what-failed", "cancels a failed withdrawal", _moves("Failure", cancel="Failure/canceled")),
    _mutant(
        "cancels-again",
        "cancels a canceled withdrawal anew",
        _moves("Failure/canceled", cancel="Initial/cancel-pending"),
    ),
    _mutant(
        "cancels-after-a-denial",
        "takes a request after a denied one",
        _moves("Initial/cancel-denied", cancel="Initial/cancel-pending"),
    ),
    _mutant(
        "cancels-after-a-late-denial",
        "takes a request for an executing withdrawal after a denied one",
        _moves("Pending/cancel-denied", cancel="Pending/cancel-pending"),
    ),
    _mutant("cancels-a-return", "cancels a return", _moves("Pending/return", cancel="Pending/cancel-pending")),
    _mutant("not-while-executing", "cancels nothing that is being executed", _too_late_in("Pending")),
    _mutant("not-on-hold", "cancels nothing that is on hold", _too_late_in("Initial/onhold")),
    _mutant("not-on-late-hold", "cancels nothing that was held up", _too_late_in("Pending/onhold")),
    _mutant("cancels-at-once", "shows canceled as soon as it is asked", _moves("Initial", cancel="Failure/canceled")),
    _mutant(
        "cancels-at-once-while-executing",
        "shows canceled at once what is being executed",
        _moves("Pending", cancel="Failure/canceled"),
    ),
    _mutant(
        "forgets-how-far",
        "shows what was being executed as being checked",
        _moves("Pending", cancel="Initial/cancel-pending"),
    ),
    _mutant("cancel-keeps-the-hold", "leaves a withdrawal on hold", _moves("Initial/onhold", cancel="Initial/onhold")),
    _mutant(
        "cancel-keeps-the-late-hold",
        "leaves a held up withdrawal on hold",
        _moves("Pending/onhold", cancel="Pending/onhold"),
    ),
    _mutant("cancel-fails", "lets a cancelled withdrawal fail", _moves("Initial", cancel="Failure")),
    _mutant("cancel-does-nothing", "answers true and does nothing", _function(_says_only)),
    _mutant("cancel-once-more", "begins anew when asked again", _moves("Initial/cancel-pending", cancel="Initial")),
    _mutant("cancel-once", "answers false when asked again", wrap(cancel, "_check_cancellable", _once)),
    _mutant(
        "again-is-false",
        "answers false while a request is in",
        entry(cancel._PAST_CANCELLING, "cancel-pending", Conditions.ALREADY_CANCELED),
    ),
    _mutant("never-too-late", "answers true whenever it is asked", wrap(cancel, "_check_cancellable", _never_too_late)),
    _mutant(
        "too-late-as-an-error",
        "answers an error where it is too late",
        wrap(cancel, "_check_cancellable", _too_late_is_an_error),
    ),
    _mutant(
        "outcome-without-property",
        "shows a canceled withdrawal as failed",
        _moves("Initial/cancel-pending", complete_cancel="Failure"),
    ),
    _mutant("outcome-lost", "never cancels what is cancel-pending", no_entry(lifecycle.DUE, "Initial/cancel-pending")),
    _mutant(
        "outcome-lost-while-executing",
        "never cancels what was being executed",
        no_entry(lifecycle.DUE, "Pending/cancel-pending"),
    ),
    _mutant(
        "denial-fails",
        "lets a withdrawal fail whose cancellation is denied",
        _moves("Initial/cancel-pending", deny_cancel="Failure"),
    ),
    _mutant("denial-forgotten", "shows no denial", _moves("Initial/cancel-pending", deny_cancel="Initial")),
    _mutant(
        "denial-forgotten-while-executing",
        "shows no denial of what is being executed",
        _moves("Pending/cancel-pending", deny_cancel="Pending"),
    ),
    _mutant(
        "denial-lost-later", "forgets a denial when it goes on", _moves("Initial/cancel-denied", approve="Pending")
    ),
    _mutant(
        "denial-always-shown", "shows a denial whenever it was too late", wrap(cancel, "_check_cancellable", _denies)
    ),
    _mutant("return-becomes-a-withdrawal", "forgets that it is a return", _moves("Pending/return", settle="Settled")),
    _mutant("skips-settled", "goes from Pending to Success", _moves("Pending", settle="Success")),
    _mutant("settled-is-final", "never gets to Success", _moves("Settled", succeed="Settled")),
    _mutant("release-goes-on", "executes what is released", _moves("Initial/onhold", release="Pending")),
    _mutant("service-not-checked", "cancels while the service is offline", skip(cancel, "check_service")),
    _mutant(
        "column-service-first",
        "looks at the service before the arguments",
        _column("service", "arguments", "asset", "find", "belongs", "cancellable"),
    ),
    _mutant(
        "column-asset-before-service",
        "looks at the asset before the service",
        _column("arguments", "asset", "service", "find", "belongs", "cancellable"),
    ),
    _mutant(
        "column-find-before-service",
        "looks for the withdrawal before the service",
        _column("arguments", "find", "service", "asset", "belongs", "cancellable"),
    ),
    _mutant(
        "column-find-before-asset",
        "looks for the withdrawal before the asset",
        _column("arguments", "service", "find", "asset", "belongs", "cancellable"),
    ),
    _mutant(
        "column-late-before-asset",
        "looks whether it is too late before it compares the asset",
        _column("arguments", "service", "asset", "find", "cancellable", "belongs"),
    ),
    _mutant("column-refid-before-asset", "looks at refid before asset", put(cancel, "_arguments", _refid_before_asset)),
    _mutant("refund-forgotten", "keeps the money of a canceled withdrawal", _pots("release", _forgets)),
    _mutant("refund-twice", "gives the money back twice", _pots("release", _twice)),
    _mutant("refund-without-fee", "keeps the fee of a canceled withdrawal", _pots("release", _leaves_a_little)),
    _mutant(
        "refund-at-once",
        "gives the money back when it is asked, and again with the outcome",
        wrap(Book, "move", _gives_back_at_once),
    ),
    _mutant(
        "refund-each-time",
        "gives the money back whenever it is asked again",
        wrap(cancel, "_check_cancellable", _every_request_pays),
    ),
    _mutant("refund-of-what-was-sent", "gives back what was sent", _pots("spend", _gives_back_what_is_gone)),
    _mutant("holds-nothing", "takes nothing from the balance", _pots("hold", _keeps_the_money_there)),
    _mutant(
        "stage-of-cancel-pending",
        "gives back what is cancel-pending",
        entry(
            LIFECYCLE._by_name,
            "Initial/cancel-pending",
            replace(LIFECYCLE._by_name["Initial/cancel-pending"], stage=Stage.CANCELLED),
        ),
    ),
    _mutant(
        "stage-of-canceled",
        "takes a canceled withdrawal for one that has arrived",
        entry(
            LIFECYCLE._by_name,
            "Failure/canceled",
            replace(LIFECYCLE._by_name["Failure/canceled"], stage=Stage.PROCESSED),
        ),
    ),
    _mutant("ledger-without-reversal", "books nothing back", _booked(lambda lines: lines[:1])),
    _mutant(
        "ledger-reversal-with-fee",
        "books the fee a second time",
        _booked(lambda lines: [*lines[:1], *(replace(one, fee=-one.fee) for one in lines[1:])]),
    ),
    _mutant("ledger-reversal-twice", "books everything back twice", _booked(lambda lines: [*lines, *lines[1:]])),
    _mutant("ledger-without-debit", "books out nothing", _booked(lambda lines: lines[1:])),
    _mutant(
        "ledger-gross",
        "books the fee into the amount",
        _booked(lambda lines: [replace(one, amount=one.amount - one.fee, fee=Decimal(0)) for one in lines]),
    ),
    _mutant(
        "ledger-by-number",
        "has all entries under one reference id",
        _booked(lambda lines: [replace(one, refid="L") for one in lines]),
    ),
    _mutant(
        "create-without-funds",
        "withdraws more than there is",
        both(skip(withdraw, "check_funds"), wrap(Ledger, "hold", _lends)),
    ),
    _mutant("create-below-minimum", "withdraws less than the minimum", skip(withdraw, "_check_minimum")),
    _mutant(
        "create-with-the-fee-on-top",
        "takes the fee besides the amount",
        put(withdraw.Quote, "net", property(lambda quote: quote.gross)),
    ),
    _mutant(
        "create-rounds",
        "rounds what has too many decimals",
        put(
            withdraw,
            "_amount",
            lambda arguments, asset: withdraw.round_down(
                body.number(arguments, "amount", Conditions.AMOUNT_MALFORMED), asset
            ),
        ),
    ),
    _mutant(
        "create-to-unverified",
        "withdraws to an address that was not verified",
        wrap(
            withdraw,
            "_entry",
            lambda read, one, asset, key: (
                next(e for e in one.caller.account.details.addresses if e.key == key and e.asset == asset.ticker)
                if key == "new"
                else read(one, asset, key)
            ),
        ),
    ),
    _mutant(
        "create-ids-repeat",
        "gives the same reference id to every account",
        put(refids, "withdrawal", lambda account, internal: "FTQcuak-V6Za8qrWnhzTx67yYHz8Tg"),
    ),
    _mutant(
        "create-ids-as-numbers",
        "numbers withdrawals",
        put(refids, "withdrawal", lambda account, internal: account.ids.digits(12)),
    ),
    _mutant(
        "transfer-with-a-fee",
        "takes a fee for transfers",
        wrap(entries.opening, "withdrawal", lambda enter, *given, **named: enter(*given, **{**named, "fee": None})),
    ),
    _mutant(
        "transfer-the-other-way",
        "transfers from the futures wallet alone",
        both(put(transfer, "_SPOT_WALLET", "Futures Wallet"), put(entries, "FUTURES_WALLET", "Spot Wallet")),
    ),
    _mutant("list-oldest-first", "lists the oldest withdrawal first", _oldest_first),
    _mutant("list-skips", "leaves one out between two pages", wrap(status, "_after", _off_by_one_page)),
    _mutant("list-repeats", "shows one on two pages", wrap(status, "_after", _repeats_the_last)),
    _mutant(
        "list-end-exclusive",
        "leaves out what was made at the end of the time",
        wrap(status, "_by_time", _strictly_inside),
    ),
    _mutant(
        "balance-with-what-is-held",
        "counts what is held into the balance",
        wrap(balances, "_available", _with_what_is_held),
    ),
    _mutant(
        "list-all-assets",
        "does not look at the asset of a list",
        wrap(status, "_by_asset", lambda by, name, aclass: by("", "")),
    ),
    _mutant(
        "list-unknown-asset-empty",
        "has an empty list of an unknown asset",
        wrap(
            status,
            "_by_asset",
            lambda by, name, aclass: (lambda one: False) if ASSETS.coded(name or "XBT") is None else by(name, aclass),
        ),
    ),
    _mutant("ledgers-once", "has the first page of a ledger alone", put(ledgers, "_lines_at_most", 1)),
)
