"""What a wish is about: classes of words in a sentence, how acts and things stand to each other, and what was read.

``words.yaml`` holds the classes; ``intents.npz`` the weights of a linear model over their features, over short pieces
of the sentence and over its meaning (the embedded encoder), fitted by ``scripts/teach_intents.py``. A wish is composed
(an act on a thing, asked in a form), so that words that were never seen together are still known; where nothing speaks
for an aim, none is sure.
"""

import functools
import io
import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import cast

import numpy as np
import numpy.typing as npt
import yaml

from linghang.knowledge.embedding import embedded
from linghang.reading import Reading
from linghang.reading.normalise import normalise

UNCLEAR = "unclear"
"""The intent of what nobody could act on; never offered."""
_QUOTED = re.compile(r"[“\"「『《][^”\"」』》]*[”\"」』》]")
_CLAUSE = re.compile(r"[,，。;；!！?？\n]|[:：]")
_NEAR = 14
"""So many characters may stand between an act and its thing."""
_LATIN = re.compile(r"[a-z]")
_WORD = re.compile(r"[a-z][a-z'-]+")
_HAN = re.compile(r"[\u3400-\u9fff“”]+")
_PIECES = 3.2
"""How much all pieces of a sentence count together, beside one class of words."""
_SAID = ("budget_cny", "start", "end", "channels", "offers", "audience", "product", "objective", "metrics", "time",
         "compare", "dimensions", "kpi")  # fmt: skip
MEANING = 6.0
"""How much the meaning of a sentence counts beside one class of words."""
SHARPNESS = 1.2
"""Chances are sharpened a little: shrunken weights are too modest (measured on sheets left out of the fit)."""


@functools.cache
def _classes() -> Mapping[str, Sequence[tuple[str, re.Pattern[str]]]]:
    told = yaml.safe_load((resources.files("linghang.agents") / "words.yaml").read_text("utf-8"))
    return {
        kind: [(name, re.compile("|".join(_whole(word) for word in words))) for name, words in classes.items()]
        for kind, classes in told.items()
    }


def _whole(word: str) -> str:
    """A Latin word counts only as a whole one."""
    begins, ends = _LATIN.match(word[:1]), _LATIN.search(word[-1:])
    return f"{'(?<![a-z])' if begins else ''}(?:{word}){'(?![a-z])' if ends else ''}"


def plain(text: str) -> str:
    """A sentence for recognition: in one spelling (small letters, Simplified), and quotations left out, as they are not
    what is wanted."""
    bare = _QUOTED.sub("“”", " ".join(text.lower().split()))
    return normalise(bare).text.replace('""', "“”")


def features(text: str, told: Reading, *, focus: bool = False) -> dict[str, float]:
    """The features of a sentence by name."""
    head = _head(plain(text))
    made: dict[str, float] = {"bias": 1.0}
    found = {kind: _found(head, kind) for kind in ("acts", "things", "forms")}
    for kind, items in found.items():
        for name, _, _ in items:
            made[f"{kind[0]}:{name}"] = 1.0
    made |= _pairs(head, found["acts"], found["things"])
    if not found["acts"] and not found["things"]:
        made["nothing"] = 1.0
    made |= _pieces(head)
    made |= _of_reading(told, focus)
    length = len(head)
    made["short"] = float(length <= 6)
    made["long"] = float(length > 30)
    made["clauses"] = min(len([part for part in _CLAUSE.split(head) if part.strip()]), 5) / 5
    return {name: value for name, value in made.items() if value}


def _head(text: str) -> str:
    """What is said of a material, without the material: what stands behind a colon after a short demand."""
    before, colon, behind = text.partition("：" if "：" in text else ":")
    return f"{before}：" if colon and behind and len(before) <= 24 and _found(before, "acts") else text


def _found(text: str, kind: str) -> list[tuple[str, int, int]]:
    """The classes of a kind in a text with the place of each; of two that overlap the longer counts."""
    every = [
        (name, hit.start(), hit.end()) for name, pattern in _classes()[kind] for hit in pattern.finditer(text)
        if hit.end() > hit.start()
    ]  # fmt: skip
    if kind == "forms":
        return every
    every.sort(key=lambda item: (item[1] - item[2], item[1]))
    kept: list[tuple[str, int, int]] = []
    for item in every:
        if all(item[2] <= one[1] or item[1] >= one[2] or item[1:] == one[1:] for one in kept):
            kept.append(item)
    return sorted(kept, key=lambda item: item[1])


