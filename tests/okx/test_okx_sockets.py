"""The WebSocket: login, subscriptions, pushes and closes, frame by frame as they stand on the wire."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from contracts.dialects import okx as dialect
from simulator import ReplyLost
from simulator.core.book import Change
from simulator.core.rows import conditions
from simulator.exchanges.okx.behavior import Conditions
from simulator.exchanges.okx.sockets import push
from simulator.server.inprocess import SocketHandle

NOW_S = 1_700_000_000
CHANNEL = '{"channel":"withdrawal-info"}'
SUBSCRIBE = '{"op":"subscribe","args":[{"channel":"withdrawal-info"}]}'
DENIED = '{"op":"subscribe","args":[{"channel":"tickers","instId":"BTC-USDT"}]}'
KEY = "b68428e0-6ea2-4dd8-9de2-af7f6114ecb8"


def without_connection(frames: tuple[str, ...]) -> list[str]:
    """The frames with the connection's id, eight hex digits, left out."""
    assert all(re.search(r'"connId":"[0-9a-f]{8}"\}$', frame) for frame in frames)
    return [re.sub(r',"connId":"[0-9a-f]{8}"', "", frame) for frame in frames]


def states(frames: tuple[str, ...]) -> list[str]:
    """The states that pushes tell of."""
    return [json.loads(frame)["data"][0]["state"] for frame in frames]


def last(bench: Any) -> str:
    return str(bench.entries[-1].refused.condition)


def test_a_login_is_acknowledged_with_the_id_of_the_connection(bench: Any) -> None:
    account = bench.account()
    socket = bench.simulator.open_socket("/ws/v5/business")
    answer = socket.send(dialect.login(account.credentials, str(NOW_S)))
    assert without_connection(answer) == ['{"event":"login","code":"0","msg":""}']
    connection = json.loads(answer[0])["connId"]
    assert json.loads(socket.send(SUBSCRIBE)[0])["connId"] == connection
    other = bench.socket(account)
    assert json.loads(other.send(SUBSCRIBE)[0])["connId"] != connection


def test_the_published_example_of_a_login_signature_is_reproduced() -> None:
    credentials = {"api_key": "k", "api_secret": "22582BD0CFF14C41EDBF1AB98506286D", "passphrase": "p"}
    frame = json.loads(dialect.login(credentials, "1704876947"))
    assert frame["args"][0]["sign"] == "5/36BgGV6m/6pmdc20zdqk0mzF5ZalmzzPD2fo3wavU="


@pytest.mark.parametrize(
    "timestamp", [str(NOW_S), NOW_S, f"{NOW_S}.123", 1700000000.5, f"{NOW_S + 30}", f"{NOW_S - 30}"]
)
def test_a_timestamp_may_be_text_a_number_or_have_a_fraction(bench: Any, timestamp: Any) -> None:
    account = bench.account()
    socket = bench.simulator.open_socket("/ws/v5/business")
    assert '"event":"login"' in socket.send(dialect.login(account.credentials, timestamp))[0]


LOGINS = [
    ("login.parameter_missing", {"apiKey": ""}, '"msg":"Parameter apiKey can not be empty.","code":"60027"'),
    ("login.parameter_missing", {"passphrase": None}, '"msg":"Parameter passphrase can not be empty.","code":"60027"'),
    ("login.parameter_missing", {"sign": 7}, '"msg":"Parameter sign can not be empty.","code":"60027"'),
    ("login.parameter_missing", {"timestamp": True}, '"msg":"Parameter timestamp can not be empty.","code":"60027"'),
    ("login.timestamp_invalid", {"timestamp": "2023-11-14T22:13:20Z"}, '"msg":"Invalid timestamp","code":"60004"'),
    ("login.timestamp_invalid", {"timestamp": "٣"}, '"msg":"Invalid timestamp","code":"60004"'),
    ("login.timestamp_invalid", {"timestamp": 1e300}, '"msg":"Invalid timestamp","code":"60004"'),
    ("login.timestamp_invalid", {"timestamp": -1}, '"msg":"Invalid timestamp","code":"60004"'),
    ("login.timestamp_expired", {"timestamp": NOW_S - 31}, '"msg":"Timestamp request expired","code":"60006"'),
    ("login.timestamp_expired", {"timestamp": NOW_S * 1000}, '"msg":"Timestamp request expired","code":"60006"'),
    ("login.key_malformed", {"apiKey": "made-up"}, '"msg":"Invalid apiKey","code":"60005"'),
    (
        "login.key_unknown",
        {"apiKey": "00000000-0000-0000-0000-000000000000"},
        '"msg":"API key doesn\'t exist","code":"60032"',
    ),
    ("login.wrong_passphrase", {"passphrase": "another"}, '"msg":"Wrong passphrase","code":"60024"'),
    ("login.wrong_signature", {"sign": "x"}, '"msg":"Invalid sign","code":"60007"'),
]


