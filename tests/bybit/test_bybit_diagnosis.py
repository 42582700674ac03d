"""Every known mistake, made here by hand, is named in the journal; a signature that none of them makes is not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator import Request, Simulator
from simulator.core.clock import ManualClock
from simulator.core.diagnosis import Diagnosis, Mac, other_secrets, text_secrets
from simulator.exchanges.bybit.mistakes import TEXTS

KEY, SECRET, STAMP = "testkey0123456789A", "TestSecret0123456789abcdefghijklmnop", "1672197227732"
HEAD = STAMP + KEY + "5000"
CANCEL, LIST = "/v5/asset/withdraw/cancel", "/v5/asset/withdraw/query-record"


def mac(text: str, secret: bytes = SECRET.encode(), algorithm: str = "sha256") -> bytes:
    return hmac.new(secret, text.encode(), algorithm).digest()


def told(
    signature: str,
    method: str = "POST",
    payload: bytes = b'{"id":"10197"}',
    *,
    window: str | None = "5000",
    secret: str = SECRET,
    **account: Any,
) -> Diagnosis:
    """What the journal says of a request with this signature."""
    simulator = Simulator(clock=ManualClock(int(STAMP)))
    opened = simulator.bybit.account(api_key=KEY, api_secret=secret, **account)
    opened.key(api_key="otherkey", api_secret="othersecret")
    headers = {"X-BAPI-API-KEY": KEY, "X-BAPI-TIMESTAMP": STAMP, "X-BAPI-SIGN": signature, "Host": "api.bybit.com"}
    if window is not None:
        headers["X-BAPI-RECV-WINDOW"] = window
    target = CANCEL if method == "POST" else LIST + ("?" + payload.decode() if payload else "")
    simulator.answer(Request(method, target, tuple(headers.items()), payload if method == "POST" else b""))
    refused = opened.last_request().refused
    assert refused.condition == "auth.wrong_signature"
    assert refused.check == "the signature is another one"
    assert refused.diagnosis is not None
    return refused.diagnosis


BODIES = [
    ("the body is written again with blanks", b'{"id":"10197","n":0.10}', '{"id": "10197", "n": 0.10}'),
    ("the body is written again without blanks", b'{"id": "10197", "n": 0.10}', '{"id":"10197","n":0.10}'),
    ("the body is written again over several lines", b'{"id":36604}', '{\n    "id": 36604\n}'),
    ("the body is written again over several lines", b'{"id":36604}', '{\n    "id":36604\n}'),  # Postman
    (r"the body is written again with other escapes (\u00e9, \/)", '{"tag":"é"}'.encode(), '{"tag":"\\u00e9"}'),
    (r"the body is written again with other escapes (\u00e9, \/)", b'{"tag":"a/b"}', '{"tag":"a\\/b"}'),
    ("the numbers of the body are written again", b'{"amount":1.50,"x":1e5}', '{"amount":1.5,"x":100000.0}'),
    ("the numbers of the body are written again", b'{"amount":1.0}', '{"amount":1}'),
    ("the numbers of the body are written again", b'{"amount":1}', '{"amount":1.0}'),
    ("the body is written again with numbers as text, or text as numbers", b'{"id":10197}', '{"id":"10197"}'),
    ("the body is written again with numbers as text, or text as numbers", b'{"id":"10197"}', '{"id":10197}'),
    ("the body is written again without what is empty in it", b'{"id":"1","tag":"","x":null}', '{"id":"1"}'),
    ("the body is written again with its keys in another order", b'{"b":1,"a":2,"c":3}', '{"a":2,"b":1,"c":3}'),
    ("the body is written again with its keys in another order", b'{"b":1,"a":2,"c":3}', '{"c": 3, "b": 1, "a": 2}'),
    ("the body is signed as a query", b'{"id":"10197","coin":"USDT"}', "id=10197&coin=USDT"),
    (
        "the body is signed as Python prints it (str of a dict)",
        b'{"id":"10197","x":null,"y":true}',
        "{'id': '10197', 'x': None, 'y': True}",
    ),
    ("the body is written as JSON twice, for the text or for what is sent", b'{"id":"10197"}', r'"{\"id\":\"10197\"}"'),
    ("the body is written as JSON twice, for the text or for what is sent", rb'"{\"id\":\"10197\"}"', '{"id":"10197"}'),
    ("a form is sent and JSON is signed", b"id=10197&coin=USDT", '{"id": "10197", "coin": "USDT"}'),
    ("null, undefined or None is signed where nothing is sent", b"", "null"),
    ("null, undefined or None is signed where nothing is sent", b"", "None"),
    ("a line break is signed behind the text", b'{"id":"10197"}', '{"id":"10197"}\n'),
    ("the query or body is left out", b'{"id":"10197"}', ""),
    ("{} is signed where nothing is sent", b"", "{}"),
]


@pytest.mark.parametrize(("mistake", "sent", "signed"), BODIES)
def test_a_body_that_was_signed_otherwise_is_named(mistake: str, sent: bytes, signed: str) -> None:
    assert told(mac(HEAD + signed).hex(), payload=sent).mistake == mistake


QUERIES = [
    ("the query is signed sorted", "limit=2&coin=USDT", "coin=USDT&limit=2"),
    ("the query is signed unencoded", "cursor=eyJ9%3D", "cursor=eyJ9="),
    ("the query is signed unencoded, with blanks that are sent as +", "txID=a+b", "txID=a b"),
    ("the query is signed encoded and sent unencoded", "cursor=a:b", "cursor=a%3Ab"),
    ("the query is signed with other escapes (%2c, %2C, +, %20)", "coin=a%2cb", "coin=a%2Cb"),
    ("the query is signed with other escapes (%2c, %2C, +, %20)", "coin=a%20b", "coin=a+b"),
    ("the query is signed without its empty parameters", "coin=&limit=2", "limit=2"),
    ("the query is signed in another order", "b=1&a=2&c=3", "c=3&a=2&b=1"),
    ("the query is signed as JSON", "coin=USDT&limit=2", '{"coin":"USDT","limit":2}'),
    (
        "the query is signed as Python prints it (str of a dict)",
        "coin=USDT&limit=2",
        "{'coin': 'USDT', 'limit': '2'}",
    ),
    ("the query is signed as Python prints it (str of a dict)", "coin=USDT&limit=2", "{'coin': 'USDT', 'limit': 2}"),
    ("the query is signed with its question mark", "limit=2", "?limit=2"),
    ("null, undefined or None is signed where nothing is sent", "", "undefined"),
    ("the query or body is left out", "limit=2", ""),
    ("{} is signed where nothing is sent", "", "{}"),
    ("{} is signed where nothing is sent", "", "{}"),
]


@pytest.mark.parametrize(("mistake", "sent", "signed"), QUERIES)
def test_a_query_that_was_signed_otherwise_is_named(mistake: str, sent: str, signed: str) -> None:
    assert told(mac(HEAD + signed).hex(), "GET", sent.encode()).mistake == mistake


BODY = '{"id":"10197"}'
PARTS = [
    ("the receive window is sent and not signed", STAMP + KEY + BODY),
    ("another receive window is signed than the one that is sent", STAMP + KEY + "20000" + BODY),
    ("another receive window is signed than the one that is sent", STAMP + KEY + "30000" + BODY),
    ("another receive window is signed than the one that is sent", STAMP + KEY + "2500" + BODY),
    ("another receive window is signed than the one that is sent", STAMP + KEY + "5000.0" + BODY),
    ("another receive window is signed than the one that is sent", STAMP + KEY + "undefined" + BODY),
    ("the key is not signed", STAMP + "5000" + BODY),
    ("another key of this account is signed than the one that is sent", STAMP + "otherkey" + "5000" + BODY),
    ("the timestamp is not signed", KEY + "5000" + BODY),
    ("the timestamp is signed in another unit than milliseconds", "1672197227" + KEY + "5000" + BODY),
    ("the timestamp is signed in another unit than milliseconds", "1672197227732000" + KEY + "5000" + BODY),
    ("the clock is asked twice, for the text and for the header", "1672197227731" + KEY + "5000" + BODY),
    ("the clock is asked twice, for the text and for the header", "1672197227752" + KEY + "5000" + BODY),
    ("the parts are signed in another order", KEY + STAMP + "5000" + BODY),
    ("the parts are signed in another order", STAMP + "5000" + KEY + BODY),
    ("method, path or address are signed as well", HEAD + "POST" + BODY),
    ("method, path or address are signed as well", HEAD + "POST" + CANCEL + BODY),
    ("method, path or address are signed as well", STAMP + "POST" + CANCEL + BODY),
    ("method, path or address are signed as well", HEAD + "https://api.bybit.com" + CANCEL + BODY),
    (
        "the parameters are signed sorted, with key and timestamp among them, as in V2",
        f"api_key={KEY}&id=10197&recv_window=5000&timestamp={STAMP}",
    ),
]


@pytest.mark.parametrize(("mistake", "signed"), PARTS)
def test_other_parts_in_the_signed_text_are_named(mistake: str, signed: str) -> None:
    assert told(mac(signed).hex()).mistake == mistake


def test_the_default_window_that_is_signed_and_not_sent_is_named() -> None:
    assert told(mac(HEAD + BODY).hex(), window=None).mistake == "a receive window of 5000 is signed and not sent"


RIGHT = mac(HEAD + BODY)
DIGESTS = [
    ("the digest is in upper case", RIGHT.hex().upper()),
    ("the digest is in base64 instead of hex", base64.b64encode(RIGHT).decode()),
    ("the hex digest is written in base64 once more", base64.b64encode(RIGHT.hex().encode()).decode()),
    ("the hex digest is written in hex once more", RIGHT.hex().encode().hex()),
    (
        "text and secret are taken for each other",
        hmac.new((HEAD + BODY).encode(), SECRET.encode(), "sha256").hexdigest(),
    ),
    ("SHA-1 is used instead of SHA-256", mac(HEAD + BODY, algorithm="sha1").hex()),
    ("SHA-512 is used instead of SHA-256", mac(HEAD + BODY, algorithm="sha512").hex()),
    ("the text is hashed without HMAC", hashlib.sha256((SECRET + HEAD + BODY).encode()).hexdigest()),
]


@pytest.mark.parametrize(("mistake", "signature"), DIGESTS)
def test_a_digest_that_was_made_or_written_otherwise_is_named(mistake: str, signature: str) -> None:
    assert told(signature).mistake == mistake


SECRETS = [
    ("the secret has white space at its ends", SECRET, SECRET.encode() + b"\n"),
    ("the secret has white space at its ends", SECRET, b" " + SECRET.encode()),
    ("the secret has white space at its ends", SECRET + " ", SECRET.encode()),
    ("the secret stands in quotes", SECRET, b'"' + SECRET.encode() + b'"'),
    ("the secret stands in quotes", f"'{SECRET}'", SECRET.encode()),
    ("the secret begins with a byte order mark", SECRET, b"\xef\xbb\xbf" + SECRET.encode()),
    ("the secret is empty", SECRET, b""),
    ("the secret is in another case of letters", SECRET, SECRET.lower().encode()),
    ("the secret is base64-decoded", "c2VjcmV0c2VjcmV0", b"secretsecret"),
    ("the secret is hex-decoded", "deadbeefdeadbeef", bytes.fromhex("deadbeefdeadbeef")),
    ("the secret is base64-encoded", SECRET, base64.b64encode(SECRET.encode())),
    ("the API key is used in place of the secret", SECRET, KEY.encode()),
    ("the secret is that of another key of this account", SECRET, b"othersecret"),
]


@pytest.mark.parametrize(("mistake", "secret", "used"), SECRETS)
def test_another_secret_is_named_and_not_shown(mistake: str, secret: str, used: bytes) -> None:
    diagnosis = told(mac(HEAD + BODY, used).hex(), secret=secret)
    assert diagnosis.mistake == mistake
    assert "othersecret" not in repr(diagnosis)
    assert secret not in repr(diagnosis)


def test_every_known_mistake_is_made_here() -> None:
    made = {case[0] for case in (*BODIES, *QUERIES, *PARTS, *DIGESTS, *SECRETS)}
    known = {*TEXTS, *(sentence for sentence, _ in Mac(b"", "sha256", "hex").slips(b""))}
    known |= {sentence for sentence, _ in text_secrets("s", other_secrets("k", "s", ["t"]), encode=str.encode)}
    assert known - made == {"a receive window of 5000 is signed and not sent"}  # it has a test of its own


def test_a_diagnosis_has_the_text_both_signatures_and_no_mistake_for_a_random_one() -> None:
    assert told("0" * 64) == Diagnosis(
        signed='1672197227732testkey0123456789A5000{"id":"10197"}',
        expected=RIGHT.hex(),
        received="0" * 64,
        mistake=None,
    )


@settings(max_examples=100, deadline=None)
@given(
    signature=st.one_of(st.binary(min_size=32, max_size=32).map(bytes.hex), st.text(min_size=1, max_size=80)),
    payload=st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=6),
            max_leaves=12,
        ).map(lambda value: json.dumps(value).encode()),
    ),
)
@example(signature="x", payload=b"[" * 5000)
@example(signature="x", payload=b'{"a":1e400,"b":-0.0,"c":NaN}')
@example(signature="x", payload=b'{"a":' + b"9" * 5000 + b"}")
@example(signature="\udcff", payload=b'{"\\ud800":"\\ud800"}')
def test_no_mistake_is_named_for_a_signature_at_random_and_nothing_breaks(signature: str, payload: bytes) -> None:
    assert told(signature, payload=payload).mistake is None


@pytest.mark.parametrize("payload", [b'{"a":"' + b"x" * 1_000_000 + b'"}', b"{" + b'"a":1,' * 100_000 + b'"a":1}'])
def test_a_huge_body_is_not_written_again_and_the_journal_keeps_its_beginning(payload: bytes) -> None:
    diagnosis = told("0" * 64, payload=payload)
    assert diagnosis.mistake is None
    assert len(diagnosis.signed) == 16 * 1024


# --- RSA keys: nobody here can sign, but what was signed can be told -------------------------------------------------


@pytest.fixture(scope="module")
def rsa_key() -> Any:
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def rsa_told(key: Any, signature: str) -> Diagnosis:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    simulator = Simulator(clock=ManualClock(int(STAMP)))
    account = simulator.bybit.account(api_key=KEY, public_key=pem)
    headers = (
        ("X-BAPI-API-KEY", KEY),
        ("X-BAPI-TIMESTAMP", STAMP),
        ("X-BAPI-RECV-WINDOW", "5000"),
        ("X-BAPI-SIGN", signature),
    )
    simulator.answer(Request("POST", CANCEL, headers, BODY.encode()))
    diagnosis = account.last_request("cancel").refused.diagnosis
    assert isinstance(diagnosis, Diagnosis)
    return diagnosis


def test_what_an_rsa_key_signed_by_mistake_is_named(rsa_key: Any) -> None:
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.hashes import SHA256

    def signed(text: str) -> bytes:
        return bytes(rsa_key.sign(text.encode(), padding.PKCS1v15(), SHA256()))

    pss = padding.PSS(padding.MGF1(SHA256()), padding.PSS.MAX_LENGTH)
    in_pss = base64.b64encode(rsa_key.sign((HEAD + BODY).encode(), pss, SHA256())).decode()
    spaced = base64.b64encode(signed(HEAD + '{"id": "10197"}')).decode()
    assert rsa_told(rsa_key, spaced).mistake == "the body is written again with blanks"
    assert rsa_told(rsa_key, signed(HEAD + BODY).hex()).mistake == "the signature is in hex instead of base64"
    assert rsa_told(rsa_key, in_pss).mistake == "the signature is padded by PSS, not by PKCS#1 v1.5"
    url_safe = base64.urlsafe_b64encode(signed(HEAD + BODY)).decode()
    assert rsa_told(rsa_key, url_safe).mistake == "the signature is in base64 of the URL-safe alphabet"
    random = rsa_told(rsa_key, base64.b64encode(bytes(256)).decode())
    assert random.mistake is None
    assert random.expected == "base64 of an RSA signature of it (SHA-256, PKCS#1 v1.5) with the private key"
