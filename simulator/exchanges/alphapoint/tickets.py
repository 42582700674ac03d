"""A withdrawal as AlphaPoint shows it: the ticket of GetWithdrawTicket and the record of GetWithdraws.

Facts: captured tickets of APEX 4.3; for the record only documentation is known, and ccxt's reading of it. Statuses
are sent as names, decimals as bare numbers, forms and transaction details as JSON inside a string.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from simulator.core.accounts import Account, Key
from simulator.core.book import Withdrawal
from simulator.core.wire import encode, number
from simulator.exchanges.alphapoint.assets import ASSETS, Product
from simulator.exchanges.alphapoint.comments import Added, Hand, comments
from simulator.exchanges.alphapoint.glimpses import Glimpse
from simulator.exchanges.alphapoint.lifecycle import ON_CHAIN
from simulator.exchanges.alphapoint.scalars import NO_DATE, iso, ticks
from simulator.exchanges.alphapoint.users import OMS_ID, User

_OPERATOR_ID = 1
_ASSET_MANAGER_ID = 1
OVER_LIMIT = "overlimit"


@dataclass(frozen=True, slots=True)
class Ticket:
    """What AlphaPoint knows of a withdrawal besides what every exchange does.

    `form` is the template form as its client wrote it, `hands` whose doing its steps were, `added` what operators
    commented; `steps_shown` and `polls` are what its readers have seen where reads lag.
    """

    number: int
    form: str = ""
    request_ip: str | None = None
    reject_reason: str | None = None
    hands: tuple[Hand, ...] = ()
    added: tuple[Added, ...] = ()
    steps_shown: int = 1
    polls: int = 0


def sign_off(withdrawal: Withdrawal, key: Key) -> None:
    """Note that the step to come is the doing of this key's user."""
    user: User = key.account.details
    hand = Hand(len(withdrawal.history) + 1, user.user_id, user.username)
    withdrawal.details = replace(withdrawal.details, hands=(*withdrawal.details.hands, hand))


def ticket(account: Account, glimpse: Glimpse, *, in_event: bool = False, with_comments: bool = True) -> dict[str, Any]:
    """The full object of GetWithdrawTicket; in an event its asset has its symbol, and there is no RequestIP."""
    withdrawal = glimpse.withdrawal
    user: User = account.details
    product: Product = ASSETS.named(withdrawal.asset).details
    details: Ticket = withdrawal.details
    created, updated = ticks(withdrawal.created_ms), ticks(glimpse.updated_ms)
    hand = next((one for one in reversed(details.hands) if one.step <= glimpse.steps), None)
    return {
        "AssetManagerId": _ASSET_MANAGER_ID,
        "AccountProviderId": product.provider_id,
        "AccountId": user.account_id,
        "AccountName": user.username,
        "AssetId": product.product_id,
        "AssetName": withdrawal.asset if in_event else product.full_name,
        "Amount": number(withdrawal.amount),
        # There is no market here: an asset is its own notional product.
        "NotionalValue": number(withdrawal.amount),
        "NotionalProductId": product.product_id,
        "TemplateForm": details.form or _form(withdrawal),
        "TemplateFormType": withdrawal.network,
        "OMSId": OMS_ID,
        "RequestCode": withdrawal.id,
        "RequestIP": None if in_event else details.request_ip,
        "RequestUserId": user.user_id,
        "RequestUserName": user.username,
        "OperatorId": _OPERATOR_ID,
        "Status": glimpse.state.word,
        "FeeAmt": number(withdrawal.fee),
        "UpdatedByUser": hand.user_id if hand else 0,
        "UpdatedByUserName": hand.username if hand else None,
        "TicketNumber": details.number,
        "WithdrawTransactionDetails": _transaction(glimpse, product),
        "RejectReason": _reject_reason(glimpse),
        "CreatedTimestamp": iso(created),
        "LastUpdateTimestamp": iso(updated),
        "CreatedTimestampTick": created,
        "LastUpdateTimestampTick": updated,
        "Comments": comments(glimpse, _OPERATOR_ID) if with_comments else [],
        "Attachments": [],
        "AuditLog": [],
    }


def record(account: Account, glimpse: Glimpse) -> dict[str, Any]:
    """An element of GetWithdraws: the documented keys, then four that its sister GetDeposits is known to have."""
    withdrawal = glimpse.withdrawal
    user: User = account.details
    product: Product = ASSETS.named(withdrawal.asset).details
    details: Ticket = withdrawal.details
    return {
        "Amount": number(withdrawal.amount),
        "FeeAmount": number(withdrawal.fee),
        "NotionalValue": number(withdrawal.amount),
        "WithdrawId": details.number,
        "AssetManagerId": _ASSET_MANAGER_ID,
        "AccountId": user.account_id,
        "AssetId": product.product_id,
        "TemplateForm": details.form or _form(withdrawal),
        "TemplateFormType": withdrawal.network,
        "omsId": OMS_ID,
        "TicketStatus": glimpse.state.word,
        "TicketNumber": details.number,
        "WithdrawTransactionDetails": _transaction(glimpse, product),
        "WithdrawType": "",
        "WithdrawCode": withdrawal.id,
        "AssetType": 0,
        "Reaccepted": any(step.event == "resubmit" for step in glimpse.history),
        "NotionalProductId": product.product_id,
        "OMSId": OMS_ID,
        "ProductId": product.product_id,
        "ProductType": "CryptoCurrency",
        "LastUpdateTimeStamp": ticks(glimpse.updated_ms),
    }


def _reject_reason(glimpse: Glimpse) -> str | None:
    details: Ticket = glimpse.withdrawal.details
    return OVER_LIMIT if glimpse.state.name == "LimitsRejected" else details.reject_reason


def _form(withdrawal: Withdrawal) -> str:
    return _text(
        {
            "TemplateType": withdrawal.network,
            "Comment": "",
            "ExternalAddress": withdrawal.address,
            "Amount": number(withdrawal.amount),
        }
    )


def _transaction(glimpse: Glimpse, product: Product) -> str:
    """Empty of everything but the address until the withdrawal is on its way; the provider is named by its template."""
    withdrawal = glimpse.withdrawal
    sent = glimpse.state.name in ON_CHAIN
    submitted_ms = next((step.at_ms for step in glimpse.history if step.state in ON_CHAIN), withdrawal.created_ms)
    return _text(
        {
            "TxId": withdrawal.tx_id if sent else None,
            "ExternalAddress": withdrawal.address,
            "Amount": number(withdrawal.amount if sent else Decimal(0)),
            "Confirmed": sent and glimpse.state.name != "Submitted",
            "LastUpdated": iso(ticks(glimpse.updated_ms)) if sent else NO_DATE,
            "TimeSubmitted": iso(ticks(submitted_ms)) if sent else NO_DATE,
            "AccountProviderName": withdrawal.network,
            "AccountProviderId": product.provider_id,
        }
    )


def _text(value: dict[str, Any]) -> str:
    return encode(value).decode()