@pytest.mark.parametrize(("condition", "changes", "told"), LOGINS)
def test_a_wrong_login_is_told_why_and_the_socket_stays_open(
    bench: Any, condition: str, changes: dict[str, Any], told: str
) -> None:
    account = bench.account(api_key=KEY)
    socket = bench.simulator.open_socket("/ws/v5/business")
    answer = socket.send(dialect.login(account.credentials, NOW_S, **changes))
    assert without_connection(answer) == [f'{{"event":"error",{told}}}']
    assert last(bench) == condition
    assert socket.closed is None
    assert '"event":"login"' in socket.send(dialect.login(account.credentials, NOW_S))[0]


@pytest.mark.parametrize(
    ("options", "condition", "told"),
    [
        (
            {"ip_allowlist": ["2001:db8::1"]},
            "login.wrong_ip",
            '"msg":"Your IP 127.0.0.1 is not included in your API key\'s b68428e0-6ea2-4dd8-9de2-af7f6114ecb8 '
            'IP whitelist.","code":"50110"',
        ),
        ({"api_frozen": True}, "login.blocked", '"msg":"Login failed.","code":"60009"'),
        ({"user_blocked": True}, "login.blocked", '"msg":"Login failed.","code":"60009"'),
        ({"expires": 1}, "login.key_unknown", '"msg":"API key doesn\'t exist","code":"60032"'),
    ],
)
def test_an_account_that_may_not_log_in_is_told_so(
    bench: Any, options: dict[str, Any], condition: str, told: str
) -> None:
    account = bench.account(api_key=KEY, **options)
    answer = bench.simulator.open_socket("/ws/v5/business").send(dialect.login(account.credentials, NOW_S))
    assert without_connection(answer) == [f'{{"event":"error",{told}}}']
    assert last(bench) == condition


ORDER = [
    {"sign": ""},
    {"timestamp": "x"},
    {"timestamp": NOW_S - 31},
    {"apiKey": "made-up"},
    {"apiKey": "00000000-0000-0000-0000-000000000000"},
    {"passphrase": "another"},
    {"sign": "x"},
]


@pytest.mark.parametrize("first", range(len(ORDER)))
def test_of_two_wrong_parts_of_a_login_the_earlier_check_answers(bench: Any, first: int) -> None:
    account = bench.account(api_key=KEY)
    socket = bench.simulator.open_socket("/ws/v5/business")
    socket.send(dialect.login(account.credentials, NOW_S, **ORDER[first]))
    expected = last(bench)
    for second in ORDER[first + 1 :]:
        if not second.keys() & ORDER[first].keys():
            socket.send(dialect.login(account.credentials, NOW_S, **{**second, **ORDER[first]}))
            assert last(bench) == expected


def test_two_orders_of_a_login_are_the_fields_of_rest(bench: Any) -> None:
    behavior = {"auth.signature_before_passphrase": True, "auth.key_shape_before_timestamp": True}
    bench.simulator.okx.set(behavior=behavior)
    account = bench.account()
    socket = bench.simulator.open_socket("/ws/v5/business")
    socket.send(dialect.login(account.credentials, NOW_S, passphrase="x", sign="x"))
    assert last(bench) == "login.wrong_signature"
    socket.send(dialect.login(account.credentials, NOW_S, apiKey="made-up", timestamp="x"))
    assert last(bench) == "login.key_malformed"


def test_a_second_login_is_refused_and_the_first_stays(bench: Any) -> None:
    account = bench.account()
    socket = bench.socket(account, channel=CHANNEL)
    told = '{"event":"error","msg":"The WebSocket endpoint does not allow multiple or repeated logins.","code":"60031"}'
    assert without_connection(socket.send(dialect.login(account.credentials, NOW_S))) == [told]
    account.withdrawal("BTC", "1")
    assert states(socket.pushed()) == ["0"]
    login = json.loads(dialect.login(account.credentials, NOW_S))
    login["args"] *= 2
    assert without_connection(bench.socket().send(json.dumps(login))) == [told]


