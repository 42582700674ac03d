"""JSON as it is written, and as it is read from anybody."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core.message import Reply, Request
from simulator.core.wire import NotJson, as_arrived, decode, encode, number

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def test_json_is_written_compact_in_the_order_given_and_in_utf8() -> None:
    assert encode({"b": [1, None, True], "a": "é/€"}) == '{"b":[1,null,true],"a":"é/€"}'.encode()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("0.0010", b"0.0010"),
        ("1E+3", b"1000"),
        ("1E-7", b"0.0000001"),
        ("12345678901234567890.5", b"12345678901234567890.5"),
    ],
)
def test_a_number_has_exactly_its_digits(text: str, written: bytes) -> None:
    assert encode([number(Decimal(text))]) == b"[" + written + b"]"


@pytest.mark.parametrize("lone", [chr(0xD800), chr(0xDCFF), chr(0xDFFF)])
def test_a_lone_surrogate_becomes_a_question_mark(lone: str) -> None:
    value = {"a" + lone: ("x" + lone, [lone]), "n": number(Decimal("1.50")), "m": MappingProxyType({"k": 1})}
    assert encode(value) == b'{"a?":["x?",["?"]],"n":1.50,"m":{"k":1}}'


@pytest.mark.parametrize(
    ("text", "arrived"),
    [
        ("a\u20ac", b"a\xe2\x82\xac"),
        ("a\udcff", b"a\xff"),
        ("\udce2\udc82\udcac", b"\xe2\x82\xac"),
        ("\ud800a\udcff", b"?a?"),
    ],
)
def test_text_becomes_the_bytes_that_it_arrived_as(text: str, arrived: bytes) -> None:
    assert as_arrived(text) == arrived


@given(st.binary())
def test_any_bytes_that_arrive_as_text_are_had_back(raw: bytes) -> None:
    assert as_arrived(raw.decode("utf-8", "surrogateescape")) == raw


@given(VALUES)
def test_what_was_written_is_read_again(value: Any) -> None:
    assert decode(encode(value)) == value
    assert json.loads(encode(value)) == value


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_written(text: str) -> None:
    json.loads(encode({"text": text}))


@given(st.binary() | st.text())
def test_anything_is_json_or_not_json(body: bytes | str) -> None:
    with suppress(NotJson):
        encode(decode(body))


@pytest.mark.parametrize("text", ["[", "{", '{"a":', "[["])
def test_absurd_depth_is_not_json(text: str) -> None:
    with pytest.raises(NotJson):
        decode(text * 100_000)


@pytest.mark.parametrize("depth", [1, 127, 128])
@pytest.mark.parametrize(
    ("left", "inner", "right"), [("[", "", "]"), ("[", "1", "]"), ('{"a":', "{}", "}"), ('{"a":', "1", "}")]
)
def test_a_depth_up_to_128_is_read(left: str, inner: str, right: str, depth: int) -> None:
    layers = depth - inner.count("{")
    decode(left * layers + inner + right * layers)


@pytest.mark.parametrize("depth", [129, 500, 5000])
@pytest.mark.parametrize(("left", "inner", "right"), [("[", "", "]"), ("[", "1", "]"), ('{"a":', "1", "}")])
def test_a_depth_above_128_is_not_json_whoever_asks(left: str, inner: str, right: str, depth: int) -> None:
    with pytest.raises(NotJson, match="nested too deeply"):
        decode(left * depth + inner + right * depth)


def test_depth_does_not_depend_on_the_callers_stack() -> None:
    def deeper(levels: int) -> Any:
        return deeper(levels - 1) if levels else decode("[" * 128 + "]" * 128)

    assert deeper(sys.getrecursionlimit() // 3)


def test_many_brackets_side_by_side_are_not_deep() -> None:
    assert len(decode("[" + ",".join(["[]"] * 1000) + "]")) == 1000
    assert decode('"' + "[" * 1000 + '"') == "[" * 1000


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", '{"a":NaN}', "nan"])
def test_what_only_javascript_knows_is_not_json(text: str) -> None:
    with pytest.raises(NotJson):
        decode(text)


@pytest.mark.parametrize(
    "text", ["1e400", "1e-400", "1e999999999", "-1E+999999999999999999999999", "0e999999999", "1.5e500"]
)
def test_an_absurd_exponent_is_not_json(text: str) -> None:
    with pytest.raises(NotJson):
        decode(text)


def test_a_whole_number_of_thousands_of_digits_is_not_json() -> None:
    with pytest.raises(NotJson):
        decode("9" * 5000)


def test_numbers_keep_their_digits() -> None:
    read = decode("[0.10, 1e2, 18446744073709551616, -0]")
    assert read == [Decimal("0.10"), Decimal("1E+2"), 18446744073709551616, 0]
    assert [type(value) for value in read] == [Decimal, Decimal, int, int]
    assert str(read[0]) == "0.10"


@pytest.mark.parametrize("body", [b"", b" ", b"\xff", b"\xef\xbb\xbf{}", b"{}x", b"{'a':1}", b'"\t"', b"[1,]", b"01"])
def test_broken_text_is_not_json(body: bytes) -> None:
    with pytest.raises(NotJson):
        decode(body)


def test_of_a_key_that_comes_twice_the_last_one_counts() -> None:
    assert decode('{"id":1,"id":2}') == {"id": 2}


def test_an_escaped_lone_surrogate_is_read_and_can_be_written() -> None:
    read = decode(rb'{"id":"\ud800"}')
    assert read == {"id": "\ud800"}
    assert encode(read) == b'{"id":"?"}'


# --- requests and replies -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [("/a?b=c?d", "/a", "b=c?d"), ("/a?", "/a", ""), ("/a", "/a", ""), ("//a/%2F?x=%20+", "//a/%2F", "x=%20+")],
)
def test_a_target_is_taken_apart_and_nothing_in_it_is_decoded(target: str, path: str, query: str) -> None:
    request = Request("GET", target)
    assert (request.path, request.query) == (path, query)


@pytest.mark.parametrize(
    "made", [Request("GET", "/", (("X-One", "1"), ("x-ONE", "2"))), Reply(200, (("X-One", "1"), ("x-ONE", "2")))]
)
def test_a_header_is_found_in_any_case_and_the_first_one_counts(made: Request | Reply) -> None:
    assert made.header("x-one") == "1"
    assert made.header("X-Two") is None
