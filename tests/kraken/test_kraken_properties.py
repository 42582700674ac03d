"""What holds whatever anybody does: money is conserved, and no bytes get anything but Kraken's own answers."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.dialects import kraken as dialect
from simulator import Request, Simulator
from simulator.core.clock import ManualClock
from simulator.core.misuse import AlreadyThere
from simulator.exchanges.kraken import KRAKEN

EVENTS = sorted({event for moves in KRAKEN.lifecycle.moves.values() for event in moves})
TEXTS = {row.text for row in KRAKEN.unknowns.rows.values() if not row.shape} - {"EGeneral:Invalid arguments{field}"}
TEXTS |= {"EGeneral:Invalid arguments"}

steps = st.lists(
    st.one_of(
        st.tuples(st.just("create"), st.sampled_from(["0.00000001", "10", "33.3"])),
        st.tuples(st.just("withdraw"), st.sampled_from(["7.4", "7.5", "12.00000001", "50", "101"])),
        st.tuples(st.just("transfer"), st.sampled_from(["0", "0.00000001", "40", "101"])),
        st.tuples(st.just("cancel"), st.integers(0, 5)),
        st.tuples(st.just("event"), st.integers(0, 5), st.sampled_from(EVENTS)),
        st.tuples(st.just("advance"), st.integers(0, 1000)),
    ),
    max_size=25,
)


def signed(account: Any, method: str, body: bytes, nonce: str) -> Request:
    path = f"/0/private/{method}"
    sign = dialect.signature(account.api_secret, path, nonce, body)
    return Request("POST", path, (("API-Key", account.api_key), ("API-Sign", sign)), body)


@given(steps=steps, progress=st.sampled_from(["manual", "timed", "immediate"]))
@settings(deadline=None)
def test_money_is_conserved_whatever_happens(steps: list[tuple[Any, ...]], progress: Any) -> None:
    simulator = Simulator(clock=ManualClock())
    account = simulator.kraken.account(balances={"USDT": "100"}, progress=progress)
    nonce = 0
    for step in steps:
        withdrawals = account.withdrawals
        try:
            if step[0] == "create":
                account.withdrawal("USDT", step[1])
            elif step[0] == "withdraw":
                nonce += 1
                body = f"nonce={nonce}&asset=USDT&key=usdt-wallet&amount={step[1]}".encode()
                enough = Decimal("7.5") <= Decimal(step[1]) <= account.balance("USDT").available
                reply = simulator.answer(signed(account, "Withdraw", body, str(nonce)))
                assert ("result" in json.loads(reply.body)) == enough
            elif step[0] == "transfer":
                nonce += 1
                wallets = "from=Spot+Wallet&to=Futures+Wallet"
                body = f"nonce={nonce}&asset=USDT&{wallets}&amount={step[1]}".encode()
                enough = 0 < Decimal(step[1]) <= account.balance("USDT").available
                reply = simulator.answer(signed(account, "WalletTransfer", body, str(nonce)))
                assert ("result" in json.loads(reply.body)) == enough
            elif step[0] == "advance":
                account.advance(seconds=step[1])
            elif not withdrawals:
                continue
            elif step[0] == "event":
                withdrawals[step[1] % len(withdrawals)].event(step[2])
            else:
                nonce += 1
                wanted = withdrawals[step[1] % len(withdrawals)]
                could = KRAKEN.lifecycle.allows(wanted.internal_state, "cancel")
                was_pending = wanted.internal_state.endswith("cancel-pending")
                body = f"nonce={nonce}&asset=USDT&refid={wanted.id}".encode()
                reply = simulator.answer(signed(account, "WithdrawCancel", body, str(nonce)))
                assert json.loads(reply.body) == {"error": [], "result": could or was_pending}
        except AlreadyThere:
            pass
        balance = account.balance("USDT")
        assert balance.total == 100
        held = sum(
            (one.amount + one.fee for one in account.withdrawals if one.stage in ("pending", "cancelling")), Decimal()
        )
        spent = sum((one.amount + one.fee for one in account.withdrawals if one.stage == "processed"), Decimal())
        assert (balance.held, balance.spent) == (held, spent)
    assert_ledger_tells_it(simulator, account, nonce)


def assert_ledger_tells_it(simulator: Simulator, account: Any, nonce: int) -> None:
    """Each withdrawal is booked out once and back at most once; the running balance never jumps nor falls below 0."""
    lines: list[Any] = []
    while len(lines) % 50 == 0:
        nonce += 1
        body = f"nonce={nonce}&ofs={len(lines)}".encode()
        page = json.loads(simulator.answer(signed(account, "Ledgers", body, str(nonce))).body)["result"]
        lines += page["ledger"].values()
        if not page["ledger"]:
            break
    assert len(lines) == page["count"]
    running = Decimal()
    for line in reversed(lines):
        running += Decimal(line["amount"]) - Decimal(line["fee"])
        assert running == Decimal(line["balance"]) >= 0
    assert running == account.balance("USDT").available
    for withdrawal in account.withdrawals:
        own = [Decimal(line["amount"]) for line in reversed(lines) if line["refid"] == withdrawal.id]
        is_back = withdrawal.stage in ("cancelled", "failed")
        assert own == ([-withdrawal.amount, withdrawal.amount] if is_back else [-withdrawal.amount])


class NonceModel:
    """What is known of nonces, in ten lines."""

    def __init__(self, window: int, duplicates: bool) -> None:
        self.window, self.duplicates = window, duplicates
        self.used: list[int] = []

    def accepts(self, nonce: int) -> bool:
        if not 1 <= nonce < 2**64:
            return False
        fresh = not self.used or nonce > max(self.used) - self.window
        accepted = fresh and (self.duplicates or nonce not in self.used)
        self.used += [nonce] if accepted else []
        return accepted


@given(
    nonces=st.lists(st.integers(-1, 30) | st.integers(2**64 - 15, 2**64 + 1), max_size=30),
    window=st.integers(0, 20),
    duplicates=st.booleans(),
    kind=st.sampled_from(["form", "number", "text"]),
)
def test_a_nonce_is_accepted_as_the_model_says(nonces: list[int], window: int, duplicates: bool, kind: str) -> None:
    simulator = Simulator(clock=ManualClock())
    account = simulator.kraken.account(nonce_window=window, behavior={"nonce.window_accepts_duplicates": duplicates})
    model = NonceModel(window, duplicates)
    for nonce in nonces:
        body = {
            "form": f"nonce={nonce}",
            "number": json.dumps({"nonce": nonce}),
            "text": json.dumps({"nonce": str(nonce)}),
        }[kind].encode()
        request = signed(account, "GetApiKeyInfo", body, str(nonce))
        typed = () if kind == "form" else (("Content-Type", "application/json"),)
        reply = simulator.answer(Request("POST", request.target, (*request.headers, *typed), body))
        accepted = model.accepts(nonce)
        assert (reply.body == b'{"error":["EAPI:Invalid nonce"]}') == (not accepted)
        if accepted:
            assert json.loads(reply.body)["result"]["nonce"] == str(max(model.used))


@given(repeats=st.integers(1, 5), state=st.sampled_from(["Initial", "Pending", "Initial/onhold", "Pending/onhold"]))
def test_a_repeat_while_cancel_pending_changes_nothing_and_there_is_one_refund(repeats: int, state: str) -> None:
    simulator = Simulator(clock=ManualClock())
    account = simulator.kraken.account(balances={"USDT": "100"})
    withdrawal = account.withdrawal("USDT", "10", state=state)
    answers = []
    for nonce in range(1, repeats + 2):
        body = f"nonce={nonce}&asset=USDT&refid={withdrawal.id}".encode()
        answers.append(json.loads(simulator.answer(signed(account, "WithdrawCancel", body, str(nonce))).body)["result"])
        assert (withdrawal.internal_state.partition("/")[2], len(withdrawal.history)) == ("cancel-pending", 2)
        assert account.balance("USDT").held == Decimal("12.5")
    assert answers == [True] * (repeats + 1)
    account.advance(hours=10)
    assert account.balance("USDT").available == 100
    assert_ledger_tells_it(simulator, account, repeats + 1)


@given(
    count=st.integers(0, 12),
    limit=st.integers(1, 5),
    old=st.lists(st.booleans(), min_size=12, max_size=12),
    arrives=st.booleans(),
)
def test_paging_by_cursor_visits_every_row_once(count: int, limit: int, old: list[bool], arrives: bool) -> None:
    """Also when the refids are of both styles, and when a new withdrawal arrives between two pages."""
    simulator = Simulator(clock=ManualClock())
    account = simulator.kraken.account()
    made = []
    for is_old in old[:count]:
        account.set(behavior={"refid.style": "old" if is_old else "new"})
        made.append(account.withdrawal("USDT", "1").id)
    seen: list[str] = []
    cursor: str | None = "true"
    nonce = 0
    while cursor:
        nonce += 1
        body = json.dumps({"nonce": nonce, "limit": limit, "cursor": cursor}).encode()
        request = signed(account, "WithdrawStatus", body, str(nonce))
        headers = (*request.headers, ("Content-Type", "application/json"))
        page = json.loads(simulator.answer(Request("POST", request.target, headers, body)).body)["result"]
        assert len(page["withdrawals"]) <= limit
        seen += [row["refid"] for row in page["withdrawals"]]
        cursor = page["next_cursor"]
        if arrives and nonce == 1:
            account.withdrawal("USDT", "1")
    assert seen == made[::-1]


SHARED = Simulator(clock=ManualClock())
ACCOUNT = SHARED.kraken.account(balances={"USDT": "19.9"}, nonce_window=2**63 - 1, permissions=list(KRAKEN.permissions))
PENDING = ACCOUNT.withdrawal("USDT", "10")

texts = st.binary(max_size=40).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
names = st.sampled_from(["API-Key", "API-Sign", "Content-Type", "X"]) | texts
values = st.sampled_from([ACCOUNT.api_key, "application/json", "application/x-www-form-urlencoded"]) | texts
targets = st.sampled_from([endpoint.path for endpoint in KRAKEN.endpoints])
METHODS = [endpoint.path.rpartition("/")[2] for endpoint in KRAKEN.endpoints if endpoint.permission is not None]
ARGUMENTS = (
    *("asset", "refid", "limit", "cursor", "start", "end", "method", "aclass", "key", "amount", "max_fee", "address"),
    *("from", "to", "network", "verified", "type", "ofs", "without_count", "id", "trades", "rebase_multiplier", "otp"),
)
likely = st.sampled_from(["USDT", "usdt-wallet", "Spot Wallet", "Futures Wallet", "all", "7.4", "1e9", "true", "-0"])
wild = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def assert_krakens_own(reply: Any) -> None:
    if reply.status == 405:
        assert reply.body.startswith(b"<html>\r\n<head><title>405 Not Allowed</title>")
        return
    document = json.loads(reply.body)
    assert list(document) in (["error"], ["error", "result"])
    assert set(document["error"]) <= TEXTS
    assert (reply.status == 404) == (document["error"] == ["EGeneral:Unknown method"])


@given(
    verb=st.sampled_from(["GET", "POST", "PUT"]) | st.text(max_size=5),
    target=targets | st.tuples(targets, texts).map("?".join) | texts.map("/0/".__add__),
    headers=st.lists(st.tuples(names, values), max_size=5),
    body=st.binary(max_size=200),
)
@settings(deadline=None)
def test_any_request_gets_one_of_krakens_answers_and_moves_no_money(
    verb: str, target: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    before = ACCOUNT.balance("USDT")
    assert_krakens_own(SHARED.answer(Request(verb, target, tuple(headers), body)))
    assert (ACCOUNT.balance("USDT"), PENDING.internal_state) == (before, "Initial")


@given(
    method=st.sampled_from(METHODS),
    arguments=st.dictionaries(st.sampled_from(ARGUMENTS), wild | likely),
)
@settings(deadline=None, max_examples=400)
def test_any_json_that_is_signed_rightly_gets_one_of_krakens_answers_and_moves_no_money(
    method: str, arguments: dict[str, Any]
) -> None:
    """The account has 7.4 USDT, less than any withdrawal takes; a transfer of its own free will is no bad input."""
    if method == "WalletTransfer":
        arguments.pop("amount", None)
    before = ACCOUNT.balance("USDT")
    body = json.dumps({"nonce": "7", **arguments}).encode()
    request = signed(ACCOUNT, method, body, "7")
    reply = SHARED.answer(
        Request("POST", request.target, (*request.headers, ("Content-Type", "application/json")), body)
    )
    assert_krakens_own(reply)
    assert (ACCOUNT.balance("USDT"), PENDING.internal_state) == (before, "Initial")


@given(
    method=st.sampled_from(METHODS),
    arguments=st.lists(st.tuples(st.sampled_from(ARGUMENTS), likely | st.text(max_size=12)), max_size=8),
    tail=st.binary(max_size=20),
)
@settings(max_examples=300)
def test_any_form_that_is_signed_rightly_gets_one_of_krakens_answers_and_moves_no_money(
    method: str, arguments: list[tuple[str, str]], tail: bytes
) -> None:
    given_arguments = [pair for pair in arguments if not (method == "WalletTransfer" and pair[0] == "amount")]
    before = ACCOUNT.balance("USDT")
    body = b"nonce=7&" + urlencode(given_arguments, errors="replace").encode() + b"&x=" + tail.replace(b"&", b"")
    assert_krakens_own(SHARED.answer(signed(ACCOUNT, method, body, "7")))
    assert (ACCOUNT.balance("USDT"), PENDING.internal_state) == (before, "Initial")
