"""What is told of an offer beside its kind: what must be spent, how many there are, its tiers and prizes."""

import re
from itertools import pairwise
from typing import Any

from linghang.reading.draft import Draft
from linghang.reading.quantities import whole
from linghang.reading.sentence import Sentence

_THRESHOLD = re.compile(
    r"(?:门槛|满|单笔满|消费满|threshold|min(?:imum)?(?: spend| purchase| order)?"
    r"|spend(?:ing)?(?: of)?(?: at least)?|on (?:orders|purchases|spend) (?:over|above|of)|for orders over"
    r"|申购满|买满|投满|首投满|充值满|存满)(?:是|为|改成|改为|调到|设为|of|:|\s)*$"
)
# a 500 yuan threshold, 500元门槛
_ITS_THRESHOLD = re.compile(
    r"\s?(?:yuan|rmb|元|块钱?)?(?:的|\s)?(?:使用)?(?:门槛|threshold|min(?:imum)?(?: spend| purchase| order)(?![a-z]))"
)
_OF = re.compile(r"满减|减|返|送|抵|免|立减|省")
_SPENT = re.compile(r"(?:满|存|买|投|充|申购|消费|转入|入金)$")
_STAGES = (
    ("exposure", r"曝光|exposure|浏览|view"),
    ("click", r"点击|click"),
    ("register", r"注册|register|sign"),
    ("bind", r"绑卡|bind|实名"),
    ("claim", r"领取|领券|claim"),
    ("order", r"下单|成交|首单|首购|首投|order|purchase|申购|交易"),
    ("repeat", r"复购|复投|repeat|第二笔"),
)


def details(draft: Draft, value: dict[str, Any]) -> None:
    """Add what is told of an offer beside its kind: threshold, stock, tiers, what it is."""
    spend_and_save(draft, value)
    _threshold(draft, value)
    stock(draft, value)
    _tiers(draft, value)
    _highest(draft, value)
    _face(draft, value)
    _named_gift(draft, value)
    if value["type"] == "lottery" and "face_value_cny" not in value:
        _prize(draft, value)
    for place in list(draft.sentence.where("quantity")):
        quantity = draft.sentence.quantity(place)
        if (
            quantity is not None
            and quantity.unit == "period"
            and value["type"] == "interest_free_coupon"
            and "periods" not in value
        ):
            value["periods"] = quantity.value
            draft.support("offer", place)


def spend_and_save(draft: Draft, value: dict[str, Any]) -> None:
    """Add what must be spent and what it saves (满1000减20, 20 yuan off 1000)."""
    found = draft.sentence
    if _saved_in_english(draft, value):
        return
    for place in list(found.where("quantity")):
        first, second = found.quantity(place), found.quantity(place + 1)
        if first is None or second is None or not _SPENT.search(found.before(place, 3)):
            continue
        if place and found.tokens[place - 1].has("field") and not _OF.fullmatch(found.gap(place, place + 1).strip()):
            continue
        if not found.before(place, 2).endswith("满") and found.gap(place, place + 1).strip() not in ("返", "送"):
            continue
        if _OF.fullmatch(found.gap(place, place + 1).strip()):
            # 满10减2改成满20减5: the pair said last counts.
            value["threshold_cny"], value["face_value_cny"] = first.value, second.value
            if found.gap(place, place + 1).strip() == "返":
                value["type"] = "cashback"
            draft.support("offer", place)
            draft.support("offer", place + 1)


_FACE = re.compile(r"(?:面额|面值|券面|单张|每张|每个|每份|一张|一个)(?:是|为|统一|:|：|\s)*$")
_NO_FACE = frozenset(("lottery", "interest_free_coupon", "rate_coupon", "fee_discount", "points"))


def _face(draft: Draft, value: dict[str, Any]) -> None:
    """面额8元, 每张20: what one of them is worth, said apart from its name."""
    found = draft.sentence
    if "face_value_cny" in value or "tiers" in value or value["type"] in _NO_FACE:
        return
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if (
            quantity is not None
            and quantity.unit == "yuan"
            and quantity.form == "one"
            and _FACE.search(found.before(place, 6))
        ):
            value["face_value_cny"] = quantity.value
            draft.support("offer", place)
            return


_OFF = re.compile(
    r"\s?(?:yuan|cny)?\s?off\s(?:a |any |every )?(?:orders?|purchases?|spend(?:ing)?|bills?)?\s?(?:over|above"
    r"|of|from)?\s?(?:¥|rmb )?"
)
_GET = re.compile(r"\s?(?:yuan|cny)?(?:,)?\s(?:and\s)?(?:get|save|receive)s?\s(?:¥|rmb )?")


