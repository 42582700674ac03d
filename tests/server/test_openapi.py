"""The OpenAPI document of the control surface: it is valid, it is whole, and what it says is what happens.

That every control call of the suite is answered as the document says, `tests/conftest.py` holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from simulator import Request, Simulator
from simulator.core.options import AccountChanges, ExchangeChanges, FaultOptions, PlanOptions
from simulator.core.wire import encode
from simulator.server import control
from simulator.server.control_routes import ROUTES
from simulator.server.openapi import routes
from simulator.server.openapi.options import text
from simulator.service.listed import exchanges


def answered(simulator: Simulator, method: str, path: str, body: object = None) -> tuple[int, Any]:
    data = b"" if body is None else encode(body)
    request = Request(method, control.root + path, (("Content-Type", "application/json"),) if data else (), data)
    reply = control.answer(simulator.service, "http://here", request)
    return reply.status, json.loads(reply.body) if reply.body else None


@pytest.fixture(scope="module")
def document() -> Any:
    status, document = answered(Simulator(), "GET", "openapi.json")
    assert status == 200
    return document


def test_it_is_a_valid_openapi_document(document: Any) -> None:
    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()


def test_every_route_is_in_it_and_nothing_else(document: Any) -> None:
    missing = sorted({(method, path) for method, path, _ in ROUTES} - set(routes.ROUTES))
    assert not missing, f"describe the routes {missing} in simulator/server/openapi/routes.py"
    gone = sorted(set(routes.ROUTES) - {(method, path) for method, path, _ in ROUTES})
    assert not gone, f"simulator/server/openapi/routes.py describes {gone}, which are no routes any more"
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert described == {(method, control.root + path) for method, path, _ in ROUTES}


def test_every_operation_has_words_and_an_id_of_its_own(document: Any) -> None:
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    assert all(operation["summary"] for operation in operations)
    ids = [operation["operationId"] for operation in operations]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("exchange", exchanges, ids=lambda exchange: exchange.name)
def test_every_option_is_described(document: Any, exchange: Any) -> None:
    board, title = exchange.onboarding, exchange.name.capitalize()
    kinds = {"Account": board.account_options, "Key": board.key_options, "Withdrawal": board.withdrawal_options}
    for name, kind in kinds.items():
        properties = document["components"]["schemas"][f"New{title}{name}"]["properties"]
        for option in kind.__struct_fields__:
            assert properties[option].get("description"), f"say what {option!r} means in openapi/options.py"


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("type") == "object" and value.get("additionalProperties") is False:
            yield value
        for one in value.values():
            yield from objects(one)
    elif isinstance(value, list):
        for one in value:
            yield from objects(one)


def test_every_option_of_faults_changes_and_address_books_is_described(document: Any) -> None:
    schemas = document["components"]["schemas"]
    for name, kind in {"NewFault": FaultOptions, "NewPlan": PlanOptions, "AccountChanges": AccountChanges}.items():
        assert set(schemas[name]["properties"]) == set(kind.__struct_fields__)
    for name in (
        "NewFault",
        "AccountChanges",
        "ExchangeChanges",
        "WithdrawalChanges",
        "NewPlan",
        "Event",
        "BybitAddressOptions",
        "KrakenAddressOptions",
    ):
        for option, schema in schemas[name]["properties"].items():
            assert schema.get("description"), f"say what {option!r} of {name} means in openapi/options.py"
    assert text("ExchangeChanges", ExchangeChanges.__struct_fields__[0])


def test_every_object_that_is_answered_says_what_it_is(document: Any) -> None:
    schemas = document["components"]["schemas"]
    taken = ("Event", "Advance")
    assert [name for name, one in schemas.items() if objects(one) and not name.startswith("New")] != []
    silent = [
        name
        for name, one in schemas.items()
        if one.get("type") == "object" and not one.get("description") and name not in taken
    ]
    assert not silent


@pytest.mark.parametrize(("method", "path"), routes.ROUTES, ids=str)
def test_an_example_works_as_it_stands(method: str, path: str) -> None:
    described = routes.ROUTES[method, path]
    if described.example is None:
        assert described.body in (None, "Snapshot")
        return
    simulator = Simulator()
    account = simulator.bybit.account("mine")
    withdrawal = account.withdrawal("USDT", "10")
    place = path.format(id=account.id, withdrawal=withdrawal.id, exchange="bybit")
    assert answered(simulator, method, place, described.example)[0] == described.status


def test_the_document_comes_over_http(simulator: Simulator) -> None:
    import requests

    reply = requests.get(f"{simulator.url}/_control/openapi.json", timeout=10)
    assert (reply.status_code, reply.headers["Content-Type"]) == (200, "application/json")
    assert reply.json()["info"]["title"] == "exchange-simulator, control surface"
