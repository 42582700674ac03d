"""Wrong servers that call themselves OKX: a page and a body that are not taken as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from simulator.core.accounts import Account, Key
from simulator.core.message import Request
from simulator.exchanges.okx import calls, gateway
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import wrap

_mutant = partial(Mutant, "okx")


def _signed(change: Callable[[bytes], bytes]) -> Patch:
    """Another body is what a signature is checked against."""

    def around(check: Callable[..., None], key: Key, request: Request, *others: str) -> None:
        check(key, replace(request, body=change(request.body)), *others)

    return wrap(gateway, "_check_signature", around)


def _page_of_50(size: Callable[..., int], account: Account, query: Mapping[str, str]) -> int:
    return size(account, query if "limit" in query else {**query, "limit": "50"})


MUTANTS = (
    _mutant("page-of-50", "gives fifty rows where no limit is given", wrap(calls, "page_size", _page_of_50)),
    _mutant("body-signed-stripped", "checks a signature against a body without blanks around it", _signed(bytes.strip)),
    _mutant(
        "body-signed-as-latin-1",
        "reads a body as Latin-1 to check its signature",
        _signed(lambda body: body.decode("latin-1").encode()),
    ),
)
