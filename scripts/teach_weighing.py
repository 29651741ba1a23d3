"""Teaches what the findings of a text weigh together: writes ``weighing.yaml``.

``python scripts/teach_weighing.py FILE.jsonl``: labelled cases that neither the patterns nor the reader have learned
from, else the findings look surer than they are. Deterministic.
"""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from linghang.base.findings import Severity
from linghang.compliance.checking import examine
from linghang.compliance.context import Facts
from linghang.compliance.loading import load_rules
from linghang.compliance.model import Material
from linghang.compliance.weighing import features

_OUT = Path(__file__).parent.parent / "src" / "linghang" / "packs" / "data" / "rules" / "weighing.yaml"
_TODAY = dt.date(2026, 11, 23)
_LEAST = 0.25
"""Where false alarms fall and no S1 is lost, by cross-validation (docs/measurements.md)."""


def row(case: dict[str, Any]) -> tuple[list[float], bool]:
    """The features of a case and whether anything was found."""
    lang = case.get("lang") or ("zh" if case["jurisdiction"] == "CN" else "en")
    material = Material(case["text"], case["product"], case["channel"], lang=lang, jurisdiction=case["jurisdiction"])
    seen = examine(material, load_rules(case["jurisdiction"], _TODAY), Facts(case.get("context") or {}))
    heavy = [hit for hit in seen.hits if hit.rule.severity != Severity.S4 and not hit.advice]
    return features(heavy, seen.text, seen.kind, case["text"]), bool(heavy)


def main(path: str) -> None:
    """Fit, print what cross-validation says, write the weights."""
    cases = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]
    rows = [row(case) for case in cases]
    x = np.array([told for told, _ in rows])
    found = np.array([hit for _, hit in rows])
    bad = np.array([case["label"] == "violating" for case in cases])
    model = LogisticRegression(C=1.0, max_iter=5000)
    likely = np.asarray(cross_val_predict(model, x, bad, cv=10, method="predict_proba"))[:, 1]
    for least in (0.0, 0.2, _LEAST, 0.4, 0.5):
        kept = found & (likely >= least)
        sys.stdout.write(f"least {least}: recall {kept[bad].mean():.3f}, false alarms {kept[~bad].mean():.3f}\n")
    model.fit(x, bad)
    each = ", ".join(f"{weight:.4f}" for weight in np.ravel(model.coef_))
    head = _OUT.read_text("utf-8").splitlines()[0]
    _OUT.write_text(
        f"{head}\neach: [{each}]\nbase: {float(np.ravel(model.intercept_)[0]):.4f}\nleast: {_LEAST}\n", "utf-8"
    )


if __name__ == "__main__":
    main(sys.argv[1])
