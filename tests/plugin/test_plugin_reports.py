"""A failing test's report says what its clients asked and why they were refused; strict mode fails on strays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from simulator import Request, Simulator
from simulator.plugin.strict import CONDITIONS
from simulator.plugin.transcript import Call, transcript
from simulator.service.listed import exchanges

Run = Callable[..., pytest.RunResult]


def test_a_failing_test_shows_its_calls_with_the_reasons_of_refusals(repository: pytest.Pytester, run: Run) -> None:
    repository.makepyfile(
        test_it="""
        from client import cancel

        def test_1_passes(bybit_account):
            cancel(bybit_account, "4711")

        def test_2_fails(bybit_account, exchange_simulator):
            withdrawal = bybit_account.withdrawal("USDT", "10")
            cancel(bybit_account, withdrawal.id, api_secret="wrong")
            cancel(bybit_account, withdrawal.id)
            with exchange_simulator.bybit.account(api_secret="mine-alone") as second:
                cancel(second, withdrawal.id)
            cancel(bybit_account, withdrawal.id, api_key="nobodys")
            assert withdrawal.state == "SecurityCheck"
        """
    )
    result = run()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- exchange simulator -*",
            "4 calls in this test",
            "",
            "bybit-test-2-fails-????????????  [[]cancel]",
            '  asked     POST /v5/asset/withdraw/cancel  {"id":"*"}',
            '  answered  200  {"retCode":10004,*',
            "  refused   SIGNATURE_WRONG (auth.wrong_signature): the signature is another one",
            '  signed    *5000{"id":"*"}',
            "  expected  ????????????????????????????????????????????????????????????????",
            "  received  ????????????????????????????????????????????????????????????????",
            "  mistake   none that is known",
            "",
            "bybit-test-2-fails-????????????  [[]cancel]",
            '  answered  200  {"retCode":0,*',
            "  changed   *: UnderReview -> CancelByUser by cancel",
            "",
            "bybit-test-2-fails-????????????-2  [[]cancel]",
            "  refused   PARAMS_ERROR (cancel.foreign_id): the withdrawal is another account's",
            "",
            "bybit  [[]cancel]",
            "  refused   API_KEY_INVALID (auth.unknown_key): nobody has this key",
        ]
    )
    result.stdout.no_fnmatch_line("*4711*")
    result.stdout.no_fnmatch_line("*mine-alone*  *")


def test_a_report_shows_no_supplied_secret_however_it_is_written(repository: pytest.Pytester, run: Run) -> None:
    repository.makepyfile(
        leaky="""
        from simulator import Request

        def cancel(simulator):
            simulator.kraken.account(api_key="key=", api_secret="c2VjcmV0LXN1cHBsaWVkLWZvci1rcmFrZW4=")
            headers = (("API-Key", "key="), ("API-Sign", "c2VjcmV0LXN1cHBsaWVkLWZvci1rcmFrZW4"))
            leak = "x=c2VjcmV0LXN1cHBsaWVkLWZvci1rcmFrZW4%3D&y=1"
            body = f"nonce=1695828271000&{leak}".encode()
            simulator.answer(Request("POST", f"/0/private/WithdrawCancel?{leak}", headers, body))
        """,
        test_it="""
        from leaky import cancel

        def test_fails(exchange_simulator):
            cancel(exchange_simulator)
            raise AssertionError
        """,
    )
    result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "  asked     POST /0/private/WithdrawCancel?x=[*][*][*]&y=1  nonce=1695828271000&x=[*][*][*]&y=1",
            "  signed    *nonce=1695828271000&x=[*][*][*]&y=1*",
            "  received  [*][*][*]",
        ]
    )
    result.stdout.no_fnmatch_line("*c2VjcmV0*")


def test_a_report_shows_no_secret_of_an_account_that_has_gone(repository: pytest.Pytester, run: Run) -> None:
    repository.makepyfile(
        secret="SECRET = 'Zk9Qw3Rt7Yx1Vb5Nm2Lp8Hg4Dc6Ja0Es'",
        test_it="""
        from secret import SECRET
        from simulator import Request

        def test_fails(exchange_simulator):
            with exchange_simulator.bybit.account(api_secret=SECRET):
                exchange_simulator.answer(Request("POST", "/v5/asset/withdraw/cancel", (), SECRET.encode()))
            raise AssertionError
        """,
    )
    result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["  asked     POST /v5/asset/withdraw/cancel  [*][*][*]"])
    result.stdout.no_fnmatch_line("*Zk9Q*")


def test_a_test_without_calls_and_a_test_that_passes_show_nothing(repository: pytest.Pytester, run: Run) -> None:
    repository.makepyfile(
        test_it="""
        def test_fails(bybit_account):
            assert 0

        def test_fails_without_us():
            assert 0
        """
    )
    result = run()
    result.assert_outcomes(failed=2)
    result.stdout.no_fnmatch_line("*exchange simulator*")


def test_a_transcript_shows_the_last_calls_faults_and_frames_and_cuts_what_is_long() -> None:
    document = {
        "endpoint": "",
        "request": {"frame": "x" * 600, "target": "/WSGateway/"},
        "reply": {"frames": ["one\n", "\udcff"]},
        "sent": {"frames": ["no"]},
        "refused": {
            "condition": "frame.not_json",
            "row": "NONE",
            "check": "no JSON",
            "because": "first\nsecond",
            "diagnosis": None,
        },
        "unread": ["a", "b"],
        "near_misses": [
            {"exchange": "okx", "endpoint": "list", "method": "GET", "path": "/api", "why": "takes GET, not POST"}
        ],
        "changes": [{"withdrawal": "1", "from": "", "to": "New", "event": "create"}],
        "fault": "lose_reply",
    }
    assert transcript([], 0) == ""
    assert transcript([Call("", document), Call("okx", {**document, "reply": {"frames": []}})], 5).splitlines() == [
        "5 calls in this test, the last 2 of them",
        "",
        "no exchange",
        "  asked     frame on /WSGateway/  " + "x" * 478 + "... (622 characters)",
        "  answered  frame  one\\n",
        "  answered  frame  \\udcff",
        "  fault     lose_reply",
        "  sent      frame  no",
        "  refused   NONE (frame.not_json): no JSON",
        "            first",
        "            second",
        "  nearest   okx list GET /api (takes GET, not POST)",
        "  unread    a, b",
        "  changed   1: (new) -> New by create",
        "",
        "okx",
        "  asked     frame on /WSGateway/  " + "x" * 478 + "... (622 characters)",
        "  answered  nothing",
        "  fault     lose_reply",
        "  sent      frame  no",
        "  refused   NONE (frame.not_json): no JSON",
        "            first",
        "            second",
        "  nearest   okx list GET /api (takes GET, not POST)",
        "  unread    a, b",
        "  changed   1: (new) -> New by create",
    ]


STRAYS = """
    import pytest
    from client import cancel, send
    from contracts.wire import HttpCall

    def test_1_good(bybit_account):
        cancel(bybit_account, bybit_account.withdrawal("USDT", "10").id)

    def test_2_wrong_secret_is_no_stray(bybit_account):
        cancel(bybit_account, "1", api_secret="wrong")

    def test_3_key(bybit_account):
        cancel(bybit_account, "1", api_key="nobodys")

    def test_4_route(bybit_account):
        send(bybit_account.url, HttpCall("GET", "/v5/nothing"))

    def test_5_no_exchange(exchange_simulator):
        send(exchange_simulator.url, HttpCall("GET", "/v6/"))

    @pytest.fixture
    def late(exchange_simulator):
        yield
        send(exchange_simulator.url, HttpCall("GET", "/0/private/Nothing"))

    def test_6_teardown(late):
        pass

    def test_7_fails_once(bybit_account):
        cancel(bybit_account, "1", api_key="nobodys")
        assert 0, "for its own reason"

    @pytest.mark.exchange_strict(False)
    def test_8_on_purpose(bybit_account):
        cancel(bybit_account, "1", api_key="nobodys")

    @pytest.mark.exchange_strict
    def test_9_asked_for(bybit_account):
        cancel(bybit_account, "1", api_key="nobodys")
