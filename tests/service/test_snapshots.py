"""Snapshots: an account goes on elsewhere as if nothing had happened, and a document that lies is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import reduce
from operator import getitem
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import Misuse, Request, Simulator
from simulator.core import snapshot
from simulator.core.accounts import Account
from simulator.core.clock import ManualClock
from simulator.core.ids import Ids
from simulator.core.misuse import AlreadyThere
from simulator.core.wire import decode
from simulator.server.handles import AccountHandle
from simulator.service.listed import exchanges

NAMES = [exchange.name for exchange in exchanges]
Scripts = Any


def fresh(seed: int = 0) -> Simulator:
    return Simulator(seed=seed, clock=ManualClock())


@pytest.mark.parametrize("exchange", NAMES)
def test_a_restored_account_answers_the_bytes_that_the_original_does(
    exchange: str, steps: st.SearchStrategy[Any], script: Callable[[Simulator, AccountHandle], Scripts]
) -> None:
    @settings(max_examples=40)
    @given(before=steps, after=steps, limits=st.booleans())
    def run(before: Any, after: Any, limits: bool) -> None:
        here, there = fresh(), fresh()
        original = script(here, here.exchange(exchange).account("a", limits=limits))
        original.play(before)
        document = original.account.snapshot()
        there.service.clock.advance(original.clock.now_ms - there.service.clock.now_ms)  # type: ignore[attr-defined]
        # What belongs to nobody, such as the trace ids of public calls, is the exchange's and not the account's.
        there.service.worlds[exchange].traces = Ids.at(here.service.worlds[exchange].traces.state)
        restored = script(there, there.exchange(exchange).restore(decode(json.dumps(document))))
        restored.token, restored.calls = original.token, original.calls
        assert restored.account.snapshot() == document
        assert restored.play(after) == original.play(after)
        assert restored.account.snapshot() == original.account.snapshot()

    run()


def test_every_part_of_an_account_is_in_its_document_or_left_out_by_name() -> None:
    account = fresh().bybit.account()._account
    held = {name for name in vars(account) if name not in snapshot.LEFT_OUT}
    document = set(snapshot.take(exchanges[0], fresh().service.worlds["bybit"], account))
    own = {"format", "version", "steps", "sessions", "skew_ms"}
    assert held == document - own, (
        f"Account has got {sorted(held ^ (document - own))}: write it in core/snapshot.py (take, the type, _account), "
        "or name it in LEFT_OUT with the reason"
    )
    assert isinstance(account, Account)


EVERYTHING: list[Any] = [
    *[("withdrawal", number, number) for number in range(4)],
    *[("call", number, number % 7) for number in range(40)],
    ("fault", 0, 0),
    ("fault", 2, 0),
    ("change", 1, 1),
    ("change", 1, 0),
    ("change", 3, 1),
    ("change", 1, 2),
    ("plan", 1, 1),
    ("plan", 0, 3),
    ("fault", 6, 0),
    ("key", 0, 0),
    ("event", 2, 0),
    ("event", 0, 1),
    ("advance", 9, 0),
    *[("call", number, number % 6) for number in range(40)],
    ("look", 0, 0),
]
"""Every endpoint and everything that a test does, once or more."""


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all that stands in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for name, one in inner for found in places(one, (*path, name)))]


def changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with something else at `path`; `...` takes away what stands there, `"twice"` repeats it."""
    copied = copy.deepcopy(document)
    place = copied
    for name in path[:-1]:
        place = place[name]
    if value is ...:
        del place[path[-1]]
    elif value == "twice" and isinstance(place, list):
        place.append(copy.deepcopy(place[path[-1]]))
    else:
        place[path[-1]] = value
    return copied


WRONG = [..., "twice", None, True, -1, 0, 1, 2**70, 0.5, 1e300, "", "x", "-1", "NaN", "1e400", "\ud800", [], {}, ["x"]]
WRONG += [{"x": 1}, "Pending", "BTC", 10**15]


