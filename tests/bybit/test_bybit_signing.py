"""Bybit's signature, against vectors on which pybit's own signer, Python's hmac and openssl agree."""

from __future__ import annotations

import hashlib
import hmac
import subprocess
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.dialects import bybit as dialect
from simulator import Request, Simulator
from simulator.core.clock import ManualClock
from simulator.exchanges.bybit import signing

KEY = "testkey0123456789A"
SECRET = "testsecret0123456789abcdefghijklmnop"


class Vector(NamedTuple):
    hunts: str
    method: str
    timestamp: str
    recv_window: str
    payload: bytes
    signature: str


VECTORS = [
    Vector(
        "a server that signs anything but the body as it came",
        "POST",
        "1672197227732",
        "5000",
        b'{"id":"10197"}',
        "5a74e3a31185b1677e502fe7e4f9e663252952e2fbaa602f9c50df9ba1c3f674",
    ),
    Vector(
        "a server that writes the JSON again and loses pybit's blank",
        "POST",
        "1672197227732",
        "5000",
        b'{"id": "10197"}',
        "ddab0edf746e83cff2e27a00aab88d739ad195551b66c30b90c3714df31c8407",
    ),
    Vector(
        "a server that makes a text of the integer id",
        "POST",
        "1672197227732",
        "5000",
        b'{"id":10197}',
        "2e7eb6a9c0418a16aa65099761ffb9aa499560a6379ce1c4188655d8478bf261",
    ),
    Vector(
        "a server that sorts the query",
        "GET",
        "1672194949557",
        "5000",
        b"coin=USDT&withdrawType=2&limit=2",
        "b9717be4530d0316b8688d3fcf163c3662b581ae930625a67e233d0a183b224e",
    ),
    Vector(
        "a server that signs {} or ? for no query",
        "GET",
        "1676430842094",
        "5000",
        b"",
        "b93859c7a4817e6fd3800f088488fb6918026132b6b7f398b7a3e2dc97bf668b",
    ),
    Vector(
        "a server that decodes the cursor",
        "GET",
        "1672194949557",
        "5000",
        b"coin=USDT&cursor=eyJtaW5JRCI6OTgwMSwibWF4SUQiOjk5NzZ9&limit=50",
        "595590400e6554fb0e974dbad348bac90082d34c04196399c25a12d2700e4422",
    ),
    Vector(
        "a server that signs the default for an absent receive window",
        "POST",
        "1672197227732",
        "",
        b'{"id":"10197"}',
        "53a9bef009a464e58ef4e0dd797154e99b4180e5aa9d1ddf332992c5fbf58992",
    ),
    Vector(
        "a server that strips the line breaks of Postman's body",
        "POST",
        "1672197227732",
        "50000",
        b'{\n    "id":36604\n}',
        "6b4d78ce4199687b9ec3056409da97f2555d3c22ad6e997ae517a0a29b49c153",
    ),
    Vector(
        "a server that takes an empty object for an empty body",
        "POST",
        "1672197227732",
        "5000",
        b"{}",
        "d456c7d4b3624385a51c0edf769ce982d03a27eea8f323c27567542c17e4190f",
    ),
]


def hunts(vector: Vector) -> str:
    return vector.hunts


@pytest.mark.parametrize("vector", VECTORS, ids=hunts)
def test_the_server_computes_the_vector(vector: Vector) -> None:
    origin = signing.origin_string(vector.timestamp, KEY, vector.recv_window, vector.payload)
    assert signing.sign(SECRET, origin) == vector.signature


@pytest.mark.parametrize("vector", VECTORS, ids=hunts)
def test_the_dialect_computes_the_vector(vector: Vector) -> None:
    computed = dialect.signature(SECRET, vector.timestamp, KEY, vector.recv_window, vector.payload)
    assert computed == vector.signature


