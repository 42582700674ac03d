"""The container recipe and the CI example do what they say, as far as that can be seen without their engines.

The wheel is built and installed alone (with nothing but what it declares beside it) into an environment of its own; the
recipe's commands and the example's steps run there as processes. The image itself and GitHub's runner are not tested.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.metadata import PathDistribution, distribution
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
RECIPE = (ROOT / ".docker" / "Dockerfile").read_text()
EXAMPLE = ROOT / ".github" / "examples" / "exchange-simulator.yml"
JOBS: dict[str, Any] = yaml.safe_load(EXAMPLE.read_text())["jobs"]


@dataclass(frozen=True)
class Installed:
    """An environment in which somebody installed our wheel."""

    folder: Path
    wheel: Path

    def environment(self, **more: str) -> dict[str, str]:
        """What a process there has around it, and nothing of what these tests have."""
        return {"PATH": f"{self.folder / 'bin'}{os.pathsep}{os.defpath}", "PYTHONUNBUFFERED": "1", **more}


def needed(requirements: list[str]) -> Iterator[str]:
    """The names of the distributions that these requirements bring, with all that those bring."""
    waiting, seen = [Requirement(text) for text in requirements], set[str]()
    while waiting:
        one = waiting.pop()
        if one.name in seen or (one.marker and not one.marker.evaluate({"extra": ""})):
            continue
        seen.add(one.name)
        yield one.name
        waiting += [Requirement(text) for text in distribution(one.name).requires or ()]


def link(names: Iterator[str], site_packages: Path) -> None:
    """Put distributions of this environment into another one, so that nothing is fetched."""
    for name in names:
        dist = distribution(name)
        tops = {file.parts[0] for file in dist.files or () if file.parts[0] not in ("..", "__pycache__")}
        for top in tops:
            if not (site_packages / top).exists():
                (site_packages / top).symlink_to(Path(str(dist.locate_file(top))))


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=True)
    pip = [str(folder / "venv" / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    [site_packages] = folder.glob("venv/lib/python*/site-packages")
    [metadata] = site_packages.glob("exchange_simulator-*.dist-info")
    link(needed(PathDistribution(metadata).requires or []), site_packages)
    return Installed(folder / "venv", wheel)


@contextmanager
def running(command: list[str], installed: Installed, folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A `serve` by this command, told by further arguments to take a free port of 127.0.0.1; and its address."""
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", "0"],
        cwd=folder,
        env=installed.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        first = process.stdout.readline()  # which is there once it listens
        told = re.match("exchange-simulator listens on ([^ ]+) ", first)
        assert told is not None, (first, process.communicate())
        yield process, told[1]
    finally:
        process.kill()
        process.communicate()


# --- the container ------------------------------------------------------------------------------------------------


def instruction(name: str) -> str:
    """The one instruction of that name in the recipe, its lines joined."""
    [found] = re.findall(rf"^{name} (.*(?:\\\n.*)*)", RECIPE, re.MULTILINE)
    return re.sub(r"\s*\\\n\s*", " ", found)


def entry_point() -> list[str]:
    words: list[str] = json.loads(instruction("ENTRYPOINT"))  # a line instead of a list would be no JSON
    return words


def health_check(port: int) -> list[str]:
    words: list[str] = json.loads(instruction("HEALTHCHECK").partition(" CMD ")[2])
    assert "8080" in words[-1]
    return [word.replace("8080", str(port)) for word in words]


def test_the_container_takes_the_wheel_alone(installed: Installed) -> None:
    pattern, target = instruction("COPY").split()
    assert fnmatch(installed.wheel.name, pattern)
    assert instruction("RUN").startswith(f"python -m pip install --no-cache-dir {target}*.whl ")
    assert not re.search(r"^(ADD|SHELL|CMD) ", RECIPE, re.MULTILINE)


def test_the_container_is_not_root_and_opens_the_port_that_it_says() -> None:
    user, group = instruction("USER").split(":")
    assert int(user) > 0
    assert int(group) > 0
    words = entry_point()
    assert words[words.index("--host") + 1] == "0.0.0.0"
    assert words[words.index("--port") + 1] == instruction("EXPOSE") == "8080"
    assert instruction("STOPSIGNAL") == "SIGTERM"


def test_the_containers_server_is_healthy_and_stops_on_sigterm_with_status_0(
    installed: Installed, tmp_path: Path
) -> None:
    with running(entry_point(), installed, tmp_path) as (process, url):
        check = health_check(urlsplit(url).port or 0)
        assert subprocess.run(check, env=installed.environment(), check=False, timeout=60).returncode == 0
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, err) == (0, "")
        assert out.endswith("stopped\n")
    ended = subprocess.run(check, env=installed.environment(), check=False, timeout=60, capture_output=True)
    assert ended.returncode == 1


def test_the_health_check_tells_another_server_from_ours(installed: Installed, tmp_path: Path) -> None:
    script = "import http.server as h; s = h.HTTPServer(('127.0.0.1', 0), h.SimpleHTTPRequestHandler);"
    script += "print(s.server_port, flush=True); s.serve_forever()"
    command = [sys.executable, "-c", script]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        try:
            check = health_check(int(process.stdout.readline()))
            assert subprocess.run(check, env=installed.environment(), check=False, timeout=60).returncode == 1
        finally:
            process.kill()