"""


@pytest.mark.parametrize("far", [False, True], ids=["here", "elsewhere"])
@pytest.mark.parametrize("asked", [("--simulator-strict",), ("-o", "simulator_strict=true")])
def test_strict_mode_fails_tests_whose_client_strays(
    repository: pytest.Pytester, run: Run, simulator: Simulator, asked: tuple[str, ...], far: bool
) -> None:
    repository.makepyfile(test_it=STRAYS)
    simulator.answer(Request("GET", "/what/was/before"))
    result = run(*asked, *(["--simulator-url", simulator.url] if far else []))
    result.assert_outcomes(passed=4, failed=5, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*_ test_3_key _*",
            "strict mode: a client called an unknown route or used an unknown key",
            "  bybit: POST /v5/asset/withdraw/cancel: *nobodys*",
            "*_ test_4_route _*",
            "  bybit: GET /v5/nothing: *",
            "*_ test_5_no_exchange _*",
            "  no exchange: GET /v6/: no exchange has this path",
            "*_ test_7_fails_once _*",
            "*for its own reason*",
        ]
    )
    result.stdout.fnmatch_lines(["*ERROR at teardown of test_6_teardown*", "  kraken: GET /0/private/Nothing: *"])


def test_strict_mode_shows_no_supplied_secret(repository: pytest.Pytester, run: Run) -> None:
    repository.makepyfile(
        secret="SECRET = 'Zk9Qw3Rt7Yx1Vb5Nm2Lp8Hg4Dc6Ja0Es'",
        test_it="""
        from secret import SECRET
        from simulator import Request

        def test_strays(exchange_simulator):
            exchange_simulator.bybit.account(api_secret=SECRET)
            exchange_simulator.answer(Request("GET", f"/v5/nope?s={SECRET}"))
            exchange_simulator.answer(Request("GET", "/v5/" + "x" * 170 + SECRET))
            exchange_simulator.answer(Request("GET", f"/nope/{SECRET}"))
        """,
    )
    result = run("--simulator-strict")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*bybit: GET /v5/nope[?]s=[*][*][*]: *",
            "*bybit: GET /v5/x*x[*][*][*]: *",
            "*no exchange: GET /nope/[*][*][*]: *",
        ]
    )
    result.stdout.no_fnmatch_line("*Zk9Q*")


def test_without_strict_mode_only_the_marker_fails_a_test(repository: pytest.Pytester, run: Run) -> None:
    repository.makepyfile(test_it=STRAYS)
    result = run()
    result.assert_outcomes(passed=7, failed=2)
    result.stdout.fnmatch_lines(["*_ test_7_fails_once _*", "*_ test_9_asked_for _*"])


@pytest.mark.parametrize("far", [False, True], ids=["here", "elsewhere"])
def test_a_failing_report_shows_calls_of_no_account_too(
    repository: pytest.Pytester, run: Run, simulator: Simulator, far: bool
) -> None:
    repository.makepyfile(
        test_it="""
        from client import cancel, send
        from contracts.wire import HttpCall

        def test_0_passes(exchange_simulator):
            send(exchange_simulator.url, HttpCall("GET", "/v5/of-another-test"))

        def test_1_fails(exchange_simulator):
            with exchange_simulator.bybit.account("named") as account:
                cancel(account, "1", api_key="nobodys")
            send(exchange_simulator.url, HttpCall("GET", "/v6/elsewhere"))
            assert 0
        """
    )
    result = run(*(["--simulator-url", simulator.url] if far else []))
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- exchange simulator -*",
            "2 calls in this test",
            "bybit  [[]cancel]",
            "  refused   * (auth.unknown_key): *",
            "no exchange",
            "  asked     GET /v6/elsewhere",
        ]
    )
    result.stdout.no_fnmatch_line("*of-another-test*")


def test_a_server_that_others_use_too_shows_a_test_what_its_own_accounts_were_asked(
    repository: pytest.Pytester, run: Run, simulator: Simulator
) -> None:
    repository.makepyfile(
        test_it="""
        from client import cancel

        def test_it(bybit_account):
            cancel(bybit_account, "1", api_key="nobodys")
            cancel(bybit_account, "1")
            assert 0
        """
    )
    result = run("-n", "2", "--simulator-url", simulator.url, plugins=("xdist",))
    result.stdout.fnmatch_lines(["1 call in this test", "bybit-test-it-*"])


def test_strict_mode_knows_every_condition_of_routes_and_keys() -> None:
    known = {name for exchange in exchanges for name in exchange.unknowns.conditions}
    assert known >= CONDITIONS
    likely = {name for name in known if name.startswith("route.") or name.endswith((".unknown_key", ".key_malformed"))}
    assert likely <= CONDITIONS
