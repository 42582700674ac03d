"""`--simulator-url`: the fixtures use a server that runs elsewhere, through its control surface."""

from __future__ import annotations

import inspect
import json
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from contracts.dialects import bybit
from contracts.wire import HttpCall
from simulator import Misuse, Request, Simulator
from simulator.core.misuse import AlreadyThere, NotThere
from simulator.plugin.remote import RemoteExchange, RemoteSimulator
from simulator.plugin.remote_account import RemoteAccount, RemoteKey
from simulator.plugin.remote_withdrawal import RemoteWithdrawal
from simulator.server.exchange_handle import ExchangeHandle
from simulator.server.handles import AccountHandle, KeyHandle
from simulator.server.withdrawal_handle import WithdrawalHandle
from simulator.service.listed import EXCHANGES

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def remote(simulator: Simulator) -> RemoteSimulator:
    """The running simulator, seen over its control surface."""
    return RemoteSimulator(simulator.url).start()


def cancel(simulator: Simulator, account: RemoteAccount, withdrawal: str) -> bytes:
    body = b'{"id":"%s"}' % withdrawal.encode()
    now_ms = simulator.service.clock.now_ns() // 1_000_000
    call = bybit.signed(HttpCall("POST", "/v5/asset/withdraw/cancel", (), body), account.credentials, now_ms)
    return simulator.answer(Request(call.method, call.target, call.headers, call.body)).body


@pytest.mark.parametrize(
    ("local", "remote_kind"),
    [
        (ExchangeHandle, RemoteExchange),
        (KeyHandle, RemoteKey),
        (AccountHandle, RemoteAccount),
        (WithdrawalHandle, RemoteWithdrawal),
        (Simulator, RemoteSimulator),
    ],
)
def test_a_remote_handle_has_the_names_and_parameters_of_the_local_one(local: type, remote_kind: type) -> None:
    for name, member in inspect.getmembers(local):
        if name.startswith("_"):
            continue
        there = inspect.getattr_static(remote_kind, name)
        assert isinstance(there, property) == isinstance(inspect.getattr_static(local, name), property), name
        if inspect.isfunction(member):
            assert list(inspect.signature(member).parameters) == list(inspect.signature(there).parameters), name


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_remote_account_reads_as_a_local_one(simulator: Simulator, remote: RemoteSimulator, name: str) -> None:
    options: dict[str, Any] = {"balances": {"USDT": "100"}}
    with remote.exchange(name).account("far", **options) as far:
        near = Simulator().exchange(name).account("far", **options)
        for attribute in ("id", "name", "exchange", "credentials", "client_settings", "api_key", "api_secret"):
            assert getattr(far, attribute) == getattr(near, attribute)
        assert far.passphrase == near.passphrase
        assert far.url == simulator.url
        there, here = far.withdrawal("USDT", "10"), near.withdrawal("USDT", Decimal(10))
        for attribute in ("id", "asset", "amount", "fee", "state", "internal_state", "stage"):
            assert getattr(there, attribute) == getattr(here, attribute)
        assert far.balance("USDT") == near.balance("USDT")
        assert far.balance("BTC") == near.balance("BTC")
        there.event("cancel")
        far.advance(hours=48)
        assert there.stage == "cancelled"
        assert [step.event for step in there.history][:2] == ["create", "cancel"]
        assert [one.id for one in far.withdrawals] == [there.id]
        assert far.key().credentials == near.key().credentials


def test_a_remote_journal_is_read_as_entries_also_after_the_account_was_deleted(
    simulator: Simulator, remote: RemoteSimulator
) -> None:
    with remote.bybit.account() as account:
        withdrawal = account.withdrawal("USDT", "10")
        account.set(behavior={"cancel.unknown_id": "SERVICE_ERROR"})
        assert b"openapi svc error" in cancel(simulator, account, "1")
        assert b'"status":1' in cancel(simulator, account, withdrawal.id)
        local = simulator.service.worlds["bybit"].account(account.name).journal
        assert list(account.journal) == list(local)
        assert (len(account.journal), account.journal.dropped) == (2, 0)
    account.delete()  # a second time does nothing
    assert list(account.journal) == list(local)
    assert [entry.refused is None for entry in account.requests("cancel")] == [False, True]
    assert account.requests("list") == []
    cancel(simulator, account, withdrawal.id)
    assert [entry.refused.condition for entry in remote.bybit.journal if entry.refused] == ["auth.unknown_key"]


