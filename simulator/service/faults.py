"""Making, listing and forgetting faults: of an account, or of an exchange for calls that belong to no account.

A fault that could never happen is refused, with the nearest names of what could.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from simulator.core.accounts import Account
from simulator.core.exchange import Exchange
from simulator.core.faults import KINDS, Fault, Kind, edge
from simulator.core.ids import Ids
from simulator.core.misuse import Misuse, NotThere, did_you_mean
from simulator.core.options import FaultOptions, read
from simulator.service.listed import exchange_named
from simulator.service.operations import find
from simulator.service.turns import Service

_own = ("seconds", "status", "acts", "row", "content_type")


def of_account(service: Service, account_id: str) -> tuple[Exchange, Account]:
    """The account whose `faults` are meant, and its exchange. Raises NotThere."""
    exchange, _, account = find(service, account_id)
    return exchange, account


def add_to_account(service: Service, account_id: str, given: Mapping[str, Any]) -> Fault:
    """A fault that meets calls of one account. Raises Misuse."""
    with service.lock:
        exchange, account = of_account(service, account_id)
        return _add(exchange, account.faults, account.ids, given)


def add_to_exchange(service: Service, exchange_name: str, given: Mapping[str, Any]) -> Fault:
    """A fault that meets calls of an exchange that belong to no account. Raises Misuse."""
    with service.lock:
        exchange = exchange_named(exchange_name)
        world = service.worlds[exchange.name]
        return _add(exchange, world.faults, world.traces, given)


def forget(faults: list[Fault], fault_id: str | None) -> None:
    """Forget one fault of a list, or all of them. Raises NotThere."""
    known = [fault.id for fault in faults]
    if fault_id is not None and fault_id not in known:
        raise NotThere(f"there is no fault {fault_id!r} here; {did_you_mean(fault_id, known)}")
    faults[:] = [fault for fault in faults if fault_id not in (None, fault.id)]


def _add(exchange: Exchange, faults: list[Fault], ids: Ids, given: Mapping[str, Any]) -> Fault:
    options = read(FaultOptions, given, "faults")
    kind = _kind(options.kind)
    own = {name: getattr(options, name) for name in _own if getattr(options, name) is not msgspec.UNSET}
    for name in own:
        if name not in kind.options:
            raise Misuse(f"the fault {kind.name!r} has no option {name!r}; {did_you_mean(name, kind.options)}")
    for name in kind.needed:
        if name not in own:
            raise Misuse(f"the fault {kind.name!r} needs the option {name!r}")
    _check(exchange, options, own)
    draws = ids.beside(f"fault {len(faults)}")
    fault = Fault(
        id=draws.hex(8),
        kind=kind,
        draws=draws,
        endpoint=options.endpoint,
        nth=options.nth,
        times=options.times,
        share=options.share,
        **own,
    )
    faults.append(fault)
    return fault


def _kind(name: str) -> Kind:
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise Misuse(f"there is no fault {name!r}; {did_you_mean(name, [kind.name for kind in KINDS])}")


def _check(exchange: Exchange, options: FaultOptions, own: Mapping[str, Any]) -> None:
    endpoints = {endpoint.name for endpoint in exchange.endpoints}
    if options.endpoint is not None and options.endpoint not in endpoints:
        nearest = did_you_mean(options.endpoint, endpoints)
        raise Misuse(f"{exchange.name} has no endpoint {options.endpoint!r}; {nearest}")
    if "row" in own and own["row"] not in exchange.unknowns.rows:
        nearest = did_you_mean(own["row"], exchange.unknowns.rows)
        raise Misuse(f"{exchange.name} has no error row {own['row']!r}; {nearest}")
    if "status" in own and own["status"] not in edge.PAGES:
        raise Misuse(f"the edge has no page {own['status']}; known are {', '.join(map(str, edge.PAGES))}")
