"""What an edit does away with: whole keys (不发券了), their parts (去掉门槛), conditions by field (年龄不卡了)."""

import functools
import re

from linghang.reading.edits.fields import FAMILY, PLAIN_NAMES
from linghang.reading.edits.keys import KEYS, Key
from linghang.reading.edits.words import DROP, NOT_SO, TURNED_DOWN, Change
from linghang.reading.model import Token

_NEVER_MIND = (
    r"多[久少大长高]都(?:行|可以|要|无所谓)|不论|无论|不分|regardless of|irrespective of|no matter"
    r"|(?:不|别|甭|不用|不必|不再|无需|没必要)(?:再)?(?:卡|看(?!过)|管|设|限制?|要求|考虑|留|搞|弄|加|筛|区分"
    r"|分)了?|无所谓|随便|都行|都可以|都要|放开|不挑|全要"
    r"|doesn't matter|any(?= (?:age|gender|city|tier))|open up|no limit"
)
_ONLY_THIS = re.compile(
    r"(?:只|就|仅)(?:留下?|保留|要|剩|看|卡|限)(?P<what>[^,，。;]{1,10}?)(?:这|那)(?:一)?(?:条|个|项)(?!月|星期|礼拜)"
)
_FREE = re.compile(rf"{DROP.pattern}|{_NEVER_MIND}|(?<![a-z])(?:no|without|any)(?![a-z])")
# AUM别卡那么高 wants less of it, not none.
_DEGREE = re.compile(
    r"(?:不|别|甭)(?:再)?[卡要设看定给打送放降压砍用必需留搞做]?得?(?:那么|这么|太)[高低严死多少紧狠大小松猛]"
)
_BOTH = re.compile(
    r"男女(?:都要|都行|都可以?|都发|都推|不限|均可|通发|一起)|不分男女|不限男女|both (?:genders|sexes)"
    r"|any gender|men and women"
    r"|(?:remove|drop|lift|lose|scrap|forget) the gender (?:filter|condition|limit|restriction|rule)"
)
_OPEN_END = re.compile(
    r"(?:不设|没有?|不要|去掉|取消|不限|放开|不卡|没)(?:年龄|资产|收入)?(?P<end>上限|下限)"
    r"|(?P<end2>上限|下限)(?:不设|不要|去掉|取消|不限|放开|不卡)"
)


def opened(change: Change) -> bool:
    """月收入不设上限: one end of a range that the piece names is open."""
    hit, before = _OPEN_END.search(change.found.text), len(change.steps)
    names = [str(t.senses["field"]["field"]) for t in change.found.tokens if t.has("field")]
    names += [field for words, field in PLAIN_NAMES if words.search(change.found.text)]
    for item in change.base.get("audience", []):
        if hit and item["field"] in names and item["op"] == "between":
            upper = "上限" in (hit["end"] or hit["end2"])
            new = {**item, "op": "ge" if upper else "le", "value": item["value"][0 if upper else 1]}
            change.step("set", f"audience[{item['field']}]", new)
    return len(change.steps) > before


def _only_this(change: Change) -> bool:
    """人群只保留年龄这条: of all conditions the one whose field is named stays."""
    hit = _ONLY_THIS.search(change.found.text)
    if hit is None:
        return False
    named = {field for words, field in PLAIN_NAMES if words.search(hit["what"])}
    wanted = {each for name in named for each in FAMILY.get(name, (name,))}
    items = change.base.get("audience", [])
    if not any(item["field"] in wanted for item in items):
        return False
    for item in items:
        if item["field"] not in wanted:
            change.step("remove", "audience", item)
    change.found.used.update(range(len(change.found.tokens)))
    return True


def released(change: Change) -> None:
    """Steps for conditions that the piece names by their field, with no new value, and wants no more."""
    found = change.found
    if not any(_is_value(token) for token in found.tokens) and _only_this(change):
        return
    if _BOTH.search(found.text):
        for item in [i for i in change.base.get("audience", []) if i["field"] == "gender"]:
            change.step("remove", "audience", item)
            found.used.update(found.where("state"))
        if not any(words.search(_BOTH.sub("", found.text)) for words, _ in PLAIN_NAMES):
            return
    if not _FREE.search(_DEGREE.sub("", found.text)) or any(_is_value(token) for token in found.tokens):
        return
    names = [str(token.senses["field"]["field"]) for token in found.tokens if token.has("field")]
    names += [str(token.senses["attribute"]) for token in found.tokens if token.has("attribute")]
    names += [field for words, field in PLAIN_NAMES if words.search(found.text)]
    names += _the_one_sum(change)
    done = False
    for name in dict.fromkeys(names):
        for item in change.base.get("audience", []):
            if item["field"] in FAMILY.get(name, (name,)):
                change.step("remove", "audience", item)
                done = True
    if done:
        found.used.update(range(len(found.tokens)))