def test_time_races_and_faults_of_a_remote_account(simulator: Simulator, remote: RemoteSimulator) -> None:
    remote.bybit.set(skew_ms=0)
    account = remote.bybit.account(progress="polled", polls=2, delays={"UnderReview": 1.5}, skew_ms=-60_000)
    withdrawal = account.withdrawal("USDT", "10", progress="manual")
    local = simulator.service.worlds["bybit"].account(account.name)
    assert (local.progress, local.polls, local.delays, local.clock.skew_ms) == (
        "polled",
        2,
        {"UnderReview": 1500},
        -60_000,
    )
    account.set(skew_ms=0)
    withdrawal.set(progress=None)
    plan, late = withdrawal.plan("reject", before="cancel", reason="AML"), withdrawal.plan("pack", after="cancel")
    assert (plan.event, plan.when, plan.endpoint, plan.nth, plan.reason) == ("reject", "before", "cancel", 1, "AML")
    assert (plan.done, plan.is_over, plan.met) == (False, False, 0)
    fired, never = account.fault("delay", seconds=0.001, endpoint="cancel"), account.fault("stale_reads")
    cancel(simulator, account, withdrawal.id)
    assert (plan.done, plan.is_over, plan.because, late.done, late.is_over) == (True, True, "", False, True)
    assert late.because.startswith("a withdrawal in state 'Reject' has no event 'pack'")
    assert [one.id for one in withdrawal.plans] == [plan.id, late.id]
    assert (
        withdrawal.history == simulator.service.worlds["bybit"].accounts[account.name].book.find(withdrawal.id).history
    )  # type: ignore[union-attr]
    assert withdrawal.history[-1].reason == "AML"
    assert [entry.changes[0].reason for entry in account.requests("cancel")] == ["AML"]
    assert [one.id for one in account.faults] == [fired.id, never.id]
    assert [one.id for one in account.unfired] == [never.id]
    account.forget_faults(never.id)
    assert account.unfired == []
    remote.bybit.fault("maintenance")
    assert [one.kind for one in remote.bybit.unfired] == [one.kind for one in remote.bybit.faults] == ["maintenance"]
    remote.bybit.forget_faults()
    assert remote.bybit.faults == []
    other = account.withdrawal("USDT", "10")
    other.event("reject", reason="sanctions")
    assert other.history[-1].reason == "sanctions"
    account.delete()


def test_an_account_that_has_gone_already_is_deleted_quietly(simulator: Simulator, remote: RemoteSimulator) -> None:
    with remote.okx.account() as account:
        simulator.service.worlds["okx"].delete_account(account.name)
    assert len(account.journal) == 0


def test_secrets_that_the_test_chose_are_known_although_the_server_masks_them(remote: RemoteSimulator) -> None:
    account = remote.okx.account(api_secret="my secret", passphrase="my phrase", permissions=["withdraw"])
    assert (account.api_secret, account.passphrase) == ("my secret", "my phrase")
    assert account.credentials["api_secret"] == "my secret"


def test_a_journal_with_frames_is_read(simulator: Simulator, remote: RemoteSimulator) -> None:
    socket = simulator.open_socket("/WSGateway/")
    socket.send("no frame")
    (entry,) = remote.alphapoint.journal
    assert [entry] == list(simulator.alphapoint.journal)


def test_settings_of_a_remote_exchange_can_be_changed(simulator: Simulator, remote: RemoteSimulator) -> None:
    remote.bybit.set(behavior={"cancel.unknown_id": "SERVICE_ERROR"})
    assert b"openapi svc error" in cancel(simulator, remote.bybit.account(), "1")


def test_a_name_that_is_taken_is_passed_over_when_the_plugin_names(remote: RemoteSimulator) -> None:
    remote.bybit.naming = lambda: iter(("a", "a-2", "a-3"))
    first, second = remote.bybit.account(), remote.bybit.account()
    assert (first.name, second.name) == ("a", "a-2")
    with pytest.raises(AlreadyThere, match="already has an account 'a'"):
        remote.bybit.account("a")
    with pytest.raises(AlreadyThere, match="already has a key"):
        remote.bybit.account(api_key=first.api_key)


