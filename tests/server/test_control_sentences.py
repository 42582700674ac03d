"""What the control surface says of a wrong request: bounded, whatever came, and nothing is passed over in silence."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator import Misuse, Request, Simulator
from simulator.core.wire import encode
from simulator.server import control
from simulator.server.control_routes import QUERIES, ROUTES
from simulator.server.openapi import routes
from simulator.service.listed import exchanges

LONG = "x" * 5_000
JSON = (("Content-Type", "application/json"),)
BODYLESS = ("GET", "DELETE")
LONGEST = 700
"""Of a sentence: two or three texts of a client, and the twelve names that may be known."""


def answered(simulator: Simulator, method: str, path: str, body: object = None) -> tuple[int, Any]:
    data = b"" if body is None else body if isinstance(body, bytes) else encode(body)
    reply = control.answer(
        simulator.service, "http://here", Request(method, control.root + path, JSON if data else (), data)
    )
    return reply.status, json.loads(reply.body) if reply.body else None


def told(simulator: Simulator, method: str, path: str, body: object = None) -> str:
    status, problem = answered(simulator, method, path, body)
    assert status >= 400, (path, body)
    sentence: str = problem["detail"]
    return sentence


def bodies(names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Long texts wherever a body may have a text: as a name, as an option, and inside one."""
    shapes: list[Any] = [LONG, [LONG], {LONG: LONG}, [{LONG: LONG}], 10**4_000]
    return [{LONG: 1}, *({name: shape} for name in names for shape in shapes)]


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in ROUTES], ids=str)
def test_no_text_of_a_client_makes_a_sentence_long(method: str, path: str) -> None:
    simulator = Simulator()
    for exchange in exchanges:
        account = simulator.exchange(exchange.name).account("a")
        known = {"id": account.id, "withdrawal": account.withdrawal("USDT", "10").id, "exchange": exchange.name}
        known["fault"] = account.fault("lose_reply").id
        here, board = path.format(**known), exchange.onboarding
        sentences = [told(simulator, method, f"{here}?{LONG}=1"), told(simulator, method, here + LONG)]
        sentences += [told(simulator, method, f"{here}?fired={LONG}"), told(simulator, method, f"{here}?a=1&a=2")]
        sentences += [told(simulator, LONG, here)]
        for blank in known:
            if "{" + blank + "}" in path:
                body = None if method in BODYLESS else b"{}"
                sentences.append(told(simulator, method, path.format(**{**known, blank: LONG}), body))
        if routes.ROUTES[method, path].body is not None:
            kinds = (board.account_options, board.key_options, board.withdrawal_options)
            names = {name for kind in kinds for name in kind.__struct_fields__}
            names |= {
                "exchange",
                "event",
                "reason",
                "seconds",
                "kind",
                "endpoint",
                "row",
                "content_type",
                "times",
                "before",
            }
            for body in bodies(tuple(sorted(names))):
                for rest in ({}, {"exchange": exchange.name, "asset": "USDT", "amount": "1"}, {"kind": "error"}):
                    status, problem = answered(simulator, method, here, {**rest, **body})
                    sentences += [problem["detail"]] if status >= 400 else []
        assert max(map(len, sentences)) <= LONGEST, max(sentences, key=len)


@pytest.mark.parametrize("exchange", exchanges, ids=lambda exchange: exchange.name)
def test_no_text_of_a_snapshot_makes_a_sentence_long(exchange: Any) -> None:
    simulator = Simulator()
    account = simulator.exchange(exchange.name).account("a", behavior={}, delays={})
    account.withdrawal("USDT", "10").plan("cancel", before="cancel")
    account.fault("lose_reply")
    document = account.snapshot()
    sentences = []

    def spoil(holder: Any, at: Any) -> None:
        kept = holder[at]
        for wrong in (LONG, {LONG: LONG}, [LONG], 10**4_000):
            holder[at] = wrong
            try:
                simulator.exchange(exchange.name).restore(document)
            except Misuse as misuse:
                sentences.append(str(misuse))
        holder[at] = kept
        if isinstance(kept, dict):
            kept[LONG] = 1
            with pytest.raises(Misuse) as refused:
                simulator.exchange(exchange.name).restore(document)
            sentences.append(str(refused.value))
            del kept[LONG]
        for place in kept if isinstance(kept, dict) else range(len(kept)) if isinstance(kept, list) else ():
            spoil(kept, place)

    account.delete()
    for name in document:
        spoil(document, name)
    assert len(sentences) > 100
    assert max(map(len, sentences)) <= LONGEST, max(sentences, key=len)


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in ROUTES], ids=str)
def test_a_parameter_that_a_path_does_not_take_is_refused_by_name_and_nothing_happens(method: str, path: str) -> None:
    simulator = Simulator()
    account = simulator.bybit.account("a")
    withdrawal = account.withdrawal("USDT", "10")
    fault = account.fault("lose_reply")
    here = path.format(id=account.id, withdrawal=withdrawal.id, fault=fault.id, exchange="bybit")
    before = account.snapshot()
    body = routes.ROUTES[method, path].example
    query = routes.ROUTES[method, path].query
    known = f"known are {query[0]}" if query else "this path takes none"
    assert told(simulator, method, here + "?limit=5", body) == f"there is no parameter 'limit' here; {known}"
    assert told(simulator, method, here + "?fired=true&fired=false", body) == (
        "the parameter 'fired' is given twice; give it once"
    )
    assert account.snapshot() == before


