"""What every exchange says about its errors, conditions and fields, and that all of it can be answered."""

from __future__ import annotations

import re
from collections import Counter
from string import Formatter
from typing import Any, get_args

import pytest

from simulator import Request, Simulator
from simulator.core.behavior import Field
from simulator.core.clock import ManualClock
from simulator.core.exchange import Exchange
from simulator.core.journal import Entry
from simulator.core.rows import Condition, Evidence, Row
from simulator.service.listed import exchanges

EVIDENCE = get_args(Evidence)
ROWS = [(exchange, row) for exchange in exchanges for row in exchange.unknowns.rows.values()]
CONDITIONS = [(exchange, one) for exchange in exchanges for one in exchange.unknowns.conditions.values()]
FIELDS = [(exchange, one) for exchange in exchanges for one in exchange.unknowns.fields.values()]


def named(value: Any) -> str:
    return str(value.name)


each_exchange = pytest.mark.parametrize("exchange", exchanges, ids=named)
each_row = pytest.mark.parametrize(("exchange", "row"), ROWS, ids=named)
each_condition = pytest.mark.parametrize(("exchange", "condition"), CONDITIONS, ids=named)
each_field = pytest.mark.parametrize(("exchange", "field"), FIELDS, ids=named)


def repeated(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def table(exchange: Exchange, module: str, name: str) -> type:
    from importlib import import_module

    found: type = getattr(import_module(f"simulator.exchanges.{exchange.name}.{module}"), name)
    return found


@each_exchange
def test_nothing_of_the_tables_is_lost_by_a_name_that_comes_twice(exchange: Exchange) -> None:
    rows = [one for one in vars(table(exchange, "errors", "Errors")).values() if isinstance(one, Row)]
    conditions = [one for one in vars(table(exchange, "behavior", "Conditions")).values() if isinstance(one, Condition)]
    fields = [one for one in vars(table(exchange, "behavior", "Fields")).values() if isinstance(one, Field)]
    assert not repeated([row.name for row in rows])
    assert not repeated([one.name for one in (*conditions, *fields)])
    assert len(exchange.unknowns.rows) == len(rows)
    assert len(exchange.unknowns.conditions) == len(conditions)
    assert len(exchange.unknowns.fields) == len(fields)


@each_row
def test_a_row_has_a_name_evidence_and_a_source(exchange: Exchange, row: Row) -> None:
    assert re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", row.name)
    assert row.evidence in EVIDENCE
    assert row.source.strip()
    assert row.source == row.source.strip()


@each_condition
def test_a_condition_has_a_dotted_name_evidence_a_source_and_a_sentence(
    exchange: Exchange, condition: Condition
) -> None:
    assert re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", condition.name)
    assert condition.evidence in EVIDENCE
    assert condition.source.strip()
    assert condition.says.strip()


@each_field
def test_a_field_has_a_dotted_name_evidence_a_source_and_a_sentence(exchange: Exchange, field: Field) -> None:
    assert re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", field.name)
    assert field.evidence in EVIDENCE
    assert field.source.strip()
    assert field.says.strip()
    assert field.checked(field.default) == field.default
    assert not repeated([repr(choice) for choice in field.choices])
    assert len(field.choices) != 1


@each_condition
def test_the_default_of_a_condition_is_a_row_of_the_table_that_can_be_reached(
    exchange: Exchange, condition: Condition
) -> None:
    assert exchange.unknowns.rows[condition.default.name] is condition.default
    assert not condition.default.unreachable


def refused_nowhere(exchange: Exchange, behavior: dict[str, Any]) -> tuple[Entry, Any]:
    """A request that no endpoint takes, and the journal's line about it."""
    simulator = Simulator(clock=ManualClock())
    world = simulator.service.world(exchange.name)
    world.behavior = exchange.unknowns.behavior(behavior)
    root = next(root for root in exchange.roots if root.endswith("/"))
    reply = simulator.answer(Request("POST", root + "there/is/nothing/here"))
    [entry] = world.journal
    return entry, reply


@each_row
def test_a_row_answers_where_a_condition_is_mapped_to_it(exchange: Exchange, row: Row) -> None:
    """A row that is no condition's default is there as an alternative: this is how it comes to be sent.

    Nobody fills the blanks of a row at a place that is not its own, and none may show.
    """
    bare, _ = refused_nowhere(exchange, {})
    assert bare.refused is not None
    entry, reply = refused_nowhere(exchange, {bare.refused.condition: row.name})
    assert entry.refused is not None
    assert (entry.refused.condition, entry.refused.row) == (bare.refused.condition, row.name)
    assert reply.status == row.status
    for _, blank, _, _ in Formatter().parse(row.text + (row.detail or "")):
        assert blank is None or "{" + blank + "}" not in reply.body.decode()
    plain = "".join(text for text, _, _, _ in Formatter().parse(row.text))
    if row.text == plain and reply.body and row.shape == "":
        assert row.text in reply.body.decode() or row.text == ""


@each_exchange
def test_a_row_that_is_no_default_is_an_alternative_or_says_why_nothing_provokes_it(exchange: Exchange) -> None:
    """Alternatives make sense where a condition's answer is not known from the wire."""
    conditions = exchange.unknowns.conditions.values()
    used = {condition.default.name for condition in conditions}
    spare = {name for name, row in exchange.unknowns.rows.items() if name not in used and not row.unreachable}
    open_questions = {one.name for one in conditions if one.evidence != "wild"}
    assert open_questions or not spare


@each_exchange
def test_every_endpoint_has_a_name_of_its_own_a_source_and_a_path_below_a_root(exchange: Exchange) -> None:
    for endpoint in exchange.endpoints:
        assert endpoint.source.strip(), endpoint.name
        assert exchange.owns(endpoint.path), endpoint.name
    assert not repeated([f"{endpoint.method} {endpoint.path}" for endpoint in exchange.endpoints])
    assert any(endpoint.name == "cancel" for endpoint in exchange.endpoints)


def test_no_path_belongs_to_two_exchanges() -> None:
    for exchange in exchanges:
        for endpoint in exchange.endpoints:
            assert [one.name for one in exchanges if one.owns(endpoint.path)] == [exchange.name]


def test_the_list_is_in_the_order_of_the_documentation() -> None:
    assert [exchange.name for exchange in exchanges] == ["bybit", "okx", "kraken", "alphapoint"]


@each_exchange
def test_the_assets_have_what_every_surface_takes(exchange: Exchange) -> None:
    tickers = [asset.ticker for asset in exchange.assets.table]
    assert not repeated(tickers)
    assert {"USDT", "BTC"} <= set(tickers)
    for asset in exchange.assets.table:
        assert asset.networks
        assert not repeated([network.name for network in asset.networks])
        assert all(network.fee >= 0 and network.address for network in asset.networks)
        assert exchange.assets.coded(asset.code.lower()) is asset
        assert exchange.assets.network(asset.ticker, None) is asset.networks[0]
        assert exchange.assets.network(asset.ticker, asset.networks[-1].name) is asset.networks[-1]


def test_every_check_that_may_refuse_says_in_words_what_it_found() -> None:
    for exchange in exchanges:
        for condition in exchange.unknowns.conditions.values():
            assert len(condition.says.split()) > 1, condition.name
