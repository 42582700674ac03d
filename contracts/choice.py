"""Which targets the command line means: in this process, over HTTP, or what a profile describes.

Nothing else knows of profiles and of the environment.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from contracts.greeting import greet
from contracts.targets import Target, TargetDown
from contracts.targets.in_process import InProcess
from contracts.targets.over_http import OverHttp
from contracts.targets.remote import Remote, read
from contracts.wire import Exchange


def targets(url: str | None, profile: Path | None, exchanges: Sequence[Exchange], timeout_s: float) -> Iterator[Target]:
    """The targets for these exchanges, one after the other, open while it is one's turn. Raises TargetDown."""
    if profile is None:
        with closing(InProcess() if url is None else OverHttp(url, timeout_s)) as target:
            yield target
        return
    sections = {name: section for name, section in read(profile).items() if name in exchanges}
    if not sections:
        raise TargetDown(f"{profile} has no section for {' or '.join(exchanges)}")
    for name, section in sections.items():
        with closing(Remote(name, section, os.environ, timeout_s)) as remote:
            greet(remote, name)
            yield remote
