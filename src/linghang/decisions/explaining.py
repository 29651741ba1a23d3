"""Why is TA seeing this: a decision record in sentences, also for those who see nothing."""

from collections.abc import Mapping

from linghang.base.messages import catalogue, render
from linghang.base.records import DecisionRecord


def explain(
    record: DecisionRecord, locale: str = "zh-CN", names: Mapping[str, str] | None = None
) -> tuple[tuple[str, str], ...]:
    """What was chosen and, for everything else, why not: (what, sentence) pairs, the choice first.

    ``names`` are what people call the ids in the sentences (combinations, layers, places).
    """
    called = names or {}
    if record.chosen:
        params = {
            "chosen": called.get(record.chosen, record.chosen),
            "layer": called.get(record.layer, record.layer),
            "arm": _arm(record.arm, locale),
            "propensity": record.propensity,
        }
        first = (record.chosen, render("decisions.chosen", params, locale))
    else:
        first = ("", render("decisions.nothing", {"slot": called.get(record.slot, record.slot)}, locale))
    others = ((what, render(code, {"what": what}, locale)) for what, code in sorted(record.reasons.items()))
    return (first, *others)


def _arm(arm: str, locale: str) -> str:
    code = f"decisions.arm_{arm}"
    return render(code, {}, locale) if code in catalogue() else arm
