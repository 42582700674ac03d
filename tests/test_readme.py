"""README's examples run, and its two commands are what CI extracts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulator.config import declare
from simulator.service import Service

README = (Path(__file__).parent.parent / "README.md").read_text()
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
