"""Frames: what a client may send, what comes back, and when nothing does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contracts.dialects import alphapoint as dialect

NOT_AUTHORIZED = '{\\"result\\":false,\\"errormsg\\":\\"Not Authorized\\",\\"errorcode\\":20,\\"detail\\":null}'
PONG = '{\\"msg\\":\\"PONG\\"}'
LOGIN_FAILED = '{\\"Authenticated\\":false,\\"Locked\\":false,\\"errormsg\\":\\"Invalid username or password\\"}'


def _token(frames: tuple[str, ...]) -> str:
    token: str = json.loads(json.loads(frames[0])["o"])["SessionToken"]
    return token


def _logged_in(socket: Any) -> bool:
    return NOT_AUTHORIZED not in socket.send(dialect.frame(9, "GetWithdraws"))[0]


def test_a_client_logs_in_cancels_and_sees_the_outcome(desk: Any) -> None:
    socket = desk.socket(logged_in=False)
    assert socket.send(dialect.frame(2, "CancelWithdraw", desk.asked())) == (
        f'{{"m":1,"i":2,"n":"CancelWithdraw","o":"{NOT_AUTHORIZED}"}}',
    )
    socket.send(dialect.hello(desk.credentials))
    assert socket.send(dialect.frame(4, "CancelWithdraw", desk.asked())) == (
        '{"m":1,"i":4,"n":"CancelWithdraw","o":"{\\"result\\":true,\\"errormsg\\":null,\\"errorcode\\":0,'
        f'\\"detail\\":\\"{desk.withdrawal.id}\\"}}"}}',
    )
    assert socket.send(dialect.frame(6, "CancelWithdraw", desk.asked())) == (
        '{"m":1,"i":6,"n":"CancelWithdraw","o":"{\\"result\\":false,\\"errormsg\\":\\"Operation Failed\\",'
        '\\"errorcode\\":101,\\"detail\\":\\"Withdraw ticket already processed\\"}"}',
    )
    ticket = json.loads(json.loads(socket.send(dialect.frame(8, "GetWithdrawTicket", desk.asked()))[0])["o"])
    assert ticket["Status"] == "UserCanceled"


@pytest.mark.parametrize("kind", [0, 2, 4])
@pytest.mark.parametrize("number", [0, 1, 2, -7, 2**63, 10**30])
def test_any_number_is_echoed_and_three_types_are_calls(desk: Any, kind: int, number: int) -> None:
    told = desk.socket(logged_in=False).send(f'{{"o":"","n":"Ping","i":{number},"m":{kind}}}')
    assert told == (f'{{"m":1,"i":{number},"n":"Ping","o":"{PONG}"}}',)


@pytest.mark.parametrize("payload", ['"o":""', '"o":null', '"o":"{}"', '"o":"null"', '"o":"{\\"OMSId\\":1}"', '"x":1'])
def test_a_call_without_arguments_may_be_written_in_many_ways(desk: Any, payload: str) -> None:
    told = desk.socket().send(f'{{"m":0,"i":0,"n":"Ping",{payload}}}')
    assert told == (f'{{"m":1,"i":0,"n":"Ping","o":"{PONG}"}}',)


@pytest.mark.parametrize("payload", ['"o":""', '"o":null', '"o":"{}"', '"o":"null"', '"x":1'])
def test_a_cancel_without_arguments_lacks_every_field(desk: Any, payload: str) -> None:
    told = desk.socket().send(f'{{"m":0,"i":0,"n":"CancelWithdraw",{payload}}}')
    assert told == (
        '{"m":1,"i":0,"n":"CancelWithdraw","o":"{\\"result\\":false,\\"errormsg\\":\\"Invalid Request\\",'
        '\\"errorcode\\":100,\\"detail\\":\\"OMSId, UserId, AccountId and RequestCode are Required\\"}"}',
    )


@pytest.mark.parametrize("name", ["ping", "PING", "Ping"])
def test_a_function_is_found_in_any_case_and_echoed_as_it_came(desk: Any, name: str) -> None:
    assert desk.socket().send(dialect.frame(0, name)) == (f'{{"m":1,"i":0,"n":"{name}","o":"{PONG}"}}',)


@pytest.mark.parametrize("name", ["GetServerTime", "", "Authenticate", "Cancel\u00e9", "CancelWithdraw "])
def test_an_unknown_function_is_an_error_in_plain_text(desk: Any, name: str) -> None:
    expected = json.dumps(
        {"m": 5, "i": 3, "n": name, "o": "Endpoint Not Found"}, separators=(",", ":"), ensure_ascii=False
    )
    assert desk.socket().send(dialect.frame(3, name)) == (expected,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text",
        "{",
        "[" * 100_000,
        "[]",
        "1",
        "null",
        '"Ping"',
        "{}",
        '{"m":0,"i":1,"o":""}',
        '{"m":0,"n":"Ping"}',
        '{"i":0,"n":"Ping"}',
        '{"m":1,"i":0,"n":"Ping"}',
        '{"m":true,"i":0,"n":"Ping"}',
        '{"m":0,"i":false,"n":"Ping"}',
        '{"m":0,"i":"0","n":"Ping"}',
        '{"m":0,"i":0.5,"n":"Ping"}',
        '{"m":0,"i":0,"n":7}',
        '{"m":[],"i":0,"n":"Ping"}',
        '{"m":0,"i":' + "9" * 5000 + ',"n":"Ping"}',
    ],
)
def test_what_is_no_usable_frame_gets_no_answer_and_the_socket_stays_open(desk: Any, text: str) -> None:
    socket = desk.socket()
    assert socket.send(text) == ()
    assert _logged_in(socket)


@pytest.mark.parametrize("payload", ["[]", '"x"', "7", "{", '\\"x\\"', "{\\"])
def test_a_payload_that_is_no_object_in_text_is_an_invalid_request(desk: Any, payload: str) -> None:
    told = json.loads(desk.socket().send(json.dumps({"m": 0, "i": 0, "n": "CancelWithdraw", "o": payload}))[0])
    assert told["o"] == '{"result":false,"errormsg":"Invalid Request","errorcode":100,"detail":null}'


@pytest.mark.parametrize("payload", [{"OMSId": 1}, [], 7, True])
def test_a_payload_that_is_no_text_is_an_invalid_request(desk: Any, payload: object) -> None:
    told = json.loads(desk.socket().send(json.dumps({"m": 0, "i": 0, "n": "CancelWithdraw", "o": payload}))[0])
    assert told["o"] == '{"result":false,"errormsg":"Invalid Request","errorcode":100,"detail":null}'


@pytest.mark.parametrize("spelling", ["UserName", "Username", "username"])
def test_a_password_logs_in_however_its_keys_are_spelled(desk: Any, spelling: str) -> None:
    payload = {spelling: desk.credentials["username"], "Password": desk.credentials["password"]}
    socket = desk.socket(logged_in=False)
    assert len(_token(socket.send(dialect.frame(0, "AuthenticateUser", payload)))) == 36
    assert _logged_in(socket)


def test_numbers_in_a_signed_login_count_as_their_text(desk: Any) -> None:
    proof = {**dialect.proof(desk.credentials, "42"), "UserId": desk.credentials["user_id"], "Nonce": 42}
    socket = desk.socket(logged_in=False)
    assert _token(socket.send(dialect.frame(0, "AuthenticateUser", proof)))


def test_web_authenticate_user_answers_in_its_own_shape(desk: Any) -> None:
    payload = {"UserName": desk.credentials["username"], "Password": desk.credentials["password"], "authCode": "1"}
    told = desk.socket(logged_in=False).send(dialect.frame(2, "WebAuthenticateUser", payload))
    assert told == (
        '{"m":1,"i":2,"n":"WebAuthenticateUser","o":"{\\"Authenticated\\":true,'
        f'\\"SessionToken\\":\\"{_token(told)}\\",\\"UserId\\":{desk.credentials["user_id"]},\\"twoFAToken\\":\\"\\"}}"}}',
    )


@pytest.mark.parametrize("with_user", [False, True])
def test_a_session_is_taken_up_on_another_socket(desk: Any, with_user: bool) -> None:
    token = desk.login()
    payload: dict[str, Any] = {"SessionToken": token}
    if with_user:
        payload["UserId"] = desk.credentials["user_id"]
    socket = desk.socket(logged_in=False)
    assert _token(socket.send(dialect.frame(0, "WebAuthenticateUser", payload))) == token
    assert _logged_in(socket)
    socket.send(dialect.frame(1, "LogOut"))
    assert desk.with_token("GetWithdraws", token).status == 404


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"UserName": "account-1@example.com"},
        {"Password": "x"},
        {"UserName": ["x"], "Password": "x"},
        {"UserName": "account-1@example.com", "Password": None},
        {"UserName": "account-1@example.com", "Password": "\ud800"},
        {"APIKey": "k"},
        {"APIKey": "k", "Signature": "s", "UserId": 1.5, "Nonce": "1"},
        {"APIKey": "k", "Signature": "s", "UserId": True, "Nonce": "1"},
        {"SessionToken": 1},
        {"JWTToken": "x"},
    ],
)
@pytest.mark.parametrize("function", ["AuthenticateUser", "WebAuthenticateUser"])
def test_a_login_that_shows_nothing_usable_fails(desk: Any, function: str, payload: dict[str, Any]) -> None:
    socket = desk.socket(logged_in=False)
    assert socket.send(dialect.frame(0, function, payload)) == (
        f'{{"m":1,"i":0,"n":"{function}","o":"{LOGIN_FAILED}"}}',
    )
    assert not _logged_in(socket)


def test_a_session_is_not_taken_up_for_another_user_or_after_an_hour(desk: Any) -> None:
    token = desk.login()
    socket = desk.socket(logged_in=False)
    assert (
        LOGIN_FAILED in socket.send(dialect.frame(0, "WebAuthenticateUser", {"SessionToken": token, "UserId": 96}))[0]
    )
    desk.clock.advance(3_600_000)
    assert LOGIN_FAILED in socket.send(dialect.frame(0, "WebAuthenticateUser", {"SessionToken": token}))[0]


def test_a_session_is_not_taken_up_from_another_ip(desk: Any) -> None:
    token = desk.login(peer="192.0.2.1")
    told = desk.socket(logged_in=False).send(dialect.frame(0, "WebAuthenticateUser", {"SessionToken": token}))
    assert LOGIN_FAILED in told[0]


def test_a_failed_login_leaves_the_earlier_one_in_force(desk: Any) -> None:
    socket = desk.socket()
    socket.send(dialect.frame(0, "AuthenticateUser", {"UserName": "x", "Password": "y"}))
    assert _logged_in(socket)


def test_logging_out_leaves_the_socket_open_and_nobody_on_it(desk: Any) -> None:
    socket = desk.socket()
    assert socket.send(dialect.frame(5, "LogOut")) == (
        '{"m":1,"i":5,"n":"LogOut","o":"{\\"result\\":true,\\"errormsg\\":null,\\"errorcode\\":0,\\"detail\\":null}"}',
    )
    assert not _logged_in(socket)
    assert NOT_AUTHORIZED in socket.send(dialect.frame(5, "LogOut"))[0]
    socket.send(dialect.hello(desk.credentials))
    assert _logged_in(socket)


def test_a_ping_keeps_the_session_of_a_socket_alive_and_silence_ends_it(desk: Any) -> None:
    socket = desk.socket()
    for _ in range(2):
        desk.clock.advance(3_599_999)
        socket.send(dialect.frame(1, "Ping"))
    assert _logged_in(socket)
    desk.clock.advance(3_600_000)
    socket.send(dialect.frame(1, "Ping"))
    assert not _logged_in(socket)


def test_a_deleted_account_leaves_its_socket_without_a_session(desk: Any) -> None:
    socket = desk.socket()
    desk.account.delete()
    assert not _logged_in(socket)


def _because(desk: Any) -> str:
    because: str = list(desk.simulator.alphapoint.journal)[-1].refused.because
    return because


def test_a_socket_of_a_deleted_account_is_not_logged_in_by_a_later_account_of_that_name(desk: Any) -> None:
    """The later account is given the same tokens, since they are seeded by the name."""
    credentials, tokens = [], []
    sockets = [desk.simulator.open_socket("/WSGateway/") for _ in range(2)]
    for socket in sockets:
        twin = desk.simulator.alphapoint.account(name="twin")
        credentials.append(dict(twin.credentials))
        tokens.append(_token(socket.send(dialect.hello(twin.credentials))))
        if socket is sockets[0]:
            twin.delete()
    assert credentials[0] == credentials[1]
    assert tokens[0] == tokens[1]
    withdrawal = twin.withdrawal("USDT", "10")
    payload = {
        "OMSId": 1,
        "UserId": twin.credentials["user_id"],
        "AccountId": twin.credentials["account_id"],
        "RequestCode": withdrawal.id,
    }
    assert sockets[0].send(dialect.frame(1, "Ping")) == (f'{{"m":1,"i":1,"n":"Ping","o":"{PONG}"}}',)
    assert sockets[0].send(dialect.frame(2, "CancelWithdraw", payload)) == (
        f'{{"m":1,"i":2,"n":"CancelWithdraw","o":"{NOT_AUTHORIZED}"}}',
    )
    assert NOT_AUTHORIZED in sockets[0].send(dialect.frame(3, "LogOut"))[0]
    assert withdrawal.state == "Pending2Fa"
    assert '\\"result\\":true' in sockets[1].send(dialect.frame(4, "CancelWithdraw", payload))[0]


def test_a_ping_on_a_socket_of_a_deleted_account_keeps_no_later_session_alive(desk: Any) -> None:
    twin = desk.simulator.alphapoint.account(name="twin")
    old, new = (desk.simulator.open_socket("/WSGateway/") for _ in range(2))
    old.send(dialect.hello(twin.credentials))
    twin.delete()
    new.send(dialect.hello(desk.simulator.alphapoint.account(name="twin").credentials))
    desk.clock.advance(3_599_999)
    old.send(dialect.frame(1, "Ping"))
    desk.clock.advance(1)
    assert not _logged_in(new)


def test_a_private_call_keeps_the_session_of_a_socket_alive(desk: Any) -> None:
    socket = desk.socket()
    for _ in range(3):
        desk.clock.advance(3_599_999)
        assert _logged_in(socket)
    desk.clock.advance(3_600_000)
    assert not _logged_in(socket)


def test_taking_up_a_session_is_activity_too(desk: Any) -> None:
    token = desk.login()
    desk.clock.advance(3_599_999)
    socket = desk.socket(logged_in=False)
    assert _token(socket.send(dialect.frame(0, "WebAuthenticateUser", {"SessionToken": token}))) == token
    desk.clock.advance(3_599_999)
    assert _logged_in(socket)


def test_a_socket_sees_its_account_as_it_is_now(desk: Any) -> None:
    desk.account.set(progress="timed")
    socket = desk.socket()
    desk.clock.advance(300_000)
    assert "Withdraw ticket already processed" in socket.send(dialect.frame(1, "CancelWithdraw", desk.asked()))[0]


def test_a_socket_whose_session_was_crowded_out_is_told_why_in_the_journal(desk: Any) -> None:
    socket = desk.socket()
    for _ in range(64):
        desk.login()
    assert not _logged_in(socket)
    assert _because(desk) == (
        "the socket's session was crowded out: an account keeps the 64 sessions that were used last"
    )


def test_the_alternative_for_a_socket_without_login_is_plain_text(desk: Any) -> None:
    desk.everywhere({"socket.not_authenticated": "ENDPOINT_NOT_FOUND"})
    assert desk.socket(logged_in=False).send(dialect.frame(2, "CancelWithdraw")) == (
        '{"m":5,"i":2,"n":"CancelWithdraw","o":"Endpoint Not Found"}',
    )


def test_frames_stand_in_the_journal_of_their_account(desk: Any) -> None:
    socket = desk.socket()
    socket.send(dialect.frame(1, "CancelWithdraw", desk.asked()))
    login, cancel = desk.account.journal
    assert (login.endpoint, cancel.endpoint) == ("login", "cancel")
    assert [(change.source, change.target) for change in cancel.changes] == [("Pending2Fa", "UserCanceled")]


def test_a_reply_lost_after_the_act_leaves_the_withdrawal_cancelled(desk: Any) -> None:
    from simulator import ReplyLost

    socket = desk.socket()
    desk.account.fault("lose_reply", endpoint="cancel")
    with pytest.raises(ReplyLost):
        socket.send(dialect.frame(1, "CancelWithdraw", desk.asked()))
    assert desk.withdrawal.state == "UserCanceled"


def test_the_journal_keeps_no_more_than_the_beginning_of_a_huge_name(desk: Any) -> None:
    name = "x" * 500_000
    (told,) = desk.socket().send(dialect.frame(1, name))
    assert told == f'{{"m":5,"i":1,"n":"{name}","o":"Endpoint Not Found"}}'
    entry = list(desk.simulator.alphapoint.journal)[-1]
    assert entry.cut
    assert len(entry.request.text) == len(entry.frames[0]) == len(entry.refused.because) == 16 * 1024
