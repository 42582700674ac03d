"""RSA keys: the vectors on which pybit, cryptography and openssl agree, and what a key may be."""

from __future__ import annotations

import builtins
import json
from typing import Any, NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from simulator import Misuse, Request, Simulator
from simulator.core.clock import ManualClock
from simulator.exchanges.bybit import signing

Desk = Any

PEM = """-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDK42kTo/XxR5cClai7hw3ognpj
KiA6MoQeY3z+rbxbxiz3XZ5Tp4XLEKVGuH2YbnhaH7Vv3kre14qFGcgelU688jAm
zWtu2h54dwFkf+kJxWUYbBCmXDl+CFuN8MoZ7JGE+Hzi+n9xH25gMSZ09qnAITOQ
b+oUTHe05sc5gjocuQIDAQAB
-----END PUBLIC KEY-----
"""
KEY = "testkey0123456789A"


class Vector(NamedTuple):
    hunts: str
    method: str
    timestamp: str
    payload: bytes
    signature: str


VECTORS = [
    Vector(
        "a server that takes PSS or another digest",
        "POST",
        "1672197227732",
        b'{"id":"10197"}',
        "PFNBspLD+Vn6RIgIEgthn3dE3MscBRZQW1G6NuJXl0ikiFS//K75CAFqhURIITjhwtRYIy0k/8gewU91kgFaydeRCXCXgf9VMJPtsJhxrzLGTPpG"
        "82uipNgzAbUGwuo8z/uCIDzW/4PELX1396P05Lx7b09+Gr+KZuLcJeqn6Po=",
    ),
    Vector(
        "a server that signs a query other than the raw one",
        "GET",
        "1672194949557",
        b"coin=USDT&withdrawType=2&limit=2",
        "G/BMT/+DkRNH0/S/s4iaz8I+c9UOCrwdVM6Wjr/I+B41j7ErtB9Qj54j9PVvdBvfndPXrPUDjL7XMbGjsmX9hbHX6f7wUNm6r0+YGe8jb7Duk++E"
        "GovxaqA4VShCh12IZqN0DnGRUM2QJyq3p/ETHTH2g0ZhrKRXrGnVwDYOHBU=",
    ),
]


def ask(vector: Vector, signature: str, sign_type: str | None = None) -> dict[str, Any]:
    simulator = Simulator(clock=ManualClock(int(vector.timestamp)))
    simulator.bybit.account(api_key=KEY, public_key=PEM)
    headers = [
        ("X-BAPI-API-KEY", KEY),
        ("X-BAPI-TIMESTAMP", vector.timestamp),
        ("X-BAPI-SIGN", signature),
        ("X-BAPI-RECV-WINDOW", "5000"),
    ]
    if sign_type:
        headers.append(("X-BAPI-SIGN-TYPE", sign_type))
    if vector.method == "GET":
        request = Request("GET", "/v5/asset/withdraw/query-record?" + vector.payload.decode(), tuple(headers))
    else:
        request = Request("POST", "/v5/asset/withdraw/cancel", tuple(headers), vector.payload)
    answered: dict[str, Any] = json.loads(simulator.answer(request).body)
    return answered


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.hunts)
@pytest.mark.parametrize("sign_type", [None, "1", "2"])
def test_the_gateway_accepts_the_vector_whatever_the_sign_type_says(vector: Vector, sign_type: str | None) -> None:
    assert ask(vector, vector.signature, sign_type)["retCode"] in (0, 131002)


@pytest.mark.parametrize(
    "signature",
    [
        VECTORS[1].signature,  # of another request
        VECTORS[0].signature[:-4],
        VECTORS[0].signature + "=",
        VECTORS[0].signature[:20] + "\n" + VECTORS[0].signature[20:],
        VECTORS[0].signature.replace("+", "-").replace("/", "_"),
        "5a74e3a31185b1677e502fe7e4f9e663252952e2fbaa602f9c50df9ba1c3f674",  # an HMAC
        "\udcff",
        "ä",
    ],
)
def test_what_is_not_the_signature_is_answered_as_a_wrong_one(signature: str) -> None:
    answered = ask(VECTORS[0], signature)
    assert answered["retCode"] == 10004
    assert answered["retMsg"] == 'error sign! origin_string[1672197227732testkey0123456789A5000{"id":"10197"}]'


def test_an_rsa_key_has_no_secret_and_shows_its_public_key(desk: type[Desk]) -> None:
    at = desk()
    key = at.account.key(public_key=PEM)
    assert key.credentials["api_secret"] == ""
    assert key._key.details.pem == PEM
    # No HMAC is right for it, not even one with an empty secret.
    at.cancel("1", api_key=key.api_key, api_secret="")
    assert at.condition == "auth.wrong_signature"
    assert "base64 of an RSA signature of it" in at.last.refused.because


def test_a_key_is_one_of_the_two_kinds(desk: type[Desk]) -> None:
    with pytest.raises(Misuse, match="a key has a public_key or an api_secret, not both"):
        desk(public_key=PEM, api_secret="x")


EC_PEM = (
    ec.generate_private_key(ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode()
)


@pytest.mark.parametrize("pem", ["", "x", "ä", "\ud800", PEM[:60], PEM.replace("M", "N"), EC_PEM])
def test_what_is_no_rsa_public_key_is_refused_in_one_sentence(desk: type[Desk], pem: str) -> None:
    with pytest.raises(Misuse, match="public_key is not the PEM text of an RSA public key") as told:
        desk(public_key=pem)
    assert "\n" not in str(told.value)


def test_a_pkcs1_public_key_is_taken_too() -> None:
    key = rsa.generate_private_key(65537, 1024).public_key()
    pem = key.public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
    assert signing.rsa_public_key(pem).public_numbers() == key.public_numbers()


def test_without_the_extra_one_sentence_says_what_to_install(desk: type[Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name.startswith("cryptography"):
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Misuse) as told:
        desk(public_key=PEM)
    assert str(told.value) == "public_key needs the package cryptography: pip install 'exchange-simulator[rsa]'"
    desk()  # an HMAC key needs nothing
