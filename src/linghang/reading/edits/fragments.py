"""What a piece says as a brief would: rules and goals that no reader of changes took, put in by their keys."""

import re

from linghang.reading.draft import Draft
from linghang.reading.edits.words import DROP, LESS, MORE, REJECTED, Change
from linghang.reading.goals import goals
from linghang.reading.rules import rules

_KEYS = ("experiment", "freq_cap", "holdout_pct", "kpi", "target")
_KPI = re.compile(r"kpi|考核指标|北极星|主要看|主看|核心指标|success metric")


def fragment(change: Change) -> None:
    """Steps for what the piece says in the words of a brief; nothing where it complains or takes away."""
    found = change.found
    if DROP.search(found.text) or any(REJECTED.match(found.text[token.end :]) for token in found.tokens):
        return
    draft = Draft(found)
    rules(draft)
    if not (MORE.search(found.text) or LESS.search(found.text)):
        goals(draft)
        _kpi(draft)
    for key in _KEYS:
        if key in draft.values and draft.values[key] != change.base.get(key):
            change.step("set", key, draft.values[key])
    change.spans.update({key: places for key, places in draft.spans.items() if change.touched(key.split("[")[0])})


def _kpi(draft: Draft) -> None:
    """补一个KPI：留存率: the one metric of a piece that speaks of the KPI."""
    spoken = list(draft.sentence.where("metric_word"))
    if _KPI.search(draft.sentence.text) and len(spoken) == 1 and "target" not in draft.values:
        draft.put("kpi", draft.sentence.tokens[spoken[0]].senses["metric_word"], spoken[0])
