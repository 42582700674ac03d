"""Logins in two steps, locked users, and sessions: what each of them opens, and what it does not."""

from __future__ import annotations

import json
from typing import Any

import pyotp
import pytest

from contracts.dialects import alphapoint as dialect
from contracts.wire import HttpCall
from simulator import Reply

NOW_S = 1_700_000_000
FAILED = b'{"Authenticated":false}'


@pytest.fixture
def desk(open_desk: Any) -> Any:
    """Its user has two factors."""
    return open_desk(use_2fa=True)


def _first_step(desk: Any, function: str = "Authenticate", peer: str = "127.0.0.1") -> Reply:
    call = HttpCall("GET", f"/AP/{function}")
    reply: Reply = desk.send(
        dialect.with_password(call, desk.credentials["username"], desk.credentials["password"]), peer
    )
    return reply


def _pending(desk: Any, peer: str = "127.0.0.1") -> str:
    token: str = json.loads(_first_step(desk, peer=peer).body)["Pending2FaToken"]
    return token


def _second_step(desk: Any, token: str, code: object, peer: str = "127.0.0.1") -> Reply:
    body = json.dumps({"Code": code}).encode()
    reply: Reply = desk.send(dialect.with_pending(HttpCall("POST", "/AP/Authenticate2FA", (), body), token), peer)
    return reply


