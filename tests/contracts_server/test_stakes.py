"""A server that refuses and acts all the same is found out, by its own surface or by what the exchange shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from wrong_servers.acting import MUTANTS
from wrong_servers.mutant import claims

from contracts import replay
from contracts.runner import hold
from contracts.script import ScriptFile
from contracts.targets.in_process import InProcess

ACTING = next(one for one in MUTANTS if (one.exchange, one.name) == ("okx", "refuses and cancels: wrong signature"))
(CASE,) = (case for case in claims("okx") if case.id == "okx-order-signature-wrong")


@pytest.fixture
def acting() -> Iterator[InProcess]:
    with pytest.MonkeyPatch.context() as patch:
        ACTING.patch(patch)
        yield InProcess()


class WithoutSurface:
    """An account whose withdrawals only the exchange tells."""

    def __init__(self, account: Any) -> None:
        self._account = account

    def __getattr__(self, name: str) -> Any:
        return getattr(self._account, name)

    def withdrawals(self) -> Mapping[str, str] | None:
        return None


def without_surface(target: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    make = target.account
    monkeypatch.setattr(target, "account", lambda exchange, options: WithoutSurface(make(exchange, options)))


def test_what_a_refused_call_did_is_told_with_the_states_before_and_behind_it(acting: InProcess) -> None:
    outcome = hold("okx", CASE, acting)
    assert outcome.status == "failed"
    assert outcome.script is not None
    identity = outcome.script.values["withdrawal"]
    assert outcome.difference == f"refused, and acted all the same: withdrawal {identity} was 0 and is -3"
    assert outcome.script.sent is not None
    assert outcome.script.sent.path == "/api/v5/asset/cancel-withdrawal"  # what the report's curl line sends again
    assert outcome.script.steps[-1].heard == f"{identity} is -3"


def test_without_a_surface_the_exchange_is_asked(acting: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    without_surface(acting, monkeypatch)
    outcome = hold("okx", CASE, acting)
    assert outcome.script is not None
    identity = outcome.script.values["withdrawal"]
    assert outcome.difference == f"refused, and acted all the same: withdrawal {identity} is -3"
    assert outcome.script.sent is not None
    assert outcome.script.sent.path == "/api/v5/asset/cancel-withdrawal"


def test_a_right_server_is_blamed_for_nothing_without_a_surface(monkeypatch: pytest.MonkeyPatch) -> None:
    target = InProcess()
    without_surface(target, monkeypatch)
    wrong = [
        case.id
        for case in claims("okx")
        if case.id.startswith("okx-cancel") and hold("okx", case, target).status == "failed"
    ]
    assert wrong == []


def test_the_look_is_a_step_of_the_script_that_is_taken_again(acting: InProcess) -> None:
    file = ScriptFile(exchange="okx", claim="it acts", steps=[], case=CASE.id)
    told = "\n".join(replay.again(file, acting))
    assert "the target is asked what became of the withdrawals of account" in told
    assert f" is -3\n\n{CASE.id} fails: refused, and acted all the same: " in told


def test_a_pair_of_rules_with_one_answer_is_skipped_and_fails_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    case = next(case for case in claims("kraken") if case.undecided)
    outcome = hold("kraken", case, InProcess())
    assert (outcome.status, outcome.difference) == ("skipped", case.undecided)
    monkeypatch.setattr(case.then, "body", case.then.body + " ")
    assert hold("kraken", case, InProcess()).status == "failed"
