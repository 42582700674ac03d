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
from simulator.exchanges.alphapoint.diagnosis import _TEXTS

KEY, SECRET, NONCE = "0123456789abcdef0123456789abcdef", "fedcba9876543210FEDCBA9876543210", "1700000000000"
BODY = b'{"OMSId":1}'


def digest(text: str, secret: bytes = SECRET.encode(), algorithm: str = "sha256") -> bytes:
    return hmac.new(secret, text.encode(), algorithm).digest()


class Bench:
    """An account with a second key, and what the journal says of a signature."""

    def __init__(self, secret: str = SECRET) -> None:
        self.simulator = Simulator(clock=ManualClock(1_700_000_000_000))
        self.account = self.simulator.alphapoint.account(
            api_key=KEY, api_secret=secret, username="bob", password="my password"
        )
        self.account.key(api_key="otherkey", api_secret="othersecret")
        self.user_id = str(self.account.credentials["user_id"])
        self.account_id = str(self.account.credentials["account_id"])

    def told(self, signature: str, nonce: str = NONCE) -> Diagnosis:
        given = {"APIKey": KEY, "Signature": signature, "UserId": self.user_id, "Nonce": nonce}
        self.simulator.answer(Request("POST", "/AP/CancelWithdraw", tuple(given.items()), BODY))
        return self.last("auth.wrong_signature")

    def last(self, condition: str) -> Diagnosis:
        refused = self.account.last_request().refused
        assert refused.condition == condition
        assert isinstance(refused.diagnosis, Diagnosis)
        return refused.diagnosis


TEXTS = [
    ("the user id is not signed", "{nonce}{key}"),
    ("the nonce is not signed", "{user}{key}"),
    ("the key is not signed", "{nonce}{user}"),
    ("account id, user name or e-mail address are signed in place of the user id", "{nonce}{account}{key}"),
    ("account id, user name or e-mail address are signed in place of the user id", "{nonce}bob{key}"),
    ("nonce, user id and key are signed in another order", "{nonce}{key}{user}"),
    ("nonce, user id and key are signed in another order", "{user}{nonce}{key}"),
    ("nonce, user id and key are signed in another order", "{key}{user}{nonce}"),
    ("nonce, user id and key are signed with something between them", "{nonce}:{user}:{key}"),
    ("another nonce is signed than the one that is sent", "1699999999993{user}{key}"),
    ("another nonce is signed than the one that is sent", "1700000000{user}{key}"),
    ("the secret is signed in place of the key", "{nonce}{user}{secret}"),
    ("path or body are signed as well", "{nonce}{user}{key}/AP/CancelWithdraw"),
    ("path or body are signed as well", "{nonce}{user}{key}{body}"),
    ("verb or function are signed as well", "POST{nonce}{user}{key}"),
    ("verb or function are signed as well", "{nonce}{user}{key}CancelWithdraw"),
    ("a line break is signed behind the text", "{nonce}{user}{key}\n"),
]


def filled(bench: Bench, text: str) -> str:
    parts = {"nonce": NONCE, "user": bench.user_id, "key": KEY, "account": bench.account_id, "secret": SECRET}
    return text.format(**parts, body=BODY.decode())


@pytest.mark.parametrize(("mistake", "text"), TEXTS)
def test_what_is_signed_otherwise_is_named(mistake: str, text: str) -> None:
    bench = Bench()
    assert bench.told(digest(filled(bench, text)).hex()).mistake == mistake


RIGHT = "{nonce}{user}{key}"
DIGESTS: list[tuple[str, Any]] = [
    ("the digest is in upper case", lambda text: digest(text).hex().upper()),
    ("the digest is in base64 instead of hex", lambda text: base64.b64encode(digest(text)).decode()),
    (
        "the hex digest is written in base64 once more",
        lambda text: base64.b64encode(digest(text).hex().encode()).decode(),
    ),
    ("the hex digest is written in hex once more", lambda text: digest(text).hex().encode().hex()),
    ("text and secret are taken for each other", lambda text: digest(SECRET, text.encode()).hex()),
    ("SHA-1 is used instead of SHA-256", lambda text: digest(text, algorithm="sha1").hex()),
    ("SHA-512 is used instead of SHA-256", lambda text: digest(text, algorithm="sha512").hex()),
    ("the text is hashed without HMAC", lambda text: hashlib.sha256(text.encode() + SECRET.encode()).hexdigest()),
]


