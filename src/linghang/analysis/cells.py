"""A metric of the catalogue by the dimensions of a question."""

from collections.abc import Sequence
from dataclasses import replace

from linghang.analysis.asked import Asked
from linghang.analysis.desk import Cells, Desk
from linghang.analysis.metrics import Formula, Term
from linghang.analysis.sources import read
from linghang.base.errors import RefusedError

BROADCAST = frozenset({"audience", "budget"})
"""Denominators that hold for every part where the parts cannot split them (a rate by channel is over everybody)."""


def metric_cells(desk: Desk, asked: Asked, formula: Formula) -> Cells:
    """A metric by the question's dimensions. Where a denominator is zero or absent there is no value.

    Raises RefusedError("analysis.cannot_split").
    """
    shared = bool(formula.denominator)
    above = side(desk, asked, formula.numerator, formula, "treated" if shared else "audience")
    if above is None:
        raise RefusedError("analysis.cannot_split", metric=formula.metric.name, by=", ".join(asked.dimensions))
    if not shared:
        return above
    below = side(desk, asked, formula.denominator, formula, "treated")
    if below is not None:
        return {key: value / below[key] for key, value in above.items() if below.get(key)}
    if not all(term.source in BROADCAST for term in formula.denominator):
        raise RefusedError("analysis.cannot_split", metric=formula.metric.name, by=", ".join(asked.dimensions))
    whole = side(desk, replace(asked, dimensions=()), formula.denominator, formula, "treated") or {}
    total = whole.get((), 0.0)
    return {key: value / total for key, value in above.items()} if total else {}


def side(desk: Desk, asked: Asked, terms: Sequence[Term], formula: Formula, within: str) -> Cells | None:
    """One side of a formula by the question's dimensions; None if a source of it cannot be cut so.

    ``within`` is the group of a campaign's customers that counts: rates are of those whom it addressed (``treated``),
    sizes of the whole audience.
    """
    cells: Cells = {}
    for term in terms:
        if term.measure == "days":
            raise RefusedError("analysis.cannot_split", metric=formula.metric.name, by=", ".join(asked.dimensions))
        found = read(desk, asked, term, within=within if asked.scope else "audience")
        if found is None:
            return None
        for key, value in found.items():
            cells[key] = cells.get(key, 0.0) + term.sign * value
    return cells
