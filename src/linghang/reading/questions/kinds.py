"""What is wanted of the figures: a cause, a ranking, a trend, a plain summary …"""

import re

from linghang.reading.draft import Draft
from linghang.reading.questions.measures import FACES

# Of several kinds asked for at once the one further left says most about what is to be computed.
_RANK = (
    "root_cause", "validation", "uplift", "pacing", "forecast", "funnel", "recommendation", "duration", "cohort",
    "contribution", "table", "ranking",
    "compare", "trend", "breakdown", "summary",
)  # fmt: skip
GRAIN = re.compile(r"(?:按|逐|各|每个?)[天日周月](?!留存|期)|daily|weekly|monthly|by (?:day|week|month)")
_KEEP_DAYS = frozenset(("root_cause", "uplift", "forecast", "ranking", "validation"))


def analysis(draft: Draft, kinds: list[str], names: list[str], split: list[str]) -> str:
    """The kind of analysis."""
    values, text = draft.values, draft.sentence.text
    asked = [kind for kind in _RANK if kind in kinds]
    asked = _weeded(draft, asked, names, split)
    if asked[:1] == ["trend"] and "grain" not in values.get("time", {}) and _of_one_day(values) and "异常" in text:
        # 昨天有没有异常波动: one day has no course.
        return "summary"
    caught = any(item["field"] == "churn_score" for item in values.get("filters", []))
    if caught and "churn_rate" in names and set(asked) <= {"summary", "breakdown", "contribution", "forecast"}:
        # Of those that the model caught, how many left tells whether it was right.
        return "validation"
    sides = {"ranking"} if _pair(values, split) else set[str]()
    if "day_n" in values and not (_KEEP_DAYS - sides) & set(asked):
        return "cohort"
    if (
        _pair(values, split, text)
        and set(asked) <= {"ranking", "summary", "breakdown"}
        and re.search(r"哪|谁|which|better|更|好|cheaper|higher|lower|\sor\s|还是", text)
    ):
        return "compare"
    if "compare_to" in values.get("time", {}) or any("compare_to" in token.senses for token in draft.sentence.tokens):
        asked = [kind for kind in asked if kind not in ("summary", "trend", "breakdown")] or ["compare"]
    if not asked:
        return _unsaid(draft, names, split)
    if asked[0] == "compare" and "dimension_bins" in values and not _pair(values, split):
        return "breakdown"
    if asked[0] == "summary" and split:
        return "trend" if split == ["date"] else "breakdown"
    if (
        asked[0] in ("compare", "ranking")
        and "experiment_group" in split
        and re.search(r"对照|实验组|control|treatment|(?<![a-z])a/?b(?![a-z])|版本?|variant", text)
    ):
        return "uplift"
    return asked[0]


def _weeded(draft: Draft, asked: list[str], names: list[str], split: list[str]) -> list[str]:
    """Without the kinds that a word only seemed to ask for."""
    text = draft.sentence.text
    if "duration" in asked and ((names and names != ["time_to_convert_days"]) or "day_n" in draft.values):
        asked = [kind for kind in asked if kind != "duration"]
    if "forecast" in asked and "pacing" in asked:
        ahead = _WILL_BE.search(text) and not {"budget_left_cny", "cost_cny"} & set(names)
        asked = [kind for kind in asked if kind != ("pacing" if ahead else "forecast")]
    if {"table", "ranking"} <= set(asked) and (
        re.search(r"[从由][高低大小多少]到|排", text) or not _TABLE.search(text)
    ):
        asked = [kind for kind in asked if kind != "table"]
    if "forecast" in asked and names == ["budget_left_cny"]:
        asked = ["pacing"]
    if "contribution" in asked and names == ["budget_left_cny"]:
        asked = [kind for kind in asked if kind != "contribution"]
    if "recommendation" in asked and re.search(r"应该是|应该有", text):
        asked = [kind for kind in asked if kind != "recommendation"]
    if "compare" in asked and "ranking" in asked and not _pair(draft.values, split):
        asked = [
            kind
            for kind in asked
            if kind != ("compare" if re.search(r"最(?!近|后)|top|排|哪|什么|which", text) else "ranking")
        ]
    elif {"compare", "ranking"} <= set(asked) and not re.search(r"最(?!近|后)|top|排|前[一二三四五六七八九十\d]", text):
        # 弹窗和push哪边点击率好: of two that are named the better one is found by holding them together.
        asked = [kind for kind in asked if kind != "ranking"]
    if "table" in asked and _PARTED.search(text) and not _TABLE.search(text):
        # 分渠道列一下: the split is what is asked for, no form of it.
        asked = [kind for kind in asked if kind != "table"]
    return asked


_TABLE = re.compile(r"表|清单|明细|(?<!^)list|table|导|excel|csv|spreadsheet")
_PARTED = re.compile(
    r"分别|分(?:渠道|城市|产品|人群|客群|性别|年龄|时段|小时|(?:券|红包)?面额|新老|组|天|日|层|版本)|拆"
)
_WILL_BE = re.compile(
    r"(?:能|会|可以|将)(?:够|再)?(?:拉|做|卖|有|来|到|达|涨|增)[^,，。]{0,4}多少|how many[^?]{0,20} (?:can"
    r"|will)"
)


def _of_one_day(values: dict[str, object]) -> bool:
    time = values.get("time")
    return isinstance(time, dict) and "start" in time and time["start"] == time.get("end")


def _pair(values: dict[str, object], split: list[str], text: str = "") -> bool:
    """Whether two named things stand side by side."""
    sides = values.get("filters", [])
    assert isinstance(sides, list)
    if "coupon_face_value" in split and len(FACES.findall(text)) > 1:
        return True
    return any(item.get("op") == "in" for item in sides) or any(
        name in ("new_or_existing", "gender", "experiment_group") for name in split
    )


def _unsaid(draft: Draft, names: list[str], split: list[str]) -> str:
    values = draft.values
    if names == ["time_to_convert_days"]:
        return "duration"
    if names == ["uplift"] or "experiment_group" in split:
        return "uplift"
    one_day = values.get("time", {}).get("start", 0) == values.get("time", {}).get("end", 1)
    if (
        (re.search(r"(?<!有)异常(?!没)|有没有异常|anomal", draft.sentence.text) and not one_day)
        or "波动" in draft.sentence.text
        or (re.search(r"(?<!aum)(?<!资产)变化(?!率|趋势)", draft.sentence.text) and not one_day and not split)
        or split == ["date"]
        or (GRAIN.search(draft.sentence.text) and not split)
    ):
        return "trend"
    return "breakdown" if split or "dimension_bins" in values else "summary"
