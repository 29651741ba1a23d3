"""Fits the weights that tell a reason from a wish: a linear model on messages whose clauses are labelled.

Run ``python -m scripts.teach_reasons`` after a change of features or of ``evals/data/edit_roles.jsonl``; it rewrites
``lexicon/reasons.yaml`` of the reading room and prints the accuracy in cross-validation over whole messages.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from linghang.reading.edits.reasons import features

HERE = Path(__file__).parent.parent
SOURCE = HERE / "evals/data/edit_roles.jsonl"
TARGET = HERE / "src/linghang/reading/lexicon/reasons.yaml"
HEAD = "# Weights that tell a reason from a wish: feature → weight. Written by scripts/teach_reasons.py.\n"
RARE, SMALL = 2, 0.02


def main() -> None:
    """Fit on all messages, print how well it does on messages that it has not seen, write the weights."""
    messages = [json.loads(line)["clauses"] for line in SOURCE.read_text("utf-8").splitlines()]
    rows = [(n, features(text), role == "b", len(each) > 1) for n, each in enumerate(messages) for text, role in each]
    counted = Counter(name for _, found, _, _ in rows for name in found)
    vectors = DictVectorizer(dtype=np.float64)
    spoken = [{name: value for name, value in found.items() if counted[name] >= RARE} for _, found, _, _ in rows]
    table: Any = vectors.fit_transform(spoken)
    table.indices, table.indptr = table.indices.astype(np.int32), table.indptr.astype(np.int32)
    is_reason = np.array([row[2] for row in rows])
    model = LogisticRegression(C=3.0, max_iter=2000)
    groups = np.array([row[0] for row in rows])
    found_out: Any = cross_val_predict(model, table, is_reason, groups=groups, cv=GroupKFold(5), method="predict_proba")
    chance = found_out[:, 1]
    several = np.array([row[3] for row in rows])
    taken: Any = chance > 0.5
    print(f"{several.sum()} clauses of messages with several: right {(taken == is_reason)[several].mean():.3f}, "
          f"reasons found {taken[several & is_reason].mean():.3f}, "
          f"wishes lost {taken[several & ~is_reason].mean():.3f}")  # fmt: skip
    model.fit(table, is_reason)
    fitted: Any = model
    weights, start = fitted.coef_[0], fitted.intercept_[0]
    pairs = zip(vectors.get_feature_names_out(), weights, strict=True)
    kept = {str(name): round(float(weight), 3) for name, weight in pairs if abs(weight) >= SMALL}
    found = {"bias": round(float(start), 3), **dict(sorted(kept.items()))}
    TARGET.write_text(HEAD + yaml.safe_dump(found, allow_unicode=True, sort_keys=False, width=120), "utf-8")


if __name__ == "__main__":
    main()
