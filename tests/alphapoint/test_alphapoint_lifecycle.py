"""The 23 statuses: every step walked, every cancel answered, the money where it belongs."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
import requests
from websockets.sync.client import connect

from contracts.dialects import alphapoint
from contracts.wire import HttpCall
from simulator import Simulator
from simulator.core.lifecycle import Stage
from simulator.exchanges.alphapoint.lifecycle import LIFECYCLE, OFFERED

MOVES = [(state, event, target) for state, moves in LIFECYCLE.moves.items() for event, target in moves.items()]

NUMBERS = [
    "New",
    "AdminProcessing",
    "Accepted",
    "Rejected",
    "SystemProcessing",
    "FullyProcessed",
    "Failed",
    "Pending",
    "Pending2Fa",
    "AutoAccepted",
    "Delayed",
    "UserCanceled",
    "AdminCanceled",
    "AmlProcessing",
    "AmlAccepted",
    "AmlRejected",
    "AmlFailed",
    "LimitsAccepted",
    "LimitsRejected",
    "Submitted",
    "Confirmed",
    "ManuallyConfirmed",
    "Confirmed2Fa",
]
"""As the documentation numbers them, from 0."""


def test_the_words_are_the_23_of_the_documentation_in_its_order() -> None:
    assert [state.name for state in LIFECYCLE.states if ":" not in state.name] == NUMBERS
    assert {state.word for state in LIFECYCLE.states} == set(NUMBERS)


def test_the_usual_path_leads_from_the_confirmation_mail_to_the_chain(desk: Any) -> None:
    desk.account.advance(hours=1)
    assert [step.state for step in desk.withdrawal.history] == [
        "Pending2Fa",
        "Confirmed2Fa",
        "AutoAccepted",
        "AmlProcessing",
        "AmlAccepted",
        "LimitsAccepted",
        "SystemProcessing",
        "Submitted",
        "Confirmed",
        "FullyProcessed",
    ]


def test_every_status_is_reached_or_may_be_where_a_withdrawal_begins(desk: Any) -> None:
    for state in LIFECYCLE.states:
        assert desk.account.withdrawal("USDT", "1", state=state.name).state == state.word


@pytest.mark.parametrize(("state", "event", "target"), MOVES)
def test_every_step_leads_to_its_status_and_moves_the_money(desk: Any, state: str, event: str, target: str) -> None:
    before = desk.account.balance("BTC").total
    withdrawal = desk.account.withdrawal("BTC", "1", state=state)
    withdrawal.event(event)
    assert withdrawal.internal_state == target
    balance = desk.account.balance("BTC")
    gross = Decimal("1.0002")
    held, spent = {
        Stage.PENDING: (gross, 0),
        Stage.CANCELLING: (gross, 0),
        Stage.PROCESSED: (0, gross),
        Stage.CANCELLED: (0, 0),
        Stage.FAILED: (0, 0),
    }[withdrawal.stage]
    assert (balance.held, balance.spent, balance.total) == (held, spent, before)


@pytest.mark.parametrize("setting", ["pending", "wide"])
@pytest.mark.parametrize("state", [state.name for state in LIFECYCLE.states])
def test_the_cancel_of_every_status_is_answered(desk: Any, state: str, setting: str) -> None:
    desk.account.set(behavior={"cancel.cancellable": setting})
    before = desk.account.balance("BTC")
    withdrawal = desk.account.withdrawal("BTC", "1", state=state)
    opened = desk.account.balance("BTC")
    answer = json.loads(desk.call("CancelWithdraw", desk.asked(RequestCode=withdrawal.id)).body)
    if "cancel" in LIFECYCLE.moves.get(state, {}) and (setting == "wide" or state in OFFERED):
        assert answer == {"result": True, "errormsg": None, "errorcode": 0, "detail": withdrawal.id}
        assert withdrawal.state == "UserCanceled"
        assert desk.account.balance("BTC") == before
    else:
        assert answer == {
            "result": False,
            "errormsg": "Operation Failed",
            "errorcode": 101,
            "detail": "Withdraw ticket already processed",
        }
        assert withdrawal.internal_state == state
        assert desk.account.balance("BTC") == opened


def test_the_wide_set_ends_where_the_funds_are_with_the_provider() -> None:
    assert {state for state, moves in LIFECYCLE.moves.items() if "cancel" in moves} == {
        "New",
        "AdminProcessing",
        "Pending",
        "Pending2Fa",
        "Confirmed2Fa",
        "AutoAccepted",
        "Accepted",
        "Delayed",
        "AmlProcessing",
        "AmlAccepted",
        "LimitsAccepted",
    }


@pytest.mark.parametrize(
    ("state", "target"),
    [
        ("New", "AdminProcessing"),
        ("AdminProcessing", "Accepted"),
        ("Pending", "AdminProcessing"),
        ("Pending2Fa", "Confirmed2Fa"),
        ("Confirmed2Fa", "AutoAccepted"),
        ("AutoAccepted", "AmlProcessing"),
        ("Accepted", "AmlProcessing"),
        ("Delayed", "AutoAccepted"),
        ("AmlProcessing", "AmlAccepted"),
        ("AmlAccepted", "LimitsAccepted"),
        ("LimitsAccepted", "SystemProcessing"),
    ],
)
def test_a_lost_cancel_leaves_the_ticket_to_its_own_next_step(desk: Any, state: str, target: str) -> None:
    withdrawal = desk.account.withdrawal("USDT", "1", state=f"{state}:cancelling")
    withdrawal.event("lose_cancel")
    assert withdrawal.internal_state == target


def test_of_two_cancels_only_the_first_succeeds(desk: Any) -> None:
    first, second = desk.call("CancelWithdraw"), desk.call("CancelWithdraw")
    assert json.loads(first.body)["result"] is True
    assert json.loads(second.body)["detail"] == "Withdraw ticket already processed"
    assert desk.account.balance("USDT").available == 10_000


def test_the_delay_from_receipt_to_cancelled_is_a_field(desk: Any) -> None:
    desk.account.set(behavior={"cancel.takes_effect": "later", "cancel.receipt_seconds": 600})
    assert json.loads(desk.call("CancelWithdraw").body)["result"] is True
    desk.account.advance(seconds=599)
    assert (desk.withdrawal.stage, desk.account.balance("USDT").held) == ("cancelling", 14)
    desk.account.advance(seconds=1)
    assert (desk.withdrawal.state, desk.account.balance("USDT").available) == ("UserCanceled", 10_000)


def test_of_racing_cancels_on_both_transports_exactly_one_succeeds() -> None:
    with Simulator() as simulator:
        account = simulator.alphapoint.account()
        withdrawal = account.withdrawal("USDT", "10")
        mine = account.credentials
        given = {
            "OMSId": 1,
            "UserId": int(mine["user_id"]),
            "AccountId": int(mine["account_id"]),
            "RequestCode": withdrawal.id,
        }
        start = threading.Barrier(8)

        def over_http() -> bool:
            call = alphapoint.signed(
                HttpCall("POST", "/AP/CancelWithdraw", (), json.dumps(given).encode()), mine, account.now_ms
            )
            start.wait()
            answer = requests.post(simulator.url + call.target, call.body, headers=dict(call.headers), timeout=10)
            return bool(answer.json()["result"])

        def over_a_socket() -> bool:
            with connect(simulator.url.replace("http", "ws") + "/WSGateway/") as socket:
                socket.send(alphapoint.hello(mine))
                socket.recv()
                start.wait()
                socket.send(json.dumps({"m": 0, "i": 2, "n": "CancelWithdraw", "o": json.dumps(given)}))
                return bool(json.loads(json.loads(socket.recv())["o"])["result"])

        with ThreadPoolExecutor(8) as pool:
            racing = [pool.submit(one) for one in (over_http, over_a_socket) * 4]
            assert sorted(one.result() for one in racing) == [False] * 7 + [True]
        assert account.balance("USDT").available == 10_000


def test_a_cancel_that_comes_after_the_confirmation_is_too_late(desk: Any) -> None:
    desk.account.advance(minutes=5)
    assert json.loads(desk.call("CancelWithdraw").body)["detail"] == "Withdraw ticket already processed"
    assert desk.withdrawal.state == "Confirmed2Fa"
    assert desk.account.balance("USDT").held == 14
