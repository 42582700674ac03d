"""The files of a run have the shapes that their readers rely on: JUnit as CI servers take it, JSON by its schema."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import junitparser
import pytest

from contracts.cases import Case, Then, When, fixtures
from contracts.files import as_json, junit, record
from contracts.report import Run
from contracts.runner import Outcome
from contracts.script import Script
from contracts.targets.in_process import InProcess

# What https://github.com/jenkinsci/xunit-plugin (junit-10.xsd) and pytest's own junit-10.xsd let stand where, as far as
# the suite writes it: attributes, and elements in it. Elsewhere (Ant, GitHub's reporters) less is asked for.
SHAPE = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, ["testsuite"]),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time"}, ["testcase"]),
    "testcase": ({"name", "classname", "time"}, ["failure", "skipped"]),
    "failure": ({"message", "type"}, []),
    "skipped": ({"message"}, []),
}


def claim(name: str, disputed_by: str | None = None) -> Case:
    return Case(
        id=name,
        description="A claim with <, & and a bell \x07 in its words.",
        source="nowhere at all",
        evidence="inferred",
        harmless_on_a_live_account=True,
        when=When(),
        then=Then(),
        disputed_by=disputed_by,
    )


@pytest.fixture
def run() -> Run:
    """A run with an outcome of every kind."""
    target = InProcess()
    run = Run(secrets={"hush"}, again="--profile testnet.toml")
    run.begin(target)
    script = Script("bybit", target)
    script.let("id", "1")
    run.add(Outcome(claim("bybit-a"), "bybit", "held", "", script), 0.25)
    run.add(Outcome(claim("bybit-b"), "bybit", "failed", "body: expected 1\n  got \x00 hush", script), 0.5)
    run.scripts["bybit-b"] = Path("scripts/bybit-b.json")
    run.add(Outcome(claim("okx-a", "somebody else"), "okx", "disputed", "body: expected 1", script), 0)
    run.add(Outcome(claim("okx-b"), "okx", "skipped", "the target cannot make accounts"), 0)
    run.complete = True
    return run


def test_junit_has_only_what_ci_servers_know(run: Run) -> None:
    root = ElementTree.fromstring(junit(run))
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, inside = SHAPE[element.tag]
        assert set(element.attrib) == attributes
        assert {one.tag for one in element} <= set(inside)
        assert not (element.text or "").strip() or element.tag == "failure"


def test_junit_counts_what_it_holds(run: Run) -> None:
    bybit, okx = junitparser.JUnitXml.fromstring(junit(run))
    assert (bybit.name, bybit.tests, bybit.failures, bybit.errors, bybit.skipped) == ("bybit", 2, 1, 0, 0)
    assert (okx.name, okx.tests, okx.failures, okx.errors, okx.skipped) == ("okx", 2, 0, 0, 2)
    assert (bybit.time, okx.time) == (0.75, 0)
    _, failed = bybit
    (failure,) = failed.result
    assert (failed.classname, failed.name, failure.type) == ("bybit", "bybit-b", "inferred")
    assert failure.message == "A claim with <, & and a bell \N{REPLACEMENT CHARACTER} in its words."
    assert failure.text.endswith("replay scripts/bybit-b.json --profile testnet.toml")
    assert "got \N{REPLACEMENT CHARACTER} ***" in failure.text
    assert [case.result[0].message for case in okx] == [
        "disputed: somebody else",
        "skipped: the target cannot make accounts",
    ]


def test_json_is_as_its_schema_says_and_every_member_is_there(run: Run) -> None:
    document = json.loads(as_json(run))
    schema = json.loads((fixtures() / "report.schema.json").read_text())
    jsonschema.validate(document, schema)
    assert list(document) == list(schema["$defs"]["Report"]["properties"])
    assert document["version"] == 1
    assert document["counts"] == {"held": 1, "failed": 1, "disputed": 1, "skipped": 1}
    assert (document["confirms"], document["refutes"]) == (["bybit-a"], ["bybit-b"])
    failed = document["outcomes"][1]
    assert list(failed) == list(schema["$defs"]["Claim"]["properties"])
    assert failed["script"] == "scripts/bybit-b.json"
    assert failed["difference"] == "body: expected 1\n  got \x00 ***"
    assert failed["took_s"] == 0.5


def test_a_record_has_a_line_for_each_claim_that_was_asked(run: Run) -> None:
    lines = [json.loads(line) for line in record(run, "2026-01-02T03:04:05+00:00").splitlines()]
    assert [line["id"] for line in lines] == ["bybit-a", "bybit-b", "okx-a"]
    assert {line["at"] for line in lines} == {"2026-01-02T03:04:05+00:00"}
    assert all(line["steps"] == [] for line in lines)  # a hole was filled, and nothing was asked
