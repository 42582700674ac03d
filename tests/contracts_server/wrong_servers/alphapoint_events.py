"""Wrong servers that call themselves AlphaPoint: what a subscriber is told, when, in which order, and who is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from simulator.core.accounts import Account
from simulator.exchanges.alphapoint import frames, gateway, positions, subscriptions
from simulator.service import framing, turns
from simulator.service.sockets import OpenSocket
from simulator.service.turns import Service
from wrong_servers.edits import edit
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import both, put, wrap

_mutant = partial(Mutant, "alphapoint")
_TICKET, _POSITION = "WithdrawTicketUpdateEvent", "AccountPositionEvent"


def _side(**functions: Any) -> Patch:
    """The exchange's sockets do something else."""

    def opened(exchange: Any, side: Any, *rest: Any) -> OpenSocket:
        return OpenSocket(exchange, replace(side, **functions), *rest)

    return put(turns, "OpenSocket", opened)


def _push(world: Any, socket: Any, changes: Any) -> Any:
    """What pushes, as it is when it is needed."""
    return subscriptions.push(world, socket, changes)


def _pushing(*changes: tuple[str, str]) -> Patch:
    """What pushes has other words in it."""
    return both(edit(subscriptions, "push", *changes), _side(push=_push))


def _events(change: Callable[[list[Any]], Iterable[Any]]) -> Patch:
    return wrap(subscriptions, "_events", lambda events, *arguments: iter(change(list(events(*arguments)))))


def _content(wanted: str, change: Callable[[dict[str, Any]], Any]) -> Patch:
    """Events of a kind with something else in them."""

    def around(event: Callable[..., str], number: int, name: str, content: dict[str, Any]) -> str:
        said = {**content}
        return event(number, name, (change(said) or said) if name == wanted else content)

    return wrap(subscriptions.frames, "event", around)


def _on_sockets_alone(monkey: pytest.MonkeyPatch) -> None:
    """What is done over HTTP is told to nobody."""
    answer, publish, within = framing.answer, Service.publish, []

    def answered(*arguments: Any) -> None:
        within.append(1)
        try:
            answer(*arguments)
        finally:
            within.pop()

    def published(service: Service, world: Any) -> Any:
        return publish(service, world) if within else world.drain()

    monkey.setattr(framing, "answer", answered)
    monkey.setattr(Service, "publish", published)


def _over_http_alone(monkey: pytest.MonkeyPatch) -> None:
    """What is done on another socket is told to nobody but that one."""
    monkey.setattr(framing, "answer", _told_to_itself(framing.answer))


def _told_to_itself(answer: Callable[..., None]) -> Callable[..., None]:
    def answered(service: Service, world: Any, socket: OpenSocket, *rest: Any) -> None:
        others = [one for one in service.sockets if one is not socket]
        service.sockets[:] = [one for one in service.sockets if one is socket]
        try:
            answer(service, world, socket, *rest)
        finally:
            service.sockets += others

    return answered


def _stale(monkey: pytest.MonkeyPatch) -> None:
    """Positions are those of the event before."""
    position, kept = subscriptions.position, {}

    def around(account: Account, ticker: str) -> Any:
        before = kept.get((account.id, ticker))
        kept[account.id, ticker] = position(account, ticker)
        return before or {**kept[account.id, ticker], "Hold": 0}

    monkey.setattr(subscriptions, "position", around)


def _without_fees(position: Callable[..., Any], account: Account, ticker: str) -> Any:
    said = position(account, ticker)
    fees = sum(one.fee for one in account.book if one.asset == ticker and one.stage.name == "PENDING")
    held = account.ledger.balance(ticker).held - fees
    return {**said, "Hold": positions.number(held)}


def _by_kind(monkey: pytest.MonkeyPatch) -> None:
    """Every kind of event counts by itself."""
    event, counted = frames.event, Counter[str]()

    def around(number: int, name: str, content: Any) -> str:
        counted[name] += 2
        return event(counted[name], name, content)

    monkey.setattr(subscriptions.frames, "event", around)


def _with_position(told: list[Any]) -> Iterable[Any]:
    """A position beside every ticket, whether money moved or not."""
    for name, content in told:
        yield name, content
        if name == _TICKET and len(told) == 1:
            yield _POSITION, {"OMSId": 1}


def _snapshot(function: Callable[..., Any], call: Any) -> Any:
    answered = function(call)
    for account in (one() for one in call.subscribed):
        for withdrawal in account.book if account else ():
            account.move(withdrawal, "confirm") if withdrawal.state.name == "Pending2Fa" else None
    return answered


def _subscribe(around: Callable[..., Any]) -> Patch:
    def patch(monkey: Any) -> None:
        table = gateway.SOCKET_FUNCTIONS
        for key, known in table.items():
            if known.name == "subscribe":
                monkey.setitem(table, key, replace(known, function=partial(around, known.function)))

    return patch


def _everybody(world: Any, socket: Any, changes: Any) -> Any:
    every = frozenset(subscriptions.ref(account) for account in world.accounts.values())
    told = subscriptions.push(world, replace(socket, subscribed=every if socket.subscribed else frozenset()), changes)
    return replace(told[0], subscribed=socket.subscribed), told[1]


