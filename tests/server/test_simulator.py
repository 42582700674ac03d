"""The Python API: `Simulator`, accounts, keys, withdrawals."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest

from contracts.dialects import bybit
from contracts.wire import Credentials, HttpCall
from simulator import Misuse, Reply, ReplyLost, Request, Simulator
from simulator.core.clock import ManualClock
from simulator.core.misuse import NotThere
from simulator.server.hosting import Host
from simulator.service.listed import exchanges

NAMES = [exchange.name for exchange in exchanges]


def cancel(simulator: Simulator, credentials: Credentials, withdrawal: str, now_ms: int) -> Reply:
    bare = HttpCall("POST", "/v5/asset/withdraw/cancel", (), b'{"id":"%s"}' % withdrawal.encode())
    call = bybit.signed(bare, credentials, now_ms)
    return simulator.answer(Request(call.method, call.target, call.headers, call.body))


def any_value(value: Any) -> Any:
    """A value of the wrong type, as a test without a type checker hands it in."""
    return value


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
    with pytest.raises(Misuse, match="the account 'bybit-a' of this handle has been deleted; make a fresh one"):
        _ = withdrawal.state


def test_a_handle_of_a_deleted_account_never_acts_on_a_later_one_of_its_name() -> None:
    simulator = Simulator()
    account = simulator.bybit.account("a")
    withdrawal = account.withdrawal("USDT", "10")
    cancel(simulator, account.credentials, withdrawal.id, account.now_ms)
    account.delete()
    later = simulator.bybit.account("a")
    same = later.withdrawal("USDT", "10")
    assert same.id == withdrawal.id  # ids follow from the seed and the account's name
    for wrong in (
        lambda: account.advance(hours=1),
        lambda: account.withdrawal("USDT", "10"),
        account.key,
        lambda: account.set(limits=True),
        lambda: account.fault("lose_reply"),
        lambda: withdrawal.event("cancel"),
        lambda: withdrawal.state,
        lambda: withdrawal.history,
    ):
        with pytest.raises(NotThere) as told:
            wrong()
        assert str(told.value) == "the account 'bybit-a' of this handle has been deleted; make a fresh one"
    shown = simulator.service.worlds["bybit"].accounts["a"]
    assert (shown.lead_ms, len(shown.book), len(shown.keys), shown.limited, shown.faults) == (0, 1, 1, False, [])
    assert same.state == "SecurityCheck"
    assert [entry.endpoint for entry in account.requests()] == ["cancel"]
    assert (len(account.journal), len(later.journal)) == (1, 0)


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
    withdrawal = account.withdrawal("USDT", "10")
    for wrong, sentence in (
        (lambda: simulator.url, "the simulator is not running: use it in a with statement or call start"),
        (lambda: simulator.exchange("bitstamp"), "there is no exchange 'bitstamp'"),
        (lambda: simulator.bybit.account("a"), "bybit already has an account 'a'; choose another name or delete it"),
        (lambda: simulator.bybit.account(nonce_window=1), "bybit accounts have no option 'nonce_window'"),
        (lambda: account.withdrawal("USDT", "١"), "amount '١' is not a decimal number such as '10.5'"),
        (lambda: account.withdrawal("USDT", "1_0"), "amount '1_0' is not a decimal number such as '10.5'"),
        (lambda: account.withdrawal("USDT", " 1 "), "amount ' 1 ' is not a decimal number such as '10.5'"),
        (lambda: account.withdrawal("USDT", "-1"), "amount '-1' must be a finite number"),
        (lambda: account.withdrawal("USDT", "1", nettwork="TRX"), "bybit withdrawals have no option 'nettwork'; did"),
        (lambda: account.advance(seconds=-1), "seconds -1 must be a number"),
        (lambda: account.fault("lose"), "there is no fault 'lose'; did you mean 'lose_push'?"),
        (lambda: account.fault("lose_reply", endpoint="cancle"), "bybit has no endpoint 'cancle'; did you mean"),
        (lambda: account.fault("lose_reply", nth=0), "faults: option 'nth' must be a whole number of 1 or more"),
        (lambda: account.set(progres="timed"), "account changes have no option 'progres'; did you mean 'progress'"),
        (lambda: account.advance(seconds=any_value("5")), "seconds '5' must be a number from 0 to 3153600000"),
        (lambda: account.advance(minutes=any_value(None)), "minutes None must be a number from 0 to 52560000"),
        (lambda: account.advance(hours=10**5000), "hours <int> must be a number from 0 to 876000"),
        (lambda: account.advance(seconds=any_value("5" * 99)), "seconds '5555"),
        (
            lambda: simulator.bybit.account(balances=any_value(["USDT"])),
            "bybit accounts: option 'balances' must be an object",
        ),
        (lambda: simulator.bybit.account(balances={"USDT": 10**5000}), "balance of USDT '1000"),
        (
            lambda: simulator.bybit.account(permissions=any_value(5)),
            "bybit accounts: option 'permissions' must be a list",
        ),
        (
            lambda: simulator.bybit.account(permissions=any_value("Withdraw")),
            "bybit accounts: option 'permissions' must be",
        ),
        (lambda: simulator.bybit.account(behavior=any_value(0)), "bybit accounts: option 'behavior' must be"),
        (lambda: account.withdrawal("USDT", any_value([])), "bybit withdrawals: option 'amount' must be"),
        (lambda: withdrawal.event(any_value(5)), "event 5 must be the name of an event, or nothing for the next one"),
        (lambda: withdrawal.event(any_value([])), "event [] must be the name of an event, or nothing for the next"),
        (lambda: simulator.exchange(any_value(5)), "there is no exchange 5; known are alphapoint, bybit, kraken, okx"),
        (lambda: simulator.open_socket("/v5/nothing"), "no exchange has a WebSocket at '/v5/nothing'"),
    ):
        with pytest.raises(Misuse) as told:
            wrong()
        assert str(told.value).startswith(sentence)
        assert "\n" not in str(told.value)
        assert len(str(told.value)) < 400


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


def test_a_start_from_many_threads_starts_one_server_and_one_stop_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = threading.active_count()
    simulator = Simulator()
    listen = Host.start
    second = threading.Barrier(2)

    def slowly(host: Host) -> None:
        with suppress(threading.BrokenBarrierError):
            second.wait(0.1)  # as long as a second server could be on its way
        listen(host)

    monkeypatch.setattr(Host, "start", slowly)
    with ThreadPoolExecutor(6) as pool:
        urls = {future.result().url for future in [pool.submit(simulator.start) for _ in range(6)]}
    assert urls == {simulator.url}
    assert threading.active_count() == before + 1
    simulator.stop()
    assert threading.active_count() == before


@pytest.mark.parametrize(
    ("host", "sentence"),
    [
        ("a..b", "cannot listen on a..b:0: "),
        ("a" * 70, f"cannot listen on {'a' * 70}:0: "),
        ("\0", "cannot listen on '\\x00':0: "),
        ("two\nlines", "cannot listen on 'two\\nlines':0: "),
    ],
)
@pytest.mark.parametrize("tls", [False, True])
def test_a_host_that_is_no_name_is_refused_and_nothing_runs(host: Any, sentence: str, tls: bool) -> None:
    before = threading.active_count()
    simulator = Simulator(host=host, tls=tls)
    with pytest.raises(Misuse) as told:
        simulator.start()
    assert str(told.value).startswith((sentence, "no certificate can be made for host ") if tls else sentence)
    assert str(told.value).count("\n") == 0
    assert "; choose another address" in str(told.value)
    simulator.stop()
    assert (simulator.port, threading.active_count()) == (0, before)


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    with Simulator(), Simulator():
        assert threading.active_count() == before + 2
    assert threading.active_count() == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v5", b""),
        ("/V5/market/time", b""),
        ("//v5/market/time", b""),
        (
            "/api/v5",
            b'{"code":404,"data":{},"detailMsg":"","error_code":"404","error_message":"Not Found","msg":"Not Found"}',
        ),
        (
            "/API/V5/public/time",
            b'{"code":404,"data":{},"detailMsg":"","error_code":"404","error_message":"Not Found","msg":"Not Found"}',
        ),
        (
            "//api/v5/public/time",
            b'{"code":404,"data":{},"detailMsg":"","error_code":"404","error_message":"Not Found","msg":"Not Found"}',
        ),
        ("/0", b'{"error":["EGeneral:Unknown method"]}'),
        ("//0/public/Time", b'{"error":["EGeneral:Unknown method"]}'),
        ("//AP/Ping", b"NOT FOUND"),
    ],
)
def test_a_path_beside_a_root_is_unknown_in_the_words_of_its_exchange(path: str, body: bytes) -> None:
    reply = Simulator().answer(Request("GET", path))
    assert (reply.status, reply.body) == (404, body)


@pytest.mark.parametrize("path", ["/", "//", "/v5x", "/api/v50/x", "/apples", "/01"])
def test_a_path_that_only_begins_like_a_root_is_nobodys(path: str) -> None:
    reply = Simulator().answer(Request("GET", path))
    assert reply.header("Content-Type") == "application/problem+json"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: Simulator(port=any_value("80")), "port '80' must be a number from 0 to 65535"),
        (lambda: Simulator(port=any_value(True)), "port True must be a number from 0 to 65535"),
        (lambda: Simulator(tls=any_value("yes")), "tls 'yes' must be true or false"),
        (lambda: Simulator(tls_port=8443), "tls_port 8443 is given without tls=True"),
        (lambda: Simulator(tls=True, tls_port=any_value(None)), "tls_port None must be a number from 0 to 65535"),
        (lambda: Simulator(host=any_value(5)), "host 5 must be an address or a name, such as '127.0.0.1'"),
        (
            lambda: Simulator().answer(any_value("GET /")),
            "answer takes a Request, such as Request('GET', '/v5/market/time'), not 'GET /'",
        ),
    ],
)
def test_a_simulator_of_wrong_values_is_told_in_one_sentence(wrong: Callable[[], object], sentence: str) -> None:
    with pytest.raises(Misuse) as told:
        wrong()
    assert str(told.value) == sentence
