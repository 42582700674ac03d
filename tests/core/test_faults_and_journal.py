"""Faults that count what they meet, and the journal that keeps what happened, within bounds."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.dialects import bybit
from contracts.wire import HttpCall
from simulator import Misuse, Reply, ReplyLost, Request, Simulator
from simulator.core.clock import ManualClock
from simulator.core.excerpts import text_limit
from simulator.core.faults import Fault, lose_reply
from simulator.core.ids import Ids
from simulator.core.journal import Entry, Journal
from simulator.core.message import Frame

NOW_MS = 1_700_000_000_000


def cancel(simulator: Simulator, account: Any, withdrawal_id: str = "1") -> Reply:
    call = HttpCall("POST", "/v5/asset/withdraw/cancel", (), b'{"id":"%b"}' % withdrawal_id.encode())
    signed = bybit.signed(call, account.credentials, simulator.service.clock.now_ns() // 1_000_000)
    return simulator.answer(Request(signed.method, signed.target, signed.headers, signed.body))


def fired(fault: Fault, calls: list[str]) -> list[bool]:
    return [fault.meets(endpoint) for endpoint in calls]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [True, False, False, False]),
        ({"nth": 3}, [False, False, True, False]),
        ({"times": 2}, [True, True, False, False]),
        ({"nth": 2, "times": 2}, [False, True, True, False]),
        ({"times": None}, [True, True, True, True]),
        ({"nth": 4, "times": None}, [False, False, False, True]),
        ({"nth": 5}, [False, False, False, False]),
    ],
)
def test_a_fault_happens_from_the_nth_call_on_so_many_times(options: dict[str, Any], expected: list[bool]) -> None:
    fault = Fault(id="f", does=lose_reply.KIND, draws=Ids(0, "f"), **options)
    assert fired(fault, ["cancel"] * 4) == expected
    assert (fault.met, fault.fired) == (4, sum(expected))


def test_a_fault_counts_its_endpoint_alone() -> None:
    fault = Fault(id="f", does=lose_reply.KIND, draws=Ids(0, "f"), endpoint="cancel", nth=2)
    assert fired(fault, ["cancel", "list", "list", "cancel", "cancel"]) == [False, False, False, True, False]
    assert fault.met == 3


def test_a_lost_reply_is_an_act_all_the_same() -> None:
    simulator = Simulator(clock=ManualClock(NOW_MS))
    account = simulator.bybit.account()
    withdrawal = account.withdrawal("USDT", "10")
    fault = account.fault("lose_reply", endpoint="cancel")
    with pytest.raises(ReplyLost, match="before the reply was complete"):
        cancel(simulator, account, withdrawal.id)
    assert withdrawal.state == "CancelByUser"
    assert account.balance("USDT").held == 0
    [entry] = account.requests("cancel")
    assert entry.fault == "lose_reply"
    assert entry.reply.body.startswith(b'{"retCode":0,')  # what was lost
    assert [change.target for change in entry.changes] == ["CancelByUser"]
    assert cancel(simulator, account, withdrawal.id).status == 200
    assert fault.fired == 1


def test_a_fault_of_one_account_meets_no_other() -> None:
    simulator = Simulator(clock=ManualClock(NOW_MS))
    first, second = simulator.bybit.account(), simulator.bybit.account()
    first.fault("lose_reply", times=None)
    assert cancel(simulator, second).status == 200


def test_only_the_first_fault_whose_turn_it_is_happens() -> None:
    simulator = Simulator(clock=ManualClock(NOW_MS))
    account = simulator.bybit.account()
    first, second = account.fault("lose_reply"), account.fault("lose_reply")
    for _ in range(2):
        with pytest.raises(ReplyLost):
            cancel(simulator, account)
    assert cancel(simulator, account).status == 200
    assert (first.fired, second.fired) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "options", "sentence"),
    [
        ("loose_reply", {}, "there is no fault 'loose_reply'; did you mean 'lose_reply'"),
        ("lose_reply", {"endpoint": "cancle"}, "bybit has no endpoint 'cancle'; did you mean 'cancel'"),
        ("lose_reply", {"nth": 0}, "option 'nth' must be a whole number of 1 or more"),
        ("lose_reply", {"times": 0}, "option 'times' must be a whole number of 1 or more"),
    ],
)
def test_a_fault_that_could_never_happen_is_refused(kind: str, options: dict[str, Any], sentence: str) -> None:
    account = Simulator(clock=ManualClock(NOW_MS)).bybit.account()
    with pytest.raises(Misuse, match=sentence):
        account.fault(kind, **options)


# --- the journal --------------------------------------------------------------------------------------------------


def entry(journal: Journal, request: Request | Frame | None = None) -> Entry:
    return Entry(journal.next_number(), NOW_MS, "cancel", request or Request("GET", "/"), Reply(200))


def test_a_journal_keeps_the_newest_and_counts_what_it_dropped() -> None:
    journal = Journal(length=3)
    for _ in range(5):
        journal.add(entry(journal))
    assert [one.number for one in journal] == [3, 4, 5]
    assert (len(journal), journal.dropped) == (3, 2)


def test_a_journal_may_grow_while_it_is_read() -> None:
    journal = Journal()
    journal.add(entry(journal))
    for _ in journal:
        journal.add(entry(journal))
    assert len(journal) == 2


def test_an_account_keeps_a_thousand_entries() -> None:
    simulator = Simulator(clock=ManualClock(NOW_MS))
    account = simulator.bybit.account()
    for _ in range(1003):
        cancel(simulator, account)
    assert (len(account.journal), account.journal.dropped) == (1000, 3)
    assert next(iter(account.journal)).number == 4


@pytest.mark.parametrize(
    ("long", "kept"),
    [
        (Request("POST", "/", (), b"x" * (text_limit + 1)), lambda request: len(request.body)),
        (Frame("x" * (text_limit + 1), "/"), lambda frame: len(frame.text)),
    ],
    ids=["body", "frame"],
)
def test_of_a_long_body_or_frame_only_the_beginning_is_kept(long: Any, kept: Any) -> None:
    journal = Journal()
    journal.add(entry(journal, long))
    [one] = journal
    assert one.cut
    assert kept(one.request) == text_limit


@pytest.mark.parametrize("short", [Request("POST", "/", (), b"x" * text_limit), Frame("x" * text_limit, "/")])
def test_what_fits_is_kept_whole(short: Any) -> None:
    journal = Journal()
    journal.add(entry(journal, short))
    [one] = journal
    assert not one.cut
    assert one.request == short


def test_a_journal_shows_no_change_of_another_account() -> None:
    """What falls due is found when somebody looks, which may be between two turns."""
    clock = ManualClock(NOW_MS)
    simulator = Simulator(clock=clock)
    mine, other = simulator.bybit.account("mine"), simulator.bybit.account("other", progress="timed")
    withdrawal = other.withdrawal("USDT", "10")
    clock.advance(3_600_000)
    assert withdrawal.state != "SecurityCheck"  # seen, outside of any turn
    cancel(simulator, mine)
    [entry] = mine.journal
    assert entry.changes == ()


def test_headers_target_and_reply_are_cut_as_well() -> None:
    headers = tuple((f"X-{number}", "v" * 8000) for number in range(120))
    journal = Journal()
    journal.add(
        Entry(
            number=1,
            at_ms=0,
            endpoint="",
            request=Request("GET", "/" + "t" * 100_000, headers, b""),
            reply=Reply(200, (), b"r" * 1_000_000),
        )
    )
    (entry,) = journal
    assert isinstance(entry.request, Request)
    assert entry.reply is not None
    assert len(entry.request.headers) == 2
    assert (len(entry.request.target), len(entry.reply.body), entry.cut) == (text_limit, text_limit, True)
