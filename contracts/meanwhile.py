"""What happens while a socket is open, and what comes on it: pushes are the answers to what was done elsewhere."""

from __future__ import annotations

from contracts.cases import Meanwhile
from contracts.comparison import compare, compare_frames
from contracts.script import Script
from contracts.targets import ReplyLost


def differs(one: Meanwhile, target: str, script: Script, asker: str) -> str:
    """Let it happen; the first difference of what is answered and of what comes on the open socket, "" for none.

    `target` is where sockets are. Raises ControlRefused, ReplyLost, TargetDown.
    """
    other = one.by or "account"
    if one.after_s:
        script.clock(script.target.now_ms() + 1000 * one.after_s)
    if one.advance_seconds:
        script.advance(one.advance_seconds, other)
    if one.made is not None:
        script.withdrawal(one.made, "made", other)
    if one.event:
        script.event(one.event, one.withdrawal, "other" if one.withdrawal == "foreign" else "account")
    if one.ends:
        script.end(other)
    if told := _called(one, script, one.by or asker) or _said_elsewhere(one, target, script, one.by or asker):
        return told
    for _ in range(one.times):
        heard = script.say(one.says, len(one.frames))
        if told := compare_socket(one.frames, one.closed, heard, script, asker):
            return f"on the open socket{_behind(one)}, {told}"
    return ""


def compare_socket(frames: list[str], closed: str, heard: list[str], script: Script, account: str) -> str:
    """The first difference of what came on a socket of `account`, and of how the target ended it."""
    told = compare_frames(frames, heard, script.values_of(account))
    if not told and closed != script.closed:
        ended = f"closed: {script.closed}" if script.closed else "not closed"
        return f"the socket is {ended}; expected {f'closed: {closed}' if closed else 'that it stays open'}"
    return told


def _called(one: Meanwhile, script: Script, by: str) -> str:
    if one.call is None:
        return ""
    if one.makes:
        script.create(one.call, "made", by)
        return "" if "made" in script.values else f"nothing was created: {script.steps[-1].heard}"
    try:
        reply = script.call(one.call, by)
    except ReplyLost as lost:
        return "" if one.lost else f"there was no answer to {one.call.method} {one.call.target}: {lost}"
    if one.lost:
        return f"no answer was to come to {one.call.method} {one.call.target}, but {reply.status} came: {reply.text}"
    told = compare(one.status, {}, one.body, reply, script.values_of(by))
    return told and f"meanwhile, {one.call.method} {one.call.target}: {told}"


def _said_elsewhere(one: Meanwhile, target: str, script: Script, by: str) -> str:
    if not one.elsewhere:
        return ""
    heard = script.frames(target, one.elsewhere, logged_in=one.logged_in, account=by)
    told = compare_frames(one.answers, heard, script.values_of(by))
    return told and f"on another socket, {told}"


def _behind(one: Meanwhile) -> str:
    """What had happened, for people."""
    if one.call is not None:
        return f" behind {one.call.method} {one.call.target}{' of another account' if one.by else ''}"
    if one.made is not None or one.event:
        return f" behind {one.event or 'a new withdrawal'}{' of another account' if one.by else ''}"
    return " behind what was said elsewhere" if one.elsewhere else ""
