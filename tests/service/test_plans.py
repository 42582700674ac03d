"""Planned races: a step that happens just before, or right after, a call of the client."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from contracts.dialects import alphapoint as alphapoint_dialect
from simulator import Misuse, Simulator
from simulator.core.misuse import NotThere

Open = Callable[..., Any]

EARLIER = {
    # The step that happens first, the state it leads to, and how the cancel is refused then.
    "bybit": ("reject", "Reject", b'"retCode":131099'),
    "okx": ("approve", "7", b'"code":"58216"'),
    "kraken": ("fail", "Failure", b'"result":false'),
    "alphapoint": ("confirm", "Confirmed2Fa", b'"result":false'),
}


@pytest.mark.parametrize("name", EARLIER)
def test_a_step_planned_before_a_cancel_comes_first_and_the_cancel_is_refused(desk_of: Open, name: str) -> None:
    desk = desk_of(name)
    event, state, refusal = EARLIER[name]
    plan = desk.withdrawal.plan(event, before="cancel")
    assert desk.look()
    assert (plan.done, plan.met) == (False, 0)
    assert refusal in desk.cancel().body
    assert (plan.done, plan.met, plan.because) == (True, 1, "")
    assert desk.withdrawal.internal_state == state
    [entry] = desk.account.requests("cancel")
    assert [(change.event, change.reason) for change in entry.changes] == [(event, "planned before a call of 'cancel'")]
    assert desk.withdrawal.history[-1].reason == "planned before a call of 'cancel'"


LATER = {
    "okx": ("lose_race", "1"),
    "kraken": ("deny_cancel", "Initial/cancel-denied"),
    "alphapoint": ("lose_cancel", "Confirmed2Fa"),
}


@pytest.mark.parametrize("name", LATER)
def test_a_cancel_is_accepted_and_then_loses(desk_of: Open, name: str) -> None:
    later = {"cancel.takes_effect": "later"} if name == "alphapoint" else {}
    desk = desk_of(name, behavior=later)
    event, state = LATER[name]
    plan = desk.withdrawal.plan(event, after="cancel", reason="it had left already")
    accepted = {"okx": b'"code":"0"', "kraken": b'"result":true', "alphapoint": b'"result":true'}[name]
    assert accepted in desk.cancel().body
    assert (plan.done, desk.withdrawal.internal_state) == (True, state)
    assert [step.reason for step in desk.withdrawal.history] == ["", "", "it had left already"]
    assert len(desk.account.requests("cancel")[0].changes) == 2


def test_on_bybit_a_cancelled_withdrawal_stays_so_and_the_plan_says_why(desk_of: Open) -> None:
    desk = desk_of("bybit")
    plan = desk.withdrawal.plan("fail", after="cancel")
    assert b'"status":1' in desk.cancel().body
    assert (plan.done, plan.is_over) == (False, True)
    assert plan.because == ("a withdrawal in state 'CancelByUser' has no event 'fail'; possible are: none, it is final")
    assert desk.withdrawal.state == "CancelByUser"


def test_a_plan_waits_for_the_nth_call_and_happens_once(desk_of: Open) -> None:
    desk = desk_of("okx")
    plan = desk.withdrawal.plan("review", before="list", nth=3)
    seen = [json.loads(desk.look())["data"][0]["state"] for _ in range(4)]
    assert seen == ["0", "0", "4", "4"]
    assert plan.met == 3


def test_several_plans_for_one_call_happen_in_the_order_they_were_made(desk_of: Open) -> None:
    desk = desk_of("bybit")
    for event in ("pass_review", "approve", "pack", "hand_over", "broadcast", "process"):
        desk.withdrawal.plan(event, before="cancel")
    assert b'"retCode":131099' in desk.cancel().body
    assert desk.withdrawal.internal_state == "Processing"
    assert [plan.done for plan in desk.withdrawal.plans] == [True] * 6


def test_a_call_that_a_fault_kept_from_the_exchange_is_none_but_a_lost_reply_is(desk_of: Open) -> None:
    desk = desk_of("okx")
    plan = desk.withdrawal.plan("lose_race", after="cancel")
    desk.account.fault("close_before", endpoint="cancel")
    desk.account.fault("lose_reply", endpoint="cancel")
    for expected in (False, True):
        with pytest.raises(ConnectionError):
            desk.cancel()
        assert plan.done is expected
    assert desk.withdrawal.state == "1"


def test_a_plan_of_one_account_waits_for_no_call_of_another(desk_of: Open) -> None:
    desk = desk_of("bybit")
    other = desk.simulator.bybit.account().withdrawal("USDT", "10")
    plan = other.plan("reject", before="cancel")
    desk.cancel()
    assert (plan.met, other.internal_state) == (0, "UnderReview")


def test_a_plan_that_would_hold_money_that_is_gone_says_so(desk_of: Open) -> None:
    desk = desk_of("alphapoint", balances={"USDT": "100"})
    failed = desk.account.withdrawal("USDT", "50", state="Failed")
    desk.account.withdrawal("USDT", "70")
    plan = failed.plan("resubmit", before="list")
    assert b"RequestCode" in desk.look() or plan.is_over
    assert plan.because.startswith("the event 'resubmit' would hold 5")
    assert plan.because.endswith("again, which account 'alphapoint-account-1' has not got")


def test_plans_work_for_frames_and_a_listener_hears_of_them_in_their_order(desk_of: Open) -> None:
    desk = desk_of("alphapoint", behavior={"cancel.takes_effect": "later", "cancel.cancellable": "wide"})
    socket = desk.simulator.open_socket("/WSGateway/")
    socket.send(alphapoint_dialect.hello(desk.account.credentials))
    numbers = {name: desk.account.credentials[name] for name in ("oms_id", "user_id", "account_id")}
    payload = {"OMSId": numbers["oms_id"], "AccountId": numbers["account_id"]}
    socket.send(_frame("SubscribeAccountEvents", payload))
    desk.withdrawal.plan("confirm", before="cancel")
    desk.withdrawal.plan("lose_cancel", after="cancel")
    cancel = {**payload, "UserId": numbers["user_id"], "RequestCode": desk.withdrawal.id}
    heard = [json.loads(frame) for frame in socket.send(_frame("CancelWithdraw", cancel))]
    assert [(frame["n"], json.loads(frame["o"]).get("Status")) for frame in heard] == [
        ("WithdrawTicketUpdateEvent", "Confirmed2Fa"),
        ("CancelWithdraw", None),
        ("WithdrawTicketUpdateEvent", "AutoAccepted"),
    ]
    assert [plan.done for plan in desk.withdrawal.plans] == [True, True]
    [entry] = desk.account.requests("cancel")
    assert [change.event for change in entry.changes] == ["confirm", "receive_cancel", "lose_cancel"]


def _frame(function: str, payload: dict[str, Any]) -> str:
    return json.dumps({"m": 0, "i": 2, "n": function, "o": json.dumps(payload)})


def test_an_event_may_have_a_reason() -> None:
    account = Simulator().alphapoint.account()
    withdrawal = account.withdrawal("USDT", "10")
    withdrawal.event("reject", reason="sanctions list")
    assert [(step.event, step.reason) for step in withdrawal.history] == [("create", ""), ("reject", "sanctions list")]


def test_a_wrong_plan_is_one_sentence() -> None:
    account = Simulator().bybit.account()
    withdrawal = account.withdrawal("USDT", "10")
    any_value: Any = lambda value: value  # noqa: E731
    either = "a plan takes either 'before' or 'after', the name of an endpoint such as 'cancel'"
    for wrong, sentence in (
        (lambda: withdrawal.plan("proces", before="cancel"), "there is no event 'proces'; did you mean 'process'"),
        (lambda: withdrawal.plan("process", before="cancle"), "bybit has no endpoint 'cancle'; did you mean 'cancel'"),
        (lambda: withdrawal.plan("process"), either),
        (lambda: withdrawal.plan("process", before="cancel", after="cancel"), either),
        (
            lambda: withdrawal.plan("process", before="cancel", nth=0),
            "plans: option 'nth' must be a whole number of 1 or more",
        ),
        (lambda: withdrawal.plan(any_value(5), before="list"), "plans: option 'event' must be text"),
        (lambda: withdrawal.plan(any_value(None), before="list"), "plans: the option 'event' is missing"),
        (lambda: withdrawal.plan("pack", before=any_value([])), "plans: option 'before' must be text"),
        (lambda: withdrawal.event("reject", reason="x" * 501), "events: option 'reason' must be text of at most"),
        (lambda: withdrawal.event("reject", reason=any_value(5)), "events: option 'reason' must be text"),
    ):
        with pytest.raises(Misuse) as told:
            wrong()
        assert str(told.value).startswith(sentence)
    assert withdrawal.plans == []
    assert withdrawal.internal_state == "UnderReview"
    account.delete()
    with pytest.raises(NotThere, match="of this handle has been deleted"):
        withdrawal.plan("pack", before="cancel")
