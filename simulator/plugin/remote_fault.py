"""A fault of a simulator that runs elsewhere: of one of its accounts, or of an exchange for what belongs to no
account.
"""

from __future__ import annotations

from typing import Any

from simulator.core.faults import KINDS, Kind
from simulator.core.misuse import Misuse, NoSuchPath, NotThere
from simulator.plugin import documents
from simulator.plugin.control import Control


class RemoteFault:
    """One fault. `met` counts the calls that matched, `fired` those it happened to, as of now."""

    def __init__(self, control: Control, owner: tuple[str, str], document: documents.Document) -> None:
        self._control = control
        self._owner = owner
        self.id: str = document["id"]
        self.document = document
        name = document["kind"]
        self.kind = next((kind for kind in KINDS if kind.name == name), Kind(name=name, says=""))
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
        for document in self._control.ask("GET", *self._owner, "faults")["faults"]:
            if document["id"] == self.id:
                fresh: documents.Document = document
                return fresh
        raise NotThere(f"{' '.join(self._owner)} has no fault {self.id!r}")


def remote_fault(control: Control, owner: tuple[str, str], given: dict[str, Any]) -> RemoteFault:
    """Make a fault of `owner` (`accounts` and an id, or `exchanges` and a name). Raises Misuse."""
    try:
        return RemoteFault(control, owner, control.ask("POST", *owner, "faults", body=given))
    except NoSuchPath:
        raise Misuse(f"the control surface of the simulator at {control.url} has no faults; update it") from None


def remote_faults(control: Control, owner: tuple[str, str], *, fired: bool | None = None) -> list[RemoteFault]:
    """The faults of `owner`: all, or those that have fired, or have not."""
    listed = control.ask("GET", *owner, "faults")["faults"]
    chosen = [one for one in listed if fired is None or (one["fired"] > 0) is fired]
    return [RemoteFault(control, owner, document) for document in chosen]


def forget_faults(control: Control, owner: tuple[str, str], fault_id: str | None) -> None:
    """Remove one fault of `owner`, or all of them. Raises NotThere."""
    control.ask("DELETE", *owner, "faults", *([] if fault_id is None else [fault_id]))
