"""Questions about results: which figures, split how, of which days, against what, and what is wanted of them."""

import datetime as dt
import re
from typing import Any

from linghang.reading.audience import conditions, ordered
from linghang.reading.draft import Draft
from linghang.reading.lexicon import Lexicon
from linghang.reading.moments import Period, resolve
from linghang.reading.quantities import whole
from linghang.reading.scan import CAMPAIGN_PRODUCT
from linghang.reading.sentence import Sentence

KEYS = (
    "metrics",
    "dimensions",
    "time",
    "filters",
    "analysis",
    "direction",
    "order",
    "top",
    "day_n",
    "quantiles",
    "dimension_bins",
    "stat_test",
    "interval",
    "anomaly",
    "alert",
    "output",
    "missing",
    "flags",
)
# Of several kinds asked for at once the one further left says most about what is to be computed.
_RANK = (
    "root_cause",
    "validation",
    "uplift",
    "pacing",
    "forecast",
    "funnel",
    "recommendation",
    "duration",
    "cohort",
    "contribution",
    "ranking",
    "trend",
    "compare",
    "breakdown",
    "table",
    "summary",
)
_RATES = {"点击": "ctr"}


def question(found: Sentence, today: dt.date, words: Lexicon) -> Draft:
    """The draft of a question; the keys of ``values`` are those of the contract."""
    draft = Draft(found)
    kinds = [found.tokens[place].senses["analysis"] for place in found.where("analysis")]
    _day_n(draft)
    _bins(draft)
    _time(draft, today, kinds)
    metrics = _metrics(draft, kinds)
    dimensions = _dimensions(draft, kinds, metrics)
    _filters(draft, words, dimensions)
    kind = _analysis(draft, kinds, metrics, dimensions)
    _metric_default(draft, kind, metrics)
    _details(draft, kind)
    _time_kind(draft, kind, today)
    draft.values["metrics"] = metrics
    draft.values["dimensions"] = dimensions
    draft.values["analysis"] = kind
    _missing(draft, kind, today)
    draft.values = {key: draft.values[key] for key in KEYS if key in draft.values}
    return draft


def _day_n(draft: Draft) -> None:
    found = draft.sentence
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if quantity is None or quantity.unit != "day" or found.tokens[place].has("window"):
            continue
        near = found.clause_text(place)
        if re.search(r"留存|retention|流失|ltv|复购|日后|day", near + found.text) and (
            quantity.form == "list"
            or re.match(r"(?:留存|复购|ltv|的?留存|\s?retention|流失|内?留存|转化)", found.after(place, 12))
        ):
            draft.put("day_n", [whole(value) for value in quantity.values], place)
    hits = re.findall(r"(?<![a-z])(?:d|day\s?)(\d{1,3})(?!\d)", found.text)
    if hits and re.search(r"留存|retention|retained", found.text):
        draft.values["day_n"] = list(dict.fromkeys(int(hit) for hit in hits))
    if "day_n" not in draft.values and re.search(r"次日留存|次留|next-day retention", found.text):
        draft.values["day_n"] = [1]


def _bins(draft: Draft) -> None:
    """1万以下、1-10万、10-50万、50万以上: the lower edges of the layers."""
    found = draft.sentence
    edges: list[float] = []
    places: list[int] = []
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if (
            quantity is None
            or quantity.unit not in ("", "yuan", "age")
            or not (
                quantity.big
                or quantity.form == "range"
                or found.tokens[min(place + 1, len(found.tokens) - 1)].has("bound")
            )
        ):
            continue
        places.append(place)
        edges += quantity.values
    ranges = [place for place in places if (q := found.quantity(place)) is not None and q.form == "range"]
    if len(places) < 3 or not ranges:
        return
    opened = found.tokens[places[0] + 1].senses.get("bound") if places[0] + 1 < len(found.tokens) else None
    lows = sorted(set(edges))
    if opened in ("lt", "le") and 0 not in lows:
        lows = [0, *lows]
    last = found.quantity(places[-1])
    if last is not None and last.form == "range":
        lows = lows[:-1]
    draft.put("dimension_bins", [whole(value) for value in lows], *places)
    for place in places:
        if place + 1 < len(found.tokens) and found.tokens[place + 1].has("bound"):
            found.used.add(place + 1)


