"""What holds whatever anybody does: money is conserved, and no bytes get anything but Kraken's own answers."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.dialects import kraken as dialect
from simulator import Request, Simulator
from simulator.core.clock import ManualClock
from simulator.core.misuse import AlreadyThere
from simulator.exchanges.kraken import KRAKEN

EVENTS = sorted({event for moves in KRAKEN.lifecycle.moves.values() for event in moves})
TEXTS = {row.text for row in KRAKEN.unknowns.rows.values() if not row.shape} - {"EGeneral:Invalid arguments{field}"}
TEXTS |= {"EGeneral:Invalid arguments"}

steps = st.lists(
    st.one_of(
        st.tuples(st.just("create"), st.sampled_from(["0.00000001", "10", "33.3"])),
        st.tuples(st.just("cancel"), st.integers(0, 5)),
        st.tuples(st.just("event"), st.integers(0, 5), st.sampled_from(EVENTS)),
        st.tuples(st.just("advance"), st.integers(0, 1000)),
    ),
    max_size=25,
)


def signed(account: Any, method: str, body: bytes, nonce: str) -> Request:
    path = f"/0/private/{method}"
    sign = dialect.signature(account.api_secret, path, nonce, body)
    return Request("POST", path, (("API-Key", account.api_key), ("API-Sign", sign)), body)


@given(steps=steps, progress=st.sampled_from(["manual", "timed", "immediate"]))
@settings(deadline=None)
def test_money_is_conserved_whatever_happens(steps: list[tuple[Any, ...]], progress: Any) -> None:
    simulator = Simulator(clock=ManualClock())
    account = simulator.kraken.account(balances={"USDT": "100"}, progress=progress)
    nonce = 0
    for step in steps:
        withdrawals = account.withdrawals
        try:
            if step[0] == "create":
                account.withdrawal("USDT", step[1])
            elif step[0] == "advance":
                account.advance(seconds=step[1])
            elif not withdrawals:
                continue
            elif step[0] == "event":
                withdrawals[step[1] % len(withdrawals)].event(step[2])
            else:
                nonce += 1
                wanted = withdrawals[step[1] % len(withdrawals)]
                could = KRAKEN.lifecycle.allows(wanted.internal_state, "cancel")
                was_pending = wanted.internal_state.endswith("cancel-pending")
                body = f"nonce={nonce}&asset=USDT&refid={wanted.id}".encode()
                reply = simulator.answer(signed(account, "WithdrawCancel", body, str(nonce)))
                assert json.loads(reply.body) == {"error": [], "result": could or was_pending}
        except AlreadyThere:
            pass
        balance = account.balance("USDT")
        assert balance.total == 100
        held = sum(
            (one.amount + one.fee for one in account.withdrawals if one.stage in ("pending", "cancelling")), Decimal()
        )
        spent = sum((one.amount + one.fee for one in account.withdrawals if one.stage == "processed"), Decimal())
        assert (balance.held, balance.spent) == (held, spent)


SHARED = Simulator(clock=ManualClock())
ACCOUNT = SHARED.kraken.account(balances={"USDT": "100"}, nonce_window=2**63 - 1)
PENDING = ACCOUNT.withdrawal("USDT", "10")

texts = st.binary(max_size=40).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
names = st.sampled_from(["API-Key", "API-Sign", "Content-Type", "X"]) | texts
values = st.sampled_from([ACCOUNT.api_key, "application/json", "application/x-www-form-urlencoded"]) | texts
targets = st.sampled_from(["/0/public/Time", "/0/private/WithdrawCancel", "/0/private/WithdrawStatus"])
wild = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def assert_krakens_own(reply: Any) -> None:
    if reply.status == 405:
        assert reply.body.startswith(b"<html>\r\n<head><title>405 Not Allowed</title>")
        return
    document = json.loads(reply.body)
    assert list(document) in (["error"], ["error", "result"])
    assert set(document["error"]) <= TEXTS
    assert (reply.status == 404) == (document["error"] == ["EGeneral:Unknown method"])


@given(
    verb=st.sampled_from(["GET", "POST", "PUT"]) | st.text(max_size=5),
    target=targets | st.tuples(targets, texts).map("?".join) | texts.map("/0/".__add__),
    headers=st.lists(st.tuples(names, values), max_size=5),
    body=st.binary(max_size=200),
)
@settings(deadline=None)
def test_any_request_gets_one_of_krakens_answers_and_moves_no_money(
    verb: str, target: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    before = ACCOUNT.balance("USDT")
    assert_krakens_own(SHARED.answer(Request(verb, target, tuple(headers), body)))
    assert (ACCOUNT.balance("USDT"), PENDING.internal_state) == (before, "Initial")


@given(
    method=st.sampled_from(["WithdrawCancel", "WithdrawStatus"]),
    arguments=st.dictionaries(
        st.sampled_from(["asset", "refid", "limit", "cursor", "start", "end", "method", "aclass"]), wild
    ),
)
@settings(deadline=None)
def test_any_json_that_is_signed_rightly_gets_one_of_krakens_answers_and_moves_no_money(
    method: str, arguments: dict[str, Any]
) -> None:
    body = json.dumps({"nonce": "7", **arguments}).encode()
    request = signed(ACCOUNT, method, body, "7")
    reply = SHARED.answer(
        Request("POST", request.target, (*request.headers, ("Content-Type", "application/json")), body)
    )
    assert_krakens_own(reply)
    assert PENDING.internal_state == "Initial"
