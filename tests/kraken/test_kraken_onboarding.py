"""How accounts, keys and withdrawals of Kraken begin, and the line that a person can paste."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from typing import Any

import pytest

from simulator import Misuse, Simulator
from simulator.exchanges.kraken import KRAKEN
from simulator.exchanges.kraken.assets import ASSETS


def test_keys_and_refids_have_the_shapes_of_real_ones(bench: Any) -> None:
    account = bench.account()
    assert (len(account.api_key), len(base64.b64decode(account.api_key))) == (56, 42)
    assert (len(account.api_secret), len(base64.b64decode(account.api_secret))) == (88, 64)
    assert re.fullmatch(r"FT[A-Za-z0-9]{5}-[A-Za-z0-9]{22}", account.withdrawal("USDT", "1").id)


def test_a_client_is_told_what_it_needs(bench: Any) -> None:
    account = bench.account(api_key="mine", api_secret="bWluZQ==", totp_secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    assert account.credentials == {
        "api_key": "mine",
        "api_secret": "bWluZQ==",
        "totp_secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    }
    assert set(bench.account().credentials) == {"api_key", "api_secret"}
    assert account.client_settings == {
        "asset": "USDT",
        "chain": "Tron",
        "address": "TQmdxSuC16EhFg8FZWtYgrfFRosoRF7bCp",
        "amount": "10",
        "withdraw_key": "usdt-wallet",
    }


def test_a_fresh_key_may_do_all_that_a_withdrawal_needs(bench: Any) -> None:
    assert bench.account()._key.permissions == {"query-funds", "withdraw-funds", "query-ledger"}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"api_secret": "not base64!"}, "api_secret must be base64"),
        ({"api_secret": "é"}, "api_secret must be base64"),
        ({"totp_secret": "0189"}, "totp_secret must be base32"),
        ({"totp_secret": "ü"}, "totp_secret must be base32"),
        ({"nonce_window": -1}, "option 'nonce_window' must be a whole number of 0 or more"),
        ({"nonce_window": "5"}, "option 'nonce_window' must be a whole number"),
        ({"permissions": ["Withdraw"]}, "there is no permission 'Withdraw'"),
        ({"passphrase": "x"}, "kraken accounts have no option 'passphrase'"),
    ],
)
def test_an_option_without_sense_is_refused_in_one_sentence(bench: Any, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Misuse, match=sentence):
        bench.account(**options)


def test_a_wallet_transfer_goes_to_the_futures_wallet_without_a_fee(bench: Any) -> None:
    account = bench.account(balances={"USDT": "10"})
    account.withdrawal("USDT", "10", internal=True)
    row = bench.rows(account)[0]
    assert (row["info"], row["amount"], row["fee"]) == ("Futures Wallet", "10.00000000", "0.00000000")
    other = bench.account().withdrawal("USDT", "10", internal=True, address="another")
    assert other._fresh().address == "another"


@pytest.mark.parametrize("asset", ASSETS.table, ids=lambda asset: asset.ticker)
def test_an_asset_is_known_by_id_alternative_name_and_ticker_in_any_case(bench: Any, asset: Any) -> None:
    account = bench.account()
    for name in {asset.code, asset.ticker, *asset.names}:
        for spelled in (name, name.lower()):
            withdrawal = account.withdrawal(asset.ticker, "1")
            assert bench.cancel(account, withdrawal, spelled) == b'{"error":[],"result":true}'
    assert {row["asset"] for row in bench.rows(account)} == {asset.code}


@pytest.mark.parametrize("secret", [None, "bWluZQ=="])
@pytest.mark.parametrize("api_key", [None, "it's $HOME"])
def test_the_pasted_line_cancels(simulator: Simulator, secret: str | None, api_key: str | None) -> None:
    missing = [tool for tool in ("sh", "curl", "openssl", "od") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed")
    options = {name: value for name, value in (("api_secret", secret), ("api_key", api_key)) if value}
    with simulator.kraken.account(**options) as account:
        withdrawal = account.withdrawal("BTC", "1")
        line = KRAKEN.onboarding.paste(simulator.url, account._key, withdrawal._fresh())
        assert "\n" not in line
        done = subprocess.run(["sh", "-c", line], capture_output=True, check=True, timeout=30)
        assert done.stdout == b'{"error":[],"result":true}'
        assert withdrawal.internal_state == "Initial/cancel-pending"
