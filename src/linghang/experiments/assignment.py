"""Assignment to arms: a hash of salt and customer. No table, no state: replay, retry and audit agree.

The salt is digested by BLAKE2b into two 64-bit keys; the customer's dense number passes twice through the
finaliser of SplitMix64 (Steele, Lea & Flood, OOPSLA 2014), keyed before each pass. Two salts give independent
assignments, so campaigns do not share their holdouts unless they share a salt.
"""

import functools
import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from linghang.experiments.model import Arm

_MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
MIX1 = 0xBF58476D1CE4E5B9
MIX2 = 0x94D049BB133111EB
HOLDOUT = "holdout"
_TOLERANCE = 1e-9


@functools.lru_cache(maxsize=4096)
def keys_of(salt: str) -> tuple[int, int]:
    """The two 64-bit keys of a salt, for whoever computes ``uniforms`` by other means (SQL, compiled loops)."""
    digest = hashlib.blake2b(salt.encode(), digest_size=16, person=b"linghang.arm").digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")


def uniforms(customers: NDArray[np.uint32] | Sequence[int], salt: str) -> NDArray[np.float64]:
    """A number in [0, 1) for each customer, uniform over customers, the same whenever asked. 53 random bits."""
    return np.multiply(hashes(np.asarray(customers, dtype=np.uint64), keys_of(salt)), 2.0**-53, dtype=np.float64)


def hashes(customers: NDArray[np.uint64], keys: tuple[int, int]) -> NDArray[np.uint64]:
    """The 53 random bits of each customer that ``uniforms`` is made of."""
    z = customers * np.uint64(GOLDEN)
    z += np.uint64(keys[0])
    _finalise(z)
    z ^= np.uint64(keys[1])
    _finalise(z)
    z >>= np.uint64(11)
    return z


def _finalise(z: NDArray[np.uint64]) -> None:
    z ^= z >> np.uint64(30)
    z *= np.uint64(MIX1)
    z ^= z >> np.uint64(27)
    z *= np.uint64(MIX2)
    z ^= z >> np.uint64(31)


def uniform(customer: int, salt: str) -> float:
    """The same number as ``uniforms`` gives, for one customer, without arrays (about 1 µs)."""
    first, second = keys_of(salt)
    z = (customer * GOLDEN + first) & _MASK
    for key in (second, 0):
        z = ((z ^ (z >> 30)) * MIX1) & _MASK
        z = ((z ^ (z >> 27)) * MIX2) & _MASK
        z = z ^ (z >> 31) ^ key
    return (z >> 11) * 2.0**-53


def assign(customers: NDArray[np.uint32] | Sequence[int], salt: str, arms: Sequence[Arm]) -> NDArray[np.uint8]:
    """The index of each customer's arm. Raises ValueError unless the shares are positive and sum to one."""
    return np.searchsorted(_edges(arms), uniforms(customers, salt), side="right").astype(np.uint8)


def arm_of(customer: int, salt: str, arms: Sequence[Arm]) -> str:
    """The id of one customer's arm; agrees with ``assign``."""
    point = uniform(customer, salt)
    for arm, edge in zip(arms, _edge_list(tuple(arms)), strict=False):
        if point < edge:
            return arm.id
    return arms[-1].id


def _edges(arms: Sequence[Arm]) -> NDArray[np.float64]:
    return np.array(_edge_list(tuple(arms)))


@functools.lru_cache(maxsize=1024)
def _edge_list(arms: tuple[Arm, ...]) -> tuple[float, ...]:
    """The inner edges of the arms on [0, 1): one fewer than arms."""
    total = sum(arm.share for arm in arms)
    if not arms or any(arm.share < 0 for arm in arms) or abs(total - 1.0) > _TOLERANCE:
        raise ValueError(f"shares of arms must not be negative and sum to one, not {total}")
    edges: list[float] = []
    running = 0.0
    for arm in arms[:-1]:
        running += arm.share
        edges.append(running)
    return tuple(edges)


def held_out(customers: NDArray[np.uint32] | Sequence[int], salt: str, share: float) -> NDArray[np.bool_]:
    """Which customers a holdout of ``share`` keeps back. A larger share keeps back a superset of a smaller one."""
    return uniforms(customers, salt) < share


def is_held_out(customer: int, salt: str, share: float) -> bool:
    """Whether a holdout of ``share`` keeps one customer back; agrees with ``held_out``."""
    return uniform(customer, salt) < share


def global_salt(institution_id: str, period: str) -> str:
    """The salt of the holdout that no campaign of the institution touches in a period (such as ``2026H2``)."""
    return f"global-holdout:{institution_id}:{period}"


def arms_for(holdout_pct: float, variants: Sequence[tuple[str, float]] = (("treated", 1.0),)) -> tuple[Arm, ...]:
    """The holdout first and the variants after it in proportion, so that a larger holdout only takes customers over.

    Raises ValueError for a holdout outside 0–100 or variants without weight.
    """
    if not 0 <= holdout_pct < 100:
        raise ValueError(f"a holdout of {holdout_pct} % leaves nobody or cannot be")
    weight = sum(part for _, part in variants)
    if weight <= 0:
        raise ValueError("variants need a weight above zero")
    kept = holdout_pct / 100
    arms = tuple(Arm(name, (1 - kept) * part / weight) for name, part in variants)
    return (Arm(HOLDOUT, kept), *arms) if kept else arms
