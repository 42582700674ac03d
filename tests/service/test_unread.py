"""What a client sent and nothing read stands in the journal by name; what is ignored on purpose does not."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.dialects import alphapoint, bybit, kraken, okx
from contracts.wire import HttpCall
from simulator import Request, Simulator
from simulator.core.clock import ManualClock
from simulator.core.journal import Entry
from simulator.core.reading import Reads
from simulator.exchanges.alphapoint.parameters import EVERYWHERE
from simulator.exchanges.alphapoint.parameters import PARAMETERS as ALPHAPOINT
from simulator.exchanges.bybit.orders import _RULES
from simulator.exchanges.bybit.parameters import PARAMETERS as BYBIT
from simulator.exchanges.kraken.parameters import PARAMETERS as KRAKEN
from simulator.exchanges.okx.parameters import PARAMETERS as OKX
from simulator.service.listed import exchange_named

NOW_MS = 1_700_000_000_000
DIALECTS = {"bybit": bybit, "okx": okx, "kraken": kraken, "alphapoint": alphapoint}
JSON, FORM = (("Content-Type", "application/json"),), (("Content-Type", "application/x-www-form-urlencoded"),)


def asked(exchange: str, method: str, target: str, body: bytes = b"", **options: Any) -> Entry:
    """The journal's entry of one rightly signed request."""
    simulator = Simulator(clock=ManualClock(NOW_MS))
    account = simulator.exchange(exchange).account(**options)
    kind = (FORM if body[:1] != b"{" else JSON) if body else ()
    signed_body = b"" if method == "GET" else body  # OKX signs no body of a GET
    signed = DIALECTS[exchange].signed(HttpCall(method, target, kind, signed_body), account.credentials, NOW_MS)  # type: ignore[attr-defined]
    entries: list[Entry] = []
    simulator.service.listeners.append(lambda name, owner, entry: entries.append(entry))
    simulator.answer(Request(method, target, signed.headers, body))
    return entries[-1]


NONCE = f"nonce={NOW_MS}"
CASES = [
    # The Java SDK's name for the id (facts of its source): refused, and told which field nobody read.
    ("bybit", "POST", "/v5/asset/withdraw/cancel", b'{"withdrawId":"1"}', "cancel.id_missing", ("withdrawId",)),
    ("bybit", "POST", "/v5/asset/withdraw/cancel?id=1", b"{}", "cancel.id_missing", ("id",)),
    ("bybit", "POST", "/v5/asset/withdraw/cancel", b'{"id":"1","Id":"2"}', "cancel.unknown_id", ("Id",)),
    # hirokisan/bybit writes withdrawId for withdrawID, and gets everything.
    ("bybit", "GET", "/v5/asset/withdraw/query-record?withdrawId=1&limit=5", b"", None, ("withdrawId",)),
    ("bybit", "GET", "/v5/asset/withdraw/query-record?limit=0&coin=BTC&oin=BTC", b"", "list.bad_parameter", ("oin",)),
    ("bybit", "GET", "/v5/market/time?a=1", b"", None, ("a",)),
    ("okx", "POST", "/api/v5/asset/cancel-withdrawal", b'{"withdrawId":"1"}', "cancel.id_missing", ("withdrawId",)),
    ("okx", "POST", "/api/v5/asset/cancel-withdrawal", b'{"wdId":"1","tag":"x"}', "cancel.unknown_id", ()),
    ("okx", "POST", "/api/v5/asset/cancel-withdrawal?wdId=1", b"{}", "cancel.id_missing", ("wdId",)),
    ("okx", "GET", "/api/v5/asset/withdrawal-history?wdid=1&limit=5", b"", None, ("wdid",)),
    ("okx", "GET", "/api/v5/asset/withdrawal-history", b'{"wdId":"1"}', None, ("wdId",)),
    ("okx", "GET", "/api/v5/public/instruments?instType=SPOT&instTyp=X", b"", None, ("instTyp",)),
    (
        "kraken",
        "POST",
        "/0/private/WithdrawCancel",
        f"{NONCE}&asset=XBT&refID=F".encode(),
        "cancel.refid_missing",
        ("refID",),
    ),
    ("kraken", "POST", "/0/private/WithdrawStatus", f"{NONCE}&asset=XBT&limt=5&otp=".encode(), None, ("limt",)),
    (
        "kraken",
        "POST",
        "/0/private/Balance?asset=XBT",
        f'{{"nonce":{NOW_MS},"broker":"AA"}}'.encode(),
        None,
        ("asset",),
    ),
    ("kraken", "GET", "/0/public/Assets?asset=XBT&asse=XBT", b"", None, ("asse",)),
    (
        "alphapoint",
        "POST",
        "/AP/CancelWithdraw",
        b'{"OMSId":1,"WithdrawCode":"x"}',
        "cancel.field_missing",
        ("WithdrawCode",),
    ),
    ("alphapoint", "GET", "/AP/GetProducts?OMSId=1&Dept=5", b"", None, ("Dept",)),
    ("alphapoint", "GET", "/AP/GetProducts?omsid=1&depth=5", b"", None, ()),
    ("alphapoint", "GET", "/AP/Ping?what=ever", b"", None, ()),
]


