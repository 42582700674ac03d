"""What may be asked for when an account, a key or a withdrawal of OKX is made, besides what every exchange takes."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from simulator.core.message import SentText
from simulator.core.options import SECRET, AccountOptions, KeyOptions, WithdrawalOptions

ClientId = Annotated[
    str, msgspec.Meta(pattern=r"^[A-Za-z0-9]{1,32}$(?!\n)", description="1 to 32 letters and digits of ASCII")
]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
AddressType = Annotated[str, msgspec.Meta(pattern=r"^[12]$(?!\n)", description="'1' or '2'")]
RecipientRules = Literal["none", "any wallet", "exchanges only", "proven wallets"]


class OkxAccountOptions(AccountOptions):
    """`demo` accounts take requests with `x-simulated-trading: 1` only and have no withdrawals; `sub_account`s cannot
    withdraw; one with a `main_account`, an account's name, is a sub-account of that, whose sockets hear of its
    withdrawals. `api_frozen`, `user_blocked` and `account_blocked` make OKX answer 50100, 50007 and 58004.

    `verified_addresses` is where withdrawals may go (default: the sample address of every chain); `suspended_chains`
    and `delisted_chains` are closed; `daily_limits` by ticker; `recipient_rules` says what the account's entity wants
    to hear in `rcvrInfo`; `lightning` whether the account may use it.
    """

    demo: bool = False
    sub_account: bool = False
    main_account: str | None = None
    api_frozen: bool = False
    user_blocked: bool = False
    account_blocked: bool = False
    verified_addresses: tuple[Text, ...] | None = None
    suspended_chains: tuple[str, ...] = ()
    delisted_chains: tuple[str, ...] = ()
    daily_limits: dict[str, Decimal] | None = None
    recipient_rules: RecipientRules = "none"
    lightning: bool = True


class OkxKeyOptions(KeyOptions):
    """Every key has a passphrase."""

    passphrase: Annotated[SentText, SECRET] | None = None


class OkxWithdrawalOptions(WithdrawalOptions):
    """`client_id` is what the withdrawal history shows and filters by: up to 32 letters and digits. `tag` goes with the
    address where the chain needs one. An `internal` transfer goes to another user of OKX, by `to_addr_type` 2 (user id)
    or 1 (everything else), and has no fee.
    """

    client_id: ClientId | None = None
    tag: Text | None = None
    internal: bool = False
    to_addr_type: AddressType | None = None
    area_code: str | None = None
    note: str = ""
