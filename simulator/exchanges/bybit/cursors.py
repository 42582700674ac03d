"""Cursors of Bybit's pages: base64 of the lowest and highest number on the page.

Decoded from three samples of the documentation and one capture (rotki); never empty unless the page is.
"""

from __future__ import annotations

import base64
import re

from simulator.core.rows import Condition, Refusal
from simulator.core.wire import decode, encode

_DIGITS = re.compile(r"[0-9]{1,32}", re.ASCII)


def is_digits(text: str) -> bool:
    """True for 1 to 32 plain digits."""
    return _DIGITS.fullmatch(text) is not None


def page_limit(text: str, condition: Condition) -> int:
    """The size of a page, from 1 to 50; raises Refusal with `condition`."""
    if not is_digits(text) or not 1 <= int(text) <= 50:
        raise Refusal(condition, f"limit {text!r} is no number from 1 to 50")
    return int(text)


def written(numbers: list[int]) -> str:
    """The cursor behind a page, whose numbers fall; "" behind an empty one."""
    if not numbers:
        return ""
    return base64.b64encode(encode({"minID": numbers[-1], "maxID": numbers[0]})).decode()


def read(text: str, condition: Condition) -> int:
    """The lowest number of the page before; raises Refusal with `condition`."""
    try:
        lowest = decode(base64.b64decode(text, validate=True))["minID"]
    except (ValueError, KeyError, TypeError):
        lowest = None
    if type(lowest) is not int:
        raise Refusal(condition, f"cursor {text!r} is not one that this endpoint gave")
    return lowest