def _saved_in_english(draft: Draft, value: dict[str, Any]) -> bool:
    """20 yuan off 1000; spend 1000, get 20 off: what it saves and what must be spent."""
    found = draft.sentence
    places = [p for p in range(len(found.tokens)) if (q := found.quantity(p)) is not None and q.form == "one"]
    for first, second in pairwise(places):
        between = found.text[found.tokens[first].end : found.tokens[second].start]
        spent = found.before(first, 12).endswith(("spend ", "spend ¥", "spending "))
        if _OFF.fullmatch(between):
            face, floor = first, second
        elif spent and _GET.fullmatch(between):
            face, floor = second, first
        else:
            continue
        one, other = found.quantity(face), found.quantity(floor)
        if one is not None and other is not None and one.value < other.value:
            value |= {"type": "coupon", "face_value_cny": one.value, "threshold_cny": other.value}
            draft.support("offer", face)
            draft.support("offer", floor)
            return True
    return False


def _threshold(draft: Draft, value: dict[str, Any]) -> None:
    found = draft.sentence
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if quantity is None or quantity.unit not in ("", "yuan") or quantity.form != "one":
            continue
        if _ITS_THRESHOLD.match(found.after(place, 20)) and "threshold_cny" not in value:
            value["threshold_cny"] = quantity.value
            draft.support("offer", place)
            return
        named = _THRESHOLD.search(found.before(place, 24))
        near = found.tokens[max(0, place - 2) : place]
        if named and near and (near[-1].has("field", "act") or (near[-1].has("cmp") and near[0].has("field"))):
            # 买入金额满1万 is a condition on customers.
            continue
        if re.match(
            r"\s?(?:yuan|rmb|cny|元|块)?\s?(?:的)?(?:threshold|minimum|min\.? spend|门槛)(?![a-z])",
            found.after(place, 16),
        ):
            # with a 500 yuan threshold
            value["threshold_cny"] = quantity.value
            draft.support("offer", place)
            return
        if named and (
            named[0].startswith(("门槛", "threshold", "min"))
            or (
                re.match(r"元?(?:可用|使用|才能用|就能用|以上可用|以上)?", found.after(place, 6))
                and "threshold_cny" not in value
            )
        ):
            value["threshold_cny"] = quantity.value
            draft.support("offer", place)
            return
    if re.search(r"无门槛|零门槛|no minimum|no threshold", found.text):
        value.setdefault("threshold_cny", 0)


# 限前2000名, first 500 customers: so many there are.
_FIRST_COME = re.compile(r"(?:限前|仅限?前?|限量?|(?<![以之目])前|first\s)\s?$")


_PIECES = frozenset("张份个台件盒袋瓶桶把本箱双辆顶根盆套枚")


def stock(draft: Draft, value: dict[str, Any]) -> None:
    """Add how many of an offer there are (限量5000张)."""
    found = draft.sentence
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if (
            quantity is not None
            and quantity.unit == ""
            and quantity.values[0] >= 100
            and re.match(r"\s(?:coupons|vouchers|red packets)(?![a-z])", found.after(place, 14))
        ):
            # 5,000 coupons of 20 yuan
            value.setdefault("quantity", quantity.value)
            draft.support("offer", place)
            return
        if quantity is not None and quantity.unit == "people" and _FIRST_COME.search(found.before(place, 6)):
            value.setdefault("quantity", quantity.value)
            draft.support("offer", place)
            return
        if quantity is None or quantity.unit != "piece" or quantity.word not in _PIECES or quantity.values[0] < 10:
            continue
        if (
            re.search(r"限量|共|发|总量|库存|限|一共|发放|数量|投放|准备", found.before(place, 8))
            or re.match(r"券|红包|礼", found.after(place, 4))
            or quantity.word in ("张", "份")
        ):
            value.setdefault("quantity", quantity.value)
            draft.support("offer", place)
            return


def _tiers(draft: Draft, value: dict[str, Any]) -> None:
    """曝光→点击→下单三段分别给2/5/10元: a face value for each stage."""
    found = draft.sentence
    if _pairs(draft, value):
        return
    for place in [
        p for p in range(len(found.tokens)) if (q := found.quantity(p)) and q.form == "list" and q.unit in ("yuan", "")
    ]:
        quantity = found.quantity(place)
        assert quantity is not None
        stages = _stages(found.clause_text(place))
        if len(stages) != len(quantity.values):
            stages = _stages_beside(found, place) or stages
        stepped = bool(_STEPPED.search(found.clause_text(place)))
        if len(stages) != len(quantity.values) and value.get("tiers") is None and not stepped:
            continue
        names: list[str | None] = list(stages) if len(stages) == len(quantity.values) else [None] * len(quantity.values)
        value["tiers"] = [
            ({"stage": name} if name else {}) | {"face_value_cny": whole(face)}
            for name, face in zip(names, quantity.values, strict=True)
        ]
        value.pop("face_value_cny", None)
        draft.support("offer", place)
        return


# 10、20、50元三档券: each a face of its own, for no named stage.
_STEPPED = re.compile(r"[二两三四五2-5]\s?(?:档|级|阶)|阶梯|梯度")


def _stages_beside(found: Sentence, place: int) -> list[str]:
    """三档2、5、10元，分别对应点击、注册、下单: the stages follow their sums, or stand in the clause before them."""
    number = found.clause(place)
    behind = found.text[found.edge(number + 1) : found.edge(number + 2)]
    if re.search(r"分别|对应|依次", behind):
        return _stages(behind)
    told = re.search(r"分别|对应|依次|各", found.clause_text(place))
    return _stages(found.text[found.edge(number - 1) : found.edge(number)]) if told and number else []