def _unasked(world: Any, socket: Any, changes: Any) -> Any:
    own = frozenset({subscriptions.ref(socket.session.key.account)}) if socket.session else frozenset()
    told = subscriptions.push(world, replace(socket, subscribed=socket.subscribed or own), changes)
    return replace(told[0], subscribed=socket.subscribed), told[1]


def _once(world: Any, socket: Any, changes: Any) -> Any:
    after, told = subscriptions.push(world, socket, changes)
    return (replace(after, subscribed=frozenset()) if told else after), told


TOLD = (
    _mutant("events-on-sockets-alone", "tells nobody of what is done over HTTP", _on_sockets_alone),
    _mutant("events-to-itself-alone", "tells nobody of what is done on another socket", _over_http_alone),
    _mutant(
        "events-before-the-reply",
        "tells of a cancel ahead of its answer",
        edit(
            framing,
            "answer",
            (
                "        for reply in answered.frames:",
                "        changes += service.publish(world)\n        for reply in answered.frames:",
            ),
        ),
    ),
    _mutant("events-twice", "tells everything twice", _events(lambda told: told * 2)),
    _mutant(
        "events-of-tickets-missing",
        "tells of the money and not of the ticket",
        _events(lambda told: [one for one in told if one[0] != _TICKET]),
    ),
    _mutant(
        "events-of-creations-missing",
        "does not tell of new tickets",
        _events(lambda told: [] if any(said.get("Status") == "Pending2Fa" for _, said in told) else told),
    ),
    _mutant("events-with-position-always", "tells of money that has not moved", _events(_with_position)),
    _mutant(
        "events-of-a-cancel-to-come",
        "tells of a cancel with its receipt",
        edit(subscriptions, "_events", ("if source is None or source.word != target.word:", "if True:")),
    ),
    _mutant("events-move-the-ticket", "takes a subscription for a step", _subscribe(_snapshot)),
)
SHAPES = (
    _mutant(
        "event-name-shortened",
        "calls the event WithdrawTicketUpdate",
        _events(lambda told: [(name.removesuffix("Event"), content) for name, content in told]),
    ),
    _mutant("event-of-type-1", "sends events as replies", put(frames, "_EVENT", 1)),
    _mutant(
        "event-with-object",
        "sends an object where text belongs",
        edit(frames, "event", ('"o": encode(content).decode()', '"o": content')),
    ),
    _mutant(
        "event-echoes-the-subscription",
        "numbers events as the subscription",
        wrap(subscriptions.frames, "event", lambda event, number, *rest: event(2, *rest)),
    ),
    _mutant("event-numbers-by-kind", "numbers tickets and positions apart", _by_kind),
    _mutant(
        "event-numbers-from-0",
        "numbers events from 0",
        wrap(subscriptions.frames, "event", lambda event, number, *rest: event(number - 2, *rest)),
    ),
    _mutant(
        "event-status-numbered", "tells a status by its number", _content(_TICKET, lambda said: said.update(Status=11))
    ),
    _mutant(
        "event-names-the-product",
        "tells the full name of an asset",
        edit(subscriptions, "_events", ("in_event=True", "in_event=False")),
    ),
    _mutant(
        "event-of-no-user",
        "does not tell who cancelled",
        _content(_TICKET, lambda said: said.update(UpdatedByUser=0, UpdatedByUserName=None)),
    ),
    _mutant("event-without-comments", "tells no comments", _content(_TICKET, lambda said: said.update(Comments=[]))),
    _mutant(
        "event-of-the-status-before",
        "tells the status that was left",
        edit(
            subscriptions,
            "_events",
            ("len(withdrawal.history) - to_come", "max(1, len(withdrawal.history) - 1) - to_come"),
        ),
    ),
    _mutant("event-with-stale-position", "tells the position of the event before", _stale),
    _mutant(
        "event-without-hold",
        "tells a position in which nothing is held",
        _content(_POSITION, lambda said: said.update(Hold=0)),
    ),
    _mutant(
        "event-hold-without-fees", "holds the amount and not the fee", wrap(subscriptions, "position", _without_fees)
    ),
    _mutant(
        "event-amount-without-hold",
        "takes what is held out of Amount",
        _content(_POSITION, lambda said: said.update(Amount=float(bytes(said["Amount"])) - float(bytes(said["Hold"])))),
    ),
    _mutant(
        "event-position-in-part",
        "tells what has changed of a position alone",
        _content(
            _POSITION,
            lambda said: {name: said[name] for name in ("OMSId", "AccountId", "ProductSymbol", "Amount", "Hold")},
        ),
    ),
)
WHOM = (
    _mutant("events-of-everybody", "tells subscribers of all accounts", _side(push=_everybody)),
    _mutant("events-unasked", "tells whoever has logged in", _side(push=_unasked)),
    _mutant("events-once", "tells a subscriber once", _side(push=_once)),
    _mutant(
        "events-behind-a-session",
        "tells a session that has been left",
        _pushing(("or not _is_open(world, socket)", "")),
    ),
)
MUTANTS = (*TOLD, *SHAPES, *WHOM)
