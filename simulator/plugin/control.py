"""The control surface of a server that runs elsewhere, asked with the standard library's client.

Knows HTTP and problem documents, not what any of the documents mean.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlsplit

from simulator.core.misuse import AlreadyThere, Misuse, NoSuchPath, NotThere, brief, shown

timeout_s = 30.0


class Control:
    """Asks one server. A connection a call, so that it may be used from any thread. Raises Misuse."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = 0
        if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
            raise Misuse(f"{shown(url)} is no address of a server, such as 'http://127.0.0.1:8080'")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise Misuse(f"{shown(url)} has a path; a simulator answers at the root, since SDKs sign the path")
        self.url = f"{parts.scheme}://{parts.netloc}"
        self.port = port or (443 if parts.scheme == "https" else 80)
        self._host = parts.hostname
        self._kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection

    def ask(self, method: str, *path: str, body: dict[str, Any] | None = None, after: int | None = None) -> Any:
        """One call: `path` in parts; of a journal what is `after` a number. The document that came; None when there
        was none. Raises Misuse.
        """
        target = "/_control/" + "/".join(_quoted(part) for part in path)
        target += "" if after is None else f"?after={after}"
        content = None if body is None else _as_json(body)
        headers = {} if body is None else {"Content-Type": "application/json"}
        connection = self._kind(self._host, self.port, timeout=timeout_s)
        try:
            connection.request(method, target, content, headers)
            reply = connection.getresponse()
            answered = reply.read()
        except (OSError, HTTPException) as error:
            raise Misuse(f"no exchange simulator answers at {self.url}: {error or type(error).__name__}") from None
        finally:
            connection.close()
        return self._document(reply.status, answered, target)

    def _document(self, status: int, content: bytes, target: str) -> Any:
        try:
            document = json.loads(content) if content else None
        except ValueError:
            raise Misuse(
                f"what answers at {self.url} is not an exchange simulator: no JSON at {brief(target)}"
            ) from None
        if status < 400:
            return document
        if not isinstance(document, dict) or not {"type", "detail"} <= set(document):
            raise Misuse(f"what answers at {self.url} is not an exchange simulator: {status} at {brief(target)}")
        kind = {404: NotThere, 409: AlreadyThere}.get(status, Misuse)
        raise (NoSuchPath if document["type"] == NoSuchPath.problem else kind)(document["detail"])


def written(money: Any) -> Any:
    """An amount as a document has it: a Decimal as text, with its digits; anything else as it is."""
    return str(money) if isinstance(money, Decimal) else money


def _quoted(part: object) -> str:
    if not isinstance(part, str) or not part:
        raise NotThere(f"there is nothing called {shown(part)} here")
    return quote(part, safe="", errors="surrogatepass")


_measures = ("seconds", "share", "delays")
"""Options that are no money: of a decimal that is longer than a float the server takes what a float keeps, as it does
where it is called without a socket.
"""


def _as_json(body: Mapping[str, Any]) -> str:
    try:
        return json.dumps({name: _plain(name, value) for name, value in body.items()}, allow_nan=False)
    except (ValueError, RecursionError) as error:
        if isinstance(error, Misuse):
            raise
        raise Misuse("the options are nested too deeply, or have a number of thousands of digits") from None


def _plain(name: object, value: Any) -> Any:
    """A value of an option in JSON's own types. Raises Misuse for one that the server could not be told of."""
    if isinstance(value, Decimal) and value.is_finite() and name in _measures:
        return float(value)
    if isinstance(value, Decimal) and value.is_finite():
        near = float(value)  # always a fraction or an exponent, so that the server sees a decimal, no whole number
        return near if Decimal(repr(near)) == value else str(value)
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise Misuse(f"option {shown(name)} must have text for names")
        return {key: _plain(name, one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(name, one) for one in value]
    if value is None or isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise Misuse(
        f"option {shown(name)} cannot be {shown(value)}: that is neither text nor a finite number, nor made of such"
    )
