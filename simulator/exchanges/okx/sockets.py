"""OKX's WebSocket: what the frames of a socket do, and what is pushed to it; when it ends, `endings` says.

Values in, values out; the doors do the sending. Facts: docs-v5 WebSocket and Withdrawal info channel; frames captured
from ws.okx.com and ws.okj.com. A socket pushes what its own account and its sub-accounts do, from the subscription on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from simulator.core.accounts import Account, Key
from simulator.core.behavior import Behavior
from simulator.core.book import Change
from simulator.core.exchange import FrameAnswer, Limit, Sockets
from simulator.core.message import Frame, Request
from simulator.core.rows import Refusal, Row
from simulator.core.world import World
from simulator.exchanges.okx import frames
from simulator.exchanges.okx.assets import ASSETS
from simulator.exchanges.okx.behavior import Conditions
from simulator.exchanges.okx.endings import closing, expire, upgrade_notice
from simulator.exchanges.okx.limits import take_of_account
from simulator.exchanges.okx.login import log_in, named_key
from simulator.exchanges.okx.records import pushed
from simulator.exchanges.okx.session import Channel, Socket

_BUSINESS = "/ws/v5/business"
_PATHS = (_BUSINESS, "/ws/v5/private", "/ws/v5/public")
_WITHDRAWALS = "withdrawal-info"
_CHANNELS = (_WITHDRAWALS, "deposit-info")
"""Of deposits, which do not happen here, nothing is ever pushed."""
_FRAMES = Limit(480, 3600 * 1000, "fixed", "doc")
"""Logins, subscriptions and removals of one connection."""
_CONNECTIONS = Limit(3, 1000, "fixed", "doc")
"""Of one IP; here of one account from one IP, so that accounts do not see each other."""


@dataclass(slots=True)
class _Turn:
    """One frame on its way through. `key` is whom it concerns, for the journal and the behavior."""

    world: World
    frame: Frame
    socket: Socket
    key: Key | None
    op: str = ""
    id: str = ""
    arg: Mapping[str, Any] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    refusal: Refusal | None = None
    row: Row | None = None
    close: tuple[int, str] | None = None

    @property
    def behavior(self) -> Behavior:
        return self.key.account.behavior if self.key else self.world.behavior

    def blanks(self) -> dict[str, object]:
        """What a row may tell of this frame and of the arg that is being read, whichever check refuses it."""
        told = {
            "ip": self.frame.peer,
            "api_key": self.key.api_key if self.key else "",
            "text": self.frame.text,
            "op": self.op,
            "name": "channel" if self.arg else "args",
            "arg": ",".join(f"{name}:{value}" for name, value in self.arg.items()),
            "channel": self.arg.get("channel", ""),
        }
        return {name: value for name, value in told.items() if isinstance(value, str) and value}


def serves(path: str) -> bool:
    return path in _PATHS


def open_socket(world: World, request: Request) -> Socket:
    """A fresh socket; nobody has logged in on it."""
    now_ms = world.steady_ms()
    return Socket(path=request.path, connection=world.traces.hex(8), opened_ms=now_ms, active_ms=now_ms)


def receive(world: World, socket: Socket, frame: Frame) -> FrameAnswer:
    """One frame, from its text to the frames that answer it."""
    socket, notice = upgrade_notice(world, replace(socket, active_ms=world.steady_ms()))
    turn = _Turn(world, frame, socket, socket.key, sent=list(notice))
    try:
        _process(turn)
    except Refusal as refusal:
        _say(turn, refusal)
    return FrameAnswer(
        session=turn.socket,
        frames=tuple(turn.sent),
        endpoint=turn.op,
        account=turn.key.account if turn.key else None,
        refusal=turn.refusal,
        row=turn.row,
        close=turn.close,
    )


def meant(world: World, socket: Socket, frame: Frame) -> tuple[str, Account | None]:
    """What a frame asks for, and whose socket it is, or whose login it would be. It proves nothing."""
    key = socket.key
    if frame.text == "ping":
        return "ping", key.account if key else None
    try:
        asked = frames.read(frame.text)
    except Refusal:
        return "", key.account if key else None
    if key is None and asked.op == "login":
        key = named_key(world, asked.args[0])
    return asked.op, key.account if key else None


def _process(turn: _Turn) -> None:
    """The column of checks of a frame."""
    if turn.frame.text == "ping":
        turn.op = "ping"
        turn.sent.append("pong")
        return
    asked = frames.read(turn.frame.text)
    turn.op, turn.id = asked.op, asked.id
    _take(turn)
    if asked.op == "login":
        _log_in(turn, asked.args)
        return
    for arg in asked.args:
        turn.arg = arg
        # Each channel is answered by itself, so that a wrong one does not take the others with it.
        try:
            channel = _channel(turn, arg)
            _subscribe(turn, channel) if asked.op == "subscribe" else _unsubscribe(turn, channel)
            # What is not text has no place in an arg, so it is not echoed either.
            texts = {name: value for name, value in arg.items() if isinstance(value, str)}
            turn.sent.append(frames.acknowledged(asked.op, texts, turn.socket.connection, turn.id))
        except Refusal as refusal:
            _say(turn, refusal)


def _take(turn: _Turn) -> None:
    """Count a frame of a socket that somebody with limits has logged in on."""
    key = turn.socket.key
    if key is not None and not take_of_account(key.account, f"socket {turn.socket.connection}", _FRAMES).allowed:
        raise Refusal(Conditions.TOO_MANY_FRAMES, f"more than {_FRAMES.calls} in an hour on this socket")


def _log_in(turn: _Turn, args: tuple[Mapping[str, Any], ...]) -> None:
    if turn.socket.key is not None or len(args) > 1:
        raise Refusal(Conditions.LOGIN_REPEATED, f"the socket is logged in already, or there are {len(args)} logins")
    turn.key = named_key(turn.world, args[0])
    key = log_in(turn.world, args[0], turn.frame.peer, turn.key, turn.behavior)
    # Only now it is known whose connection this is.
    if not take_of_account(key.account, "connections", _CONNECTIONS, turn.frame.peer).allowed:
        raise Refusal(
            Conditions.TOO_MANY_CONNECTIONS, f"more than {_CONNECTIONS.calls} connections in a second from this IP"
        )
    turn.socket = replace(turn.socket, key=key)
    _take(turn)
    turn.sent.append(frames.logged_in(turn.socket.connection, turn.id))


def _channel(turn: _Turn, arg: Mapping[str, Any]) -> Channel:
    """The channel that `arg` names, if the socket may have it. Raises Refusal."""
    name, ccy = arg.get("channel"), arg.get("ccy", "")
    if not isinstance(name, str) or not isinstance(ccy, str):
        raise Refusal(Conditions.FRAME_ARGS, "an arg has no channel, or its channel or ccy is no text")
    if name not in _CHANNELS:
        raise Refusal(Conditions.CHANNEL_UNKNOWN, f"{turn.socket.path} has no channel {name!r}")
    if turn.socket.path != _BUSINESS:
        raise Refusal(Conditions.CHANNEL_ELSEWHERE, f"{name} is served at {_BUSINESS}, not at {turn.socket.path}")
    if turn.socket.key is None:
        raise Refusal(Conditions.LOGIN_NEEDED, f"{name} needs a login on this socket")
    return Channel(name, ccy)


def _subscribe(turn: _Turn, channel: Channel) -> None:
    """Remember the channel. What can never be pushed is not kept, so that a socket does not grow without bound."""
    is_known = not channel.ccy or any(asset.code == channel.ccy for asset in ASSETS.table)
    if is_known and channel not in turn.socket.channels:
        turn.socket = replace(turn.socket, channels=(*turn.socket.channels, channel))


def _unsubscribe(turn: _Turn, channel: Channel) -> None:
    left = tuple(one for one in turn.socket.channels if one != channel)
    turn.socket = replace(turn.socket, channels=left)


def _say(turn: _Turn, refusal: Refusal) -> None:
    """The one place where a refusal becomes a frame, or the end of the socket. The journal keeps the first."""
    row, blanks = turn.behavior.row(refusal.condition), {**turn.blanks(), **refusal.blanks}
    if turn.refusal is None:
        turn.refusal, turn.row = refusal, row
    if row.shape == "close":
        turn.close = closing(row, blanks)
    else:
        turn.sent.append(frames.told(row, blanks, turn.socket.connection, turn.id))


def push(world: World, socket: Socket, changes: tuple[Change, ...]) -> tuple[Socket, tuple[str, ...]]:
    """A frame for every change of a withdrawal of the socket's account or of its sub-accounts, to every channel that it
    concerns.
    """
    key = socket.key
    if key is None or world.accounts.get(key.account.name) is not key.account:
        return socket, ()
    account, sent = key.account, []
    for change in changes:
        producer = _producer(world, account, change)
        withdrawal = producer.book.find(change.withdrawal) if producer else None
        if producer is None or withdrawal is None:
            continue
        row = pushed(producer, withdrawal, change)
        for channel in socket.channels:
            if channel.name == _WITHDRAWALS and channel.ccy in ("", withdrawal.asset):
                arg = {"channel": channel.name, **({"ccy": channel.ccy} if channel.ccy else {})}
                sent.append(frames.pushed({**arg, "uid": account.details.user_id}, row))
    if not sent:
        return socket, ()
    socket, notice = upgrade_notice(world, replace(socket, active_ms=world.steady_ms()))
    return socket, (*notice, *sent)


def _producer(world: World, account: Account, change: Change) -> Account | None:
    """Whose withdrawal changed, if `account` hears of it: its own, or one of a sub-account."""
    if change.account == account.id:
        return account
    other = world.accounts.get(change.account.partition("-")[2])
    is_sub = other is not None and other.details.main_user_id == account.details.user_id
    return other if is_sub else None


SOCKETS = Sockets(serves, open_socket, receive, meant, ("ping", *frames.OPS), push, expire)
