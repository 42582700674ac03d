"""Wrong servers that call themselves OKX: the cancel call, its steps, the ledger, ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from simulator.core import book
from simulator.core.accounts import Account
from simulator.core.book import Withdrawal
from simulator.core.ledger import Ledger
from simulator.core.lifecycle import Stage
from simulator.core.rows import Refusal
from simulator.core.world import World
from simulator.exchanges.okx import calls, cancel, endpoints, gateway, lifecycle, onboarding
from simulator.exchanges.okx.calls import Call
from simulator.exchanges.okx.errors import Errors
from simulator.exchanges.okx.lifecycle import INTERNAL, MOVES
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.okx import answers, field, gates
from wrong_servers.patches import both, entry, no_entry, put, skip, wrap

_mutant = partial(Mutant, "okx")
_cancel_place = next(at for at, one in enumerate(endpoints.ENDPOINTS) if one.name == "cancel")


def calling(function: Callable[[Call], Any]) -> Patch:
    """The cancel call does something else."""
    table = list(endpoints.ENDPOINTS)
    table[_cancel_place] = replace(table[_cancel_place], function=function)
    return put(gateway, "ENDPOINTS", tuple(table))


# Parameters.


def _missing_is_unknown(required: Callable[..., list[str]], call: Call, names: Any, *conditions: Any) -> list[str]:
    return [call.text(name, conditions[1]) for name in names]


def _empty_is_given(required: Callable[..., list[str]], call: Call, names: Any, missing: Any, bad: Any) -> list[str]:
    for name in names:
        if call.body.get(name) is None:
            raise Refusal(missing, "none", name=name)
    return [call.text(name, bad) for name in names]


def _anything_is_text(text: Callable[..., str], call: Call, name: str, malformed: Any) -> str:
    given = call.body.get(name)
    return "" if given is None else str(given)


def _any_spelling(required: Callable[..., list[str]], call: Call, names: Any, *rest: Any) -> list[str]:
    call.body = {next((one for one in names if one.lower() == key.lower()), key): v for key, v in call.body.items()}
    return required(call, names, *rest)


def _strict(required: Callable[..., list[str]], call: Call, names: Any, missing: Any, bad: Any) -> list[str]:
    for name in call.body:
        if name not in names:
            raise Refusal(bad, "unknown", name=name)
    return required(call, names, missing, bad)


# Ids.


def _looks_for(find: Callable[[World, Account, str], Withdrawal | None]) -> Patch:
    """Withdrawals are found in another way; what is not found at all is unknown."""

    def look(world: World, account: Account, given: str, unknown: Any, foreign: Any) -> Withdrawal:
        found = find(world, account, given)
        if found is None:
            raise Refusal(unknown, "nothing")
        return found

    return put(cancel, "find_withdrawal", look)


def _anybodys(world: World, account: Account, given: str) -> Withdrawal | None:
    return next(filter(None, (one.book.find(given) for one in world.accounts.values())), None)


def _by_number(world: World, account: Account, given: str) -> Withdrawal | None:
    return account.book.find(str(int(given))) if given.strip().isdigit() else None


def _of_query(required: Callable[..., list[str]], call: Call, names: Any, *conditions: Any) -> list[str]:
    call.body = {**call.query(), **call.body}
    return required(call, names, *conditions)


def _by_client_id(world: World, account: Account, given: str) -> Withdrawal | None:
    return next((one for one in account.book if given in (one.id, one.details.client_id)), None)


def _trimmed(world: World, account: Account, given: str) -> Withdrawal | None:
    return account.book.find(given.strip())


def _newest(world: World, account: Account, given: str) -> Withdrawal | None:
    newest = account.book.newest_first()
    return account.book.find(given) or (newest[0] if newest else None)


def _unknown_is_accepted(call: Call) -> list[dict[str, Any]]:
    try:
        return cancel.cancel_withdrawal(call)
    except Refusal as refusal:
        if refusal.condition.name not in ("cancel.unknown_id", "cancel.foreign_id"):
            raise
        return [{"wdId": str(call.body["wdId"])}]


def _short_ids(function: Callable[[Account], str], account: Account) -> str:
    return str(sum(1 for _ in account.book) + 1)


# The outcome.


def _does_nothing(call: Call) -> list[dict[str, Any]]:
    before = call.account.move
    try:
        call.account.move = lambda *_: None  # type: ignore[method-assign]
        return cancel.cancel_withdrawal(call)
    finally:
        call.account.move = before  # type: ignore[method-assign]


def _finished_at_once(call: Call) -> list[dict[str, Any]]:
    rows = cancel.cancel_withdrawal(call)
    withdrawal = call.account.book.find(rows[0]["wdId"])
    if withdrawal is not None and withdrawal.stage is Stage.CANCELLING:
        call.account.move(withdrawal, "finish_cancel")
    return rows


def _all_of_them(call: Call) -> list[dict[str, Any]]:
    rows = cancel.cancel_withdrawal(call)
    for other in call.account.book:
        if call.account.book.lifecycle.allows(other.state.name, "cancel"):
            call.account.move(other, "cancel")
    return rows


def _acts_before_it_refuses(call: Call) -> list[dict[str, Any]]:
    try:
        return cancel.cancel_withdrawal(call)
    except Refusal:
        withdrawal = call.account.book.find(str(call.body.get("wdId")))
        if withdrawal is not None and withdrawal.stage is Stage.PENDING:
            withdrawal.state = call.account.book.lifecycle.state("-3")
        raise


def _named(state: str) -> str:
    """A state in the name of a wrong server."""
    return state.replace("-", "minus-").replace(INTERNAL, "transfer-")


def _leads(state: str, to: str) -> Patch:
    return entry(MOVES[state], "cancel", to)


def _takes(state: str, to: str = "-3") -> Patch:
    """A cancel is taken in a state where it must not be."""
    return entry(MOVES, state, {**MOVES.get(state, {}), "cancel": to})


def _lightning_last(check: Callable[..., None], account: Account, withdrawal: Withdrawal) -> None:
    network, withdrawal.network = withdrawal.network, ""
    try:
        check(account, withdrawal)
    finally:
        withdrawal.network = network
    check(account, withdrawal)


def _account_last(check: Callable[..., None], account: Account, withdrawal: Withdrawal) -> None:
    check(account, withdrawal)
    calls.check_funding_write(account, *gates)


# The ledger.


def _refund(release: Callable[..., None], times: int) -> Callable[..., None]:
    def around(ledger: Ledger, asset: str, value: Any) -> None:
        release(ledger, asset, value)
        for _ in range(times - 1):
            ledger.deposit(asset, value)

    return around


def _no_refund(ledger: Ledger, asset: str, value: Any) -> None:
    ledger.spend(asset, value)


def _refund_without_fee(
    settle: Callable[..., None], ledger: Ledger, one: Withdrawal, before: Stage, after: Stage
) -> None:
    if before is Stage.CANCELLING and after is Stage.CANCELLED:
        ledger.release(one.asset, one.amount)
        ledger.spend(one.asset, one.fee)
    else:
        settle(ledger, one, before, after)


def _refund_at_once(settle: Callable[..., None], ledger: Ledger, one: Withdrawal, before: Stage, after: Stage) -> None:
    if before is Stage.PENDING and after is Stage.CANCELLING:
        ledger.release(one.asset, one.gross)
    elif before is Stage.CANCELLING and after is Stage.PENDING:
        ledger.hold(one.asset, one.gross)
    elif before is not Stage.CANCELLING:
        settle(ledger, one, before, after)


def _refund_by_call(call: Call) -> list[dict[str, Any]]:
    """Every accepted or repeated cancel gives the money back."""
    withdrawal = call.account.book.find(str(call.body.get("wdId")))
    try:
        return cancel.cancel_withdrawal(call)
    except Refusal as refusal:
        if withdrawal is not None and refusal.condition.name == "cancel.already_cancelled":
            call.account.ledger.deposit(withdrawal.asset, withdrawal.gross)
        raise


def _lost_race_refunds(
    settle: Callable[..., None], ledger: Ledger, one: Withdrawal, before: Stage, after: Stage
) -> None:
    settle(ledger, one, before, after)
    if before is Stage.CANCELLING and after is Stage.PENDING:
        ledger.deposit(one.asset, one.gross)


PARAMETERS = (
    _mutant("id-not-needed", "looks for no id at all", wrap(Call, "required", _missing_is_unknown)),
    _mutant("empty-id-taken", "takes an empty id for one", wrap(Call, "required", _empty_is_given)),
    _mutant("any-id-taken", "takes an array for an id", wrap(Call, "text", _anything_is_text)),
    _mutant("id-of-the-query", "takes a wdId of the query", wrap(Call, "required", _of_query)),
    _mutant("id-in-any-spelling", "takes wdid for wdId", wrap(Call, "required", _any_spelling)),
    _mutant("strict-about-fields", "refuses fields that it does not know", wrap(Call, "required", _strict)),
    _mutant("strict-about-numbers", "refuses a number for an id", field("COERCES_SCALARS", False)),
)
ACCOUNT = (
    _mutant("account-not-checked", "serves demo, blocked and sub-accounts", skip(cancel, "check_funding_write")),
    _mutant("demo-is-blocked", "has another code for demo trading", answers("DEMO", Errors.ACCOUNT_BLOCKED)),
    _mutant(
        "blocked-is-frozen", "has another code for a blocked account", answers("ACCOUNT_BLOCKED", Errors.USER_BLOCKED)
    ),
    _mutant("sub-is-forbidden", "has another code for a sub-account", answers("SUB_ACCOUNT", Errors.NO_PERMISSION)),
)
IDS = (
    _mutant("cancels-anybodys", "cancels a withdrawal of another account", _looks_for(_anybodys)),
    _mutant("tells-of-others", "says that the id is somebody else's", answers("FOREIGN_ID", Errors.NOT_ALLOWED)),
    _mutant("unknown-is-accepted", "acknowledges any id", calling(_unknown_is_accepted)),
    _mutant("unknown-is-not-allowed", "has another code for an unknown id", answers("UNKNOWN_ID", Errors.NOT_ALLOWED)),
    _mutant(
        "client-id-for-id",
        "takes a client id for an id",
        both(_looks_for(_by_client_id), put(cancel, "is_digits", lambda text: True)),
    ),
    _mutant("ids-as-numbers", "reads an id as a number", _looks_for(_by_number)),
    _mutant(
        "ids-trimmed",
        "cuts blanks off an id",
        both(_looks_for(_trimmed), wrap(cancel, "is_digits", lambda is_digits, text: is_digits(text.strip()))),
    ),
    _mutant("newest-for-unknown", "cancels the newest for an unknown id", _looks_for(_newest)),
    _mutant("ids-of-every-account", "counts withdrawals by account", wrap(onboarding, "_next_id", _short_ids)),
)
STATES = (
    *(
        _mutant(f"not-in-{_named(state)}", f"refuses a cancel in {state}", no_entry(MOVES[state], "cancel"))
        for state in ("0", "17", "19", INTERNAL + "0")
    ),
    *(
        _mutant(f"cancels-in-{_named(state)}", f"takes a cancel in {state}", _takes(state))
        for state in (
            "10",
            "4",
            "5",
            "6",
            "8",
            "9",
            "12",
            "7",
            "1",
            "15",
            "16",
            "2",
            "-1",
            INTERNAL + "7",
            INTERNAL + "4",
            INTERNAL + "10",
        )
    ),
    *(
        _mutant(f"leads-from-{_named(state)}-to-{_named(to)}", f"leads from {state} to {to}", _leads(state, to))
        for state, to in (("0", "-2"), ("17", "-2"), ("19", "-1"), ("0", "7"), (INTERNAL + "0", "-3"))
    ),
    _mutant("cancels-nothing", "acknowledges and does nothing", calling(_does_nothing)),
    _mutant("cancels-at-once", "goes through -3 within the call", calling(_finished_at_once)),
    _mutant("cancels-all", "cancels every withdrawal of the account", calling(_all_of_them)),
    _mutant("acts-and-refuses", "moves what it refuses to cancel", calling(_acts_before_it_refuses)),
    _mutant("never-too-late", "leads from -3 to -2 in any case", entry(MOVES["-3"], "lose_race", "-2")),
    _mutant("too-late-fails", "leads from -3 to -1", entry(MOVES["-3"], "lose_race", "-1")),
    _mutant("too-late-waits", "leads from -3 back to 0", entry(MOVES["-3"], "lose_race", "0")),
    _mutant("cancel-never-done", "stays in -3 for ever", no_entry(lifecycle.DUE, "-3")),
    _mutant("cancel-sent-out", "leads from -3 to 1 by itself", entry(MOVES["-3"], "finish_cancel", "1")),
    _mutant("transfers-at-once", "spares transfers the state -3", field("INTERNAL_CANCELLING", False)),
    _mutant("lightning-not-checked", "cancels on Lightning", put(cancel, "LIGHTNING", "none")),
    _mutant("lightning-is-unknown", "has another code for Lightning", answers("LIGHTNING", Errors.ID_UNKNOWN)),
    _mutant("repeat-accepted", "acknowledges a cancel in -3 again", field("REPEAT_WHILE_CANCELLING", "accepted")),
    _mutant("repeat-not-allowed", "has another code in -3", answers("STILL_CANCELLING", Errors.NOT_ALLOWED)),
    _mutant("cancelled-not-allowed", "has another code in -2", answers("ALREADY_CANCELLED", Errors.NOT_ALLOWED)),
    _mutant(
        "processed-is-cancelled",
        "calls all that is final cancelled",
        answers("NOT_CANCELLABLE", Errors.ALREADY_CANCELLED),
    ),
)
ORDER = (
    _mutant(
        "order-lightning-last",
        "looks at the state ahead of the chain",
        wrap(cancel, "_check_cancellable", _lightning_last),
    ),
    _mutant(
        "order-account-last",
        "looks at the withdrawal ahead of the account",
        both(skip(cancel, "check_funding_write"), wrap(cancel, "_check_cancellable", _account_last)),
    ),
)
MONEY = (
    _mutant("forgets-the-refund", "gives nothing back", put(Ledger, "release", _no_refund)),
    _mutant("refunds-twice", "gives the money back twice", put(Ledger, "release", _refund(Ledger.release, 2))),
    _mutant("refunds-without-fee", "keeps the fee", wrap(book, "settle", _refund_without_fee)),
    _mutant("refunds-too-early", "gives the money back in -3", wrap(book, "settle", _refund_at_once)),
    _mutant("refunds-by-call", "gives the money back at every repeat", calling(_refund_by_call)),
    _mutant("refunds-a-lost-race", "gives back what goes out", wrap(book, "settle", _lost_race_refunds)),
    _mutant("debits-at-completion", "shows the money as frozen", field("DEBITED", "at completion")),
)
MUTANTS = (*PARAMETERS, *ACCOUNT, *IDS, *STATES, *ORDER, *MONEY)