@pytest.mark.parametrize(("mistake", "make"), DIGESTS)
def test_a_digest_that_was_made_or_written_otherwise_is_named(mistake: str, make: Any) -> None:
    bench = Bench()
    assert bench.told(make(filled(bench, RIGHT))).mistake == mistake


SECRETS = [
    ("the secret has white space at its ends", SECRET, SECRET.encode() + b"\n"),
    ("the secret stands in quotes", SECRET, b'"' + SECRET.encode() + b'"'),
    ("the secret begins with a byte order mark", SECRET, b"\xef\xbb\xbf" + SECRET.encode()),
    ("the secret is empty", SECRET, b""),
    ("the secret is in another case of letters", SECRET, SECRET.lower().encode()),
    ("the secret is hex-decoded", SECRET, bytes.fromhex(SECRET)),
    ("the secret is base64-decoded", SECRET, base64.b64decode(SECRET)),
    ("the secret is base64-encoded", SECRET, base64.b64encode(SECRET.encode())),
    ("the password is used in place of the secret", SECRET, b"my password"),
    ("the API key is used in place of the secret", SECRET, KEY.encode()),
    ("the secret is that of another key of this account", SECRET, b"othersecret"),
]


@pytest.mark.parametrize(("mistake", "secret", "used"), SECRETS)
def test_another_secret_is_named_and_not_shown(mistake: str, secret: str, used: bytes) -> None:
    bench = Bench(secret)
    diagnosis = bench.told(digest(filled(bench, RIGHT), used).hex())
    assert diagnosis.mistake == mistake
    assert not any(hidden in repr(diagnosis) for hidden in (secret, "othersecret", "my password"))


def test_key_and_secret_that_are_taken_for_each_other_are_named_and_not_shown() -> None:
    bench = Bench()
    diagnosis = bench.told(digest(filled(bench, "{nonce}{user}{secret}"), KEY.encode()).hex())
    assert diagnosis.mistake == "key and secret are taken for each other"
    assert SECRET not in repr(diagnosis)


def test_every_known_mistake_is_made_here() -> None:
    made = {case[0] for case in (*TEXTS, *DIGESTS, *SECRETS)}
    known = {*_TEXTS, *(sentence for sentence, _ in Mac(b"", "sha256", "hex").slips(b""))}
    known |= {sentence for sentence, _ in text_secrets("s", other_secrets("k", "s", ["t"]), encode=str.encode)}
    assert known <= made


def test_a_login_is_explained_over_http_and_on_a_socket() -> None:
    bench = Bench()
    wrong = digest(NONCE + KEY + bench.user_id).hex()
    given = {"APIKey": KEY, "Signature": wrong, "UserId": bench.user_id, "Nonce": NONCE}
    bench.simulator.answer(Request("GET", "/AP/AuthenticateUser", tuple(given.items())))
    assert bench.last("login.wrong_signature").mistake == "nonce, user id and key are signed in another order"
    frame = {"m": 0, "i": 0, "n": "AuthenticateUser", "o": json.dumps(given)}
    bench.simulator.open_socket("/WSGateway/").send(json.dumps(frame))
    assert bench.last("login.wrong_signature").mistake == "nonce, user id and key are signed in another order"


def test_a_diagnosis_has_the_text_both_signatures_and_no_mistake_for_a_random_one() -> None:
    bench = Bench()
    assert bench.told("0" * 64) == Diagnosis(
        signed=f"1700000000000{bench.user_id}0123456789abcdef0123456789abcdef",
        expected=digest(filled(bench, RIGHT)).hex(),
        received="0" * 64,
        mistake=None,
    )


@settings(max_examples=60, deadline=None)
@given(
    signature=st.one_of(st.binary(min_size=32, max_size=32).map(bytes.hex), st.text(min_size=1)),
    nonce=st.one_of(st.integers().map(str), st.text(min_size=1)),
    secret=st.sampled_from([SECRET, "ä", "\U0001f512", "odd", " "]),
)
@example(signature="\udcff", nonce="9" * 100_000, secret=chr(0xD800))
@example(signature="x", nonce="٣", secret="\udcff")
def test_no_mistake_is_named_for_a_signature_at_random_and_nothing_breaks(
    signature: str, nonce: str, secret: str
) -> None:
    assert Bench(secret).told(signature, nonce).mistake is None
