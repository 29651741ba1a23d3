"""One question: its parts put together into the reading of the contract."""

import datetime as dt
import re

from linghang.reading.draft import Draft
from linghang.reading.lexicon import Lexicon
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
    for kind, said in _SAID.items():
        if kind not in kinds and said.search(found.text) and not (kind == "root_cause" and set(kinds) - _PLAIN_KINDS):
            kinds.append(kind)
    if "breakdown" not in kinds and any(
        re.search(r"\svs\.?\s|versus", t.text) for t in found.tokens if t.has("dimension")
    ):
        # new vs existing holds two sides against each other.
        kinds.append("compare")
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
    """近七天走势 of some weeks is looked at day by day, also where nobody says so."""
    time = draft.values.get("time", {})
    if not re.search(r"趋势|走势|曲线|变化|trend", draft.sentence.text) or GRAIN.search(draft.sentence.text):
        return False
    try:
        first, last = (dt.date.fromisoformat(str(time[key])) for key in ("start", "end"))
    except (KeyError, ValueError):
        return False
    return 1 < (last - first).days <= 62


_PLAIN_KINDS = {"summary", "trend", "breakdown"}
_MOST = re.compile(
    r"最(?!近|后|终|新(?!增)|早|初|多(?:能|可)|少(?:要|得)|低(?:要|得))[\u4e00-\u9fff]|(?<![a-z])(?:best"
    r"|worst|most|least)(?![a-z])"
)


_HIGH = re.compile(r"(?:哪|什么|谁)[^,，。?？]{1,16}(?:高|低|好|差|便宜|贵)(?=[,，。?？、呢啊些]|$)")


def _parted(found: Sentence) -> bool:
    return bool(re.search(r"哪|谁|which", found.text)) or any(token.has("dimension") for token in found.tokens)


# 怎么昨天核销这么少: a wonder at how much or how little asks for the cause; what will come asks for a forecast.
_SAID = {
    "ranking": re.compile(r"(?:率|数|量|额|roi|ltv)(?:的)?(?:排)?前\s?(?:\d{1,2}|[三五十])(?![\d天日周月年%])"),
    "breakdown": re.compile(r"(?<![a-z])(?:break|split|slice|cut)\s(?:[a-z]+\s){1,4}?(?:down|up|out)?\s?by(?![a-z])"),
    "forecast": re.compile(
        r"(?:要|得|需要?|该)(?:备|准备|(?<!客要)(?<!户要)(?<!人要)花|投|留)多少|(?:能|会|将)(?:够|再)?(?:涨|到|有|来|拉|做|卖|完成|达|带|增|降|跌)(?:到|来|出|成|至)?[^,，。]{0,3}多少"
        r"|how (?:many"
        r"|much)[^?]{0,30} will"
    ),
    "duration": re.compile(r"从[^,，。]{1,12}?到[^,，。]{1,12}?的?(?:时间|时长|间隔|天数|周期)(?!趋势)|how long"),
    "root_cause": re.compile(
        r"(?:怎么|咋|为何)(?:会|还|就|反而)?比[^,，。]{1,8}(?:少|低|高|多|差|慢|贵)|"
        r"(?:怎么|咋|为何)[^,，。]{0,8}(?:才|这么|那么|就)(?:这么|那么)?(?:点|些)|"
        r"(?:怎么|咋|为何)[^,，。]{0,10}(?:这么|那么|突然|一直|老是|越来越)[^,，。]{0,2}(?:少|低|差|高|多|掉|跌|降|涨|慢|贵)"
        r"|(?:怎么|咋|为何|干嘛)(?:会|又|都|就|还|一下子?|突然)?(?:掉|跌|降|涨|升|少|低|差|飙|滑|崩|变[高低差少多])"
        r"|explain (?:the|why|what)[^?]{0,24}(?:drop|fall|rise|spike|dip|decline|jump|increase|decrease)"
        r"|(?:掉|跌|降|涨|升|少|低|差|飙|滑)[^,，。]{0,6}[,，]?(?:是|这是|算)?(?:什么|啥|怎么个|咋个)(?:情况|问题|原因|缘故|鬼|道理)"
    ),
    "contribution": re.compile(
        r"(?:主要|都|大部分|大头)?(?:靠|来自于?|来源于?)(?:的是)?(?:哪|什么|谁)|哪[^,，。]{0,8}(?:拉动|撑起|带来的)"
    ),
    "validation": re.compile(
        r"(?:actually|really|truly|in fact) (?:left|leave|churn(?:ed)?|redeem(?:ed)?|convert(?:ed)?|bought|buy)|"
        r"(?:真的?|真正|最后|最终|后来|事后)(?:走|流失|跑|离开|销户|退|转化|买|下单)(?:掉|了|的)|实际(?:上)?(?:走|跑|离开|销户)(?:掉|了|的)"
        r"|(?:核对|核验|校准|复核|检验)(?:一下|下)?(?:这个|这套)?模型|模型(?:说|预测|判断|打分)的?(?:对不对|准吗|靠谱|靠不靠谱)"
    ),
    "cohort": re.compile(r"(?:次[周月]|首月|第[一二三四五六七八九十\d]+[天日周月])(?:的)?留存"),
    "recommendation": re.compile(
        r"(?:再|还|继续)?(?:给|加|投|追|砸|多花)[^,，。]{0,8}(?:划算|值得|值不值|有必要)|"
        r"(?:该|应该|适合|最好|值得)(?:多|少|再|继续|先|主)?(?:发|投|推|用|选|给|定|做|放|找)[^,，。]{0,3}(?:多(?!少钱)|哪|什么|啥|谁"
        r"|几)|(?:哪|谁)[^,，。]{0,8}(?:该|值得|适合|应该)(?:多|少|再|继续)?(?:投|发|推|给|做)"
    ),
}
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
        or ("budget_left_cny" in names)
        or ((kind in _CAMPAIGN_BOUND or "experiment_group" in draft.values["dimensions"]) and "start" not in time)
    ):
        values["missing"] = ["campaign"]
    elif "start" not in time and names not in _TIMELESS and kind not in ("forecast", "recommendation"):
        refers = re.search(
            r"(?:这个|这次|本次|那个|该|刚才的?|上次的?|上一个)活动|(?:this|that|the last) campaign",
            draft.sentence.text,
        )
        values["missing"] = ["campaign"] if refers else ["time"]
