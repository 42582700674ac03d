"""POST /0/private/WithdrawCancel: puts a request for cancellation in. `true` means that the request was taken, not
that the withdrawal is cancelled; the outcome shows in `status-prop` of WithdrawStatus.

What it answers for a withdrawal that is past cancelling is not known: each case is a condition (see `behavior`).
"""

from __future__ import annotations

from simulator.core.accounts import Account
from simulator.core.book import Withdrawal
from simulator.core.exchange import Asset
from simulator.core.rows import Refusal
from simulator.core.world import World
from simulator.exchanges.kraken import body, refids
from simulator.exchanges.kraken.assets import ASSETS
from simulator.exchanges.kraken.behavior import Conditions, Fields
from simulator.exchanges.kraken.call import Call, check_service
from simulator.exchanges.kraken.lifecycle import PROPS


def withdraw_cancel(call: Call) -> bool:
    """The part of the column that is this method's own: arguments, service mode, then the withdrawal itself."""
    asset_name, refid = _arguments(call)
    check_service(call)
    account = call.caller.account
    asset = _asset(asset_name)
    withdrawal = _find(call.world, account, refid)
    _check_asset(withdrawal, asset)
    _check_cancellable(account, withdrawal)
    account.move(withdrawal, "cancel")
    return True


def names_wallet_transfer(call: Call) -> bool:
    """True if the refid is that of a WalletTransfer of the caller: cancelling one needs no permission."""
    refid = call.arguments.get("refid")
    withdrawal = call.caller.account.book.find(refid) if isinstance(refid, str) else None
    return withdrawal is not None and withdrawal.details.internal is True


def _arguments(call: Call) -> tuple[str, str]:
    asset_name = body.text(call.arguments, "asset")
    if not asset_name:
        raise Refusal(Conditions.ASSET_MISSING, "asset is absent or empty", argument="asset")
    refid = body.text(call.arguments, "refid")
    if not refid:
        raise Refusal(Conditions.REFID_MISSING, "refid is absent or empty", argument="refid")
    return asset_name, refid


def _asset(name: str) -> Asset:
    asset = ASSETS.coded(name)
    if asset is None:
        raise Refusal(Conditions.UNKNOWN_ASSET, f"there is no asset {name[:80]!r}")
    return asset


def _find(world: World, account: Account, refid: str) -> Withdrawal:
    withdrawal = account.book.find(refid)
    if withdrawal is not None:
        return withdrawal
    if not refids.is_refid(refid):
        raise Refusal(Conditions.REFID_MALFORMED, f"refid {refid[:80]!r} has neither the new nor the old shape")
    for other in world.accounts.values():
        if other.book.find(refid) is not None:
            raise Refusal(Conditions.FOREIGN_REFID, f"withdrawal {refid} is another account's")
    raise Refusal(Conditions.UNKNOWN_REFID, f"there is no withdrawal {refid}")


def _check_asset(withdrawal: Withdrawal, asset: Asset) -> None:
    if withdrawal.asset != asset.ticker:
        raise Refusal(
            Conditions.WRONG_ASSET, f"withdrawal {withdrawal.id} is of {withdrawal.asset}, not {asset.ticker}"
        )


def _check_cancellable(account: Account, withdrawal: Withdrawal) -> None:
    state = withdrawal.state
    if account.book.lifecycle.allows(state.name, "cancel"):
        return
    if state.name == "Settled" and account.behavior.get(Fields.SETTLED_SHOWS_DENIED) is True:
        account.move(withdrawal, "deny_cancel")
    condition = _PAST_CANCELLING[PROPS[state.name] or state.word]
    because = f"withdrawal {withdrawal.id} is {state.name}"
    if condition is Conditions.ALREADY_PENDING:
        # By default a success, which the journal shows as a refusal because its answer may be mapped to another row.
        because += "; by default answered true again: a cancellation request is in already"
    raise Refusal(condition, because)


_PAST_CANCELLING = {
    "cancel-pending": Conditions.ALREADY_PENDING,
    "cancel-denied": Conditions.ALREADY_DENIED,
    "canceled": Conditions.ALREADY_CANCELED,
    "return": Conditions.IS_RETURN,
    "Settled": Conditions.ALREADY_SETTLED,
    "Success": Conditions.ALREADY_SUCCEEDED,
    "Failure": Conditions.ALREADY_FAILED,
}
"""Which condition speaks for a state without the event `cancel`, by its property, else by its status."""
