"""Numbers as operators write them (15w, 50个w, 两万五, 1.5亿, 5k) with their units, ranges and lists."""

import re
from dataclasses import dataclass
from typing import Literal

Unit = Literal["", "yuan", "pct", "day", "hour", "minute", "times", "people", "age", "fold", "period", "char", "bp",
    "piece", "degree", "point"]  # fmt: skip

_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "俩": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_SCALE: dict[str, float] = {
    "亿": 1e8, "千万": 1e7, "百万": 1e6, "十万": 1e5, "万": 1e4, "w": 1e4, "千": 1e3, "k": 1e3, "百": 1e2, "m": 1e6,
    "mn": 1e6, "mio": 1e6,
    "million": 1e6, "mil": 1e6, "thousand": 1e3, "hundred": 1e2, "b": 1e9, "bn": 1e9, "billion": 1e9,
}  # fmt: skip
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "fifteen": 15,
          "twenty": 20, "thirty": 30, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100}  # fmt: skip
_ZH = "零〇一二两三四五六七八九十百千万亿"
_SCALES_ZH = r"(?:多|来|余|几)?个?(?:亿|千万|百万|十万|万|w(?![a-z])|千(?!克)|百)"
_SCALES_EN = r"(?:million|thousand|hundred|billion|mil|mio|mn|bn|k|m|b)(?![a-z])"
NUMBER = (
    rf"(?:\d+(?:,\d{{3}})+|\d+)(?:\.\d+)?(?:\s?(?:{_SCALES_ZH}"
    rf"|{_SCALES_EN})(?:[1-9][千百](?![\d万])|[1-9](?![\d.,%元块岁天日月年周人次折期个张w万千k])"
    rf"|[一二三四五六七八九](?![{_ZH}\d.%岁天日月年周人次折期个张成分星线类档w级点路条种版组]))?)?"
    rf"|[{_ZH}]+(?:来|多|余|好?几)(?:[万千百亿]+)(?![{_ZH}]|一)|半个?(?:亿|千万|百万)|[{_ZH}]+个(?:亿|千万|百万)"
    rf"|[{_ZH}]+(?:点[零一二三四五六七八九]+)?(?:[{_ZH}]*)(?:个w(?![a-z]))?|半(?=[年个天小])"
)
_LENGTH = r"(?:days?|weeks?|fortnights?|months?|years?|hours?)"
_WORD_NUMBER = r"(?<![a-z])(?:" + "|".join(_WORDS) + (
    r")(?:(?:\s(?:hundred|thousand|million))+|(?=[\s-](?:days?|weeks?|fortnights?|months?|years?|hours?|times?"
    r"|touches|messages?|pushes|emails|texts|sends"
    r"|percent|yuan|people|users|customers|thousand|million|push|sms|variants?|arms?|groups?|views?|visits?"
    r"|clicks?|purchases?|logins?|instal?ments?|coupons?|characters?|points?)))"
    r"|(?:(?<=at least )|(?<=at most )|(?<=more than )|(?<=fewer than )|(?<=less than ))(?:two|three|four|five"
    r"|six|seven|eight|nine|ten)"
    r"(?=\W|$)"
    r"|(?:(?<=make it )|(?<=make that )|(?<=\suse )|(?<=,use )|(?<=\sto )|(?<=\sat )|(?<=just )"
    r"|(?<=only ))(?:two|three|four|five"
    r"|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|fifty|sixty|ninety)(?=\s*(?:[.,;!?]|$))"
    rf"|(?:half|a quarter(?: of)?) a million|(?<![a-z])a (?:million|hundred thousand)|half a million"
    rf"|(?<![a-z])(?:(?<=by )an?|(?<=for )an?|(?<=back )an?|(?<=out )an?|(?<=forward )an?|(?<=up )an?"
    rf"|(?<=lasting )an?|(?<=lasts )an?|(?<=duration )an?|(?<=running )an?|(?<=, )an?(?=\s{_LENGTH}\s(?:in |over))"
    rf"|an?(?=\s{_LENGTH}\s(?:earlier|later|longer|more|less|before|from|starting|beginning|in total|in all))|another"
    rf"|one more|an? extra|half an?)(?=\s{_LENGTH})"
)  # fmt: skip
_ARTICLES = {"a": 1, "an": 1, "another": 1, "one more": 1, "a extra": 1, "an extra": 1, "half a": 0.5, "half an": 0.5,
    "half a million": 5e5, "a quarter a million": 2.5e5, "a quarter of a million": 2.5e5, "a million": 1e6,
             "a hundred thousand": 1e5}  # fmt: skip