def test_a_login_and_a_subscription_echo_their_id(bench: Any) -> None:
    account = bench.account()
    socket = bench.socket()
    login = {"id": "2", **json.loads(dialect.login(account.credentials, NOW_S))}
    assert without_connection(socket.send(json.dumps(login))) == ['{"id":"2","event":"login","code":"0","msg":""}']
    for op in ("subscribe", "unsubscribe"):
        frame = f'{{"id":"1512","op":"{op}","args":[{CHANNEL}]}}'
        told = f'{{"id":"1512","event":"{op}","arg":{CHANNEL}}}'
        assert without_connection(socket.send(frame)) == [told]
    assert without_connection(socket.send('{"id":7,"op":"x","args":[]}')) == [
        '{"event":"error","msg":"Invalid op: x","code":"60019"}'
    ]


def test_every_arg_is_answered_by_itself(bench: Any) -> None:
    socket = bench.socket(bench.account())
    args = f'{CHANNEL},{{"channel":"tickers","instId":"X"}},{{"channel":"deposit-info"}}'
    frame = f'{{"op":"subscribe","args":[{args}]}}'
    assert without_connection(socket.send(frame)) == [
        f'{{"event":"subscribe","arg":{CHANNEL}}}',
        '{"event":"error","msg":"Wrong URL or channel:tickers,instId:X doesn\'t exist. Please use the correct URL, '
        'channel and parameters referring to API document.","code":"60018"}',
        '{"event":"subscribe","arg":{"channel":"deposit-info"}}',
    ]


def test_a_frame_of_500_args_is_answered_500_times(bench: Any) -> None:
    socket = bench.socket(bench.account())
    args = ",".join([CHANNEL] * 500)
    assert len(set(socket.send(f'{{"op":"subscribe","args":[{args}]}}'))) == 1
    assert len(socket.send(f'{{"op":"unsubscribe","args":[{args}]}}')) == 500


FRAMES = [
    ("frame.not_json", '{"op":"subscribe",', '"msg":"Illegal request: {\\"op\\":\\"subscribe\\",","code":"60012"'),
    ("frame.not_an_object", "[]", '"msg":"Illegal request: []","code":"60012"'),
    ("frame.not_an_object", "{}", '"msg":"Illegal request: {}","code":"60012"'),
    ("frame.not_an_object", '{"op":7}', '"msg":"Illegal request: {\\"op\\":7}","code":"60012"'),
    ("frame.not_json", "PING", '"msg":"Illegal request: PING","code":"60012"'),
    ("frame.unknown_op", '{"op":"order","args":[{}]}', '"msg":"Invalid op: order","code":"60019"'),
    ("frame.bad_args", '{"op":"subscribe"}', '"msg":"Invalid args","code":"60013"'),
    ("frame.bad_args", '{"op":"subscribe","args":[]}', '"msg":"Invalid args","code":"60013"'),
    ("frame.bad_args", '{"op":"login","args":{}}', '"msg":"Invalid args","code":"60013"'),
    ("frame.bad_args", '{"op":"subscribe","args":["withdrawal-info"]}', '"msg":"Invalid args","code":"60013"'),
    ("frame.bad_args", '{"op":"subscribe","args":[{}]}', '"msg":"Invalid args","code":"60013"'),
    (
        "frame.bad_args",
        '{"op":"subscribe","args":[{"channel":"withdrawal-info","ccy":["BTC"]}]}',
        '"msg":"Invalid args","code":"60013"',
    ),
    ("frame.too_long", '{"op":"subscribe","args":[{}' + ",{}" * 500 + "]}", '"msg":"Invalid args","code":"60013"'),
    ("frame.too_long", '{"op":"subscribe","args":["' + "ä" * 32_768 + '"]}', '"msg":"Invalid args","code":"60013"'),
    ("frame.too_long", '{"op":"subscribe","args":[' + " " * 65_536 + "{}]}", '"msg":"Invalid args","code":"60013"'),
    ("channel.login_needed", SUBSCRIBE, '"msg":"Please log in","code":"60011"'),
    ("channel.login_needed", SUBSCRIBE.replace("sub", "unsub"), '"msg":"Please log in","code":"60011"'),
    (
        "channel.unknown",
        DENIED,
        '"msg":"Wrong URL or channel:tickers,instId:BTC-USDT doesn\'t exist. Please use the correct URL, channel and '
        'parameters referring to API document.","code":"60018"',
    ),
]


