"""A withdrawal as AlphaPoint shows it: the ticket of GetWithdrawTicket and the record of GetWithdraws.

Facts: captured tickets of APEX 4.3; for the record only documentation is known, and ccxt's reading of it. Statuses
are sent as names, decimals as bare numbers, forms and transaction details as JSON inside a string.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulator.core.accounts import Account
from simulator.core.book import Withdrawal
from simulator.core.wire import encode, number
from simulator.exchanges.alphapoint.assets import ASSETS, Product
from simulator.exchanges.alphapoint.lifecycle import ON_CHAIN
from simulator.exchanges.alphapoint.scalars import NO_DATE, iso, ticks
from simulator.exchanges.alphapoint.users import OMS_ID, User

_OPERATOR_ID = 1
_ASSET_MANAGER_ID = 1


@dataclass(frozen=True, slots=True)
class Ticket:
    """What AlphaPoint knows of a withdrawal besides what every exchange does: its number, and who touched it last."""

    number: int
    updated_by: int = 0
    updated_by_name: str | None = None


def ticket(account: Account, withdrawal: Withdrawal) -> dict[str, Any]:
    """The full object of GetWithdrawTicket."""
    user: User = account.details
    product: Product = ASSETS.named(withdrawal.asset).details
    details: Ticket = withdrawal.details
    created, updated = ticks(withdrawal.created_ms), ticks(withdrawal.updated_ms)
    return {
        "AssetManagerId": _ASSET_MANAGER_ID,
        "AccountProviderId": product.provider_id,
        "AccountId": user.account_id,
        "AccountName": user.username,
        "AssetId": product.product_id,
        "AssetName": product.full_name,
        "Amount": number(withdrawal.amount),
        # There is no market here: an asset is its own notional product.
        "NotionalValue": number(withdrawal.amount),
        "NotionalProductId": product.product_id,
        "TemplateForm": _form(withdrawal),
        "TemplateFormType": withdrawal.network,
        "OMSId": OMS_ID,
        "RequestCode": withdrawal.id,
        "RequestIP": None,
        "RequestUserId": user.user_id,
        "RequestUserName": user.username,
        "OperatorId": _OPERATOR_ID,
        "Status": withdrawal.state.word,
        "FeeAmt": number(withdrawal.fee),
        "UpdatedByUser": details.updated_by,
        "UpdatedByUserName": details.updated_by_name,
        "TicketNumber": details.number,
        "WithdrawTransactionDetails": _transaction(withdrawal, product),
        "RejectReason": None,
        "CreatedTimestamp": iso(created),
        "LastUpdateTimestamp": iso(updated),
        "CreatedTimestampTick": created,
        "LastUpdateTimestampTick": updated,
        "Comments": [],
        "Attachments": [],
        "AuditLog": [],
    }


def record(account: Account, withdrawal: Withdrawal) -> dict[str, Any]:
    """A row of GetWithdraws: the documented keys, then the four that captures of its sister GetDeposits have too."""
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
        "TemplateForm": _form(withdrawal),
        "TemplateFormType": withdrawal.network,
        "omsId": OMS_ID,
        "TicketStatus": withdrawal.state.word,
        "TicketNumber": details.number,
        "WithdrawTransactionDetails": _transaction(withdrawal, product),
        "WithdrawType": "",
        "WithdrawCode": withdrawal.id,
        "AssetType": 0,
        "Reaccepted": False,
        "NotionalProductId": product.product_id,
        "OMSId": OMS_ID,
        "ProductId": product.product_id,
        "ProductType": "CryptoCurrency",
        "LastUpdateTimeStamp": ticks(withdrawal.updated_ms),
    }


def _form(withdrawal: Withdrawal) -> str:
    return _text(
        {
            "TemplateType": withdrawal.network,
            "Comment": "",
            "ExternalAddress": withdrawal.address,
            "Amount": number(withdrawal.amount),
        }
    )


def _transaction(withdrawal: Withdrawal, product: Product) -> str:
    """Empty of everything but the address until the withdrawal is on its way; the provider is named by its template."""
    sent = withdrawal.state.name in ON_CHAIN
    submitted_ms = next((step.at_ms for step in withdrawal.history if step.state in ON_CHAIN), withdrawal.created_ms)
    return _text(
        {
            "TxId": withdrawal.tx_id if sent else None,
            "ExternalAddress": withdrawal.address,
            "Amount": number(withdrawal.amount if sent else Decimal(0)),
            "Confirmed": sent and withdrawal.state.name != "Submitted",
            "LastUpdated": iso(ticks(withdrawal.updated_ms)) if sent else NO_DATE,
            "TimeSubmitted": iso(ticks(submitted_ms)) if sent else NO_DATE,
            "AccountProviderName": withdrawal.network,
            "AccountProviderId": product.provider_id,
        }
    )


def _text(value: dict[str, Any]) -> str:
    return encode(value).decode()
