"""Further wishes: days after, layers, quantiles, tests, order, alerts, the form of the answer."""

import datetime as dt
import re

from linghang.reading.draft import Draft
from linghang.reading.quantities import number, whole
from linghang.reading.questions.asked import turned
from linghang.reading.sentence import Sentence

_AFTER_DAYS = re.compile(
    r"(?<![近去前后月到至\d/、.~-])(?P<n>\d{1,3}(?:\s?[日天]?\s?[/、,和及与]?\s?第?\d{1,3})*)\s?(?:日|天)(?:内|后|的)?(?:资金|用户)?(?:留存|复购|流失|ltv|回访"
    r"|复投)|(?P<f>\d{1,3})\s?[天日]后(?=[^,，。]{0,3}(?:还|仍|留|没走))|(?P<d>(?<![a-z])d\d{1,3}(?:[/、,\s&和]*(?:and\s)?d\d{1,3})*)(?!\d)|days?[\s-](?P<e>\d{1,3}(?:(?:,\s?|\s?/\s?|,?\sand\s)\d{1,3})*)"
)
_KEPT = re.compile(r"留存|retention|retained|复购|ltv|(?:还|仍)(?:剩|在|留)(?:下|着)?(?:了)?(?:多少|几)|留下来|没走")
_ONE_DAY = re.compile(r"次日留存|次留|next[\s-]day retention")
_ITEM = r"(?:次日|第二天|(?:days?\s|第|(?<![a-z])d)?\d{1,3}(?![\d万元%个号月wk.]))\s?[日天]?"
_SERIES = re.compile(
    rf"(?<![近月年号到至\d.])(?P<n>{_ITEM}(?:(?:\s?(?:[/、,，和与及跟同&+]|,?\s?and)\s?|(?<=[日天])(?=\d{{1,3}}[日天])){_ITEM})+)\s?-?(?P<u>日|天|days?)?"
)
"""7/30/60日, 次日、7日和30日, days 7, 30 and 90: days side by side, of which one at least is called a day."""


def day_numbers(draft: Draft) -> None:
    """Put ``day_n``: after how many days what was kept is looked at."""
    found = draft.sentence
    kept = bool(_KEPT.search(found.text))
    numbers = [
        int(n) for hit in _AFTER_DAYS.finditer(found.text) if hit["n"] or kept for n in re.findall(r"\d+", hit[0])
    ]
    for hit in _SERIES.finditer(found.text) if kept else ():
        if hit["u"] or re.search(r"[日天]|(?<![a-z])d(?:ays?\s)?\d", hit["n"]):
            numbers += [int(part) for part in re.findall(r"\d+", hit["n"])]
    if kept and not numbers:
        numbers = _bare_days(found)
    if _ONE_DAY.search(found.text) or (kept and re.search(r"次日|第二天", found.text)):
        numbers.append(1)
    if not numbers:
        return
    draft.values["day_n"] = sorted(set(numbers))
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if (
            quantity is not None
            and quantity.unit in ("day", "")
            and {whole(v) for v in quantity.values} <= set(numbers)
        ):
            draft.support("day_n", place)


def _bare_days(found: Sentence) -> list[int]:
    """女性的留存, 30日: days of their own in a question about what was kept."""
    days = [
        found.quantity(p)
        for p in found.where("quantity")
        if not found.tokens[p].has("time") and not (p and found.tokens[p - 1].has("time") and not found.gap(p - 1, p))
    ]
    return [
        int(value)
        for quantity in days
        if quantity is not None and quantity.unit == "day"
        for value in quantity.values
        if value > 1
    ]


def bins(draft: Draft) -> None:
    """Put ``dimension_bins``, the lower edges of layers: 1万以下、1-10万、10-50万、50万以上."""
    found = draft.sentence
    edges: list[float] = []
    places: list[int] = []
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        bounded = place + 1 < len(found.tokens) and found.tokens[place + 1].has("bound")
        bounded = bounded or bool(_UP_TO.match(found.after(place, 3)) or found.before(place, 4).endswith("sub-"))
        if (
            quantity is not None
            and quantity.unit in ("", "yuan", "age")
            and (quantity.big or quantity.form == "range" or bounded)
        ):
            places.append(place)
            edges += quantity.values
    if _edges_only(draft, places, edges):
        return
    ranges = [place for place in places if (q := found.quantity(place)) is not None and q.form == "range"]
    if len(places) < 2 or not ranges or len(places) + len(ranges) < 4:
        return
    opened = found.tokens[places[0] + 1].senses.get("bound") if places[0] + 1 < len(found.tokens) else None
    if opened is None and places[0]:
        opened = found.tokens[places[0] - 1].senses.get("cmp")
    if _UP_TO.match(found.after(places[0], 3)) or found.before(places[0], 4).endswith("sub-"):
        opened = "lt"
    lows = sorted(set(edges))
    if opened in ("lt", "le") and 0 not in lows:
        lows = [0, *lows]
    last = found.quantity(places[-1])
    if last is not None and last.form == "range":
        lows = lows[:-1]
    draft.put("dimension_bins", [whole(value) for value in lows], *places)
    found.used.update(
        place + 1 for place in places if place + 1 < len(found.tokens) and found.tokens[place + 1].has("bound")
    )


