"""The documents that the control surface answers, as types: what `service/views.py` makes, described for readers.

Used for their schemas only. A field that a view has and a type has not fails a test.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from simulator.core.accounts import Progress
from simulator.core.behavior import Setting
from simulator.core.lifecycle import Stage

ExchangeName = Literal["bybit", "okx", "kraken", "alphapoint"]
Id = Annotated[str, Meta(description="The account's id, `{exchange}-{name}`.")]
Ms = Annotated[int, Meta(description="Milliseconds since 1970, account time.")]
Amount = Annotated[str, Meta(description="A decimal in units of the asset.", pattern=r"^[0-9]+(\.[0-9]+)?$")]


class Answer(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The root of all answers."""


class Problem(Answer):
    """A refusal (RFC 9457): `detail` says in one sentence what is wrong and what would be right."""

    type: Annotated[
        Literal["about:blank", "urn:exchange-simulator:no-such-path"],
        Meta(
            description="What a program may go by: `about:blank` where the status says it all, "
            "`urn:exchange-simulator:no-such-path` where a 404 means the path itself and not what it names."
        ),
    ]
    title: Annotated[str, Meta(description="The name of the status.")]
    status: Annotated[int, Meta(description="The HTTP status.")]
    detail: Annotated[str, Meta(description="One clear sentence.")]


class Health(Answer):
    """It runs."""

    status: Literal["ok"]
    version: Annotated[str, Meta(description="The version of exchange-simulator.")]


class Pots(Answer):
    """One asset's money. The three together are what was ever deposited."""

    available: Amount
    held: Amount
    spent: Amount


class Credentials(Answer):
    """A key's credentials, those that the exchange has. Secrets that a user supplied are shown as `***`."""

    api_key: str
    api_secret: str
    passphrase: str | msgspec.UnsetType = msgspec.UNSET
    user_id: str | int | msgspec.UnsetType = msgspec.UNSET
    account_id: int | msgspec.UnsetType = msgspec.UNSET
    oms_id: int | msgspec.UnsetType = msgspec.UNSET
    username: str | msgspec.UnsetType = msgspec.UNSET
    password: str | msgspec.UnsetType = msgspec.UNSET
    totp_secret: str | msgspec.UnsetType = msgspec.UNSET


class ShownKey(Credentials, kw_only=True):
    """A key of an account, with its permissions in the exchange's own words."""

    permissions: list[str]


ClientSettings = Annotated[
    dict[str, str | int],
    Meta(description="What a client needs to create a withdrawal of USDT, in the exchange's words."),
]
Balances = Annotated[dict[str, Pots], Meta(description="By common ticker.")]
Behavior = Annotated[dict[str, Setting], Meta(description="What differs from the exchange's defaults.")]


Delays = Annotated[dict[str, float], Meta(description="Seconds by internal state, where they are not the usual ones.")]
Skew = Annotated[int, Meta(description="How far the server's clock is off, in ms.")]


class Opened(Answer):
    """An account or a further key of it: everything that a client needs."""

    id: Id
    exchange: ExchangeName
    url: Annotated[str, Meta(description="Where the server listens.")]
    credentials: Credentials
    client_settings: ClientSettings
    balances: Balances


class Account(Answer):
    """An account as it is now."""

    id: Id
    exchange: ExchangeName
    url: str
    progress: Progress
    delays: Delays
    polls: int
    skew_ms: Skew
    limits: bool
    lead_ms: Annotated[int, Meta(ge=0, description="How far account time is ahead of the server clock.")]
    now_ms: Ms
    behavior: Behavior
    keys: list[ShownKey]
    client_settings: ClientSettings
    balances: Balances
    withdrawals: Annotated[list[str], Meta(description="Their ids, oldest first.")]


class Accounts(Answer):
    """Every account there is, exchange by exchange."""

    accounts: list[Account]


class Step(Answer):
    """A withdrawal was in `state` (its internal name) from `at_ms` on; `event` brought it there, for `reason`."""

    at_ms: Ms
    state: str
    event: str
    reason: str


class Plan(Answer):
    """A step that waits for a call: `when` is before or after it; `because` says why it could not be taken."""

    id: str
    event: str
    when: Literal["before", "after"]
    endpoint: str
    nth: int
    reason: str
    met: int
    done: bool
    because: str


class Plans(Answer):
    """The planned steps of a withdrawal, in the order in which they were made."""

    plans: list[Plan]


class Withdrawal(Answer):
    """A withdrawal. `state` is the exchange's word, `internal_state` the name in its life-cycle, `stage` ours."""

    id: Annotated[str, Meta(description="What the cancel call takes.")]
    state: str
    internal_state: str
    stage: Stage
    asset: str
    network: str
    amount: Amount
    fee: Amount
    address: str
    tag: str
    tx_id: str
    created_ms: Ms
    updated_ms: Ms
    progress: Annotated[Progress | None, Meta(description="Null where it goes on as its account does.")]
    delays: Delays
    polls: int | None
    plans: list[Plan]
    history: list[Step]
    confirmation_code: Annotated[str, Meta(description="What the exchange would have mailed to the user.")] = ""


class Withdrawals(Answer):
    """The withdrawals of an account, oldest first."""

    withdrawals: list[Withdrawal]


class Fault(Answer):
    """A fault: which calls it meets, the options of its kind, how many calls it `met` and how often it `fired`."""

    id: str
    kind: str
    endpoint: str | None
    nth: int
    times: int | None
    share: float
    met: int
    fired: int
    seconds: float | msgspec.UnsetType = msgspec.UNSET
    status: int | msgspec.UnsetType = msgspec.UNSET
    acts: bool | msgspec.UnsetType = msgspec.UNSET
    row: str | msgspec.UnsetType = msgspec.UNSET
    content_type: str | msgspec.UnsetType = msgspec.UNSET
    steps: int | msgspec.UnsetType = msgspec.UNSET


class Faults(Answer):
    """Faults in the order in which they were made."""

    faults: list[Fault]


class Exchange(Answer):
    """What is set for an exchange as a whole."""

    exchange: ExchangeName
    title: str
    skew_ms: Skew
    behavior: Behavior


class Snapshot(msgspec.Struct):
    """An account as one document, for `POST /_control/accounts/restore`. Secrets are in it. Only a simulator that reads
    its `version` takes it.
    """

    format: Literal["exchange-simulator account"]
    version: Literal[1]
    exchange: ExchangeName
    name: str


Document = dict[str, Any]