def _time(draft: Draft, today: dt.date, kinds: list[str]) -> None:
    found = draft.sentence
    periods: list[tuple[int, Period]] = []
    for place in list(found.where("time")):
        token = found.tokens[place]
        if token.has("since"):
            draft.put("time", {"start": "campaign_start", "end": today.isoformat()}, place)
            continue
        if token.has("clock") or token.has("recurrence"):
            continue
        if token.has("window") and _of_customers(found, place):
            continue
        period = resolve(token.senses["time"], today, -1)
        ahead = resolve(token.senses["time"], today, 1)
        if (
            "forecast" in kinds
            and ahead is not None
            and ahead.end is not None
            and (period is None or (period.end or today) < today)
            and token.senses["time"].kind in ("part", "month", "range", "until", "festival")
        ):
            period = ahead
        if period is not None and (period.start or period.end):
            periods.append((place, period))
    _put_time(draft, today, periods)


def _of_customers(found: Sentence, place: int) -> bool:
    """近30天登录过的客户: the window is about the customers, not the results."""
    return (
        place + 1 < len(found.tokens)
        and found.tokens[place + 1].has("act", "neg")
        and bool(
            re.search(r"(?:过|没|未)[^,，。]{0,10}(?:的|客户|用户|人)", found.text[found.tokens[place].end :][:16])
        )
    )


def _put_time(draft: Draft, today: dt.date, periods: list[tuple[int, Period]]) -> None:
    if not periods or "time" in draft.values:
        return
    place, period = periods[0]
    start = period.start or (today if period.end and period.end >= today else period.end)
    end = (
        min(period.end, today)
        if period.end and period.start and period.start <= today < period.end and period.shape == "month"
        else period.end or today
    )
    if start is None:
        return
    value: dict[str, Any] = {"start": start.isoformat(), "end": end.isoformat()}
    if len(periods) > 1 and (compared := _second(draft, periods)) is not None:
        value["compare_to"] = compared
        draft.support("time", periods[1][0])
    draft.put("time", value, place)


def _second(draft: Draft, periods: list[tuple[int, Period]]) -> Any:
    """The other days of 本周和上周 or 20号比19号."""
    first, second = periods[0][1], periods[1][1]
    if second.start is None or second.end is None or first.start is None:
        return None
    gap = draft.sentence.text[draft.sentence.tokens[periods[0][0]].end : draft.sentence.tokens[periods[1][0]].start]
    if not re.search(r"比|和|跟|与|vs|对|较|to|than|with|and|against|还是", gap):
        return None
    if second.start == second.end:
        return (
            "previous_day"
            if first.start == first.end and (first.start - second.start).days == 1
            else second.start.isoformat()
        )
    length = (second.end - second.start).days
    if (first.start - second.end).days == 1 and abs(((first.end or first.start) - first.start).days - length) <= 6:
        return "previous_period"
    return {"start": second.start.isoformat(), "end": second.end.isoformat()}


def _metrics(draft: Draft, kinds: list[str]) -> list[str]:
    found = draft.sentence
    names: list[str] = []
    for place in list(found.find(lambda token: token.has("metric_word"))):
        token = found.tokens[place]
        name = token.senses["metric_word"]
        if _not_measured(found, place, name, kinds):
            continue
        if name not in names:
            names.append(name)
            draft.note("metrics", token.start, token.end)
    found.used.update(
        place for place in found.where("metric_word") if not found.tokens[place].has("state", "product", "analysis")
    )
    if re.search(r"提升|增长|变化|涨|lift|growth", found.text) and re.search(r"aum|资产", found.text) and not names:
        names.append("aum_change_cny")
    return _narrowed(names, found.text)


