"""A server without a control surface: a testnet, the real exchange, another emulator. A profile says what it can do.

    [kraken]
    url = "https://api.kraken.com"
    can = ["withdrawals"]           # only with a pending withdrawal of your own in EXCHANGE_CONTRACTS_KRAKEN_WITHDRAWAL
    withdrawal = { asset = "USDT", amount = "10" }   # what that one is: only cases about such a one are held
    pace_s = 3.0                    # seconds before each call, so that no rate limit is met
    disposable = false              # true: harmful cases may run too, the account is there to be broken

Credentials come from the environment only: EXCHANGE_CONTRACTS_<EXCHANGE>_API_KEY, _API_SECRET, _PASSPHRASE, _USER_ID,
_ACCOUNT_ID, _OMS_ID, _USERNAME, _PASSWORD, _WITHDRAWAL (an id, or several with commas between them: an accepted cancel
uses one up). No account is made there and none deleted. Nonces are in milliseconds: a Kraken key of another client that
counts in a finer unit does not serve here, and takes no harm.
"""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from contracts import interrupts
from contracts.clients import CLIENTS
from contracts.targets.connection import Connection
from contracts.targets.target import Ability, ControlRefused, TargetAccount, TargetDown, TargetSocket
from contracts.targets.websocket import WebSocket
from contracts.wire import EXCHANGES, Credentials, Exchange, HttpCall, HttpReply

_NAMES = ("api_key", "api_secret", "passphrase", "user_id", "account_id", "oms_id", "username", "password")
_SECRET = ("api_key", "api_secret", "passphrase", "password")
_NUMBERS = ("user_id", "account_id", "oms_id")
PACE_S = {"bybit": 0.2, "okx": 0.5, "kraken": 3.0, "alphapoint": 0.5}
"""Seconds before each call where a profile does not say, within the documented limits of nearly all endpoints: where
one of them is slower, `Remote.rest` waits."""

_rests = 20
"""So often a run waits for a rate limit to pass: a server that refuses all calls alike must not hold it up for long."""


def variable(exchange: str, name: str) -> str:
    """The environment variable of a credential."""
    return f"EXCHANGE_CONTRACTS_{exchange.upper()}_{name.upper()}"


class Section(msgspec.Struct, forbid_unknown_fields=True):
    """What a profile says of one exchange's server."""

    url: str
    can: list[Literal["withdrawals", "sockets"]] = []
    withdrawal: dict[str, str] = msgspec.field(default_factory=lambda: {"asset": "USDT", "amount": "10"})
    pace_s: Annotated[float, msgspec.Meta(ge=0, le=60)] | None = None
    disposable: bool = False


class Profile(msgspec.Struct, forbid_unknown_fields=True):
    """A profile: a section for each exchange that the remote speaks."""

    bybit: Section | None = None
    okx: Section | None = None
    kraken: Section | None = None
    alphapoint: Section | None = None


