"""Wrong servers that call themselves OKX: what is pushed, when, to whom, in which shape, and how sockets end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from simulator.core.book import Change
from simulator.core.exchange import Limit
from simulator.core.message import Frame
from simulator.exchanges.okx import endings, frames, sockets
from simulator.exchanges.okx.errors import Errors
from simulator.service import sockets as service_sockets
from simulator.service import turns
from simulator.service.sockets import OpenSocket
from wrong_servers.edits import edit
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.okx import answers, field
from wrong_servers.patches import both, nothing, put, wrap

_mutant = partial(Mutant, "okx")


def _side(**functions: Any) -> Patch:
    """The exchange's sockets do something else."""

    def opened(exchange: Any, side: Any, *rest: Any) -> OpenSocket:
        return OpenSocket(exchange, replace(side, **functions), *rest)

    return put(turns, "OpenSocket", opened)


def _push(world: Any, socket: Any, changes: tuple[Change, ...]) -> Any:
    """What pushes, as it is when it is needed."""
    return sockets.push(world, socket, changes)


def _expire(world: Any, socket: Any) -> Any:
    return endings.expire(world, socket)


def _pushing(*changes: tuple[str, str]) -> Patch:
    """What pushes has other words in it."""
    return both(edit(sockets, "push", *changes), _side(push=_push))


def _expiring(*changes: tuple[str, str]) -> Patch:
    """What ends sockets has other words in it."""
    return both(edit(endings, "expire", *changes), _side(expire=_expire))


def _pushes(change: Callable[..., Iterable[str]]) -> Patch:
    """`change(frames, changes)` is pushed instead."""

    def push(world: Any, socket: Any, changes: tuple[Change, ...]) -> Any:
        session, sent = sockets.push(world, socket, changes)
        return session, tuple(change(sent, changes))

    return _side(push=push)


def _of(keep: Callable[[Change], bool]) -> Patch:
    """Only some changes are pushed."""
    return _side(
        push=lambda world, socket, changes: sockets.push(world, socket, tuple(one for one in changes if keep(one)))
    )


def _rows(change: Callable[[dict[str, Any]], Any]) -> Patch:
    """Rows with something else in them."""

    def around(pushed: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any]:
        row = pushed(*arguments)
        return change(row) or row

    return wrap(sockets, "pushed", around)


def _args(change: Callable[[dict[str, Any]], Any]) -> Patch:
    """Another arg beside a row."""

    def around(pushed: Callable[..., str], arg: dict[str, Any], row: Any) -> str:
        return pushed(change(arg) or arg, row)

    return wrap(frames, "pushed", around)


def _without(name: str) -> Patch:
    return _rows(lambda row: {key: value for key, value in row.items() if key != name})


def _present_state(pushed: Callable[..., dict[str, Any]], account: Any, withdrawal: Any, change: Any) -> Any:
    return {**pushed(account, withdrawal, change), "state": withdrawal.state.word}


def _state_before(pushed: Callable[..., dict[str, Any]], account: Any, withdrawal: Any, change: Any) -> Any:
    return {**pushed(account, withdrawal, change), "state": change.source or change.target}


def _anybodys(world: Any, account: Any, change: Change) -> Any:
    return next((one for one in world.accounts.values() if one.id == change.account), None)


def _both_ways(producer: Callable[..., Any], world: Any, account: Any, change: Change) -> Any:
    other = _anybodys(world, account, change)
    is_main = other is not None and other.details.user_id == account.details.main_user_id
    return producer(world, account, change) or (other if is_main else None)


def _own_alone(world: Any, account: Any, change: Change) -> Any:
    return account if change.account == account.id else None


def _any_currency(world: Any, socket: Any, changes: tuple[Change, ...]) -> Any:
    every = tuple(dict.fromkeys(replace(channel, ccy="") for channel in socket.channels))
    return socket, sockets.push(world, replace(socket, channels=every), changes)[1]


def _any_channel(world: Any, socket: Any, changes: tuple[Change, ...]) -> Any:
    every = tuple(replace(channel, name="withdrawal-info") for channel in socket.channels)
    return socket, sockets.push(world, replace(socket, channels=every), changes)[1]