def _not_measured(found: Sentence, place: int, name: str, kinds: list[str]) -> bool:
    before, after = found.before(place, 4), found.after(place, 6)
    text = found.tokens[place].text
    if "duration" in kinds and re.search(r"从$|到$|from\s?$|to\s?$|首次$", before):
        return True
    if text in ("拉新", "新客", "新户", "新用户", "新客户", "new customers", "new users") and (
        re.match(r"活动|的|campaign|人群|里|中|和老|老|券", after.strip()) or re.search(r"的$|黄金|基金|白条", before)
    ):
        return not re.match(r"(?:数|量|有多少|多少)", after)
    if name == "uplift" and "uplift" in kinds:
        return True
    if text == "活跃" or (text in ("规模",) and re.search(r"人群$", before)):
        return True
    return name == "churn_rate" and bool(re.match(r"预警|模型|分|用户|客户|在哪", after))


def _narrowed(names: list[str], text: str) -> list[str]:
    """A rate that was said in full stands for the bare word of it (点击率 is not also 点击)."""
    if "time_to_convert_days" in names:
        names = ["time_to_convert_days"]
    return [name for name in names if name != "segment_size" or len(names) == 1]


def _metric_default(draft: Draft, kind: str, metrics: list[str]) -> None:
    if metrics:
        return
    default = {
        "uplift": ["conversion_rate"],
        "duration": ["time_to_convert_days"],
        "pacing": ["cost_cny"],
        "cohort": ["retention_rate"],
    }.get(kind)
    text = draft.sentence.text
    if kind == "pacing" and re.search(r"预算|钱|budget", text):
        default = ["budget_left_cny"]
    if default is None and re.search(r"多少人|多少客户|多少用户|有多少|how many (?:users|customers|people)", text):
        default = ["segment_size"]
    if default:
        metrics += default
        draft.assume("metrics", default, "reading.metrics.by_analysis")


_DIM_BARE = frozenset(("channel", "product", "segment", "city"))
_BY = re.compile(
    r"(?:按|分|各个?|每个?|不同|哪个|哪些|哪种|哪款|哪|by|per|each|across|which|what|every|between|split by|不同的|逐|分别看|看)\s*$"
)
_BY_AFTER = re.compile(
    r"^\s?(?:维度|拆分?|看|分|对比|排名|排行|之间|分布|拆解|贡献|占比|的?排序|breakdown|split|level|wise|比较|谁|哪个)"
)


def _dimensions(draft: Draft, kinds: list[str], metrics: list[str]) -> list[str]:
    found = draft.sentence
    names: list[str] = []
    for place in list(found.find(lambda token: token.has("dimension"))):
        token = found.tokens[place]
        name = token.senses["dimension"]
        bare = token.text in (
            "渠道",
            "channel",
            "产品",
            "product",
            "人群",
            "segment",
            "客群",
            "人群包",
            "城市",
            "city",
            "products",
            "channels",
            "小时",
            "hour",
            "cities",
            "segments",
            "分层",
            "生命周期",
            "对照",
            "control",
            "对照组",
        )
        if (
            bare
            and name in (*_DIM_BARE, "hour")
            and not (_BY.search(found.before(place, 10)) or _BY_AFTER.match(found.after(place, 8)))
        ):
            continue
        if name == "segment" and token.text == "分层" and re.search(r"aum|资产", found.before(place, 6)):
            name = "aum_tier"
        if name not in names:
            names.append(name)
            draft.support("dimensions", place)
    if "aum_tier" in names and "segment" in names:
        names.remove("segment")
    if "day_n" in draft.values and (len(draft.values["day_n"]) > 1 or names):
        names.append("day_n")
    return names


