"""Versions that compete and their shares: AB测试五五开, 三版文案 4:3:3, A gets 70%."""

import re

from linghang.reading.draft import Draft
from linghang.reading.quantities import number

_EXPERIMENT = re.compile(
    r"(?:versions?|variants?)\s?a\s?(?:and|vs\.?|versus|against|&|/)\s?b(?![a-z])|a/?b\s?(?:各半"
    r"|各一半|对半|平分|均分|各)|(?:two|2|three|3)\s(?:[a-z]+\s){0,2}versions|50/50 split"
    r"|"
    r"(?<![a-z])ab(?=[,，:。;；]|$)|a[/、和]?b\s?(?:测试|实验|test|测|版|分组|[两二2]\s?版|两套|两组)"
    r"|ab\s?(?:测试|实验|test|测)|分流(?:测试|实验)?"
    r"|split test|对比测试|[两二三四2-4]\s?(?:版|套|个版本|种)(?:文案|素材|创意|标题|图|banner"
    r"|海报)?[^,，。]{0,6}(?:测|对比|pk|实验|赛马)|赛马|多变量|variants?|文案pk|a版|版本a|(?:跑|做|开|搞|上"
    r"|来)(?:一?个)?小?实验(?!室|组)"
    r"|test two|two versions"
)


_SPLIT = re.compile(
    r"(\d{1,3})\s?[:/比]\s?(\d{1,3})(?:\s?[:/比]\s?(\d{1,3}))?(?!\d|月|元|折)|(\d{1,3})%?\s?(?:vs|对)\s?(\d{1,3})%?"
    r"|(\d{1,3})\s?%\s?(?:on|to|for|in|给)?\s?(?:version |variant |group )?a[^0-9a-z]{1,4}(?:and )?(\d{1,3})\s?%"
    r"|(?<![a-z])a(?:组|版)?\s?[:：]?\s?(\d{1,3})\s?%[^0-9a-z]{1,4}(?:and )?b(?:组|版)?\s?[:：]?\s?(\d{1,3})\s?%"
)


# 别五五开了，七三: what is turned down.
_NO_LONGER = re.compile(
    r"(?:别|不要?|不用|不再)[^,，。;]{0,4}(?:五五|对半|平分|均分|各半|[一二三四六七八九]{2})(?:开|分)?了?"
)


_NAMED_SHARE = re.compile(
    r"(?<![a-z])([a-d])(?:组|版本?|方案)?\s?(?:[占给拿分:：]|gets?|takes?|at|is|得)?\s?(\d{1,3})\s?%"
)
"""A占40%, B占30%, C占30%: what each of several versions gets."""


_CHINESE_SPLIT = re.compile(r"([一二三四五六七八九十]{1,3})[比对]([一二三四五六七八九十]{1,3})")


_TENTHS = re.compile(r"a[版组]?[占给]?([一二三四五六七八九])成[^一二三四五六七八九]{1,8}([一二三四五六七八九])成")


_EVEN = re.compile(
    r"各\s?(?:占\s?)?(?:50%|一半|半)|"
    r"[四4d]\S{0,6}各\s?(?:占\s?)?25%|(?:五五|对半)(?:开|分|来)?|平分|均分|一半一半|50/50|half and half"
    r"|evenly"
    r"|各占"
)


_WAYS = {
    "三七": (30, 70),
    "七三": (70, 30),
    "二八": (20, 80),
    "八二": (80, 20),
    "四六": (40, 60),
    "六四": (60, 40),
    "一九": (10, 90),
    "九一": (90, 10),
}


def experiment(draft: Draft) -> None:
    text = draft.sentence.text
    hit = _EXPERIMENT.search(text)
    if hit is None:
        return
    split, count = split_of(text), _versions(text)
    if count > 2 and len(split) == 2:
        # 四版均分: even shares are of all versions.
        split = [25] * 4 if count == 4 and split == [50, 50] else []
    count = len(split) or count
    value: dict[str, object] = {"variants": ["A", "B", "C", "D"][:count]}
    if split:
        value["split"] = split
    draft.values["experiment"] = value
    draft.note("experiment", *hit.span())


def _versions(text: str) -> int:
    """How many versions compete: 三版, ABCD, two where no number is said."""
    if re.search(r"[四4]\s?(?:个?版本?|套|组)|(?<![a-z])abcd(?![a-z])|four (?:versions|variants)", text):
        return 4
    return 3 if re.search(r"[三3]\s?(?:版|套|个版本|组)|three (?:versions|variants)", text) else 2


def split_of(text: str) -> list[int]:
    """The shares of an experiment: 三七开, 50/50, 各一半; empty where none are said."""
    text = _NO_LONGER.sub("", text)
    if _EVEN.search(text):
        return [50, 50]
    for words, shares in _WAYS.items():
        if re.search(rf"{words}(?:开|分|来|走|拆|$|[,，。])", text):
            return list(shares)
    if hit := _CHINESE_SPLIT.search(text):
        spoken = [number(part) or 0 for part in hit.groups()]
        if sum(spoken) in (10, 100):
            return [round(part * 100 / sum(spoken)) for part in spoken]
    if hit := _TENTHS.search(text):
        spoken = [number(part) or 0 for part in hit.groups()]
        if sum(spoken) == 10:
            return [round(part * 10) for part in spoken]
    return _shares_in_figures(text)


def _shares_in_figures(text: str) -> list[int]:
    """60:40, A占40%, B占30%, C占30%: the shares of the versions in figures."""
    named = {hit[1]: int(hit[2]) for hit in _NAMED_SHARE.finditer(text)}
    if len(named) > 1 and sum(named.values()) == 100:
        return [named[name] for name in sorted(named)]
    for hit in _SPLIT.finditer(text):
        shares = [int(part) for part in hit.groups() if part]
        if sum(shares) in (10, 100):
            return [share * 100 // sum(shares) for share in shares]
    return []
