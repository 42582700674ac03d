"""What somebody's own account lacks of what a case takes for granted: money, addresses to withdraw to, permissions.

A server that refuses a call for that is right, and the claim says nothing. Knows what the clients know of such
answers, and nothing of how they came about.
"""

from __future__ import annotations

import contextlib
import re

from contracts.cases import Call, Case, Look, Meanwhile
from contracts.clients import CLIENTS, MONEY, Client, Unreadable
from contracts.script import Script
from contracts.steps import Step
from contracts.targets import ControlRefused, ReplyLost
from contracts.wire import HttpReply

_hole = re.compile("«[^»]*»")
_escaped = re.compile(r'\\+"')  # as a frame carries an answer: as text inside


_PERMISSION = "a permission of its key"


def lacking(case: Case, script: Script) -> str:
    """What the account lacked when the case was held, with the answer that says so; "" if none does, or if the case
    expects just that answer.
    """
    client = CLIENTS[script.exchange]
    refusals = {**client.lacks, **(client.may_lack if _succeeds(client, case) else {})}
    for step in script.steps:
        path = step.target if step.call is None else _path(step.call)
        withdraws, heard, expected = path in client.withdraws, _bare(step.heard), _bare(_expected(case, step))
        permission = "a key that may withdraw" if withdraws else _PERMISSION
        known = dict.fromkeys(client.denied, permission) | (refusals if withdraws else {})
        for text, what in known.items():
            if text in heard and text not in expected and not _contradicted(what, script, step):
                return f"the target's account lacks {what}: {path} was answered with {text}"
    return ""


def _expected(case: Case, step: Step) -> str:
    """What the case expects to hear at a step; "" of a step that only prepares."""
    then = case.then
    looks: tuple[Meanwhile | Look, ...] = (*then.meanwhile, *then.afterwards)
    if step.call is None:
        pushed = [text for one in then.meanwhile for text in (*one.frames, *one.answers)]
        return "\n".join([*(then.frames or ()), *pushed])
    asked = [(case.when.call, then.body), *((one.call, one.body) for one in looks)]
    return "\n".join(body for call, body in asked if call is step.call)


def _contradicted(what: str, script: Script, step: Step) -> bool:
    """True if the target shows otherwise that the account has what it is said to lack."""
    if step.call is None:
        return False
    with contextlib.suppress(ControlRefused, ReplyLost, Unreadable):
        return (what == MONEY and _has_enough(script, step.call)) or (what == _PERMISSION and _may(script, step.call))
    return False


def _may(script: Script, call: Call) -> bool:
    """True if the key is not denied the harmless one among the calls to the same path: one on an id that is nobody's,
    or one that looks. Calls without a signature speak for somebody else, who has a session.
    """
    client, asking = CLIENTS[script.exchange], Script(script.exchange, script.target)
    asking.account({})
    asking.let("nobodys", client.unknown_ids[0])
    for probe in (client.cancel("nobodys"), client.status("nobodys"), client.list(), client.balance()):
        if call.signed != "not" and _path(probe) == _path(call):
            reply = asking.call(probe)
            told = client.refused(reply)
            return not client.limit.met(told) and not any(text in reply.text for text in client.denied)
    return False


def _path(call: Call) -> str:
    return call.target.partition("?")[0]


def _has_enough(script: Script, call: Call) -> bool:
    """True if the balance shows more than a withdrawal takes, its fee included. Raises Unreadable."""
    client, asking = CLIENTS[script.exchange], Script(script.exchange, script.target)
    asset, enough = client.takes(_hole.sub("0", call.body))
    asking.account({})
    return enough.is_finite() and client.available(asking.call(client.balance(asset)), asset) > enough


def _bare(text: str) -> str:
    return _escaped.sub('"', text)


def _succeeds(client: Client, case: Case) -> bool:
    """True if what the case asks for is to be done."""
    try:
        return not client.refused(HttpReply(case.then.status, (), _hole.sub("0", case.then.body).encode()))
    except Unreadable:
        return False
