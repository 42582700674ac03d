"""The schemas of what the control surface takes, from the types that check it and the words in `options`.

JSON Schema 2020-12, as OpenAPI 3.1 has it. References point to the document's components.
"""

from __future__ import annotations

from typing import Any

import msgspec

from simulator.core.exchange import Exchange
from simulator.core.faults import KINDS
from simulator.core.options import (
    AccountChanges,
    EventOptions,
    ExchangeChanges,
    FaultOptions,
    PlanOptions,
    WithdrawalChanges,
)
from simulator.server.openapi.options import text
from simulator.service.listed import exchanges

Schema = dict[str, Any]
_REF = "#/components/schemas/"
_MONEY = {
    "anyOf": [{"type": "string", "pattern": r"^([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"}, {"type": "number"}]
}
"""Money is taken as text or as a number."""


def schemas() -> dict[str, Schema]:
    """Every body by name, and what they refer to."""
    made = {
        "Event": _of("", EventOptions)["EventOptions"],
        "NewPlan": _of("", PlanOptions)["PlanOptions"],
        "Advance": _object("Advance", {"seconds": {"type": "number", "minimum": 0}}, ["seconds"]),
        **_of("", AccountChanges),
        **_of("", WithdrawalChanges),
        **_of("", ExchangeChanges),
    }
    event = {"type": ["string", "null"], "description": text("EventOptions", "event")}
    made["Event"]["properties"] = {"event": event, **made["Event"]["properties"]}
    made["NewFault"] = _of("", FaultOptions)["FaultOptions"]
    made["NewFault"]["properties"]["kind"]["enum"] = [kind.name for kind in KINDS]
    for exchange in exchanges:
        made |= _of_exchange(exchange)
    titles = [_title(exchange) for exchange in exchanges]
    made["NewAccount"] = {
        "oneOf": [{"$ref": f"{_REF}New{title}Account"} for title in titles],
        "discriminator": {
            "propertyName": "exchange",
            "mapping": {exchange.name: f"{_REF}New{_title(exchange)}Account" for exchange in exchanges},
        },
    }
    # Which exchange's options these are, the account in the path decides.
    made["NewKey"] = {"anyOf": [{"$ref": f"{_REF}New{title}Key"} for title in titles]}
    made["NewWithdrawal"] = {"anyOf": [{"$ref": f"{_REF}New{title}Withdrawal"} for title in titles]}
    return made


def _of_exchange(exchange: Exchange) -> dict[str, Schema]:
    board, title = exchange.onboarding, _title(exchange)
    made: dict[str, Schema] = {}
    kinds = {"Account": board.account_options, "Key": board.key_options, "Withdrawal": board.withdrawal_options}
    for name, kind in kinds.items():
        parts = _of(title, kind)
        made[f"New{title}{name}"] = parts.pop(title + kind.__name__)
        made |= parts
    key, account = made[f"New{title}Key"], made[f"New{title}Account"]
    key["properties"]["permissions"]["anyOf"][0]["items"]["enum"] = list(exchange.permissions)
    made[f"New{title}Withdrawal"]["properties"]["asset"]["enum"] = [asset.ticker for asset in exchange.assets.table]
    settings = [*exchange.unknowns.conditions, *exchange.unknowns.fields]
    account["properties"]["behavior"]["propertyNames"] = {"enum": settings}
    own = {"exchange": {"const": exchange.name, "description": text("", "exchange")}}
    account["properties"] = {**own, **account["properties"], **key["properties"]}
    account["description"] = f"{account.get('description', '')}\n\nOf its first key: {key.get('description', '')}"
    account["required"] = ["exchange"]
    return made


def _title(exchange: Exchange) -> str:
    return exchange.name.capitalize()


def _of(prefix: str, kind: type) -> dict[str, Schema]:
    """The schema of a type and of those that it refers to, with `prefix` before their names."""
    _, found = msgspec.json.schema_components([kind], ref_template=f"{_REF}{prefix}{{name}}")
    return {f"{prefix}{name}": _described(name, schema) for name, schema in found.items()}


def _described(owner: str, schema: Schema) -> Schema:
    """A schema of options in words of ours. Raises nothing: what has no words, a test finds."""
    properties = {name: _money(one) for name, one in schema["properties"].items()}
    description = " ".join(schema.get("description", "").split())
    return _object(owner, properties, schema["required"], description)


def _object(owner: str, properties: dict[str, Schema], required: list[str], description: str = "") -> Schema:
    told = {
        name: {**one, "description": words} if (words := text(owner, name)) else one for name, one in properties.items()
    }
    made: Schema = {"type": "object", "properties": told, "required": required, "additionalProperties": False}
    return {**made, "description": description} if description else made


def _money(schema: Any) -> Any:
    """msgspec says that a decimal is text; it is taken as a number as well. Lists are lists, as in JSON."""
    if isinstance(schema, list | tuple):
        return [_money(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") == "decimal":
        return {**_MONEY, **({"default": schema["default"]} if "default" in schema else {})}
    return {name: _money(one) for name, one in schema.items()}
