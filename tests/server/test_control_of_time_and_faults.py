"""The control surface for time, races and faults: shapes, and one sentence for every wrong use."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Request, Simulator
from simulator.core.wire import decode, encode
from simulator.server import control

WITHDRAWAL = {"asset": "USDT", "amount": "10"}


class Surface:
    """The control surface of a simulator without a socket, with one account of OKX and a withdrawal of it."""

    def __init__(self) -> None:
        self.simulator = Simulator()
        self.account = f"accounts/{self.ask('POST', 'accounts', {'exchange': 'okx'})[1]['id']}"
        withdrawal = self.ask("POST", f"{self.account}/withdrawals", WITHDRAWAL)[1]
        self.withdrawal = f"{self.account}/withdrawals/{withdrawal['id']}"

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        data = b"" if body is None else encode(body)
        headers = (("Content-Type", "application/json"),) if data else ()
        reply = control.answer(
            self.simulator.service, "http://here", Request(method, control.root + path, headers, data)
        )
        return reply.status, decode(reply.body) if reply.body else None

    def cancel(self) -> None:
        """A cancel of the account's client, wrongly signed: it names the account all the same."""
        api_key = self.ask("GET", self.account)[1]["keys"][0]["api_key"]
        target = "/api/v5/asset/cancel-withdrawal"
        self.simulator.answer(Request("POST", target, (("OK-ACCESS-KEY", api_key),), b"{}"))


@pytest.fixture
def surface() -> Surface:
    return Surface()


def test_progress_delays_polls_and_skew_are_set_and_shown(surface: Surface) -> None:
    changes = {"progress": "polled", "polls": 2, "delays": {"0": 1.5, "7": 2}, "skew_ms": -1500}
    status, shown = surface.ask("PATCH", surface.account, changes)
    assert status == 200
    assert {name: shown[name] for name in changes} == {**changes, "delays": {"0": 1.5, "7": 2}}
    status, made = surface.ask("POST", "accounts", {"exchange": "kraken", "delays": {"Initial": 3}, "skew_ms": 7})
    assert status == 201
    shown = surface.ask("GET", f"accounts/{made['id']}")[1]
    assert (shown["delays"], shown["polls"], shown["skew_ms"]) == ({"Initial": 3}, 1, 7)
    own = {"progress": "polled", "polls": 4, "delays": {"0": 9}}
    status, shown = surface.ask("POST", f"{surface.account}/withdrawals", {**WITHDRAWAL, **own})
    assert (status, {name: shown[name] for name in own}) == (201, own)


def test_a_withdrawals_own_way_is_changed_and_given_back(surface: Surface) -> None:
    status, shown = surface.ask("PATCH", surface.withdrawal, {"progress": "immediate"})
    assert (status, shown["progress"], shown["state"]) == (200, "immediate", "2")
    shown = surface.ask("PATCH", surface.withdrawal, {"progress": None})[1]
    assert shown["progress"] is None


def test_an_exchange_has_a_skew_for_calls_of_nobody_and_for_accounts_made_later(surface: Surface) -> None:
    assert surface.ask("PATCH", "exchanges/okx", {"skew_ms": 250})[1]["skew_ms"] == 250
    assert surface.ask("GET", "exchanges/okx")[1]["skew_ms"] == 250
    later = surface.ask("POST", "accounts", {"exchange": "okx"})[1]["id"]
    assert [surface.ask("GET", path)[1]["skew_ms"] for path in (surface.account, f"accounts/{later}")] == [0, 250]


def test_an_event_with_a_reason_stands_in_the_history(surface: Surface) -> None:
    status, shown = surface.ask("POST", f"{surface.withdrawal}/events", {"event": "fail", "reason": "AML"})
    assert status == 200
    assert [(step["event"], step["reason"]) for step in shown["history"]] == [("create", ""), ("fail", "AML")]


def test_a_race_is_planned_listed_and_done(surface: Surface) -> None:
    status, plan = surface.ask("POST", f"{surface.withdrawal}/plans", {"event": "approve", "before": "cancel"})
    expected = {
        "id": "1",
        "event": "approve",
        "when": "before",
        "endpoint": "cancel",
        "nth": 1,
        "reason": "planned before a call of 'cancel'",
        "met": 0,
        "done": False,
        "because": "",
    }
    assert (status, plan) == (201, expected)
    surface.ask("POST", f"{surface.withdrawal}/plans", {"event": "lose_race", "after": "cancel", "reason": "gone"})
    surface.cancel()
    first, second = surface.ask("GET", f"{surface.withdrawal}/plans")[1]["plans"]
    assert first == {**expected, "met": 1, "done": True}
    assert second["because"] == (
        "a withdrawal in state '7' has no event 'lose_race'; possible are: broadcast, delay, fail"
    )
    shown = surface.ask("GET", surface.withdrawal)[1]
    assert (shown["state"], shown["plans"]) == ("7", [first, second])
    changes = surface.ask("GET", f"{surface.account}/journal")[1]["entries"][0]["changes"]
    assert [(change["event"], change["reason"]) for change in changes] == [
        ("approve", "planned before a call of 'cancel'")
    ]