def _pairs(text: str, acts: Sequence[tuple[str, int, int]], things: Sequence[tuple[str, int, int]]) -> dict[str, float]:
    """An act with the thing behind it, or else with the one before it, in its clause; what comes first and last."""
    breaks = [hit.start() for hit in _CLAUSE.finditer(text)]
    clause = {place: sum(1 for one in breaks if one < place) for _, place, _ in (*acts, *things)}
    made: dict[str, float] = {}
    for act, start, end in acts:
        behind = [item for item in things if item[1] >= end - 1 and clause[item[1]] == clause[start]]
        before = [item for item in things if item[2] <= start + 1 and clause[item[1]] == clause[start]]
        if behind and behind[-1][1] - end <= _NEAR:
            made[f"{act}>{behind[-1][0]}"] = 1.0
        if before and start - before[-1][2] <= _NEAR:
            made[f"{before[-1][0]}<{act}"] = 1.0
        if not behind and not before and things:
            made[f"{act}~{things[-1][0] if things[-1][1] < start else things[0][0]}"] = 1.0
    if things:
        made[f"last:{things[-1][0]}"] = 1.0
        made[f"first:{things[0][0]}"] = 1.0
    if acts:
        made[f"begins:{acts[0][0]}"] = 1.0
        made[f"ends:{acts[-1][0]}"] = 1.0
    for one, other in itertools.pairwise(things):
        if one[0] != other[0]:
            made[f"{one[0]}+{other[0]}"] = 1.0
    return made


def _pieces(text: str) -> dict[str, float]:
    """Pairs of characters and whole Latin words; together they count as much in a long sentence as in a short one."""
    pieces = {f"w:{word}" for word in _WORD.findall(text)}
    for run in _HAN.findall(text):
        pieces |= {f"w:{run[n : n + 2]}" for n in range(len(run) - 1)} | {f"w:{one}" for one in run}
    share = _PIECES / math.sqrt(max(len(pieces), 4))
    return dict.fromkeys(sorted(pieces), share)


def _of_reading(told: Reading, focus: bool) -> dict[str, float]:
    """What the reader made of it: its kind, which parts a brief has, whether it asks for words or for a size."""
    kinds = {item.kind: item.confidence for item in told.alternatives} | {told.kind: told.confidence}
    made = {f"kind:{kind}": round(value, 3) for kind, value in kinds.items()}
    values = {} if told.kind == "edit" else told.reading
    made |= {f"has:{key}": 1.0 for key in _SAID if values.get(key)}
    made["parts"] = min(sum(1 for key in _SAID[:6] if values.get(key)), 5) / 5
    if told.act:
        made[f"act:{told.act}"] = 1.0
    if told.kind == "analysis":
        metrics = set(cast("Sequence[str]", told.reading.get("metrics", ())))
        made["sizes"] = float(metrics == {"segment_size"} and "time" not in told.reading)
    if focus:
        made["focus"] = 1.0
        made |= {f"focus&kind:{kind}": round(value, 3) for kind, value in kinds.items()}
    return made


@dataclass(frozen=True)
class Weights:
    """The fitted model: the aims, each feature's row, and the matrix of a sentence's meaning."""

    aims: tuple[str, ...]
    rows: Mapping[str, int]
    features: npt.NDArray[np.float32]
    meaning: npt.NDArray[np.float32]


@functools.cache
def _weights() -> Weights:
    with np.load(io.BytesIO((resources.files("linghang.agents") / "intents.npz").read_bytes())) as told:
        names = [str(name) for name in told["names"]]
        return Weights(tuple(str(aim) for aim in told["aims"]), {name: n for n, name in enumerate(names)},
                       told["features"].astype(np.float32), told["meaning"].astype(np.float32))  # fmt: skip


def meaning(text: str) -> npt.NDArray[np.float32]:
    """What a sentence means, as a vector; a material behind a colon is left out as for the features."""
    return MEANING * embedded().encode([_head(plain(text))])[0]


def chances(text: str, told: Reading, *, focus: bool = False) -> dict[str, float]:
    """How likely each aim is (they sum to 1, ``unclear`` among them)."""
    fitted = _weights()
    scores = meaning(text) @ fitted.meaning
    for feature, value in features(text, told, focus=focus).items():
        if (row := fitted.rows.get(feature)) is not None:
            scores = scores + value * fitted.features[row]
    raised = np.exp(SHARPNESS * (scores - scores.max()))
    return dict(zip(fitted.aims, (raised / raised.sum()).tolist(), strict=True))
