"""Wrong servers that call themselves AlphaPoint: limits, codes, frames and payloads."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from simulator.core.limits import FixedWindow
from simulator.core.rows import Refusal
from simulator.exchanges.alphapoint import calls, cancel, frames, gateway, two_factor
from simulator.exchanges.alphapoint.behavior import Conditions
from simulator.exchanges.alphapoint.errors import Errors
from wrong_servers.alphapoint_patches import answers
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import put, skip, wrap

_mutant = partial(Mutant, "alphapoint")


# Limits, codes, frames, payloads.


def _window(change: Callable[[int, int], tuple[int, int]]) -> Patch:
    return put(gateway, "FixedWindow", lambda calls, window_ms: FixedWindow(*change(calls, window_ms)))


def _by_transport(take: Callable[..., Any], call: Any) -> Any:
    return take(call) if call.request is not None else None


def _public_too(process: Callable[..., Any], call: Any, endpoint: Any) -> Any:
    if endpoint.permission is None and call.request is not None:
        key = call.world.find_key(call.request.header("APIKey") or "")
        if key is not None:
            call.key = key
            gateway._take(call)
    return process(call, endpoint)


def _any_type(unwrap: Callable[..., Any], call: Any, wrapper: Any) -> Any:
    return unwrap(call, {**wrapper, "tfatype": "Google"})


def _guarded(is_guarded: Callable[..., bool], call: Any) -> bool:
    return is_guarded(call) and call.endpoint.name != "cancel"


def _reads(change: Callable[[dict[str, Any]], Any]) -> Patch:
    """Frames are read after `change` has had its way with them; what it returns False for is unusable."""

    def around(read: Callable[..., Any], text: str) -> Any:
        try:
            frame = json.loads(text)
        except ValueError:
            return read(text)
        if isinstance(frame, dict) and change(frame) is False:
            raise Refusal(Conditions.FRAME_UNUSABLE, "a whim")
        return read(json.dumps(frame))

    return wrap(frames, "read", around)


def _writes(change: Callable[[dict[str, Any]], Any]) -> Patch:
    """Frames are written after `change` has had its way with them."""

    def around(write: Callable[..., str], *arguments: Any, **named: Any) -> str:
        frame = json.loads(write(*arguments, **named))
        return json.dumps(change(frame) or frame, separators=(",", ":"), ensure_ascii=False)

    return wrap(frames, "write", around)


def _refusals_of_type_5(frame: dict[str, Any]) -> None:
    frame["m"] = 5 if '"result":false' in frame["o"] else frame["m"]


def _integer_only(integer: Callable[..., int], given: Any, name: str) -> int:
    if isinstance(given[name.lower()], str):
        raise Refusal(Conditions.WRONG_TYPE, "text")
    return integer(given, name)


def _integer_somehow(integer: Callable[..., int], given: Any, name: str) -> int:
    try:
        return integer(given, name)
    except Refusal:
        return int(given[name.lower()]) if not isinstance(given[name.lower()], str) else 1


def _names_in_one_case(parameters: Callable[..., Any], call: Any) -> Any:
    given = parameters(call)
    text = call.payload if isinstance(call.payload, str | bytes) else b"{}"
    exact = json.loads(text or b"{}") or {}
    wanted = {"OMSId", "UserId", "AccountId", "RequestCode"}
    return {
        name: value for name, value in given.items() if not exact or name in {n.lower() for n in exact if n in wanted}
    }


def _known_names_only(parameters: Callable[..., Any], call: Any) -> Any:
    given = parameters(call)
    if set(given) - {"omsid", "userid", "accountid", "requestcode"}:
        raise Refusal(Conditions.NOT_AN_OBJECT, "a stray field")
    return given


def _arrays_too(read: Callable[..., Any], text: Any) -> Any:
    try:
        return read(text)
    except Refusal:
        return None


def _object_payload(parameters: Callable[..., Any], call: Any) -> Any:
    if isinstance(call.payload, dict):
        call.payload = json.dumps(call.payload)
    return parameters(call)


def _json_type_only(process: Callable[..., Any], call: Any, endpoint: Any) -> Any:
    if call.request is not None and call.request.body and "json" not in (call.request.header("Content-Type") or ""):
        raise Refusal(Conditions.NOT_AN_OBJECT, "no JSON")
    return process(call, endpoint)


READING = (
    _mutant("no-limit", "counts no calls", skip(gateway, "_take")),
    _mutant("limit-one-too-many", "answers one call too many", _window(lambda calls, ms: (calls + 1, ms))),
    _mutant("limit-one-too-few", "answers one call too few", _window(lambda calls, ms: (calls - 1, ms))),
    _mutant("limit-of-two-minutes", "counts over two minutes", _window(lambda calls, ms: (calls, 2 * ms))),
    _mutant("limit-over-http-only", "counts no calls on sockets", wrap(gateway, "_take", _by_transport)),
    _mutant("limit-with-public-calls", "counts public calls as well", wrap(gateway, "_process", _public_too)),
    _mutant("limit-in-json", "answers a call too many with JSON", answers("limit.exceeded", shape="", code=102)),
    _mutant("limit-with-200", "answers a call too many with status 200", answers("limit.exceeded", status=200)),
    _mutant("guard-forgotten", "never asks for a code before a cancel", wrap(two_factor, "_is_guarded", _guarded)),
    _mutant("kind-of-code-not-checked", "takes any TFaType", wrap(two_factor, "_unwrap", _any_type)),
    _mutant(
        "bare-payload-in-other-words",
        "says Not Authorized where a code is missing",
        answers("two_factor.bare_payload", text="Not Authorized"),
    ),
    _mutant("frames-of-type-0-only", "takes frames of type 0 only", _reads(lambda frame: frame.get("m") == 0)),
    _mutant("frames-not-from-0", "takes no frame with the number 0", _reads(lambda frame: frame.get("i") != 0)),
    _mutant(
        "frames-even-only",
        "takes frames with even numbers only",
        _reads(lambda frame: not isinstance(frame.get("i"), int) or frame["i"] % 2 == 0),
    ),
    _mutant(
        "frames-with-text-numbers",
        "takes a number of a frame that is text",
        _reads(lambda frame: frame.update(i=int(frame["i"])) if str(frame.get("i", "")).isdecimal() else None),
    ),
    _mutant(
        "frame-number-not-echoed",
        "numbers its replies on its own",
        _writes(lambda frame: frame.update(i=frame["i"] + 1)),
    ),
    _mutant(
        "frame-name-not-echoed",
        "writes the name of a function its own way",
        _writes(lambda frame: frame.update(n=frame["n"][:1].upper() + frame["n"][1:])),
    ),
    _mutant(
        "frame-keys-in-another-order",
        "writes a frame in another order",
        _writes(lambda frame: dict(sorted(frame.items()))),
    ),
    _mutant(
        "frame-payload-as-object",
        "writes the payload as an object",
        _writes(lambda frame: frame.update(o=json.loads(frame["o"]) if frame["o"].startswith("{") else frame["o"])),
    ),
    _mutant("frame-refusals-of-type-5", "answers a refusal as an error frame", _writes(_refusals_of_type_5)),
    _mutant("integers-only", "takes no numbers as text", wrap(cancel, "integer", _integer_only)),
    _mutant("fractions-cut-off", "takes whatever can be made a number", wrap(cancel, "integer", _integer_somehow)),
    _mutant(
        "names-in-one-case",
        "takes the names of fields in one case only",
        wrap(cancel, "parameters", _names_in_one_case),
    ),
    _mutant(
        "stray-fields-refused", "refuses fields that it does not know", wrap(cancel, "parameters", _known_names_only)
    ),
    _mutant(
        "broken-json-is-nothing", "reads a body that is no object as an empty one", wrap(calls, "_read", _arrays_too)
    ),
    _mutant("object-as-payload", "takes a payload that is an object", wrap(cancel, "parameters", _object_payload)),
    _mutant(
        "content-type-insisted-on",
        "reads a body only if it is declared as JSON",
        wrap(gateway, "_process", _json_type_only),
    ),
    _mutant(
        "empty-is-not-missing",
        "takes an empty field for one that is there",
        put(calls, "is_absent", lambda given, name: given.get(name.lower()) is None),
    ),
    _mutant(
        "fields-not-required", "does not say which fields are needed", answers("cancel.field_missing", detail=None)
    ),
    _mutant(
        "missing-field-as-not-found",
        "finds no ticket where a field is missing",
        answers("cancel.field_missing", code=101, text="Operation Failed", detail=Errors.TICKET_NOT_FOUND.detail),
    ),
)


MUTANTS = (*READING,)
