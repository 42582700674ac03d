"""The control surface: its shapes, and one clear sentence for every wrong use."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from simulator import Misuse, Request, Simulator
from simulator.core.wire import decode, encode
from simulator.server import control

JSON = (("Content-Type", "application/json"),)


class Surface:
    """The control surface of a simulator without a socket."""

    def __init__(self) -> None:
        self.simulator = Simulator()

    def __call__(self, method: str, path: str, body: object = None, headers: Any = JSON) -> tuple[int, Any]:
        data = b"" if body is None else body if isinstance(body, bytes) else encode(body)
        request = Request(method, control.root + path, headers if data else (), data)
        reply = control.answer(self.simulator.service, "http://here", request)
        return reply.status, decode(reply.body) if reply.body else None

    def account(self, **options: Any) -> str:
        status, document = self("POST", "accounts", {"exchange": "bybit", **options})
        assert status == 201, document
        identity: str = document["id"]
        return identity


@pytest.fixture
def surface() -> Surface:
    return Surface()


def test_health_tells_that_it_runs(surface: Surface) -> None:
    status, document = surface("GET", "health")
    assert status == 200
    assert document["status"] == "ok"


def test_making_an_account_answers_all_that_a_client_needs(surface: Surface) -> None:
    status, document = surface("POST", "accounts", {"exchange": "bybit", "name": "a", "balances": {"USDT": "100"}})
    assert status == 201
    assert set(document) == {"id", "exchange", "url", "credentials", "client_settings", "balances"}
    assert (document["id"], document["exchange"], document["url"]) == ("bybit-a", "bybit", "http://here")
    assert set(document["credentials"]) == {"api_key", "api_secret", "user_id"}
    assert document["balances"] == {"USDT": {"available": "100", "held": "0", "spent": "0"}}
    assert document["client_settings"]["asset"] == "USDT"


def test_a_supplied_secret_is_masked_wherever_it_could_be_seen(surface: Surface) -> None:
    _, made = surface("POST", "accounts", {"exchange": "bybit", "api_key": "mine", "api_secret": "hush-hush"})
    assert made["credentials"]["api_secret"] == "***"
    surface.simulator.answer(Request("POST", "/v5/nothing", (), b"hush-hush"))
    account = surface.simulator.service.worlds["bybit"].accounts["account-1"]
    surface.simulator.answer(
        Request(
            "POST",
            "/v5/asset/withdraw/cancel",
            (
                ("X-BAPI-API-KEY", "mine"),
                ("X-BAPI-TIMESTAMP", str(account.now_ms())),
                ("X-BAPI-SIGN", "hush-hush"),
            ),
            b'{"hush-hush":1}',
        )
    )
    for path in (f"accounts/{made['id']}", "accounts", f"accounts/{made['id']}/journal", "exchanges/bybit/journal"):
        assert "hush-hush" not in str(surface("GET", path))
    entry = surface("GET", f"accounts/{made['id']}/journal")[1]["entries"][-1]
    assert entry["request"]["body"] == '{"***":1}'
    assert "***" in entry["refused"]["because"]


def test_a_withdrawal_goes_through_its_life_by_events_and_time(surface: Surface) -> None:
    identity = surface.account(balances={"USDT": "100"})
    status, withdrawal = surface("POST", f"accounts/{identity}/withdrawals", {"asset": "USDT", "amount": "10"})
    assert status == 201
    assert (withdrawal["state"], withdrawal["internal_state"], withdrawal["stage"]) == (
        "SecurityCheck",
        "UnderReview",
        "pending",
    )
    path = f"accounts/{identity}/withdrawals/{withdrawal['id']}"
    assert surface("POST", path + "/events", {})[1]["internal_state"] == "UnderFinalReview"
    assert surface("POST", path + "/events", {"event": "approve"})[1]["state"] == "Pending"
    assert surface("POST", f"accounts/{identity}/advance", {"seconds": 3600})[0] == 200
    status, after = surface("GET", path)
    assert (after["state"], after["stage"]) == ("success", "processed")
    assert [step["event"] for step in after["history"]] == [
        "create",
        "pass_review",
        "approve",
        "pack",
        "hand_over",
        "broadcast",
        "process",
        "confirm_on_chain",
        "succeed",
    ]
    assert surface("GET", f"accounts/{identity}/withdrawals")[1]["withdrawals"] == [after]
    assert surface("GET", f"accounts/{identity}")[1]["balances"]["USDT"] == {
        "available": "86",
        "held": "0",
        "spent": "14",
    }


def test_a_further_key_belongs_to_the_same_account(surface: Surface) -> None:
    identity = surface.account()
    status, key = surface("POST", f"accounts/{identity}/keys", {"permissions": [], "read_only": True})
    assert (status, key["id"]) == (201, identity)
    keys = surface("GET", f"accounts/{identity}")[1]["keys"]
    assert [one["permissions"] for one in keys] == [["AccountTransfer", "SubMemberTransfer", "Withdraw"], []]


def test_an_account_can_be_changed_and_deleted(surface: Surface) -> None:
    identity = surface.account()
    changes = {"progress": "timed", "limits": True, "behavior": {"cancel.unknown_id": "SERVER_ERROR"}}
    assert surface("PATCH", f"accounts/{identity}", changes)[1]["behavior"] == {"cancel.unknown_id": "SERVER_ERROR"}
    shown = surface("GET", f"accounts/{identity}")[1]
    assert (shown["progress"], shown["limits"]) == ("timed", True)
    assert surface("DELETE", f"accounts/{identity}") == (204, None)
    assert surface("GET", f"accounts/{identity}")[0] == 404
    assert surface("GET", "accounts")[1] == {"accounts": []}


def test_faults_can_be_made_counted_and_forgotten(surface: Surface) -> None:
    identity = surface.account()
    path = f"accounts/{identity}/faults"
    status, fault = surface("POST", path, {"kind": "lose_reply", "endpoint": "cancel", "nth": 2, "times": None})
    assert status == 201
    assert {name: value for name, value in fault.items() if name != "id"} == {
        "share": 1.0,
        "kind": "lose_reply",
        "endpoint": "cancel",
        "nth": 2,
        "times": None,
        "met": 0,
        "fired": 0,
    }
    surface("POST", path, {"kind": "lose_reply"})
    assert len(surface("GET", path)[1]["faults"]) == 2
    assert surface("DELETE", f"{path}/{fault['id']}") == (204, None)
    assert surface("DELETE", f"{path}/{fault['id']}")[0] == 404
    assert surface("DELETE", path) == (204, None)
    assert surface("GET", path)[1] == {"faults": []}


def test_the_journal_of_an_exchange_has_what_belongs_to_nobody(surface: Surface) -> None:
    surface.simulator.answer(Request("GET", "/v5/nothing"))
    entries = surface("GET", "exchanges/bybit/journal")[1]["entries"]
    assert entries[0]["refused"]["condition"] == "route.unknown"
    assert entries[0]["reply"]["status"] == 404


def test_an_exchange_can_be_told_how_to_answer_what_belongs_to_nobody(surface: Surface) -> None:
    before = surface.account()
    changes = {"behavior": {"route.unknown": "ROUTE_NOT_FOUND"}}
    assert surface("PATCH", "exchanges/bybit", changes)[1]["behavior"] == changes["behavior"]
    assert surface("GET", "exchanges/bybit")[1]["title"] == "Bybit V5"
    assert b"10017" in surface.simulator.answer(Request("GET", "/v5/nothing")).body
    assert surface("GET", f"accounts/{surface.account()}")[1]["behavior"] == changes["behavior"]
    assert surface("GET", f"accounts/{before}")[1]["behavior"] == {}


def test_the_journal_keeps_the_beginning_of_a_long_body(surface: Surface) -> None:
    surface.simulator.answer(Request("POST", "/v5/nothing", (), b"x" * 1_000_000))
    entry = surface("GET", "exchanges/bybit/journal")[1]["entries"][0]
    assert (len(entry["request"]["body"]), entry["cut"]) == (16 * 1024, True)


WRONG = [
    ("POST", "accounts", {}, 400, "the field 'exchange' is missing: bybit, okx, kraken or alphapoint"),
    ("POST", "accounts", {"exchange": 5}, 400, "the field 'exchange' must be text, one of bybit, okx, kraken or alpha"),
    ("POST", "accounts", {"exchange": None}, 400, "the field 'exchange' must be text, one of bybit, okx, kraken or"),
    ("POST", "accounts", {"exchange": "bybitt"}, 400, "there is no exchange 'bybitt'; did you mean 'bybit'?"),
    ("POST", "accounts", {"exchange": "bybit", "nam": "x"}, 400, "bybit accounts have no option 'nam'; did you mean"),
    (
        "POST",
        "accounts",
        {"exchange": "bybit", "limits": 1},
        400,
        "bybit accounts: option 'limits' must be true or false",
    ),
    ("POST", "accounts", {"exchange": "bybit", "name": "a b"}, 400, "bybit accounts: option 'name'"),
    ("POST", "accounts", {"exchange": "bybit", "progress": "fast"}, 400, "bybit accounts: option 'progress'"),
    ("POST", "accounts", {"exchange": "bybit", "balances": {"USDT": "-1"}}, 400, "balance of USDT '-1' must be"),
    ("POST", "accounts", {"exchange": "bybit", "balances": {"USDT": "1e40"}}, 400, "balance of USDT '1E+40' must be"),
    ("POST", "accounts", {"exchange": "bybit", "balances": {"USDX": "1"}}, 400, "there is no asset 'USDX'; did you"),
    ("POST", "accounts", {"exchange": "bybit", "permissions": ["Withdrw"]}, 400, "there is no permission 'Withdrw'"),
    ("POST", "accounts", {"exchange": "bybit", "behavior": {"x": "y"}}, 400, "there is no behavior 'x'; known are"),
    (
        "POST",
        "accounts",
        {"exchange": "bybit", "behavior": {"cancel.unknown_id": "X"}},
        400,
        "behavior 'cancel.unknown_id' cannot be 'X', which names no error row; known are ",
    ),
    ("POST", "accounts", {"exchange": "bybit", "ip_allowlist": ["here"]}, 400, "ip_allowlist has 'here', which is not"),
    ("POST", "accounts", {"exchange": "bybit", "expires": "soon"}, 400, "expires 'soon' is neither ISO 8601"),
    ("POST", "accounts", b"{", 400, "the body is not JSON: "),
    ("POST", "accounts", b"[]", 400, "the body must be a JSON object, not an array"),
    ("POST", "accounts", b"[" * 100_000, 400, "the body is not JSON: nested too deeply"),
    ("PUT", "accounts", None, 405, "/_control/accounts takes GET or POST, not PUT"),
    ("GET", "acounts", None, 404, "the control surface has no path '/_control/acounts'; did you mean"),
    ("GET", "accounts/bybit-z", None, 404, "there is no account 'bybit-z'; did you mean 'bybit-a'?"),
    ("POST", "accounts/bybit-a/advance", {}, 400, "the field 'seconds' is missing"),
    ("POST", "accounts/bybit-a/advance", {"seconds": -1}, 400, "seconds -1 must be a number from 0 to 3153600000"),
    ("POST", "accounts/bybit-a/advance", {"seconds": True}, 400, "seconds True must be a number from 0 to"),
    ("POST", "accounts/bybit-a/advance", {"seconds": "1"}, 400, "seconds '1' must be a number from 0 to"),
    ("POST", "accounts/bybit-a/advance", {"minutes": 1}, 400, "there is no field 'minutes' here; known are seconds"),
    ("PATCH", "accounts/bybit-a", {"limit": True}, 400, "account changes have no option 'limit'; did you mean"),
    ("POST", "accounts/bybit-a/withdrawals", {"asset": "USDT"}, 400, "bybit withdrawals: "),
    ("POST", "accounts/bybit-a/withdrawals", {"asset": "USDT", "amount": "0"}, 400, "amount '0' must be greater"),
    ("POST", "accounts/bybit-a/withdrawals", {"asset": "USDT", "amount": "NaN"}, 400, "amount 'NaN' must be a finite"),
    (
        "POST",
        "accounts/bybit-a/withdrawals",
        {"asset": "USDT", "amount": "10000"},
        409,
        "account 'bybit-a' has 10000 USDT available, but the withdrawal takes 10004 (amount and fee)",
    ),
    (
        "POST",
        "accounts/bybit-a/withdrawals",
        {"asset": "USDT", "amount": "1", "state": "Sucess"},
        400,
        "there is no state 'Sucess'; did you mean",
    ),
    (
        "POST",
        "accounts/bybit-a/withdrawals",
        {"asset": "USDT", "amount": "1", "network": "TRON"},
        400,
        "USDT has no network 'TRON'",
    ),
    ("GET", "accounts/bybit-a/withdrawals/1", None, 404, "account 'bybit-a' has no withdrawal '1'; none are known"),
    ("GET", "exchanges/binance/journal", None, 404, "there is no exchange 'binance'"),
    ("GET", "exchanges/binance", None, 404, "there is no exchange 'binance'"),
    ("PATCH", "exchanges/bybit", {"progress": "timed"}, 400, "exchange changes have no option 'progress'; known are"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "sentence"), WRONG)
def test_a_wrong_use_is_told_in_one_sentence(
    surface: Surface, method: str, path: str, body: object, status: int, sentence: str
) -> None:
    surface.account(name="a")
    got, problem = surface(method, path, body)
    assert (got, problem["status"]) == (status, status)
    assert problem["detail"].startswith(sentence), problem["detail"]
    assert "\n" not in problem["detail"]
    assert len(surface("GET", "accounts")[1]["accounts"]) == 1


def test_events_that_do_not_exist_and_events_that_are_not_possible_now(surface: Surface) -> None:
    identity = surface.account()
    _, withdrawal = surface("POST", f"accounts/{identity}/withdrawals", {"asset": "USDT", "amount": "10"})
    path = f"accounts/{identity}/withdrawals/{withdrawal['id']}/events"
    assert surface("POST", path, {"event": "cancle"})[1]["detail"] == (
        "there is no event 'cancle'; did you mean 'cancel'?"
    )
    status, problem = surface("POST", path, {"event": "broadcast"})
    assert status == 409
    assert problem["detail"].startswith("a withdrawal in state 'UnderReview' has no event 'broadcast'; possible are: ")
    assert surface("POST", path, {"event": 1})[1]["detail"] == (
        "event 1 must be the name of an event, or nothing for the next one"
    )
    surface("POST", path, {"event": "cancel"})
    assert surface("POST", path, {})[1]["detail"] == (
        "a withdrawal in state 'CancelByUser' has no next step; name an event"
    )


@pytest.mark.parametrize("option", ["name", "balances", "permissions", "ip_allowlist", "behavior", "progress"])
def test_half_of_a_surrogate_pair_is_told_in_one_sentence(surface: Surface, option: str) -> None:
    status, problem = surface("POST", "accounts", b'{"exchange":"okx","%s":"\\ud800"}' % option.encode())
    assert status == 400
    assert "\n" not in problem["detail"]


def test_a_web_page_cannot_drive_it(surface: Surface) -> None:
    status, problem = surface("POST", "accounts", b'{"exchange":"bybit"}', (("Content-Type", "text/plain"),))
    assert status == 415
    assert problem["detail"] == "a body needs Content-Type: application/json, not 'text/plain'"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://here:81", "http://[", ""])
@pytest.mark.parametrize(("method", "path"), [("POST", "accounts/bybit-a/keys"), ("DELETE", "accounts/bybit-a")])
def test_a_web_page_of_another_host_cannot_drive_it_without_a_body_either(
    surface: Surface, method: str, path: str, origin: str
) -> None:
    surface.account(name="a")
    headers = (("Host", "here:80"), ("Origin", origin))
    reply = control.answer(surface.simulator.service, "", Request(method, control.root + path, headers))
    problem = decode(reply.body)
    assert (reply.status, problem["title"]) == (403, "Forbidden")
    assert problem["detail"] == (f"a web page of origin '{origin}' may not change anything here; ask from 'here:80'")
    assert len(surface.simulator.service.worlds["bybit"].accounts["a"].keys) == 1


def test_a_page_of_the_server_itself_may_drive_it_and_any_page_may_look(surface: Surface) -> None:
    surface.account(name="a")
    for method, path, origin in (
        ("POST", "accounts/bybit-a/keys", "http://Here:80"),
        ("GET", "accounts/bybit-a", "http://evil.example"),
    ):
        request = Request(method, control.root + path, (("Host", "here:80"), ("origin", origin)))
        assert control.answer(surface.simulator.service, "", request).status in (200, 201)


@pytest.mark.parametrize("path", ["accounts/bybit-a/faults/", "accounts/bybit-a/", "accounts//faults", "accounts/", ""])
def test_a_path_with_an_empty_part_is_no_path_and_deletes_nothing(surface: Surface, path: str) -> None:
    surface.account(name="a")
    surface("POST", "accounts/bybit-a/faults", {"kind": "lose_reply"})
    status, problem = surface("DELETE", path)
    assert status == 404
    assert problem["detail"].startswith(f"the control surface has no path '/_control/{path}'; ")
    assert len(surface("GET", "accounts/bybit-a/faults")[1]["faults"]) == 1


def test_a_wrong_method_is_answered_with_those_that_are_allowed(surface: Surface) -> None:
    reply = control.answer(surface.simulator.service, "", Request("PUT", "/_control/accounts/x"))
    assert (reply.status, reply.header("Allow")) == (405, "GET, PATCH, DELETE")


def test_the_known_paths_are_named_once_each(surface: Surface) -> None:
    _, problem = surface("GET", "acounts")
    assert problem["detail"].count("'/_control/accounts'") == 1


def test_a_name_or_key_that_is_taken_is_a_conflict_and_leaves_nothing_behind(surface: Surface) -> None:
    surface.account(name="a", api_key="k")
    assert surface("POST", "accounts", {"exchange": "bybit", "name": "a"})[0] == 409
    assert surface("POST", "accounts", {"exchange": "bybit", "name": "b", "api_key": "k"})[0] == 409
    assert [one["id"] for one in surface("GET", "accounts")[1]["accounts"]] == ["bybit-a"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
option_names = st.sampled_from(
    [
        "exchange",
        "name",
        "api_key",
        "api_secret",
        "permissions",
        "balances",
        "progress",
        "limits",
        "behavior",
        "expires",
    ]
)


@given(body=st.dictionaries(option_names | st.text(), json_values, max_size=5))
def test_no_document_makes_anything_but_an_account_or_a_problem(body: dict[str, Any]) -> None:
    status, document = Surface()("POST", "accounts", {"exchange": "bybit", **body})
    assert status in (201, 400, 404, 409), document


@given(seconds=json_values)
def test_no_number_of_seconds_makes_anything_but_time_or_a_problem(seconds: Any) -> None:
    surface = Surface()
    status, _ = surface("POST", f"accounts/{surface.account()}/advance", {"seconds": seconds})
    assert status in (200, 400)


@pytest.mark.parametrize("password", ['p"q\\z', 'sé cr"et', "pä€ss"])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_a_supplied_password_is_masked_however_json_writes_it(
    surface: Surface, password: str, ascii_only: bool
) -> None:
    options = {"exchange": "alphapoint", "username": "me", "password": password}
    _, made = surface("POST", "accounts", options)
    login = json.dumps({"UserName": "me", "Password": password}, ensure_ascii=ascii_only)
    frame = json.dumps({"m": 0, "i": 0, "n": "AuthenticateUser", "o": login}, ensure_ascii=ascii_only)
    assert "SessionToken" in surface.simulator.open_socket("/WSGateway/").send(frame)[0]
    entry = surface("GET", f"accounts/{made['id']}/journal")[1]["entries"][0]
    assert "***" in entry["request"]["frame"]
    assert json.loads(json.loads(entry["request"]["frame"])["o"])["Password"] == "***"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8080",
        "127.0.0.1",
        "[::1]:8080",
        "localhost:1",
        "LOCALHOST",
        "localhost.",
        "a.localhost:5",
        "10.0.0.7",
        "",
    ],
)
def test_a_server_of_this_machine_alone_is_asked_by_address_or_as_localhost(host: str) -> None:
    request = Request("GET", control.root + "health", (("Host", host),))
    assert control.answer(Simulator().service, "http://here", request, local_only=True).status == 200


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize(
    "host", ["evil.example:8080", "localhost.evil.example", "simulator", "[::1", "127.0.0.1.nip.io"]
)
def test_a_page_whose_name_was_made_to_lead_here_is_refused(host: str, method: str) -> None:
    request = Request(method, control.root + "accounts", (("host", host), ("Origin", f"http://{host}")))
    reply = control.answer(Simulator().service, "http://here", request, local_only=True)
    assert reply.status == 403
    assert json.loads(reply.body)["detail"] == (
        f"this server listens on this machine alone, and was asked as {host!r}; ask by address or as localhost, "
        "or let it listen elsewhere (--host 0.0.0.0), where it takes any name"
    )


def test_a_client_without_a_host_header_is_no_browser() -> None:
    request = Request("GET", control.root + "health")
    assert control.answer(Simulator().service, "http://here", request, local_only=True).status == 200


@pytest.mark.parametrize(("listens", "status"), [("127.0.0.1", 403), ("localhost", 403), ("0.0.0.0", 200)])
def test_a_service_name_is_taken_where_the_server_listens_for_others(listens: str, status: int) -> None:
    """In a network of containers the server is asked by the name of its service."""
    with Simulator(host=listens) as running:
        told = requests.get(
            f"http://127.0.0.1:{running.port}/_control/health", headers={"Host": "simulator:8080"}, timeout=10
        )
        assert told.status_code == status
        bybit = requests.get(
            f"http://127.0.0.1:{running.port}/v5/market/time", headers={"Host": "api.bybit.com"}, timeout=10
        )
        assert bybit.status_code == 200


def test_an_account_goes_to_another_simulator_as_a_document(surface: Surface) -> None:
    identity = surface.account(name="a", api_secret="hush-hush", balances={"USDT": "100"})
    surface("POST", f"accounts/{identity}/withdrawals", {"asset": "USDT", "amount": "10"})
    status, document = surface("GET", f"accounts/{identity}/snapshot")
    assert status == 200
    assert document["keys"][0]["secret"] == "hush-hush"  # there, and nowhere else
    other = Surface()
    status, opened = other("POST", "accounts/restore", document)
    assert status == 201
    assert (opened["id"], opened["credentials"]["api_secret"]) == ("bybit-a", "***")
    assert other("GET", f"accounts/{identity}/withdrawals") == surface("GET", f"accounts/{identity}/withdrawals")
    status, told = other("POST", "accounts/restore", document)
    assert (status, told["detail"]) == (
        409,
        "bybit already has an account 'a'; choose another name or delete it",
    )


def test_a_snapshot_larger_than_other_bodies_may_be_is_restored(simulator: Simulator) -> None:
    account = simulator.bybit.account("large", balances={"BTC": "100000"})
    withdrawals = [account.withdrawal("BTC", "1", address="x" * 10_000) for _ in range(150)]
    document = account.snapshot()
    account.delete()
    reply = requests.post(f"{simulator.url}/_control/accounts/restore", json=document, timeout=60)
    assert reply.status_code == 201
    path = f"{simulator.url}/_control/accounts/bybit-large/withdrawals/{withdrawals[-1].id}"
    assert requests.get(path, timeout=10).json()["address"] == "x" * 10_000


@pytest.mark.parametrize("what", ["journal", "snapshot", "faults", "withdrawals"])
def test_what_is_asked_of_a_deleted_account_is_told_in_one_sentence(surface: Surface, what: str) -> None:
    identity = surface.account(name="gone")
    surface.account(name="gone2")
    surface("DELETE", f"accounts/{identity}")
    status, told = surface("GET", f"accounts/{identity}/{what}")
    assert status == 404
    assert told["detail"].endswith("there is no account 'bybit-gone'; did you mean 'bybit-gone2'?")


def test_a_second_server_on_a_port_says_that_it_is_taken(simulator: Simulator) -> None:
    with pytest.raises(Misuse) as told:
        Simulator(port=simulator.port).start()
    assert str(told.value).startswith(f"cannot listen on 127.0.0.1:{simulator.port}: ")
    assert str(told.value).endswith("; choose another address, or port 0 for a free one")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"seed": "x"}, "seed 'x' must be a whole number that 64 bits hold"),
        ({"seed": True}, "seed True must be a whole number that 64 bits hold"),
        ({"seed": 2**63}, "seed 9223372036854775808 must be a whole number that 64 bits hold"),
        ({"clock": 5}, "clock 5 must be a clock with now_ns(), such as core.clock.ManualClock"),
    ],
)
def test_a_simulator_that_could_not_be_is_refused(wrong: Any, sentence: str) -> None:
    with pytest.raises(Misuse) as told:
        Simulator(**wrong)
    assert str(told.value) == sentence


def test_wrong_words_from_python_are_refused_in_one_sentence() -> None:
    simulator = Simulator()
    account = simulator.okx.account("a")
    account.withdrawal("USDT", "1", client_id="mine")
    wrong: list[tuple[Any, str]] = [
        (lambda: account.balance("DOGE"), "there is no asset 'DOGE'; known are "),
        (lambda: account.balance([]), "there is no asset []; known are "),
        (lambda: simulator.open_socket(5), "the target of a WebSocket is a path such as '/WSGateway/', not 5"),
        (lambda: account.key(expires=2**63), "expires 9223372036854775808 is no number of ms since 1970 that 64 bits"),
        (
            lambda: account.withdrawal("USDT", "1", client_id="mine"),
            "account 'okx-a' has a withdrawal with the client_id 'mine' already",
        ),
    ]
    for call, sentence in wrong:
        with pytest.raises(Misuse) as told:
            call()
        assert str(told.value).startswith(sentence)