def _filters(draft: Draft, words: Lexicon, dimensions: list[str]) -> None:
    _campaign(draft)
    _product_filter(draft, dimensions)
    _channel_filter(draft, dimensions)
    for hit in conditions(draft.sentence, words.fields):
        if (
            hit.shape.get("value") == CAMPAIGN_PRODUCT
            or any(place in draft.sentence.used for place in hit.places)
            or _is_about_result(draft, hit.shape, dimensions)
        ):
            continue
        draft.add("filters", ordered(hit.shape), *hit.places)


def _is_about_result(draft: Draft, shape: dict[str, Any], dimensions: list[str]) -> bool:
    field = shape["field"]
    if (
        field
        in ("coupon_unused", "touched", "click", "page_view", "complaint", "opted_out_sms", "loan_settled", "active")
        and "window_days" not in shape
        and not re.search(r"过的|的客户|的用户|的人", draft.sentence.text)
    ):
        return True
    if field == "segment" and shape.get("value") == "all":
        return True
    return (
        (field == "lifecycle" and "new_or_existing" in dimensions)
        or (field == "gender" and "gender" in dimensions)
        or (field == "city_tier" and "city_tier" in dimensions)
    )


_CAMPAIGN = re.compile(
    r"(?P<name>[^,，。;:的\sa-z]{1,12}?|[a-z0-9+]{1,8}[^,，。;:的\sa-z]{0,8}?)(?:那个|这个|的)?\s?(?:活动|大促|战役|专场|召回活动|拉新活动)"
)
_CAMPAIGN_EN = re.compile(
    r"(?<![a-z])(?:for|of|in|from|on|our|the|this|did)\s(?:the\s|our\s)?(?P<name>(?!the\s|our\s|last\s|this\s)[a-z0-9'-]+(?:\s[a-z0-9'-]+){0,2}?)\scampaign"
)


def _campaign(draft: Draft) -> None:
    found = draft.sentence
    for hit in (*_CAMPAIGN.finditer(found.text), *_CAMPAIGN_EN.finditer(found.text)):
        name = re.sub(
            r"^(?:for |the |of |in |our |from |this |that |show |roi |by |channel |复盘|总结|看看|看下|看一下|帮我|查一下|分析|本次|这次|这个|那个|上次|上个|昨天|今天|上周|上月|上个月|本月|各个?|哪个|每个|所有|全部|最近)+",
            "",
            hit["name"].strip(),
        )
        name = re.sub(r"^(?:for the|for|of the|of|the)\s", "", name)
        inside = [
            place
            for place, token in enumerate(found.tokens)
            if token.start >= hit.end("name") - len(name)
            and token.end <= hit.end()
            and not token.has("metric_word")
            or token.start == hit.end("name") - len(name)
        ]
        if (
            not name
            or not inside
            or any(
                found.tokens[place].has("time", "analysis", "dimension")
                and not found.tokens[place].has("festival", "product")
                and found.tokens[place].senses.get("time") is None
                for place in inside
            )
        ):
            continue
        value = found.normal.said(hit.end("name") - len(name), hit.end("name")).strip()
        draft.add("filters", {"field": "campaign", "op": "contains", "value": value})
        draft.note("filters", hit.end("name") - len(name), hit.end())
        found.used.update(inside)


def _product_filter(draft: Draft, dimensions: list[str]) -> None:
    found = draft.sentence
    values: list[str] = []
    for place in list(found.where("product")):
        spec = found.tokens[place].senses["product"]
        if found.tokens[place].has("dimension", "metric_word") or found.tokens[place].text in (
            "财富",
            "支付",
            "投保",
            "开卡",
        ):
            continue
        value = spec["detail"] or spec["kind"]
        if value not in values:
            values.append(value)
            draft.support("filters", place)
    if len(values) > 1:
        draft.add("filters", {"field": "product", "op": "in", "value": values})
        if "product" not in dimensions:
            dimensions.insert(0, "product")
    elif values:
        draft.add("filters", {"field": "product", "op": "eq", "value": values[0]})


