"""README's table "Where to point which client": each recipe runs, and the table says what the recipe does."""

from __future__ import annotations

import gc
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import warnings
from importlib.metadata import version
from pathlib import Path

import pytest

from simulator import Simulator

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
NODE = ROOT / "tests" / "node"
NOTBANK_PYTHON = os.environ.get("NOTBANK_PYTHON", "")
ROWS = re.findall(r"^\| (?!client )(.+?) \| (.+) \| \[recipe\]\((.+)\) \|$", README, re.MULTILINE)
RECIPES = {Path(file): what for _, what, file in ROWS}

# Those that cannot run in this process: one trusts by a variable of its process, one lives in another environment.
APART = {"with_python_okx_websocket.py", "with_notbank.py"}
IN_PROCESS = sorted(file for file in RECIPES if file.suffix == ".py" and file.name not in APART)
BY_NODE = sorted(file for file in RECIPES if file.suffix == ".mjs")

# The client sleeps 5 s in place of waiting for an answer to its login; the server answers frames in their order.
WITHOUT_ITS_SLEEP = """
import asyncio, runpy, sys
sleep = asyncio.sleep
asyncio.sleep = lambda delay, result=None: sleep(0 if delay == 5 else delay, result)
runpy.run_path(sys.argv[1])
"""


def surroundings(**more: str) -> dict[str, str]:
    """A proxy of the surroundings must not get the calls to 127.0.0.1."""
    return {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", **more}


def run(command: list[str], **more: str) -> None:
    done = subprocess.run(
        command, cwd=ROOT, env=surroundings(**more), capture_output=True, text=True, timeout=90, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


# python-okx hands httpx its bodies in a way that httpx does not like any more.
@pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload raw bytes/text content:DeprecationWarning")
@pytest.mark.parametrize("recipe", IN_PROCESS, ids=lambda file: file.stem)
def test_a_recipe_runs(recipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # most SDKs have no way to close their connections
        runpy.run_path(str(ROOT / recipe))
        gc.collect()


def test_the_recipe_for_python_okx_over_a_socket_runs() -> None:
    run([sys.executable, "-c", WITHOUT_ITS_SLEEP, "tests/recipes/with_python_okx_websocket.py"])


@pytest.mark.skipif(not NOTBANK_PYTHON, reason="needs NOTBANK_PYTHON, an environment with notbank==2.5.0 of its own")
def test_the_recipe_for_notbank_runs() -> None:
    with Simulator(tls=True) as sim:
        run(
            [NOTBANK_PYTHON, "tests/recipes/with_notbank.py"],
            EXCHANGE_SIMULATOR_URL=sim.url,
            EXCHANGE_SIMULATOR_TLS_URL=sim.tls_url,
            REQUESTS_CA_BUNDLE=str(sim.tls_ca_file),
        )


@pytest.mark.skipif(
    shutil.which("node") is None or not (NODE / "node_modules").is_dir(), reason="needs node, and npm install there"
)
@pytest.mark.parametrize("recipe", BY_NODE, ids=lambda file: file.stem)
def test_a_recipe_of_an_npm_client_runs(recipe: Path, simulator: Simulator) -> None:
    run(["node", str(ROOT / recipe)], EXCHANGE_SIMULATOR_URL=simulator.url)
    [account] = [account for world in simulator.service.worlds.values() for account in world.accounts.values()]
    [withdrawal] = account.book
    assert withdrawal.stage in ("cancelling", "cancelled")


def test_every_recipe_stands_in_the_readme_once() -> None:
    files = [*ROOT.glob("tests/recipes/*.py"), *ROOT.glob("tests/node/recipes/*.mjs")]
    assert sorted(RECIPES) == sorted(file.relative_to(ROOT) for file in files)
    assert len(ROWS) == len(RECIPES)


@pytest.mark.parametrize("recipe", sorted(RECIPES), ids=lambda file: file.stem)
def test_the_readme_says_what_the_recipe_does(recipe: Path) -> None:
    text = (ROOT / recipe).read_text()
    # What only an option of the client changes stands in the recipe in words; code stands there as it is.
    snippets = re.findall(r"`([^`]+)`", RECIPES[recipe])
    for snippet in snippets:
        assert snippet in text or snippet == "withdraw()"
    assert snippets


@pytest.mark.parametrize(("client", "what", "file"), ROWS, ids=[Path(file).stem for _, _, file in ROWS])
def test_the_version_in_the_readme_is_the_one_that_is_tested(client: str, what: str, file: str) -> None:
    named = re.match(r"([\w-]+) (\d+\.\d+)", client)
    if named is None:
        assert client == "any WebSocket client of AlphaPoint"
        return
    name, told = named.groups()
    if "(npm)" in client:
        tested = json.loads((NODE / "package.json").read_text())["dependencies"][name]
    elif name == "notbank":
        [tested] = re.findall(r"notbank==(\S+)", (ROOT / ".ci" / "run").read_text())
    else:
        tested = version(name)
    assert tested.startswith(f"{told}.")