@pytest.mark.parametrize("exchange", NAMES)
def test_a_document_that_somebody_has_changed_is_refused_in_one_sentence_or_the_account_works(
    exchange: str, script: Callable[[Simulator, AccountHandle], Scripts]
) -> None:
    simulator = fresh()
    played = script(simulator, simulator.exchange(exchange).account("a", limits=True))
    played.play(EVERYTHING)
    document = played.account.snapshot()
    paths = places(document)[1:]

    @settings(max_examples=300)
    @given(path=st.sampled_from(paths), value=st.sampled_from(WRONG))
    def run(path: tuple[Any, ...], value: Any) -> None:
        there = fresh()
        there.service.clock.advance(played.clock.now_ms - there.service.clock.now_ms)  # type: ignore[attr-defined]
        account = restored(there, exchange, changed(document, path, value))
        if isinstance(account, str):
            assert len(account.splitlines()) == 1
            assert_empty(there, exchange)
        else:
            script(there, account).play(EVERYTHING)

    run()


def restored(simulator: Simulator, exchange: str, document: Any) -> AccountHandle | str:
    """The account, or the sentence that refuses its document."""
    try:
        return simulator.exchange(exchange).restore(document)
    except Misuse as misuse:
        return str(misuse)


def assert_empty(simulator: Simulator, exchange: str) -> None:
    world = simulator.service.worlds[exchange]
    assert not world.accounts
    assert not world._keys
    assert exchange != "alphapoint" or not world.details or not len(world.details)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: {**d, "format": "x"}, "this is no snapshot of an account: its format is 'x'"),
        (lambda d: {**d, "version": 2}, "the snapshot is of version 2, and this simulator reads version 1"),
        (lambda d: {**d, "version": True}, "the snapshot is of version True, and this simulator reads version 1"),
        (lambda d: {**d, "version": 1.0}, "the snapshot is of version 1.0, and this simulator reads version 1"),
        (lambda d: {**d, "exchange": "okx"}, "the snapshot is of 'okx', not of 'bybit'"),
        (lambda d: changed(d, ("lead_ms",), ...), "the snapshot is broken: object missing required field lead_ms"),
        (lambda d: {**d, "more": 1}, "the snapshot is broken: object contains unknown field more"),
        (
            lambda d: changed(d, ("details", "more"), 1),
            "the snapshot is broken: it has an unknown 'details.more'",
        ),
        (
            lambda d: changed(d, ("ledger", "USDT", "available"), "-5"),
            "the snapshot's balance of USDT available '-5' must be a finite number from 0 to below 10^18 with at most "
            "24 decimals",
        ),
        (
            lambda d: changed(d, ("ledger", "USDT", "held"), "13"),
            "the snapshot contradicts itself: of USDT 13 is held and 0 spent, but by its withdrawals it is 14 and 0",
        ),
        (
            lambda d: {**d, "ledger": {"USDT": {"available": "1", "held": "0", "spent": "0"}}},
            "the snapshot contradicts itself: its withdrawals take more than there ever was",
        ),
        (
            lambda d: changed(d, ("ledger", "USDT", "held"), "15"),
            "the snapshot contradicts itself: of USDT 15 is held and 0 spent, but by its withdrawals it is 14 and 0",
        ),
        (
            lambda d: changed(d, ("book", 0, "state"), "Nowhere"),
            "the snapshot has a withdrawal in a state 'Nowhere', which there is not; known are ",
        ),
        (
            lambda d: changed(d, ("book", 0, "state"), "BlockchainConfirmed"),
            "the snapshot contradicts itself: the history of withdrawal '",
        ),
        (lambda d: changed(d, ("book", 0), "twice"), "the snapshot contradicts itself: it has the withdrawal '"),
        (lambda d: changed(d, ("keys", 0), "twice"), "the snapshot contradicts itself: it has the key '"),
        (lambda d: {**d, "keys": []}, "the snapshot contradicts itself: the account has no key"),
        (
            lambda d: changed(d, ("keys", 0, "permissions"), ["Everything"]),
            "there is no permission 'Everything'; known are AccountTransfer, SubMemberTransfer, Withdraw",
        ),
        (
            lambda d: changed(d, ("ids", "owner"), ["bybit", "b"]),
            "the snapshot contradicts itself: ids belong to 'bybit/b'",
        ),
        (
            lambda d: changed(d, ("ids", "position"), "AAAA"),
            "the position of the stream 'bybit/a' is none of a generator",
        ),
        (
            lambda d: changed(d, ("details", "deposits", "FUND", "USDT"), "99"),
            "the snapshot contradicts itself: of USDT 86 is available, but in its wallets it is 85",
        ),
    ],
)
def test_a_document_that_lies_is_told_what_is_wrong_and_leaves_nothing_behind(
    change: Callable[[Any], Any], sentence: str
) -> None:
    account = fresh().bybit.account("a", balances={"USDT": "100"})
    account.withdrawal("USDT", "10")
    there = fresh()
    with pytest.raises(Misuse) as told:
        there.bybit.restore(change(account.snapshot()))
    assert str(told.value).startswith(sentence)
    assert_empty(there, "bybit")


