"""The signature, against published and recomputed vectors; each names the mistake that it would catch."""

from __future__ import annotations

import pytest

from contracts.dialects import okx as dialect
from simulator import Request, Simulator
from simulator.core.clock import ManualClock
from simulator.exchanges.okx import signing

SECRET = "22582BD0CFF14C41EDBF1AB98506286D"
STAMP = "2020-12-08T09:08:57.715Z"
STAMP_MS = 1_607_418_537_715
CANCEL = "/api/v5/asset/cancel-withdrawal"

VECTORS = [
    pytest.param(
        "mysecret",
        "2020-03-28T12:21:41.274Z",
        "POST",
        CANCEL,
        b'{"wdId":"1123456"}',
        "Hk4kQwpGsjoVyAHjRsGNRWEFxNNnK0rOdEJ1ptO5TWc=",
        id="as-published-by-go-okx",
    ),
    pytest.param(
        SECRET,
        STAMP,
        "GET",
        "/api/v5/account/balance?ccy=BTC",
        b"",
        "HiZhvSfMtWJA3uUIVXV3a/bSXNPCWvYFXoGCVS8V4zY=",
        id="the-query-belongs-to-the-path",
    ),
    pytest.param(
        SECRET,
        STAMP,
        "POST",
        CANCEL,
        b'{"wdId":"1123456"}',
        "FKjE8vpE/kjcjTTye/EdxVwTMzhILrxAbp/ciI3uWBg=",
        id="a-compact-body",
    ),
    pytest.param(
        SECRET,
        STAMP,
        "POST",
        CANCEL,
        b'{"wdId": "1123456"}',
        "cPLCFGjYE9NG5ox+WNm1dg+AxCE0DwmaoLXneH3yATI=",
        id="a-body-is-not-written-again",
    ),
    pytest.param(
        SECRET,
        STAMP,
        "GET",
        "/api/v5/asset/withdrawal-history?wdId=1123456",
        b"",
        "T+Lbt99SHsE5Z7xSZkdP+BAN/0tQnSO3ik/0KVGAv8w=",
        id="the-withdrawal-history",
    ),
    pytest.param(
        SECRET,
        STAMP,
        "GET",
        "/api/v5/asset/currencies?ccy=BTC%2CETH",
        b"",
        "cSoEAAT3lTpaY1lshlMxXu5856DN2nWbQm59TbiFK1k=",
        id="a-query-is-not-decoded",
    ),
    pytest.param(
        SECRET,
        STAMP,
        "GET",
        "/api/v5/asset/currencies?ccy=BTC,ETH",
        b"",
        "bvXbRl22xHLcU1jaF0o51+y0vkrx3WRJZSwDddPtv3E=",
        id="a-query-is-not-encoded",
    ),
    pytest.param(
        SECRET,
        STAMP,
        "POST",
        CANCEL,
        b'{"wdId":"1123456","tag":"159881cb7207BCDE"}',
        "biOKSOLsdUpjQ7xSgvV3wQ+/+XipSYD5joZqAeZweOY=",
        id="a-field-that-nobody-knows-is-signed-too",
    ),
    pytest.param(
        SECRET,
        STAMP,
        "POST",
        "/api/v5/asset/withdrawal",
        b'{"ccy": "BTC", "amt": "0.1", "dest": "4", "toAddr": "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw", '
        b'"chain": "", "areaCode": "", "clientId": ""}',
        "hPjFqadaVzYuTjkJYV1RzpwG6Ri8wmPMwzrjjkOx85k=",
        id="empty-values-are-signed-too",
    ),
    pytest.param(
        SECRET,
        "2026-08-22T16:20:00.000Z",
        "GET",
        "/api/v5/account/balance?ccy=BTC",
        b"",
        "FN++QZPqWIZja9FNV7ev3w3IvSQUleBYxtJidJKKB+E=",
        id="published-with-a-probe-of-2026",
    ),
    pytest.param(
        SECRET,
        "2026-08-22T16:20:00.000Z",
        "GET",
        "/api/v5/account/balance?ccy=ETH",
        b"",
        "8lEI1AU0lCMFovq/1s9srJLDVLAJvSMN/Mkmw5Tb6IQ=",
        id="the-same-with-another-currency",
    ),
]


@pytest.mark.parametrize(("secret", "stamp", "method", "target", "body", "expected"), VECTORS)
def test_both_sides_sign_the_vector_alike(
    secret: str, stamp: str, method: str, target: str, body: bytes, expected: str
) -> None:
    assert signing.sign(secret, signing.prehash(stamp, method, target, body)) == expected
    assert dialect.signature(secret, stamp, method, target, body) == expected


def test_the_login_frame_of_the_websocket_signs_seconds_and_a_fixed_path() -> None:
    text = signing.prehash("1704876947", "GET", "/users/self/verify", b"")
    assert signing.sign(SECRET, text) == "5/36BgGV6m/6pmdc20zdqk0mzF5ZalmzzPD2fo3wavU="


@pytest.mark.parametrize(
    ("body", "sign"),
    [
        (b'{"wdId":"1123456"}', "FKjE8vpE/kjcjTTye/EdxVwTMzhILrxAbp/ciI3uWBg="),
        (b'{"wdId": "1123456"}', "cPLCFGjYE9NG5ox+WNm1dg+AxCE0DwmaoLXneH3yATI="),
    ],
)
def test_a_published_signature_passes_the_gateway(body: bytes, sign: str) -> None:
    simulator = Simulator(clock=ManualClock(STAMP_MS))
    simulator.okx.account(api_key="key", api_secret=SECRET, passphrase="phrase")
    headers = {
        "OK-ACCESS-KEY": "key",
        "OK-ACCESS-SIGN": sign,
        "OK-ACCESS-TIMESTAMP": STAMP,
        "OK-ACCESS-PASSPHRASE": "phrase",
        "Content-Type": "application/json",
    }
    reply = simulator.answer(Request("POST", CANCEL, tuple(headers.items()), body))
    assert reply.body == b'{"code":"58215","data":[],"msg":"Withdrawal ID does not exist."}'


