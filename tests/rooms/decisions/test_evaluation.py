"""Off-policy values are right on average, their intervals cover, and thin logs are refused."""

import numpy as np
import pytest

from linghang.decisions import doubly_robust, ips, snips


def logged(rng: np.random.Generator, n: int):
    """Three actions under a skewed logging policy; the target prefers the best one."""
    rates, logging, target = np.array([0.02, 0.05, 0.09]), np.array([0.7, 0.2, 0.1]), np.array([0.05, 0.15, 0.8])
    actions = rng.choice(3, n, p=logging)
    rewards = rng.binomial(1, rates[actions]).astype(float)
    truth = float((rates * target).sum())
    guess = rates * 1.1
    return rewards, logging[actions], target[actions], guess[actions], np.full(n, float((guess * target).sum())), truth


def test_intervals_cover_and_the_model_helps() -> None:
    rng = np.random.default_rng(1)
    inside = {"ips": 0, "snips": 0, "dr": 0}
    widths = {"ips": 0.0, "snips": 0.0, "dr": 0.0}
    for _ in range(400):
        r, p, t, q, base, truth = logged(rng, 4000)
        for found in (ips(r, p, t), snips(r, p, t), doubly_robust(r, p, t, q, base)):
            assert found.value is not None
            inside[found.method] += truth in found.value
            widths[found.method] += found.value.high - found.value.low
    assert all(0.85 <= count / 400 <= 0.95 for count in inside.values())
    assert max(widths["dr"], widths["snips"]) < widths["ips"]


def test_thin_logs_are_refused_with_numbers() -> None:
    rng = np.random.default_rng(2)
    r, p, t, *_ = logged(rng, 150)
    found = ips(r, p, t)
    assert found.value is None
    assert found.findings[0].code == "decisions.log_too_thin"
    assert found.effective < 150
    few = snips(np.zeros(5000), np.full(5000, 0.5), np.full(5000, 0.5))
    assert few.value is None
    assert few.positives == 0


@pytest.mark.parametrize("propensities", [[0.0, 0.5], [1.2, 0.5]])
def test_impossible_propensities_are_refused(propensities) -> None:
    with pytest.raises(ValueError, match="propensity"):
        ips([1.0, 0.0], propensities, [0.5, 0.5])


def test_the_logging_policy_has_its_own_mean() -> None:
    rng = np.random.default_rng(3)
    r, p, *_ = logged(rng, 4000)
    found = ips(r, p, p)
    assert found.value is not None
    assert found.value.value == pytest.approx(r.mean())
    assert found.effective == pytest.approx(4000)