@pytest.mark.parametrize(
    ("method", "path"), [(method, path) for method, path, _ in ROUTES if method in BODYLESS], ids=str
)
def test_a_body_that_nothing_would_read_is_refused_and_nothing_happens(method: str, path: str) -> None:
    simulator = Simulator()
    account = simulator.okx.account("a")
    known = {"id": account.id, "withdrawal": account.withdrawal("USDT", "10").id, "exchange": "okx"}
    first, second = account.fault("lose_reply"), account.fault("close_before")
    here = path.format(**known, fault=first.id)
    sentence = f"{method} takes no body here; what it is about stands in the path"
    for body in (b'{"id":"%b"}' % first.id.encode(), b"{}", b"x"):
        status, problem = answered(simulator, method, here, body)
        assert (status, problem["detail"]) == (400, sentence)
    assert account.faults == [first, second]


def test_the_document_says_which_parameters_a_path_takes() -> None:
    taken = {(method, path): QUERIES.get(function, ()) for method, path, function in ROUTES}
    assert taken == {route: described.query for route, described in routes.ROUTES.items()}


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b'{"exchange":"bybit","exchange":"okx"}', "exchange"),
        (b'{"exchange":"bybit","balances":{"USDT":"1","USDT":"2"}}', "USDT"),
        (b'{"exchange":"bybit","name":"a","\\u006eame":"a"}', "name"),
    ],
)
def test_a_key_that_stands_twice_in_a_body_is_refused_by_name(body: bytes, key: str) -> None:
    simulator = Simulator()
    assert told(simulator, "POST", "accounts", body) == (
        f"the body is ambiguous: the key '{key}' stands twice in one object"
    )
    assert answered(simulator, "GET", "accounts")[1] == {"accounts": []}


def test_a_key_that_stands_twice_in_a_snapshot_is_refused_by_name() -> None:
    simulator = Simulator()
    account = simulator.bybit.account("a")
    written = encode(account.snapshot()).replace(b'"polls":1', b'"polls":1,"polls":1', 1)
    account.delete()
    assert told(simulator, "POST", "accounts/restore", written) == (
        "the body is ambiguous: the key 'polls' stands twice in one object"
    )


def test_a_number_that_python_does_not_read_is_refused_in_a_sentence_of_our_own() -> None:
    body = b'{"exchange":"bybit","polls":' + b"9" * 5_000 + b"}"
    assert told(Simulator(), "POST", "accounts", body) == (
        "the body is not JSON: it has a number of thousands of digits"
    )


def test_a_path_that_is_not_there_is_told_apart_from_a_thing_that_is_not_there() -> None:
    simulator = Simulator()
    assert answered(simulator, "GET", "acounts")[1]["type"] == "urn:exchange-simulator:no-such-path"
    for method, path in (("GET", "accounts/bybit-a"), ("GET", "exchanges/nyse"), ("PUT", "accounts")):
        assert answered(simulator, method, path)[1]["type"] == "about:blank"


@pytest.mark.parametrize("exchange", ["bitstamp", 5, None])
@pytest.mark.parametrize("path", ["accounts", "accounts/restore"])
def test_an_exchange_that_a_body_names_and_that_is_none_makes_a_wrong_body(path: str, exchange: object) -> None:
    status, problem = answered(Simulator(), "POST", path, {"exchange": exchange, "name": "a"})
    assert (status, problem["status"]) == (400, 400)
    assert "bybit" in problem["detail"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"balances": {"USDT": True}}, "option balances['USDT'] must be a decimal number, not true"),
        ({"wallets": {"UTA": {"USDT": [1.5]}}}, "option wallets['UTA']['USDT'] must be a decimal number, not [1.5]"),
        (
            {"behavior": {"a.b": None}},
            "option behavior['a.b'] must be a whole number or text or true or false, not null",
        ),
        ({"skew_ms": 3.5}, "option 'skew_ms' must be a whole number, not 3.5"),
        (
            {"address_book": [{"coin": "BTC", "chain": "BTC", "address": "a", "verified": "yes"}]},
            "option address_book[0].verified must be true or false, not 'yes'",
        ),
        ({"progress": "manuel"}, "option 'progress' cannot be 'manuel'; did you mean 'manual'?"),
        (
            {"name": "a b"},
            "option 'name' must be 1 to 64 letters, digits, dots, dashes and underscores of ASCII, beginning with a "
            "letter or digit, not 'a b'",
        ),
    ],
)
def test_a_wrong_option_is_told_in_plain_words_with_its_key(body: dict[str, object], sentence: str) -> None:
    assert told(Simulator(), "POST", "accounts", {"exchange": "bybit", **body}) == f"bybit accounts: {sentence}"
