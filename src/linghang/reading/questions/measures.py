"""Which figures, and by what they are split."""

import re

from linghang.reading.draft import Draft
from linghang.reading.questions.asked import figure_said, says_span, says_unused
from linghang.reading.sentence import Sentence

_RECRUITING = (
    "拉新",
    "新客",
    "新户",
    "新用户",
    "新客户",
    "new customers",
    "new users",
    "新增",
    "sign-ups",
    "signups",
    "new accounts",
    "new members",
)
_BARE = frozenset(("渠道", "channel", "channels", "产品", "product", "products", "人群", "segment", "segments",
    "客群", "人群包", "城市", "city", "cities", "小时", "hour", "分层", "生命周期", "对照", "对照组", "control",
    "品类", "触点", "audiences", "时段", "业务线"))  # fmt: skip
_SUFFIX_BEFORE = ("channel", "slot", "product", "state")


def metrics(draft: Draft, kinds: list[str]) -> list[str]:
    """The metrics that the question names, in order."""
    found = draft.sentence
    names: list[str] = []
    for place in list(found.find(lambda token: token.has("metric_word"))):
        token = found.tokens[place]
        name = token.senses["metric_word"]
        if _is_something_else(found, place, name, kinds) or _is_gain(found, place, kinds):
            continue
        if name not in names:
            names.append(name)
            draft.note("metrics", token.start, token.end)
        if not token.has("state", "product", "analysis"):
            found.used.add(place)
    if _CHEAP.search(found.text) and set(names) <= {"new_customers"}:
        names = ["cac_cny"]
    return _settled(found, kinds, _by_phrase(found.text, kinds, names))


def _settled(found: Sentence, kinds: list[str], names: list[str]) -> list[str]:
    """The figures without those that a phrase only seemed to name."""
    if _KEPT.search(found.text) and set(names) <= {"new_customers"}:
        names = ["retention_rate"]
    if (
        _FROM_TO.search(found.text)
        or _UNTIL_FIRST.search(found.text)
        or (set(names) <= _ON_THE_WAY and says_span(found.text))
    ):
        if "duration" not in kinds:
            kinds.append("duration")
        return ["time_to_convert_days"]
    if "duration" in kinds and re.search(r"转化[^,，。]{0,3}(?:几天|多久|多长|多少天)", found.text):
        return ["time_to_convert_days"]
    if "time_to_convert_days" in names:
        return ["time_to_convert_days"]
    # 增量 of a named figure is how it is looked at; alone it is the figure.
    weak = [name for name in names if name in ("segment_size", "uplift")]
    return [name for name in names if name not in weak] or weak[:1]


# 30天后还剩多少在, 留存曲线: how many of those who came stayed.
_KEPT = re.compile(
    r"留存|retention|(?:还|仍)(?:剩|在|留)(?:下|着)?(?:了)?(?:多少|几)|留(?:了|得)?下来?(?:了)?(?:多少|几)|没走"
)
_FROM_TO = re.compile(
    r"从[^,，。]{1,14}?到[^,，。]{1,14}?(?:[,，][p\d、分位中数和与及平均%\s别各是]{2,24})?(?:要|需要?|得|用|花|隔|间隔|中间)?(?:了)?(?:几天|多久|多少天|多长时间|多少时间)"
)


