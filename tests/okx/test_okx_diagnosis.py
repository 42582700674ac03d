"""Every known mistake, made here by hand, is named in the journal; a signature that none of them makes is not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator import Request, Simulator
from simulator.core.clock import ManualClock
from simulator.core.diagnosis import Diagnosis, Mac, other_secrets, text_secrets
from simulator.exchanges.okx.mistakes import TEXTS

KEY, SECRET, PHRASE = "key", "22582BD0CFF14C41EDBF1AB98506286D", "my phrase"
STAMP, STAMP_MS = "2020-12-08T09:08:57.715Z", 1_607_418_537_715
CANCEL, HISTORY = "/api/v5/asset/cancel-withdrawal", "/api/v5/asset/withdrawal-history"
BODY = '{"wdId":"1123456"}'


def digest(text: str, secret: bytes = SECRET.encode(), algorithm: str = "sha256") -> bytes:
    return hmac.new(secret, text.encode(), algorithm).digest()


def signature(text: str, secret: bytes = SECRET.encode()) -> str:
    return base64.b64encode(digest(text, secret)).decode()


def told(
    sign: str, method: str, target: str, body: bytes = b"", *, secret: str = SECRET, stamp: str = STAMP
) -> Diagnosis:
    """What the journal says of a request with this signature."""
    simulator = Simulator(clock=ManualClock(STAMP_MS))
    account = simulator.okx.account(api_key=KEY, api_secret=secret, passphrase=PHRASE)
    account.key(api_key="otherkey", api_secret="othersecret", passphrase="other")
    headers = {
        "OK-ACCESS-KEY": KEY,
        "OK-ACCESS-SIGN": sign,
        "OK-ACCESS-TIMESTAMP": stamp,
        "OK-ACCESS-PASSPHRASE": PHRASE,
        "Content-Type": "application/json",
        "Host": "www.okx.com",
    }
    reply = simulator.answer(Request(method, target, tuple(headers.items()), body))
    assert (reply.status, reply.body) == (401, b'{"msg":"Invalid Sign","code":"50113"}')
    refused = account.last_request().refused
    assert refused is not None
    assert refused.diagnosis is not None
    assert refused.because.startswith("the server signed ")
    return refused.diagnosis


HEAD = STAMP + "POST" + CANCEL
BODIES = [
    ("the body is written again with blanks", BODY, HEAD + '{"wdId": "1123456"}'),
    ("the body is written again without blanks", '{"wdId": "1123456"}', HEAD + BODY),
    ("the body is written again over several lines", BODY, HEAD + '{\n  "wdId": "1123456"\n}'),
    (r"the body is written again with other escapes (\u00e9, \/)", '{"memo":"é/ü"}', HEAD + '{"memo": "é\\/ü"}'),
    ("the numbers of the body are written again", '{"amt":0.10}', HEAD + '{"amt":0.1}'),
    ("the body is written again with numbers as text, or text as numbers", BODY, HEAD + '{"wdId":1123456}'),
    ("the body is written again without what is empty in it", '{"ccy": "BTC", "chain": ""}', HEAD + '{"ccy": "BTC"}'),
    ("the body is written again with its keys in another order", '{"b":1,"a":2,"c":3}', HEAD + '{"a":2,"c":3,"b":1}'),
    ("the body is signed as a query", BODY, HEAD + "wdId=1123456"),
    (
        "the body is signed as Python prints it (str of a dict)",
        '{"wdId":"1","x":false}',
        HEAD + "{'wdId': '1', 'x': False}",
    ),
    ("the body is written as JSON twice, for the text or for what is sent", BODY, HEAD + r'"{\"wdId\":\"1123456\"}"'),
    ("a form is sent and JSON is signed", "wdId=1123456", HEAD + BODY),
    ("a line break is signed behind the text", BODY, HEAD + BODY + "\n"),
    ("null, undefined or None is signed where nothing is sent", "", HEAD + "undefined"),
    ("{} is signed where nothing is sent", "", HEAD + "{}"),
    ("the body is left out", BODY, HEAD),
    ("the method is signed in lower case", BODY, STAMP + "post" + CANCEL + BODY),
    ("the method is signed with one capital, as Get or Post", BODY, STAMP + "Post" + CANCEL + BODY),
    ("the method is not signed", BODY, STAMP + CANCEL + BODY),
    ("another method is signed than the one that is sent", BODY, STAMP + "GET" + CANCEL + BODY),
    ("the timestamp is signed in seconds", BODY, "1607418537" + "POST" + CANCEL + BODY),
    ("the timestamp is signed in seconds", BODY, "1607418537.715" + "POST" + CANCEL + BODY),
    ("the timestamp is signed in milliseconds", BODY, "1607418537715" + "POST" + CANCEL + BODY),
    (
        "the timestamp is signed in another form of ISO 8601",
        BODY,
        "2020-12-08T09:08:57Z" + "POST" + CANCEL + BODY,
    ),
    (
        "the timestamp is signed in another form of ISO 8601",
        BODY,
        "2020-12-08T09:08:57.715000" + "POST" + CANCEL + BODY,
    ),
    (
        "the timestamp is signed in another form of ISO 8601",
        BODY,
        "2020-12-08T09:08:57.715+00:00" + "POST" + CANCEL + BODY,
    ),
    ("the timestamp is not signed", BODY, "POST" + CANCEL + BODY),
    (
        "the path is signed without its beginning, or with a slash at its end",
        BODY,
        STAMP + "POST" + "/asset/cancel-withdrawal" + BODY,
    ),
    (
        "the path is signed without its beginning, or with a slash at its end",
        BODY,
        STAMP + "POST" + "api/v5/asset/cancel-withdrawal" + BODY,
    ),
    (
        "the path is signed without its beginning, or with a slash at its end",
        BODY,
        STAMP + "POST" + CANCEL + "/" + BODY,
    ),
    ("the path is signed with /api/v5 ahead of it", BODY, STAMP + "POST" + "/api/v5" + CANCEL + BODY),
    ("the address is signed with the path", BODY, STAMP + "POST" + "https://www.okx.com" + CANCEL + BODY),
    ("the clock is asked twice, for the text and for the header", BODY, "2020-12-08T09:08:57.714ZPOST" + CANCEL + BODY),
    ("the clock is asked twice, for the text and for the header", BODY, "2020-12-08T09:08:57.735ZPOST" + CANCEL + BODY),
    ("the parts are signed in another order", BODY, "POST" + CANCEL + BODY + STAMP),
    ("the parts are signed in another order", BODY, "POST" + STAMP + CANCEL + BODY),
    ("passphrase or key are signed as well", BODY, HEAD + BODY + PHRASE),
    ("passphrase or key are signed as well", BODY, STAMP + KEY + "POST" + CANCEL + BODY),
]


@pytest.mark.parametrize(("mistake", "sent", "signed"), BODIES)
def test_what_is_signed_otherwise_of_a_post_is_named(mistake: str, sent: str, signed: str) -> None:
    diagnosis = told(signature(signed), "POST", CANCEL, sent.encode())
    assert diagnosis.mistake == mistake
    assert diagnosis.signed == HEAD + sent


PATH = STAMP + "GET" + HISTORY
QUERIES = [
    ("the query is left out", "?wdId=1", PATH),
    ("the query is signed without its question mark", "?wdId=1", PATH + "wdId=1"),
    ("a question mark is signed where no query is sent", "", PATH + "?"),
    ("the query is signed sorted", "?limit=5&ccy=BTC", PATH + "?ccy=BTC&limit=5"),
    # python-okx and okx-api sign what the HTTP library encodes afterwards.
    ("the query is signed unencoded", "?txId=a%20b/%C3%A9", PATH + "?txId=a b/é"),
    ("the query is signed unencoded, with blanks that are sent as +", "?txId=a+b%2F%C3%A9", PATH + "?txId=a b/é"),
    ("the query is signed encoded and sent unencoded", "?ccy=BTC,ETH", PATH + "?ccy=BTC%2CETH"),
    ("the query is signed with other escapes (%2c, %2C, +, %20)", "?ccy=BTC%2cETH", PATH + "?ccy=BTC%2CETH"),
    ("the query is signed without its empty parameters", "?ccy=&limit=5", PATH + "?limit=5"),
    ("the query is signed in another order", "?b=1&a=2&c=3", PATH + "?c=3&a=2&b=1"),
    ("the query is signed as JSON", "?ccy=BTC", PATH + '?{"ccy":"BTC"}'),
    ("the query is signed as Python prints it (str of a dict)", "?ccy=BTC", PATH + "?{'ccy': 'BTC'}"),
    ("null, undefined or None is signed where nothing is sent", "", PATH + "null"),
    ("the query is signed as a body", "?ccy=BTC&limit=5", PATH + '{"ccy": "BTC", "limit": "5"}'),
    ("{} is signed where nothing is sent", "", PATH + "{}"),
]


def test_the_body_of_a_get_which_is_not_signed_is_named_when_it_is() -> None:
    diagnosis = told(signature(PATH + '{"wdId":"1"}'), "GET", HISTORY, b'{"wdId":"1"}')
    assert (diagnosis.mistake, diagnosis.signed) == ("the body of a GET is signed", PATH)


@pytest.mark.parametrize(("mistake", "query", "signed"), QUERIES)
def test_what_is_signed_otherwise_of_a_get_is_named(mistake: str, query: str, signed: str) -> None:
    assert told(signature(signed), "GET", HISTORY + query).mistake == mistake


def test_a_fraction_that_is_signed_and_not_sent_is_named() -> None:
    """gocryptotrader sends no fraction of a second; who signs one all the same is told."""
    stamp = "2020-12-08T09:08:57Z"
    diagnosis = told(signature("2020-12-08T09:08:57.000Z" + "GET" + HISTORY), "GET", HISTORY, stamp=stamp)
    assert diagnosis.mistake == "the timestamp is signed in another form of ISO 8601"


RIGHT = digest(HEAD + BODY)
DIGESTS = [
    ("the digest is in hex instead of base64", RIGHT.hex()),
    ("the digest is in base64 of the URL-safe alphabet", base64.urlsafe_b64encode(RIGHT).decode()),
    ("the digest is in base64 without its = at the end", base64.b64encode(RIGHT).decode().rstrip("=")),
    ("the digest is in base64 with its last byte lost", base64.b64encode(RIGHT[:-1]).decode()),
    ("the hex digest is written in base64 once more", base64.b64encode(RIGHT.hex().encode()).decode()),
    ("the digest is in base64 with its letters in lower case", base64.b64encode(RIGHT).decode().lower()),
    ("text and secret are taken for each other", signature(SECRET, (HEAD + BODY).encode())),
    ("SHA-1 is used instead of SHA-256", base64.b64encode(digest(HEAD + BODY, algorithm="sha1")).decode()),
    ("SHA-512 is used instead of SHA-256", base64.b64encode(digest(HEAD + BODY, algorithm="sha512")).decode()),
    ("the text is hashed without HMAC", base64.b64encode(hashlib.sha256((HEAD + BODY).encode()).digest()).decode()),
]


@pytest.mark.parametrize(("mistake", "sign"), DIGESTS)
def test_a_digest_that_was_made_or_written_otherwise_is_named(mistake: str, sign: str) -> None:
    assert told(sign, "POST", CANCEL, BODY.encode()).mistake == mistake


SECRETS = [
    ("the secret has white space at its ends", SECRET, SECRET.encode() + b"\r\n"),
    ("the secret stands in quotes", SECRET, b"'" + SECRET.encode() + b"'"),
    ("the secret begins with a byte order mark", SECRET, b"\xef\xbb\xbf" + SECRET.encode()),
    ("the secret begins with a byte order mark", "\ufeff" + SECRET, SECRET.encode()),
    ("the secret is empty", SECRET, b""),
    ("the secret is in another case of letters", SECRET, SECRET.lower().encode()),
    ("the secret is base64-decoded", SECRET, base64.b64decode(SECRET)),
    ("the secret is hex-decoded", "22582bd0", bytes.fromhex("22582bd0")),
    ("the secret is base64-encoded", SECRET, base64.b64encode(SECRET.encode())),
    ("the passphrase is used in place of the secret", SECRET, PHRASE.encode()),
    ("the passphrase is used behind the secret", SECRET, (SECRET + PHRASE).encode()),
    ("the API key is used in place of the secret", SECRET, KEY.encode()),
    ("the secret is that of another key of this account", SECRET, b"othersecret"),
]


@pytest.mark.parametrize(("mistake", "secret", "used"), SECRETS)
def test_another_secret_is_named_and_not_shown(mistake: str, secret: str, used: bytes) -> None:
    diagnosis = told(signature(HEAD + BODY, used), "POST", CANCEL, BODY.encode(), secret=secret)
    assert diagnosis.mistake == mistake
    assert not any(hidden in repr(diagnosis) for hidden in (secret, "othersecret", PHRASE))


LOGINS = [
    ("the timestamp is signed in milliseconds", "1607418537000GET/users/self/verify"),
    ("the timestamp is signed in another form of ISO 8601", "2020-12-08T09:08:57.000ZGET/users/self/verify"),
    ("the method is signed in lower case", "1607418537get/users/self/verify"),
    ("the method is signed with one capital, as Get or Post", "1607418537Get/users/self/verify"),
    ("another method is signed than the one that is sent", "1607418537POST/users/self/verify"),
    ("the path is signed without its beginning, or with a slash at its end", "1607418537GET"),
    ("the path is signed with /api/v5 ahead of it", "1607418537GET/api/v5/users/self/verify"),
    ("the clock is asked twice, for the text and for the header", "1607418538GET/users/self/verify"),
    (None, "nonsense"),
]


@pytest.mark.parametrize(("mistake", "signed"), LOGINS)
def test_the_signature_of_a_login_on_a_socket_is_explained_as_well(mistake: str | None, signed: str) -> None:
    simulator = Simulator(clock=ManualClock(STAMP_MS))
    account = simulator.okx.account(api_key=KEY, api_secret=SECRET, passphrase=PHRASE)
    arg = {"apiKey": KEY, "passphrase": PHRASE, "timestamp": "1607418537", "sign": signature(signed)}
    simulator.open_socket("/ws/v5/business").send(json.dumps({"op": "login", "args": [arg]}))
    diagnosis = account.last_request("login").refused.diagnosis
    assert diagnosis.signed == "1607418537GET/users/self/verify"
    assert diagnosis.mistake == mistake


def test_every_known_mistake_is_made_here() -> None:
    made = {case[0] for case in (*BODIES, *QUERIES, *DIGESTS, *SECRETS)}
    known = {*TEXTS, *(sentence for sentence, _ in Mac(b"", "sha256", "base64").slips(b""))}
    known |= {sentence for sentence, _ in text_secrets("s", other_secrets("k", "s", ["t"]), encode=str.encode)}
    assert known - made == {"the body of a GET is signed"}  # it has a test of its own


def test_a_diagnosis_has_the_text_both_signatures_and_no_mistake_for_a_random_one() -> None:
    assert told("nonsense", "POST", CANCEL, BODY.encode()) == Diagnosis(
        signed='2020-12-08T09:08:57.715ZPOST/api/v5/asset/cancel-withdrawal{"wdId":"1123456"}',
        expected="FKjE8vpE/kjcjTTye/EdxVwTMzhILrxAbp/ciI3uWBg=",
        received="nonsense",
        mistake=None,
    )


@settings(max_examples=80, deadline=None)
@given(
    sign=st.one_of(
        st.binary(min_size=32, max_size=32).map(lambda raw: base64.b64encode(raw).decode()), st.text(min_size=1)
    ),
    query=st.text(max_size=80),
    body=st.binary(max_size=200),
    secret=st.sampled_from([SECRET, "ä", "\U0001f512", "no hex", "   "]),
    stamp=st.sampled_from([STAMP, "2020-12-08T09:08:57Z"]),
)
@example(sign="ä\udcff", query="%ff%zz+\udcff" + chr(0xD800), body=b"[" * 100_000, secret=SECRET, stamp=STAMP)
@example(sign="x", query="a=" * 5000, body=b'{"a":1.5e399}', secret="\udcff", stamp=STAMP)
@example(sign="x", query="", body=b'"\\ud800"', secret=chr(0xD800), stamp=STAMP)
@example(sign="x", query="", body=b"9" * 5000, secret=SECRET, stamp=STAMP)
def test_no_mistake_is_named_for_a_signature_at_random_and_nothing_breaks(
    sign: str, query: str, body: bytes, secret: str, stamp: str
) -> None:
    assert told(sign, "POST", f"{CANCEL}?{query}", body, secret=secret, stamp=stamp).mistake is None