@pytest.mark.parametrize(("condition", "frame", "told"), FRAMES)
def test_a_frame_that_cannot_be_done_is_an_error_and_the_socket_stays_open(
    bench: Any, condition: str, frame: str, told: str
) -> None:
    socket = bench.socket()
    assert without_connection(socket.send(frame)) == [f'{{"event":"error",{told}}}']
    assert last(bench) == condition
    assert socket.send("ping") == ("pong",)
    assert socket.closed is None


@pytest.mark.parametrize("path", ["/ws/v5/private", "/ws/v5/public"])
def test_the_channel_has_moved_to_the_business_path(bench: Any, path: str) -> None:
    account = bench.account()
    socket = bench.socket(account, path=path)
    assert without_connection(socket.send(SUBSCRIBE)) == [
        '{"event":"error","msg":"This channel has been migrated to the \'/business\' URL. Please subscribe using the '
        "new URL. More details can be found here: https://www.okx.com/help-center/changes-to-v5-api-websocket-"
        'subscription-parameter-and-url","code":"64001"}'
    ]
    account.set(behavior={"channel.elsewhere": "CHANNEL_UNKNOWN"})
    assert '"code":"60018"' in socket.send(SUBSCRIBE)[0]


def test_the_address_of_demo_trading_is_served_too(bench: Any) -> None:
    account = bench.account(demo=True)
    assert bench.socket(account, path="/ws/v5/business?brokerId=9999", channel=CHANNEL).pushed() == ()


def test_there_is_no_other_socket() -> None:
    from simulator import Misuse, Simulator

    with pytest.raises(Misuse, match="no exchange has a WebSocket"):
        Simulator().open_socket("/ws/v5/spot")


def test_a_withdrawal_is_pushed_with_every_key_in_alphabetical_order(bench: Any) -> None:
    account = bench.account()
    socket = bench.socket(account, channel=CHANNEL)
    made = account.withdrawal("USDT", "2", network="USDT-TRC20", address="TN8")
    uid = account.credentials["user_id"]
    assert socket.pushed() == (
        f'{{"arg":{{"channel":"withdrawal-info","uid":"{uid}"}},"data":[{{"addrEx":null,"amt":"2","areaCodeFrom":"",'
        '"areaCodeTo":"","ccy":"USDT","chain":"USDT-TRC20","clientId":"","fee":"0.8","feeCcy":"USDT","from":"",'
        '"memo":"","nonTradableAsset":false,"note":"","pTime":"1700000000000","pmtId":"","state":"0","subAcct":"",'
        '"tag":"","to":"TN8","toAddrType":"1","ts":"1700000000000","txId":"",'
        f'"uid":"{uid}","wdId":"{made.id}"}}]}}',
    )


def test_a_cancel_pushes_cancelling_and_then_cancelled(bench: Any) -> None:
    account = bench.account()
    made = account.withdrawal("BTC", "1")
    socket = bench.socket(account, channel=CHANNEL)
    assert bench.cancel(account, made.id).status == 200
    assert states(socket.pushed()) == ["-3"]
    account.advance(seconds=10)
    assert states(socket.pushed()) == ["-2"]
    assert bench.cancel(account, made.id).status == 200
    assert socket.pushed() == ()


def test_whoever_changes_a_withdrawal_it_is_pushed(bench: Any) -> None:
    account = bench.account()
    socket = bench.socket(account, channel=CHANNEL)
    body = '{"ccy":"USDT","amt":"10","dest":"4","toAddr":"0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11"}'
    bench.post(account, "asset/withdrawal", body)
    assert states(socket.pushed()) == ["0"]
    account.withdrawals[0].event("approve")
    assert states(socket.pushed()) == ["7"]
    account.advance(minutes=6)
    pushes = socket.pushed()
    assert states(pushes) == ["1", "2"]
    assert [bool(json.loads(frame)["data"][0]["txId"]) for frame in pushes] == [False, True]