@pytest.mark.parametrize("vector", VECTORS, ids=hunts)
def test_the_gateway_accepts_the_vector(vector: Vector) -> None:
    simulator = Simulator(clock=ManualClock(int(vector.timestamp)))
    simulator.bybit.account(api_key=KEY, api_secret=SECRET)
    headers = [("X-BAPI-API-KEY", KEY), ("X-BAPI-TIMESTAMP", vector.timestamp), ("X-BAPI-SIGN", vector.signature)]
    if vector.recv_window:
        headers.append(("X-BAPI-RECV-WINDOW", vector.recv_window))
    if vector.method == "GET":
        query = vector.payload.decode()
        target = "/v5/asset/withdraw/query-record" + ("?" + query if query else "")
        request = Request("GET", target, tuple(headers))
        expected = b'{"retCode":0,"retMsg":"success",'
    else:
        request = Request("POST", "/v5/asset/withdraw/cancel", tuple(headers), vector.payload)
        expected = b'{"retCode":131002,"retMsg":"params error",'
    assert simulator.answer(request).body.startswith(expected)


def test_the_origin_is_a_plain_concatenation_of_the_header_texts() -> None:
    origin = signing.origin_string("1672197227732", KEY, "05000", b'{"id":"10197"}')
    assert origin == b'1672197227732testkey0123456789A05000{"id":"10197"}'


def test_openssl_agrees_with_a_vector() -> None:
    """The vectors were made with three signers; one of them is at hand on most machines."""
    try:
        told = subprocess.run(
            ["openssl", "dgst", "-sha256", "-hmac", SECRET],
            input=b'1672197227732testkey0123456789A5000{"id":"10197"}',
            capture_output=True,
            check=True,
        )
    except FileNotFoundError:
        pytest.skip("there is no openssl on this machine")
    assert told.stdout.split()[-1] == b"5a74e3a31185b1677e502fe7e4f9e663252952e2fbaa602f9c50df9ba1c3f674"


def test_an_upper_case_signature_matches_only_where_that_is_allowed() -> None:
    origin = b"1672197227732" + KEY.encode() + b'5000{"id":"10197"}'
    upper = "5A74E3A31185B1677E502FE7E4F9E663252952E2FBAA602F9C50DF9BA1C3F674"
    assert not signing.matches(SECRET, origin, upper, uppercase=False)
    assert signing.matches(SECRET, origin, upper, uppercase=True)
    assert signing.matches(SECRET, origin, upper.lower(), uppercase=True)


def test_header_bytes_that_are_no_utf8_are_signed_as_they_came() -> None:
    assert signing.origin_string("\udcff", "k", "", b"") == b"\xffk"
    assert not signing.matches(SECRET, b"", "\udcff", uppercase=False)


@given(
    st.sampled_from(["timestamp", "api_key", "recv_window", "payload"]),
    st.integers(0, 2**16),
    st.integers(1, 255),
)
def test_any_flipped_byte_breaks_the_signature(part: str, position: int, mask: int) -> None:
    parts: dict[str, Any] = {
        "timestamp": b"1672197227732",
        "api_key": KEY.encode(),
        "recv_window": b"5000",
        "payload": b'{"id":"10197"}',
    }
    flipped = bytearray(parts[part])
    flipped[position % len(flipped)] ^= mask
    parts[part] = bytes(flipped)
    origin = b"".join(parts.values())
    good = "5a74e3a31185b1677e502fe7e4f9e663252952e2fbaa602f9c50df9ba1c3f674"
    assert not signing.matches(SECRET, origin, good, uppercase=True)


# --- known mistakes -----------------------------------------------------------------------------------------------

# What a client sends, and what it signed instead of it (behind the timestamp).
MISTAKES = [
    ("the body is written again with blanks", "POST", b'{"id":"1"}', KEY.encode() + b'5000{"id": "1"}'),
    ("the body is written again without blanks", "POST", b'{"id": "1"}', KEY.encode() + b'5000{"id":"1"}'),
    ("{} is signed where nothing is sent", "GET", b"", KEY.encode() + b"5000{}"),
    ("the query or body is left out", "GET", b"limit=2", KEY.encode() + b"5000"),
    ("the query is signed sorted", "GET", b"limit=2&coin=USDT", KEY.encode() + b"5000coin=USDT&limit=2"),
    ("the query is signed unencoded", "GET", b"cursor=eyJ9%3D", KEY.encode() + b"5000cursor=eyJ9="),
    ("the query is signed encoded and sent unencoded", "GET", b"cursor=a:b", KEY.encode() + b"5000cursor=a%3Ab"),
    ("the query is signed with its question mark", "GET", b"limit=2", KEY.encode() + b"5000?limit=2"),
    ("the receive window is sent and not signed", "POST", b'{"id":"1"}', KEY.encode() + b'{"id":"1"}'),
    ("the key is not signed", "POST", b'{"id":"1"}', b'5000{"id":"1"}'),
]


