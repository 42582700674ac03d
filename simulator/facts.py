"""What `exchange-simulator facts` prints: an exchange's tables with the evidence of every row."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from simulator.core.behavior import Field
from simulator.core.exchange import Endpoint, Exchange
from simulator.core.lifecycle import Lifecycle, State
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


def as_json(exchanges: Iterable[Exchange]) -> str:
    """The documents of several exchanges as one JSON text."""
    return json.dumps([document(exchange) for exchange in exchanges], indent=2, ensure_ascii=False)


def as_text(exchanges: Iterable[Exchange]) -> str:
    """The same for people."""
    return "\n\n".join(_text(document(exchange)) for exchange in exchanges)


def _text(facts: dict[str, Any]) -> str:
    title = facts["title"]
    lines = [title, "=" * len(title), "", f"permissions: {', '.join(facts['permissions'])}", "", "Routes"]
    names, paths = (max(len(route[part]) for route in facts["routes"]) for part in ("name", "path"))
    for route in facts["routes"]:
        limit = route["limit"]
        limited = f"  {limit['calls']} in {limit['window_ms'] / 1000:g} s ({limit['kind']})" if limit else ""
        needs = "public" if route["permission"] is None else route["permission"] or "any key"
        lines.append(f"  {route['name']:<{names}} {route['method']:<5} {route['path']:<{paths}} {needs}{limited}")
    lines += ["", "Errors"]
    for error in facts["errors"]:
        said = error["text"] if error["detail"] is None else f"{error['text']} / {error['detail']}"
        lines.append(
            f"  [{error['evidence']:<8}] {error['name']:<28} {error['status']} {error['code']} {said}".rstrip()
            + (" (only by a behavior or a fault)" if error["unreachable"] else "")
        )
    lines += ["", "States (word, stage, events)"]
    for state in facts["states"]:
        events = ", ".join(f"{event} -> {target}" for event, target in state["events"].items()) or "final"
        word = "" if state["word"] == state["name"] else f" shown as {state['word']}"
        lines.append(f"  [{state['evidence']:<8}] {state['name']}{word}, {state['stage']}: {events}")
    lines += ["", "Conditions (behavior: map one to the name of another error row)"]
    for one in facts["conditions"]:
        lines.append(f"  [{one['evidence']:<8}] {one['name']:<32} {one['default']:<28} {one['says']}")
    lines += ["", "Fields (behavior: give one another value)"]
    for one in facts["fields"]:
        choices = one["choices"] if isinstance(one["choices"], str) else " | ".join(map(str, one["choices"]))
        lines.append(f"  [{one['evidence']:<8}] {one['name']:<32} {one['default']!s:<12} {one['says']} ({choices})")
    lines += ["", "Service modes (faults of that kind; what every call is answered then)"]
    lines += [f"  [{one['evidence']:<8}] {one['name']:<32} {one['row']}" for one in facts["modes"]]
    return "\n".join(lines)