HISTORY = "/api/v5/asset/withdrawal-history"
COMPACT = b'{"wdId":"1123456"}'
SPACED = b'{"wdId": "1123456"}'

# Each signature was made with openssl, over what the client signed by mistake.
MISTAKES = [
    pytest.param(
        "the body is written again with blanks", CANCEL, COMPACT, "cPLCFGjYE9NG5ox+WNm1dg+AxCE0DwmaoLXneH3yATI="
    ),
    pytest.param(
        "the body is written again without blanks", CANCEL, SPACED, "FKjE8vpE/kjcjTTye/EdxVwTMzhILrxAbp/ciI3uWBg="
    ),
    pytest.param(
        "the query is left out", HISTORY + "?wdId=1123456", b"", "N3q2FqLoDFTaKd8lALTPSfxBNogD6lZkc2lhaReAxKE="
    ),
    # What python-okx (httpx) and okx-api (axios) send when both sign `?txId=a b/é`.
    pytest.param(
        "the query is signed unencoded",
        HISTORY + "?txId=a%20b/%C3%A9",
        b"",
        "98JsXVvC32G72NksPYFuo1eyAFnNRfbxkqOLn4T8HJo=",
    ),
    pytest.param(
        "the query is signed unencoded, with blanks that are sent as +",
        HISTORY + "?txId=a+b%2F%C3%A9",
        b"",
        "98JsXVvC32G72NksPYFuo1eyAFnNRfbxkqOLn4T8HJo=",
    ),
    pytest.param(
        "the digest is in hex instead of base64",
        CANCEL,
        COMPACT,
        "14a8c4f2fa44fe48dc8d34f27bf11dc55c133338482ebc406e9fdc888dee5818",
    ),
    pytest.param("the secret is base64-decoded", CANCEL, COMPACT, "xa5zmvsLQNX2nu+Us/3wlcfDHjNyGB9Pw1CS5sWRJFE="),
    pytest.param("the secret is hex-decoded", CANCEL, COMPACT, "WpESz1h1YTBtL8YOZ31gx27FOJpE36Ti5LfKp+uRGCE="),
    pytest.param("the timestamp is signed in seconds", CANCEL, COMPACT, "tsspMoSyxNJ8kZe3ZbgwV94/zHecmGxJ+13kAHch0es="),
    pytest.param(
        "the timestamp is signed in milliseconds", CANCEL, COMPACT, "1sZb6CGhhT7ssTUUQgTvs6JdOnUfq0odE+yVO2hpCZo="
    ),
    pytest.param("the method is signed in lower case", CANCEL, COMPACT, "ZcVbuhsH5O1DX/cnRBFHVZux0ZqxFIlKvlsE9VI0DXs="),
]


def explanation(target: str, body: bytes, sign: str) -> str:
    """What the journal says of a request that is refused for its signature."""
    simulator = Simulator(clock=ManualClock(STAMP_MS))
    account = simulator.okx.account(api_key="key", api_secret=SECRET, passphrase="phrase")
    headers = {
        "OK-ACCESS-KEY": "key",
        "OK-ACCESS-SIGN": sign,
        "OK-ACCESS-TIMESTAMP": STAMP,
        "OK-ACCESS-PASSPHRASE": "phrase",
        "Content-Type": "application/json",
    }
    reply = simulator.answer(Request("POST" if body else "GET", target, tuple(headers.items()), body))
    assert (reply.status, reply.body) == (401, b'{"msg":"Invalid Sign","code":"50113"}')
    refused = list(account.journal)[-1].refused
    assert refused is not None
    return str(refused.because)


@pytest.mark.parametrize(("mistake", "target", "body", "sign"), MISTAKES)
def test_the_journal_names_the_mistake_that_makes_the_clients_signature(
    mistake: str, target: str, body: bytes, sign: str
) -> None:
    assert explanation(target, body, sign).endswith(f"not '{sign}'; that is what comes out when {mistake}")


def test_a_signature_that_no_known_mistake_makes_is_explained_by_what_was_signed() -> None:
    assert explanation(CANCEL, COMPACT, "nonsense").endswith(
        "expected FKjE8vpE/kjcjTTye/EdxVwTMzhILrxAbp/ciI3uWBg=, not 'nonsense'"
    )


def test_the_dialect_writes_the_time_with_milliseconds_and_z() -> None:
    assert dialect.timestamp(STAMP_MS) == STAMP
    assert dialect.timestamp(1_607_418_537_000) == "2020-12-08T09:08:57.000Z"


@pytest.mark.parametrize("given", ["", "=", "ä", "\udcff", chr(0xD800), "5/36BgGV6m", "a" * 10_000])
def test_no_text_in_place_of_a_signature_breaks_the_comparison(given: str) -> None:
    assert not signing.matches(SECRET, b"text", given)


@pytest.mark.parametrize("secret", ["ä", "\udcff", chr(0xD800), "\U0001f512"])
def test_a_secret_of_any_characters_signs(secret: str) -> None:
    assert len(signing.sign(secret, b"text")) == 44
