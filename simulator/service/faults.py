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
from simulator.core.misuse import Misuse, NotThere, did_you_mean, shown
from simulator.core.options import FaultOptions, read
from simulator.core.world import World
from simulator.service.listed import exchange_named
from simulator.service.operations import find
from simulator.service.turns import Service

_own = ("seconds", "status", "acts", "row", "content_type", "steps")


def of_account(service: Service, account_id: str) -> tuple[Exchange, Account]:
    """The account whose `faults` are meant, and its exchange. Raises NotThere."""
    exchange, _, account = find(service, account_id)
    return exchange, account


def add_to_account(service: Service, account_id: str, given: Mapping[str, Any]) -> Fault:
    """A fault that meets calls of one account. Raises Misuse."""
    with service.lock:
        exchange, account = of_account(service, account_id)
        return _add(exchange, account, account.ids, given)


def add_to_exchange(service: Service, exchange_name: str, given: Mapping[str, Any]) -> Fault:
    """A fault that meets calls of an exchange that belong to no account. Raises Misuse."""
    with service.lock:
        exchange = exchange_named(exchange_name)
        world = service.worlds[exchange.name]
        return _add(exchange, world, world.traces, given)


def forget(faults: list[Fault], fault_id: str | None) -> None:
    """Forget one fault of a list, or all of them. Raises NotThere."""
    known = [fault.id for fault in faults]
    if fault_id is not None and fault_id not in known:
        raise NotThere(f"there is no fault {shown(fault_id)} here; {did_you_mean(fault_id, known)}")
    faults[:] = [fault for fault in faults if fault_id not in (None, fault.id)]


def unfired(faults: list[Fault]) -> list[Fault]:
    """Those that have not happened to any call yet."""
    return [fault for fault in faults if fault.fired == 0]


def _add(exchange: Exchange, owner: Account | World, ids: Ids, given: Mapping[str, Any]) -> Fault:
    options = read(FaultOptions, given, "faults")
    kind = _kind(options.kind)
    if isinstance(owner, World) and (kind.reads_only or "push" in kind.places):
        raise Misuse(f"the fault {kind.name!r} happens to an account alone; make it a fault of the account")
    own = {name: getattr(options, name) for name in _own if getattr(options, name) is not msgspec.UNSET}
    for name in own:
        if name not in kind.options:
            raise Misuse(f"the fault {kind.name!r} has no option {shown(name)}; {did_you_mean(name, kind.options)}")
    for name in kind.needed:
        if name not in own:
            raise Misuse(f"the fault {kind.name!r} needs the option {name!r}")
    _check(exchange, own)
    possible = _possible(exchange, kind, options.endpoint)
    if kind.mode:
        own["row"] = next(mode.row.name for name, mode in exchange.modes.items() if name == kind.name)
    draws = ids.beside(f"fault {owner.faults_made}")  # a stream of its own: what is forgotten changes no later draw
    owner.faults_made += 1
    fault = Fault(
        id=draws.hex(8),
        does=kind,
        draws=draws,
        endpoint=options.endpoint,
        nth=options.nth,
        times=(None if kind.mode else 1) if options.times is msgspec.UNSET else options.times,
        share=options.share,
        possible=possible,
        **own,
    )
    owner.faults.append(fault)
    return fault


def _kind(name: str) -> Kind:
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise Misuse(f"there is no fault {shown(name)}; {did_you_mean(name, [kind.name for kind in KINDS])}")


def _possible(exchange: Exchange, kind: Kind, wanted: str | None) -> frozenset[str] | None:
    """The endpoints that a kind can happen to, if not to any. Raises Misuse when `wanted` is none of them."""
    if "push" in kind.places:
        if exchange.sockets is None or exchange.sockets.push is None:
            raise Misuse(f"{exchange.name} pushes nothing here, so the fault {kind.name!r} cannot happen to it")
        if wanted is not None:
            raise Misuse(
                f"the fault {kind.name!r} happens to what is pushed, not to an endpoint such as {shown(wanted)}"
            )
        return None
    known = exchange.operations
    if wanted is not None and wanted not in known:
        raise Misuse(f"{exchange.name} has no endpoint {shown(wanted)}; {did_you_mean(wanted, known)}")
    possible = {name for name in known if exchange.shows(name)} if kind.reads_only else set(known)
    if not _meets_frames(exchange, kind):
        possible &= {endpoint.name for endpoint in exchange.endpoints if endpoint.method != "WS"}
    if wanted is not None and wanted not in possible:
        raise Misuse(f"the fault {kind.name!r} cannot happen to {shown(wanted)}; {did_you_mean(wanted, possible)}")
    return frozenset(possible) if kind.reads_only else None


def _meets_frames(exchange: Exchange, kind: Kind) -> bool:
    if "frame" not in kind.places or exchange.sockets is None:
        return False
    return exchange.sockets.refuse is not None or not (kind.mode or "row" in kind.options)


def _check(exchange: Exchange, own: Mapping[str, Any]) -> None:
    if "row" in own and own["row"] not in exchange.unknowns.rows:
        nearest = did_you_mean(own["row"], exchange.unknowns.rows)
        raise Misuse(f"{exchange.name} has no error row {shown(own['row'])}; {nearest}")
    if "status" in own and own["status"] not in edge.PAGES:
        raise Misuse(f"the edge has no page {shown(own['status'])}; known are {', '.join(map(str, edge.PAGES))}")
