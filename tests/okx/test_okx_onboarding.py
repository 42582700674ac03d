"""How accounts, keys and withdrawals begin: shapes, defaults, what is masked, and the line that can be pasted."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import Any

import pytest

from simulator import Misuse, Request, Simulator
from simulator.exchanges.okx import OKX
from simulator.service import views

needs_shell_tools = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("openssl")), reason="the line needs curl and openssl"
)


def test_generated_credentials_look_like_real_ones(bench: Any) -> None:
    account = bench.account()
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", account.api_key)
    assert re.fullmatch(r"[0-9A-F]{32}", account.api_secret)
    assert re.fullmatch(r"[A-Za-z0-9]{16}", account.passphrase)
    assert re.fullmatch(r"[1-9][0-9]{16}", account.credentials["user_id"])
    assert account.credentials == {
        "api_key": account.api_key,
        "api_secret": account.api_secret,
        "passphrase": account.passphrase,
        "user_id": account.credentials["user_id"],
    }


def test_the_same_seed_and_name_give_the_same_credentials_and_ids() -> None:
    first, second = (Simulator(seed=7).okx.account("one") for _ in range(2))
    assert first.credentials == second.credentials
    assert first.withdrawal("BTC", "1").id == second.withdrawal("BTC", "1").id
    assert first.credentials != Simulator(seed=8).okx.account("one").credentials


def test_a_key_has_all_permissions_unless_told_otherwise(bench: Any) -> None:
    account = bench.account()
    assert account._key.permissions == {"read_only", "trade", "withdraw"}
    with pytest.raises(Misuse, match="there is no permission 'Trade'; did you mean 'trade'"):
        bench.account(permissions=["Trade"])


def test_a_further_key_has_its_own_passphrase_for_the_same_account(bench: Any) -> None:
    account = bench.account()
    second = account.key(passphrase="another one")
    assert second.passphrase == "another one"
    withdrawal = account.withdrawal("BTC", "1")
    assert bench.cancel(second, withdrawal.id).status == 200
    assert withdrawal.state == "-3"


def test_what_a_client_needs_to_withdraw_usdt(bench: Any) -> None:
    assert bench.account().client_settings == {
        "asset": "USDT",
        "chain": "USDT-ERC20",
        "address": "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11",
        "amount": "10",
    }


def test_what_a_client_needs_names_an_address_that_the_account_may_withdraw_to(bench: Any) -> None:
    mine = "0x" + "1" * 40
    assert bench.account(verified_addresses=["17DK", mine]).client_settings["address"] == mine
    account = bench.account()
    given = account.client_settings
    body = {"ccy": given["asset"], "chain": given["chain"], "toAddr": given["address"], "amt": given["amount"]}
    reply = bench.post(account, "asset/withdrawal", json.dumps({**body, "dest": "4"}))
    assert reply.body.startswith(b'{"code":"0"')


def test_withdrawal_ids_are_decimals_that_grow(bench: Any) -> None:
    account = bench.account()
    ids = [account.withdrawal("BTC", "1").id for _ in range(20)]
    assert all(re.fullmatch(r"[1-9][0-9]{7,8}", one) for one in ids)
    assert ids == sorted(set(ids), key=int)


def test_supplied_secret_and_passphrase_are_masked_where_shown(bench: Any) -> None:
    account = bench.account(api_secret="my own secret", passphrase="my own phrase")
    headers = (
        ("OK-ACCESS-KEY", account.api_key),
        ("OK-ACCESS-SIGN", "x"),
        ("OK-ACCESS-TIMESTAMP", "2023-11-14T22:13:20.000Z"),
        ("OK-ACCESS-PASSPHRASE", "another phrase"),
    )
    bench.simulator.answer(Request("POST", "/api/v5/asset/cancel-withdrawal", headers))
    document = views.entry(bench.entries[-1])
    assert document["refused"] == {
        "condition": "auth.wrong_passphrase",
        "row": "PASSPHRASE_WRONG",
        "check": "the passphrase is another one",
        "because": "the key's passphrase is '***', not 'another phrase'",
        "diagnosis": None,
    }
    shown = views.credentials(OKX, account._key)
    assert (shown["api_secret"], shown["passphrase"]) == ("***", "***")


def test_an_option_that_okx_does_not_have_is_refused_by_name(bench: Any) -> None:
    with pytest.raises(Misuse, match="okx accounts have no option 'demo_trading'"):
        bench.account(demo_trading=True)
    with pytest.raises(Misuse, match="option 'passphrase'"):
        bench.account(passphrase="")


def run(shell: str, line: str) -> bytes:
    done = subprocess.run([shell, "-c", line], capture_output=True, timeout=30, check=True)
    assert done.stderr == b""
    return done.stdout


@needs_shell_tools
@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_the_pasted_line_cancels_the_withdrawal(simulator: Simulator, shell: str) -> None:
    if not shutil.which(shell):
        pytest.skip(f"there is no {shell} here")
    account = simulator.okx.account()
    withdrawal = account.withdrawal("BTC", "1")
    line = OKX.onboarding.paste(simulator.url, account._key, withdrawal._withdrawal)
    assert run(shell, line) == b'{"code":"0","data":[{"wdId":"%s"}],"msg":""}' % withdrawal.id.encode()
    assert withdrawal.state == "-3"


@needs_shell_tools
def test_the_pasted_line_quotes_what_a_user_supplied(simulator: Simulator) -> None:
    account = simulator.okx.account(api_secret='it\'s $HOME `x` "q"', passphrase='o\'p $1 "x"', demo=True)
    withdrawal = account.withdrawal("BTC", "1")
    line = OKX.onboarding.paste(simulator.url, account._key, withdrawal._withdrawal)
    assert run("sh", line) == b'{"code":"50038","data":[],"msg":"This feature is unavailable in demo trading"}'
