"""AlphaPoint's withdraw templates: which forms a product has, and the empty form.

Facts: APEX documentation GetWithdrawTemplateTypes, GetWithdrawTemplate: their success has a statuscode where other
functions have an errorcode, and so have their refusals. ccxt reads the list of objects, version 3 had plain names.
"""

from __future__ import annotations

from typing import Any

from simulator.core.exchange import Asset, Network
from simulator.core.rows import Refusal
from simulator.core.wire import encode
from simulator.exchanges.alphapoint.behavior import Conditions, Fields
from simulator.exchanges.alphapoint.calls import (
    Call,
    Parameters,
    integer,
    is_absent,
    natural,
    parameters,
    require,
    text,
)
from simulator.exchanges.alphapoint.catalogue import product_numbered
from simulator.exchanges.alphapoint.permissions import check_oms, check_permission

_FORM = ("TemplateType", "Comment", "ExternalAddress", "Amount")
_WITH_MEMO = "ToExternalRippleAddress"


def get_withdraw_template_types(call: Call) -> Any:
    """GetWithdrawTemplateTypes, which is also called GetWithdrawFormTemplateTypes."""
    asset = _product(call, parameters(call))
    if call.behavior.get(Fields.TEMPLATE_TYPES) == "names":
        types: list[Any] = [network.name for network in asset.networks]
    else:
        types = [
            {
                "AccountProviderId": asset.details.provider_id,
                "TemplateName": network.name,
                "AccountProviderName": f"Simulated-{asset.code}",
            }
            for network in asset.networks
        ]
    return {"TemplateTypes": types, **_fine()}


def get_withdraw_template(call: Call) -> Any:
    """GetWithdrawTemplate: the form as JSON text, every field null."""
    given = parameters(call)
    asset = _product(call, given)
    chosen = template(given, asset)
    if chosen is None:
        raise Refusal(
            Conditions.TEMPLATE_UNKNOWN,
            f"{asset.code} has the templates {', '.join(network.name for network in asset.networks)} "
            f"of account provider {asset.details.provider_id} only",
        )
    names = (*_FORM, "Memo") if chosen.name == _WITH_MEMO else _FORM
    return {"Template": encode(dict.fromkeys(names)).decode(), **_fine()}


def template(given: Parameters, asset: Asset) -> Network | None:
    """The template that TemplateType and AccountProviderId name (the first, when they are left away); None: no such."""
    provider_id = natural(given, "AccountProviderId")
    if provider_id is not None and provider_id != asset.details.provider_id:
        return None
    if is_absent(given, "TemplateType"):
        return asset.networks[0]
    wanted = text(given, "TemplateType")
    return next((network for network in asset.networks if network.name == wanted), None)


def _product(call: Call, given: Parameters) -> Asset:
    require(given, ("OMSId", "ProductId"), Conditions.PRODUCT_FIELD_MISSING)
    oms_id, product_id = integer(given, "OMSId"), integer(given, "ProductId")
    check_permission(call, Conditions.TEMPLATE_NO_PERMISSION)
    check_oms(oms_id)
    asset = product_numbered(product_id)
    if asset is None:
        raise Refusal(Conditions.TEMPLATE_NO_PRODUCT, f"there is no product {product_id}")
    return asset


def _fine() -> dict[str, Any]:
    return {"result": True, "errormsg": None, "statuscode": 0}
