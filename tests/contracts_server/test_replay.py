"""What a replay says of a failure: that it is there again, or not any more."""

from __future__ import annotations

from pathlib import Path

import pytest
from wrong_servers.table import MUTANTS

from contracts.cli import main
from contracts.clients import CLIENTS
from contracts.likeness import Likeness
from contracts.progress import Progress


def stopped(_: Progress, text: str) -> None:
    """Takes the first script that failed as it is."""
    if "steps are left" in text:
        raise KeyboardInterrupt


@pytest.mark.parametrize("exchange", sorted(CLIENTS))
def test_a_machines_finding_fails_again_on_the_wrong_server_and_not_on_the_right_one(
    exchange: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (double,) = (one for one in MUTANTS if (one.exchange, one.name) == (exchange, "ledger-third-refund-double"))
    script = str(tmp_path / f"{exchange}-machine.json")
    with pytest.MonkeyPatch.context() as patch:
        double.patch(patch)
        patch.setattr(Progress, "tick", stopped)
        assert main(["server", "--exchange", exchange, "--parts", "machine", "--scripts", str(tmp_path)]) == 2
        capsys.readouterr()
        assert main(["replay", script]) == 1
        assert "\nfails as before: the last answers are, but for ids and times, those" in capsys.readouterr().out
    assert main(["replay", script]) == 0
    assert capsys.readouterr().out.endswith("\ndoes not fail as before: the last answers are not those written\n")


def test_a_claim_is_held_anew_on_the_wrong_server_and_on_the_right_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = str(tmp_path / "kraken-sign-hex-for-base64.json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("simulator.exchanges.kraken.signing.matches", lambda *_: True)
        assert main(["server", "--exchange", "kraken", "--parts", "cases", "--scripts", str(tmp_path)]) == 1
        capsys.readouterr()
        assert main(["replay", script]) == 1
        assert "\nkraken-sign-hex-for-base64 fails: body: expected " in capsys.readouterr().out
    assert main(["replay", script]) == 0
    assert capsys.readouterr().out.endswith("\nkraken-sign-hex-for-base64 holds\n")


def test_answers_are_alike_but_for_names_and_times_and_never_for_amounts() -> None:
    likeness = Likeness()
    was = '200 {"refid":"7","amount":"7.5","time":1700000000}'
    assert likeness.same(was, '200 {"refid":"9","amount":"7.5","time":1800000000}', {"9"})
    assert not likeness.same(was, '200 {"refid":"8","amount":"7.5","time":1800000000}', {"8", "9"})
    assert not likeness.same(was, '200 {"refid":"9","amount":"9.5","time":1800000000}', {"9"})
    assert not likeness.same(was, '400 {"refid":"9","amount":"7.5","time":1800000000}', {"9"})
