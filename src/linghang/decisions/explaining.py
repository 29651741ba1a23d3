"""Why is TA seeing this: a decision record in sentences, also for those who see nothing."""

from linghang.base.messages import render
from linghang.base.records import DecisionRecord


def explain(record: DecisionRecord, locale: str = "zh-CN") -> tuple[tuple[str, str], ...]:
    """What was chosen and, for everything else, why not: (what, sentence) pairs, the choice first."""
    if record.chosen:
        params = {"chosen": record.chosen, "layer": record.layer, "arm": record.arm, "propensity": record.propensity}
        first = (record.chosen, render("decisions.chosen", params, locale))
    else:
        first = ("", render("decisions.nothing", {"slot": record.slot}, locale))
    others = ((what, render(code, {"what": what}, locale)) for what, code in sorted(record.reasons.items()))
    return (first, *others)