def test_what_a_remote_simulator_cannot_do_is_one_clear_sentence(remote: RemoteSimulator) -> None:
    account = remote.bybit.account()
    for wrong, sentence in (
        (lambda: remote.answer(Request("GET", "/")), "does not give turns without a socket; send the request to its"),
        (remote.requests_adapter, "does not give requests without a socket; point the client at its url"),
        (remote.httpx_transport, "does not give requests without a socket; point the client at its url"),
        (lambda: remote.open_socket("/WSGateway/"), "does not give WebSockets without a socket; connect to its url"),
        (lambda: remote.tls_url, "does not give its address with TLS"),
        (lambda: remote.tls_ca_file, "does not give its certificate"),
        (lambda: remote.exchange("bitstamp"), "there is no exchange 'bitstamp'"),
        (lambda: account.withdrawal("USDT", "1", nettwork="TRX"), "no option 'nettwork'; did you mean 'network'?"),
        (lambda: RemoteSimulator("localhost:80"), "'localhost:80' is no address of a server, such as"),
        (lambda: RemoteSimulator("http://h:99999"), "'http://h:99999' is no address of a server"),
        (lambda: RemoteSimulator("http://h/p"), "has a path; a simulator answers at the root"),
        (lambda: RemoteSimulator("http://127.0.0.1:1").start(), "no exchange simulator answers at http://127.0.0.1:1:"),
    ):
        with pytest.raises(Misuse) as told:
            wrong()
        assert sentence in str(told.value)
        assert "\n" not in str(told.value)
    remote.stop()
    assert remote.port == RemoteSimulator(remote.url + "/").port


class Canned(HTTPServer):
    """A server that answers what it was told to: for servers that are not this version of ours."""

    answers: list[tuple[int, bytes]]


