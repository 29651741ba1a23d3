"""Of which campaign, product, channel and customers."""

import re
from typing import Any

from linghang.reading.audience.conditions import conditions, ordered
from linghang.reading.audience.scan import CAMPAIGN_PRODUCT, Shape
from linghang.reading.draft import Draft
from linghang.reading.lexicon import Lexicon
from linghang.reading.questions.asked import warned
from linghang.reading.sentence import Sentence

_CAMPAIGN = re.compile(
    r"(?P<name>[^,，。;:、的\sa-z]{1,12}?|[a-z0-9+]{1,8}[^,，。;:、的\sa-z]{0,8}?)(?:那个|这个|那次|这次"
    r"|的)?\s?(?:活动(?!期间|结束|的?人群)(?!(?:上线|开始)(?!以来|至今|后|到现在|到今天|到目前|到今))|大促|战役|专场|(?<=[\u4e00-\u9fff])(?:召回|拉新|促活)(?=的"
    r"|复盘|效果|表现|数据|$))"
)
_CAMPAIGN_EN = re.compile(
    r"(?<![a-z])(?:for|of|in|from|on|our|the|this|did)\s(?:the\s|our\s)?(?P<name>(?!the\s|our\s|last\s"
    r"|this\s)[a-z0-9'-]+(?:\s[a-z0-9'-]+){0,2}?)\scampaign"
)
_CAMPAIGN_HEAD = re.compile(r"^(?:the\s|our\s)?(?P<name>[a-z0-9][a-z0-9' -]{1,24}?)\scampaign\s?(?=[:,])")
# “黄金拉新”10月份每天的曝光: a name in quotes is a campaign's, unless its kind is told.
_QUOTED = re.compile(
    r"[\"“《](?P<name>[^\"”》,，。]{2,20})[\"”》](?!\s?(?:页|产品|渠道|人群|客群|字样|这个词|指标|标签|客户|用户|基金|券|page|segment|channel|product))"
)
_LEAD = re.compile(
    r"^(?:for the|for|of the|of|the|复盘|总结"
    r"|我想看看|我看下|我看看|我瞧瞧|瞧瞧|我查下|把|将|拿|给|看看|看下|看一下|帮我|帮忙|请|一份|一个|查一下|查下|查看|分析|本次"
    r"|这次|这个|那个|上次|下次|下一次|下个|上个|上一个|昨天|今天|前天|上周|上月|上个月|上季度|本月|本周|各个?|哪个|每个|所有"
    r"|全部|最近|为什么|为啥|给我|我想看|去年|今年|的|了|下|一下|对比|比较|展示|统计|做的|办的|搞的|咱们的?"
    r"|我们的?|我行的?|全天|至今|以来|到现在|到今天|到目前|整天|一天|当天|整月|全月|全年|\d+月(?:份)?的?|\s)+"
)
_NOT_NAMES = re.compile(
    r"^(?:营销|推广|优惠|促销|各类?|线上|线下|整体|全部|多个|两个|几个|其他|同类|往期|历史|当前|目前)$"
)
# 下次召回活动 is one to come: it has no figures yet.
_TO_COME = re.compile(r"(?:下次|下一次|下回|下个|下一个|接下来|以后|将来)")
# 头回看见活动: what was seen has no name.
_SEEN = re.compile(r"(?:看[见到过]|参加过?|参与过?|刷到|知道|收到|点开|点击|进入)$")
_RESULTS = (
    "coupon_unused",
    "touched",
    "click",
    "page_view",
    "complaint",
    "opted_out_sms",
    "loan_settled",
    "active",
    "purchase",
    "credit_drawn",
    "redeem",
    "search",
)
_MEDIA = frozenset(("投放", "外投", "投流", "广告投放", "站外投放", "ads"))
_NOT_PRODUCTS = frozenset(("财富", "支付", "投保", "投资理财", "定投人数", "定投用户数", "定投户数", "定投客户数"))


