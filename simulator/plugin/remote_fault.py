"""Faults of a simulator that runs elsewhere: of one of its accounts, or of an exchange for what belongs to no account.

What they count is asked of the server each time, and kept here once it has them no more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from simulator.core.misuse import Misuse, NoSuchPath, NotThere
from simulator.plugin import documents
from simulator.plugin.control import Control

Owner = tuple[str, str]
"""`accounts` and an id, or `exchanges` and a name."""

Listed = Callable[[], list[documents.Document]]


class RemoteFault:
    """One fault. `met` counts the calls that matched, `fired` those it happened to, as of now; once it was removed or
    its account deleted here, as they were then.
    """

    def __init__(self, listed: Listed, document: documents.Document) -> None:
        self._listed = listed
        self._last: documents.Document | None = None
        self.id: str = document["id"]
        self.document = document
        self.kind: str = document["kind"]
        self.share: float = document.get("share", 1.0)
        self.seconds: float = document.get("seconds", 0.0)
        self.status: int = document.get("status", 502)
        self.acts: bool = document.get("acts", False)
        self.row: str = document.get("row", "")
        self.content_type: str = document.get("content_type", "text/html")
        self.steps: int = document.get("steps", 1)
        self.endpoint: str | None = document["endpoint"]
        self.nth: int = document["nth"]
        self.times: int | None = document["times"]

    @property
    def met(self) -> int:
        return int(self._fresh()["met"])

    @property
    def fired(self) -> int:
        return int(self._fresh()["fired"])

    def end(self, last: documents.Document) -> None:
        """It is removed: its counters stay as in `last`."""
        self._last = last

    def _fresh(self) -> documents.Document:
        if self._last is not None:
            return self._last
        for document in self._listed():
            if document["id"] == self.id:
                return document
        raise NotThere(f"the fault {self.id!r} is not there any more; ask it for its counters before it is removed")


class RemoteFaults:
    """The faults of `owner`. `listed` gives their documents in place of the server once that has no such owner."""

    def __init__(self, control: Control, owner: Owner, listed: Listed | None = None) -> None:
        self._control = control
        self._owner = owner
        self._listed = listed or self.ask
        self._held: WeakSet[RemoteFault] = WeakSet()

    def ask(self) -> list[documents.Document]:
        """What the server says of them."""
        found: list[documents.Document] = self._control.ask("GET", *self._owner, "faults")["faults"]
        return found

    def all(self) -> list[RemoteFault]:
        """In the order they were made."""
        return [self._hold(document) for document in self._listed()]

    def unfired(self) -> list[RemoteFault]:
        """Those that had not happened to any call when they were listed."""
        return [fault for fault in self.all() if not fault.document["fired"]]

    def make(self, given: dict[str, Any]) -> RemoteFault:
        """Raises Misuse."""
        try:
            return self._hold(self._control.ask("POST", *self._owner, "faults", body=given))
        except NoSuchPath:
            url = self._control.url
            raise Misuse(f"the control surface of the simulator at {url} has no faults; update it") from None

    def forget(self, fault_id: str | None) -> None:
        """Remove one of them, or all. Raises NotThere."""
        last = {document["id"]: document for document in self._listed()}
        self._control.ask("DELETE", *self._owner, "faults", *([] if fault_id is None else [fault_id]))
        for fault in tuple(self._held):
            if fault.id in last and fault_id in (None, fault.id):
                fault.end(last[fault.id])

    def _hold(self, document: documents.Document) -> RemoteFault:
        fault = RemoteFault(self._listed, document)
        self._held.add(fault)
        return fault
