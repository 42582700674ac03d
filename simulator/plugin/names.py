"""What an account is called that a test makes without naming it: after the test, so that its ids are the test's own.

Identifiers are seeded by the account's name; a name that counted accounts would let one test change another's bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import count


def account_names(test: str) -> Iterator[str]:
    """Names for the accounts of the test with the node id `test`, to be tried in this order. All fit the pattern."""
    last = test.rpartition("::")[2]
    readable = re.sub(r"[^A-Za-z0-9]+", "-", last).strip("-")[:40].rstrip("-")
    digest = hashlib.sha256(test.encode("utf-8", "backslashreplace")).hexdigest()[:12]
    name = f"{readable or 'test'}-{digest}"
    yield name
    for number in count(2):
        yield f"{name}-{number}"
