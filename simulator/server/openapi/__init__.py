"""The OpenAPI 3.1 document of the control surface: the routes that there are, in the words of `routes`.

Types come from what checks requests (`requests`) and from `answers`. Knows no exchange but through the written list.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from simulator.server.control_request import JSON_LINES
from simulator.server.openapi import answers, journal_answers, requests
from simulator.server.openapi.routes import PARAMETERS, QUERY, ROUTES, Described
from simulator.service.listed import exchanges
from simulator.version import version

_REF = "#/components/schemas/"
_ABOUT = (
    "What a test may do to accounts, withdrawals, time and faults of a local exchange. Open to whoever reaches it. "
    "A refusal is a problem document with one clear sentence. Unknown fields and parameters are refused by name, and "
    "so is one that comes twice."
)
_PROBLEMS = {
    400: "The request makes no sense: `detail` says what would.",
    403: "A web page of another host asked, or the server was asked under a name that is not its own.",
    404: "What the path names is not there.",
    409: "It exists already, or its present state does not allow the step.",
    413: "The body has more bytes than are read: 1 MiB, and 64 MiB of a snapshot.",
    415: "The body is not declared as `application/json`.",
}


@cache
def document(served: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """The document of the routes `served`: method and path below `/_control/`."""
    paths: dict[str, Any] = {}
    for method, path in served:
        if (method, path) not in ROUTES:
            continue  # a test says so
        paths.setdefault(f"/_control/{path}", {})[method.lower()] = _operation(method, path, ROUTES[method, path])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "exchange-simulator, control surface",
            "version": version,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {**requests.schemas(), **_answers()},
            "responses": {f"Problem{status}": _problem(status) for status in _PROBLEMS},
            "parameters": {**{name: _parameter(name) for name in PARAMETERS}, **{name: _query(name) for name in QUERY}},
        },
    }


def _operation(method: str, path: str, described: Described) -> dict[str, Any]:
    blanks = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
    operation: dict[str, Any] = {
        "summary": described.summary,
        "operationId": f"{method.lower()}_{path.translate({ord('/'): '_', ord('{'): '', ord('}'): '', ord('.'): '_'})}",
        "responses": {str(described.status): _answer(described)},
    }
    if described.says:
        operation["description"] = described.says
    if blanks or described.query:
        names = (*blanks, *described.query)
        operation["parameters"] = [{"$ref": f"#/components/parameters/{name}"} for name in names]
    if described.body is not None:
        operation["requestBody"] = _body(described)
    possible = [400, 403, *([404] if blanks else []), *([409] if described.conflicts else [])]
    if described.body is not None:
        possible += [413, 415, 404]  # a body may name what is not there
    for status in sorted(set(possible)):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    return operation


def _body(described: Described) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": f"{_REF}{described.body}"}}
    if described.example is not None:
        content["example"] = dict(described.example)
    return {
        "required": described.body in ("NewAccount", "NewWithdrawal", "NewFault", "NewPlan", "Advance", "Snapshot")
    } | {"content": {"application/json": content}}


def _answer(described: Described) -> dict[str, Any]:
    if described.answer is None:
        return {"description": "Done."}
    if described.answer is answers.Document:
        return {"description": "A JSON object.", "content": {"application/json": {"schema": {"type": "object"}}}}
    schema = {"$ref": f"{_REF}{described.answer.__name__}"}
    says = " ".join((described.answer.__doc__ or "").split())
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    if described.answer is journal_answers.Journal:
        line = {"type": "string", "description": "An entry a line, each as in `entries`; asked for by `Accept`."}
        content[JSON_LINES] = {"schema": line}
    return {"description": says, "content": content}


def _answers() -> dict[str, Any]:
    kinds = {described.answer for described in ROUTES.values()} - {None, answers.Document}
    ordered = [
        answers.Problem,
        *journal_answers.UNTAGGED,
        *sorted((kind for kind in kinds if kind), key=lambda kind: kind.__name__),
    ]
    _, found = msgspec.json.schema_components(ordered, ref_template=f"{_REF}{{name}}")
    return {name: {**one, "description": " ".join(one["description"].split())} for name, one in found.items()}


def _problem(status: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": f"{_REF}Problem"}}}
    return {"description": _PROBLEMS[status], "content": content}


def _parameter(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "minLength": 1}
    if name == "exchange":
        schema = {"enum": [exchange.name for exchange in exchanges]}
    return {"name": name, "in": "path", "required": True, "description": PARAMETERS[name], "schema": schema}


def _query(name: str) -> dict[str, Any]:
    says, words = QUERY[name]
    schema: dict[str, Any] = {"enum": words} if words else {"type": "integer", "minimum": 0, "default": 0}
    return {"name": name, "in": "query", "description": says, "schema": schema}
