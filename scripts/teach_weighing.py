"""Teaches what the findings of a text weigh together: writes ``weighing.yaml``.

``python scripts/teach_weighing.py WRITER=FILE[,FILE…]:WEIGHT …``: labelled cases, by writer. Reader and bank are taught
again without each writer, else the findings look surer than they are; sets of ``evals/data`` are kept out by name,
others are taught as ``--also`` of the scripts;
``paraphrases.yaml`` and ``twins.yaml`` name those of the pack layer. What it prints is measured leaving each writer out. Deterministic.
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

_OUT = Path(__file__).parent.parent / "src" / "linghang" / "packs" / "data" / "rules" / "weighing.yaml"
_TODAY = dt.date(2026, 11, 23)
_LEAST = {"serious": 0.3, "worded": 0.4, "heard": 0.68, "lacking": 0.15, "nothing": 0.55}
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


def unseen(files: Sequence[Path], others: Sequence[Path]) -> list[Row]:
    """The rows of a writer's cases, by reader and bank that are taught without them."""
    names = [path.name for path in files]
    with tempfile.TemporaryDirectory() as told:
        folder = Path(told)
        learned = list(teach_reader.texts(names, others))
        few = [*teach_reader.examples(names), *teach_reader.labelled(names, others)]
        for lang in ("zh", "en"):
            teach_reader.teach(lang, learned, folder, senses=False)
            teach_neighbours.build(lang, few, folder)
        reader.rules_folder = neighbours.rules_folder = lambda: folder  # type: ignore[assignment]
        for kept in (reader.weights, reader._scores, neighbours.bank, neighbours._known, neighbours._compared):
            kept.cache_clear()
        return [row(case) for path in files for case in cases(path)]


def cases(path: Path) -> list[dict[str, Any]]:
    """The labelled cases of a file, or the paraphrases of the pack layer as such."""
    if path.name == teach_reader.TWINS:
        return list(_twins())
    if path.name != teach_reader.PARAPHRASES:
        return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    return [
        {
            "text": one.text,
            "product": one.product,
            "channel": "landing",
            "jurisdiction": one.jurisdiction,
            "label": "violating" if one.spans else "compliant",
        }
        for one in teach_reader.paraphrases()
        if one.sells is None
    ]


def _twins() -> Iterator[dict[str, Any]]:
    """What breaks an S1 rule and what only tells, as cases; what sells may owe more than these lines say."""
    for rule, keys in read_shipped(teach_reader.TWINS).items():
        for key, sides in keys.items():
            product, _, channel = key.partition("@")
            for side, label in (("breaks", "violating"), ("lawful", "compliant")):
                for said in sides.get(side, ()):
                    text = re.sub(r"[\[\]]", "", said) if side == "breaks" else said
                    case = {"text": text, "product": product, "channel": channel or "landing", "jurisdiction": rule[:2]}
                    yield {**case, "label": label, "max_severity": "S1" if side == "breaks" else None}


def main(told: Sequence[str]) -> None:
    """Fit, print what leaving each writer out says, write the weights."""
    writers: dict[str, tuple[list[Path], float]] = {}
    for one in told:
        name, rest = one.split("=")
        files, weight = rest.rsplit(":", 1)
        writers[name] = ([Path(path) for path in files.split(",")], float(weight))
    outside = [path for files, _ in writers.values() for path in files if _outside(path)]
    rows: dict[str, list[Row]] = {}
    for name, (files, _) in writers.items():
        rows[name] = unseen(files, [path for path in outside if path not in files])
    for name, mine in rows.items():
        model = _fitted({other: those for other, those in rows.items() if other != name}, writers)
        sys.stdout.write(f"{name}: {_figures(mine, _shares(model, mine))}\n")
    each, base = _fitted(rows, writers)
    head = _OUT.read_text("utf-8").splitlines()[0]
    weights = ", ".join(f"{weight:.4f}" for weight in each)
    least = ", ".join(f"{name}: {share}" for name, share in _LEAST.items())
    _OUT.write_text(f"{head}\neach: [{weights}]\nbase: {base:.4f}\nleast: {{{least}}}\n", "utf-8")


def _outside(path: Path) -> bool:
    mine = {teach_reader.PARAPHRASES, teach_reader.TWINS}
    return path.name not in mine and not (teach_reader._DATA / path.name).exists()


def _fitted(rows: dict[str, list[Row]], writers: dict[str, tuple[list[Path], float]]) -> tuple[Any, float]:
    x = np.array([one.features for name in rows for one in rows[name]])
    bad = np.array([one.bad for name in rows for one in rows[name]])
    much = np.concatenate([np.full(len(rows[name]), writers[name][1]) for name in rows])
    middle, spread = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    model = LogisticRegression(C=_STRENGTH, max_iter=5000).fit((x - middle) / spread, bad, sample_weight=much)
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


if __name__ == "__main__":
    main(sys.argv[1:])
