"""Typed tokens of a normalised text: quantities, phrases of time, grades, idioms, and words of the lexicon."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from linghang.reading.corrections import taken_back
from linghang.reading.homophones import mended
from linghang.reading.idioms import idioms
from linghang.reading.lexicon import Lexicon
from linghang.reading.model import Token
from linghang.reading.normalise import Normal, normalise
from linghang.reading.pronouns import resolved
from linghang.reading.quantities import quantities
from linghang.reading.sentence import Sentence
from linghang.reading.times.phrases import phrases
from linghang.reading.wordings import retold, reworded

_GRADE = re.compile(
    r"(?:(?<![a-z0-9])|(?<=[cr][1-5]))([cr])([1-5])(?:\s?(?:-|~|到|至|to)\s?[cr]?([1-5]))?(?=[cr][1-5]"
    r"|(?![0-9a-z]))(?:等?级|类|档)?(?!别)"
)
_BREAK = re.compile(
    r"[,，。;；!！?？\n]|(?<![0-9a-z])\.(?=\s|$)|(?<=[a-z0-9%])\.(?=\s|$)|:(?=\s|$)|(?<=[\u4e00-\u9fff]):"
    r"|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])|\s-\s"
)
_SUFFIXED = re.compile(r"(?P<name>[\u4e00-\u9fff]{1,3})(?P<tail>险(?![级等评测提偏情阻恶峻些])|贷(?![款前后中记方]))")
_NOT_IN_NAME = frozenset(
    "推卖买的和与给投有做没未过是了把让对在到从发送个款类只办还且或想要新老销营荐风保冒危惊探抢放借信"
)
_SINGLE = frozenset("除过登买看点来查持投办借进翻续赎搜逛卖有是为从达满破超女男抽用装")
_PUSH_VERB = re.compile(
    r"\s(?:it|everything|this|that|back|forward|out|the (?:start|launch|whole|campaign|end|dates?|send|sending"
    r"|schedule|time))"
)
# 改成交叉销售 holds no 成交.
_TURNED = ("改", "换", "变", "调", "做", "写")
# 未婚 negates nothing; 小红书投教育金 puts money behind a product; 短信退订涨了 is a figure of a channel.
_GOES_ON = {
    "未": "婚来成必知名",
    "不": "同良动产错止断",
    "投教": "育",
    "有人": "民",
    "加推": "送",
    "动用": "户",
    "亏": "得",
    "客诉": "多涨升高率量变太",
    "投诉": "多涨升高率量变太",
    "短信退订": "涨跌升降高低多少变突趋走情",
}
_SECOND_THOUGHTS = 4
_ASPECT = frozenset("过了≥>=<≤")


def sentence(original: str, lexicon: Lexicon, base: Mapping[str, Any] | None = None) -> Sentence:
    """The tokens of what an operator wrote, without what was taken back in the same breath.

    A text that changes a reading (``base``) is read in the plain wordings of changes, its pronouns as what they mean;
    others are read in those of briefs.
    """
    normal = normalise(original)
    normal = mended(normal, lexicon.find(normal.text))
    normal = retold(normal, lexicon.find) if base is None else reworded(resolved(normal, base), lexicon.find)
    tokens = _tokens(normal.text, lexicon)
    for _ in range(_SECOND_THOUGHTS):
        if (shorter := taken_back(normal, tokens)) is None:
            break
        normal = shorter
        tokens = _tokens(normal.text, lexicon)
    return Sentence(normal, tuple(tokens), tuple(_stops(normal, tokens)))


def _stops(normal: Normal, tokens: list[Token]) -> list[int]:
    covered = {place for token in tokens for place in range(token.start + 1, token.end)}
    return [hit.end() for hit in _BREAK.finditer(normal.text) if hit.start() not in covered]


def _tokens(text: str, lexicon: Lexicon) -> list[Token]:
    found = [
        *_times(text),
        *_grades(text),
        *_quantities(text),
        *_words(text, lexicon),
        *_suffixed(text),
        *_colours(text),
        *_idioms(text, lexicon),
    ]
    days = _furthest((start, end) for start, end, senses in found if "time" in senses)
    splits = _furthest((start, end) for start, end, senses in found if "dimension" in senses)
    # 比上上周 compares with the week before last; 各城市级别 splits by the level.
    found = [
        each
        for each in found
        if not (each[2].keys() == {"analysis"} and text[each[0]] in "比跟和较" and _cut(each[0], each[1], days))
        and not ("dimension" in each[2] and _cut(each[0], each[1], splits))
    ]
    found.sort(key=lambda item: (item[0], -item[1]))
    tokens: list[Token] = []
    last = 0
    for start, end, senses in _merged(found):
        if start >= last:
            tokens.append(Token(start, end, text[start:end], senses))
            last = end
    return tokens


_Found = tuple[int, int, Mapping[str, Any]]


def _furthest(spans: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Where the longest span from each place ends."""
    ends: dict[int, int] = {}
    for start, end in spans:
        ends[start] = max(end, ends.get(start, 0))
    return ends


