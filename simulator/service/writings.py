"""How a secret is written where clients put it: as it is, escaped for a URL or in JSON, in base64, in hex.

Pure functions over texts; knows no account. Each writing is a pattern, with what tells cheaply whether a text may
have it. Letters may be escaped one by one, so that `a%2Bb` and `%61+b` are both known, and escapes within escapes.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

_encoded_from = 4
"""Bytes of the shortest secret that is known in base64 and hex: of shorter ones too much else looks like them."""

_nested_most = 8
"""How often a text is unescaped, at most, to look for a secret in it."""

_AGAIN = "(?:25){0,2}"
"""A percent sign that was escaped as well, once or twice: %2B, %252B, %25252B."""

_BACKSLASH = rf"%{_AGAIN}5[cC]"
_DEEP = rf"(?:\\|{_BACKSLASH}){{0,6}}+"
r"""Backslashes behind the first: JSON inside JSON inside JSON writes a quote as \\\\\\\"."""

_IN_JSON = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
_SEXTET = r"(?:[A-Za-z0-9+/_-]|%" + _AGAIN + r"2[bBfF]|\\" + _DEEP + r"/)"


@dataclass(frozen=True, slots=True)
class Writing:
    """One way to write a secret. `pattern` matches nothing in a text that has none of `needles`, neither as it is nor
    as `unescaped` has it, and nothing in one that has fewer letters than `shortest`.
    """

    pattern: str
    needles: tuple[str, ...]
    shortest: int


_UNICODE = re.compile(r"\\u[0-9A-Fa-f]{4}(?:\\{1,8}u[0-9A-Fa-f]{4})*")
_FLAT = {**_IN_JSON, "+": " ", "\\": ""}


def unescaped(text: str) -> str:
    """A text without any escapes, in which a secret is looked for: cheap, and good for nothing else."""
    if "%" in text or "\\" in text:
        for _ in range(_nested_most):
            before, text = text, _UNICODE.sub(_of_units, unquote(text))
            if text == before:
                break
    for letter, flat in _FLAT.items():
        text = text.replace(letter, flat)
    return text


def _of_units(found: re.Match[str]) -> str:
    return bytes.fromhex("".join(re.findall("u(....)", found[0]))).decode("utf-16-be", "replace")


def _writing(pattern: str, *needles: str) -> Writing:
    every = sorted({*needles, *map(unescaped, needles)}, key=len)
    return Writing(pattern, tuple(every), len(every[0]))


def writings(secret: str) -> tuple[Writing, ...]:
    """All of them, for a text that is not empty."""
    made = [_writing("".join(map(_letter, _runs(secret))), secret)]
    for raw in dict.fromkeys((secret.encode("utf-8", "surrogatepass"), _decoded(secret))):
        if len(raw) >= _encoded_from:
            made += _in_base64(raw)
            made.append(_writing(f"{raw.hex()}|{raw.hex().upper()}", raw.hex(), raw.hex().upper()))
    return tuple(made)


def _decoded(secret: str) -> bytes:
    """The bytes of a secret that is base64, as Kraken's are: clients write them with and without = and URL-safe."""
    try:
        return base64.b64decode(secret, validate=True)
    except (ValueError, binascii.Error):
        return b""


def _runs(secret: str) -> Iterator[str]:
    """Its letters, backslashes that follow each other as one."""
    return (found[0] for found in re.finditer(r"\\+|.", secret, re.DOTALL))


def _letter(letter: str) -> str:
    """A pattern that one letter, or one run of backslashes, matches in whatever way it is written."""
    percents = "".join(f"%{_AGAIN}{_any_case(f'{byte:02x}')}" for byte in letter.encode("utf-8", "surrogatepass"))
    units = [_any_case(unit) for unit in re.findall("....", letter.encode("utf-16-be", "surrogatepass").hex())]
    ways = [percents, *_behind_backslashes(f"u{units[0]}")]
    if letter[0] == "\\":  # each level of JSON doubles them
        ways = [rf"(?:{one}){{{len(letter) * times}}}" for one in (r"\\", _BACKSLASH) for times in (8, 4, 2, 1)]
        ways += _behind_backslashes("u" + units[0] + rf"\\{_DEEP}u{units[0]}" * (len(letter) - 1))
    elif len(units) == 2:
        ways[1:] = _behind_backslashes(rf"u{units[0]}(?:\\|{_BACKSLASH}){_DEEP}u{units[1]}")
    elif letter in "\"'/":
        ways += _behind_backslashes(f"(?:{letter}|{percents})")
    elif letter in _IN_JSON:
        ways += _behind_backslashes(_IN_JSON[letter])
    elif letter == " ":
        ways.append(r"\+")
    elif letter == "+":  # as a form has it that was read
        ways.append(" ")
    # As it is comes last: a percent sign must take the digits of its escape with it.
    return f"(?:{'|'.join((*ways, re.escape(letter)))})"


def _behind_backslashes(pattern: str) -> list[str]:
    """Two patterns, each of which begins with a letter that tells quickly that it does not match."""
    return [rf"\\{_DEEP}{pattern}", f"{_BACKSLASH}{_DEEP}{pattern}"]


def _any_case(digits: str) -> str:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)


def _in_base64(raw: bytes) -> Iterator[Writing]:
    """In both alphabets, alone or behind other bytes (a user's name and a colon), with or without = at the end.

    Where it begins or ends within a letter of base64, that letter is masked with it.
    """
    for before in range(3):
        letters = base64.b64encode(bytes(before) + raw).decode()
        whole = letters[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
        is_open = (before + len(raw)) * 8 % 6 != 0
        pattern = "".join(_base64_letter(letter) for letter in whole)
        end = rf"{_SEXTET}?(?:=|%{_AGAIN}3[dD]|\\{_DEEP}u003[dD]){{0,2}}" if is_open else ""
        begin = _SEXTET if before else ""
        yield _writing(begin + pattern + end, whole, whole.replace("+", "-").replace("/", "_"))


def _base64_letter(letter: str) -> str:
    if letter == "+":
        return rf"(?:[+-]|%{_AGAIN}2[bB]|\\{_DEEP}u002[bB]| )"
    if letter == "/":
        return rf"(?:[/_]|%{_AGAIN}2[fF]|\\{_DEEP}/|\\{_DEEP}u002[fF])"
    return letter
