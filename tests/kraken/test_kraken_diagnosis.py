"""Every known mistake, made here by hand, is named in the journal; a signature that none of them makes is not."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator import Request, Simulator
from simulator.core.clock import ManualClock
from simulator.core.diagnosis import Diagnosis, Mac, other_secrets
from simulator.core.journal import Refused
from simulator.exchanges.kraken.mistakes import TEXTS

SECRET = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg=="
KEY = base64.b64decode(SECRET)
OTHER = base64.b64encode(b"another secret").decode()
NONCE = "1695828271000"
PATH = "/0/private/WithdrawCancel"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
BODY = f"nonce={NONCE}&asset=XBT&refid=FTQcuak-V6Za8qrWnhzTx67yYHz8Tg"
IN_JSON = f'{{"nonce":"{NONCE}","asset":"XBT","refid":"F"}}'


def inner(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def mac(message: bytes, key: bytes = KEY, algorithm: str = "sha512") -> bytes:
    return hmac.new(key, message, algorithm).digest()


def signature(message: bytes, key: bytes = KEY) -> str:
    return base64.b64encode(mac(message, key)).decode()


def of(hashed: str, path: str = PATH) -> bytes:
    return path.encode() + inner(hashed)


def refused(sign: str, body: bytes = BODY.encode(), *, secret: str = SECRET, target: str = PATH) -> Refused:
    """What the journal says of a request with this signature."""
    simulator = Simulator(clock=ManualClock(1_695_828_271_000))
    account = simulator.kraken.account(api_key="key=", api_secret=secret)
    account.key(api_key="other=", api_secret=OTHER)
    kind = JSON if body[:1] == b"{" else FORM
    headers = (("Content-Type", kind), ("API-Key", "key="), ("API-Sign", sign), ("Host", "api.kraken.com"))
    simulator.answer(Request("POST", target, headers, body))
    told = account.last_request("cancel").refused
    assert told is not None
    return told


def told(sign: str, body: bytes = BODY.encode(), *, secret: str = SECRET, target: str = PATH) -> Diagnosis:
    because = refused(sign, body, secret=secret, target=target)
    assert because.condition == "auth.wrong_signature"
    assert because.diagnosis is not None
    return because.diagnosis


N1 = "1695828270999"
CASES: list[tuple[str, str, bytes]] = [
    ("the nonce is missing in front of the body", BODY, of(BODY)),
    ("the path is signed without /0", BODY, of(NONCE + BODY, "/private/WithdrawCancel")),
    ("an empty body was signed", BODY, of(NONCE)),
    ("the path is signed without its beginning, or with a slash too many", BODY, of(NONCE + BODY, "/WithdrawCancel")),
    ("the path is signed without its beginning, or with a slash too many", BODY, of(NONCE + BODY, "WithdrawCancel")),
    ("the path is signed without its beginning, or with a slash too many", BODY, of(NONCE + BODY, PATH + "/")),
    ("the path is signed without its beginning, or with a slash too many", BODY, of(NONCE + BODY, PATH[1:])),
    ("the address is signed with the path", BODY, of(NONCE + BODY, "https://api.kraken.com" + PATH)),
    ("what is hashed with SHA-256 inside is not hashed, or otherwise", BODY, (PATH + NONCE + BODY).encode()),
    (
        "what is hashed with SHA-256 inside is not hashed, or otherwise",
        BODY,
        (PATH + inner(NONCE + BODY).hex()).encode(),
    ),
    ("the parts are signed in another order", BODY, of(BODY + NONCE)),
    ("the parts are signed in another order", BODY, inner(NONCE + BODY) + PATH.encode()),
    ("another nonce is signed than the one in the body", BODY, of(N1 + BODY)),
    ("another nonce is signed than the one in the body", BODY, of(N1 + BODY.replace(NONCE, N1))),
    ("another nonce is signed than the one in the body", BODY, of("1695828271" + BODY)),
    ("the nonce is put into the body after it was signed", BODY, of(NONCE + BODY.removeprefix(f"nonce={NONCE}&"))),
    (
        "the nonce is put into the body after it was signed",
        f"asset=XBT&refid=F&nonce={NONCE}",
        of(NONCE + "asset=XBT&refid=F"),
    ),
    ("the nonce is put into the body after it was signed", IN_JSON, of(NONCE + '{"asset":"XBT","refid":"F"}')),
    ("the otp is put into the body after it was signed", BODY + "&otp=123456", of(NONCE + BODY)),
    ("the last argument is added after it was signed", BODY + "&broker=AA56", of(NONCE + BODY)),
    (
        "the last argument is added after it was signed",
        IN_JSON.replace("}", ', "broker": "A,\\"}B"}'),
        of(NONCE + IN_JSON),
    ),
    ("the verb is signed with the path", BODY, of(NONCE + BODY, "POST" + PATH)),
    ("another nonce is signed than the one in the body", BODY, of(NONCE + ".0" + BODY)),
    ("what is hashed with SHA-256 inside is not hashed, or otherwise", BODY, (PATH + NONCE).encode() + inner(BODY)),
    (
        "another nonce is signed than the one in the body",
        f"nonce={NONCE}000&asset=XBT",
        of(f"1695828271nonce={NONCE}000&asset=XBT"),
    ),
    *(
        ("another nonce is signed than the one in the body", f"nonce={sent}&asset=XBT", of(signed))
        # In us (npm kraken-api) any number apart, or whole ms; in ns whole us, or whole ms.
        for sent, signed in (
            (NONCE + "000", f"1695828271000137nonce={NONCE}000&asset=XBT"),
            (NONCE + "000", f"1695828270999863nonce={NONCE}000&asset=XBT"),
            (NONCE + "000", f"1695828271001000nonce={NONCE}000&asset=XBT"),
            (NONCE + "000", "1695828270999900nonce=1695828270999900&asset=XBT"),
            (NONCE + "000", f"{NONCE}000nonce=1695828270998000&asset=XBT"),
            (NONCE + "000000", f"1695828271000137000nonce={NONCE}000000&asset=XBT"),
            (NONCE + "000000", f"1695828271002000000nonce={NONCE}000000&asset=XBT"),
        )
    ),
    # krakenex signs urlencode without doseq and sends it with doseq (krakenex#104, #138).
    (
        "a list is signed as one value and sent as several",
        f"refid=A&refid=B&nonce={NONCE}",
        of(NONCE + f"refid=%5B%27A%27%2C+%27B%27%5D&nonce={NONCE}"),
    ),
    (
        "true and false are signed in other letters than they are sent",
        f"nonce={NONCE}&validate=false",
        of(NONCE + f"nonce={NONCE}&validate=False"),
    ),
    (
        "form and JSON are mixed up: one is sent and the other signed",
        IN_JSON,
        of(NONCE + f"nonce={NONCE}&asset=XBT&refid=F"),
    ),
    (
        "form and JSON are mixed up: one is sent and the other signed",
        f"nonce={NONCE}&asset=XBT",
        of(NONCE + f'{{"nonce": "{NONCE}", "asset": "XBT"}}'),
    ),
    ("the form is signed sorted", BODY, of(NONCE + "&".join(sorted(BODY.split("&"))))),
    ("the form is signed in another order", f"c=1&nonce={NONCE}&b=2", of(NONCE + f"nonce={NONCE}&c=1&b=2")),
    ("the form is signed unencoded", f"nonce={NONCE}&key=a%26b", of(NONCE + f"nonce={NONCE}&key=a&b")),
    (
        "the form is signed unencoded, with blanks that are sent as +",
        f"nonce={NONCE}&key=my+key",
        of(NONCE + f"nonce={NONCE}&key=my key"),
    ),
    (
        "the form is signed encoded and sent unencoded",
        f"nonce={NONCE}&key=my/key",
        of(NONCE + f"nonce={NONCE}&key=my%2Fkey"),
    ),
    (
        "the form is signed with other escapes (%2c, %2C, +, %20)",
        f"nonce={NONCE}&key=my+key",
        of(NONCE + f"nonce={NONCE}&key=my%20key"),
    ),
    ("the form is signed without its empty parameters", f"nonce={NONCE}&b=&a=1", of(NONCE + f"nonce={NONCE}&a=1")),
    (
        "the form is signed as Python prints it (str of a dict)",
        f"nonce={NONCE}&asset=XBT",
        of(NONCE + f"{{'nonce': {NONCE}, 'asset': 'XBT'}}"),
    ),
    (
        "the body is signed as Python prints it (str of a dict)",
        IN_JSON,
        of(NONCE + f"{{'nonce': '{NONCE}', 'asset': 'XBT', 'refid': 'F'}}"),
    ),
    (
        "the body is written as JSON twice, for the text or for what is sent",
        IN_JSON,
        of(NONCE + '"' + IN_JSON.replace('"', '\\"') + '"'),
    ),
    ("the body is written again with blanks", IN_JSON, of(NONCE + IN_JSON.replace(":", ": ").replace(",", ", "))),
    (
        "the body is written again without blanks",
        IN_JSON.replace(":", ": ").replace(",", ", "),
        of(NONCE + IN_JSON),
    ),
    (
        "the body is written again over several lines",
        IN_JSON,
        of(NONCE + f'{{\n  "nonce": "{NONCE}",\n  "asset": "XBT",\n  "refid": "F"\n}}'),
    ),
    (
        r"the body is written again with other escapes (\u00e9, \/)",
        f'{{"nonce":"{NONCE}","key":"é"}}',
        of(NONCE + f'{{"nonce":"{NONCE}","key":"\\u00e9"}}'),
    ),
    (
        "the numbers of the body are written again",
        f'{{"nonce":{NONCE},"amount":0.10}}',
        of(NONCE + f'{{"nonce":{NONCE},"amount":0.1}}'),
    ),
    (
        "the body is written again with numbers as text, or text as numbers",
        f'{{"nonce":{NONCE}}}',
        of(NONCE + f'{{"nonce":"{NONCE}"}}'),
    ),
    (
        "the body is written again without what is empty in it",
        f'{{"nonce":"{NONCE}","otp":"","asset":null}}',
        of(NONCE + f'{{"nonce":"{NONCE}"}}'),
    ),
    # The official Go client sorts the keys of a map.
    (
        "the body is written again with its keys in another order",
        IN_JSON,
        of(NONCE + f'{{"asset":"XBT","nonce":"{NONCE}","refid":"F"}}'),
    ),
]


@pytest.mark.parametrize(("mistake", "sent", "signed"), CASES)
def test_what_is_signed_otherwise_is_named(mistake: str, sent: str, signed: bytes) -> None:
    assert told(signature(signed), sent.encode()).mistake == mistake


def test_a_query_that_is_signed_with_the_body_is_named() -> None:
    """Kraken.Net signs path + SHA256(nonce + body + query)."""
    diagnosis = told(signature(of(NONCE + BODY + "a=b")), target=PATH + "?a=b")
    assert diagnosis.mistake == "the query is signed with the body"


RIGHT = mac(of(NONCE + BODY))
DIGESTS = [
    ("the digest is in hex instead of base64", RIGHT.hex()),
    ("the digest is in hex instead of base64", RIGHT.hex().upper()),
    ("the digest is in base64 of the URL-safe alphabet", base64.urlsafe_b64encode(RIGHT).decode()),
    ("the digest is in base64 without its = at the end", base64.b64encode(RIGHT).decode().rstrip("=")),
    ("the digest is in base64 with its last byte lost", base64.b64encode(RIGHT[:-1]).decode()),
    ("the hex digest is written in base64 once more", base64.b64encode(RIGHT.hex().encode()).decode()),
    ("the digest is in base64 with its letters in lower case", base64.b64encode(RIGHT).decode().lower()),
    ("text and secret are taken for each other", signature(KEY, of(NONCE + BODY))),
    ("SHA-1 is used instead of SHA-512", base64.b64encode(mac(of(NONCE + BODY), algorithm="sha1")).decode()),
    ("SHA-256 is used instead of SHA-512", base64.b64encode(mac(of(NONCE + BODY), algorithm="sha256")).decode()),
    ("the text is hashed without HMAC", base64.b64encode(hashlib.sha512(KEY + of(NONCE + BODY)).digest()).decode()),
]


@pytest.mark.parametrize(("mistake", "sign"), DIGESTS)
def test_a_digest_that_was_made_or_written_otherwise_is_named(mistake: str, sign: str) -> None:
    assert told(sign).mistake == mistake


TWICE = base64.b64encode(base64.b64encode(b"secret")).decode()
SECRETS = [
    ("the secret was used as text instead of base64-decoded", SECRET, SECRET.encode()),
    ("the secret is base64-decoded twice", TWICE, b"secret"),
    ("the secret is empty", SECRET, b""),
    ("the API key is used in place of the secret", SECRET, b"key="),
    ("the secret is that of another key of this account", SECRET, b"another secret"),
    ("the secret is that of another key of this account", SECRET, OTHER.encode()),
]


@pytest.mark.parametrize(("mistake", "secret", "used"), SECRETS)
def test_another_secret_is_named_and_not_shown(mistake: str, secret: str, used: bytes) -> None:
    diagnosis = told(signature(of(NONCE + BODY), used), secret=secret)
    assert diagnosis.mistake == mistake
    assert not any(hidden in repr(diagnosis) for hidden in (secret, OTHER))


def test_every_known_mistake_is_made_here() -> None:
    made = {case[0] for case in (*CASES, *DIGESTS, *SECRETS)}
    known = {*TEXTS, *(sentence for sentence, _ in Mac(b"", "sha512", "base64").slips(b""))}
    known |= {sentence for sentence, _ in other_secrets("k", "s", ["t"])}
    # The query has a test of its own; a form that is signed as JSON is named by what comes before it, and so is a body
    # that is signed as a query.
    assert known - made == {
        "the query is signed with the body",
        "the form is signed as JSON",
        "the body is signed as a query",
    }


def test_a_diagnosis_has_the_text_both_signatures_and_no_mistake_for_a_random_one() -> None:
    assert told("nonsense") == Diagnosis(
        signed="'/0/private/WithdrawCancel' + SHA256('1695828271000nonce=1695828271000&asset=XBT"
        "&refid=FTQcuak-V6Za8qrWnhzTx67yYHz8Tg')",
        expected="/4cWD+scgy7LZ27RuCmaV7PriqIgw43C35TIc2BxvoEpl6lZJriuFtCa4i3WcCT2OHSUQFlUHIS20X18/ZCVvA==",
        received="nonsense",
        mistake=None,
    )


@settings(max_examples=80, deadline=None)
@given(
    sign=st.one_of(
        st.binary(min_size=64, max_size=64).map(lambda raw: base64.b64encode(raw).decode()), st.text(min_size=1)
    ),
    rest=st.text(max_size=200),
    nonce=st.sampled_from([NONCE, "1", "18446744073709551615"]),
)
@example(sign="\udcff", rest="&a=" + "%ff" * 5000, nonce=NONCE)
@example(sign="x", rest="&a" * 2000, nonce=NONCE)
def test_no_mistake_is_named_for_a_signature_at_random_and_nothing_breaks(sign: str, rest: str, nonce: str) -> None:
    body = f"nonce={nonce}&x={rest}&nonce={nonce}".encode("utf-8", "replace")
    because = refused(sign, body)
    assert because.condition in ("auth.wrong_signature", "body.broken")
    assert because.diagnosis is None or because.diagnosis.mistake is None


@pytest.mark.parametrize(
    "body",
    [
        f'{{"nonce":"{NONCE}","a":1e400,"b":-0.0}}',
        f'{{"nonce":"{NONCE}","a":"\\ud800"}}',
        f'{{"nonce":"{NONCE}","a":{"[" * 100}{"]" * 100}}}',
        f'{{"nonce":"{NONCE}","a":"{"x" * 900_000}"}}',
    ],
    ids=["numbers", "surrogate", "deep", "huge"],
)
def test_json_of_any_kind_breaks_nothing(body: str) -> None:
    because = refused("nonsense", body.encode())
    assert because.condition in ("auth.wrong_signature", "body.broken")
    assert because.diagnosis is None or because.diagnosis.mistake is None