def test_two_okx_withdrawals_of_one_moment_could_not_be_paged_through_and_are_refused() -> None:
    account = fresh().okx.account("a")
    first = account.withdrawal("USDT", "10")
    account.withdrawal("USDT", "10")
    there = fresh()
    lie = changed(account.snapshot(), ("book", 1, "details", "listed_ms"), first._withdrawal.details.listed_ms)
    with pytest.raises(Misuse, match="contradicts itself: two withdrawals have one listed_ms"):
        there.okx.restore(lie)
    assert_empty(there, "okx")


def test_a_key_or_a_user_that_somebody_has_already_is_not_taken_over() -> None:
    here, there = fresh(), fresh()
    bybit = here.bybit.account("a", api_key="mine").snapshot()
    alphapoint = here.alphapoint.account("a", username="me").snapshot()
    there.bybit.account("b", api_key="mine")
    there.alphapoint.account("b", username="me")
    with pytest.raises(AlreadyThere, match="bybit already has a key 'mine'; api_key must be another one"):
        there.bybit.restore(bybit)
    with pytest.raises(AlreadyThere, match="alphapoint already has a user whose username is 'me'"):
        there.alphapoint.restore(alphapoint)
    assert [list(world.accounts) for world in there.service.worlds.values()] == [["b"], [], [], ["b"]]


def test_an_account_keeps_the_seed_it_was_made_with() -> None:
    here, there, after = fresh(seed=7), fresh(seed=8), fresh(seed=7)
    made = here.kraken.account("a")
    restored = there.kraken.restore(made.snapshot())
    assert restored.key().credentials == made.key().credentials
    assert after.kraken.account("a").credentials == made.credentials


def test_what_a_client_wrote_may_be_half_a_character() -> None:
    account = fresh().okx.account("a")
    withdrawal = account.withdrawal("USDT", "10")
    withdrawal._withdrawal.tag = "\ud800"
    restored = fresh().okx.restore(decode(json.dumps(account.snapshot())))
    assert [one._withdrawal.tag for one in restored.withdrawals] == ["\ud800"]


def test_the_journal_and_open_sockets_stay_behind() -> None:
    here, there = fresh(), fresh()
    account = here.bybit.account("a")
    here.answer(Request("GET", "/v5/user/query-api", (("X-BAPI-API-KEY", account.api_key),)))
    assert len(account.journal) == 1
    assert len(there.bybit.restore(account.snapshot()).journal) == 0


def test_a_fault_that_meets_a_frame_is_restored() -> None:
    simulator = Simulator()
    account = simulator.okx.account(name="desk")
    account.fault("lose_reply", endpoint="login")
    document = account.snapshot()
    account.delete()
    assert [fault.endpoint for fault in simulator.okx.restore(document).faults] == ["login"]


