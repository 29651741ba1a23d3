"""The labelled sets of ``evals/data``: who wrote a set is in its name, the rest in the folder's README."""

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
SAMPLES = Path(__file__).parents[2] / "shared" / "exam_dev"
"""The samples of the contract, which are not part of the tree, where they lie beside it."""

STANDINGS = {
    "blind": "by other writers, who never saw the program; since when a set is learned from stands in the README",
    "held": "held out: nobody reads a line, figures only",
    "own": "by the authors of what is measured",
    "sample": "the samples of the contract, tuned on",
}
"""The word in a set's name → what its figures are worth."""


def sets(subject: str) -> dict[str, list[Path]]:
    """The files of a subject by standing: ``reading_blind_a.jsonl`` is a set of ``reading`` with standing ``blind``."""
    found = {standing: sorted(DATA.glob(f"{subject}_{standing}*.jsonl")) for standing in STANDINGS}
    return {standing: files for standing, files in found.items() if files}


def load(path: str | Path) -> list[dict[str, Any]]:
    """The cases of a JSONL file."""
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines() if line.strip()]


def samples(name: str) -> list[dict[str, Any]]:
    """The sample cases of that file name, none where they do not lie beside the tree."""
    path = SAMPLES / name
    return load(path) if path.exists() else []
