"""The Python API: `Simulator`, accounts, keys, withdrawals."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest

from contracts.dialects import bybit
from contracts.wire import Credentials, HttpCall
from simulator import Misuse, Reply, ReplyLost, Request, Simulator
from simulator.core.clock import ManualClock
from simulator.service.listed import exchanges

NAMES = [exchange.name for exchange in exchanges]


def cancel(simulator: Simulator, credentials: Credentials, withdrawal: str, now_ms: int) -> Reply:
    bare = HttpCall("POST", "/v5/asset/withdraw/cancel", (), b'{"id":"%s"}' % withdrawal.encode())
    call = bybit.signed(bare, credentials, now_ms)
    return simulator.answer(Request(call.method, call.target, call.headers, call.body))


@pytest.mark.parametrize("name", NAMES)
def test_an_account_of_every_exchange_holds_refunds_and_spends_money(name: str) -> None:
    simulator = Simulator()
    with simulator.exchange(name).account(balances={"USDT": "100"}) as account:
        first, second = account.withdrawal("USDT", "10"), account.withdrawal("USDT", Decimal("20.5"))
        gross = first.amount + first.fee + second.amount + second.fee
        assert account.balance("USDT").held == gross
        first.event("cancel")
        account.advance(hours=48)
        assert first.stage == "cancelled"
        balance = account.balance("USDT")
        assert balance.held in (0, second.amount + second.fee)
        assert balance.total == 100
        assert [one.id for one in account.withdrawals] == [first.id, second.id]
        assert first.id != second.id
        assert [step.event for step in first.history][:2] == ["create", "cancel"]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_bytes_whatever_happens_to_other_accounts(name: str) -> None:
    def made(seed: int, *, disturbed: bool) -> tuple[object, ...]:
        simulator = Simulator(seed=seed, clock=ManualClock())
        exchange = simulator.exchange(name)
        if disturbed:
            other = exchange.account("other")
            other.withdrawal("BTC", "1")
        account = exchange.account("mine")
        return account.credentials, account.withdrawal("USDT", "10").id, account.key().credentials

    assert made(7, disturbed=False) == made(7, disturbed=True)
    assert made(7, disturbed=False) != made(8, disturbed=False)


def test_an_account_forgets_itself_and_its_keys_with_its_context() -> None:
    simulator = Simulator()
    with simulator.bybit.account("a") as account:
        withdrawal = account.withdrawal("USDT", "10")
    assert b"API key is invalid." in cancel(simulator, account.credentials, withdrawal.id, account.now_ms).body
    account.delete()  # a second time does nothing
    with simulator.bybit.account("a") as again:
        account.delete()  # and never forgets another account of the same name
        assert again.withdrawals == []
    with pytest.raises(Misuse, match="there is no account 'bybit-a'"):
        _ = withdrawal.state


def test_accounts_do_not_see_each_other() -> None:
    simulator = Simulator()
    with simulator.bybit.account() as mine, simulator.bybit.account() as other:
        withdrawal = other.withdrawal("USDT", "10")
        reply = cancel(simulator, mine.credentials, withdrawal.id, mine.now_ms)
        assert b"params error" in reply.body
        assert withdrawal.state == "SecurityCheck"
        assert (len(mine.requests()), len(other.requests())) == (1, 0)


def test_a_further_key_acts_for_the_same_account_with_its_own_permissions() -> None:
    simulator = Simulator()
    with simulator.bybit.account() as account:
        withdrawal = account.withdrawal("USDT", "10")
        weak, strong = account.key(permissions=[]), account.key()
        assert b"Permission denied" in cancel(simulator, weak.credentials, withdrawal.id, account.now_ms).body
        assert b'"status":1' in cancel(simulator, strong.credentials, withdrawal.id, account.now_ms).body
        assert [entry.refused.row if entry.refused else "" for entry in account.requests("cancel")] == [
            "PERMISSION_DENIED",
            "",
        ]


def test_a_lost_reply_in_process_raises_after_the_act() -> None:
    simulator = Simulator()
    with simulator.bybit.account() as account:
        first, second = account.withdrawal("USDT", "10"), account.withdrawal("USDT", "10")
        fault = account.fault("lose_reply", endpoint="cancel", nth=2)
        assert b'"status":1' in cancel(simulator, account.credentials, first.id, account.now_ms).body
        with pytest.raises(ReplyLost):
            cancel(simulator, account.credentials, second.id, account.now_ms)
        assert second.state == "CancelByUser"
        assert (fault.met, fault.fired) == (2, 1)
        assert b"131099" in cancel(simulator, account.credentials, second.id, account.now_ms).body


def test_settings_of_an_account_can_be_changed() -> None:
    simulator = Simulator()
    with simulator.bybit.account() as account:
        account.set(behavior={"cancel.unknown_id": "SERVICE_ERROR"}, limits=True)
        replies = [cancel(simulator, account.credentials, "1", account.now_ms).body for _ in range(61)]
        assert all(b"openapi svc error" in body for body in replies[:60])
        assert b"10006" in replies[60]


def test_a_wrong_use_is_told_in_one_sentence() -> None:
    simulator = Simulator()
    account = simulator.bybit.account("a")
    for wrong, sentence in (
        (lambda: simulator.url, "the simulator is not running: use it in a with statement or call start"),
        (lambda: simulator.exchange("bitstamp"), "there is no exchange 'bitstamp'"),
        (lambda: simulator.bybit.account("a"), "bybit already has an account 'a'; choose another name or delete it"),
        (lambda: simulator.bybit.account(nonce_window=1), "bybit accounts have no option 'nonce_window'"),
        (lambda: account.withdrawal("USDT", "-1"), "amount '-1' must be a finite number"),
        (lambda: account.withdrawal("USDT", "1", nettwork="TRX"), "bybit withdrawals have no option 'nettwork'; did"),
        (lambda: account.advance(seconds=-1), "seconds -1 must be a number"),
        (lambda: account.fault("lose"), "there is no fault 'lose'; known are close_before, delay, edge, error"),
        (lambda: account.fault("lose_reply", endpoint="cancle"), "bybit has no endpoint 'cancle'; did you mean"),
        (lambda: account.fault("lose_reply", nth=0), "faults: option 'nth': expected `int` >= 1"),
        (lambda: account.set(progres="timed"), "account changes have no option 'progres'; did you mean 'progress'"),
        (lambda: simulator.open_socket("/v5/nothing"), "no exchange has a WebSocket at '/v5/nothing'"),
    ):
        with pytest.raises(Misuse) as told:
            wrong()
        assert str(told.value).startswith(sentence)
        assert "\n" not in str(told.value)


def test_a_simulator_can_be_started_stopped_and_started_again() -> None:
    simulator = Simulator()
    account = simulator.bybit.account()
    for _ in range(2):
        with simulator as running:
            assert running.port > 0
            assert running.start() is running
            assert account.url == running.url
        assert simulator.port == 0
    simulator.stop()


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    with Simulator(), Simulator():
        assert threading.active_count() == before + 2
    assert threading.active_count() == before
