"""One question: its parts put together into the reading of the contract."""

import datetime as dt
import re

from linghang.reading.draft import Draft
from linghang.reading.lexicon import Lexicon
from linghang.reading.questions.asked import kinds_said
from linghang.reading.questions.details import bins, day_numbers, details
from linghang.reading.questions.filters import campaign, filters
from linghang.reading.questions.kinds import GRAIN, analysis
from linghang.reading.questions.measures import dimensions, metric_default, metrics
from linghang.reading.questions.times import compared, days, future
from linghang.reading.sentence import Sentence

KEYS = (
    "metrics", "dimensions", "time", "filters", "analysis", "direction", "order", "top", "day_n", "quantiles",
    "dimension_bins", "stat_test",
    "interval", "anomaly", "alert", "output", "missing", "flags",
)  # fmt: skip


def question(found: Sentence, today: dt.date, words: Lexicon) -> Draft:
    """The draft of a question; the keys of ``values`` are those of the contract."""
    draft = Draft(found)
    kinds = [found.tokens[place].senses["analysis"] for place in found.where("analysis")]
    kinds = kinds_said(found.text, kinds)
    if "breakdown" not in kinds and any(
        re.search(r"\svs\.?\s|versus", t.text) for t in found.tokens if t.has("dimension")
    ):
        # new vs existing holds two sides against each other.
        kinds.append("compare")
    if "ranking" not in kinds and any(
        t.has("metric_word") and _FIRST_FEW.match(found.text[t.end :]) for t in found.tokens
    ):
        kinds.append("ranking")
    if "ranking" not in kinds and _HIGH.search(found.text) and _parted(found):
        kinds.append("ranking")
    if "ranking" not in kinds and _MOST.search(found.text) and _parted(found):
        kinds.append("ranking")
    day_numbers(draft)
    bins(draft)
    campaign(draft)
    days(draft, today, kinds)
    names = metrics(draft, kinds)
    split = dimensions(draft)
    if not split and "uplift" in kinds and re.search(r"实验|a/?b", found.text):
        split = ["experiment_group"]
    filters(draft, words, split, names)
    kind = analysis(draft, kinds, names, split)
    if kind == "trend" and not split and _is_short_trend(draft):
        split = ["date"]
        draft.values["time"]["grain"] = "day"
    metric_default(draft, kind, names)
    details(draft, kind, today)
    compared(draft, kind)
    draft.values["metrics"] = names
    draft.values["dimensions"] = split
    draft.values["analysis"] = kind
    future(draft, kind, today)
    _missing(draft, kind, names)
    draft.values = {key: draft.values[key] for key in KEYS if key in draft.values}
    return draft


def _is_short_trend(draft: Draft) -> bool:
    """日走势, 变化曲线 of some weeks is looked at day by day; a plain 走势 says no grain."""
    time = draft.values.get("time", {})
    if not _DAY_BY_DAY.search(draft.sentence.text) or GRAIN.search(draft.sentence.text):
        return False
    try:
        first, last = (dt.date.fromisoformat(str(time[key])) for key in ("start", "end"))
    except (KeyError, ValueError):
        return False
    return 1 < (last - first).days <= 62


_DAY_BY_DAY = re.compile(r"(?:每[天日]|逐[天日]|(?<![一前昨今每近\d])日)的?[^,，。]{0,8}(?:趋势|走势|曲线|变化)|曲线")
_MOST = re.compile(
    r"最(?!近|后|终|新(?!增)|早|初|多(?:能|可)|少(?:要|得)|低(?:要|得))[\u4e00-\u9fff]|(?<![a-z])(?:best"
    r"|worst|most|least)(?![a-z])"
)


_FIRST_FEW = re.compile(r"(?:的)?(?:排名?)?\s?(?:前|top)\s?(?:\d{1,2}|[两三五十])(?![\d天日周月年%])")
_HIGH = re.compile(r"(?:哪|什么|谁)[^,，。?？]{1,16}(?:高|低|好|差|便宜|贵)(?=[,，。?？、呢啊些]|$)")


def _parted(found: Sentence) -> bool:
    return bool(re.search(r"哪|谁|which", found.text)) or any(token.has("dimension") for token in found.tokens)


# Sizes and balances are of now; forecasts and advice need no span of the past to be asked about.
_TIMELESS = (["segment_size"], ["budget_left_cny"])
_CAMPAIGN_BOUND = ("uplift", "pacing")


def _missing(draft: Draft, kind: str, names: list[str]) -> None:
    values = draft.values
    named = any(item["field"] == "campaign" for item in values.get("filters", []))
    time = values.get("time", {})
    if named:
        return
    if (
        time.get("start") == "campaign_start"
        or ("budget_left_cny" in names and "start" not in time)
        or ((kind in _CAMPAIGN_BOUND or "experiment_group" in draft.values["dimensions"]) and "start" not in time)
    ):
        values["missing"] = ["campaign"]
    elif "start" not in time and names not in _TIMELESS and kind not in ("forecast", "recommendation"):
        refers = re.search(
            r"(?:这个|这次|本次|那个|该|刚才的?|上次的?|上一个)活动|(?:this|that|the last) campaign",
            draft.sentence.text,
        )
        values["missing"] = ["campaign"] if refers else ["time"]
