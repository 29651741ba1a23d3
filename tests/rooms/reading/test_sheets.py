"""The sheets of phrases: every condition and every phrase of time, read inside a short brief."""

import json
from pathlib import Path

import pytest

from evals.reading import sheet

DATA = Path(__file__).parents[3] / "evals/data"


@pytest.mark.parametrize(("name", "least"), [("reading_conditions", 0.97), ("reading_times", 0.99)])
def test_a_sheet_is_read(name: str, least: float) -> None:
    tally = sheet(name)
    assert tally.accuracy >= least, tally.wrong


def test_no_phrase_stands_twice_with_two_meanings() -> None:
    for name in ("reading_conditions", "reading_times"):
        rows = [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()]
        meant: dict[str, str] = {}
        for row in rows:
            said = json.dumps(row["expect"], sort_keys=True)
            assert meant.setdefault(row["text"], said) == said, row["text"]
