"""What our own surfaces say of withdrawals, beyond what each exchange's tests ask."""

from __future__ import annotations

import pytest

from simulator import Simulator
from simulator.core.misuse import AlreadyThere
from simulator.service import views


def test_an_event_that_would_hold_money_that_has_gone_is_refused_in_one_sentence_and_moves_nothing() -> None:
    with Simulator().alphapoint.account(balances={"BTC": "1"}) as account:
        failed = account.withdrawal("BTC", "0.5", state="Failed")
        account.withdrawal("BTC", "0.9")
        with pytest.raises(AlreadyThere, match=r"'resubmit' would hold 0.5002 BTC again, which account .* has not got"):
            failed.event("resubmit")
        assert failed.state == "Failed"
        assert account.balance("BTC").total == 1


def test_a_code_that_confirms_a_withdrawal_is_shown_where_there_is_one() -> None:
    simulator = Simulator()
    shown = {}
    for exchange in (simulator.alphapoint, simulator.bybit):
        with exchange.account() as account:
            made = account.withdrawal("USDT", "10")
            shown[exchange.name] = views.withdrawal(account._account.book.find(made.id))
    assert len(shown["alphapoint"]["confirmation_code"]) == 36
    assert "confirmation_code" not in shown["bybit"]