@pytest.mark.parametrize(("exchange", "method", "target", "body", "condition", "unread"), CASES)
def test_what_nothing_read_is_listed_by_name(
    exchange: str, method: str, target: str, body: bytes, condition: str | None, unread: tuple[str, ...]
) -> None:
    entry = asked(exchange, method, target, body)
    assert (entry.refused.condition if entry.refused else None) == condition
    assert entry.unread == unread


@pytest.mark.parametrize(
    ("exchange", "method", "target", "body", "options"),
    [
        ("bybit", "POST", "/v5/asset/withdraw/cancel", b'{"x":"1"}', {"sub_account": True}),
        ("bybit", "POST", "/v5/asset/withdraw/cancel", b'{"x":"1"}', {"permissions": []}),
        ("bybit", "POST", "/v5/asset/withdraw/cancel?x=1", b"no json", {}),
        ("okx", "POST", "/api/v5/asset/cancel-withdrawal?x=1", b"[]", {}),
        ("okx", "POST", "/api/v5/asset/cancel-withdrawal", b'{"x":"1"}', {"permissions": ["read_only"]}),
        ("kraken", "POST", "/0/private/WithdrawCancel", f"{NONCE}&x=1".encode(), {"permissions": []}),
        ("alphapoint", "POST", "/AP/CancelWithdraw?x=1", b"[]", {}),
    ],
)
def test_what_was_refused_before_anything_was_read_lists_nothing(
    exchange: str, method: str, target: str, body: bytes, options: dict[str, Any]
) -> None:
    entry = asked(exchange, method, target, body, **options)
    assert entry.refused is not None
    assert entry.unread == ()


def test_a_frame_on_alphapoints_socket_lists_them_too() -> None:
    simulator = Simulator(clock=ManualClock(NOW_MS))
    account = simulator.alphapoint.account()
    socket = simulator.open_socket("/WSGateway/")
    socket.send(alphapoint.hello(account.credentials))
    payload = json.dumps({"OMSId": 1, "AccountId": account.credentials["account_id"], "Depth": 5})
    socket.send(json.dumps({"m": 0, "i": 2, "n": "GetWithdraws", "o": payload}))
    assert account.last_request("list").unread == ("Depth",)


def test_only_the_first_names_of_a_flood_are_kept_and_each_in_part() -> None:
    body = json.dumps({"id": "1", **{f"{number:03}" + "x" * 500: 1 for number in range(1000)}}).encode()
    unread = asked("bybit", "POST", "/v5/asset/withdraw/cancel", body).unread
    assert (len(unread), {len(name) for name in unread}) == (20, {80})


