"""How accounts, keys and withdrawals begin, for every exchange alike: what each option means, and what is refused."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest

from simulator import Misuse, Simulator
from simulator.core import opening
from simulator.core.clock import ManualClock
from simulator.core.misuse import AlreadyThere, NotThere, did_you_mean
from simulator.core.options import AccountOptions, KeyOptions, Options, WithdrawalOptions, read
from simulator.service.listed import exchange_named, exchanges

NAMES = [exchange.name for exchange in exchanges]


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(clock=ManualClock())


@pytest.mark.parametrize("exchange", NAMES)
def test_an_account_has_plenty_of_everything_unless_told_otherwise(simulator: Simulator, exchange: str) -> None:
    account = simulator.exchange(exchange).account()
    for asset in exchange_named(exchange).assets.table:
        assert account.balance(asset.ticker).available == 10_000
    other = simulator.exchange(exchange).account(balances={"USDT": "1.5"})
    assert (other.balance("USDT").available, other.balance("BTC").total) == (Decimal("1.5"), 0)


@pytest.mark.parametrize("exchange", NAMES)
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"balances": {"USTD": 1}}, r"there is no asset 'USTD'; did you mean .*'USDT'"),
        ({"balances": {"USDT": "-1"}}, r"balance of USDT '-1' must be a finite number"),
        ({"balances": {"USDT": "NaN"}}, r"balance of USDT 'NaN' must be"),
        ({"balances": {"USDT": "ten"}}, r"option balances\['USDT'\] must be a decimal number, not 'ten'"),
        ({"name": "two words"}, r"option 'name'"),
        ({"name": "line\n"}, r"option 'name'"),
        ({"name": "x" * 65}, r"option 'name'"),
        ({"progress": "fast"}, r"option 'progress'"),
        ({"limit": True}, r"have no option 'limit'; did you mean 'limits'"),
        ({"limits": 1}, r"option 'limits' must be true or false"),
        ({"permissions": ["Fly"]}, r"there is no permission 'Fly'"),
        ({"ip_allowlist": ["localhost"]}, r"ip_allowlist has 'localhost', which is not an IP address"),
        (
            {"expires": "2030-01-31"},
            r"expires '2030-01-31' is a day without a time; say when on it, such as '2030-01-31T1",
        ),
        ({"expires": "tomorrow"}, r"expires 'tomorrow' is neither ISO 8601"),
        ({"api_key": ""}, r"option 'api_key'"),
        ({"behavior": {"cancel.unknown_idd": "X"}}, r"there is no behavior 'cancel.unknown_idd'"),
    ],
)
def test_an_option_that_means_nothing_is_refused_and_leaves_no_account(
    simulator: Simulator, exchange: str, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Misuse, match=sentence):
        simulator.exchange(exchange).account(**options)
    assert simulator.service.world(exchange).accounts == {}


@pytest.mark.parametrize("exchange", NAMES)
@pytest.mark.parametrize(
    ("arguments", "options", "sentence"),
    [
        (("USTD", "1"), {}, r"there is no asset 'USTD'"),
        (("USDT", "0"), {}, r"amount '0' must be greater than 0"),
        (("USDT", "-0"), {}, r"must be greater than 0"),
        (("USDT", "-1"), {}, r"must be a finite number"),
        (("USDT", "1e400"), {}, r"must be a finite number"),
        (("USDT", "0.0000000000000000000000001"), {}, r"at most 24 decimals"),
        (("USDT", "1"), {"network": "Pigeon"}, r"USDT has no network 'Pigeon'"),
        (("USDT", "1"), {"state": "Nowhere"}, r"there is no state 'Nowhere'"),
        (("USDT", "1"), {"colour": "red"}, r"have no option 'colour'"),
        (("USDT", "999999"), {}, r"has 10000 USDT available, but the withdrawal takes"),
    ],
)
def test_a_withdrawal_that_cannot_be_is_refused_and_moves_no_money(
    simulator: Simulator, exchange: str, arguments: tuple[str, str], options: dict[str, Any], sentence: str
) -> None:
    account = simulator.exchange(exchange).account()
    with pytest.raises(Misuse, match=sentence):
        account.withdrawal(*arguments, **options)
    assert account.withdrawals == []
    assert account.balance("USDT").available == 10_000


@pytest.mark.parametrize("exchange", NAMES)
def test_every_state_of_the_table_can_be_where_a_withdrawal_begins(simulator: Simulator, exchange: str) -> None:
    account = simulator.exchange(exchange).account()
    for state in exchange_named(exchange).lifecycle.states:
        assert account.withdrawal("USDT", "1", state=state.name).internal_state == state.name
        assert account.withdrawal("USDT", "1", state=state.word).state == state.word


@pytest.mark.parametrize("exchange", NAMES)
def test_a_further_key_is_another_key_of_the_same_account(simulator: Simulator, exchange: str) -> None:
    account = simulator.exchange(exchange).account(api_key="first-key", api_secret="c2VjcmV0")
    assert account.key().api_key != "first-key"
    with pytest.raises(AlreadyThere, match="already has a key 'first-key'"):
        account.key(api_key="first-key")
    with pytest.raises(AlreadyThere, match="already has a key 'first-key'"):
        simulator.exchange(exchange).account(api_key="first-key")
    assert len(simulator.service.world(exchange).accounts) == 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, None),
        (5, 5),
        ("2023-11-14T22:13:20Z", 1_700_000_000_000),
        ("2023-11-14T22:13:20", 1_700_000_000_000),
        ("2023-11-15T00:13:20.500+02:00", 1_700_000_000_500),
        ("1970-01-01T00:00Z", 0),
    ],
)
def test_an_expiry_is_iso_8601_or_ms(given: str | int | None, expected: int | None) -> None:
    assert opening.expires_ms(given) == expected


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this machine cannot be moved to another time zone")
def test_an_expiry_without_a_zone_is_utc_wherever_the_machine_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert opening.expires_ms("2023-11-14T22:13:20") == 1_700_000_000_000
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("kind", "given", "sentence"),
    [
        (AccountOptions, {"balances": []}, r"thing: option 'balances' must be an object, names with values"),
        (KeyOptions, {"permissions": "Withdraw"}, r"thing: option 'permissions' must be a list"),
        (KeyOptions, {"permissions": [1]}, r"thing: option permissions.0. must be text"),
        (WithdrawalOptions, {"asset": "USDT"}, "thing: the option 'amount' is missing"),
    ],
)
def test_options_of_a_wrong_kind_are_refused_by_name(kind: type[Options], given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Misuse, match=sentence):
        read(kind, given, "thing")


@pytest.mark.parametrize("value", [10, "10", Decimal(10)])
def test_an_amount_may_be_a_number_or_a_text(value: Any) -> None:
    assert read(WithdrawalOptions, {"asset": "USDT", "amount": value}, "thing").amount == 10


def test_a_name_is_near_or_listed_or_there_are_none() -> None:
    assert did_you_mean("cancle", ["cancel", "list"]) == "did you mean 'cancel'?"
    assert did_you_mean("x", ["cancel", "list"]) == "known are cancel, list"
    assert did_you_mean("x", map(str, range(100, 120))).endswith("and 8 more")
    assert did_you_mean(5, ["cancel", "list"]) == "known are cancel, list"
    assert did_you_mean("x", []) == "none are known here"


def test_an_asset_that_a_client_names_wrongly_is_none() -> None:
    assert exchange_named("bybit").assets.coded("USTD") is None


def test_an_exchange_that_does_not_exist_is_named_with_the_nearest() -> None:
    with pytest.raises(NotThere, match="there is no exchange 'bibyt'; did you mean 'bybit'"):
        exchange_named("bibyt")


@pytest.mark.parametrize(
    "seconds",
    [-1, float("nan"), float("inf"), 10**12, True, "5", None, Decimal("NaN"), Decimal("sNaN"), Decimal("1e300")],
)
def test_time_moves_forward_by_a_number_of_seconds(simulator: Simulator, seconds: Any) -> None:
    from simulator.service import operations

    account = simulator.bybit.account()
    with pytest.raises(Misuse, match="must be a number from 0"):
        operations.advance(simulator.service, account.id, seconds)


def test_half_a_second_may_come_as_a_decimal(simulator: Simulator) -> None:
    from simulator.service import operations

    account = simulator.bybit.account()
    assert operations.advance(simulator.service, account.id, Decimal("0.5")).lead_ms == 500


def test_an_account_may_be_a_hundred_years_ahead_and_no_more(simulator: Simulator) -> None:
    account = simulator.bybit.account()
    account.advance(hours=24 * 365 * 100)
    with pytest.raises(Misuse, match="ahead of the clock"):
        account.advance(seconds=1)
