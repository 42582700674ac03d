"""What a repository that uses the plugin sees: fixtures, markers, settings."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

Run = Callable[..., pytest.RunResult]


def test_every_test_gets_a_fresh_account_of_one_server(repository: pytest.Pytester, run: Run) -> None:
    repository.makepyfile(
        test_it="""
        import pytest
        from client import cancel

        seen = []

        def test_cancel(bybit_account, exchange_simulator):
            withdrawal = bybit_account.withdrawal("USDT", "10")
            assert b'"status":1' in cancel(bybit_account, withdrawal.id)
            assert withdrawal.state == "CancelByUser"
            assert bybit_account.url == exchange_simulator.url
            seen.append(bybit_account)

        def test_again(bybit_account, exchange_simulator):
            assert bybit_account.withdrawals == []
            assert bybit_account.url == seen[0].url
            assert list(exchange_simulator.service.worlds["bybit"].accounts) == [bybit_account.name]

        @pytest.mark.parametrize("name", ["bybit", "okx", "kraken", "alphapoint"])
        def test_each(name, request):
            account = request.getfixturevalue(f"{name}_account")
            assert account.exchange == name
            assert account.withdrawal("USDT", "10").stage == "pending"

        class TestInAClass:
            def test_method(self, kraken_account):
                assert kraken_account.api_key
        """
    )
    run().assert_outcomes(passed=7)


def test_nothing_of_ours_is_imported_before_a_fixture_is_used(repository: pytest.Pytester, run: Run) -> None:
    repository.makepyfile(
        test_it="""
        import sys

        def loaded():
            return {name.partition(".")[0] for name in sys.modules} & {"aiohttp", "asyncio", "simulator", "msgspec"}

        def test_1_before():
            assert loaded() == set()

        def test_2_with_it(bybit_account):
            assert loaded() == {"aiohttp", "asyncio", "simulator", "msgspec"}
        """
    )
    run().assert_outcomes(passed=2)


def test_accounts_are_named_after_the_test_so_that_other_tests_do_not_change_its_bytes(
    repository: pytest.Pytester, run: Run
) -> None:
    repository.makepyfile(
        test_it="""
        import json, pathlib, pytest

        @pytest.mark.parametrize("text", ["a", "a b", "a-b", "\\u00e9" * 300])
        def test_one(text, bybit_account, exchange_simulator, request):
            with exchange_simulator.bybit.account() as second, exchange_simulator.exchange("bybit").account() as third:
                accounts = [bybit_account, second, third]
                bytes_made = [[a.name, a.credentials, a.withdrawal("USDT", "1").id] for a in accounts]
            with pathlib.Path("made.jsonl").open("a") as file:
                file.write(json.dumps([request.node.nodeid, bytes_made]) + "\\n")
        """
    )
    made = repository.path / "made.jsonl"
    run().assert_outcomes(passed=4)
    together = sorted(made.read_text().splitlines())
    made.unlink()
    for test in [json.loads(together[index])[0] for index in (2, 3, 0, 1)]:
        run(test).assert_outcomes(passed=1)
    alone = sorted(made.read_text().splitlines())
    assert together == alone
    assert len({line.partition(", ")[2] for line in alone}) == 4


def test_a_marker_gives_options_and_the_closest_one_wins(repository: pytest.Pytester, run: Run) -> None:
    repository.makepyfile(
        test_it="""
        import pytest
        from client import cancel

        pytestmark = pytest.mark.exchange_account("bybit", balances={"USDT": "100"}, limits=True)

        def test_module(bybit_account):
            assert bybit_account.balance("USDT").available == 100

        @pytest.mark.exchange_account("bybit", balances={"USDT": 7}, behavior={"cancel.unknown_id": "NOT_CANCELLABLE"})
        @pytest.mark.exchange_account("okx", balances={"BTC": "1"})
        def test_function(bybit_account, okx_account):
            assert bybit_account.balance("USDT").available == 7
            assert b"131099" in cancel(bybit_account, "12345")
            assert okx_account.balance("BTC").available == 1
            assert okx_account.balance("USDT").available == 0
        """
    )
    run().assert_outcomes(passed=2)


def test_settings_fixtures_are_overridden_and_the_marker_goes_over_them(repository: pytest.Pytester, run: Run) -> None:
    repository.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def exchange_simulator_settings():
            return {"seed": 7}

        @pytest.fixture(params=["3", "4"])
        def bybit_account_settings(request):
            return {"balances": {"USDT": request.param, "BTC": "1"}}
        """
    )
    repository.makepyfile(
        test_it="""
        import pytest

        def test_settings(bybit_account, bybit_account_settings, exchange_simulator):
            assert str(bybit_account.balance("USDT").available) == bybit_account_settings["balances"]["USDT"]
            assert exchange_simulator.service.seed == 7

        @pytest.mark.exchange_account("bybit", balances={"USDT": "9"})
        def test_marker(bybit_account):
            assert bybit_account.balance("USDT").available == 9
            assert bybit_account.balance("BTC").available == 0
        """
    )
    run().assert_outcomes(passed=4)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            '@pytest.mark.exchange_account("bybit", balanses={"USDT": "1"})',
            "bybit_account: bybit accounts have no option 'balanses'; did you mean 'balances'?",
        ),
        (
            '@pytest.mark.exchange_account("bybit", behavior={"cancel.unknown": "X"})',
            "bybit_account: there is no behavior 'cancel.unknown'; did you mean*",
        ),
        (
            '@pytest.mark.exchange_account("bitby")',
            "bybit_account: there is no exchange 'bitby'; did you mean 'bybit'?",
        ),
        (
            '@pytest.mark.exchange_account("bybit", {"balances": {}})',
            "bybit_account: the marker takes one exchange and named options, not ('bybit', {'balances': {}})",
        ),
        ("@pytest.mark.exchange_strict(1, 2)", "exchange_strict takes True or False, not (1, 2)"),
        (
            "@pytest.fixture\ndef bybit_account_settings():\n    return None\n",
            "bybit_account: the fixture bybit_account_settings must return a dict of options, not None",
        ),
        (
            "@pytest.fixture(scope='session')\ndef exchange_simulator_settings():\n    return {'sed': 7}\n",
            "exchange_simulator: the fixture exchange_simulator_settings: *unexpected keyword argument 'sed'*",
        ),
        (
            "@pytest.fixture\ndef exchange_simulator_settings():\n    return {'host': '203.0.113.1'}\n".replace(
                "fixture", "fixture(scope='session')"
            ),
            "exchange_simulator: cannot listen on 203.0.113.1:0: *; choose another address, or port 0 for a free one",
        ),
    ],
)
def test_a_wrong_use_is_one_clear_sentence(repository: pytest.Pytester, run: Run, lines: str, sentence: str) -> None:
    repository.makepyfile(test_it=f"import pytest\n\n{lines}\ndef test_it(bybit_account):\n    pass\n")
    result = run("-o", "log_cli=0")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([sentence.replace("[", "[[]")])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*.py:[0-9]*: *")


def test_markers_options_and_fixtures_are_documented(run: Run) -> None:
    run("--markers").stdout.fnmatch_lines(
        ["@pytest.mark.exchange_account(exchange, *", "@pytest.mark.exchange_strict(on=True): *"]
    )
    run("--help").stdout.fnmatch_lines(["*--simulator-url=URL*", "*--simulator-strict*", "*simulator_strict (bool):*"])
    shown = run("--fixtures").stdout.str()
    for name in ("bybit", "okx", "kraken", "alphapoint"):
        assert f"{name}_account --" in shown
        assert f"{name}_account_settings [session scope] --" in shown
    assert "no docstring available" not in shown.partition("exchange_simulator_plugin")[2]
