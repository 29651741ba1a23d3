"""Teaches what the findings of a text weigh together: the weights of ``weighing.yaml``.

Its rows come from texts that reader and bank have not seen, else the findings look surer than they are: writers A, C
and D and every other text of the twins are kept out of a reader and bank of their own (``unseen``). What it prints is
measured leaving each of them out of the weighing too. ``teach_checker.py`` runs it. Deterministic.
"""

import datetime as dt
import json
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import teach_neighbours
import teach_reader
from sklearn.linear_model import LogisticRegression

from linghang.base.findings import Severity
from linghang.compliance import neighbours, reader
from linghang.compliance.checking import examine
from linghang.compliance.context import Facts
from linghang.compliance.loading import load_rules
from linghang.compliance.model import Material
from linghang.compliance.patterns import read_shipped
from linghang.compliance.weighing import features, standing

_NAME = "weighing.yaml"
_HELD = (*(f"compliance_blind_{name}.jsonl" for name in ("a", "c1", "c2", "d1")), teach_reader.ODD)
"""Whose texts the rows are made of, unseen: three writers' sets of ``evals/data`` and every other text of the twins."""
_TODAY = dt.date(2026, 11, 23)
_LEAST = {"serious": 0.35, "worded": 0.4, "heard": 0.65, "lacking": 0.25, "nothing": 0.4}
"""Where false alarms fall and recall holds, leaving each writer out (docs/measurements.md)."""
_STRENGTH = 0.1
_NAMES = {"loan": "credit", "savings": "deposit", "stock": "securities"}


@dataclass(frozen=True)
class Row:
    """A case: features, what stands against it, whether a fact decides it, whether it breaks a rule, also an S1."""

    features: list[float]
    against: str
    decided: bool
    bad: bool
    serious: bool


def row(case: dict[str, Any]) -> Row:
    """What the checker sees of a case."""
    lang = case.get("lang") or ("zh" if case["jurisdiction"] == "CN" else "en")
    product = _NAMES.get(case["product"], case["product"])
    material = Material(case["text"], product, case["channel"], lang=lang, jurisdiction=case["jurisdiction"])
    facts = Facts(case.get("context") or {})
    seen = examine(material, load_rules(case["jurisdiction"], _TODAY), facts, "decides")
    heavy = [hit for hit in seen.hits if hit.rule.severity != Severity.S4 and not hit.advice]
    return Row(
        features(heavy, seen.text, seen.kind, case["text"]),
        standing(heavy, case["text"]),
        any(not hit.located and not hit.missing for hit in heavy),
        case["label"] == "violating",
        case.get("max_severity") == "S1",
    )


def unseen(readers: Path) -> dict[str, list[Row]]:
    """The rows of each writer, by a reader and a bank that are taught without them all; the senses are those of ``readers``."""
    with tempfile.TemporaryDirectory() as told:
        folder = Path(told)
        learned = list(teach_reader.texts(_HELD))
        few = [*teach_reader.examples(_HELD), *teach_reader.labelled(_HELD)]
        for lang in ("zh", "en"):
            teach_reader.teach(lang, learned, folder, senses_of=readers)
            teach_neighbours.build(lang, few, folder)
        shipped, reader.rules_folder = reader.rules_folder, lambda: folder  # type: ignore[assignment]
        neighbours.rules_folder = reader.rules_folder
        _forget()
        rows = {
            name: [row(case) for case in _twins()]
            if name == teach_reader.ODD
            else [row(json.loads(line)) for line in (teach_reader._DATA / name).read_text("utf-8").splitlines() if line]
            for name in _HELD
        }
        reader.rules_folder = neighbours.rules_folder = shipped
        _forget()
        return rows


def _forget() -> None:
    for kept in (reader.weights, reader._scores, neighbours.bank, neighbours._known):
        kept.cache_clear()


def _twins() -> Iterator[dict[str, Any]]:
    """Every other breach of an S1 rule and text that only tells, as cases; what sells may owe more than they say."""
    for rule, keys in read_shipped(teach_reader.TWINS).items():
        for key, sides in keys.items():
            product, _, channel = key.partition("@")
            for side, label in (("breaks", "violating"), ("lawful", "compliant")):
                for said in sides.get(side, [])[1::2]:
                    text = re.sub(r"[\[\]]", "", said) if side == "breaks" else said
                    case = {"text": text, "product": product, "channel": channel or "landing", "jurisdiction": rule[:2]}
                    yield {**case, "label": label, "max_severity": "S1" if side == "breaks" else None}


def teach(folder: Path, readers: Path) -> None:
    """Fits the weights, prints what leaving each writer out says, writes ``weighing.yaml``."""
    rows = unseen(readers)
    for name, mine in rows.items():
        model = _fitted([one for other, those in rows.items() if other != name for one in those])
        sys.stdout.write(f"{name}: {_figures(mine, _shares(model, mine))}\n")
    each, base = _fitted([one for those in rows.values() for one in those])
    head = (teach_reader._RULES / _NAME).read_text("utf-8").splitlines()[0]
    weights = ", ".join(f"{weight:.4f}" for weight in each)
    least = ", ".join(f"{name}: {share}" for name, share in _LEAST.items())
    (folder / _NAME).write_text(f"{head}\neach: [{weights}]\nbase: {base:.4f}\nleast: {{{least}}}\n", "utf-8")


def _fitted(rows: Sequence[Row]) -> tuple[Any, float]:
    x, bad = np.array([one.features for one in rows]), np.array([one.bad for one in rows])
    middle, spread = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    model = LogisticRegression(C=_STRENGTH, max_iter=5000).fit((x - middle) / spread, bad)
    each = np.ravel(model.coef_) / spread
    return each, float(np.ravel(model.intercept_)[0] - each @ middle)


def _shares(model: tuple[Any, float], rows: Sequence[Row]) -> Any:
    each, base = model
    return 1 / (1 + np.exp(-(np.array([one.features for one in rows]) @ each + base)))


def _figures(rows: Sequence[Row], shares: Any) -> str:
    found = np.array([one.decided or share >= _LEAST[one.against] for one, share in zip(rows, shares, strict=True)])
    bad, serious = np.array([one.bad for one in rows]), np.array([one.serious for one in rows])
    before = np.array([one.decided or one.against != "nothing" for one in rows])
    return (
        f"recall {found[bad].mean():.3f}, false alarms {found[~bad].mean():.3f}, S1 {found[serious].mean():.3f}"
        f" (unweighed {before[bad].mean():.3f}, {before[~bad].mean():.3f})"
    )
