"""JSON as it comes from a server that may be anything: read, or refused with one kind of error whatever ails it.

Knows no exchange. What a target sends, in an answer or in a frame, is parsed here and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

depth_limit = 100
"""So deep an answer may be; the deepest of any exchange is a tenth of that. What is deeper could be parsed up to where
the interpreter gives up, but then neither shown nor compared.
"""


def parsed(text: str | bytes, decode: Callable[[str], Any] = json.loads) -> Any:
    """The document in `text`; `decode` is another decoder of JSON than the usual one.

    Raises ValueError for what is no JSON, no text, deeper than `depth_limit`, or has a number that cannot be read.
    """
    try:
        document = decode(text if isinstance(text, str) else text.decode())
    except (RecursionError, ArithmeticError) as error:  # the latter from Decimal, of an exponent beyond all measure
        raise ValueError(str(error)) from None
    level, depth = [document], 0
    while level := [part for one in level for part in _parts(one)]:
        depth += 1
        if depth > depth_limit:
            raise ValueError(f"deeper than {depth_limit} levels")
    return document


def _parts(document: Any) -> list[Any]:
    """The parts of one level that may have parts themselves."""
    parts = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    return [part for part in parts if isinstance(part, (dict, list))]
