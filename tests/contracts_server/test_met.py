"""What counts as covered: what a case compares, and nothing that it merely does."""

from __future__ import annotations

from met import met_by

from contracts.cases import Call, Case, Given, Then, When

_BALANCE = Call("POST", "/0/private/Balance", {"Content-Type": "application/json"}, '{"nonce":«nonce»}')
_CANCEL = Call(
    "POST",
    "/0/private/WithdrawCancel",
    {"Content-Type": "application/json"},
    '{"nonce":«nonce»,"asset":"XBT","refid":"«withdrawal»"}',
)


def _case(given: Given, call: Call, disputed_by: str | None = None) -> Case:
    return Case(
        id="kraken-of-this-test",
        description="Something is asked of Kraken.",
        source="this test",
        evidence="unknown",
        harmless_on_a_live_account=False,
        given=given,
        when=When(call=call),
        then=Then(body="«any»"),
        disputed_by=disputed_by,
    )


def _processed(*calls: Call) -> Given:
    return Given(withdrawal={"asset": "BTC", "amount": "0.5", "state": "Success"}, calls=list(calls))


def test_what_a_case_asks_is_met() -> None:
    found = met_by("kraken", [_case(_processed(), _CANCEL)])
    assert found.conditions == {"cancel.already_succeeded"}
    assert found.endpoints == {"cancel"}
    assert found.states == {"Success"}


def test_what_it_asked_before_is_not() -> None:
    found = met_by("kraken", [_case(_processed(_CANCEL), _BALANCE)])
    assert found.conditions == set()
    assert found.endpoints == {"balance"}
    assert found.states == set()


def test_what_is_disputed_is_not() -> None:
    assert met_by("kraken", [_case(_processed(), _CANCEL, disputed_by="somebody")]) == met_by("kraken", [])


def test_a_step_is_met_when_a_call_shows_where_it_led() -> None:
    given = Given(withdrawal={"asset": "BTC", "amount": "0.5"}, events=["approve", "settle"])
    status = Call("POST", "/0/private/WithdrawStatus", {"Content-Type": "application/json"}, '{"nonce":«nonce»}')
    assert met_by("kraken", [_case(given, _BALANCE)]).steps == set()
    assert met_by("kraken", [_case(given, status)]).steps == {("Pending", "settle")}


def test_a_withdrawal_that_a_cancel_does_not_name_is_not_cancelled_in_its_state() -> None:
    nobodys = _CANCEL.body.replace("«withdrawal»", "FTQcuak-V6Za8qrWnhzTx67yYHz8Tg")
    another = Call(_CANCEL.method, _CANCEL.target, _CANCEL.headers, nobodys)
    assert met_by("kraken", [_case(_processed(), another)]).states == set()
