"""Fits the weights of the recognition of aims: a linear model on sentences made of frames and written ones.

Run ``python -m scripts.teach_intents`` after a change of ``words.yaml`` or of the features; it rewrites the agents'
``intents.npz`` and prints, for each sheet of goals, the share found when that sheet was left out of the fit.
"""

import json
import random
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy import sparse
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from evals.planning import BASE, TODAY
from linghang import packs, reading
from linghang.agents.aims import shipped
from linghang.agents.intents import UNCLEAR, features, meaning
from linghang.agents.navigator import registered
from linghang.app import declare_skills

HERE = Path(__file__).parent.parent
TARGET = HERE / "src/linghang/agents/intents.npz"
SHEETS = ("planning.jsonl", "planning_held.jsonl", "planning_wide.jsonl", "planning_first.jsonl",
          "planning_first2.jsonl", "planning_plain.jsonl", "planning_idiom.jsonl", "planning_idiom3.jsonl")  # fmt: skip
EACH = 130
"""Sentences made for an aim, with and without a campaign in view."""
WRITTEN = 8.0
"""How much a written sentence counts beside a made one."""
STRENGTH = 1.0
LEAST = 0.08
"""A feature whose weights all stay below it is left out."""
_CHOICE = re.compile(r"\{([^{}]*)\}")
_FILL = re.compile(r"<([A-Z])>")
Row = tuple[str, dict[str, float], Any, float]


def made(pick: random.Random) -> Iterator[tuple[str, str, bool]]:
    """(aim, sentence, campaign in view) of the frames."""
    told = yaml.safe_load((HERE / "evals/data/planning_frames.yaml").read_text("utf-8"))
    for key, frames in told["aims"].items():
        aim, _, where = key.partition("@")
        seen: set[str] = set()
        for n in range(EACH * 4):
            text = _one(pick, frames[n % len(frames)], told["fillers"])
            if text not in seen and len(seen) < EACH:
                seen.add(text)
                yield aim, text, bool(where) or pick.random() < 0.25


def _one(pick: random.Random, frame: str, fillers: Mapping[str, list[str]]) -> str:
    text = frame
    while found := _CHOICE.search(text):
        text = text[: found.start()] + pick.choice(found[1].split("|")) + text[found.end() :]
    return _FILL.sub(lambda hit: str(pick.choice(fillers[hit[1]])), text)


def written() -> Iterator[tuple[str, str, bool]]:
    """(aim, sentence, campaign in view) of the sentences that were written for the fit."""
    for key, texts in yaml.safe_load((HERE / "evals/data/planning_sentences.yaml").read_text("utf-8")).items():
        aim, _, where = key.partition("@")
        for text in texts:
            yield aim, str(text), bool(where)


@cache
def _base() -> Mapping[str, Any]:
    return reading.read(BASE, today=TODAY, pack=packs.load("demo")).reading


def row(aim: str, text: str, focus: bool, weight: float) -> Row:
    """A sentence with its aim, features, meaning and weight."""
    told = reading.read(text, today=TODAY, pack=packs.load("demo"), after=dict(_base()) if focus else None)
    return aim, features(text, told, focus=focus), meaning(text), weight


def goals(name: str, by_skill: Mapping[str, str]) -> list[Row]:
    """The goals of a sheet."""
    rows = [
        json.loads(line) for line in (HERE / "evals" / "data" / name).read_text("utf-8").splitlines() if line.strip()
    ]
    return [row(by_skill[told["terminal"]], told["text"], bool(told.get("focus")), WRITTEN) for told in rows]


def by_skill() -> dict[str, str]:
    """Terminal skill → aim."""
    makers = registered().makers
    told = {item.manifest.name: aim.id for aim in shipped() for item in reversed(makers.get(aim.makes, ()))}
    return told | {"agents.rows_refused": "rows"}


def matrix(shape: DictVectorizer, rows: list[Row]) -> Any:
    """Features and meaning side by side."""
    return sparse.hstack([shape.transform([told[1] for told in rows]), sparse.csr_matrix([told[2] for told in rows])])


def fit(rows: list[Row]) -> tuple[DictVectorizer, LogisticRegression]:
    """A linear model of the rows."""
    shape = DictVectorizer().fit([told[1] for told in rows])
    model = LogisticRegression(C=STRENGTH, max_iter=400)
    model.fit(matrix(shape, rows).tocsr(), [told[0] for told in rows], sample_weight=[told[3] for told in rows])
    return shape, model


def main(arguments: list[str]) -> int:
    """Fit, say how well each sheet is known when left out (``--quick``: not), and write the weights."""
    declare_skills()
    skills = by_skill()
    base = [row(aim, text, focus, 1.0) for aim, text, focus in made(random.Random(5))]
    base += [row(aim, text, focus, WRITTEN) for aim, text, focus in written()]
    sheets = {name: goals(name, skills) for name in SHEETS}
    for left_out, rows in {} if "--quick" in arguments else sheets.items():
        shape, model = fit(base + [told for name, other in sheets.items() if name != left_out for told in other])
        chances = model.predict_proba(matrix(shape, rows).tocsr())
        right = sum(model.classes_[one.argmax()] == told[0] for one, told in zip(chances, rows, strict=True))
        print(f"{left_out}: {len(rows)} goals, left out of the fit: {right / len(rows):.3f} first")
    shape, model = fit(base + [told for rows in sheets.values() for told in rows])
    assert UNCLEAR in model.classes_
    names = list(shape.get_feature_names_out())
    weights = model.coef_.T.astype(np.float32)
    weights[names.index("bias")] += model.intercept_
    telling = [n for n, name in enumerate(names) if np.abs(weights[n]).max() >= LEAST]
    np.savez_compressed(
        TARGET, aims=np.array(model.classes_), names=np.array([names[n] for n in telling]),
        features=weights[telling].astype(np.float16), meaning=weights[len(names) :].astype(np.float16),
    )  # fmt: skip
    print(f"{len(base)} sentences, {len(telling)} of {len(names)} features, {TARGET.stat().st_size // 1024} KB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
