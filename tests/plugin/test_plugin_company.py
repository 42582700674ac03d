"""The plugin beside other plugins, and in repositories that are built unlike ours."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENTRY = ROOT / "simulator" / "plugin" / "entry" / "exchange_simulator_plugin.py"
Run = Callable[..., pytest.RunResult]


@pytest.mark.parametrize("has_class", [False, True])
def test_a_repository_with_a_package_called_simulator_keeps_working_and_is_told(
    repository: pytest.Pytester, run: Run, has_class: bool
) -> None:
    own = "class Simulator:\n    pass\n" if has_class else ""
    repository.mkpydir("simulator").joinpath("__init__.py").write_text(own + "answer = 42\n")
    repository.makepyfile(
        test_it="""
        import simulator

        def test_own():
            assert simulator.answer == 42

        def test_ours(bybit_account):
            pass
        """
    )
    result = run("-p", "no:randomly")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "exchange_simulator needs its own package 'simulator', but that name is taken by "
            "*/simulator/__init__.py: rename that package, or keep its folder off sys.path in this run"
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_module_called_simulator_without_a_spec_is_told_too(repository: pytest.Pytester, run: Run) -> None:
    repository.makeconftest("import sys, types\nsys.modules['simulator'] = types.ModuleType('simulator')\n")
    repository.makepyfile(test_it="def test_ours(bybit_account):\n    pass\n")
    result = run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["exchange_simulator needs its own package 'simulator', but *taken by nothing*"])


def test_async_tests_of_pytest_aiohttp_and_sync_tests_share_a_server(repository: pytest.Pytester, run: Run) -> None:
    repository.makepyfile(
        test_it="""
        import time
        import aiohttp
        from client import cancel
        from contracts.dialects import bybit
        from contracts.wire import HttpCall

        async def test_async(bybit_account):
            withdrawal = bybit_account.withdrawal("USDT", "10")
            bare = HttpCall("POST", "/v5/asset/withdraw/cancel", (("Content-Type", "application/json"),),
                            b'{"id":"%s"}' % withdrawal.id.encode())
            call = bybit.signed(bare, bybit_account.credentials, time.time_ns() // 1_000_000)
            async with aiohttp.ClientSession(bybit_account.url) as session:
                async with session.post(call.target, data=call.body, headers=dict(call.headers)) as reply:
                    assert (await reply.json())["retCode"] == 0
            assert withdrawal.state == "CancelByUser"

        async def test_a_blocking_client_in_the_loop(bybit_account, aiohttp_client):
            withdrawal = bybit_account.withdrawal("USDT", "10")
            assert b'"status":1' in cancel(bybit_account, withdrawal.id)

        def test_sync(bybit_account):
            withdrawal = bybit_account.withdrawal("USDT", "10")
            assert b'"status":1' in cancel(bybit_account, withdrawal.id)
        """
    )
    options = ("-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function")
    run(*options, plugins=("asyncio", "aiohttp")).assert_outcomes(passed=3)


def test_each_example_of_a_property_test_gets_the_same_fresh_account(repository: pytest.Pytester, run: Run) -> None:
    repository.makepyfile(
        test_it="""
        from client import cancel
        from hypothesis import given, settings, strategies as st

        seen = set()

        @settings(max_examples=20, deadline=None, database=None)
        @given(st.integers(1, 50))
        def test_property(exchange_simulator, amount):
            with exchange_simulator.bybit.account() as account:
                withdrawal = account.withdrawal("USDT", amount)
                seen.add((account.name, account.api_key, withdrawal.id))
                cancel(account, withdrawal.id)
                assert withdrawal.state == "CancelByUser"
                assert len(seen) == 1

        @settings(max_examples=60, deadline=None, database=None)
        @given(st.integers(1, 50))
        def test_failing_property(exchange_simulator, amount):
            with exchange_simulator.bybit.account() as account:
                withdrawal = account.withdrawal("USDT", amount)
                cancel(account, withdrawal.id)
                assert amount < 17
        """
    )
    result = run(plugins=("hypothesispytest",))
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*- exchange simulator -*", "* calls in this test*"])


def test_workers_and_random_order_do_not_disturb_each_other(repository: pytest.Pytester, run: Run) -> None:
    repository.makepyfile(
        test_it="""
        import pytest
        from client import cancel

        made = {}

        @pytest.mark.parametrize("number", range(12))
        def test_many(number, bybit_account, exchange_simulator):
            withdrawal = bybit_account.withdrawal("USDT", "10")
            cancel(bybit_account, withdrawal.id)
            assert withdrawal.state == "CancelByUser"
            assert len(bybit_account.requests("cancel")) == 1
            assert len(exchange_simulator.service.worlds["bybit"].accounts) == 1

        def test_fails(bybit_account):
            cancel(bybit_account, "4711")
            assert 0
        """
    )
    result = run("-n", "2", "--simulator-strict", plugins=("xdist", "randomly"))
    result.assert_outcomes(passed=12, failed=1)
    result.stdout.fnmatch_lines(["*- exchange simulator -*", "1 call in this test", '*{"id":"4711"}'])


def test_the_entry_module_imports_nothing_but_pytest_and_the_standard_library_when_it_loads() -> None:
    tree = ast.parse(ENTRY.read_text())
    names = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    assert {name.partition(".")[0] for name in names} <= {"pytest", *sys.stdlib_module_names}


def test_the_package_names_the_entry_module() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["entry-points"]["pytest11"] == {ENTRY.stem: ENTRY.stem}


def built(kind: str, folder: Path) -> zipfile.ZipFile:
    pytest.importorskip("hatchling")
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_a_wheel_has_the_entry_module_at_its_top_level_and_the_cases_with_the_suite(tmp_path: Path) -> None:
    with built("wheel", tmp_path) as wheel:
        names = wheel.namelist()
    assert {name for name in names if "/" not in name} == {"exchange_simulator_plugin.py"}
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {
        "exchange_simulator_plugin.py",
        "simulator",
        "contracts",
    }
    assert {"simulator/plugin/watch.py", "simulator/py.typed", "contracts/_fixtures/schema.json"} <= set(names)


def test_an_editable_install_has_the_entry_module_where_it_is_edited_and_no_copy(tmp_path: Path) -> None:
    with built("wheel:editable", tmp_path) as wheel:
        names = [name for name in wheel.namelist() if ".dist-info/" not in name]
        assert [Path(name).suffix for name in names] == [".pth"]
        assert wheel.read(names[0]).decode().splitlines() == [str(ROOT), str(ENTRY.parent)]


def test_the_readmes_examples_of_the_plugin_pass(repository: pytest.Pytester, run: Run) -> None:
    readme = (ROOT / "README.md").read_text()
    examples = re.findall(r"^```py\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert examples
    for number, example in enumerate(examples):
        repository.makepyfile(**{f"test_{number}": example})
    result = run("-W", "default", plugins=("hypothesispytest",))
    result.assert_outcomes(passed=sum(len(re.findall(r"^def test_", example, re.MULTILINE)) for example in examples))