def _cut(start: int, end: int, others: Mapping[int, int]) -> bool:
    """Whether a word ends within what begins inside it."""
    return any(others.get(place, 0) > end for place in range(start + 1, end))


def _merged(found: list[_Found]) -> Iterator[_Found]:
    """Several readings of the same stretch become one token with all their senses (time before number)."""
    place = 0
    while place < len(found):
        start, end, senses = found[place]
        merged = dict(senses)
        place += 1
        while place < len(found) and found[place][:2] == (start, end):
            other = found[place][2]
            if "time" in other and "quantity" in merged:
                del merged["quantity"]
            skip = {"quantity"} if "time" in merged else set[str]()
            merged.update({key: value for key, value in other.items() if key not in merged and key not in skip})
            place += 1
        if "idiom" in merged:
            # 高于3万的PLUS: a set phrase is no bound.
            merged.pop("bound", None)
        yield start, end, merged


def _idioms(text: str, lexicon: Lexicon) -> Iterator[_Found]:
    """Set phrases about fields that the institution has; where it lacks the field its own words may say it."""
    for start, end, senses in idioms(text):
        field = senses["state"]["field"]
        if not lexicon.fields or field in lexicon.fields or field not in ("last_contact_days",):
            yield start, end, senses


def _times(text: str) -> Iterator[_Found]:
    for phrase in phrases(text):
        yield phrase.start, phrase.end, {"time": phrase.moment, phrase.sense: phrase.moment}


def _grades(text: str) -> Iterator[_Found]:
    for hit in _GRADE.finditer(text):
        low = (hit[1] + hit[2]).upper()
        value = (low,) if hit[3] is None else (low, (hit[1] + hit[3]).upper())
        yield hit.start(), hit.end(), {"grade": value}


def _quantities(text: str) -> Iterator[_Found]:
    for start, end, quantity in quantities(text):
        yield start, end, {"quantity": quantity}


_PLAIN_COLOURS = {"红": "red", "金": "gold", "蓝": "blue", "绿": "green", "黑": "black", "白": "white", "粉": "pink",
    "紫": "purple",    "橙": "orange", "黄": "yellow", "灰": "gray"}  # fmt: skip
_COLOURS = re.compile(
    r"(?:(?<=配色)|(?<=颜色)|(?<=色调)|(?<=主色)|(?<=色系))(?:就|还是|只|留|要|剩|改|换|用|走|成|为|要|以|是|到|选|再|加点?"
    r"|带点?|添点?|来点|偏)*(?P<list>[红金蓝绿黑白粉紫橙黄灰](?:[+、和与加跟同&]?[红金蓝绿黑白粉紫橙黄灰]){0,3})色?(?=[为配搭系调吧的,，。;；、]|$)"
    r"|(?<=[蓝红金绿白黑灰紫橙黄粉银色][和加跟同、+])(?P<last>[红金蓝绿黑白粉紫橙黄灰])色?(?=[吧更才就比,，。;；]|$)"
    r"|(?:(?<=加点)|(?<=带点))(?P<more>[红金蓝绿黑白粉紫橙黄灰])色?(?=[,，。;；吧]|$)"
    r"|(?P<pair>[红金蓝绿黑白粉紫橙黄灰]{2,3})(?=配色|撞色|色系|色调|搭配|双色)"
    r"|(?:^|(?<=[把将张的,，。;；]))(?P<old>[红金蓝绿黑白粉紫橙黄灰])(?=(?:的|色)?(?:换成|改成|改为|换|去掉|不要"
    r"|变|→|->))"
    r"|(?:(?<=去掉)|(?<=不要)|(?<=别用)|(?<=拿掉)|(?<=换掉)|(?<=删掉))(?P<gone>[红金蓝绿黑白粉紫橙黄灰])(?:的"
    r"|色)(?=[,，。;；吧了]|$)"
    r"|(?:(?<=[换改变]成)|(?<=→)|(?<=->))(?P<new>[红金蓝绿黑白粉紫橙黄灰])(?:的|色)?(?=[,，。;；吧]|$)"
)


