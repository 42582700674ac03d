"""What the control surface can be asked: one small function a route, and the table of them.

Every function calls one operation of the service and answers with a view of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator.core.faults import Fault
from simulator.core.journal import Journal
from simulator.core.misuse import Misuse, NotThere
from simulator.server.control_request import JSON_LINES, Asked, JsonLines
from simulator.service import faults, operations, plans, snapshots, views
from simulator.service.listed import exchange_named
from simulator.version import version

Answered = tuple[int, Any]


def _health(asked: Asked) -> Answered:
    return 200, {"status": "ok", "version": version}


def _openapi(asked: Asked) -> Answered:
    from simulator.server import openapi

    return 200, openapi.document(tuple((method, path) for method, path, _ in ROUTES))


def _create_account(asked: Asked) -> Answered:
    given = asked.body()
    if "exchange" not in given:
        raise Misuse("the field 'exchange' is missing: bybit, okx, kraken or alphapoint")
    exchange = given.pop("exchange")
    if not isinstance(exchange, str):
        raise Misuse("the field 'exchange' must be text, one of bybit, okx, kraken or alphapoint")
    opened = operations.create_account(asked.service, exchange, given)
    return 201, views.opened(opened.exchange, opened.key, asked.url)


def _snapshot(asked: Asked) -> Answered:
    return 200, snapshots.take(asked.service, asked.name("id"))


def _restore(asked: Asked) -> Answered:
    with asked.service.lock:
        opened = snapshots.restore(asked.service, asked.body())
        return 201, views.opened(opened.exchange, opened.key, asked.url)


def _list_accounts(asked: Asked) -> Answered:
    with asked.service.lock:
        found = operations.accounts(asked.service)
        return 200, {"accounts": [views.account(exchange, account, asked.url) for exchange, account in found]}


def _show_account(asked: Asked) -> Answered:
    with asked.service.lock:
        exchange, _, account = operations.find(asked.service, asked.name("id"))
        return 200, views.account(exchange, account, asked.url)


def _change_account(asked: Asked) -> Answered:
    with asked.service.lock:
        operations.change_account(asked.service, asked.name("id"), asked.body())
        return _show_account(asked)


def _delete_account(asked: Asked) -> Answered:
    operations.delete_account(asked.service, asked.name("id"))
    return 204, None


def _create_key(asked: Asked) -> Answered:
    exchange, key = operations.create_key(asked.service, asked.name("id"), asked.body())
    return 201, views.opened(exchange, key, asked.url)


def _create_withdrawal(asked: Asked) -> Answered:
    with asked.service.lock:
        return 201, views.withdrawal(operations.create_withdrawal(asked.service, asked.name("id"), asked.body()))


def _list_withdrawals(asked: Asked) -> Answered:
    with asked.service.lock:
        _, _, account = operations.find(asked.service, asked.name("id"))
        return 200, {"withdrawals": [views.withdrawal(withdrawal) for withdrawal in account.book]}


def _show_withdrawal(asked: Asked) -> Answered:
    with asked.service.lock:
        found = operations.find_withdrawal(asked.service, asked.name("id"), asked.name("withdrawal"))
        return 200, views.withdrawal(found)


def _event(asked: Asked) -> Answered:
    given = asked.fields("event", "reason")
    with asked.service.lock:
        withdrawal = operations.event(
            asked.service, asked.name("id"), asked.name("withdrawal"), given.get("event"), given.get("reason")
        )
        return 200, views.withdrawal(withdrawal)


def _change_withdrawal(asked: Asked) -> Answered:
    with asked.service.lock:
        withdrawal = operations.change_withdrawal(
            asked.service, asked.name("id"), asked.name("withdrawal"), asked.body()
        )
        return 200, views.withdrawal(withdrawal)


def _create_plan(asked: Asked) -> Answered:
    return 201, views.plan(plans.add(asked.service, asked.name("id"), asked.name("withdrawal"), asked.body()))


def _list_plans(asked: Asked) -> Answered:
    with asked.service.lock:
        withdrawal = operations.find_withdrawal(asked.service, asked.name("id"), asked.name("withdrawal"))
        return 200, {"plans": [views.plan(plan) for plan in withdrawal.plans]}


def _advance(asked: Asked) -> Answered:
    seconds = asked.fields("seconds", required=("seconds",))["seconds"]
    with asked.service.lock:
        operations.advance(asked.service, asked.name("id"), seconds)
        return _show_account(asked)


def _create_fault(asked: Asked) -> Answered:
    return 201, views.fault(faults.add_to_account(asked.service, asked.name("id"), asked.body()))


def _list_faults(asked: Asked) -> Answered:
    with asked.service.lock:
        _, account = faults.of_account(asked.service, asked.name("id"))
        return 200, {"faults": [views.fault(fault) for fault in _asked_for(asked, account.faults)]}


def _asked_for(asked: Asked, known: list[Fault]) -> list[Fault]:
    """Those that fired or those that did not, by `?fired=`; all without it."""
    fired = asked.choice("fired", {"true": True, "false": False})
    return known if fired is None else [fault for fault in known if (fault.fired > 0) is fired]


def _delete_faults(asked: Asked) -> Answered:
    with asked.service.lock:
        _, account = faults.of_account(asked.service, asked.name("id"))
        faults.forget(account.faults, asked.optional("fault"))
        return 204, None


def _create_exchange_fault(asked: Asked) -> Answered:
    return 201, views.fault(faults.add_to_exchange(asked.service, asked.name("exchange"), asked.body()))


def _list_exchange_faults(asked: Asked) -> Answered:
    with asked.service.lock:
        world = asked.service.world(asked.name("exchange"))
        return 200, {"faults": [views.fault(fault) for fault in _asked_for(asked, world.faults)]}


def _delete_exchange_faults(asked: Asked) -> Answered:
    with asked.service.lock:
        faults.forget(asked.service.world(asked.name("exchange")).faults, asked.optional("fault"))
        return 204, None


def _journal(asked: Asked) -> Answered:
    with asked.service.lock:
        try:
            _, _, account = operations.find(asked.service, asked.name("id"))
        except NotThere as error:
            raise NotThere(f"a journal goes with its account, and {error}") from None
        return _told(asked, account.journal)


def _nobodys_journal(asked: Asked) -> Answered:
    with asked.service.lock:
        return _told(asked, asked.service.journal)


def _told(asked: Asked, shown: Journal) -> Answered:
    """A journal as one document, or as JSON Lines for who asks for them; `?after=` leaves out what is known already."""
    journal = views.journal(shown, asked.number("after"))
    return 200, JsonLines(views.json_lines(journal["entries"])) if asked.accepts(JSON_LINES) else journal


def _show_exchange(asked: Asked) -> Answered:
    with asked.service.lock:
        exchange = exchange_named(asked.name("exchange"))
        return 200, views.exchange(exchange, asked.service.worlds[exchange.name])


def _change_exchange(asked: Asked) -> Answered:
    with asked.service.lock:
        exchange, world = operations.change_exchange(asked.service, asked.name("exchange"), asked.body())
        return 200, views.exchange(exchange, world)


def _exchange_journal(asked: Asked) -> Answered:
    with asked.service.lock:
        world = asked.service.worlds[exchange_named(asked.name("exchange")).name]
        return _told(asked, world.journal)


Function = Callable[[Asked], Answered]

QUERIES: Mapping[Function, tuple[str, ...]] = {
    **dict.fromkeys((_list_faults, _list_exchange_faults), ("fired",)),
    **dict.fromkeys((_journal, _exchange_journal, _nobodys_journal), ("after",)),
}
"""What may stand behind `?`; the other routes take nothing there."""

ROUTES: tuple[tuple[str, str, Function], ...] = (
    ("GET", "health", _health),
    ("GET", "openapi.json", _openapi),
    ("GET", "accounts", _list_accounts),
    ("POST", "accounts", _create_account),
    ("POST", "accounts/restore", _restore),
    ("GET", "accounts/{id}", _show_account),
    ("PATCH", "accounts/{id}", _change_account),
    ("DELETE", "accounts/{id}", _delete_account),
    ("POST", "accounts/{id}/keys", _create_key),
    ("GET", "accounts/{id}/withdrawals", _list_withdrawals),
    ("POST", "accounts/{id}/withdrawals", _create_withdrawal),
    ("GET", "accounts/{id}/withdrawals/{withdrawal}", _show_withdrawal),
    ("PATCH", "accounts/{id}/withdrawals/{withdrawal}", _change_withdrawal),
    ("POST", "accounts/{id}/withdrawals/{withdrawal}/events", _event),
    ("GET", "accounts/{id}/withdrawals/{withdrawal}/plans", _list_plans),
    ("POST", "accounts/{id}/withdrawals/{withdrawal}/plans", _create_plan),
    ("POST", "accounts/{id}/advance", _advance),
    ("GET", "accounts/{id}/faults", _list_faults),
    ("POST", "accounts/{id}/faults", _create_fault),
    ("DELETE", "accounts/{id}/faults", _delete_faults),
    ("DELETE", "accounts/{id}/faults/{fault}", _delete_faults),
    ("GET", "accounts/{id}/snapshot", _snapshot),
    ("GET", "accounts/{id}/journal", _journal),
    ("GET", "exchanges/{exchange}", _show_exchange),
    ("PATCH", "exchanges/{exchange}", _change_exchange),
    ("GET", "exchanges/{exchange}/faults", _list_exchange_faults),
    ("POST", "exchanges/{exchange}/faults", _create_exchange_fault),
    ("DELETE", "exchanges/{exchange}/faults", _delete_exchange_faults),
    ("DELETE", "exchanges/{exchange}/faults/{fault}", _delete_exchange_faults),
    ("GET", "exchanges/{exchange}/journal", _exchange_journal),
    ("GET", "journal", _nobodys_journal),
)
