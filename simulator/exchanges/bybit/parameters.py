"""The parameters that Bybit's endpoints take, by endpoint: the table only, from the pages of docs v5.

For the behavior that refuses others in a body, and for the journal, which lists what was sent and nothing read: a
refused call has not looked at all of them, and some are documented and change nothing here.
"""

from __future__ import annotations

PARAMETERS: dict[str, frozenset[str]] = {
    "cancel": frozenset({"id"}),
    "create": frozenset(
        {
            *("coin", "chain", "address", "tag", "amount", "timestamp", "forceChain", "accountType", "feeType"),
            *("requestId", "transactionPurpose", "questionnaire", "beneficiary"),
        }
    ),
    "list": frozenset({"withdrawID", "txID", "coin", "withdrawType", "startTime", "endTime", "limit", "cursor"}),
    "withdrawable": frozenset({"coin"}),
    "addresses": frozenset({"coin", "chain", "addressType", "limit", "cursor"}),
    "coins": frozenset({"coin"}),
    "coins_balance": frozenset({"accountType", "coin", "memberId", "withBonus"}),
    "coin_balance": frozenset(
        {
            *("accountType", "toAccountType", "coin", "memberId", "toMemberId", "withBonus"),
            *("withTransferSafeAmount", "withLtvTransferSafeAmount"),
        }
    ),
    "wallet_balance": frozenset({"accountType", "coin"}),
    "instruments": frozenset({"category", "symbol", "symbolType", "status", "baseCoin", "limit", "cursor"}),
}
"""An endpoint without any is not listed."""
