"""Open WebSockets at the service: order of what goes out, pushes for changes whoever made them, silence, faults.

The exchange here is a stand-in with a socket side of its own, so that what is tested is the mechanism alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from simulator import Request, Simulator
from simulator.core.accounts import Account
from simulator.core.book import Change
from simulator.core.clock import ManualClock
from simulator.core.exchange import FrameAnswer, Sockets
from simulator.core.message import Frame
from simulator.core.world import World
from simulator.exchanges.bybit import BYBIT
from simulator.server.inprocess import SocketHandle
from simulator.service import Service, operations, turns
from simulator.service.sockets import Breaking, Closing, Outgoing


def receive(world: World, session: Any, frame: Frame) -> FrameAnswer:
    """Echo; `move ID` cancels a withdrawal of account `a`, `bye` closes."""
    account = world.accounts.get("a")
    if frame.text.startswith("move "):
        assert account is not None
        withdrawal = account.book.find(frame.text.removeprefix("move "))
        assert withdrawal is not None
        account.move(withdrawal, "cancel")
    return FrameAnswer(
        session=session + 1,
        frames=(f"echo {session} {frame.text}",),
        endpoint="cancel" if frame.text.startswith("move ") else "echo",
        account=account,
        refusal=None,
        row=None,
        close=(4001, "bye") if frame.text == "bye" else None,
    )


def meant(world: World, _: Any, frame: Frame) -> tuple[str, Account | None]:
    return "cancel" if frame.text.startswith("move ") else "echo", world.accounts.get("a")


def push(_: World, session: Any, changes: tuple[Change, ...]) -> tuple[Any, tuple[str, ...]]:
    return session + 10, tuple(f"push {change.withdrawal} {change.target}" for change in changes)


def expire(world: World, _: Any) -> tuple[int, str] | None:
    return (4004, "silent") if world.now_ms() >= 1_700_000_030_000 else None


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch) -> Simulator:
    side = Sockets(lambda path: path == "/v5/socket", lambda world, request: 0, receive, meant, ("echo",), push, expire)
    fake = replace(BYBIT, sockets=side)
    monkeypatch.setattr(turns, "exchanges", (fake,))
    return Simulator(clock=ManualClock())


def test_an_answer_goes_out_before_the_pushes_of_its_turn_and_to_others_go_the_pushes(simulator: Simulator) -> None:
    account = simulator.bybit.account("a")
    withdrawal = account.withdrawal("USDT", "10").id
    mine, other = simulator.open_socket("/v5/socket"), simulator.open_socket("/v5/socket?x=1")
    assert mine.send(f"move {withdrawal}") == (f"echo 0 move {withdrawal}", f"push {withdrawal} CancelByUser")
    assert other.pushed() == (f"push {withdrawal} CancelByUser",)
    assert mine.send("x") == ("echo 11 x",)


def test_what_events_time_and_new_withdrawals_change_is_pushed(simulator: Simulator) -> None:
    account = simulator.bybit.account("a")
    socket = simulator.open_socket("/v5/socket")
    withdrawal = account.withdrawal("USDT", "10")
    assert socket.pushed() == (f"push {withdrawal.id} UnderReview",)
    withdrawal.event()
    assert socket.pushed() == (f"push {withdrawal.id} UnderFinalReview",)
    account.advance(minutes=1)
    assert socket.pushed() == (f"push {withdrawal.id} Pending",)
    account.set(progress="immediate")
    assert socket.pushed()[-1] == f"push {withdrawal.id} Success"


def test_what_falls_due_while_nobody_asks_is_pushed_with_the_next_tick(simulator: Simulator) -> None:
    account = simulator.bybit.account("a", progress="timed")
    withdrawal = account.withdrawal("USDT", "10", state="UnderFinalReview")
    clock = simulator.service.clock
    assert isinstance(clock, ManualClock)
    clock.now_ms -= 100_000
    socket = simulator.open_socket("/v5/socket")
    simulator.service.tick()
    assert socket.pushed() == ()
    clock.advance(60_000)
    account.set(progress="timed")
    clock.advance(100_000 - 60_000 + 29_000)
    simulator.service.tick()
    assert socket.pushed() == ()
    assert withdrawal.internal_state == "UnderFinalReview"


def test_a_socket_that_was_silent_for_too_long_is_closed_by_the_tick(simulator: Simulator) -> None:
    socket = simulator.open_socket("/v5/socket")
    simulator.service.tick()
    assert socket.closed is None
    clock = simulator.service.clock
    assert isinstance(clock, ManualClock)
    clock.advance(30_000)
    simulator.service.tick()
    assert (socket.pushed(), socket.closed) == ((), (4004, "silent"))
    assert simulator.service.sockets == []


def test_an_exchange_may_close_behind_its_answer(simulator: Simulator) -> None:
    heard: list[Outgoing] = []
    service = simulator.service
    socket = service.connect(Request("GET", "/v5/socket"), heard.append)
    service.frame(socket, "bye")
    assert heard == ["echo 0 bye", Closing(4001, "bye")]
    assert service.sockets == []


def test_a_lost_answer_breaks_the_socket_after_the_act(simulator: Simulator) -> None:
    account = simulator.bybit.account("a")
    withdrawal = account.withdrawal("USDT", "10")
    account.fault("lose_reply", endpoint="cancel")
    heard: list[Outgoing] = []
    service = simulator.service
    socket = service.connect(Request("GET", "/v5/socket"), heard.append)
    service.frame(socket, f"move {withdrawal.id}")
    assert heard == [Breaking()]
    assert withdrawal.state == "CancelByUser"
    assert account.requests("cancel")[0].fault == "lose_reply"


def test_a_closed_handle_hears_nothing_more(simulator: Simulator) -> None:
    account = simulator.bybit.account("a")
    socket = simulator.open_socket("/v5/socket")
    socket.close()
    socket.close()
    account.withdrawal("USDT", "10")
    assert socket.pushed() == ()


def test_an_exchange_without_pushes_gets_none() -> None:
    service = Service()
    handle = SocketHandle(service, "/WSGateway/")
    opened = operations.create_account(service, "bybit", {})
    operations.create_withdrawal(service, opened.account.id, {"asset": "USDT", "amount": "1"})
    assert handle.pushed() == ()