def test_what_falls_due_by_the_clock_is_pushed_with_the_next_tick(bench: Any) -> None:
    account = bench.account(progress="timed")
    account.withdrawal("BTC", "1", state="-3")
    socket = bench.socket(account, channel=CHANNEL)
    bench.clock.advance(10_000)
    bench.simulator.service.tick()
    assert states(socket.pushed()) == ["-2"]


def test_a_currency_filters_and_stands_in_the_arg(bench: Any) -> None:
    account = bench.account()
    socket = bench.socket(account, channel='{"channel":"withdrawal-info","ccy":"BTC"}')
    account.withdrawal("USDT", "1")
    account.withdrawal("BTC", "1")
    (frame,) = socket.pushed()
    uid = account.credentials["user_id"]
    assert frame.startswith(f'{{"arg":{{"channel":"withdrawal-info","ccy":"BTC","uid":"{uid}"}},"data":[')
    socket.send(SUBSCRIBE)
    account.withdrawal("BTC", "1")
    assert len(socket.pushed()) == 2


def test_a_subscription_counts_once_and_ends_with_unsubscribe(bench: Any) -> None:
    account = bench.account()
    socket = bench.socket(account, channel=CHANNEL)
    socket.send(SUBSCRIBE)
    account.withdrawal("BTC", "1")
    assert len(socket.pushed()) == 1
    socket.send(SUBSCRIBE.replace("subscribe", "unsubscribe"))
    account.withdrawal("BTC", "1")
    assert socket.pushed() == ()


def test_a_currency_that_nobody_knows_is_acknowledged_and_not_kept(bench: Any) -> None:
    socket = bench.socket(bench.account())
    for number in range(50):
        arg = f'{{"channel":"withdrawal-info","ccy":"{number}","x":[1],"y":1e30}}'
        told = f'{{"event":"subscribe","arg":{{"channel":"withdrawal-info","ccy":"{number}"}}}}'
        assert without_connection(socket.send(f'{{"op":"subscribe","args":[{arg}]}}')) == [told]
    assert socket._socket.session.channels == ()


def test_another_accounts_withdrawals_are_not_pushed(bench: Any) -> None:
    mine, other = bench.account(), bench.account()
    socket = bench.socket(mine, channel=CHANNEL)
    other.withdrawal("BTC", "1")
    assert socket.pushed() == ()


def test_an_id_that_two_accounts_have_is_pushed_to_its_own_alone(bench: Any) -> None:
    mine = bench.account()
    socket = bench.socket(mine, channel=CHANNEL)
    made = mine.withdrawal("BTC", "1")
    world = bench.simulator.service.worlds["okx"]
    for account, count in ((mine.id, 1), ("okx-another", 0)):
        change = Change(account, made.id, "", "0", "create", made.history[0].at_ms)
        assert len(push(world, socket._socket.session, (change,))[1]) == count


def test_nothing_is_pushed_before_a_subscription_and_there_is_no_snapshot(bench: Any) -> None:
    account = bench.account()
    socket = bench.socket(account)
    account.withdrawal("BTC", "1")
    assert socket.pushed() == ()
    assert len(socket.send(SUBSCRIBE)) == 1
    deposits = bench.socket(account, channel='{"channel":"deposit-info"}')
    account.withdrawal("BTC", "1")
    assert deposits.pushed() == ()


@pytest.mark.parametrize(
    ("asset", "label", "told"),
    [
        ("XRP", "tag", '"tag":"123456"'),
        ("XLM", "memo", '"memo":"123456"'),
        ("TON", "addrEx", '"addrEx":{"comment":"123456"}'),
        ("BTC", "", '"addrEx":null'),
    ],
)
def test_what_goes_with_an_address_is_pushed_and_recorded(bench: Any, asset: str, label: str, told: str) -> None:
    account = bench.account()
    socket = bench.socket(account, channel=CHANNEL)
    account.withdrawal(asset, "1", tag="123456")
    assert told in socket.pushed()[0]
    row = json.loads(bench.history(account).body)["data"][0]
    assert {"tag", "memo", "pmtId", "addrEx"} & row.keys() == ({label} if label else set())


def test_a_sub_account_pushes_its_name(bench: Any) -> None:
    account = bench.account(name="test", sub_account=True)
    socket = bench.socket(account, channel=CHANNEL)
    account.withdrawal("BTC", "1")
    assert '"subAcct":"test"' in socket.pushed()[0]


