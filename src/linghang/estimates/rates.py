"""How customers respond without any contact, layer by layer: the ground on which effects are multiplied."""

from collections.abc import Sequence

from linghang.packs.model import History, Pack

PRIOR_CUSTOMERS = 500
"""How many customers' worth of the whole audience's rate a layer's own past is shrunk with."""


def ground_rate(objective: str, product: str, kind: str, pack: Pack) -> tuple[float, str]:
    """The usual response of those who were held out, from the pack's history, and the source of the figure.

    The nearest row counts: objective and product, then product, then objective; without any, (0, "").
    """
    names = (product, kind)
    for fits in (
        lambda row: row.objective == objective and row.product in names,
        lambda row: row.product in names,
        lambda row: row.objective == objective,
    ):
        rows = [row for row in pack.history if row.holdout_rate is not None and fits(row)]
        if rows:
            return _pooled(rows), "; ".join(dict.fromkeys(row.source for row in rows if row.source))
    return 0.0, ""


def _pooled(rows: Sequence[History]) -> float:
    contacts = sum(max(row.contacts, 1) for row in rows)
    return sum((row.holdout_rate or 0.0) * max(row.contacts, 1) for row in rows) / contacts


def layer_rates(ground: float, past: Sequence[tuple[int, int]]) -> tuple[float, ...]:
    """Each layer's rate: ``ground`` times how its past (responders, customers) compares with that of all layers.

    A small layer's own past counts little (empirical Bayes with ``PRIOR_CUSTOMERS``); without any past responder every
    layer has the ground rate.
    """
    responders, customers = sum(one for one, _ in past), sum(many for _, many in past)
    if not responders or not customers:
        return tuple(ground for _ in past)
    overall = responders / customers
    return tuple(
        min(0.95, ground * (one + PRIOR_CUSTOMERS * overall) / (many + PRIOR_CUSTOMERS) / overall) for one, many in past
    )
