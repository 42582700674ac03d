"""Wrong servers that call themselves Bybit: what is to be taken as it is, an id, a page, a body, taken by and large."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from simulator.core.accounts import Key
from simulator.core.message import Request
from simulator.exchanges.bybit import cancel, cursors, gateway, records
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import entry, no_entry, wrap

_mutant = partial(Mutant, "bybit")


def _signed(change: Callable[[bytes], bytes]) -> Patch:
    """Another body is what a signature is checked against."""

    def around(check: Callable[..., None], key: Key, request: Request, *others: str) -> None:
        check(key, replace(request, body=change(request.body)), *others)

    return wrap(gateway, "_check_signature", around)


def _page_of_20(page_limit: Callable[..., int], text: str, *condition: Any) -> int:
    """It cannot tell fifty from no limit given; no case asks for fifty."""
    return page_limit("20" if text == "50" else text, *condition)


MUTANTS = (
    _mutant("page-of-20", "gives twenty rows where no limit is given", wrap(cursors, "page_limit", _page_of_20)),
    _mutant(
        "list-id-by-its-beginning",
        "lists what an id begins",
        entry(records._FILTERS, "withdrawID", lambda withdrawal, wanted: withdrawal.id.startswith(wanted)),
    ),
    _mutant(
        "list-id-with-more",
        "lists what an id begins with",
        entry(records._FILTERS, "withdrawID", lambda withdrawal, wanted: wanted.startswith(withdrawal.id)),
    ),
    _mutant("list-any-transaction", "ignores txID", no_entry(records._FILTERS, "txID")),
    _mutant(
        "id-without-zeros",
        "drops zeros in front of an id",
        wrap(cancel, "_withdrawal_id", lambda read, body: read(body).lstrip("0")),
    ),
    _mutant("body-signed-stripped", "checks a signature against a body without blanks around it", _signed(bytes.strip)),
    _mutant("body-signed-without-line-break", "drops a line break behind a body", _signed(bytes.rstrip)),
    _mutant("body-signed-without-blanks", "drops blanks in front of a body", _signed(bytes.lstrip)),
    _mutant(
        "body-signed-as-latin-1",
        "reads a body as Latin-1 to check its signature",
        _signed(lambda body: body.decode("latin-1").encode()),
    ),
)
