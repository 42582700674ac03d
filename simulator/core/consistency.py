"""Whether an account could have come about: what a snapshot is asked before its account enters a world.

Every function raises Misuse with the first thing that is wrong. What only one exchange can tell, it checks itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from itertools import pairwise
from operator import itemgetter
from typing import Any

from simulator.core import opening
from simulator.core.accounts import Account, Key
from simulator.core.book import Withdrawal, settle
from simulator.core.documents import check_values
from simulator.core.exchange import Exchange
from simulator.core.faults import Fault, edge
from simulator.core.ledger import Ledger, Overdrawn
from simulator.core.lifecycle import Stage, State
from simulator.core.misuse import Misuse, did_you_mean, shown
from simulator.core.options import century_s, skew_ms_max


def state(account: Account, name: str) -> State:
    """The state of that very name. Raises Misuse."""
    for known in account.book.lifecycle.states:
        if known.name == name:
            return known
    names = [known.name for known in account.book.lifecycle.states]
    raise Misuse(
        f"the snapshot has a withdrawal in a state {shown(name)}, which there is not; {did_you_mean(name, names)}"
    )


def check(exchange: Exchange, account: Account) -> None:
    """Everything that holds for accounts of every exchange."""
    if not 0 <= account.lead_ms <= century_s * 1000:
        raise Misuse(f"the snapshot contradicts itself: lead_ms {account.lead_ms} is not from 0 to {century_s * 1000}")
    if not -skew_ms_max <= account.clock.skew_ms <= skew_ms_max:
        raise Misuse(f"the snapshot contradicts itself: skew_ms {account.clock.skew_ms} is more than ten years")
    _check_pace("the account", account, account.delays, account.polls)
    check_values("details", account.details)
    _check_streams(account)
    _check_names(exchange, account)
    _check_keys(account.keys)
    for number, key in enumerate(account.keys):
        check_supplied(f"keys[{number}].supplied", key.supplied, exchange.kept.secrets(key))
    for name, counter in account.counters.items():
        _check_counter(f"counter {shown(name)}", counter)
    for number, withdrawal in enumerate(account.book):
        check_values(f"withdrawal {number}", (withdrawal.id, withdrawal.tx_id, withdrawal.confirmation_code))
        check_values(f"withdrawal {number}", withdrawal, any_text=True)
        _check_history(account, withdrawal)
        _check_pace(f"withdrawal {shown(withdrawal.id)}", account, withdrawal.delays, withdrawal.polls)
        _check_plans(exchange, withdrawal)
    _check_steps(account)
    _check_money(account)
    for fault in account.faults:
        _check_fault(exchange, fault)
    check_unique("fault", [fault.id for fault in account.faults])


def _check_names(exchange: Exchange, account: Account) -> None:
    """Assets, permissions and addresses are words that there are."""
    for asset in {*account.ledger.balances(), *(withdrawal.asset for withdrawal in account.book)}:
        exchange.assets.named(asset)
    for key in account.keys:
        opening.permissions(tuple(key.permissions), exchange.permissions, ())
        opening.ip_allowlist(key.ip_allowlist)


def _check_streams(account: Account) -> None:
    owner = (account.exchange, account.name)
    for name, stream, expected in (("ids", account.ids, owner), ("traces", account.traces, (*owner, "traces"))):
        if stream.state.owner != expected:
            raise Misuse(f"the snapshot contradicts itself: {name} belong to {shown('/'.join(stream.state.owner))}")


def _check_keys(keys: list[Key]) -> None:
    if not keys:
        raise Misuse("the snapshot contradicts itself: the account has no key")
    check_unique("key", [key.api_key for key in keys])
    for key in keys:
        where = f"key {shown(key.api_key)}"
        if not key.api_key:
            raise Misuse("the snapshot contradicts itself: a key has no name")
        for name in ("api_key", "secret", "passphrase", "permissions", "ip_allowlist", "supplied", "nonces", "details"):
            check_values(f"{where} {name}", getattr(key, name))
        if key.nonces.window < 0:
            raise Misuse(f"the snapshot contradicts itself: {where} has a nonce window of {key.nonces.window}")
        for name, counter in key.counters.items():
            _check_counter(f"{where} counter {shown(name)}", counter)


def check_supplied(where: str, supplied: Collection[str], secrets: Collection[str]) -> None:
    """Only secrets that there are can have been supplied: anything else would be masked in texts of other accounts."""
    if "" in supplied:
        raise Misuse(f"the snapshot contradicts itself: {where} has an empty text, which is no secret")
    if not set(supplied) <= set(secrets):
        raise Misuse(f"the snapshot contradicts itself: {where} has what is none of the secrets beside it")


def _check_counter(where: str, counter: Any) -> None:
    check_values(where, counter)
    for name in ("limit", "window_ms", "decay_per_s"):
        if getattr(counter, name, 1) <= 0:
            raise Misuse(f"the snapshot contradicts itself: {where} has a {name} of {getattr(counter, name)}")


def _check_history(account: Account, withdrawal: Withdrawal) -> None:
    """A withdrawal begins by being created; from then on every step leads from its state to the next."""
    where, lifecycle, steps = f"withdrawal {shown(withdrawal.id)}", account.book.lifecycle, withdrawal.history
    if not steps or steps[0].event != "create" or steps[-1].state != withdrawal.state.name:
        raise Misuse(f"the snapshot contradicts itself: the history of {where} does not lead to its state")
    for before, after in pairwise(steps):
        if lifecycle.moves.get(before.state, {}).get(after.event) != after.state:
            raise Misuse(
                f"the snapshot contradicts itself: {shown(after.event)} does not lead {where} "
                f"from {shown(before.state)} to {shown(after.state)}"
            )
        if before.number >= after.number or before.at_ms > after.at_ms:
            raise Misuse(f"the snapshot contradicts itself: the history of {where} is not in order")
    state(account, steps[0].state)
    if (steps[0].at_ms, steps[-1].at_ms) != (withdrawal.created_ms, withdrawal.updated_ms):
        raise Misuse(f"the snapshot contradicts itself: {where} has other times than its history")
    if withdrawal.amount <= 0:
        raise Misuse(f"the snapshot contradicts itself: the amount of {where} is {withdrawal.amount:f}")


def _check_pace(where: str, account: Account, delays: Mapping[str, int], polls: int | None) -> None:
    """How something goes on by itself."""
    for name, delay_ms in delays.items():
        state(account, name)
        if not 0 <= delay_ms <= century_s * 1000:
            raise Misuse(f"the snapshot contradicts itself: {where} stays in {name} for {delay_ms} ms")
    if polls is not None and polls < 1:
        raise Misuse(f"the snapshot contradicts itself: {where} takes a step after {polls} looks")


def _check_plans(exchange: Exchange, withdrawal: Withdrawal) -> None:
    check_unique("plan", [plan.id for plan in withdrawal.plans])
    for plan in withdrawal.plans:
        if plan.endpoint not in {endpoint.name for endpoint in exchange.endpoints} or plan.nth < 1:
            raise Misuse(f"the snapshot contradicts itself: the plan {shown(plan.id)} waits for what never comes")


def _check_steps(account: Account) -> None:
    numbers = [step.number for withdrawal in account.book for step in withdrawal.history]
    if account.book.steps != len(numbers) or sorted(numbers) != list(range(1, len(numbers) + 1)):
        raise Misuse("the snapshot contradicts itself: the steps of its withdrawals are not numbered one by one")


def _check_money(account: Account) -> None:
    """What is available, held and spent is what comes of the deposits when all steps are taken once more."""
    replayed, stages = Ledger(), {state.name: state.stage for state in account.book.lifecycle.states}
    for asset, balance in account.ledger.balances().items():
        check_values(f"balance of {asset}", balance)
        replayed.deposit(asset, balance.total)
    steps = sorted(
        ((step.number, one, at) for one in account.book for at, step in enumerate(one.history)), key=itemgetter(0)
    )
    try:
        for _, withdrawal, at in steps:
            if at == 0:
                replayed.hold(withdrawal.asset, withdrawal.gross)
            before = stages[withdrawal.history[at - 1].state] if at else Stage.PENDING
            settle(replayed, withdrawal, before, stages[withdrawal.history[at].state])
    except Overdrawn:
        raise Misuse("the snapshot contradicts itself: its withdrawals take more than there ever was") from None
    for asset, balance in replayed.balances().items():
        told = account.ledger.balance(asset)
        if balance != told:
            raise Misuse(
                f"the snapshot contradicts itself: of {asset} {told.held:f} is held and {told.spent:f} spent, "
                f"but by its withdrawals it is {balance.held:f} and {balance.spent:f}"
            )


def _check_fault(exchange: Exchange, fault: Fault) -> None:
    where = f"fault {shown(fault.id)}"
    check_values(where, fault)
    if fault.nth < 1 or not 0 < fault.share <= 1 or fault.met < fault.fired or not 0 <= fault.seconds <= 3600:
        raise Misuse(
            f"the snapshot contradicts itself: {where} could not have been made, or not have been met so often"
        )
    if fault.endpoint is not None and fault.endpoint not in exchange.operations:
        raise Misuse(f"the snapshot contradicts itself: {exchange.name} has no endpoint {shown(fault.endpoint)}")
    if (fault.row or "row" in fault.does.needed) and fault.row not in exchange.unknowns.rows:
        raise Misuse(f"the snapshot contradicts itself: {exchange.name} has no error row {shown(fault.row)}")
    if fault.steps < 1 or not (fault.possible or set()) <= set(exchange.operations):
        raise Misuse(f"the snapshot contradicts itself: {where} could never happen")
    if fault.status not in edge.PAGES or not fault.content_type:
        raise Misuse(f"the snapshot contradicts itself: {where} answers with what there is not")


def check_unique(what: str, names: list[str]) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise Misuse(f"the snapshot contradicts itself: it has the {what} {shown(name)} twice")