def _the_one_sum(change: Change) -> list[str]:
    """金额条件去掉: the field of the one sum that the audience is asked for."""
    sums = [str(i["field"]) for i in change.base.get("audience", []) if str(i["field"]).endswith("_cny")]
    return sums if len(sums) == 1 and any(token.text == "金额" for token in change.found.tokens) else []


def _is_value(token: Token) -> bool:
    """Whether a token gives a condition a value of its own, so that more is said than a name."""
    if token.has("state") and token.senses["state"].get("value") == "all":
        return False
    if token.text in ("看", "看了", "管", "用"):
        # 年龄那条不用看: here 看 is what the operator does.
        return False
    return token.has("quantity", "state", "grade", "act", "window", "channel", "slot", "offer")


_GONE = (
    rf"(?:{DROP.pattern}|不(?=返[现利])|不留|不做|不设|不搞|不限|不卡|不要求|不定(?!期)|不指定|不强求|无需"
    r"|(?<![a-z])no(?![a-z]))"
)


def removed_figures(change: Change) -> None:
    """不发券了, 不留对照组, 去掉门槛: whole keys that go, and parts of the offer and of the copy rules."""
    text = change.found.text
    figures = list(change.found.where("quantity"))
    if (
        re.search(r"换|改成|改为|改送|改发|只要|only|replace|swap|instead", text)
        or _DEGREE.search(text)
        or (len(figures) > 1 and TURNED_DOWN.search(text))
        or any(NOT_SO.search(text[: change.found.tokens[place].end + 1]) for place in figures)
    ):
        return
    parted = False
    for key in KEYS:
        if (
            key.path != key.root
            and key.held(change.base) is not None
            and _is_gone(text, key)
            and not change.touched(key.root)
            and not (key.path == "offer.threshold_cny" and change.touched("audience"))
        ):
            change.step("remove", key.path)
            text, parted = key.leaves.sub("□", text), True
            change.found.used.update(change.found.where("quantity"))
    if "recurrence" in change.base and _ONCE.search(text):
        change.step("remove", "recurrence")
    _whole_keys(change, text, parted)


def _whole_keys(change: Change, text: str, parted: bool) -> None:
    """Keys that go altogether; the offer stays where only a part of it went."""
    for row in KEYS:
        key = row.path
        if key.startswith("budget") and _of_condition(change) and not _says_the_held(change, row):
            continue
        if key in ("tone", "style", "color") and any(token.has(key) for token in change.found.tokens):
            continue
        said = _without_the_figure(change, text) if _says_the_held(change, row) else text
        if key in change.base and not change.touched(key) and _is_gone(said, row):
            if key == "offer" and (parted or _HAS_HAD.search(text)):
                continue
            change.step("remove", key)
            text = row.leaves.sub("□", text)
            change.found.used.update((*change.found.where("quantity"), *change.found.where("offer")))
            if key == "send_window":
                change.found.used.update(change.found.where("channel"))


def _of_condition(change: Change) -> bool:
    """月收入不设上限, 预算不要超过30万: the piece speaks of a condition, or gives a figure."""
    return any(t.has("field", "attribute", "quantity") and t.text != "金额" for t in change.found.tokens)


def _without_the_figure(change: Change, text: str) -> str:
    """The text of a piece without its figures: drop the 100k cap drops the cap, 机动那5万不留了 the reserve."""
    if len(text) != len(change.found.text):
        return text
    for place in reversed(list(change.found.where("quantity"))):
        token = change.found.tokens[place]
        text = text[: token.start].rstrip() + text[token.end :]
    return text


def _says_the_held(change: Change, key: Key) -> bool:
    """drop the 100k cap: the only figure said is that of the sum that goes."""
    said = [change.found.quantity(place) for place in change.found.where("quantity")]
    named = key.shape == "sum" and len(said) == 1 and said[0] is not None and said[0].value == key.held(change.base)
    return named and not any(token.has("field", "attribute") for token in change.found.tokens)


_ONCE = re.compile(r"(?:别|不|不用|甭|不要)(?:再)?(?:每周|每月|每天|按周|按月)(?:都|一)?(?:了|发)|一次性(?:发|推|做)")
_HAS_HAD = re.compile(r"(?:领|用|抢|拿|中)(?:了|过)[^,，。]{0,4}(?:券|红包)|(?:券|红包)(?:没|未)用")


@functools.cache
def _going(words: str) -> re.Pattern[str]:
    return re.compile(rf"{_GONE}[^,，。;]{{0,6}}(?:{words})|(?:{words})[^,，。;]*?(?:{_GONE})")


def _is_gone(text: str, key: Key) -> bool:
    return bool(_going(key.leaves.pattern).search(text))
