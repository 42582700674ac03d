"""What the turns of requests and of frames share: which fault a call meets, how an exchange's error row is rendered for
one, and how a refusal stands in the journal. Writes nothing down.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from simulator.core.accounts import Account
from simulator.core.behavior import Behavior
from simulator.core.exchange import Exchange
from simulator.core.faults import Fault, Place
from simulator.core.journal import Refused
from simulator.core.message import Reply, Request
from simulator.core.rows import Refusal, Row
from simulator.core.world import World


def met(faults: list[Fault], endpoint: str, place: Place, *, renders: bool = True) -> Fault | None:
    """The fault that happens to this call of `endpoint`: the first, in the order they were made, whose turn it is.

    Where no row can be rendered (`renders`), faults that answer with one are passed over, uncounted.
    """
    for fault in faults:
        if place in fault.does.places and (renders or not fault.row) and fault.meets(endpoint):
            return fault
    return None


def during(fault: Fault | None, account: Account | None) -> AbstractContextManager[None]:
    """How the account is seen while the exchange answers."""
    if fault is None or account is None or fault.does.during is None:
        return nullcontext()
    return fault.does.during(fault, account)


def renderer(exchange: Exchange, world: World, account: Account | None, request: Request) -> Callable[[str], Reply]:
    """Renders an error row by name as the exchange itself does: whatever it is asked, it refuses, with this row."""

    def render(name: str) -> Reply:
        kept = world.behavior, account.behavior if account else None
        # The fields stay: they decide what falls due, and how a refusal looks.
        changes = {**(kept[1] or kept[0]).changes, **dict.fromkeys(exchange.unknowns.conditions, name)}
        always = Behavior(exchange.unknowns, changes)
        nowhere = replace(request, target=exchange.roots[0] + "nowhere")
        try:
            world.behavior = always
            if account is not None:
                account.behavior = always
            return exchange.answer(world, nowhere).reply
        finally:
            world.behavior = kept[0]
            if account is not None and kept[1] is not None:
                account.behavior = kept[1]

    return render


def refused_by(refusal: Refusal | None, row: Row | None) -> Refused | None:
    """A refusal as the journal keeps it."""
    if refusal is None or row is None:
        return None
    condition = refusal.condition
    return Refused(condition.name, row.name, refusal.because, condition.says, refusal.diagnosis)
