"""What others wrote, as it may be shown to people: characters that a terminal would act on are shown as escapes.

Knows nothing of who shows it. What programs read (`contracts.files`) keeps what it has.
"""

from __future__ import annotations

import re

# Control characters but for the ends of lines and tabs, halves of characters (which no encoding has), the separators
# that only some take for ends of lines, and what turns the direction of writing round.
_ACTED_ON = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def escaped(text: str) -> str:
    """`text` with such characters as `\\x1b` or `\\u202e`."""
    return _ACTED_ON.sub(lambda found: _escape(ord(found[0])), text)


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
