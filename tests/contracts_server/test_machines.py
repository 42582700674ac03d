"""The state machines come to something: as many runs as the command makes see every state, event and many refunds."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from contracts.clients import CLIENTS
from contracts.clients.client import Shown
from contracts.machine import Machine
from contracts.machines import MACHINES
from contracts.model import Broken, Model
from contracts.needs import left_out
from contracts.options import parser
from contracts.runner import hold_machine
from contracts.runner import left_out as skipped_steps
from contracts.search import run
from contracts.targets.in_process import InProcess
from contracts.targets.over_http import OverHttp
from contracts.watch import Watch
from simulator import Simulator
from simulator.service.listed import exchanges

RUNS = 50
UNSEEN = {"kraken": {"Initial/return"}}
"""Words of the documentation in which nothing is known to begin, and to which nothing leads."""


@pytest.fixture(scope="module")
def server() -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


@pytest.mark.parametrize("exchange", sorted(CLIENTS))
def test_a_machine_sees_every_state_every_event_and_many_refunds(exchange: str) -> None:
    client, watch = CLIENTS[exchange], Watch()
    assert run(client, InProcess(), examples=RUNS, watch=watch) is None
    assert {word for word in client.words if not watch.met[f"state {word}"]} == UNSEEN.get(exchange, set())
    assert [event for event in client.events if not watch.met[f"event {event}"]] == []
    counts = {int(name.split()[2]): count for name, count in watch.met.items() if name.startswith("balance")}
    assert sum(count for refunds, count in counts.items() if refunds >= 3) >= 20
    assert max(counts) >= 5


def test_the_runs_are_as_many_as_the_command_makes_and_the_same_each_time() -> None:
    assert parser(lambda _: 0, lambda _: 0).parse_args(["server"]).examples == RUNS
    first, second, other = Watch(), Watch(), Watch()
    for watch, seed in ((first, None), (second, None), (other, 7)):
        run(CLIENTS["okx"], InProcess(), examples=12, seed=seed, watch=watch)
    assert first.met == second.met
    assert first.met != other.met


@pytest.mark.parametrize("exchange", exchanges, ids=lambda exchange: exchange.name)
def test_a_client_knows_every_event_that_leads_on_from_a_word_and_where_to(exchange: object) -> None:
    """But those that a call of the client takes, and those behind words that no machine's account comes to."""
    client, moves = CLIENTS[exchange.name], exchange.lifecycle  # type: ignore[attr-defined]
    by_clients = {"cancel", "cancel_at_once", "receive_cancel", "finish_cancel", "lose_cancel"}
    known = {
        (word, event, to) for word, events in client.happens.items() for event, after in events.items() for to in after
    }
    for word, event, to in known:
        assert to == word or to in client.words[word].leads_to, f"{event} leads from {word} to {to}"
    for name, events in moves.moves.items():
        if name == "ToBeConfirmed" or name.endswith(":cancelling"):
            continue  # only where an account mails a code, or lets a cancel take effect later
        for event, after in events.items():
            step = (moves.state(name).word, event, moves.state(after).word)
            step = step if exchange.name != "kraken" else (name, event, after)  # type: ignore[attr-defined]
            assert step in known or event in by_clients - {"finish_cancel"}, step


def test_what_a_target_cannot_do_of_a_machine_is_told_step_by_step(server: Simulator) -> None:
    here, there = InProcess(), OverHttp(server.url)
    assert skipped_steps("okx", here) == []
    (step,) = skipped_steps("okx", there)
    assert (step.case.id, step.status) == ("okx-machine-too-many-cancels", "skipped")
    assert step.difference == "the target cannot have its clock set"
    can = here.can - {"sockets", "events"}
    missing = {name: set(missing) for name, _, missing in left_out(MACHINES["alphapoint"], can)}
    assert missing["a_socket_breaks_behind_a_cancel"] == {"sockets"}
    assert missing["something_happens"] == {"events"}
    assert "cancel" not in missing
    there.close()


def test_a_target_without_events_runs_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    target = InProcess()
    target.can = target.can - {"events", "time", "faults"}
    assert hold_machine("kraken", target, examples=3).status == "held"
    assert issubclass(MACHINES["kraken"], Machine)


class TestTheModel:
    """What it makes of money, by itself."""

    def model(self) -> Model:
        model = Model(CLIENTS["bybit"], Decimal(100))
        for identity in ("1", "2"):
            model.opened(identity, Decimal(10))
        model.balance(Decimal(80))
        return model

    def test_the_balance_moves_by_what_came_back(self) -> None:
        model = self.model()
        model.answered("1", "accepted")
        model.balance(Decimal(90))
        assert model.refunds == 1

    def test_a_refund_that_comes_twice_or_not_at_all_is_told_by_the_withdrawals_that_moved(self) -> None:
        for available in (100, 80):
            model = self.model()
            model.answered("1", "accepted")
            sentence = rf"80 before; withdrawal 1, now CancelByUser, gave back 10; so 90 is left and not {available}$"
            with pytest.raises(Broken, match=sentence):
                model.balance(Decimal(available))

    def test_a_second_refund_behind_the_first_is_told(self) -> None:
        model = self.model()
        model.answered("1", "accepted")
        model.balance(Decimal(90))
        with pytest.raises(Broken, match="90 before; nothing was; so 90 is left and not 100"):
            model.balance(Decimal(100))

    def test_an_event_leads_where_the_words_say(self) -> None:
        model = self.model()
        model.happened("1", "approve")
        with pytest.raises(Broken, match="a withdrawal that is Pending was shown as SecurityCheck"):
            model.found(Shown("1", "SecurityCheck", Decimal(10)))
        assert "pack" in model.possible("1")
