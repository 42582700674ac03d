"""Bodies that are broken on purpose: as texts with holes, which stay as they are.

Knows JSON and forms, and nothing of what an exchange reads in them.
"""

from __future__ import annotations

import json
import re
from typing import Any


def inside(text: str, body: str) -> str:
    """The body as JSON text inside another text; its holes stay as they are."""
    return text.replace("«body»", json.dumps(body, ensure_ascii=False))


_bare_hole = re.compile('(?<!")(«[a-z_0-9]+»)(?!")')
_quoted_hole = re.compile('"\\u27ea(«[a-z_0-9]+»)\\u27eb"')


def with_fields(body: str, changes: dict[str, Any]) -> str:
    """A JSON object with some members changed; None takes one out."""
    # A hole outside of quotation marks will be a number; until then it stands in the JSON as marked text.
    value = {**json.loads(_bare_hole.sub('"\u27ea\\1\u27eb"', body)), **changes}
    kept = {name: one for name, one in value.items() if one is not None}
    return _quoted_hole.sub(r"\1", json.dumps(kept, separators=(",", ":"), ensure_ascii=False))


def with_parts(body: str, changes: dict[str, str | None]) -> str:
    """A form with some fields changed; None takes one out. What will fill its holes is the caller's to encode."""
    parts = dict(part.split("=", 1) for part in body.split("&"))
    return "&".join(f"{name}={value}" for name, value in {**parts, **changes}.items() if value is not None)
