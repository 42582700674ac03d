"""Withdrawals that a client asks for: what is answered and booked, every check in its order, on chain and internal."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from simulator import Misuse, Reply
from simulator.core.rows import conditions
from simulator.exchanges.okx.behavior import Conditions

ADDRESS = "rUzWJkXyEtT8ekSSxkBYPqCvHpngcy6Fks"
EVM = "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11"
BTC = "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw"
DEMO = {"x-simulated-trading": "1", "Content-Type": "application/json"}


@dataclass
class Attempt:
    """A withdrawal of 10 XRP that succeeds until something in it is spoiled."""

    body: dict[str, Any] = field(
        default_factory=lambda: {"ccy": "XRP", "amt": "10", "dest": "4", "toAddr": ADDRESS + ":123456"}
    )
    account: dict[str, Any] = field(default_factory=dict)
    earlier: str = ""

    def run(self, bench: Any) -> Reply:
        account = bench.account(**{"balances": {"XRP": "100"}, **self.account})
        if self.earlier:
            account.withdrawal("XRP", "1", client_id=self.earlier)
        headers = DEMO if self.account.get("demo") else None
        reply: Reply = bench.ask(account, "POST", "/api/v5/asset/withdrawal", json.dumps(self.body).encode(), headers)
        return reply


@dataclass(frozen=True)
class Spoiler:
    """What breaks one condition; two of the same `slot` cannot be broken at once."""

    condition: str
    slot: str
    apply: Callable[[Attempt], object]
    code: str
    text: str
    status: int = 200

    @property
    def told(self) -> tuple[int, dict[str, Any]]:
        return self.status, {"code": self.code, "data": [], "msg": self.text}


def part(**values: Any) -> Callable[[Attempt], object]:
    return lambda attempt: attempt.body.update(values)


def option(**values: Any) -> Callable[[Attempt], object]:
    return lambda attempt: attempt.account.update(values)


def rules(name: str, information: dict[str, Any] | None) -> Callable[[Attempt], object]:
    def apply(attempt: Attempt) -> None:
        attempt.account["recipient_rules"] = name
        attempt.body["rcvrInfo"] = information

    return apply


def taken(attempt: Attempt) -> None:
    attempt.earlier = "mine"
    attempt.body["clientId"] = "mine"


EVERYBODY = {"rcvrFirstName": "Ada", "rcvrLastName": "N/A", "rcvrCountry": "BS"}
NO_PARAMETER = "Parameter {} can not be empty."

SPOILERS = [
    Spoiler("create.parameter_missing", "dest", part(dest=""), "50014", "Parameter dest can not be empty.", 400),
    Spoiler("create.parameter_malformed", "type", part(toAddrType="3"), "51000", "Parameter toAddrType error."),
    Spoiler("create.demo", "demo", option(demo=True), "50038", "This feature is unavailable in demo trading"),
    Spoiler("create.account_blocked", "blocked", option(account_blocked=True), "58004", "Account blocked."),
    Spoiler(
        "create.sub_account",
        "sub",
        option(sub_account=True),
        "58209",
        "Sub-accounts don't support withdrawals or deposits. Please use your main account instead",
    ),
    Spoiler("list.unknown_currency", "ccy", part(ccy="NOPE"), "58006", "Service unavailable for token NOPE."),
    Spoiler("create.chain_unknown", "chain", part(chain="XRP-Nope"), "58010", "Chain XRP-Nope isn't supported"),
    Spoiler(
        "create.chain_suspended",
        "suspended",
        option(suspended_chains=["XRP-Ripple"]),
        "58214",
        "Withdrawals suspended due to XRP-Ripple maintenance",
    ),
    Spoiler(
        "create.chain_delisted",
        "delisted",
        option(delisted_chains=["XRP-Ripple"]),
        "58226",
        "XRP-Ripple is delisted and not available for crypto withdrawal.",
    ),
    Spoiler(
        "create.tag_missing",
        "address",
        part(toAddr=ADDRESS),
        "58221",
        "The toAddr parameter format is incorrect, withdrawal address needs labels. The format should be "
        '"address:label".',
    ),
    Spoiler("create.address_invalid", "address", part(toAddr="nobody:1"), "58222", "Invalid withdrawal address"),
    Spoiler(
        "create.no_address", "verified", option(verified_addresses=[]), "58203", "Please add a withdrawal address."
    ),
    Spoiler(
        "create.address_not_verified",
        "verified",
        option(verified_addresses=["another"]),
        "58207",
        "Withdrawal address is not allowlisted for verification exemption",
    ),
    Spoiler("create.too_fine", "amt", part(amt="10.1234567"), "51000", "Parameter amt error."),
    Spoiler("create.below_minimum", "amt", part(amt="0.5"), "58206", "Withdrawal amount is less than the lower limit."),
    Spoiler("create.above_maximum", "amt", part(amt="4800001"), "58205", "Withdrawal amount exceeds the upper limit."),
    Spoiler(
        "create.daily_limit",
        "daily",
        option(daily_limits={"XRP": "9"}),
        "58201",
        "Withdrawal amount exceeds daily withdrawal limit.",
    ),
    Spoiler(
        "create.recipient_missing",
        "rules",
        rules("any wallet", None),
        "58237",
        "According to local laws and regulations, please provide accurate recipient information (rcvrInfo). For the "
        "exchange address, please also provide exchange information and recipient identity information "
        "(walletType,exchId,rcvrFirstName,rcvrLastName,rcvrCountry).",
    ),
    Spoiler(
        "create.private_wallet",
        "rules",
        rules("exchanges only", {"walletType": "private", **EVERYBODY}),
        "58239",
        "You can't withdraw to a private wallet via API. Please withdraw via our app or website instead.",
    ),
    Spoiler(
        "create.wallet_unproven",
        "rules",
        rules("proven wallets", {"walletType": "private", **EVERYBODY}),
        "58254",
        "Due to local compliance requirements, please complete the digital signature or satoshi test via our app or "
        "website first before withdrawing to a private wallet via API.",
    ),
    Spoiler(
        "create.recipient_incomplete",
        "rules",
        rules("any wallet", {"walletType": "exchange", **EVERYBODY}),
        "58238",
        "Incomplete info. The info of the exchange and the recipient are required if you're withdrawing to an "
        "exchange platform.",
    ),
    Spoiler("create.client_id_taken", "client", taken, "58404", "ClientId already exists"),
    Spoiler("create.insufficient", "balance", option(balances={"XRP": "10.09"}), "58350", "Insufficient balance."),
]
"""In the order of precedence."""

PAIRS = [
    pytest.param(first, second, id=f"{first.condition}-before-{second.condition}")
    for first, second in itertools.combinations(SPOILERS, 2)
    if first.slot != second.slot
]


def named(spoiler: Spoiler) -> str:
    return spoiler.condition


def told(reply: Reply) -> tuple[int, dict[str, Any]]:
    document = json.loads(reply.body)
    assert list(document) == ["code", "data", "msg"]
    return reply.status, document


def refused(bench: Any) -> str:
    return str(bench.entries[-1].refused.condition)


def test_an_unspoiled_attempt_is_entered_and_its_money_held(bench: Any) -> None:
    account = bench.account(balances={"XRP": "100"})
    reply = bench.post(account, "asset/withdrawal", json.dumps(Attempt().body))
    (made,) = account.withdrawals
    assert reply.status == 200
    assert reply.body == (
        b'{"code":"0","data":[{"amt":"10","wdId":"%s","ccy":"XRP","clientId":"","chain":"XRP-Ripple"}],"msg":""}'
        % made.id.encode()
    )
    assert (made.state, made._withdrawal.address, made._withdrawal.tag) == ("0", ADDRESS, "123456")
    balance = account.balance("XRP")
    assert (str(balance.available), str(balance.held)) == ("89.9", "10.1")
    assert bench.entries[-1].endpoint == "create"
    assert [change.target for change in bench.entries[-1].changes] == ["0"]
    row = json.loads(bench.history(account).body)["data"][0]
    assert (row["to"], row["tag"], row["state"], row["wdId"]) == (ADDRESS, "123456", "0", made.id)


@pytest.mark.parametrize("spoiler", SPOILERS, ids=named)
def test_a_broken_check_answers_its_row_and_holds_nothing(bench: Any, spoiler: Spoiler) -> None:
    attempt = Attempt()
    spoiler.apply(attempt)
    reply = attempt.run(bench)
    assert told(reply) == spoiler.told
    assert refused(bench) == spoiler.condition
    assert not bench.entries[-1].changes


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_of_two_broken_checks_the_earlier_answers(bench: Any, first: Spoiler, second: Spoiler) -> None:
    attempt = Attempt()
    second.apply(attempt)
    first.apply(attempt)
    assert told(attempt.run(bench)) == first.told
    assert refused(bench) == first.condition


@pytest.mark.parametrize("spoiler", SPOILERS, ids=named)
def test_a_condition_can_be_given_another_row(bench: Any, spoiler: Spoiler) -> None:
    attempt = Attempt(account={"behavior": {spoiler.condition: "SYSTEMS_BUSY"}})
    spoiler.apply(attempt)
    reply = attempt.run(bench)
    assert (reply.status, reply.body) == (
        429,
        b'{"code":"50013","data":[],"msg":"Systems are busy. Please try again later."}',
    )


def test_the_conditions_of_create_on_chain_are_all_here_in_the_order_of_the_table() -> None:
    internal = ("create.internal_address", "create.area_code_missing", "create.internal_unknown")
    table = [one.name for one in conditions(Conditions) if one.name.startswith("create.") and one.name not in internal]
    assert [spoiler.condition for spoiler in SPOILERS if spoiler.condition.startswith("create.")] == table


@pytest.mark.parametrize("name", ["ccy", "amt", "dest", "toAddr"])
@pytest.mark.parametrize("value", ["absent", "", None])
def test_four_parameters_are_required_and_empty_counts_as_absent(bench: Any, name: str, value: str | None) -> None:
    attempt = Attempt()
    attempt.body[name] = value
    if value == "absent":
        del attempt.body[name]
    assert told(attempt.run(bench)) == (
        400,
        {"code": "50014", "data": [], "msg": f"Parameter {name} can not be empty."},
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ccy", ["XRP"]),
        ("amt", {}),
        ("amt", "ten"),
        ("amt", "0"),
        ("amt", "0.000"),
        ("amt", "-1"),
        ("amt", "1e3"),
        ("amt", "٣"),
        ("amt", "1" * 40),
        ("amt", "NaN"),
        ("amt", "10\n"),
        ("dest", "2"),
        ("dest", "5"),
        ("toAddr", [ADDRESS]),
        ("toAddrType", "0"),
        ("chain", ["XRP-Ripple"]),
        ("areaCode", "+86"),
        ("clientId", "with blank"),
        ("clientId", "a" * 33),
        ("clientId", "ä"),
        ("rcvrInfo", "text"),
        ("rcvrInfo", []),
    ],
)
def test_a_parameter_without_a_valid_value_is_an_error(bench: Any, name: str, value: Any) -> None:
    attempt = Attempt()
    attempt.body[name] = value
    assert told(attempt.run(bench)) == (200, {"code": "51000", "data": [], "msg": f"Parameter {name} error."})


def test_numbers_are_taken_for_their_text(bench: Any) -> None:
    attempt = Attempt()
    attempt.body |= {"amt": 10.5, "dest": 4}
    assert told(attempt.run(bench))[1]["data"][0]["amt"] == "10.5"
    attempt.account["behavior"] = {"body.coerces_scalars": False}
    assert told(attempt.run(bench))[1]["msg"] == "Parameter amt error."


def test_what_older_and_other_clients_send_besides_is_ignored(bench: Any) -> None:
    attempt = Attempt()
    attempt.body |= {
        "fee": "0.5",
        "pwd": "-",
        "tag": "159881cb7207BCDE",
        "rcvrInfo": None,
        "toAddrType": "",
        "chain": "",
    }
    attempt.body |= {"areaCode": "", "clientId": ""}
    assert told(attempt.run(bench))[1]["code"] == "0"


def test_the_main_chain_is_taken_when_none_is_named_and_the_fee_is_that_of_the_chain(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"})
    body = {"ccy": "USDT", "amt": "10", "dest": "4", "toAddr": EVM}
    bench.post(account, "asset/withdrawal", json.dumps(body))
    bench.post(account, "asset/withdrawal", json.dumps({**body, "chain": "USDT-Arbitrum one"}))
    assert [(one._withdrawal.network, str(one.fee)) for one in account.withdrawals] == [
        ("USDT-ERC20", "3"),
        ("USDT-Arbitrum one", "0.1"),
    ]


def test_lightning_is_no_chain_of_this_call(bench: Any) -> None:
    body = {"ccy": "BTC", "amt": "1", "dest": "4", "toAddr": BTC, "chain": "BTC-Lightning"}
    reply = bench.post(bench.account(), "asset/withdrawal", json.dumps(body))
    assert json.loads(reply.body)["code"] == "58010"


@pytest.mark.parametrize(
    ("given", "listed", "code"),
    [
        (BTC, None, "0"),
        (BTC + ":", None, "58207"),
        ("17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKx", None, "58207"),
        (BTC, ["bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"], "58207"),
        ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", ["bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"], "0"),
        (BTC, [], "58203"),
        (EVM, None, "58222"),
        ("bitcoin", None, "58222"),
    ],
)
def test_an_address_must_be_one_of_the_chain_and_on_the_accounts_list(
    bench: Any, given: str, listed: list[str] | None, code: str
) -> None:
    account = bench.account(verified_addresses=listed)
    body = {"ccy": "BTC", "amt": "1", "dest": "4", "toAddr": given}
    assert json.loads(bench.post(account, "asset/withdrawal", json.dumps(body)).body)["code"] == code


def test_an_address_with_its_label_may_be_on_the_list_as_a_whole(bench: Any) -> None:
    for listed, code in (([ADDRESS + ":123456"], "0"), ([ADDRESS + ":654321"], "58207"), ([ADDRESS], "0")):
        attempt = Attempt(account={"verified_addresses": listed})
        assert told(attempt.run(bench))[1]["code"] == code


def test_a_client_id_is_shown_found_and_taken_once(bench: Any) -> None:
    account = bench.account(balances={"XRP": "100"})
    body = json.dumps({**Attempt().body, "clientId": "Mine1"})
    assert json.loads(bench.post(account, "asset/withdrawal", body).body)["data"][0]["clientId"] == "Mine1"
    assert json.loads(bench.history(account, "?clientId=Mine1").body)["data"][0]["clientId"] == "Mine1"
    assert json.loads(bench.post(account, "asset/withdrawal", body).body)["code"] == "58404"
    other = json.dumps({**Attempt().body, "clientId": "mine1"})
    assert json.loads(bench.post(account, "asset/withdrawal", other).body)["code"] == "0"
    account.set(behavior={"create.client_id_taken": "CLIENT_ID_EXISTS"})
    assert bench.post(account, "asset/withdrawal", body).body == (
        b'{"code":"50071","data":[],"msg":"clientId already exists"}'
    )


def test_the_daily_limit_counts_24_hours_and_not_what_was_cancelled(bench: Any) -> None:
    account = bench.account(daily_limits={"XRP": "25"})

    def code() -> str:
        return str(json.loads(bench.post(account, "asset/withdrawal", json.dumps(Attempt().body)).body)["code"])

    assert [code(), code(), code()] == ["0", "0", "58201"]
    bench.cancel(account, account.withdrawals[0].id)
    assert code() == "58201"
    account.advance(seconds=10)
    assert [code(), code()] == ["0", "58201"]
    account.withdrawal("XRP", "1", internal=True)
    account.advance(hours=24)
    assert [code(), code(), code()] == ["0", "0", "58201"]


def test_amount_and_fee_must_be_there(bench: Any) -> None:
    account = bench.account(balances={"XRP": "10.1"})
    assert told(bench.post(account, "asset/withdrawal", json.dumps(Attempt().body)))[1]["code"] == "0"
    assert account.balance("XRP").available == Decimal(0)


def test_create_takes_the_permission_to_withdraw(bench: Any) -> None:
    account = bench.account(permissions=["read_only", "trade"])
    reply = bench.post(account, "asset/withdrawal", json.dumps(Attempt().body))
    assert reply.status == 401
    assert refused(bench) == "auth.no_permission"


@pytest.mark.parametrize(
    ("name", "information", "code"),
    [
        ("none", {"walletType": 7}, "0"),
        ("any wallet", {}, "58237"),
        ("any wallet", {"walletType": ""}, "58237"),
        ("any wallet", {"walletType": "bank"}, "51000"),
        ("any wallet", {"walletType": ["private"]}, "51000"),
        ("any wallet", {"walletType": "private"}, "58238"),
        ("any wallet", {"walletType": "private", **EVERYBODY, "rcvrCountry": 7}, "58238"),
        ("any wallet", {"walletType": "private", **EVERYBODY}, "0"),
        ("any wallet", {"walletType": "exchange", "exchId": "0", **EVERYBODY}, "0"),
        ("any wallet", {"walletType": "exchange", "exchId": "nobody", **EVERYBODY}, "58238"),
        ("exchanges only", {"walletType": "exchange", "exchId": "0", **EVERYBODY}, "0"),
        ("proven wallets", {"walletType": "exchange", "exchId": "0", **EVERYBODY}, "0"),
    ],
)
def test_who_receives_is_asked_by_the_accounts_entity(
    bench: Any, name: str, information: dict[str, Any], code: str
) -> None:
    attempt = Attempt()
    rules(name, information)(attempt)
    assert told(attempt.run(bench))[1]["code"] == code


def test_the_exchanges_of_the_list_are_taken(bench: Any) -> None:
    (listed,) = json.loads(bench.get(bench.account(), "asset/exchange-list").body)["data"]
    attempt = Attempt()
    rules("any wallet", {"walletType": "exchange", "exchId": listed["exchId"], **EVERYBODY})(attempt)
    assert told(attempt.run(bench))[1]["code"] == "0"


def internal(bench: Any, account: Any, **changes: Any) -> dict[str, Any]:
    body = {"ccy": "USDT", "amt": "10", "dest": "3", "toAddr": "recipient@example.com", **changes}
    document: dict[str, Any] = json.loads(bench.post(account, "asset/withdrawal", json.dumps(body)).body)
    return document


def test_an_internal_transfer_has_no_fee_and_is_of_type_3(bench: Any) -> None:
    account = bench.account(balances={"USDT": "10"})
    answer = internal(bench, account, clientId="mine")
    (made,) = account.withdrawals
    assert answer["data"] == [{"amt": "10", "wdId": made.id, "ccy": "USDT", "clientId": "mine", "chain": "USDT-ERC20"}]
    assert (made.internal_state, made.state) == ("internal 0", "0")
    assert account.balance("USDT").held == 10
    assert b'"to":"recipient@example.com"' in bench.history(account, "?type=3").body
    assert bench.history(account, "?type=4").body == b'{"code":"0","data":[],"msg":""}'
    account.advance(minutes=6)
    assert made.state == "2"
    assert account.balance("USDT").spent == 10


def test_an_internal_transfer_may_go_to_the_user_id_of_another_account(bench: Any) -> None:
    account, other = bench.account(), bench.account()
    uid = other.credentials["user_id"]
    assert internal(bench, account, toAddr=uid, toAddrType="2")["code"] == "0"
    assert internal(bench, account, toAddr=uid)["code"] == "0"
    rows = json.loads(bench.history(account, "?toAddrType=2").body)["data"]
    assert [(row["to"], row["toAddrType"]) for row in rows] == [(uid, "2"), (uid, "2")]


INTERNAL_ERRORS = [
    (
        "create.internal_address",
        {"toAddr": "nobody at all"},
        200,
        b'{"code":"58213","data":[],"msg":"The internal transfer address is illegal. It must be an email, phone '
        b'number, or account name"}',
    ),
    (
        "create.area_code_missing",
        {"toAddr": "13800000000"},
        400,
        b'{"code":"50014","data":[],"msg":"Parameter areaCode can not be empty."}',
    ),
    (
        "create.internal_unknown",
        {"toAddr": "nobody@example.com"},
        200,
        b'{"code":"58218","data":[],"msg":"The internal withdrawal failed. Please check the parameters toAddr and '
        b'areaCode."}',
    ),
]


@pytest.mark.parametrize(("condition", "changes", "status", "body"), INTERNAL_ERRORS)
def test_a_recipient_that_nobody_knows_is_refused(
    bench: Any, condition: str, changes: dict[str, str], status: int, body: bytes
) -> None:
    given = json.dumps({"ccy": "USDT", "amt": "10", "dest": "3", **changes})
    reply = bench.post(bench.account(), "asset/withdrawal", given)
    assert (reply.status, reply.body) == (status, body)
    assert refused(bench) == condition
    other = bench.account(behavior={condition: "SYSTEMS_BUSY"})
    assert bench.post(other, "asset/withdrawal", given).status == 429


def test_the_conditions_of_internal_transfers_are_all_here_in_the_order_of_the_table() -> None:
    wanted = [condition for condition, *_ in INTERNAL_ERRORS]
    assert [one.name for one in conditions(Conditions) if one.name in wanted] == wanted


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"toAddr": "13800000000", "areaCode": "86"}, "0"),
        ({"toAddr": "13800000001", "areaCode": "86"}, "58218"),
        ({"toAddr": "my-sub-account"}, "58218"),
        ({"toAddr": "friend", "toAddrType": "1"}, "0"),
        ({"toAddr": "12345678", "toAddrType": "2"}, "0"),
        ({"toAddr": "12345679", "toAddrType": "2"}, "58218"),
        ({"toAddr": "friend", "toAddrType": "2"}, "58213"),
        ({"amt": "0.00009"}, "58206"),
        ({"amt": "0.0000001"}, "51000"),
        ({"amt": "4800001"}, "58205"),
        ({"amt": "10001"}, "58350"),
        ({"chain": "nonsense"}, "0"),
    ],
)
def test_internal_transfers_have_checks_of_their_own(bench: Any, changes: dict[str, str], code: str) -> None:
    account = bench.account(verified_addresses=["friend", "12345678"])
    assert internal(bench, account, **changes)["code"] == code


def test_nobody_transfers_to_himself(bench: Any) -> None:
    account = bench.account()
    assert internal(bench, account, toAddr=account.credentials["user_id"], toAddrType="2")["code"] == "58218"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"suspended_chains": ["BTC"]}, "there is no chain 'BTC'"),
        ({"daily_limits": {"DOGE": "1"}}, "there is no asset 'DOGE'"),
        ({"daily_limits": {"BTC": "-1"}}, "daily limit of BTC"),
        ({"recipient_rules": "strict"}, "recipient_rules"),
        ({"verified_addresses": [""]}, "verified_addresses"),
    ],
)
def test_an_account_option_that_cannot_be_is_refused(bench: Any, options: dict[str, Any], told: str) -> None:
    with pytest.raises(Misuse, match=told):
        bench.account(**options)


def test_in_immediate_progress_a_new_withdrawal_is_done_at_once(bench: Any) -> None:
    account = bench.account(progress="immediate")
    bench.post(account, "asset/withdrawal", json.dumps(Attempt().body))
    assert account.withdrawals[0].state == "2"


def test_a_main_account_must_be_another_one_that_is_no_sub_account(bench: Any) -> None:
    bench.account(name="main")
    bench.account(name="sub", main_account="main")
    for name, main in (("a", "a"), ("b", "sub")):
        with pytest.raises(Misuse, match="another account that is no sub-account itself"):
            bench.account(name=name, main_account=main)
    with pytest.raises(Misuse, match="okx has no account 'mian'"):
        bench.account(main_account="mian")


@pytest.mark.parametrize("spoiler", SPOILERS, ids=named)
def test_whichever_row_answers_it_has_the_blanks_that_can_be_filled_here(
    bench: Any, holes: Any, spoiler: Spoiler
) -> None:
    for row in holes.rest:
        attempt = Attempt(account={"behavior": {spoiler.condition: row.name}})
        spoiler.apply(attempt)
        attempt.run(bench)
        assert bench.entries[-1].refused.row == row.name
        holes.check(spoiler.condition, row)


@pytest.mark.parametrize(("condition", "changes"), [(condition, changes) for condition, changes, *_ in INTERNAL_ERRORS])
def test_the_rows_of_internal_transfers_have_their_blanks_filled_too(
    bench: Any, holes: Any, condition: str, changes: dict[str, str]
) -> None:
    for row in holes.rest:
        account = bench.account(behavior={condition: row.name})
        bench.post(account, "asset/withdrawal", json.dumps({"ccy": "USDT", "amt": "10", "dest": "3", **changes}))
        assert bench.entries[-1].refused.row == row.name
        holes.check(condition, row)


def test_a_row_names_what_the_order_is_about(bench: Any) -> None:
    for condition, row, changes, text in (
        (
            "create.daily_limit",
            "CODE_58258",
            {},
            "You can withdraw crypto valued at up to 9 XRP every 24 hours. You can still withdraw 8 XRP.",
        ),
        ("create.chain_unknown", "PARAMETER_ERROR", {"chain": "XRP-Nope"}, "Parameter chain error."),
        ("create.address_invalid", "PARAMETER_ERROR", {"toAddr": "nobody:1"}, "Parameter toAddr error."),
        ("create.below_minimum", "TOKEN_UNAVAILABLE", {"amt": "0.5"}, "Service unavailable for token XRP."),
        (
            "create.below_minimum",
            "CODE_58229",
            {"amt": "0.5"},
            "Insufficient funding account balance to pay fees 0.1 USDT",
        ),
    ):
        account = bench.account(behavior={condition: row}, daily_limits={"XRP": "9"}, balances={"XRP": "100"})
        account.withdrawal("XRP", "1")
        reply = bench.post(account, "asset/withdrawal", json.dumps({**Attempt().body, **changes}))
        assert json.loads(reply.body)["msg"] == text
