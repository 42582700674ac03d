"""Reads that are behind, service modes, sockets that break and pushes that are lost; and faults that never happened."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from contracts.dialects import alphapoint as alphapoint_dialect
from contracts.dialects import okx as okx_dialect
from contracts.wire import HttpCall
from simulator import Misuse, ReplyLost, Request, Simulator, logs
from simulator.core.clock import ManualClock
from simulator.plugin.remote import RemoteSimulator
from simulator.service.listed import exchanges

Open = Callable[..., Any]
SHOWN = {
    # What the list shows of the first state and of the second, which the event leads to.
    "bybit": ("reject", b'"status":"SecurityCheck"', b'"status":"Reject"'),
    "okx": ("approve", b'"state":"0"', b'"state":"7"'),
    "kraken": ("approve", b'"status":"Initial"', b'"status":"Pending"'),
    "alphapoint": ("confirm", b'"TicketStatus":"Pending2Fa"', b'"TicketStatus":"Confirmed2Fa"'),
}


# --- reads that are behind ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHOWN)
def test_a_stale_read_shows_the_withdrawals_as_they_stood_and_changes_nothing(desk_of: Open, name: str) -> None:
    desk = desk_of(name)
    event, before, after = SHOWN[name]
    desk.withdrawal.event(event)
    fault = desk.account.fault("stale_reads")
    assert before in desk.look()
    assert after in desk.look()
    assert (fault.met, fault.fired) == (2, 1)
    assert [entry.fault for entry in desk.account.requests("list")] == ["stale_reads", None]
    assert len(desk.states) == 2


@pytest.mark.parametrize("name", SHOWN)
def test_a_cancel_that_was_accepted_is_not_seen_yet_by_a_reader_who_is_behind(desk_of: Open, name: str) -> None:
    desk = desk_of(name)
    desk.account.fault("stale_reads", endpoint="list", times=None)
    desk.cancel()
    assert SHOWN[name][1] in desk.look()
    assert str(desk.withdrawal.stage) in ("cancelled", "cancelling")


def test_a_withdrawal_that_was_not_there_so_many_steps_ago_is_not_shown(desk_of: Open) -> None:
    desk = desk_of("bybit")
    other = desk.account.withdrawal("USDT", "10")
    desk.withdrawal.event("reject")
    call = HttpCall("GET", "/v5/asset/withdraw/query-record")
    shown = []
    for steps in (1, 2, 3, 99):
        desk.account.fault("stale_reads", steps=steps)
        rows = json.loads(desk.send(call).body)["result"]["rows"]
        shown.append({row["withdrawId"]: row["status"] for row in rows})
    mine = desk.withdrawal.id
    assert shown == [
        {mine: "SecurityCheck", other.id: "SecurityCheck"},
        {mine: "SecurityCheck"},
        {},
        {},
    ]


def test_a_stale_status_of_one_withdrawal(desk_of: Open) -> None:
    desk = desk_of("okx")
    desk.withdrawal.event("approve")
    desk.account.fault("stale_reads", endpoint="status")
    call = HttpCall("GET", f"/api/v5/asset/deposit-withdraw-status?wdId={desk.withdrawal.id}")
    assert b'"state":"Pending withdrawal: Waiting withdrawal"' in desk.send(call).body
    desk.clock.advance(2000)
    assert b"Approved" in desk.send(call, sent_ms=desk.clock.now_ms).body


@pytest.mark.parametrize("function", ["GetWithdrawTicket", "GetWithdrawTickets", "GetWithdraws"])
def test_a_stale_ticket_also_over_the_socket(desk_of: Open, function: str) -> None:
    desk = desk_of("alphapoint")
    desk.withdrawal.event("confirm")
    socket = _logged_in(desk)
    payload = {"OMSId": 1, "AccountId": desk.account.credentials["account_id"], "RequestCode": desk.withdrawal.id}
    desk.account.fault("stale_reads")
    first, second = (socket.send(_frame(function, payload))[0] for _ in range(2))
    assert "Pending2Fa" in first
    assert "Confirmed2Fa" not in first
    assert "Confirmed2Fa" in second


def test_money_is_told_as_it_is_now(desk_of: Open) -> None:
    desk = desk_of("okx", balances={"USDT": "100"})
    desk.withdrawal.event("fail")
    fault = desk.account.fault("stale_reads")
    assert b'"availBal":"100"' in desk.send(HttpCall("GET", "/api/v5/asset/balances")).body
    assert fault.met == 0


def test_nothing_falls_due_in_the_past(desk_of: Open) -> None:
    desk = desk_of("okx", progress="timed")
    desk.account.fault("stale_reads", times=None)
    desk.clock.advance(301_000)
    for _ in range(3):
        assert b'"state":"0"' in desk.send(HttpCall("GET", "/api/v5/asset/withdrawal-history"), desk.clock.now_ms).body
    assert desk.states == ["0", "7"]
    assert desk.account.balance("USDT").held > 10


# --- service modes ------------------------------------------------------------------------------------------------

MODES = {
    ("bybit", "maintenance"): (200, b'"retCode":10016,"retMsg":"System error. Please try again later."'),
    ("bybit", "busy"): (200, b'"retCode":131230,"retMsg":"The system is busy, please try again later"'),
    ("okx", "maintenance"): (503, b'"code":"50001"'),
    ("okx", "busy"): (429, b'"code":"50013"'),
    ("kraken", "maintenance"): (200, b'{"error":["EService:Unavailable"]}'),
    ("kraken", "busy"): (200, b'{"error":["EService:Busy"]}'),
    ("alphapoint", "maintenance"): (200, b'"errormsg":"Server Error","errorcode":102'),
    ("alphapoint", "busy"): (200, b'"errormsg":"Server Error","errorcode":102'),
}


@pytest.mark.parametrize(("name", "mode"), MODES)
def test_a_service_mode_answers_every_call_until_it_is_removed(desk_of: Open, name: str, mode: str) -> None:
    desk = desk_of(name)
    fault = desk.account.fault(mode)
    status, body = MODES[name, mode]
    for _ in range(3):
        reply = desk.cancel()
        assert reply.status == status
        assert body in reply.body
        assert body in desk.look()
    assert (fault.fired, fault.times, desk.states[1:]) == (6, None, [])
    desk.account.forget_faults(fault.id)
    desk.cancel()
    assert len(desk.states) == 2


@pytest.mark.parametrize("name", SHOWN)
def test_a_mode_of_an_exchange_meets_public_calls_and_may_end_by_itself(name: str) -> None:
    exchange = Simulator().exchange(name)
    path = next(one.path for one in next(x for x in exchanges if x.name == name).endpoints if one.permission is None)
    exchange.fault("maintenance", times=1)
    answers = [exchange._simulator.answer(Request("GET", path)).body for _ in range(2)]
    assert [MODES[name, "maintenance"][1] in answer for answer in answers] == [True, False]


def test_a_mode_answers_frames_where_the_exchange_has_a_word_for_it(desk_of: Open) -> None:
    desk = desk_of("alphapoint")
    socket = _logged_in(desk)
    desk.account.fault("busy", times=1)
    desk.account.fault("error", row="NOT_AUTHORIZED", acts=True)
    desk.account.fault("error", row="SILENCE")
    cancel = {
        "OMSId": 1,
        **{name: desk.account.credentials[key] for name, key in _IDS},
        "RequestCode": desk.withdrawal.id,
    }
    expected = '{"m":1,"i":2,"n":"CancelWithdraw","o":"{\\"result\\":false,\\"errormsg\\":\\"%s\\",\\"errorcode\\":%d,'
    [busy] = socket.send(_frame("CancelWithdraw", cancel))
    assert busy.startswith(expected % ("Server Error", 102))
    assert len(desk.states) == 1
    [denied] = socket.send(_frame("CancelWithdraw", cancel))
    assert denied.startswith(expected % ("Not Authorized", 20))
    assert desk.states[-1] == "UserCanceled"
    assert desk.account.last_request("cancel").sent == (denied,)
    assert socket.send(_frame("Ping", {})) == ()
    assert socket.send("no frame") == ()
    assert "PONG" in socket.send(_frame("Ping", {}))[0]


# --- sockets ------------------------------------------------------------------------------------------------------

_IDS = (("UserId", "user_id"), ("AccountId", "account_id"))


def _frame(function: str, payload: dict[str, Any]) -> str:
    return json.dumps({"m": 0, "i": 2, "n": function, "o": json.dumps(payload)})


def _logged_in(desk: Any) -> Any:
    socket = desk.simulator.open_socket("/WSGateway/")
    assert "Authenticated" in socket.send(alphapoint_dialect.hello(desk.account.credentials))[0]
    return socket


def _subscribed(desk: Any) -> Any:
    """A socket that hears of every change of the account."""
    if desk.name == "alphapoint":
        socket = _logged_in(desk)
        payload = {"OMSId": 1, "AccountId": desk.account.credentials["account_id"]}
        assert "Subscribed" in socket.send(_frame("SubscribeAccountEvents", payload))[0]
        return socket
    socket = desk.simulator.open_socket("/ws/v5/business")
    socket.send(okx_dialect.login(desk.account.credentials, str(desk.clock.now_ms // 1000)))
    socket.send('{"op":"subscribe","args":[{"channel":"withdrawal-info"}]}')
    return socket


@pytest.mark.parametrize(("kind", "acts"), [("close_before", False), ("lose_reply", True)])
def test_a_socket_breaks_at_a_frame_before_or_after_the_act(desk_of: Open, kind: str, acts: bool) -> None:
    desk = desk_of("alphapoint")
    socket = _logged_in(desk)
    fault = desk.account.fault(kind, endpoint="cancel")
    cancel = {
        "OMSId": 1,
        **{name: desk.account.credentials[key] for name, key in _IDS},
        "RequestCode": desk.withdrawal.id,
    }
    with pytest.raises(ReplyLost):
        socket.send(_frame("CancelWithdraw", cancel))
    assert (desk.states[-1] == "UserCanceled") is acts
    assert (fault.met, fault.fired) == (1, 1)
    assert desk.account.requests("cancel")[0].fault == kind
    assert desk.simulator.service.sockets == []


@pytest.mark.parametrize("op", ["login", "subscribe", "ping"])
def test_a_socket_of_okx_breaks_at_an_operation_that_only_sockets_have(desk_of: Open, op: str) -> None:
    desk = desk_of("okx")
    desk.account.fault("close_before", endpoint=op)
    if op == "login":
        with pytest.raises(ReplyLost):
            _subscribed(desk)
        return
    socket = desk.simulator.open_socket("/ws/v5/business")
    socket.send(okx_dialect.login(desk.account.credentials, str(desk.clock.now_ms // 1000)))
    with pytest.raises(ReplyLost):
        socket.send("ping" if op == "ping" else '{"op":"subscribe","args":[{"channel":"withdrawal-info"}]}')


@pytest.mark.parametrize("name", ["okx", "alphapoint"])
def test_a_lost_push_leaves_the_socket_open(desk_of: Open, name: str) -> None:
    desk = desk_of(name)
    socket = _subscribed(desk)
    fault = desk.account.fault("lose_push", nth=2)
    heard = []
    for event in ("approve", "broadcast", "complete") if name == "okx" else ("confirm", "auto_accept", "check_aml"):
        desk.withdrawal.event(event)
        heard.append(len(socket.pushed()))
    assert heard == [1, 0, 1]
    assert (fault.met, fault.fired) == (3, 1)


@pytest.mark.parametrize("kind", ["lose_push", "break_at_push"])
@pytest.mark.parametrize("name", ["okx", "alphapoint"])
def test_a_push_that_was_lost_stands_in_the_journal_and_is_none_of_the_clients_requests(
    desk_of: Open, name: str, kind: str
) -> None:
    desk = desk_of(name)
    socket = _subscribed(desk)
    asked = desk.account.calls
    assert desk.account.requests("push") == []
    desk.account.fault(kind, nth=2)
    for _ in range(2):
        desk.withdrawal.event()
    with suppress(ReplyLost):
        assert len(socket.pushed()) == 1
    [lost] = desk.account.requests("push")
    assert (lost.fault, lost.refused, lost.changes) == (kind, None, ())
    assert lost.at_ms == desk.clock.now_ms
    assert desk.withdrawal.id in lost.frames[0]
    assert desk.account.calls == asked
    assert desk.account.last_request().endpoint == asked[-1]
    assert [entry.endpoint for entry in desk.account.journal] == [*asked, "push"]


def test_a_push_that_was_lost_is_told_by_the_control_surface_the_log_and_the_other_arm(
    simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="exchange_simulator.requests")
    simulator.service.listeners.append(logs.listener)
    account = RemoteSimulator(simulator.url).okx.account()
    now_s = simulator.service.clock.now_ns() // 10**9
    socket = simulator.open_socket("/ws/v5/business")
    socket.send(okx_dialect.login(account.credentials, str(now_s)))
    socket.send('{"op":"subscribe","args":[{"channel":"withdrawal-info"}]}')
    account.fault("lose_push")
    account.withdrawal("USDT", "10")
    [lost] = account.requests("push")
    assert (lost.endpoint, lost.fault, account.calls) == ("push", "lose_push", ["login", "subscribe"])
    assert '"channel":"withdrawal-info"' in lost.frames[0]
    assert caplog.messages[-1] == "(push on /ws/v5/business)"


@pytest.mark.parametrize("name", ["okx", "alphapoint"])
def test_a_socket_breaks_where_a_frame_would_have_been_pushed(desk_of: Open, name: str) -> None:
    desk = desk_of(name)
    socket, other = _subscribed(desk), desk.simulator.open_socket("/WSGateway/")
    desk.account.fault("break_at_push")
    desk.withdrawal.event()
    with pytest.raises(ReplyLost):
        socket.pushed()
    assert len(desk.simulator.service.sockets) == 1
    desk.withdrawal.event()
    assert (socket.pushed(), other.pushed()) == ((), ())


def test_a_push_that_is_lost_by_share_is_lost_by_seed() -> None:
    def heard(seed: int) -> list[int]:
        simulator = Simulator(seed=seed, clock=ManualClock())
        account = simulator.okx.account("mine")
        account.fault("lose_push", share=0.5, times=None)
        socket = simulator.open_socket("/ws/v5/business")
        socket.send(okx_dialect.login(account.credentials, "1700000000"))
        socket.send('{"op":"subscribe","args":[{"channel":"withdrawal-info"}]}')
        for _ in range(32):
            account.withdrawal("USDT", "1")
        return [int(json.loads(frame)["data"][0]["wdId"]) for frame in socket.pushed()]

    assert heard(1) == heard(1)
    assert 8 < len(heard(1)) < 24
    assert len(heard(1)) != len(heard(2)) or heard(1) != heard(2)


# --- faults that never happened -----------------------------------------------------------------------------------


def test_a_fault_that_never_happened_can_be_asked_for(desk_of: Open) -> None:
    desk = desk_of("bybit")
    exchange = desk.simulator.bybit
    happened = desk.account.fault("delay", seconds=1, endpoint="cancel")
    never = desk.account.fault("lose_reply", endpoint="list")
    public = exchange.fault("maintenance")
    desk.cancel()
    assert desk.account.faults == [happened, never]
    assert desk.account.unfired == [never]
    assert (exchange.faults, exchange.unfired) == ([public], [public])
    exchange.forget_faults()
    desk.account.forget_faults()
    assert (exchange.faults, desk.account.faults) == ([], [])
    with pytest.raises(Misuse, match="there is no fault 'x' here"):
        desk.account.forget_faults("x")


def test_what_was_forgotten_gives_its_stream_of_draws_to_no_later_fault() -> None:
    account = Simulator().bybit.account()
    first, second = account.fault("lose_reply"), account.fault("lose_reply")
    account.forget_faults(first.id)
    third = account.fault("lose_reply")
    assert len({first.id, second.id, third.id}) == 3


def test_a_fault_does_not_let_fall_due_what_is_not(desk_of: Open) -> None:
    """While a row is rendered, the account's fields stay in force."""
    desk = desk_of("alphapoint", behavior={"cancel.takes_effect": "later", "cancel.receipt_seconds": 100})
    desk.cancel()
    desk.account.advance(seconds=50)
    desk.account.fault("maintenance", times=1)
    desk.cancel()
    assert desk.withdrawal.internal_state == "Pending2Fa:cancelling"


