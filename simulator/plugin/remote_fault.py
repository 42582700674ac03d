"""A fault of a simulator that runs elsewhere: of one of its accounts, or of an exchange for what belongs to no
account.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.core.misuse import Misuse, NoSuchPath, NotThere
from simulator.plugin import documents
from simulator.plugin.control import Control

Owner = tuple[str, str]
"""`accounts` and an id, or `exchanges` and a name."""

Listed = Callable[[], list[documents.Document]]


class RemoteFault:
    """One fault. `met` counts the calls that matched, `fired` those it happened to, as of now; once its account was
    deleted here, as they were then.
    """

    def __init__(self, listed: Listed, document: documents.Document) -> None:
        self._listed = listed
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

    def _fresh(self) -> documents.Document:
        for document in self._listed():
            if document["id"] == self.id:
                return document
        raise NotThere(f"the fault {self.id!r} is not there any more; ask it for its counters before it is removed")


def listed_by(control: Control, owner: Owner) -> Listed:
    """The documents of the faults of `owner`, asked for each time."""
    return lambda: control.ask("GET", *owner, "faults")["faults"]


def make_fault(control: Control, owner: Owner, given: dict[str, Any]) -> documents.Document:
    """Make a fault of `owner`. Raises Misuse."""
    try:
        made: documents.Document = control.ask("POST", *owner, "faults", body=given)
        return made
    except NoSuchPath:
        raise Misuse(f"the control surface of the simulator at {control.url} has no faults; update it") from None


def unfired(faults: list[RemoteFault]) -> list[RemoteFault]:
    """Those that had not happened to any call when they were listed."""
    return [fault for fault in faults if not fault.document["fired"]]


def forget_faults(control: Control, owner: Owner, fault_id: str | None) -> None:
    """Remove one fault of `owner`, or all of them. Raises NotThere."""
    control.ask("DELETE", *owner, "faults", *([] if fault_id is None else [fault_id]))