def test_a_main_account_hears_of_its_sub_accounts_and_they_not_of_it(bench: Any) -> None:
    main = bench.account(name="main")
    sub, stranger = bench.account(name="desk", main_account="main"), bench.account(sub_account=True)
    above, below = bench.socket(main, channel=CHANNEL), bench.socket(sub, channel=CHANNEL)
    made = sub.withdrawal("BTC", "1")
    stranger.withdrawal("BTC", "1")
    (frame,) = above.pushed()
    document = json.loads(frame)
    assert document["arg"] == {"channel": "withdrawal-info", "uid": main.credentials["user_id"]}
    (row,) = document["data"]
    assert (row["uid"], row["subAcct"], row["wdId"]) == (sub.credentials["user_id"], "desk", made.id)
    assert len(below.pushed()) == 1
    main.withdrawal("BTC", "1")
    assert (len(above.pushed()), below.pushed()) == (1, ())
    config = json.loads(bench.get(sub, "account/config").body)["data"][0]
    assert (config["mainUid"], config["type"]) == (main.credentials["user_id"], "1")
    assert bench.cancel(main, made.id).body == b'{"code":"58215","data":[],"msg":"Withdrawal ID does not exist."}'


def ticked(bench: Any, socket: SocketHandle, ms: int) -> tuple[int, str] | None:
    bench.clock.advance(ms)
    bench.simulator.service.tick()
    socket.pushed()
    return socket.closed


def test_a_socket_is_closed_when_nothing_was_heard_for_30_seconds(bench: Any) -> None:
    socket = bench.socket()
    assert ticked(bench, socket, 29_999) is None
    assert ticked(bench, socket, 1) == (4004, "No data received in 30s.")


def test_a_ping_and_a_push_keep_a_socket_open(bench: Any) -> None:
    account = bench.account()
    socket = bench.socket(account, channel=CHANNEL)
    assert ticked(bench, socket, 20_000) is None
    assert socket.send("ping") == ("pong",)
    assert ticked(bench, socket, 20_000) is None
    account.withdrawal("BTC", "1")
    assert ticked(bench, socket, 20_000) is None
    assert ticked(bench, socket, 10_000) == (4004, "No data received in 30s.")


def test_the_silence_that_ends_a_socket_is_a_field(bench: Any) -> None:
    socket = bench.socket(bench.account(behavior={"socket.idle_ms": 0}))
    assert ticked(bench, socket, 10**9) is None
    socket = bench.socket(bench.account(behavior={"socket.idle_ms": 5000}))
    assert ticked(bench, socket, 5000) == (4004, "No data received in 30s.")


def test_a_socket_whose_account_is_gone_is_closed_and_hears_nothing(bench: Any) -> None:
    account = bench.account(name="one")
    socket = bench.socket(account, channel=CHANNEL)
    account.delete()
    again = bench.account(name="one", api_key=account.api_key)
    again.withdrawal("BTC", "1")
    assert socket.pushed() == ()
    assert ticked(bench, socket, 1) == (4007, "API key has been updated or deleted. Please reconnect.")


def test_a_close_can_be_given_another_row_and_a_refusal_can_close(bench: Any) -> None:
    bench.simulator.okx.set(behavior={"socket.idle": "LOGIN_FAILED", "frame.not_json": "CLOSE_REQUEST_INVALID"})
    assert ticked(bench, bench.socket(), 30_000) == (1000, "Login failed.")
    socket = bench.socket()
    assert socket.send("{") == ()
    assert socket.closed == (4002, "Invalid Request")


@pytest.mark.parametrize(("condition", "frame"), [(condition, frame) for condition, frame, _ in FRAMES])
def test_the_condition_of_a_frame_can_be_given_another_row(bench: Any, condition: str, frame: str) -> None:
    bench.simulator.okx.set(behavior={condition: "SYSTEMS_BUSY"})
    told = '{"event":"error","msg":"Systems are busy. Please try again later.","code":"50013"}'
    assert without_connection(bench.socket().send(frame)) == [told]


@pytest.mark.parametrize(("condition", "changes"), [(condition, changes) for condition, changes, _ in LOGINS])
def test_the_condition_of_a_login_can_be_given_another_row(bench: Any, condition: str, changes: dict[str, Any]) -> None:
    bench.simulator.okx.set(behavior={condition: "CODE_63999"})
    account = bench.account(api_key=KEY)
    told = '{"event":"error","msg":"Login failed due to internal error. Please try again later.","code":"63999"}'
    assert without_connection(bench.socket().send(dialect.login(account.credentials, NOW_S, **changes))) == [told]