_FRACTION = (
    r"百分之(?P<points>[零〇一二两三四五六七八九十百]+(?:点[零一二三四五六七八九]+)?|\d+(?:\.\d+)?)"
    r"|(?P<low>[二两三四五六七八九十]|\d{1,2})分之(?P<high>[一二两三四五六七八九]|\d{1,2})"
)
_UNITS: tuple[tuple[str, Unit, float], ...] = (
    (r"人民币|块钱|元钱|元|块|圆|rmb|cny|-?yuan|kuai", "yuan", 1),
    (r"个百分点|个点(?!击)|百分点|%|percent(?:age points?)?|pct|pp(?![a-z])", "pct", 1),
    (r"成(?![功交为本长熟都员]|就(?![行够好是]|可以))", "pct", 10),
    (r"个?(?:基点|bps?(?![a-z]))", "bp", 1),
    (r"个?交易日", "day", 1), (r"个?工作日", "day", 1),
    (r"个?(?:星期|礼拜)|周(?![年岁末边转]|[一二三四五六日](?![条次封个张篇遍回]))|-?\s?weeks?|-?\s?wks?", "day", 7),
    (r"-?\s?fortnights?", "day", 14),
    (r"个?季度|quarters?", "day", 90),
    (r"个月|-?\s?months?", "day", 30), (r"周年|年(?!轻|化|期|金|龄|度|终|会|底)|-?\s?(?:years?|yrs?)(?![\s-]?olds?)",
    "day", 365),
    (r"(?:天|日(?![期元均活志]))|-?\s?days?|d(?![a-z])", "day", 1),
    (r"个?(?:小时|钟头)|hours?|hrs?", "hour", 1), (r"分钟|minutes?|mins?(?![a-z])", "minute", 1),
    (r"周岁|岁|-?\s?(?:years?|yrs?)[\s-]?olds?|yo(?![a-z])", "age", 1),
    (r"折", "fold", 1), (r"期(?!间|限|货|待|望)", "period", 1),
    (r"个?(?:字符|汉字|字)|chars?(?:acters)?|characters?", "char", 1),
    (
        r"个?(?:人次|人(?!群|工|民|均|脸)|用户|客户|新客|新户|户(?!均|外)|位|名(?!单|字|称|额|校))|(?:new\s"
        r"|existing\s)?(?:users?|people|customers?|clients?|savers?|investors?|buyers?|accounts?"
        r"|members?)(?![a-z])", "people", 1),
    (r"(?:次|回(?!流|访|馈|来|撤|报|购)|遍|笔|单(?!位|笔|品|独|日|个))|times?(?![a-z])|x(?![a-z])|orders?", "times", 1),
    (
        r"messages?(?![a-z])|pushes|emails|texts(?![a-z])|touches|张|份|个(?!w|月|星期|礼拜|性|人|点)|条(?!件)"
        r"|篇|只(?!要|发|在|做|用|有|推|能|给|留)|支(?!付|持)|台|枚|版(?!本)|套|组|档|段|层|波"
        # 限3000把: nouns that also begin other words count only where the phrase ends.
        r"|件|盒(?!子)|袋(?!子)|瓶|桶|[把本箱双辆顶根盆](?=[,，。;；)）、]|$)", "piece", 1),
    (r"℃|摄氏度|度(?!过|假)|°c?", "degree", 1), (
        r"分(?!钟|别|层|析|组|渠|城|面|批|成|红|开|布|时|人|产|期|日|天|群|性|年|端|新|步|阶|流|龄)|points?", "point",
        1),
)  # fmt: skip
_UNIT = "|".join(f"(?P<u{i}>{words})" for i, (words, _, _) in enumerate(_UNITS))
_UNIT_RE = re.compile(r"\s?(?P<plus>\+)?(?:多|来|余|几)?\s?(?:" + _UNIT + ")")
_CURRENCY = r"(?P<cur>(?:[¥￥$]|(?<![a-z])(?:rmb|cny)(?![a-z])|人民币)\s?)?"
_START = re.compile(rf"(?P<part>{_FRACTION})|(?P<sign>[-负零]?){_CURRENCY}(?P<num>{NUMBER}|{_WORD_NUMBER})")
# 五六万, 三五百, 二十一二万: two digits side by side before a magnitude are the ends of a guess.
_GUESS = re.compile(
    r"(?P<head>(?:[一二三四五六七八九]?十)?)(?P<low>[一二两三四五六七八])(?P<high>[二三四五六七八九])(?P<scale>[百千万亿]*)"
)
_AND = re.compile(rf"(?P<sep>\sand\s){_CURRENCY}(?P<num>{NUMBER})")
_AND_ZH = re.compile(rf"(?P<sep>[和与跟]){_CURRENCY}(?P<num>{NUMBER})(?=[^,，。;]{{0,4}}[之中]间)")
_NEXT = re.compile(rf"(?P<sep>\s?(?:-|~|到|至|\bto\b)\s?|\s?[/、]\s?){_CURRENCY}(?P<num>{NUMBER})")


