"""The control surface, asked by a fuzzer that knows its OpenAPI document alone: no 500, no answer of another shape.

Bounded, and with a fixed seed: a failure repeats itself.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from simulator import Simulator
from simulator.server import openapi
from simulator.server.control_routes import ROUTES

SCHEMA = schemathesis.openapi.from_dict(openapi.document(tuple((method, path) for method, path, _ in ROUTES)))
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


# What the document forbids is a matter of bodies: any text may stand in a path.
CASES = [
    *((operation, GenerationMode.POSITIVE) for operation in OPERATIONS),
    *((operation, GenerationMode.NEGATIVE) for operation in OPERATIONS if "requestBody" in operation.definition.raw),
]


@pytest.mark.parametrize(("operation", "mode"), CASES, ids=lambda value: getattr(value, "label", str(value)))
def test_what_the_document_allows_and_what_it_forbids_is_answered_as_it_says(operation: Any, mode: Any) -> None:
    with Simulator() as simulator:
        account = simulator.bybit.account("a")
        known = {"id": account.id, "withdrawal": account.withdrawal("USDT", "10").id, "exchange": "bybit"}

        @settings(max_examples=10, derandomize=True)
        @given(case=operation.as_strategy(generation_mode=mode), exists=st.booleans())
        def run(case: Any, exists: bool) -> None:
            if exists:
                case.path_parameters.update({name: known[name] for name in known if name in case.path_parameters})
            case.validate_response(case.call(base_url=simulator.url), checks=CHECKS)

        run()