NOTICE = (
    '{"event":"notice","msg":"The connection will soon be closed for a service upgrade. Please reconnect.",'
    '"code":"64008"}'
)


def test_a_service_upgrade_is_noticed_ahead_of_the_next_answer_and_ends_the_socket_later(bench: Any) -> None:
    account = bench.account(behavior={"socket.upgrade_after_ms": 5000})
    socket = bench.socket(account)
    bench.clock.advance(4999)
    assert socket.send("ping") == ("pong",)
    bench.clock.advance(1)
    notice, pong = socket.send("ping")
    assert (without_connection((notice,)), pong) == ([NOTICE], "pong")
    assert socket.send("ping") == ("pong",)
    for _ in range(2):
        assert ticked(bench, socket, 29_999) is None
        socket.send("ping")
    assert ticked(bench, socket, 2) == (1001, "Going away")


def test_a_service_upgrade_is_noticed_ahead_of_a_push_and_does_not_meet_the_next_socket(bench: Any) -> None:
    account = bench.account()
    socket = bench.socket(account, channel=CHANNEL)
    bench.clock.advance(1)
    account.set(behavior={"socket.upgrade_after_ms": 1, "socket.upgrade_closes_ms": 500})
    account.withdrawal("BTC", "1")
    notice, push = socket.pushed()
    assert without_connection((notice,)) == [NOTICE]
    assert states((push,)) == ["0"]
    account.set(behavior={"socket.upgrade_after_ms": 0})
    assert ticked(bench, socket, 499) is None
    assert ticked(bench, socket, 1) == (1001, "Going away")
    assert bench.socket(account, channel=CHANNEL).send("ping") == ("pong",)


def test_the_notice_of_an_upgrade_and_its_end_can_be_given_other_rows(bench: Any) -> None:
    rows = {"socket.service_upgrade": "CODE_63999", "socket.upgraded": "CLOSE_ABNORMAL"}
    times = {"socket.upgrade_after_ms": 1, "socket.upgrade_closes_ms": 1}
    bench.simulator.okx.set(behavior={**rows, **times})
    socket = bench.socket()
    bench.clock.advance(1)
    assert '"event":"error","msg":"Login failed due to internal error.' in socket.send("ping")[0]
    assert ticked(bench, socket, 1) == (4006, "Abnormal disconnection")


def test_three_connections_a_second_of_an_account_with_limits_may_log_in(bench: Any) -> None:
    account = bench.account(limits=True)
    for _ in range(3):
        bench.socket(account)
    fourth = bench.socket()
    login = dialect.login(account.credentials, NOW_S)
    assert without_connection(fourth.send(login)) == ['{"event":"error","msg":"Requests too frequent","code":"60014"}']
    assert last(bench) == "login.too_many_connections"
    assert '"event":"login"' in bench.socket().send(dialect.login(bench.account(limits=True).credentials, NOW_S))[0]
    bench.clock.advance(1000)
    assert '"event":"login"' in fourth.send(login)[0]
    free = bench.account()
    assert all(bench.socket(free) for _ in range(9))


def test_a_connection_too_many_can_be_given_another_row(bench: Any) -> None:
    account = bench.account(limits=True, behavior={"login.too_many_connections": "CLOSE_REQUEST_INVALID"})
    for _ in range(3):
        bench.socket(account)
    fourth = bench.socket()
    assert fourth.send(dialect.login(account.credentials, NOW_S)) == ()
    assert fourth.closed == (4002, "Invalid Request")


def test_480_frames_an_hour_are_answered_on_one_socket_of_an_account_with_limits(bench: Any) -> None:
    account = bench.account(limits=True)
    socket, other = bench.socket(account), bench.socket(account)
    assert '"code":"60014"' not in "".join("".join(socket.send(SUBSCRIBE)) for _ in range(479))
    assert without_connection(socket.send(SUBSCRIBE)) == [
        '{"event":"error","msg":"Requests too frequent","code":"60014"}'
    ]
    assert last(bench) == "channel.too_frequent"
    assert '"event":"subscribe"' in other.send(SUBSCRIBE)[0]
    assert socket.send("ping") == ("pong",)
    account.advance(hours=1)
    assert '"event":"subscribe"' in socket.send(SUBSCRIBE)[0]