_UNTIL_FIRST = re.compile(
    r"(?:首次)?(?:曝光|触达|点击|注册|领券|开户)(?:后)?到(?:首次?)?(?:购买|购|单|投|下单|成交|转化)[^,，。]{0,4}(?:几多日|几日|多少[天日]|几天|多久|天数|时间|用时|时长|间隔)|"
    r"(?:exposure|impression|click|touch|ad view|sign-?up|registration)(?:[ -]to[ -]|s? and )(?:the )?(?:first[ -])?"
    r"(?:order|purchase|investment|buy)[^.?]{0,30}(?:(?<!\d )days|p\d\d|median|gap|lag|long)|"
    r"(?:days|gap|lag|interval|time) (?:between|from) (?:the )?(?:first )?(?:exposure|impression|click|touch|ad|view)"
    r"[^.?]{0,24} (?:and|to) |"
    r"first (?:exposure|touch|click|contact|impression|visit) to (?:the )?"
    r"(?:first )?(?:order|purchase|buy|conversion)[^.?]{0,12}(?:days|p\d\d|median)|"
    r"how (?:long|many days)[^.?]{0,50}(?:buy|purchase|order|convert|invest)(?![a-z])|"
    r"(?:首投|首购|首单|第一笔|第一单|第一次|转化|下单|成交|核销)[^,，。]{0,8}(?:隔|要|用|花|过)(?:了)?(?:几天|多久|多少天|天数)"
)


def _is_gain(found: Sentence, place: int, kinds: list[str]) -> bool:
    """净增GMV, 增量订单: how a figure is looked at, when the figure stands right behind."""
    behind = place + 1
    if found.tokens[place].text not in ("净增", "提升", "增量", "净提升", "incremental") or behind >= len(found.tokens):
        return False
    gain = found.tokens[behind].has("metric_word") and found.gap(place, behind).strip() in ("", "的")
    if gain and "uplift" not in kinds:
        kinds.append("uplift")
    return gain


_CHEAP = re.compile(r"(?:获客|拉新|引流|拉人)[^,，。]{0,6}(?:便宜|贵|划算|省钱?)|(?:便宜|贵)[^,，。]{0,4}(?:获客|拉新)")
_OF_COUPONS = {"segment_size", "coupon_unused_users", "redemptions", "redemption_rate", "cost_cny"}
_ON_THE_WAY = {"impressions", "reach", "clicks", "orders", "new_customers", "activations", "time_to_convert_days",
    "first_purchase_rate", "conversion_rate", "cost_cny"}  # fmt: skip
_RECRUITED = re.compile(r"拉(?:(?:了|来|到)了?多少(?:人|户|新|客)?|多少(?:人|户|新|客))")


def _by_phrase(text: str, kinds: list[str], names: list[str]) -> list[str]:
    """Metrics that a phrase says: 曝光、点击、下单; claimed but did not use."""
    if "new_customers" not in names and _RECRUITED.search(text):
        names = [*names, "new_customers"]
    if set(names) <= _OF_COUPONS and says_unused(text):
        return ["coupon_unused_users"]
    if set(names) <= {"segment_size"} and (said := figure_said(text)) is not None:
        names = [said]
    if "budget_left_cny" not in names and re.search(r"剩(?:余|下)?(?:了)?多少|还剩", text) and "预算" in text:
        names = [*names, "budget_left_cny"]
    if "funnel" in kinds:
        found = dict.fromkeys(name for word, name in _STEPS.items() if word in text and not _rate_of(text, word))
        names = names + [name for name in found if name not in names]
        names.sort(key=lambda name: min((text.find(w) for w, n in _STEP_WORDS if n == name and w in text), default=999))
    if "funnel" in kinds and len(names) > 2 and _STEPWISE.search(text):
        names = [name for name in names if name != "conversion_rate"]
    steps = re.search(r"[、到和]下单(?!率|量|数|用户|客户|的人)", text) or ("funnel" in kinds and "下单" in text)
    return [*names, "orders"] if steps and "orders" not in names else names


# 各环节转化 of a funnel is what it shows, no figure beside its steps.
_STEPWISE = re.compile(
    r"的转化(?!率)|转化漏斗|每一?步|[各每]一?个?(?:环节?|步骤?|层|级|段|阶段)(?:的|间)?转化(?:率|情况)?"
)


def _rate_of(text: str, word: str) -> bool:
    """首投率 is a figure of its own, no step."""
    return word + "率" in text or word + " rate" in text