# --- the tables: every parameter that code looks at is one that its endpoint takes ------------------------------------


@pytest.mark.parametrize(
    ("exchange", "table"), [("bybit", BYBIT), ("okx", OKX), ("kraken", KRAKEN), ("alphapoint", ALPHAPOINT)]
)
def test_the_tables_name_endpoints_that_exist(exchange: str, table: dict[str, frozenset[str]]) -> None:
    assert set(table) <= {endpoint.name for endpoint in exchange_named(exchange).endpoints}


def test_bybits_create_takes_what_its_rules_are_about() -> None:
    assert BYBIT["create"] == set(_RULES)


LOOKED_AT = [
    *(
        (exchange, endpoint)
        for exchange in ("bybit", "okx", "kraken")
        for endpoint in exchange_named(exchange).endpoints
    ),
]


@pytest.mark.parametrize(
    ("exchange", "endpoint"), LOOKED_AT, ids=lambda value: value if isinstance(value, str) else value.name
)
def test_an_endpoint_looks_at_nothing_that_its_table_does_not_have(
    exchange: str, endpoint: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a call that is refused halfway would be told of parameters that the endpoint would have read."""
    table = {"bybit": BYBIT, "okx": OKX, "kraken": KRAKEN}[exchange].get(endpoint.name, frozenset())
    looked: set[str] = set()
    original = Reads.unread

    def unread(self: Reads, taken: Any, *, is_refused: bool) -> tuple[str, ...]:
        looked.update(self.asked)
        return original(self, taken, is_refused=is_refused)

    monkeypatch.setattr(Reads, "unread", unread)
    values = {"limit": "5", "nonce": str(NOW_MS), "instType": "SPOT", "category": "spot", "accountType": "UNIFIED"}
    given = {name: values.get(name, "1") for name in sorted(table)}
    for names in (given, {}, {"nonce": str(NOW_MS)}, {name: given[name] for name in list(given)[:2]}):
        if endpoint.method == "GET":
            asked(exchange, "GET", f"{endpoint.path}?{urlencode(names)}" if names else endpoint.path)
        elif exchange == "kraken":
            asked(exchange, "POST", endpoint.path, urlencode({"nonce": NOW_MS, **names}).encode())
        else:
            asked(exchange, "POST", endpoint.path, json.dumps(names).encode())
    assert looked <= table


# --- the mechanism ----------------------------------------------------------------------------------------------------


def test_looking_marks_a_name_and_listing_does_not() -> None:
    reads = Reads()
    given = reads.watch({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5})
    assert list(given) == ["a", "b", "c", "d", "e"]
    assert given["a"] == 1
    assert given.get("b") == 2
    assert "c" in given
    assert given.get("x") is None
    reads.misplace(["f", "a", "y"])
    assert reads.unread({"d"}, is_refused=False) == ("e", "f", "y")


def test_several_looks_at_the_same_payload_count_together() -> None:
    reads = Reads()
    assert "tfacode" not in reads.watch({"Amount": 1, "What": 2}, folds_case=True)
    assert reads.watch({"Amount": 1, "What": 2}, folds_case=True)["amount"] == 1
    assert reads.unread((), is_refused=True) == ("What",)


@given(st.dictionaries(st.text(), st.integers(), max_size=30), st.sets(st.text()))
def test_what_is_unread_was_sent_and_not_looked_at(sent: dict[str, int], looked: set[str]) -> None:
    reads = Reads()
    given = reads.watch(sent)
    for name in looked:
        given.get(name)
    unread = reads.unread((), is_refused=False)
    assert set(unread) <= {name[:80] for name in sent if name not in looked}
    assert len(unread) == min(20, len(set(sent) - looked))


def test_what_every_alphapoint_client_may_send_is_no_endpoints_own() -> None:
    assert not any(EVERYWHERE & names for names in ALPHAPOINT.values())