def test_frames_stand_in_the_journal_of_the_account_that_they_name(bench: Any) -> None:
    account = bench.account()
    socket = bench.socket(account, channel=CHANNEL)
    socket.send("ping")
    assert [entry.endpoint for entry in account.journal] == ["login", "subscribe", "ping"]
    bench.socket().send(DENIED)
    assert [entry.endpoint for entry in bench.simulator.okx.journal] == ["subscribe"]


def test_a_lost_reply_breaks_the_socket(bench: Any) -> None:
    account = bench.account()
    socket = bench.socket(account)
    account.fault("lose_reply")
    with pytest.raises(ReplyLost):
        socket.send(SUBSCRIBE)


def test_the_conditions_of_the_socket_are_all_broken_here() -> None:
    rooms = ("socket.", "frame.", "login.", "channel.")
    apart = {
        "socket.key_deleted",
        "socket.idle",
        "socket.service_upgrade",
        "socket.upgraded",
        "login.repeated",
        "login.too_many_connections",
        "login.blocked",
        "login.wrong_ip",
        "channel.elsewhere",
        "channel.too_frequent",
    }
    table = {one.name for one in conditions(Conditions) if one.name.startswith(rooms)}
    assert {condition for condition, *_ in (*LOGINS, *FRAMES)} | apart == table


@pytest.mark.parametrize(
    ("options", "condition"),
    [({"ip_allowlist": ["::1"]}, "login.wrong_ip"), ({"user_blocked": True}, "login.blocked")],
)
def test_the_condition_of_an_account_can_be_given_another_row(
    bench: Any, options: dict[str, Any], condition: str
) -> None:
    account = bench.account(behavior={condition: "LOGIN_FAILED"}, **options)
    assert '"msg":"Login failed.","code":"60009"' in bench.socket().send(dialect.login(account.credentials, NOW_S))[0]


@pytest.mark.parametrize(("condition", "count"), [("login.repeated", 1), ("channel.too_frequent", 479)])
def test_the_condition_of_a_repetition_can_be_given_another_row(bench: Any, condition: str, count: int) -> None:
    account = bench.account(limits=True, behavior={condition: "CLOSE_LOGIN_FAILED"})
    socket = bench.socket(account)
    for _ in range(count):
        assert socket.closed is None
        socket.send(dialect.login(account.credentials, NOW_S) if count == 1 else SUBSCRIBE)
    socket.send(SUBSCRIBE)
    assert socket.closed == (4001, "Login Failed")


@pytest.mark.parametrize(("condition", "frame"), [(condition, frame) for condition, frame, _ in FRAMES])
def test_whichever_row_answers_a_frame_it_has_the_blanks_that_can_be_filled_here(
    bench: Any, holes: Any, condition: str, frame: str
) -> None:
    for row in holes.sockets:
        bench.simulator.okx.set(behavior={condition: row.name})
        bench.socket().send(frame)
        assert bench.entries[-1].refused.row == row.name
        holes.check(condition, row)


@pytest.mark.parametrize(("condition", "changes"), [(condition, changes) for condition, changes, _ in LOGINS])
def test_whichever_row_answers_a_login_it_has_the_blanks_that_can_be_filled_here(
    bench: Any, holes: Any, condition: str, changes: dict[str, Any]
) -> None:
    account = bench.account(api_key=KEY)
    for row in holes.sockets:
        account.set(behavior={condition: row.name})
        bench.simulator.okx.set(behavior={condition: row.name})
        bench.socket().send(dialect.login(account.credentials, NOW_S, **changes))
        assert bench.entries[-1].refused.row == row.name
        holes.check(condition, row)


def test_a_channel_on_another_path_can_be_told_as_an_unknown_one_by_its_name(bench: Any, holes: Any) -> None:
    account = bench.account(behavior={"channel.elsewhere": "CHANNEL_UNKNOWN"})
    socket = bench.socket(account, path="/ws/v5/private")
    assert without_connection(socket.send(SUBSCRIBE)) == [
        '{"event":"error","msg":"Wrong URL or channel:withdrawal-info doesn\'t exist. Please use the correct URL, '
        'channel and parameters referring to API document.","code":"60018"}'
    ]
    for row in holes.sockets:
        account.set(behavior={"channel.elsewhere": row.name})
        socket.send(SUBSCRIBE)
        holes.check("channel.elsewhere", row)