def test_the_wheel_alone_answers_as_all_four_exchanges(installed: Installed, tmp_path: Path) -> None:
    with running(entry_point(), installed, tmp_path) as (_, url):
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        for path in ("/v5/market/time", "/api/v5/public/time", "/0/public/Time", "/AP/Ping"):
            connection.request("GET", path)
            reply = connection.getresponse()
            assert (reply.status, reply.read()[:1]) == (200, b"{"), path
        connection.close()


# --- the CI example -----------------------------------------------------------------------------------------------

USERS_TEST = """
import os

def test_the_fixture_uses_the_server_of_the_job(bybit_account, exchange_simulator):
    assert exchange_simulator.url == bybit_account.url == os.environ["EXCHANGE_SIMULATOR_URL"]
    withdrawal = bybit_account.withdrawal("USDT", "10")
    withdrawal.event("cancel")
    assert withdrawal.stage == "cancelled"
"""


@dataclass
class Runner:
    """Runs a job's steps as GitHub does: each by `bash -e`, with what earlier ones wrote into GITHUB_ENV."""

    installed: Installed
    folder: Path
    kept: dict[str, str]

    def step(self, run: str) -> subprocess.CompletedProcess[str]:
        script, exported = self.folder / "step.sh", self.folder / "exported"
        script.write_text(run)
        exported.touch()
        given = {"GITHUB_ENV": str(exported), "RUNNER_TEMP": str(self.folder), "PIP_NO_INDEX": "1", **self.kept}
        done = subprocess.run(
            ["bash", "-e", str(script)],
            cwd=self.folder / "repository",
            env=self.installed.environment(**given),
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        self.kept |= dict(line.split("=", 1) for line in exported.read_text().splitlines())
        return done


@pytest.fixture
def runner(installed: Installed, tmp_path: Path) -> Iterator[Runner]:
    [site_packages] = installed.folder.glob("lib/python*/site-packages")
    link(needed(["pytest"]), site_packages)
    (tmp_path / "repository").mkdir()
    (tmp_path / "repository" / "test_it.py").write_text(USERS_TEST)
    job = Runner(installed, tmp_path, {})
    yield job
    if server := job.kept.get("EXCHANGE_SIMULATOR_PID"):
        subprocess.run(["kill", "-9", server], check=False, capture_output=True)


def test_the_job_with_a_process_installs_starts_tests_and_stops(runner: Runner) -> None:
    job = JOBS["process"]
    runner.kept |= {**job["env"], "EXCHANGE_SIMULATOR": str(runner.installed.wheel)}
    steps = [step for step in job["steps"] if "run" in step]
    assert [step["name"].split()[0] for step in steps] == ["Install", "Start", "Tests", "Stop"]
    for step in steps:
        done = runner.step(step["run"])
        assert done.returncode == 0, f"{step['name']}\n{done.stdout}{done.stderr}"
        if step["name"] == "Tests":
            assert "1 passed" in done.stdout
    assert f"exchange-simulator listens on {runner.kept['EXCHANGE_SIMULATOR_URL']} " in done.stdout
    assert steps[-1]["if"] == "always() && env.EXCHANGE_SIMULATOR_PID"


def test_a_repository_with_its_own_package_called_simulator_is_not_disturbed_by_the_installed_plugin(
    runner: Runner,
) -> None:
    own = runner.folder / "repository" / "simulator"
    own.mkdir()
    (own / "__init__.py").write_text("answer = 42\n")
    (own.parent / "test_it.py").write_text("import simulator\n\ndef test_own():\n    assert simulator.answer == 42\n")
    done = runner.step("python -W error -m pytest --simulator-strict")
    assert (done.returncode, "1 passed" in done.stdout) == (0, True), done.stdout + done.stderr


def test_the_job_with_a_process_fails_with_the_reason_when_the_server_does_not_start(runner: Runner) -> None:
    start = next(step["run"] for step in JOBS["process"]["steps"] if step.get("name", "").startswith("Start"))
    done = runner.step(start.replace("serve --port 0", "serve --port 0 --config nothing.toml"))
    assert done.returncode == 1
    assert done.stdout.endswith("exchange-simulator: nothing.toml: cannot be read: No such file or directory\n")
    assert "EXCHANGE_SIMULATOR_URL" not in runner.kept


def test_the_job_with_a_service_container_finds_it_where_the_container_publishes(
    runner: Runner, tmp_path: Path
) -> None:
    job = JOBS["service"]
    assert job["services"]["exchange-simulator"]["ports"] == [f"8080:{instruction('EXPOSE')}"]
    assert job["env"]["EXCHANGE_SIMULATOR_URL"] == "http://127.0.0.1:8080"
    with running(entry_point(), runner.installed, tmp_path) as (_, url):
        runner.kept |= {"EXCHANGE_SIMULATOR": str(runner.installed.wheel), "EXCHANGE_SIMULATOR_URL": url}
        for step in job["steps"]:
            if "run" in step:
                done = runner.step(step["run"])
                assert done.returncode == 0, f"{step['name']}\n{done.stdout}{done.stderr}"
        assert "1 passed" in done.stdout


def test_the_workflow_of_this_repository_runs_what_a_developer_runs() -> None:
    [job] = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())["jobs"].values()
    [run] = [step["run"] for step in job["steps"] if "run" in step]
    assert os.access(ROOT / shlex.split(run)[0], os.X_OK)
