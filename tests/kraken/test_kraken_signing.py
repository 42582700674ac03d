"""Kraken's signature against vectors computed with openssl, and what the server makes of what arrived."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest

from contracts.dialects import kraken as dialect
from simulator import Request
from simulator.exchanges.kraken import signing

SECRET = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg=="
OTHER_SECRET = "cHl0aG9uLWtyYWtlbi1zZGsgdW5pdC10ZXN0IHNlY3JldCB2YWx1ZQ=="
REFID = "FTQcuak-V6Za8qrWnhzTx67yYHz8Tg"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"

VECTORS = {
    "the documentation's": (
        SECRET,
        "/0/private/AddOrder",
        "1616492376594",
        FORM,
        b"nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25",
        "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==",
    ),
    "ccxt's order, nonce first": (
        SECRET,
        "/0/private/WithdrawCancel",
        "1695828271000",
        FORM,
        b"nonce=1695828271000&asset=XBT&refid=FTQcuak-V6Za8qrWnhzTx67yYHz8Tg",
        "/4cWD+scgy7LZ27RuCmaV7PriqIgw43C35TIc2BxvoEpl6lZJriuFtCa4i3WcCT2OHSUQFlUHIS20X18/ZCVvA==",
    ),
    "krakenex's order, nonce last": (
        SECRET,
        "/0/private/WithdrawCancel",
        "1695828271000",
        FORM,
        b"asset=XBT&refid=FTQcuak-V6Za8qrWnhzTx67yYHz8Tg&nonce=1695828271000",
        "IaL7xtnBpc/IKumNPaBsdZXHkQW6DkLsXYe0tic5x8gPWBym6G/SFHf0SXwSKd234kii0RiQLy0xccGE5059OQ==",
    ),
    "JSON with a number": (
        SECRET,
        "/0/private/WithdrawCancel",
        "1695828271",
        JSON,
        b'{"nonce":1695828271,"asset":"XBT","refid":"FTQcuak-V6Za8qrWnhzTx67yYHz8Tg"}',
        "MXtNK4Wwe8TMO0a/GlV+CX3rVQ/TkAAo0hz8bUFUSfo8B/oFyrPeEuPn/013jbmYN63/G5cO+v7NFLWtMe9p3w==",
    ),
    "JSON as Python writes it": (
        SECRET,
        "/0/private/WithdrawCancel",
        "1695828271000",
        JSON,
        b'{"asset": "XBT", "refid": "FTQcuak-V6Za8qrWnhzTx67yYHz8Tg", "nonce": "1695828271000"}',
        "yAIK8Q9x9STuElDPXGcZv8uS5urA3bvxR9fTnogu3m/ONmyuv5phLQ0ubnpHrY9yEQ8xgTe5VbGRULhX2GFOXQ==",
    ),
    "JSON with an extra argument": (
        SECRET,
        "/0/private/WithdrawCancel",
        "1695828271000",
        JSON,
        b'{"nonce":"1695828271000","asset":"XBT","refid":"FTQcuak-V6Za8qrWnhzTx67yYHz8Tg",'
        b'"broker":"AA56 N84G TOOP ELJQ"}',
        "yrK878VJV4ljkiwv+4mTXpsrqzBS2KcqVNSsISEc/G06ZTwhPHcwxzPn7NPmDwA1WszIEMP/DA50qT7Clt15Ew==",
    ),
    "escapes and an otp": (
        SECRET,
        "/0/private/Withdraw",
        "1695828271001",
        FORM,
        b"nonce=1695828271001&asset=XBT&key=my+key+%2B%26%3D%C3%A9&amount=0.725&otp=123456",
        "JjF9Gppx+ZL0+WG1gh8RbYywfyztYktwmXEyi/FDvHLwVOzJVPP33iEr19BE7EL4ie59G6nxgemvVi96qB+5vg==",
    ),
    "a nonce alone": (
        SECRET,
        "/0/private/Balance",
        "1695828271002",
        FORM,
        b"nonce=1695828271002",
        "xIDIV3sbWewUzzMfVrOum0knnUHUCgqrgjhwDDdXbFTE0CZhTgC2UP8s7c8XoCpW/GfeXLYCSK5b0wHW3GA6hg==",
    ),
    "python-kraken-sdk's golden one": (
        OTHER_SECRET,
        "/0/private/AddOrder",
        "1616492376594",
        FORM,
        b"nonce=1616492376594&ordertype=limit&pair=XBTUSD",
        "Fo+0Uhanvs3F1byZFCjVBMLsCcRE2xLQMDpoA3Q9hawoZ0ZL35AmbknAQBlOIs4baRx9UGhzQH+/CTl9qnyp1w==",
    ),
}
CANCELS = {name: vector for name, vector in VECTORS.items() if vector[1] == "/0/private/WithdrawCancel"}


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_the_signer_makes_the_signature_of_the_vector(vector: Any) -> None:
    secret, path, nonce, _, body, signature = vector
    assert signing.sign(secret, path.encode(), nonce, body) == signature


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_the_dialect_makes_the_signature_of_the_vector(vector: Any) -> None:
    secret, path, _, content_type, body, signature = vector
    call = dialect.HttpCall("POST", path, (("Content-Type", content_type),), body)
    signed = dialect.DIALECT.signed(call, {"api_key": "k", "api_secret": secret}, 0)
    assert signed.headers[1:] == (("API-Key", "k"), ("API-Sign", signature))


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"{}"])
def test_the_dialect_signs_an_empty_nonce_where_there_is_none(body: bytes) -> None:
    assert dialect.nonce(dialect.HttpCall("POST", "/", (("Content-Type", JSON),), body)) == ""
    assert dialect.nonce(dialect.HttpCall("POST", "/", (), body)) == ""


@pytest.mark.parametrize("vector", CANCELS.values(), ids=CANCELS)
def test_the_server_accepts_the_vector_and_nothing_that_differs_by_a_byte(bench: Any, vector: Any) -> None:
    secret, path, _, content_type, body, signature = vector
    account = bench.account(api_secret=secret)

    def answer(body: bytes) -> bytes:
        headers = (("content-type", content_type), ("api-key", account.api_key), ("api-sign", signature))
        return bytes(bench.simulator.answer(Request("POST", path, headers, body)).body)

    assert answer(body.replace(b"XBT", b"XRP")) == b'{"error":["EAPI:Invalid signature"]}'
    assert answer(body.replace(b"asset", b"%61sset")) == b'{"error":["EAPI:Invalid signature"]}'
    assert answer(body.replace(b"V6Za8", b"V6za8")) == b'{"error":["EAPI:Invalid signature"]}'
    assert answer(body) == b'{"error":["EFunding:Unknown reference id"]}'


def by_hand(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha512).digest()


BODY = b"nonce=1695828271000&asset=XBT&refid=FTQcuak-V6Za8qrWnhzTx67yYHz8Tg"
PATH = b"/0/private/WithdrawCancel"
HASHED = hashlib.sha256(b"1695828271000" + BODY).digest()
KEY = base64.b64decode(SECRET)

MISTAKES = {
    "the secret was used as text instead of base64-decoded": base64.b64encode(by_hand(SECRET.encode(), PATH + HASHED)),
    "the nonce is missing in front of the body": base64.b64encode(by_hand(KEY, PATH + hashlib.sha256(BODY).digest())),
    "the path is signed without /0": base64.b64encode(by_hand(KEY, b"/private/WithdrawCancel" + HASHED)),
    "the digest is in hex instead of base64": by_hand(KEY, PATH + HASHED).hex().encode(),
    "an empty body was signed": base64.b64encode(by_hand(KEY, PATH + hashlib.sha256(b"1695828271000").digest())),
}


@pytest.mark.parametrize(("mistake", "signature"), MISTAKES.items(), ids=MISTAKES)
def test_the_journal_names_the_mistake_that_makes_the_clients_signature(
    bench: Any, mistake: str, signature: bytes
) -> None:
    account = bench.account(api_secret=SECRET)
    reply = bench.ask(account, body=BODY, sign=signature.decode())
    assert reply.body == b'{"error":["EAPI:Invalid signature"]}'
    because = account.requests("cancel")[-1].refused.because
    assert because.endswith(f"; that is what comes out when {mistake}")
    assert "'/0/private/WithdrawCancel' + SHA256('1695828271000nonce=1695828271000&asset=XBT&refid=" in because


def test_a_signature_that_no_known_mistake_makes_is_explained_by_what_was_signed(bench: Any) -> None:
    account = bench.account(api_secret=SECRET)
    bench.ask(account, body=BODY, sign="nonsense")
    because = account.requests("cancel")[-1].refused.because
    assert because.endswith("expected " + VECTORS["ccxt's order, nonce first"][5] + ", not 'nonsense'")


def test_an_explanation_quotes_a_long_body_in_part(bench: Any) -> None:
    account = bench.account()
    body = b"nonce=1800000000000&asset=" + b"x" * 1_000_000
    assert bench.ask(account, body=body, sign="nonsense").body == b'{"error":["EAPI:Invalid signature"]}'
    because = account.requests("cancel")[-1].refused.because
    assert "xxx' and 995930 bytes more) and expected " in because
    assert len(because) < 5_000
    for name in ("asset", "refid"):
        bench.ask(account, arguments={"asset": "XBT", "refid": REFID, name: "x" * 1_000_000})
        assert len(account.requests("cancel")[-1].refused.because) < 200


def test_a_query_may_be_signed_or_not(bench: Any) -> None:
    account = bench.account(api_secret=SECRET)
    unknown = b'{"error":["EFunding:Unknown reference id"]}'
    arguments = {"asset": "XBT", "refid": REFID}
    assert bench.ask(account, arguments=arguments, query="?a=b").body == unknown
    assert bench.ask(account, arguments=arguments, query="?").body == unknown
    body = b"nonce=1800000000000&asset=XBT&refid=" + REFID.encode()
    sign = dialect.signature(SECRET, "/0/private/WithdrawCancel?a=b", "1800000000000", body)
    assert bench.ask(account, body=body, sign=sign, query="?a=b").body == unknown
    assert bench.ask(account, body=body, sign=sign, query="?a=c").body == b'{"error":["EAPI:Invalid signature"]}'


@pytest.mark.parametrize("query", ["?\udcff", "?%zz", "?" + chr(0xD800)])
def test_a_query_of_any_bytes_is_no_error(bench: Any, query: str) -> None:
    account = bench.account()
    assert bench.ask(account, arguments={"asset": "XBT", "refid": REFID}, query=query).status == 200
