"""Multiple-choice knapsack over customers: one option each or none, one budget, millions of customers.

Lagrangian dual: at a price λ each customer takes the option with the largest v − λc. What all of them spend falls with
λ, so the price at which it meets the budget is found by narrowing a bracket; each step sums over blocks of customers
and needs only the sums, wherever the blocks lie (``Sweep``). The bracket's lower end overspends, its upper end does
not: who chooses differently at the two ends is filled in by worth per cost, so tied scores do not leave money over. The
dual also bounds every answer, so its gap is known. (Sinha & Zoltners, Operations Research 1979.)
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]
Costs = NDArray[np.int64]
Sweep = Callable[[NDArray[np.float64]], tuple[NDArray[np.int64], NDArray[np.float64]]]
"""Prices → what all customers spend at each, and the value that they get."""
NOTHING = -1
_PRICES = 8
_ROUNDS = 12
_CORE = 5_000
_SAMPLE = 20_000
_FILL_ROUNDS = 4
_FILL_MOST = 200_000


@dataclass(frozen=True)
class Chosen:
    """Each customer's option (−1: none), what it costs and is worth, the price, and the dual's bound on any answer."""

    options: NDArray[np.int16]
    spent: int
    value: float
    price: float
    bound: float

    @property
    def gap(self) -> float:
        """How far the value may be from the best one, as a share of the bound."""
        return max(0.0, 1 - self.value / self.bound) if self.bound > 0 else 0.0


def choose(values: Values, costs: Costs, budget: int) -> Chosen:
    """The best options within ``budget``: never over it, whatever the values.

    ``values`` is customers × options (shrunk and calibrated, or the optimiser picks noise); ``costs`` are integers of
    one unit (fen, hundredths of a fen), one an option, or customers × options. Raises ValueError for shapes that do
    not agree, costs or budgets below zero, or values that are not finite.
    """
    v, c = np.ascontiguousarray(values, dtype=np.float32), _costs(values, costs)
    if budget < 0 or (c.size and c.min() < 0) or not np.isfinite(v).all():
        raise ValueError("costs and budget must not be negative, and values must be finite")
    if v.size == 0:
        return Chosen(np.full(len(v), NOTHING, np.int16), 0, 0.0, 0.0, 0.0)

    def sweep(prices: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        return _sweep(v, c, prices)

    low, high, bound = bracket(sweep, budget, *_start(v, c, budget))
    options, spent = _assign(v, c, high)
    if low < high:
        spent += _fill_core(v, c, options, low, budget - spent)
    spent += _fill_rest(v, c, options, budget - spent)
    return Chosen(options, int(spent), float(_value(v, options)), high, bound)


def bracket(sweep: Sweep, budget: int, low: float, high: float, rounds: int = _ROUNDS) -> tuple[float, float, float]:
    """A price that overspends, one that does not, as near as sums can tell, and the bound; equal if all is affordable.

    ``low`` and ``high`` are a guess, which is widened until it holds the budget's price.
    """
    prices = np.array([0.0, low, high, max(high, 1e-12) * 64])
    spends, totals = sweep(prices)
    bound = float(np.min(prices * budget + totals - prices * spends))
    if spends[0] <= budget:
        return 0.0, 0.0, float(totals[0])
    while spends[-1] > budget:
        prices = np.array([prices[-1], prices[-1] * 64])
        spends, totals = sweep(prices)
        bound = min(bound, float(np.min(prices * budget + totals - prices * spends)))
    over = spends > budget
    low, high = float(prices[over][-1]), float(prices[~over][0])
    below = int(spends[~over][0])
    between = int(spends[over][-1]) - below
    for _ in range(rounds):
        if between <= budget // _CORE:
            break  # the fill settles so few customers exactly
        inner = np.linspace(low, high, _PRICES + 2)[1:-1]
        if not inner.size or inner[0] <= low or inner[-1] >= high:
            break
        spends, totals = sweep(inner)
        bound = min(bound, float(np.min(inner * budget + totals - inner * spends)))
        over = spends > budget
        above = int(spends[over][-1]) if over.any() else below + between
        below = int(spends[~over][0]) if not over.all() else below
        low = float(inner[over][-1]) if over.any() else low
        high = float(inner[~over][0]) if not over.all() else high
        between = above - below
        if high - low <= 1e-9 * high:
            break
    return low, high, bound


def _costs(values: Values, costs: Costs) -> NDArray[np.int64]:
    shape = np.shape(values)
    c = np.asarray(costs, dtype=np.int64)
    if len(shape) != 2 or c.shape not in ((shape[1],), shape):
        raise ValueError(f"values {shape} and costs {c.shape} do not agree")
    # One row serves all customers; the kernels step over rows of a matrix.
    return np.ascontiguousarray(c.reshape(1, -1) if c.ndim == 1 else c)


def _start(v: Values, c: NDArray[np.int64], budget: int) -> tuple[float, float]:
    """A guess of the bracket from an evenly spaced sample of customers."""
    step = max(1, len(v) // _SAMPLE)
    sample = np.ascontiguousarray(v[::step])
    own = np.ascontiguousarray(c if len(c) == 1 else c[::step])
    share = budget * len(sample) // len(v)
    ratio = np.where(own > 0, sample.max() / np.maximum(own, 1), 0.0)
    top = float(ratio.max()) or 1.0
    low, high, _ = bracket(lambda prices: _sweep(sample, own, prices), share, 0.0, top, rounds=14)
    slack = 0.0 if step == 1 else 0.02
    return low * (1 - slack), high * (1 + slack) if high else top


def _fill_core(v: Values, c: NDArray[np.int64], options: NDArray[np.int16], low: float, left: int) -> int:
    """Move customers to what they would choose at the lower price, worthiest per cost first, while money is left."""
    cheaper, _ = _assign(v, c, low)
    who = np.flatnonzero(cheaper != options)
    gain, extra = _difference(v, c, options, cheaper, who)
    return _take(options, cheaper, who, gain, extra, left)


def _fill_rest(v: Values, c: NDArray[np.int64], options: NDArray[np.int16], left: int) -> int:
    """Spend what is left on the best single upgrades that still fit."""
    spent = 0
    for _ in range(_FILL_ROUNDS):
        better, worth = _upgrades(v, c, options, left - spent)
        who = np.flatnonzero(better != options)
        if not who.size:
            break
        if who.size > _FILL_MOST:
            who = who[np.argpartition(-worth[who], _FILL_MOST)[:_FILL_MOST]]
        gain, extra = _difference(v, c, options, better, who)
        taken = _take(options, better, who, gain, extra, left - spent)
        if not taken:
            break
        spent += taken
    return spent


def _take(
    options: NDArray[np.int16],
    wanted: NDArray[np.int16],
    who: NDArray[np.int64],
    gain: NDArray[np.float64],
    extra: NDArray[np.int64],
    left: int,
) -> int:
    order = np.lexsort((who, -gain / np.maximum(extra, 1)))
    taken, spent = _greedy(extra[order], left)
    moved = who[order][taken]
    options[moved] = wanted[moved]
    return int(spent)


def _value(v: Values, options: NDArray[np.int16]) -> float:
    who = np.flatnonzero(options >= 0)
    return float(v[who, options[who]].astype(np.float64).sum())


def _difference(
    v: Values, c: NDArray[np.int64], old: NDArray[np.int16], new: NDArray[np.int16], who: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    return _worth_of(v, new, who) - _worth_of(v, old, who), _cost_of(c, new, who) - _cost_of(c, old, who)


def _worth_of(v: Values, options: NDArray[np.int16], who: NDArray[np.int64]) -> NDArray[np.float64]:
    chosen = options[who]
    return np.where(chosen >= 0, v[who, np.maximum(chosen, 0)], 0.0).astype(np.float64)


def _cost_of(c: NDArray[np.int64], options: NDArray[np.int16], who: NDArray[np.int64]) -> NDArray[np.int64]:
    chosen = options[who]
    rows = np.zeros_like(who) if len(c) == 1 else who
    return np.where(chosen >= 0, c[rows, np.maximum(chosen, 0)], 0)


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    return numba.njit(cache=True, nogil=True)(function)


@_compiled
def _sweep(v, c, prices):  # type: ignore[no-untyped-def]
    n, options = v.shape
    spends = np.zeros(len(prices), np.int64)
    totals = np.zeros(len(prices), np.float64)
    shared = len(c) == 1
    for i in range(n):
        row = 0 if shared else i
        for k in range(len(prices)):
            best, worth, cost = 0.0, 0.0, 0
            for j in range(options):
                net = float(v[i, j]) - prices[k] * c[row, j]
                if net > best or (net == best and net > 0 and c[row, j] < cost):
                    best, worth, cost = net, float(v[i, j]), c[row, j]
            spends[k] += cost
            totals[k] += worth
    return spends, totals


@_compiled
def _assign(v, c, price):  # type: ignore[no-untyped-def]
    n, options = v.shape
    chosen = np.full(n, -1, np.int16)
    spent = 0
    shared = len(c) == 1
    for i in range(n):
        row = 0 if shared else i
        best, cost = 0.0, 0
        for j in range(options):
            net = float(v[i, j]) - price * c[row, j]
            if net > best or (net == best and net > 0 and c[row, j] < cost):
                best, cost = net, c[row, j]
                chosen[i] = j
        spent += cost
    return chosen, spent


@_compiled
def _upgrades(v, c, chosen, left):  # type: ignore[no-untyped-def]
    n, options = v.shape
    better = chosen.copy()
    worth = np.zeros(n, np.float64)
    shared = len(c) == 1
    for i in range(n):
        row = 0 if shared else i
        now = chosen[i]
        value = float(v[i, now]) if now >= 0 else 0.0
        cost = c[row, now] if now >= 0 else 0
        for j in range(options):
            extra = c[row, j] - cost
            gain = float(v[i, j]) - value
            if gain > 0 and extra <= left and gain / max(extra, 1) > worth[i]:
                worth[i] = gain / max(extra, 1)
                better[i] = j
    return better, worth


@_compiled
def _greedy(extra, left):  # type: ignore[no-untyped-def]
    taken = np.zeros(len(extra), np.bool_)
    spent = 0
    for i in range(len(extra)):
        if spent + extra[i] <= left:
            taken[i] = True
            spent += extra[i]
    return taken, spent
