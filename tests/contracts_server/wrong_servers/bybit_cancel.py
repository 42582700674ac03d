"""Wrong servers that call themselves Bybit: those whose cancel, life-cycle, ledger or lists are wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from simulator.core.book import Book
from simulator.core.lifecycle import Due
from simulator.core.rows import Refusal
from simulator.exchanges.bybit import balances, call, cancel, create, cursors, gateway, limits, records, wallets
from simulator.exchanges.bybit.behavior import Conditions
from simulator.exchanges.bybit.endpoints import ENDPOINTS
from simulator.exchanges.bybit.errors import Errors
from simulator.exchanges.bybit.lifecycle import DUE, MOVES, ON_CHAIN, STATES
from wrong_servers.edits import before, edit
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import both, entry, put

_mutant = partial(Mutant, "bybit")


def endpoint(name: str, **changes: Any) -> Patch:
    """One row of the table of endpoints is another."""
    return put(gateway, "ENDPOINTS", tuple(replace(one, **changes) if one.name == name else one for one in ENDPOINTS))


def function(name: str, owner: Any, *changes: tuple[str, str]) -> Patch:
    """The function of an endpoint is another, and so the table has another."""
    (row,) = (one for one in ENDPOINTS if one.name == name)

    def patch(monkey: pytest.MonkeyPatch) -> None:
        edit(owner, row.function.__name__, *changes)(monkey)
        endpoint(name, function=getattr(owner, row.function.__name__))(monkey)

    return patch


def _cancels(around: Callable[..., Any]) -> Patch:
    """`around(call)` takes the place of the cancel call."""
    return endpoint("cancel", function=around)


def answers(name: str, condition: str, **changes: Any) -> Patch:
    """A condition is answered otherwise: by another row, or by its own with `changes`."""
    before = getattr(Conditions, condition)
    row = getattr(Errors, name) if name else replace(before.default, **changes)
    return put(Conditions, condition, replace(before, default=row))


def _successful(condition: str) -> Patch:
    """What is to be refused is answered as a success."""

    def around(given: Any) -> Any:
        try:
            return cancel.cancel_withdrawal(given)
        except Refusal as refusal:
            if refusal.condition.name != condition:
                raise
            return {"status": 1}, "success"

    return _cancels(around)


def _from(state: str, target: str | None) -> Patch:
    """A cancel in `state` leads to `target`; None: it is refused there."""
    moves = {event: after for event, after in MOVES.get(state, {}).items() if event != "cancel"}
    return entry(MOVES, state, {**moves, "cancel": target} if target else moves)


def _dropped(given: Any) -> Any:
    """A list without what was cancelled."""
    result, message = records.query_records(given)
    result["rows"] = [row for row in result["rows"] if row["status"] != "CancelByUser"]
    return result, message


def _form(body: bytes) -> Any:
    """JSON, or a form as a lenient reader takes it."""
    try:
        return json.loads(body)
    except ValueError:
        return dict(part.split("=", 1) for part in body.decode().split("&") if "=" in part)


_BODY = (
    _mutant(
        "content-type-not-checked",
        "takes a body that is declared as text",
        edit(
            call, "body_object", ("account.behavior.get(Fields.CONTENT_TYPE_ENFORCED) is True", "False"), also=(cancel,)
        ),
    ),
    _mutant(
        "content-type-wanted",
        "wants a content type",
        edit(call, "body_object", ('not in ("", "application/json")', 'not in ("application/json",)'), also=(cancel,)),
    ),
    _mutant(
        "content-type-without-charset",
        "does not know a content type with a charset",
        edit(call, "body_object", ('.partition(";")[0]', ""), also=(cancel,)),
    ),
    _mutant(
        "body-form-taken",
        "reads a form where there is no JSON",
        lambda monkey: (
            monkey.setattr(call, "form", _form, raising=False),
            edit(call, "body_object", ("decode(request.body)", "form(request.body)"), also=(cancel,))(monkey),
        )[-1],
    ),
    _mutant(
        "body-array-taken",
        "takes the first element of an array for the object",
        edit(
            call,
            "body_object",
            before(
                "    if not isinstance(body, dict):",
                '    body = {"id": body[0]} if isinstance(body, list) and body else body',
            ),
            also=(cancel,),
        ),
    ),
    _mutant(
        "further-fields-refused",
        "refuses fields that no documentation names",
        edit(
            call,
            "body_object",
            ("unknown and account.behavior.get(Fields.UNKNOWN_FIELDS_REFUSED) is True", "unknown"),
            also=(cancel,),
        ),
    ),
    _mutant(
        "further-fields-never-refused",
        "takes fields that no documentation names even when told to refuse them",
        edit(
            call,
            "body_object",
            ("unknown and account.behavior.get(Fields.UNKNOWN_FIELDS_REFUSED) is True", "False"),
            also=(cancel,),
        ),
    ),
)


def _id(*changes: tuple[str, str]) -> Patch:
    return edit(cancel, "_withdrawal_id", *changes)


_IDS = (
    _mutant(
        "id-as-withdrawId",
        "takes withdrawId for id",
        _id(('given = body.get("id")', 'given = body.get("id") or body.get("withdrawId")')),
    ),
    _mutant(
        "id-as-integer-refused",
        "refuses an id that is an integer",
        _id(("str(given) if type(given) is int else given", "given")),
    ),
    _mutant(
        "id-with-blanks",
        "takes an id with a blank in front",
        _id(("else given\n", "else given.strip() if isinstance(given, str) else given\n")),
    ),
    _mutant(
        "id-with-decimals",
        "takes an id with decimals",
        _id(
            ("str(given) if type(given) is int", 'str(int(given)) if hasattr(given, "quantize") or type(given) is int')
        ),
    ),
    _mutant(
        "id-with-sign",
        "takes an id with a sign in front",
        _id(("else given\n", 'else given.lstrip("+") if isinstance(given, str) else given\n')),
    ),
    _mutant(
        "id-of-a-list",
        "takes the first id of a list",
        _id(
            (
                'given = body.get("id")',
                'given = body.get("id")\n    given = given[0] if isinstance(given, list) and given else given',
            )
        ),
    ),
    _mutant(
        "id-in-query-taken",
        "takes an id of the query",
        function("cancel", cancel, ("body_object(call)))", "body_object(call) | call.query()))")),
    ),
    _mutant(
        "id-not-looked-at",
        "cancels the newest withdrawal, whichever is named",
        edit(cancel, "_find", ("account.book.find(withdrawal_id)", "next(iter(account.book.newest_first()), None)")),
    ),
    _mutant(
        "id-of-the-client-taken",
        "takes a requestId for an id",
        edit(
            cancel,
            "_find",
            (
                "account.book.find(withdrawal_id)",
                "account.book.find(withdrawal_id)"
                " or next((one for one in account.book if one.details.request_id == withdrawal_id), None)",
            ),
        ),
    ),
    _mutant(
        "id-of-another-account",
        "cancels another account's withdrawal",
        both(
            edit(
                cancel,
                "_find",
                (
                    'raise Refusal(Conditions.FOREIGN_ID, f"withdrawal {withdrawal_id} is another account\'s")',
                    "return other.book.find(withdrawal_id)",
                ),
            ),
            function(
                "cancel",
                cancel,
                before(
                    '    account.move(withdrawal, "cancel")',
                    "    account = next(one for one in call.world.accounts.values() if one.book.find(withdrawal.id))",
                ),
            ),
        ),
    ),
    _mutant(
        "id-of-another-account-told",
        "tells that a withdrawal is another account's",
        answers("NOT_CANCELLABLE", "FOREIGN_ID"),
    ),
    _mutant("id-unknown-accepted", "accepts the cancel of what is not there", _successful("cancel.unknown_id")),
    _mutant(
        "id-unknown-as-131099",
        "tells an unknown id that its status does not allow it",
        answers("NOT_CANCELLABLE", "UNKNOWN_ID"),
    ),
    _mutant("id-missing-accepted", "accepts a cancel without an id", _successful("cancel.id_missing")),
    _mutant(
        "id-malformed-in-words",
        "tells a malformed id in the words of the error table",
        answers("PARAMETER_ERROR", "ID_MALFORMED"),
    ),
)

_CANCELLABLE = tuple(state for state, moves in MOVES.items() if "cancel" in moves)
_FINAL = tuple(
    state.name for state in STATES if "cancel" not in MOVES.get(state.name, {}) and state.name != "CancelByUser"
)


def _told(state: str) -> str:
    return state.lower().replace("/", "-")


_STATES = (
    *(
        _mutant(f"cancel-of-{_told(state)}-refused", f"refuses the cancel of what is {state}", _from(state, None))
        for state in _CANCELLABLE
    ),
    *(
        _mutant(
            f"cancel-of-{_told(state)}-rejects",
            f"rejects what is {state} instead of cancelling it",
            _from(state, "Reject"),
        )
        for state in _CANCELLABLE
    ),
    *(_mutant(f"cancels-{_told(state)}", f"cancels what is {state}", _from(state, "CancelByUser")) for state in _FINAL),
    *(
        _mutant(
            f"cancels-{_told(state)}-unasked",
            f"cancels what is {state} although no field allows it",
            lambda monkey, state=state: monkey.delitem(cancel._ONLY_BY_FIELD, state),
        )
        for state in cancel._ONLY_BY_FIELD
    ),
    _mutant(
        "cancel-does-nothing",
        "answers a cancel and does nothing",
        edit(
            Book,
            "move",
            (
                "    before = withdrawal.state\n",
                '    if event == "cancel":\n        return\n    before = withdrawal.state\n',
            ),
        ),
    ),
    _mutant("second-cancel-accepted", "accepts a second cancel", _successful("cancel.already_cancelled")),
    _mutant(
        "late-cancel-accepted",
        "accepts a cancel that comes too late, and does nothing",
        _successful("cancel.not_cancellable"),
    ),
    _mutant(
        "second-cancel-as-parameter",
        "tells a second cancel that its parameter is wrong",
        answers("PARAMS_ERROR", "ALREADY_CANCELLED"),
    ),
    _mutant(
        "late-cancel-in-other-words",
        "tells that the status does not allow it in words of its own",
        answers("", "NOT_CANCELLABLE", text="Hot wallet status cannot cancel the withdraw"),
    ),
    _mutant(
        "failed-cancel-cancels",
        "answers status 0 and has cancelled",
        function(
            "cancel",
            cancel,
            (
                "        raise Refusal(Conditions.CANCEL_FAILED",
                '        account.move(withdrawal, "cancel")\n        raise Refusal(Conditions.CANCEL_FAILED',
            ),
        ),
    ),
    _mutant(
        "failed-cancel-as-error", "answers a failed cancel as a refusal", answers("NOT_CANCELLABLE", "CANCEL_FAILED")
    ),
    _mutant(
        "failed-cancel-accepted",
        "knows no status 0",
        function("cancel", cancel, ("account.behavior.get(Fields.CANCEL_FAILS) is True", "False")),
    ),
    _mutant(
        "update-time-stands-still",
        "does not move updateTime",
        edit(records, "_record", ("_printed_ms(withdrawal.updated_ms)", "_printed_ms(withdrawal.created_ms)")),
    ),
    _mutant(
        "create-time-moves",
        "moves createTime",
        edit(records, "_record", ("_printed_ms(withdrawal.created_ms)", "_printed_ms(withdrawal.updated_ms)")),
    ),
    _mutant(
        "cancelled-with-transaction",
        "shows a transaction of what was cancelled",
        put(records, "ON_CHAIN", ON_CHAIN | {"CancelByUser"}),
    ),
    _mutant("cancelled-not-listed", "drops what was cancelled from the list", endpoint("list", function=_dropped)),
    _mutant(
        "cancelled-goes-on",
        "goes on with what was cancelled",
        both(
            entry(MOVES, "CancelByUser", {"approve": "Pending"}),
            entry(DUE, "CancelByUser", Due("approve", 60_000)),
        ),
    ),
    _mutant(
        "done-fails-later",
        "lets what was done fail after a week",
        both(entry(MOVES, "Success", {"fail": "Fail"}), entry(DUE, "Success", Due("fail", 7 * 86_400_000))),
    ),
    _mutant(
        "order-body-before-account",
        "looks at the body before it looks at the account",
        function(
            "cancel",
            cancel,
            before(
                "    account = master_account(call)",
                "    body_object(call)",
            ),
        ),
    ),
    _mutant(
        "order-sub-account-before-demo",
        "looks at the sub-account before demo trading",
        edit(
            call,
            "master_account",
            before(
                "    if account.details.demo:",
                "    if account.details.sub_account:",
                '        raise Refusal(Conditions.SUB_ACCOUNT, "")',
            ),
            also=(cancel,),
        ),
    ),
    _mutant(
        "order-failure-before-status",
        "fails a cancel before it looks at the status",
        function(
            "cancel",
            cancel,
            ("    _check_cancellable(account, withdrawal)\n", ""),
            before('    account.move(withdrawal, "cancel")', "    _check_cancellable(account, withdrawal)"),
        ),
    ),
    _mutant(
        "order-status-before-foreign",
        "looks at the status of another account's withdrawal",
        edit(
            cancel,
            "_find",
            before(
                "            raise Refusal(Conditions.FOREIGN_ID",
                "            _check_cancellable(other, other.book.find(withdrawal_id))",
            ),
        ),
    ),
)

_GONE = "is_gone = withdrawal.stage in held_stages or withdrawal.stage is Stage.PROCESSED"


def _money(*changes: tuple[str, str]) -> Patch:
    return edit(wallets, "available", *changes)


_LEDGER = (
    _mutant(
        "refund-forgotten",
        "keeps the money of what was cancelled",
        _money((_GONE, f"{_GONE} or withdrawal.stage is Stage.CANCELLED")),
    ),
    _mutant(
        "refund-of-a-failure-forgotten",
        "keeps the money of what failed",
        _money((_GONE, f"{_GONE} or withdrawal.stage is Stage.FAILED")),
    ),
    _mutant(
        "refund-twice",
        "gives the money of what was cancelled back twice",
        _money(
            before(
                "            if refund_wallet == wallet:",
                "            if withdrawal.stage is Stage.CANCELLED and source == wallet:",
                "                value = add(value, share)",
            )
        ),
    ),
    _mutant(
        "refund-without-fee",
        "keeps the fee of what was cancelled",
        _money(
            before(
                "            if refund_wallet == wallet:",
                "            if withdrawal.stage is Stage.CANCELLED and source == wallet:",
                "                value = add(value, withdrawal.fee.copy_negate())",
            )
        ),
    ),
    _mutant(
        "refund-to-funding",
        "gives all money back to the funding wallet",
        _money(('"" if is_gone else details.refund_wallet', '"" if is_gone else "FUND"')),
    ),
    _mutant(
        "money-not-held",
        "takes the money when the withdrawal is done and not before",
        _money((_GONE, "is_gone = withdrawal.stage is Stage.PROCESSED")),
    ),
    _mutant(
        "money-never-gone",
        "gives the money back when the withdrawal is done",
        _money((_GONE, "is_gone = withdrawal.stage in held_stages")),
    ),
    _mutant(
        "money-held-not-shown",
        "shows a wallet without what is held",
        edit(balances, "_wallet_balance", ("account.behavior.get(Fields.WALLET_INCLUDES_HELD) is True", "False")),
    ),
    _mutant(
        "fee-not-taken",
        "takes no fee",
        edit(create, "_fee", ("return amount, _rounded(add(share, network.fee), chain)", "return amount, zero")),
    ),
    _mutant(
        "withdrawable-of-the-total",
        "calls withdrawable what is held",
        function(
            "withdrawable",
            balances,
            ("wallets.available(account, wallet, asset.ticker)", "_wallet_balance(account, wallet, asset)"),
        ),
    ),
)

_LISTS = (
    _mutant(
        "list-oldest-first", "lists the oldest first", function("list", records, ("reverse=True)", "reverse=False)"))
    ),
    _mutant(
        "list-of-all-kinds",
        "lists internal transfers without being asked",
        function("list", records, ('query.get("withdrawType", "0")', 'query.get("withdrawType", "2")')),
    ),
    _mutant(
        "list-without-internal",
        "lists no internal transfer",
        function(
            "list",
            records,
            ('kind in ("2", _kind(withdrawal))', '(kind, _kind(withdrawal)) in (("2", "0"), ("0", "0"), ("1", "1"))'),
        ),
    ),
    _mutant(
        "list-of-all-times",
        "lists withdrawals of any age",
        edit(records, "_interval", ("return end_ms - DAYS_30_MS, end_ms", "return 0, end_ms")),
    ),
    _mutant(
        "list-of-a-week",
        "lists the withdrawals of seven days",
        edit(
            records, "_interval", ("return end_ms - DAYS_30_MS, end_ms", "return end_ms - DAYS_30_MS // 30 * 7, end_ms")
        ),
    ),
    _mutant(
        "list-of-any-interval",
        "lists an interval of any length",
        edit(records, "_interval", ("0 <= end_ms - start_ms < DAYS_30_MS", "0 <= end_ms - start_ms")),
    ),
    _mutant(
        "list-of-thirty-days",
        "lists an interval of exactly 30 days",
        edit(records, "_interval", ("end_ms - start_ms < DAYS_30_MS", "end_ms - start_ms <= DAYS_30_MS")),
    ),
    _mutant(
        "list-repeats-a-row",
        "begins a page with the last row of the page before",
        function("list", records, ("int(withdrawal.id) < below)", "int(withdrawal.id) <= below)")),
    ),
    _mutant(
        "list-skips-a-row",
        "skips a row between two pages",
        edit(cursors, "written", ("numbers[-1]", "numbers[-1] - 100")),
    ),
    _mutant(
        "list-ends-without-cursor",
        "has no cursor behind a page that is not full",
        function(
            "list",
            records,
            (
                "cursors.written([int(withdrawal.id) for withdrawal in page])",
                "cursors.written([int(withdrawal.id) for withdrawal in page] if len(page) == limit else [])",
            ),
        ),
    ),
    _mutant(
        "list-cursor-on-empty-page",
        "has a cursor behind an empty page",
        edit(cursors, "written", ('return ""', 'return "eyJtaW5JRCI6MCwibWF4SUQiOjB9"')),
    ),
    _mutant("list-without-limit", "has no largest page", edit(cursors, "page_limit", ("<= 50", "<= 1000"))),
    _mutant(
        "list-by-id-of-all",
        "does not look at withdrawID",
        lambda monkey: monkey.delitem(records._FILTERS, "withdrawID"),
    ),
    _mutant(
        "list-row-without-tax",
        "leaves out what was added to a row in 2025",
        edit(records, "_record", ('        "taxRate": "",\n', "")),
    ),
    _mutant(
        "list-type-as-text",
        "shows withdrawType as a text",
        edit(records, "_record", ("int(_kind(withdrawal))", "_kind(withdrawal)")),
    ),
    _mutant(
        "list-times-in-ms",
        "shows times to the millisecond",
        edit(records, "_printed_ms", ("return ms // 1000 * 1000", "return ms")),
    ),
    _mutant(
        "list-filters-to-the-ms",
        "does not find a withdrawal by the createTime that it shows",
        function("list", records, ("else _printed_ms", "else _to_the_ms")),
    ),
    _mutant(
        "list-status-of-the-inside",
        "shows the internal status",
        edit(records, "_record", ("withdrawal.state.word", "withdrawal.state.name")),
    ),
)

_CREATE = (
    _mutant(
        "ten-seconds-not-waited",
        "takes withdrawals as they come",
        edit(limits, "waits_ten_seconds", ("return any", "return False and any"), also=(create,)),
    ),
    _mutant("ten-seconds-as-nine", "waits nine seconds", put(limits, "TEN_SECONDS_MS", 9_000)),
    _mutant("ten-seconds-as-eleven", "waits eleven seconds", put(limits, "TEN_SECONDS_MS", 11_000)),
    _mutant(
        "ten-seconds-of-all-chains",
        "waits for withdrawals on other chains too",
        edit(limits, "waits_ten_seconds", ("withdrawal.network == chain", "True"), also=(create,)),
    ),
    _mutant(
        "ten-seconds-end-with-a-cancel",
        "waits no longer when the first one was cancelled",
        edit(
            limits,
            "waits_ten_seconds",
            ("withdrawal.asset == ticker", "withdrawal.asset == ticker and withdrawal.stage in held_stages"),
            also=(create,),
        ),
    ),
)

MUTANTS = (*_BODY, *_IDS, *_STATES, *_LEDGER, *_LISTS, *_CREATE)
