"""Users, accounts, positions, transactions, products and the functions about the exchange itself, byte for byte."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from contracts.dialects import alphapoint as dialect
from contracts.wire import HttpCall
from simulator import Request

INVALID = {"result": False, "errormsg": "Invalid Request", "errorcode": 100, "detail": None}
NOT_AUTHORIZED = {"result": False, "errormsg": "Not Authorized", "errorcode": 20, "detail": None}


def _public(desk: Any, path: str) -> str:
    text: str = desk.simulator.answer(Request("GET", path)).body.decode()
    return text


class TestUsers:
    """GetUserInfo, GetUserPermissions, GetUserAccounts, GetAccountInfo."""

    def test_a_user_reads_of_itself(self, desk: Any) -> None:
        credentials = desk.credentials
        assert desk.call("GetUserInfo", {}).body.decode() == (
            f'{{"UserId":{credentials["user_id"]},"UserName":"account-1@example.com","Email":"account-1@example.com",'
            f'"PasswordHash":"","PendingEmailCode":"","EmailVerified":true,"AccountId":{credentials["account_id"]},'
            '"DateTimeCreated":"2023-11-14T22:13:20.000Z","AffiliateId":0,"RefererId":0,"OMSId":1,"Use2FA":false,'
            '"Salt":"","PendingCodeTime":"0001-01-01T00:00:00.000Z","Locked":false,'
            '"LockedTime":"0001-01-01T00:00:00.000Z","NumberOfFailedAttempt":0,"MarginBorrowerEnabled":false,'
            '"MarginAcquisitionHalt":false,"OperatorId":1}'
        )

    @pytest.mark.parametrize("key", ["UserId", "userid", "UserName", "Username", "Email"])
    def test_the_user_may_be_named(self, desk: Any, key: str) -> None:
        value = desk.credentials["user_id" if key.lower() == "userid" else "username"]
        assert desk.object("GetUserInfo", {key: value})["UserId"] == desk.credentials["user_id"]

    def test_only_an_operator_reads_of_others(self, desk: Any) -> None:
        other = desk.simulator.alphapoint.account(permissions=["Deposit"]).credentials
        operator = desk.operator()
        expected = {
            "GetUserInfo": lambda answer: answer["AccountId"] == other["account_id"],
            "GetUserPermissions": lambda answer: answer == ["Deposit"],
            "GetUserAccounts": lambda answer: answer == [other["account_id"]],
        }
        for function, is_right in expected.items():
            payload = {"UserId": other["user_id"]}
            assert desk.object(function, payload) == NOT_AUTHORIZED
            assert desk.object(function, {"UserId": 96}) == NOT_AUTHORIZED
            call = HttpCall("POST", f"/AP/{function}", (), json.dumps(payload).encode())
            assert is_right(json.loads(desk.send(dialect.signed(call, operator, 1)).body))

    def test_a_user_reads_the_permissions_of_the_key_that_asks(self, desk: Any) -> None:
        assert desk.object("GetUserPermissions", {}) == ["Deposit", "Trading", "Withdraw"]
        key = desk.account.key(permissions=["Trading", "GetWithdrawFee"]).credentials
        payload = {"UserId": desk.credentials["user_id"]}
        assert desk.object("GetUserPermissions", payload, **key) == ["GetWithdrawFee", "Trading"]

    @pytest.mark.parametrize("with_oms", [False, True])
    def test_the_accounts_of_a_user_are_numbers(self, desk: Any, with_oms: bool) -> None:
        payload = {"OMSId": 1, "UserName": desk.credentials["username"]} if with_oms else {}
        assert desk.call("GetUserAccounts", payload).body.decode() == f"[{desk.credentials['account_id']}]"

    def test_the_accounts_of_another_oms_are_not_told(self, desk: Any) -> None:
        assert desk.object("GetUserAccounts", {"OMSId": 2}) == {**INVALID, "detail": "Invalid OMSId"}

    @pytest.mark.parametrize("payload", [{"UserId": "x"}, {"UserName": 7}, {"Email": [1]}, {"UserId": True}])
    def test_a_user_that_is_named_wrongly_is_an_invalid_request(self, desk: Any, payload: dict[str, Any]) -> None:
        assert desk.object("GetUserInfo", payload) == INVALID

    def test_the_account_has_the_capitals_of_the_exchange(self, desk: Any) -> None:
        assert desk.call("GetAccountInfo").body.decode() == (
            f'{{"OMSID":1,"AccountId":{desk.credentials["account_id"]},"AccountName":"account-1@example.com",'
            '"AccountHandle":null,"FirmId":null,"FirmName":null,"AccountType":"Asset","FeeGroupId":0,"ParentID":0,'
            '"RiskType":"Normal","VerificationLevel":1,"CreditTier":0,"FeeProductType":"BaseProduct","FeeProduct":0,'
            '"RefererId":0,"LoyaltyProductId":0,"LoyaltyEnabled":false,"PriceTier":0,"Frozen":false}'
        )


class TestPositions:
    """GetAccountPositions."""

    def test_a_pending_withdrawal_sits_in_hold(self, open_desk: Any) -> None:
        desk = open_desk(balances={"USDT": "100.50"})
        assert desk.call("GetAccountPositions").body.decode() == (
            f'[{{"OMSId":1,"AccountId":{desk.credentials["account_id"]},"ProductSymbol":"USDT","ProductId":3,'
            '"Amount":100.50,"Hold":14,"PendingDeposits":0,"PendingWithdraws":0,"TotalDayDeposits":0,'
            '"TotalMonthDeposits":0,"TotalYearDeposits":0,"TotalDayDepositNotional":0,"TotalMonthDepositNotional":0,'
            '"TotalYearDepositNotional":0,"TotalDayWithdraws":0,"TotalMonthWithdraws":0,"TotalYearWithdraws":0,'
            '"TotalDayWithdrawNotional":0,"TotalMonthWithdrawNotional":0,"TotalYearWithdrawNotional":0,'
            '"NotionalProductId":3,"NotionalProductSymbol":"USDT","NotionalValue":100.50,"NotionalHoldAmount":14,'
            '"NotionalRate":1,"TotalDayTransferNotional":0}]'
        )

    def test_a_cancel_gives_exactly_back_and_a_processed_one_leaves(self, open_desk: Any) -> None:
        desk = open_desk(balances={"USDT": "100.123456"})
        desk.call("CancelWithdraw")
        (position,) = desk.object("GetAccountPositions")
        assert (position["Amount"], position["Hold"]) == (Decimal("100.123456"), 0)
        desk.account.withdrawal("USDT", "10")
        desk.account.advance(hours=1)
        (position,) = desk.object("GetAccountPositions")
        assert (position["Amount"], position["Hold"]) == (Decimal("86.123456"), 0)

    @pytest.mark.parametrize(("setting", "amount"), [(True, 10), ("true", 10), ("1", 10), (False, 0), ("x", 0)])
    def test_pending_withdrawals_come_when_they_are_asked_for(self, desk: Any, setting: object, amount: int) -> None:
        positions = desk.object("GetAccountPositions", desk.asked(IncludePending=setting))
        assert {one["ProductSymbol"]: one["PendingWithdraws"] for one in positions} == {
            "USDT": amount,
            "USDC": 0,
            "BTC": 0,
            "ETH": 0,
            "XRP": 0,
        }

    def test_what_was_sent_counts_for_its_day_month_and_year(self, desk: Any) -> None:
        def totals() -> list[int]:
            usdt = next(one for one in desk.object("GetAccountPositions") if one["ProductSymbol"] == "USDT")
            return [usdt[f"Total{span}Withdraws"] for span in ("Day", "Month", "Year")]

        desk.account.advance(hours=1)
        assert totals() == [10, 10, 10]
        desk.account.advance(hours=24)
        assert totals() == [0, 10, 10]
        desk.account.advance(hours=24 * 20)
        assert totals() == [0, 0, 10]
        desk.account.advance(hours=24 * 60)
        assert totals() == [0, 0, 0]

    def test_an_account_that_was_led_to_the_end_of_time_still_answers(self, desk: Any) -> None:
        for _ in range(99):
            desk.account.advance(hours=24 * 365)
        assert len(desk.object("GetAccountPositions")) == 5

    @pytest.mark.parametrize(("permission", "may"), [("AccountReadOnly", True), ("Trading", True), ("Deposit", False)])
    def test_a_key_that_only_reads_may(self, desk: Any, permission: str, may: bool) -> None:
        key = desk.account.key(permissions=[permission]).credentials
        for function in ("GetAccountPositions", "GetAccountTransactions"):
            assert isinstance(desk.object(function, **key), list) is may


class TestTransactions:
    """GetAccountTransactions."""

    def test_a_settled_withdrawal_is_an_amount_and_a_fee(self, desk: Any) -> None:
        assert desk.call("GetAccountTransactions").body == b"[]"
        number = desk.object("GetWithdrawTicket")["TicketNumber"]
        desk.account.advance(hours=1)
        transaction = (
            f'"ReferenceId":{number},"OMSId":1,"AccountId":{desk.credentials["account_id"]},"CR":0,"DR":%d,'
            '"Counterparty":9,"TransactionType":"%s","ReferenceType":"Withdraw","ProductId":3,"Balance":%d,'
            '"TimeStamp":1700000480000}'
        )
        assert desk.call("GetAccountTransactions").body.decode() == (
            f'[{{"TransactionId":{number}0091,{transaction % (4, "Fee", 9986)},'
            f'{{"TransactionId":{number}0090,{transaction % (10, "Other", 9990)}]'
        )

    def test_a_cancelled_withdrawal_leaves_no_trace(self, desk: Any) -> None:
        desk.call("CancelWithdraw")
        assert desk.object("GetAccountTransactions") == []

    @pytest.mark.parametrize("setting", [False, True])
    def test_holds_are_listed_if_the_field_says_so(self, desk: Any, setting: bool) -> None:
        desk.account.set(behavior={"transactions.holds": setting})
        desk.call("CancelWithdraw")
        told = [
            (one["TransactionType"], one["ReferenceType"], one["CR"], one["DR"], one["Balance"])
            for one in desk.object("GetAccountTransactions")
        ]
        expected = [("Reverse", "WithdrawHold", 14, 0, 10_000), ("Hold", "WithdrawHold", 0, 14, 10_000)]
        assert told == (expected if setting else [])

    @pytest.mark.parametrize(
        ("filters", "kinds"),
        [
            ({}, ["Fee", "Other", "Reverse", "Hold"]),
            ({"Depth": 1}, ["Fee"]),
            ({"Depth": "0"}, []),
            ({"TransactionTypes": "Fee"}, ["Fee"]),
            ({"TransactionTypes": 1}, ["Fee"]),
            ({"TransactionTypes": ["Fee", 3]}, ["Fee", "Other"]),
            ({"TransactionTypes": "[1,5]"}, ["Fee", "Hold"]),
            ({"TransactionTypes": []}, []),
            ({"TransactionReferenceTypes": ["WithdrawHold"]}, ["Reverse", "Hold"]),
            ({"TransactionReferenceTypes": "3"}, ["Fee", "Other"]),
            ({"TransactionReferenceTypes": "Trade, Deposit"}, []),
        ],
    )
    def test_transactions_are_filtered_by_names_or_numbers(
        self, desk: Any, filters: dict[str, Any], kinds: list[str]
    ) -> None:
        desk.account.set(behavior={"transactions.holds": True})
        desk.account.advance(hours=1)
        told = [one["TransactionType"] for one in desk.object("GetAccountTransactions", desk.asked(**filters))]
        assert told == kinds

    @pytest.mark.parametrize(
        "filters", [{"TransactionTypes": [True]}, {"TransactionTypes": {"a": 1}}, {"Depth": -1}, {"Depth": "x"}]
    )
    def test_a_filter_that_cannot_be_is_an_invalid_request(self, desk: Any, filters: dict[str, Any]) -> None:
        assert desk.object("GetAccountTransactions", desk.asked(**filters)) == INVALID

    def test_every_transaction_has_a_number_of_its_own(self, desk: Any) -> None:
        desk.account.set(behavior={"transactions.holds": True})
        desk.account.withdrawal("BTC", "1", state="Failed").event("resubmit")
        desk.account.withdrawal("BTC", "1", state="ManuallyConfirmed")
        desk.account.advance(hours=1)
        told = desk.object("GetAccountTransactions")
        assert len({one["TransactionId"] for one in told}) == len(told) == 10
        spent = sum(one["DR"] for one in told if one["ReferenceType"] == "Withdraw" and one["ProductId"] == 1)
        assert spent == desk.account.balance("BTC").spent
        first = next(one for one in told if one["ProductId"] == 1 and one["ReferenceType"] == "Withdraw")
        assert first["Balance"] == 10_000 - spent


class TestCatalogue:
    """GetProducts and GetInstruments, which need nobody."""

    def test_products_have_their_ticks_with_all_decimals(self, desk: Any) -> None:
        assert _public(desk, "/AP/GetProducts?OMSId=1&Depth=1&StartIndex=2") == (
            '[{"OMSId":1,"ProductId":3,"Product":"USDT","ProductFullName":"Tether USD",'
            '"MasterDataUniqueProductSymbol":"","ProductType":"CryptoCurrency","DecimalPlaces":6,'
            '"TickSize":0.0000010000000000000000000000,"DepositEnabled":true,"WithdrawEnabled":true,"NoFees":false,'
            '"IsDisabled":false,"MarginEnabled":false}]'
        )
        assert [one["Product"] for one in json.loads(_public(desk, "/AP/GetProducts?omsId=1"))] == [
            "BTC",
            "ETH",
            "USDT",
            "USDC",
            "XRP",
        ]

    def test_instruments_are_quoted_in_usdt(self, desk: Any) -> None:
        first, *others = json.loads(_public(desk, "/AP/GetInstruments?OMSId=1"), parse_float=Decimal)
        assert [one["Symbol"] for one in others] == ["BTCUSDT", "ETHUSDT", "XRPUSDT"]
        assert list(first.items())[:19] == [
            ("OMSId", 1),
            ("InstrumentId", 1),
            ("Symbol", "USDCUSDT"),
            ("Product1", 4),
            ("Product1Symbol", "USDC"),
            ("Product2", 3),
            ("Product2Symbol", "USDT"),
            ("InstrumentType", "Standard"),
            ("VenueInstrumentId", 1),
            ("VenueId", 1),
            ("SortIndex", 0),
            ("SessionStatus", "Running"),
            ("PreviousSessionStatus", "Stopped"),
            ("SessionStatusDateTime", "2020-01-01T00:00:00.000Z"),
            ("SelfTradePrevention", True),
            ("QuantityIncrement", Decimal("0.000001")),
            ("PriceIncrement", Decimal("0.000001")),
            ("MinimumQuantity", Decimal("0.000001")),
            ("MinimumPrice", Decimal("0.000001")),
        ]
        assert list(first)[19:] == [
            "VenueSymbol",
            "IsDisable",
            "MasterDataId",
            "PriceCollarThreshold",
            "PriceCollarPercent",
            "PriceCollarEnabled",
            "PriceFloorLimit",
            "PriceFloorLimitEnabled",
            "PriceCeilingLimit",
            "PriceCeilingLimitEnabled",
            "CreateWithMarketRunning",
            "AllowOnlyMarketMakerCounterParty",
            "PriceCollarIndexDifference",
            "PriceCollarConvertToOtcEnabled",
            "PriceCollarConvertToOtcClientUserId",
            "PriceCollarConvertToOtcAccountId",
            "PriceCollarConvertToOtcThreshold",
            "OtcConvertSizeThreshold",
            "OtcConvertSizeEnabled",
            "OtcTradesPublic",
            "PriceTier",
        ]

    @pytest.mark.parametrize(("state", "count"), [("Both", 4), ("Inactive", 0), ("inactive", 0), ("", 4)])
    def test_no_instrument_is_inactive(self, desk: Any, state: str, count: int) -> None:
        assert len(json.loads(_public(desk, f"/AP/GetInstruments?OMSId=1&InstrumentState={state}"))) == count

    def test_an_instrument_state_that_is_no_text_is_an_invalid_request(self, desk: Any) -> None:
        assert desk.object("GetInstruments", {"OMSId": 1, "InstrumentState": [1]}) == INVALID

    @pytest.mark.parametrize("function", ["GetProducts", "GetInstruments"])
    def test_an_oms_is_required_and_must_be_the_one_there_is(self, desk: Any, function: str) -> None:
        assert json.loads(_public(desk, f"/AP/{function}"))["detail"] == "OMSId is Required"
        assert json.loads(_public(desk, f"/AP/{function}?OMSId=2"))["detail"] == "Invalid OMSId"

    @pytest.mark.parametrize("page", ["Depth=-1", "StartIndex=x", "Depth=1.5"])
    def test_a_page_that_cannot_be_is_an_invalid_request(self, desk: Any, page: str) -> None:
        assert json.loads(_public(desk, f"/AP/GetProducts?OMSId=1&{page}")) == INVALID


class TestSystem:
    """HealthCheck and GetOMSVersion."""

    def test_the_health_tells_the_time_in_ticks(self, desk: Any) -> None:
        assert _public(desk, "/AP/HealthCheck") == (
            '{"result":true,"errormsg":null,"errorcode":0,'
            '"detail":"running: {\\"ExchangeId\\":1,\\"Data1\\":638355968000000000}"}'
        )

    def test_the_version_is_the_one_of_the_documentation(self, desk: Any) -> None:
        assert _public(desk, "/AP/GetOMSVersion") == (
            '{"result":true,"errormsg":null,"errorcode":0,"detail":"4.3.65.1063"}'
        )
