"""README's examples run, and its two commands are what CI extracts."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from simulator import Simulator, serving
from simulator.config import declare
from simulator.service import Service
from simulator.serving import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


# python-okx hands httpx its bodies in a way that httpx has deprecated.
@pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload raw bytes/text content:DeprecationWarning")
@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_of_the_readme_runs(number: int) -> None:
    exec(compile(EXAMPLES[number], f"README.md example {number + 1}", "exec"), {"__name__": "readme"})


def test_the_first_two_shell_blocks_are_the_two_commands() -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    assert "exchange-simulator demo" in blocks[0]
    assert "-m pytest" in blocks[1]


def test_the_readme_has_examples() -> None:
    assert len(EXAMPLES) >= 5


def test_the_config_of_the_readme_is_read(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(re.findall(r"^```toml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)[0])
    declared = declare(Service(), config, {})
    assert [one.opened.account.id for one in declared] == ["bybit-treasury"]
    assert len(declared[0].withdrawals) == 1


def test_what_serve_prints_in_the_readme_is_what_it_prints(capsys: pytest.CaptureFixture[str]) -> None:
    [block] = re.findall(r"^```text\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    defaults: dict[str, Any] = {"host": "127.0.0.1", "port": 0, "tls_port": None, "config": None, "ready_file": None}
    settings = Settings(**defaults, seed=0, progress="timed", log="text")
    simulator = Simulator()
    declared = serving._declare(simulator, settings)
    with simulator:
        serving._show(simulator, declared)
        printed = capsys.readouterr().out.replace(simulator.url, "http://127.0.0.1:8080")
    printed = re.sub(r"T=\$\(date \+%s\)000; .*", "T=$(date +%s)000; ...", printed)
    assert printed.startswith(block)


def test_the_steps_for_ci_in_the_readme_are_those_of_the_example() -> None:
    [block] = re.findall(r"^```yaml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    example = (ROOT / ".github" / "examples" / "exchange-simulator.yml").read_text()
    assert indent(block, " " * 6) in example


def test_every_file_that_the_readme_names_is_there() -> None:
    linked = re.findall(r"\]\((?!#|https?:)([^)]+)\)", README)
    named = re.findall(r"`(\.(?:github|docker)/[^`]+|tests/[^`]+\.py)`", README)
    assert linked
    assert named
    assert [file for file in (*linked, *named) if not (ROOT / file).is_file()] == []
    titles = re.findall(r"^#+ (.+)$", README, re.MULTILINE)
    headings = {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}
    assert set(re.findall(r"\]\(#([^)]+)\)", README)) <= headings