# 5万内, sub-50k: the lowest layer.
_UP_TO = re.compile(r"\s?(?:元|块)?(?:以|之)?内")
_LAYERED = re.compile(
    r"(?:分|切)(?:成|为)?[一二两三四五\d]?个?(?:档|层|段|组|桶|级|区间)|为界|[段档层]位?(?:切|按|用|是|:)"
)


def _edges_only(draft: Draft, places: list[int], edges: list[float]) -> bool:
    """按5万、20万、100万分档: only the edges are said, everything below the first is a layer as well."""
    found = draft.sentence
    listed = [p for p in found.where("quantity") if (q := found.quantity(p)) is not None and q.form == "list" and q.big]
    values = sorted({value for p in listed for value in found.tokens[p].senses["quantity"].values} | set(edges))
    bounded = any(found.tokens[p + 1].has("bound") for p in (*places, *listed) if p + 1 < len(found.tokens))
    if len(values) < 2 or bounded or not _LAYERED.search(found.text):
        return False
    if any((q := found.quantity(p)) is not None and q.form == "range" for p in places):
        return False
    draft.put("dimension_bins", [whole(value) for value in (0, *values)], *places, *listed)
    return True


def details(draft: Draft, kind: str, today: dt.date) -> None:
    """Put ``direction``, ``order``, ``top``, ``stat_test``, ``interval``, ``quantiles``, ``anomaly``,"""
    """``alert``, ``output``."""
    found = draft.sentence
    text = found.text
    if turned := _directions(draft, kind):
        draft.put("direction", turned[0])
    if kind == "ranking":
        _ranking(draft)
    if re.search(r"显著|significan|p值|p-value", text):
        draft.put("stat_test", "significance")
    if re.search(r"置信区间|confidence interval|误差范围|区间估计", text):
        hit = re.search(r"(\d{2})\s?%", text)
        draft.put("interval", whole(int(hit[1]) / 100) if hit else 0.95)
    if quantiles := _quantiles(text):
        draft.put("quantiles", quantiles)
    if re.search(r"异常|anomal|(?<!正)不正常|unusual|不对劲", text):
        draft.put("anomaly", True)
    _alert(draft)
    _output(draft)


def _directions(draft: Draft, kind: str) -> list[str]:
    """Which way a figure went, where the question says so rather than asks."""
    found = draft.sentence
    text = found.text
    directions = [
        found.tokens[place].senses["direction"]
        for place in found.where("direction")
        if not found.before(place, 1).endswith("多")
    ]
    if kind == "root_cause" and not directions and (way := turned(text)):
        directions = [way]
    if kind == "root_cause" and (
        hit := re.search(
            r"(?:(?<![产占同环出])比|than)[^,，。]{1,12}?(?P<low>低|差|少|lower|worse|less)|(?:(?<![产占同环出])比|than)[^,，。]{1,12}?(?:高|好|多"
            r"|higher|better|more)",
            text,
        )
    ):
        directions = ["down" if hit["low"] else "up"]
    if (
        kind == "root_cause"
        and not directions
        and re.search(r"只有|不如|不及|才(?:有|这么|那么|\d)|这么点|not even", text)
    ):
        directions = ["down"]
    if kind == "root_cause" and not directions and (fall := _TURN.search(text)):
        directions = ["down" if fall["fall"] else "up"]
    if kind == "compare" and re.search(r"(?:涨|高|多|掉|降|低|少|跌|差|升)了?(?:多少|几)", text):
        # 涨了多少 asks how much it changed, whichever way.
        directions = []
    if re.search(
        r"which (?:one |of them )?(?:is|was|did|has|had|were)[^?]{0,12}(?:higher|lower|better|worse)|stacks? up"
        r"|是[涨升高多]是[跌降低少]|[高低涨跌升降多少]了?还是[高低涨跌升降多少]|[高低涨跌多少升降]了?(?:吗|么|没有|没)|有没有|是否"
        r"|是不是|涨没涨",
        text,
    ):
        directions = []
    spoken = kind in ("root_cause", "trend", "compare", "summary", "breakdown", "contribution") and not _WARN.search(
        text
    )
    return directions if spoken else []


_TURN = re.compile(r"(?:怎么|咋|为何|为啥|为什么)[^,，。]{0,6}?(?:(?P<fall>掉|降|跌|少|低|差)|涨|升|高|多(?!少))")
_TABLE = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}


_TOO_HIGH = {"unsubscribe_rate", "complaint_rate", "churn_rate", "cac_cny", "cost_cny"}


