"""The simulator in this process, without a socket. Its clock stands still and may be set, so nothing here waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args

from contracts.targets.target import Ability, ControlRefused, ReplyLost, TargetAccount, TargetSocket
from contracts.wire import EXCHANGES, Credentials, HttpCall, HttpReply


class InProcess:
    """A simulator of one's own. The clock begins at a fixed moment, so that every run sends the same bytes."""

    name = "in process"
    run = "here"
    url = "http://127.0.0.1:8080"  # nobody listens there; it stands in the curl lines of a report
    can: frozenset[Ability] = frozenset(get_args(Ability))
    secrets: frozenset[str] = frozenset()  # its credentials are made for the run
    unset: frozenset[str] = frozenset()
    exchanges: frozenset[str] = frozenset(EXCHANGES)

    def __init__(self, now_ms: int = 1_700_000_000_000) -> None:
        from simulator import ManualClock, Simulator

        self.clock = ManualClock(now_ms)
        self.simulator = Simulator(clock=self.clock)

    def account(self, exchange: str, options: Mapping[str, Any]) -> TargetAccount:
        return _Account(_asked(self.simulator.exchange(exchange).account, **options))

    def lacks(self, withdrawal: Mapping[str, Any]) -> str:
        return ""

    def spent(self) -> None:
        """Others can be made."""

    def rest(self) -> bool:
        return False

    def now_ms(self) -> int:
        return self.clock.now_ms

    def at(self, now_ms: int) -> None:
        self.clock.now_ms = now_ms

    def send(self, call: HttpCall) -> HttpReply:
        from simulator import ReplyLost as Lost
        from simulator import Request

        try:
            reply = self.simulator.answer(Request(call.method, call.target, call.headers, call.body))
        except Lost as lost:
            raise ReplyLost(str(lost)) from None
        except Exception as error:  # a server that dies answers 500, and the suite says so
            return HttpReply(500, (), f"the simulator died of {error!r}".encode())
        return HttpReply(reply.status, reply.headers, reply.body)

    def open_socket(self, target: str) -> TargetSocket:
        socket: TargetSocket = _asked(_Socket, self.simulator, target)
        return socket

    def close(self) -> None:
        """Nothing is open."""


class _Socket:
    def __init__(self, simulator: Any, target: str) -> None:
        self._simulator = simulator
        self._handle = simulator.open_socket(target)
        self._heard: list[str] = []

    @property
    def closed(self) -> str:
        closed: tuple[int, str] | None = self._handle.closed
        return " ".join(str(part) for part in closed or () if part)

    def send(self, frame: str) -> None:
        self._take(lambda: self._handle.send(frame))

    def heard(self, expected: int = 0) -> list[str]:
        self._take(self._simulator.service.tick)  # a running server's time passes for its open sockets, too
        self._take(self._handle.pushed)
        heard, self._heard = self._heard, []
        return heard

    def close(self) -> None:
        self._handle.close()

    def _take(self, asked: Callable[[], Iterable[str] | None]) -> None:
        from simulator import ReplyLost as Lost

        try:
            self._heard += asked() or ()
        except Lost as lost:
            raise ReplyLost(str(lost)) from None
        except Exception as error:  # the socket of a server that dies breaks
            raise ReplyLost(f"the simulator died of {error!r}") from None


class _Account:
    def __init__(self, account: Any) -> None:
        self._account = account
        self.credentials: Credentials = account.credentials
        self.settings: Mapping[str, Any] = account.client_settings

    def withdrawal(self, options: Mapping[str, Any]) -> str:
        return str(_asked(self._account.withdrawal, **options).id)

    def event(self, withdrawal: str, event: str) -> None:
        _asked(next(one for one in self._account.withdrawals if one.id == withdrawal).event, event)

    def fault(self, options: Mapping[str, Any]) -> None:
        _asked(self._account.fault, **options)

    def key(self, options: Mapping[str, Any]) -> Credentials:
        credentials: Credentials = _asked(self._account.key, **options).credentials
        return credentials

    def advance(self, seconds: int) -> None:
        _asked(self._account.advance, seconds=seconds)

    def withdrawals(self) -> Mapping[str, str]:
        return {one.id: one.internal_state for one in self._account.withdrawals}

    def delete(self) -> None:
        self._account.delete()


def _asked(operation: Any, *arguments: Any, **options: Any) -> Any:
    from simulator import Misuse

    try:
        return operation(*arguments, **options)
    except Misuse as misuse:
        raise ControlRefused(str(misuse)) from None