def _snapshot(receive: Callable[..., Any]) -> Callable[..., Any]:
    def with_snapshot(world: Any, socket: Any, frame: Frame) -> Any:
        answered = receive(world, socket, frame)
        key = answered.session.key
        if key is None or answered.endpoint != "subscribe":
            return answered
        changes = tuple(
            Change(key.account.id, one.id, "", one.state.name, "create", one.history[0].at_ms)
            for one in key.account.book
        )
        return replace(answered, frames=(*answered.frames, *sockets.push(world, answered.session, changes)[1]))

    return with_snapshot


def _deaf(world: Any, socket: Any, changes: tuple[Change, ...]) -> Any:
    """A push does not count as a sign of life."""
    return socket, sockets.push(world, socket, changes)[1]


def _once(world: Any, socket: Any, changes: tuple[Change, ...]) -> Any:
    session, sent = sockets.push(world, socket, changes)
    return (replace(session, channels=()) if sent else session), sent


def _pings_unheard(world: Any, socket: Any, frame: Frame) -> Any:
    answered = sockets.receive(world, socket, frame)
    session = replace(answered.session, active_ms=socket.active_ms)
    return replace(answered, session=session) if frame.text == "ping" else answered


def _merged(sent: tuple[str, ...], changes: tuple[Change, ...]) -> Iterable[str]:
    return sent[-1:]


def _window(name: str, calls: int) -> Patch:
    return put(sockets, name, replace(getattr(sockets, name), calls=calls))


def _not_kept(socket: Any, *_: Any) -> None:
    """An unsubscription that is acknowledged and does nothing."""


