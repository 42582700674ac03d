"""The control surface of a server that runs elsewhere, asked with the standard library's client.

Knows HTTP and problem documents, not what any of the documents mean.
"""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlsplit

from simulator.core.misuse import AlreadyThere, Misuse, NotThere

timeout_s = 30.0


class NoSuchPath(NotThere):
    """The server's control surface is an older one that does not have this path."""


class Control:
    """Asks one server. A connection a call, so that it may be used from any thread. Raises Misuse."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = 0
        if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
            raise Misuse(f"{url!r} is no address of a server, such as 'http://127.0.0.1:8080'")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise Misuse(f"{url!r} has a path; a simulator answers at the root, since SDKs sign the path")
        self.url = f"{parts.scheme}://{parts.netloc}"
        self.port = port or (443 if parts.scheme == "https" else 80)
        self._host = parts.hostname
        self._kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection

    def ask(self, method: str, *path: str, body: dict[str, Any] | None = None) -> Any:
        """One call: `path` in parts. The document that came; None when there was none. Raises Misuse."""
        target = "/_control/" + "/".join(quote(part, safe="") for part in path)
        headers = {} if body is None else {"Content-Type": "application/json"}
        connection = self._kind(self._host, self.port, timeout=timeout_s)
        try:
            connection.request(method, target, json.dumps(body) if body is not None else None, headers)
            reply = connection.getresponse()
            content = reply.read()
        except (OSError, HTTPException) as error:
            raise Misuse(f"no exchange simulator answers at {self.url}: {error or type(error).__name__}") from None
        finally:
            connection.close()
        return self._document(reply.status, content, target)

    def _document(self, status: int, content: bytes, target: str) -> Any:
        try:
            document = json.loads(content) if content else None
        except ValueError:
            raise Misuse(f"what answers at {self.url} is not an exchange simulator: no JSON at {target}") from None
        if status < 400:
            return document
        detail = document.get("detail") if isinstance(document, dict) else None
        if detail is None:
            raise Misuse(f"what answers at {self.url} is not an exchange simulator: {status} at {target}")
        if status == 404 and "control surface has no path" in detail:
            raise NoSuchPath(detail)
        raise {404: NotThere, 409: AlreadyThere}.get(status, Misuse)(detail)