@dataclass(frozen=True)
class Quantity:
    """Numbers with one unit: one value, a ``range`` of two, or a ``list``. ``plain`` has neither unit nor magnitude.

    Money in yuan, percent in points, durations in days (hours and minutes in their own).
    """

    values: tuple[float, ...]
    unit: Unit
    form: Literal["one", "range", "list"] = "one"
    big: bool = False
    word: str = ""
    plus: bool = False
    """Whether a + stands behind the number: 30+, 3+ times."""

    @property
    def value(self) -> float | int:
        """The first value, whole when it is whole."""
        return whole(self.values[0])


_AND_A_HALF = re.compile(r"(?P<n>\d+|[一二两三四五六七八九十]{1,2})个半(?=小时|钟头|月|星期|礼拜)")


def whole(value: float) -> float | int:
    """The integer if the number is one, else the number rounded to six places."""
    near = round(value)
    return near if abs(value - near) < 1e-9 * max(1.0, abs(value)) else round(value, 6)


def number(text: str) -> float | None:
    """The value of a number in digits or Chinese numerals, magnitudes included; None if it is not one."""
    if text.strip() in _ARTICLES:
        return _ARTICLES[text.strip()]
    text = re.sub(r"(?<=.)(?:好?几|[多来余])(?=[个万亿千百wk])", "", text.replace(",", "").replace(" ", "").strip())
    if not text:
        return None
    if text[0].isdigit():
        return _arabic(text)
    if text in _WORDS:
        return _WORDS[text]
    if text == "半":
        return 0.5
    if text == "万":
        return _SCALE[text]
    if hit := re.fullmatch(r"(?P<many>半|.+(?=个))个?(?P<scale>w|亿|千万|百万)", text):
        inner = number(hit["many"])
        return None if inner is None else inner * _SCALE[hit["scale"]]
    if hit := re.fullmatch(rf"({'|'.join(_WORDS)})((?:hundred|thousand|million)+)", text):
        value = _WORDS[hit[1]]
        for scale in re.findall(r"hundred|thousand|million", hit[2]):
            value *= int(_SCALE[scale])
        return value
    return _chinese(text)


def _arabic(text: str) -> float | None:
    hit = re.fullmatch(r"(\d+(?:\.\d+)?)个?([a-z亿万千百十]*?)(?:([\d一二三四五六七八九])([千百]?))?", text)
    if hit is None or (hit[2] and hit[2] not in _SCALE):
        return None
    scale = _SCALE.get(hit[2], 1.0)
    return float(hit[1]) * scale + (_digit(hit[3]) * _SCALE.get(hit[4], scale / 10) if hit[3] else 0)


def _digit(char: str) -> int:
    """15, 1万五: a last figure in either script."""
    return int(char) if char.isdecimal() else _DIGITS[char]


def _chinese(text: str) -> float | None:
    if "点" in text:
        left, right = text.split("点", 1)
        digits = right.rstrip("万亿千百")
        scale = _SCALE.get(right[len(digits) :], 1.0)
        if not digits or any(char not in _DIGITS for char in digits):
            return None
        base = _chinese(left)
        return (
            None if base is None else (base + int("".join(str(_DIGITS[c]) for c in digits)) / 10 ** len(digits)) * scale
        )
    if len(text) > 1 and all(char in _DIGITS for char in text):
        return float(int("".join(str(_DIGITS[char]) for char in text)))
    total = section = digit = 0
    last = 1
    zero = False
    for char in text:
        if char in _DIGITS:
            digit, zero = _DIGITS[char], zero or char in "零〇"
        elif char in _SMALL:
            section += (digit or 1) * _SMALL[char]
            digit, last, zero = 0, _SMALL[char], False
        elif char in "万亿":
            unit = int(_SCALE[char])
            total = (total + section + digit) * unit if unit > 1e4 else total + (section + digit) * unit
            section, digit, last, zero = 0, 0, unit, False
        else:
            return None
    # 两万五 is 25,000: a digit after a magnitude, with no 零 between, counts tenths of that magnitude.
    tail = digit * last // 10 if last >= 100 and not zero else digit
    return float(total + section + tail) if text not in ("万", "亿", "百", "千") else None


