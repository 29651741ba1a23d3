"""Skills of estimates: how well the intervals have held what came true."""

from collections.abc import Mapping
from typing import Any

from linghang import packs
from linghang.base.digest import plain
from linghang.campaigns.store import all_outcomes
from linghang.estimates.scoring import backtest
from linghang.experiments import Counts, wilson
from linghang.kit.context import Context
from linghang.kit.skills import skill


@skill("estimate.backtest", effect="read", permission="analysis.read", makes="estimates.record")
def record(ctx: Context) -> Mapping[str, Any]:
    """Walk forward over finished campaigns: how often the 90 % interval made before each one held its response rate."""
    history = packs.load(ctx.pack).history
    groups: dict[tuple[str, str], list[bool]] = {}
    outcomes = all_outcomes(ctx.db, ctx.institution_id)
    for named in dict.fromkeys((item.objective, item.product) for item in outcomes):
        own = [item for item in outcomes if (item.objective, item.product) == named]
        rates = [row.rate for row in history if row.objective == named[0] and row.product == named[1]]
        # Without a row of its own the first campaign is the guess for the others.
        start, tested = (rates[0], own) if rates else (own[0].treated_rate, own[1:])
        if tested:
            groups[named] = list(backtest(tested, history, start))
    held = [one for found in groups.values() for one in found]
    coverage = plain(wilson(Counts(len(held), sum(held)), 0.9)) if held else None
    rows = [
        {"objective": objective, "product": product, "campaigns": len(found), "held": sum(found)}
        for (objective, product), found in groups.items()
    ]
    return {"coverage": coverage, "nominal": 0.9, "groups": rows, "simulated": any(item.simulated for item in outcomes)}