def _colours(text: str) -> Iterator[_Found]:
    """Colours of one character where only a colour can stand: 配色用蓝金, 红换成香槟金."""
    for hit in _COLOURS.finditer(text):
        kind = str(hit.lastgroup)
        names = [_PLAIN_COLOURS[char] for char in hit[kind] if char in _PLAIN_COLOURS]
        yield hit.start(kind), hit.end(kind), {"color": names[0] if len(names) == 1 else names}


def _suffixed(text: str) -> Iterator[_Found]:
    """Products named by their ending: any X险 is an insurance, any X贷 a loan."""
    for hit in _SUFFIXED.finditer(text):
        name = hit["name"]
        while name and (name[0] in _NOT_IN_NAME or len(name) > 2):
            name = name[1:]
        if not name or name[-1] in _NOT_IN_NAME:
            continue
        kind = "insurance" if hit["tail"] == "险" else "credit"
        word = name + hit["tail"]
        yield hit.end() - len(word), hit.end(), {"product": {"kind": kind, "detail": word, "object": word}}


_YIELDING = frozenset(("state", "inner", "act", "page", "analysis", "objective", "product", "channel"))


def _words(text: str, lexicon: Lexicon) -> Iterator[_Found]:
    spoken = list(lexicon.find(text))
    figures = _furthest((a, b) for a, b, senses in spoken if "metric_word" in senses and text[b - 1] in "率数量")
    deeds = {end for _, end, senses in spoken if "act" in senses}
    pages = {start for start, _, senses in spoken if "page" in senses}
    for start, end, senses in spoken:
        if senses.keys() <= _YIELDING and _cut(start, end, figures):
            # 短信退订率 is the rate of unsubscribing, not those who did.
            continue
        seen = text[start] in "看逛点翻查" and end in pages
        if end - start == 1 and text[start] in _SINGLE and not seen and not _supported(text, start):
            continue
        if text[start] == "成" and text[start - 1 : start] in _TURNED:
            continue
        if end < len(text) and text[end] in _GOES_ON.get(text[start:end], ""):
            continue
        if text[start:end] == "过" and start in deeds:
            # 支付过10笔以上: behind what was done it is the aspect, no comparison.
            continue
        if text[start:end] in ("打扰", "亏") and text[start - 1 : start] in ("太", "很", "挺", "更", "也", "点"):
            continue
        if text[start] == "前" and text[start - 1 : start] == "提":
            continue
        if text[start:end] == "push" and _PUSH_VERB.match(text, end):
            continue
        yield start, end, senses


# 除员工和近7天触达过的外
_EXCEPT = re.compile(r"除[^,，。;；\n夕非]{1,28}?(?:以外|之外|外(?![卖汇呼企地籍包资币访拨部网]))")


def _supported(text: str, start: int) -> bool:
    """Whether a word of one character stands where it can be a word: 买 in 没买 and 买过, not in 买单."""
    char = text[start]
    after = text[start + 1 : start + 2]
    before = text[start - 1 : start] if start else ""
    if char == "除":
        return bool(_EXCEPT.match(text, start))
    if char in "有持":
        return bool(after) and after not in "续久平之" and before not in ("所", "只", "还", "也", "都", "没")
    if char in "女男":
        return not ("\u4e00" <= before <= "\u9fff" and before not in "的给是、和对") or after in (
            "",
            "，",
            "、",
            ",",
            " ",
        )
    if char in "是为从达满破超抽":
        return True
    if char in "看逛进点翻刷" and re.match(
        r"[\u4e00-\u9fff]{1,5}页(?!面?(?:banner|弹窗))", text[start + 1 : start + 8]
    ):
        # 看详情页3次: before a page it is what customers did.
        return True
    if char == "过":
        # AUM过50万: behind a name and before a figure it is a comparison.
        return bool(re.match(r"\d|[一二两三四五六七八九十百千万]", after)) and before not in "超没买看用领通不再"
    return after in _ASPECT or before in ("没", "未", "不", "过") or after.isdigit()