def _ranking(draft: Draft) -> None:
    text = draft.sentence.text
    low = re.search(
        r"最差|最低|最少|垫底|拖后腿|拉后腿|掉队|末位|吊车尾|最弱|最慢|最惨|最冷|最拉|倒数|worst|lowest|least|bottom|从低到高|由低到高|由低至高|[从由]少[到至]多|由少到多|从便宜到贵|从差到好|从小到大|由小到大|升序|最便宜|cheapest|ascending|最小",
        text,
    )
    if (
        low
        and low[0] in ("worst", "最差", "最糟")
        and _TOO_HIGH & {t.senses["metric_word"] for t in draft.sentence.tokens if "metric_word" in t.senses}
    ):
        # The worst of what should be low is the highest.
        low = None
    draft.put("order", "asc" if low else "desc")
    hit = re.search(
        r"(?:top|前|哪|which |最(?!近|后|新)[^,，的0-9]{1,3}的?|倒数|垫底的?|best|worst|bottom"
        r"|lowest|highest|the(?=\s\S+\s(?:best|worst|lowest|highest|top|[a-z]+\swith))"
        r"|(?:列|取|给|挑|选|要|看|报|拉)(?:出|头)?(?:前)?(?!一))\s?(\d{1,3}(?!\d)|[一二两三四五六七八九十]|one|two"
        r"|three|four|five|ten)(?!月|天|%|日|周|年|季|号|\.|/)",
        text,
    )
    if hit:
        draft.put("top", _TABLE.get(hit[1]) or int(number(hit[1]) or 0))
    elif re.search(
        r"(?:哪(?:一)?|什么)(?:个|款|种|天|版|条|组|张|批|类|座|时段|渠道|人群|产品|城市|时间)(?!些)"
        r"|哪里|(?:which|what) (?!channels|segments|products|cities|the|time)"
        r"|(?:倒数|正数|排名?)第一|最[^,，的]{1,2}的(?:那个|那款|一个)"
        r"|谁|什么时候|几点|哪天",
        text,
    ) and not re.search(r"哪几|哪些|排名|排行|排序|排个", text):
        draft.put("top", 1)


def _quantiles(text: str) -> list[float]:
    found: set[float] = set()
    if re.search(r"中位数?|median", text):
        found.add(0.5)
    for hit in re.finditer(r"(?<![a-z])p(\d{2})(?!\d)|(\d{2})\s?(?:分位|th percentile)", text):
        found.add(int(hit[1] or hit[2]) / 100)
    if re.search(r"四分位|quartile", text):
        found |= {0.25, 0.5, 0.75}
    return sorted(found)


_WARN = re.compile(
    r"告诉我|提醒我|通知我|预警我|报警|告警|喊我|叫我|@我|alert|notify|let me know|tell me (?:if|when|once)"
    r"|ping me|warn me|设个?预警|发预警"
)


def _alert(draft: Draft) -> None:
    found = draft.sentence
    if not _WARN.search(found.text):
        return
    metric = next((t.senses["metric_word"] for t in found.tokens if "metric_word" in t.senses), None)
    for place in range(len(found.tokens)):
        quantity = found.quantity(place)
        if quantity is None or quantity.form != "one" or found.tokens[place].has("time"):
            continue
        op = _alert_op(draft, place)
        if op:
            value = round(quantity.values[0] / 100, 6) if quantity.unit == "pct" else quantity.value
            draft.put("alert", ({"metric": metric} if metric else {}) | {"op": op, "value": value}, place)
            return


def _alert_op(draft: Draft, place: int) -> str:
    found = draft.sentence
    if re.search(
        r"(?:跌破|跌到|掉到|低到|降到|降至|falls? (?:below|under)|drops? (?:below|under)|below|under)\s*$",
        found.before(place, 16),
    ):
        return "lt"
    for other in (place - 1, place - 2):
        if other >= 0 and found.tokens[other].has("cmp"):
            return str(found.tokens[other].senses["cmp"])
    if place + 1 < len(found.tokens) and found.tokens[place + 1].has("bound"):
        return str(found.tokens[place + 1].senses["bound"])
    return ""


_OUTPUTS = {"图表": "chart", "折线图": "line_chart", "柱状图": "bar_chart", "饼图": "pie_chart",
    "line chart": "line_chart", "bar chart": "bar_chart", "pie chart": "pie_chart", "chart": "chart", "slides": "ppt",
    "powerpoint": "ppt", "spreadsheet": "excel"}  # fmt: skip


def _output(draft: Draft) -> None:
    if hit := re.search(
        r"excel|csv|ppt|powerpoint|slides|spreadsheet|word(?!s)|pdf|折线图|柱状图|饼图|图表|line chart|bar chart"
        r"|pie chart|chart|markdown",
        draft.sentence.text,
    ):
        draft.put("output", _OUTPUTS.get(hit[0], hit[0]))
