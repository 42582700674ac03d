"""Planning races: making and listing the steps of a withdrawal that wait for a call of its client.

A plan for an event or an endpoint that does not exist is refused, with the nearest names of what does. The turns carry
plans out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.core.misuse import Misuse, did_you_mean, shown
from simulator.core.options import PlanOptions, read
from simulator.core.plans import Plan, When
from simulator.service.operations import find, find_withdrawal
from simulator.service.turns import Service


def add(service: Service, account_id: str, withdrawal_id: str, given: Mapping[str, Any]) -> Plan:
    """Plan a step of a withdrawal: `event`, `before` or `after` an endpoint, `nth`?, `reason`?. Raises Misuse."""
    options = read(PlanOptions, {name: value for name, value in given.items() if value is not None}, "plans")
    with service.lock:
        exchange, _, account = find(service, account_id)
        withdrawal = find_withdrawal(service, account_id, withdrawal_id)
        when, endpoint = _moment(options)
        known = exchange.operations
        if endpoint not in known:
            raise Misuse(f"{exchange.name} has no endpoint {shown(endpoint)}; {did_you_mean(endpoint, known)}")
        account.book.lifecycle.check_event(options.event)
        reason = f"planned {when} a call of {endpoint!r}" if options.reason is None else options.reason
        number = len(withdrawal.plans) + 1
        plan = Plan(id=str(number), event=options.event, endpoint=endpoint, when=when, nth=options.nth, reason=reason)
        withdrawal.plans.append(plan)
        return plan


def _moment(options: PlanOptions) -> tuple[When, str]:
    if options.before is not None and options.after is None:
        return "before", options.before
    if options.after is not None and options.before is None:
        return "after", options.after
    raise Misuse("a plan takes either 'before' or 'after', the name of an endpoint such as 'cancel'")
