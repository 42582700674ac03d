"""Wrong servers that call themselves AlphaPoint: who may cancel what, and the money."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from simulator.core import book
from simulator.core.accounts import Account
from simulator.core.book import Withdrawal
from simulator.core.ledger import Ledger
from simulator.core.lifecycle import Stage, held_stages
from simulator.core.rows import Refusal
from simulator.exchanges.alphapoint import calls, cancel
from simulator.exchanges.alphapoint.behavior import Conditions
from simulator.exchanges.alphapoint.users import users
from wrong_servers.alphapoint_patches import answers, cancels_by, functions
from wrong_servers.mutant import Mutant
from wrong_servers.patches import put, skip, wrap

_mutant = partial(Mutant, "alphapoint")


# Who may cancel what.


def _anybodys(cancel_withdraw: Callable[..., Any], call: Any) -> Any:
    try:
        return cancel_withdraw(call)
    except Refusal as refusal:
        if refusal.condition is not Conditions.FOREIGN_CODE:
            raise
        code = calls.parameters(call)["requestcode"].lower()
        for account, _ in users(call.world):
            withdrawal = account.book.find(code)
            if withdrawal is not None:
                account.move(withdrawal, "cancel")
        return calls.done(code)


def _case_matters(find: Callable[..., Any], call: Any, account: Any, code: str) -> Any:
    if code != code.lower():
        raise Refusal(Conditions.UNKNOWN_CODE, "another case")
    return find(call, account, code)


def _forgiving(find: Callable[..., Any], call: Any, account: Any, code: str) -> Any:
    return find(call, account, code.strip())


def _first_is_meant(find: Callable[..., Any], call: Any, account: Any, code: str) -> Any:
    try:
        return find(call, account, code)
    except Refusal:
        found = next(iter(account.book), None)
        if found is None:
            raise
        return found


def _unknown_accepted(cancel_withdraw: Callable[..., Any], call: Any) -> Any:
    try:
        return cancel_withdraw(call)
    except Refusal as refusal:
        if refusal.condition is not Conditions.UNKNOWN_CODE:
            raise
        return calls.done(calls.parameters(call)["requestcode"])


def _own_account(_: Any, call: Any, account_id: int, unknown: Any) -> Any:
    for account, user in users(call.world):
        if user.account_id == account_id:
            return account
    raise Refusal(unknown, "nobody's")


def _user_of_operators_too(_: Any, call: Any, account: Any, user_id: int) -> None:
    if user_id != account.details.user_id:
        raise Refusal(Conditions.CANCEL_WRONG_USER, "another user's")


def _withdraw_only(check: Callable[..., Any], call: Any, *rest: Any) -> None:
    if "Withdraw" not in call.caller.permissions:
        raise Refusal(Conditions.NO_PERMISSION, "no Withdraw")
    check(call, *rest)


def _not_its_own_name(check: Callable[..., Any], call: Any, *rest: Any) -> None:
    if "CancelWithdraw" in call.caller.permissions:
        raise Refusal(Conditions.NO_PERMISSION, "no umbrella")
    check(call, *rest)


WHOSE = (
    _mutant("permission-not-checked", "lets everybody cancel", skip(cancel, "check_permission")),
    _mutant("operators-may-not", "lets no operator cancel", wrap(cancel, "check_permission", _withdraw_only)),
    _mutant(
        "umbrella-only",
        "does not know the permission CancelWithdraw",
        wrap(cancel, "check_permission", _not_its_own_name),
    ),
    _mutant("oms-not-checked", "takes any OMSId", skip(cancel, "check_oms")),
    _mutant("user-not-checked", "takes any UserId", skip(cancel, "_check_user")),
    _mutant(
        "user-checked-of-operators",
        "wants operators to name the owner",
        wrap(cancel, "_check_user", _user_of_operators_too),
    ),
    _mutant(
        "foreign-account-taken", "cancels on another user's account", wrap(cancel, "account_numbered", _own_account)
    ),
    _mutant(
        "foreign-code-taken",
        "cancels another account's withdrawal",
        cancels_by(partial(_anybodys, cancel.cancel_withdraw)),
    ),
    _mutant(
        "unknown-code-accepted",
        "accepts a RequestCode that there is none of",
        cancels_by(partial(_unknown_accepted, cancel.cancel_withdraw)),
    ),
    _mutant(
        "first-ticket-is-meant", "cancels the first ticket where it finds none", wrap(cancel, "_find", _first_is_meant)
    ),
    _mutant("code-in-one-case", "finds a RequestCode in small letters only", wrap(cancel, "_find", _case_matters)),
    _mutant("code-trimmed", "finds a RequestCode with blanks around", wrap(cancel, "_find", _forgiving)),
    _mutant(
        "unknown-code-with-104",
        "answers an unknown RequestCode with 104",
        answers("cancel.unknown_code", code=104, text="Resource Not Found", detail=None),
    ),
    _mutant(
        "malformed-code-with-100",
        "answers a RequestCode that is no GUID with 100",
        answers("cancel.malformed_code", code=100, text="Invalid Request", detail=None),
    ),
    _mutant(
        "foreign-code-with-20",
        "tells that a RequestCode is another's",
        answers("cancel.foreign_code", code=20, text="Not Authorized", detail=None),
    ),
    _mutant(
        "foreign-account-not-found",
        "finds no ticket on another user's account",
        answers(
            "account.foreign",
            code=101,
            text="Operation Failed",
            detail="Withdraw Ticket not found for OmsId, AccountId, RequestCode",
        ),
    ),
    _mutant(
        "unknown-account-with-20",
        "does not authorize an account that is not",
        answers("cancel.unknown_account", code=20, text="Not Authorized", detail=None),
    ),
    _mutant(
        "wrong-oms-with-100",
        "answers another OMS as other functions do",
        answers("cancel.wrong_oms", code=100, text="Invalid Request", detail="Invalid OMSId"),
    ),
    _mutant(
        "no-permission-with-401", "answers a lacking permission with code 401", answers("auth.no_permission", code=401)
    ),
)

# Money.


def _releases(share: Decimal) -> Callable[..., Any]:
    """What is given back is `share` of what was held."""
    return lambda ledger, asset, value: ledger._move(asset, held=value.copy_negate(), available=value * share)


def _without_fee(settle: Callable[..., Any], ledger: Any, withdrawal: Any, before: Any, after: Any) -> None:
    settle(ledger, withdrawal, before, after)
    if before in held_stages and after in (Stage.CANCELLED, Stage.FAILED) and withdrawal.fee:
        ledger._move(withdrawal.asset, available=-withdrawal.fee)


def _without_balance(create_ticket: Callable[..., Any], call: Any) -> Any:
    try:
        return create_ticket(call)
    except Refusal as refusal:
        if refusal.condition is not Conditions.CREATE_BALANCE:
            raise
        return calls.done(call.world.traces.uuid())


def _when_refused(cancel_withdraw: Callable[..., Any], call: Any) -> Any:
    try:
        return cancel_withdraw(call)
    except Refusal as refusal:
        if refusal.condition in (Conditions.ALREADY_CANCELLED, Conditions.FINAL):
            account = call.caller.account
            withdrawal = account.book.find(calls.parameters(call)["requestcode"].lower())
            account.ledger.deposit(withdrawal.asset, withdrawal.gross)
        raise


def _when_received(move: Callable[..., Any], account: Any, withdrawal: Any, event: str, *rest: Any) -> None:
    move(account, withdrawal, event, *rest)
    if event == "receive_cancel":
        account.ledger.deposit(withdrawal.asset, withdrawal.gross)


def _not_held(settle: Callable[..., Any], ledger: Any, withdrawal: Any, before: Any, after: Any) -> None:
    if before in (Stage.FAILED,) and after in held_stages:
        return
    settle(ledger, withdrawal, before, after)


MONEY = (
    _mutant("forgets-the-refund", "gives nothing back", put(Ledger, "release", _releases(Decimal(0)))),
    _mutant("keeps-it-held", "holds the money of a cancelled ticket for ever", skip(Ledger, "release")),
    _mutant("refunds-twice", "gives twice as much back", put(Ledger, "release", _releases(Decimal(2)))),
    _mutant("refunds-half", "gives half of it back", put(Ledger, "release", _releases(Decimal("0.5")))),
    _mutant("keeps-the-fee", "keeps the fee of a cancelled ticket", wrap(book, "settle", _without_fee)),
    _mutant(
        "refunds-when-refused",
        "gives the money back again where a cancel is refused",
        cancels_by(partial(_when_refused, cancel.cancel_withdraw)),
    ),
    _mutant(
        "refunds-when-received",
        "gives the money back where a cancel is only received",
        wrap(Account, "move", _when_received),
    ),
    _mutant(
        "resubmits-for-nothing", "takes a failed ticket up again without its money", wrap(book, "settle", _not_held)
    ),
    _mutant(
        "holds-without-fee",
        "holds the amount without its fee",
        put(Withdrawal, "gross", property(lambda withdrawal: withdrawal.amount)),
    ),
    _mutant(
        "sent-money-stays",
        "lets the money of a processed ticket where it is",
        put(Ledger, "spend", lambda ledger, asset, value: ledger.release(asset, value)),
    ),
    _mutant("create-without-balance", "accepts more than is available", functions("create", _without_balance)),
)


MUTANTS = (*WHOSE, *MONEY)
