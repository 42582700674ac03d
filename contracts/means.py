"""What somebody's own account lacks of what a case takes for granted: money, and addresses to withdraw to.

A server that refuses a withdrawal for that is right, and the claim says nothing. Knows what the clients know of such
answers, and nothing of how they came about.
"""

from __future__ import annotations

import re

from contracts.cases import Case
from contracts.clients import CLIENTS, Client, Unreadable
from contracts.script import Script
from contracts.wire import HttpReply

_hole = re.compile("«[^»]*»")


def lacking(case: Case, script: Script) -> str:
    """What the account lacked when the case was held, with the answer that says so; "" if none does, or if the case
    expects just that answer.
    """
    client, then = CLIENTS[script.exchange], case.then
    expected = [then.body, *(look.body for look in then.afterwards), *(one.body for one in then.meanwhile)]
    known = {**client.lacks, **(client.may_lack if _succeeds(client, case) else {})}
    for step in script.steps:
        if step.call is None or step.call.target.partition("?")[0] not in client.withdraws:
            continue
        for text, what in known.items():
            if text in step.heard and not any(text in body for body in expected):
                return f"the target's account lacks {what}: {step.call.target} was answered with {text}"
    return ""


def _succeeds(client: Client, case: Case) -> bool:
    """True if what the case asks for is to be done."""
    try:
        return not client.refused(HttpReply(case.then.status, (), _hole.sub("0", case.then.body).encode()))
    except Unreadable:
        return False