def test_faults_are_listed_by_whether_they_fired(surface: Surface) -> None:
    for owner, call in ((surface.account, surface.cancel), ("exchanges/okx", None)):
        fired = surface.ask("POST", f"{owner}/faults", {"kind": "maintenance"})[1]
        never = surface.ask("POST", f"{owner}/faults", {"kind": "lose_reply", "endpoint": "time"})[1]
        assert (fired["times"], never["times"]) == (None, 1)
        if call:
            call()
        else:
            surface.simulator.answer(Request("GET", "/api/v5/nothing"))
        listed = {
            query: [fault["id"] for fault in surface.ask("GET", f"{owner}/faults{query}")[1]["faults"]]
            for query in ("", "?fired=true", "?fired=false")
        }
        assert listed == {
            "": [fired["id"], never["id"]],
            "?fired=true": [fired["id"]],
            "?fired=false": [never["id"]],
        }


def test_a_stale_read_is_asked_for_with_its_steps(surface: Surface) -> None:
    status, fault = surface.ask("POST", f"{surface.account}/faults", {"kind": "stale_reads", "steps": 2, "share": 0.5})
    assert (status, fault["steps"], fault["share"]) == (201, 2, 0.5)


WRONG = [
    ("PATCH", "{account}", {"delays": {"0": -1}}, "account changes: option delays['0'] must be a number of 0 or more"),
    (
        "PATCH",
        "{account}",
        {"delays": {"0": 1e300}},
        "account changes: option delays['0'] must be a number of at most 31536",
    ),
    ("PATCH", "{account}", {"delays": {"0": 10**400}}, "account changes: option delays['0'] must be"),
    ("PATCH", "{account}", {"delays": {"2": 1}}, "delays: nothing falls due by itself in state '2', but in 0, 17, 19,"),
    ("PATCH", "{account}", {"delays": {"20": 1}}, "there is no state '20'; did you mean '2'"),
    ("PATCH", "{account}", {"polls": 1}, "polls 1 count in progress 'polled' only, and the progress is 'manual'"),
    ("PATCH", "{account}", {"skew_ms": "1"}, "account changes: option 'skew_ms' must be a whole number"),
    (
        "PATCH",
        "{account}",
        {"skew_ms": 10**13},
        "account changes: option 'skew_ms' must be a whole number of at most 315360000000",
    ),
    (
        "PATCH",
        "exchanges/okx",
        {"skew_ms": 10**13},
        "exchange changes: option 'skew_ms' must be a whole number of at most 31536000",
    ),
    ("PATCH", "{withdrawal}", {"progress": "fast"}, "withdrawal changes: option 'progress' cannot be 'fast'; known"),
    (
        "PATCH",
        "{withdrawal}",
        {"amount": "1"},
        "withdrawal changes have no option 'amount'; known are delays, polls, p",
    ),
    ("POST", "{withdrawal}/events", {"event": "fail", "reason": 5}, "events: option 'reason' must be text"),
    ("POST", "{withdrawal}/events", {"event": "fail", "why": "x"}, "there is no field 'why' here; known are event, re"),
    ("POST", "{withdrawal}/plans", {}, "plans: the option 'event' is missing"),
    (
        "POST",
        "{withdrawal}/plans",
        {"event": "fail"},
        "a plan takes either 'before' or 'after', the name of an endpoint",
    ),
    (
        "POST",
        "{withdrawal}/plans",
        {"event": "fial", "after": "list"},
        "there is no event 'fial'; did you mean 'fail'",
    ),
    (
        "POST",
        "{withdrawal}/plans",
        {"event": "fail", "after": "lsit"},
        "okx has no endpoint 'lsit'; did you mean 'list'",
    ),
    (
        "POST",
        "{withdrawal}/plans",
        {"event": "fail", "at": "list"},
        "plans have no option 'at'; known are after, before, event, nth, re",
    ),
    (
        "POST",
        "{account}/withdrawals/1/plans",
        {"event": "fail", "after": "list"},
        "account 'okx-account-1' has no withdr",
    ),
    ("POST", "accounts/okx-x/withdrawals/1/plans", {"event": "fail", "after": "list"}, "there is no account 'okx-x'; "),
    ("GET", "{account}/withdrawals/1/plans", None, "account 'okx-account-1' has no withdrawal '1'; "),
    ("GET", "{account}/faults?fired=yes", None, "fired 'yes' must be true or false"),
    ("GET", "{account}/faults?fird=true", None, "there is no parameter 'fird' here; did you mean 'fired'?"),
    ("GET", "exchanges/okx/faults?fired", None, "fired '' must be true or false"),
    (
        "POST",
        "{account}/faults",
        {"kind": "stale_reads", "endpoint": "cancel"},
        "the fault 'stale_reads' cannot happen",
    ),
    (
        "POST",
        "{account}/faults",
        {"kind": "stale_reads", "steps": 1.5},
        "faults: option 'steps' must be a whole number",
    ),
    ("POST", "exchanges/okx/faults", {"kind": "lose_push"}, "the fault 'lose_push' happens to an account alone; make"),
]


@pytest.mark.parametrize(("method", "path", "body", "sentence"), WRONG)
def test_a_wrong_use_is_one_sentence(surface: Surface, method: str, path: str, body: Any, sentence: str) -> None:
    path = path.format(account=surface.account, withdrawal=surface.withdrawal)
    status, document = surface.ask(method, path, body)
    assert status in (400, 404)
    assert document["detail"].startswith(sentence)
    assert "\n" not in document["detail"]