OWN: dict[str, dict[str, Any]] = {
    "bybit": {"api_secret": "Zk9Qw3Rt7Yx1Vb5N"},
    "okx": {"api_secret": "Zk9Qw3Rt7Yx1Vb5N", "passphrase": "Correct-Horse-9!"},
    "kraken": {"api_secret": "Wms5UXczUnQ3WXgxVmI1Tg==", "totp_secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"},
    "alphapoint": {
        "api_secret": "Zk9Qw3Rt7Yx1Vb5N",
        "password": "Correct-Horse-9!",
        "totp_secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    },
}
"""What a user supplies; none of it may stand in a sentence."""


@pytest.mark.parametrize("exchange", OWN)
@pytest.mark.parametrize(
    ("supplied", "end"),
    [
        ([""], "has an empty text, which is no secret"),
        (["a"], "has what is none of the secrets beside it"),
        (["x" * 5000], "has what is none of the secrets beside it"),
    ],
    ids=["empty", "foreign", "long"],
)
def test_only_a_secret_of_the_key_itself_can_have_been_supplied(exchange: str, supplied: list[str], end: str) -> None:
    document = fresh().exchange(exchange).account("a", **OWN[exchange]).snapshot()
    own = document["keys"][0]["supplied"]
    there = fresh()
    for wrong in (supplied, [*own, *supplied]):
        told = restored(there, exchange, changed(document, ("keys", 0, "supplied"), wrong))
        assert told == f"the snapshot contradicts itself: keys[0].supplied {end}"
        assert_empty(there, exchange)
    assert isinstance(restored(there, exchange, changed(document, ("keys", 0, "supplied"), [])), AccountHandle)
    assert there.service.secrets.text("a") == "a"


@pytest.mark.parametrize(
    ("exchange", "path"),
    [
        ("bybit", ("keys", 0, "secret")),
        ("okx", ("keys", 0, "secret")),
        ("okx", ("keys", 0, "passphrase")),
        ("kraken", ("keys", 0, "secret")),
        ("kraken", ("keys", 0, "details", "totp_secret")),
        ("alphapoint", ("keys", 0, "secret")),
        ("alphapoint", ("details", "password")),
        ("alphapoint", ("details", "totp_secret")),
        ("alphapoint", ("details", "username")),
    ],
)
def test_a_secret_that_was_changed_by_hand_alone_is_refused(exchange: str, path: tuple[Any, ...]) -> None:
    document = fresh().exchange(exchange).account("a", **OWN[exchange]).snapshot()
    told = restored(fresh(), exchange, changed(document, path, "ONSWG4TFOQWXI2DBOQWWS4ZNNRXW4ZZB"))
    assert told == "the snapshot contradicts itself: keys[0].supplied has what is none of the secrets beside it"


def test_what_a_user_of_alphapoint_supplied_is_a_secret_of_that_user() -> None:
    document = fresh().alphapoint.account("a", **OWN["alphapoint"]).snapshot()
    told = restored(fresh(), "alphapoint", changed(document, ("details", "supplied", 0), "a"))
    assert told == "the snapshot contradicts itself: details.supplied has what is none of the secrets beside it"


@pytest.mark.parametrize("exchange", OWN)
def test_supplied_secrets_may_stand_in_any_order_and_twice_are_refused_without_being_shown(exchange: str) -> None:
    document = fresh().exchange(exchange).account("a", **OWN[exchange]).snapshot()
    places = [("keys", 0, "supplied")] + [("details", "supplied")] * (exchange == "alphapoint")
    for path in places:
        holder = reduce(getitem, path, document)
        there = fresh()
        account = restored(there, exchange, changed(document, path, holder[::-1]))
        assert isinstance(account, AccountHandle)
        assert account.snapshot() == document
        told = restored(fresh(), exchange, changed(document, path, [*holder, holder[0]]))
        place = "details.supplied" if path[0] == "details" else "keys[0].supplied"
        assert told == f"the snapshot is broken: {place} is not as a snapshot writes it"


@pytest.mark.parametrize("exchange", NAMES)
def test_a_key_whose_name_no_client_can_send_is_refused(exchange: str) -> None:
    document = fresh().exchange(exchange).account("a").snapshot()
    there = fresh()
    told = restored(there, exchange, changed(document, ("keys", 0, "api_key"), "\ud800"))
    assert told == r"the snapshot's key '\ud800' api_key has half of a surrogate pair, which is no character"
    assert_empty(there, exchange)
