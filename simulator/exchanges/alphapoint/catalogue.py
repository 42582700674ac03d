"""What AlphaPoint trades: products and instruments, the public reads that clients load first.

Facts: APEX 4.3 documentation GetProducts, GetInstruments; that no login is needed, and what is answered without an
OMSId, from a probe of apexapi.bitazza.com. Which products there are is every operator's choice.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.core.exchange import Asset
from simulator.core.rows import Refusal
from simulator.core.wire import number
from simulator.exchanges.alphapoint.assets import ASSETS, Product
from simulator.exchanges.alphapoint.behavior import Conditions
from simulator.exchanges.alphapoint.calls import Call, Parameters, integer, natural, parameters, require
from simulator.exchanges.alphapoint.permissions import check_oms
from simulator.exchanges.alphapoint.scalars import iso, ticks
from simulator.exchanges.alphapoint.users import OMS_ID

_PRODUCTS_LIMIT = 50
_OPENED_TICK = ticks(1_577_836_800_000)
"""The start of 2020: the session of every instrument runs since then."""

_QUOTE = "USDT"


def product_of(ticker: str) -> Product:
    """What AlphaPoint knows of an asset."""
    details = ASSETS.named(ticker).details
    assert isinstance(details, Product)
    return details


def product_numbered(product_id: int) -> Asset | None:
    """The asset with this product number."""
    return next((asset for asset in ASSETS.table if asset.details.product_id == product_id), None)


def get_products(call: Call) -> Any:
    """GetProducts: a page of the products by number; none is disabled here."""
    given = _public(call)
    start, depth = natural(given, "StartIndex") or 0, natural(given, "Depth")
    products = sorted(ASSETS.table, key=lambda asset: asset.details.product_id)
    return [_product(asset) for asset in products[start : start + (_PRODUCTS_LIMIT if depth is None else depth)]]


def _public(call: Call) -> Parameters:
    given = parameters(call)
    require(given, ("OMSId",), Conditions.OMS_MISSING)
    check_oms(integer(given, "OMSId"))
    return given


def _product(asset: Asset) -> dict[str, Any]:
    product: Product = asset.details
    return {
        "OMSId": OMS_ID,
        "ProductId": product.product_id,
        "Product": asset.code,
        "ProductFullName": product.full_name,
        "MasterDataUniqueProductSymbol": "",
        "ProductType": "CryptoCurrency",
        "DecimalPlaces": asset.decimals,
        "TickSize": number(_tick(asset)),
        "DepositEnabled": True,
        "WithdrawEnabled": True,
        "NoFees": False,
        "IsDisabled": False,
        "MarginEnabled": False,
    }


def _tick(asset: Asset) -> Decimal:
    """The smallest amount, with the 28 decimals that a captured one has."""
    return Decimal("1".ljust(29 - asset.decimals, "0")).scaleb(-28)


def get_instruments(call: Call) -> Any:
    """GetInstruments: every asset against USDT; all of them run, so that nothing is Inactive."""
    given = _public(call)
    state = given.get("instrumentstate")
    if state is not None and not isinstance(state, str):
        raise Refusal(Conditions.WRONG_TYPE, f"InstrumentState {state!r} is no text")
    if state is not None and state.lower() == "inactive":
        return []
    quote = ASSETS.named(_QUOTE)
    bases = [asset for asset in ASSETS.table if asset is not quote]
    return [_instrument(number, base, quote) for number, base in enumerate(bases, start=1)]


def _instrument(instrument_id: int, base: Asset, quote: Asset) -> dict[str, Any]:
    return {
        "OMSId": OMS_ID,
        "InstrumentId": instrument_id,
        "Symbol": base.code + quote.code,
        "Product1": base.details.product_id,
        "Product1Symbol": base.code,
        "Product2": quote.details.product_id,
        "Product2Symbol": quote.code,
        "InstrumentType": "Standard",
        "VenueInstrumentId": instrument_id,
        "VenueId": 1,
        "SortIndex": 0,
        "SessionStatus": "Running",
        "PreviousSessionStatus": "Stopped",
        "SessionStatusDateTime": iso(_OPENED_TICK),
        "SelfTradePrevention": True,
        "QuantityIncrement": number(_tick(base)),
        "PriceIncrement": number(_tick(quote)),
        "MinimumQuantity": number(_tick(base)),
        "MinimumPrice": number(_tick(quote)),
        "VenueSymbol": base.code + quote.code,
        "IsDisable": False,
        **_UNUSED,
    }


_UNUSED = {
    "MasterDataId": 0,
    "PriceCollarThreshold": 0,
    "PriceCollarPercent": 0,
    "PriceCollarEnabled": False,
    "PriceFloorLimit": 0,
    "PriceFloorLimitEnabled": False,
    "PriceCeilingLimit": 0,
    "PriceCeilingLimitEnabled": False,
    "CreateWithMarketRunning": True,
    "AllowOnlyMarketMakerCounterParty": False,
    "PriceCollarIndexDifference": 0,
    "PriceCollarConvertToOtcEnabled": False,
    "PriceCollarConvertToOtcClientUserId": 0,
    "PriceCollarConvertToOtcAccountId": 0,
    "PriceCollarConvertToOtcThreshold": 0,
    "OtcConvertSizeThreshold": 0,
    "OtcConvertSizeEnabled": False,
    "OtcTradesPublic": True,
    "PriceTier": 0,
}
"""What concerns trading, which there is none of here."""
