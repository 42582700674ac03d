"""A secret that a user supplied is shown nowhere, however a client wrote it: journal, export, Python, sentences.

It is masked as a turn is written, so that log lines and the plugin's reports, which have tests of their own, show what
the journal has.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import Misuse, Request, Simulator
from simulator.core.book import Change
from simulator.core.diagnosis import Diagnosis
from simulator.core.excerpts import text_limit
from simulator.core.journal import Entry, Refused
from simulator.core.message import Frame, Reply
from simulator.core.near_misses import NearMiss
from simulator.server import control
from simulator.service.masking import Secrets

KRAKEN = "c2VjcmV0LXN1cHBsaWVkLWZvci1rcmFrZW4="
BY = "by secret+1"
PHRASE = "Pass+phrase!9"
ODD = 'q"uo\\te/é\U0001f512'

WRITTEN = [
    # For a URL, in either case of letters, with + and with %20, escaped once, all over, and once more.
    (KRAKEN, "c2VjcmV0LXN1cHBsaWVkLWZvci1rcmFrZW4%3D"),
    (KRAKEN, "c2VjcmV0LXN1cHBsaWVkLWZvci1rcmFrZW4%3d"),
    (KRAKEN, "c2VjcmV0LXN1cHBsaWVkLWZvci1rcmFrZW4%253D"),
    (KRAKEN, "c2VjcmV0LXN1cHBsaWVkLWZvci1rcmFrZW4%25253D"),
    (BY, "by%20secret%2B1"),
    (BY, "by+secret%2b1"),
    (BY, "by secret 1"),
    (BY, "%62%79%20%73%65%63%72%65%74%2b%31"),
    (PHRASE, "Pass%2Bphrase%219"),
    (PHRASE, "Pass%2bphrase!9"),
    (ODD, "q%22uo%5Cte%2F%C3%A9%F0%9F%94%92"),
    (ODD, "q%22uo%5cte/%c3%a9%f0%9f%94%92"),
    ("50 per %", "50%20per%20%25"),
    # Inside JSON, and in JSON inside JSON.
    (BY, r"by secret\u002b1"),
    (BY, r"by\u0020secret\u002B1"),
    (ODD, r"q\"uo\\te/é" + "\U0001f512"),
    (ODD, r"q\"uo\\te\/\u00e9\ud83d\udd12"),
    (ODD, r"q\\\"uo\\\\te/\\u00E9\\uD83D\\uDD12"),
    # In base64, of either alphabet, with and without its end, alone and behind a name; and in hex.
    (PHRASE, "UGFzcytwaHJhc2UhOQ=="),
    (PHRASE, "UGFzcytwaHJhc2UhOQ"),
    (PHRASE, "UGFzcytwaHJhc2UhOQ%3D%3D"),
    (KRAKEN, "c2VjcmV0LXN1cHBsaWVkLWZvci1rcmFrZW4"),
    ("+/+/+/+/", "-_-_-_-_"),
    ("+/+/+/+/", "%2B%2F%2b%2f%2B%2F%2b%2f"),
    ("supplied-é/x?>", "c3VwcGxpZWQtw6kveD8+"),
    ("supplied-é/x?>", "c3VwcGxpZWQtw6kveD8-"),
    ("supplied-é/x?>", "c3VwcGxpZWQtw6kveD8%2B"),
    (PHRASE, "506173732b7068726173652139"),
    (PHRASE, "506173732B7068726173652139"),
    (KRAKEN, "7365637265742d737570706c6965642d666f722d6b72616b656e"),  # of the bytes that it stands for
]


def mask(text: str, *secrets: str) -> str:
    known = Secrets()
    for secret in secrets:
        known.add(secret)
    return known.text(text)


@pytest.mark.parametrize(("secret", "written"), WRITTEN)
def test_a_secret_is_masked_as_clients_write_it(secret: str, written: str) -> None:
    assert mask(f"x={written}&y=1", secret) == "x=***&y=1"


@pytest.mark.parametrize(
    ("around", "shown"),
    [
        ("u:{}", "dT***"),
        ("abc:{}tail", "YWJjO***0YWls"),
        ("u{}ta", "d***0YQ=="),
        ("uvw{}", "dXZ3***"),
        ("uv{}!!", "dX***ISE="),
    ],
)
def test_a_secret_in_base64_among_other_letters_is_masked_wherever_its_bits_fall(around: str, shown: str) -> None:
    written = base64.b64encode(around.format(PHRASE).encode()).decode()
    assert mask(written, PHRASE) == shown


@pytest.mark.parametrize(
    "text", ["by-secret", "Ynkgc2VjcmV0", "6279207365637265", "by%20secret", "by secret", "by-secret-1"]
)
def test_what_is_no_secret_is_shown(text: str) -> None:
    assert mask(text, BY, "abc") == text


def _escaped(text: str) -> str:
    return json.dumps(text)[1:-1]


def _percent(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


WAYS: list[Callable[[str], str]] = [
    str,
    quote,
    quote_plus,
    _percent,
    _escaped,
    lambda text: _escaped(_escaped(text)),
    lambda text: quote(_escaped(text)),
    lambda text: _escaped(quote(text)),
    lambda text: quote(quote(text)),
    lambda text: base64.b64encode(text.encode()).decode(),
    lambda text: quote(base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")),
    lambda text: text.encode().hex(),
]


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="*"), min_size=4, max_size=40),
    st.sampled_from(WAYS),
)
def test_any_secret_is_masked_in_any_of_these_ways(secret: str, way: Callable[[str], str]) -> None:
    assert mask(f"<{way(secret)}>", secret) == "<***>"


# --- the surfaces -----------------------------------------------------------------------------------------------------

LEAKS = (
    "Pass%20phrase",
    "Pass+phrase",
    "Pass phrase",
    "ok-secret",
    base64.b64encode(b"ok-secret-123").decode(),
    "by%20secret",
    "by secret",
    "u002b1",
    "c2VjcmV0LXN1",
)


def _calls(simulator: Simulator) -> list[Any]:
    """One account of each of three exchanges, and a client that puts their secrets where they do not belong."""
    okx = simulator.okx.account("o", api_key="ok-key", api_secret="ok-secret-123", passphrase="Pass phrase!9")
    bybit = simulator.bybit.account("b", api_key="by-key", api_secret=BY)
    kraken = simulator.kraken.account("k", api_key="kr-key", api_secret=KRAKEN)
    now = simulator.service.clock.now_ns() // 1_000_000
    simulator.answer(
        Request(
            "POST",
            "/api/v5/asset/cancel-withdrawal?p=Pass+phrase!9&q=Pass%20phrase%219",
            (
                ("OK-ACCESS-KEY", "ok-key"),
                ("OK-ACCESS-SIGN", base64.b64encode(b"ok-secret-123").decode()),
                ("OK-ACCESS-TIMESTAMP", str(now / 1000)),
                ("OK-ACCESS-PASSPHRASE", "Pass phrase!9"),
                ("Content-Type", "application/json"),
            ),
            b'{"wdId":"1","leak":"ok-secret-123"}',
        )
    )
    simulator.answer(
        Request(
            "POST",
            "/v5/asset/withdraw/cancel",
            (("X-BAPI-API-KEY", "by-key"), ("X-BAPI-TIMESTAMP", str(now)), ("X-BAPI-SIGN", BY)),
            rb'{"id":"by secret+1","u":"by%20secret%2B1","j":"by secret\u002b1"}',
        )
    )
    simulator.answer(
        Request(
            "POST",
            "/0/private/WithdrawCancel",
            (("API-Key", "kr-key"), ("API-Sign", KRAKEN), ("Content-Type", "application/x-www-form-urlencoded")),
            f"nonce={now}&x={KRAKEN.replace('=', '%3D')}".encode(),
        )
    )
    return [okx, bybit, kraken]


def _assert_masked(text: str) -> None:
    assert [leak for leak in LEAKS if leak in text] == []
    assert "***" in text


def test_journal_and_export_show_no_supplied_secret_however_it_is_written(tmp_path: Path) -> None:
    simulator = Simulator()
    for account in _calls(simulator):
        assert account.last_request().refused is not None
        path = f"{control.root}accounts/{account.id}/journal"
        document = control.answer(simulator.service, "http://here", Request("GET", path)).body.decode()
        _assert_masked(document)
        assert account.export_journal(tmp_path / account.id) == 1
        _assert_masked((tmp_path / account.id).read_text())


# --- what is kept, and for how long -----------------------------------------------------------------------------------

LONG = "Zk9Qw3Rt7Yx1Vb5Nm2Lp8Hg4Dc6Ja0Es"


def pieces(secret: str, text: str) -> list[str]:
    """The parts of six letters of a secret, however it is written, that a text shows."""
    raw = secret.encode()
    in_base64 = [base64.b64encode(b"." * before + raw).decode()[before:] for before in range(3)]
    written = [(_percent(secret), 18), *((one, 6) for one in (secret, raw.hex(), *in_base64))]
    parts = [one[at : at + size] for one, size in written for at in range(len(one) - size + 1)]
    return [part for part in parts if part in text]


def cancel(simulator: Simulator, body: bytes, **headers: str) -> bytes:
    sent = tuple((f"X-BAPI-{name.upper().replace('_', '-')}", value) for name, value in headers.items())
    return simulator.answer(Request("POST", "/v5/asset/withdraw/cancel", sent, body)).body


def test_python_sees_masked_entries_and_a_body_that_is_no_text_stays_as_it_is() -> None:
    simulator = Simulator()
    account = simulator.bybit.account(api_key="mine", api_secret=LONG)
    cancel(simulator, b"\xff" + LONG.encode() + b"\xfe\xc3", api_key="mine", sign=LONG, timestamp="1")
    request = account.last_request().request
    assert isinstance(request, Request)
    assert request.body == b"\xff***\xfe\xc3"
    assert dict(request.headers)["X-BAPI-SIGN"] == "***"
    assert account.api_secret == LONG


def test_every_text_of_an_entry_is_masked() -> None:
    near = (NearMiss("bybit", "cancel", "POST", "/", f"takes POST, not {LONG}"),)
    change = Change("bybit-a", "1", "Pending", "Success", "pay", 1, reason=LONG)
    refused = Refused("a.condition", "ROW", f"not {LONG!r}", "in words", Diagnosis(LONG, LONG, LONG, "a mistake"))
    request = Request(LONG, f"/{LONG}", ((LONG, LONG),), LONG.encode())
    replies: list[tuple[Any, Any, Any]] = [
        (request, Reply(200, (), LONG.encode()), Reply(502, (), LONG[:20].encode())),
        (Frame(LONG, f"/ws?{LONG}"), None, (LONG, LONG)),
    ]
    known = Secrets()
    known.add(LONG)
    for asked, reply, sent in replies:
        entry = Entry(1, 2, "cancel", asked, reply, (LONG,), refused, (change,), "edge", sent, (LONG,), near)
        shown = known.masked(entry, None)
        assert "Zk9Q" in str(asdict(entry))
        assert "Zk9Q" not in str(asdict(shown))
        assert (shown.number, shown.endpoint, shown.fault, shown.cut) == (1, "cancel", "edge", False)


def test_what_is_sent_to_the_client_is_never_masked() -> None:
    simulator = Simulator()
    simulator.bybit.account(api_secret=LONG)
    answer = simulator.answer(Request("GET", f"/nope/{LONG}"))
    assert f"no exchange has the path '/nope/{LONG}'".encode() in answer.body
    [entry] = simulator.journal
    assert entry.reply is not None
    assert b"no exchange has the path '/nope/***'" in entry.reply.body


@pytest.mark.parametrize("pad", [0, 30, 50, 60, 90])
def test_a_path_without_its_middle_shows_neither_end_of_a_secret(pad: int) -> None:
    simulator = Simulator()
    simulator.bybit.account(api_secret=LONG)
    simulator.answer(Request("GET", f"/nope/{'p' * pad}{LONG}{'q' * 20}"))
    [entry] = simulator.journal
    assert entry.reply is not None
    assert pieces(LONG, entry.reply.body.decode()) == []


def test_a_secret_stays_masked_when_its_account_has_gone() -> None:
    simulator = Simulator()
    with simulator.bybit.account(api_key="mine", api_secret=LONG):
        cancel(simulator, LONG.encode(), api_key=LONG)
        simulator.answer(Request("GET", f"/nope?{LONG}"))
    for path in ("exchanges/bybit/journal", "journal"):
        shown = control.answer(simulator.service, "http://here", Request("GET", control.root + path)).body
        assert LONG.encode() not in shown
        assert b"***" in shown


@pytest.mark.parametrize("way", [str, _percent, lambda text: text.encode().hex()], ids=["plain", "percent", "hex"])
def test_a_secret_across_the_end_of_what_a_journal_keeps_is_masked_whole(way: Callable[[str], str]) -> None:
    simulator = Simulator()
    account = simulator.bybit.account(api_key="mine", api_secret=LONG)
    written = way(LONG)
    for before in range(0, len(written) + 2, 3):
        body = "x" * (text_limit - before) + written + "y" * 100
        cancel(simulator, body.encode(), api_key="mine", timestamp="1", sign="2")
        entry = account.last_request()
        assert isinstance(entry.request, Request)
        assert entry.cut
        assert len(entry.request.body) <= text_limit
        assert pieces(LONG, entry.request.body.decode()) == []


def _reason(nonce: str) -> str:
    """Why Kraken refuses a nonce, of which it shows 40 letters, with `KRAKEN` as a secret that is known."""
    simulator = Simulator()
    account = simulator.kraken.account(api_key="kr-key", api_secret=KRAKEN)
    headers = (("API-Key", "kr-key"), ("API-Sign", "x"), ("Content-Type", "application/x-www-form-urlencoded"))
    simulator.answer(Request("POST", "/0/private/WithdrawCancel", headers, f"nonce={quote(nonce)}".encode()))
    refused = account.last_request().refused
    assert refused is not None
    return refused.because


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("pad", range(0, 40, 7))
def test_a_secret_that_an_exchange_cuts_in_its_reason_is_masked_as_far_as_it_goes(
    way: Callable[[str], str], pad: int
) -> None:
    because = _reason("n" * pad + way(KRAKEN))
    assert because.startswith("nonce 'n" if pad else "nonce '***'")
    assert because.endswith("' is no unsigned whole number")
    assert pieces(KRAKEN, because) == []


@pytest.mark.parametrize(
    ("nonce", "shown"),
    [
        ("n" * 34 + "c2VjcmV0", "n" * 34 + "***"),
        ("n" * 35 + "c2VjcmV0", "n" * 35 + "c2Vjc"),
        ("c2VjcmV0LXN1", "c2VjcmV0LXN1"),
        ("c2VjcmV0-and-more", "c2VjcmV0-and-more"),
        (KRAKEN + '\\"', '***\\\\"'),
    ],
)
def test_only_what_may_have_been_cut_is_taken_for_the_beginning_of_a_secret(nonce: str, shown: str) -> None:
    assert _reason(nonce) == f"nonce '{shown}' is no unsigned whole number"


# --- whose secrets ----------------------------------------------------------------------------------------------------


def test_another_accounts_secret_is_masked_unless_it_is_so_short_that_it_stands_there_by_chance() -> None:
    simulator = Simulator()
    other = simulator.bybit.account(api_key="other", api_secret=LONG)
    short = simulator.bybit.account(api_key="short", api_secret="cancel")
    mine = simulator.bybit.account(api_key="mine")
    body = f'{{"id":"cancel","was":"{LONG}"}}'.encode()
    for key in ("mine", "short", "other", "nobodys"):
        cancel(simulator, body, api_key=key, timestamp="1", sign="2")
    kept = [one.last_request().request for one in (mine, short, other)] + [
        one.request for one in simulator.bybit.journal
    ]
    assert [one.body for one in kept if isinstance(one, Request)] == [
        b'{"id":"cancel","was":"***"}',
        b'{"id":"***","was":"***"}',
        b'{"id":"cancel","was":"***"}',
        b'{"id":"***","was":"***"}',
    ]


def test_a_secret_is_known_as_long_as_one_account_has_it_and_for_a_while_after_that() -> None:
    simulator = Simulator()
    secrets = simulator.service.secrets
    first, second = (simulator.bybit.account(api_secret=LONG) for _ in range(2))
    second.key(api_secret="another-one-of-the-second")
    first.delete()
    assert secrets.text(f"{LONG} another-one-of-the-second") == "*** ***"
    second.delete()
    assert secrets.text(f"{LONG} another-one-of-the-second") == "*** ***"
    for number in range(200):
        with simulator.okx.account(api_secret=f"secret-number-{number}", passphrase="Pass phrase!9") as account:
            account.key(api_secret=f"the-second-{number}")
    assert secrets.text(f"{LONG} secret-number-1 secret-number-199") == f"{LONG} secret-number-1 ***"


def test_of_secrets_that_nobody_has_any_more_a_bounded_number_stays_known() -> None:
    secrets, last = Secrets(), Secrets()
    for number in range(1000):
        secrets.add(f"secret-number-{number}")
    for number in range(1000):
        secrets.drop(f"secret-number-{number}")
    for number in range(744, 1000):
        last.add(f"secret-number-{number}")
    assert not secrets._known
    assert len(secrets._gone) == 256
    assert secrets._shelves == last._shelves
    assert secrets._sizes == last._sizes
    assert secrets.text("secret-number-743 secret-number-744") == "secret-number-743 ***"


def test_a_secret_that_comes_back_is_there_once_and_goes_as_the_last() -> None:
    secrets, fresh = Secrets(), Secrets()
    for _ in range(3):
        secrets.add(LONG)
        secrets.drop(LONG)
    secrets.add(LONG)
    fresh.add(LONG)
    assert (secrets._shelves, secrets._sizes, secrets._gone) == (fresh._shelves, fresh._sizes, {})


def test_a_short_secret_goes_with_its_account() -> None:
    secrets = Secrets()
    for short in ("cancel", ""):
        secrets.add(short)
        secrets.drop(short)
    assert [len(part) for part in (secrets._known, secrets._gone, secrets._shelves, secrets._sizes)] == [0, 0, 0, 0]


def test_a_call_that_comes_after_its_account_was_deleted_shows_no_secret() -> None:
    simulator = Simulator()
    with simulator.bybit.account(api_key="mine", api_secret=LONG):
        pass
    cancel(simulator, LONG.encode(), api_key="mine")
    other = simulator.bybit.account(api_key="another")
    cancel(simulator, LONG.encode(), api_key="another")
    for journal in (simulator.bybit.journal, other.journal):
        [request] = [entry.request for entry in journal]
        assert isinstance(request, Request)
        assert request.body == b"***"


def test_among_hundreds_of_secrets_each_is_found() -> None:
    known = [f"{number:03d}-is-the-secret-{'x' * (number % 7)}" for number in range(300)]
    shown = mask("&".join(f"{quote(one)}={base64.b64encode(one.encode()).decode()}" for one in known), *known)
    assert shown == "&".join(["***=***"] * 300)


def test_a_restored_accounts_secret_is_masked() -> None:
    simulator = Simulator()
    account = simulator.bybit.account("a", api_secret=LONG)
    document = account.snapshot()
    account.delete()
    other = Simulator()
    assert other.service.secrets.text(LONG) == LONG
    for there in (simulator, other):
        there.bybit.restore(document)
        assert there.service.secrets.text(LONG) == "***"


# --- sentences --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exchange", "options", "sentence"),
    [
        ("bybit", {"api_secret": 12345678901234}, "option 'api_secret' must be text, not a whole number"),
        ("kraken", {"api_secret": ["hush-hush"]}, "option 'api_secret' must be text, not a list"),
        (
            "alphapoint",
            {"password": {"hush-hush": 1}},
            "option 'password' must be text, not an object, names with values",
        ),
        ("alphapoint", {"totp_secret": 1.5}, "option 'totp_secret' must be text, not a number"),
        ("bybit", {"api_secret": True}, "option 'api_secret' must be text, not true or false"),
        ("bybit", {"api_secret": b"hush-hush"}, "option 'api_secret' must be text, not bytes"),
        (
            "bybit",
            {"api_secret": "hush" * 200},
            "option 'api_secret' must be text of at most 512 characters, not text of 800 characters",
        ),
        (
            "okx",
            {"passphrase": "hush\nhush"},
            "option 'passphrase' must be text without control characters, and with no blank at its ends, "
            "so that a client can send it, not text of 9 characters",
        ),
    ],
)
def test_a_sentence_about_a_wrong_secret_says_what_it_is_and_does_not_show_it(
    exchange: str, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Misuse) as told:
        Simulator().exchange(exchange).account(**options)
    assert str(told.value) == f"{exchange} accounts: {sentence}"
