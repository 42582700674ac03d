"""Lightning: invoices that are paid or refused, and a withdrawal that nothing can cancel."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator.core.rows import conditions
from simulator.exchanges.okx.behavior import Conditions

PATH = "asset/withdrawal-lightning"
LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
NOW_S = 1_700_000_000
OF_2021 = "lnbc100u1psnnvhtpp5yq2x3q5hhrzsuxpwx7ptphwzc4k4wk0j3stp0099968m44cyjg9"


def groups(value: int, length: int) -> str:
    return "".join(LETTERS[value >> 5 * place & 31] for place in reversed(range(length)))


def invoice(amount: str = "1m", made_s: int = NOW_S, expiry_s: int | None = None) -> str:
    """A BOLT 11 invoice: time, tagged fields, and 110 groups where signature and checksum would be."""
    tagged = "p" + groups(52, 2) + "q" * 52
    if expiry_s is not None:
        tagged += "x" + groups(4, 2) + groups(expiry_s, 4)
    return f"lnbc{amount}1" + groups(made_s, 7) + tagged + "q" * 110


def ask(bench: Any, account: Any, **changes: Any) -> dict[str, Any]:
    body = {"ccy": "BTC", "invoice": invoice(), "memo": "", **changes}
    document: dict[str, Any] = json.loads(bench.post(account, PATH, json.dumps(body)).body)
    return document


def test_an_invoice_is_paid_and_can_never_be_cancelled(bench: Any) -> None:
    account = bench.account(balances={"BTC": "1"})
    reply = bench.post(account, PATH, json.dumps({"ccy": "BTC", "invoice": invoice(), "memo": "for tea"}))
    (made,) = account.withdrawals
    assert reply.body == (b'{"code":"0","data":[{"wdId":"%s","cTime":"1700000000000"}],"msg":""}' % made.id.encode())
    assert bench.entries[-1].endpoint == "lightning"
    row = json.loads(bench.history(account).body)["data"][0]
    assert (row["chain"], row["amt"], row["fee"], row["note"]) == ("BTC-Lightning", "0.001", "0.00000001", "for tea")
    assert str(account.balance("BTC").held) == "0.00100001"
    assert bench.cancel(account, made.id).body == b'{"code":"58216","data":[],"msg":"Operation not allowed."}'
    account.advance(hours=1)
    assert made.state == "2"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("100u", "0.000100"),
        ("1m", "0.001"),
        ("250n", None),
        ("20000n", "0.000020000"),
        ("1", None),
        ("100000000p", "0.000100000000"),
    ],
)
def test_the_amount_is_that_of_the_invoice(bench: Any, amount: str, shown: str | None) -> None:
    account = bench.account()
    answer = ask(bench, account, invoice=invoice(amount))
    assert answer["code"] == ("58353" if shown is None else "0")
    if shown is not None:
        assert json.loads(bench.history(account).body)["data"][0]["amt"] == shown


REFUSALS = [
    ("create.parameter_missing", {"invoice": ""}, {}, 400, "50014", "Parameter invoice can not be empty."),
    ("create.parameter_malformed", {"memo": []}, {}, 200, "51000", "Parameter memo error."),
    (
        "lightning.denied",
        {},
        {"lightning": False},
        200,
        "58355",
        "Permission denied. Please contact your account manager.",
    ),
    ("lightning.currency", {"ccy": "USDT"}, {}, 200, "58006", "Service unavailable for token USDT."),
    (
        "create.chain_suspended",
        {},
        {"suspended_chains": ["BTC-Lightning"]},
        200,
        "58214",
        "Withdrawals suspended due to BTC-Lightning maintenance",
    ),
    (
        "create.chain_delisted",
        {},
        {"delisted_chains": ["BTC-Lightning"]},
        200,
        "58226",
        "BTC-Lightning is delisted and not available for crypto withdrawal.",
    ),
    ("lightning.invoice_invalid", {"invoice": "lnbc1"}, {}, 200, "58352", "Invalid invoice."),
    ("lightning.invoice_expired", {"invoice": OF_2021 + "q" * 40}, {}, 200, "58351", "Invoice expired."),
    (
        "lightning.invoice_amount",
        {"invoice": invoice("101m")},
        {},
        200,
        "58353",
        "Deposit amount must be within limits.",
    ),
    (
        "create.daily_limit",
        {},
        {"daily_limits": {"BTC": "0.0009"}},
        200,
        "58201",
        "Withdrawal amount exceeds daily withdrawal limit.",
    ),
    ("create.insufficient", {}, {"balances": {"BTC": "0.001"}}, 200, "58350", "Insufficient balance."),
]


@pytest.mark.parametrize(("condition", "changes", "options", "status", "code", "text"), REFUSALS)
def test_a_broken_check_answers_its_row(
    bench: Any, condition: str, changes: dict[str, Any], options: dict[str, Any], status: int, code: str, text: str
) -> None:
    body = json.dumps({"ccy": "BTC", "invoice": invoice(), **changes})
    reply = bench.post(bench.account(**options), PATH, body)
    assert (reply.status, json.loads(reply.body)) == (status, {"code": code, "data": [], "msg": text})
    assert bench.entries[-1].refused.condition == condition
    other = bench.account(behavior={condition: "SYSTEMS_BUSY"}, **options)
    assert bench.post(other, PATH, body).status == 429


def test_of_two_broken_checks_the_earlier_answers(bench: Any) -> None:
    for number, first in enumerate(REFUSALS):
        condition, changes, options = first[:3]
        for second in REFUSALS[number + 1 :]:
            account = bench.account(**{**second[2], **options})
            ask(bench, account, **{**second[1], **changes})
            assert bench.entries[-1].refused.condition == condition


def test_the_conditions_of_lightning_are_all_here_in_the_order_of_the_table() -> None:
    table = [one.name for one in conditions(Conditions) if one.name.startswith("lightning.")]
    assert [condition for condition, *_ in REFUSALS if condition.startswith("lightning.")] == table


@pytest.mark.parametrize(
    ("age_s", "expiry_s", "code"),
    [
        (3599, None, "0"),
        (3600, None, "58351"),
        (-10, None, "0"),
        (99, 100, "0"),
        (100, 100, "58351"),
        (86_399, 86_400, "0"),
    ],
)
def test_an_invoice_is_good_for_an_hour_or_for_as_long_as_it_says(
    bench: Any, age_s: int, expiry_s: int | None, code: str
) -> None:
    given = invoice(made_s=NOW_S - age_s, expiry_s=expiry_s)
    assert ask(bench, bench.account(), invoice=given)["code"] == code


def test_what_stands_in_the_signature_is_no_expiry(bench: Any) -> None:
    head = invoice(made_s=NOW_S - 3000)[:-110]
    signature = "x" + groups(1, 2) + "q"
    assert ask(bench, bench.account(), invoice=head + signature + "q" * 106)["code"] == "0"


def test_an_invoice_may_be_written_in_capitals(bench: Any) -> None:
    assert ask(bench, bench.account(), invoice=invoice().upper())["code"] == "0"


@pytest.mark.parametrize(
    "given",
    [
        "x",
        "lnbc",
        "lntb1m1" + "q" * 200,
        "lnbc01m1" + "q" * 200,
        "lnbc1m1" + "b" * 200,
        "lnbc1m1q",
        "lnbc1q" + "q" * 9000,
        "ä",
    ],
)
def test_what_is_no_invoice_is_invalid(bench: Any, given: str) -> None:
    assert ask(bench, bench.account(), invoice=given)["code"] == "58352"


def test_lightning_asks_who_receives_where_the_entity_does(bench: Any) -> None:
    account = bench.account(recipient_rules="any wallet")
    assert ask(bench, account)["code"] == "58237"
    everybody = {"walletType": "private", "rcvrFirstName": "A", "rcvrLastName": "N/A", "rcvrCountry": "BS"}
    assert ask(bench, account, rcvrInfo=everybody)["code"] == "0"


@pytest.mark.parametrize("options", [{"sub_account": True}, {"account_blocked": True}])
def test_lightning_is_a_write_of_the_funding_account(bench: Any, options: dict[str, Any]) -> None:
    assert ask(bench, bench.account(**options))["code"] in ("58209", "58004")


def test_lightning_takes_the_permission_to_withdraw(bench: Any) -> None:
    account = bench.account(permissions=["trade"], behavior={"auth.no_permission": "AUTHORITY_INVALID"})
    assert ask(bench, account) == {"msg": "Invalid Authority", "code": "50114"}


@pytest.mark.parametrize(("condition", "changes", "options"), [refusal[:3] for refusal in REFUSALS])
def test_whichever_row_answers_it_has_the_blanks_that_can_be_filled_here(
    bench: Any, holes: Any, condition: str, changes: dict[str, Any], options: dict[str, Any]
) -> None:
    for row in holes.rest:
        ask(bench, bench.account(behavior={condition: row.name}, **options), **changes)
        assert bench.entries[-1].refused.row == row.name
        holes.check(condition, row)
