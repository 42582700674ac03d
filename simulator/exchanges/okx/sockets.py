"""OKX's WebSocket: the session of one socket, what its frames do, what is pushed to it, when it ends.

Values in, values out; the doors do the sending. Facts: docs-v5 WebSocket and Withdrawal info channel; frames captured
from ws.okx.com and ws.okj.com. A socket pushes only what its own account does, from the subscription on: no snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from simulator.core.accounts import Account, Key
from simulator.core.behavior import Behavior
from simulator.core.book import Change
from simulator.core.exchange import FrameAnswer, Sockets
from simulator.core.limits import FixedWindow
from simulator.core.message import Frame, Request
from simulator.core.rows import Condition, Refusal, Row, fill
from simulator.core.world import World
from simulator.exchanges.okx import frames
from simulator.exchanges.okx.assets import ASSETS
from simulator.exchanges.okx.behavior import Conditions, Fields
from simulator.exchanges.okx.login import log_in, named_key
from simulator.exchanges.okx.records import pushed

_BUSINESS = "/ws/v5/business"
_PATHS = (_BUSINESS, "/ws/v5/private", "/ws/v5/public")
_WITHDRAWALS = "withdrawal-info"
_CHANNELS = (_WITHDRAWALS, "deposit-info")
"""Of deposits, which do not happen here, nothing is ever pushed."""
_HOUR_MS = 3600 * 1000
_FRAMES_AN_HOUR = 480


@dataclass(frozen=True, slots=True)
class Channel:
    """One subscription; `ccy` is "" for all currencies."""

    name: str
    ccy: str


@dataclass(frozen=True, slots=True)
class Socket:
    """The session of a WebSocket. `active_ms` is when something was last heard or pushed, on the server clock."""

    path: str
    connection: str
    active_ms: int
    key: Key | None = None
    channels: tuple[Channel, ...] = ()


@dataclass(slots=True)
class _Turn:
    """One frame on its way through. `key` is whom it concerns, for the journal and the behavior."""

    world: World
    frame: Frame
    socket: Socket
    key: Key | None
    op: str = ""
    id: str = ""
    sent: list[str] = field(default_factory=list)
    refusal: Refusal | None = None
    row: Row | None = None
    close: tuple[int, str] | None = None

    @property
    def behavior(self) -> Behavior:
        return self.key.account.behavior if self.key else self.world.behavior


def serves(path: str) -> bool:
    return path in _PATHS


def open_socket(world: World, request: Request) -> Socket:
    """A fresh socket; nobody has logged in on it."""
    return Socket(request.path, world.traces.hex(8), world.now_ms())


def receive(world: World, socket: Socket, frame: Frame) -> FrameAnswer:
    """One frame, from its text to the frames that answer it."""
    turn = _Turn(world, frame, replace(socket, active_ms=world.now_ms()), socket.key)
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
    if key is None or not key.account.limited:
        return
    name = f"socket {turn.socket.connection}"
    counter = key.account.counter(name, None, lambda: FixedWindow(_FRAMES_AN_HOUR, _HOUR_MS))
    if not counter.take(key.account.now_ms()).allowed:
        raise Refusal(Conditions.TOO_MANY_FRAMES, f"more than {_FRAMES_AN_HOUR} in an hour on this socket")


def _log_in(turn: _Turn, args: tuple[Mapping[str, Any], ...]) -> None:
    if turn.socket.key is not None or len(args) > 1:
        raise Refusal(Conditions.LOGIN_REPEATED, f"the socket is logged in already, or there are {len(args)} logins")
    turn.key = named_key(turn.world, args[0])
    key = log_in(turn.world, args[0], turn.frame.peer, turn.key, turn.behavior)
    turn.socket = replace(turn.socket, key=key)
    turn.sent.append(frames.logged_in(turn.socket.connection, turn.id))


def _channel(turn: _Turn, arg: Mapping[str, Any]) -> Channel:
    """The channel that `arg` names, if the socket may have it. Raises Refusal."""
    name, ccy = arg.get("channel"), arg.get("ccy", "")
    if not isinstance(name, str) or not isinstance(ccy, str):
        raise Refusal(Conditions.FRAME_ARGS, "an arg has no channel, or its channel or ccy is no text")
    if name not in _CHANNELS:
        shown = ",".join(f"{key}:{value}" for key, value in arg.items())
        raise Refusal(Conditions.CHANNEL_UNKNOWN, f"{turn.socket.path} has no channel {name!r}", arg=shown)
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
    row = turn.behavior.row(refusal.condition)
    if turn.refusal is None:
        turn.refusal, turn.row = refusal, row
    if row.shape == "close":
        turn.close = _closing(row, refusal)
    else:
        text = fill(row.text, refusal.blanks)
        turn.sent.append(frames.error(str(row.code), text, turn.socket.connection, turn.id))


def push(world: World, socket: Socket, changes: tuple[Change, ...]) -> tuple[Socket, tuple[str, ...]]:
    """A frame for every change of a withdrawal of the socket's account, to every channel that it concerns."""
    key = socket.key
    if key is None or world.accounts.get(key.account.name) is not key.account:
        return socket, ()
    account, sent = key.account, []
    for change in changes:
        withdrawal = account.book.find(change.withdrawal) if change.account == account.id else None
        if withdrawal is None:
            continue
        row = pushed(account, withdrawal, change)
        for channel in socket.channels:
            if channel.name == _WITHDRAWALS and channel.ccy in ("", withdrawal.asset):
                arg = {"channel": channel.name, **({"ccy": channel.ccy} if channel.ccy else {})}
                sent.append(frames.pushed({**arg, "uid": account.details.user_id}, row))
    return (replace(socket, active_ms=world.now_ms()) if sent else socket), tuple(sent)


def expire(world: World, socket: Socket) -> tuple[int, str] | None:
    """How the socket ends, if it does: its key is gone, or nothing was heard or pushed for too long."""
    key = socket.key
    behavior = key.account.behavior if key else world.behavior
    if key is not None and world.find_key(key.api_key) is not key:
        return _ended(behavior, Conditions.KEY_DELETED, f"there is no key {key.api_key!r} any more")
    idle_ms = behavior.number(Fields.IDLE_MS)
    if idle_ms and world.now_ms() - socket.active_ms >= idle_ms:
        return _ended(behavior, Conditions.IDLE, f"nothing for {idle_ms} ms")
    return None


def _ended(behavior: Behavior, condition: Condition, because: str) -> tuple[int, str]:
    return _closing(behavior.row(condition), Refusal(condition, because))


def _closing(row: Row, refusal: Refusal) -> tuple[int, str]:
    """Close code and reason; a row of another shape, which a behavior may bring, ends the socket with code 1000."""
    code = int(row.code) if row.shape == "close" else 1000
    # A close frame has room for 123 bytes of reason (RFC 6455 5.5).
    return code, fill(row.text, refusal.blanks).encode()[:123].decode("utf-8", "ignore")


SOCKETS = Sockets(serves, open_socket, receive, meant, ("ping", *frames.OPS), push, expire)