_STEPS = {"触达": "reach", "激活": "activations", "核销": "redemptions", "曝光": "impressions", "点击": "clicks",
    "impression": "impressions", "click": "clicks", "order": "orders", "redemption": "redemptions",
    "开户": "new_customers", "注册": "new_customers", "首投": "orders", "首购": "orders", "首单": "orders",
    "成交": "orders", "申购": "orders", "购买": "orders", "purchase": "orders"}  # fmt: skip
_STEP_WORDS = (("触达", "reach"), ("reach", "reach"), ("曝光", "impressions"), ("impression", "impressions"),
    ("点击", "clicks"), ("click", "clicks"), ("激活", "activations"), ("下单", "orders"), ("order", "orders"),
    ("核销", "redemptions"), ("开户", "new_customers"), ("注册", "new_customers"), ("首投", "orders"),
    ("首购", "orders"), ("首单", "orders"), ("成交", "orders"), ("申购", "orders"), ("购买", "orders"),
    ("purchase", "orders"))  # fmt: skip


def _is_something_else(found: Sentence, place: int, name: str, kinds: list[str]) -> bool:
    """Words of metrics that stand for events of a path, parts of names, or scores of a model."""
    before, after, text = found.before(place, 4), found.after(place, 6), found.tokens[place].text
    if "duration" in kinds and re.search(r"(?:从|到|from\s?|to\s?|首次)$", before):
        return True
    if text in _RECRUITING and not re.match(
        r"(?:人?数|量|有多少|多少|的?(?:比例|占比|贡献|比重|趋势|走势|变化))", after
    ):
        named = re.match(
            r"(?:活动|的?券|campaign|人群|里|中|和老|老|vs\s?(?:old|exi|ret)|与老|跟老|成本|效果)", after.strip()
        )
        return bool(named) or _measured_of(found, place)
    if text.endswith(("率", "rate")):
        return False
    if text == "提升" and not re.search(r"aum|资产", found.text):
        return True
    if text == "活跃" or ("funnel" in kinds and text.startswith("流失") and text != "流失率"):
        return True
    return name == "churn_rate" and bool(re.match(r"预警|模型|分|用户|客户|在哪", after))


def _measured_of(found: Sentence, place: int) -> bool:
    """新客的留存率: where another figure is asked for, and none is listed beside it, these are whom it is of."""
    others = [
        p for p, t in enumerate(found.tokens) if t.has("metric_word") and t.text not in _RECRUITING and p != place
    ]
    beside = [p for p in others if _LISTED.fullmatch(found.gap(min(p, place), max(p, place)))]
    return bool(others) and not beside


_LISTED = re.compile(r"\s*(?:数|量|人数)?\s*(?:、|和|与|及|以及|,|，|/|and|&)\s*(?:and\s)?")
_DEFAULTS = {
    "uplift": ["conversion_rate"],
    "duration": ["time_to_convert_days"],
    "pacing": ["cost_cny"],
    "cohort": ["retention_rate"],
}


def metric_default(draft: Draft, kind: str, names: list[str]) -> None:
    """The usual figure of a kind of analysis, where none was named."""
    if names:
        return
    text = draft.sentence.text
    default = _DEFAULTS.get(kind)
    if kind == "pacing" and re.search(r"撑|够不?够|够用", text):
        default = ["budget_left_cny"]
    if kind == "validation" and re.search(
        r"流失|churn|(?<![a-z])(?:left|leave)(?![a-z])|(?:走|跑|离开|销户)(?:掉|了|的)|去向", text
    ):
        default = ["churn_rate"]
    if re.search(r"预算|花多少钱|budget", text) and kind == "summary":
        default = ["budget_left_cny"]
    if default is None and re.search(
        r"多少(?:个)?(?:人|客户|用户|户)|有多少|多少个|how many (?:users|customers|people|clients)", text
    ):
        default = ["segment_size"]
    if default is None and kind == "recommendation" and re.search(r"预算|投|budget|spend", text):
        default = ["roi"]
    if default is None and kind == "contribution" and re.search(r"的(?:人|客户|用户|客群)", text):
        default = ["segment_size"]
    if default:
        names += default
        draft.assume("metrics", list(default), "reading.metrics.by_analysis")


