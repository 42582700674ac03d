"""Signature vectors: the suite's own signers make what the vectors say, and every hunted mistake is a known one."""

from __future__ import annotations

import base64

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from contracts.cases import Case, load
from contracts.clients import CLIENTS
from contracts.dialects import DIALECTS, bybit
from contracts.runner import hold
from contracts.targets.in_process import InProcess
from contracts.wire import Credentials, Exchange, HttpCall

PROOF = {
    "bybit": {"x-bapi-api-key", "x-bapi-timestamp", "x-bapi-sign", "x-bapi-recv-window"},
    "okx": {"ok-access-key", "ok-access-sign", "ok-access-timestamp", "ok-access-passphrase"},
    "kraken": {"api-key", "api-sign"},
    "alphapoint": {"apikey", "signature", "userid"},  # the nonce is any text that the client likes
}
"""The headers that say who is asking, in lower case."""

VECTORS = [
    (exchange, case)
    for exchange, case in load()
    if case.when.call
    and (case.given.now_ms is not None or "api_secret" in case.given.account)
    and "public_key" not in case.given.account
]
"""Where no time is signed, as on Kraken and AlphaPoint, a vector needs no clock: it is told by its secret."""

RSA_VECTORS = [case for _, case in load() if "public_key" in case.given.account]

ALSO_TAKEN = {
    # The official Go client signs path and query; the documentation, and the suite, the path alone.
    "kraken-sign-query-signed"
}
"""Valid vectors that the suite's own signer does not make, each with its reason."""


@pytest.mark.parametrize(("exchange", "case"), VECTORS, ids=[case.id for _, case in VECTORS])
def test_the_suites_own_signer_makes_the_valid_vectors_and_not_the_others(exchange: Exchange, case: Case) -> None:
    call, now_ms = case.when.call, case.given.now_ms or 0
    assert call is not None
    if call.signed != "not":
        assert call.signed in ("right", *DIALECTS[exchange].variants) or case.hunts is not None
        return
    bare = HttpCall(
        call.method,
        call.target,
        tuple((name, value) for name, value in call.headers.items() if name.lower() not in PROOF[exchange]),
        call.body.encode(),
    )
    sent = {name.lower(): value for name, value in call.headers.items()}
    made = _signed(exchange, bare, case.given.account, now_ms, sent)
    alike = all(made.header(name) == sent.get(name) for name in PROOF[exchange] if name in sent)
    assert alike == (case.hunts is None and case.id not in ALSO_TAKEN)


def _signed(
    exchange: Exchange, bare: HttpCall, credentials: Credentials, now_ms: int, sent: dict[str, str]
) -> HttpCall:
    if exchange == "bybit":  # how long a call is good is the client's choice, and "" is one too
        return bybit.signed(bare, credentials, now_ms, sent.get("x-bapi-recv-window", ""))
    return DIALECTS[exchange].signed(bare, credentials, now_ms)


@pytest.mark.parametrize("case", RSA_VECTORS, ids=[case.id for case in RSA_VECTORS])
def test_an_rsa_vector_fits_its_key_unless_it_hunts_something(case: Case) -> None:
    """The standard library cannot sign with RSA, so the vectors are checked with their public keys."""
    call = case.when.call
    assert call is not None
    key = load_pem_public_key(case.given.account["public_key"].encode())
    assert isinstance(key, RSAPublicKey)
    sent = {name.lower(): value for name, value in call.headers.items()}
    head = sent["x-bapi-timestamp"] + sent["x-bapi-api-key"] + sent["x-bapi-recv-window"]
    payload = call.target.partition("?")[2] if call.method == "GET" else call.body
    try:
        signature = base64.b64decode(sent["x-bapi-sign"], validate=True)
        key.verify(signature, (head + payload).encode(), PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        assert case.hunts is not None
    else:
        assert case.hunts is None


@pytest.mark.parametrize("exchange", sorted(CLIENTS))
def test_every_mistake_of_a_dialect_is_hunted_by_a_case(exchange: Exchange) -> None:
    hunted = {case.when.call.signed for _, case in load(exchange) if case.hunts and case.when.call}
    assert set(DIALECTS[exchange].mistakes) <= hunted


@pytest.mark.parametrize("exchange", sorted(CLIENTS))
def test_a_mistake_changes_the_proof_and_nothing_else(exchange: Exchange) -> None:
    secret = base64.b64encode(b"secret of a test").decode()
    credentials = {"api_key": "key", "api_secret": secret, "passphrase": "phrase", "user_id": 7}
    call = CLIENTS[exchange].cancel("withdrawal")
    bare = HttpCall(call.method, call.target, tuple(call.headers.items()), call.body.encode())
    for name, sign in DIALECTS[exchange].mistakes.items():
        sent = sign(bare, credentials, 1_700_000_000_000)
        assert (sent.method, sent.body) == (bare.method, bare.body), name


REFUSED_EARLIER = {"seconds_for_milliseconds", "credentials_in_query", "milliseconds_sent", "local_time_sent"}
"""Mistakes of Bybit's and OKX's clients that never get as far as the signature."""


@pytest.mark.parametrize("exchange", sorted(CLIENTS))
def test_the_journal_names_every_mistake_of_a_dialect(exchange: Exchange) -> None:
    """What the suite takes for a client's mistake, the simulator tells that client."""
    for case in (case for _, case in load(exchange) if case.hunts and case.when.call):
        target, found = InProcess(), []
        target.simulator.service.listeners.append(lambda _, __, entry, found=found: found.append(entry))
        assert hold(exchange, case, target).status == "held"
        if case.when.call.signed in REFUSED_EARLIER:
            assert found[-1].refused.diagnosis is None, case.id
        elif case.when.call.signed in DIALECTS[exchange].mistakes:
            assert found[-1].refused.diagnosis.mistake, case.id
