"""The learned reader: what a clause means, from the rules' own examples. It adds findings; it never clears an S1.

Linear weights over hashed runs of characters and concepts (``grams``), taught by ``scripts/teach_reader.py``: one score
that anything is wrong with a clause, one for each *sense* (a meaning that several rules forbid for different products),
and one that a whole text sells. No model is asked and nothing is downloaded: equal text, equal scores.
"""

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linghang.compliance.glyphs import rules_folder
from linghang.compliance.grams import weighed
from linghang.compliance.normalise import View
from linghang.compliance.pieces import clauses

Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class Weights:
    """What was taught. ``rare`` weighs each bucket; ``wrong`` and ``sells`` are one column each, ``senses`` one a sense."""

    rare: Numbers
    wrong: Numbers
    sells: Numbers
    senses: NDArray[np.int8]
    scales: Numbers
    biases: Mapping[str, float]
    sense_biases: Numbers
    rules: tuple[tuple[str, ...], ...]
    """For each sense the rules that forbid it, the first that applies to a material first."""


@dataclass(frozen=True)
class Reading:
    """A clause (or two that belong together) as the reader sees it: how likely something is wrong, and each sense."""

    start: int
    end: int
    wrong: float
    senses: Sequence[float]
    alone: bool = True
    """Whether it is one clause; False for two neighbours together."""


@functools.cache
def weights(lang: str) -> Weights:
    """The shipped weights of ``zh`` or ``en``."""
    with (rules_folder() / f"reader_{lang}.npz").open("rb") as file:
        told: Mapping[str, Any] = np.load(file)
        biases = {"wrong": float(told["biases"][0]), "sells": float(told["biases"][1])}
        return Weights(
            rare=told["rare"].astype(np.float32),
            wrong=told["wrong"].astype(np.float32),
            sells=told["sells"].astype(np.float32),
            senses=told["senses"],
            scales=told["scales"].astype(np.float32),
            biases=biases,
            sense_biases=told["sense_biases"].astype(np.float32),
            rules=tuple(tuple(str(name).split()) for name in told["rules"]),
        )


def sells(text: str, product: str, lang: str) -> float:
    """How likely a whole (normalised) text wants somebody to buy, between 0 and 1."""
    taught = weights(lang)
    places, values = _vector(text, product, lang, taught)
    return _share(float(taught.sells[places] @ values) + taught.biases["sells"])


def readings(view: View, product: str, lang: str) -> list[Reading]:
    """Each clause of a view, and each two neighbours in one sentence, with their scores."""
    pieces = clauses(view.text, chinese=lang == "zh")
    found = [_read(view.text, start, end, product, lang) for start, end in pieces]
    for (start, middle), (after, end) in pairwise(pieces):
        if after - middle <= 2 and not _stops(view.text[middle:after]):
            found.append(replace(_read(view.text, start, end, product, lang), alone=False))
    return found


def _stops(between: str) -> bool:
    return any(sign in between for sign in "。;\n")


def _read(text: str, start: int, end: int, product: str, lang: str) -> Reading:
    return Reading(start, end, *_scores(text[start:end], product, lang))


@functools.lru_cache(maxsize=2048)
def _scores(said: str, product: str, lang: str) -> tuple[float, tuple[float, ...]]:
    """A mended text is checked again: most of its clauses were read a moment ago."""
    taught = weights(lang)
    places, values = _vector(said, product, lang, taught)
    wrong = _share(float(taught.wrong[places] @ values) + taught.biases["wrong"])
    sums = (values @ taught.senses[places].astype(np.float32)) * taught.scales + taught.sense_biases
    return wrong, tuple(float(one) for one in sums)


def _vector(text: str, product: str, lang: str, taught: Weights) -> tuple[NDArray[np.int64], Numbers]:
    told = weighed(text, product, lang)
    places = np.fromiter(told.keys(), np.int64, len(told))
    values = np.fromiter(told.values(), np.float32, len(told)) * taught.rare[places]
    length = float(np.sqrt(values @ values))
    return places, values / length if length > 0 else values


def _share(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))
