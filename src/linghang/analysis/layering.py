"""Layers of an audience by predicted uplift, learned from a campaign that was measured against its holdout."""

from typing import Any

import numpy as np

from linghang import packs
from linghang.analysis.asked import Study
from linghang.analysis.effect import RESPONSE, responders
from linghang.analysis.skills import all_studies
from linghang.audiences.asked import asked, worded
from linghang.audiences.automatic import automatic
from linghang.audiences.freshness import current_index
from linghang.audiences.index.running import bitset, numbers_of
from linghang.audiences.playing import layered
from linghang.audiences.predicting import Predicted, predict
from linghang.base.errors import UnknownItemError
from linghang.experiments import HOLDOUT
from linghang.kit.context import Context
from linghang.kit.skills import skill


@skill("analysis.layers", effect="read", permission="analysis.read", cost="high", needs={"text": "words"})
def layers(ctx: Context, campaign: str = "", rule: Any = None, text: str = "", audience: str = "") -> dict[str, Any]:
    """An audience in layers by predicted uplift, learned from a launched campaign.

    ``campaign`` is its id or name; the latest by default. ``measured`` tells whether the predictions part customers
    who were not learned from. Raises UnknownItemError("analysis.no_study"),
    RefusedError("audiences.too_few_measured").
    """
    pack = packs.load(ctx.pack)
    chosen = asked(ctx, pack, rule, text, audience).rule
    study = _study(all_studies(ctx), campaign)
    index = current_index(ctx, pack)
    members = bitset(index.plan(chosen, ctx.today), index.words)
    found = predict(
        study.bench.groups.within("treated"), study.bench.groups.within(HOLDOUT), _responded(study),
        numbers_of(members), index, pack, seed_number=ctx.seed, today=ctx.today,
    )  # fmt: skip
    made = automatic("uplift", members, index, pack, today=ctx.today, uplift=found.uplift)
    return {
        **layered(ctx, chosen, made),
        "campaign": {"id": study.id, "name": study.name},
        "measured": _measured(found),
        "findings": worded(found.findings, ctx.locale),
    }


def _study(studies: tuple[Study, ...], campaign: str) -> Study:
    found = next((one for one in studies if campaign in ("", one.id, one.name)), None)
    if found is None:
        have = ", ".join(one.name for one in studies[:6]) or "—"
        raise UnknownItemError("analysis.no_study", campaign=campaign or "—", have=have)
    return found


def _responded(study: Study) -> np.ndarray:
    bench = study.bench
    rows = bench.rows(responders(study.product), {**bench.params, "event": RESPONSE, "product": study.product})
    return np.sort(rows["customer"].astype(np.uint32))


def _measured(found: Predicted) -> dict[str, float]:
    return {
        "treated": found.treated, "held": found.held, "upper": found.upper, "lower": found.lower, "gap": found.gap,
        "low": found.low, "high": found.high,
    }  # fmt: skip