def quantities(text: str) -> list[tuple[int, int, Quantity]]:
    """All quantities of a normalised text as ``(start, end, quantity)``, leftmost and longest first."""
    found: list[tuple[int, int, Quantity]] = []
    place = 0
    while (hit := _START.search(text, place)) is not None:
        parsed = _and_a_half(text, hit) or _quantity(text, hit)
        if parsed is None:
            place = hit.start() + 1 if hit.end() <= hit.start() + 1 else hit.end()
            continue
        found.append(parsed)
        place = parsed[1]
    return found


def _and_a_half(text: str, hit: re.Match[str]) -> tuple[int, int, Quantity] | None:
    """一个半小时, 两个半月."""
    half = _AND_A_HALF.match(text, hit.start("num")) if hit["num"] else None
    if half is None:
        return None
    end, unit, factor, word = _unit(text, half.end())
    return half.start(), end, Quantity((((number(half["n"]) or 0) + 0.5) * factor,), unit, word=word)


_MAO = re.compile(r"([1-9]|[一二三四五六七八九])毛?(?![\d.万千百个张天折])")


def _quantity(text: str, hit: re.Match[str]) -> tuple[int, int, Quantity] | None:
    if hit["part"]:
        return _share(text, hit)
    start, first = hit.start("cur") if hit["cur"] else hit.start("num"), number(hit["num"])
    if first is None or _glued(text, hit):
        return None
    if (guessed := _guess(text, hit, start)) is not None:
        return guessed
    raws, values, separators = [hit["num"]], [first], list[str]()
    end, unit, factor, word = _unit(text, hit.end())
    money = bool(hit["cur"])
    also = _AND if text[max(0, start - 8) : start] == "between " else _AND_ZH
    while (more := _NEXT.match(text, end) or also.match(text, end)) is not None and _continues(
        separators, more["sep"].strip()
    ):
        value = number(more["num"])
        next_end, next_unit, next_factor, next_word = _unit(text, more.end())
        sums = re.search(r"[万亿wk]$", raws[-1].strip()) and next_unit in ("day", "age", "times", "pct", "piece")
        if unit == "yuan" and next_unit == "people" and next_word in ("客户", "用户", "人"):
            # 2万元到100万客户: the customers stand right behind the sum.
            next_end, next_unit, next_word = more.end(), "", ""
        if _more_money(money, unit, next_unit, more):
            unit = next_unit = "yuan"
        if value is None or sums or not _same_series(unit, next_unit):
            break
        raws.append(more["num"])
        values.append(value)
        separators.append(more["sep"].strip())
        end, unit, factor, word = next_end, next_unit or unit, next_factor if next_unit else factor, next_word or word
    if money and not unit:
        unit = "yuan"
    values, end = _with_tail(text, values, end, word)
    values = _share_magnitude(raws, [v / 10 if unit == "fold" and v >= 10 else v for v in values])
    sign = -1.0 if _negative(text, hit, start) else 1.0
    if sign < 0:
        start -= 1
    form = "one" if len(values) == 1 else "list" if any(s in "/、" for s in separators) or len(values) > 2 else "range"
    big = bool(re.search(r"[万亿千百]|(?<![a-z])[wkm]|thousand|hundred|million", raws[-1])) and not raws[-1].isdigit()
    plus = text[hit.end() : hit.end() + 1] == "+" and end > hit.end()
    made = tuple(v * factor * sign for v in values)
    return start, end, Quantity(made, unit, form, big, word, plus)  # type: ignore[arg-type]


def _with_tail(text: str, values: list[float], end: int, word: str) -> tuple[list[float], int]:
    """9块9, 六块六, 一成半: a last figure behind the unit."""
    if word in ("块", "元") and len(values) == 1 and (tail := _MAO.match(text[end:])):
        # 9块9, 六块六.
        values, end = [values[0] + (_DIGITS.get(tail[1]) or int(tail[1])) / 10], end + tail.end()
    if word == "成" and (more := re.match(r"[一二三四五六七八九半](?![成个万折])", text[end:])):
        values, end = [values[0] + (0.5 if more[0] == "半" else _DIGITS[more[0]] / 10)], end + 1
    return values, end


def _negative(text: str, hit: re.Match[str], start: int) -> bool:
    """-5%, 负3个点: whether a sign belongs to the number."""
    place = hit.start("sign")
    return hit["sign"] in ("-", "负") and start - 1 == place and _bare_before(text, place)