def _pairs(draft: Draft, value: dict[str, Any]) -> bool:
    """点击给2元、下单给20元: each stage with its own sum."""
    found = draft.sentence
    tiers: list[dict[str, Any]] = []
    places: list[int] = []
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if quantity is None or quantity.unit not in ("yuan", "") or quantity.form != "one" or quantity.big:
            continue
        lead = found.before(place, 12)
        name = next((name for name, words in _STAGES if re.search(rf"(?:{words}){_GIVES}$", lead)), None)
        if name is not None:
            tiers.append({"stage": name, "face_value_cny": quantity.value})
            places.append(place)
    if len(tiers) < 2:
        return False
    value["tiers"] = tiers
    value.pop("face_value_cny", None)
    for place in places:
        draft.support("offer", place)
    return True


_GIVES = (
    r"(?:之?后|了|就|再|各|的|阶段|环节|这步)?(?:给|送|发|奖励?|返|得|补|领|拿|:|=|gets?|gives?|earns?"
    r"|\s)*(?:¥)?"
)


def _stages(text: str) -> list[str]:
    hits = sorted((hit.start(), name) for name, pattern in _STAGES for hit in list(re.finditer(pattern, text))[:1])
    ordered = [name for _, name in hits]
    return ordered if re.search(r"→|->|—>|、|分别|>|/|then|到", text) else []


_GIFT = re.compile(
    r"京东e?卡|e卡|购物卡|加油卡|话费|体检卡?|行李箱|保温杯|月饼|盲盒|米面油|gift cards?|洗护礼包|雨伞|充电宝|手机"
)


_TOP_PRIZE = re.compile(
    r"(?:头奖|一等奖|特等奖|大奖|终极大奖)(?:是|为|送|:|：)?"
    r"(?P<what>(?!现金|[是为]|[一两二三几1-9][辆台部个套份只])[\u4e00-\u9fffa-z][\u4e00-\u9fffa-z0-9 ]{1,12}?)"
    r"(?=[一1两2]?[台辆部个套份]|[,，。;]|$)"
)


def _named_gift(draft: Draft, value: dict[str, Any]) -> None:
    if value["type"] == "lottery" and (prize := _TOP_PRIZE.search(draft.sentence.text)):
        value["desc"] = draft.sentence.normal.plain(*prize.span("what"))
    if value["type"] == "gift" and "desc" not in value and (hit := _GIFT.search(draft.sentence.text)):
        value["desc"] = draft.sentence.normal.plain(*hit.span())


_A_PIECE = re.compile(
    r"(?:[每一单](?:个|封|张|份|人|户|位|名|包)|统一|一律|人均|每客|单客|each|per (?:person|user|head"
    r"|customer)).{0,6}$"
    r"|(?:最高|最多|封顶|上限|up to|max(?:imum)?)\s*$"
)


# 发红包，最高188
_AT_BEST = re.compile(r"[,，。;；]?\s?(?:每个|单个)?(?:最高|至高|封顶)(?:元|块)?[,，。;；]?")


def _highest(draft: Draft, value: dict[str, Any]) -> None:
    found = draft.sentence
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        told = re.search(r"(?:每个|每人|单个|单人|单包)(?:最高|最多|封顶|上限|不超)$", found.before(place, 6))
        if quantity is None or quantity.big or "face_value_cny" in value:
            continue
        clause = found.clause_text(place)
        alone = value["type"] == "red_packet" and bool(
            _AT_BEST.fullmatch(clause.replace(found.tokens[place].text, "").strip())
        )
        if quantity.unit != "yuan" and not (quantity.unit == "" and (told or alone)):
            continue
        if alone:
            value |= {"face_value_cny": quantity.value, "face_value_is_max": True}
            draft.support("offer", place)
        elif _A_PIECE.search(found.before(place, 14)):
            value["face_value_cny"] = quantity.value
            if re.search(r"最高|最多|封顶|上限|至多|不超|顶格|up to|max|cap", clause):
                value["face_value_is_max"] = True
            draft.support("offer", place)


def _prize(draft: Draft, value: dict[str, Any]) -> None:
    found = draft.sentence
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if quantity is None or quantity.unit not in ("", "yuan") or quantity.form != "one":
            continue
        if re.match(
            r"\s?(?:元|块)?(?:的)?(?:现金|大奖|cash|prize|奖|金条|in cash)", found.after(place, 8)
        ) or re.search(
            r"(?:一等奖|特等奖|头奖|大奖|奖品|奖金|价值|prize|worth|cash)(?:是|为|of|价值|现金|:|，"
            r"|\s(?:is\s)?an?)?(?:只有?|仅|才|就|\s(?:only|just))?\s?$",
            found.before(place, 16),
        ):
            value["face_value_cny"] = quantity.value
            draft.support("offer", place)
            return
