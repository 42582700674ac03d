"""Signature vectors of OKX that no case can hold: of a path that the simulator does not serve, and of WebSockets."""

from __future__ import annotations

import json

import pytest

from contracts.cases import Case, load
from contracts.dialects import DIALECTS
from contracts.dialects.okx import signature, signed
from contracts.wire import HttpCall

SECRET = "22582BD0CFF14C41EDBF1AB98506286D"
"""The example secret of the documentation."""

BALANCES = [
    (1_607_418_537_715, "BTC", "HiZhvSfMtWJA3uUIVXV3a/bSXNPCWvYFXoGCVS8V4zY="),
    (1_787_415_600_000, "BTC", "FN++QZPqWIZja9FNV7ev3w3IvSQUleBYxtJidJKKB+E="),
    (1_787_415_600_000, "ETH", "8lEI1AU0lCMFovq/1s9srJLDVLAJvSMN/Mkmw5Tb6IQ="),
]
"""Moment, currency and signature; the last two were published with a probe of www.okx.com of 2026-08."""

LOGINS = [case for _, case in load("okx") if case.given.now_ms is not None and not case.when.logged_in]


@pytest.mark.parametrize(("now_ms", "ccy", "sign"), BALANCES)
def test_the_signer_makes_the_vectors_of_the_trading_balance(now_ms: int, ccy: str, sign: str) -> None:
    call = HttpCall("GET", f"/api/v5/account/balance?ccy={ccy}")
    sent = signed(call, {"api_key": "key", "api_secret": SECRET, "passphrase": "phrase"}, now_ms)
    assert sent.header("OK-ACCESS-SIGN") == sign


def test_the_signer_makes_the_vector_of_a_login() -> None:
    assert signature(SECRET, "1704876947", "GET", "/users/self/verify", b"") == (
        "5/36BgGV6m/6pmdc20zdqk0mzF5ZalmzzPD2fo3wavU="
    )


@pytest.mark.parametrize("case", LOGINS, ids=[case.id for case in LOGINS])
def test_a_login_of_the_cases_is_what_the_hello_of_the_dialect_is(case: Case) -> None:
    """Or it says which mistake it hunts, or it is of another moment, with parts missing, or wrong in what it names."""
    hello = DIALECTS["okx"].hello
    assert hello
    assert case.when.frames
    assert case.given.now_ms
    made = json.loads(hello(case.given.account, case.given.now_ms))["args"][0]
    (sent,) = json.loads(case.when.frames[0])["args"]
    same_moment = str(sent.get("timestamp")) == made["timestamp"]
    if same_moment and sent.get("sign") not in (None, "wrong"):
        assert (sent["sign"] == made["sign"]) == (case.hunts is None)


def test_the_logins_of_the_cases_are_enough_for_the_test_above_to_mean_something() -> None:
    assert len(LOGINS) > 15
    assert sum(case.hunts is not None for case in LOGINS) == 2
