"""The form of a withdraw template: a JSON object, as text or as it is, with the address inside.

Facts: APEX documentation CreateWithdrawTicket (version 3 shows an object, version 4 text); captured tickets show the
text as their client wrote it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulator.core.rows import Refusal
from simulator.core.wire import NotJson, decode, encode, number
from simulator.exchanges.alphapoint.behavior import Conditions

_LONGEST = 4096
"""Characters; how long a real form may be is not known."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a form says, and its `text` as it is shown again."""

    text: str
    address: str
    memo: str


MADE_HERE = Form("", "", "")
"""No client wrote it: tickets show one that is made up."""


def read(given: object) -> Form:
    """The form that a client sent. Raises Refusal."""
    values: object = given
    if isinstance(given, str):
        try:
            values = decode(given)
        except NotJson as error:
            raise Refusal(Conditions.CREATE_FORM, f"TemplateForm is not JSON: {error}") from None
    if not isinstance(values, dict):
        raise Refusal(Conditions.CREATE_FORM, f"TemplateForm is a JSON {type(values).__name__}, not an object")
    text = given if isinstance(given, str) else encode(_plain(values)).decode()
    if len(text) > _LONGEST:
        raise Refusal(Conditions.CREATE_FORM, f"TemplateForm has {len(text)} characters; {_LONGEST} are taken")
    address, memo = values.get("ExternalAddress"), values.get("Memo")
    if not isinstance(address, str) or not address.strip():
        raise Refusal(Conditions.CREATE_ADDRESS, f"ExternalAddress is {address!r}; it must be an address")
    return Form(text, address, memo if isinstance(memo, str) else "")


def _plain(value: Any) -> Any:
    """Decimals as bare numbers again, with their digits."""
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value