PUSHES = (
    _mutant("pushes-nothing", "pushes nothing at all", _pushes(lambda sent, changes: ())),
    _mutant("pushes-nobodys", "knows of no change whose it is", put(sockets, "_producer", nothing)),
    _mutant("pushes-twice", "pushes everything twice", _pushes(lambda sent, changes: sent * 2)),
    _mutant("pushes-the-last-alone", "pushes one of several steps", _pushes(_merged)),
    _mutant("pushes-backwards", "pushes several steps in reverse", _pushes(lambda sent, changes: sent[::-1])),
    _mutant("pushes-no-creation", "does not push what is new", _of(lambda one: one.source != "")),
    _mutant("pushes-no-cancel", "does not push -3", _of(lambda one: one.target not in ("-3", "internal -3"))),
    _mutant("pushes-no-end-of-a-cancel", "does not push -2", _of(lambda one: one.target != "-2")),
    _mutant(
        "pushes-no-lost-race", "does not push that a cancel came too late", _of(lambda one: one.event != "lose_race")
    ),
    _mutant("pushes-no-failure", "does not push -1", _of(lambda one: one.target != "-1")),
    _mutant("pushes-no-success", "does not push 2", _of(lambda one: one.target != "2")),
    _mutant("pushes-cancels-alone", "pushes cancels and nothing else", _of(lambda one: one.target in ("-3", "-2"))),
    _mutant("pushes-a-snapshot", "pushes what is there to a new subscriber", _side(receive=_snapshot(sockets.receive))),
    _mutant("pushes-state-of-now", "pushes the state of now", wrap(sockets, "pushed", _present_state)),
    _mutant("pushes-state-before", "pushes the state that was left", wrap(sockets, "pushed", _state_before)),
)
SHAPES = (
    *(
        _mutant(f"push-without-{name.lower()}", f"pushes rows without {name}", _without(name))
        for name in (
            "wdId",
            "state",
            "txId",
            "uid",
            "subAcct",
            "pTime",
            "ts",
            "addrEx",
            "tag",
            "memo",
            "pmtId",
            "clientId",
        )
    ),
    _mutant("push-state-as-number", "pushes state as a number", _rows(lambda row: row.update(state=int(row["state"])))),
    _mutant("push-wdid-as-number", "pushes wdId as a number", _rows(lambda row: row.update(wdId=int(row["wdId"])))),
    _mutant("push-amount-as-number", "pushes amt as a number", _rows(lambda row: row.update(amt=float(row["amt"])))),
    _mutant("push-ts-as-number", "pushes ts as a number", _rows(lambda row: row.update(ts=int(row["ts"])))),
    _mutant("push-in-seconds", "pushes pTime in seconds", _rows(lambda row: row.update(pTime=row["pTime"][:-3]))),
    _mutant("push-time-of-the-request", "pushes ts for pTime", _rows(lambda row: row.update(pTime=row["ts"]))),
    _mutant("push-ts-of-now", "pushes pTime for ts", _rows(lambda row: row.update(ts=row["pTime"]))),
    _mutant(
        "push-keys-as-in-rest",
        "pushes keys in the order of the history",
        _rows(lambda row: dict(sorted(row.items(), key=lambda one: one[0] in ("uid", "pTime")))),
    ),
    _mutant(
        "push-uid-of-the-main-account",
        "pushes the subscriber's uid for that of the producer",
        _pushing(
            (
                'frames.pushed({**arg, "uid": account.details.user_id}, row)',
                'frames.pushed({**arg, "uid": account.details.user_id}, {**row, "uid": account.details.user_id})',
            ),
        ),
    ),
    _mutant("push-sub-account-unnamed", "pushes no name of a sub-account", _rows(lambda row: row.update(subAcct=""))),
    _mutant(
        "push-tx-id-at-once",
        "pushes the transaction id ahead of the broadcast",
        _pushing(
            (
                "row = pushed(producer, withdrawal, change)",
                'row = {**pushed(producer, withdrawal, change), "txId": withdrawal.tx_id}',
            ),
        ),
    ),
    _mutant("push-no-tx-id", "never pushes a transaction id", _rows(lambda row: row.update(txId=""))),
    _mutant(
        "push-arg-without-uid",
        "pushes no uid in the arg",
        _args(lambda arg: {key: value for key, value in arg.items() if key != "uid"}),
    ),
    _mutant(
        "push-arg-of-the-producer",
        "pushes the producer's uid in the arg",
        _pushing(('"uid": account.details.user_id', '"uid": producer.details.user_id')),
    ),
    _mutant(
        "push-arg-without-currency",
        "echoes no currency in the arg",
        _args(lambda arg: {key: value for key, value in arg.items() if key != "ccy"}),
    ),
    _mutant("push-arg-of-deposits", "names the twin channel", _args(lambda arg: {**arg, "channel": "deposit-info"})),
    _mutant(
        "push-arg-as-text",
        "pushes the channel as the arg",
        wrap(frames, "pushed", lambda pushed, arg, row: pushed(arg["channel"], row)),
    ),
    _mutant(
        "push-data-as-object",
        "pushes a row that is in no list",
        wrap(
            frames,
            "encode",
            lambda encode, frame: encode({**frame, "data": frame["data"][0]} if "data" in frame else frame),
        ),
    ),
    _mutant(
        "push-with-event",
        "pushes with an event beside the arg",
        wrap(
            frames, "encode", lambda encode, frame: encode({"event": "update", **frame} if "data" in frame else frame)
        ),
    ),
    _mutant(
        "push-data-first",
        "pushes the data ahead of the arg",
        wrap(
            frames,
            "encode",
            lambda encode, frame: encode({"data": frame["data"], **frame} if "data" in frame else frame),
        ),
    ),
)
WHOM = (
    _mutant("pushes-to-everybody", "pushes to every account", put(sockets, "_producer", _anybodys)),
    _mutant("pushes-to-itself-alone", "pushes nothing of sub-accounts", put(sockets, "_producer", _own_alone)),
    _mutant(
        "pushes-down-too", "pushes to sub-accounts what the main account does", wrap(sockets, "_producer", _both_ways)
    ),
    _mutant("pushes-every-currency", "pushes other currencies than were asked for", _side(push=_any_currency)),
    _mutant("pushes-on-every-channel", "pushes withdrawals to who asked for deposits", _side(push=_any_channel)),
    _mutant(
        "pushes-without-subscription",
        "pushes to whoever has logged in",
        _pushing(
            ("for channel in socket.channels:", 'for channel in socket.channels or (Channel(_WITHDRAWALS, ""),):'),
        ),
    ),
    _mutant("unsubscribes-in-vain", "goes on pushing to who has unsubscribed", put(sockets, "_unsubscribe", _not_kept)),
    _mutant(
        "unsubscribes-at-a-push",
        "pushes to a subscriber once",
        _side(push=_once),
    ),
    _mutant(
        "subscriptions-count-twice",
        "pushes once for each subscription to the same",
        edit(sockets, "_subscribe", ("if is_known and channel not in turn.socket.channels:", "if is_known:")),
    ),
    _mutant(
        "currencies-are-forgotten",
        "takes a second subscription for the first",
        edit(sockets, "_subscribe", ("(*turn.socket.channels, channel)", "(channel,)")),
    ),
    _mutant(
        "pushes-to-one-socket-alone",
        "pushes to the newest socket alone",
        edit(
            service_sockets,
            "push",
            (
                "for socket in tuple(sockets) if changes else ():",
                "for socket in tuple(sockets[:0]) if changes else ():",
            ),
        ),
    ),
)
ENDS = (
    _mutant("sockets-never-idle", "closes no socket that is silent", field("IDLE_MS", 0)),
    _mutant("sockets-idle-too-late", "closes silent sockets after a minute", field("IDLE_MS", 60_000)),
    _mutant("sockets-idle-too-early", "closes silent sockets after 29 seconds", field("IDLE_MS", 29_000)),
    _mutant("idle-closes-otherwise", "closes silent sockets with 4006", answers("IDLE", Errors.CLOSE_ABNORMAL)),
    _mutant("pushes-are-no-life", "closes a socket that is pushed to", _side(push=_deaf)),
    _mutant(
        "pings-are-no-life",
        "closes a socket that pings",
        _side(receive=_pings_unheard),
    ),
    _mutant(
        "deleted-keys-stay",
        "keeps the socket of a deleted key open",
        _expiring(("if key is not None and world.find_key(key.api_key) is not key:", "if False:")),
    ),
    _mutant(
        "deleted-keys-close-otherwise",
        "closes the socket of a deleted key with 4001",
        answers("KEY_DELETED", Errors.CLOSE_LOGIN_FAILED),
    ),
    _mutant(
        "closes-without-reason",
        "closes without a reason",
        wrap(endings, "closing", lambda closing, *arguments: (closing(*arguments)[0], "")),
    ),
    _mutant(
        "closes-normally",
        "closes with 1000",
        wrap(endings, "closing", lambda closing, *arguments: (1000, closing(*arguments)[1])),
    ),
    _mutant(
        "upgrades-unannounced",
        "closes for an upgrade without a notice",
        wrap(sockets, "upgrade_notice", lambda notice, *arguments: (notice(*arguments)[0], ())),
    ),
    _mutant(
        "upgrades-announced-as-error",
        "calls the notice of an upgrade an error",
        wrap(frames, "told", lambda told, row, *rest: told(replace(row, shape="event"), *rest)),
    ),
    _mutant(
        "upgrades-do-not-end",
        "notices an upgrade and goes on",
        _expiring(("if socket.told_ms is not None and", "if False and")),
    ),
    _mutant("connections-unlimited", "takes any number of connections", _window("_CONNECTIONS", 1000)),
    _mutant("connections-two-a-second", "takes two connections a second", _window("_CONNECTIONS", 2)),
    _mutant("connections-four-a-second", "takes four connections a second", _window("_CONNECTIONS", 4)),
    _mutant("frames-unlimited", "takes any number of frames", _window("_FRAMES", 100_000)),
    _mutant("frames-479-an-hour", "takes 479 frames an hour", _window("_FRAMES", 479)),
    _mutant("frames-481-an-hour", "takes 481 frames an hour", _window("_FRAMES", 481)),
    _mutant(
        "frames-never-again",
        "takes 480 frames for ever",
        put(sockets, "_FRAMES", Limit(480, 1000 * 3600 * 1000, "fixed", "doc")),
    ),
    _mutant(
        "pings-count",
        "counts pings among the frames",
        edit(sockets, "_process", ('        turn.op = "ping"\n', '        turn.op = "ping"\n        _take(turn)\n')),
    ),
)
MUTANTS = (*PUSHES, *SHAPES, *WHOM, *ENDS)
