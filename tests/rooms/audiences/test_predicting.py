"""Predicted uplift finds a planted cause, is measured on customers it never saw, and says so where there is none."""

import numpy as np
import pytest

from linghang import audiences, packs
from linghang.audiences.automatic import automatic
from linghang.audiences.predicting import predict
from linghang.base.errors import RefusedError
from linghang.base.predicates import Combination
from linghang.kit.context import Context

from .demo_bank import SIZE

PACK = packs.load("demo")


def _world(bank: Context) -> tuple[audiences.Index, np.ndarray, np.ndarray, np.random.Generator]:
    """The index, ages, and who is treated: half of everybody."""
    index = audiences.current_index(bank, PACK)
    random = np.random.default_rng(5)
    return index, 20 + np.arange(SIZE) % 50, random.random(SIZE) < 0.5, random


def _arms(treated: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    every = np.arange(SIZE, dtype=np.uint32)
    return every[treated], every[~treated]


def test_a_planted_cause_is_found_and_proven(bank: Context) -> None:
    index, ages, treated, random = _world(bank)
    chance = 0.1 + np.where(treated & (ages < 40), 0.3, 0.0)
    responders = np.flatnonzero(random.random(SIZE) < chance).astype(np.uint32)
    members = np.arange(SIZE, dtype=np.uint32)
    told = predict(*_arms(treated), responders, members, index, PACK, seed_number=7)
    assert told.findings == ()
    assert told.low > 0.1, "the half with high predictions gained clearly more"
    young = ages < 40
    assert told.uplift[young].mean() > 0.2
    assert abs(told.uplift[~young].mean()) < 0.1
    everyone = audiences.bitset(index.plan(Combination("all", ())), index.words)
    layers = automatic("uplift", everyone, index, PACK, uplift=told.uplift)
    first = layers.layers[0]
    inside = audiences.numbers_of(audiences.layer_members(first, everyone, index))
    assert (ages[inside] < 40).mean() > 0.9, "the best layer is the one that was planted"
    assert sum(layer.count for layer in layers.layers) == SIZE


def test_without_a_cause_nothing_is_claimed_more_often_than_by_chance(bank: Context) -> None:
    index, _, _, _ = _world(bank)
    members = np.arange(10, dtype=np.uint32)
    scores: list[float] = []
    for seed in range(60):
        random = np.random.default_rng(seed)
        treated, responded = random.random(SIZE) < 0.5, random.random(SIZE) < 0.15
        told = predict(*_arms(treated), np.flatnonzero(responded), members, index, PACK, seed_number=seed)
        scores.append(told.gap / (told.high - told.gap) * 1.645)
        assert (told.findings == ()) == (told.low > 0)
    # Sixty standard normal numbers: a spread above 1.25 comes once in a hundred, a mean beyond 0.4 too.
    assert np.std(scores) < 1.25
    assert abs(np.mean(scores)) < 0.4


def test_too_small_a_campaign_is_refused(bank: Context) -> None:
    index, _, treated, _ = _world(bank)
    few = np.arange(50, dtype=np.uint32)
    with pytest.raises(RefusedError) as refused:
        predict(_arms(treated)[0], few, few, few, index, PACK, seed_number=1)
    assert refused.value.code == "audiences.too_few_measured"