def _channel_filter(draft: Draft, dimensions: list[str]) -> None:
    found = draft.sentence
    values: list[str] = []
    for place in list(found.find(lambda token: token.has("channel") and not token.has("dimension"))):
        value = found.tokens[place].senses["channel"]
        if value != "all" and value not in values:
            values.append(value)
            draft.support("filters", place)
    if len(values) > 1:
        draft.add("filters", {"field": "channel", "op": "in", "value": values})
        if "channel" not in dimensions:
            dimensions.insert(0, "channel")
    elif values:
        draft.add("filters", {"field": "channel", "op": "eq", "value": values[0]})


def _analysis(draft: Draft, kinds: list[str], metrics: list[str], dimensions: list[str]) -> str:
    asked = [kind for kind in _RANK if kind in kinds]
    values = draft.values
    if "root_cause" not in asked and "duration" in asked and "day_n" in values:
        asked.remove("duration")
    if "day_n" in values and not {"root_cause", "uplift", "forecast", "ranking"} & set(asked):
        return "cohort" if dimensions else (asked[0] if asked and asked[0] not in ("compare", "summary") else "cohort")
    if not asked and metrics == ["time_to_convert_days"]:
        return "duration"
    if asked and asked[0] == "duration" and metrics and metrics != ["time_to_convert_days"]:
        asked = asked[1:]
    if not asked:
        return (
            "trend"
            if dimensions == ["date"]
            else "breakdown"
            if dimensions or "dimension_bins" in values
            else "compare"
            if "compare_to" in values.get("time", {})
            else "summary"
        )
    first = asked[0]
    if first == "summary" and dimensions:
        return "breakdown"
    if first == "summary" and "compare_to" in values.get("time", {}):
        return "compare"
    if first == "ranking" and "date" in dimensions and len(dimensions) > 1:
        dimensions.remove("date")
    return first


def _details(draft: Draft, kind: str) -> None:
    found = draft.sentence
    text = found.text
    if kind in ("root_cause", "trend", "compare") and (
        directions := [found.tokens[p].senses["direction"] for p in found.where("direction")]
    ):
        draft.put("direction", directions[0])
    if kind == "ranking":
        _ranking(draft)
    if re.search(r"显著|significan|p值|p-value", text):
        draft.put("stat_test", "significance")
    if re.search(r"置信区间|confidence interval|误差范围|区间估计", text):
        draft.put("interval", _interval(text))
    quantiles = _quantiles(text)
    if quantiles:
        draft.put("quantiles", quantiles)
    if re.search(r"异常|anomal|不正常|unusual", text):
        draft.put("anomaly", True)
    _alert(draft)
    if hit := re.search(r"excel|csv|ppt|word|pdf|图表|折线图|柱状图|饼图|chart|表格|markdown|邮件", text):
        names = {
            "图表": "chart",
            "折线图": "line_chart",
            "柱状图": "bar_chart",
            "饼图": "pie_chart",
            "表格": "table",
            "邮件": "email",
        }
        draft.put("output", names.get(hit[0], hit[0]))


def _interval(text: str) -> float:
    hit = re.search(r"(\d{2})\s?%", text)
    return whole(int(hit[1]) / 100) if hit else 0.95


def _ranking(draft: Draft) -> None:
    found = draft.sentence
    text = found.text
    low = re.search(
        r"最差|最低|最少|垫底|倒数|worst|lowest|least|bottom|从低到高|由低到高|升序|最便宜|cheapest|ascending", text
    )
    draft.put("order", "asc" if low else "desc")
    if hit := re.search(
        r"(?:top|前|最[^,，的]{1,3}的?|倒数|best|worst|bottom)\s?(\d{1,3}|[一二两三四五六七八九十]|one|two|three|five|ten)(?!月|天|%|日|周)",
        text,
    ):
        table = {
            "一": 1,
            "二": 2,
            "两": 2,
            "三": 3,
            "四": 4,
            "五": 5,
            "六": 6,
            "七": 7,
            "八": 8,
            "九": 9,
            "十": 10,
            "one": 1,
            "two": 2,
            "three": 3,
            "five": 5,
            "ten": 10,
        }
        draft.put("top", table.get(hit[1]) or int(hit[1]))
    elif re.search(
        r"哪(?:一)?(?:个|款|种|天|版|条|组|张|批|类)(?!些)|哪里|which (?!channels|segments|products|cities)|谁", text
    ) and not re.search(r"哪几|哪些|排名|排行|排序", text):
        draft.put("top", 1)