def explanation(method: str, payload: bytes, signature: str, recv_window: str = "5000") -> str:
    """What the journal says about a signature."""
    simulator = Simulator(clock=ManualClock(1672197227732))
    account = simulator.bybit.account(api_key=KEY, api_secret=SECRET)
    headers = [("X-BAPI-API-KEY", KEY), ("X-BAPI-TIMESTAMP", "1672197227732"), ("X-BAPI-SIGN", signature)]
    if recv_window:
        headers.append(("X-BAPI-RECV-WINDOW", recv_window))
    path = "/v5/asset/withdraw/" + ("query-record" if method == "GET" else "cancel")
    target = path + ("?" + payload.decode() if method == "GET" and payload else "")
    simulator.answer(Request(method, target, tuple(headers), b"" if method == "GET" else payload))
    [entry] = account.requests()
    assert entry.refused is not None
    assert entry.refused.condition == "auth.wrong_signature"
    return entry.refused.because


@pytest.mark.parametrize(("mistake", "method", "payload", "signed"), MISTAKES)
def test_the_journal_names_the_mistake_that_makes_the_clients_signature(
    mistake: str, method: str, payload: bytes, signed: bytes
) -> None:
    made = hmac.new(SECRET.encode(), b"1672197227732" + signed, hashlib.sha256).hexdigest()
    assert explanation(method, payload, made).endswith(f"not '{made}'; that is what comes out when {mistake}")


def test_a_window_that_is_signed_and_not_sent_is_named() -> None:
    made = hmac.new(SECRET.encode(), b"1672197227732" + KEY.encode() + b"5000{}", hashlib.sha256).hexdigest()
    told = explanation("POST", b"{}", made, recv_window="")
    assert told.endswith("; that is what comes out when a receive window of 5000 is signed and not sent")


@pytest.mark.parametrize(
    ("mistake", "signature"),
    [
        (
            "the digest is in upper case",
            "5A74E3A31185B1677E502FE7E4F9E663252952E2FBAA602F9C50DF9BA1C3F674",
        ),
        ("the digest is in base64 instead of hex", "WnTjoxGFsWd+UC/n5PnmYyUpUuL7qmAvnFDfm6HD9nQ="),
    ],
)
def test_a_digest_that_is_written_otherwise_is_named(mistake: str, signature: str) -> None:
    assert explanation("POST", b'{"id":"10197"}', signature).endswith(f"; that is what comes out when {mistake}")


@pytest.mark.parametrize("signature", ["0" * 64, "\udcff", "ä"])
@pytest.mark.parametrize("body", [b"", b"\xff", b"[" * 1000, b'{"a":1e5}'])
def test_a_signature_that_no_known_mistake_makes_is_explained_by_what_was_signed(signature: str, body: bytes) -> None:
    assert "that is what comes out" not in explanation("POST", body, signature)


def test_text_that_no_request_can_carry_is_answered_all_the_same() -> None:
    simulator = Simulator(clock=ManualClock(1672197227732))
    simulator.bybit.account(api_key=KEY, api_secret="\ud800")
    headers = (("X-BAPI-API-KEY", KEY), ("X-BAPI-TIMESTAMP", "1672197227732"), ("X-BAPI-SIGN", "x"))
    reply = simulator.answer(Request("GET", "/v5/asset/withdraw/query-record?coin=\ud800", headers))
    assert b'"retCode":10004' in reply.body
