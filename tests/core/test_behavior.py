"""What is not known, as settings: conditions with rows, fields with values, and what is no setting."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.core.behavior import Behavior, Field, Unknowns, fields
from simulator.core.misuse import Misuse
from simulator.core.rows import Condition, Refusal, Row, conditions, fill, rows


class Errors:
    GONE = Row(1, "gone", "doc", "here")
    NEVER = Row(2, "never {when}", "wild", "there", status=404)
    not_a_row = "something else"


class Conditions:
    UNKNOWN = Condition("cancel.unknown_id", Errors.GONE, "unknown", "nowhere", "it is not there")


class Fields:
    IS_LOUD = Field("voice.is_loud", False, "unknown", "nowhere", "shout", (False, True))
    KIND = Field("window.kind", "fixed", "doc", "here", "which kind", ("fixed", "sliding"))
    DELAY = Field("receipt.delay_ms", 5, "inferred", "here", "how late")


UNKNOWNS = Unknowns(rows(Errors), conditions(Conditions), fields(Fields))


def test_a_table_lists_its_rows_in_the_order_written_and_names_them() -> None:
    assert rows(Errors) == (Errors.GONE, Errors.NEVER)
    assert [row.name for row in rows(Errors)] == ["GONE", "NEVER"]
    assert [condition.name for condition in conditions(Conditions)] == ["cancel.unknown_id"]
    assert [field.name for field in fields(Fields)] == ["voice.is_loud", "window.kind", "receipt.delay_ms"]


def test_rows_that_say_the_same_are_equal_whatever_their_names() -> None:
    assert Row(1, "gone", "doc", "here") == Errors.GONE


def test_without_changes_the_defaults_are_in_force() -> None:
    behavior = UNKNOWNS.behavior()
    assert behavior.row(Conditions.UNKNOWN) is Errors.GONE
    assert behavior.get(Fields.IS_LOUD) is False
    assert behavior.number(Fields.DELAY) == 5


def test_a_change_is_in_force_and_leaves_the_rest() -> None:
    behavior = UNKNOWNS.behavior({"cancel.unknown_id": "NEVER", "receipt.delay_ms": 0})
    assert behavior.row(Conditions.UNKNOWN) is Errors.NEVER
    assert behavior.number(Fields.DELAY) == 0
    assert behavior.get(Fields.KIND) == "fixed"


def test_a_behavior_is_built_upon_another_without_changing_it() -> None:
    base = UNKNOWNS.behavior({"voice.is_loud": True})
    behavior = UNKNOWNS.behavior({"window.kind": "sliding"}, base)
    assert (behavior.get(Fields.IS_LOUD), behavior.get(Fields.KIND)) == (True, "sliding")
    assert base == Behavior(UNKNOWNS, {"voice.is_loud": True})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"cancel.unknown": "GONE"}, r"there is no behavior 'cancel.unknown'; did you mean 'cancel.unknown_id'\?"),
        ({"cancel.unknown_id": "GON"}, r"'cancel.unknown_id' cannot be 'GON'.* did you mean 'GONE'\?"),
        ({"cancel.unknown_id": 1}, r"'cancel.unknown_id' cannot be 1, which names no error row; known are GONE"),
        ({"voice.is_loud": 1}, r"'voice.is_loud' cannot be 1; it is one of False, True"),
        ({"voice.is_loud": "true"}, r"'voice.is_loud' cannot be 'true'"),
        ({"window.kind": "round"}, r"'window.kind' cannot be 'round'; it is one of 'fixed', 'sliding'"),
        ({"receipt.delay_ms": -1}, r"'receipt.delay_ms' cannot be -1; it is a whole number of 0 or more"),
        ({"receipt.delay_ms": True}, r"'receipt.delay_ms' cannot be True"),
        ({"receipt.delay_ms": "5"}, r"'receipt.delay_ms' cannot be '5'"),
        ({"receipt.delay_ms": 0.5}, r"'receipt.delay_ms' cannot be 0.5"),
    ],
)
def test_what_is_no_setting_is_refused_in_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Misuse, match=sentence):
        UNKNOWNS.behavior(changes)


def test_blanks_are_filled_and_what_nobody_fills_is_empty() -> None:
    assert fill("a[{one}] b[{two}]", {"one": 1}) == "a[1] b[]"


def test_what_fills_a_blank_is_not_read_as_a_template() -> None:
    assert fill("error sign! origin_string[{origin}]", {"origin": '{"id":"{origin}"}'}) == (
        'error sign! origin_string[{"id":"{origin}"}]'
    )


def test_a_refusal_says_where_and_why() -> None:
    refusal = Refusal(Conditions.UNKNOWN, "there is no 7", when="now")
    assert str(refusal) == "cancel.unknown_id: there is no 7"
    assert refusal.blanks == {"when": "now"}