@pytest.fixture
def canned() -> Iterator[Canned]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, body = server.answers.pop(0)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer  # noqa: N815 the names that http.server calls

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = Canned(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("answer", [(200, b"<html>"), (200, b"[]"), (200, b""), (502, b"{}"), (404, b"[]")])
def test_a_server_that_is_something_else_is_told(canned: Canned, answer: tuple[int, bytes]) -> None:
    canned.answers = [answer]
    with pytest.raises(Misuse, match="is not an exchange simulator"):
        RemoteSimulator(f"http://127.0.0.1:{canned.server_port}").start()


def test_faults_are_asked_of_the_control_surface_and_missed_in_one_sentence(canned: Canned) -> None:
    fault = {"id": "f1", "kind": "lose_reply", "endpoint": "cancel", "nth": 1, "times": 1, "met": 0, "fired": 0}
    canned.answers = [
        (
            201,
            json.dumps(
                {"id": "bybit-a", "exchange": "bybit", "credentials": {"api_key": "", "api_secret": ""}}
            ).encode(),
        ),
        (201, json.dumps(fault).encode()),
        (200, json.dumps({"faults": [{**fault, "id": "f0"}, {**fault, "met": 2}]}).encode()),
        (200, json.dumps({"faults": [{**fault, "fired": 1}]}).encode()),
        (200, b'{"faults": []}'),
        (404, b'{"type": "urn:exchange-simulator:no-such-path", "detail": "whatever it says"}'),
        (404, b'{"type": "about:blank", "detail": "the control surface has no path of that name, says somebody"}'),
    ]
    account = RemoteSimulator(f"http://127.0.0.1:{canned.server_port}").bybit.account()
    made = account.fault("lose_reply", endpoint="cancel")
    assert (made.kind, made.endpoint, made.nth, made.times) == ("lose_reply", "cancel", 1, 1)
    assert (made.met, made.fired) == (2, 1)
    with pytest.raises(NotThere, match="the fault 'f1' is not there any more"):
        _ = made.fired
    with pytest.raises(Misuse, match="has no faults; update it"):
        account.fault("lose_reply")
    with pytest.raises(NotThere, match="says somebody"):
        account.fault("lose_reply")


TESTS = """
    import sys
    import pytest
    from client import cancel

    def test_1_cancel(bybit_account, exchange_simulator):
        withdrawal = bybit_account.withdrawal("USDT", "10")
        assert b'"status":1' in cancel(bybit_account, withdrawal.id)
        assert withdrawal.state == "CancelByUser"
        assert [entry.endpoint for entry in bybit_account.requests("cancel")] == ["cancel"]
        assert "aiohttp" not in sys.modules

    @pytest.mark.exchange_account("bybit", balances={"USDT": "7"})
    def test_2_marker(bybit_account):
        assert bybit_account.balance("USDT").available == 7

    def test_3_fails(bybit_account):
        cancel(bybit_account, "4711")
        assert 0

    def test_4_stray(bybit_account):
        cancel(bybit_account, "1", api_key="nobodys")
"""


@pytest.mark.parametrize("by_option", [True, False])
def test_the_fixtures_use_the_server_at_the_url_and_leave_nothing_behind(
    repository: pytest.Pytester, run: Run, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, by_option: bool
) -> None:
    repository.makepyfile(test_it=TESTS)
    monkeypatch.setenv("EXCHANGE_SIMULATOR_URL", "http://127.0.0.1:1" if by_option else simulator.url)
    simulator.bybit.account("left-by-another-run")
    result = run("--simulator-strict", *(["--simulator-url", simulator.url] if by_option else []))
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(
        [
            f"exchange-simulator: {simulator.url}",
            "*_ test_3_fails _*",
            "*- exchange simulator -*",
            "bybit-test-3-fails-????????????  [[]cancel]",
            "  refused   PARAMS_ERROR (cancel.unknown_id): there is no such withdrawal",
            "*_ test_4_stray _*",
            "strict mode: a client called an unknown route or used an unknown key",
            "  bybit: POST /v5/asset/withdraw/cancel: *nobodys*",
        ]
    )
    assert list(simulator.service.worlds["bybit"].accounts) == ["left-by-another-run"]


def test_workers_share_a_remote_server_but_not_in_strict_mode(
    repository: pytest.Pytester, run: Run, simulator: Simulator
) -> None:
    repository.makepyfile(test_it=TESTS)
    far = ("-n", "2", "--simulator-url", simulator.url)
    run(*far, plugins=("xdist",)).assert_outcomes(passed=3, failed=1)
    result = run(*far, "--simulator-strict", plugins=("xdist",))
    result.assert_outcomes(errors=4)
    result.stdout.fnmatch_lines(["strict mode cannot tell workers apart that share one simulator: use -n 0, or *"])


def test_a_url_at_which_nothing_answers_is_one_clear_sentence(repository: pytest.Pytester, run: Run) -> None:
    repository.makepyfile(test_it="def test_it(bybit_account):\n    pass\n")
    result = run("--simulator-url", "http://127.0.0.1:1")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["exchange_simulator: no exchange simulator answers at http://127.0.0.1:1: *"])


def test_a_server_that_goes_away_during_a_test_does_not_take_the_report_with_it(
    repository: pytest.Pytester, run: Run, simulator: Simulator
) -> None:
    repository.makepyfile(
        test_it="""
        def test_it(bybit_account, exchange_simulator):
            exchange_simulator.control.port = 1
            assert 0, "the test's own reason"
        """
    )
    result = run("--simulator-url", simulator.url)
    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["*the test's own reason*", "*- exchange simulator -*", "no exchange simulator answers*"]
    )


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_a_remote_account_is_kept_as_a_document_and_restored(remote: RemoteSimulator, exchange: str) -> None:
    secrets = {"kraken": {"api_secret": "c2VjcmV0"}, "alphapoint": {"password": "hush"}}
    with remote.exchange(exchange).account("kept", **secrets.get(exchange, {"api_secret": "hush"})) as account:
        withdrawal = account.withdrawal("USDT", "10")
        credentials, document = account.credentials, account.snapshot()
    restored = remote.exchange(exchange).restore(document)
    assert restored.credentials == credentials
    assert [one.id for one in restored.withdrawals] == [withdrawal.id]
    with pytest.raises(AlreadyThere, match=f"{exchange} already has an account 'kept'"):
        remote.exchange(exchange).restore(document)
    with pytest.raises(Misuse, match="this is no snapshot of an account: its format is None"):
        remote.exchange(exchange).restore({})