def filters(draft: Draft, words: Lexicon, split: list[str], names: list[str]) -> None:
    """Put ``filters``; two products or channels side by side also become the split."""
    _named(draft, "product", split)
    _named(draft, "channel", split)
    for hit in conditions(draft.sentence, words.fields):
        if hit.shape.get("value") == CAMPAIGN_PRODUCT or any(place in draft.sentence.used for place in hit.places):
            continue
        if not _of_result(draft, hit.shape, split, names):
            draft.add("filters", ordered(hit.shape), *hit.places)
    _hits(draft)
    faces = [
        int(n)
        for n in re.findall(
            r"(\d+)\s?(?:元|块)(?:的)?券|(?<!\d)(\d+)[\s-]yuan (?:coupons?"
            r"|vouchers?)",
            draft.sentence.text,
        )
        for n in n
        if n
    ]
    if len(set(faces)) > 1:
        draft.add("filters", {"field": "coupon_face_value", "op": "in", "value": list(dict.fromkeys(faces))})
    _opposites(draft, split)


def _hits(draft: Draft) -> None:
    """流失预警准吗? 看命中的人…: those whom the warning named before, whatever they are called."""
    text, filters = draft.sentence.text, draft.values.get("filters", [])
    hit = warned(text) if re.search(r"流失|churn|(?<![a-z])(?:left|leave|leaving)(?![a-z])|走了|跑了", text) else None
    if hit is None or any(item["field"] == "churn_score" for item in filters):
        return
    if draft.values.get("filters"):
        # 预警流失的客户 have not left by being warned of.
        draft.values["filters"] = [item for item in filters if item.get("value") != "churned"]
    draft.add("filters", {"field": "churn_score", "op": "ge", "value": "high"})
    draft.note("filters", *hit)


_SPLITS = {"gender": "gender", "lifecycle": "new_or_existing", "city_tier": "city_tier", "city": "city"}


def _opposites(draft: Draft, split: list[str]) -> None:
    """女性比男性高多少 splits by gender instead of asking for customers who are both."""
    values = draft.values
    for field, dimension in _SPLITS.items():
        sides = [item for item in values.get("filters", []) if item["field"] == field]
        if len(sides) == 1 and sides[0]["op"] == "in" and field in ("city", "city_tier"):
            if dimension not in split:
                split.append(dimension)
            continue
        if len(sides) > 1 or (len(sides) == 1 and sides[0]["op"] == "in" and field in ("gender", "lifecycle")):
            values["filters"] = [item for item in values["filters"] if item["field"] != field]
            if not values["filters"]:
                del values["filters"]
            if dimension not in split:
                split.append(dimension)


def _of_result(draft: Draft, shape: Shape, split: list[str], names: list[str]) -> bool:
    """Conditions that restate what is measured, or what it is split by."""
    field, text = shape["field"], draft.sentence.text
    if (
        field in _RESULTS
        and "window_days" not in shape
        and (
            set(names) - {"segment_size"}
            or not re.search(r"多少(?:个)?(?:人|客户|用户|户)|how many (?:users|customers|people|clients)", text)
        )
        and not re.search(r"过的|的客户|的用户|的人|(?:客户|用户|人群)(?:里|中)", text)
    ):
        return True
    if field == "segment" and shape.get("value") == "all":
        return True
    if _only_seems(field, text):
        return True
    if field == "lifecycle" and shape.get("value") == "churned" and "churn_rate" in names:
        return True
    if field == "sip_active" and "sip_users" in names and "negated" not in shape:
        return True
    if field == "coupon_unused" and "coupon_unused_users" in names:
        return True
    if field == "lifecycle" and shape.get("value") == "new" and names == ["cac_cny"] and text.isascii():
        # per new customer is what the figure is of.
        return True
    if field == "lifecycle" and re.search(
        r"(?:新客|新人|新户|新用户|new[- ](?:user|customer))s?\s?(?:coupon|voucher|专享|券|红包|礼包)", text
    ):
        return True
    if field == "lifecycle" and (
        "new_or_existing" in split or ("new_customers" in names and shape.get("value") == "new")
    ):
        return True
    return (field == "gender" and "gender" in split) or (field == "city_tier" and "city_tier" in split)


def _only_seems(field: str, text: str) -> bool:
    """Words that name no customers here: GMV declined turns nobody down, 500k plus is the uppermost layer."""
    if field == "profit":
        return not re.search(r"亏|盈|赚|profit|los[se]", text)
    if field == "member_tier":
        return bool(re.search(r"\d[kmw万]?\s?plus", text))
    if field in ("click", "page_view", "purchase"):
        return bool(re.search(r"(?:点|看|买)[^,，。]{0,4}的?(?:人|客户|用户)(?:最|更)", text))
    return field == "loan_rejected" and "declin" in text and not re.search(r"loan|credit|appli", text)


