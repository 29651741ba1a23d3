"""What a contact would do to whom, learned from a measured campaign: treated against held-out customers.

Two logistic regressions on cells of attributes, one an arm, subtracted (a T-learner: Künzel et al., PNAS 2019). Whether
that holds is measured on the half of the campaign that the measured model never saw; both halves make the predictions.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linghang.audiences.index.bits import Numbers
from linghang.audiences.index.opened import Index
from linghang.audiences.lookalikes import regress
from linghang.audiences.traits import Trait, traits
from linghang.base.errors import RefusedError
from linghang.base.findings import Finding, Severity
from linghang.experiments.assignment import uniforms
from linghang.packs.model import Pack

LEAST_ARM = 200
LEAST_RESPONSES = 20
_MOST = 60_000
_SURE = 1.645
Shares = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Predicted:
    """``uplift``: one prediction (0–1) for each member, ascending. ``treated`` and ``held`` are whom it learned from.

    ``upper`` and ``lower`` are the effects that were measured in the half of the campaign with the higher and with the
    lower predictions; ``gap`` is their difference with its 90% interval.
    """

    uplift: Shares
    treated: int
    held: int
    upper: float
    lower: float
    gap: float
    low: float
    high: float
    findings: tuple[Finding, ...] = ()


def predict(
    treated: Numbers, held: Numbers, responders: Numbers, members: Numbers, index: Index, pack: Pack, *,
    seed_number: int, today: dt.date | None = None,
) -> Predicted:  # fmt: skip
    """Predicted uplift of ``members``, by attributes as they are now; behaviour is not looked at, since it may be what
    the campaign caused.

    Raises RefusedError("audiences.too_few_measured") where either arm is too small to learn from.
    """
    random = np.random.default_rng(seed_number)
    arms = [_some(arm[arm < index.size], random) for arm in (treated, held)]
    said = [np.isin(arm, responders) for arm in arms]
    if min(map(len, arms)) < LEAST_ARM or sum(int(one.sum()) for one in said) < LEAST_RESPONSES:
        params = {"treated": len(arms[0]), "held": len(arms[1]), "responses": sum(int(one.sum()) for one in said)}
        params["least"] = LEAST_ARM
        finding = Finding("audiences.too_few_measured", Severity.S2, "uplift", params=params)
        raise RefusedError("audiences.too_few_measured", (finding,), **params)
    known = traits(index, pack, today or index.as_of, without=index.events)
    half = [uniforms(arm, f"uplift:{seed_number}") < 0.5 for arm in arms]
    models = [
        [_model(known, arm[part == side], yes[part == side]) for arm, yes, part in zip(arms, said, half, strict=True)]
        for side in (True, False)
    ]
    # Only one way: learning from each half and measuring on the other would count the same chance twice.
    unseen = [~part for part in half]
    judged = [_uplift(known, arm[part], models[0]) for arm, part in zip(arms, unseen, strict=True)]
    told = _measured(judged, [yes[part] for yes, part in zip(said, unseen, strict=True)])
    mean = (_uplift(known, members, models[0]) + _uplift(known, members, models[1])) / 2
    proven = told[2] - _SURE * told[3] > 0
    findings = () if proven else (Finding("audiences.uplift_unproven", Severity.S3, "uplift"),)
    upper, lower, gap, error = told
    return Predicted(
        mean, len(arms[0]), len(arms[1]), upper, lower, gap, gap - _SURE * error, gap + _SURE * error, findings
    )


def _some(numbers: Numbers, random: np.random.Generator) -> Numbers:
    return numbers if len(numbers) <= _MOST else np.sort(random.choice(numbers, _MOST, replace=False))


def _model(known: Sequence[Trait], numbers: Numbers, said: npt.NDArray[np.bool_]) -> Shares:
    codes = [trait.codes(numbers) for trait in known]
    return regress(codes, [len(trait.values) for trait in known], said.astype(np.float64))


def _chance(known: Sequence[Trait], numbers: Numbers, weight: Shares) -> Shares:
    total = np.full(len(numbers), weight[-1])
    start = 0
    for trait in known:
        total += weight[start : start + len(trait.values)][trait.codes(numbers)]
        start += len(trait.values)
    chance: Shares = 1.0 / (1.0 + np.exp(-np.clip(total, -30, 30)))
    return chance


def _uplift(known: Sequence[Trait], numbers: Numbers, models: Sequence[Shares]) -> Shares:
    return _chance(known, numbers, models[0]) - _chance(known, numbers, models[1])


def _measured(judged: Sequence[Shares], said: Sequence[npt.NDArray[np.bool_]]) -> tuple[float, float, float, float]:
    """(effect where the predictions are high, where they are low, their difference, its standard error)."""
    middle = float(np.median(np.concatenate(list(judged))))
    effects: list[float] = []
    variance = 0.0
    for high in (True, False):
        rates: list[float] = []
        for own, yes in zip(judged, said, strict=True):
            chosen = yes[(own > middle) == high]
            rate = float(chosen.mean()) if len(chosen) else 0.0
            rates.append(rate)
            variance += rate * (1 - rate) / max(len(chosen), 1)
        effects.append(rates[0] - rates[1])
    return effects[0], effects[1], effects[0] - effects[1], math.sqrt(variance)
