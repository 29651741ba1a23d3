"""Benchmarks and evaluations: what is listed can be started, and what cannot be started is told, not run in silence."""

from pathlib import Path

import pytest

from linghang.doors.cli import run

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("word", "folder"), [("bench", "benchmarks"), ("eval", "evals")])
def test_every_module_with_a_main_is_a_measure(word: str, folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    mains = {path.stem for path in (ROOT / folder).glob("*.py") if "\ndef main(" in path.read_text("utf-8")}
    assert run([word, "nothing"]) == 2
    said = capsys.readouterr().err.replace("\n", " ")
    assert mains == {name.strip(" ，,。") for name in said.partition("有：")[2].split(",")}


def test_a_measure_ends_with_its_own_code(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["eval", "ratings", "--seeds", "1", "--rounds", "0", "--size", "12"]) == 0
    assert "uncertain" in capfd.readouterr().out
    assert run(["bench", "audience_skills"]) == 2
