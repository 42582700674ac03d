"""Vectors of the signature: computed with Python's hmac, again with openssl and node; and the form of dates."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.dialects import alphapoint as dialect
from simulator.exchanges.alphapoint import scalars, signing

VECTORS = {
    "as ccxt and notbank sign": (
        "0123456789abcdef0123456789abcdef",
        "fedcba9876543210fedcba9876543210",
        "96",
        "2247733562",
        "2247733562960123456789abcdef0123456789abcdef",
        "0dbb9dcd75b578a887c05ca1492686868c30ad3563ce7fbab9f9c69de0998350",
    ),
    "a nonce of milliseconds": (
        "28c68ac3fcfafc3d4e8d653fe57e5baf",
        "mock-secret-1",
        "96",
        "1700000000000",
        "17000000000009628c68ac3fcfafc3d4e8d653fe57e5baf",
        "a547b541d48d9c349239a64c6f353c887f6eac8a1d80df8339dde2b714ba8572",
    ),
    "everything as short as it can be": (
        "k",
        "s",
        "1",
        "0",
        "01k",
        "a890edea90f2648daafda1d723c61808258d6786ba7f157ff7a8f3cb2bc98ad3",
    ),
    "a nonce that is no number": (
        "testApiKey",
        "testSecret",
        "12345",
        "testNonce",
        "testNonce12345testApiKey",
        "0a63732e9cd86d6d0aee2dbb465e470c168c856044d00f98e7988277cc77e4b5",
    ),
    "text beyond ASCII is UTF-8": (
        "APIKEY-äé",
        "sécret",
        "7",
        "nonce with space",
        "nonce with space7APIKEY-äé",
        "0f97cfce0cb3ae98a4f917f3fbc4732027474c055c65fd536d59b3fe51844379",
    ),
}

names = pytest.mark.parametrize(
    ("api_key", "secret", "user_id", "nonce", "message", "expected"), VECTORS.values(), ids=VECTORS
)


@names
def test_the_server_computes_the_published_signature(
    api_key: str, secret: str, user_id: str, nonce: str, message: str, expected: str
) -> None:
    signed = signing.message(nonce, user_id, api_key)
    assert signed == message.encode()
    assert signing.sign(secret, signed) == expected
    assert signing.matches(secret, signed, expected, uppercase=False)


@names
def test_the_dialect_computes_the_published_signature(
    api_key: str, secret: str, user_id: str, nonce: str, message: str, expected: str
) -> None:
    assert dialect.signature(secret, nonce, user_id, api_key) == expected


def test_an_upper_case_signature_matches_only_where_that_is_allowed() -> None:
    signed = signing.message("0", "1", "k")
    upper = "A890EDEA90F2648DAAFDA1D723C61808258D6786BA7F157FF7A8F3CB2BC98AD3"
    assert not signing.matches("s", signed, upper, uppercase=False)
    assert signing.matches("s", signed, upper, uppercase=True)


def test_nonce_and_user_id_may_be_divided_differently_with_the_same_signature() -> None:
    assert dialect.signature("s", "12", "3", "k") == dialect.signature("s", "1", "23", "k")


@given(st.text(), st.text(), st.text(), st.text(), st.text())
def test_any_change_of_the_message_or_the_secret_changes_the_signature(
    secret: str, nonce: str, user_id: str, api_key: str, other: str
) -> None:
    signed = signing.message(nonce, user_id, api_key)
    signature = signing.sign(secret, signed)
    assert signing.matches(secret, signed, signature, uppercase=False)
    changed = signing.message(nonce, user_id, api_key + other)
    assume(changed != signed)
    assert not signing.matches(secret, changed, signature, uppercase=False)


@given(st.text(st.characters()))
def test_no_text_fails_to_become_bytes(text: str) -> None:
    assert isinstance(signing.to_bytes(text), bytes)
    assert isinstance(signing.to_bytes(text + "\ud800\udcff"), bytes)


@pytest.mark.parametrize(
    ("tick", "expected"),
    [
        (638174586582516883, "2023-04-18T23:50:58.251Z"),
        (638174589000878307, "2023-04-18T23:55:00.087Z"),
        (0, "0001-01-01T00:00:00.000Z"),
    ],
)
def test_the_iso_form_is_the_tick_cut_off(tick: int, expected: str) -> None:
    assert scalars.iso(tick) == expected


def test_a_time_in_milliseconds_becomes_ticks_of_the_year_one() -> None:
    assert scalars.ticks(1_700_000_000_123) == 638355968001230000
    assert scalars.iso(638355968001230000) == "2023-11-14T22:13:20.123Z"


def test_time_ends_with_the_year_9999() -> None:
    assert scalars.iso(scalars.ticks(10**18)) == "9999-12-31T23:59:59.999Z"
