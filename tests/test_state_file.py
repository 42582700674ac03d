"""`serve --state FILE`: the accounts of the last run, and a file that is never damaged."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from simulator import Simulator, files, state
from simulator.cli import main
from simulator.config import declare
from simulator.core.misuse import Misuse
from simulator.service import Service, operations

COMMAND = [sys.executable, "-c", "import sys; from simulator.cli import main; sys.exit(main())"]
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """A whole life of `serve --state`: started, used by `use(url, document)`, told to end. Its ready document."""
    started: list[subprocess.Popen[str]] = []

    def serve(*arguments: str, use: Callable[[str, Any], None] | None = None, stop: int = signal.SIGTERM) -> Any:
        ready = tmp_path / "ready.json"
        ready.unlink(missing_ok=True)
        command = [
            *COMMAND,
            "serve",
            "--port",
            "0",
            "--ready-file",
            str(ready),
            "--state",
            str(tmp_path / "state.json"),
        ]
        process = subprocess.Popen(
            [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
        )
        started.append(process)
        while not ready.exists():
            assert process.poll() is None, process.communicate()
        document = json.loads(ready.read_text())
        if use is not None:
            use(document["url"], document)
        process.send_signal(stop)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert out.endswith("stopped\n")
        return {**document, "printed": out}

    yield serve
    for process in started:
        process.kill()
        process.communicate()


def ids(document: Any) -> list[str]:
    return [account["id"] for account in document["accounts"]]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_accounts_of_a_run_are_those_of_the_next_one(run: Run, tmp_path: Path, stop: int) -> None:
    def use(url: str, document: Any) -> None:
        mine = f"{url}/_control/accounts/bybit-account-1"
        requests.post(f"{mine}/withdrawals", json={"asset": "BTC", "amount": "1"}, timeout=10).raise_for_status()
        requests.delete(f"{url}/_control/accounts/okx-account-1", timeout=10).raise_for_status()

    first = run(use=use, stop=stop)
    assert first["printed"].endswith(f"3 accounts are in {tmp_path / 'state.json'}\nstopped\n")
    second = run(stop=stop)
    assert ids(second) == ["bybit-account-1", "kraken-account-1", "alphapoint-account-1"]
    by_id = {account["id"]: account for account in first["accounts"]}
    for account in second["accounts"]:
        assert account["credentials"] == by_id[account["id"]]["credentials"]
    assert [one["asset"] for one in second["accounts"][0]["withdrawals"]] == ["USDT", "BTC"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ready.json", "state.json"]


def test_only_its_owner_may_read_a_state_file_since_secrets_are_in_it(run: Run, tmp_path: Path) -> None:
    run()
    assert stat.S_IMODE((tmp_path / "state.json").stat().st_mode) == 0o600


def test_what_the_config_declares_is_made_once_and_then_as_it_was_left(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    text = '[[accounts]]\nexchange = "okx"\nname = "treasury"\nbalances = { USDT = "5" }\n'
    config.write_text(text)

    def use(url: str, document: Any) -> None:
        limits = requests.patch(f"{url}/_control/accounts/okx-treasury", json={"limits": False}, timeout=10)
        limits.raise_for_status()

    run("--config", str(config), use=use)
    config.write_text(text + '[[accounts]]\nexchange = "okx"\nname = "desk"\n')

    def look(url: str, document: Any) -> None:
        shown = requests.get(f"{url}/_control/accounts", timeout=10).json()["accounts"]
        assert [(account["id"], account["limits"]) for account in shown] == [
            ("okx-treasury", False),
            ("okx-desk", True),
        ]

    assert ids(run("--config", str(config), use=look)) == ["okx-treasury", "okx-desk"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            '[[accounts]]\nexchange = "okx"\nname = "a"\nbalance = 1\n',
            "accounts[0]: okx accounts have no option 'balance'; ",
        ),
        (
            '[[accounts]]\nexchange = "okx"\nname = "a"\n[[accounts.faults]]\nkind = "delays"\n',
            "accounts[0].faults[0]: there is no fault 'delays'; did you mean 'delay'?",
        ),
        (
            '[[accounts]]\nexchange = "okx"\nname = "a"\n[[accounts]]\nexchange = "okx"\nname = "a"\n',
            "accounts[1]: okx already has an account 'a'; ",
        ),
        ('[[exchanges.okx.faults]]\nkind = "delays"\n', "exchanges.okx.faults[0]: there is no fault 'delays'; "),
    ],
)
def test_a_wrong_declaration_of_an_account_that_the_state_has_is_told(
    tmp_path: Path, wrong: str, sentence: str
) -> None:
    config, service = tmp_path / "config.toml", Service()
    config.write_text('[[accounts]]\nexchange = "okx"\nname = "a"\n')
    declare(service, config, {}, [])
    config.write_text(wrong)
    with pytest.raises(Misuse) as told:
        declare(service, config, {}, ["okx-a"])
    assert str(told.value).startswith(f"{config}: {sentence}")
    assert [account.id for _, account in operations.accounts(service)] == ["okx-a"]


def test_a_declared_account_may_belong_to_one_that_the_state_alone_has(tmp_path: Path) -> None:
    config, service = tmp_path / "config.toml", Service()
    operations.create_account(service, "okx", {"name": "main"})
    config.write_text('[[accounts]]\nexchange = "okx"\nname = "sub"\nmain_account = "main"\n')
    [declared] = declare(service, config, {}, ["okx-main"])
    assert declare(service, config, {}, ["okx-main", declared.opened.account.id]) == []


def test_with_a_state_file_every_declared_account_needs_a_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[[accounts]]\nexchange = "okx"\n')
    assert main(["serve", "--port", "0", "--config", str(config), "--state", str(tmp_path / "state.json")]) == 2
    assert capsys.readouterr().err == (
        f"exchange-simulator: {config}: accounts[0]: the key 'name' is missing: "
        "with --state every account needs one, to be found again\n"
    )
    assert not (tmp_path / "state.json").exists()


def snapshots() -> list[Any]:
    return [Simulator().bybit.account("a").snapshot(), Simulator().okx.account("a").snapshot()]


def written(**changes: Any) -> str:
    return json.dumps({"format": "exchange-simulator state", "version": 1, "accounts": snapshots(), **changes})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is broken and was left as it is: Expecting value: line 1 column 1 (char 0)"),
        ("[]", "is broken and was left as it is: its format is not 'exchange-simulator state'"),
        ("\ufffd{", "is broken and was left as it is: Expecting value: line 1 column 1 (char 0)"),
        (
            written(version=2),
            "is broken and was left as it is: it is of version 2, and this simulator reads version 1",
        ),
        (
            written(version=True),
            "is broken and was left as it is: it is of version True, and this simulator reads version 1",
        ),
        (
            written(version=1.0),
            "is broken and was left as it is: it is of version 1.0, and this simulator reads version 1",
        ),
        (
            written(more=1),
            "is broken and was left as it is: it must have 'format', 'version' and a list of 'accounts', "
            "and nothing else",
        ),
        (
            written().replace('"version"', '"version": 1, "version"', 1),
            "is broken and was left as it is: the key 'version' stands twice in one object",
        ),
        (
            written().replace('"polls": 1', '"polls": 1, "polls": 2', 1),
            "is broken and was left as it is: the key 'polls' stands twice in one object",
        ),
        (
            written(version=1).replace('"version": 1', '"version": ' + "1" * 5_000, 1),
            "is broken and was left as it is: it has a number of thousands of digits",
        ),
        (written(accounts=[1]), "was left as it is: accounts[0]: a snapshot is a JSON object, not 1"),
        (
            written(accounts=snapshots()[:1] * 2),
            "was left as it is: accounts[1]: bybit already has an account 'a'; choose another name or delete it",
        ),
        (
            written(accounts=[{**snapshots()[0], "steps": 3}]),
            "was left as it is: accounts[0]: the snapshot contradicts itself: the steps of its withdrawals are not "
            "numbered one by one",
        ),
        (
            '{"format": "exchange-simulator st',
            "is broken and was left as it is: Unterminated string starting at: line 1 column 12 (char 11)",
        ),
    ],
)
def test_a_broken_state_file_is_told_in_one_sentence_and_left_as_it_is(
    content: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "state.json"
    path.write_text(content)
    assert main(["serve", "--port", "0", "--state", str(path)]) == 2
    assert capsys.readouterr().err == f"exchange-simulator: the state file {str(path)!r} {sentence}\n"
    assert path.read_text() == content
    assert list(tmp_path.iterdir()) == [path]


def test_a_port_that_is_taken_leaves_the_state_file_as_it_is(
    simulator: Simulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "state.json"
    before = written()
    path.write_text(before)
    assert main(["serve", "--port", str(simulator.port), "--state", str(path)]) == 2
    assert capsys.readouterr().err.startswith(f"exchange-simulator: cannot listen on 127.0.0.1:{simulator.port}: ")
    assert path.read_text() == before


def test_a_state_that_cannot_be_written_leaves_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    simulator, path = Simulator(), tmp_path / "state.json"
    state.save(simulator.service, path)
    before = path.read_text()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    temporary = tmp_path / "temporary"
    monkeypatch.setattr(tempfile, "mkdtemp", lambda **_: str(temporary))
    simulator.okx.account()
    told = r"cannot be written: No space left on device; the accounts could not be written to the folder for temp"
    with pytest.raises(Misuse, match=told):
        state.save(simulator.service, path)
    assert path.read_text() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_to_a_state_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "state.json"
    link.symlink_to(tmp_path / "real" / "state.json")
    assert state.save(Simulator().service, link) == 0
    assert link.is_symlink()
    assert json.loads(link.read_text())["accounts"] == []


@pytest.mark.parametrize(
    ("where", "sentence"),
    [("", "is a folder; name a file in it"), ("nowhere/state.json", "does not exist; create it first")],
)
def test_a_state_file_that_cannot_be_one_is_told_before_anything_starts(
    where: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--port", "0", "--state", str(tmp_path / where)]) == 2
    assert capsys.readouterr().err.endswith(sentence + "\n")


def test_a_second_signal_does_not_interrupt_the_writing_of_the_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, fsync, ready = tmp_path / "state.json", os.fsync, tmp_path / "ready.json"
    synced: list[int] = []

    def interrupted(descriptor: int) -> None:
        synced.append(descriptor)
        signal.raise_signal(signal.SIGINT)  # once as the ready file is written, which ends the run, and once more
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", interrupted)
    assert main(["serve", "--port", "0", "--state", str(path), "--ready-file", str(ready)]) == 0
    assert len(synced) == 2
    assert len(json.loads(path.read_text())["accounts"]) == 4
    assert sorted(tmp_path.iterdir()) == [ready, path]


def test_a_state_file_that_a_server_has_is_refused_to_another(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "state.json")

    def use(url: str, document: Any) -> None:
        for path in (tmp_path / "state.json", link):
            assert main(["serve", "--port", "0", "--state", str(path)]) == 2
            assert capsys.readouterr().err == (
                f"exchange-simulator: the state file {str(path)!r} is in use by another process; "
                "stop that one or name another file\n"
            )

    run(use=use)


def test_the_lock_of_a_process_that_was_killed_is_in_nobodys_way(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    program = (
        "import os, pathlib, signal, sys\n"
        "from simulator import state\n"
        "with state.held(pathlib.Path(sys.argv[1])):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(path)], timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert [left.name for left in tmp_path.iterdir()] == [".state.json.lock"]
    with state.held(path), pytest.raises(Misuse, match="is in use by another process"), state.held(path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_its_holder_removed_meanwhile_is_not_taken_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, lock, locked = tmp_path / "state.json", files._lock, []

    def late(descriptor: int) -> None:
        if not locked:
            (tmp_path / ".state.json.lock").unlink()
        locked.append(descriptor)
        lock(descriptor)

    monkeypatch.setattr(files, "_lock", late)
    with state.held(path):
        assert len(locked) == 2
        assert (tmp_path / ".state.json.lock").exists()


def test_a_state_whose_folder_is_gone_is_written_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, temporary = tmp_path / "folder", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    simulator = Simulator()
    simulator.okx.account()
    with state.held(folder / "state.json"):
        shutil.rmtree(folder)
        with pytest.raises(Misuse, match=r"cannot be written: No such file or directory; the accounts are in '"):
            state.save(simulator.service, folder / "state.json")
    [kept] = temporary.glob("exchange-simulator-*/state.json")
    assert len(json.loads(kept.read_text())["accounts"]) == 1
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
