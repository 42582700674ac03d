"""What `exchange-simulator facts` prints: an exchange's tables with the evidence of every row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from simulator.core.behavior import Field
from simulator.core.exchange import Endpoint, Exchange
from simulator.core.lifecycle import Lifecycle, State
from simulator.core.misuse import Misuse, did_you_mean, shown
from simulator.core.rows import Condition, Row


def document(exchange: Exchange) -> dict[str, Any]:
    """All tables of one exchange as a JSON document."""
    unknowns = exchange.unknowns
    return {
        "exchange": exchange.name,
        "title": exchange.title,
        "roots": list(exchange.roots),
        "permissions": list(exchange.permissions),
        "routes": [_route(endpoint) for endpoint in exchange.endpoints],
        "errors": [_row(row) for row in unknowns.rows.values()],
        "states": [_state(exchange.lifecycle, state) for state in exchange.lifecycle.states],
        "conditions": [_condition(condition) for condition in unknowns.conditions.values()],
        "fields": [_field(field) for field in unknowns.fields.values()],
        "modes": [
            {"name": name, "row": mode.row.name, "evidence": mode.evidence, "source": mode.source}
            for name, mode in exchange.modes.items()
        ],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "code": row.code,
        "text": row.text,
        "detail": row.detail,
        "status": row.status,
        "evidence": row.evidence,
        "source": row.source,
        "unreachable": row.unreachable or None,
    }


def _state(lifecycle: Lifecycle, state: State) -> dict[str, Any]:
    due = lifecycle.due.get(state.name)
    return {
        "name": state.name,
        "word": state.word,
        "stage": state.stage.value,
        "events": dict(lifecycle.moves.get(state.name, {})),
        "due": None if due is None else {"event": due.event, "after_ms": due.after_ms},
        "evidence": state.evidence,
        "source": state.source,
    }


def _condition(condition: Condition) -> dict[str, Any]:
    return {
        "name": condition.name,
        "says": condition.says,
        "default": condition.default.name,
        "evidence": condition.evidence,
        "source": condition.source,
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "says": field.says,
        "default": field.default,
        "choices": list(field.choices) or "a whole number of 0 or more",
        "evidence": field.evidence,
        "source": field.source,
    }


def _route(endpoint: Endpoint) -> dict[str, Any]:
    limit = endpoint.limit
    return {
        "name": endpoint.name,
        "method": endpoint.method,
        "path": endpoint.path,
        "permission": endpoint.permission,
        "limit": None
        if limit is None
        else {"calls": limit.calls, "window_ms": limit.window_ms, "kind": limit.kind, "evidence": limit.evidence},
        "source": endpoint.source,
    }


def as_json(exchanges: Iterable[Exchange], table: str | None = None) -> str:
    """The documents of several exchanges, or one table of each, as one JSON text. Raises Misuse."""
    documents = [_only(document(exchange), table) for exchange in exchanges]
    return json.dumps(documents, indent=2, ensure_ascii=False)


def as_text(exchanges: Iterable[Exchange], table: str | None = None) -> str:
    """The same for people. Raises Misuse."""
    return "\n\n".join(_text(_only(document(exchange), table)) for exchange in exchanges)


def _only(facts: dict[str, Any], table: str | None) -> dict[str, Any]:
    if table is None:
        return facts
    if table not in _TABLES:
        raise Misuse(f"there is no table {shown(table)}; {did_you_mean(table, _TABLES)}")
    return {name: facts[name] for name in ("exchange", "title", table)}


def _text(facts: dict[str, Any]) -> str:
    title = facts["title"]
    lines = [title, "=" * len(title)]
    if "permissions" in facts:
        lines += ["", f"permissions: {', '.join(facts['permissions'])}"]
    for name, (heading, rows) in _TABLES.items():
        if name in facts:
            lines += ["", heading, *rows(facts[name])]
    return "\n".join(lines)


def _routes(routes: list[dict[str, Any]]) -> Iterator[str]:
    names, paths = (max(len(route[part]) for route in routes) for part in ("name", "path"))
    for route in routes:
        limit = route["limit"]
        limited = f"  {limit['calls']} in {limit['window_ms'] / 1000:g} s ({limit['kind']})" if limit else ""
        needs = "public" if route["permission"] is None else route["permission"] or "any key"
        yield f"  {route['name']:<{names}} {route['method']:<5} {route['path']:<{paths}} {needs}{limited}"


def _errors(errors: list[dict[str, Any]]) -> Iterator[str]:
    for error in errors:
        said = error["text"] if error["detail"] is None else f"{error['text']} / {error['detail']}"
        rare = " (only by a behavior or a fault)" if error["unreachable"] else ""
        line = f"  [{error['evidence']:<8}] {error['name']:<28} {error['status']} {error['code']} {said}"
        yield f"{line.rstrip()}{rare}"


def _states(states: list[dict[str, Any]]) -> Iterator[str]:
    for state in states:
        events = ", ".join(f"{event} -> {target}" for event, target in state["events"].items()) or "final"
        word = "" if state["word"] == state["name"] else f" shown as {state['word']}"
        yield f"  [{state['evidence']:<8}] {state['name']}{word}, {state['stage']}: {events}"


def _conditions(conditions: list[dict[str, Any]]) -> Iterator[str]:
    for one in conditions:
        yield f"  [{one['evidence']:<8}] {one['name']:<32} {one['default']:<28} {one['says']}"


def _fields(fields: list[dict[str, Any]]) -> Iterator[str]:
    for one in fields:
        choices = one["choices"] if isinstance(one["choices"], str) else " | ".join(map(str, one["choices"]))
        yield f"  [{one['evidence']:<8}] {one['name']:<32} {one['default']!s:<12} {one['says']} ({choices})"


def _modes(modes: list[dict[str, Any]]) -> Iterator[str]:
    for one in modes:
        yield f"  [{one['evidence']:<8}] {one['name']:<32} {one['row']}"


_TABLES: dict[str, tuple[str, Callable[[list[dict[str, Any]]], Iterator[str]]]] = {
    "routes": ("Routes", _routes),
    "errors": ("Errors", _errors),
    "states": ("States (word, stage, events)", _states),
    "conditions": ("Conditions (behavior: map one to the name of another error row)", _conditions),
    "fields": ("Fields (behavior: give one another value)", _fields),
    "modes": ("Service modes (faults of that kind; what every call is answered then)", _modes),
}