def _quantiles(text: str) -> list[float]:
    found: list[float] = []
    if re.search(r"中位数|中位|median", text):
        found.append(0.5)
    for hit in re.finditer(r"(?<![a-z])p(\d{2})(?!\d)|(\d{2})\s?(?:分位|th percentile)", text):
        found.append(int(hit[1] or hit[2]) / 100)
    return sorted(set(found))


def _alert(draft: Draft) -> None:
    found = draft.sentence
    if not re.search(
        r"告诉我|提醒我|通知我|预警|报警|告警|喊我|alert|notify|let me know|tell me (?:if|when)|ping me", found.text
    ):
        return
    for place in range(len(found.tokens)):
        quantity = found.quantity(place)
        if quantity is None or quantity.form != "one" or found.tokens[place].has("time"):
            continue
        op = next(
            (found.tokens[o].senses["cmp"] for o in (place - 1, place - 2) if o >= 0 and found.tokens[o].has("cmp")),
            None,
        )
        if op is None and place + 1 < len(found.tokens):
            op = found.tokens[place + 1].senses.get("bound")
        if op is None and re.search(
            r"跌破|跌到|掉到|低到|降到|falls? (?:below|under)|drops? (?:below|under)", found.before(place, 14)
        ):
            op = "lt"
        if op is not None:
            value = round(quantity.values[0] / 100, 6) if quantity.unit == "pct" else quantity.value
            draft.put("alert", {"op": op, "value": value}, place)
            return


def _time_kind(draft: Draft, kind: str, today: dt.date) -> None:
    found = draft.sentence
    time = draft.values.get("time")
    for place in found.where("compare_to"):
        value = found.tokens[place].senses["compare_to"]
        draft.values.setdefault("time", {})
        draft.values["time"].setdefault("compare_to", value)
        time = draft.values["time"]
        break
    if time and kind == "root_cause" and "compare_to" not in time and "start" in time:
        time["compare_to"] = "previous_day" if time["start"] == time.get("end") else "previous_period"
    grain = (
        re.search(r"按小时|逐小时|每小时|分小时|hourly|by hour", found.text)
        and "hour"
        or re.search(r"按天|按日|逐日|每天|每日|daily|by day|日维度", found.text)
        and "day"
        or re.search(r"按周|每周|逐周|weekly|by week", found.text)
        and "week"
        or re.search(r"按月|每月|逐月|monthly|by month", found.text)
        and "month"
    )
    if grain and time is not None:
        time["grain"] = grain
    if (
        time
        and time.get("start", "") != "campaign_start"
        and time.get("start", "") > today.isoformat()
        and kind not in ("forecast", "pacing", "recommendation")
    ):
        draft.values["flags"] = ["future_period"]


def _missing(draft: Draft, kind: str, today: dt.date) -> None:
    values = draft.values
    named = any(item["field"] == "campaign" for item in values.get("filters", []))
    has_time = "start" in values.get("time", {})
    if kind in ("uplift", "pacing") and not named and not has_time:
        values["missing"] = ["campaign"]
    elif values.get("time", {}).get("start") == "campaign_start" and not named:
        values["missing"] = ["campaign"]
    elif (
        not has_time
        and values["metrics"] not in (["segment_size"], ["budget_left_cny"])
        and kind not in ("forecast", "recommendation")
    ):
        values["missing"] = ["time"] if not named or kind != "summary" else []
    if values.get("missing") == []:
        del values["missing"]