def _guess(text: str, hit: re.Match[str], start: int) -> tuple[int, int, Quantity] | None:
    """五六万 is a range, 两三天 its upper end."""
    guess = _GUESS.fullmatch(hit["num"])
    if guess is None or _DIGITS[guess["high"]] - _DIGITS[guess["low"]] not in (1, 2):
        return None
    low, high = (number(guess["head"] + guess[name] + guess["scale"]) or 0 for name in ("low", "high"))
    end, unit, factor, word = _unit(text, hit.end())
    if guess["scale"]:
        return start, end, Quantity((low, high), unit, "range", True, word)
    counted = unit in ("day", "times", "people", "piece", "hour")
    return (start, end, Quantity((high * factor,), unit, word=word)) if counted else None


def _share(text: str, hit: re.Match[str]) -> tuple[int, int, Quantity] | None:
    """百分之二十, 三分之一: a share in points of a hundred."""
    if hit["points"]:
        value = number(hit["points"])
    else:
        low, high = number(hit["low"]), number(hit["high"])
        value = None if low is None or high is None or high >= low else high / low * 100
    if value is None:
        return None
    return hit.start(), hit.end(), Quantity((value,), "pct", word="%")


def _glued(text: str, hit: re.Match[str]) -> bool:
    """Whether the number is part of a word or code (C3, T+0, v2), or a bare Chinese digit inside running text."""
    start, raw = hit.start("num"), hit["num"]
    before = text[start - 1] if start else ""
    if raw[0].isdigit():
        code = re.search(r"[a-z]+$", text[max(0, start - 8) : start])
        # One letter makes a code (C3, v2); a longer word before a figure is a name with its value (AUM1万).
        return code is not None and (len(code[0]) == 1 or code[0] in ("iphone", "ios", "mate")) and not hit["cur"]
    if (
        before == "第"
        or (start > 1 and text[start - 2 : start] in ("星期", "礼拜"))
        or (
            before == "周"
            and text[start - 2 : start] != "每周"
            and not re.match(r"[一二三四五][条次封个张篇遍回]", text[start:])
        )
    ):
        return True
    if raw == "万":
        # 月薪过万: a magnitude alone is a number only behind a comparison.
        return before not in "过破超满逾上达" or not before
    if len(raw) == 1 and not _TO_MORE.match(text, hit.end()):
        return raw in "百千万亿" or _unit(text, hit.end())[0] == hit.end()
    return False


# 三到三十万: the first end has neither unit nor magnitude of its own.
_TO_MORE = re.compile(r"\s?(?:到|至|-|~)\s?[一二两三四五六七八九十百千]+(?:[万亿]|岁)")


def _bare_before(text: str, place: int) -> bool:
    return place == 0 or text[place - 1] in " ,，(（:=><≥≤到至负"


def _unit(text: str, place: int) -> tuple[int, Unit, float, str]:
    hit = _UNIT_RE.match(text, place)
    if hit is None or hit.lastgroup is None:
        return place, "", 1.0, ""
    _, unit, factor = _UNITS[int(hit.lastgroup[1:])]
    return hit.end(), unit, factor, hit[hit.lastgroup]


def _continues(separators: list[str], separator: str) -> bool:
    """A range has two ends; a list goes on with the separator that it began with."""
    return not separators or (separators[-1] == separator and separator in "/、")


def _more_money(money: bool, unit: Unit, next_unit: Unit, more: re.Match[str]) -> bool:
    """8万元到12万, CNY 120k to CNY 10 million: what has a currency or a magnitude goes on with money."""
    if next_unit:
        return False
    large = re.search(r"[万亿wkmn千百]$|million$|thousand$|000$", more["num"].strip())
    return (unit == "yuan" and bool(more["cur"] or large)) or (money and not unit and bool(more["cur"]))


def _same_series(unit: Unit, next_unit: Unit) -> bool:
    if unit and next_unit and unit != next_unit:
        return False
    return not (unit and not next_unit)


def _share_magnitude(raws: list[str], values: list[float]) -> list[float]:
    """``1-10万`` counts both ends in 万: a plain first number that is smaller takes the magnitude of the last."""
    hit = re.search(r"(个?[万亿wkm千百]|million|thousand)$", raws[-1].strip())
    if len(values) < 2 or hit is None:
        return values
    scale = _SCALE.get(hit[1].removeprefix("个"), 1.0)
    return [
        value * scale
        if _is_plain(raw) and value < values[-1] / scale * 1.0001 and value * scale <= values[-1]
        else value
        for raw, value in zip(raws, values, strict=True)
    ]


def _is_plain(raw: str) -> bool:
    return raw.strip().replace(".", "").isdigit() or bool(re.fullmatch(r"[一二三四五六七八九十两]{1,3}", raw.strip()))
