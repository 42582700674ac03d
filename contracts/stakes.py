"""What is at stake in a call: the withdrawals of its accounts. A call that is refused leaves every one as it was.

A right refusal says nothing about what the server did besides. Where the target has a surface of its own, that is
asked, which uses up no nonce and no limit; elsewhere the exchange itself is, by the account's first key.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

from contracts.clients import ACCEPTED, CLIENTS, Unreadable
from contracts.documents import parsed
from contracts.script import Script
from contracts.targets import ReplyLost
from contracts.wire import HttpReply


class Stakes:
    """The withdrawals of a script's accounts as they are when this is made, before the call that is judged."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._before = {name: account.withdrawals() for name, account in script.accounts.items()}

    def touched(self, replies: list[HttpReply]) -> str:
        """What the call did that was answered with `replies` although all of them refuse; "" if nothing, or if one of
        them does not refuse.
        """
        if not all(_refuses(self._script, reply) for reply in replies):
            return ""
        changes = []
        for name, before in self._before.items():
            if before is None:
                changes += self._shown()
                continue
            after = self._script.look(name)
            changes += [
                f"withdrawal {identity} was {before.get(identity, 'not there')} and is {after.get(identity, 'gone')}"
                for identity in {**before, **after}
                if before.get(identity) != after.get(identity)
            ]
        return f"refused, and acted all the same: {'; '.join(changes)}" if changes else ""

    def _shown(self) -> list[str]:
        """The same by the exchange's own words: a withdrawal that waited before is not being cancelled now. Where the
        call was not the first one, or the withdrawal was put into a state, nobody knows whether it waited.
        """
        script, client = self._script, CLIENTS[self._script.exchange]
        identity, sent = script.values.get("withdrawal"), script.sent
        earlier = script.steps[:-1]
        if identity is None or any(step.do in ("call", "event") or "state" in step.options for step in earlier):
            return []
        found = []
        with contextlib.suppress(ReplyLost, Unreadable):  # then nothing is known
            rows, _ = client.listed(script.call(client.status("withdrawal")))
            words = [row.word for row in rows if row.id == identity and row.word in client.words]
            found = [one for one in words if client.words[one].stage in ("cancelling", "cancelled")]
        script.sent = sent  # what is to be sent again is the call, not the look
        return [f"withdrawal {identity} is {one}" for one in found]


def _refuses(script: Script, reply: HttpReply) -> bool:
    """True if an answer says that nothing was done: an error, or a cancel that was not accepted."""
    client = CLIENTS[script.exchange]
    try:
        if client.refused(reply):
            return True
    except Unreadable:
        return True
    sent = script.sent
    if sent is None or sent.path != client.cancel("withdrawal").target:
        return False
    try:
        return client.answered(reply) != ACCEPTED
    except Unreadable:
        return True


def replies_in(frames: list[str]) -> list[HttpReply]:
    """Frames as answers: what they carry as text inside, or themselves."""
    return [HttpReply(200, (), _inside(frame).encode()) for frame in frames]


def _inside(frame: str) -> str:
    with contextlib.suppress(ValueError):
        document = parsed(frame)
        if isinstance(document, Mapping) and isinstance(document.get("o"), str):
            return str(document["o"])
    return frame