def _code(desk: Any, shift_s: int = 0) -> str:
    return dialect.totp(desk.credentials["totp_secret"], desk.clock.now_ms // 1000 + shift_s)


def test_the_dialect_makes_the_codes_of_the_standard() -> None:
    # RFC 6238 appendix B, SHA-1, the last six of its eight digits.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    vectors = {59: "287082", 1_111_111_109: "081804", 1_234_567_890: "005924", 20_000_000_000: "353130"}
    assert {moment: dialect.totp(secret, moment) for moment in vectors} == vectors
    assert pyotp.TOTP(secret).at(59) == "287082"


@pytest.mark.parametrize("function", ["Authenticate", "AuthenticateUser"])
def test_a_password_alone_is_half_a_login(desk: Any, function: str) -> None:
    reply = _first_step(desk, function)
    token = json.loads(reply.body)["Pending2FaToken"]
    assert len(token) == 36
    assert reply.body.decode() == (
        f'{{"Authenticated":true,"Requires2FA":true,"AuthType":"Google","AddtlInfo":"","Pending2FaToken":"{token}"}}'
    )
    refused = desk.with_token("GetWithdraws", token)
    assert (refused.status, refused.body) == (404, b"NOT FOUND")


def test_the_code_completes_it_and_the_pending_token_becomes_the_sessions(desk: Any) -> None:
    token = _pending(desk)
    reply = _second_step(desk, token, _code(desk))
    assert reply.body.decode() == (
        f'{{"Authenticated":true,"UserId":{desk.credentials["user_id"]},"SessionToken":"{token}"}}'
    )
    assert desk.with_token("GetWithdraws", token).status == 200
    assert _second_step(desk, token, _code(desk)).body == FAILED


def test_the_code_may_come_in_a_query_as_ccxt_sends_it(desk: Any) -> None:
    call = HttpCall("GET", f"/AP/Authenticate2FA?Code={_code(desk)}", (("pending2fatoken", _pending(desk)),))
    assert json.loads(desk.send(call).body)["Authenticated"] is True


@pytest.mark.parametrize(("shift_s", "is_right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_the_code_of_now_and_its_neighbours_count(desk: Any, shift_s: int, is_right: bool) -> None:
    assert json.loads(_second_step(desk, _pending(desk), _code(desk, shift_s)).body)["Authenticated"] is is_right


def test_a_wrong_code_may_be_followed_by_the_right_one(desk: Any) -> None:
    token = _pending(desk)
    for wrong in ("000000" if _code(desk) != "000000" else "000001", "", None, 12.5, [1], "٣٣٣٣٣٣", "1" * 5000):
        assert _second_step(desk, token, wrong).body == FAILED
    assert _second_step(desk, token, int(_code(desk))).body != FAILED


def test_a_pending_login_ends_after_an_hour_and_is_bound_to_its_ip(desk: Any) -> None:
    token = _pending(desk)
    assert _second_step(desk, token, _code(desk), peer="192.0.2.1").body == FAILED
    desk.clock.advance(3_600_000)
    assert _second_step(desk, token, _code(desk)).body == FAILED


def test_a_key_needs_no_second_factor(desk: Any) -> None:
    assert desk.call("GetWithdraws").status == 200
    login = json.loads(desk.send(dialect.signed(HttpCall("GET", "/AP/Authenticate"), desk.credentials, 1)).body)
    assert (login["User"]["Use2FA"], login["Requires2FA"]) == (True, False)
    assert desk.with_token("GetWithdraws", login["SessionToken"]).status == 200


@pytest.mark.parametrize("function", ["AuthenticateUser", "WebAuthenticateUser"])
def test_a_socket_logs_in_with_two_frames(desk: Any, function: str) -> None:
    socket = desk.socket(logged_in=False)
    password = {"UserName": desk.credentials["username"], "Password": desk.credentials["password"]}
    assert socket.send(dialect.frame(0, function, password)) == (
        f'{{"m":1,"i":0,"n":"{function}","o":"{{\\"Authenticated\\":true,\\"Requires2FA\\":true,'
        '\\"AuthType\\":\\"Google\\",\\"AddtlInfo\\":\\"\\"}"}',
    )
    assert '\\"errorcode\\":20' in socket.send(dialect.frame(2, "GetWithdraws", desk.asked()))[0]
    assert socket.send(dialect.frame(4, "Authenticate2FA", {"Code": "12345"})) == (
        '{"m":1,"i":4,"n":"Authenticate2FA","o":"{\\"Authenticated\\":false}"}',
    )
    told = json.loads(json.loads(socket.send(dialect.frame(6, "Authenticate2FA", {"Code": _code(desk)}))[0])["o"])
    assert list(told) == ["Authenticated", "UserId", "SessionToken"]
    assert '\\"WithdrawCode\\"' in socket.send(dialect.frame(8, "GetWithdraws", desk.asked()))[0]
    assert desk.with_token("GetWithdraws", told["SessionToken"]).status == 200


def test_a_socket_has_nothing_to_complete_before_its_first_step(desk: Any) -> None:
    told = desk.socket(logged_in=False).send(dialect.frame(4, "Authenticate2FA", {"Code": _code(desk)}))
    assert told == ('{"m":1,"i":4,"n":"Authenticate2FA","o":"{\\"Authenticated\\":false}"}',)


def test_a_half_login_on_a_socket_is_not_completed_for_a_later_account_of_the_same_name(desk: Any) -> None:
    """The later account is given the same tokens, since they are seeded by the name."""
    socket = desk.socket(logged_in=False)
    for number in range(2):
        twin = desk.simulator.alphapoint.account(name="twin", use_2fa=True)
        password = {"UserName": twin.credentials["username"], "Password": twin.credentials["password"]}
        with_password = desk.socket(logged_in=False) if number else socket
        with_password.send(dialect.frame(0, "AuthenticateUser", password))
        if not number:
            twin.delete()
    code = {"Code": dialect.totp(twin.credentials["totp_secret"], NOW_S)}
    assert '\\"Authenticated\\":false' in socket.send(dialect.frame(2, "Authenticate2FA", code))[0]
    assert '\\"Authenticated\\":true' in with_password.send(dialect.frame(2, "Authenticate2FA", code))[0]


def test_a_session_of_two_factors_is_taken_up_without_another_code(desk: Any) -> None:
    token = _pending(desk)
    taken = dialect.frame(0, "WebAuthenticateUser", {"SessionToken": token})
    socket = desk.socket(logged_in=False)
    assert "Invalid username or password" in socket.send(taken)[0]
    _second_step(desk, token, _code(desk))
    assert f'\\"SessionToken\\":\\"{token}\\"' in socket.send(taken)[0]


def test_a_user_without_two_factors_never_waits_for_a_code(open_desk: Any) -> None:
    desk = open_desk()
    assert json.loads(_first_step(desk).body)["Requires2FA"] is False
    assert _second_step(desk, desk.login(), _code(desk)).body == FAILED


class TestLocking:
    """The field login.failures_to_lock."""

    def _log_in(self, desk: Any, password: str) -> Any:
        call = HttpCall("GET", "/AP/Authenticate")
        return json.loads(desk.send(dialect.with_password(call, desk.credentials["username"], password)).body)

    def test_nobody_is_locked_by_default(self, open_desk: Any) -> None:
        desk = open_desk()
        assert not any(self._log_in(desk, "x")["Locked"] for _ in range(50))
        assert desk.object("GetUserInfo", {})["NumberOfFailedAttempt"] == 50
        assert self._log_in(desk, desk.credentials["password"])["Authenticated"] is True

    def test_too_many_failures_lock_the_user_until_somebody_unlocks(self, open_desk: Any) -> None:
        desk = open_desk(behavior={"login.failures_to_lock": 3})
        right = desk.credentials["password"]
        assert [self._log_in(desk, "x")["Locked"] for _ in range(4)] == [False, False, False, True]
        assert self._log_in(desk, right) == {
            "Authenticated": False,
            "Locked": True,
            "errormsg": "Invalid username or password",
        }
        user = desk.object("GetUserInfo", {})
        assert (user["Locked"], user["LockedTime"], user["NumberOfFailedAttempt"]) == (
            True,
            "2023-11-14T22:13:20.000Z",
            3,
        )
        desk.account.set(behavior={"login.failures_to_lock": 0})
        assert self._log_in(desk, right)["Authenticated"] is True
        assert desk.object("GetUserInfo", {})["NumberOfFailedAttempt"] == 0

    def test_a_success_ends_a_row_of_failures(self, open_desk: Any) -> None:
        desk = open_desk(behavior={"login.failures_to_lock": 3})
        for password in ("x", "x", desk.credentials["password"], "x", "x"):
            assert self._log_in(desk, password)["Locked"] is False
        assert self._log_in(desk, desk.credentials["password"])["Authenticated"] is True