def _own_columns(draft: Draft, names: list[str]) -> None:
    """Splits by what the institution keeps of its customers (按职业, by education)."""
    found = draft.sentence
    if "channel" not in names and any(t.has("analysis") and "渠道" in t.text for t in found.tokens):
        # 往哪个渠道倾斜 asks by channel.
        names.append("channel")
    if not names and (places := [p for p, t in enumerate(found.tokens) if t.text in _EVERY_CHANNEL]):
        names.append("channel")
        draft.support("dimensions", places[0])
    for place in list(found.find(lambda token: token.has("attribute"))):
        token = found.tokens[place]
        name = token.senses["attribute"]
        split = _SPLIT_BY.search(found.before(place, 10)) or (
            names and _LISTED.fullmatch(found.before(place, 5)[-5:].lstrip())
        )
        if split and name not in names and not token.has("dimension"):
            names.append(name)
            draft.support("dimensions", place)


_SPLIT_BY = re.compile(
    r"(?:按照?|各个?|分|不同|每个?|哪个?|分别看|(?<![a-z])(?:by|per|across|each|which|and))\s?$|(?:按|by)[^,，。]{1,10}(?:和|、|与|and)\s?$"
)
_EVERY_CHANNEL = frozenset(("all channels", "every channel", "所有渠道", "全部渠道", "all available channels"))
_EACH_DAY = re.compile(
    r"每一?天(?!最多|不超|限|预算|一次|\d)|每日(?!限|最多|上限|一)|逐日|逐天|按天|按日(?!期)"
    r"|(?<![a-z])(?:each day|per day|day by day|daily)(?![a-z])"
)
FACES = re.compile(r"\d+\s?(?:元|块)(?:的)?券|\d+[\s-]yuan (?:coupons?|vouchers?)")


def dimensions(draft: Draft) -> list[str]:
    """By what the figures are split, in order; ``day_n`` joins when several days after are asked for."""
    found = draft.sentence
    names: list[str] = []
    for place in list(found.find(lambda token: token.has("dimension"))):
        token = found.tokens[place]
        name = token.senses["dimension"]
        if token.text in _BARE and _belongs_to_a_name(found, place):
            continue
        if name == "segment" and re.search(r"(?:aum|资产|资产规模)的?$", found.before(place, 8)):
            name = "aum_tier"
        if name not in names:
            names.append(name)
            draft.support("dimensions", place)
    _own_columns(draft, names)
    if "date" not in names and _EACH_DAY.search(found.text):
        names.append("date")
    if "coupon_face_value" not in names and len(FACES.findall(found.text)) > 1:
        names.append("coupon_face_value")
    if "dimension_bins" in draft.values and not names:
        names.append("aum_tier")
    if "aum_tier" in names and "segment" in names:
        names.remove("segment")
    if "day_n" in draft.values:
        names = [name for name in names if name != "date" or not re.search(r"by days? \d", found.text)]
        names += ["day_n"] if len(draft.values["day_n"]) > 1 else []
    return names


def _belongs_to_a_name(found: Sentence, place: int) -> bool:
    """抖音渠道, 24小时, 人群规模 name something else than a split."""
    before, after = found.before(place, 6), found.after(place, 4)
    if place and found.gap(place - 1, place).strip() == "" and found.tokens[place - 1].has(*_SUFFIX_BEFORE):
        return True
    if found.tokens[place].text in ("小时", "hour") and re.search(r"[\d半几]\s?个?$", before):
        return True
    if found.tokens[place].text in ("对照", "对照组", "control") and not re.search(
        r"实验|测试|对比|比|vs|treatment|差", found.text
    ):
        return True
    return bool(re.match(r"规模|数量|大小|有多少|量级|经理|价值|名称|投放(?!成本|费用|花费|金额)|负责", after)) or bool(
        re.search(r"(?:这个|那个|该|this|that)\s?$", before)
    )