def campaign(draft: Draft) -> None:
    """Put the filter of a campaign that is named (黄金活动); its words then say nothing of products or days."""
    found = draft.sentence
    named: list[tuple[int, int]] = []
    for hit in _QUOTED.finditer(found.text):
        # A name in quotes is searched for as it was written, days and all.
        named.append(hit.span("name"))
        value = found.normal.said(*hit.span("name")).strip()
        draft.add("filters", {"field": "campaign", "op": "contains", "value": value})
        draft.note("filters", *hit.span())
        low, high = hit.span("name")
        found.used.update(i for i, t in enumerate(found.tokens) if t.start < high and low < t.end)
    for hit in (
        *_CAMPAIGN.finditer(found.text),
        *_CAMPAIGN_HEAD.finditer(found.text),
        *_CAMPAIGN_EN.finditer(found.text),
    ):
        name = _LEAD.sub("", _after_days(found, hit.start("name"), hit["name"])).strip()
        start = hit.end("name") - len(hit["name"].rstrip()[-len(name) :]) if name else hit.end("name")
        if (
            _TO_COME.match(hit["name"].strip())
            or not name
            or _NOT_NAMES.match(name)
            or _SEEN.search(name)
            or not _has_name(found, start, hit.end("name"))
        ):
            continue
        if any(hit.start("name") < high and low < hit.end("name") for low, high in named):
            continue
        named.append(hit.span("name"))
        value = found.normal.plain(start, hit.end("name"))
        # Membership campaign: … begins the sentence, not a name.
        value = value.lower() if hit.re is _CAMPAIGN_HEAD and value.istitle() and " " not in value else value
        draft.add("filters", {"field": "campaign", "op": "contains", "value": value})
        draft.note("filters", start, hit.end())
        found.used.update(
            i for i, t in enumerate(found.tokens) if t.start >= start and t.end <= hit.end() and not t.has("dimension")
        )


def _after_days(found: Sentence, start: int, name: str) -> str:
    """The name without the days before it: 一份上周的 names no campaign, 双11 does."""
    days = [
        t.end
        for t in found.tokens
        if t.has("time") and t.end <= start + len(name) and t.end > start and t.senses["time"].kind != "festival"
    ]
    return name[max(days) - start :].strip() if days else name.strip()


def _has_name(found: Sentence, start: int, end: int) -> bool:
    """A campaign is named by a product, a festival, an objective or words that mean nothing else here."""
    inside = [token for token in found.tokens if token.start >= start and token.end <= end]
    if any(token.has("product", "objective", "moment", "offer", "state", "channel") for token in inside):
        return True
    return not any(token.has("time", "analysis", "dimension", "metric_word", "neg") for token in inside)


def _held(found: Sentence, place: int) -> bool:
    """持有黄金的客户: what customers hold or bought says who they are."""
    before = place - 1
    if before < 0 or not found.tokens[before].has("act") or found.gap(before, place) not in ("", "过", "了", " "):
        return False
    return bool(re.match(r"的(?:[^,，。]{0,6})?(?:客户|用户|人|客群|老客|户)", found.after(place, 12)))


def _named(draft: Draft, sense: str, split: list[str]) -> None:
    found = draft.sentence
    values: list[Any] = []
    measured = sense == "product"
    named = any(token.has("channel") and token.text not in _MEDIA for token in found.tokens)
    for place, token in enumerate(found.tokens):
        inner = measured and token.has("metric_word") and token.has("inner")
        if not inner and (place in found.used or sense not in token.senses or token.has("dimension", "metric_word")):
            continue
        if sense == "channel" and token.text in _MEDIA and named:
            continue
        if (
            token.senses.get("metric_word") == "sip_users"
            or token.has("state")
            or token.text in _NOT_PRODUCTS
            or (measured and _held(found, place))
        ):
            continue
        # 白条激活率 names its product.
        spec = token.senses["inner" if inner else sense]
        value = (spec["detail"] or spec["kind"]) if sense == "product" else spec
        if value != "all" and value not in values:
            values.append(value)
            draft.support("filters", place)
    if len(values) > 1:
        draft.add("filters", {"field": sense, "op": "in", "value": values})
        if sense not in split:
            split.insert(0, sense)
    elif values:
        draft.add("filters", {"field": sense, "op": "eq", "value": values[0]})