def read(path: Path) -> dict[Exchange, Section]:
    """The sections of a profile file. Raises TargetDown with the file and the place."""
    try:
        profile = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), Profile)
    except OSError as error:
        raise TargetDown(f"{path}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TargetDown(f"{path}: is not TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise TargetDown(f"{path}: {error}") from None
    sections = {name: getattr(profile, name) for name in EXCHANGES}
    chosen = {name: section for name, section in sections.items() if section is not None}
    if not chosen:
        raise TargetDown(f"{path}: has no section; write [bybit], [okx], [kraken] or [alphapoint] with a url")
    return chosen


class Remote:
    """One exchange's server as a profile describes it. Raises TargetDown when its credentials are missing."""

    name = "remote"
    run = ""  # nothing is named there

    def __init__(
        self,
        exchange: str,
        section: Section,
        environment: Mapping[str, str],
        timeout_s: float = 10.0,
        sleep: Callable[[float], None] = time.sleep,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._connection = Connection(section.url, timeout_s)
        self.url = self._connection.url
        self.disposable = section.disposable
        self._kind = section.withdrawal
        self._pace_s = PACE_S[exchange] if section.pace_s is None else section.pace_s
        self._rest_s = 10 * self._pace_s
        self._rests = _rests
        self._sleep, self._now_ms = sleep, now_ms
        self.exchanges = frozenset({exchange})
        self._credentials = _credentials(exchange, environment)
        self.unset = frozenset(_NAMES) - frozenset(self._credentials)
        self.secrets = frozenset(self._credentials[name] for name in _SECRET if name in self._credentials)
        named = environment.get(variable(exchange, "withdrawal"), "").split(",")
        self._withdrawals = [one.strip() for one in named if one.strip()]
        self.can: frozenset[Ability] = frozenset(section.can)
        if "withdrawals" in self.can and not self._withdrawals:
            name = variable(exchange, "withdrawal")
            raise TargetDown(f"the profile can do withdrawals, but {name} (a pending one's id) is not set")

    def account(self, exchange: str, options: Mapping[str, Any]) -> TargetAccount:
        if options:
            raise ControlRefused("accounts cannot be made on this target")
        return _Account(self._credentials, self._withdrawals[0] if self._withdrawals else "")

    def lacks(self, withdrawal: Mapping[str, Any]) -> str:
        if dict(withdrawal) != self._kind:
            return f"the target has no withdrawal of {' '.join(f'{name} {one}' for name, one in withdrawal.items())}"
        return "" if self._withdrawals else "the target's last withdrawal was cancelled by a case before"

    def spent(self) -> None:
        del self._withdrawals[:1]

    def rest(self) -> bool:
        """Wait until a rate limit may have passed; False when that has been done often enough, or is not wanted."""
        if not self._rest_s or not self._rests:
            return False
        self._rests -= 1
        self._pause(self._rest_s)
        return True

    def _pause(self, seconds: float) -> None:
        with interrupts.at_once():
            self._sleep(seconds)

    def now_ms(self) -> int:
        return self._now_ms()

    def at(self, now_ms: int) -> None:
        raise ControlRefused("the clock of this target cannot be set")

    def send(self, call: HttpCall) -> HttpReply:
        self._pause(self._pace_s)
        return self._connection.send(call)

    def open_socket(self, target: str) -> TargetSocket:
        self._pause(self._pace_s)
        return WebSocket(self._connection, target, patient=True)

    def close(self) -> None:
        self._connection.close()


def _credentials(exchange: str, environment: Mapping[str, str]) -> dict[str, str]:
    """What the environment has of an exchange's credentials. Raises TargetDown for what is missing or cannot be."""
    found = {name: environment.get(variable(exchange, name), "") for name in _NAMES}
    for name in ("api_key", "api_secret", *CLIENTS[exchange].credentials):
        if not found[name]:
            raise TargetDown(f"credentials come from the environment only: {variable(exchange, name)} is not set")
    for name, value in found.items():
        if value != value.strip() or not value.isprintable():
            raise TargetDown(f"{variable(exchange, name)} has white space or a line break in it that is not part of it")
        if name in _NUMBERS and value and not re.fullmatch("[0-9]+", value):
            raise TargetDown(f"{variable(exchange, name)} {value!r} must be a whole number")
    return {name: value for name, value in found.items() if value}


class _Account:
    settings: Mapping[str, Any] = {}

    def __init__(self, credentials: Credentials, withdrawal: str) -> None:
        self.credentials = credentials
        self._withdrawal = withdrawal

    def withdrawal(self, options: Mapping[str, Any]) -> str:
        return self._withdrawal

    def event(self, withdrawal: str, event: str) -> None:
        raise ControlRefused("the life-cycle of this target is its own")

    def fault(self, options: Mapping[str, Any]) -> None:
        raise ControlRefused("this target takes no faults")

    def key(self, options: Mapping[str, Any]) -> Credentials:
        raise ControlRefused("keys cannot be made on this target")

    def advance(self, seconds: int) -> None:
        raise ControlRefused("time cannot be moved on this target")

    def withdrawals(self) -> None:
        return None

    def delete(self) -> None:
        """It is not ours."""
