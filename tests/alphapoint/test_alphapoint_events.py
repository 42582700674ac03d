"""SubscribeAccountEvents: which sockets hear of a change, in which frames, and when no more."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contracts.dialects import alphapoint as dialect
from contracts.wire import HttpCall


def _ids(desk: Any) -> dict[str, int]:
    return {"OMSId": 1, "AccountId": desk.credentials["account_id"]}


@pytest.fixture
def socket(desk: Any) -> Any:
    """Logged in and subscribed."""
    opened = desk.socket()
    assert opened.send(dialect.frame(2, "SubscribeAccountEvents", _ids(desk))) == (
        '{"m":1,"i":2,"n":"SubscribeAccountEvents","o":"{\\"Subscribed\\":true}"}',
    )
    return opened


def _read(frames: tuple[str, ...]) -> list[tuple[int, int, str, Any]]:
    read = [json.loads(frame) for frame in frames]
    return [(frame["m"], frame["i"], frame["n"], json.loads(frame["o"])) for frame in read]


def _heads(frames: tuple[str, ...]) -> list[tuple[int, int, str]]:
    return [told[:3] for told in _read(frames)]


def test_a_cancel_is_answered_first_and_then_told_as_ticket_and_position(desk: Any, socket: Any) -> None:
    frames = socket.send(dialect.frame(4, "CancelWithdraw", desk.asked()))
    reply, ticket, position = _read(frames)
    assert reply[:3] == (1, 4, "CancelWithdraw")
    assert ticket[:3] == (3, 2, "WithdrawTicketUpdateEvent")
    assert (ticket[3]["RequestCode"], ticket[3]["Status"]) == (desk.withdrawal.id, "UserCanceled")
    assert position[:3] == (3, 4, "AccountPositionEvent")
    assert (position[3]["ProductSymbol"], position[3]["Hold"], position[3]["Amount"]) == ("USDT", 0, 10_000)


def test_the_events_have_the_bytes_of_the_captured_creation(desk: Any, socket: Any) -> None:
    _, event, _ = socket.send(dialect.frame(4, "CreateWithdrawTicket", desk.wanted()))
    made = desk.account.withdrawals[-1]
    ticket = json.loads(json.loads(event)["o"])
    number = ticket["TicketNumber"]
    form = json.dumps(desk.wanted()["TemplateForm"])
    details = (
        '{\\"TxId\\":null,\\"ExternalAddress\\":\\"0x7c3f\\",\\"Amount\\":0,\\"Confirmed\\":false,'
        '\\"LastUpdated\\":\\"0001-01-01T00:00:00.000Z\\",\\"TimeSubmitted\\":\\"0001-01-01T00:00:00.000Z\\",'
        '\\"AccountProviderName\\":\\"ToExternalEthereumAddress\\",\\"AccountProviderId\\":9}'
    )
    assert json.loads(event)["o"] == (
        f'{{"AssetManagerId":1,"AccountProviderId":9,"AccountId":{desk.credentials["account_id"]},'
        '"AccountName":"account-1@example.com","AssetId":3,"AssetName":"USDT","Amount":10,"NotionalValue":10,'
        f'"NotionalProductId":3,"TemplateForm":{form},"TemplateFormType":"ToExternalEthereumAddress","OMSId":1,'
        f'"RequestCode":"{made.id}","RequestIP":null,"RequestUserId":{desk.credentials["user_id"]},'
        '"RequestUserName":"account-1@example.com","OperatorId":1,"Status":"Pending2Fa","FeeAmt":4,"UpdatedByUser":0,'
        f'"UpdatedByUserName":null,"TicketNumber":{number},"WithdrawTransactionDetails":"{details}",'
        '"RejectReason":null,"CreatedTimestamp":"2023-11-14T22:13:20.000Z",'
        '"LastUpdateTimestamp":"2023-11-14T22:13:20.000Z","CreatedTimestampTick":638355968000000000,'
        '"LastUpdateTimestampTick":638355968000000000,"Comments":[],"Attachments":[],"AuditLog":[]}'
    )
    assert event.startswith('{"m":3,"i":2,"n":"WithdrawTicketUpdateEvent","o":"{\\"AssetManagerId\\":1,')


def test_a_creation_shows_the_amount_in_hold(desk: Any, socket: Any) -> None:
    position = _read(socket.send(dialect.frame(4, "CreateWithdrawTicket", desk.wanted())))[-1]
    assert (position[2], position[3]["Hold"]) == ("AccountPositionEvent", 28)


def test_a_position_comes_only_when_money_moved(desk: Any, socket: Any) -> None:
    desk.withdrawal.event("confirm")
    assert _heads(socket.pushed()) == [(3, 2, "WithdrawTicketUpdateEvent")]


def test_each_step_of_a_leap_is_told_as_it_was(desk: Any, socket: Any) -> None:
    desk.account.advance(hours=1)
    told = _read(socket.pushed())
    assert [content["Status"] for _, _, name, content in told if name == "WithdrawTicketUpdateEvent"] == [
        "Confirmed2Fa",
        "AutoAccepted",
        "AmlProcessing",
        "AmlAccepted",
        "LimitsAccepted",
        "SystemProcessing",
        "Submitted",
        "Confirmed",
        "FullyProcessed",
    ]
    assert [number for _, number, _, _ in told] == list(range(2, 22, 2))
    assert told[0][3]["LastUpdateTimestamp"] == "2023-11-14T22:18:20.000Z"
    assert told[-1][2:] == ("AccountPositionEvent", {**told[-1][3], "Hold": 0, "Amount": 9986})


def test_the_counter_is_the_sockets_own_and_goes_on_over_all_kinds(desk: Any, socket: Any) -> None:
    other = desk.socket()
    desk.withdrawal.event("confirm")
    other.send(dialect.frame(2, "SubscribeAccountEvents", _ids(desk)))
    desk.account.withdrawal("BTC", "1")
    assert [number for _, number, _ in _heads(socket.pushed())] == [2, 4, 6]
    assert [number for _, number, _ in _heads(other.pushed())] == [2, 4]


def test_whoever_changes_it_the_subscriber_hears(desk: Any, socket: Any) -> None:
    desk.call("CancelWithdraw")
    assert len(socket.pushed()) == 2
    code = desk.account.withdrawal("BTC", "1", state="New").id
    socket.pushed()
    body = json.dumps({"OMSId": 1, "OperatorId": 1, "RequestCode": code, "Status": "Rejected"}).encode()
    desk.send(dialect.signed(HttpCall("POST", "/AP/UpdateWithdrawTicket", (), body), desk.operator(), 1))
    ticket, position = _read(socket.pushed())
    assert (ticket[3]["Status"], position[3]["Hold"]) == ("Rejected", 0)


def test_a_cancel_that_waits_is_told_when_it_takes_effect(desk: Any, socket: Any) -> None:
    desk.account.set(behavior={"cancel.takes_effect": "later"})
    assert len(socket.send(dialect.frame(4, "CancelWithdraw", desk.asked()))) == 1
    desk.account.advance(seconds=2)
    assert [name for _, _, name in _heads(socket.pushed())] == ["WithdrawTicketUpdateEvent", "AccountPositionEvent"]


def test_a_cancel_that_loses_its_race_is_told_too(desk: Any, socket: Any) -> None:
    desk.account.set(behavior={"cancel.takes_effect": "later"})
    socket.send(dialect.frame(4, "CancelWithdraw", desk.asked()))
    desk.withdrawal.event("lose_cancel")
    ((_, _, _, ticket),) = _read(socket.pushed())
    assert ticket["Status"] == "Confirmed2Fa"


def test_events_of_other_accounts_are_not_told(desk: Any, socket: Any) -> None:
    desk.simulator.alphapoint.account().withdrawal("BTC", "1").event("confirm")
    assert socket.pushed() == ()


def test_an_operator_hears_of_any_account_it_subscribes_to(desk: Any) -> None:
    socket = desk.socket(logged_in=False)
    socket.send(dialect.hello(desk.operator()))
    assert '\\"Subscribed\\":true' in socket.send(dialect.frame(2, "SubscribeAccountEvents", _ids(desk)))[0]
    desk.withdrawal.event("confirm")
    assert _heads(socket.pushed()) == [(3, 2, "WithdrawTicketUpdateEvent")]


def test_another_users_events_are_not_authorized(desk: Any) -> None:
    other = desk.simulator.alphapoint.account().credentials["account_id"]
    told = desk.socket().send(dialect.frame(2, "SubscribeAccountEvents", {"OMSId": 1, "AccountId": other}))[0]
    assert '\\"errorcode\\":20' in told


@pytest.mark.parametrize(("permission", "may"), [("AccountReadOnly", True), ("Trading", True), ("Withdraw", False)])
def test_a_subscription_needs_a_permission(desk: Any, permission: str, may: bool) -> None:
    socket = desk.socket(logged_in=False)
    socket.send(dialect.hello(desk.account.key(permissions=[permission]).credentials))
    told = socket.send(dialect.frame(2, "SubscribeAccountEvents", _ids(desk)))[0]
    assert ("Subscribed" in told) is may


def test_a_second_subscription_is_told_with_the_payload_as_it_came(desk: Any, socket: Any) -> None:
    payload = json.dumps({"AccountId": str(desk.credentials["account_id"]), "omsid": 1}, indent=1)
    text = json.dumps({"m": 2, "i": 6, "n": "subscribeaccountevents", "o": payload})
    (told,) = socket.send(text)
    assert json.loads(told)["m"] == 1
    assert json.loads(json.loads(told)["o"]) == {
        "result": False,
        "errormsg": "Already Subscribed.",
        "errorcode": 909,
        "detail": payload,
    }
    desk.withdrawal.event("confirm")
    assert len(socket.pushed()) == 1


def test_unsubscribing_ends_the_events_and_allows_another_subscription(desk: Any, socket: Any) -> None:
    assert socket.send(dialect.frame(4, "UnsubscribeAccountEvents", _ids(desk))) == (
        '{"m":1,"i":4,"n":"UnsubscribeAccountEvents","o":"{\\"Unsubscribed\\":true}"}',
    )
    desk.withdrawal.event("confirm")
    assert socket.pushed() == ()
    socket.send(dialect.frame(6, "SubscribeAccountEvents", _ids(desk)))
    desk.withdrawal.event("cancel")
    assert [number for _, number, _ in _heads(socket.pushed())] == [2, 4]


@pytest.mark.parametrize("over_http", [False, True])
def test_events_end_with_the_session(desk: Any, over_http: bool) -> None:
    socket = desk.socket(logged_in=False)
    login = json.loads(json.loads(socket.send(dialect.hello(desk.credentials))[0])["o"])
    socket.send(dialect.frame(2, "SubscribeAccountEvents", _ids(desk)))
    if over_http:
        desk.with_token("LogOut", login["SessionToken"], {})
    else:
        socket.send(dialect.frame(4, "LogOut"))
    desk.withdrawal.event("confirm")
    assert socket.pushed() == ()


def test_events_end_when_the_session_was_idle_for_an_hour(desk: Any, socket: Any) -> None:
    desk.clock.advance(3_600_000)
    desk.withdrawal.event("confirm")
    assert socket.pushed() == ()


def test_a_login_as_somebody_else_ends_what_was_subscribed_to(desk: Any, socket: Any) -> None:
    socket.send(dialect.hello(desk.credentials))
    desk.withdrawal.event("confirm")
    assert len(socket.pushed()) == 1
    socket.send(dialect.hello(desk.simulator.alphapoint.account().credentials))
    desk.withdrawal.event("cancel")
    assert socket.pushed() == ()


def test_a_deleted_account_has_no_events(desk: Any) -> None:
    socket = desk.socket(logged_in=False)
    socket.send(dialect.hello(desk.operator()))
    socket.send(dialect.frame(2, "SubscribeAccountEvents", _ids(desk)))
    desk.account.delete()
    assert socket.pushed() == ()


def test_a_later_account_of_the_same_name_is_another_one(desk: Any) -> None:
    """It is given the same numbers, since they are seeded by the name."""
    socket = desk.socket(logged_in=False)
    socket.send(dialect.hello(desk.operator()))
    numbers = []
    for _ in range(2):
        twin = desk.simulator.alphapoint.account(name="twin")
        numbers.append(twin.credentials["account_id"])
        if len(numbers) == 1:
            payload = {"OMSId": 1, "AccountId": numbers[0]}
            assert "Subscribed" in socket.send(dialect.frame(2, "SubscribeAccountEvents", payload))[0]
            twin.delete()
    assert numbers[0] == numbers[1]
    twin.withdrawal("BTC", "1")
    assert socket.pushed() == ()
    assert "Subscribed" in socket.send(dialect.frame(2, "SubscribeAccountEvents", payload))[0]


def test_subscriptions_do_not_exist_over_http(desk: Any) -> None:
    for function in ("SubscribeAccountEvents", "UnsubscribeAccountEvents", "WebAuthenticateUser"):
        assert desk.call(function, _ids(desk)).body == b"NOT FOUND"


def test_thousands_of_sockets_hear_of_one_change(desk: Any) -> None:
    sockets = [desk.simulator.open_socket("/WSGateway/") for _ in range(2000)]
    told = sockets[0].send(dialect.hello(desk.credentials))
    token = json.loads(json.loads(told[0])["o"])["SessionToken"]
    for number, socket in enumerate(sockets):
        if number:
            socket.send(dialect.frame(0, "WebAuthenticateUser", {"SessionToken": token}))
        socket.send(dialect.frame(2, "SubscribeAccountEvents", _ids(desk)))
    for socket in sockets[1000:]:
        socket.close()
    desk.withdrawal.event("confirm")
    assert [len(socket.pushed()) for socket in sockets] == [1] * 1000 + [0] * 1000
