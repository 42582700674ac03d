"""A call as a line for a shell. Knows nothing of how calls are signed or kept."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from contracts.wire import HttpCall


def curl_line(url: str, call: HttpCall, hidden: Callable[[str], str] = str) -> str:
    """A line for a shell that sends a call again, byte for byte, as long as its signature lasts; `hidden` is done to
    every part before it is quoted.
    """
    parts = ["curl", "-sS", "-i", "-g", "--path-as-is", "-X", call.method]
    parts += [part for name, value in call.headers for part in ("-H", f"{name}: {value}" if value else f"{name};")]
    if call.body or call.method == "POST":
        # Not --data-binary, which takes a body that begins with @ for the name of a file.
        parts += ["--data-raw", call.body.decode("utf-8", "surrogateescape")]
        if call.header("Content-Type") is None:
            parts += ["-H", "Content-Type:"]  # curl would say that it is a form
    return shlex.join(hidden(part) for part in [*parts, url.rstrip("/") + call.target])
