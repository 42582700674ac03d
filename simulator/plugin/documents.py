"""Documents of the control surface as the values that the Python API gives, so that a test reads both alike.

The inverse of `simulator/service/views.py`, as far as a document says all that the value has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from simulator.core.book import Change, Step
from simulator.core.diagnosis import Diagnosis
from simulator.core.journal import Entry, Refused
from simulator.core.ledger import Balance
from simulator.core.message import Frame, Reply, Request
from simulator.core.near_misses import NearMiss
from simulator.core.wire import encode

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class JournalCopy:
    """A journal as it was when it was asked for: entries newest last, `dropped` those that the bound pushed out."""

    entries: tuple[Entry, ...]
    dropped: int

    @property
    def count(self) -> int:
        """How many entries there ever were: the number of the newest."""
        return self.dropped + len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


def journal(document: Document) -> JournalCopy:
    return JournalCopy(tuple(entry(one) for one in document["entries"]), document["dropped"])


def entry(document: Document) -> Entry:
    """Bytes of a body that are no UTF-8 come as `\\xNN`: the control surface shows text."""
    refused, reply, sent = document["refused"], document["reply"], document["sent"]
    return Entry(
        number=document["number"],
        at_ms=document["at_ms"],
        endpoint=document["endpoint"],
        request=_request(document["request"]),
        reply=None if "frames" in reply else _reply(reply),
        sent=None if sent is None else tuple(sent["frames"]) if "frames" in sent else _reply(sent),
        frames=tuple(reply.get("frames", ())),
        refused=None if refused is None else _refused(refused),
        changes=tuple(_change(one) for one in document["changes"]),
        fault=document["fault"],
        unread=tuple(document["unread"]),
        near_misses=tuple(NearMiss(**one) for one in document["near_misses"]),
        cut=document["cut"],
    )


def secrets(snapshot: Document) -> dict[str, Any]:
    """The secrets of the first key of a snapshot, each under its common name."""
    key = snapshot["keys"][0]
    own = {**(snapshot["details"] or {}), **(key["details"] or {})}
    named = {name: own[name] for name in ("password", "totp_secret") if own.get(name)}
    return {"api_secret": key["secret"], "passphrase": key["passphrase"], **named}


def exported(document: Document, path: str | Path) -> int:
    """Write the entries of a journal as JSON Lines; the number of lines. Raises OSError."""
    Path(path).write_bytes(b"".join(encode(one) + b"\n" for one in document["entries"]))
    return len(document["entries"])


def balance(document: Document) -> Balance:
    return Balance(Decimal(document["available"]), Decimal(document["held"]), Decimal(document["spent"]))


def step(document: Document) -> Step:
    return Step(document["at_ms"], document["state"], document["event"], reason=document.get("reason", ""))


def _refused(document: Document) -> Refused:
    given = document["diagnosis"]
    diagnosis = (
        None if given is None else Diagnosis(given["signed"], given["expected"], given["received"], given["mistake"])
    )
    return Refused(document["condition"], document["row"], document["because"], document["check"], diagnosis)


def _request(document: Document) -> Request | Frame:
    if "frame" in document:
        return Frame(document["frame"], document["target"], document["peer"])
    headers = _pairs(document["headers"])
    return Request(document["method"], document["target"], headers, document["body"].encode(), document["peer"])


def _reply(document: Document) -> Reply:
    return Reply(document["status"], _pairs(document["headers"]), document["body"].encode())


def _pairs(headers: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in headers)


def _change(document: Document) -> Change:
    return Change(
        account=document["account"],
        withdrawal=document["withdrawal"],
        source=document["from"],
        target=document["to"],
        event=document["event"],
        at_ms=document["at_ms"],
        reason=document.get("reason", ""),
    )
