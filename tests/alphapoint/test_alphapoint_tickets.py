"""How tickets begin, are confirmed, are handled by operators, and are read."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from contracts.dialects import alphapoint as dialect
from contracts.wire import HttpCall
from simulator.exchanges.alphapoint.lifecycle import LIFECYCLE, NUMBERED

INVALID = {"result": False, "errormsg": "Invalid Request", "errorcode": 100, "detail": None}
ADDRESS = "0x7c3f"


def _code(desk: Any, request_code: str) -> str:
    code: str = desk.account._account.book.find(request_code).confirmation_code
    return code


def _operate(desk: Any, function: str, payload: dict[str, Any]) -> Any:
    body = json.dumps({"OMSId": 1, "OperatorId": 1, **payload}).encode()
    call = dialect.signed(HttpCall("POST", f"/AP/{function}", (), body), desk.operator(), 1)
    return json.loads(desk.send(call).body)


def _ticket(desk: Any, request_code: str) -> Any:
    return desk.object("GetWithdrawTicket", desk.asked(RequestCode=request_code))


class TestCreating:
    """CreateWithdrawTicket and GetWithdrawFee."""

    def test_a_ticket_is_created_with_its_money_held(self, desk: Any) -> None:
        before = desk.account.balance("USDT")
        reply = desk.call("CreateWithdrawTicket", desk.wanted(Amount="12.50"))
        made = desk.account.withdrawals[-1]
        assert reply.body.decode() == f'{{"result":true,"errormsg":null,"errorcode":0,"detail":"{made.id}"}}'
        assert (made.state, made.amount, made.fee) == ("Pending2Fa", Decimal("12.50"), 4)
        balance = desk.account.balance("USDT")
        assert (balance.held, balance.total) == (before.held + Decimal("16.50"), before.total)

    def test_the_form_is_shown_as_its_client_wrote_it(self, desk: Any) -> None:
        form = '{ "ExternalAddress" : "0xé", "Comment":"a \\"b\\"", "Amount": 10.500 }'
        made = desk.object("CreateWithdrawTicket", desk.wanted(TemplateForm=form))["detail"]
        ticket = _ticket(desk, made)
        assert ticket["TemplateForm"] == form
        assert json.loads(ticket["WithdrawTransactionDetails"])["ExternalAddress"] == "0xé"
        assert ticket["RequestIP"] == "127.0.0.1"

    def test_a_form_that_is_an_object_is_shown_as_text(self, desk: Any) -> None:
        body = json.dumps(desk.wanted(TemplateForm="«form»")).replace(
            '"\\u00abform\\u00bb"', '{"ExternalAddress": "0x1", "Amount": 1.50, "Tags": [{"a": 0.10}]}'
        )
        made = desk.object("CreateWithdrawTicket", body.encode())["detail"]
        assert _ticket(desk, made)["TemplateForm"] == '{"ExternalAddress":"0x1","Amount":1.50,"Tags":[{"a":0.10}]}'

    @pytest.mark.parametrize(
        ("memo", "tag"), [("7", "7"), ("é", "é"), (7, ""), (None, "")], ids=["text", "not ASCII", "number", "none"]
    )
    def test_a_memo_of_the_form_is_the_withdrawals_tag(self, desk: Any, memo: object, tag: str) -> None:
        form = json.dumps({"ExternalAddress": "rEb8", "Memo": memo})
        wanted = desk.wanted(ProductId="5", TemplateType="ToExternalRippleAddress", TemplateForm=form, Amount="1")
        made = desk.object("CreateWithdrawTicket", wanted)["detail"]
        assert desk.account._account.book.find(made).tag == tag

    def test_the_template_decides_network_and_fee(self, desk: Any) -> None:
        wanted = desk.wanted(TemplateType="ToExternalTronAddress", AccountProviderId=9)
        made = desk.account._account.book.find(desk.object("CreateWithdrawTicket", wanted)["detail"])
        assert (made.network, made.fee) == ("ToExternalTronAddress", 1)

    @pytest.mark.parametrize("name", ["OMSId", "AccountId", "ProductId", "Amount", "TemplateForm", "TemplateType"])
    def test_every_documented_field_is_required(self, desk: Any, name: str) -> None:
        answer = desk.object("CreateWithdrawTicket", desk.wanted(**{name: None}))
        assert answer["detail"] == "OMSId, AccountId, ProductId, Amount, TemplateForm and TemplateType are Required"

    @pytest.mark.parametrize(
        "changes",
        [
            {"Amount": value}
            for value in [0, -1, "-1", "0.0", "abc", "1e3", " 1", "１", True, [1], {"a": 1}, 10**18, "1" * 40]
        ]
        + [{"Amount": value} for value in ["0.0000001", "1.00000000000000000000000000", 10**4000]]
        + [{"ProductId": value} for value in [96, "x", 1.5, True]]
        + [{"TemplateForm": value} for value in ["{", "[]", "null", "1", 7, True, [1], '{"ExternalAddress":""}', "{}"]]
        + [{"TemplateForm": {"ExternalAddress": value}} for value in [1, None, " ", ["x"], "x" * 5000]]
        + [{"TemplateType": value} for value in ["Carrier", 1, ["x"]]]
        + [{"AccountProviderId": value} for value in [1, -9, "x"]],
        ids=lambda changes: str(changes)[:50],
    )
    def test_what_cannot_be_is_an_invalid_request_that_holds_nothing(self, desk: Any, changes: dict[str, Any]) -> None:
        before = desk.account.balance("USDT")
        assert desk.object("CreateWithdrawTicket", desk.wanted(**changes)) == INVALID
        assert (desk.account.balance("USDT"), len(desk.account.withdrawals)) == (before, 1)

    @pytest.mark.parametrize("amount", ["1.000000000", "0.000001", 1, "9982"])
    def test_zeros_beyond_the_products_decimals_and_everything_that_is_there_are_fine(
        self, desk: Any, amount: object
    ) -> None:
        assert desk.object("CreateWithdrawTicket", desk.wanted(Amount=amount))["result"] is True

    def test_the_fee_must_be_there_as_well(self, desk: Any) -> None:
        answer = desk.object("CreateWithdrawTicket", desk.wanted(Amount="9982.000001"))
        assert answer == {**INVALID, "detail": "Insufficient Balance"}
        assert desk.object("CreateWithdrawTicket", desk.wanted(Amount="9982"))["result"] is True
        assert desk.account.balance("USDT").available == 0

    @pytest.mark.parametrize("first", ["Pending2Fa", "New", "AutoAccepted"])
    def test_the_field_decides_where_a_ticket_begins(self, desk: Any, first: str) -> None:
        desk.account.set(behavior={"create.first_status": first})
        made = desk.object("CreateWithdrawTicket", desk.wanted())["detail"]
        assert _ticket(desk, made)["Status"] == first

    def test_a_missing_amount_is_one_unit_if_the_field_says_so(self, desk: Any) -> None:
        assert desk.object("CreateWithdrawTicket", desk.wanted(Amount=None))["errorcode"] == 100
        desk.account.set(behavior={"create.without_amount": "one"})
        desk.object("CreateWithdrawTicket", desk.wanted(Amount=None))
        assert desk.account.withdrawals[-1].amount == 1
        desk.object("CreateWithdrawTicket", desk.wanted(Amount=2))
        assert desk.account.withdrawals[-1].amount == 2
        assert "are Required" in desk.object("CreateWithdrawTicket", desk.wanted(TemplateType=None))["detail"]

    def test_an_operator_creates_for_any_account(self, desk: Any) -> None:
        call = HttpCall("POST", "/AP/CreateWithdrawTicket", (), json.dumps(desk.wanted()).encode())
        made = json.loads(desk.send(dialect.signed(call, desk.operator(), 1)).body)["detail"]
        assert desk.account.withdrawals[-1].id == made

    @pytest.mark.parametrize("setting", ["users_of_2fa", "always", "never"])
    @pytest.mark.parametrize("use_2fa", [False, True])
    def test_the_field_decides_who_needs_the_wrapper_and_one_that_comes_is_read_anyway(
        self, open_desk: Any, setting: str, use_2fa: bool
    ) -> None:
        desk = open_desk(use_2fa=use_2fa, behavior={"two_factor.guards_create": setting})
        is_guarded = setting == "always" or (setting == "users_of_2fa" and use_2fa)
        bare = desk.object("CreateWithdrawTicket", desk.wanted())
        assert bare["result"] is not is_guarded
        if is_guarded:
            assert bare["errormsg"] == "This endpoint requires 2FACode along with the payload"
        code = dialect.totp(desk.credentials["totp_secret"], 1_700_000_000)
        assert desk.object("CreateWithdrawTicket", dialect.guarded(desk.wanted(), code))["result"] is True
        wrong = desk.object("CreateWithdrawTicket", dialect.guarded(desk.wanted(), "12345"))
        assert (wrong["errorcode"], wrong["errormsg"]) == (20, "Not Authorized")

    @pytest.mark.parametrize(
        ("setting", "expected"),
        [
            ("fee_and_amount", b'{"FeeAmount":0.0002,"TicketAmount":0.50}'),
            ("fee", b'{"FeeAmount":0.0002}'),
        ],
    )
    def test_the_fee_is_told_beforehand(self, desk: Any, setting: str, expected: bytes) -> None:
        desk.account.set(behavior={"fee.shape": setting})
        payload = {"OMSId": 1, "AccountId": desk.credentials["account_id"], "ProductId": 1, "Amount": "0.50"}
        assert desk.call("GetWithdrawFee", payload).body == expected
        assert desk.object("GetWithdrawFee", {**payload, "ProductId": 96}) == INVALID
        assert desk.object("GetWithdrawFee", {**payload, "Amount": 0}) == INVALID


class TestConfirming:
    """ConfirmWithdraw, which anybody may call who has the code."""

    def test_the_mailed_code_confirms_the_ticket_without_a_login(self, desk: Any) -> None:
        code = _code(desk, desk.withdrawal.id)
        body = json.dumps({"UserId": desk.credentials["user_id"], "VerifyCode": code.upper()}).encode()
        reply = desk.send(HttpCall("POST", "/AP/ConfirmWithdraw", (), body))
        assert reply.body == b'{"result":true}'
        ticket = _ticket(desk, desk.withdrawal.id)
        assert ticket["Status"] == "Confirmed2Fa"
        assert [comment["Comment"] for comment in ticket["Comments"]] == [
            "Status updated to (Confirmed2Fa) by user account-1@example.com"
        ]
        assert [entry.endpoint for entry in desk.account.journal] == ["confirm", "ticket"]

    def test_a_code_confirms_once_and_for_its_own_user(self, desk: Any) -> None:
        failed = {"result": False, "errormsg": "Operation Failed"}
        code, user_id = _code(desk, desk.withdrawal.id), desk.credentials["user_id"]
        other = desk.simulator.alphapoint.account().credentials["user_id"]
        assert desk.object("ConfirmWithdraw", {"UserId": other, "VerifyCode": code}) == failed
        assert desk.object("ConfirmWithdraw", {"UserId": user_id, "VerifyCode": "x"}) == failed
        assert desk.object("ConfirmWithdraw", {"UserId": user_id, "VerifyCode": code}) == {"result": True}
        assert desk.object("ConfirmWithdraw", {"UserId": user_id, "VerifyCode": code}) == failed

    def test_a_cancelled_ticket_is_not_confirmed_any_more(self, desk: Any) -> None:
        desk.call("CancelWithdraw")
        payload = {"UserId": desk.credentials["user_id"], "VerifyCode": _code(desk, desk.withdrawal.id)}
        assert desk.object("ConfirmWithdraw", payload)["result"] is False
        assert desk.withdrawal.state == "UserCanceled"


class TestOperating:
    """UpdateWithdrawTicket and GetAllWithdrawTickets."""

    @pytest.mark.parametrize(
        ("state", "status"),
        [
            (state, target)
            for state, moves in LIFECYCLE.moves.items()
            for target in dict.fromkeys(moves.values())
            if ":" not in target
        ],
    )
    @pytest.mark.parametrize("as_number", [False, True])
    def test_every_step_of_the_table_is_an_operators_but_the_receipt_of_a_cancel(
        self, desk: Any, state: str, status: str, as_number: bool
    ) -> None:
        code = desk.account.withdrawal("BTC", "1", state=state).id
        given = NUMBERED.index(status) if as_number else status
        answer = _operate(desk, "UpdateWithdrawTicket", {"RequestCode": code, "Status": given})
        assert answer == {"result": True, "errormsg": None, "errorcode": 0, "detail": None}
        assert _ticket(desk, code)["Status"] == status
        assert desk.account.balance("BTC").total == 10_000

    def test_a_bot_sends_the_whole_ticket_back_with_another_status(self, desk: Any) -> None:
        ticket = _ticket(desk, desk.withdrawal.id)
        assert _operate(desk, "UpdateWithdrawTicket", ticket)["result"] is True
        assert _ticket(desk, desk.withdrawal.id) == ticket
        _operate(desk, "UpdateWithdrawTicket", {**ticket, "Status": "Rejected", "RejectReason": "overlimit"})
        after = _ticket(desk, desk.withdrawal.id)
        assert (after["Status"], after["RejectReason"]) == ("Rejected", "overlimit")
        assert after["UpdatedByUserName"] not in (None, desk.credentials["username"])
        assert desk.account.balance("USDT").held == 0
        assert desk.object("CancelWithdraw")["detail"] == "Withdraw ticket already processed"

    def test_keys_in_any_case_and_numbers_as_text_as_the_documentation_writes_them(self, desk: Any) -> None:
        code = desk.account.withdrawal("USDT", "1", state="New").id
        payload = {"omsId": "1", "operatorId": "1", "requestCode": code.upper(), "status": "2"}
        assert _operate(desk, "UpdateWithdrawTicket", payload)["result"] is True
        assert _ticket(desk, code)["Status"] == "Accepted"

    def test_comments_grow_and_those_that_are_there_are_not_added_again(self, desk: Any) -> None:
        ticket = _ticket(desk, desk.withdrawal.id)
        for text in ("first", "second"):
            ticket["Comments"].append({"Comment": text})
            _operate(desk, "UpdateWithdrawTicket", {**ticket, "Comments": [*ticket["Comments"], 7, {"Comment": 7}, {}]})
            ticket = _ticket(desk, desk.withdrawal.id)
        assert [comment["Comment"] for comment in ticket["Comments"]] == ["first", "second"]
        assert list(ticket["Comments"][0]) == [
            "CommentId",
            "EnteredBy",
            "EnteredDateTime",
            "EnteredDateTimeTick",
            "Comment",
            "OperatorId",
            "OMSId",
            "TicketCode",
            "TicketId",
        ]
        desk.withdrawal.event("confirm")
        assert _operate(desk, "UpdateWithdrawTicket", _ticket(desk, desk.withdrawal.id))["result"] is True
        assert len(_ticket(desk, desk.withdrawal.id)["Comments"]) == 3

    def test_what_operators_write_is_bounded(self, desk: Any) -> None:
        many = [{"Comment": "x" * 5000} for _ in range(1000)]
        payload = {"RequestCode": desk.withdrawal.id, "Comments": many, "RejectReason": "y" * 5000}
        _operate(desk, "UpdateWithdrawTicket", payload)
        _operate(desk, "UpdateWithdrawTicket", payload)
        ticket = _ticket(desk, desk.withdrawal.id)
        assert len(ticket["Comments"]) == 64
        assert len(ticket["Comments"][0]["Comment"]) == len(ticket["RejectReason"]) == 1024

    def test_a_ticket_cannot_be_led_round_for_ever(self, desk: Any) -> None:
        code = desk.account.withdrawal("USDT", "1", state="Pending").id
        body = {"OMSId": 1, "OperatorId": 1, "RequestCode": code}
        operator = desk.operator()
        answers = []
        for number in range(820):
            payload = {**body, "Status": "Pending" if number % 2 else "AdminProcessing"}
            call = HttpCall("POST", "/AP/UpdateWithdrawTicket", (), json.dumps(payload).encode())
            answers.append(json.loads(desk.send(dialect.signed(call, operator, 1)).body)["result"])
        assert answers[:800] == [True] * 799 + [False]
        assert len(desk.account.withdrawals[-1].history) == 800
        ids = [comment["CommentId"] for comment in _ticket(desk, code)["Comments"]]
        assert len(set(ids)) == len(ids) == 799

    def test_a_failed_ticket_that_is_resubmitted_holds_its_money_again(self, desk: Any) -> None:
        code = desk.account.withdrawal("BTC", "1", state="Failed").id
        assert desk.account.balance("BTC").held == 0
        _operate(desk, "UpdateWithdrawTicket", {"RequestCode": code, "Status": "Accepted"})
        assert desk.account.balance("BTC").held == Decimal("1.0002")
        (record,) = [one for one in desk.object("GetWithdraws") if one["WithdrawCode"] == code]
        assert (record["TicketStatus"], record["Reaccepted"]) == ("Accepted", True)
        desk.account.advance(hours=1)
        assert desk.account.balance("BTC").spent == Decimal("1.0002")

    def test_a_resubmission_without_the_money_changes_nothing(self, desk: Any) -> None:
        code = desk.account.withdrawal("BTC", "6000", state="Failed").id
        desk.account.withdrawal("BTC", "6000")
        answer = _operate(desk, "UpdateWithdrawTicket", {"RequestCode": code, "Status": "Accepted"})
        assert answer == {**INVALID, "detail": "Insufficient Balance"}
        ticket = _ticket(desk, code)
        assert (ticket["Status"], ticket["UpdatedByUser"]) == ("Failed", 0)

    @pytest.mark.parametrize("status", ["Nonsense", 23, -1, "23", True, 1.5, [], {}])
    def test_a_status_that_there_is_not_is_an_invalid_request(self, desk: Any, status: object) -> None:
        answer = _operate(desk, "UpdateWithdrawTicket", {"RequestCode": desk.withdrawal.id, "Status": status})
        assert answer == INVALID

    @pytest.mark.parametrize("changes", [{"OMSId": 2}, {"OperatorId": 2}])
    def test_another_oms_or_operator_is_told_in_the_documented_words(self, desk: Any, changes: dict[str, int]) -> None:
        for function in ("UpdateWithdrawTicket", "GetAllWithdrawTickets"):
            answer = _operate(desk, function, {"RequestCode": desk.withdrawal.id, **changes})
            assert answer == {**INVALID, "detail": "Invalid OMSId or OperatorId"}

    def test_a_client_is_no_operator(self, desk: Any) -> None:
        for function in ("UpdateWithdrawTicket", "GetAllWithdrawTickets"):
            payload = {"OMSId": 1, "OperatorId": 1, "RequestCode": desk.withdrawal.id, "Status": "Accepted"}
            assert desk.object(function, payload)["errormsg"] == "Not Authorized"
        assert desk.withdrawal.state == "Pending2Fa"

    def test_an_operators_ticket_is_brought_up_to_date_first(self, desk: Any) -> None:
        desk.account.set(progress="timed")
        desk.clock.advance(300_000)
        answer = _operate(desk, "UpdateWithdrawTicket", {"RequestCode": desk.withdrawal.id, "Status": "Rejected"})
        assert answer["errormsg"] == "Operation Failed"

    def test_all_tickets_of_all_accounts_begin_with_the_oldest(self, desk: Any) -> None:
        desk.clock.advance(1000)
        other = desk.simulator.alphapoint.account().withdrawal("BTC", "1")
        desk.clock.advance(1000)
        newest = desk.account.withdrawal("BTC", "2")
        codes = [desk.withdrawal.id, other.id, newest.id]

        def told(**page: object) -> list[str]:
            return [ticket["RequestCode"] for ticket in _operate(desk, "GetAllWithdrawTickets", page)]

        assert told() == codes
        assert told(StartIndex=1) == codes[1:]
        assert told(StartIndex=1, Limit=1) == codes[1:2]
        assert told(StartIndex=9) == told(Limit=0) == []

    @pytest.mark.parametrize(("setting", "count"), [(True, 1), ("true", 1), (False, 0), (None, 0)])
    def test_comments_of_all_tickets_come_when_they_are_asked_for(self, desk: Any, setting: object, count: int) -> None:
        desk.withdrawal.event("confirm")
        (ticket,) = _operate(desk, "GetAllWithdrawTickets", {"IncludeComments": setting})
        assert len(ticket["Comments"]) == count


class TestReading:
    """Pages, comments, and reads that lag."""

    def _codes(self, desk: Any, **page: object) -> list[str]:
        payload = {"OMSId": 1, "AccountId": desk.credentials["account_id"], **page}
        return [ticket["RequestCode"] for ticket in desk.object("GetWithdrawTickets", payload)]

    def test_pages_of_tickets_begin_with_the_newest(self, desk: Any) -> None:
        made = [desk.withdrawal.id, *(desk.account.withdrawal("BTC", "1").id for _ in range(3))]
        made.reverse()
        assert self._codes(desk) == made
        assert self._codes(desk, StartIndex=0, Limit=2) == made[:2]
        assert self._codes(desk, StartIndex="1", Limit="2") == made[1:3]
        assert self._codes(desk, ProductId=3) == [desk.withdrawal.id]
        assert self._codes(desk, ProductId=96) == self._codes(desk, StartIndex=10**15) == []

    @pytest.mark.parametrize(("setting", "count"), [(0, 5), (2, 2), (200, 5)])
    def test_the_field_decides_how_many_come_without_a_limit(self, desk: Any, setting: int, count: int) -> None:
        for _ in range(4):
            desk.account.withdrawal("BTC", "1")
        desk.account.set(behavior={"tickets.default_limit": setting})
        assert len(self._codes(desk)) == count
        assert len(self._codes(desk, Limit=4)) == 4

    @pytest.mark.parametrize("page", [{"Limit": -1}, {"StartIndex": -1}, {"Limit": "x"}, {"StartIndex": [1]}])
    def test_a_page_that_cannot_be_is_an_invalid_request(self, desk: Any, page: dict[str, object]) -> None:
        assert desk.object("GetWithdrawTickets", desk.asked(**page)) == INVALID

    def test_the_comments_tell_of_the_steps_in_the_captured_words(self, desk: Any) -> None:
        desk.withdrawal.event("confirm")
        desk.withdrawal.event("queue")
        desk.withdrawal.event("accept")
        told = [comment["Comment"] for comment in _ticket(desk, desk.withdrawal.id)["Comments"]]
        assert told == [
            "Status updated to (Confirmed2Fa) by user admin",
            "Status as new because RejectReason is not OverLimitRejected",
            "Status updated to (Accepted) by user admin",
        ]
        other = desk.account.withdrawal("BTC", "1", state="Confirmed2Fa")
        other.event("auto_accept")
        assert _ticket(desk, other.id)["Comments"][0]["Comment"] == (
            "Auto accepting the ticket and Amount is less then AutoWithdrawThreshold"
        )
        failed = desk.account.withdrawal("BTC", "1", state="Submitted")
        failed.event("fail")
        assert _ticket(desk, failed.id)["Comments"][0]["Comment"] == "Withdraw Failed: Withdraw_Submission_Failed"

    def test_a_cancel_that_took_effect_later_is_its_users_doing(self, desk: Any) -> None:
        desk.account.set(behavior={"cancel.takes_effect": "later"})
        desk.call("CancelWithdraw")
        desk.account.advance(seconds=2)
        (comment,) = _ticket(desk, desk.withdrawal.id)["Comments"]
        assert comment["Comment"] == "Status updated to (UserCanceled) by user account-1@example.com"

    def test_a_ticket_beyond_the_limits_says_why(self, desk: Any) -> None:
        code = desk.account.withdrawal("BTC", "1", state="LimitsRejected").id
        assert _ticket(desk, code)["RejectReason"] == "overlimit"

    def _statuses(self, desk: Any, times: int) -> list[str]:
        return [_ticket(desk, desk.withdrawal.id)["Status"] for _ in range(times)]

    def test_reads_show_the_truth_at_once_by_default(self, desk: Any) -> None:
        desk.call("CancelWithdraw")
        assert self._statuses(desk, 1) == ["UserCanceled"]

    def test_reads_may_lag_by_a_number_of_polls(self, desk: Any) -> None:
        desk.account.set(behavior={"reads.lag_polls": 2})
        assert self._statuses(desk, 3) == ["Pending2Fa"] * 3
        desk.call("CancelWithdraw")
        assert desk.account.balance("USDT").held == 0
        assert self._statuses(desk, 4) == ["Pending2Fa", "Pending2Fa", "UserCanceled", "UserCanceled"]

    def test_a_read_that_lags_shows_the_whole_ticket_as_it_was(self, desk: Any) -> None:
        desk.account.set(behavior={"reads.lag_polls": 1})
        before = _ticket(desk, desk.withdrawal.id)
        desk.clock.advance(5000)
        desk.call("CancelWithdraw")
        assert _ticket(desk, desk.withdrawal.id) == before
        assert _ticket(desk, desk.withdrawal.id)["UpdatedByUser"] == desk.credentials["user_id"]

    def test_lists_lag_like_tickets(self, desk: Any) -> None:
        desk.account.set(behavior={"reads.lag_polls": 1})
        desk.call("CancelWithdraw")
        assert desk.object("GetWithdraws")[0]["TicketStatus"] == "Pending2Fa"
        assert desk.object("GetWithdrawTickets")[0]["Status"] == "UserCanceled"

    def test_reads_may_lag_by_time(self, desk: Any) -> None:
        desk.account.set(behavior={"reads.lag_ms": 1500})
        assert self._statuses(desk, 1) == ["Pending2Fa"]
        desk.call("CancelWithdraw")
        desk.clock.advance(1499)
        assert self._statuses(desk, 1) == ["Pending2Fa"]
        desk.clock.advance(1)
        assert self._statuses(desk, 1) == ["UserCanceled"]

    def test_a_lag_never_touches_what_a_cancel_sees(self, desk: Any) -> None:
        desk.account.set(behavior={"reads.lag_polls": 5, "reads.lag_ms": 10_000})
        desk.call("CancelWithdraw")
        assert desk.object("CancelWithdraw")["detail"] == "Withdraw ticket already processed"

    @pytest.mark.parametrize(
        ("setting", "types"),
        [
            (
                "objects",
                '[{"AccountProviderId":9,"TemplateName":"ToExternalEthereumAddress",'
                '"AccountProviderName":"Simulated-USDT"},{"AccountProviderId":9,'
                '"TemplateName":"ToExternalTronAddress","AccountProviderName":"Simulated-USDT"}]',
            ),
            ("names", '["ToExternalEthereumAddress","ToExternalTronAddress"]'),
        ],
    )
    @pytest.mark.parametrize("function", ["GetWithdrawTemplateTypes", "GetWithdrawFormTemplateTypes"])
    def test_template_types_come_as_objects_or_as_names(
        self, desk: Any, function: str, setting: str, types: str
    ) -> None:
        desk.account.set(behavior={"template.types": setting})
        reply = desk.call(function, {"OMSId": 1, "ProductId": "3"})
        assert reply.body.decode() == f'{{"TemplateTypes":{types},"result":true,"errormsg":null,"statuscode":0}}'

    @pytest.mark.parametrize(
        ("product_id", "chosen", "memo"),
        [
            (3, {}, False),
            (3, {"TemplateType": "ToExternalTronAddress", "AccountProviderId": 9}, False),
            (5, {"TemplateType": "ToExternalRippleAddress"}, True),
        ],
    )
    def test_a_template_is_an_empty_form_in_text(
        self, desk: Any, product_id: int, chosen: dict[str, Any], memo: bool
    ) -> None:
        reply = desk.call("GetWithdrawTemplate", {"OMSId": 1, "ProductId": product_id, **chosen})
        keys = '{\\"TemplateType\\":null,\\"Comment\\":null,\\"ExternalAddress\\":null,\\"Amount\\":null'
        form = keys + (',\\"Memo\\":null}' if memo else "}")
        assert reply.body.decode() == f'{{"Template":"{form}","result":true,"errormsg":null,"statuscode":0}}'

    def test_a_template_of_another_provider_is_not_there(self, desk: Any) -> None:
        answer = desk.object("GetWithdrawTemplate", {"OMSId": 1, "ProductId": 3, "AccountProviderId": 7})
        assert answer == {"result": False, "errormsg": "AssetManager_Not_Found", "statuscode": 33}
