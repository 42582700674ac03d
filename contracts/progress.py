"""How far a run is, on standard error: one line that changes on a terminal, a line for what matters elsewhere."""

from __future__ import annotations

from contracts.escapes import escaped
from contracts.runner import Outcome
from contracts.stderr import is_terminal, tell, write
from contracts.watch import Watch


class Progress:
    """Counts claims by exchange, and says what takes long."""

    def __init__(self) -> None:
        self._live = is_terminal()
        self._exchange = ""
        self._done = 0
        self._shown = False

    def count(self, outcome: Outcome) -> None:
        """A claim was held."""
        if outcome.exchange != self._exchange:
            self._exchange, self._done = outcome.exchange, 0
            if not self._live:
                self.say(f"{outcome.exchange} ...")
        self._done += 1
        self.tick(f"{outcome.exchange}: {self._done} claims, {outcome.case.id}")

    def tick(self, text: str) -> None:
        """What is of interest for this moment only."""
        if self._live:
            write(f"\r\x1b[K{escaped(text)[:120]}")
            self._shown = True

    def say(self, text: str) -> None:
        """What is of interest also when it is over."""
        self.end()
        tell(" ".join(text.split()))

    def watch(self, name: str, runs: int, shrink_s: float) -> Watch:
        """Who watches a machine of that name and tells of it here."""
        self.say(f"{name}, {runs} runs")
        return Watch(lambda text: self.say(f"{name}: {text}"), lambda text: self.tick(f"{name}: {text}"), shrink_s)

    def end(self) -> None:
        """Clear the line, so that what is printed next stands alone."""
        if self._shown:
            write("\r\x1b[K")
            self._shown = False