@pytest.mark.parametrize(
    ("name", "kind", "options", "sentence"),
    [
        (
            "bybit",
            "stale_reads",
            {"endpoint": "cancel"},
            "the fault 'stale_reads' cannot happen to 'cancel'; known are list",
        ),
        (
            "okx",
            "stale_reads",
            {"endpoint": "balances"},
            "the fault 'stale_reads' cannot happen to 'balances'; known are",
        ),
        ("bybit", "stale_reads", {"steps": 0}, "faults: option 'steps' must be a whole number of 1 or more"),
        ("bybit", "lose_reply", {"steps": 1}, "the fault 'lose_reply' has no option 'steps'; none are known here"),
        ("bybit", "maintenance", {"row": "X"}, "the fault 'maintenance' has no option 'row'; none are known here"),
        ("bybit", "lose_push", {}, "bybit pushes nothing here, so the fault 'lose_push' cannot happen to it"),
        ("kraken", "break_at_push", {}, "kraken pushes nothing here, so the fault 'break_at_push' cannot happen to it"),
        (
            "okx",
            "lose_push",
            {"endpoint": "list"},
            "the fault 'lose_push' happens to what is pushed, not to an endpoint",
        ),
        ("okx", "edge", {"endpoint": "subscribe"}, "the fault 'edge' cannot happen to 'subscribe'; known are "),
        ("okx", "busy", {"endpoint": "ping"}, "the fault 'busy' cannot happen to 'ping'; known are "),
        (
            "alphapoint",
            "delay",
            {"endpoint": "subscribe", "seconds": 1},
            "the fault 'delay' cannot happen to 'subscribe'",
        ),
        ("okx", "lose_reply", {"endpoint": "subscrib"}, "okx has no endpoint 'subscrib'; did you mean 'subscribe'"),
        ("bybit", "lose_reply", {"endpoint": "subscribe"}, "bybit has no endpoint 'subscribe'; known are "),
    ],
)
def test_a_fault_that_could_never_happen_is_refused(
    name: str, kind: str, options: dict[str, Any], sentence: str
) -> None:
    account = Simulator().exchange(name).account()
    with pytest.raises(Misuse) as told:
        account.fault(kind, **options)
    assert str(told.value).startswith(sentence)


@pytest.mark.parametrize("kind", ["stale_reads", "lose_push", "break_at_push"])
def test_what_happens_to_accounts_alone_is_no_fault_of_an_exchange(kind: str) -> None:
    with pytest.raises(Misuse, match=f"'{kind}' happens to an account alone; make it a fault of the account"):
        Simulator().okx.fault(kind)


def test_the_endpoints_that_show_withdrawals_are_these() -> None:
    shown = {exchange.name: [one.name for one in exchange.endpoints if one.shows] for exchange in exchanges}
    assert shown == {
        "bybit": ["list"],
        "okx": ["list", "status"],
        "kraken": ["list"],
        "alphapoint": ["list", "ticket", "tickets", "all_tickets"],
    }
